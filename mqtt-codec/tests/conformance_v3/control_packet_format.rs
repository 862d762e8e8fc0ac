//! 2: Control Packet format.

use crate::conformance::{packet, refuses, round_trips, writes};

use crate::samples::{BOTH, CLOSE, connect, identifier, minimal_packets, publish};
use mqtt_codec::ProtocolVersion::V3_1_1;
use mqtt_codec::{
    DecodeErrorKind as Kind, Decoded, Delivery, Field, PacketIdentifier, PacketType, Publish, TopicName, decode,
};

/// The rule that errors name for flags of the fixed header. Some packets have their own rule.
pub(crate) fn flags_rule(packet_type: PacketType) -> &'static str {
    match packet_type {
        PacketType::PubRel => "MQTT-3.6.1-1",
        PacketType::Subscribe => "MQTT-3.8.1-1",
        PacketType::Unsubscribe => "MQTT-3.10.1-1",
        PacketType::Disconnect => "MQTT-3.14.1-1",
        _ => "MQTT-2.2.2-2",
    }
}

#[test]
fn mqtt_2_2_2_1_fixed_header_flags_are_those_of_the_table() {
    // All types with all 16 flags, in 3.1.1; PUBLISH has them for DUP, QoS and RETAIN.
    for (packet_type, legal, body) in minimal_packets(V3_1_1) {
        for flags in 0..16 {
            let first_byte = legal & 0xF0 | flags;
            let body = match packet_type {
                PacketType::Publish if flags & 0b0110 != 0 => b"\x00\x01a\x00\x0A".to_vec(),
                _ => body.clone(),
            };
            let bytes = packet(first_byte, &[&body]);
            match (packet_type, flags) {
                (PacketType::Publish, 0x6 | 0x7 | 0xE | 0xF) => {
                    refuses(V3_1_1, &bytes, Kind::InvalidQoS, Field::Flags, 0, "MQTT-3.3.1-4", CLOSE);
                }
                (PacketType::Publish, 0x8 | 0x9) => {
                    refuses(V3_1_1, &bytes, Kind::DupAtQoS0, Field::Flags, 0, "MQTT-3.3.1-2", CLOSE);
                }
                (PacketType::Publish, _) => {
                    let publish = publish(round_trips(V3_1_1, &bytes));
                    let found = (publish.delivery.dup(), publish.delivery.qos().as_u8(), publish.retain);
                    assert_eq!(found, (flags & 8 != 0, flags >> 1 & 3, flags & 1 != 0));
                }
                _ if first_byte == legal => {
                    round_trips(V3_1_1, &bytes);
                }
                _ => {
                    let rule = flags_rule(packet_type);
                    refuses(V3_1_1, &bytes, Kind::InvalidFlags, Field::Flags, 0, rule, CLOSE);
                }
            }
        }
    }
}

#[test]
fn mqtt_2_2_2_2_a_receiver_of_wrong_flags_closes() {
    // There is no answer to them, and nothing to wait for: the first byte is enough, but for CONNECT and its version.
    for (packet_type, legal, _) in minimal_packets(V3_1_1) {
        if matches!(packet_type, PacketType::Connect | PacketType::Publish) {
            continue;
        }
        for first_byte in (0..16).map(|flags| legal & 0xF0 | flags).filter(|first_byte| *first_byte != legal) {
            let rule = flags_rule(packet_type);
            refuses(V3_1_1, &[first_byte], Kind::InvalidFlags, Field::Flags, 0, rule, CLOSE);
        }
        let Ok(Decoded::Incomplete { .. }) = decode(&[legal], V3_1_1) else { panic!("{packet_type}") };
    }
    let bytes = [&[0x11, 0x0F], &connect(V3_1_1, 0x02, &[b"\x00\x03abc"])[2..]].concat();
    refuses(V3_1_1, &bytes, Kind::InvalidFlags, Field::Flags, 0, "MQTT-2.2.2-2", CLOSE);
}

