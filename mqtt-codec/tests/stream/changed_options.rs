//! Options that change in the middle of a stream. They apply to every packet that was neither returned nor refused
//! before.

use crate::streams::packet;
use crate::twins::{Event, Growing, Outcome, Setup, Twin, ends, expected, expected_after, storage_for};
use crate::versions_and_roles::{CONNECT_3_1_1, CONNECT_5, PINGRESP};
use bytes::BytesMut;
use mqtt_codec::{
    Codec, CodecError, DecodeErrorKind as Kind, Packet, ProtocolVersion, PushDecoder, Role, SliceDecoder, StreamItem,
    StreamOptions,
};
use tokio_util::codec::Decoder;

/// A decoder whose options can be changed.
trait Changing: Twin {
    fn change(&mut self, options: StreamOptions);
}

impl Changing for Growing {
    fn change(&mut self, options: StreamOptions) {
        self.decoder.set_options(options);
    }
}

impl Changing for PushDecoder {
    fn change(&mut self, options: StreamOptions) {
        self.set_options(options);
    }
}

impl Changing for SliceDecoder<'_> {
    fn change(&mut self, options: StreamOptions) {
        self.set_options(options);
    }
}

/// Takes all items that there are. What is refused is skipped.
fn drain(twin: &mut impl Twin, outcome: &mut Outcome) {
    while !outcome.is_lost {
        match twin.next() {
            Ok(None) => return,
            Ok(Some(StreamItem::Packet(packet))) => outcome.push(Event::Packet(packet), twin.position()),
            Ok(Some(StreamItem::PublishHead { publish, payload_len })) => {
                outcome.push(Event::Head(publish, payload_len), twin.position());
            }
            Ok(Some(StreamItem::Payload { piece, .. })) => {
                outcome.push(Event::Payload(piece.to_vec()), twin.position());
            }
            Err(error) => {
                outcome.push(Event::Error(error.into()), twin.position());
                outcome.is_lost = !twin.skip();
            }
        }
    }
}

/// Feeds a stream in two parts, and the second one byte by byte if so wanted. The options change in between.
fn changed_at(twin: &mut impl Changing, stream: &[u8], cut: usize, options: StreamOptions, by_bytes: bool) -> Outcome {
    let mut outcome = Outcome::default();
    assert_eq!(twin.take(&stream[..cut]), cut);
    drain(twin, &mut outcome);
    twin.change(options);
    drain(twin, &mut outcome);
    for piece in stream[cut..].chunks(if by_bytes { 1 } else { stream.len() }) {
        assert_eq!(twin.take(piece), piece.len());
        drain(twin, &mut outcome);
    }
    outcome.position = twin.position();
    outcome.version = twin.version();
    outcome
}

/// What must come out: every packet that is complete, or was refused, before the change is judged by the old options, and
/// everything else by the new ones.
fn by_hand(stream: &[u8], cut: usize, before: &Setup, after: &Setup) -> Outcome {
    let mut old = expected(&stream[..cut], before);
    let from = usize::try_from(old.position).unwrap();
    let after = Setup { version: after.version.or(old.version), ..*after };
    // A packet that was refused before all of it was there is dropped to its end.
    let from = match old.events.last() {
        Some((Event::Error(_), at)) => {
            let at = usize::try_from(*at).unwrap();
            from.max(at + ends(&stream[at..])[0])
        }
        _ => from,
    };
    let is_connected = old.packets().iter().any(|packet| matches!(packet, Packet::Connect(_) | Packet::ConnAck(_)));
    let new = expected_after(&stream[from..], &after, is_connected);
    let from = u64::try_from(from).unwrap();
    old.events.extend(new.events.into_iter().map(|(event, at)| (event, at + from)));
    Outcome { position: new.position + from, version: new.version, ..old }
}

