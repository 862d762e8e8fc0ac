//! Sample packets, places and values that the tests share.

use crate::conformance::{packet, string, variable_byte_integer};
use mqtt_codec::{Connect, Field, Packet, PacketIdentifier, PacketType, PropertyIdentifier as Id, Publish, ReasonCode};

pub(crate) const MALFORMED: ReasonCode = ReasonCode::MALFORMED_PACKET;
pub(crate) const PROTOCOL_ERROR: ReasonCode = ReasonCode::PROTOCOL_ERROR;
pub(crate) const UNSUPPORTED_VERSION: ReasonCode = ReasonCode::UNSUPPORTED_PROTOCOL_VERSION;

/// A place for properties: the bytes before their length and after them, and the properties that the standard allows
/// there.
pub(crate) struct Home {
    pub(crate) name: &'static str,
    pub(crate) packet_type: PacketType,
    pub(crate) first_byte: u8,
    pub(crate) before: &'static [u8],
    pub(crate) after: &'static [u8],
    pub(crate) allowed: &'static [u8],
    /// The field that the properties are, and the one that their length is.
    pub(crate) fields: (Field, Field),
}

pub(crate) const OF_PACKET: (Field, Field) = (Field::Properties, Field::PropertyLength);
pub(crate) const OF_WILL: (Field, Field) = (Field::WillProperties, Field::WillPropertyLength);

/// All of them, with the rows of the standard's table of properties.
pub(crate) const HOMES: [Home; 14] = [
    Home {
        name: "CONNECT",
        packet_type: PacketType::Connect,
        first_byte: 0x10,
        // Protocol Name, version, Connect Flags, Keep Alive
        before: b"\x00\x04MQTT\x05\x02\x00\x3C",
        after: b"\x00\x01c",
        allowed: &[0x11, 0x15, 0x16, 0x17, 0x19, 0x21, 0x22, 0x26, 0x27],
        fields: OF_PACKET,
    },
    Home {
        name: "the Will",
        packet_type: PacketType::Connect,
        first_byte: 0x10,
        // the same with the Will Flag, no properties, Client Identifier
        before: b"\x00\x04MQTT\x05\x06\x00\x3C\x00\x00\x01c",
        // Will Topic, Will Payload
        after: b"\x00\x01w\x00\x02hi",
        allowed: &[0x01, 0x02, 0x03, 0x08, 0x09, 0x18, 0x26],
        fields: OF_WILL,
    },
    Home {
        name: "CONNACK",
        packet_type: PacketType::ConnAck,
        first_byte: 0x20,
        // Connect Acknowledge Flags, Reason Code
        before: b"\x00\x00",
        after: b"",
        allowed: &[
            0x11, 0x12, 0x13, 0x15, 0x16, 0x1A, 0x1C, 0x1F, 0x21, 0x22, 0x24, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2A,
        ],
        fields: OF_PACKET,
    },
    Home {
        name: "PUBLISH",
        packet_type: PacketType::Publish,
        first_byte: 0x32,
        // Topic Name, Packet Identifier
        before: b"\x00\x01t\x00\x0A",
        after: b"hi",
        allowed: &[0x01, 0x02, 0x03, 0x08, 0x09, 0x0B, 0x23, 0x26],
        fields: OF_PACKET,
    },
    Home {
        name: "PUBACK",
        packet_type: PacketType::PubAck,
        first_byte: 0x40,
        // Packet Identifier, Reason Code
        before: b"\x00\x0A\x00",
        after: b"",
        allowed: &[0x1F, 0x26],
        fields: OF_PACKET,
    },
    Home {
        name: "PUBREC",
        packet_type: PacketType::PubRec,
        first_byte: 0x50,
        before: b"\x00\x0A\x00",
        after: b"",
        allowed: &[0x1F, 0x26],
        fields: OF_PACKET,
    },
    Home {
        name: "PUBREL",
        packet_type: PacketType::PubRel,
        first_byte: 0x62,
        before: b"\x00\x0A\x00",
        after: b"",
        allowed: &[0x1F, 0x26],
        fields: OF_PACKET,
    },
    Home {
        name: "PUBCOMP",
        packet_type: PacketType::PubComp,
        first_byte: 0x70,
        before: b"\x00\x0A\x00",
        after: b"",
        allowed: &[0x1F, 0x26],
        fields: OF_PACKET,
    },
    Home {
        name: "SUBSCRIBE",
        packet_type: PacketType::Subscribe,
        first_byte: 0x82,
        before: b"\x00\x0A",
        // Topic Filter, Subscription Options
        after: b"\x00\x01a\x01",
        allowed: &[0x0B, 0x26],
        fields: OF_PACKET,
    },
    Home {
        name: "SUBACK",
        packet_type: PacketType::SubAck,
        first_byte: 0x90,
        before: b"\x00\x0A",
        after: b"\x01",
        allowed: &[0x1F, 0x26],
        fields: OF_PACKET,
    },
    Home {
        name: "UNSUBSCRIBE",
        packet_type: PacketType::Unsubscribe,
        first_byte: 0xA2,
        before: b"\x00\x0A",
        after: b"\x00\x01a",
        allowed: &[0x26],
        fields: OF_PACKET,
    },
    Home {
        name: "UNSUBACK",
        packet_type: PacketType::UnsubAck,
        first_byte: 0xB0,
        before: b"\x00\x0A",
        after: b"\x11",
        allowed: &[0x1F, 0x26],
        fields: OF_PACKET,
    },
    Home {
        name: "DISCONNECT",
        packet_type: PacketType::Disconnect,
        first_byte: 0xE0,
        before: b"\x00",
        after: b"",
        allowed: &[0x11, 0x1C, 0x1F, 0x26],
        fields: OF_PACKET,
    },
    Home {
        name: "AUTH",
        packet_type: PacketType::Auth,
        first_byte: 0xF0,
        before: b"\x18",
        after: b"",
        allowed: &[0x15, 0x16, 0x1F, 0x26],
        fields: OF_PACKET,
    },
];

