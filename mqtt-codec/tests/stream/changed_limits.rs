//! Options that change while packets arrive.

use crate::streams::packet;
use crate::twins::Twin;
use bytes::BytesMut;
use mqtt_codec::{DecodeErrorKind as Kind, ProtocolVersion, SliceDecoder, StreamDecoder, StreamOptions};

/// A change of the limit between any two reads of a stream of equal packets.
#[test]
fn limits_are_raised_and_lowered_while_connected() {
    let stream = packet(0x30, &[&b"\0\x01a\0"[..], &[b'x'; 94]].concat()).repeat(4); // 100 bytes each
    let options = StreamOptions::either(Some(ProtocolVersion::V5));
    for (limits, kept) in [([100, 99, 100, 99], 0b0101), ([99, 99, 100, 0], 0b0100), ([1 << 28; 4], 0b1111)] {
        let mut decoder = StreamDecoder::new(options);
        let mut storage = [0; 200];
        let mut twin = SliceDecoder::new(options, &mut storage);
        let mut buffer = BytesMut::new();
        for ((place, packet), limit) in stream.chunks(100).enumerate().zip(limits) {
            decoder.set_options(options.with_maximum_packet_size(limit));
            twin.set_options(options.with_maximum_packet_size(limit));
            assert_eq!(decoder.options(), options.with_maximum_packet_size(limit));
            buffer.extend_from_slice(packet);
            assert_eq!(twin.take(packet), 100);
            let item = decoder.next_item(&mut buffer);
            assert_eq!(item, twin.next());
            if kept >> place & 1 == 1 {
                assert!(item.unwrap().is_some(), "{limit}");
            } else {
                assert_eq!(item.unwrap_err().kind(), Kind::PacketTooLarge { size: 100, limit });
                assert!(decoder.skip() && twin.skip());
            }
            assert_eq!((decoder.next_item(&mut buffer), twin.next()), (Ok(None), Ok(None)));
        }
        assert_eq!((decoder.position(), twin.position()), (400, 400));
    }
}

// Every short stream, and every fault in the first bytes.