/// A change in any place, of each option, from and to, in every decoder.
#[test]
fn options_that_change_anywhere_apply_to_each_packet_as_a_whole() {
    // Packets that the versions, roles, limits and thresholds below tell apart.
    let stream = [
        &b"\x30\x05\0\x01a\0x"[..],
        b"\x40\x02\0\x01",
        &packet(0x30, &[&b"\0\x01a\0"[..], &[b'x'; 200]].concat()),
        b"\x82\x07\0\x01\0\0\x01a\0",
        PINGRESP,
        b"\xE0\0",
        &packet(0x32, b"\0\x01b\0\x07\0yyyyyyyy"),
        b"\x20\x03\0\0\0",
        CONNECT_5,
        b"\xC0\0",
    ]
    .concat();
    let [v3, v5] = [ProtocolVersion::V3_1_1, ProtocolVersion::V5].map(Some);
    let either = Setup::new(Role::Either, v5);
    let server = Setup::new(Role::Server, v5);
    let client = Setup::new(Role::Client, v5);
    let changes = [
        (either, either.limit(100)),
        (either.limit(12), either.limit(13)),
        (either, Setup { version: v3, ..either }),
        (either, server),
        (server, client),
        (client, either),
        (server, server.with_rules()),
        (client.with_rules(), client),
        (client.with_rules(), client.with_rules().limit(8)),
    ];
    let mut storage = vec![0; stream.len().max(storage_for(&stream))];
    for (one, other) in changes {
        for (before, after) in [(one, other), (other, one)] {
            for cut in 0..=stream.len() {
                let expected = by_hand(&stream, cut, &before, &after);
                for by_bytes in [false, true] {
                    let context = format!("{before:?} to {after:?} after {cut} bytes");
                    let (from, to) = (before.options(), after.options());
                    let found = changed_at(&mut Growing::new(from), &stream, cut, to, by_bytes);
                    assert_eq!(found, expected, "{context}");
                    let found = changed_at(&mut PushDecoder::new(from), &stream, cut, to, by_bytes);
                    assert_eq!(found, expected, "{context}, pushed");
                    let found = changed_at(&mut SliceDecoder::new(from, &mut storage), &stream, cut, to, by_bytes);
                    assert_eq!(found, expected, "{context}, in a slice");
                }
            }
        }
    }
}

/// Pieces: a payload whose head was returned goes on in pieces, and any other packet follows the new threshold and limit.
#[test]
fn a_payload_whose_head_was_returned_goes_on_in_pieces() {
    let large = packet(0x30, &[&b"\0\x01a\0"[..], &[b'x'; 60]].concat());
    let stream = [&large[..], &large].concat();
    let whole = StreamOptions::either(Some(ProtocolVersion::V5));
    let pieces = whole.with_payload_pieces_above(0);
    for (from, to, limited) in [
        (whole, pieces, false),
        (pieces, whole, false),
        (pieces, whole.with_maximum_packet_size(10), true),
        (pieces, pieces.with_maximum_head_size(5), true),
        (whole, pieces.with_maximum_head_size(5), true),
    ] {
        let mut storage = vec![0; stream.len()];
        for cut in 0..large.len() {
            let head_was_there = from == pieces && cut >= 6;
            let mut outcomes = vec![];
            for by_bytes in [false, true] {
                outcomes.push(changed_at(&mut Growing::new(from), &stream, cut, to, by_bytes));
                outcomes.push(changed_at(&mut PushDecoder::new(from), &stream, cut, to, by_bytes));
                outcomes.push(changed_at(&mut SliceDecoder::new(from, &mut storage), &stream, cut, to, by_bytes));
            }
            for outcome in outcomes {
                let kinds: Vec<&str> = outcome
                    .events
                    .iter()
                    .map(|(event, _)| match event {
                        Event::Packet(_) => "packet",
                        Event::Head(..) => "head",
                        Event::Payload(_) => "payload",
                        Event::Error(_) => "error",
                    })
                    .collect();
                let later = match () {
                    () if limited => &["error"][..],
                    () if to == whole => &["packet"],
                    () => &["head", "payload"],
                };
                let first = if head_was_there { &["head", "payload"][..] } else { later };
                assert_eq!(kinds, [first, later].concat(), "after {cut} bytes");
                assert_eq!(outcome.position, 132);
            }
        }
    }
}

