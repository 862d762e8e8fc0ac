//! The rest of a skipped packet is counted exactly, and changed options apply to the bytes after it.

use crate::streams::packet;
use crate::twins::{Growing, Twin};
use crate::versions_and_roles::{CONNECT_3_1_1, PINGREQ, PINGRESP};
use bytes::{Bytes, BytesMut};
use mqtt_codec::{
    Codec, DecodeErrorKind as Kind, Packet, ProtocolVersion, Publish, SliceDecoder, StreamDecoder, StreamItem,
    StreamOptions, TopicName,
};
use tokio_util::codec::{Decoder, Encoder};

/// Payloads around the sizes at which a length takes another byte or another integer type.
const PAYLOADS: [usize; 9] = [0, 1, 127, 16_383, 65_535, 65_536, 65_537, 70_000, 300_000];

fn options() -> StreamOptions {
    StreamOptions::either(Some(ProtocolVersion::V3_1_1))
}

/// Feeds what is left of a packet, 10,000 bytes at a time, and a PINGRESP, which is all that may come out.
fn only_the_ping_comes_out(twin: &mut impl Twin, rest: &[u8]) {
    let stream = [rest, PINGRESP].concat();
    let mut items = 0;
    for mut piece in stream.chunks(10_000) {
        while !piece.is_empty() {
            let taken = twin.take(piece);
            piece = &piece[taken..];
            while let Some(item) = twin.next().unwrap() {
                assert!(matches!(item, StreamItem::Packet(Packet::PingResp(_))), "{item:?}");
                items += 1;
            }
        }
    }
    assert_eq!(items, 1);
}

#[test]
fn a_refused_head_is_skipped_with_its_payload_to_the_byte() {
    for payload_len in PAYLOADS {
        let publish = packet(0x30, &[&b"\0\x01#"[..], &vec![0xD0; payload_len]].concat());
        let head_len = publish.len() - payload_len;
        let end = u64::try_from(publish.len() + 2).unwrap();
        let mut storage = [0; 64];
        let mut twin = SliceDecoder::new(options().with_payload_pieces_above(0), &mut storage);
        refuse_and_skip(&mut twin, &publish, head_len);
        assert_eq!(twin.position(), end);
        let mut twin = Growing::new(options().with_payload_pieces_above(0));
        refuse_and_skip(&mut twin, &publish, head_len);
        assert_eq!(twin.position(), end);
    }
}

fn refuse_and_skip(twin: &mut impl Twin, publish: &[u8], received: usize) {
    assert_eq!(twin.take(&publish[..received]), received);
    assert_eq!(twin.next().unwrap_err().kind(), Kind::WildcardInTopicName);
    assert!(twin.skip());
    only_the_ping_comes_out(twin, &publish[received..]);
}

#[test]
fn a_packet_that_is_too_large_is_skipped_to_the_byte() {
    for payload_len in PAYLOADS {
        let publish = packet(0x30, &[&b"\0\x01a"[..], &vec![0xD0; payload_len]].concat());
        let mut twin = Growing::new(options().with_maximum_packet_size(4));
        let header_len = publish.len() - payload_len - 3;
        twin.take(&publish[..header_len]);
        assert!(matches!(twin.next().unwrap_err().kind(), Kind::PacketTooLarge { limit: 4, .. }));
        assert!(twin.skip());
        only_the_ping_comes_out(&mut twin, &publish[header_len..]);
        assert_eq!(twin.position(), u64::try_from(publish.len() + 2).unwrap());
    }
}

#[test]
fn the_rest_of_a_payload_is_skipped_to_the_byte() {
    for payload_len in PAYLOADS {
        let publish = packet(0x30, &[&b"\0\x01a"[..], &vec![0xD0; payload_len]].concat());
        let mut twin = Growing::new(options().with_payload_pieces_above(0));
        let head_len = publish.len() - payload_len;
        twin.take(&publish[..head_len]);
        assert!(matches!(twin.next(), Ok(Some(StreamItem::PublishHead { .. }))));
        assert!(twin.skip());
        only_the_ping_comes_out(&mut twin, &publish[head_len..]);
        assert_eq!(twin.position(), u64::try_from(publish.len() + 2).unwrap());
    }
}

/// Who reads as much as is needed reads neither into the next packet nor byte by byte.
#[test]
fn what_is_needed_to_skip_is_all_that_is_left() {
    let publish = packet(0x30, &[&b"\0\x01a"[..], &[b'x'; 95]].concat());
    assert_eq!(publish.len(), 100);
    let mut storage = [0; 40];
    let mut twin = SliceDecoder::new(options().with_maximum_packet_size(50), &mut storage);
    what_is_needed(&mut twin, &publish);
    what_is_needed(&mut Growing::new(options().with_maximum_packet_size(50)), &publish);
}

fn what_is_needed(twin: &mut impl Twin, publish: &[u8]) {
    let mut at = 0;
    for (more, needed) in [(10, 90), (30, 60), (1, 59), (39, 20), (19, 1)] {
        assert_eq!(twin.take(&publish[at..at + more]), more);
        if at == 0 {
            assert_eq!(twin.next().unwrap_err().kind(), Kind::PacketTooLarge { size: 100, limit: 50 });
            assert!(twin.skip());
        }
        at += more;
        assert_eq!(twin.next(), Ok(None));
        assert_eq!(twin.needed(), needed, "after {at} bytes");
    }
    twin.take(&publish[99..]);
    assert_eq!((twin.next(), twin.needed()), (Ok(None), 2), "the next packet has two bytes at least");
}

