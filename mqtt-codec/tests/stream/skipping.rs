//! Refused packets, and decoding of the packets after them.

use crate::streams::packet;
use crate::twins::{Setup, at_every_cut, expected, run, whole_and_by_bytes};
use crate::versions_and_roles::{CONNECT_3_1, CONNECT_3_1_1, CONNECT_5, PINGREQ, PINGRESP};
use bytes::BytesMut;
use mqtt_codec::{
    DecodeErrorKind as Kind, Packet, ProtocolVersion, PushDecoder, Role, Sender, StreamDecoder, StreamItem,
    StreamOptions,
};

/// A Remaining Length of five bytes is the only thing that nobody can go on after.
#[test]
fn after_a_remaining_length_of_five_bytes_nothing_comes() {
    let endless = b"\xC0\x80\x80\x80\x80\x01";
    for setup in Setup::all() {
        for setup in [setup, setup.in_pieces(0)] {
            let ping = if setup.sender() == Sender::Server { PINGRESP } else { PINGREQ };
            let version_of_connect = setup.version.unwrap_or(ProtocolVersion::V3_1_1);
            let connect = match version_of_connect {
                ProtocolVersion::V3_1 => CONNECT_3_1,
                ProtocolVersion::V3_1_1 => CONNECT_3_1_1,
                ProtocolVersion::V5 => CONNECT_5,
            };
            let endless = [&[ping[0]], &endless[1..]].concat();
            let stream = [connect, ping, &endless, ping, ping].concat();
            let outcome = at_every_cut(&stream, &setup);
            assert_eq!(outcome, expected(&stream, &setup));
            assert!(outcome.is_lost);
            assert_eq!(outcome.kinds().last(), Some(&Kind::VariableByteIntegerTooLong));
        }
    }
    // It is seen at the fourth byte of it: the fifth is not waited for.
    let mut decoder = StreamDecoder::new(StreamOptions::either(Some(ProtocolVersion::V5)));
    assert_eq!(decoder.next_item(&mut BytesMut::from(&b"\x30\x80\x80\x80"[..])), Ok(None));
    let error = decoder.next_item(&mut BytesMut::from(&b"\x30\x80\x80\x80\x80"[..])).unwrap_err();
    assert_eq!(error.kind(), Kind::VariableByteIntegerTooLong);
    // Hidden behind a first byte that is wrong.
    let setup = Setup::new(Role::Client, Some(ProtocolVersion::V5));
    let outcome = at_every_cut(b"\x00\x80\x80\x80\x80\x01\xD0\0", &setup);
    assert_eq!(outcome.kinds(), [Kind::ReservedPacketType, Kind::VariableByteIntegerTooLong]);
    assert!(outcome.is_lost);
}

/// Refused at the first byte, at the size, or for what is in it; skipped at once, or when all of it is there.
#[test]
fn what_is_refused_is_skipped_exactly() {
    let large = packet(0x30, &vec![b'x'; 5_000]);
    let refused: [(&[u8], Kind); 5] = [
        (b"\x00\x04abcd", Kind::ReservedPacketType),
        (b"\x36\x84\0abcd", Kind::InvalidQoS),
        (b"\x30\x85\0\0\x01a\0x", Kind::VariableByteIntegerNotMinimal),
        (b"\x30\x06\0\x03a/#\0", Kind::WildcardInTopicName),
        (&large, Kind::PacketTooLarge { size: 5_003, limit: 1_000 }),
    ];
    let setup = Setup::new(Role::Client, Some(ProtocolVersion::V5)).limit(1_000);
    for (refused, kind) in refused {
        for setup in [setup, setup.in_pieces(0)] {
            let stream = [PINGRESP, refused, PINGRESP, refused, refused, PINGRESP].concat();
            let outcome =
                if stream.len() < 1_000 { at_every_cut(&stream, &setup) } else { whole_and_by_bytes(&stream, &setup) };
            assert_eq!((outcome.kinds(), outcome.packets().len()), (vec![kind; 3], 3));
            assert_eq!(outcome.position, u64::try_from(stream.len()).unwrap());
            for patience in 0..20 {
                let mut decoder = PushDecoder::new(setup.options());
                assert_eq!(run(&mut decoder, &stream, stream.chunks(1), patience), outcome, "skipped later");
            }
        }
    }
}

