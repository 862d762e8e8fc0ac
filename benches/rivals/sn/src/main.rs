//! MQTT-SN: instructions of each operation beside the crate `mqtt-sn` 0.2.2, and the vectors that the crate accepts:
//! `cargo run --release --manifest-path benches/rivals/sn/Cargo.toml`.

use mqtt_benches::callgrind::{self, UNDER_CALLGRIND, count_here};
use mqtt_sn_rivals::{Engine, decoding, encoding, rival, workloads};
use std::{env, fs, panic};

/// Decoding and encoding, by this codec and by the rival. Empty if the rival refuses the message.
fn tasks(datagram: &[u8]) -> Vec<Engine<'_>> {
    let is_counted = |engine: &Engine<'_>| ["ours", "mqtt-sn"].contains(&engine.0);
    let engines: Vec<_> = decoding(datagram).into_iter().chain(encoding(datagram)).filter(is_counted).collect();
    if engines.len() == 4 { engines } else { Vec::new() }
}

fn main() {
    let workloads = workloads();
    if env::args().any(|argument| argument == UNDER_CALLGRIND) {
        workloads.iter().flat_map(|(_, datagram)| tasks(datagram)).for_each(|(_, _, mut task)| count_here(&mut task));
        return;
    }
    let counted: Vec<_> = workloads.iter().map(|(_, datagram)| tasks(datagram).len()).collect();
    let counts = callgrind::count(&[], counted.iter().sum()).expect("valgrind counts");
    let mut counts = counts.chunks(4);
    println!("{:34}{:>10}{:>10}{:>10}{:>10}", "instructions", "decode", "mqtt-sn", "encode", "mqtt-sn");
    for ((name, _), tasks) in workloads.iter().zip(counted) {
        let row = if tasks == 0 { None } else { counts.next() };
        let cells = match row {
            Some(row) => row.iter().map(|count| format!("{count:>10}")).collect(),
            None => " refused by mqtt-sn".to_owned(),
        };
        println!("{name:34}{cells}");
    }
    panic::set_hook(Box::new(|_| {}));
    for (file, what) in [("valid", "legal"), ("invalid", "illegal")] {
        let path = format!("{}/../../../testdata/sn/{file}.jsonl", env!("CARGO_MANIFEST_DIR"));
        let (mut all, mut taken, mut panics) = (0, 0, 0);
        for line in fs::read_to_string(path).expect("the vectors").lines() {
            let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
            let digits: Vec<u8> = line["hex"]
                .as_str()
                .expect("hex")
                .chars()
                .map(|digit| digit.to_digit(16).expect("hex") as u8)
                .collect();
            let datagram: Vec<u8> = digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect();
            all += 1;
            // It counts the octets that it has read. The result counts only if it has read the whole datagram.
            match panic::catch_unwind(|| rival(&datagram).is_some_and(|(_, len)| len == datagram.len())) {
                Ok(is_taken) => taken += usize::from(is_taken),
                Err(_) => panics += 1,
            }
        }
        println!("mqtt-sn takes {taken} of {all} {what} vectors, and panics at {panics}");
    }
}
