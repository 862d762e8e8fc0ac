//! Rules without a number, U19 to U36.

use crate::conformance::{
    accepts, packet, refuses, refuses_somehow, refuses_to_write, rewrites, round_trips, string, writes,
};
use crate::connack::{CONNACK_CODES, DISCONNECT_CODES, DISCONNECT_CODES_OF_SERVERS, PUBACK_CODES};
use crate::operational_behaviour::matches;
use crate::samples::{
    Home, ILL_FORMED, MALFORMED, PROTOCOL_ERROR, connect, connect_of, identifier, minimal, publish, string_places,
};
use crate::subscribe::{options_of, subscribe};
use mqtt_codec::EncodeErrorKind::{NotFromSender, ReasonCodesMissing};
use mqtt_codec::ProtocolVersion::V5;
use mqtt_codec::{
    Auth, BinaryData, Connect, DecodeErrorKind as Kind, DecodeOptions, Disconnect, DisconnectReasonCode, EncodeOptions,
    Field, Packet, PacketType, PubAck, PubComp, PubRec, QoS, ReasonCode, ReasonCodes, RetainHandling, Sender, SubAck,
    SubscriptionOptions, SubscriptionOptionsError, TopicFilter, TopicName, UnsubAck, Utf8String,
};

#[test]
fn u19_what_an_alias_stands_for_is_the_connections_to_know() {
    // Every alias is accepted, whether or not a packet before gave it a name.
    for alias in [1_u16, 10, 0xFFFF] {
        let bytes = packet(0x30, &[b"\x00\x00", b"\x03\x23", &alias.to_be_bytes(), b"hi"]);
        for sender in [Sender::Either, Sender::Client, Sender::Server] {
            let decoded = publish(round_trips(DecodeOptions::new(V5).with_sender(sender), &bytes));
            assert_eq!((decoded.topic_name(), decoded.properties().topic_alias().unwrap().get()), (None, alias));
        }
    }
}

#[test]
fn u20_the_maximum_qos_of_a_subscription_is_not_3() {
    // All 256 options: if 3 is the only fault, the error names it.
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
    // A payload that ends after a filter is malformed.
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
    assert!(SubAck::new(identifier(10), ReasonCodes::<_, &[u8]>::default()).is_err());
    // The UNSUBACK of 3.x has none, and cannot be written in 5.0.
    let unsuback = UnsubAck::<&[u8]>::new(identifier(10), ReasonCodes::default());
    refuses_to_write(unsuback, V5, ReasonCodesMissing, Field::ReasonCode, "section 3.11.3");
    let unsuback = UnsubAck::new(identifier(10), ReasonCodes::new(&[0x11]).unwrap());
    writes(unsuback, V5, &minimal(PacketType::UnsubAck));
}

#[test]
fn u24_pings_have_a_remaining_length_of_0() {
    // No bytes may follow the fixed header.
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
    // Success without properties takes two bytes or none. Redundant fields are not encoded.
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
    // Off by default. For PUBLISH and for the Will, each error names its section.
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
        let Packet::Disconnect(disconnect) = round_trips(DecodeOptions::new(V5).with_sender(Sender::Client), &bytes)
        else {
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
    // Decoding accepts the codes of the other side, the table identifies them, and encoding refuses them.
    let client_and_server = |packet_type, code: u8| {
        let code = ReasonCode::from_u8(code).unwrap();
        [Sender::Client, Sender::Server].map(|sender| code.is_allowed_in(packet_type, sender))
    };
    for code in DISCONNECT_CODES {
        let bytes = packet(0xE0, &[&[code], b"\x05\x26\x00\x00\x00\x00"]);
        for sender in [Sender::Client, Sender::Server] {
            accepts(DecodeOptions::new(V5).with_sender(sender), &bytes);
        }
        let expected = [!DISCONNECT_CODES_OF_SERVERS.contains(&code), code != 0x04];
        assert_eq!(client_and_server(PacketType::Disconnect, code), expected, "{code:#04X}");
    }
    for (code, expected) in [(0x00, [false, true]), (0x18, [true, true]), (0x19, [true, false])] {
        let bytes = packet(0xF0, &[&[code], b"\x04\x15\x00\x01M"]);
        for sender in [Sender::Client, Sender::Server] {
            accepts(DecodeOptions::new(V5).with_sender(sender), &bytes);
        }
        assert_eq!(client_and_server(PacketType::Auth, code), expected, "{code:#04X}");
    }
    // No matching subscribers: only a server can know.
    for (packet_type, first_byte, rule) in
        [(PacketType::PubAck, 0x40, "MQTT-3.4.2-1"), (PacketType::PubRec, 0x50, "MQTT-3.5.2-1")]
    {
        let bytes = packet(first_byte, &[b"\x00\x0A", b"\x10"]);
        for sender in [Sender::Client, Sender::Server] {
            accepts(DecodeOptions::new(V5).with_sender(sender), &bytes);
        }
        let packet = round_trips(V5, &bytes);
        writes(packet, EncodeOptions::new(V5).with_sender(Sender::Server), &bytes);
        let client = EncodeOptions::new(V5).with_sender(Sender::Client);
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
