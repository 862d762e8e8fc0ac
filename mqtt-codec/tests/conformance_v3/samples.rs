//! Sample packets, places and values that the tests share.

use crate::conformance::{packet, string};
use mqtt_codec::ProtocolVersion::{V3_1, V3_1_1, V5};
use mqtt_codec::{
    Connect, Field, Packet, PacketIdentifier, PacketType, ProtocolVersion, Publish, ReasonCode, Utf8String,
};

/// No answer: the connection is closed.
pub(crate) const CLOSE: Option<ReasonCode> = None;
/// CONNACK 0x01.
pub(crate) const UNACCEPTABLE_VERSION: ReasonCode = ReasonCode::UNSUPPORTED_PROTOCOL_VERSION;
/// CONNACK 0x02.
pub(crate) const IDENTIFIER_REJECTED: ReasonCode = ReasonCode::CLIENT_IDENTIFIER_NOT_VALID;

/// Both versions: 3.1 follows the rules of 3.1.1 unless a test states otherwise.
pub(crate) const BOTH: [ProtocolVersion; 2] = [V3_1, V3_1_1];

/// Protocol Name and level of CONNECT.
pub(crate) fn protocol(version: ProtocolVersion) -> &'static [u8] {
    match version {
        V3_1 => b"\x00\x06MQIsdp\x03",
        V3_1_1 => b"\x00\x04MQTT\x04",
        V5 => b"\x00\x04MQTT\x05",
    }
}

/// A CONNECT from its Connect Flags and its payload.
pub(crate) fn connect(version: ProtocolVersion, flags: u8, payload: &[&[u8]]) -> Vec<u8> {
    packet(0x10, &[protocol(version), &[flags], b"\x00\x3C", &payload.concat()])
}

/// Returns the offset of the Connect Flags in a short CONNECT, and that of its payload.
pub(crate) fn connect_places(version: ProtocolVersion) -> (usize, usize) {
    let flags = 2 + protocol(version).len();
    (flags, flags + 3)
}

/// Returns the payload for these Connect Flags: Client Identifier, Will, User Name, Password.
pub(crate) fn connect_payload(flags: u8) -> Vec<u8> {
    let mut payload = b"\x00\x01c".to_vec();
    if flags & 0b0000_0100 != 0 {
        payload.extend_from_slice(b"\x00\x01w\x00\x02hi");
    }
    if flags & 0b1000_0000 != 0 {
        payload.extend_from_slice(b"\x00\x01u");
    }
    if flags & 0b0100_0000 != 0 {
        payload.extend_from_slice(b"\x00\x01p");
    }
    payload
}

/// Without a Will: no Will QoS, no Will Retain. With one: a QoS below 3. No Password without a User Name. Never the
/// reserved bit.
pub(crate) fn are_legal_connect_flags(flags: u8) -> bool {
    let will_qos = flags >> 3 & 0b11;
    let will = if flags & 0b100 == 0 { will_qos == 0 && flags & 0b10_0000 == 0 } else { will_qos != 3 };
    flags & 1 == 0 && will && flags & 0b1100_0000 != 0b0100_0000
}

/// A place for a string: the bytes before and after it.
pub(crate) struct Place {
    pub(crate) field: Field,
    pub(crate) first_byte: u8,
    pub(crate) before: Vec<u8>,
    pub(crate) after: &'static [u8],
}

impl Place {
    /// Returns the packet with this text in the place, and the offset of its first byte, after its length.
    pub(crate) fn packet(&self, text: &[u8]) -> (Vec<u8>, usize) {
        let bytes = packet(self.first_byte, &[&self.before, &string(text), self.after]);
        let offset = bytes.len() - self.after.len() - text.len();
        (bytes, offset)
    }
}

