//! The head of a packet that was refused can be read, whatever was wrong with it.

#![cfg(test)]

extern crate alloc;

#[expect(dead_code, reason = "the tables are for topics and captures")]
mod support;

use mqtt_codec::ProtocolVersion::{V3_1, V3_1_1, V5};
use mqtt_codec::{
    DecodeErrorKind, DecodeOptions, Packet, PacketIdentifier, PacketType, ProtocolVersion, RefusedPacket, SliceDecoder,
    StreamOptions, decode,
};
use support::{from_hex, json_lines, version_of_level};

fn read(bytes: &[u8], version: ProtocolVersion) -> RefusedPacket<'_> {
    RefusedPacket::read(bytes, version).unwrap()
}

#[test]
fn packet_identifier_0_can_be_seen_in_every_packet_that_has_one() {
    // Its type, the packet, and the topic and payload of a PUBLISH.
    let both: [(PacketType, &[u8], &[u8]); 9] = [
        (PacketType::Publish, b"\x32\x07\0\x01a\0\0hi", b"\x32\x08\0\x01a\0\0\0hi"),
        (PacketType::PubAck, b"\x40\x02\0\0", b"\x40\x02\0\0"),
        (PacketType::PubRec, b"\x50\x02\0\0", b"\x50\x03\0\0\x10"),
        (PacketType::PubRel, b"\x62\x02\0\0", b"\x62\x02\0\0"),
        (PacketType::PubComp, b"\x70\x02\0\0", b"\x70\x04\0\0\0\0"),
        (PacketType::Subscribe, b"\x82\x06\0\0\0\x01a\x01", b"\x82\x07\0\0\0\0\x01a\x01"),
        (PacketType::SubAck, b"\x90\x03\0\0\x01", b"\x90\x04\0\0\0\x01"),
        (PacketType::Unsubscribe, b"\xA2\x05\0\0\0\x01a", b"\xA2\x06\0\0\0\0\x01a"),
        (PacketType::UnsubAck, b"\xB0\x02\0\0", b"\xB0\x04\0\0\0\0"),
    ];
    for (packet_type, of_3, of_5) in both {
        for (bytes, version) in [(of_3, V3_1), (of_3, V3_1_1), (of_5, V5)] {
            let error = decode(bytes, version).unwrap_err();
            assert_eq!(error.kind(), DecodeErrorKind::PacketIdentifierZero, "{packet_type}");
            let refused = read(bytes, error.version());
            assert_eq!((refused.packet_type(), refused.packet_identifier()), (packet_type, Some(0)));
            assert_eq!(refused.packet_identifier_offset(), Some(error.offset()), "{packet_type}");
            assert_eq!((refused.header_len(), refused.packet_len()), (Some(2), Some(bytes.len())));
            assert_eq!(refused.as_bytes(), bytes);
            let is_publish = packet_type == PacketType::Publish;
            assert_eq!(refused.topic(), is_publish.then_some("a"), "{packet_type}");
            assert_eq!(refused.topic_range(), is_publish.then_some(4..5), "{packet_type}");
            assert_eq!(refused.payload(), is_publish.then_some(&b"hi"[..]), "{packet_type}");
            assert_eq!(refused.payload_offset(), is_publish.then_some(bytes.len() - 2), "{packet_type}");
        }
    }
}

#[test]
fn other_packets_have_their_type_and_length() {
    for first_byte in [0x00, 0x10, 0x20, 0xC0, 0xD0, 0xE0, 0xF0] {
        let bytes = [first_byte, 2, 0, 7, 0xC0, 0];
        let refused = read(&bytes, V5);
        assert_eq!(refused.packet_type(), PacketType::from_first_byte(first_byte));
        assert_eq!((refused.packet_len(), refused.as_bytes()), (Some(4), &bytes[..4]));
        assert_eq!((refused.packet_identifier(), refused.topic(), refused.payload()), (None, None, None));
    }
    assert_eq!(RefusedPacket::read(&[], V5), None);
}

#[test]
fn what_lies_outside_of_the_packet_is_not_read() {
    // The topic is longer than the packet; so is the Packet Identifier; so are the properties.
    let topic = read(b"\x32\x04\0\x07ab\0\x01cdefg", V5);
    assert_eq!((topic.topic_bytes(), topic.packet_identifier(), topic.payload()), (None, None, None));
    let identifier = read(b"\x32\x04\0\x01a\0\x07", V5);
    assert_eq!((identifier.topic(), identifier.packet_identifier(), identifier.payload()), (Some("a"), None, None));
    let acknowledgement = read(b"\x40\x01\0\x07", V5);
    assert_eq!((acknowledgement.packet_identifier(), acknowledgement.packet_identifier_offset()), (None, None));
    let properties = read(b"\x32\x07\0\x01a\0\x07\x05xyzw", V5);
    assert_eq!((properties.packet_identifier(), properties.payload()), (Some(7), None));
    // In 3.x there are none.
    assert_eq!(read(b"\x32\x07\0\x01a\0\x07\x05xyzw", V3_1_1).payload(), Some(&b"\x05x"[..]));
    // The length of the packet is invalid, or not there yet.
    for bytes in [&b"\x32\xFF\xFF\xFF\xFF\0\x01a"[..], b"\x32\x80", b"\x32"] {
        let refused = read(bytes, V5);
        assert_eq!(
            (refused.packet_type(), refused.header_len(), refused.packet_len()),
            (PacketType::Publish, None, None)
        );
        assert_eq!((refused.topic(), refused.packet_identifier(), refused.as_bytes()), (None, None, bytes));
    }
    // QoS 3 has an identifier too, as far as anybody can tell.
    assert_eq!(read(b"\x36\x05\0\x01a\0\x07", V3_1_1).packet_identifier(), Some(7));
    // Not UTF-8, and not a name.
    let refused = read(b"\x30\x04\0\x01\xFF\0", V5);
    assert_eq!((refused.topic(), refused.topic_bytes(), refused.payload()), (None, Some(&[0xFF][..]), Some(&[][..])));
    assert_eq!(read(b"\x30\x04\0\x01#\0", V5).topic(), Some("#"));
}

