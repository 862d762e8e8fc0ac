//! Streams that hurt other decoders.

use crate::support::{from_hex, json_lines, version_of_level};
use crate::twins::{Event, Growing, Setup, run, storage_for};
use alloc::collections::BTreeMap;
use mqtt_codec::{DecodeOptions, Decoded, PushDecoder, Role, SliceDecoder, decode};

/// Returns the hostile cases, with the setup of their decoders.
pub(crate) fn hostile() -> Vec<(serde_json::Value, Vec<u8>, Setup)> {
    let case = |json: serde_json::Value| {
        let input = from_hex(json["hex"].as_str().unwrap());
        // As in the tests of decoding: who sent it is told where the verdict depends on it.
        let role = match (json["layer"] == "semantic", json["direction"].as_str()) {
            (true, Some("client->server")) => Role::Server,
            (true, Some("server->client")) => Role::Client,
            _ => Role::Either,
        };
        let mut setup = Setup::new(role, Some(version_of_level(&json["version"])));
        if let Some(limit) = json["limits"]["max_packet_size"].as_u64() {
            setup.limit = u32::try_from(limit).unwrap();
        }
        (json, input, setup)
    };
    json_lines("hostile/hostile.jsonl").into_iter().map(case).collect()
}

#[test]
fn hostile_streams_get_their_verdict_however_they_arrive() {
    let mut verdicts = BTreeMap::new();
    for (json, stream, setup) in hostile() {
        let id = json["id"].as_str().unwrap();
        let strict = |setup: Setup| {
            let mut options = DecodeOptions::new(setup.version.unwrap()).with_maximum_packet_size(setup.limit);
            options = options.with_sender(setup.sender());
            options
        };
        let options = setup.options().with_decode_options(|_| strict(setup));
        // One by one, up to the first that is wrong.
        let (mut at, mut verdict) = (0, "accept");
        let mut events = vec![];
        while at < stream.len() {
            match decode(&stream[at..], strict(setup)) {
                Ok(Decoded::Complete { packet, consumed }) => {
                    events.push(Event::Packet(packet.to_shared()));
                    at += consumed;
                    continue;
                }
                Ok(Decoded::Incomplete { .. }) => verdict = "incomplete",
                Err(error) => {
                    verdict = "reject";
                    events.push(Event::Error(error.into()));
                }
            }
            break;
        }
        assert_eq!(verdict, json["expect"], "{id}");
        *verdicts.entry(verdict).or_insert(0) += 1;

        let whole = run(&mut Growing::new(options), &stream, [&stream[..]], 0);
        let up_to_error = whole.events.iter().map(|(event, _)| event).take(events.len());
        assert!(up_to_error.eq(&events), "{id}: {whole:?}");
        assert!(verdict == "reject" || whole.events.len() == events.len(), "{id}");
        if verdict == "incomplete" {
            assert!(whole.position < u64::try_from(stream.len()).unwrap(), "{id}");
        }

        let mut storage = vec![0; storage_for(&stream).min(1 << 20)];
        let fits = storage_for(&stream) <= storage.len();
        let mut in_pieces = |pieces: &[&[u8]]| {
            assert_eq!(run(&mut Growing::new(options), &stream, pieces.iter().copied(), 0), whole, "{id}");
            assert_eq!(run(&mut PushDecoder::new(options), &stream, pieces.iter().copied(), 0), whole, "{id}");
            let sliced = run(&mut SliceDecoder::new(options, &mut storage), &stream, pieces.iter().copied(), 0);
            if fits {
                assert_eq!(sliced, whole, "{id}");
            } else {
                // It announces more than there is room for, and is refused for that, at the latest.
                assert_eq!(sliced.events[..whole.events.len().min(events.len())], whole.events[..events.len()], "{id}");
                assert!(!sliced.faults().is_empty(), "{id}: {sliced:?}");
            }
        };
        in_pieces(&[&stream]);
        in_pieces(&stream.chunks(1).collect::<Vec<_>>());
        in_pieces(&stream.chunks(7).collect::<Vec<_>>());
        if stream.len() <= 1_000 {
            for cut in 1..stream.len() {
                in_pieces(&[&stream[..cut], &stream[cut..]]);
            }
        }

        // And with payloads in pieces.
        let options = options.with_payload_pieces_above(0);
        let whole = run(&mut Growing::new(options), &stream, [&stream[..]], 0);
        for piece_len in [1, 2, 3, 11] {
            let outcome = run(&mut Growing::new(options), &stream, stream.chunks(piece_len), 0);
            assert_eq!(outcome, whole, "{id} in pieces of {piece_len} bytes");
        }
        if verdict != "incomplete" {
            assert_eq!(whole.faults().is_empty(), verdict == "accept", "{id}");
        }
    }
    assert_eq!(verdicts.values().sum::<usize>(), 182, "{verdicts:?}");
    assert!(verdicts.len() == 3, "{verdicts:?}");
}

// Versions, roles, limits, skipping: by example.