#[test]
fn skip_without_an_error_takes_nothing_but_the_rest_of_a_payload() {
    let options = StreamOptions::either(Some(ProtocolVersion::V3_1_1)).with_payload_pieces_above(8);
    let mut decoder = PushDecoder::new(options);
    let skip = |decoder: &mut PushDecoder| assert!(decoder.skip());
    skip(&mut decoder);
    decoder.push(b"\xD0");
    assert_eq!(decoder.next_item(), Ok(None));
    skip(&mut decoder);
    decoder.push(b"\0\xD0");
    skip(&mut decoder);
    assert!(matches!(decoder.next_item(), Ok(Some(StreamItem::Packet(Packet::PingResp(_))))));
    decoder.push(b"\0");
    assert!(matches!(decoder.next_item(), Ok(Some(StreamItem::Packet(Packet::PingResp(_))))));

    decoder.push(b"\x30\x0D\0\x01apay");
    assert!(matches!(decoder.next_item(), Ok(Some(StreamItem::PublishHead { payload_len: 10, .. }))));
    assert!(matches!(decoder.next_item(), Ok(Some(StreamItem::Payload { remaining: 7, .. }))));
    assert_eq!(decoder.next_item(), Ok(None));
    skip(&mut decoder);
    skip(&mut decoder);
    decoder.push(b"load1");
    assert_eq!(decoder.next_item(), Ok(None));
    decoder.push(b"23\xD0\0");
    assert!(matches!(decoder.next_item(), Ok(Some(StreamItem::Packet(Packet::PingResp(_))))));
    assert_eq!((decoder.next_item(), decoder.position()), (Ok(None), 4 + 15 + 2));

    // Before the first piece, behind the last one, and where there is none.
    decoder.push(b"\x30\x0D\0\x01apayload123\xD0\0");
    assert!(matches!(decoder.next_item(), Ok(Some(StreamItem::PublishHead { payload_len: 10, .. }))));
    skip(&mut decoder);
    assert!(matches!(decoder.next_item(), Ok(Some(StreamItem::Packet(Packet::PingResp(_))))));
    decoder.push(b"\x30\x0D\0\x01apayload123\xD0\0");
    assert!(matches!(decoder.next_item(), Ok(Some(StreamItem::PublishHead { payload_len: 10, .. }))));
    assert!(matches!(decoder.next_item(), Ok(Some(StreamItem::Payload { remaining: 0, .. }))));
    skip(&mut decoder);
    assert!(matches!(decoder.next_item(), Ok(Some(StreamItem::Packet(Packet::PingResp(_))))));
    decoder.push(b"\x30\x09\0\x07aaaaaaa\xD0\0");
    assert!(matches!(decoder.next_item(), Ok(Some(StreamItem::PublishHead { payload_len: 0, .. }))));
    skip(&mut decoder);
    assert!(matches!(decoder.next_item(), Ok(Some(StreamItem::Packet(Packet::PingResp(_))))));
    assert_eq!(decoder.next_item(), Ok(None));
}

#[test]
fn a_refused_packet_that_was_there_can_be_looked_at() {
    let mut decoder = PushDecoder::new(StreamOptions::either(Some(ProtocolVersion::V5)));
    decoder.push(b"\x30\x06\0\x03a/#\0\xD0\0");
    assert!(decoder.next_item().is_err());
    assert_eq!(decoder.refused()[..], b"\x30\x06\0\x03a/#\0"[..]);
    assert_eq!(decoder.buffer_mut()[..], b"\xD0\0"[..]);
    assert!(decoder.skip());
    assert!(decoder.refused().is_empty(), "it has been given up");
}
