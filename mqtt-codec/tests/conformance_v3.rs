//! MQTT 3.1.1 and 3.1: one test for each normative statement that one packet can keep or break, named by its number.
//!
//! `mqtt_…` are the statements of 3.1.1 (one of them is misprinted in the standard, `MQTT-3-8.3-4`, and is listed as it
//! is printed), `t…` its rules without a number, `v3_1_…` what differs in 3.1, which has no numbers at all, `e…` extensions
//! that are met in practice, `p…` the points at which implementations differ and the verdict that was chosen.
//! `conformance/v3.txt` is the list of all of them.
//!
//! In 3.x a packet that breaks a rule is not answered: the connection is closed. The exceptions are a CONNECT of a version
//! that is not served, and one whose Client Identifier is refused: CONNACK 0x01 and 0x02, which are 0x84 and 0x85 here.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests: what goes wrong in them is a failed test"
)]

mod conformance;

use conformance::{
    accepts, check_list, packet, refuses, refuses_somehow, refuses_to_write, rewrites, round_trips, string,
    variable_byte_integer, writes,
};
use mqtt_codec::DecodeErrorKind as Kind;
use mqtt_codec::EncodeErrorKind::{NotFromSender, NotInVersion};
use mqtt_codec::ProtocolVersion::{V3_1, V3_1_1, V5};
use mqtt_codec::{
    Auth, AuthProperties, AuthReasonCode, BinaryData, ConnAck, ConnAckReasonCode, Connect, DecodeOptions, Decoded,
    Delivery, Disconnect, EncodeOptions, Field, Packet, PacketIdentifier, PacketReasonCode, PacketType,
    ProtocolVersion, PubAck, PubRel, Publish, QoS, ReasonCode, ReasonCodes, Sender, SubAck, SubAckReasonCode,
    Subscribe, SubscriptionOptions, Subscriptions, TextErrorKind, TopicFilter, TopicFilters, TopicName, UnsubAck,
    Unsubscribe, Utf8String, Will, decode, decode_fixed_header,
};

/// No answer: the connection is closed.
const CLOSE: Option<ReasonCode> = None;
/// CONNACK 0x01.
const UNACCEPTABLE_VERSION: ReasonCode = ReasonCode::UNSUPPORTED_PROTOCOL_VERSION;
/// CONNACK 0x02.
const IDENTIFIER_REJECTED: ReasonCode = ReasonCode::CLIENT_IDENTIFIER_NOT_VALID;

/// Both versions: 3.1 is judged by the rules of 3.1.1 where nothing else is said.
const BOTH: [ProtocolVersion; 2] = [V3_1, V3_1_1];

/// Protocol Name and level of CONNECT.
fn protocol(version: ProtocolVersion) -> &'static [u8] {
    match version {
        V3_1 => b"\x00\x06MQIsdp\x03",
        V3_1_1 => b"\x00\x04MQTT\x04",
        V5 => b"\x00\x04MQTT\x05",
    }
}

/// A CONNECT from its Connect Flags and its payload.
fn connect(version: ProtocolVersion, flags: u8, payload: &[&[u8]]) -> Vec<u8> {
    packet(0x10, &[protocol(version), &[flags], b"\x00\x3C", &payload.concat()])
}

/// Where the Connect Flags are in a short CONNECT, and where its payload begins.
fn connect_places(version: ProtocolVersion) -> (usize, usize) {
    let flags = 2 + protocol(version).len();
    (flags, flags + 3)
}