impl Home {
    /// Returns the packet with these properties, and the offset of their first byte.
    pub(crate) fn packet(&self, properties: &[u8]) -> (Vec<u8>, usize) {
        let length = variable_byte_integer(properties.len());
        let bytes = packet(self.first_byte, &[self.before, &length, properties, self.after]);
        let offset = bytes.len() - self.after.len() - properties.len();
        (bytes, offset)
    }

    /// Returns the bytes that the property requires: the Authentication Method, if there is a rule about it.
    pub(crate) fn companion(&self, identifier: u8) -> &'static [u8] {
        let needs_method = match self.packet_type {
            PacketType::Connect => identifier == 0x16 && self.fields == OF_PACKET,
            PacketType::Auth => identifier != 0x15,
            _ => false,
        };
        if needs_method { b"\x15\x00\x01M" } else { b"" }
    }

    /// Returns the packet with these bytes among its properties, after the properties that they need, and their offset.
    pub(crate) fn packet_with(&self, identifier: u8, property: &[u8]) -> (Vec<u8>, usize) {
        let companion = self.companion(identifier);
        let (bytes, offset) = self.packet(&[companion, property].concat());
        (bytes, offset + companion.len())
    }

    pub(crate) fn homes_of(identifier: u8) -> impl Iterator<Item = &'static Self> {
        HOMES.iter().filter(move |home| home.allowed.contains(&identifier))
    }

    pub(crate) fn named(name: &str) -> &'static Self {
        HOMES.iter().find(|home| home.name == name).unwrap()
    }
}

/// A legal property of each identifier, from the standard's table of their types.
pub(crate) const SAMPLES: [(u8, &[u8]); 27] = [
    (0x01, b"\x01\x00"),
    (0x02, b"\x02\x00\x00\x00\x3C"),
    (0x03, b"\x03\x00\x02ct"),
    (0x08, b"\x08\x00\x02rt"),
    (0x09, b"\x09\x00\x02cd"),
    (0x0B, b"\x0B\x80\x01"),
    (0x11, b"\x11\x00\x00\x00\x3C"),
    (0x12, b"\x12\x00\x02id"),
    (0x13, b"\x13\x00\x3C"),
    (0x15, b"\x15\x00\x02me"),
    (0x16, b"\x16\x00\x02da"),
    (0x17, b"\x17\x01"),
    (0x18, b"\x18\x00\x00\x00\x3C"),
    (0x19, b"\x19\x01"),
    (0x1A, b"\x1A\x00\x02ri"),
    (0x1C, b"\x1C\x00\x02sr"),
    (0x1F, b"\x1F\x00\x02rs"),
    (0x21, b"\x21\x00\x0A"),
    (0x22, b"\x22\x00\x0A"),
    (0x23, b"\x23\x00\x0A"),
    (0x24, b"\x24\x01"),
    (0x25, b"\x25\x01"),
    (0x26, b"\x26\x00\x01n\x00\x01v"),
    (0x27, b"\x27\x00\x00\x01\x00"),
    (0x28, b"\x28\x01"),
    (0x29, b"\x29\x01"),
    (0x2A, b"\x2A\x01"),
];

