//! Checks that are made before a packet is complete.

use crate::streams::packet;
use crate::twins::{Event, Fault, Growing, Outcome, Setup, at_every_cut, expected, run};
use bytes::BytesMut;
use mqtt_codec::{DecodeErrorKind as Kind, Field, Packet, ProtocolVersion, Role, Sender, StreamDecoder};

/// Every first byte, for every side and version: refused as when it is decoded by itself, and what follows comes out.
#[test]
fn every_first_byte_is_judged_at_once_and_skipped() {
    for setup in Setup::all() {
        for first in 0..=255 {
            // As an acknowledgement, or a publication without topic; with a Remaining Length in two bytes; and nothing.
            for rest in [&[2, 0, 0][..], &[0x82, 0, 0, 1], &[0]] {
                let after = if setup.sender() == Sender::Server { [0xD0, 0] } else { [0xC0, 0] };
                let stream = [&[first], rest, b"\x10\x0C\0\x04MQTT\x04\x02\0\0\0\0", &after].concat();
                let expected = expected(&stream, &setup);
                assert_eq!(at_every_cut(&stream, &setup), expected, "{setup:?} {stream:02X?}");
                let is_heard = outcome_ends_with_ping(&expected);
                assert!(is_heard || setup.rules || expected.version.is_none(), "{setup:?} {stream:02X?}");
                // A wrong first byte is seen in the first byte.
                let mut decoder = StreamDecoder::new(setup.options());
                let early = decoder.next_item(&mut BytesMut::from(&[first][..]));
                match expected.faults().first() {
                    Some(fault) if fault.offset == 0 && expected.events[0].1 == 0 && is_of_first_byte(fault.kind) => {
                        assert_eq!(early.map_err(Fault::from), Err(*fault), "{setup:?} {first:02X}");
                    }
                    _ => assert_eq!(early, Ok(None), "{setup:?} {first:02X}"),
                }
            }
        }
    }
}

pub(crate) fn outcome_ends_with_ping(outcome: &Outcome) -> bool {
    matches!(outcome.events.last(), Some((Event::Packet(Packet::PingReq(_) | Packet::PingResp(_)), _)))
}

pub(crate) fn is_of_first_byte(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::ReservedPacketType | Kind::WrongSender(_) | Kind::ConnectExpected | Kind::InvalidQoS | Kind::DupAtQoS0
    ) || matches!(kind, Kind::InvalidFlags | Kind::ConnAckExpected | Kind::ConnectRepeated | Kind::ConnAckRepeated)
}

/// Every PUBLISH that is short and simple, in pieces: lengths that do not fit, that are cut off, that are too long.
#[test]
fn every_short_publish_in_pieces_is_judged_as_a_whole() {
    let properties: [&[u8]; 10] = [
        b"",
        b"\0",
        b"\x01",
        b"\x02\x01\x01",
        b"\x03\x23\0\x01",
        b"\x80",
        b"\x80\0",
        b"\x80\x80\x80\x80\x01",
        b"\x7F",
        b"\x80\x80\x80\x01",
    ];
    for version in ProtocolVersion::ALL {
        let setup = Setup::new(Role::Either, Some(version)).in_pieces(0);
        for flags in 0..16 {
            for topic_len in [0, 1, 2, 3, 4, 0xFF, 0xFFFF_u16] {
                for topic in [&b""[..], b"a", b"ab", b"#", b"\xFF", b"a\0"] {
                    for identifier in [&b""[..], b"\0", b"\0\0", b"\0\x01"] {
                        for properties in properties {
                            let body = [&topic_len.to_be_bytes()[..], topic, identifier, properties].concat();
                            let stream = [packet(0x30 | flags, &body), packet(0x30, b"\0\x01b\0payload")].concat();
                            let expected = expected(&stream, &setup);
                            let mut twin = Growing::new(setup.options());
                            let outcome = run(&mut twin, &stream, stream.chunks(1), 0);
                            assert_eq!(outcome, expected, "{version}: {stream:02X?}");
                        }
                    }
                }
            }
        }
    }
}

/// The same, whole and at every cut, of what has been different once or could be.
#[test]
fn a_head_is_refused_for_the_same_fault_before_all_of_it_is_there() {
    let faults: [(&[u8], Kind, Field, usize); 8] = [
        // Nothing fits behind the topic, and the topic is wrong.
        (b"\x32\x05\0\x03a/#", Kind::WildcardInTopicName, Field::TopicName, 6),
        (b"\x32\x06\0\x03a\xFFb\0", Kind::IllFormedUtf8, Field::TopicName, 5),
        (b"\x32\x05\0\x03abc", Kind::UnexpectedEnd, Field::PacketIdentifier, 7),
        (b"\x32\x07\0\x03abc\0\0", Kind::PacketIdentifierZero, Field::PacketIdentifier, 7),
        (b"\x30\x05\0\x03a/+", Kind::WildcardInTopicName, Field::TopicName, 6),
        (b"\x30\x05\0\x03abc", Kind::UnexpectedEnd, Field::PropertyLength, 7),
        (b"\x30\x04\0\x03ab", Kind::UnexpectedEnd, Field::TopicName, 2),
        (b"\x30\x01\0", Kind::UnexpectedEnd, Field::TopicName, 2),
    ];
    for (publish, kind, field, offset) in faults {
        let setup = Setup::new(Role::Server, Some(ProtocolVersion::V5));
        let stream = [publish, b"\xC0\0"].concat();
        for setup in [setup, setup.in_pieces(0)] {
            let outcome = at_every_cut(&stream, &setup);
            let [fault] = outcome.faults()[..] else { panic!("{outcome:?}") };
            assert_eq!((fault.kind, fault.field, fault.offset), (kind, field, offset), "{publish:02X?}");
            assert!(outcome_ends_with_ping(&outcome));
        }
    }
}

// Recorded and hostile streams.