/// All fields that are strings.
pub(crate) fn string_places(version: ProtocolVersion) -> Vec<Place> {
    let in_connect = |field, flags: u8, payload: &[u8], after| {
        let before = [protocol(version), &[flags], b"\x00\x3C", payload].concat();
        Place { field, first_byte: 0x10, before, after }
    };
    let place = |field, first_byte, before: &[u8], after| Place { field, first_byte, before: before.to_vec(), after };
    vec![
        in_connect(Field::ClientIdentifier, 0x02, b"", b""),
        in_connect(Field::WillTopic, 0x06, b"\x00\x01c", b"\x00\x00"),
        in_connect(Field::UserName, 0xC2, b"\x00\x01c", b"\x00\x01p"),
        place(Field::TopicName, 0x30, b"", b"hi"),
        place(Field::TopicName, 0x3B, b"", b"\x00\x0Ahi"),
        place(Field::TopicName, 0x34, b"", b"\x00\x0A"),
        place(Field::TopicFilter, 0x82, b"\x00\x0A", b"\x01"),
        place(Field::TopicFilter, 0x82, b"\x00\x0A\x00\x01a\x02", b"\x00"),
        place(Field::TopicFilter, 0xA2, b"\x00\x0A", b""),
        place(Field::TopicFilter, 0xA2, b"\x00\x0A\x00\x01a", b""),
    ]
}

pub(crate) fn topic_filter_places(first_byte: Option<u8>) -> Vec<Place> {
    let is_one = |place: &Place| {
        place.field == Field::TopicFilter && first_byte.is_none_or(|first_byte| first_byte == place.first_byte)
    };
    string_places(V3_1_1).into_iter().filter(is_one).collect()
}

/// The shortest packet of each type, as a first byte and a body.
pub(crate) fn minimal_packets(version: ProtocolVersion) -> Vec<(PacketType, u8, Vec<u8>)> {
    vec![
        (PacketType::Connect, 0x10, [protocol(version), b"\x02\x00\x3C\x00\x01c"].concat()),
        (PacketType::ConnAck, 0x20, b"\x00\x00".to_vec()),
        (PacketType::Publish, 0x30, b"\x00\x01a".to_vec()),
        (PacketType::PubAck, 0x40, b"\x00\x0A".to_vec()),
        (PacketType::PubRec, 0x50, b"\x00\x0A".to_vec()),
        (PacketType::PubRel, 0x62, b"\x00\x0A".to_vec()),
        (PacketType::PubComp, 0x70, b"\x00\x0A".to_vec()),
        (PacketType::Subscribe, 0x82, b"\x00\x0A\x00\x01a\x01".to_vec()),
        (PacketType::SubAck, 0x90, b"\x00\x0A\x01".to_vec()),
        (PacketType::Unsubscribe, 0xA2, b"\x00\x0A\x00\x01a".to_vec()),
        (PacketType::UnsubAck, 0xB0, b"\x00\x0A".to_vec()),
        (PacketType::PingReq, 0xC0, vec![]),
        (PacketType::PingResp, 0xD0, vec![]),
        (PacketType::Disconnect, 0xE0, vec![]),
    ]
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

/// Returns a CONNECT to encode.
pub(crate) fn new_connect(version: ProtocolVersion, client_identifier: &str) -> Connect<&[u8]> {
    let keep_alive = 60.into();
    Connect { protocol_version: version, keep_alive, ..Connect::new(Utf8String::new(client_identifier).unwrap()) }
}

/// Ill-formed UTF-8, and where in it the fault begins.
pub(crate) const ILL_FORMED: [(&[u8], usize); 22] = [
    // longer than it needs to be
    (b"\xC0\x80", 0),
    (b"\xC1\xBF", 0),
    (b"\xE0\x9F\xBF", 0),
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
    (b"\xF8\x88\x80\x80\x80", 0),
    (b"\xFE", 0),
    (b"\xFF", 0),
    // a continuation without a beginning, a beginning without a continuation
    (b"\x80", 0),
    (b"a\xBFb", 1),
    (b"\xC2", 0),
    (b"\xC2a", 0),
    (b"\xE1\x80a", 0),
    (b"\xF1\x80\x80", 0),
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
