//! 3.1: CONNECT.

use crate::conformance::{accepts, packet, refuses, refuses_somehow, refuses_to_write, round_trips, string, writes};
use crate::data_representation::are_strings;
use crate::samples::{
    BOTH, CLOSE, IDENTIFIER_REJECTED, UNACCEPTABLE_VERSION, are_legal_connect_flags, connect, connect_of,
    connect_payload, connect_places, new_connect,
};
use mqtt_codec::EncodeErrorKind::NotInVersion;
use mqtt_codec::ProtocolVersion::{V3_1, V3_1_1};
use mqtt_codec::{
    BinaryData, ConnAck, ConnAckReasonCode, Connect, DecodeErrorKind as Kind, DecodeOptions, Field, QoS, TopicName,
    Utf8String, Will,
};

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
    // Will Flag 0: Will QoS and Will Retain are 0 (errors name -13 and -15), and there are no Will fields.
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
