//! 3.1: CONNECT.

use crate::conformance::{packet, refuses, refuses_somehow, round_trips, string, writes};
use crate::samples::{
    CONNECT_FLAGS_AT, CONNECT_PAYLOAD_AT, Home, ILL_FORMED, MALFORMED, PROTOCOL_ERROR, Place, UNSUPPORTED_VERSION,
    are_legal_connect_flags, connect, connect_of, connect_payload, minimal, sample, string_fields,
};
use mqtt_codec::ProtocolVersion::{V3_1_1, V5};
use mqtt_codec::{
    BinaryData, Connect, DecodeErrorKind as Kind, DecodeOptions, Field, Packet, PacketType, ProtocolVersion, QoS,
    Sender, TopicName, Utf8String, Will, WillProperties,
};

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
    // With the Password Flag the User Name is decoded as the Password, and the Password is left over.
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
    // The Will Properties after the topic: the length of the topic is decoded as their length, which is 0, and the next
    // bytes as a topic.
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

/// Checks that the field is a UTF-8 string, to which the rules of 1.5.4 apply.
pub(crate) fn is_a_string(places: &[Place], field: Field) {
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
        .with_sender(Sender::Client)
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
    // A length of 0 is a legal encoding. The server decides about it.
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

/// Checks that User Properties keep their values and order, also if they are repeated, equal or empty.
pub(crate) fn keeps_user_properties(home: &Home, read: impl Fn(Packet<&[u8]>) -> Vec<(String, String)>) {
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
