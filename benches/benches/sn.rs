//! MQTT-SN: instructions for each operation, of the codec and of a plain decoder written by hand: `cargo bench -p
//! mqtt-benches --bench sn`. Fails if borrowed decoding of a datagram takes more instructions than that decoder.

use bytes::{Bytes, BytesMut};
use core::hint::black_box;
use mqtt_benches::callgrind;
use mqtt_benches::engine::Task;
use mqtt_benches::sn;
use mqtt_codec::sn::{DecodeOptions, Encode, decode, decode_from_gateway, decode_shared};
use std::process::ExitCode;

const OPERATIONS: [&str; 6] = ["floor", "decode", "from_gateway", "shared", "encode", "encode_to"];

fn workloads() -> Vec<(&'static str, Vec<u8>)> {
    let short = sn::WORKLOADS.iter().map(|(name, datagram)| (*name, datagram.to_vec()));
    short.chain([("PUBLISH at QoS 1, 200 octets", sn::publish_200())]).collect()
}

/// The operations on one datagram, in the order of their names.
fn tasks(datagram: &[u8]) -> [Task<'_>; 6] {
    let strict = DecodeOptions::new();
    let decoded = decode(datagram, strict).expect("it is legal");
    assert!(sn::decode(datagram).is_some(), "{decoded}: the floor refuses it");
    let shared = Bytes::copy_from_slice(datagram);
    let mut output = [0; 512];
    let mut grown = BytesMut::with_capacity(512);
    [
        Task::new(move || sn::decode(black_box(datagram))),
        Task::new(move || decode(black_box(datagram), black_box(strict))),
        Task::new(move || decode_from_gateway(black_box(datagram), black_box(strict))),
        Task::new(move || decode_shared(black_box(&shared), black_box(strict))),
        Task::new(move || black_box(&decoded).encode(black_box(&mut output))),
        Task::new(move || {
            grown.clear();
            black_box(&decoded).encode_to(black_box(&mut grown))
        }),
    ]
}

fn main() -> ExitCode {
    let workloads = workloads();
    let (version, counts) = match callgrind::count_tasks(workloads.iter().flat_map(|(_, datagram)| tasks(datagram))) {
        Ok(counted) => counted,
        Err(result) => return result,
    };
    println!("instructions for an operation, counted by {version}");
    println!("{:34}{}", "", OPERATIONS.map(|name| format!("{name:>13}")).concat());
    let mut sums = [0; OPERATIONS.len()];
    let mut is_slower = false;
    for ((name, _), row) in workloads.iter().zip(counts.chunks(OPERATIONS.len())) {
        println!("{name:34}{}", row.iter().map(|count| format!("{count:>13}")).collect::<String>());
        sums.iter_mut().zip(row).for_each(|(sum, count)| *sum += count);
        is_slower |= matches!(row, [floor, decode, ..] if decode > floor);
    }
    println!("{:34}{}", "all", sums.map(|sum| format!("{sum:>13}")).concat());
    if is_slower {
        println!("decoding of a datagram takes more than the floor");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
