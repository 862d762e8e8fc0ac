//! Packets that are refused for their fixed header alone, before anything of them is buffered.

use crate::twins::{Setup, at_every_cut};
use bytes::{Bytes, BytesMut};
use mqtt_codec::{
    Codec, CodecError, DecodeErrorKind as Kind, Decoded, Frame, ProtocolVersion, Role, SliceDecoder, StreamDecoder,
    StreamOptions, decode, decode_shared,
};
use tokio_util::codec::Decoder;

/// The largest Remaining Length, of the packets that have one length only.
const ONE_LENGTH: [(u8, [u8; 3]); 10] = [
    (0x20, [2, 2, 255]),
    (0x40, [2, 2, 255]),
    (0x50, [2, 2, 255]),
    (0x62, [2, 2, 255]),
    (0x70, [2, 2, 255]),
    (0xB0, [2, 2, 255]),
    (0xC0, [0, 0, 0]),
    (0xD0, [0, 0, 0]),
    (0xE0, [0, 0, 255]),
    (0x90, [255, 255, 255]),
];

#[test]
fn a_packet_longer_than_its_type_is_refused_for_its_fixed_header() {
    for (first_byte, largest) in ONE_LENGTH {
        for (version, largest) in ProtocolVersion::ALL.into_iter().zip(largest) {
            for len in [largest.max(1) - 1, largest, largest.saturating_add(1), 36, 126] {
                let setup = Setup::new(Role::Either, Some(version));
                let header = [first_byte, len];
                let is_refused = len > largest;
                let expected = (Kind::TrailingBytes, usize::from(largest) + 2);
                let kind = |error: mqtt_codec::DecodeError| (error.kind(), error.offset());
                if len < 2 && !is_refused {
                    continue; // the whole packet, or one that is cut off
                }
                let found = decode(&header, version).map(|decoded| matches!(decoded, Decoded::Incomplete { .. }));
                assert_eq!(found.map_err(kind), if is_refused { Err(expected) } else { Ok(true) }, "{header:02X?}");
                let received = Bytes::copy_from_slice(&header);
                assert_eq!(decode_shared(&received, version).is_err(), is_refused);
                assert_eq!(Frame::decode(&received, version).is_err(), is_refused);
                let mut decoder = StreamDecoder::new(setup.options());
                assert_eq!(decoder.next_item(&mut BytesMut::from(&header[..])).is_err(), is_refused);
                let mut storage = [0; 200];
                let mut decoder = SliceDecoder::new(setup.options(), &mut storage);
                decoder.space()[..2].copy_from_slice(&header);
                decoder.filled(2);
                assert_eq!(decoder.next_item().is_err(), is_refused);
                let mut codec = Codec::new(setup.options());
                let found = codec.decode(&mut BytesMut::from(&header[..]));
                assert_eq!(matches!(found, Err(CodecError::Decode(_))), is_refused);
                // The whole packet gets the same error, whatever else is wrong with it, and is skipped.
                if is_refused {
                    for content in [0, 1, 0xFF] {
                        let packet = [&header[..], &vec![content; len.into()]].concat();
                        assert_eq!(decode(&packet, version).map(|_| ()).map_err(kind), Err(expected));
                        let stream = [&packet[..], b"\xC0\0"].concat();
                        let outcome = at_every_cut(&stream, &setup);
                        assert_eq!((outcome.kinds(), outcome.packets().len()), (vec![Kind::TrailingBytes], 1));
                    }
                }
            }
        }
    }
    for (header, version) in [
        (&b"\xC0\x24"[..], ProtocolVersion::V5),
        (b"\x50\x24\0", ProtocolVersion::V3_1_1),
        (b"\x40\x12", ProtocolVersion::V3_1_1),
        (b"\xB0\x03", ProtocolVersion::V3_1_1),
    ] {
        assert_eq!(decode(header, version).unwrap_err().kind(), Kind::TrailingBytes);
    }
}

/// The error of a packet that is too short depends on the rest of it, so it is not refused for its fixed header.
#[test]
fn a_packet_too_short_for_its_type_is_refused_when_it_is_complete() {
    for (header, ends) in [
        (&b"\x82\x02"[..], [(&b"\0\0"[..], Kind::PacketIdentifierZero), (b"\0\x01", Kind::UnexpectedEnd)]),
        (b"\x20\x01", [(b"\x02", Kind::ReservedAcknowledgeFlags), (b"\x01", Kind::UnexpectedEnd)]),
        (b"\x30\x03", [(b"\0\x01#", Kind::WildcardInTopicName), (b"\0\x01a", Kind::UnexpectedEnd)]),
        (b"\xF0\x01", [(b"\x80", Kind::InvalidReasonCode(0x80)), (b"\x18", Kind::AuthenticationMethodMissing)]),
    ] {
        let setup = Setup::new(Role::Either, Some(ProtocolVersion::V5));
        assert!(matches!(decode(header, ProtocolVersion::V5), Ok(Decoded::Incomplete { .. })), "{header:02X?}");
        for (end, kind) in ends {
            let outcome = at_every_cut(&[header, end].concat(), &setup);
            assert_eq!(outcome.kinds(), [kind], "{header:02X?} {end:02X?}");
        }
    }
}

/// MQTT-3.1.0-2 and MQTT-3.2.0-2. The rest of the packet does not matter.
#[test]
fn a_second_packet_that_opens_a_connection_is_refused_for_its_first_byte() {
    let server = (StreamOptions::server(), &b"\x10\x0C\0\x04MQTT\x04\x02\0\x3C\0\0"[..], Kind::ConnectRepeated);
    let client = (StreamOptions::client(ProtocolVersion::V3_1_1), &b"\x20\x02\0\0"[..], Kind::ConnAckRepeated);
    for (options, first, expected) in [server, client] {
        for second in [&first[..1], &first[..2], &first[..3], first] {
            let mut buffer = BytesMut::from(first);
            let mut decoder = StreamDecoder::new(options);
            assert!(matches!(decoder.next_item(&mut buffer), Ok(Some(_))));
            assert_eq!(decoder.next_item(&mut buffer), Ok(None));
            buffer.extend_from_slice(second);
            assert_eq!(decoder.next_item(&mut buffer).unwrap_err().kind(), expected, "{second:02X?}");

            let mut storage = [0; 64];
            let mut decoder = SliceDecoder::new(options, &mut storage);
            for (bytes, is_refused) in [(first, false), (second, true)] {
                decoder.space()[..bytes.len()].copy_from_slice(bytes);
                decoder.filled(bytes.len());
                assert_eq!(decoder.next_item().is_err(), is_refused, "{second:02X?}");
            }
        }
    }
}
