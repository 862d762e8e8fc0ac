//! 2: Control Packet format.

use crate::conformance::{packet, refuses, rewrites, round_trips, writes};
use crate::samples::{HOMES, MALFORMED, MINIMAL, OF_WILL, PROTOCOL_ERROR, flags_rule, identifier, minimal, publish};
use mqtt_codec::ProtocolVersion::V5;
use mqtt_codec::{
    ConnAck, DecodeErrorKind as Kind, DecodeOptions, Delivery, Field, PacketIdentifier, PacketType, Publish,
    PublishProperties, ReasonCodes, Sender, SubAck, TopicName,
};

#[test]
fn mqtt_2_1_3_1_fixed_header_flags_are_those_of_the_table() {
    // All 16 types with all 16 flags.
    for first_byte in 0..=0xFF_u8 {
        let (number, flags) = (first_byte >> 4, first_byte & 0x0F);
        let Some((packet_type, legal, body)) = MINIMAL.into_iter().find(|(found, ..)| found.as_u8() == number) else {
            refuses(V5, &[first_byte, 0], Kind::ReservedPacketType, Field::PacketType, 0, "section 2.1.2", MALFORMED);
            continue;
        };
        let body = match packet_type {
            PacketType::Publish if flags & 0b0110 != 0 => &b"\x00\x01a\x00\x0A\x00"[..],
            _ => body,
        };
        let bytes = packet(first_byte, &[body]);
        match (packet_type, flags) {
            (PacketType::Publish, 0x6 | 0x7 | 0xE | 0xF) => {
                refuses(V5, &bytes, Kind::InvalidQoS, Field::Flags, 0, "MQTT-3.3.1-4", MALFORMED);
            }
            (PacketType::Publish, 0x8 | 0x9) => {
                refuses(V5, &bytes, Kind::DupAtQoS0, Field::Flags, 0, "MQTT-3.3.1-2", MALFORMED);
            }
            (PacketType::Publish, _) => {
                let publish = publish(round_trips(V5, &bytes));
                let found = (publish.delivery.dup(), publish.delivery.qos().as_u8(), publish.retain);
                assert_eq!(found, (flags & 8 != 0, flags >> 1 & 3, flags & 1 != 0));
            }
            _ if first_byte == legal => {
                round_trips(V5, &bytes);
            }
            _ => {
                let rule = flags_rule(packet_type);
                refuses(V5, &bytes, Kind::InvalidFlags, Field::Flags, 0, rule, MALFORMED);
                // It shows in the first byte; only CONNECT must be read to know its version.
                if packet_type != PacketType::Connect {
                    refuses(V5, &bytes[..1], Kind::InvalidFlags, Field::Flags, 0, rule, MALFORMED);
                }
            }
        }
    }
}

#[test]
fn mqtt_2_2_1_2_a_publish_of_qos_0_has_no_packet_identifier() {
    // On decode it cannot be seen: the bytes there are properties and payload.
    let bytes = [0x30, 0x06, 0x00, 0x01, b'a', 0x00, 0x00, 0x0A];
    let decoded = publish(round_trips(V5, &bytes));
    assert_eq!((decoded.delivery.packet_identifier(), decoded.payload), (None, &[0x00, 0x0A][..]));
    let bytes = [0x32, 0x06, 0x00, 0x01, b'a', 0x00, 0x0A, 0x00];
    let decoded = publish(round_trips(V5, &bytes));
    assert_eq!((decoded.delivery.packet_identifier(), decoded.payload), (Some(identifier(10)), &[][..]));

    let mut publish = Publish::new(TopicName::new("a").unwrap(), b"");
    publish.delivery = Delivery::AtMostOnce;
    writes(publish, V5, &[0x30, 0x04, 0x00, 0x01, b'a', 0x00]);
    publish.delivery = Delivery::at_least_once(identifier(10));
    writes(publish, V5, &[0x32, 0x06, 0x00, 0x01, b'a', 0x00, 0x0A, 0x00]);
    publish.delivery = Delivery::exactly_once(identifier(10));
    writes(publish, V5, &[0x34, 0x06, 0x00, 0x01, b'a', 0x00, 0x0A, 0x00]);
    assert_eq!(Delivery::AtMostOnce.packet_identifier(), None);
}