/// The same for `set_version`, and for the codecs.
#[test]
fn a_version_that_is_set_anywhere_applies_to_each_packet_as_a_whole() {
    let publish = b"\x30\x05\0\x01a\0x"; // the payload is x in 5.0, and two bytes in 3.1.1
    for cut in 0..publish.len() {
        let options = StreamOptions::client(ProtocolVersion::V5).check_connection_rules(false);
        let mut decoder = PushDecoder::new(options);
        let mut codec = Codec::new(options);
        let mut frames = Codec::new(options).frames();
        decoder.push(&publish[..cut]);
        let mut buffers = [BytesMut::from(&publish[..cut]), BytesMut::from(&publish[..cut])];
        assert!(decoder.next_item().unwrap().is_none());
        assert!(codec.decode(&mut buffers[0]).unwrap().is_none() && frames.decode(&mut buffers[1]).unwrap().is_none());
        decoder.set_version(ProtocolVersion::V3_1_1);
        codec.set_version(ProtocolVersion::V3_1_1);
        frames.set_options(options.with_version(ProtocolVersion::V3_1_1));
        decoder.push(&publish[cut..]);
        buffers.iter_mut().for_each(|buffer| buffer.extend_from_slice(&publish[cut..]));
        let payload = b"\0x";
        let Some(StreamItem::Packet(Packet::Publish(found))) = decoder.next_item().unwrap() else { panic!() };
        assert_eq!(found.payload[..], payload[..], "after {cut} bytes");
        let Ok(Some(Packet::Publish(found))) = codec.decode(&mut buffers[0]) else { panic!() };
        assert_eq!(found.payload[..], payload[..], "after {cut} bytes");
        let frame = frames.decode(&mut buffers[1]).unwrap().unwrap();
        assert_eq!((frame.as_publish().unwrap().payload(), frame.version()), (&payload[..], ProtocolVersion::V3_1_1));
    }
    // An error stays until it is skipped, whatever the options are then.
    let mut decoder = PushDecoder::new(StreamOptions::server().with_maximum_packet_size(10));
    decoder.push(CONNECT_3_1_1);
    let error = decoder.next_item().unwrap_err();
    assert_eq!(error.kind(), Kind::PacketTooLarge { size: 15, limit: 10 });
    decoder.set_options(StreamOptions::server());
    assert_eq!(decoder.next_item(), Err(error));
    assert!(decoder.skip());
    decoder.push(CONNECT_3_1_1);
    assert!(decoder.next_item().unwrap().is_some());
    // A limit that is lowered refuses a packet that has begun, in a codec too.
    let options = StreamOptions::either(Some(ProtocolVersion::V5));
    let mut codec = Codec::new(options);
    let mut buffer = BytesMut::from(&b"\x30\x20\0\x01a\0"[..]);
    assert!(codec.decode(&mut buffer).unwrap().is_none());
    codec.set_options(options.with_maximum_packet_size(33));
    match codec.decode(&mut buffer) {
        Err(CodecError::Decode(error)) => assert_eq!(error.kind(), Kind::PacketTooLarge { size: 34, limit: 33 }),
        other => panic!("{other:?}"),
    }
}

/// What has begun is judged again, and has still begun.
#[test]
fn a_packet_that_is_incomplete_when_options_change_is_no_end() {
    let options = StreamOptions::either(Some(ProtocolVersion::V5)).with_payload_pieces_above(100);
    for received in [&b"\x62"[..], b"\x62\x02", b"\x62\x02\0", b"\x30\x80", b"\x30\x80\x01\0"] {
        let mut twin = Growing::new(options);
        assert_eq!(twin.take(received), received.len());
        assert_eq!(twin.next(), Ok(None));
        twin.change(options.with_maximum_packet_size(1_000));
        assert!(!twin.is_between_packets(), "{received:02X?}");
        assert_eq!(twin.next(), Ok(None));
        assert!(!twin.is_between_packets(), "{received:02X?}");
    }
    let mut twin = Growing::new(options);
    assert_eq!((twin.take(PINGRESP), twin.next().is_ok(), twin.next()), (2, true, Ok(None)));
    twin.change(options.with_maximum_packet_size(1_000));
    assert!(twin.is_between_packets());
}
