//! Differences of 3.1.

use crate::conformance::{
    accepts, packet, refuses, refuses_somehow, refuses_to_write, rewrites, round_trips, string, writes,
};
use crate::control_packet_format::with_identifier;
use crate::data_representation::are_strings;
use crate::operational_behaviour::matches;
use crate::other_packets::{qos_of, subscribe};
use crate::rules_without_a_number::has_the_return_codes;
use crate::samples::{
    BOTH, CLOSE, IDENTIFIER_REJECTED, UNACCEPTABLE_VERSION, are_legal_connect_flags, connect, connect_of,
    connect_payload, connect_places, identifier, minimal_packets, new_connect, protocol, publish, string_places,
    topic_filter_places,
};
use mqtt_codec::EncodeErrorKind::NotInVersion;
use mqtt_codec::ProtocolVersion::{V3_1, V3_1_1};
use mqtt_codec::{
    BinaryData, ConnAck, ConnAckReasonCode, Connect, DecodeErrorKind as Kind, DecodeOptions, Field, Packet, PacketType,
    ProtocolVersion, PubAck, QoS, ReasonCodes, SubAck, SubAckReasonCode, UnsubAck, decode,
};

#[test]
fn v3_1_protocol_name_is_mqisdp() {
    // Name and level together determine the version, whatever the options contain.
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
    // A CONNECT of 3.1 is decoded by the rules of 3.1, whatever the options contain.
    let bytes = packet(0x1F, &[protocol(V3_1), b"\x02\x00\x3C\x00\x01c"]);
    accepts(V3_1_1, &bytes);
}

/// Checks PUBREL, SUBSCRIBE and UNSUBSCRIBE of 3.1 with all 16 flags: QoS 1 is required, DUP and RETAIN are ignored.
pub(crate) fn has_the_flags_of_retries(first_bits: u8, rule: &str) {
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
    // The Remaining Length takes precedence over the flags. Fields that are present must be complete.
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
    // PUBACK and UNSUBACK can only mean success, and SUBACK can only contain a QoS.
    let quota = mqtt_codec::PubAckReasonCode::QUOTA_EXCEEDED;
    let puback = PubAck::<&[u8]> { reason_code: quota, ..PubAck::new(identifier(10)) };
    for version in BOTH {
        refuses_to_write(puback, version, NotInVersion(version), Field::ReasonCode, "section 3.4");
        writes(PubAck::new(identifier(10)), version, &[0x40, 0x02, 0x00, 0x0A]);
        let codes = ReasonCodes::new(&[0x87]).unwrap();
        let unsuback = UnsubAck::new(identifier(10), codes);
        refuses_to_write(unsuback, version, NotInVersion(version), Field::ReasonCode, "section 3.11");
        writes(UnsubAck::new(identifier(10), ReasonCodes::default()), version, &[0xB0, 0x02, 0x00, 0x0A]);
    }
    let suback = SubAck::new(identifier(10), ReasonCodes::new(&[0x80]).unwrap()).unwrap();
    refuses_to_write(suback, V3_1, NotInVersion(V3_1), Field::ReasonCode, "MQTT-3.9.3-2");
    writes(suback, V3_1_1, &[0x90, 0x03, 0x00, 0x0A, 0x80]);
}