/// Returns a packet that begins an exchange, with this Packet Identifier, and the offset of the identifier.
pub(crate) fn with_identifier(first_byte: u8, value: u16) -> (Vec<u8>, usize) {
    let value = value.to_be_bytes();
    match first_byte >> 4 {
        3 => (packet(first_byte, &[b"\x00\x01a", &value, b"\x00"]), 5),
        8 => (packet(first_byte, &[&value, b"\x00", b"\x00\x01a\x00"]), 2),
        10 => (packet(first_byte, &[&value, b"\x00", b"\x00\x01a"]), 2),
        9 | 11 => (packet(first_byte, &[&value, b"\x00", b"\x00"]), 2),
        _ => (packet(first_byte, &[&value]), 2),
    }
}

#[test]
fn mqtt_2_2_1_3_a_clients_packet_identifiers_are_not_0() {
    // PUBLISH of QoS 1 and 2, SUBSCRIBE, UNSUBSCRIBE.
    for first_byte in [0x32, 0x33, 0x3A, 0x34, 0x3D, 0x82, 0xA2] {
        let (bytes, offset) = with_identifier(first_byte, 0);
        for options in [DecodeOptions::new(V5), DecodeOptions::new(V5).with_sender(Sender::Client)] {
            let kind = Kind::PacketIdentifierZero;
            refuses(options, &bytes, kind, Field::PacketIdentifier, offset, "MQTT-2.2.1-3", PROTOCOL_ERROR);
        }
        for value in [1, 0x00FF, 0x0100, 0xFFFF] {
            round_trips(V5, &with_identifier(first_byte, value).0);
        }
    }
    assert_eq!(PacketIdentifier::new(0), None);
    assert_eq!(PacketIdentifier::MAX.next(), identifier(1));
}

#[test]
fn mqtt_2_2_1_4_a_servers_packet_identifiers_are_not_0() {
    // PUBLISH of QoS 1 and 2: the same field, the statement about the other sender.
    let server = DecodeOptions::new(V5).with_sender(Sender::Server);
    for first_byte in [0x32, 0x33, 0x3A, 0x34, 0x3D] {
        let (bytes, offset) = with_identifier(first_byte, 0);
        let kind = Kind::PacketIdentifierZero;
        refuses(server, &bytes, kind, Field::PacketIdentifier, offset, "MQTT-2.2.1-4", PROTOCOL_ERROR);
        for value in [1, 0xFFFF] {
            round_trips(server, &with_identifier(first_byte, value).0);
        }
    }
}

#[test]
fn mqtt_2_2_2_1_no_properties_are_a_property_length_of_0() {
    // The length is written all the same, and its absence is malformed; the short forms are U25.
    for home in HOMES.iter().filter(|home| home.name != "AUTH") {
        let (bytes, _) = home.packet(b"");
        match home.packet_type {
            PacketType::PubAck | PacketType::PubRec | PacketType::PubRel | PacketType::PubComp => {
                rewrites(V5, &bytes, &packet(home.first_byte, &[b"\x00\x0A"]));
            }
            PacketType::Disconnect => {
                rewrites(V5, &bytes, &packet(home.first_byte, &[]));
            }
            _ => {
                round_trips(V5, &bytes);
                let bytes = packet(home.first_byte, &[home.before]);
                // The Will has a separate statement.
                let rule = if home.fields == OF_WILL { "MQTT-3.1.2-9" } else { "MQTT-2.2.2-1" };
                refuses(V5, &bytes, Kind::UnexpectedEnd, home.fields.1, bytes.len(), rule, MALFORMED);
            }
        }
    }
    let none = PublishProperties::<&[u8]>::default();
    writes(
        Publish::with_properties(TopicName::new("a").unwrap(), none, b""),
        V5,
        &[0x30, 0x04, 0x00, 0x01, b'a', 0x00],
    );
    writes(ConnAck::accepted(false), V5, &[0x20, 0x03, 0x00, 0x00, 0x00]);
    writes(SubAck::new(identifier(10), ReasonCodes::new(&[1]).unwrap()).unwrap(), V5, &minimal(PacketType::SubAck));
}
