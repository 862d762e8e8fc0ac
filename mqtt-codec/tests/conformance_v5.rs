//! MQTT 5.0: one test for each normative statement that one packet can keep or break, named by its number.
//!
//! `mqtt_…` are the statements of the standard's Appendix B, `u…` its rules without a number, `p…` the points at which
//! implementations differ and the verdict that was chosen. `conformance/v5.txt` is the list of all of them. What the bytes
//! of a packet cannot show (sessions, time, the order of packets) is not here.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
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
use mqtt_codec::PropertyIdentifier as Id;
use mqtt_codec::ProtocolVersion::{V3_1_1, V5};
use mqtt_codec::{
    Auth, AuthProperties, AuthReasonCode, BinaryData, BuildError, ConnAck, ConnAckProperties, ConnAckReasonCode,
    Connect, ConnectProperties, DecodeOptions, Decoded, Delivery, Disconnect, DisconnectProperties,
    DisconnectReasonCode, Encode, EncodeOptions, Field, Packet, PacketIdentifier, PacketReasonCode, PacketType,
    PayloadFormat, Property, ProtocolVersion, PubAck, PubAckProperties, PubAckReasonCode, PubComp, PubRec, PubRel,
    PubRelReasonCode, Publish, PublishProperties, QoS, ReasonCode, ReasonCodes, RetainHandling, Sender, SubAck,
    SubAckReasonCode, Subscribe, SubscribeProperties, SubscriptionIdentifier, SubscriptionOptions,
    SubscriptionOptionsError, Subscriptions, TextErrorKind, TopicFilter, TopicFilters, TopicName, UnsubAck,
    UnsubAckReasonCode, Unsubscribe, UnsubscribeProperties, Utf8String, VariableByteInteger, Will, WillProperties,
    decode, decode_fixed_header,
};

const MALFORMED: ReasonCode = ReasonCode::MALFORMED_PACKET;
const PROTOCOL_ERROR: ReasonCode = ReasonCode::PROTOCOL_ERROR;
const UNSUPPORTED_VERSION: ReasonCode = ReasonCode::UNSUPPORTED_PROTOCOL_VERSION;

/// A place where properties stand: what is before their length and behind them, and which the standard has there.
struct Home {
    name: &'static str,
    packet_type: PacketType,
    first_byte: u8,
    before: &'static [u8],
    after: &'static [u8],
    allowed: &'static [u8],
    /// The field that the properties are, and the one that their length is.
    fields: (Field, Field),
}

const OF_PACKET: (Field, Field) = (Field::Properties, Field::PropertyLength);
const OF_WILL: (Field, Field) = (Field::WillProperties, Field::WillPropertyLength);

/// All of them, with the rows of the standard's table of properties.
const HOMES: [Home; 14] = [
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
    /// The packet with these properties, and where their first byte is.
    fn packet(&self, properties: &[u8]) -> (Vec<u8>, usize) {
        let length = variable_byte_integer(properties.len());
        let bytes = packet(self.first_byte, &[self.before, &length, properties, self.after]);
        let offset = bytes.len() - self.after.len() - properties.len();
        (bytes, offset)
    }

    /// What must be there so that the property may: the Authentication Method, where there is a rule about it.
    fn companion(&self, identifier: u8) -> &'static [u8] {
        let needs_method = match self.packet_type {
            PacketType::Connect => identifier == 0x16 && self.fields == OF_PACKET,
            PacketType::Auth => identifier != 0x15,
            _ => false,
        };
        if needs_method { b"\x15\x00\x01M" } else { b"" }
    }

    /// The packet with these bytes among its properties, behind what the property needs, and where they are.
    fn packet_with(&self, identifier: u8, property: &[u8]) -> (Vec<u8>, usize) {
        let companion = self.companion(identifier);
        let (bytes, offset) = self.packet(&[companion, property].concat());
        (bytes, offset + companion.len())
    }

    fn homes_of(identifier: u8) -> impl Iterator<Item = &'static Self> {
        HOMES.iter().filter(move |home| home.allowed.contains(&identifier))
    }

    fn named(name: &str) -> &'static Self {
        HOMES.iter().find(|home| home.name == name).unwrap()
    }
}

/// A legal property of each identifier, from the standard's table of their types.
const SAMPLES: [(u8, &[u8]); 27] = [
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

fn sample(identifier: u8) -> &'static [u8] {
    SAMPLES.iter().find(|(number, _)| *number == identifier).unwrap().1
}

fn id(identifier: u8) -> Id {
    Id::from_u8(identifier).unwrap()
}

/// Puts a string, with its length, into a packet.
type Build = dyn Fn(&[u8]) -> Vec<u8>;

/// A place where a string stands.
struct Place {
    name: String,
    field: Field,
    /// Is it a Topic Name, a Topic Filter, or any text?
    text: Text,
    build: Box<Build>,
    /// How many bytes there are behind the string.
    behind: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum Text {
    Any,
    TopicName,
    TopicFilter,
}

impl Place {
    /// The packet with this text in the place, and where its first byte is, behind its length.
    fn packet(&self, text: &[u8]) -> (Vec<u8>, usize) {
        let bytes = (self.build)(&string(text));
        let offset = bytes.len() - self.behind - text.len();
        (bytes, offset)
    }