/// Between packets, and after the version was taken from CONNECT.
#[test]
fn options_are_replaced_after_the_version_is_learnt() {
    let publish = packet(0x30, &[&b"\0\x01a"[..], &[b'x'; 95]].concat());
    let (before, after) = (StreamOptions::server(), StreamOptions::server().with_maximum_packet_size(50));
    let too_large = Kind::PacketTooLarge { size: 100, limit: 50 };
    let version = Some(ProtocolVersion::V3_1_1);

    let mut decoder = StreamDecoder::new(before);
    let mut buffer = BytesMut::from(&[CONNECT_3_1_1, &publish, &publish, PINGREQ].concat()[..]);
    assert!(decoder.next_item(&mut buffer).unwrap().is_some() && decoder.next_item(&mut buffer).unwrap().is_some());
    decoder.set_options(after);
    assert_eq!((decoder.options(), decoder.version()), (after, version));
    assert_eq!(decoder.next_item(&mut buffer).unwrap_err().kind(), too_large);

    let mut storage = [0; 256];
    let mut decoder = SliceDecoder::new(before, &mut storage);
    decoder.take(&[CONNECT_3_1_1, &publish].concat());
    assert!(decoder.next().unwrap().is_some());
    decoder.set_options(after);
    assert_eq!((decoder.options(), decoder.version()), (after, version));
    assert_eq!(decoder.next().unwrap_err().kind(), too_large);

    let mut codec = Codec::new(before);
    let mut buffer = BytesMut::from(&[CONNECT_3_1_1, &publish, PINGREQ].concat()[..]);
    assert!(codec.decode(&mut buffer).unwrap().is_some());
    codec.set_options(after);
    assert_eq!((codec.options(), codec.version()), (after, version));
    assert!(codec.decode(&mut buffer).is_err());
}

#[test]
fn a_version_in_the_options_of_a_codec_holds_for_both_directions() {
    let publish = || Packet::from(Publish::new(TopicName::shared_from_static("a"), Bytes::from_static(b"x")));
    for (version, bytes) in
        [(ProtocolVersion::V3_1_1, &b"\x30\x04\0\x01ax"[..]), (ProtocolVersion::V5, b"\x30\x05\0\x01a\0x")]
    {
        for before in ProtocolVersion::ALL {
            let mut by_options = Codec::new(StreamOptions::either(Some(before)));
            by_options.set_options(StreamOptions::either(Some(version)));
            let mut by_version = Codec::new(StreamOptions::either(Some(before)));
            by_version.set_version(version);
            for mut codec in [by_options, by_version] {
                let mut buffer = BytesMut::new();
                codec.encode(publish(), &mut buffer).unwrap();
                assert_eq!(buffer, bytes);
                assert_eq!(codec.decode(&mut buffer).unwrap(), Some(publish()));
            }
        }
    }
}

/// A codec hands out whole packets, whatever the options say of pieces.
#[test]
fn a_codec_never_cuts_a_payload() {
    let publish = packet(0x30, &[&b"\0\x01a"[..], &[b'x'; 95]].concat());
    let options = options().with_payload_pieces_above(0);
    let mut codec = Codec::new(options);
    for _ in 0..2 {
        let mut buffer = BytesMut::from(&publish[..]);
        assert!(
            matches!(codec.decode(&mut buffer).unwrap(), Some(Packet::Publish(publish)) if publish.payload.len() == 95)
        );
        codec.set_options(options);
    }
}

#[test]
fn a_version_that_is_set_is_told_by_the_options() {
    for options in
        [StreamOptions::server(), StreamOptions::either(None), StreamOptions::either(Some(ProtocolVersion::V5))]
    {
        for version in ProtocolVersion::ALL {
            let mut decoder = StreamDecoder::new(options);
            decoder.set_version(version);
            assert_eq!((decoder.version(), decoder.options()), (Some(version), options.with_version(version)));
            let mut storage = [0; 8];
            let mut decoder = SliceDecoder::new(options, &mut storage);
            decoder.set_version(version);
            assert_eq!((decoder.version(), decoder.options()), (Some(version), options.with_version(version)));
        }
    }
}

/// The first byte is refused at once; where the packet ends is not known before the Remaining Length fits into the slice.
#[test]
fn a_refused_header_that_does_not_fit_is_not_skipped_again_and_again() {
    for header in [&b"\0\x80\x01"[..], b"\x36\x80\x80\x01", b"\xD1\x80\x80\x80\x01"] {
        for storage_len in 0..=header.len() {
            let mut storage = vec![0; storage_len];
            let mut twin = SliceDecoder::new(options(), &mut storage);
            let (mut rest, mut skipped, mut is_lost) = (header, 0, false);
            for _ in 0..20 {
                let taken = twin.take(rest);
                rest = &rest[taken..];
                if twin.next().is_err() {
                    is_lost = !twin.skip();
                    skipped += usize::from(!is_lost);
                }
            }
            assert_eq!(is_lost, storage_len < header.len(), "{header:02x?} in {storage_len}");
            assert!(skipped <= 1, "{header:02x?} in {storage_len}: skipped {skipped} times");
        }
    }
}