/// Returns a packet with this Packet Identifier, and the offset of the identifier.
pub(crate) fn with_identifier(first_byte: u8, value: u16) -> (Vec<u8>, usize) {
    let value = value.to_be_bytes();
    match first_byte >> 4 {
        3 => (packet(first_byte, &[b"\x00\x01a", &value]), 5),
        8 => (packet(first_byte, &[&value, b"\x00\x01a\x00"]), 2),
        9 => (packet(first_byte, &[&value, b"\x00"]), 2),
        10 => (packet(first_byte, &[&value, b"\x00\x01a"]), 2),
        _ => (packet(first_byte, &[&value]), 2),
    }
}

#[test]
fn mqtt_2_3_1_1_packet_identifiers_are_not_0() {
    // SUBSCRIBE, UNSUBSCRIBE and PUBLISH of QoS 1 and 2.
    for version in BOTH {
        for first_byte in [0x32, 0x33, 0x3A, 0x34, 0x3D, 0x82, 0xA2] {
            let (bytes, offset) = with_identifier(first_byte, 0);
            let kind = Kind::PacketIdentifierZero;
            refuses(version, &bytes, kind, Field::PacketIdentifier, offset, "MQTT-2.3.1-1", CLOSE);
            for value in [1, 0x00FF, 0x0100, 0xFFFF] {
                round_trips(version, &with_identifier(first_byte, value).0);
            }
            let (bytes, _) = with_identifier(first_byte, 1);
            let bytes = packet(first_byte, &[&bytes[2..offset], b"\x00"]);
            let field = Field::PacketIdentifier;
            refuses(version, &bytes, Kind::UnexpectedEnd, field, offset, "section 2.2.3", CLOSE);
        }
        // The answers repeat this identifier, so it is not 0 in them either. For PUBCOMP no statement says this.
        for (first_byte, rule) in [
            (0x40, "MQTT-2.3.1-6"),
            (0x50, "MQTT-2.3.1-6"),
            (0x62, "MQTT-2.3.1-6"),
            (0x70, "section 2.3.1"),
            (0x90, "MQTT-2.3.1-7"),
            (0xB0, "MQTT-2.3.1-7"),
        ] {
            let (bytes, offset) = with_identifier(first_byte, 0);
            let kind = Kind::PacketIdentifierZero;
            refuses(version, &bytes, kind, Field::PacketIdentifier, offset, rule, CLOSE);
            round_trips(version, &with_identifier(first_byte, 1).0);
            round_trips(version, &with_identifier(first_byte, 0xFFFF).0);
        }
    }
    assert_eq!(PacketIdentifier::new(0), None);
}

#[test]
fn mqtt_2_3_1_5_a_publish_of_qos_0_has_no_packet_identifier() {
    // On decode it cannot be seen: the bytes there are the payload.
    for version in BOTH {
        let bytes = [0x30, 0x05, 0x00, 0x01, b'a', 0x00, 0x0A];
        let decoded = publish(round_trips(version, &bytes));
        assert_eq!((decoded.delivery.packet_identifier(), decoded.payload), (None, &[0x00, 0x0A][..]));
        let bytes = [0x32, 0x05, 0x00, 0x01, b'a', 0x00, 0x0A];
        let decoded = publish(round_trips(version, &bytes));
        assert_eq!((decoded.delivery.packet_identifier(), decoded.payload), (Some(identifier(10)), &[][..]));

        let mut publish = Publish::new(TopicName::new("a").unwrap(), b"");
        writes(publish, version, &[0x30, 0x03, 0x00, 0x01, b'a']);
        publish.delivery = Delivery::at_least_once(identifier(10));
        writes(publish, version, &[0x32, 0x05, 0x00, 0x01, b'a', 0x00, 0x0A]);
        publish.delivery = Delivery::exactly_once(identifier(10));
        writes(publish, version, &[0x34, 0x05, 0x00, 0x01, b'a', 0x00, 0x0A]);
    }
}