/// The payload that goes with these Connect Flags: Client Identifier, Will, User Name, Password.
fn connect_payload(flags: u8) -> Vec<u8> {
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
fn are_legal_connect_flags(flags: u8) -> bool {
    let will_qos = flags >> 3 & 0b11;
    let will = if flags & 0b100 == 0 { will_qos == 0 && flags & 0b10_0000 == 0 } else { will_qos != 3 };
    flags & 1 == 0 && will && flags & 0b1100_0000 != 0b0100_0000
}

/// A place where a string stands: the bytes before it and behind it.
struct Place {
    field: Field,
    first_byte: u8,
    before: Vec<u8>,
    after: &'static [u8],
}

impl Place {
    /// The packet with this text in the place, and where its first byte is, behind its length.
    fn packet(&self, text: &[u8]) -> (Vec<u8>, usize) {
        let bytes = packet(self.first_byte, &[&self.before, &string(text), self.after]);
        let offset = bytes.len() - self.after.len() - text.len();
        (bytes, offset)
    }
}

/// All fields that are strings.
fn string_places(version: ProtocolVersion) -> Vec<Place> {
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

fn topic_filter_places(first_byte: Option<u8>) -> Vec<Place> {
    let is_one = |place: &Place| {
        place.field == Field::TopicFilter && first_byte.is_none_or(|first_byte| first_byte == place.first_byte)
    };
    string_places(V3_1_1).into_iter().filter(is_one).collect()
}

/// The shortest packet of each type, as a first byte and a body.
fn minimal_packets(version: ProtocolVersion) -> Vec<(PacketType, u8, Vec<u8>)> {
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

fn identifier(value: u16) -> PacketIdentifier {
    PacketIdentifier::new(value).unwrap()
}

fn publish(packet: Packet<&[u8]>) -> Publish<&[u8]> {
    match packet {
        Packet::Publish(publish) => publish,
        other => panic!("{other:?} is no PUBLISH"),
    }
}

fn connect_of(packet: Packet<&[u8]>) -> Connect<&[u8]> {
    match packet {
        Packet::Connect(connect) => connect,
        other => panic!("{other:?} is no CONNECT"),
    }
}

/// A CONNECT to be written.
fn new_connect(version: ProtocolVersion, client_identifier: &str) -> Connect<&[u8]> {
    let keep_alive = 60.into();
    Connect { protocol_version: version, keep_alive, ..Connect::new(Utf8String::new(client_identifier).unwrap()) }
}

/// Ill-formed UTF-8, and where in it the fault begins.
const ILL_FORMED: [(&[u8], usize); 22] = [
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
const WELL_FORMED: [&str; 16] = [
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

#[test]
fn no_statement_is_without_a_test() {
    let ids = check_list(include_str!("conformance/v3.txt"), include_str!("conformance_v3.rs"));
    let of = |prefix: &str| ids.iter().filter(|id| id.starts_with(prefix)).count();
    // As many as the standard has: a shorter list would hide a missing test.
    assert_eq!((of("mqtt_"), of("t"), of("v3_1_"), of("e"), of("p")), (55, 14, 31, 7, 9));
    assert_eq!(ids.len(), 116);
}

// ---- 1.5 Data representation ----

/// The places keep the rules of strings: well-formed UTF-8 without U+0000.
fn are_strings(version: ProtocolVersion, field: impl Fn(&Place) -> bool) {
    let mut places = string_places(version).into_iter().filter(field).peekable();
    assert!(places.peek().is_some());
    for place in places {
        for (text, fault) in ILL_FORMED {
            let (bytes, offset) = place.packet(text);
            refuses(version, &bytes, Kind::IllFormedUtf8, place.field, offset + fault, "MQTT-1.5.3-1", CLOSE);
        }
        for (text, fault) in [(&b"\0"[..], 0), (b"\0a", 0), (b"a\0b", 1), (b"abcdefghi\0", 9)] {
            let (bytes, offset) = place.packet(text);
            refuses(version, &bytes, Kind::NulCharacter, place.field, offset + fault, "MQTT-1.5.3-2", CLOSE);
        }
        for text in ["a", "\u{1}", "\u{FEFF}a", "温度/室内", "emoji/😀", "e\u{301}"] {
            round_trips(version, &place.packet(text.as_bytes()).0);
        }
    }
}

#[test]
fn mqtt_1_5_3_1_strings_are_well_formed_utf8() {
    // Shortest form, no surrogates, nothing past U+10FFFF; in every string of every packet.
    for version in BOTH {
        for place in string_places(version) {
            for (text, fault) in ILL_FORMED {
                let (bytes, offset) = place.packet(text);
                refuses(version, &bytes, Kind::IllFormedUtf8, place.field, offset + fault, "MQTT-1.5.3-1", CLOSE);
            }
            for text in WELL_FORMED {
                round_trips(version, &place.packet(text.as_bytes()).0);
            }
        }
    }
    for (text, fault) in ILL_FORMED {
        for error in [
            Utf8String::new(text).unwrap_err(),
            TopicName::new(text).unwrap_err(),
            TopicFilter::new_ordinary(text).unwrap_err(),
        ] {
            assert_eq!((error.kind(), error.offset()), (TextErrorKind::IllFormedUtf8, fault), "{text:02X?}");
        }
    }
}

#[test]
fn mqtt_1_5_3_2_strings_hold_no_u0000() {
    // In every string of every packet, at every place of it.
    for version in BOTH {
        for place in string_places(version) {
            for (text, fault) in [(&b"\0"[..], 0), (b"\0a", 0), (b"a\0b", 1), (b"abcdefghi\0", 9)] {
                let (bytes, offset) = place.packet(text);
                refuses(version, &bytes, Kind::NulCharacter, place.field, offset + fault, "MQTT-1.5.3-2", CLOSE);
            }
            round_trips(version, &place.packet(b"\x01").0);
            round_trips(version, &place.packet(b"0").0);
        }
    }
    assert_eq!(Utf8String::new("a\0").unwrap_err().kind(), TextErrorKind::NulCharacter);
    assert_eq!(TopicName::new("a\0").unwrap_err().kind(), TextErrorKind::NulCharacter);
    assert_eq!(TopicFilter::new_ordinary("a\0").unwrap_err().kind(), TextErrorKind::NulCharacter);
}

#[test]
fn mqtt_1_5_3_3_u_feff_is_kept_at_every_place() {
    // EF BB BF is a character like any other, at the start of a string too.
    for version in BOTH {
        for place in string_places(version) {
            for text in ["\u{FEFF}", "\u{FEFF}a", "a\u{FEFF}", "a\u{FEFF}b"] {
                round_trips(version, &place.packet(text.as_bytes()).0);
            }
        }
        let bytes = packet(0x30, &[b"\x00\x04\xEF\xBB\xBFa"]);
        assert_eq!(publish(round_trips(version, &bytes)).topic(), "\u{FEFF}a");
    }
}

// ---- 2 Control Packet format ----

/// The rule that is told for fixed header flags: some packets have one of their own.
fn flags_rule(packet_type: PacketType) -> &'static str {
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

/// A packet with this Packet Identifier, and where it is.
fn with_identifier(first_byte: u8, value: u16) -> (Vec<u8>, usize) {
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
        // The answers repeat such an identifier, so they have none that is 0 either. Of PUBCOMP no statement says so.
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

// ---- 3.1 CONNECT ----

#[test]
fn mqtt_3_1_2_1_the_protocol_name_is_mqtt() {
    // Any other belongs to another specification: MQIsdp to 3.1, the rest to none that is known here.
    let bytes = connect(V3_1_1, 0x02, &[b"\x00\x01c"]);
    assert_eq!(bytes[2..8], *b"\x00\x04MQTT");
    assert_eq!(connect_of(round_trips(V3_1_1, &bytes)).protocol_version, V3_1_1);
    writes(new_connect(V3_1_1, "c"), V3_1_1, &bytes);
    for name in [&b""[..], b"MQT", b"MQTTT", b"mqtt", b"MQTT\0", b"\xEF\xBB\xBFMQTT", b"\xFF\xFF\xFF\xFF", b"MQisdp"] {
        let bytes = packet(0x10, &[&string(name), b"\x04\x02\x00\x3C", b"\x00\x01c"]);
        let kind = Kind::InvalidProtocolName;
        // An empty name has no byte to point at but those of its length.
        let at = if name.is_empty() { 2 } else { 4 };
        refuses(V3_1_1, &bytes, kind, Field::ProtocolName, at, "MQTT-3.1.2-1", UNACCEPTABLE_VERSION);
    }
    let bytes = connect(V3_1, 0x02, &[b"\x00\x01c"]);
    assert_eq!(connect_of(round_trips(V3_1_1, &bytes)).protocol_version, V3_1);
}

#[test]
fn mqtt_3_1_2_2_other_protocol_levels_are_answered_0x01() {
    // All 256 levels: 4 is this version, 5 is 5.0, which has the same name; the bridge's mark is E1.
    for level in (0..=0xFF_u8).filter(|level| *level != 5) {
        let bytes = packet(0x10, &[b"\x00\x04MQTT", &[level], b"\x02\x00\x3C", b"\x00\x01c"]);
        if level == 4 {
            assert_eq!(connect_of(round_trips(V3_1_1, &bytes)).protocol_version, V3_1_1);
        } else {
            let kind = Kind::UnsupportedProtocolVersion;
            refuses(V3_1_1, &bytes, kind, Field::ProtocolVersion, 8, "MQTT-3.1.2-2", UNACCEPTABLE_VERSION);
        }
    }
    let return_code = ConnAckReasonCode::new(UNACCEPTABLE_VERSION).unwrap();
    writes(ConnAck::refused(return_code), V3_1_1, &[0x20, 0x02, 0x00, 0x01]);
    assert_eq!((V3_1_1.level(), V3_1_1.protocol_name()), (4, "MQTT"));
}

#[test]
fn mqtt_3_1_2_3_bit_0_of_the_connect_flags_is_0() {
    // With all flags that are legal apart from it.
    let (at, _) = connect_places(V3_1_1);
    for flags in (0..=0xFF).filter(|flags| are_legal_connect_flags(*flags)) {
        round_trips(V3_1_1, &connect(V3_1_1, flags, &[&connect_payload(flags)]));
        let bytes = connect(V3_1_1, flags | 1, &[&connect_payload(flags)]);
        refuses(V3_1_1, &bytes, Kind::ReservedConnectFlag, Field::ConnectFlags, at, "MQTT-3.1.2-3", CLOSE);
    }
}

#[test]
fn mqtt_3_1_2_9_a_will_has_topic_message_qos_and_retain() {
    // Will Flag 1: a payload that ends before one of the fields, or inside of it, is malformed.
    for version in BOTH {
        let (_, payload_at) = connect_places(version);
        for flags in [0x06, 0x0E, 0x16, 0x26] {
            let mut before = b"\x00\x01c".to_vec();
            for (part, field) in [(&b"\x00\x01w"[..], Field::WillTopic), (b"\x00\x02hi", Field::WillPayload)] {
                for cut in 0..part.len() {
                    let bytes = connect(version, flags, &[&before, &part[..cut]]);
                    let at = payload_at + before.len();
                    refuses(version, &bytes, Kind::UnexpectedEnd, field, at, "MQTT-3.1.2-9", CLOSE);
                }
                before.extend_from_slice(part);
            }
            let bytes = connect(version, flags, &[&before]);
            let will = connect_of(round_trips(version, &bytes)).will.unwrap();
            assert_eq!((will.topic_name.as_str(), will.payload.as_bytes()), ("w", &b"hi"[..]));
            assert_eq!((will.qos.as_u8(), will.retain), (flags >> 3 & 3, flags & 0x20 != 0));
            let will = Will { qos: will.qos, retain: will.retain, ..Will::new(will.topic_name, will.payload) };
            writes(Connect { will: Some(will), ..new_connect(version, "c") }, version, &bytes);
        }
    }
}

#[test]
fn mqtt_3_1_2_11_without_a_will_there_is_nothing_of_it() {
    // Will Flag 0: Will QoS and Will Retain are 0 (-13 and -15 are told), and there are no Will fields.
    let (at, _) = connect_places(V3_1_1);
    for flags in (0..=0xFF_u8).filter(|flags| flags & 0b101 == 0 && flags & 0b11_1000 != 0) {
        if flags & 0b1100_0000 == 0b0100_0000 {
            continue; // breaks another rule as well
        }
        let bytes = connect(V3_1_1, flags, &[&connect_payload(flags)]);
        let (field, rule) = match flags >> 3 & 3 {
            0 => (Field::WillRetain, "MQTT-3.1.2-15"),
            _ => (Field::WillQoS, "MQTT-3.1.2-13"),
        };
        refuses(V3_1_1, &bytes, Kind::WillFlagsWithoutWill, field, at, rule, CLOSE);
    }
    for version in BOTH {
        refuses_somehow(version, &connect(version, 0x02, &[b"\x00\x01c", b"\x00\x01w", b"\x00\x02hi"]), &[CLOSE]);
        assert_eq!(connect_of(round_trips(version, &connect(version, 0x02, &[b"\x00\x01c"]))).will, None);
    }
}

#[test]
fn mqtt_3_1_2_13_without_a_will_its_qos_is_0() {
    // Connect Flags bits 4 and 3.
    let (at, _) = connect_places(V3_1_1);
    for will_qos in 1..=3 {
        for others in [0x00, 0x02, 0x80, 0xC2] {
            let bytes = connect(V3_1_1, others | will_qos << 3, &[&connect_payload(others)]);
            refuses(V3_1_1, &bytes, Kind::WillFlagsWithoutWill, Field::WillQoS, at, "MQTT-3.1.2-13", CLOSE);
            round_trips(V3_1_1, &connect(V3_1_1, others, &[&connect_payload(others)]));
        }
    }
}

#[test]
fn mqtt_3_1_2_14_a_wills_qos_is_not_3() {
    // Will Flag 1: 0, 1 or 2; the value 3 closes the connection, in 3.1 too.
    for version in BOTH {
        let (at, _) = connect_places(version);
        for others in [0x04, 0x06, 0x24, 0xC4] {
            for will_qos in 0..=2 {
                let flags = others | will_qos << 3;
                let bytes = connect(version, flags, &[&connect_payload(flags)]);
                assert_eq!(connect_of(round_trips(version, &bytes)).will.unwrap().qos.as_u8(), will_qos);
            }
            let bytes = connect(version, others | 3 << 3, &[&connect_payload(others)]);
            refuses(version, &bytes, Kind::InvalidQoS, Field::WillQoS, at, "MQTT-3.1.2-14", CLOSE);
        }
    }
    assert_eq!(QoS::from_u8(3), None);
}

#[test]
fn mqtt_3_1_2_15_without_a_will_its_retain_is_0() {
    // Connect Flags bit 5.
    let (at, _) = connect_places(V3_1_1);
    for others in [0x00, 0x02, 0x80, 0xC2] {
        let bytes = connect(V3_1_1, others | 0x20, &[&connect_payload(others)]);
        refuses(V3_1_1, &bytes, Kind::WillFlagsWithoutWill, Field::WillRetain, at, "MQTT-3.1.2-15", CLOSE);
        let bytes = connect(V3_1_1, others | 0x24, &[&connect_payload(others | 0x24)]);
        assert!(connect_of(round_trips(V3_1_1, &bytes)).will.unwrap().retain);
    }
}

#[test]
fn mqtt_3_1_2_18_without_the_user_name_flag_there_is_no_user_name() {
    // What stands where it would stand is left over.
    for version in BOTH {
        let (_, payload_at) = connect_places(version);
        for (flags, before) in [(0x02, &b"\x00\x01c"[..]), (0x06, b"\x00\x01c\x00\x01w\x00\x02hi")] {
            for surplus in [&b"\x00\x01u"[..], b"\x00\x00", b"\x00"] {
                let bytes = connect(version, flags, &[before, surplus]);
                let at = payload_at + before.len();
                refuses(version, &bytes, Kind::TrailingBytes, Field::UserName, at, "MQTT-3.1.2-18", CLOSE);
            }
            assert_eq!(connect_of(round_trips(version, &connect(version, flags, &[before]))).user_name, None);
        }
    }
}

#[test]
fn mqtt_3_1_2_19_with_the_user_name_flag_there_is_a_user_name() {
    // It may be empty, but neither missing (in 3.1 it may) nor cut off.
    for version in BOTH {
        let (_, payload_at) = connect_places(version);
        for cut in 0..3 {
            if version == V3_1 && cut == 0 {
                continue;
            }
            let bytes = connect(version, 0x82, &[b"\x00\x01c", &b"\x00\x01u"[..cut]]);
            let at = payload_at + 3;
            refuses(version, &bytes, Kind::UnexpectedEnd, Field::UserName, at, "MQTT-3.1.2-19", CLOSE);
        }
        for user_name in ["", "u", "user"] {
            let bytes = connect(version, 0x82, &[b"\x00\x01c", &string(user_name)]);
            assert_eq!(connect_of(round_trips(version, &bytes)).user_name.unwrap(), user_name);
        }
    }
}

#[test]
fn mqtt_3_1_2_20_without_the_password_flag_there_is_no_password() {
    // What stands where it would stand is left over.
    for version in BOTH {
        let (_, payload_at) = connect_places(version);
        for surplus in [&b"\x00\x01p"[..], b"\x00\x00", b"\x00"] {
            let bytes = connect(version, 0x82, &[b"\x00\x01c", b"\x00\x01u", surplus]);
            let at = payload_at + 6;
            refuses(version, &bytes, Kind::TrailingBytes, Field::Password, at, "MQTT-3.1.2-20", CLOSE);
        }
        let bytes = connect(version, 0x82, &[b"\x00\x01c", b"\x00\x01u"]);
        assert_eq!(connect_of(round_trips(version, &bytes)).password, None);
    }
}

#[test]
fn mqtt_3_1_2_21_with_the_password_flag_there_is_a_password() {
    // It may be empty, but neither missing (in 3.1 it may) nor cut off.
    for version in BOTH {
        let (_, payload_at) = connect_places(version);
        for cut in 0..3 {
            if version == V3_1 && cut == 0 {
                continue;
            }
            let bytes = connect(version, 0xC2, &[b"\x00\x01c", b"\x00\x01u", &b"\x00\x01p"[..cut]]);
            let at = payload_at + 6;
            refuses(version, &bytes, Kind::UnexpectedEnd, Field::Password, at, "MQTT-3.1.2-21", CLOSE);
        }
        for password in [&b""[..], b"p", b"\x00\xFF\xC0\x80"] {
            let bytes = connect(version, 0xC2, &[b"\x00\x01c", b"\x00\x01u", &string(password)]);
            assert_eq!(connect_of(round_trips(version, &bytes)).password.unwrap().as_bytes(), password);
        }
    }
}

#[test]
fn mqtt_3_1_2_22_no_password_without_a_user_name() {
    // Connect Flags bits 7 and 6; 5.0 allows it, so it can be asked for, and is not written.
    for version in BOTH {
        let (at, _) = connect_places(version);
        for others in [0x00, 0x02, 0x04, 0x2E] {
            let bytes = connect(version, others | 0x40, &[&connect_payload(others | 0x40)]);
            let kind = Kind::PasswordWithoutUserName;
            refuses(version, &bytes, kind, Field::Password, at, "MQTT-3.1.2-22", CLOSE);
            for user in [0x00, 0x80, 0xC0] {
                round_trips(version, &connect(version, others | user, &[&connect_payload(others | user)]));
            }
        }
        let password = Some(BinaryData::new(b"p").unwrap());
        let connect = Connect { password, ..new_connect(version, "c") };
        refuses_to_write(connect, version, NotInVersion(version), Field::Password, "MQTT-3.1.2-22");
    }
}

#[test]
fn mqtt_3_1_3_1_the_payload_has_its_order() {
    // Client Identifier, Will Topic, Will Message, User Name, Password.
    for version in BOTH {
        let parts: [&[u8]; 5] = [b"\x00\x02id", b"\x00\x02wt", b"\x00\x02wm", b"\x00\x02us", b"\x00\x02pw"];
        let bytes = connect(version, 0xC6, &parts);
        let decoded = connect_of(round_trips(version, &bytes));
        let will = decoded.will.unwrap();
        assert_eq!(decoded.client_identifier, "id");
        assert_eq!((will.topic_name.as_str(), will.payload.as_bytes()), ("wt", &b"wm"[..]));
        assert_eq!((decoded.user_name.unwrap().as_str(), decoded.password.unwrap().as_bytes()), ("us", &b"pw"[..]));
        let written = Connect {
            will: Some(Will::new(TopicName::new("wt").unwrap(), BinaryData::new(b"wm").unwrap())),
            user_name: Some(Utf8String::new("us").unwrap()),
            password: Some(BinaryData::new(b"pw").unwrap()),
            ..new_connect(version, "id")
        };
        writes(written, version, &bytes);
        // A Will Message of bytes that no topic has, before its topic.
        let bytes = connect(version, 0xC6, &[parts[0], b"\x00\x02\xFF\xFF", parts[1], parts[3], parts[4]]);
        let at = connect_places(version).1 + 6;
        refuses(version, &bytes, Kind::IllFormedUtf8, Field::WillTopic, at, "MQTT-1.5.3-1", CLOSE);
    }
}

#[test]
fn mqtt_3_1_3_3_the_client_identifier_is_there_and_first() {
    // The payload begins with it, whatever the Connect Flags are; without it the packet is cut off.
    for version in BOTH {
        let (_, at) = connect_places(version);
        for flags in (0..=0xFF).filter(|flags| are_legal_connect_flags(*flags)) {
            for cut in 0..3 {
                let bytes = connect(version, flags, &[&b"\x00\x01c"[..cut]]);
                let field = Field::ClientIdentifier;
                refuses(version, &bytes, Kind::UnexpectedEnd, field, at, "MQTT-3.1.3-3", CLOSE);
            }
            let bytes = connect(version, flags, &[&connect_payload(flags)]);
            assert_eq!(connect_of(round_trips(version, &bytes)).client_identifier, "c");
        }
    }
}

#[test]
fn mqtt_3_1_3_4_the_client_identifier_is_a_string() {
    // It keeps the rules of strings.
    for version in BOTH {
        are_strings(version, |place| place.field == Field::ClientIdentifier);
    }
}

#[test]
fn mqtt_3_1_3_5_client_identifiers_of_23_letters_and_digits_are_usable() {
    // Every length from 1 to 23, every character of the 62.
    let alphabet: String = ('0'..='9').chain('a'..='z').chain('A'..='Z').collect();
    for version in BOTH {
        let strict =
            DecodeOptions::new(version).refuse_discouraged_characters(true).refuse_long_client_identifiers(true);
        for len in 1..=23 {
            for start in 0..=alphabet.len() - len {
                let text = alphabet.get(start..start + len).unwrap();
                let bytes = connect(version, 0x02, &[&string(text)]);
                assert_eq!(connect_of(round_trips(strict, &bytes)).client_identifier, text);
            }
        }
    }
}

#[test]
fn mqtt_3_1_3_6_the_client_identifier_may_be_empty() {
    // With Clean Session the server gives one.
    let bytes = connect(V3_1_1, 0x02, &[b"\x00\x00"]);
    assert!(connect_of(round_trips(V3_1_1, &bytes)).client_identifier.is_empty());
    writes(new_connect(V3_1_1, ""), V3_1_1, &bytes);
}

#[test]
fn mqtt_3_1_3_7_a_client_without_an_identifier_sets_clean_session() {
    // Without, it is not written.
    let connect = Connect { clean_start: false, ..new_connect(V3_1_1, "") };
    refuses_to_write(connect, V3_1_1, NotInVersion(V3_1_1), Field::ClientIdentifier, "MQTT-3.1.3-7");
    writes(Connect { clean_start: true, ..connect }, V3_1_1, b"\x10\x0C\x00\x04MQTT\x04\x02\x00\x3C\x00\x00");
    writes(
        Connect { clean_start: false, ..new_connect(V3_1_1, "c") },
        V3_1_1,
        b"\x10\x0D\x00\x04MQTT\x04\x00\x00\x3C\x00\x01c",
    );
}

#[test]
fn mqtt_3_1_3_8_an_empty_client_identifier_without_clean_session_is_answered_0x02() {
    // Whatever else is in the packet; by option it is left to the caller.
    let (_, at) = connect_places(V3_1_1);
    for flags in [0x00, 0x80, 0xC0, 0x04] {
        let payload = connect_payload(flags);
        let bytes = connect(V3_1_1, flags, &[b"\x00\x00", &payload[3..]]);
        let (kind, field) = (Kind::EmptyClientIdentifier, Field::ClientIdentifier);
        refuses(V3_1_1, &bytes, kind, field, at, "MQTT-3.1.3-8", IDENTIFIER_REJECTED);
        accepts(DecodeOptions::new(V3_1_1).allow_empty_client_identifier(true), &bytes);
        round_trips(V3_1_1, &connect(V3_1_1, flags | 0x02, &[b"\x00\x00", &payload[3..]]));
        round_trips(V3_1_1, &connect(V3_1_1, flags, &[&payload]));
    }
    let return_code = ConnAckReasonCode::new(IDENTIFIER_REJECTED).unwrap();
    writes(ConnAck::refused(return_code), V3_1_1, &[0x20, 0x02, 0x00, 0x02]);
}

#[test]
fn mqtt_3_1_3_10_the_will_topic_is_a_string() {
    // It keeps the rules of strings.
    for version in BOTH {
        are_strings(version, |place| place.field == Field::WillTopic);
    }
}

#[test]
fn mqtt_3_1_3_11_the_user_name_is_a_string() {
    // It keeps the rules of strings.
    for version in BOTH {
        are_strings(version, |place| place.field == Field::UserName);
    }
}

#[test]
fn mqtt_3_1_4_1_a_connect_is_judged_as_a_whole() {
    // A CONNECT with all its parts, cut at every place, and with a byte too many: closed without a CONNACK.
    let payload: [&[u8]; 5] = [b"\x00\x02id", b"\x00\x02wt", b"\x00\x02wm", b"\x00\x02us", b"\x00\x02pw"];
    let bytes = connect(V3_1_1, 0xEE, &payload);
    round_trips(V3_1_1, &bytes);
    let body = &bytes[2..];
    for cut in 0..body.len() {
        refuses_somehow(V3_1_1, &packet(0x10, &[&body[..cut]]), &[CLOSE]);
    }
    let longer = packet(0x10, &[body, b"\x00"]);
    refuses(V3_1_1, &longer, Kind::TrailingBytes, Field::Payload, bytes.len(), "section 2.2.3", CLOSE);
    for (at, value) in [(0, 0x11), (9, 0xEF), (9, 0xFE), (9, 0xEA), (9, 0x6E), (13, 0x03), (14, 0x00), (18, b'#')] {
        let mut broken = bytes.clone();
        broken[at] = value;
        refuses_somehow(V3_1_1, &broken, &[CLOSE]);
    }
}

// ---- 3.2 CONNACK, 3.3 PUBLISH ----

#[test]
fn mqtt_3_2_2_4_session_present_needs_success() {
    // With each of the return codes that refuse the connection.
    for code in 1..=5 {
        let bytes = [0x20, 0x02, 0x01, code];
        let kind = Kind::SessionPresentWithFailure;
        refuses(V3_1_1, &bytes, kind, Field::SessionPresent, 2, "MQTT-3.2.2-4", CLOSE);
        let bytes = [0x20, 0x02, 0x00, code];
        let Packet::ConnAck(connack) = round_trips(V3_1_1, &bytes) else { panic!() };
        assert!(!connack.session_present() && connack.reason_code().is_error());
        // A refusal cannot be given a session.
        writes(ConnAck::refused(connack.reason_code()), V3_1_1, &bytes);
    }
    for session_present in [false, true] {
        let bytes = [0x20, 0x02, session_present.into(), 0x00];
        let Packet::ConnAck(connack) = round_trips(V3_1_1, &bytes) else { panic!() };
        assert_eq!(connack.session_present(), session_present);
        writes(ConnAck::accepted(session_present), V3_1_1, &bytes);
    }
}

#[test]
fn mqtt_3_3_1_2_dup_is_0_at_qos_0() {
    // A PUBLISH of QoS 0 is never a duplicate; of QoS 1 and 2 it may be one.
    for retain in [0, 1] {
        let bytes = [0x38 | retain, 0x03, 0x00, 0x01, b'a'];
        refuses(V3_1_1, &bytes, Kind::DupAtQoS0, Field::Flags, 0, "MQTT-3.3.1-2", CLOSE);
        refuses(V3_1_1, &bytes[..1], Kind::DupAtQoS0, Field::Flags, 0, "MQTT-3.3.1-2", CLOSE);
        let bytes = [0x30 | retain, 0x03, 0x00, 0x01, b'a'];
        assert!(!publish(round_trips(V3_1_1, &bytes)).delivery.dup());
        for qos in [0x02, 0x04] {
            for dup in [0x00, 0x08] {
                let bytes = [0x30 | dup | qos | retain, 0x05, 0x00, 0x01, b'a', 0x00, 0x0A];
                assert_eq!(publish(round_trips(V3_1_1, &bytes)).delivery.dup(), dup != 0);
            }
        }
    }
}

#[test]
fn mqtt_3_3_1_4_the_qos_bits_are_not_both_1() {
    // There is no QoS 3; it shows in the first byte. In 3.1 it is reserved.
    for version in BOTH {
        for first_byte in [0x36, 0x37, 0x3E, 0x3F] {
            let bytes = [first_byte, 0x05, 0x00, 0x01, b'a', 0x00, 0x0A];
            refuses(version, &bytes, Kind::InvalidQoS, Field::Flags, 0, "MQTT-3.3.1-4", CLOSE);
            refuses(version, &bytes[..1], Kind::InvalidQoS, Field::Flags, 0, "MQTT-3.3.1-4", CLOSE);
        }
        for (first_byte, qos) in [(0x32, QoS::AtLeastOnce), (0x34, QoS::ExactlyOnce)] {
            let bytes = [first_byte, 0x05, 0x00, 0x01, b'a', 0x00, 0x0A];
            assert_eq!(publish(round_trips(version, &bytes)).delivery.qos(), qos);
        }
    }
}

#[test]
fn mqtt_3_3_2_1_the_topic_name_is_first_and_a_string() {
    // The variable header begins with the Topic Name, which keeps the rules of strings.
    for version in BOTH {
        are_strings(version, |place| place.field == Field::TopicName);
        for first_byte in [0x30, 0x32, 0x34] {
            for cut in 0..3 {
                let bytes = packet(first_byte, &[&b"\x00\x01a"[..cut]]);
                refuses(version, &bytes, Kind::UnexpectedEnd, Field::TopicName, 2, "section 2.2.3", CLOSE);
            }
        }
        let bytes = packet(0x32, &[b"\x00\x03a/b", b"\x00\x0A", b"hi"]);
        let decoded = publish(round_trips(version, &bytes));
        assert_eq!((decoded.topic(), decoded.payload), ("a/b", &b"hi"[..]));
    }
}

/// Neither + nor # may stand in these places, wherever in the text they are.
fn hold_no_wildcards(version: ProtocolVersion, field: Field, rule: &str) {
    for place in string_places(version).into_iter().filter(|place| place.field == field) {
        for (text, fault) in
            [("+", 0), ("#", 0), ("a/+", 2), ("a/#", 2), ("+/a", 0), ("1+1", 1), ("C#/code", 1), ("é+", 2)]
        {
            let (bytes, offset) = place.packet(text.as_bytes());
            refuses(version, &bytes, Kind::WildcardInTopicName, field, offset + fault, rule, CLOSE);
        }
        // The neighbours of `+` (2B) and `#` (23), and what is no wildcard here.
        for text in ["\"", "$", "*", ",", "a*b?c", "/", "$SYS/a", "$share/g/t"] {
            round_trips(version, &place.packet(text.as_bytes()).0);
        }
    }
}

#[test]
fn mqtt_3_3_2_2_the_topic_name_holds_no_wildcards() {
    // At any QoS.
    for version in BOTH {
        hold_no_wildcards(version, Field::TopicName, "MQTT-3.3.2-2");
    }
    assert_eq!(TopicName::new("a/+").unwrap_err().kind(), TextErrorKind::WildcardInTopicName);
}

// ---- 3.6 to 3.14 ----

/// The flags of one type, in 3.1.1: all 16.
fn has_the_flags(legal: u8, rule: &str) {
    let (packet_type, _, body) = minimal_packets(V3_1_1).into_iter().find(|(_, found, _)| *found == legal).unwrap();
    for flags in 0..16 {
        let first_byte = packet_type.as_u8() << 4 | flags;
        let bytes = packet(first_byte, &[&body]);
        if first_byte == legal {
            round_trips(V3_1_1, &bytes);
        } else {
            refuses(V3_1_1, &bytes, Kind::InvalidFlags, Field::Flags, 0, rule, CLOSE);
            refuses(V3_1_1, &bytes[..1], Kind::InvalidFlags, Field::Flags, 0, rule, CLOSE);
        }
    }
}

#[test]
fn mqtt_3_6_1_1_the_flags_of_pubrel_are_0010() {
    // All 16 values of the flags: any other is malformed.
    has_the_flags(0x62, "MQTT-3.6.1-1");
    writes(PubRel::new(identifier(10)), V3_1_1, &[0x62, 0x02, 0x00, 0x0A]);
}

#[test]
fn mqtt_3_8_1_1_the_flags_of_subscribe_are_0010() {
    // All 16 values of the flags: any other is malformed.
    has_the_flags(0x82, "MQTT-3.8.1-1");
}

#[test]
fn mqtt_3_8_3_1_the_topic_filters_of_subscribe_are_strings() {
    // Each one, the first and those behind it.
    for version in BOTH {
        are_strings(version, |place| place.first_byte == 0x82);
    }
}

#[test]
fn mqtt_3_8_3_3_a_subscribe_has_a_topic_filter() {
    // A payload without a pair of filter and QoS closes the connection.
    for version in BOTH {
        let bytes = [0x82, 0x02, 0x00, 0x0A];
        refuses(version, &bytes, Kind::EmptyPayload, Field::TopicFilter, 4, "MQTT-3.8.3-3", CLOSE);
        round_trips(version, &[0x82, 0x06, 0x00, 0x0A, 0x00, 0x01, b'a', 0x00]);
        assert!(Subscriptions::new(b"", version).is_err());
    }
    assert!(Subscriptions::builder_in(&mut [0; 8]).build().is_err());
}

/// A SUBSCRIBE of one filter with this QoS byte.
fn subscribe(filter: &str, qos: u8) -> Vec<u8> {
    packet(0x82, &[b"\x00\x0A", &string(filter), &[qos]])
}

fn qos_of(packet: Packet<&[u8]>) -> SubscriptionOptions {
    let Packet::Subscribe(subscribe) = packet else { panic!("{packet}") };
    subscribe.subscriptions.iter().last().unwrap().options
}

#[test]
fn mqtt_3_8_3_4_the_requested_qos_is_0_1_or_2() {
    // All 256 values of the byte, alone and behind another filter. (Misprinted as MQTT-3-8.3-4.)
    for value in 0..=0xFF {
        for bytes in [subscribe("a", value), packet(0x82, &[b"\x00\x0A", b"\x00\x01b\x01", b"\x00\x01a", &[value]])] {
            let at = bytes.len() - 1;
            let kind = match value {
                0..=2 => {
                    assert_eq!(qos_of(round_trips(V3_1_1, &bytes)), QoS::from_u8(value).unwrap().into());
                    continue;
                }
                3 => Kind::InvalidQoS,
                _ => Kind::ReservedSubscriptionOptions,
            };
            refuses(V3_1_1, &bytes, kind, Field::SubscriptionOptions, at, "MQTT-3-8.3-4", CLOSE);
        }
    }
    // What 5.0 has in these bits is not written.
    for options in [0x04, 0x08, 0x10, 0x20] {
        for version in BOTH {
            let mut storage = [0; 8];
            let options = SubscriptionOptions::from_byte(options).unwrap();
            let filter = TopicFilter::new("a").unwrap();
            let subscriptions = Subscriptions::builder_in(&mut storage).push(filter, options).build().unwrap();
            let subscribe = Subscribe::new(identifier(10), subscriptions);
            refuses_to_write(subscribe, version, NotInVersion(version), Field::SubscriptionOptions, "MQTT-3-8.3-4");
        }
    }
}

#[test]
fn mqtt_3_9_3_2_return_codes_of_suback_are_0x00_0x01_0x02_and_0x80() {
    // All 256 values, alone and behind others.
    for value in 0..=0xFF {
        for codes in [vec![value], vec![0x00, 0x80, value, 0x01]] {
            let bytes = packet(0x90, &[b"\x00\x0A", &codes]);
            let at = if codes.len() == 1 { 4 } else { 6 };
            if matches!(value, 0..=2 | 0x80) {
                let Packet::SubAck(suback) = round_trips(V3_1_1, &bytes) else { panic!() };
                assert!(suback.reason_codes().iter().map(SubAckReasonCode::as_u8).eq(codes));
            } else {
                let kind = Kind::InvalidReasonCode(value);
                refuses(V3_1_1, &bytes, kind, Field::ReasonCode, at, "MQTT-3.9.3-2", CLOSE);
            }
        }
        // What 5.0 has besides is not written.
        if SubAckReasonCode::from_u8(value).is_some() && !matches!(value, 0..=2 | 0x80) {
            let codes = [value];
            let suback = SubAck::new(identifier(10), ReasonCodes::new(&codes).unwrap()).unwrap();
            refuses_to_write(suback, V3_1_1, NotInVersion(V3_1_1), Field::ReasonCode, "MQTT-3.9.3-2");
        }
    }
}

#[test]
fn mqtt_3_10_1_1_the_flags_of_unsubscribe_are_0010() {
    // All 16 values of the flags: any other is malformed.
    has_the_flags(0xA2, "MQTT-3.10.1-1");
}

#[test]
fn mqtt_3_10_3_1_the_topic_filters_of_unsubscribe_are_strings() {
    // Each one, the first and those behind it, one after the other.
    for version in BOTH {
        are_strings(version, |place| place.first_byte == 0xA2);
        let bytes = packet(0xA2, &[b"\x00\x0A", b"\x00\x01a", b"\x00\x03b/+", b"\x00\x01#"]);
        let Packet::Unsubscribe(unsubscribe) = round_trips(version, &bytes) else { panic!() };
        assert!(unsubscribe.topic_filters.iter().map(|filter| filter.as_str()).eq(["a", "b/+", "#"]));
    }
}

#[test]
fn mqtt_3_10_3_2_an_unsubscribe_has_a_topic_filter() {
    // A payload without a filter closes the connection.
    for version in BOTH {
        let bytes = [0xA2, 0x02, 0x00, 0x0A];
        refuses(version, &bytes, Kind::EmptyPayload, Field::TopicFilter, 4, "MQTT-3.10.3-2", CLOSE);
        round_trips(version, &[0xA2, 0x05, 0x00, 0x0A, 0x00, 0x01, b'a']);
        assert!(TopicFilters::new(b"", version).is_err());
    }
    assert!(TopicFilters::builder_in(&mut [0; 8]).build().is_err());
}

#[test]
fn mqtt_3_14_1_1_the_flags_of_disconnect_are_0000() {
    // All 16 values of the flags: any other closes the connection.
    has_the_flags(0xE0, "MQTT-3.14.1-1");
    writes(Disconnect::default(), V3_1_1, &[0xE0, 0x00]);
}

// ---- 4 Operational behaviour, 6 WebSocket ----

#[test]
fn mqtt_4_3_1_1_a_publish_of_qos_0_is_written_with_dup_0() {
    // There is nothing by which a Publish of QoS 0 could say DUP.
    for version in BOTH {
        let mut publish = Publish::new(TopicName::new("a").unwrap(), b"hi");
        for (retain, first_byte) in [(false, 0x30), (true, 0x31)] {
            publish.retain = retain;
            for delivery in [Delivery::AtMostOnce, Delivery::AtMostOnce.duplicate()] {
                publish.delivery = delivery;
                writes(publish, version, &[first_byte, 0x05, 0x00, 0x01, b'a', b'h', b'i']);
            }
        }
    }
}

#[test]
fn mqtt_4_7_1_1_wildcards_are_for_topic_filters_only() {
    // Neither the Topic Name nor the Will Topic has them; Topic Filters may.
    for version in BOTH {
        hold_no_wildcards(version, Field::TopicName, "MQTT-3.3.2-2");
        hold_no_wildcards(version, Field::WillTopic, "MQTT-4.7.1-1");
    }
    for place in topic_filter_places(None) {
        for filter in ["+", "#", "a/+", "a/#", "+/+/#"] {
            for version in BOTH {
                round_trips(version, &place.packet(filter.as_bytes()).0);
            }
        }
    }
}

/// Filters that are wrong at a byte, and filters that are right; in each place of SUBSCRIBE and UNSUBSCRIBE.
fn filters_are(bad: &[(&str, usize)], kinds: (Kind, TextErrorKind), rule: &str, good: &[&str]) {
    for version in BOTH {
        for place in topic_filter_places(None) {
            for &(filter, fault) in bad {
                let (bytes, offset) = place.packet(filter.as_bytes());
                refuses(version, &bytes, kinds.0, Field::TopicFilter, offset + fault, rule, CLOSE);
            }
            for filter in good {
                round_trips(version, &place.packet(filter.as_bytes()).0);
            }
        }
    }
    for &(filter, fault) in bad {
        let error = TopicFilter::new_ordinary(filter).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (kinds.1, fault), "{filter}");
    }
    for filter in good {
        assert_eq!(TopicFilter::new_ordinary(*filter).unwrap(), *filter);
    }
}

#[test]
fn mqtt_4_7_1_2_a_multi_level_wildcard_is_the_whole_last_level() {
    // # stands alone or behind a /, and ends the filter.
    let bad = [
        ("a#", 1),
        ("#a", 0),
        ("##", 0),
        ("#/", 0),
        ("#/a", 0),
        ("a/#/b", 2),
        ("a/b#", 3),
        ("a/#b", 2),
        ("/#/", 1),
        ("sport/tennis#", 12),
        ("sport/tennis/#/ranking", 13),
        ("$share/g/a#", 10),
    ];
    let kinds = (Kind::MisplacedMultiLevelWildcard, TextErrorKind::MisplacedMultiLevelWildcard);
    let good = ["#", "a/#", "/#", "//#", "+/#", "a/+/#", "sport/tennis/#", "$SYS/#"];
    filters_are(&bad, kinds, "MQTT-4.7.1-2", &good);
}

#[test]
fn mqtt_4_7_1_3_a_single_level_wildcard_is_a_whole_level() {
    // + stands between two of /, start and end.
    let bad = [
        ("a+", 1),
        ("+a", 0),
        ("++", 0),
        ("a/+b", 2),
        ("a/b+", 3),
        ("a+/b", 1),
        ("/+a", 1),
        ("sport+", 5),
        ("$share/g+/a", 8),
    ];
    let kinds = (Kind::MisplacedSingleLevelWildcard, TextErrorKind::MisplacedSingleLevelWildcard);
    let good = ["+", "+/", "/+", "+/+", "a/+", "+/a", "a/+/b", "a/+/+/b", "+/tennis/#", "$SYS/+/x"];
    filters_are(&bad, kinds, "MQTT-4.7.1-3", &good);
}

fn matches(filter: &str, name: &str) -> bool {
    TopicFilter::new_ordinary(filter).unwrap().matches_ordinary(&TopicName::new(name).unwrap())
}

#[test]
fn mqtt_4_7_2_1_leading_wildcards_do_not_match_names_with_a_dollar_sign() {
    // The first character of the filter against the first of the name.
    for name in ["$SYS/monitor/Clients", "$", "$a", "$SYS", "$/a/b"] {
        for filter in ["#", "+", "+/#", "+/monitor/Clients", "+/monitor/#", "+/+/+", "+/+"] {
            assert!(!matches(filter, name), "{filter} {name}");
        }
        assert!(matches(name, name));
    }
    for (filter, name) in [
        ("$SYS/#", "$SYS/monitor/Clients"),
        ("$SYS/#", "$SYS"),
        ("$SYS/monitor/+", "$SYS/monitor/Clients"),
        ("#", "a/$b"),
        ("+/+", "a/$b"),
        ("#", "/$a"),
        ("+", "a$"),
    ] {
        assert!(matches(filter, name), "{filter} {name}");
    }
}

#[test]
fn mqtt_4_7_3_1_topics_have_a_character() {
    // Names and filters; in 3.x there is no alias that could stand for a name. The length of 0 is at fault.
    for version in BOTH {
        for place in string_places(version) {
            let (bytes, offset) = place.packet(b"");
            match place.field {
                Field::TopicName | Field::WillTopic | Field::TopicFilter => {
                    refuses(version, &bytes, Kind::EmptyTopic, place.field, offset - 2, "MQTT-4.7.3-1", CLOSE);
                }
                _ => {}
            }
            for text in ["a", "/", " "] {
                round_trips(version, &place.packet(text.as_bytes()).0);
            }
        }
    }
    assert_eq!(TopicName::new("").unwrap_err().kind(), TextErrorKind::EmptyTopic);
    assert_eq!(TopicFilter::new_ordinary("").unwrap_err().kind(), TextErrorKind::EmptyTopic);
}

#[test]
fn mqtt_4_7_3_2_topics_hold_no_u0000() {
    // The rule of strings, said again for topics.
    let is_topic = |place: &Place| !matches!(place.field, Field::ClientIdentifier | Field::UserName);
    for version in BOTH {
        for place in string_places(version).into_iter().filter(is_topic) {
            for (text, fault) in [(&b"\0"[..], 0), (b"a/\0", 2), (b"\0/a", 0)] {
                let (bytes, offset) = place.packet(text);
                refuses(version, &bytes, Kind::NulCharacter, place.field, offset + fault, "MQTT-1.5.3-2", CLOSE);
            }
            round_trips(version, &place.packet(b"a/\x01").0);
        }
    }
}

#[test]
fn mqtt_4_7_3_3_topics_have_at_most_65535_bytes() {
    // On the wire the length cannot say more; what is to be written is counted in bytes, not in characters.
    let texts = ["a".repeat(65_535), "/".repeat(65_535), "室".repeat(21_845)];
    for version in BOTH {
        for place in string_places(version) {
            for text in &texts {
                round_trips(version, &place.packet(text.as_bytes()).0);
            }
        }
    }
    for text in ["a".repeat(65_536), "é".repeat(32_768)] {
        assert_eq!(TopicName::new(text.as_str()).unwrap_err().kind(), TextErrorKind::TooLong);
        assert_eq!(TopicFilter::new_ordinary(text.as_str()).unwrap_err().kind(), TextErrorKind::TooLong);
        assert_eq!(Utf8String::new(text.as_str()).unwrap_err().kind(), TextErrorKind::TooLong);
    }
}

#[test]
fn mqtt_4_7_3_4_matching_compares_characters_as_they_are() {
    // No normalisation, no case folding, no trimming, no substitution.
    for (filter, name) in [
        ("ACCOUNTS", "Accounts"),
        ("\u{E9}", "e\u{301}"),
        ("\u{212B}", "\u{C5}"),
        ("\u{FEFF}a", "a"),
        ("a", "\u{FEFF}a"),
        ("a", "a "),
        ("ß", "ss"),
        ("%20", " "),
        ("a//b", "a/b"),
        ("a/", "a"),
        ("/a", "a"),
        ("a*", "ab"),
    ] {
        assert!(!matches(filter, name), "{filter} {name}");
        assert!(matches(filter, filter) && matches(name, name));
    }
}

#[test]
fn mqtt_6_0_0_2_packets_may_be_split_and_joined_anywhere() {
    // A WebSocket frame may hold a part of a packet, or many: all that is needed is more bytes.
    for version in BOTH {
        let packets = minimal_packets(version);
        let run: Vec<u8> = packets.iter().flat_map(|(_, first_byte, body)| packet(*first_byte, &[body])).collect();
        for frame_len in 1..=run.len() {
            let mut received = Vec::new();
            let mut decoded = Vec::new();
            for frame in run.chunks(frame_len) {
                received.extend_from_slice(frame);
                while let Some((packet, consumed)) = decode(&received, version).unwrap().complete() {
                    decoded.push(packet.packet_type());
                    received.drain(..consumed);
                }
            }
            assert!(received.is_empty());
            assert!(decoded.iter().eq(packets.iter().map(|(packet_type, ..)| packet_type)), "frames of {frame_len}");
        }
    }
}

// ---- Rules without a number ----

#[test]
fn t1_types_0_and_15_are_forbidden() {
    // With all flags; in 3.1 as well, which calls them reserved. There is no AUTH to write.
    for version in BOTH {
        for first_byte in (0x00..=0x0F).chain(0xF0..=0xFF) {
            for bytes in [&[first_byte][..], &[first_byte, 0x00], &[first_byte, 0x02, 0x00, 0x0A]] {
                refuses(version, bytes, Kind::ReservedPacketType, Field::PacketType, 0, "section 2.2.1", CLOSE);
            }
        }
        assert!(!PacketType::Reserved.exists_in(version) && !PacketType::Auth.exists_in(version));
        let properties = AuthProperties::new(b"\x15\x00\x01M").unwrap();
        let auth = Auth { reason_code: AuthReasonCode::CONTINUE_AUTHENTICATION, properties };
        refuses_to_write(auth, version, NotInVersion(version), Field::PacketType, "section 2.2.1");
    }
}

#[test]
fn t2_packets_flow_in_their_direction() {
    // Each type is refused from the side that does not send it, once the sender is known; DISCONNECT is a client's.
    use Sender::{Client, Either, Server};
    let senders = [
        Client, Server, Either, Either, Either, Either, Either, Client, Server, Client, Server, Client, Server, Client,
    ];
    for version in BOTH {
        for ((packet_type, first_byte, body), sender) in minimal_packets(version).into_iter().zip(senders) {
            let bytes = packet(first_byte, &[&body]);
            let packet = round_trips(version, &bytes);
            assert_eq!(packet_type.sender(version), sender);
            for side in [Client, Server] {
                let decoding = DecodeOptions::new(version).sender(side);
                let encoding = EncodeOptions::new(version).sender(side);
                if sender == Either || sender == side {
                    round_trips(decoding, &bytes);
                    writes(packet, encoding, &bytes);
                } else {
                    let (kind, field) = (Kind::WrongSender(side), Field::PacketType);
                    refuses(decoding, &bytes, kind, field, 0, "section 2.2.1", CLOSE);
                    refuses(decoding, &bytes[..1], kind, field, 0, "section 2.2.1", CLOSE);
                    refuses_to_write(packet, encoding, NotFromSender(side), field, "section 2.2.1");
                }
            }
        }
    }
}

#[test]
fn t3_remaining_length_has_at_most_four_bytes() {
    // A fifth byte is malformed, as soon as the fourth announces it.
    for version in BOTH {
        for (_, first_byte, _) in minimal_packets(version) {
            for length in
                [&b"\xFF\xFF\xFF\xFF"[..], b"\x80\x80\x80\x80", b"\x80\x80\x80\x80\x01", b"\xFF\xFF\xFF\xFF\x7F"]
            {
                let bytes = [&[first_byte], length].concat();
                let (kind, field) = (Kind::VariableByteIntegerTooLong, Field::RemainingLength);
                refuses(version, &bytes, kind, field, 1, "section 2.2.3", CLOSE);
            }
            let Ok(Decoded::Incomplete { .. }) = decode(&[first_byte, 0xFF, 0xFF, 0xFF], version) else { panic!() };
        }
        // The largest packet of all, which decoders after the first edition's pseudocode refuse.
        let (header, _) = decode_fixed_header(b"\x30\xFF\xFF\xFF\x7F", version).unwrap().complete().unwrap();
        assert_eq!(header.packet_len(), 268_435_460);
        let payload = vec![0x55; 2_097_152 - 3];
        round_trips(version, &[b"\x30\x80\x80\x80\x01\x00\x01a", &payload[..]].concat());
    }
}

#[test]
fn t4_remaining_length_is_that_of_the_fields() {
    // Types of a fixed length: no byte short, none left over.
    for version in BOTH {
        for (bytes, at) in [
            (packet(0x20, &[b"\x00\x00", b"\x00"]), 4),
            (packet(0x40, &[b"\x00\x0A", b"\x00"]), 4),
            (packet(0x50, &[b"\x00\x0A", b"\x00"]), 4),
            (packet(0x62, &[b"\x00\x0A", b"\x00\x00"]), 4),
            (packet(0x70, &[b"\x00\x0A", b"\x00"]), 4),
            (packet(0xB0, &[b"\x00\x0A", b"\x00"]), 4),
            (packet(0xC0, &[b"\x00"]), 2),
            (packet(0xD0, &[b"\x00"]), 2),
            (packet(0xE0, &[b"\x00"]), 2),
        ] {
            refuses(version, &bytes, Kind::TrailingBytes, Field::Payload, at, "section 2.2.3", CLOSE);
        }
        for (bytes, field, at) in [
            (packet(0x20, &[]), Field::AcknowledgeFlags, 2),
            (packet(0x20, &[b"\x00"]), Field::ReasonCode, 3),
            (packet(0x40, &[]), Field::PacketIdentifier, 2),
            (packet(0x40, &[b"\x00"]), Field::PacketIdentifier, 2),
            (packet(0x50, &[b"\x00"]), Field::PacketIdentifier, 2),
            (packet(0x62, &[b"\x00"]), Field::PacketIdentifier, 2),
            (packet(0x70, &[b"\x00"]), Field::PacketIdentifier, 2),
            (packet(0x82, &[b"\x00"]), Field::PacketIdentifier, 2),
            (packet(0x82, &[b"\x00\x0A", b"\x00"]), Field::TopicFilter, 4),
            (packet(0x90, &[b"\x00"]), Field::PacketIdentifier, 2),
            (packet(0xA2, &[b"\x00"]), Field::PacketIdentifier, 2),
            (packet(0xA2, &[b"\x00\x0A", b"\x00\x01a", b"\x00"]), Field::TopicFilter, 7),
            (packet(0xB0, &[b"\x00"]), Field::PacketIdentifier, 2),
            (packet(0x30, &[]), Field::TopicName, 2),
            (packet(0x32, &[b"\x00\x01a", b"\x00"]), Field::PacketIdentifier, 5),
        ] {
            refuses(version, &bytes, Kind::UnexpectedEnd, field, at, "section 2.2.3", CLOSE);
        }
        for (_, first_byte, body) in minimal_packets(version) {
            round_trips(version, &packet(first_byte, &[&body]));
        }
    }
}

#[test]
fn t5_strings_and_data_end_inside_of_the_packet() {
    // A length that runs past the end.
    for version in BOTH {
        for place in string_places(version) {
            let rule = match place.field {
                Field::ClientIdentifier => "MQTT-3.1.3-3",
                Field::WillTopic => "MQTT-3.1.2-9",
                Field::UserName => "MQTT-3.1.2-19",
                _ => "section 2.2.3",
            };
            let left = u16::try_from(place.after.len()).unwrap();
            for length in [0xFFFF, 0x0100, left + 3] {
                let text = [&u16::to_be_bytes(length)[..], b"ab"].concat();
                let bytes = packet(place.first_byte, &[&place.before, &text, place.after]);
                let at = 2 + place.before.len();
                refuses(version, &bytes, Kind::UnexpectedEnd, place.field, at, rule, CLOSE);
            }
        }
        let (_, payload_at) = connect_places(version);
        let bytes = connect(version, 0x06, &[b"\x00\x01c", b"\x00\x01w", b"\x00\x03hi"]);
        refuses(version, &bytes, Kind::UnexpectedEnd, Field::WillPayload, payload_at + 6, "MQTT-3.1.2-9", CLOSE);
        let bytes = connect(version, 0xC2, &[b"\x00\x01c", b"\x00\x01u", b"\x00\x03pw"]);
        refuses(version, &bytes, Kind::UnexpectedEnd, Field::Password, payload_at + 6, "MQTT-3.1.2-21", CLOSE);
    }
}

#[test]
fn t6_control_and_non_characters_are_accepted_unless_refused_by_option() {
    // Both sides of each range, in every string.
    for version in BOTH {
        let strict = DecodeOptions::new(version).refuse_discouraged_characters(true);
        for place in string_places(version) {
            for character in [
                '\u{1}',
                '\u{1F}',
                '\u{7F}',
                '\u{9F}',
                '\u{FDD0}',
                '\u{FDEF}',
                '\u{FFFE}',
                '\u{FFFF}',
                '\u{1FFFE}',
                '\u{10FFFF}',
            ] {
                let (bytes, offset) = place.packet(format!("é{character}b").as_bytes());
                round_trips(version, &bytes);
                let kind = Kind::DiscouragedCharacter;
                refuses(strict, &bytes, kind, place.field, offset + 2, "section 1.5.3", CLOSE);
            }
            for character in [" ", "~", "\u{A0}", "\u{FDCF}", "\u{FDF0}", "\u{FEFF}", "\u{FFFD}", "\u{10000}"] {
                round_trips(strict, &place.packet(character.as_bytes()).0);
            }
        }
    }
}

#[test]
fn t7_bits_7_to_1_of_the_connect_acknowledge_flags_are_0() {
    // All 256 values: only 0 and 1, Session Present, are legal.
    for flags in 0..=0xFF {
        let bytes = [0x20, 0x02, flags, 0x00];
        if flags > 1 {
            let (kind, field) = (Kind::ReservedAcknowledgeFlags, Field::AcknowledgeFlags);
            refuses(V3_1_1, &bytes, kind, field, 2, "section 3.2.2.1", CLOSE);
        } else {
            round_trips(V3_1_1, &bytes);
        }
    }
}

/// The return codes of CONNACK and the Reason Codes of the same meaning.
const RETURN_CODES: [(u8, ConnAckReasonCode); 6] = [
    (0x00, ConnAckReasonCode::SUCCESS),
    (0x01, ConnAckReasonCode::UNSUPPORTED_PROTOCOL_VERSION),
    (0x02, ConnAckReasonCode::CLIENT_IDENTIFIER_NOT_VALID),
    (0x03, ConnAckReasonCode::SERVER_UNAVAILABLE),
    (0x04, ConnAckReasonCode::BAD_USER_NAME_OR_PASSWORD),
    (0x05, ConnAckReasonCode::NOT_AUTHORIZED),
];

/// All 256 return codes of CONNACK, and all Reason Codes of 5.0.
fn has_the_return_codes(version: ProtocolVersion) {
    for value in 0..=0xFF {
        let bytes = [0x20, 0x02, 0x00, value];
        match RETURN_CODES.iter().find(|(code, _)| *code == value) {
            Some((_, expected)) => {
                let Packet::ConnAck(connack) = round_trips(version, &bytes) else { panic!() };
                assert_eq!(connack.reason_code(), *expected);
            }
            None => {
                let kind = Kind::InvalidReasonCode(value);
                refuses(version, &bytes, kind, Field::ReasonCode, 3, "section 3.2.2.3", CLOSE);
            }
        }
    }
    for reason_code in ConnAckReasonCode::ALL {
        let connack = ConnAck::<&[u8]>::refused(reason_code);
        match RETURN_CODES.iter().find(|(_, known)| *known == reason_code) {
            Some((code, _)) => writes(connack, version, &[0x20, 0x02, 0x00, *code]),
            None => refuses_to_write(connack, version, NotInVersion(version), Field::ReasonCode, "section 3.2"),
        }
    }
}

#[test]
fn t8_return_codes_of_connack_are_0_to_5() {
    // All others are reserved.
    has_the_return_codes(V3_1_1);
}

#[test]
fn t9_suback_has_a_return_code() {
    // There is a filter in every SUBSCRIBE, so there is a code in every SUBACK.
    for version in BOTH {
        let bytes = [0x90, 0x02, 0x00, 0x0A];
        refuses(version, &bytes, Kind::EmptyPayload, Field::ReasonCode, 4, "section 3.9.3", CLOSE);
        round_trips(version, &[0x90, 0x03, 0x00, 0x0A, 0x02]);
    }
    assert!(SubAck::new(identifier(10), ReasonCodes::<_, &[u8]>::default()).is_none());
}

#[test]
fn t10_each_topic_filter_of_subscribe_has_its_qos() {
    // A payload that ends behind a filter is malformed.
    for version in BOTH {
        for filters in [&b"\x00\x01a"[..], b"\x00\x01a\x00\x00\x01b", b"\x00\x01a\x00\x00\x01b\x01\x00\x03c/d"] {
            let bytes = packet(0x82, &[b"\x00\x0A", filters]);
            let (field, at) = (Field::SubscriptionOptions, bytes.len());
            refuses(version, &bytes, Kind::UnexpectedEnd, field, at, "section 3.8.3", CLOSE);
            round_trips(version, &packet(0x82, &[b"\x00\x0A", filters, b"\x02"]));
        }
    }
}

#[test]
fn t11_an_empty_topic_name_is_never_legal() {
    // 3.x has no aliases: not read, not written.
    for version in BOTH {
        for bytes in [packet(0x30, &[b"\x00\x00"]), packet(0x32, &[b"\x00\x00", b"\x00\x0A", b"hi"])] {
            refuses(version, &bytes, Kind::EmptyTopic, Field::TopicName, 2, "MQTT-4.7.3-1", CLOSE);
        }
        round_trips(version, &packet(0x30, &[b"\x00\x01/"]));
        let alias = mqtt_codec::PublishProperties::new(b"\x23\x00\x01").unwrap();
        let publish = Publish::with_alias_only(alias, b"").unwrap();
        refuses_to_write(publish, version, NotInVersion(version), Field::TopicName, "MQTT-4.7.3-1");
    }
}

#[test]
fn t12_a_publish_may_have_no_payload() {
    // A payload of no bytes is a message like any other.
    for version in BOTH {
        for bytes in [packet(0x30, &[b"\x00\x01a"]), packet(0x33, &[b"\x00\x01a", b"\x00\x0A"])] {
            assert!(publish(round_trips(version, &bytes)).payload.is_empty());
        }
    }
}

#[test]
fn t13_will_message_and_password_are_any_bytes_or_none() {
    // Binary, both; their content is never looked at.
    for version in BOTH {
        for data in [&b""[..], b"\0", b"\xFF\xFE", b"\xED\xA0\x80", b"a\x07"] {
            let strict = DecodeOptions::new(version).refuse_discouraged_characters(true).check_payload_format(true);
            let bytes =
                connect(version, 0xC6, &[b"\x00\x01c", b"\x00\x01w", &string(data), b"\x00\x01u", &string(data)]);
            let decoded = connect_of(round_trips(strict, &bytes));
            assert_eq!(decoded.will.unwrap().payload.as_bytes(), data);
            assert_eq!(decoded.password.unwrap().as_bytes(), data);
        }
    }
}

#[test]
fn t14_a_filter_with_share_is_the_callers_choice() {
    // Any text behind $share/ is accepted; the caller may take it for a shared subscription or not.
    for version in BOTH {
        for filter in
            ["$share/g/t", "$share/g", "$share/", "$share//t", "$share/+/t", "$share/#", "$share/a/$share/b/t"]
        {
            let bytes = subscribe(filter, 1);
            let Packet::Subscribe(subscribe) = round_trips(version, &bytes) else { panic!() };
            assert_eq!(subscribe.subscriptions.iter().next().unwrap().topic_filter, filter);
            let bytes = packet(0xA2, &[b"\x00\x0A", &string(filter)]);
            let Packet::Unsubscribe(unsubscribe) = round_trips(version, &bytes) else { panic!() };
            assert_eq!(unsubscribe.topic_filters.iter().next().unwrap(), filter);
        }
    }
    let (filter, name) = (TopicFilter::new_ordinary("$share/g/t").unwrap(), |name| TopicName::new(name).unwrap());
    assert!(filter.matches_ordinary(&name("$share/g/t")) && !filter.matches_ordinary(&name("t")));
    assert!(filter.matches(&name("t")) && !filter.matches(&name("$share/g/t")));
}

// ---- What differs in 3.1 ----

#[test]
fn v3_1_protocol_name_is_mqisdp() {
    // Name and level together tell the version, whatever the options say.
    let bytes = connect(V3_1, 0x02, &[b"\x00\x01c"]);
    assert_eq!(bytes[2..11], *b"\x00\x06MQIsdp\x03");
    for version in ProtocolVersion::ALL {
        assert_eq!(connect_of(round_trips(version, &bytes)).protocol_version, V3_1);
    }
    writes(new_connect(V3_1, "c"), V3_1, &bytes);
    assert_eq!(V3_1.protocol_name(), "MQIsdp");
}

#[test]
fn v3_1_protocol_level_is_3() {
    // All 256 levels with this name; MQTT with level 3 is no version either.
    for level in 0..=0xFF_u8 {
        let bytes = packet(0x10, &[b"\x00\x06MQIsdp", &[level], b"\x02\x00\x3C", b"\x00\x01c"]);
        if level == 3 {
            round_trips(V3_1, &bytes);
        } else {
            let (kind, field) = (Kind::UnsupportedProtocolVersion, Field::ProtocolVersion);
            refuses(V3_1, &bytes, kind, field, 10, "MQTT-3.1.2-2", UNACCEPTABLE_VERSION);
        }
    }
    let bytes = packet(0x10, &[b"\x00\x04MQTT\x03", b"\x02\x00\x3C", b"\x00\x01c"]);
    let (kind, field) = (Kind::UnsupportedProtocolVersion, Field::ProtocolVersion);
    refuses(V3_1, &bytes, kind, field, 8, "MQTT-3.1.2-2", UNACCEPTABLE_VERSION);
    assert_eq!(V3_1.level(), 3);
}

#[test]
fn v3_1_connect_variable_header_has_12_bytes() {
    // Two more than in 3.1.1: the payload begins at byte 14.
    let bytes = connect(V3_1, 0x02, &[b"\x00\x01c"]);
    assert_eq!(bytes[..], *b"\x10\x0F\x00\x06MQIsdp\x03\x02\x00\x3C\x00\x01c");
    let decoded = connect_of(round_trips(V3_1, &bytes));
    assert_eq!((decoded.keep_alive.as_seconds(), decoded.client_identifier.as_str()), (60, "c"));
}

#[test]
fn v3_1_wrong_name_or_level_is_answered_0x01() {
    // Enough has been parsed to answer.
    for name in [&b"MQIsdpx"[..], b"MQIsd", b"mqisdp", b""] {
        let bytes = packet(0x10, &[&string(name), b"\x03\x02\x00\x3C", b"\x00\x01c"]);
        let (kind, field) = (Kind::InvalidProtocolName, Field::ProtocolName);
        let at = if name.is_empty() { 2 } else { 4 };
        refuses(V3_1, &bytes, kind, field, at, "MQTT-3.1.2-1", UNACCEPTABLE_VERSION);
    }
    let code = ConnAckReasonCode::new(UNACCEPTABLE_VERSION).unwrap();
    writes(ConnAck::refused(code), V3_1, &[0x20, 0x02, 0x00, 0x01]);
}

#[test]
fn v3_1_unused_flags_may_have_any_value() {
    // Ten types with all 16 flags; they are written as 0000.
    for (packet_type, legal, body) in minimal_packets(V3_1) {
        if legal & 0x0F != 0 || packet_type == PacketType::Publish {
            continue;
        }
        let plain = packet(legal, &[&body]);
        for flags in 0..16 {
            let bytes = packet(legal | flags, &[&body]);
            assert!(rewrites(V3_1, &bytes, &plain) == round_trips(V3_1, &plain), "{packet_type} {flags:04b}");
        }
    }
    // A CONNECT of 3.1 is judged by 3.1, whatever the options say.
    let bytes = packet(0x1F, &[protocol(V3_1), b"\x02\x00\x3C\x00\x01c"]);
    accepts(V3_1_1, &bytes);
}

/// PUBREL, SUBSCRIBE and UNSUBSCRIBE of 3.1 with all 16 flags: QoS 1 is demanded, DUP and RETAIN are ignored.
fn has_the_flags_of_retries(first_bits: u8, rule: &str) {
    let (_, legal, body) = minimal_packets(V3_1).into_iter().find(|(_, found, _)| found & 0xF0 == first_bits).unwrap();
    let plain = packet(legal, &[&body]);
    for flags in 0..16 {
        let bytes = packet(first_bits | flags, &[&body]);
        if flags & 0b0110 == 0b0010 {
            assert!(rewrites(V3_1, &bytes, &plain) == round_trips(V3_1, &plain), "{flags:04b}");
        } else {
            refuses(V3_1, &bytes, Kind::InvalidFlags, Field::Flags, 0, rule, CLOSE);
        }
    }
}

#[test]
fn v3_1_pubrel_subscribe_and_unsubscribe_flags_are_qos_1() {
    // DUP 0 or 1 and RETAIN 0 or 1 beside it; written as 0010.
    has_the_flags_of_retries(0x60, "MQTT-3.6.1-1");
    has_the_flags_of_retries(0x80, "MQTT-3.8.1-1");
    has_the_flags_of_retries(0xA0, "MQTT-3.10.1-1");
}

#[test]
fn v3_1_dup_is_for_publish_pubrel_subscribe_and_unsubscribe() {
    // Of PUBLISH it is kept, with the Message ID that it implies; of the others it is a hint that nobody needs.
    for first_byte in [0x3A, 0x3B, 0x3C, 0x3D] {
        let bytes = packet(first_byte, &[b"\x00\x01a", b"\x00\x0A", b"hi"]);
        let decoded = publish(round_trips(V3_1, &bytes));
        assert!(decoded.delivery.dup() && decoded.delivery.packet_identifier() == Some(identifier(10)));
    }
    rewrites(V3_1, &[0x6A, 0x02, 0x00, 0x0A], &[0x62, 0x02, 0x00, 0x0A]);
    rewrites(V3_1, b"\x8A\x06\x00\x0A\x00\x01a\x01", b"\x82\x06\x00\x0A\x00\x01a\x01");
    rewrites(V3_1, b"\xAA\x05\x00\x0A\x00\x01a", b"\xA2\x05\x00\x0A\x00\x01a");
}

#[test]
fn v3_1_dup_at_qos_0_is_ignored() {
    // It is for QoS above 0; there is no rule against it.
    for retain in [0, 1] {
        let plain = [0x30 | retain, 0x05, 0x00, 0x01, b'a', b'h', b'i'];
        let mut bytes = plain;
        bytes[0] |= 0x08;
        assert!(rewrites(V3_1, &bytes, &plain) == round_trips(V3_1, &plain));
    }
}

#[test]
fn v3_1_qos_3_in_publish_closes() {
    // It is reserved.
    for first_byte in [0x36, 0x37, 0x3E, 0x3F] {
        let bytes = [first_byte, 0x05, 0x00, 0x01, b'a', 0x00, 0x0A];
        refuses(V3_1, &bytes, Kind::InvalidQoS, Field::Flags, 0, "MQTT-3.3.1-4", CLOSE);
    }
}

#[test]
fn v3_1_reserved_connect_flag_is_ignored() {
    // With all flags that are legal apart from it; it is written as 0.
    for flags in (0..=0xFF).filter(|flags| are_legal_connect_flags(*flags)) {
        let plain = connect(V3_1, flags, &[&connect_payload(flags)]);
        let bytes = connect(V3_1, flags | 1, &[&connect_payload(flags)]);
        assert!(rewrites(V3_1, &bytes, &plain) == round_trips(V3_1, &plain));
    }
}

#[test]
fn v3_1_will_flags_without_a_will_are_ignored() {
    // Will QoS, 3 included, and Will Retain; they are written as 0.
    for will_flags in (0..8).map(|bits| bits << 3) {
        for others in [0x00, 0x02, 0x80, 0xC2] {
            let plain = connect(V3_1, others, &[&connect_payload(others)]);
            let bytes = connect(V3_1, others | will_flags, &[&connect_payload(others)]);
            assert!(rewrites(V3_1, &bytes, &plain) == round_trips(V3_1, &plain), "{will_flags:08b}");
        }
    }
}

#[test]
fn v3_1_will_message_is_read_as_binary() {
    // The text wants ASCII; bytes are kept as they are.
    for message in [&b"ascii"[..], "é".as_bytes(), b"\xFF\x00", b""] {
        let bytes = connect(V3_1, 0x06, &[b"\x00\x01c", b"\x00\x01w", &string(message)]);
        assert_eq!(connect_of(round_trips(V3_1, &bytes)).will.unwrap().payload.as_bytes(), message);
    }
}

#[test]
fn v3_1_user_name_is_a_string_and_password_binary() {
    // Of any length: 12 characters are a recommendation.
    are_strings(V3_1, |place| place.field == Field::UserName);
    let long = "x".repeat(65_535);
    for (user_name, password) in [("123456789012", &b"123456789012"[..]), (&long, long.as_bytes()), ("u", b"\xFF\x00")]
    {
        let bytes = connect(V3_1, 0xC2, &[b"\x00\x01c", &string(user_name), &string(password)]);
        let decoded = connect_of(round_trips(V3_1, &bytes));
        assert_eq!(decoded.user_name.unwrap(), user_name);
        assert_eq!(decoded.password.unwrap().as_bytes(), password);
    }
}

#[test]
fn v3_1_missing_user_name_and_password_are_taken_for_unset_flags() {
    // The Remaining Length wins over the flags; what is there must be whole.
    let (_, payload_at) = connect_places(V3_1);
    for (flags, payload, canonical_flags) in [
        (0x82, &b"\x00\x01c"[..], 0x02),
        (0xC2, b"\x00\x01c", 0x02),
        (0xC2, b"\x00\x01c\x00\x01u", 0x82),
        (0xC6, b"\x00\x01c\x00\x01w\x00\x00", 0x06),
    ] {
        let canonical = connect(V3_1, canonical_flags, &[payload]);
        let bytes = connect(V3_1, flags, &[payload]);
        let decoded = connect_of(rewrites(V3_1, &bytes, &canonical));
        assert_eq!(decoded.user_name.is_some(), canonical_flags & 0x80 != 0);
        assert_eq!(decoded.password, None);
    }
    let bytes = connect(V3_1, 0xC2, &[b"\x00\x01c", b"\x00\x02u"]);
    refuses(V3_1, &bytes, Kind::UnexpectedEnd, Field::UserName, payload_at + 3, "MQTT-3.1.2-19", CLOSE);
    let bytes = connect(V3_1, 0xC2, &[b"\x00\x01c", b"\x00\x01u", b"\x00"]);
    refuses(V3_1, &bytes, Kind::UnexpectedEnd, Field::Password, payload_at + 6, "MQTT-3.1.2-21", CLOSE);
    // The Will is not among what may be missing.
    let bytes = connect(V3_1, 0x06, &[b"\x00\x01c"]);
    refuses(V3_1, &bytes, Kind::UnexpectedEnd, Field::WillTopic, payload_at + 3, "MQTT-3.1.2-9", CLOSE);
}

#[test]
fn v3_1_password_without_user_name_closes() {
    // Not valid in 3.1 either, and not written.
    let (at, _) = connect_places(V3_1);
    for payload in [&b"\x00\x01c\x00\x01p"[..], b"\x00\x01c"] {
        let bytes = connect(V3_1, 0x42, &[payload]);
        let (kind, field) = (Kind::PasswordWithoutUserName, Field::Password);
        refuses(V3_1, &bytes, kind, field, at, "MQTT-3.1.2-22", CLOSE);
    }
    let connect = Connect { password: Some(BinaryData::new(b"p").unwrap()), ..new_connect(V3_1, "c") };
    refuses_to_write(connect, V3_1, NotInVersion(V3_1), Field::Password, "MQTT-3.1.2-22");
}

#[test]
fn v3_1_client_identifier_is_not_empty_and_may_be_long() {
    // Empty: 0x02. More than 23 characters: accepted, or 0x02 by option.
    let (_, at) = connect_places(V3_1);
    let field = Field::ClientIdentifier;
    for flags in [0x00, 0x02] {
        let bytes = connect(V3_1, flags, &[b"\x00\x00"]);
        let kind = Kind::EmptyClientIdentifier;
        refuses(V3_1, &bytes, kind, field, at, "MQTT-3.1.3-8", IDENTIFIER_REJECTED);
        accepts(DecodeOptions::new(V3_1).allow_empty_client_identifier(true), &bytes);
        let connect = Connect { clean_start: flags != 0, ..new_connect(V3_1, "") };
        refuses_to_write(connect, V3_1, NotInVersion(V3_1), field, "MQTT-3.1.3-7");
    }
    let strict = DecodeOptions::new(V3_1).refuse_long_client_identifiers(true);
    for character in ["x", "é", "😀"] {
        let longest = connect(V3_1, 0x02, &[&string(character.repeat(23))]);
        round_trips(strict, &longest);
        let bytes = connect(V3_1, 0x02, &[&string(character.repeat(24))]);
        round_trips(V3_1, &bytes);
        let kind = Kind::ClientIdentifierTooLong;
        refuses(strict, &bytes, kind, field, at, "section 3.1.3.1", IDENTIFIER_REJECTED);
        // 3.1.1 has no such bound.
        let bytes = connect(V3_1_1, 0x02, &[&string(character.repeat(24))]);
        round_trips(strict, &bytes);
    }
}

#[test]
fn v3_1_clean_session_is_the_same_bit() {
    // Connect Flags bit 1.
    for (flags, clean) in [(0x00, false), (0x02, true)] {
        let bytes = connect(V3_1, flags, &[b"\x00\x01c"]);
        assert_eq!(connect_of(round_trips(V3_1, &bytes)).clean_start, clean);
    }
}

#[test]
fn v3_1_connack_byte_1_has_no_meaning() {
    // All 256 values, with success and with a failure; it is written as 0.
    for byte in 0..=0xFF {
        for code in [0x00, 0x05] {
            let bytes = [0x20, 0x02, byte, code];
            let Packet::ConnAck(connack) = rewrites(V3_1, &bytes, &[0x20, 0x02, 0x00, code]) else { panic!() };
            assert!(!connack.session_present());
        }
    }
    let session = ConnAck::<&[u8]>::accepted(true);
    refuses_to_write(session, V3_1, NotInVersion(V3_1), Field::SessionPresent, "section 3.2");
}

#[test]
fn v3_1_connack_return_codes_are_0_to_5() {
    // As in 3.1.1.
    has_the_return_codes(V3_1);
}

#[test]
fn v3_1_subscribe_qos_is_in_the_low_two_bits() {
    // All 256 values: the upper six bits are unused, 3 is an invalid packet; they are written as 0.
    for value in 0..=0xFF_u8 {
        let bytes = subscribe("a", value);
        if value & 3 == 3 {
            let (field, at) = (Field::SubscriptionOptions, bytes.len() - 1);
            refuses(V3_1, &bytes, Kind::InvalidQoS, field, at, "MQTT-3-8.3-4", CLOSE);
        } else {
            let options = qos_of(rewrites(V3_1, &bytes, &subscribe("a", value & 3)));
            assert_eq!(options, QoS::from_u8(value & 3).unwrap().into());
        }
    }
}

#[test]
fn v3_1_suback_failure_is_read_and_never_written() {
    // 3.1 has no code for it, and servers send 0x80 all the same.
    for value in 0..=0xFF_u8 {
        let bytes = [0x90, 0x03, 0x00, 0x0A, value];
        match value {
            0..=2 => {
                round_trips(V3_1, &bytes);
            }
            0x80 => {
                let Packet::SubAck(suback) = accepts(V3_1, &bytes) else { panic!() };
                assert!(suback.reason_codes().iter().all(SubAckReasonCode::is_error));
                refuses_to_write(suback, V3_1, NotInVersion(V3_1), Field::ReasonCode, "MQTT-3.9.3-2");
            }
            _ => {
                let kind = Kind::InvalidReasonCode(value);
                refuses(V3_1, &bytes, kind, Field::ReasonCode, 4, "MQTT-3.9.3-2", CLOSE);
            }
        }
    }
}

#[test]
fn v3_1_empty_payload_of_subscribe_and_unsubscribe_closes() {
    // Not addressed in 3.1; there is nothing to subscribe to.
    let field = Field::TopicFilter;
    refuses(V3_1, &[0x82, 0x02, 0x00, 0x0A], Kind::EmptyPayload, field, 4, "MQTT-3.8.3-3", CLOSE);
    refuses(V3_1, &[0xA2, 0x02, 0x00, 0x0A], Kind::EmptyPayload, field, 4, "MQTT-3.10.3-2", CLOSE);
}

#[test]
fn v3_1_message_id_0_is_invalid() {
    // It is reserved, in every packet that has a Message ID.
    for first_byte in [0x32, 0x34, 0x40, 0x50, 0x62, 0x70, 0x82, 0x90, 0xA2, 0xB0] {
        let (bytes, at) = with_identifier(first_byte, 0);
        let error = decode(&bytes, V3_1).unwrap_err();
        assert_eq!((error.kind(), error.offset(), error.reason_code()), (Kind::PacketIdentifierZero, at, CLOSE));
        round_trips(V3_1, &with_identifier(first_byte, 1).0);
    }
}

#[test]
fn v3_1_remaining_length_may_be_longer_than_needed() {
    // Up to four bytes; it counts variable header and payload, of SUBSCRIBE, UNSUBSCRIBE and SUBACK too.
    for (_, first_byte, body) in minimal_packets(V3_1) {
        let len = u8::try_from(body.len()).unwrap() | 0x80;
        for length in [&[len, 0x00][..], &[len, 0x80, 0x00], &[len, 0x80, 0x80, 0x00]] {
            let bytes = [&[first_byte], length, &body].concat();
            rewrites(V3_1, &bytes, &packet(first_byte, &[&body]));
        }
        let bytes = [&[first_byte][..], &[len, 0x80, 0x80, 0x80, 0x00], &body].concat();
        let (kind, field) = (Kind::VariableByteIntegerTooLong, Field::RemainingLength);
        refuses(V3_1, &bytes, kind, field, 1, "section 2.2.3", CLOSE);
    }
    // A length that counts the payload only leaves the packet cut off.
    refuses_somehow(V3_1, &[0x82, 0x04, 0x00, 0x0A, 0x00, 0x01, b'a', 0x01], &[CLOSE]);
}

#[test]
fn v3_1_strings_keep_the_rules_of_3_1_1() {
    // What Java's writeUTF makes of U+0000 and of supplementary characters is ill-formed.
    for place in string_places(V3_1) {
        for text in [&b"\xC0\x80"[..], b"\xED\xA0\xBD\xED\xB8\x80"] {
            let (bytes, at) = place.packet(text);
            refuses(V3_1, &bytes, Kind::IllFormedUtf8, place.field, at, "MQTT-1.5.3-1", CLOSE);
        }
        round_trips(V3_1, &place.packet("😀".as_bytes()).0);
    }
}

#[test]
fn v3_1_topic_name_length_is_65535() {
    // 32,767 characters in one place of the text, 64k in another: the length prefix decides.
    for len in [32_767, 32_768, 65_535] {
        let topic = "t".repeat(len);
        assert_eq!(publish(round_trips(V3_1, &packet(0x30, &[&string(&topic)]))).topic(), topic);
    }
}

#[test]
fn v3_1_wildcards_have_the_same_places() {
    // As in 3.1.1, in SUBSCRIBE and in UNSUBSCRIBE.
    for place in topic_filter_places(None) {
        for filter in ["#", "a/#", "+", "a/+/b", "+/#"] {
            round_trips(V3_1, &place.packet(filter.as_bytes()).0);
        }
        for (filter, kind, rule) in [
            ("a#", Kind::MisplacedMultiLevelWildcard, "MQTT-4.7.1-2"),
            ("a+", Kind::MisplacedSingleLevelWildcard, "MQTT-4.7.1-3"),
        ] {
            let (bytes, at) = place.packet(filter.as_bytes());
            refuses(V3_1, &bytes, kind, Field::TopicFilter, at + 1, rule, CLOSE);
        }
    }
}

#[test]
fn v3_1_topics_with_a_dollar_sign_match_as_in_3_1_1() {
    // 3.1 has no rule; a filter knows no version.
    assert!(!matches("#", "$SYS/a") && !matches("+/a", "$SYS/a") && matches("$SYS/#", "$SYS/a"));
    round_trips(V3_1, &subscribe("$SYS/#", 0));
}

#[test]
fn v3_1_zero_length_topic_is_refused() {
    // At least one character, in names and in filters.
    let bytes = packet(0x30, &[b"\x00\x00"]);
    refuses(V3_1, &bytes, Kind::EmptyTopic, Field::TopicName, 2, "MQTT-4.7.3-1", CLOSE);
    for place in topic_filter_places(None) {
        let (bytes, at) = place.packet(b"");
        refuses(V3_1, &bytes, Kind::EmptyTopic, Field::TopicFilter, at - 2, "MQTT-4.7.3-1", CLOSE);
    }
}

#[test]
fn v3_1_retry_within_a_connection_is_the_sessions_to_know() {
    // The same packet again, with DUP, is accepted.
    let first = packet(0x32, &[b"\x00\x01a", b"\x00\x0A", b"hi"]);
    let again = packet(0x3A, &[b"\x00\x01a", b"\x00\x0A", b"hi"]);
    let mut publish = publish(round_trips(V3_1, &first));
    publish.delivery = publish.delivery.duplicate();
    writes(publish, V3_1, &again);
    assert!(accepts(V3_1, &again) == publish.into());
}

#[test]
fn v3_1_unauthorised_requests_have_no_negative_answer() {
    // PUBACK and UNSUBACK say nothing but success, SUBACK nothing but a QoS.
    let quota = mqtt_codec::PubAckReasonCode::QUOTA_EXCEEDED;
    let puback = PubAck::<&[u8]> { reason_code: quota, ..PubAck::new(identifier(10)) };
    for version in BOTH {
        refuses_to_write(puback, version, NotInVersion(version), Field::ReasonCode, "section 3.4");
        writes(PubAck::new(identifier(10)), version, &[0x40, 0x02, 0x00, 0x0A]);
        let codes = ReasonCodes::new(&[0x87]).unwrap();
        let unsuback = UnsubAck { reason_codes: codes, ..UnsubAck::new(identifier(10)) };
        refuses_to_write(unsuback, version, NotInVersion(version), Field::ReasonCode, "section 3.11");
        writes(UnsubAck::new(identifier(10)), version, &[0xB0, 0x02, 0x00, 0x0A]);
    }
    let suback = SubAck::new(identifier(10), ReasonCodes::new(&[0x80]).unwrap()).unwrap();
    refuses_to_write(suback, V3_1, NotInVersion(V3_1), Field::ReasonCode, "MQTT-3.9.3-2");
    writes(suback, V3_1_1, &[0x90, 0x03, 0x00, 0x0A, 0x80]);
}

// ---- Extensions met in practice ----

#[test]
fn e1_a_bridge_marks_its_protocol_level_with_bit_7() {
    // Refused by default; by option read, reported apart from the level, and written. Never with level 5.
    let (kind, field) = (Kind::UnsupportedProtocolVersion, Field::ProtocolVersion);
    for version in BOTH {
        let lenient = DecodeOptions::new(version).allow_bridge_bit(true);
        let mut bytes = connect(version, 0x02, &[b"\x00\x01c"]);
        let plain = bytes.clone();
        let at = connect_places(version).0 - 1;
        bytes[at] |= 0x80;
        refuses(version, &bytes, kind, field, at, "MQTT-3.1.2-2", UNACCEPTABLE_VERSION);
        let decoded = connect_of(round_trips(lenient, &bytes));
        assert_eq!((decoded.protocol_version, decoded.bridge), (version, true));
        writes(Connect { bridge: true, ..new_connect(version, "c") }, version, &bytes);
        let decoded = connect_of(round_trips(lenient, &plain));
        assert_eq!((decoded.protocol_version, decoded.bridge), (version, false));
        // Only the level of the name.
        bytes[at] ^= 0x07;
        refuses(lenient, &bytes, kind, field, at, "MQTT-3.1.2-2", UNACCEPTABLE_VERSION);
    }
    let bytes = packet(0x10, &[b"\x00\x04MQTT\x85\x02\x00\x3C", b"\x00", b"\x00\x01c"]);
    let lenient = DecodeOptions::new(V3_1_1).allow_bridge_bit(true);
    refuses(lenient, &bytes, kind, field, 8, "MQTT-3.1.2-2", UNACCEPTABLE_VERSION);
}

#[test]
fn e2_suback_0x80_is_read_by_clients_of_3_1() {
    // Among other codes too.
    let bytes = [0x90, 0x05, 0x00, 0x0A, 0x01, 0x80, 0x00];
    let Packet::SubAck(suback) = accepts(V3_1, &bytes) else { panic!() };
    let failed = suback.reason_codes().iter().map(SubAckReasonCode::is_error);
    assert!(failed.eq([false, true, false]));
}

#[test]
fn e3_shared_subscriptions_in_3_x_are_left_to_the_caller() {
    // $share and the older $queue are text; the caller may ask for the parts.
    for filter in ["$share/g/a/+", "$queue/a/+"] {
        for version in BOTH {
            round_trips(version, &subscribe(filter, 1));
        }
    }
    let filter = TopicFilter::new_ordinary("$share/g/a/+").unwrap();
    let shared = filter.shared_subscription().unwrap();
    assert_eq!((shared.share_name, shared.topic_filter.as_str()), ("g", "a/+"));
    assert!(TopicFilter::new_ordinary("$queue/a/+").unwrap().shared_subscription().is_none());
    // Text that 5.0 does not allow is written to 3.x only.
    let ordinary = TopicFilters::new(b"\x00\x08$share/g", V3_1_1).unwrap();
    let unsubscribe = Unsubscribe::new(identifier(10), ordinary);
    writes(unsubscribe, V3_1_1, b"\xA2\x0C\x00\x0A\x00\x08$share/g");
    refuses_to_write(unsubscribe, V5, NotInVersion(V5), Field::TopicFilter, "MQTT-4.8.2-2");
}

#[test]
fn e4_client_identifiers_may_be_long_and_of_any_characters() {
    // Everywhere in use.
    for version in BOTH {
        for text in ["012345678901234567890123", "a-b_c/d e", "é", "+#"] {
            let bytes = connect(version, 0x02, &[&string(text)]);
            assert_eq!(connect_of(round_trips(version, &bytes)).client_identifier, text);
        }
        let text = "x".repeat(65_535);
        let bytes = connect(version, 0x02, &[&string(&text)]);
        assert_eq!(connect_of(round_trips(version, &bytes)).client_identifier, text.as_str());
    }
}

#[test]
fn e5_an_empty_client_identifier_without_clean_session_is_accepted_by_option() {
    // Some servers do; without the option the answer is 0x02.
    for version in BOTH {
        let bytes = connect(version, 0x00, &[b"\x00\x00"]);
        let (kind, field, at) = (Kind::EmptyClientIdentifier, Field::ClientIdentifier, connect_places(version).1);
        refuses(version, &bytes, kind, field, at, "MQTT-3.1.3-8", IDENTIFIER_REJECTED);
        let lenient = DecodeOptions::new(version).allow_empty_client_identifier(true);
        let decoded = connect_of(accepts(lenient, &bytes));
        assert!(decoded.client_identifier.is_empty() && !decoded.clean_start);
    }
}

#[test]
fn e6_a_client_of_5_0_recognises_a_connack_of_3_x() {
    // A server that does not serve level 5 answers in its own form.
    let bytes = [0x20, 0x02, 0x00, 0x01];
    assert_eq!(decode(&bytes, V5).unwrap_err().kind(), Kind::ServerSpeaksVersion3);
    for version in BOTH {
        let Packet::ConnAck(connack) = round_trips(version, &bytes) else { panic!() };
        assert_eq!(connack.reason_code(), ConnAckReasonCode::UNSUPPORTED_PROTOCOL_VERSION);
    }
}

#[test]
fn e7_an_unsupported_version_is_told_in_the_form_of_3_x_or_of_5_0() {
    // Both can be read: each in its version.
    let Packet::ConnAck(old) = accepts(V3_1_1, &[0x20, 0x02, 0x00, 0x01]) else { panic!() };
    let Packet::ConnAck(new) = accepts(V5, &[0x20, 0x03, 0x00, 0x84, 0x00]) else { panic!() };
    assert_eq!(old.reason_code(), new.reason_code());
}

// ---- Points at which implementations differ ----

#[test]
fn p1_a_longer_remaining_length_is_accepted() {
    // 3.x has no rule of the fewest bytes; 5.0 has.
    for version in BOTH {
        for (_, first_byte, body) in minimal_packets(version) {
            let len = u8::try_from(body.len()).unwrap() | 0x80;
            for length in [&[len, 0x00][..], &[len, 0x80, 0x00], &[len, 0x80, 0x80, 0x00]] {
                let bytes = [&[first_byte], length, &body].concat();
                rewrites(version, &bytes, &packet(first_byte, &[&body]));
            }
        }
    }
    assert!(decode(&[0xC0, 0x80, 0x00], V5).is_err());
    for (len, length) in [(127, &b"\x7F"[..]), (128, b"\x80\x01"), (16_383, b"\xFF\x7F"), (16_384, b"\x80\x80\x01")] {
        assert_eq!(variable_byte_integer(len), length);
        let bytes = [b"\x30", length, b"\x00\x01a", &vec![0x55; len - 3]].concat();
        round_trips(V3_1_1, &bytes);
    }
}

#[test]
fn p2_dup_at_qos_0_closes_or_is_ignored_by_option() {
    // In 3.1.1; in 3.1 it is ignored.
    let bytes = [0x38, 0x03, 0x00, 0x01, b'a'];
    refuses(V3_1_1, &bytes, Kind::DupAtQoS0, Field::Flags, 0, "MQTT-3.3.1-2", CLOSE);
    let lenient = DecodeOptions::new(V3_1_1).allow_dup_at_qos_0(true);
    rewrites(lenient, &bytes, &[0x30, 0x03, 0x00, 0x01, b'a']);
    rewrites(V3_1, &bytes, &[0x30, 0x03, 0x00, 0x01, b'a']);
}

#[test]
fn p3_a_password_without_a_user_name_closes() {
    // 5.0 has it otherwise.
    for version in BOTH {
        let bytes = connect(version, 0x42, &[b"\x00\x01c", b"\x00\x01p"]);
        let (kind, field, at) = (Kind::PasswordWithoutUserName, Field::Password, connect_places(version).0);
        refuses(version, &bytes, kind, field, at, "MQTT-3.1.2-22", CLOSE);
    }
}

#[test]
fn p4_a_wildcard_in_a_topic_name_has_a_kind_of_its_own() {
    // It closes the connection, in PUBLISH and in the Will.
    let bytes = packet(0x30, &[b"\x00\x03a/#"]);
    refuses(V3_1_1, &bytes, Kind::WildcardInTopicName, Field::TopicName, 6, "MQTT-3.3.2-2", CLOSE);
    let bytes = connect(V3_1_1, 0x06, &[b"\x00\x01c", b"\x00\x03a/+", b"\x00\x00"]);
    refuses(V3_1_1, &bytes, Kind::WildcardInTopicName, Field::WillTopic, 19, "MQTT-4.7.1-1", CLOSE);
}

#[test]
fn p5_a_bad_topic_filter_is_told_from_a_bad_packet() {
    // The kinds tell what is wrong, and the frame is known, so that a server can go on.
    for (filter, kind) in
        [("", Kind::EmptyTopic), ("a#", Kind::MisplacedMultiLevelWildcard), ("a+", Kind::MisplacedSingleLevelWildcard)]
    {
        for bytes in [subscribe(filter, 0), packet(0xA2, &[b"\x00\x0A", &string(filter)])] {
            let error = decode(&bytes, V3_1_1).unwrap_err();
            assert_eq!((error.kind(), error.field(), error.reason_code()), (kind, Field::TopicFilter, CLOSE));
            let (header, _) = decode_fixed_header(&bytes, V3_1_1).unwrap().complete().unwrap();
            assert_eq!(header.packet_len(), bytes.len());
        }
    }
}

#[test]
fn p6_bytes_behind_the_last_field_close() {
    // In every packet that does not end in a list or a payload.
    for version in BOTH {
        for (packet_type, first_byte, body) in minimal_packets(version) {
            let bytes = packet(first_byte, &[&body, b"\x00"]);
            match packet_type {
                PacketType::Publish | PacketType::SubAck => {
                    round_trips(version, &bytes);
                }
                PacketType::Subscribe | PacketType::Unsubscribe => {
                    let (field, at) = (Field::TopicFilter, bytes.len() - 1);
                    refuses(version, &bytes, Kind::UnexpectedEnd, field, at, "section 2.2.3", CLOSE);
                }
                PacketType::Connect => {
                    let (field, at) = (Field::UserName, bytes.len() - 1);
                    refuses(version, &bytes, Kind::TrailingBytes, field, at, "MQTT-3.1.2-18", CLOSE);
                }
                _ => {
                    let (field, at) = (Field::Payload, bytes.len() - 1);
                    refuses(version, &bytes, Kind::TrailingBytes, field, at, "section 2.2.3", CLOSE);
                }
            }
        }
    }
}

#[test]
fn p7_session_present_with_a_failure_closes() {
    // A client that takes it for a session is mistaken.
    let bytes = [0x20, 0x02, 0x01, 0x05];
    refuses(V3_1_1, &bytes, Kind::SessionPresentWithFailure, Field::SessionPresent, 2, "MQTT-3.2.2-4", CLOSE);
}

#[test]
fn p8_reserved_return_codes_of_suback_close() {
    // Those of 5.0 among them.
    for version in BOTH {
        for code in [0x03, 0x7F, 0x81, 0x83, 0x87, 0x8F, 0x97, 0xFF] {
            let kind = Kind::InvalidReasonCode(code);
            let bytes = [0x90, 0x03, 0x00, 0x0A, code];
            refuses(version, &bytes, kind, Field::ReasonCode, 4, "MQTT-3.9.3-2", CLOSE);
        }
    }
}

#[test]
fn p9_dup_in_subscribe_unsubscribe_and_pubrel_is_accepted_in_3_1() {
    // 3.1.1 has none there.
    for bytes in [&b"\x6A\x02\x00\x0A"[..], b"\x8A\x06\x00\x0A\x00\x01a\x01", b"\xAA\x05\x00\x0A\x00\x01a"] {
        accepts(V3_1, bytes);
        let rule = flags_rule(PacketType::from_first_byte(bytes[0]));
        refuses(V3_1_1, bytes, Kind::InvalidFlags, Field::Flags, 0, rule, CLOSE);
    }
}
