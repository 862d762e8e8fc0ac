//! Recorded streams.

use crate::support::{read, table};
use crate::twins::{Setup, at_every_cut, cut_at, every_twin, expected, whole_and_by_bytes};
use alloc::collections::BTreeMap;
use mqtt_codec::{DecodeErrorKind as Kind, ProtocolVersion, Role, StreamOptions};

pub(crate) struct Capture {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) c2s: Vec<u8>,
    pub(crate) s2c: Vec<u8>,
}

pub(crate) fn captures() -> Vec<Capture> {
    let capture = |row: Vec<String>| Capture {
        c2s: read(&format!("captures/{}.c2s.bin", row[0])),
        s2c: read(&format!("captures/{}.s2c.bin", row[0])),
        name: row[0].clone(),
        version: row[1].clone(),
    };
    table("captures/INDEX.tsv").into_iter().map(capture).collect()
}

/// Returns the ends of the pieces in which the bytes arrived, for each capture and direction.
pub(crate) fn recorded_cuts() -> BTreeMap<(String, String), Vec<usize>> {
    let mut cuts: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for row in table("captures/CHUNKS.tsv") {
        let [name, _, direction, offset, len] = <[String; 5]>::try_from(row).unwrap();
        let (offset, len): (usize, usize) = (offset.parse().unwrap(), len.parse().unwrap());
        let cuts = cuts.entry((name, direction)).or_default();
        assert_eq!(cuts.last().copied().unwrap_or_default(), offset, "pieces follow one another");
        cuts.push(offset + len);
    }
    cuts
}

/// The sides of a recorded connection: the server's, which learns the version, and the client's, which knows it.
pub(crate) fn sides(capture: &Capture) -> Vec<(&'static str, &[u8], Setup)> {
    let server = Setup::new(Role::Server, None);
    let version = expected(&capture.c2s, &server).version;
    assert!(
        version.is_none_or(|version| capture.version.starts_with(&version.to_string())),
        "{}: {version:?} is learnt, it is {}",
        capture.name,
        capture.version
    );
    // Where no version was learnt the server's answer is one of 3.1.1.
    let version = version.or(Some(ProtocolVersion::V3_1_1));
    vec![
        ("c2s", &capture.c2s, server),
        ("c2s", &capture.c2s, Setup::new(Role::Either, None)),
        ("s2c", &capture.s2c, Setup::new(Role::Client, version)),
        ("s2c", &capture.s2c, Setup::new(Role::Either, version)),
    ]
}

#[test]
fn captures_give_the_same_packets_however_they_arrive() {
    let mut recorded_cuts = recorded_cuts();
    let mut packet_count = 0;
    for capture in captures() {
        for (direction, stream, setup) in sides(&capture) {
            let context = format!("{} {direction} {:?}", capture.name, setup.role);
            let expected = expected(stream, &setup);
            if setup.role != Role::Either {
                packet_count += expected.events.len();
            }
            let cuts = recorded_cuts.get(&(capture.name.clone(), direction.to_owned())).cloned().unwrap_or_default();
            assert_eq!(cuts.last().copied().unwrap_or_default(), stream.len(), "{context}: all of it has arrived");
            assert_eq!(every_twin(stream, &setup, &cut_at(stream, &cuts)), expected, "{context}: as it arrived");
            let outcome = if stream.len() <= 150 {
                at_every_cut(stream, &setup)
            } else if stream.len() <= 10_000 {
                whole_and_by_bytes(stream, &setup)
            } else {
                every_twin(stream, &setup, &stream.chunks(1_460).collect::<Vec<_>>())
            };
            assert_eq!(outcome, expected, "{context}");
        }
    }
    assert!(packet_count > 2_900, "{packet_count}");
    let names: Vec<String> = captures().into_iter().map(|capture| capture.name).collect();
    recorded_cuts.retain(|(name, _), _| !names.contains(name));
    assert!(recorded_cuts.is_empty(), "pieces of no capture");
}

#[test]
fn captures_give_the_same_payloads_in_pieces() {
    let recorded_cuts = recorded_cuts();
    for capture in captures() {
        for (direction, stream, setup) in sides(&capture) {
            for above in [0, 16, 1_000] {
                let context = format!("{} {direction} {:?} {above}", capture.name, setup.role);
                let setup = setup.in_pieces(above);
                let expected = expected(stream, &setup);
                let cuts =
                    recorded_cuts.get(&(capture.name.clone(), direction.to_owned())).cloned().unwrap_or_default();
                assert_eq!(every_twin(stream, &setup, &cut_at(stream, &cuts)), expected, "{context}");
                let piece_len = if stream.len() <= 10_000 { 1 } else { 777 };
                let outcome = every_twin(stream, &setup, &stream.chunks(piece_len).collect::<Vec<_>>());
                assert_eq!(outcome, expected, "{context}");
            }
        }
    }
}

/// With the limits that hold if none is set, two recorded packets of more than 1 MiB are refused, and nothing else.
#[test]
fn captures_are_within_the_default_limits_but_for_two_packets() {
    let mut refused = vec![];
    for capture in captures() {
        for (direction, stream, unlimited) in sides(&capture) {
            let setup = Setup {
                limit: StreamOptions::DEFAULT_MAXIMUM_PACKET_SIZE,
                connect_limit: StreamOptions::DEFAULT_MAXIMUM_CONNECT_SIZE,
                ..unlimited
            };
            let options = match (setup.role, setup.version) {
                (Role::Server, _) => StreamOptions::server(),
                (Role::Client, Some(version)) => StreamOptions::client(version),
                (_, version) => StreamOptions::either(version),
            };
            let options =
                options.check_connection_rules(false).with_decode_options(|options| options.allow_bridge_bit(true));
            assert_eq!(options, Setup { head_limit: StreamOptions::DEFAULT_MAXIMUM_HEAD_SIZE, ..setup }.options());
            let outcome = every_twin(stream, &setup, &[stream]);
            assert_eq!(outcome, expected(stream, &setup), "{} {direction}", capture.name);
            let others = expected(stream, &unlimited);
            if outcome != others {
                assert_eq!(outcome.events.len(), others.events.len(), "the others come out");
                let is_too_large = |kind: &Kind| matches!(kind, Kind::PacketTooLarge { limit: 0x10_0000, .. });
                assert_eq!(outcome.kinds().iter().filter(|kind| is_too_large(kind)).count(), 1);
                refused.push(format!("{} {direction}", capture.name));
            }
        }
    }
    refused.dedup();
    assert_eq!(refused, ["big-mosq-paho-v5-c1 s2c", "big-mosq-paho-v5-c2 c2s"]);
}
