//! MQTT-SN: the crate `mqtt-sn` 0.2.2 beside this codec: instructions for each operation, and the legal vectors that
//! the crate accepts. `cargo run --release --manifest-path benches/rivals/sn/Cargo.toml`.

use byte::{TryRead, TryWrite};
use core::hint::black_box;
use mqtt_benches::callgrind::{self, UNDER_CALLGRIND, count_here};
use mqtt_benches::engine::Task;
use mqtt_benches::sn;
use mqtt_codec::sn::{DecodeOptions, Encode, decode};
use mqtt_sn::Message;
use std::{env, fs, panic};

fn workloads() -> Vec<(&'static str, Vec<u8>)> {
    let short = sn::WORKLOADS.iter().map(|(name, datagram)| (*name, datagram.to_vec()));
    short.chain([("PUBLISH at QoS 1, 200 octets", sn::publish_200())]).collect()
}

fn rival(datagram: &[u8]) -> Option<(Message, usize)> {
    Message::try_read(datagram, ()).ok()
}

/// Decoding and encoding, by this codec and by the rival. Empty if the rival refuses the message.
fn tasks(datagram: &[u8]) -> Vec<Task<'_>> {
    let strict = DecodeOptions::new();
    let ours = decode(datagram, strict).expect("it is legal");
    let Some((theirs, _)) = rival(datagram) else { return Vec::new() };
    let (mut output, mut other) = ([0; 512], [0; 512]);
    vec![
        Task::new(move || decode(black_box(datagram), black_box(strict))),
        Task::new(move || rival(black_box(datagram))),
        Task::new(move || black_box(&ours).encode(black_box(&mut output))),
        Task::new(move || black_box(&theirs).clone().try_write(black_box(&mut other), ())),
    ]
}

fn main() {
    let workloads = workloads();
    if env::args().any(|argument| argument == UNDER_CALLGRIND) {
        workloads.iter().flat_map(|(_, datagram)| tasks(datagram)).for_each(|mut task| count_here(&mut task));
        return;
    }
    let counted: Vec<_> = workloads.iter().map(|(_, datagram)| tasks(datagram).len()).collect();
    let counts = callgrind::count(&[], counted.iter().sum()).expect("valgrind counts");
    let mut counts = counts.chunks(4);
    println!("{:32}{:>10}{:>10}{:>10}{:>10}", "instructions", "decode", "mqtt-sn", "encode", "mqtt-sn");
    for ((name, _), tasks) in workloads.iter().zip(counted) {
        let row = if tasks == 0 { None } else { counts.next() };
        let cells = match row {
            Some(row) => row.iter().map(|count| format!("{count:>10}")).collect(),
            None => " refused by mqtt-sn".to_owned(),
        };
        println!("{name:32}{cells}");
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
