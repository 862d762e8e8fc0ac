//! MQTT-SN: times of this codec, of a decoder written by hand, and of the crate `mqtt-sn` 0.2.2, measured in turns:
//! `cargo bench --manifest-path benches/rivals/sn/Cargo.toml`. An argument after `--` is the number of rounds.

use core::time::Duration;
use mqtt_benches::allocations::CountingAllocator;
use mqtt_benches::compare::{Measured, measure};
use mqtt_sn_rivals::{Engine, decoding, encoding, of, workloads};
use std::env;

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

const TURN: Duration = Duration::from_micros(1_500);

fn main() {
    if !env::args().any(|argument| argument == "--bench") {
        println!("measures nothing unless it is a benchmark: cargo bench");
        return;
    }
    let rounds = env::args().find_map(|argument| argument.parse().ok()).unwrap_or(31);
    println!("nanoseconds for an operation: medians of {rounds} rounds, in which the engines run in turns");
    table("decode", "plain floor", decoding, rounds);
    table("encode", "memcpy", encoding, rounds);
}

fn table(operation: &str, base: &str, engines: fn(&[u8]) -> Vec<Engine<'_>>, rounds: usize) {
    let workloads = workloads();
    let names = [base, "ours", "ours, shared", "mqtt-sn"];
    let head = names.map(|name| format!("{name:>14}")).concat();
    println!("\n{operation:34}{head}{:>12}{:>14}", "ours/base", "ours/mqtt-sn");
    let mut sums = [0.0; 4];
    let mut shared_rows = [0.0; 2];
    for (workload, datagram) in &workloads {
        let measured = measure(engines(datagram), rounds, TURN);
        let all = names.map(|name| of(&measured, name));
        for (sum, one) in sums.iter_mut().zip(all) {
            *sum += one.map_or(0.0, Measured::nanoseconds);
        }
        if let [_, Some(ours), _, Some(rival)] = all {
            shared_rows[0] += ours.nanoseconds();
            shared_rows[1] += rival.nanoseconds();
        }
        let cells =
            all.map(|one| one.map_or_else(|| format!("{:>14}", "-"), |one| format!("{:>14.1}", one.nanoseconds())));
        let ratio = |one: Option<&Measured>, other: Option<&Measured>| match (one, other) {
            (Some(one), Some(other)) => format!("{:.2}", one.ratio(other)),
            _ => "-".to_owned(),
        };
        println!("{workload:34}{}{:>12}{:>14}", cells.concat(), ratio(all[1], all[0]), ratio(all[1], all[3]));
        let allocating = measured.iter().filter(|one| one.allocations > 0.0);
        allocating.for_each(|one| println!("    {} allocates {:.1} times", one.name, one.allocations));
    }
    let [base_sum, ours, shared, _] = sums;
    println!(
        "{:34}{base_sum:>14.1}{ours:>14.1}{shared:>14.1}{:>14}{:>12.2}{:>14.2}",
        "all",
        "",
        ours / base_sum,
        shared_rows[0] / shared_rows[1],
    );
    if operation == "decode" {
        let verdict = if ours <= base_sum { "met" } else { "missed" };
        println!("goal: decoding takes at most the time of the plain floor: {verdict}");
    }
}
