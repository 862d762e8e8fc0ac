//! The floors accept and refuse the same packets as the codec. Otherwise their times would not be comparable.

#![cfg(all(test, feature = "run"))]

use mqtt_benches::engine::{Engine, Group};
use mqtt_benches::engines::{self, packets_in_pieces, sum_by_hand, sum_of};
use mqtt_benches::floor::{self, Fused, Plain};
use mqtt_benches::sum::{Sum, read};
use mqtt_benches::workloads::{self, Generator, Vector, captures, golden_vectors, segments, trickle, vectors};
use mqtt_codec::{DecodeOptions, Decoded, Packet, ProtocolVersion, decode, decode_fixed_header};

const VERSIONS: [ProtocolVersion; 3] = [ProtocolVersion::V3_1, ProtocolVersion::V3_1_1, ProtocolVersion::V5];

/// Packets that are legal here, because neither the floors nor the benchmarks know the sender: a PINGRESP from a
/// client, and a Subscription Identifier in a PUBLISH from a client.
const LEGAL_FROM_A_SERVER: [&str; 2] = ["inv-0032", "inv-0047"];

/// Checks that both floors agree with the codec: malformed, incomplete, or a packet of the same length and content.
fn agrees(bytes: &[u8], version: ProtocolVersion) -> bool {
    let by_hand = floor::decode::<Plain>(bytes, version);
    assert_eq!(by_hand, floor::decode::<Fused>(bytes, version), "{bytes:02X?} as {version}");
    match (decode(bytes, DecodeOptions::new(version)), by_hand) {
        (Err(_), Err(_)) => false,
        // The codec refuses a packet that is too long before it is complete. A floor waits for it, and then refuses it.
        (Err(error), Ok(None)) => {
            let header = decode_fixed_header(bytes, DecodeOptions::new(version)).unwrap().complete().unwrap().0;
            let mut complete = bytes.to_vec();
            complete.resize(header.packet_len().min(1 << 20), 0);
            let is_refused = header.packet_len() > 1 << 20 || floor::decode::<Plain>(&complete, version).is_err();
            assert!(is_refused, "{bytes:02X?} as {version}: {error:?}");
            false
        }
        (Ok(Decoded::Incomplete { .. }), Ok(None)) => true,
        (Ok(Decoded::Complete { packet, consumed }), Ok(Some((by_hand, length)))) => {
            assert_eq!(consumed, length, "{bytes:02X?} as {version}");
            let (mut one, mut other) = (Sum::default(), Sum::default());
            let is_v3 = version.is_v3();
            read(&mut one, &packet, is_v3);
            floor::read(&mut other, &by_hand);
            // In 3.1 some bits of options have no meaning. The codec masks them when they are read.
            let is_masked = version == ProtocolVersion::V3_1 && matches!(packet, Packet::Subscribe(_));
            assert!(is_masked || one == other, "{packet:?} {by_hand:?}");
            true
        }
        (ours, by_hand) => panic!("{bytes:02X?} as {version}: {ours:?}, but {by_hand:?}"),
    }
}

#[test]
fn floors_take_every_golden_vector_and_every_capture() {
    let mut count = 0;
    for version in VERSIONS {
        for packet in golden_vectors(version).iter().chain(&captures(version)) {
            assert!(agrees(packet, version), "{packet:02X?} as {version}");
            assert!(floor::decode::<Plain>(packet, version).unwrap().is_some());
            count += 1;
        }
    }
    assert!(count > 3_000, "{count}");
}

#[test]
fn floors_refuse_every_invalid_vector() {
    let invalid: Vec<Vector> = ["invalid", "invalid-others"].into_iter().flat_map(vectors).collect();
    assert_eq!(invalid.len(), 75);
    for Vector { id, version, bytes, .. } in invalid {
        let is_legal = LEGAL_FROM_A_SERVER.contains(&&*id);
        assert_eq!(floor::decode::<Plain>(&bytes, version).is_ok(), is_legal, "{id}");
        assert_eq!(agrees(&bytes, version), is_legal, "{id}");
    }
}

/// With bytes changed, removed and inserted at random, the verdicts agree on inputs that are nearly valid.
#[test]
fn floors_agree_with_the_codec_on_what_is_nearly_right() {
    let mut generator = Generator::new(3);
    let mut seeds: Vec<(Vec<u8>, ProtocolVersion)> = Vec::new();
    for version in VERSIONS {
        seeds.extend(golden_vectors(version).into_iter().map(|bytes| (bytes, version)));
    }
    seeds.extend(workloads::packets().iter().map(|workload| (workload.bytes.to_vec(), workload.version)));
    seeds.retain(|(bytes, _)| bytes.len() < 4_096);
    let telling = [0, 1, 2, 3, 4, 5, b'+', b'#', b'/', b'$', 0x0B, 0x15, 0x16, 0x1F, 0x26, 0x7F, 0x80, 0xC3, 0xFF];
    let (mut taken, mut refused) = (0, 0);
    for _ in 0..30_000 {
        let (seed, version) = &seeds[generator.below(seeds.len())];
        let mut bytes = seed.clone();
        for _ in 0..1 + generator.below(3) {
            let place = generator.below(bytes.len());
            let byte = if generator.below(2) == 0 {
                telling[generator.below(telling.len())]
            } else {
                generator.below(256) as u8
            };
            match generator.below(6) {
                0 => bytes.insert(place, byte),
                1 if bytes.len() > 1 => drop(bytes.remove(place)),
                2 => bytes[place] ^= 1 << generator.below(8),
                _ => bytes[place] = byte,
            }
        }
        let version = if generator.below(8) == 0 { VERSIONS[generator.below(3)] } else { *version };
        if agrees(&bytes, version) { taken += 1 } else { refused += 1 }
    }
    assert!(taken > 1_000 && refused > 1_000, "{taken} {refused}");
}

#[test]
fn every_workload_is_what_it_says_and_every_engine_reads_the_same() {
    for workload in workloads::all().iter().chain(workloads::growing().iter().flat_map(|(_, _, all)| all)) {
        let name = &workload.name;
        let expected = sum_of(workload);
        assert_eq!(sum_by_hand::<Plain>(workload), Some(expected), "{name}");
        assert_eq!(sum_by_hand::<Fused>(workload), Some(expected), "{name}");
        assert_eq!(packets_in_pieces(&segments(&workload.bytes), workload.version), workload.packets, "{name}");
        assert_eq!(packets_in_pieces(&trickle(&workload.bytes), workload.version), workload.packets, "{name}");
    }
}

#[test]
fn every_engine_has_every_task_that_it_can_have() {
    let mut tasks = 0;
    for workload in &workloads::all() {
        for group in Group::ALL.into_iter().filter(|group| group.takes(workload)) {
            for engine in engines::own() {
                if let Ok(mut task) = engine.task(group, workload) {
                    task.run(1);
                    tasks += 1;
                }
            }
        }
        for engine in [&engines::Ours as &dyn Engine, &engines::PLAIN, &engines::FUSED] {
            assert!(engine.task(Group::Decode, workload).is_ok(), "{} {}", engine.name(), workload.name);
        }
    }
    assert!(tasks > 400, "{tasks}");
    for topics in &workloads::topics() {
        for engine in [&engines::Ours as &dyn Engine, &engines::PLAIN] {
            assert!(engine.matching(topics).is_ok(), "{} {}", engine.name(), topics.name);
        }
    }
}