pub(crate) fn sample(identifier: u8) -> &'static [u8] {
    SAMPLES.iter().find(|(number, _)| *number == identifier).unwrap().1
}

pub(crate) fn id(identifier: u8) -> Id {
    Id::from_u8(identifier).unwrap()
}

/// Puts a string, with its length, into a packet.
pub(crate) type Build = dyn Fn(&[u8]) -> Vec<u8>;

/// A place where a string stands.
pub(crate) struct Place {
    pub(crate) name: String,
    pub(crate) field: Field,
    /// Is it a Topic Name, a Topic Filter, or any text?
    pub(crate) text: Text,
    pub(crate) build: Box<Build>,
    /// The number of bytes after the string.
    pub(crate) behind: usize,
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Text {
    Any,
    TopicName,
    TopicFilter,
}

impl Place {
    /// Returns the packet with this text in the place, and the offset of its first byte, after its length.
    pub(crate) fn packet(&self, text: &[u8]) -> (Vec<u8>, usize) {
        let bytes = (self.build)(&string(text));
        let offset = bytes.len() - self.behind - text.len();
        (bytes, offset)
    }

    /// Returns the packet with these bytes in the place, in which the length of the string is wrong, and their offset.
    pub(crate) fn packet_of_raw(&self, raw: &[u8]) -> (Vec<u8>, usize) {
        let bytes = (self.build)(raw);
        let offset = bytes.len() - self.behind - raw.len();
        (bytes, offset)
    }
}

pub(crate) fn field_place(
    name: &str,
    field: Field,
    text: Text,
    first_byte: u8,
    before: &'static [u8],
    after: &'static [u8],
) -> Place {
    let build = Box::new(move |string: &[u8]| packet(first_byte, &[before, string, after]));
    Place { name: name.to_owned(), field, text, build, behind: after.len() }
}

/// The fields, outside of properties, that are strings.
pub(crate) fn string_fields() -> Vec<Place> {
    const CONNECT: &[u8] = b"\x00\x04MQTT\x05\x02\x00\x3C\x00";
    const CONNECT_WILL: &[u8] = b"\x00\x04MQTT\x05\x06\x00\x3C\x00\x00\x01c\x00";
    const CONNECT_USER: &[u8] = b"\x00\x04MQTT\x05\xC2\x00\x3C\x00\x00\x01c";
    use Text::{Any, TopicFilter, TopicName};
    vec![
        field_place("CONNECT", Field::ClientIdentifier, Any, 0x10, CONNECT, b""),
        field_place("CONNECT", Field::WillTopic, TopicName, 0x10, CONNECT_WILL, b"\x00\x00"),
        field_place("CONNECT", Field::UserName, Any, 0x10, CONNECT_USER, b"\x00\x01p"),
        field_place("PUBLISH of QoS 0", Field::TopicName, TopicName, 0x30, b"", b"\x00hi"),
        field_place("PUBLISH of QoS 1", Field::TopicName, TopicName, 0x3B, b"", b"\x00\x0A\x00hi"),
        field_place("PUBLISH of QoS 2", Field::TopicName, TopicName, 0x34, b"", b"\x00\x0A\x00"),
        field_place("SUBSCRIBE", Field::TopicFilter, TopicFilter, 0x82, b"\x00\x0A\x00", b"\x01"),
        field_place("SUBSCRIBE, the 2nd", Field::TopicFilter, TopicFilter, 0x82, b"\x00\x0A\x00\x00\x01a\x02", b"\x00"),
        field_place("UNSUBSCRIBE", Field::TopicFilter, TopicFilter, 0xA2, b"\x00\x0A\x00", b""),
        field_place("UNSUBSCRIBE, the 2nd", Field::TopicFilter, TopicFilter, 0xA2, b"\x00\x0A\x00\x00\x01a", b""),
    ]
}

/// The properties that are strings, in each packet that has them; of User Properties the name and the value.
pub(crate) fn string_properties() -> Vec<Place> {
    let mut places = Vec::new();
    for home in &HOMES {
        for &identifier in home.allowed {
            let parts: &[(&[u8], &[u8])] = match identifier {
                0x03 | 0x08 | 0x12 | 0x15 | 0x1A | 0x1C | 0x1F => &[(b"", b"")],
                0x26 => &[(b"", b"\x00\x01v"), (b"\x00\x01n", b"")],
                _ => &[],
            };
            for &(before, after) in parts {
                places.push(Place {
                    name: format!("{} in {}", id(identifier), home.name),
                    field: Field::Property(id(identifier)),
                    text: if identifier == 0x08 { Text::TopicName } else { Text::Any },
                    build: Box::new(move |string| {
                        home.packet_with(identifier, &[&[identifier], before, string, after].concat()).0
                    }),
                    behind: after.len() + home.after.len(),
                });
            }
        }
    }
    places
}

pub(crate) fn string_places() -> Vec<Place> {
    let places: Vec<_> = string_fields().into_iter().chain(string_properties()).collect();
    // CONNECT 3 + 3, the Will 4, CONNACK 7, PUBLISH 3 + 4, four acknowledgements 3 each, SUBSCRIBE 2 + 2, SUBACK 3,
    // UNSUBSCRIBE 2 + 2, UNSUBACK 3, DISCONNECT 4, AUTH 4
    assert_eq!(places.len(), 58);
    places
}

/// A CONNECT without properties, from its Connect Flags and its payload. The flags are byte 9, the payload begins at
/// byte 13.
pub(crate) fn connect(flags: u8, payload: &[&[u8]]) -> Vec<u8> {
    let bytes = packet(0x10, &[b"\x00\x04MQTT\x05", &[flags], b"\x00\x3C", b"\x00", &payload.concat()]);
    assert!(bytes.len() < 128);
    bytes
}

pub(crate) const CONNECT_FLAGS_AT: usize = 9;
pub(crate) const CONNECT_PAYLOAD_AT: usize = 13;

/// Returns the payload for these Connect Flags: Client Identifier, Will, User Name, Password.
pub(crate) fn connect_payload(flags: u8) -> Vec<u8> {
    let mut payload = b"\x00\x01c".to_vec();
    if flags & 0b0000_0100 != 0 {
        payload.extend_from_slice(b"\x00\x00\x01w\x00\x02hi");
    }
    if flags & 0b1000_0000 != 0 {
        payload.extend_from_slice(b"\x00\x01u");
    }
    if flags & 0b0100_0000 != 0 {
        payload.extend_from_slice(b"\x00\x01p");
    }
    payload
}

/// Without a Will: no Will QoS, no Will Retain. With one: a QoS below 3. Never the reserved bit.
pub(crate) fn are_legal_connect_flags(flags: u8) -> bool {
    let will_qos = flags >> 3 & 0b11;
    let will = if flags & 0b100 == 0 { will_qos == 0 && flags & 0b10_0000 == 0 } else { will_qos != 3 };
    flags & 1 == 0 && will
}

/// The shortest packet of each type, as a first byte and a body.
pub(crate) const MINIMAL: [(PacketType, u8, &[u8]); 15] = [
    (PacketType::Connect, 0x10, b"\x00\x04MQTT\x05\x02\x00\x3C\x00\x00\x00"),
    (PacketType::ConnAck, 0x20, b"\x00\x00\x00"),
    (PacketType::Publish, 0x30, b"\x00\x01a\x00"),
    (PacketType::PubAck, 0x40, b"\x00\x0A"),
    (PacketType::PubRec, 0x50, b"\x00\x0A"),
    (PacketType::PubRel, 0x62, b"\x00\x0A"),
    (PacketType::PubComp, 0x70, b"\x00\x0A"),
    (PacketType::Subscribe, 0x82, b"\x00\x0A\x00\x00\x01a\x01"),
    (PacketType::SubAck, 0x90, b"\x00\x0A\x00\x01"),
    (PacketType::Unsubscribe, 0xA2, b"\x00\x0A\x00\x00\x01a"),
    (PacketType::UnsubAck, 0xB0, b"\x00\x0A\x00\x11"),
    (PacketType::PingReq, 0xC0, b""),
    (PacketType::PingResp, 0xD0, b""),
    (PacketType::Disconnect, 0xE0, b""),
    (PacketType::Auth, 0xF0, b"\x18\x04\x15\x00\x01M"),
];

pub(crate) fn minimal(packet_type: PacketType) -> Vec<u8> {
    let (_, first_byte, body) = MINIMAL.into_iter().find(|(found, ..)| *found == packet_type).unwrap();
    packet(first_byte, &[body])
}

/// The rule that errors name for flags of the fixed header. Some packets have their own rule.
pub(crate) fn flags_rule(packet_type: PacketType) -> &'static str {
    match packet_type {
        PacketType::PubRel => "MQTT-3.6.1-1",
        PacketType::Subscribe => "MQTT-3.8.1-1",
        PacketType::Unsubscribe => "MQTT-3.10.1-1",
        PacketType::Disconnect => "MQTT-3.14.1-1",
        PacketType::Auth => "MQTT-3.15.1-1",
        _ => "MQTT-2.1.3-1",
    }
}