    /// The packet with these bytes in the place, in which the string's length is wrong, and where they are.
    fn packet_of_raw(&self, raw: &[u8]) -> (Vec<u8>, usize) {
        let bytes = (self.build)(raw);
        let offset = bytes.len() - self.behind - raw.len();
        (bytes, offset)
    }
}

fn field_place(
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
fn string_fields() -> Vec<Place> {
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
fn string_properties() -> Vec<Place> {
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

fn string_places() -> Vec<Place> {
    let places: Vec<_> = string_fields().into_iter().chain(string_properties()).collect();
    // CONNECT 3 + 3, the Will 4, CONNACK 7, PUBLISH 3 + 4, four acknowledgements 3 each, SUBSCRIBE 2 + 2, SUBACK 3,
    // UNSUBSCRIBE 2 + 2, UNSUBACK 3, DISCONNECT 4, AUTH 4
    assert_eq!(places.len(), 58);
    places
}

/// A CONNECT without properties, from its Connect Flags and its payload. The flags are byte 9, the payload begins at
/// byte 13.
fn connect(flags: u8, payload: &[&[u8]]) -> Vec<u8> {
    let bytes = packet(0x10, &[b"\x00\x04MQTT\x05", &[flags], b"\x00\x3C", b"\x00", &payload.concat()]);
    assert!(bytes.len() < 128);
    bytes
}

const CONNECT_FLAGS_AT: usize = 9;
const CONNECT_PAYLOAD_AT: usize = 13;

/// The payload that goes with these Connect Flags: Client Identifier, Will, User Name, Password.
fn connect_payload(flags: u8) -> Vec<u8> {
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
fn are_legal_connect_flags(flags: u8) -> bool {
    let will_qos = flags >> 3 & 0b11;
    let will = if flags & 0b100 == 0 { will_qos == 0 && flags & 0b10_0000 == 0 } else { will_qos != 3 };
    flags & 1 == 0 && will
}

/// The shortest packet of each type, as a first byte and a body.
const MINIMAL: [(PacketType, u8, &[u8]); 15] = [
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

fn minimal(packet_type: PacketType) -> Vec<u8> {
    let (_, first_byte, body) = MINIMAL.into_iter().find(|(found, ..)| *found == packet_type).unwrap();
    packet(first_byte, &[body])
}

/// The rule that is told for fixed header flags: some packets have one of their own.
fn flags_rule(packet_type: PacketType) -> &'static str {
    match packet_type {
        PacketType::PubRel => "MQTT-3.6.1-1",
        PacketType::Subscribe => "MQTT-3.8.1-1",
        PacketType::Unsubscribe => "MQTT-3.10.1-1",
        PacketType::Disconnect => "MQTT-3.14.1-1",
        PacketType::Auth => "MQTT-3.15.1-1",
        _ => "MQTT-2.1.3-1",
    }
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

/// Ill-formed UTF-8, and where in it the fault begins.
const ILL_FORMED: [(&[u8], usize); 30] = [
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
    let ids = check_list(include_str!("conformance/v5.txt"), include_str!("conformance_v5.rs"));
    let of = |prefix: &str| ids.iter().filter(|id| id.starts_with(prefix)).count();
    // As many as the standard has: a shorter list would hide a missing test.
    assert_eq!((of("mqtt_"), of("u"), of("p"), ids.len()), (81, 36, 26, 143));
}

// ---- 1.5 Data representation ----

#[test]
fn mqtt_1_5_4_1_strings_are_well_formed_utf8() {
    // Shortest form, no surrogates, nothing past U+10FFFF; in every string of every packet.
    for place in string_places() {
        for (text, fault) in ILL_FORMED {
            let (bytes, offset) = place.packet(text);
            refuses(V5, &bytes, Kind::IllFormedUtf8, place.field, offset + fault, "MQTT-1.5.4-1", MALFORMED);
        }
        for text in WELL_FORMED {
            round_trips(V5, &place.packet(text.as_bytes()).0);
        }
    }
    for (text, fault) in ILL_FORMED {
        for error in
            [Utf8String::new(text).unwrap_err(), TopicName::new(text).unwrap_err(), TopicFilter::new(text).unwrap_err()]
        {
            assert_eq!((error.kind(), error.offset()), (TextErrorKind::IllFormedUtf8, fault), "{text:02X?}");
        }
    }
}

#[test]
fn mqtt_1_5_4_1_every_pair_of_first_bytes_is_judged_by_the_table() {
    // The table of well-formed UTF-8, in full for the two bytes that decide.
    for first in 0x80..=0xFF_u8 {
        for second in 0..=0xFF_u8 {
            let (len, seconds) = match first {
                0xC2..=0xDF => (2, 0x80..=0xBF),
                0xE0 => (3, 0xA0..=0xBF),
                0xE1..=0xEC | 0xEE..=0xEF => (3, 0x80..=0xBF),
                0xED => (3, 0x80..=0x9F),
                0xF0 => (4, 0x90..=0xBF),
                0xF1..=0xF3 => (4, 0x80..=0xBF),
                0xF4 => (4, 0x80..=0x8F),
                _ => (2, 0x00..=0x00), // begins nothing: 00 is no continuation
            };
            let text = [first, second, 0x80, 0x80];
            let is_well_formed = second != 0 && seconds.contains(&second);
            let bytes = connect(0x02, &[&string(&text[..len])]);
            assert_eq!(decode(&bytes, V5).is_ok(), is_well_formed, "{:02X?}", &text[..len]);
            assert_eq!(Utf8String::new(&text[..len]).is_ok(), is_well_formed);
        }
    }
}

#[test]
fn mqtt_1_5_4_2_strings_hold_no_u0000() {
    // In every string of every packet, at every place of it.
    for place in string_places() {
        for (text, fault) in [(&b"\0"[..], 0), (b"\0a", 0), (b"a\0b", 1), (b"abcdefghi\0", 9)] {
            let (bytes, offset) = place.packet(text);
            refuses(V5, &bytes, Kind::NulCharacter, place.field, offset + fault, "MQTT-1.5.4-2", MALFORMED);
        }
        round_trips(V5, &place.packet(b"\x01").0);
        round_trips(V5, &place.packet(b"0").0);
    }
    assert_eq!(Utf8String::new("a\0").unwrap_err().kind(), TextErrorKind::NulCharacter);
    assert!(Utf8String::new("a\u{1}").is_ok());
    // Builders take text, so this is the one mistake they can be given.
    let storage = &mut [0; 64];
    let is_nul = |error| match error {
        BuildError::Text { property, error } => (property, error.kind(), error.offset()),
        other => panic!("{other}"),
    };
    let nul_in = |property| (property, TextErrorKind::NulCharacter, 1);
    let error = PublishProperties::builder_in(storage).content_type("a\0").build().unwrap_err();
    assert_eq!(is_nul(error), nul_in(Id::ContentType));
    let error = WillProperties::builder_in(storage).response_topic("a\0").build().unwrap_err();
    assert_eq!(is_nul(error), nul_in(Id::ResponseTopic));
    let error = ConnAckProperties::builder_in(storage).assigned_client_identifier("a\0").build().unwrap_err();
    assert_eq!(is_nul(error), nul_in(Id::AssignedClientIdentifier));
    let error = ConnAckProperties::builder_in(storage).response_information("a\0").build().unwrap_err();
    assert_eq!(is_nul(error), nul_in(Id::ResponseInformation));
    let error = DisconnectProperties::builder_in(storage).server_reference("a\0").build().unwrap_err();
    assert_eq!(is_nul(error), nul_in(Id::ServerReference));
    let error = PubAckProperties::builder_in(storage).reason_string("a\0").build().unwrap_err();
    assert_eq!(is_nul(error), nul_in(Id::ReasonString));
    let error = AuthProperties::builder_in(storage, "a\0").build().unwrap_err();
    assert_eq!(is_nul(error), nul_in(Id::AuthenticationMethod));
    let error = ConnectProperties::builder_in(storage).user_property("a\0", "").build().unwrap_err();
    assert_eq!(is_nul(error), nul_in(Id::UserProperty));
}

#[test]
fn mqtt_1_5_4_3_u_feff_is_kept_at_every_place() {
    // EF BB BF is a character like any other, at the start of a string too.
    for place in string_places() {
        for text in ["\u{FEFF}", "\u{FEFF}a", "a\u{FEFF}", "a\u{FEFF}b", "\u{FEFF}\u{FEFF}"] {
            round_trips(V5, &place.packet(text.as_bytes()).0);
        }
    }
    let bytes = packet(0x30, &[b"\x00\x04\xEF\xBB\xBFa", b"\x00"]);
    assert_eq!(publish(accepts(V5, &bytes)).topic(), "\u{FEFF}a");
    writes(Publish::new(TopicName::new("\u{FEFF}a").unwrap(), b""), V5, &bytes);
}

#[test]
fn mqtt_1_5_5_1_variable_byte_integers_have_the_fewest_bytes() {
    // Remaining Length, Property Length, Property Identifier and Subscription Identifier.
    const LONGER: [&[u8]; 8] = [
        b"\x80\x00",
        b"\x81\x00",
        b"\xFF\x00",
        b"\x80\x80\x00",
        b"\xFF\x80\x00",
        b"\xFF\xFF\x00",
        b"\x80\x80\x80\x00",
        b"\xFF\xFF\xFF\x00",
    ];
    let not_minimal = Kind::VariableByteIntegerNotMinimal;
    for first_byte in MINIMAL.iter().map(|(_, first_byte, _)| *first_byte).filter(|first_byte| *first_byte != 0x10) {
        for length in LONGER {
            let bytes = [&[first_byte], length].concat();
            refuses(V5, &bytes, not_minimal, Field::RemainingLength, 1, "MQTT-1.5.5-1", MALFORMED);
            let error = decode_fixed_header(&bytes, V5).unwrap_err();
            assert_eq!((error.kind(), error.offset()), (not_minimal, 1));
        }
    }
    for (packet_type, first_byte, body) in MINIMAL {
        let len = u8::try_from(body.len()).unwrap();
        for length in [&[len | 0x80, 0x00][..], &[len | 0x80, 0x80, 0x00], &[len | 0x80, 0x80, 0x80, 0x00]] {
            let bytes = [&[first_byte], length, body].concat();
            refuses(V5, &bytes, not_minimal, Field::RemainingLength, 1, "MQTT-1.5.5-1", MALFORMED);
        }
        round_trips(V5, &minimal(packet_type));
    }
    for home in &HOMES {
        for length in LONGER {
            let bytes = packet(home.first_byte, &[home.before, length, &[0; 256]]);
            let offset = bytes.len() - 256 - length.len();
            refuses(V5, &bytes, not_minimal, home.fields.1, offset, "MQTT-1.5.5-1", MALFORMED);
        }
        // An identifier of two bytes is no identifier.
        let (bytes, offset) = home.packet_with(0x26, b"\xA6\x00\x00\x01n\x00\x01v");
        let unknown = Kind::UnknownProperty(0xA6);
        refuses(V5, &bytes, unknown, Field::PropertyIdentifier, offset, "section 2.2.2.2", MALFORMED);
    }
    for home in Home::homes_of(0x0B) {
        for value in LONGER {
            let (bytes, offset) = home.packet(&[b"\x0B", value].concat());
            let field = Field::Property(Id::SubscriptionIdentifier);
            refuses(V5, &bytes, not_minimal, field, offset + 1, "MQTT-1.5.5-1", MALFORMED);
        }
        for value in [1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152, 268_435_455] {
            round_trips(V5, &home.packet(&[b"\x0B", &variable_byte_integer(value)[..]].concat()).0);
        }
    }
}

#[test]
fn mqtt_1_5_5_1_lengths_are_written_in_the_fewest_bytes() {
    // Both sides of each bound: the Remaining Length of a PUBLISH, then its Property Length.
    for (len, length) in [
        (127, &b"\x7F"[..]),
        (128, b"\x80\x01"),
        (16_383, b"\xFF\x7F"),
        (16_384, b"\x80\x80\x01"),
        (2_097_151, b"\xFF\xFF\x7F"),
        (2_097_152, b"\x80\x80\x80\x01"),
    ] {
        let payload = vec![0x55; len - 4];
        let bytes = [b"\x30", length, b"\x00\x01a\x00", &payload].concat();
        round_trips(V5, &bytes);
        writes(Publish::new(TopicName::new("a").unwrap(), &payload[..]), V5, &bytes);

        let mut storage = vec![0; len];
        let mut properties = PublishProperties::builder_in(&mut storage);
        let mut expected = vec![];
        while expected.len() < len {
            let value = "v".repeat((len - expected.len() - 5).min(65_535));
            expected.extend([b"\x26\x00\x00", &string(&value)[..]].concat());
            properties = properties.user_property("", &value);
        }
        assert_eq!(expected.len(), len);
        let bytes = packet(0x30, &[b"\x00\x01a", length, &expected]);
        round_trips(V5, &bytes);
        writes(Publish::with_properties(TopicName::new("a").unwrap(), properties.build().unwrap(), b""), V5, &bytes);
    }
    for value in [1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152, 268_435_455] {
        let mut storage = [0; 8];
        let identifier = SubscriptionIdentifier::new(value).unwrap();
        let properties =
            SubscribeProperties::builder_in(&mut storage).subscription_identifier(identifier).build().unwrap();
        let expected = variable_byte_integer(usize::try_from(value).unwrap());
        assert_eq!(properties.as_bytes(), [b"\x0B", &expected[..]].concat());
        let integer = VariableByteInteger::new(value).unwrap();
        assert_eq!(integer.encode().as_ref(), expected);
    }
}

#[test]
fn mqtt_1_5_7_1_name_and_value_of_a_string_pair_are_strings() {
    // User Properties of all packets: each half is judged, both may be empty.
    for home in &HOMES {
        for (bad, kind, rule) in [
            (&b"a\xC0\x80"[..], Kind::IllFormedUtf8, "MQTT-1.5.4-1"),
            (b"a\xED\xA0\x80", Kind::IllFormedUtf8, "MQTT-1.5.4-1"),
            (b"a\0", Kind::NulCharacter, "MQTT-1.5.4-2"),
        ] {
            let field = Field::Property(Id::UserProperty);
            let (bytes, offset) = home.packet_with(0x26, &[b"\x26", &string(bad)[..], b"\x00\x01v"].concat());
            refuses(V5, &bytes, kind, field, offset + 4, rule, MALFORMED);
            let (bytes, offset) = home.packet_with(0x26, &[b"\x26\x00\x01n", &string(bad)[..]].concat());
            refuses(V5, &bytes, kind, field, offset + 7, rule, MALFORMED);
        }
        round_trips(V5, &home.packet_with(0x26, b"\x26\x00\x00\x00\x00").0);
        round_trips(V5, &home.packet_with(0x26, b"\x26\x00\x02\xC3\xA9\x00\x03\xE2\x82\xAC").0);
    }
    for (name, value) in [("\0", "v"), ("n", "\0")] {
        let error = PublishProperties::builder_in(&mut [0; 16]).user_property(name, value).build().unwrap_err();
        assert!(matches!(error, BuildError::Text { property: Id::UserProperty, .. }), "{error}");
    }
    let long = "a".repeat(65_536);
    for (name, value) in [(long.as_str(), "v"), ("n", long.as_str())] {
        let mut storage = vec![0; 70_000];
        assert!(PublishProperties::builder_in(&mut storage).user_property(name, value).build().is_err());
    }
}

// ---- 2 Control Packet format ----

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

/// A packet that begins an exchange, with this Packet Identifier; and where it is.
fn with_identifier(first_byte: u8, value: u16) -> (Vec<u8>, usize) {
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
        for options in [DecodeOptions::new(V5), DecodeOptions::new(V5).sender(Sender::Client)] {
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
    let server = DecodeOptions::new(V5).sender(Sender::Server);
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
                // For the Will there is a statement of its own.
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

// ---- 3.1 CONNECT ----

#[test]
fn mqtt_3_1_2_1_the_protocol_name_is_mqtt() {
    // Exactly these four bytes, in this case; the answer is Unsupported Protocol Version.
    let bytes = minimal(PacketType::Connect);
    assert_eq!(bytes[2..8], *b"\x00\x04MQTT");
    round_trips(V5, &bytes);
    for name in [
        &b""[..],
        b"M",
        b"MQT",
        b"MQTTT",
        b"mqtt",
        b"Mqtt",
        b"MQTT ",
        b"MQTT\0",
        b"MQTS",
        b"\xEF\xBB\xBFMQTT",
        b"\xFF\xFF\xFF\xFF",
        b"MQIsdq",
        b"MQTT-SN",
    ] {
        let bytes = packet(0x10, &[&string(name), b"\x05\x02\x00\x3C", b"\x00", b"\x00\x00"]);
        let kind = Kind::InvalidProtocolName;
        // An empty name has no byte to point at but those of its length.
        let at = if name.is_empty() { 2 } else { 4 };
        refuses(V5, &bytes, kind, Field::ProtocolName, at, "MQTT-3.1.2-1", UNSUPPORTED_VERSION);
    }
    // The name of 3.1 does not go with level 5.
    let bytes = packet(0x10, &[b"\x00\x06MQIsdp", b"\x05\x02\x00\x3C", b"\x00", b"\x00\x00"]);
    let kind = Kind::UnsupportedProtocolVersion;
    refuses(V5, &bytes, kind, Field::ProtocolVersion, 10, "MQTT-3.1.2-2", UNSUPPORTED_VERSION);
    writes(
        Connect::new(Utf8String::new("c").unwrap()),
        V5,
        &packet(0x10, &[b"\x00\x04MQTT", b"\x05\x02\x00\x00", b"\x00", b"\x00\x01c"]),
    );
}

#[test]
fn mqtt_3_1_2_2_other_protocol_versions_are_not_supported() {
    // All 256 levels: 5 is this version, 4 is 3.1.1, which has the same name; every other gets 0x84.
    for level in 0..=0xFF_u8 {
        match level {
            4 | 5 => {
                let properties: &[u8] = if level == 5 { b"\x00" } else { b"" };
                let bytes = packet(0x10, &[b"\x00\x04MQTT", &[level], b"\x02\x00\x3C", properties, b"\x00\x01c"]);
                let connect = connect_of(round_trips(V5, &bytes));
                assert_eq!(connect.protocol_version, if level == 5 { V5 } else { V3_1_1 });
            }
            _ => {
                let bytes = packet(0x10, &[b"\x00\x04MQTT", &[level], b"\x02\x00\x3C", b"\x00", b"\x00\x01c"]);
                let kind = Kind::UnsupportedProtocolVersion;
                refuses(V5, &bytes, kind, Field::ProtocolVersion, 8, "MQTT-3.1.2-2", UNSUPPORTED_VERSION);
            }
        }
    }
    assert_eq!((V5.level(), V5.protocol_name()), (5, "MQTT"));
    assert_eq!(ProtocolVersion::from_name_and_level(b"MQTT", 6), None);
}

#[test]
fn mqtt_3_1_2_3_bit_0_of_the_connect_flags_is_0() {
    // With all flags that are legal apart from it.
    for flags in (0..=0xFF).filter(|flags| are_legal_connect_flags(*flags)) {
        let bytes = connect(flags, &[&connect_payload(flags)]);
        round_trips(V5, &bytes);
        let bytes = connect(flags | 1, &[&connect_payload(flags)]);
        let kind = Kind::ReservedConnectFlag;
        refuses(V5, &bytes, kind, Field::ConnectFlags, CONNECT_FLAGS_AT, "MQTT-3.1.2-3", MALFORMED);
    }
}

#[test]
fn mqtt_3_1_2_9_a_will_has_properties_topic_and_payload() {
    // Will Flag 1: a payload that ends before one of them, or inside of it, is malformed.
    let parts: [(&[u8], Field); 3] =
        [(b"\x00", Field::WillPropertyLength), (b"\x00\x01w", Field::WillTopic), (b"\x00\x02hi", Field::WillPayload)];
    for will_flags in [0x06, 0x0E, 0x16, 0x26] {
        let mut before = b"\x00\x01c".to_vec();
        for (part, field) in parts {
            for cut in 0..part.len() {
                let bytes = connect(will_flags, &[&before, &part[..cut]]);
                let offset = CONNECT_PAYLOAD_AT + before.len();
                refuses(V5, &bytes, Kind::UnexpectedEnd, field, offset, "MQTT-3.1.2-9", MALFORMED);
            }
            before.extend_from_slice(part);
        }
        let bytes = connect(will_flags, &[&before]);
        let will = connect_of(round_trips(V5, &bytes)).will.unwrap();
        assert_eq!((will.topic_name.as_str(), will.payload.as_bytes()), ("w", &b"hi"[..]));
        assert_eq!((will.qos.as_u8(), will.retain), (will_flags >> 3 & 3, will_flags & 0x20 != 0));
    }
    let will = Will::new(TopicName::new("w").unwrap(), BinaryData::new(b"").unwrap());
    let connect_with_will = Connect { will: Some(will), ..Connect::new(Utf8String::new("c").unwrap()) };
    writes(
        connect_with_will,
        V5,
        &packet(0x10, &[b"\x00\x04MQTT\x05\x06\x00\x00\x00", b"\x00\x01c", b"\x00", b"\x00\x01w", b"\x00\x00"]),
    );
}

#[test]
fn mqtt_3_1_2_11_without_a_will_its_qos_is_0() {
    // Connect Flags bits 4 and 3.
    for will_qos in 1..=3 {
        for others in [0x00, 0x02, 0x80, 0x40, 0xC2] {
            let flags = others | will_qos << 3;
            let bytes = connect(flags, &[&connect_payload(flags)]);
            let kind = Kind::WillFlagsWithoutWill;
            refuses(V5, &bytes, kind, Field::WillQoS, CONNECT_FLAGS_AT, "MQTT-3.1.2-11", MALFORMED);
            round_trips(V5, &connect(others, &[&connect_payload(others)]));
        }
    }
}

#[test]
fn mqtt_3_1_2_12_a_wills_qos_is_not_3() {
    // Will Flag 1: 0, 1 or 2; the value 3 is malformed.
    for others in [0x04, 0x06, 0x24, 0xC4] {
        for will_qos in 0..=2 {
            let flags = others | will_qos << 3;
            let bytes = connect(flags, &[&connect_payload(flags)]);
            assert_eq!(connect_of(round_trips(V5, &bytes)).will.unwrap().qos.as_u8(), will_qos);
        }
        let flags = others | 3 << 3;
        let bytes = connect(flags, &[&connect_payload(flags)]);
        refuses(V5, &bytes, Kind::InvalidQoS, Field::WillQoS, CONNECT_FLAGS_AT, "MQTT-3.1.2-12", MALFORMED);
    }
    assert_eq!(QoS::from_u8(3), None);
}

#[test]
fn mqtt_3_1_2_13_without_a_will_its_retain_is_0() {
    // Connect Flags bit 5.
    for others in [0x00, 0x02, 0x80, 0x40, 0xC2] {
        let bytes = connect(others | 0x20, &[&connect_payload(others)]);
        let kind = Kind::WillFlagsWithoutWill;
        refuses(V5, &bytes, kind, Field::WillRetain, CONNECT_FLAGS_AT, "MQTT-3.1.2-13", MALFORMED);
    }
    let bytes = connect(0x26, &[&connect_payload(0x26)]);
    assert!(connect_of(round_trips(V5, &bytes)).will.unwrap().retain);
    let bytes = connect(0x06, &[&connect_payload(0x06)]);
    assert!(!connect_of(round_trips(V5, &bytes)).will.unwrap().retain);
}

#[test]
fn mqtt_3_1_2_16_without_the_user_name_flag_there_is_no_user_name() {
    // What stands where it would stand is left over.
    for (flags, before) in [(0x02, &b"\x00\x01c"[..]), (0x06, b"\x00\x01c\x00\x00\x01w\x00\x02hi")] {
        for surplus in [&b"\x00\x01u"[..], b"\x00\x00", b"\x00"] {
            let bytes = connect(flags, &[before, surplus]);
            let offset = CONNECT_PAYLOAD_AT + before.len();
            refuses(V5, &bytes, Kind::TrailingBytes, Field::UserName, offset, "MQTT-3.1.2-16", MALFORMED);
        }
        assert_eq!(connect_of(round_trips(V5, &connect(flags, &[before]))).user_name, None);
    }
    // With the Password Flag the User Name is taken for the Password, and the Password is left over.
    refuses_somehow(V5, &connect(0x42, &[b"\x00\x01c", b"\x00\x01u", b"\x00\x01p"]), &[Some(MALFORMED)]);
}

#[test]
fn mqtt_3_1_2_17_with_the_user_name_flag_there_is_a_user_name() {
    // It may be empty, but not missing.
    for cut in 0..3 {
        let bytes = connect(0x82, &[b"\x00\x01c", &b"\x00\x01u"[..cut]]);
        let offset = CONNECT_PAYLOAD_AT + 3;
        refuses(V5, &bytes, Kind::UnexpectedEnd, Field::UserName, offset, "MQTT-3.1.2-17", MALFORMED);
    }
    for user_name in ["", "u", "user"] {
        let bytes = connect(0x82, &[b"\x00\x01c", &string(user_name)]);
        assert_eq!(connect_of(round_trips(V5, &bytes)).user_name.unwrap(), user_name);
    }
}

#[test]
fn mqtt_3_1_2_18_without_the_password_flag_there_is_no_password() {
    // Password Flag 0: what stands where a Password would stand is left over.
    for surplus in [&b"\x00\x01p"[..], b"\x00\x00", b"\x00"] {
        let bytes = connect(0x82, &[b"\x00\x01c", b"\x00\x01u", surplus]);
        let offset = CONNECT_PAYLOAD_AT + 6;
        refuses(V5, &bytes, Kind::TrailingBytes, Field::Password, offset, "MQTT-3.1.2-18", MALFORMED);
    }
    assert_eq!(connect_of(round_trips(V5, &connect(0x82, &[b"\x00\x01c", b"\x00\x01u"]))).password, None);
}

#[test]
fn mqtt_3_1_2_19_with_the_password_flag_there_is_a_password() {
    // It may be empty, but not missing; with a User Name before it or without.
    for (flags, before) in [(0xC2, &b"\x00\x01c\x00\x01u"[..]), (0x42, b"\x00\x01c")] {
        for cut in 0..3 {
            let bytes = connect(flags, &[before, &b"\x00\x01p"[..cut]]);
            let offset = CONNECT_PAYLOAD_AT + before.len();
            refuses(V5, &bytes, Kind::UnexpectedEnd, Field::Password, offset, "MQTT-3.1.2-19", MALFORMED);
        }
        for password in [&b""[..], b"p", b"\x00\xFF\xC0\x80"] {
            let bytes = connect(flags, &[before, &string(password)]);
            assert_eq!(connect_of(round_trips(V5, &bytes)).password.unwrap().as_bytes(), password);
        }
    }
}

#[test]
fn mqtt_3_1_3_1_the_payload_has_its_order() {
    // Client Identifier, Will Properties, Will Topic, Will Payload, User Name, Password.
    let parts: [&[u8]; 6] = [
        b"\x00\x02id",
        b"\x05\x18\x00\x00\x00\x07", // Will Delay Interval 7
        b"\x00\x02wt",
        b"\x00\x02wp",
        b"\x00\x02us",
        b"\x00\x02pw",
    ];
    let bytes = connect(0xC6, &parts);
    let decoded = connect_of(round_trips(V5, &bytes));
    let will = decoded.will.unwrap();
    assert_eq!(decoded.client_identifier, "id");
    assert_eq!(will.properties.will_delay_interval(), Some(7));
    assert_eq!((will.topic_name.as_str(), will.payload.as_bytes()), ("wt", &b"wp"[..]));
    assert_eq!((decoded.user_name.unwrap().as_str(), decoded.password.unwrap().as_bytes()), ("us", &b"pw"[..]));

    let mut storage = [0; 8];
    let written = Connect {
        keep_alive: 60.into(),
        will: Some(Will {
            properties: WillProperties::builder_in(&mut storage).will_delay_interval(7).build().unwrap(),
            ..Will::new(TopicName::new("wt").unwrap(), BinaryData::new(b"wp").unwrap())
        }),
        user_name: Some(Utf8String::new("us").unwrap()),
        password: Some(BinaryData::new(b"pw").unwrap()),
        ..Connect::new(Utf8String::new("id").unwrap())
    };
    writes(written, V5, &bytes);

    // The Will Properties first: their length and identifier are taken for a length.
    let [id, properties, rest @ ..] = parts;
    let bytes = connect(0xC6, &[properties, id, &rest.concat()]);
    let field = Field::ClientIdentifier;
    refuses(V5, &bytes, Kind::UnexpectedEnd, field, CONNECT_PAYLOAD_AT, "MQTT-3.1.3-3", MALFORMED);
    // The Will Properties behind the topic: its length is taken for theirs, of none, and what follows for a topic.
    let bytes = connect(0xC6, &[id, rest[0], properties, &rest[1..].concat()]);
    refuses_somehow(V5, &bytes, &[Some(MALFORMED)]);
}

#[test]
fn mqtt_3_1_3_3_the_client_identifier_is_there_and_first() {
    // The payload begins with it, whatever the Connect Flags are; without it the packet is cut off.
    for flags in (0..=0xFF).filter(|flags| are_legal_connect_flags(*flags)) {
        for cut in 0..3 {
            let bytes = connect(flags, &[&b"\x00\x01c"[..cut]]);
            let field = Field::ClientIdentifier;
            refuses(V5, &bytes, Kind::UnexpectedEnd, field, CONNECT_PAYLOAD_AT, "MQTT-3.1.3-3", MALFORMED);
        }
        let bytes = connect(flags, &[&connect_payload(flags)]);
        assert_eq!(connect_of(round_trips(V5, &bytes)).client_identifier, "c");
    }
}

/// The field is a UTF-8 string: what 1.5.4 says is said about it.
fn is_a_string(places: &[Place], field: Field) {
    let mut places = places.iter().filter(|place| place.field == field).peekable();
    assert!(places.peek().is_some(), "no place is {field}");
    for place in places {
        for (text, fault) in ILL_FORMED {
            let (bytes, offset) = place.packet(text);
            refuses(V5, &bytes, Kind::IllFormedUtf8, field, offset + fault, "MQTT-1.5.4-1", MALFORMED);
        }
        let (bytes, offset) = place.packet(b"a\0b");
        refuses(V5, &bytes, Kind::NulCharacter, field, offset + 1, "MQTT-1.5.4-2", MALFORMED);
        for text in ["a", "\u{FEFF}a", "温度/室内", "emoji/😀", "e\u{301}"] {
            round_trips(V5, &place.packet(text.as_bytes()).0);
        }
    }
}

#[test]
fn mqtt_3_1_3_4_the_client_identifier_is_a_string() {
    // The Client Identifier keeps the rules of strings.
    is_a_string(&string_fields(), Field::ClientIdentifier);
}

#[test]
fn mqtt_3_1_3_5_client_identifiers_of_23_letters_and_digits_are_usable() {
    // Every length from 1 to 23, every character of the 62; nothing longer or stranger is refused either.
    let alphabet: String = ('0'..='9').chain('a'..='z').chain('A'..='Z').collect();
    assert_eq!(alphabet.len(), 62);
    let strict = DecodeOptions::new(V5)
        .sender(Sender::Client)
        .refuse_discouraged_characters(true)
        .refuse_long_client_identifiers(true);
    for len in 1..=23 {
        for start in 0..=alphabet.len() - len {
            let text = alphabet.get(start..start + len).unwrap();
            let bytes = connect(0x02, &[&string(text)]);
            assert_eq!(connect_of(round_trips(strict, &bytes)).client_identifier, text);
        }
    }
    for text in ["012345678901234567890123", "a-b_c/d e", "é", "+", "#"] {
        let bytes = connect(0x02, &[&string(text)]);
        assert_eq!(connect_of(round_trips(strict, &bytes)).client_identifier, text);
    }
    let text = "x".repeat(65_535);
    let bytes = packet(0x10, &[b"\x00\x04MQTT\x05\x02\x00\x3C\x00", &string(&text)]);
    assert_eq!(connect_of(round_trips(strict, &bytes)).client_identifier, text.as_str());
}

#[test]
fn mqtt_3_1_3_6_the_client_identifier_may_be_empty() {
    // A length of 0 is a legal encoding; what becomes of it is for the server to say.
    for clean_start in [0x00, 0x02] {
        let bytes = connect(clean_start, &[b"\x00\x00"]);
        let decoded = connect_of(round_trips(V5, &bytes));
        assert_eq!((decoded.client_identifier.as_str(), decoded.clean_start), ("", clean_start != 0));
    }
}

#[test]
fn mqtt_3_1_3_10_a_wills_user_properties_keep_their_order() {
    // The User Properties among the Will Properties come out in the order they went in.
    keeps_user_properties(Home::named("the Will"), |packet| {
        let properties = connect_of(packet).will.unwrap().properties;
        properties.user_properties().map(|pair| (pair.name.to_string(), pair.value.to_string())).collect()
    });
}

/// User Properties come out as they went in: repeated ones, equal ones, empty ones, in their order.
fn keeps_user_properties(home: &Home, read: impl Fn(Packet<&[u8]>) -> Vec<(String, String)>) {
    let pairs = [("b", "2"), ("a", "1"), ("b", "1"), ("a", "1"), ("", ""), ("é", "\u{FEFF}"), ("a", "0")];
    let property = |(name, value): &(&str, &str)| [b"\x26", &string(name)[..], &string(value)].concat();
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    for count in 0..=pairs.len() {
        let in_order: Vec<u8> = pairs[..count].iter().flat_map(property).collect();
        let (bytes, _) = home.packet(&in_order);
        let expected: Vec<_> = pairs[..count].iter().map(owned).collect();
        assert_eq!(read(round_trips(V5, &bytes)), expected);
        let backwards: Vec<u8> = pairs[..count].iter().rev().flat_map(property).collect();
        let (bytes, _) = home.packet(&backwards);
        let expected: Vec<_> = pairs[..count].iter().rev().map(owned).collect();
        assert_eq!(read(round_trips(V5, &bytes)), expected);
    }
    // Another property between two of them does not touch their order.
    let (&other, _) = home.allowed.split_first().unwrap();
    let (bytes, _) = home.packet(&[&property(&pairs[0])[..], sample(other), &property(&pairs[1])].concat());
    assert_eq!(read(round_trips(V5, &bytes)), [owned(&pairs[0]), owned(&pairs[1])]);
}

#[test]
fn mqtt_3_1_3_11_the_will_topic_is_a_string() {
    // The Will Topic keeps the rules of strings.
    is_a_string(&string_fields(), Field::WillTopic);
}

#[test]
fn mqtt_3_1_3_12_the_user_name_is_a_string() {
    // The User Name keeps the rules of strings.
    is_a_string(&string_fields(), Field::UserName);
}

#[test]
fn mqtt_3_1_4_1_a_connect_is_judged_as_a_whole() {
    // A CONNECT with all its parts, cut at every place, and with a byte too many: never accepted, never waited for.
    let body: &[&[u8]] = &[
        b"\x00\x04MQTT\x05\xEE\x00\x3C",
        b"\x05\x11\x00\x00\x00\x3C",
        b"\x00\x02id",
        b"\x02\x01\x01",
        b"\x00\x02wt",
        b"\x00\x02wp",
        b"\x00\x02us",
        b"\x00\x02pw",
    ];
    let bytes = packet(0x10, body);
    round_trips(V5, &bytes);
    let body = body.concat();
    for cut in 0..body.len() {
        refuses_somehow(V5, &packet(0x10, &[&body[..cut]]), &[Some(MALFORMED)]);
    }
    let longer = packet(0x10, &[&body, b"\x00"]);
    refuses(V5, &longer, Kind::TrailingBytes, Field::Payload, bytes.len(), "section 2.1.4", MALFORMED);
    // Each fault of the other statements, in this packet: 0x81, 0x82 or 0x84.
    let with = |at: usize, value: u8| {
        let mut bytes = bytes.clone();
        bytes[at] = value;
        bytes
    };
    refuses_somehow(V5, &with(0, 0x11), &[Some(MALFORMED)]);
    refuses_somehow(V5, &with(4, b'm'), &[Some(UNSUPPORTED_VERSION)]);
    refuses_somehow(V5, &with(8, 6), &[Some(UNSUPPORTED_VERSION)]);
    refuses_somehow(V5, &with(9, 0xEF), &[Some(MALFORMED)]);
    refuses_somehow(V5, &with(9, 0xFE), &[Some(MALFORMED)]);
    refuses_somehow(V5, &with(13, 0x01), &[Some(MALFORMED)]);
    refuses_somehow(V5, &with(20, 0x00), &[Some(MALFORMED)]);
    refuses_somehow(V5, &with(24, 0x02), &[Some(PROTOCOL_ERROR)]);
    refuses_somehow(V5, &with(27, b'#'), &[Some(PROTOCOL_ERROR)]);
}

// ---- 3.2 CONNACK ----

#[test]
fn mqtt_3_2_2_1_bits_7_to_1_of_the_connect_acknowledge_flags_are_0() {
    // All 256 values: only 0 and 1, Session Present, are legal.
    for flags in 0..=0xFF {
        let bytes = [0x20, 0x03, flags, 0x00, 0x00];
        if flags > 1 {
            let kind = Kind::ReservedAcknowledgeFlags;
            refuses(V5, &bytes, kind, Field::AcknowledgeFlags, 2, "MQTT-3.2.2-1", MALFORMED);
        } else {
            let Packet::ConnAck(connack) = round_trips(V5, &bytes) else { panic!() };
            assert_eq!(connack.session_present(), flags == 1);
        }
    }
    writes(ConnAck::accepted(false), V5, &[0x20, 0x03, 0x00, 0x00, 0x00]);
    writes(ConnAck::accepted(true), V5, &[0x20, 0x03, 0x01, 0x00, 0x00]);
}

/// The tables of Reason Codes, section 2.4.
const CONNACK_CODES: [u8; 22] = [
    0x00, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8C, 0x90, 0x95, 0x97, 0x99, 0x9A, 0x9B,
    0x9C, 0x9D, 0x9F,
];
const PUBACK_CODES: [u8; 9] = [0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99];
const PUBREL_CODES: [u8; 2] = [0x00, 0x92];
const SUBACK_CODES: [u8; 12] = [0x00, 0x01, 0x02, 0x80, 0x83, 0x87, 0x8F, 0x91, 0x97, 0x9E, 0xA1, 0xA2];
const UNSUBACK_CODES: [u8; 7] = [0x00, 0x11, 0x80, 0x83, 0x87, 0x8F, 0x91];
/// With 0x8C, which only the general table has.
const DISCONNECT_CODES: [u8; 30] = [
    0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8B, 0x8C, 0x8D, 0x8E, 0x8F, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97,
    0x98, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F, 0xA0, 0xA1, 0xA2,
];
const DISCONNECT_CODES_OF_SERVERS: [u8; 16] =
    [0x87, 0x89, 0x8B, 0x8C, 0x8D, 0x8E, 0x8F, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F, 0xA0, 0xA1, 0xA2];
const AUTH_CODES: [u8; 3] = [0x00, 0x18, 0x19];

/// All 256 values of a Reason Code: those of the table are there, all others are refused.
fn has_the_codes<C: PacketReasonCode>(allowed: &[u8], rule: &str, at: usize, build: impl Fn(u8) -> Vec<u8>) {
    for value in 0..=0xFF {
        let bytes = build(value);
        assert_eq!(bytes[at], value);
        if allowed.contains(&value) {
            accepts(V5, &bytes);
            let code: ReasonCode = C::from_u8(value).expect("a code of the table").into();
            assert_eq!(code.as_u8(), value);
        } else {
            let kind = Kind::InvalidReasonCode(value);
            refuses(V5, &bytes, kind, Field::ReasonCode, at, rule, PROTOCOL_ERROR);
            assert_eq!(C::from_u8(value), None, "cannot be written either");
        }
    }
}

#[test]
fn mqtt_3_2_2_6_session_present_needs_success() {
    // With each of the 21 codes that refuse the connection.
    for code in CONNACK_CODES.into_iter().filter(|code| *code != 0) {
        let bytes = [0x20, 0x03, 0x01, code, 0x00];
        let kind = Kind::SessionPresentWithFailure;
        refuses(V5, &bytes, kind, Field::SessionPresent, 2, "MQTT-3.2.2-6", PROTOCOL_ERROR);
        round_trips(V5, &[0x20, 0x03, 0x00, code, 0x00]);
        // A refusal cannot be given a session.
        let refused = ConnAck::<&[u8]>::refused(ConnAckReasonCode::from_u8(code).unwrap());
        assert!(!refused.session_present());
        writes(refused, V5, &[0x20, 0x03, 0x00, code, 0x00]);
    }
    round_trips(V5, &[0x20, 0x03, 0x01, 0x00, 0x00]);
}

#[test]
fn mqtt_3_2_2_8_the_reason_code_is_one_of_connack() {
    // All 256 values against the 22 of the table.
    has_the_codes::<ConnAckReasonCode>(&CONNACK_CODES, "MQTT-3.2.2-8", 3, |code| vec![0x20, 0x03, 0x00, code, 0x00]);
    for code in CONNACK_CODES {
        let bytes = [0x20, 0x03, 0x00, code, 0x00];
        let Packet::ConnAck(connack) = round_trips(V5, &bytes) else { panic!() };
        assert_eq!(connack.reason_code().as_u8(), code);
    }
}

// ---- 3.3 PUBLISH ----

#[test]
fn mqtt_3_3_1_2_dup_is_0_at_qos_0() {
    // A PUBLISH of QoS 0 is never a duplicate; of QoS 1 and 2 it may be one.
    for retain in [0, 1] {
        let bytes = [0x38 | retain, 0x04, 0x00, 0x01, b'a', 0x00];
        refuses(V5, &bytes, Kind::DupAtQoS0, Field::Flags, 0, "MQTT-3.3.1-2", MALFORMED);
        refuses(V5, &bytes[..1], Kind::DupAtQoS0, Field::Flags, 0, "MQTT-3.3.1-2", MALFORMED);
        let bytes = [0x30 | retain, 0x04, 0x00, 0x01, b'a', 0x00];
        assert!(!publish(round_trips(V5, &bytes)).delivery.dup());
        for qos in [0x02, 0x04] {
            for dup in [0x00, 0x08] {
                let bytes = [0x30 | dup | qos | retain, 0x06, 0x00, 0x01, b'a', 0x00, 0x0A, 0x00];
                assert_eq!(publish(round_trips(V5, &bytes)).delivery.dup(), dup != 0);
            }
        }
    }
    // DUP is a part of what QoS 1 and 2 have: there is none to write at QoS 0.
    assert!(!Delivery::AtMostOnce.dup() && !Delivery::AtMostOnce.duplicate().dup());
    assert!(Delivery::at_least_once(identifier(1)).duplicate().dup());
}

#[test]
fn mqtt_3_3_1_4_the_qos_bits_are_not_both_1() {
    // There is no QoS 3; it shows in the first byte.
    for first_byte in [0x36, 0x37, 0x3E, 0x3F] {
        let bytes = [first_byte, 0x06, 0x00, 0x01, b'a', 0x00, 0x0A, 0x00];
        refuses(V5, &bytes, Kind::InvalidQoS, Field::Flags, 0, "MQTT-3.3.1-4", MALFORMED);
        refuses(V5, &bytes[..1], Kind::InvalidQoS, Field::Flags, 0, "MQTT-3.3.1-4", MALFORMED);
    }
    for (first_byte, qos) in [(0x32, QoS::AtLeastOnce), (0x34, QoS::ExactlyOnce)] {
        let bytes = [first_byte, 0x06, 0x00, 0x01, b'a', 0x00, 0x0A, 0x00];
        assert_eq!(publish(round_trips(V5, &bytes)).delivery.qos(), qos);
    }
    assert!(QoS::try_from(3).is_err());
}

#[test]
fn mqtt_3_3_2_1_the_topic_name_is_first_and_a_string() {
    // The variable header begins with the Topic Name, which keeps the rules of strings.
    is_a_string(&string_fields(), Field::TopicName);
    for first_byte in [0x30, 0x32, 0x34] {
        for cut in 0..3 {
            let bytes = packet(first_byte, &[&b"\x00\x01a"[..cut]]);
            refuses(V5, &bytes, Kind::UnexpectedEnd, Field::TopicName, 2, "section 2.1.4", MALFORMED);
        }
    }
    let bytes = packet(0x32, &[b"\x00\x03a/b", b"\x00\x0A", b"\x00", b"hi"]);
    let decoded = publish(round_trips(V5, &bytes));
    assert_eq!((decoded.topic(), decoded.payload), ("a/b", &b"hi"[..]));
}

/// Each place where a Topic Name stands refuses `+` and `#`, wherever in the text they are.
fn holds_no_wildcards(places: Vec<Place>, rule: impl Fn(Field) -> &'static str) {
    assert!(!places.is_empty());
    for place in places {
        for (text, fault) in [
            ("+", 0),
            ("#", 0),
            ("a/+", 2),
            ("a/#", 2),
            ("+/a", 0),
            ("1+1", 1),
            ("C#/code", 1),
            ("a/b/c/d/e/f/g/#", 14),
            ("é+", 2),
            ("$share/g/+", 9),
        ] {
            let (bytes, offset) = place.packet(text.as_bytes());
            let kind = Kind::WildcardInTopicName;
            refuses(V5, &bytes, kind, place.field, offset + fault, rule(place.field), PROTOCOL_ERROR);
        }
        // The neighbours of `+` (2B) and `#` (23), and what is no wildcard here.
        for text in ["\"", "$", "*", ",", "a*b?c", "/", "$SYS/a", "$share/g/t"] {
            round_trips(V5, &place.packet(text.as_bytes()).0);
        }
    }
    for text in ["+", "#", "a/+", "a/#", "1+1"] {
        assert_eq!(TopicName::new(text).unwrap_err().kind(), TextErrorKind::WildcardInTopicName);
    }
}

fn topic_names(field: Option<Field>) -> Vec<Place> {
    string_places()
        .into_iter()
        .filter(|place| place.text == Text::TopicName && field.is_none_or(|field| field == place.field))
        .collect()
}

#[test]
fn mqtt_3_3_2_2_the_topic_name_holds_no_wildcards() {
    // Neither + nor # may be in it, at any QoS.
    holds_no_wildcards(topic_names(Some(Field::TopicName)), |_| "MQTT-3.3.2-2");
}

#[test]
fn mqtt_3_3_2_4_the_payload_format_indicator_is_kept() {
    // Absent, 0 and 1 are three things, in PUBLISH and in the Will.
    let home = Home::named("PUBLISH");
    for (property, expected) in
        [(&b""[..], None), (b"\x01\x00", Some(PayloadFormat::Unspecified)), (b"\x01\x01", Some(PayloadFormat::Utf8))]
    {
        let bytes = home.packet(property).0;
        assert_eq!(publish(round_trips(V5, &bytes)).properties().payload_format_indicator(), expected);
        let bytes = Home::named("the Will").packet(property).0;
        let will = connect_of(round_trips(V5, &bytes)).will.unwrap();
        assert_eq!(will.properties.payload_format_indicator(), expected);
        let mut storage = [0; 2];
        let builder = PublishProperties::builder_in(&mut storage);
        let built = match expected {
            Some(value) => builder.payload_format_indicator(value).build().unwrap(),
            None => builder.build().unwrap(),
        };
        assert_eq!(built.as_bytes(), property);
    }
    let [absent, zero] = [&b""[..], b"\x01\x00"].map(|bytes| PublishProperties::new(bytes).unwrap());
    assert_ne!(absent, zero);
}

#[test]
fn mqtt_3_3_2_8_topic_alias_is_not_0() {
    // 0 is no alias; 1 to 65,535 are.
    let home = Home::named("PUBLISH");
    let (bytes, offset) = home.packet(b"\x23\x00\x00");
    let field = Field::Property(Id::TopicAlias);
    let answer = ReasonCode::TOPIC_ALIAS_INVALID;
    refuses(V5, &bytes, Kind::TopicAliasZero, field, offset + 1, "MQTT-3.3.2-8", answer);
    for value in [1_u16, 0x00FF, 0x0100, 0xFFFF] {
        let bytes = home.packet(&[b"\x23", &value.to_be_bytes()[..]].concat()).0;
        assert_eq!(publish(round_trips(V5, &bytes)).properties().topic_alias().unwrap().get(), value);
    }
    // A setter takes a number that is not 0; bytes are checked.
    assert!(PublishProperties::new(b"\x23\x00\x00").is_err());
}

#[test]
fn mqtt_3_3_2_13_the_response_topic_is_a_string() {
    // The Response Topic, in PUBLISH and in the Will, keeps the rules of strings.
    is_a_string(&string_properties(), Field::Property(Id::ResponseTopic));
}

#[test]
fn mqtt_3_3_2_14_the_response_topic_holds_no_wildcards() {
    // In PUBLISH and in the Will.
    let places = topic_names(Some(Field::Property(Id::ResponseTopic)));
    assert_eq!(places.len(), 2);
    holds_no_wildcards(places, |_| "MQTT-3.3.2-14");
    for text in ["+", "a/#"] {
        let error = PublishProperties::builder_in(&mut [0; 16]).response_topic(text).build().unwrap_err();
        let BuildError::Text { property: Id::ResponseTopic, error } = error else { panic!("{error}") };
        assert_eq!(error.kind(), TextErrorKind::WildcardInTopicName);
        assert!(WillProperties::builder_in(&mut [0; 16]).response_topic(text).build().is_err());
    }
}

#[test]
fn mqtt_3_3_2_15_the_response_topic_is_kept() {
    // It is forwarded byte for byte.
    for text in ["r", "/", "//", " a ", "Re/é", "Re/e\u{301}", "\u{FEFF}a", "a\u{1}"] {
        let bytes = Home::named("PUBLISH").packet(&[b"\x08", &string(text)[..]].concat()).0;
        assert_eq!(publish(round_trips(V5, &bytes)).properties().response_topic().unwrap(), text);
        let mut storage = [0; 16];
        let properties = PublishProperties::builder_in(&mut storage).response_topic(text).build().unwrap();
        assert_eq!(properties.as_bytes(), [b"\x08", &string(text)[..]].concat());
    }
}

#[test]
fn mqtt_3_3_2_16_the_correlation_data_are_kept() {
    // Any bytes; none is another thing than no property.
    for data in [&b""[..], b"\0", b"\xFF\xC0\x80", b"abc", &[0x55; 300]] {
        let bytes = Home::named("PUBLISH").packet(&[b"\x09", &string(data)[..]].concat()).0;
        assert_eq!(publish(round_trips(V5, &bytes)).properties().correlation_data().unwrap().as_bytes(), data);
        let mut storage = [0; 400];
        let properties = PublishProperties::builder_in(&mut storage).correlation_data(data).build().unwrap();
        assert_eq!(properties.as_bytes(), [b"\x09", &string(data)[..]].concat());
    }
    let bytes = Home::named("PUBLISH").packet(b"").0;
    assert_eq!(publish(accepts(V5, &bytes)).properties().correlation_data(), None);
}

fn user_properties_of_publish(packet: Packet<&[u8]>) -> Vec<(String, String)> {
    let publish = publish(packet);
    let pairs = publish.properties().user_properties();
    pairs.map(|pair| (pair.name.to_string(), pair.value.to_string())).collect()
}

#[test]
fn mqtt_3_3_2_17_all_user_properties_are_kept() {
    // Also those whose name, or name and value, was there before.
    let equal = b"\x26\x00\x01n\x00\x01v".repeat(300);
    let bytes = Home::named("PUBLISH").packet(&equal).0;
    let pairs = user_properties_of_publish(round_trips(V5, &bytes));
    assert_eq!(pairs.len(), 300);
    assert!(pairs.iter().all(|(name, value)| name == "n" && value == "v"));
    let mut storage = [0; 64];
    let built = PublishProperties::builder_in(&mut storage).user_property("n", "v").user_property("n", "v").build();
    assert_eq!(built.unwrap().as_bytes(), &equal[..14]);
}

#[test]
fn mqtt_3_3_2_18_user_properties_keep_their_order() {
    // Whatever stands between them, they come out in the order they went in.
    keeps_user_properties(Home::named("PUBLISH"), user_properties_of_publish);
    let mut storage = [0; 64];
    let built = PublishProperties::builder_in(&mut storage)
        .user_property("b", "")
        .content_type("t")
        .user_property("a", "")
        .build()
        .unwrap();
    assert_eq!(built.as_bytes(), b"\x26\x00\x01b\x00\x00\x03\x00\x01t\x26\x00\x01a\x00\x00");
    // And the order counts when two sets are compared.
    let swapped = PublishProperties::new(b"\x26\x00\x01a\x00\x00\x03\x00\x01t\x26\x00\x01b\x00\x00").unwrap();
    assert_ne!(built, swapped);
}

#[test]
fn mqtt_3_3_2_19_the_content_type_is_a_string() {
    // The Content Type, in PUBLISH and in the Will, keeps the rules of strings.
    is_a_string(&string_properties(), Field::Property(Id::ContentType));
}

#[test]
fn mqtt_3_3_2_20_the_content_type_is_kept() {
    // It is forwarded byte for byte; empty is another thing than absent.
    for text in ["", "text/plain; charset=utf-8", "+/#", " \u{FEFF}é\u{1} "] {
        let bytes = Home::named("PUBLISH").packet(&[b"\x03", &string(text)[..]].concat()).0;
        assert_eq!(publish(round_trips(V5, &bytes)).properties().content_type().unwrap(), text);
        let mut storage = [0; 64];
        let properties = PublishProperties::builder_in(&mut storage).content_type(text).build().unwrap();
        assert_eq!(properties.as_bytes(), [b"\x03", &string(text)[..]].concat());
    }
    let bytes = Home::named("PUBLISH").packet(b"").0;
    assert_eq!(publish(accepts(V5, &bytes)).properties().content_type(), None);
}

#[test]
fn mqtt_3_3_4_6_a_clients_publish_has_no_subscription_identifier() {
    // Only servers tell which subscriptions a message matched.
    let home = Home::named("PUBLISH");
    let field = Field::Property(Id::SubscriptionIdentifier);
    for (properties, at) in [
        (&b"\x0B\x01"[..], 0),
        (b"\x0B\xFF\xFF\xFF\x7F", 0),
        (b"\x0B\x01\x0B\x02", 0),
        (b"\x01\x00\x26\x00\x01n\x00\x01v\x0B\x01\x23\x00\x01", 9),
    ] {
        let (bytes, offset) = home.packet(properties);
        let kind = Kind::PropertyFromWrongSender(Sender::Client);
        let client = DecodeOptions::new(V5).sender(Sender::Client);
        refuses(client, &bytes, kind, field, offset + at, "MQTT-3.3.4-6", PROTOCOL_ERROR);
        for sender in [Sender::Server, Sender::Either] {
            let packet = round_trips(DecodeOptions::new(V5).sender(sender), &bytes);
            writes(packet, EncodeOptions::new(V5).sender(sender), &bytes);
            let client = EncodeOptions::new(V5).sender(Sender::Client);
            refuses_to_write(packet, client, NotFromSender(Sender::Client), field, "MQTT-3.3.4-6");
        }
    }
    let (bytes, _) = home.packet(b"\x23\x00\x01");
    let packet = round_trips(DecodeOptions::new(V5).sender(Sender::Client), &bytes);
    writes(packet, EncodeOptions::new(V5).sender(Sender::Client), &bytes);
}

// ---- 3.4 to 3.7 PUBACK, PUBREC, PUBREL, PUBCOMP ----

/// The Reason Codes of an acknowledgement, in its short form and in its long one.
fn acknowledgement_codes<C: PacketReasonCode>(first_byte: u8, allowed: &[u8], rule: &str) {
    has_the_codes::<C>(allowed, rule, 4, |code| packet(first_byte, &[b"\x00\x0A", &[code]]));
    has_the_codes::<C>(allowed, rule, 4, |code| packet(first_byte, &[b"\x00\x0A", &[code], b"\x00"]));
    has_the_codes::<C>(allowed, rule, 4, |code| packet(first_byte, &[b"\x00\x0A", &[code], b"\x04\x1F\x00\x01r"]));
    for &code in allowed {
        let long = packet(first_byte, &[b"\x00\x0A", &[code], b"\x04\x1F\x00\x01r"]);
        let found = match round_trips(V5, &long) {
            Packet::PubAck(PubAck { reason_code, .. }) | Packet::PubRec(PubRec { reason_code, .. }) => {
                reason_code.get()
            }
            Packet::PubRel(PubRel { reason_code, .. }) | Packet::PubComp(PubComp { reason_code, .. }) => {
                reason_code.get()
            }
            other => panic!("{other}"),
        };
        assert_eq!(found.as_u8(), code);
        if code != 0 {
            round_trips(V5, &packet(first_byte, &[b"\x00\x0A", &[code]]));
        }
    }
}

#[test]
fn mqtt_3_4_2_1_the_reason_code_is_one_of_puback() {
    // All 256 values against the 9 of the table, in the short form and in the long one.
    acknowledgement_codes::<PubAckReasonCode>(0x40, &PUBACK_CODES, "MQTT-3.4.2-1");
}

#[test]
fn mqtt_3_5_2_1_the_reason_code_is_one_of_pubrec() {
    // All 256 values against the 9 of the table, in the short form and in the long one.
    acknowledgement_codes::<PubAckReasonCode>(0x50, &PUBACK_CODES, "MQTT-3.5.2-1");
}

/// The flags of one type: all 16.
fn has_the_flags(packet_type: PacketType, legal: u8, rule: &str) {
    let bytes = minimal(packet_type);
    for flags in 0..16 {
        let mut bytes = bytes.clone();
        bytes[0] = packet_type.as_u8() << 4 | flags;
        if flags == legal {
            round_trips(V5, &bytes);
        } else {
            refuses(V5, &bytes, Kind::InvalidFlags, Field::Flags, 0, rule, MALFORMED);
            refuses(V5, &bytes[..1], Kind::InvalidFlags, Field::Flags, 0, rule, MALFORMED);
        }
    }
}

#[test]
fn mqtt_3_6_1_1_the_flags_of_pubrel_are_0010() {
    // All 16 values of the flags: any other is malformed.
    has_the_flags(PacketType::PubRel, 0b0010, "MQTT-3.6.1-1");
    writes(PubRel::new(identifier(10)), V5, &[0x62, 0x02, 0x00, 0x0A]);
}

#[test]
fn mqtt_3_6_2_1_the_reason_code_is_one_of_pubrel() {
    // All 256 values against 0x00 and 0x92.
    acknowledgement_codes::<PubRelReasonCode>(0x62, &PUBREL_CODES, "MQTT-3.6.2-1");
}

#[test]
fn mqtt_3_7_2_1_the_reason_code_is_one_of_pubcomp() {
    // All 256 values against 0x00 and 0x92.
    acknowledgement_codes::<PubRelReasonCode>(0x70, &PUBREL_CODES, "MQTT-3.7.2-1");
}

// ---- 3.8 SUBSCRIBE ----

#[test]
fn mqtt_3_8_1_1_the_flags_of_subscribe_are_0010() {
    // All 16 values of the flags: any other is malformed.
    has_the_flags(PacketType::Subscribe, 0b0010, "MQTT-3.8.1-1");
}

/// The places of Topic Filters in SUBSCRIBE (`false`) or UNSUBSCRIBE (`true`).
fn topic_filters(of_unsubscribe: bool) -> Vec<Place> {
    string_fields()
        .into_iter()
        .filter(|place| place.text == Text::TopicFilter && place.name.starts_with("UNSUB") == of_unsubscribe)
        .collect()
}

#[test]
fn mqtt_3_8_3_1_the_topic_filters_of_subscribe_are_strings() {
    // Each Topic Filter, the first and those behind it, keeps the rules of strings.
    is_a_string(&topic_filters(false), Field::TopicFilter);
}

#[test]
fn mqtt_3_8_3_2_a_subscribe_has_a_topic_filter() {
    // A payload without a pair of filter and options is a Protocol Error.
    for properties in [&b"\x00"[..], b"\x02\x0B\x01"] {
        let bytes = packet(0x82, &[b"\x00\x0A", properties]);
        let at = bytes.len();
        refuses(V5, &bytes, Kind::EmptyPayload, Field::TopicFilter, at, "MQTT-3.8.3-2", PROTOCOL_ERROR);
        round_trips(V5, &packet(0x82, &[b"\x00\x0A", properties, b"\x00\x01a\x00"]));
    }
    assert!(Subscriptions::new(b"", V5).is_err());
    assert_eq!(Subscriptions::builder_in(&mut [0; 8]).build().unwrap_err(), BuildError::EmptyList);
}

/// A SUBSCRIBE with this filter and these options.
fn subscribe(filter: &str, options: u8) -> Vec<u8> {
    packet(0x82, &[b"\x00\x0A", b"\x00", &string(filter), &[options]])
}

fn options_of(packet: Packet<&[u8]>) -> SubscriptionOptions {
    let Packet::Subscribe(subscribe) = packet else { panic!("{packet}") };
    subscribe.subscriptions.iter().last().unwrap().options
}

#[test]
fn mqtt_3_8_3_4_no_local_is_not_set_on_a_shared_subscription() {
    // No Local and $share exclude each other.
    for filter in ["$share/g/t", "$share/g/#", "$share/g//", "$share/$share/t"] {
        for options in [0x04, 0x05, 0x0E, 0x2C] {
            let bytes = subscribe(filter, options);
            let (kind, field) = (Kind::NoLocalOnSharedSubscription, Field::SubscriptionOptions);
            let at = bytes.len() - 1;
            refuses(V5, &bytes, kind, field, at, "MQTT-3.8.3-4", PROTOCOL_ERROR);
            // as the second of three too
            let bytes =
                packet(0x82, &[b"\x00\x0A", b"\x00", b"\x00\x01a\x04", &string(filter), &[options, 0, 1, b'b', 0]]);
            let at = bytes.len() - 5;
            refuses(V5, &bytes, kind, field, at, "MQTT-3.8.3-4", PROTOCOL_ERROR);
            // without No Local it may be there
            assert!(!options_of(round_trips(V5, &subscribe(filter, options & !0x04))).no_local);
        }
        let options = SubscriptionOptions { no_local: true, ..SubscriptionOptions::default() };
        let filter = TopicFilter::new(filter).unwrap();
        let error = Subscriptions::builder_in(&mut [0; 32]).push(filter, options).build().unwrap_err();
        assert_eq!(error, BuildError::NoLocalOnSharedSubscription);
    }
    // What only looks like a shared subscription may have it.
    for filter in ["a", "#", "$share", "$SHARE/g/t", "$shared/g/t", "share/g/t", "/$share/g/t"] {
        assert!(options_of(round_trips(V5, &subscribe(filter, 0x04))).no_local);
    }
}

#[test]
fn mqtt_3_8_3_5_bits_7_and_6_of_the_subscription_options_are_0() {
    // The two reserved bits, with every other option beside them.
    for high in [0x40, 0x80, 0xC0] {
        for low in [0x00, 0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x2E] {
            let bytes = subscribe("a", high | low);
            let (kind, field) = (Kind::ReservedSubscriptionOptions, Field::SubscriptionOptions);
            let at = bytes.len() - 1;
            refuses(V5, &bytes, kind, field, at, "MQTT-3.8.3-5", MALFORMED);
            assert_eq!(SubscriptionOptions::from_byte(high | low), Err(SubscriptionOptionsError::ReservedBits));
            assert_eq!(options_of(round_trips(V5, &subscribe("a", low))).to_byte(), low);
        }
    }
}

// ---- 3.9 SUBACK ----

#[test]
fn mqtt_3_8_4_7_suback_grants_a_qos_or_tells_a_failure() {
    // No code but 0, 1, 2 grants, and every failure is 0x80 or more.
    for code in 0x03..=0x7F {
        let bytes = [0x90, 0x04, 0x00, 0x0A, 0x00, code];
        let kind = Kind::InvalidReasonCode(code);
        refuses(V5, &bytes, kind, Field::ReasonCode, 5, "MQTT-3.9.3-2", PROTOCOL_ERROR);
    }
    for code in SUBACK_CODES {
        let bytes = [0x90, 0x04, 0x00, 0x0A, 0x00, code];
        let Packet::SubAck(suback) = round_trips(V5, &bytes) else { panic!() };
        let code = suback.reason_codes().iter().next().unwrap();
        assert_eq!(code.granted_qos().map(QoS::as_u8), Some(code.as_u8()).filter(|code| *code < 0x80));
        assert_eq!(code.is_error(), code.granted_qos().is_none());
    }
    for qos in QoS::ALL {
        assert_eq!(SubAckReasonCode::granted(qos).as_u8(), qos.as_u8());
    }
}

#[test]
fn mqtt_3_9_3_2_each_reason_code_is_one_of_suback() {
    // The first, and one behind others.
    has_the_codes::<SubAckReasonCode>(&SUBACK_CODES, "MQTT-3.9.3-2", 5, |code| {
        packet(0x90, &[b"\x00\x0A", b"\x00", &[code]])
    });
    has_the_codes::<SubAckReasonCode>(&SUBACK_CODES, "MQTT-3.9.3-2", 7, |code| {
        packet(0x90, &[b"\x00\x0A", b"\x00", &[0x00, 0x87, code, 0x02]])
    });
    let bytes = packet(0x90, &[b"\x00\x0A", b"\x00", &SUBACK_CODES]);
    let Packet::SubAck(suback) = round_trips(V5, &bytes) else { panic!() };
    assert!(suback.reason_codes().iter().map(SubAckReasonCode::as_u8).eq(SUBACK_CODES));
}

// ---- 3.10 and 3.11 UNSUBSCRIBE, UNSUBACK ----

#[test]
fn mqtt_3_10_1_1_the_flags_of_unsubscribe_are_0010() {
    // All 16 values of the flags: any other is malformed.
    has_the_flags(PacketType::Unsubscribe, 0b0010, "MQTT-3.10.1-1");
}

#[test]
fn mqtt_3_10_3_1_the_topic_filters_of_unsubscribe_are_strings() {
    // Each Topic Filter, the first and those behind it, keeps the rules of strings.
    is_a_string(&topic_filters(true), Field::TopicFilter);
    // One after the other.
    let bytes = packet(0xA2, &[b"\x00\x0A", b"\x00", b"\x00\x01a", b"\x00\x03b/+", b"\x00\x01#"]);
    let Packet::Unsubscribe(unsubscribe) = round_trips(V5, &bytes) else { panic!() };
    assert!(unsubscribe.topic_filters.iter().map(|filter| filter.as_str()).eq(["a", "b/+", "#"]));
}

#[test]
fn mqtt_3_10_3_2_an_unsubscribe_has_a_topic_filter() {
    // A payload without a filter is a Protocol Error.
    for properties in [&b"\x00"[..], b"\x05\x26\x00\x00\x00\x00"] {
        let bytes = packet(0xA2, &[b"\x00\x0A", properties]);
        let at = bytes.len();
        refuses(V5, &bytes, Kind::EmptyPayload, Field::TopicFilter, at, "MQTT-3.10.3-2", PROTOCOL_ERROR);
        round_trips(V5, &packet(0xA2, &[b"\x00\x0A", properties, b"\x00\x01a"]));
    }
    assert!(TopicFilters::new(b"", V5).is_err());
    assert_eq!(TopicFilters::builder_in(&mut [0; 8]).build().unwrap_err(), BuildError::EmptyList);
}

#[test]
fn mqtt_3_11_3_2_each_reason_code_is_one_of_unsuback() {
    // All 256 values against the 7 of the table, as the first code and behind others.
    has_the_codes::<UnsubAckReasonCode>(&UNSUBACK_CODES, "MQTT-3.11.3-2", 5, |code| {
        packet(0xB0, &[b"\x00\x0A", b"\x00", &[code]])
    });
    has_the_codes::<UnsubAckReasonCode>(&UNSUBACK_CODES, "MQTT-3.11.3-2", 7, |code| {
        packet(0xB0, &[b"\x00\x0A", b"\x00", &[0x00, 0x11, code, 0x00]])
    });
    let bytes = packet(0xB0, &[b"\x00\x0A", b"\x00", &UNSUBACK_CODES]);
    let Packet::UnsubAck(unsuback) = round_trips(V5, &bytes) else { panic!() };
    assert!(unsuback.reason_codes.iter().map(UnsubAckReasonCode::as_u8).eq(UNSUBACK_CODES));
}

// ---- 3.14 and 3.15 DISCONNECT, AUTH ----

#[test]
fn mqtt_3_14_1_1_the_flags_of_disconnect_are_0000() {
    // All 16 values of the flags: any other is malformed.
    has_the_flags(PacketType::Disconnect, 0b0000, "MQTT-3.14.1-1");
}

#[test]
fn mqtt_3_14_2_1_the_reason_code_is_one_of_disconnect() {
    // With the "sent by" column on encode; on decode the column is U33.
    for rest in [&b""[..], b"\x00", b"\x04\x1F\x00\x01r"] {
        has_the_codes::<DisconnectReasonCode>(&DISCONNECT_CODES, "MQTT-3.14.2-1", 2, |code| {
            packet(0xE0, &[&[code], rest])
        });
    }
    for code in DISCONNECT_CODES {
        let bytes = packet(0xE0, &[&[code], b"\x04\x1F\x00\x01r"]);
        let Packet::Disconnect(disconnect) = round_trips(V5, &bytes) else { panic!() };
        assert_eq!(disconnect.reason_code.as_u8(), code);
        let (client, server) = (code != 0x04, !DISCONNECT_CODES_OF_SERVERS.contains(&code));
        for (sender, allowed) in [(Sender::Server, client), (Sender::Client, server), (Sender::Either, true)] {
            let options = EncodeOptions::new(V5).sender(sender);
            if allowed {
                writes(disconnect, options, &bytes);
            } else {
                refuses_to_write(disconnect, options, NotFromSender(sender), Field::ReasonCode, "MQTT-3.14.2-1");
            }
        }
    }
}

#[test]
fn mqtt_3_14_2_2_a_servers_disconnect_has_no_session_expiry_interval() {
    // Only the client may change when its session ends.
    let field = Field::Property(Id::SessionExpiryInterval);
    for (properties, at) in [
        (&b"\x11\x00\x00\x00\x00"[..], 0),
        (b"\x11\xFF\xFF\xFF\xFF", 0),
        (b"\x1F\x00\x01r\x11\x00\x00\x00\x01\x26\x00\x00\x00\x00", 4),
    ] {
        let (bytes, offset) = Home::named("DISCONNECT").packet(properties);
        let kind = Kind::PropertyFromWrongSender(Sender::Server);
        let server = DecodeOptions::new(V5).sender(Sender::Server);
        refuses(server, &bytes, kind, field, offset + at, "MQTT-3.14.2-2", PROTOCOL_ERROR);
        for sender in [Sender::Client, Sender::Either] {
            let packet = round_trips(DecodeOptions::new(V5).sender(sender), &bytes);
            writes(packet, EncodeOptions::new(V5).sender(sender), &bytes);
            let server = EncodeOptions::new(V5).sender(Sender::Server);
            refuses_to_write(packet, server, NotFromSender(Sender::Server), field, "MQTT-3.14.2-2");
        }
    }
    let (bytes, _) = Home::named("DISCONNECT").packet(b"\x1F\x00\x01r");
    let packet = round_trips(DecodeOptions::new(V5).sender(Sender::Server), &bytes);
    writes(packet, EncodeOptions::new(V5).sender(Sender::Server), &bytes);
}

#[test]
fn mqtt_3_15_1_1_the_flags_of_auth_are_0000() {
    // All 16 values of the flags: any other is malformed.
    has_the_flags(PacketType::Auth, 0b0000, "MQTT-3.15.1-1");
}

#[test]
fn mqtt_3_15_2_1_the_reason_code_is_one_of_auth() {
    // 0x00 from servers, 0x19 from clients, 0x18 from both; on decode the column is U33.
    has_the_codes::<AuthReasonCode>(&AUTH_CODES, "MQTT-3.15.2-1", 2, |code| {
        packet(0xF0, &[&[code], b"\x04\x15\x00\x01M"])
    });
    for (code, client, server) in [(0x00, false, true), (0x18, true, true), (0x19, true, false)] {
        let bytes = packet(0xF0, &[&[code], b"\x04\x15\x00\x01M"]);
        let Packet::Auth(auth) = round_trips(V5, &bytes) else { panic!() };
        assert_eq!(auth.reason_code.as_u8(), code);
        for (sender, allowed) in [(Sender::Client, client), (Sender::Server, server), (Sender::Either, true)] {
            let options = EncodeOptions::new(V5).sender(sender);
            if allowed {
                writes(auth, options, &bytes);
            } else {
                refuses_to_write(auth, options, NotFromSender(sender), Field::ReasonCode, "MQTT-3.15.2-1");
            }
        }
    }
}

// ---- 4 Operational behaviour, 6 WebSocket ----

#[test]
fn mqtt_4_3_1_1_a_publish_of_qos_0_is_written_with_dup_0() {
    // There is nothing by which a Publish of QoS 0 could say DUP.
    let mut publish = Publish::new(TopicName::new("a").unwrap(), b"hi");
    for (retain, first_byte) in [(false, 0x30), (true, 0x31)] {
        publish.retain = retain;
        for delivery in [Delivery::AtMostOnce, Delivery::AtMostOnce.duplicate()] {
            publish.delivery = delivery;
            writes(publish, V5, &[first_byte, 0x06, 0x00, 0x01, b'a', 0x00, b'h', b'i']);
        }
    }
    // Read with DUP, where the caller allows it, written without.
    let lenient = DecodeOptions::new(V5).allow_dup_at_qos_0(true);
    rewrites(lenient, &[0x38, 0x04, 0x00, 0x01, b'a', 0x00], &[0x30, 0x04, 0x00, 0x01, b'a', 0x00]);
    rewrites(lenient, &[0x39, 0x04, 0x00, 0x01, b'a', 0x00], &[0x31, 0x04, 0x00, 0x01, b'a', 0x00]);
}

#[test]
fn mqtt_4_7_0_1_wildcards_are_for_topic_filters_only() {
    // Topic Name, Will Topic, and the Response Topics of PUBLISH and Will.
    let places = topic_names(None);
    assert_eq!(places.len(), 6);
    holds_no_wildcards(places, |field| match field {
        Field::TopicName => "MQTT-3.3.2-2",
        Field::Property(_) => "MQTT-3.3.2-14",
        _ => "MQTT-4.7.0-1",
    });
    for place in topic_filters(false).into_iter().chain(topic_filters(true)) {
        for filter in ["+", "#", "a/+", "a/#", "+/+/#"] {
            round_trips(V5, &place.packet(filter.as_bytes()).0);
        }
    }
}

/// Filters that are wrong at a byte, and filters that are right; in each place of SUBSCRIBE and UNSUBSCRIBE.
fn filters_are(bad: &[(&str, Kind, TextErrorKind, usize)], rule: impl Fn(Kind) -> &'static str, good: &[&str]) {
    for place in topic_filters(false).into_iter().chain(topic_filters(true)) {
        for &(filter, kind, _, fault) in bad {
            let (bytes, offset) = place.packet(filter.as_bytes());
            refuses(V5, &bytes, kind, Field::TopicFilter, offset + fault, rule(kind), PROTOCOL_ERROR);
        }
        for filter in good {
            round_trips(V5, &place.packet(filter.as_bytes()).0);
        }
    }
    for &(filter, _, kind, fault) in bad {
        let error = TopicFilter::new(filter).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (kind, fault), "{filter}");
    }
    for filter in good {
        assert_eq!(TopicFilter::new(*filter).unwrap(), *filter);
    }
}

#[test]
fn mqtt_4_7_1_1_a_multi_level_wildcard_is_the_whole_last_level() {
    // # stands alone or behind a /, and ends the filter.
    let bad = [
        ("a#", 1),
        ("#a", 0),
        ("##", 0),
        ("#/", 0),
        ("#/a", 0),
        ("#/#", 0),
        ("a/#/b", 2),
        ("a/#/", 2),
        ("a/b#", 3),
        ("a/#b", 2),
        ("/#/", 1),
        ("sport/tennis#", 12),
        ("sport/tennis/#/ranking", 13),
        ("温/#a", 4),
    ];
    let bad = bad.map(|(filter, at)| {
        (filter, Kind::MisplacedMultiLevelWildcard, TextErrorKind::MisplacedMultiLevelWildcard, at)
    });
    let good = ["#", "a/#", "/#", "//#", "+/#", "a/+/#", "sport/tennis/#", "$SYS/#", "$share/g/#"];
    filters_are(&bad, |_| "MQTT-4.7.1-1", &good);
}

#[test]
fn mqtt_4_7_1_2_a_single_level_wildcard_is_a_whole_level() {
    // + stands between two of /, start and end.
    let bad = [
        ("a+", 1),
        ("+a", 0),
        ("++", 0),
        ("a/+b", 2),
        ("a/b+", 3),
        ("a+/b", 1),
        ("a/b+c/d", 3),
        ("/+a", 1),
        ("+/+a", 2),
        ("sport+", 5),
        ("温+", 3),
    ];
    let bad = bad.map(|(filter, at)| {
        (filter, Kind::MisplacedSingleLevelWildcard, TextErrorKind::MisplacedSingleLevelWildcard, at)
    });
    let good = ["+", "+/", "/+", "+/+", "a/+", "+/a", "a/+/b", "a/+/+/b", "+/tennis/#", "$SYS/+/x", "$share/g/+"];
    filters_are(&bad, |_| "MQTT-4.7.1-2", &good);
}

fn matches(filter: &str, name: &str) -> bool {
    TopicFilter::new(filter).unwrap().matches(&TopicName::new(name).unwrap())
}

#[test]
fn mqtt_4_7_2_1_leading_wildcards_do_not_match_names_with_a_dollar_sign() {
    // The first character of the filter against the first of the name.
    for name in ["$SYS/monitor/Clients", "$", "$a", "$SYS", "$/a/b"] {
        for filter in
            ["#", "+", "+/#", "+/monitor/Clients", "+/monitor/#", "+/+/+", "+/+", "$share/g/#", "$share/g/+/#"]
        {
            assert!(!matches(filter, name), "{filter} {name}");
        }
        assert!(matches(name, name));
    }
    for (filter, name) in [
        ("$SYS/#", "$SYS/monitor/Clients"),
        ("$SYS/#", "$SYS"),
        ("$SYS/monitor/+", "$SYS/monitor/Clients"),
        ("$share/g/$SYS/#", "$SYS/a"),
        // only as the first character
        ("#", "a/$b"),
        ("+/+", "a/$b"),
        ("#", "/$a"),
        ("+", "a$"),
        // and only wildcards at the start
        ("$SYS/+", "$SYS/$a"),
    ] {
        assert!(matches(filter, name), "{filter} {name}");
    }
}

#[test]
fn mqtt_4_7_3_1_topics_have_a_character() {
    // There is no byte to point at but those of the length. The Topic Name of PUBLISH is U18.
    for place in string_places() {
        let (bytes, offset) = place.packet(b"");
        match (place.text, place.field) {
            (Text::Any, _) => {
                round_trips(V5, &bytes);
            }
            (_, Field::TopicName) => {
                let kind = Kind::TopicAliasMissing;
                refuses(V5, &bytes, kind, Field::TopicName, 2, "section 3.3.2.1", PROTOCOL_ERROR);
            }
            _ => refuses(V5, &bytes, Kind::EmptyTopic, place.field, offset - 2, "MQTT-4.7.3-1", PROTOCOL_ERROR),
        }
        for text in ["a", "/", " "] {
            round_trips(V5, &place.packet(text.as_bytes()).0);
        }
    }
    assert_eq!(TopicName::new("").unwrap_err().kind(), TextErrorKind::EmptyTopic);
    assert_eq!(TopicFilter::new("").unwrap_err().kind(), TextErrorKind::EmptyTopic);
}

#[test]
fn mqtt_4_7_3_2_topics_hold_no_u0000() {
    // The rule of strings, said again for topics.
    for place in string_places().into_iter().filter(|place| place.text != Text::Any) {
        for (text, fault) in [(&b"\0"[..], 0), (b"a/\0", 2), (b"\0/a", 0)] {
            let (bytes, offset) = place.packet(text);
            refuses(V5, &bytes, Kind::NulCharacter, place.field, offset + fault, "MQTT-1.5.4-2", MALFORMED);
        }
        round_trips(V5, &place.packet(b"a/\x01").0);
    }
    assert_eq!(TopicName::new("a\0").unwrap_err().kind(), TextErrorKind::NulCharacter);
    assert_eq!(TopicFilter::new("a\0").unwrap_err().kind(), TextErrorKind::NulCharacter);
}

#[test]
fn mqtt_4_7_3_3_topics_have_at_most_65535_bytes() {
    // On the wire the length cannot say more; what is to be written is counted in bytes, not in characters.
    let texts = ["a".repeat(65_535), "/".repeat(65_535), "室".repeat(21_845)];
    for place in string_places() {
        for text in &texts {
            round_trips(V5, &place.packet(text.as_bytes()).0);
        }
    }
    for text in texts {
        assert_eq!(TopicName::new(text.as_str()).unwrap(), text.as_str());
        assert_eq!(TopicFilter::new(text.as_str()).unwrap(), text.as_str());
    }
    for text in ["a".repeat(65_536), "é".repeat(32_768)] {
        assert_eq!(TopicName::new(text.as_str()).unwrap_err().kind(), TextErrorKind::TooLong);
        assert_eq!(TopicFilter::new(text.as_str()).unwrap_err().kind(), TextErrorKind::TooLong);
        assert_eq!(Utf8String::new(text.as_str()).unwrap_err().kind(), TextErrorKind::TooLong);
        let mut storage = vec![0; 70_000];
        assert!(PublishProperties::builder_in(&mut storage).response_topic(&text).build().is_err());
    }
    // A shared subscription is measured as a whole.
    let filter = format!("$share/g/{}", "a".repeat(65_526));
    assert_eq!(filter.len(), 65_535);
    assert!(TopicFilter::new(filter.as_str()).unwrap().is_shared());
    assert_eq!(TopicFilter::new(&*(filter + "a")).unwrap_err().kind(), TextErrorKind::TooLong);
}

#[test]
fn mqtt_4_7_3_4_matching_compares_characters_as_they_are() {
    // No normalisation, no case folding, no trimming, no substitution.
    for (filter, name) in [
        ("ACCOUNTS", "Accounts"),
        ("\u{E9}", "e\u{301}"),
        ("e\u{301}", "\u{E9}"),
        ("\u{212B}", "\u{C5}"),
        ("\u{FEFF}a", "a"),
        ("a", "\u{FEFF}a"),
        ("a", "a "),
        (" a", "a"),
        ("ß", "ss"),
        ("ﬁ", "fi"),
        ("%20", " "),
        ("a//b", "a/b"),
        ("a/", "a"),
        ("/a", "a"),
        ("a*", "ab"),
        ("İ", "i"),
    ] {
        assert!(!matches(filter, name), "{filter} {name}");
        assert!(matches(filter, filter) && matches(name, name));
        assert_eq!(matches("+/+", &format!("{name}/x")), !name.contains('/'));
    }
}

#[test]
fn mqtt_4_8_2_1_a_shared_subscription_has_a_share_name() {
    // $share/ is followed by a ShareName of at least one character.
    let empty = |filter, at| (filter, Kind::EmptyShareName, TextErrorKind::EmptyShareName, at);
    let bad = [empty("$share/", 7), empty("$share//", 7), empty("$share//t", 7), empty("$share///", 7)];
    let good = ["$share/g/t", "$share/ /t", "$share/组/t", "$share/a$b/t", "$share/$share/t"];
    filters_are(&bad, |_| "MQTT-4.8.2-1", &good);
    for (filter, share_name) in good.into_iter().zip(["g", " ", "组", "a$b", "$share"]) {
        let filter = TopicFilter::new(filter).unwrap();
        assert_eq!(filter.shared_subscription().unwrap().share_name, share_name);
        assert_eq!(filter.shared_subscription().unwrap().topic_filter, "t");
    }
    for filter in ["$share", "$Share/g/t", "$shared/g/t", "share/g/t", "/$share/g/t", "$SHARE/", "$queue/t"] {
        assert!(!TopicFilter::new(filter).unwrap().is_shared(), "{filter} is an ordinary filter");
    }
}

#[test]
fn mqtt_4_8_2_2_a_share_name_has_no_wildcards_and_a_filter_behind_it() {
    // The ShareName is free of / + and #, then come a / and a valid filter.
    let wildcard = |filter, at| (filter, Kind::WildcardInShareName, TextErrorKind::WildcardInShareName, at);
    let no_filter = |filter, at| (filter, Kind::InvalidSharedFilter, TextErrorKind::InvalidSharedFilter, at);
    let bad = [
        wildcard("$share/+/t", 7),
        wildcard("$share/+", 7),
        wildcard("$share/#", 7),
        no_filter("$share/g", 8),
        no_filter("$share/g/", 9),
    ];
    let good = ["$share/g/t", "$share/g//", "$share/g/#", "$share/g/+", "$share/g/+/#", "$share/g/$SYS/#"];
    filters_are(&bad, |_| "MQTT-4.8.2-2", &good);
    for (filter, behind) in good.into_iter().zip(["t", "/", "#", "+", "+/#", "$SYS/#"]) {
        let filter = TopicFilter::new(filter).unwrap();
        assert_eq!(filter.shared_subscription().unwrap().topic_filter, behind);
    }
    // A wildcard that is a part of the share name breaks a rule about wildcards as well.
    for filter in
        ["$share/g+/t", "$share/+g/t", "$share/g#/t", "$share/#/t", "$share/g/a#", "$share/g/#/a", "$share/g/+a"]
    {
        assert!(TopicFilter::new(filter).is_err(), "{filter}");
        for place in topic_filters(false).into_iter().chain(topic_filters(true)) {
            refuses_somehow(V5, &place.packet(filter.as_bytes()).0, &[Some(PROTOCOL_ERROR)]);
        }
    }
    // What 3.1.1 takes for ordinary text cannot be written to a peer that speaks 5.0.
    let ordinary = Subscriptions::new(b"\x00\x08$share/g\x00", V3_1_1).unwrap();
    let subscribe = Subscribe::new(identifier(10), ordinary);
    refuses_to_write(subscribe, V5, NotInVersion(V5), Field::TopicFilter, "MQTT-4.8.2-2");
    let ordinary = TopicFilters::new(b"\x00\x08$share/g", V3_1_1).unwrap();
    let unsubscribe = Unsubscribe::new(identifier(10), ordinary);
    refuses_to_write(unsubscribe, V5, NotInVersion(V5), Field::TopicFilter, "MQTT-4.8.2-2");
}

#[test]
fn mqtt_6_0_0_2_packets_may_be_split_and_joined_anywhere() {
    // A WebSocket frame may hold a part of a packet, or many: all that is needed is more bytes.
    let packets: Vec<Vec<u8>> = MINIMAL.iter().map(|(_, first_byte, body)| packet(*first_byte, &[body])).collect();
    for bytes in &packets {
        for cut in 0..bytes.len() {
            match decode(&bytes[..cut], V5) {
                Ok(Decoded::Incomplete { needed }) => assert!(needed.get() <= bytes.len() - cut, "{bytes:02X?} {cut}"),
                other => panic!("{:02X?}: {other:?}", &bytes[..cut]),
            }
        }
    }
    let run = packets.concat();
    for frame_len in 1..=run.len() {
        let mut received = Vec::new();
        let mut decoded = Vec::new();
        for frame in run.chunks(frame_len) {
            received.extend_from_slice(frame);
            while let Some((packet, consumed)) = decode(&received, V5).unwrap().complete() {
                decoded.push(packet.packet_type());
                received.drain(..consumed);
            }
        }
        assert!(received.is_empty());
        assert!(decoded.iter().eq(MINIMAL.iter().map(|(packet_type, ..)| packet_type)), "frames of {frame_len}");
    }
}

// ---- Rules without a number ----

#[test]
fn u1_type_0_does_not_exist() {
    // All 16 first bytes of type 0 are malformed.
    for first_byte in 0x00..=0x0F {
        for bytes in [&[first_byte][..], &[first_byte, 0x00], &[first_byte, 0x02, 0x00, 0x0A]] {
            refuses(V5, bytes, Kind::ReservedPacketType, Field::PacketType, 0, "section 2.1.2", MALFORMED);
        }
    }
    assert!(PacketType::ALL[1..].iter().all(|packet_type| packet_type.exists_in(V5)));
    assert!(!PacketType::Reserved.exists_in(V5));
}

#[test]
fn u2_packets_flow_in_their_direction() {
    // Each type is refused from the side that does not send it, once the sender is known.
    use Sender::{Client, Either, Server};
    for (packet_type, sender) in [
        (PacketType::Connect, Client),
        (PacketType::ConnAck, Server),
        (PacketType::Publish, Either),
        (PacketType::PubAck, Either),
        (PacketType::PubRec, Either),
        (PacketType::PubRel, Either),
        (PacketType::PubComp, Either),
        (PacketType::Subscribe, Client),
        (PacketType::SubAck, Server),
        (PacketType::Unsubscribe, Client),
        (PacketType::UnsubAck, Server),
        (PacketType::PingReq, Client),
        (PacketType::PingResp, Server),
        (PacketType::Disconnect, Either),
        (PacketType::Auth, Either),
    ] {
        let bytes = minimal(packet_type);
        let packet = round_trips(V5, &bytes);
        for side in [Client, Server] {
            let (decoding, encoding) = (DecodeOptions::new(V5).sender(side), EncodeOptions::new(V5).sender(side));
            if sender == Either || sender == side {
                round_trips(decoding, &bytes);
                writes(packet, encoding, &bytes);
            } else {
                let (kind, field) = (Kind::WrongSender(side), Field::PacketType);
                refuses(decoding, &bytes, kind, field, 0, "section 2.1.2", PROTOCOL_ERROR);
                refuses(decoding, &bytes[..1], kind, field, 0, "section 2.1.2", PROTOCOL_ERROR);
                refuses_to_write(packet, encoding, NotFromSender(side), field, "section 2.1.2");
            }
        }
    }
}

#[test]
fn u3_remaining_length_has_at_most_four_bytes() {
    // A fifth byte is malformed, as soon as the fourth announces it.
    for (_, first_byte, _) in MINIMAL {
        for length in [&b"\xFF\xFF\xFF\xFF"[..], b"\x80\x80\x80\x80", b"\x80\x80\x80\x80\x01", b"\xFF\xFF\xFF\xFF\x7F"]
        {
            let bytes = [&[first_byte], length].concat();
            let kind = Kind::VariableByteIntegerTooLong;
            refuses(V5, &bytes, kind, Field::RemainingLength, 1, "section 1.5.5", MALFORMED);
        }
        // Three bytes that go on are no error yet.
        let Ok(Decoded::Incomplete { .. }) = decode(&[first_byte, 0xFF, 0xFF, 0xFF], V5) else { panic!() };
    }
    // The largest packet of all.
    let (header, _) = decode_fixed_header(b"\x30\xFF\xFF\xFF\x7F", V5).unwrap().complete().unwrap();
    assert_eq!(header.packet_len(), 268_435_460);
    let Ok(Decoded::Incomplete { needed }) = decode(b"\x30\xFF\xFF\xFF\x7F", V5) else { panic!() };
    assert_eq!(needed.get(), 268_435_455);
}

#[test]
fn u4_the_fields_fill_the_remaining_length() {
    // A byte too many: whatever it is taken for, and at its place.
    for (bytes, at) in [
        (packet(0x20, &[b"\x00\x00", b"\x00", b"\x00"]), 5),
        (packet(0x20, &[b"\x00\x00", b"\x02\x25\x01", b"\x25"]), 7),
        (packet(0x40, &[b"\x00\x0A", b"\x10", b"\x00", b"\x00"]), 6),
        (packet(0x50, &[b"\x00\x0A", b"\x10", b"\x00", b"\x00"]), 6),
        (packet(0x62, &[b"\x00\x0A", b"\x92", b"\x00", b"\x00"]), 6),
        (packet(0x70, &[b"\x00\x0A", b"\x92", b"\x00", b"\x00"]), 6),
        (packet(0xC0, &[b"\x00"]), 2),
        (packet(0xD0, &[b"\x00"]), 2),
        (packet(0xE0, &[b"\x00", b"\x00", b"\x00"]), 4),
        (packet(0xF0, &[b"\x18", b"\x04\x15\x00\x01M", b"\x00"]), 8),
        (packet(0x10, &[b"\x00\x04MQTT\x05\xC2\x00\x3C\x00", b"\x00\x01c", b"\x00\x01u", b"\x00\x01p", b"\x00"]), 22),
    ] {
        refuses(V5, &bytes, Kind::TrailingBytes, Field::Payload, at, "section 2.1.4", MALFORMED);
        let shorter = [&[bytes[0], bytes[1] - 1], &bytes[2..bytes.len() - 1]].concat();
        accepts(V5, &shorter);
    }
    // A byte too few, in each packet that does not end in a list or a payload, and has no short form there.
    for (bytes, field, at, rule) in [
        (packet(0x20, &[]), Field::AcknowledgeFlags, 2, "section 2.1.4"),
        (packet(0x20, &[b"\x00"]), Field::ReasonCode, 3, "section 2.1.4"),
        (packet(0x30, &[]), Field::TopicName, 2, "section 2.1.4"),
        (packet(0x32, &[b"\x00\x01a"]), Field::PacketIdentifier, 5, "section 2.1.4"),
        (packet(0x32, &[b"\x00\x01a\x00"]), Field::PacketIdentifier, 5, "section 2.1.4"),
        (packet(0x40, &[]), Field::PacketIdentifier, 2, "section 2.1.4"),
        (packet(0x40, &[b"\x00"]), Field::PacketIdentifier, 2, "section 2.1.4"),
        (packet(0x50, &[b"\x00"]), Field::PacketIdentifier, 2, "section 2.1.4"),
        (packet(0x62, &[b"\x00"]), Field::PacketIdentifier, 2, "section 2.1.4"),
        (packet(0x70, &[b"\x00"]), Field::PacketIdentifier, 2, "section 2.1.4"),
        (packet(0x82, &[]), Field::PacketIdentifier, 2, "section 2.1.4"),
        (packet(0x82, &[b"\x00"]), Field::PacketIdentifier, 2, "section 2.1.4"),
        (packet(0x82, &[b"\x00\x0A\x00", b"\x00"]), Field::TopicFilter, 5, "section 2.1.4"),
        (packet(0x90, &[b"\x00"]), Field::PacketIdentifier, 2, "section 2.1.4"),
        (packet(0xA2, &[b"\x00"]), Field::PacketIdentifier, 2, "section 2.1.4"),
        (packet(0xA2, &[b"\x00\x0A\x00", b"\x00\x01a", b"\x00"]), Field::TopicFilter, 8, "section 2.1.4"),
        (packet(0xB0, &[b"\x00"]), Field::PacketIdentifier, 2, "section 2.1.4"),
        (packet(0x10, &[]), Field::ProtocolName, 2, "section 2.1.4"),
        (packet(0x10, &[b"\x00\x04MQT"]), Field::ProtocolName, 2, "section 2.1.4"),
        (packet(0x10, &[b"\x00\x04MQTT"]), Field::ProtocolVersion, 8, "section 2.1.4"),
        (packet(0x10, &[b"\x00\x04MQTT\x05"]), Field::ConnectFlags, 9, "section 2.1.4"),
        (packet(0x10, &[b"\x00\x04MQTT\x05\x02"]), Field::KeepAlive, 10, "section 2.1.4"),
        (packet(0x10, &[b"\x00\x04MQTT\x05\x02\x00"]), Field::KeepAlive, 10, "section 2.1.4"),
        (packet(0x10, &[b"\x00\x04MQTT\x05\x02\x00\x3C"]), Field::PropertyLength, 12, "MQTT-2.2.2-1"),
    ] {
        refuses(V5, &bytes, Kind::UnexpectedEnd, field, at, rule, MALFORMED);
    }
    // Exactly as long as it says: a byte less is waited for, a byte more is the next packet's.
    for (packet_type, ..) in MINIMAL {
        let bytes = minimal(packet_type);
        let Ok(Decoded::Incomplete { .. }) = decode(&bytes[..bytes.len() - 1], V5) else { panic!() };
        let Ok(Decoded::Complete { consumed, .. }) = decode(&[&bytes[..], b"\x00"].concat(), V5) else { panic!() };
        assert_eq!(consumed, bytes.len());
    }
}

#[test]
fn u5_strings_and_data_end_inside_of_the_packet() {
    // A length that runs past the end; of a field, and of a property past the block it is in.
    let rule = |field| match field {
        Field::ClientIdentifier => "MQTT-3.1.3-3",
        Field::WillTopic | Field::WillPayload => "MQTT-3.1.2-9",
        Field::UserName => "MQTT-3.1.2-17",
        Field::Password => "MQTT-3.1.2-19",
        Field::Property(_) => "section 2.2.2.1",
        _ => "section 2.1.4",
    };
    const CONNECT_USER: &[u8] = b"\x00\x04MQTT\x05\xC2\x00\x3C\x00\x00\x01c\x00\x01u";
    const CONNECT_WILL: &[u8] = b"\x00\x04MQTT\x05\x06\x00\x3C\x00\x00\x01c\x00\x00\x01w";
    let mut places = string_places();
    places.push(field_place("CONNECT", Field::Password, Text::Any, 0x10, CONNECT_USER, b""));
    places.push(field_place("CONNECT", Field::WillPayload, Text::Any, 0x10, CONNECT_WILL, b""));
    for place in places {
        for raw in [&b"\xFF\xFF"[..], b"\xFF\xFFab", b"\x01\x00ab"] {
            let (bytes, offset) = place.packet_of_raw(raw);
            refuses(V5, &bytes, Kind::UnexpectedEnd, place.field, offset, rule(place.field), MALFORMED);
        }
        // One more than there is, to the end of the packet or of the block.
        let (bytes, offset) = place.packet(b"ab");
        let in_block = matches!(place.field, Field::Property(_));
        if place.behind == 0 || in_block {
            let behind = bytes.len() - offset - 2;
            let rest = if in_block { behind - after_block(&place) } else { behind };
            let raw = [&u16::try_from(3 + rest).unwrap().to_be_bytes()[..], b"ab"].concat();
            let (bytes, offset) = place.packet_of_raw(&raw);
            refuses(V5, &bytes, Kind::UnexpectedEnd, place.field, offset, rule(place.field), MALFORMED);
        }
    }
    for home in HOMES.iter().filter(|home| home.allowed.contains(&0x09) || home.allowed.contains(&0x16)) {
        let number = if home.allowed.contains(&0x09) { 0x09 } else { 0x16 };
        for raw in [&b"\x00"[..], b"\x00\x01", b"\x00\x03ab", b"\xFF\xFFab"] {
            let (bytes, offset) = home.packet_with(number, &[&[number], raw].concat());
            let field = Field::Property(id(number));
            refuses(V5, &bytes, Kind::UnexpectedEnd, field, offset + 1, "section 2.2.2.1", MALFORMED);
        }
    }
}

/// How many bytes there are behind the properties that the place is in.
fn after_block(place: &Place) -> usize {
    HOMES.iter().find(|home| place.name.ends_with(&format!(" in {}", home.name))).unwrap().after.len()
}

#[test]
fn u6_control_and_non_characters_are_accepted_unless_refused_by_option() {
    // Each of the 64 control characters and 66 non-characters, in every string.
    let strict = DecodeOptions::new(V5).refuse_discouraged_characters(true);
    let planes = (0..=16_u32).flat_map(|plane| [plane << 16 | 0xFFFE, plane << 16 | 0xFFFF]);
    let discouraged: Vec<char> = (0x01..=0x1F)
        .chain(0x7F..=0x9F)
        .chain(0xFDD0..=0xFDEF)
        .chain(planes)
        .map(|code_point| char::from_u32(code_point).unwrap())
        .collect();
    assert_eq!(discouraged.len(), 31 + 33 + 66);
    // The neighbours of all these ranges, and U+FEFF.
    let fine = [
        ' ',
        '~',
        '\u{A0}',
        '\u{FDCF}',
        '\u{FDF0}',
        '\u{FEFF}',
        '\u{FFFD}',
        '\u{10000}',
        '\u{1FFFD}',
        '\u{20000}',
        '\u{10FFFD}',
    ];
    for place in string_places() {
        for character in &discouraged {
            let text = format!("é{character}b");
            let (bytes, offset) = place.packet(text.as_bytes());
            round_trips(V5, &bytes);
            let kind = Kind::DiscouragedCharacter;
            refuses(strict, &bytes, kind, place.field, offset + 2, "section 1.5.4", MALFORMED);
        }
        for character in fine {
            round_trips(strict, &place.packet(character.to_string().as_bytes()).0);
        }
    }
    for character in discouraged {
        let text = character.to_string();
        assert!(Utf8String::new(text.as_str()).unwrap().has_discouraged_characters());
    }
    // Data are no strings.
    round_trips(strict, &Home::named("PUBLISH").packet(b"\x09\x00\x01\x07").0);
    round_trips(strict, &connect(0x42, &[b"\x00\x01c", b"\x00\x01\x07"]));
}

#[test]
fn u7_properties_end_where_their_length_says() {
    // A Property Length that promises more than there is, and values that cross the end of the block.
    for home in &HOMES {
        // Longer than what is left of the packet.
        let len = home.after.len();
        for length in [len + 1, len + 2, 127, 128, 268_435_455] {
            let length = variable_byte_integer(length);
            let bytes = packet(home.first_byte, &[home.before, &length, home.after]);
            let at = bytes.len() - home.after.len() - length.len();
            refuses(V5, &bytes, Kind::UnexpectedEnd, home.fields.0, at, "section 2.2.2.1", MALFORMED);
        }
        // A length of its own that does not end.
        let bytes = packet(home.first_byte, &[home.before, b"\x80"]);
        let at = bytes.len() - 1;
        let rule = if home.fields == OF_WILL { "MQTT-3.1.2-9" } else { "MQTT-2.2.2-1" };
        refuses(V5, &bytes, Kind::UnexpectedEnd, home.fields.1, at, rule, MALFORMED);
        let bytes = packet(home.first_byte, &[home.before, b"\xFF\xFF\xFF\xFF\x01", home.after]);
        let at = bytes.len() - home.after.len() - 5;
        let kind = Kind::VariableByteIntegerTooLong;
        refuses(V5, &bytes, kind, home.fields.1, at, "section 1.5.5", MALFORMED);
        // A value that crosses the end of the block, though the packet goes on behind it.
        for &number in home.allowed {
            let property = sample(number);
            for cut in 1..property.len() {
                let (head, tail) = property.split_at(cut);
                let companion = home.companion(number);
                let length = variable_byte_integer(companion.len() + head.len());
                let bytes = packet(home.first_byte, &[home.before, &length, companion, head, tail, home.after]);
                let value_at = bytes.len() - home.after.len() - property.len() + 1;
                // Of a User Property the part that is cut off.
                let at = if number == 0x26 && cut >= 4 { value_at + 3 } else { value_at };
                let field = Field::Property(id(number));
                refuses(V5, &bytes, Kind::UnexpectedEnd, field, at, "section 2.2.2.1", MALFORMED);
            }
        }
    }
}

#[test]
fn u8_identifiers_are_known_and_at_home_in_the_packet() {
    // All 256 numbers in all 14 places.
    let mut pairs = 0;
    for home in &HOMES {
        for number in 0..=0xFF_u8 {
            let Some(identifier) = Id::from_u8(number) else {
                assert!(SAMPLES.iter().all(|(known, _)| *known != number), "{number:#04X}");
                let (bytes, at) = home.packet_with(number, &[number, 0x00, 0x00]);
                let (kind, field) = (Kind::UnknownProperty(number), Field::PropertyIdentifier);
                refuses(V5, &bytes, kind, field, at, "section 2.2.2.2", MALFORMED);
                continue;
            };
            let (bytes, at) = home.packet_with(number, sample(number));
            let allowed = if home.fields == OF_WILL {
                identifier.is_allowed_in_will()
            } else {
                identifier.is_allowed_in(home.packet_type)
            };
            assert_eq!(allowed, home.allowed.contains(&number), "{identifier} in {}", home.name);
            if allowed {
                round_trips(V5, &bytes);
                pairs += 1;
            } else {
                let field = Field::Property(identifier);
                refuses(V5, &bytes, Kind::PropertyNotAllowed, field, at, "section 2.2.2.2", MALFORMED);
            }
        }
    }
    assert_eq!(pairs, HOMES.iter().map(|home| home.allowed.len()).sum::<usize>());
    // Builders that are given a property of another packet.
    let delay = Property::WillDelayInterval(1);
    let error = PublishProperties::builder_in(&mut [0; 8]).property(&delay).build().unwrap_err();
    assert_eq!(error, BuildError::NotAllowed(Id::WillDelayInterval));
    let alias = Property::TopicAlias(1.try_into().unwrap());
    let error = WillProperties::builder_in(&mut [0; 8]).property(&alias).build().unwrap_err();
    assert_eq!(error, BuildError::NotAllowed(Id::TopicAlias));
    let reason = Property::ReasonString(Utf8String::new("r").unwrap());
    let error = UnsubscribeProperties::builder_in(&mut [0; 8]).property(&reason).build().unwrap_err();
    assert_eq!(error, BuildError::NotAllowed(Id::ReasonString));
}

#[test]
fn u9_values_are_of_their_propertys_type() {
    // Each cut of each value, as the last thing in the block and in the packet.
    for home in HOMES.iter().filter(|home| home.after.is_empty()) {
        for &number in home.allowed {
            let property = sample(number);
            for cut in 1..property.len() {
                let (bytes, at) = home.packet_with(number, &property[..cut]);
                let at = if number == 0x26 && cut >= 4 { at + 4 } else { at + 1 };
                let field = Field::Property(id(number));
                refuses(V5, &bytes, Kind::UnexpectedEnd, field, at, "section 2.2.2.1", MALFORMED);
            }
        }
    }
    // The one Variable Byte Integer among them, of five bytes.
    for home in Home::homes_of(0x0B) {
        for value in [&b"\x0B\xFF\xFF\xFF\xFF"[..], b"\x0B\x80\x80\x80\x80\x01"] {
            let (bytes, at) = home.packet(value);
            let (kind, field) = (Kind::VariableByteIntegerTooLong, Field::Property(Id::SubscriptionIdentifier));
            refuses(V5, &bytes, kind, field, at + 1, "section 1.5.5", MALFORMED);
        }
    }
    // A string where the next property is taken for a part of it, and the other way round.
    let (bytes, at) = Home::named("CONNACK").packet(b"\x1F\x00\x01r\x25");
    let field = Field::Property(Id::RetainAvailable);
    refuses(V5, &bytes, Kind::UnexpectedEnd, field, at + 5, "section 2.2.2.1", MALFORMED);
    // The largest values of the numbers.
    for property in
        [&b"\x11\xFF\xFF\xFF\xFF"[..], b"\x21\xFF\xFF", b"\x22\xFF\xFF", b"\x22\x00\x00", b"\x27\xFF\xFF\xFF\xFF"]
    {
        round_trips(V5, &Home::named("CONNECT").packet(property).0);
        round_trips(V5, &Home::named("CONNACK").packet(property).0);
    }
}

#[test]
fn u10_the_order_of_different_properties_has_no_meaning() {
    // Turned and reversed, they are equal sets, and are written as they came.
    for home in &HOMES {
        let method_first = home.companion(0x26);
        let others = home.allowed.iter().filter(|number| method_first.is_empty() || **number != 0x15);
        let mut properties: Vec<&[u8]> = others.map(|number| sample(*number)).collect();
        if !method_first.is_empty() {
            properties.push(method_first);
        }
        let sorted = properties.concat();
        let (bytes, _) = home.packet(&sorted);
        for _ in 0..properties.len() {
            properties.rotate_left(1);
            let (turned, _) = home.packet(&properties.concat());
            assert!(round_trips(V5, &bytes) == round_trips(V5, &turned), "{}", home.name);
        }
        properties.reverse();
        let (backwards, _) = home.packet(&properties.concat());
        assert!(round_trips(V5, &bytes) == round_trips(V5, &backwards), "{}", home.name);
    }
}

#[test]
fn u11_a_single_property_is_not_repeated() {
    // Each property in each packet; twice the same, and with another one between them.
    for home in &HOMES {
        for &number in home.allowed {
            let property = sample(number);
            let twice = [property, property].concat();
            let (bytes, at) = home.packet_with(number, &twice);
            if number == 0x26 || number == 0x0B && home.name == "PUBLISH" {
                round_trips(V5, &bytes);
                continue;
            }
            let (kind, field) = (Kind::DuplicateProperty, Field::Property(id(number)));
            let second = at + property.len();
            refuses(V5, &bytes, kind, field, second, "section 2.2.2.2", PROTOCOL_ERROR);
            let apart = [property, sample(0x26), property].concat();
            let (bytes, at) = home.packet_with(number, &apart);
            let second = at + property.len() + sample(0x26).len();
            refuses(V5, &bytes, kind, field, second, "section 2.2.2.2", PROTOCOL_ERROR);
            round_trips(V5, &home.packet_with(number, property).0);
        }
    }
    let storage = &mut [0; 32];
    let error = PublishProperties::builder_in(storage).content_type("a").content_type("b").build().unwrap_err();
    assert_eq!(error, BuildError::Duplicate(Id::ContentType));
    let indicator = PayloadFormat::Utf8;
    let error = PublishProperties::builder_in(storage)
        .payload_format_indicator(indicator)
        .payload_format_indicator(indicator)
        .build()
        .unwrap_err();
    assert_eq!(error, BuildError::Duplicate(Id::PayloadFormatIndicator));
    let error = AuthProperties::builder_in(storage, "a").authentication_method("b").build().unwrap_err();
    assert_eq!(error, BuildError::Duplicate(Id::AuthenticationMethod));
    let one = SubscriptionIdentifier::new(1).unwrap();
    let error = SubscribeProperties::builder_in(storage)
        .subscription_identifier(one)
        .subscription_identifier(one)
        .build()
        .unwrap_err();
    assert_eq!(error, BuildError::Duplicate(Id::SubscriptionIdentifier));
    let many = PublishProperties::builder_in(storage).subscription_identifier(one).subscription_identifier(one).build();
    assert_eq!(many.unwrap().subscription_identifiers().count(), 2);
}

#[test]
fn u12_properties_of_one_byte_are_0_or_1() {
    // All 256 values of each; for the Payload Format Indicator the standard names no class.
    for (home, number, rule) in [
        ("CONNECT", 0x19, "section 3.1.2.11.6"),
        ("CONNECT", 0x17, "section 3.1.2.11.7"),
        ("CONNACK", 0x24, "section 3.2.2.3.4"),
        ("CONNACK", 0x25, "section 3.2.2.3.5"),
        ("CONNACK", 0x28, "section 3.2.2.3.11"),
        ("CONNACK", 0x29, "section 3.2.2.3.12"),
        ("CONNACK", 0x2A, "section 3.2.2.3.13"),
        ("PUBLISH", 0x01, "section 3.3.2.3.2"),
        ("the Will", 0x01, "section 3.1.3.2.3"),
    ] {
        for value in 0..=0xFF {
            let (bytes, at) = Home::named(home).packet(&[number, value]);
            if value < 2 {
                round_trips(V5, &bytes);
            } else {
                let (kind, field) = (Kind::InvalidPropertyValue, Field::Property(id(number)));
                refuses(V5, &bytes, kind, field, at + 1, rule, PROTOCOL_ERROR);
            }
        }
    }
    let builder = |qos| ConnAckProperties::builder_in(&mut [0; 8]).maximum_qos(qos).build().map(|_| ());
    assert_eq!(builder(QoS::AtMostOnce), Ok(()));
    assert_eq!(builder(QoS::AtLeastOnce), Ok(()));
    assert_eq!(builder(QoS::ExactlyOnce), Err(BuildError::InvalidValue(Id::MaximumQoS)));
}

#[test]
fn u13_receive_maximum_is_not_0() {
    // In CONNECT and in CONNACK.
    for (home, rule) in [("CONNECT", "section 3.1.2.11.3"), ("CONNACK", "section 3.2.2.3.3")] {
        let (bytes, at) = Home::named(home).packet(b"\x21\x00\x00");
        let (kind, field) = (Kind::InvalidPropertyValue, Field::Property(Id::ReceiveMaximum));
        refuses(V5, &bytes, kind, field, at + 1, rule, PROTOCOL_ERROR);
        for value in [&b"\x21\x00\x01"[..], b"\x21\x01\x00", b"\x21\xFF\xFF"] {
            round_trips(V5, &Home::named(home).packet(value).0);
        }
    }
}

#[test]
fn u14_maximum_packet_size_is_not_0() {
    // In CONNECT and in CONNACK.
    for (home, rule) in [("CONNECT", "section 3.1.2.11.4"), ("CONNACK", "section 3.2.2.3.6")] {
        let (bytes, at) = Home::named(home).packet(b"\x27\x00\x00\x00\x00");
        let (kind, field) = (Kind::InvalidPropertyValue, Field::Property(Id::MaximumPacketSize));
        refuses(V5, &bytes, kind, field, at + 1, rule, PROTOCOL_ERROR);
        for value in [&b"\x27\x00\x00\x00\x01"[..], b"\x27\x01\x00\x00\x00", b"\x27\xFF\xFF\xFF\xFF"] {
            round_trips(V5, &Home::named(home).packet(value).0);
        }
    }
}

#[test]
fn u15_subscription_identifier_is_not_0() {
    // 1 to 268,435,455; at most one in SUBSCRIBE, any number in PUBLISH.
    let field = Field::Property(Id::SubscriptionIdentifier);
    for (home, rule) in [("SUBSCRIBE", "section 3.8.2.1.2"), ("PUBLISH", "section 3.3.2.3.8")] {
        let (bytes, at) = Home::named(home).packet(b"\x0B\x00");
        refuses(V5, &bytes, Kind::InvalidPropertyValue, field, at + 1, rule, PROTOCOL_ERROR);
        round_trips(V5, &Home::named(home).packet(b"\x0B\x01").0);
        round_trips(V5, &Home::named(home).packet(b"\x0B\xFF\xFF\xFF\x7F").0);
    }
    let (bytes, at) = Home::named("SUBSCRIBE").packet(b"\x0B\x01\x0B\x02");
    refuses(V5, &bytes, Kind::DuplicateProperty, field, at + 2, "section 2.2.2.2", PROTOCOL_ERROR);
    let bytes = Home::named("PUBLISH").packet(b"\x0B\x02\x0B\x01\x0B\x02").0;
    let publish = publish(round_trips(V5, &bytes));
    assert!(publish.properties().subscription_identifiers().map(SubscriptionIdentifier::get).eq([2, 1, 2]));
    assert_eq!(SubscriptionIdentifier::new(0), None);
    assert_eq!(SubscriptionIdentifier::new(268_435_456), None);
    assert_eq!(SubscriptionIdentifier::new(268_435_455).unwrap().get(), 268_435_455);
}

#[test]
fn u16_authentication_data_of_connect_need_a_method() {
    // Data that answer no method are a Protocol Error.
    let (kind, field) = (Kind::AuthenticationDataWithoutMethod, Field::Property(Id::AuthenticationData));
    for (properties, at) in [(&b"\x16\x00\x01d"[..], 0), (b"\x16\x00\x00", 0), (b"\x17\x01\x16\x00\x01d", 2)] {
        let (bytes, offset) = Home::named("CONNECT").packet(properties);
        refuses(V5, &bytes, kind, field, offset + at, "section 3.1.2.11.10", PROTOCOL_ERROR);
    }
    // Before the method or behind it, and in CONNACK without one.
    round_trips(V5, &Home::named("CONNECT").packet(b"\x16\x00\x01d\x15\x00\x01M").0);
    round_trips(V5, &Home::named("CONNECT").packet(b"\x15\x00\x01M\x16\x00\x01d").0);
    round_trips(V5, &Home::named("CONNECT").packet(b"\x15\x00\x00\x16\x00\x00").0);
    round_trips(V5, &Home::named("CONNACK").packet(b"\x16\x00\x01d").0);
    let error = ConnectProperties::builder_in(&mut [0; 8]).authentication_data(b"d").build().unwrap_err();
    assert_eq!(error, BuildError::AuthenticationDataWithoutMethod);
}

#[test]
fn u17_auth_has_an_authentication_method() {
    // The form lets it be left out, section 3.15.2.2.2 does not.
    let (kind, field) = (Kind::AuthenticationMethodMissing, Field::Property(Id::AuthenticationMethod));
    for code in AUTH_CODES {
        for rest in [&b""[..], b"\x00", b"\x04\x16\x00\x01d", b"\x04\x1F\x00\x01r", b"\x05\x26\x00\x00\x00\x00"] {
            let bytes = packet(0xF0, &[&[code], rest]);
            let at = bytes.len();
            refuses(V5, &bytes, kind, field, at, "section 3.15.2.2.2", PROTOCOL_ERROR);
        }
        round_trips(V5, &packet(0xF0, &[&[code], b"\x03\x15\x00\x00"]));
        round_trips(V5, &packet(0xF0, &[&[code], b"\x08\x16\x00\x01d\x15\x00\x01M"]));
    }
    refuses(V5, &[0xF0, 0x00], kind, field, 2, "section 3.15.2.2.2", PROTOCOL_ERROR);
    // A builder of these properties begins with the method.
    let properties = AuthProperties::builder_in(&mut [0; 8], "M").build().unwrap().as_bytes().to_vec();
    assert_eq!(properties, b"\x15\x00\x01M");
}

#[test]
fn u18_an_empty_topic_name_needs_a_topic_alias() {
    // No name and no alias is a Protocol Error.
    for first_byte in [0x30, 0x32, 0x34] {
        let id: &[u8] = if first_byte == 0x30 { b"" } else { b"\x00\x0A" };
        for properties in [&b"\x00"[..], b"\x02\x01\x01", b"\x04\x08\x00\x01r"] {
            let bytes = packet(first_byte, &[b"\x00\x00", id, properties, b"hi"]);
            let kind = Kind::TopicAliasMissing;
            refuses(V5, &bytes, kind, Field::TopicName, 2, "section 3.3.2.1", PROTOCOL_ERROR);
        }
        let bytes = packet(first_byte, &[b"\x00\x00", id, b"\x03\x23\x00\x01", b"hi"]);
        let decoded = publish(round_trips(V5, &bytes));
        assert_eq!((decoded.topic_name(), decoded.topic()), (None, ""));
        assert_eq!(decoded.properties().topic_alias().unwrap().get(), 1);
    }
    let none = PublishProperties::<&[u8]>::default();
    assert!(Publish::with_alias_only(none, b"").is_err());
    let alias = PublishProperties::new(b"\x23\x00\x01").unwrap();
    let mut publish = Publish::with_alias_only(alias, b"").unwrap();
    writes(publish, V5, &[0x30, 0x06, 0x00, 0x00, 0x03, 0x23, 0x00, 0x01]);
    assert!(publish.set_properties(none).is_err());
    publish.set_topic_name(TopicName::new("a").unwrap());
    publish.set_properties(none).unwrap();
    assert!(publish.remove_topic_name().is_err());
    writes(publish, V5, &[0x30, 0x04, 0x00, 0x01, b'a', 0x00]);
}

#[test]
fn u19_what_an_alias_stands_for_is_the_connections_to_know() {
    // Every alias is accepted, whether or not a packet before gave it a name.
    for alias in [1_u16, 10, 0xFFFF] {
        let bytes = packet(0x30, &[b"\x00\x00", b"\x03\x23", &alias.to_be_bytes(), b"hi"]);
        for sender in [Sender::Either, Sender::Client, Sender::Server] {
            let decoded = publish(round_trips(DecodeOptions::new(V5).sender(sender), &bytes));
            assert_eq!((decoded.topic_name(), decoded.properties().topic_alias().unwrap().get()), (None, alias));
        }
    }
}

#[test]
fn u20_the_maximum_qos_of_a_subscription_is_not_3() {
    // All 256 options: if 3 is the only fault, it is told.
    for options in 0..=0xFF_u8 {
        let bytes = subscribe("a", options);
        let at = bytes.len() - 1;
        let (reserved, retain_handling, qos) = (options & 0xC0 != 0, options >> 4 & 3, options & 3);
        match (reserved, retain_handling, qos) {
            (false, 0..=2, 0..=2) => {
                let expected = SubscriptionOptions {
                    maximum_qos: QoS::from_u8(qos).unwrap(),
                    no_local: options & 4 != 0,
                    retain_as_published: options & 8 != 0,
                    retain_handling: RetainHandling::from_u8(retain_handling).unwrap(),
                };
                assert_eq!(options_of(round_trips(V5, &bytes)), expected);
                assert_eq!(expected.to_byte(), options);
            }
            (false, 0..=2, _) => {
                let field = Field::SubscriptionOptions;
                refuses(V5, &bytes, Kind::InvalidQoS, field, at, "section 3.8.3.1", PROTOCOL_ERROR);
                assert_eq!(SubscriptionOptions::from_byte(options), Err(SubscriptionOptionsError::InvalidQoS));
            }
            _ => refuses_somehow(V5, &bytes, &[Some(PROTOCOL_ERROR), Some(MALFORMED)]),
        }
    }
}

#[test]
fn u21_retain_handling_is_not_3() {
    // The value 3 is a Protocol Error, beside every other option.
    for low in [0x00, 0x01, 0x02, 0x04, 0x08, 0x0E] {
        let bytes = subscribe("a", 0x30 | low);
        let (kind, field, at) = (Kind::InvalidRetainHandling, Field::SubscriptionOptions, bytes.len() - 1);
        refuses(V5, &bytes, kind, field, at, "section 3.8.3.1", PROTOCOL_ERROR);
        let error = SubscriptionOptions::from_byte(0x30 | low);
        assert_eq!(error, Err(SubscriptionOptionsError::InvalidRetainHandling));
        for handling in 0..=2 {
            let options = options_of(round_trips(V5, &subscribe("a", handling << 4 | low)));
            assert_eq!(options.retain_handling.as_u8(), handling);
        }
    }
    assert_eq!(RetainHandling::from_u8(3), None);
}

#[test]
fn u22_each_topic_filter_of_subscribe_has_its_options() {
    // A payload that ends behind a filter is malformed.
    for filters in [&b"\x00\x01a"[..], b"\x00\x01a\x00\x00\x01b", b"\x00\x01a\x00\x00\x01b\x01\x00\x03c/d"] {
        let bytes = packet(0x82, &[b"\x00\x0A", b"\x00", filters]);
        let (field, at) = (Field::SubscriptionOptions, bytes.len());
        refuses(V5, &bytes, Kind::UnexpectedEnd, field, at, "section 3.8.3", MALFORMED);
        round_trips(V5, &packet(0x82, &[b"\x00\x0A", b"\x00", filters, b"\x02"]));
    }
}

#[test]
fn u23_suback_and_unsuback_have_a_reason_code() {
    // There is a filter in every request, so there is a code in every answer.
    for (first_byte, code, rule) in [(0x90, 0x02, "section 3.9.3"), (0xB0, 0x11, "section 3.11.3")] {
        for properties in [&b"\x00"[..], b"\x04\x1F\x00\x01r"] {
            let bytes = packet(first_byte, &[b"\x00\x0A", properties]);
            let (kind, at) = (Kind::EmptyPayload, bytes.len());
            refuses(V5, &bytes, kind, Field::ReasonCode, at, rule, PROTOCOL_ERROR);
            round_trips(V5, &packet(first_byte, &[b"\x00\x0A", properties, &[code]]));
        }
    }
    assert!(SubAck::new(identifier(10), ReasonCodes::<_, &[u8]>::default()).is_none());
    // The UNSUBACK of 3.x has none, and cannot be written in 5.0.
    let unsuback = UnsubAck::<&[u8]>::new(identifier(10));
    refuses_to_write(unsuback, V5, NotInVersion(V5), Field::ReasonCode, "section 3.11.3");
    writes(
        UnsubAck { reason_codes: ReasonCodes::new(&[0x11]).unwrap(), ..unsuback },
        V5,
        &minimal(PacketType::UnsubAck),
    );
}

#[test]
fn u24_pings_have_a_remaining_length_of_0() {
    // Nothing may be behind the fixed header.
    for first_byte in [0xC0, 0xD0] {
        for body in [&b"\x00"[..], b"\x00\x0A", &[0; 200]] {
            let bytes = packet(first_byte, &[body]);
            let at = bytes.len() - body.len();
            refuses(V5, &bytes, Kind::TrailingBytes, Field::Payload, at, "section 2.1.4", MALFORMED);
        }
        round_trips(V5, &[first_byte, 0x00]);
    }
}

#[test]
fn u25_reason_code_and_property_length_may_be_left_out() {
    // Success without properties is two bytes or none; what says nothing is not written.
    for (first_byte, code) in [(0x40, 0x10), (0x50, 0x97), (0x62, 0x92), (0x70, 0x92)] {
        let shortest = packet(first_byte, &[b"\x00\x0A"]);
        let short = round_trips(V5, &shortest);
        for long in [&b"\x00\x0A\x00"[..], b"\x00\x0A\x00\x00"] {
            assert!(rewrites(V5, &packet(first_byte, &[long]), &shortest) == short);
        }
        let short = packet(first_byte, &[b"\x00\x0A", &[code]]);
        assert!(round_trips(V5, &short) == rewrites(V5, &packet(first_byte, &[b"\x00\x0A", &[code], b"\x00"]), &short));
        // With properties nothing can be left out.
        round_trips(V5, &packet(first_byte, &[b"\x00\x0A", &[0], b"\x05\x26\x00\x00\x00\x00"]));
    }
    let shortest = round_trips(V5, &[0xE0, 0x00]);
    assert!(rewrites(V5, &[0xE0, 0x01, 0x00], &[0xE0, 0x00]) == shortest);
    assert!(rewrites(V5, &[0xE0, 0x02, 0x00, 0x00], &[0xE0, 0x00]) == shortest);
    let Packet::Disconnect(disconnect) = shortest else { panic!() };
    assert_eq!(disconnect.reason_code, DisconnectReasonCode::NORMAL_DISCONNECTION);
    rewrites(V5, &[0xE0, 0x02, 0x04, 0x00], &[0xE0, 0x01, 0x04]);
    round_trips(V5, &[0xE0, 0x01, 0x04]);
    round_trips(V5, &packet(0xE0, &[b"\x00", b"\x05\x26\x00\x00\x00\x00"]));
    writes(PubAck::new(identifier(10)), V5, &[0x40, 0x02, 0x00, 0x0A]);
    writes(PubRec::new(identifier(10)), V5, &[0x50, 0x02, 0x00, 0x0A]);
    writes(PubComp::new(identifier(10)), V5, &[0x70, 0x02, 0x00, 0x0A]);
    writes(Disconnect::default(), V5, &[0xE0, 0x00]);
}

#[test]
fn u26_a_publish_may_have_no_payload() {
    // A payload of no bytes is a message like any other.
    for bytes in [packet(0x30, &[b"\x00\x01a", b"\x00"]), packet(0x33, &[b"\x00\x01a", b"\x00\x0A", b"\x00"])] {
        assert!(publish(round_trips(V5, &bytes)).payload.is_empty());
    }
    // With a Payload Format Indicator too: no bytes are UTF-8.
    let checking = DecodeOptions::new(V5).check_payload_format(true);
    round_trips(checking, &packet(0x30, &[b"\x00\x01a", b"\x02\x01\x01"]));
}

#[test]
fn u27_a_password_needs_no_user_name() {
    // 5.0 lets it stand alone, 3.x does not.
    let bytes = connect(0x42, &[b"\x00\x01c", b"\x00\x06secret"]);
    let decoded = connect_of(round_trips(V5, &bytes));
    assert_eq!((decoded.user_name, decoded.password.unwrap().as_bytes()), (None, &b"secret"[..]));
    let written = Connect {
        keep_alive: 60.into(),
        password: Some(BinaryData::new(b"secret").unwrap()),
        ..Connect::new(Utf8String::new("c").unwrap())
    };
    writes(written, V5, &bytes);
}

#[test]
fn u28_a_will_may_have_no_payload() {
    // A payload of no bytes is a Will like any other.
    let bytes = connect(0x06, &[b"\x00\x01c", b"\x00", b"\x00\x01w", b"\x00\x00"]);
    assert!(connect_of(round_trips(V5, &bytes)).will.unwrap().payload.is_empty());
}

#[test]
fn u29_a_payload_that_is_said_to_be_utf_8_may_be_checked() {
    // Off by default; of PUBLISH and of the Will, each with the section that says so.
    let checking = DecodeOptions::new(V5).check_payload_format(true);
    let publish = |indicator: &[u8], payload: &[u8]| packet(0x30, &[b"\x00\x01a", indicator, payload]);
    let will =
        |indicator: &[u8], payload: &[u8]| connect(0x06, &[b"\x00\x01c", indicator, b"\x00\x01w", &string(payload)]);
    let answer = ReasonCode::PAYLOAD_FORMAT_INVALID;
    for (text, fault) in ILL_FORMED {
        for unchecked in [&b"\x00"[..], b"\x02\x01\x00"] {
            round_trips(checking, &publish(unchecked, text));
            round_trips(checking, &will(unchecked, text));
        }
        let bytes = publish(b"\x02\x01\x01", text);
        round_trips(V5, &bytes);
        let at = bytes.len() - text.len() + fault;
        refuses(checking, &bytes, Kind::PayloadNotUtf8, Field::Payload, at, "section 3.3.2.3.2", answer);
        let bytes = will(b"\x02\x01\x01", text);
        round_trips(V5, &bytes);
        let at = bytes.len() - text.len() + fault;
        refuses(checking, &bytes, Kind::PayloadNotUtf8, Field::WillPayload, at, "section 3.1.3.2.3", answer);
    }
    // A payload is no string of MQTT: U+0000 is a character like any other.
    for text in ["", "é", "a\0b", "\u{FEFF}\u{FFFF}"] {
        round_trips(checking, &publish(b"\x02\x01\x01", text.as_bytes()));
        round_trips(checking, &will(b"\x02\x01\x01", text.as_bytes()));
    }
}

#[test]
fn u30_which_session_expiry_interval_may_follow_is_the_connections_to_know() {
    // In a client's DISCONNECT every value is accepted.
    for value in [0_u32, 1, 0xFFFF_FFFF] {
        let bytes = Home::named("DISCONNECT").packet(&[b"\x11", &value.to_be_bytes()[..]].concat()).0;
        let Packet::Disconnect(disconnect) = round_trips(DecodeOptions::new(V5).sender(Sender::Client), &bytes) else {
            panic!()
        };
        assert_eq!(disconnect.properties.session_expiry_interval(), Some(value));
    }
}

#[test]
fn u31_which_authentication_method_was_agreed_is_the_connections_to_know() {
    // Every method is accepted, whichever CONNECT had.
    for method in ["", "M", "SCRAM-SHA-1", "other"] {
        let bytes = Home::named("AUTH").packet(&[b"\x15", &string(method)[..]].concat()).0;
        let Packet::Auth(Auth { properties, .. }) = round_trips(V5, &bytes) else { panic!() };
        assert_eq!(properties.authentication_method().unwrap(), method);
    }
}

#[test]
fn u32_what_the_server_declared_unavailable_is_the_connections_to_know() {
    // Wildcards, shared subscriptions and Subscription Identifiers are accepted.
    for filter in ["#", "a/+", "$share/g/t"] {
        round_trips(V5, &subscribe(filter, 0x01));
    }
    round_trips(V5, &Home::named("SUBSCRIBE").packet(b"\x0B\x01").0);
    round_trips(V5, &Home::named("CONNACK").packet(b"\x28\x00\x29\x00\x2A\x00").0);
}

#[test]
fn u33_who_sends_which_reason_code_is_told_and_not_refused() {
    // Decoding takes the codes of the other side; the table tells; encoding refuses them.
    let client_and_server = |packet_type, code: u8| {
        let code = ReasonCode::from_u8(code).unwrap();
        [Sender::Client, Sender::Server].map(|sender| code.is_allowed_in(packet_type, sender))
    };
    for code in DISCONNECT_CODES {
        let bytes = packet(0xE0, &[&[code], b"\x05\x26\x00\x00\x00\x00"]);
        for sender in [Sender::Client, Sender::Server] {
            accepts(DecodeOptions::new(V5).sender(sender), &bytes);
        }
        let expected = [!DISCONNECT_CODES_OF_SERVERS.contains(&code), code != 0x04];
        assert_eq!(client_and_server(PacketType::Disconnect, code), expected, "{code:#04X}");
    }
    for (code, expected) in [(0x00, [false, true]), (0x18, [true, true]), (0x19, [true, false])] {
        let bytes = packet(0xF0, &[&[code], b"\x04\x15\x00\x01M"]);
        for sender in [Sender::Client, Sender::Server] {
            accepts(DecodeOptions::new(V5).sender(sender), &bytes);
        }
        assert_eq!(client_and_server(PacketType::Auth, code), expected, "{code:#04X}");
    }
    // No matching subscribers: only a server can know.
    for (packet_type, first_byte, rule) in
        [(PacketType::PubAck, 0x40, "MQTT-3.4.2-1"), (PacketType::PubRec, 0x50, "MQTT-3.5.2-1")]
    {
        let bytes = packet(first_byte, &[b"\x00\x0A", b"\x10"]);
        for sender in [Sender::Client, Sender::Server] {
            accepts(DecodeOptions::new(V5).sender(sender), &bytes);
        }
        let packet = round_trips(V5, &bytes);
        writes(packet, EncodeOptions::new(V5).sender(Sender::Server), &bytes);
        let client = EncodeOptions::new(V5).sender(Sender::Client);
        refuses_to_write(packet, client, NotFromSender(Sender::Client), Field::ReasonCode, rule);
        assert_eq!(client_and_server(packet_type, 0x10), [false, true]);
        for code in PUBACK_CODES.into_iter().filter(|code| *code != 0x10) {
            assert_eq!(client_and_server(packet_type, code), [true, true]);
        }
    }
}

#[test]
fn u34_server_reference_goes_with_every_reason_code() {
    // It is meant for two of them; with the others it is accepted.
    for code in CONNACK_CODES {
        round_trips(V5, &packet(0x20, &[&[0x00, code], b"\x05\x1C\x00\x02sr"]));
    }
    for code in DISCONNECT_CODES {
        round_trips(V5, &packet(0xE0, &[&[code], b"\x05\x1C\x00\x02sr"]));
    }
}

#[test]
fn u35_slashes_may_be_anywhere() {
    // Alone, leading, trailing, repeated, in names and in filters: a level may be empty.
    for text in ["/", "//", "///", "/a", "a/", "a//b", "/a/", "//a", "a//"] {
        for place in string_places() {
            round_trips(V5, &place.packet(text.as_bytes()).0);
        }
        assert_eq!(TopicName::new(text).unwrap().levels().count(), text.matches('/').count() + 1);
        assert_eq!(TopicFilter::new(text).unwrap().levels().count(), text.matches('/').count() + 1);
        assert!(matches(text, text));
    }
    // An empty level is a level.
    assert!(matches("+/+", "/") && matches("/+", "/") && matches("+/", "/") && !matches("+", "/"));
    assert!(matches("a/+", "a/") && !matches("a/+", "a") && matches("a/#", "a") && matches("a/#", "a/"));
}

#[test]
fn u36_a_topic_name_and_a_topic_alias_may_stand_together() {
    // The packet keeps both; that the alias now stands for the name is the connection's to know.
    let bytes = packet(0x30, &[b"\x00\x03a/b", b"\x03\x23\x00\x05", b"hi"]);
    let decoded = publish(round_trips(V5, &bytes));
    assert_eq!((decoded.topic(), decoded.properties().topic_alias().unwrap().get()), ("a/b", 5));
}

// ---- Points at which implementations differ ----

#[test]
fn p1_dup_at_qos_0_is_malformed_or_ignored_by_option() {
    // 0x81: it is a matter of flags.
    let lenient = DecodeOptions::new(V5).allow_dup_at_qos_0(true);
    for retain in [0, 1] {
        let bytes = [0x38 | retain, 0x06, 0x00, 0x01, b'a', 0x00, b'h', b'i'];
        refuses(V5, &bytes, Kind::DupAtQoS0, Field::Flags, 0, "MQTT-3.3.1-2", MALFORMED);
        let plain = [0x30 | retain, 0x06, 0x00, 0x01, b'a', 0x00, b'h', b'i'];
        assert!(rewrites(lenient, &bytes, &plain) == round_trips(lenient, &plain));
    }
    // The option is about nothing else.
    refuses(lenient, &[0x36, 0x00], Kind::InvalidQoS, Field::Flags, 0, "MQTT-3.3.1-4", MALFORMED);
    refuses(lenient, &[0x4A, 0x00], Kind::InvalidFlags, Field::Flags, 0, "MQTT-2.1.3-1", MALFORMED);
}

#[test]
fn p2_a_leading_u_feff_is_a_part_of_the_text() {
    // Byte for byte, and no text layer strips it.
    let bytes = connect(
        0x86,
        &[b"\x00\x04\xEF\xBB\xBFc", b"\x00", b"\x00\x04\xEF\xBB\xBFw", b"\x00\x00", b"\x00\x04\xEF\xBB\xBFu"],
    );
    let decoded = connect_of(round_trips(V5, &bytes));
    assert_eq!(decoded.client_identifier, "\u{FEFF}c");
    assert_eq!(decoded.will.unwrap().topic_name, "\u{FEFF}w");
    assert_eq!(decoded.user_name.unwrap(), "\u{FEFF}u");
    // In a Topic Filter it is a character of the first level.
    assert!(TopicFilter::new("\u{FEFF}+").is_err() && TopicFilter::new("\u{FEFF}#").is_err());
    assert!(matches("#", "\u{FEFF}$SYS"));
}

#[test]
fn p3_control_characters_are_accepted_by_default() {
    // Accepted, told by option, and written.
    let strict = DecodeOptions::new(V5).refuse_discouraged_characters(true);
    let bytes = packet(0x30, &[b"\x00\x02a\x07", b"\x00"]);
    assert_eq!(publish(round_trips(V5, &bytes)).topic(), "a\u{7}");
    let kind = Kind::DiscouragedCharacter;
    refuses(strict, &bytes, kind, Field::TopicName, 5, "section 1.5.4", MALFORMED);
    writes(Publish::new(TopicName::new("a\u{7}").unwrap(), b""), V5, &bytes);
}

#[test]
fn p4_a_password_is_any_bytes() {
    // Its content is never looked at, with a User Name or without.
    for password in [&b""[..], b"\0", b"\xFF\xFE", b"\xED\xA0\x80", b"a\x07"] {
        for (flags, user) in [(0x42, &b""[..]), (0xC2, b"\x00\x01u")] {
            let bytes = connect(flags, &[b"\x00\x01c", user, &string(password)]);
            let strict = DecodeOptions::new(V5).refuse_discouraged_characters(true).check_payload_format(true);
            assert_eq!(connect_of(round_trips(strict, &bytes)).password.unwrap().as_bytes(), password);
        }
    }
}

#[test]
fn p5_an_empty_topic_name_is_judged_with_its_alias() {
    // Without an alias 0x82, with alias 0 0x94, with any other accepted.
    let field = Field::TopicName;
    let bytes = [0x30, 0x03, 0x00, 0x00, 0x00];
    refuses(V5, &bytes, Kind::TopicAliasMissing, field, 2, "section 3.3.2.1", PROTOCOL_ERROR);
    let field = Field::Property(Id::TopicAlias);
    let bytes = [0x30, 0x06, 0x00, 0x00, 0x03, 0x23, 0x00, 0x00];
    let answer = ReasonCode::TOPIC_ALIAS_INVALID;
    refuses(V5, &bytes, Kind::TopicAliasZero, field, 6, "MQTT-3.3.2-8", answer);
    round_trips(V5, &[0x30, 0x06, 0x00, 0x00, 0x03, 0x23, 0x00, 0x01]);
}

#[test]
fn p6_a_wildcard_in_a_topic_name_has_a_kind_of_its_own() {
    // 0x82; whoever wants 0x90 sees it by the kind.
    let kind = Kind::WildcardInTopicName;
    let bytes = packet(0x30, &[b"\x00\x03a/#", b"\x00"]);
    refuses(V5, &bytes, kind, Field::TopicName, 6, "MQTT-3.3.2-2", PROTOCOL_ERROR);
    let bytes = connect(0x06, &[b"\x00\x01c", b"\x00", b"\x00\x03a/+", b"\x00\x00"]);
    refuses(V5, &bytes, kind, Field::WillTopic, 21, "MQTT-4.7.0-1", PROTOCOL_ERROR);
    let (bytes, at) = Home::named("PUBLISH").packet(b"\x08\x00\x01#");
    let field = Field::Property(Id::ResponseTopic);
    refuses(V5, &bytes, kind, field, at + 3, "MQTT-3.3.2-14", PROTOCOL_ERROR);
}

#[test]
fn p7_a_bad_topic_filter_is_told_from_a_bad_packet() {
    // 0x82 for the packet; the kinds tell what is wrong, so that a server can answer 0x8F for the filter.
    for (filter, kind) in [
        ("", Kind::EmptyTopic),
        ("a#", Kind::MisplacedMultiLevelWildcard),
        ("a+", Kind::MisplacedSingleLevelWildcard),
        ("$share/", Kind::EmptyShareName),
        ("$share/+/a", Kind::WildcardInShareName),
        ("$share/g", Kind::InvalidSharedFilter),
    ] {
        for bytes in [subscribe(filter, 0), packet(0xA2, &[b"\x00\x0A", b"\x00", &string(filter)])] {
            let error = decode(&bytes, V5).unwrap_err();
            assert_eq!((error.kind(), error.reason_code()), (kind, Some(PROTOCOL_ERROR)), "{filter}");
            assert_eq!(error.field(), Field::TopicFilter);
            // The frame is known all the same, and what comes behind it can be read.
            let (header, _) = decode_fixed_header(&bytes, V5).unwrap().complete().unwrap();
            assert_eq!(header.packet_len(), bytes.len());
        }
    }
}

#[test]
fn p8_faults_of_the_wills_flags_are_malformed_and_its_payload_may_be_empty() {
    // 0x81 for all three faults of the flags; an empty Will Topic is a Protocol Error.
    for (flags, kind, field, rule) in [
        (0x1E, Kind::InvalidQoS, Field::WillQoS, "MQTT-3.1.2-12"),
        (0x0A, Kind::WillFlagsWithoutWill, Field::WillQoS, "MQTT-3.1.2-11"),
        (0x22, Kind::WillFlagsWithoutWill, Field::WillRetain, "MQTT-3.1.2-13"),
    ] {
        let bytes = connect(flags, &[&connect_payload(flags)]);
        refuses(V5, &bytes, kind, field, CONNECT_FLAGS_AT, rule, MALFORMED);
    }
    round_trips(V5, &connect(0x06, &[b"\x00\x01c", b"\x00", b"\x00\x01w", b"\x00\x00"]));
    let bytes = connect(0x06, &[b"\x00\x01c", b"\x00", b"\x00\x00", b"\x00\x00"]);
    refuses(V5, &bytes, Kind::EmptyTopic, Field::WillTopic, 17, "MQTT-4.7.3-1", PROTOCOL_ERROR);
}

#[test]
fn p9_a_property_in_the_wrong_packet_is_malformed() {
    // Unknown or misplaced: the same answer.
    let (bytes, at) = Home::named("PUBLISH").packet(b"\x1F\x00\x01r");
    let field = Field::Property(Id::ReasonString);
    refuses(V5, &bytes, Kind::PropertyNotAllowed, field, at, "section 2.2.2.2", MALFORMED);
    let (bytes, at) = Home::named("the Will").packet(b"\x23\x00\x01");
    let field = Field::Property(Id::TopicAlias);
    refuses(V5, &bytes, Kind::PropertyNotAllowed, field, at, "section 2.2.2.2", MALFORMED);
    let (bytes, at) = Home::named("CONNECT").packet(b"\x18\x00\x00\x00\x01");
    let field = Field::Property(Id::WillDelayInterval);
    refuses(V5, &bytes, Kind::PropertyNotAllowed, field, at, "section 2.2.2.2", MALFORMED);
    let (bytes, at) = Home::named("PUBLISH").packet(b"\x2B\x00");
    let (kind, field) = (Kind::UnknownProperty(0x2B), Field::PropertyIdentifier);
    refuses(V5, &bytes, kind, field, at, "section 2.2.2.2", MALFORMED);
}

#[test]
fn p10_payload_format_indicator_and_message_expiry_interval_are_single_too() {
    // 0x82 as for all others, though the sentence is missing.
    for property in [&b"\x01\x01"[..], b"\x02\x00\x00\x00\x3C"] {
        for home in ["PUBLISH", "the Will"] {
            let (bytes, at) = Home::named(home).packet(&property.repeat(2));
            let (kind, field) = (Kind::DuplicateProperty, Field::Property(id(property[0])));
            refuses(V5, &bytes, kind, field, at + property.len(), "section 2.2.2.2", PROTOCOL_ERROR);
        }
    }
}

#[test]
fn p11_bad_authentication_method_is_a_reason_code_of_disconnect() {
    // The general table has it there, the DISCONNECT table has not.
    let Packet::Disconnect(disconnect) = round_trips(V5, &[0xE0, 0x01, 0x8C]) else { panic!() };
    assert_eq!(disconnect.reason_code, DisconnectReasonCode::BAD_AUTHENTICATION_METHOD);
    writes(disconnect, EncodeOptions::new(V5).sender(Sender::Server), &[0xE0, 0x01, 0x8C]);
}

#[test]
fn p12_a_reason_code_of_another_packet_is_a_protocol_error() {
    // 0x82: the byte parses, its value is not allowed.
    for (bytes, at, rule) in [
        (packet(0x40, &[b"\x00\x0A", b"\x92"]), 4, "MQTT-3.4.2-1"),
        (packet(0x62, &[b"\x00\x0A", b"\x91"]), 4, "MQTT-3.6.2-1"),
        (packet(0x62, &[b"\x00\x0A", b"\x80"]), 4, "MQTT-3.6.2-1"),
        (packet(0x70, &[b"\x00\x0A", b"\x10"]), 4, "MQTT-3.7.2-1"),
        (packet(0x90, &[b"\x00\x0A", b"\x00", b"\x03"]), 5, "MQTT-3.9.3-2"),
        (packet(0x90, &[b"\x00\x0A", b"\x00", b"\x11"]), 5, "MQTT-3.9.3-2"),
        (packet(0xB0, &[b"\x00\x0A", b"\x00", b"\x01"]), 5, "MQTT-3.11.3-2"),
        (packet(0x20, &[b"\x00\x92", b"\x00"]), 3, "MQTT-3.2.2-8"),
        (packet(0xE0, &[b"\x01"]), 2, "MQTT-3.14.2-1"),
        (packet(0xF0, &[b"\x87", b"\x04\x15\x00\x01M"]), 2, "MQTT-3.15.2-1"),
    ] {
        let kind = Kind::InvalidReasonCode(bytes[at]);
        refuses(V5, &bytes, kind, Field::ReasonCode, at, rule, PROTOCOL_ERROR);
    }
}

#[test]
fn p13_reason_codes_and_server_reference_of_the_wrong_side_are_read_and_not_written() {
    // Only the Session Expiry Interval of a server is refused on decode.
    let server = DecodeOptions::new(V5).sender(Sender::Server);
    let client = DecodeOptions::new(V5).sender(Sender::Client);
    accepts(server, &[0xE0, 0x01, 0x04]);
    accepts(client, &[0xE0, 0x01, 0x8B]);
    accepts(client, &packet(0xF0, &[b"\x00", b"\x04\x15\x00\x01M"]));
    accepts(server, &packet(0xF0, &[b"\x19", b"\x04\x15\x00\x01M"]));
    let bytes = packet(0xE0, &[b"\x00", b"\x05\x1C\x00\x02sr"]);
    let disconnect = accepts(client, &bytes);
    let (kind, field) = (NotFromSender(Sender::Client), Field::Property(Id::ServerReference));
    let error = disconnect.encoded_len(EncodeOptions::new(V5).sender(Sender::Client)).unwrap_err();
    assert_eq!((error.kind(), error.field()), (kind, field));
    assert_eq!(error.statement(), None, "the sentence about it has no number");
    writes(disconnect, EncodeOptions::new(V5).sender(Sender::Server), &bytes);
    let bytes = packet(0xE0, &[b"\x00", b"\x05\x11\x00\x00\x00\x01"]);
    let (kind, field) = (Kind::PropertyFromWrongSender(Sender::Server), Field::Property(Id::SessionExpiryInterval));
    refuses(server, &bytes, kind, field, 4, "MQTT-3.14.2-2", PROTOCOL_ERROR);
    accepts(client, &bytes);
}

#[test]
fn p14_an_auth_without_properties_lacks_its_method() {
    // The form is accepted, the missing method is a Protocol Error; it is never written.
    let (kind, field) = (Kind::AuthenticationMethodMissing, Field::Property(Id::AuthenticationMethod));
    refuses(V5, &[0xF0, 0x00], kind, field, 2, "section 3.15.2.2.2", PROTOCOL_ERROR);
    refuses(V5, &[0xF0, 0x01, 0x18], kind, field, 3, "section 3.15.2.2.2", PROTOCOL_ERROR);
    refuses(V5, &[0xF0, 0x02, 0x00, 0x00], kind, field, 4, "section 3.15.2.2.2", PROTOCOL_ERROR);
    // The least that can be written.
    let properties = AuthProperties::new(b"\x15\x00\x00").unwrap();
    let auth = Auth { reason_code: AuthReasonCode::SUCCESS, properties };
    writes(auth, V5, &[0xF0, 0x05, 0x00, 0x03, 0x15, 0x00, 0x00]);
}

#[test]
fn p15_packet_identifier_0_is_a_protocol_error_everywhere() {
    // 0x82 in each of the packets that have the field.
    for (first_byte, rule) in [
        (0x32, "MQTT-2.2.1-3"),
        (0x34, "MQTT-2.2.1-3"),
        (0x40, "MQTT-2.2.1-5"),
        (0x50, "MQTT-2.2.1-5"),
        (0x62, "MQTT-2.2.1-5"),
        (0x70, "MQTT-2.2.1-5"),
        (0x82, "MQTT-2.2.1-3"),
        (0x90, "MQTT-2.2.1-6"),
        (0xA2, "MQTT-2.2.1-3"),
        (0xB0, "MQTT-2.2.1-6"),
    ] {
        let (bytes, at) = with_identifier(first_byte, 0);
        let kind = Kind::PacketIdentifierZero;
        refuses(V5, &bytes, kind, Field::PacketIdentifier, at, rule, PROTOCOL_ERROR);
        round_trips(V5, &with_identifier(first_byte, 1).0);
        round_trips(V5, &with_identifier(first_byte, 0xFFFF).0);
    }
}

#[test]
fn p16_a_longer_variable_byte_integer_is_malformed_in_5_0_only() {
    // 0x81; 3.x has no such rule.
    let kind = Kind::VariableByteIntegerNotMinimal;
    refuses(V5, &[0xC0, 0x80, 0x00], kind, Field::RemainingLength, 1, "MQTT-1.5.5-1", MALFORMED);
    accepts(V3_1_1, &[0xC0, 0x80, 0x00]);
    // CONNECT is judged by its own version, whatever the options say.
    let body = &minimal(PacketType::Connect)[2..];
    let bytes = [&[0x10, 0x8D, 0x00], body].concat();
    for version in ProtocolVersion::ALL {
        refuses(version, &bytes, kind, Field::RemainingLength, 1, "MQTT-1.5.5-1", MALFORMED);
    }
}

#[test]
fn p17_subscription_options_are_malformed_or_a_protocol_error_as_the_standard_says() {
    // 0x82 for the values, 0x81 for the reserved bits.
    let field = Field::SubscriptionOptions;
    for (options, kind, rule, answer) in [
        (0x03, Kind::InvalidQoS, "section 3.8.3.1", PROTOCOL_ERROR),
        (0x30, Kind::InvalidRetainHandling, "section 3.8.3.1", PROTOCOL_ERROR),
        (0x40, Kind::ReservedSubscriptionOptions, "MQTT-3.8.3-5", MALFORMED),
        (0x80, Kind::ReservedSubscriptionOptions, "MQTT-3.8.3-5", MALFORMED),
    ] {
        refuses(V5, &subscribe("a", options), kind, field, 8, rule, answer);
    }
}

#[test]
fn p18_session_present_with_a_failure_is_a_protocol_error() {
    // 0x82.
    let kind = Kind::SessionPresentWithFailure;
    let bytes = [0x20, 0x03, 0x01, 0x87, 0x00];
    refuses(V5, &bytes, kind, Field::SessionPresent, 2, "MQTT-3.2.2-6", PROTOCOL_ERROR);
}

#[test]
fn p19_a_payload_format_indicator_above_1_is_a_protocol_error() {
    // 0x82 like its sister bytes.
    for (home, rule) in [("PUBLISH", "section 3.3.2.3.2"), ("the Will", "section 3.1.3.2.3")] {
        let (bytes, at) = Home::named(home).packet(b"\x01\x02");
        let (kind, field) = (Kind::InvalidPropertyValue, Field::Property(Id::PayloadFormatIndicator));
        refuses(V5, &bytes, kind, field, at + 1, rule, PROTOCOL_ERROR);
    }
}

#[test]
fn p20_a_clients_subscription_identifier_is_refused_where_the_sender_is_known() {
    // 0x82 if it is a client, else accepted.
    let bytes = packet(0x30, &[b"\x00\x01a", b"\x02\x0B\x01"]);
    let (kind, field) = (Kind::PropertyFromWrongSender(Sender::Client), Field::Property(Id::SubscriptionIdentifier));
    let client = DecodeOptions::new(V5).sender(Sender::Client);
    refuses(client, &bytes, kind, field, 6, "MQTT-3.3.4-6", PROTOCOL_ERROR);
    round_trips(V5, &bytes);
}

#[test]
fn p21_an_empty_client_identifier_needs_no_clean_start() {
    // The codec accepts it; to refuse it is for a server to decide.
    let bytes = connect(0x00, &[b"\x00\x00"]);
    let decoded = connect_of(round_trips(DecodeOptions::new(V5).sender(Sender::Client), &bytes));
    assert!(decoded.client_identifier.is_empty() && !decoded.clean_start);
    writes(decoded, V5, &bytes);
}

#[test]
fn p22_a_connack_of_version_3_is_recognised() {
    // Remaining Length 2 and a return code from 1 to 5; everything else of that length is malformed.
    for code in 1..=5 {
        let error = decode(&[0x20, 0x02, 0x00, code], V5).unwrap_err();
        assert_eq!(error.kind(), Kind::ServerSpeaksVersion3);
        // With a third byte it is a CONNACK of 5.0 with a code that it does not have.
        let kind = Kind::InvalidReasonCode(code);
        let bytes = [0x20, 0x03, 0x00, code, 0x00];
        refuses(V5, &bytes, kind, Field::ReasonCode, 3, "MQTT-3.2.2-8", PROTOCOL_ERROR);
    }
    for code in CONNACK_CODES {
        let bytes = [0x20, 0x02, 0x00, code];
        refuses(V5, &bytes, Kind::UnexpectedEnd, Field::PropertyLength, 4, "MQTT-2.2.2-1", MALFORMED);
    }
    // Too short and with a code that there is not: either may be told.
    refuses_somehow(V5, &[0x20, 0x02, 0x00, 0x06], &[Some(MALFORMED), Some(PROTOCOL_ERROR)]);
}

#[test]
fn p23_payloads_are_not_checked_by_default() {
    // Told by option, with 0x99.
    let bytes = packet(0x30, &[b"\x00\x01a", b"\x02\x01\x01", b"\xFF"]);
    round_trips(V5, &bytes);
    let checking = DecodeOptions::new(V5).check_payload_format(true);
    let answer = ReasonCode::PAYLOAD_FORMAT_INVALID;
    refuses(checking, &bytes, Kind::PayloadNotUtf8, Field::Payload, 8, "section 3.3.2.3.2", answer);
}

#[test]
fn p24_bit_7_of_the_protocol_level_is_no_bridge_in_5_0() {
    // 0x84, also where the bit is allowed for 3.x.
    let (kind, field) = (Kind::UnsupportedProtocolVersion, Field::ProtocolVersion);
    let bytes = packet(0x10, &[b"\x00\x04MQTT\x85\x02\x00\x3C\x00", b"\x00\x01c"]);
    for allow in [false, true] {
        let options = DecodeOptions::new(V5).allow_bridge_bit(allow);
        refuses(options, &bytes, kind, field, 8, "MQTT-3.1.2-2", UNSUPPORTED_VERSION);
    }
    let bridge = Connect { bridge: true, ..Connect::new(Utf8String::new("c").unwrap()) };
    refuses_to_write(bridge, V5, NotInVersion(V5), field, "MQTT-3.1.2-2");
}

#[test]
fn p25_a_share_in_a_share_is_a_bad_filter() {
    // The standard does not rule it out, and it means nothing.
    let bad = [("$share/a/$share/b/t", Kind::InvalidSharedFilter, TextErrorKind::InvalidSharedFilter, 9)];
    filters_are(&bad, |_| "MQTT-4.8.2-2", &["$share/a/$shared/b/t", "$share/a/b/$share/c/t", "$share/a/$share"]);
}

#[test]
fn p26_topics_have_any_number_of_levels() {
    // 65,536 levels, all empty; 32,768 with a character or a wildcard.
    let slashes = "/".repeat(65_535);
    let letters = ["a"; 32_768].join("/");
    let wildcards = ["+"; 32_768].join("/");
    assert_eq!((slashes.len(), letters.len(), wildcards.len()), (65_535, 65_535, 65_535));
    for text in [&slashes, &letters] {
        round_trips(V5, &packet(0x30, &[&string(text), b"\x00"]));
        round_trips(V5, &subscribe(text, 0));
        assert!(matches(text, text) && matches("#", text));
    }
    round_trips(V5, &subscribe(&wildcards, 0));
    assert!(matches(&wildcards, &letters) && !matches(&wildcards, &slashes));
}
