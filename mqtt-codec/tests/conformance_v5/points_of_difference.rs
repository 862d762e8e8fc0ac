//! Points at which implementations differ.

use crate::conformance::{
    accepts, packet, refuses, refuses_somehow, refuses_to_write, rewrites, round_trips, string, writes,
};
use crate::connack::CONNACK_CODES;
use crate::control_packet_format::with_identifier;
use crate::operational_behaviour::{filters_are, matches};
use crate::samples::{
    CONNECT_FLAGS_AT, Home, MALFORMED, PROTOCOL_ERROR, UNSUPPORTED_VERSION, connect, connect_of, connect_payload, id,
    minimal, publish,
};
use crate::subscribe::subscribe;
use mqtt_codec::EncodeErrorKind::{NotFromSender, NotInVersion};
use mqtt_codec::ProtocolVersion::{V3_1_1, V5};
use mqtt_codec::{
    Auth, AuthProperties, AuthReasonCode, Connect, DecodeErrorKind as Kind, DecodeOptions, DisconnectReasonCode,
    Encode, EncodeOptions, Field, Packet, PacketType, PropertyIdentifier as Id, ProtocolVersion, Publish, ReasonCode,
    Sender, TextErrorKind, TopicFilter, TopicName, Utf8String, decode, decode_fixed_header,
};

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
    // Accepted, refused by option, and encoded.
    let strict = DecodeOptions::new(V5).refuse_discouraged_characters(true);
    let bytes = packet(0x30, &[b"\x00\x02a\x07", b"\x00"]);
    assert_eq!(publish(round_trips(V5, &bytes)).topic(), "a\u{7}");
    let kind = Kind::DiscouragedCharacter;
    refuses(strict, &bytes, kind, Field::TopicName, 5, "section 1.5.4", MALFORMED);
    writes(Publish::new(TopicName::new("a\u{7}").unwrap(), b""), V5, &bytes);
}

#[test]
fn p4_a_password_is_any_bytes() {
    // Its content is never examined, with or without a User Name.
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
    // 0x82. A caller that wants 0x90 can use the kind.
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
    // 0x82 for the packet. The kinds name the fault, so that a server can answer 0x8F for the filter.
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
            // The frame is known nevertheless, and the packets after it can be decoded.
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
    writes(disconnect, EncodeOptions::new(V5).with_sender(Sender::Server), &[0xE0, 0x01, 0x8C]);
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
    let server = DecodeOptions::new(V5).with_sender(Sender::Server);
    let client = DecodeOptions::new(V5).with_sender(Sender::Client);
    accepts(server, &[0xE0, 0x01, 0x04]);
    accepts(client, &[0xE0, 0x01, 0x8B]);
    accepts(client, &packet(0xF0, &[b"\x00", b"\x04\x15\x00\x01M"]));
    accepts(server, &packet(0xF0, &[b"\x19", b"\x04\x15\x00\x01M"]));
    let bytes = packet(0xE0, &[b"\x00", b"\x05\x1C\x00\x02sr"]);
    let disconnect = accepts(client, &bytes);
    let (kind, field) = (NotFromSender(Sender::Client), Field::Property(Id::ServerReference));
    let error = disconnect.encoded_len(EncodeOptions::new(V5).with_sender(Sender::Client)).unwrap_err();
    assert_eq!((error.kind(), error.field()), (kind, field));
    assert_eq!(error.statement(), None, "the sentence about it has no number");
    writes(disconnect, EncodeOptions::new(V5).with_sender(Sender::Server), &bytes);
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
    // CONNECT is decoded by its own version, whatever the options contain.
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
    let client = DecodeOptions::new(V5).with_sender(Sender::Client);
    refuses(client, &bytes, kind, field, 6, "MQTT-3.3.4-6", PROTOCOL_ERROR);
    round_trips(V5, &bytes);
}

#[test]
fn p21_an_empty_client_identifier_needs_no_clean_start() {
    // The codec accepts it; to refuse it is for a server to decide.
    let bytes = connect(0x00, &[b"\x00\x00"]);
    let decoded = connect_of(round_trips(DecodeOptions::new(V5).with_sender(Sender::Client), &bytes));
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
    // Too short, and with an unknown code: the error may name either.
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