pub(crate) fn identifier(value: u16) -> PacketIdentifier {
    PacketIdentifier::new(value).unwrap()
}

pub(crate) fn publish(packet: Packet<&[u8]>) -> Publish<&[u8]> {
    match packet {
        Packet::Publish(publish) => publish,
        other => panic!("{other:?} is no PUBLISH"),
    }
}

pub(crate) fn connect_of(packet: Packet<&[u8]>) -> Connect<&[u8]> {
    match packet {
        Packet::Connect(connect) => connect,
        other => panic!("{other:?} is no CONNECT"),
    }
}

/// Ill-formed UTF-8, and where in it the fault begins.
pub(crate) const ILL_FORMED: [(&[u8], usize); 30] = [
    // longer than it needs to be
    (b"\xC0\x80", 0),
    (b"\xC1\xBF", 0),
    (b"\xE0\x80\x80", 0),
    (b"\xE0\x9F\xBF", 0),
    (b"\xF0\x80\x80\x80", 0),
    (b"\xF0\x8F\xBF\xBF", 0),
    // U+D800, U+DBFF, U+DC00, U+DFFF; a pair of them; one after text
    (b"\xED\xA0\x80", 0),
    (b"\xED\xAF\xBF", 0),
    (b"\xED\xB0\x80", 0),
    (b"\xED\xBF\xBF", 0),
    (b"\xED\xA0\xBD\xED\xB8\x80", 0),
    (b"ab\xED\xA0\x80c", 2),
    // beyond U+10FFFF
    (b"\xF4\x90\x80\x80", 0),
    (b"\xF5\x80\x80\x80", 0),
    (b"\xF7\xBF\xBF\xBF", 0),
    (b"\xF8\x88\x80\x80\x80", 0),
    (b"\xFC\x84\x80\x80\x80\x80", 0),
    (b"\xFE", 0),
    (b"\xFF", 0),
    // a continuation without a beginning, a beginning without a continuation
    (b"\x80", 0),
    (b"\xBF", 0),
    (b"a\x80b", 1),
    (b"\xC2", 0),
    (b"\xC2a", 0),
    (b"\xE1\x80", 0),
    (b"\xE1\x80a", 0),
    (b"\xF1\x80\x80", 0),
    (b"\xF1\x80\x80a", 0),
    (b"abcdefgh\xC3", 8),
    (b"\xC3\xA9abcdefg\xE2\x82", 9),
];

/// The first and the last code point of each row of the table of well-formed UTF-8, and of the gap for surrogates.
pub(crate) const WELL_FORMED: [&str; 16] = [
    "\u{1}",
    "\u{7F}",
    "\u{80}",
    "\u{7FF}",
    "\u{800}",
    "\u{FFF}",
    "\u{1000}",
    "\u{CFFF}",
    "\u{D000}",
    "\u{D7FF}",
    "\u{E000}",
    "\u{FFFF}",
    "\u{10000}",
    "\u{3FFFF}",
    "\u{40000}",
    "\u{10FFFF}",
];
