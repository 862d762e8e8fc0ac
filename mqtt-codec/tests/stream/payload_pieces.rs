//! Payloads in pieces.

use crate::streams::packet;
use crate::twins::{Event, Setup, at_every_cut, expected, run, whole_and_by_bytes};
use crate::versions_and_roles::PINGRESP;
use mqtt_codec::{
    DecodeErrorKind as Kind, Field, ProtocolVersion, PushDecoder, ReasonCode, Role, SliceDecoder, VariableByteInteger,
};

/// Heads up to the limit, without payload and with one: the head is waited for, and no byte more.
#[test]
fn a_large_head_comes_out_if_it_is_within_its_limit() {
    let user_properties = b"\x26\0\x01k\0\x01v".repeat(300); // 2,100 bytes: a Property Length of two
    let property_length = VariableByteInteger::try_from(user_properties.len()).unwrap().encode();
    let head = [b"\0\x03a/b\0\x01", property_length.as_ref(), &user_properties].concat();
    for payload_len in [0, 1, 50_u32] {
        let payload = vec![b'x'; usize::try_from(payload_len).unwrap()];
        let publish = packet(0x32, &[&head[..], &payload].concat());
        let head_len = publish.len() - payload.len();
        let stream = [&publish, PINGRESP].concat();
        let limit = u32::try_from(head_len).unwrap();
        let setup = Setup::new(Role::Client, Some(ProtocolVersion::V5)).in_pieces(0);

        let outcome = whole_and_by_bytes(&stream, &Setup { head_limit: limit, ..setup });
        let expected = expected(&stream, &setup);
        assert_eq!(outcome, expected);
        assert!(matches!(&outcome.events[0], (Event::Head(publish, len), _)
            if *len == payload_len && publish.properties().iter().count() == 300));
        assert_eq!(outcome.events.len(), if payload_len == 0 { 2 } else { 3 });
        let mut decoder = PushDecoder::new(setup.options());
        decoder.push(&publish[..head_len - 1]);
        assert_eq!((decoder.next_item(), decoder.needed()), (Ok(None), 1));
        decoder.push(&publish[head_len - 1..head_len]);
        assert!(decoder.next_item().unwrap().is_some());

        // One byte less, and it is refused when the lengths in it are known: 3 of fixed header, 7, and 2.
        let limited = Setup { head_limit: limit - 1, ..setup };
        let outcome = whole_and_by_bytes(&stream, &limited);
        let size = limit;
        assert_eq!(outcome.kinds(), [Kind::HeadTooLarge { size, limit: limit - 1 }]);
        assert_eq!(outcome.packets().len(), 1);
        let mut decoder = PushDecoder::new(limited.options());
        decoder.push(&publish[..11]);
        assert_eq!(decoder.next_item(), Ok(None));
        decoder.push(&publish[11..12]);
        assert_eq!(decoder.next_item().unwrap_err().reason_code(), Some(ReasonCode::QUOTA_EXCEEDED));

        // A slice that is as long as the head does for any payload, and one byte less does not.
        let mut storage = vec![0; head_len];
        let mut twin = SliceDecoder::new(setup.options(), &mut storage);
        assert_eq!(run(&mut twin, &stream, stream.chunks(100), 0), expected);
        let mut twin = SliceDecoder::new(setup.options(), &mut storage[1..]);
        let outcome = run(&mut twin, &stream, stream.chunks(100), 0);
        assert_eq!(
            (outcome.kinds(), outcome.packets().len()),
            (vec![Kind::HeadTooLarge { size, limit: limit - 1 }], 1)
        );
    }
}

/// A topic that alone is above the limit, is refused by its length; one that is longer than its packet, is cut off.
#[test]
fn a_topic_above_the_limit_of_heads_is_refused_by_its_length() {
    for version in ProtocolVersion::ALL {
        let setup = Setup { head_limit: 12, ..Setup::new(Role::Either, Some(version)).in_pieces(0) };
        let publish = packet(0x32, b"\0\x09topicname\0\x01\0payload");
        let outcome = at_every_cut(&[&publish, PINGRESP].concat(), &setup);
        // 2 of fixed header and 11: what follows the topic is not asked for.
        assert_eq!(outcome.kinds(), [Kind::HeadTooLarge { size: 13, limit: 12 }]);
        assert_eq!(outcome.packets().len(), 1);
        let mut decoder = PushDecoder::new(setup.options());
        decoder.push(&publish[..3]);
        assert_eq!((decoder.next_item(), decoder.needed()), (Ok(None), 1));
        decoder.push(&publish[3..4]);
        assert_eq!(decoder.next_item().unwrap_err().kind(), Kind::HeadTooLarge { size: 13, limit: 12 });

        let longer_than_its_packet = packet(0x32, b"\0\x20topicname\0\x01\0payload");
        let outcome = at_every_cut(&[&longer_than_its_packet, PINGRESP].concat(), &setup);
        let [fault] = outcome.faults()[..] else { panic!("{outcome:?}") };
        assert_eq!((fault.kind, fault.field, fault.offset), (Kind::UnexpectedEnd, Field::TopicName, 2));
        assert_eq!(outcome.packets().len(), 1);
    }
}

#[test]
fn only_what_is_larger_than_the_threshold_comes_in_pieces() {
    let publish = b"\x30\x07\0\x01a\0xyz"; // 9 bytes
    for (above, is_in_pieces) in [(0, true), (8, true), (9, false), (10, false), (u32::MAX, false)] {
        let setup = Setup::new(Role::Client, Some(ProtocolVersion::V5)).in_pieces(above);
        let outcome = at_every_cut(publish, &setup);
        assert_eq!(outcome, expected(publish, &setup));
        assert_eq!(matches!(outcome.events[0].0, Event::Head(_, 3)), is_in_pieces);
    }
    // Nothing but a PUBLISH does.
    let subscribe = packet(0x82, &[&b"\0\x01\0"[..], &b"\0\x01a\0".repeat(100)].concat());
    let outcome = whole_and_by_bytes(&subscribe, &Setup::new(Role::Server, Some(ProtocolVersion::V5)).in_pieces(0));
    assert_eq!(outcome.packets().len(), 1);
}

// Slices.