/// What can be read of a legal packet is what decoding it gives, and a part of the packet never tells anything else.
#[test]
fn it_reads_what_decoding_reads() {
    let mut count = 0;
    for name in ["amqtt", "paho", "mqtt-packet"] {
        for vector in json_lines(&format!("vectors/{name}.jsonl")) {
            let (bytes, version) = (from_hex(vector["hex"].as_str().unwrap()), version_of_level(&vector["version"]));
            let options = DecodeOptions::new(version).allow_bridge_bit(true);
            let Ok(Some((packet, len))) = decode(&bytes, options).map(|decoded| decoded.complete()) else { continue };
            let refused = read(&bytes, version);
            assert_eq!(refused.packet_len(), Some(len));
            assert_eq!(refused.packet_type(), packet.packet_type());
            assert_eq!(refused.packet_identifier(), packet.packet_identifier().map(PacketIdentifier::get));
            if let Packet::Publish(publish) = packet {
                assert_eq!(refused.topic(), Some(publish.topic()));
                assert_eq!(refused.payload(), Some(publish.payload));
                assert_eq!((refused.flags().dup(), refused.flags().retain()), (publish.delivery.dup(), publish.retain));
            } else {
                assert_eq!((refused.topic(), refused.payload()), (None, None));
            }
            for cut in 1..bytes.len().min(100) {
                let part = read(&bytes[..cut], version);
                assert!(part.packet_len().is_none_or(|packet_len| packet_len == len));
                assert!(part.packet_identifier().is_none_or(|it| Some(it) == refused.packet_identifier()));
                assert!(part.topic().is_none_or(|topic| Some(topic) == refused.topic()));
                assert!(part.payload_offset().is_none_or(|at| Some(at) == refused.payload_offset()));
                assert!(part.payload().is_none_or(|payload| refused.payload().unwrap().starts_with(payload)));
            }
            count += 1;
        }
    }
    assert!(count > 100, "{count} vectors");
}

/// A PUBLISH with Packet Identifier 0, and a PINGREQ.
const STREAM: &[u8] = b"\x32\x07\0\x01a\0\0hi\xC0\0";

#[test]
fn a_slice_decoder_keeps_the_refused_packet_until_it_is_skipped() {
    let mut storage = [0; 16];
    let mut decoder = SliceDecoder::new(StreamOptions::either(Some(V3_1_1)), &mut storage);
    assert!(decoder.refused().is_empty());
    decoder.space()[..STREAM.len()].copy_from_slice(STREAM);
    decoder.filled(STREAM.len());
    let error = decoder.next_item().unwrap_err();
    assert_eq!(decoder.refused(), &STREAM[..9]);
    assert_eq!(read(decoder.refused(), error.version()).payload(), Some(&b"hi"[..]));
    assert!(decoder.skip() && decoder.refused().is_empty());
    assert!(decoder.next_item().unwrap().is_some());
    assert!(decoder.refused().is_empty());

    // An error at the first byte: what is there of the packet, and nothing of the next one.
    let bytes = [0x31, 0x00, 0xC1, 0x00, 0xC0];
    decoder.space()[..bytes.len()].copy_from_slice(&bytes);
    decoder.filled(bytes.len());
    assert!(decoder.next_item().is_err());
    assert_eq!(decoder.refused(), &bytes[..2]);
    assert!(decoder.skip() && decoder.next_item().is_err());
    assert_eq!(decoder.refused(), &bytes[2..4]);
    // Space for more bytes is made of it if nothing else is in the slice.
    let mut decoder = SliceDecoder::new(StreamOptions::either(Some(V3_1_1)), &mut storage);
    decoder.space()[..9].copy_from_slice(&STREAM[..9]);
    decoder.filled(9);
    assert!(decoder.next_item().is_err());
    assert_eq!(decoder.refused(), &STREAM[..9]);
    assert_eq!(decoder.space().len(), 16);
    assert!(decoder.refused().is_empty());
}

#[cfg(feature = "bytes")]
#[test]
fn the_other_decoders_keep_it_too() {
    use mqtt_codec::PushDecoder;
    let mut decoder = PushDecoder::new(StreamOptions::either(Some(V3_1_1)));
    decoder.push(STREAM);
    let error = decoder.next_item().unwrap_err();
    let refused = read(decoder.refused(), error.version());
    assert_eq!(
        (refused.packet_identifier(), refused.topic(), refused.payload()),
        (Some(0), Some("a"), Some(&b"hi"[..]))
    );
    assert!(decoder.skip());
    assert!(decoder.next_item().unwrap().is_some());
}
