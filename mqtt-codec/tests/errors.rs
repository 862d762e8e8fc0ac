//! The visible parts of errors: the message, the rule, the Reason Code.

use core::hash::{BuildHasher, BuildHasherDefault};
use mqtt_codec::ProtocolVersion::{V3_1, V3_1_1, V5};
use mqtt_codec::{
    Auth, AuthProperties, AuthReasonCode, BinaryData, ConnAck, ConnAckReasonCode, Connect, ConnectionPhase,
    DecodeError, DecodeErrorKind, DecodeOptions, Disconnect, DisconnectReasonCode, Encode, EncodeError,
    EncodeErrorKind, EncodeOptions, OtherProtocol, Packet, PacketIdentifier, PacketType, PingReq, PubAck,
    PubAckReasonCode, Publish, PublishProperties, QoS, ReasonCode, ReasonCodes, Role, Sender, SliceDecoder,
    StreamOptions, SubAck, Subscribe, SubscriptionOptions, Subscriptions, TopicFilter, TopicName, UnsubAck, Utf8String,
    decode, encode_publish_head,
};
use std::hash::DefaultHasher;

#[expect(clippy::unwrap_used, reason = "what is no error is a failed test")]
fn error(bytes: &[u8], options: impl Into<DecodeOptions>) -> DecodeError {
    decode(bytes, options).unwrap_err()
}

const CONNECT_5: &[u8] = b"\x00\x04MQTT\x05";

/// Returns a CONNECT of 5.0 with these bytes from its Connect Flags on.
#[expect(clippy::unwrap_used, reason = "the packets here are short")]
fn connect(from_flags: &[u8]) -> Vec<u8> {
    let body = [CONNECT_5, from_flags].concat();
    [&[0x10, u8::try_from(body.len()).unwrap()], &body[..]].concat()
}

#[test]
fn every_decode_error_says_what_where_which_rule_and_what_to_answer() {
    let options = DecodeOptions::new(V5);
    let from_client = options.with_sender(Sender::Client);
    let strict = options.refuse_discouraged_characters(true).check_payload_format(true).with_maximum_packet_size(100);
    let rows: &[(&[u8], DecodeOptions, &str, Option<u8>)] = &[
        (&[0x00, 0], options, "RESERVED: packet type 0 is reserved, at byte 0 [section 2.1.2]", Some(0x81)),
        (&[0xF0, 0], V3_1_1.into(), "AUTH: packet type 15 is reserved, at byte 0 [section 2.2.1]", None),
        (
            &[0x20, 3, 0, 0, 0],
            from_client,
            "CONNACK: a client does not send this packet, at byte 0 [section 2.1.2]",
            Some(0x82),
        ),
        (
            &[0xC1, 0],
            options,
            "PINGREQ: fixed header flags are not valid for this packet type, at byte 0 [MQTT-2.1.3-1]",
            Some(0x81),
        ),
        (&[0x36, 0], options, "PUBLISH: the QoS in fixed header flags is 3, at byte 0 [MQTT-3.3.1-4]", Some(0x81)),
        (&[0x38, 0], options, "PUBLISH: DUP is set at QoS 0, at byte 0 [MQTT-3.3.1-2]", Some(0x81)),
        (
            &[0xC0, 0x80, 0x80, 0x80, 0x80],
            options,
            "PINGREQ: Remaining Length has more than four bytes, at byte 1 [section 1.5.5]",
            Some(0x81),
        ),
        (
            &[0xC0, 0x80, 0x00],
            options,
            "PINGREQ: Remaining Length has more bytes than it needs, at byte 1 [MQTT-1.5.5-1]",
            Some(0x81),
        ),
        (
            &[0x30, 0xFF, 0x7F],
            strict,
            "PUBLISH: packet of 16386 bytes, the limit is 100, at byte 1 [section 3.1.2.11.4]",
            Some(0x95),
        ),
        (&[0x30, 2, 0, 5], options, "PUBLISH: Topic Name is cut off, at byte 2 [section 2.1.4]", Some(0x81)),
        (&[0xC0, 1, 0], options, "PINGREQ: bytes remain after the last field, at byte 2 [section 2.1.4]", Some(0x81)),
        (
            &[0x30, 4, 0, 1, 0xFF, 0],
            options,
            "PUBLISH: Topic Name is not well-formed UTF-8, at byte 4 [MQTT-1.5.4-1]",
            Some(0x81),
        ),
        (
            &[0x30, 4, 0, 1, 0, 0],
            options,
            "PUBLISH: Topic Name holds the character U+0000, at byte 4 [MQTT-1.5.4-2]",
            Some(0x81),
        ),
        (
            &[0x30, 4, 0, 1, 1, 0],
            strict,
            "PUBLISH: Topic Name holds a control character or a non-character, at byte 4 [section 1.5.4]",
            Some(0x81),
        ),
        (
            &[0x10, 9, 0, 4, b'm', b'q', b't', b't', 5, 0, 0],
            options,
            "CONNECT: Protocol Name is neither MQTT nor MQIsdp, at byte 4 [MQTT-3.1.2-1]",
            Some(0x84),
        ),
        (
            &[0x10, 9, 0, 4, b'M', b'Q', b'T', b'T', 6, 0, 0],
            V3_1_1.into(),
            "CONNECT: Protocol Version is not supported, at byte 8 [MQTT-3.1.2-2]",
            Some(0x84),
        ),
        (
            &connect(&[1, 0, 0, 0, 0, 0]),
            options,
            "CONNECT: the reserved bit of Connect Flags is set, at byte 9 [MQTT-3.1.2-3]",
            Some(0x81),
        ),
        (
            &connect(&[8, 0, 0, 0, 0, 0]),
            options,
            "CONNECT: Will QoS is set without a Will, at byte 9 [MQTT-3.1.2-11]",
            Some(0x81),
        ),
        (
            &connect(&[32, 0, 0, 0, 0, 0]),
            options,
            "CONNECT: Will Retain is set without a Will, at byte 9 [MQTT-3.1.2-13]",
            Some(0x81),
        ),
        (
            &connect(&[28, 0, 0, 0, 0, 0]),
            options,
            "CONNECT: the QoS in Will QoS is 3, at byte 9 [MQTT-3.1.2-12]",
            Some(0x81),
        ),
        (
            b"\x10\x0D\0\x04MQTT\x04\x40\0\0\0\0\0",
            options,
            "CONNECT: Password is present without a User Name, at byte 9 [MQTT-3.1.2-22]",
            None,
        ),
        (
            b"\x10\x0C\0\x04MQTT\x04\0\0\0\0\0",
            options,
            "CONNECT: Client Identifier is empty, at byte 12 [MQTT-3.1.3-8]",
            Some(0x85),
        ),
        (
            &[0x20, 3, 2, 0, 0],
            options,
            "CONNACK: a reserved bit of Connect Acknowledge Flags is set, at byte 2 [MQTT-3.2.2-1]",
            Some(0x81),
        ),
        (
            &[0x20, 3, 1, 0x80, 0],
            options,
            "CONNACK: Session Present is set and the connection is refused, at byte 2 [MQTT-3.2.2-6]",
            Some(0x82),
        ),
        (
            &[0x20, 2, 0, 1],
            options,
            "CONNACK: the server answers in the format of MQTT 3, at byte 4 [section 3.2]",
            None,
        ),
        (
            &[0x40, 3, 0, 1, 7],
            options,
            "PUBACK: 0x07 is not a Reason Code of this packet, at byte 4 [MQTT-3.4.2-1]",
            Some(0x82),
        ),
        (&[0x40, 2, 0, 0], options, "PUBACK: Packet Identifier is 0, at byte 2 [MQTT-2.2.1-5]", Some(0x82)),
        (&[0x30, 2, 0, 0], V3_1_1.into(), "PUBLISH: Topic Name is empty, at byte 2 [MQTT-4.7.3-1]", None),
        (
            &[0x30, 3, 0, 0, 0],
            options,
            "PUBLISH: Topic Name is empty and there is no Topic Alias, at byte 2 [section 3.3.2.1]",
            Some(0x82),
        ),
        (
            &[0x30, 4, 0, 1, b'+', 0],
            options,
            "PUBLISH: Topic Name holds a wildcard character, at byte 4 [MQTT-3.3.2-2]",
            Some(0x82),
        ),
        (
            b"\x82\x08\0\x01\0\0\x02a#\0",
            options,
            "SUBSCRIBE: '#' is not the whole last level of Topic Filter, at byte 8 [MQTT-4.7.1-1]",
            Some(0x82),
        ),
        (
            b"\x82\x08\0\x01\0\0\x02a+\0",
            options,
            "SUBSCRIBE: '+' is not a whole level of Topic Filter, at byte 8 [MQTT-4.7.1-2]",
            Some(0x82),
        ),
        (
            b"\xA2\x0C\0\x01\0\0\x07$share/",
            options,
            "UNSUBSCRIBE: the share name of Topic Filter is empty, at byte 14 [MQTT-4.8.2-1]",
            Some(0x82),
        ),
        (
            b"\xA2\x0D\0\x01\0\0\x08$share/#",
            options,
            "UNSUBSCRIBE: the share name of Topic Filter holds a wildcard character, at byte 14 [MQTT-4.8.2-2]",
            Some(0x82),
        ),
        (
            b"\xA2\x0E\0\x01\0\0\x09$share/g/",
            options,
            "UNSUBSCRIBE: Topic Filter has no filter after its share name, at byte 16 [MQTT-4.8.2-2]",
            Some(0x82),
        ),
        (
            b"\x82\x07\0\x01\0\0\x01a\x40",
            options,
            "SUBSCRIBE: a reserved bit of Subscription Options is set, at byte 8 [MQTT-3.8.3-5]",
            Some(0x81),
        ),
        (
            b"\x82\x07\0\x01\0\0\x01a\x03",
            options,
            "SUBSCRIBE: the QoS in Subscription Options is 3, at byte 8 [section 3.8.3.1]",
            Some(0x82),
        ),
        (
            b"\x82\x07\0\x01\0\0\x01a\x30",
            options,
            "SUBSCRIBE: the Retain Handling in Subscription Options is 3, at byte 8 [section 3.8.3.1]",
            Some(0x82),
        ),
        (
            b"\x82\x10\0\x01\0\0\x0A$share/g/t\x04",
            options,
            "SUBSCRIBE: No Local is set on a shared subscription, at byte 17 [MQTT-3.8.3-4]",
            Some(0x82),
        ),
        (&[0x82, 3, 0, 1, 0], options, "SUBSCRIBE: there is no Topic Filter, at byte 5 [MQTT-3.8.3-2]", Some(0x82)),
        (
            &[0x30, 5, 0, 1, b'a', 1, 0x7F],
            options,
            "PUBLISH: 0x7F is not a Property Identifier, at byte 6 [section 2.2.2.2]",
            Some(0x81),
        ),
        (
            &[0x30, 7, 0, 1, b'a', 3, 0x21, 0, 1],
            options,
            "PUBLISH: Receive Maximum is not allowed here, at byte 6 [section 2.2.2.2]",
            Some(0x81),
        ),
        (
            &[0x30, 6, 0, 1, b'a', 2, 0x0B, 1],
            from_client,
            "PUBLISH: a client does not send Subscription Identifier here, at byte 6 [MQTT-3.3.4-6]",
            Some(0x82),
        ),
        (
            &[0x30, 8, 0, 1, b'a', 4, 1, 0, 1, 0],
            options,
            "PUBLISH: Payload Format Indicator occurs more than once, at byte 8 [section 2.2.2.2]",
            Some(0x82),
        ),
        (
            &[0x30, 6, 0, 1, b'a', 2, 1, 2],
            options,
            "PUBLISH: Payload Format Indicator does not allow this value, at byte 7 [section 3.3.2.3.2]",
            Some(0x82),
        ),
        (
            &[0x30, 7, 0, 1, b'a', 3, 0x23, 0, 0],
            options,
            "PUBLISH: Topic Alias is 0, at byte 7 [MQTT-3.3.2-8]",
            Some(0x94),
        ),
        (
            &connect(&[0, 0, 0, 3, 0x16, 0, 0, 0, 0]),
            options,
            "CONNECT: Authentication Data is present without an Authentication Method, at byte 13 [section 3.1.2.11.10]",
            Some(0x82),
        ),
        (&[0xF0, 0], options, "AUTH: Authentication Method is missing, at byte 2 [section 3.15.2.2.2]", Some(0x82)),
        (
            &[0x30, 7, 0, 1, b'a', 2, 1, 1, 0xFF],
            strict,
            "PUBLISH: Payload is declared to be UTF-8 and is not, at byte 8 [section 3.3.2.3.2]",
            Some(0x99),
        ),
    ];
    for (bytes, options, message, reason_code) in rows {
        let error = error(bytes, *options);
        assert_eq!(error.to_string(), *message, "{bytes:02x?}");
        assert_eq!(error.reason_code().map(u8::from), *reason_code, "{message}");
        assert_eq!(error.statement().is_some(), message.contains("[MQTT-"), "{message}");
        assert!(error.offset() <= bytes.len());
        assert_eq!(answer(&error), answer_with(&error, *reason_code), "{message}");
    }
}

/// The bytes of the packet that the error is to be answered with: by the server to the first CONNECT, by both sides once they
/// are connected to anything else.
fn answer(error: &DecodeError) -> Option<Vec<u8>> {
    let phase = match error.packet_type() {
        PacketType::Connect => ConnectionPhase::Start,
        _ => ConnectionPhase::Connected(error.version()),
    };
    Some(error.answer(Role::Server, phase)?.as_bytes().to_vec())
}

/// CONNECT is answered with a CONNACK, in 3.x with its return code; everything else, from 5.0 on, with a DISCONNECT.
#[expect(clippy::panic, reason = "any other answer is a failed test")]
fn answer_with(error: &DecodeError, reason_code: Option<u8>) -> Option<Vec<u8>> {
    let bytes = match (error.packet_type(), error.version(), reason_code?) {
        (PacketType::Connect, V5, code) => vec![0x20, 3, 0, code, 0],
        (PacketType::Connect, _, 0x84) => vec![0x20, 2, 0, 1],
        (PacketType::Connect, _, 0x85) => vec![0x20, 2, 0, 2],
        (_, V5, code) => vec![0xE0, 1, code],
        (packet_type, version, code) => panic!("{version} does not answer {packet_type} with {code}"),
    };
    Some(bytes)
}

#[test]
fn a_first_packet_other_than_connect_breaks_a_rule_but_has_no_answer() {
    let mut storage = [0; 16];
    let mut decoder = SliceDecoder::new(StreamOptions::server(), &mut storage);
    decoder.space()[..2].copy_from_slice(&[0xC0, 0]);
    decoder.filled(2);
    let error = decoder.next_item().unwrap_err();
    assert_eq!(error.to_string(), "PINGREQ: the first packet is not a CONNECT, at byte 0 [MQTT-3.1.0-1]");
    assert_eq!((error.reason_code(), error.answer(Role::Server, ConnectionPhase::Start)), (None, None));
}

#[test]
fn errors_are_the_same_if_kind_field_packet_version_and_place_are() {
    // Each differs from the first, or from the one before it, in one of the five.
    let different = [
        error(&[0x40, 2, 0, 0], V3_1_1),
        error(&[0x50, 2, 0, 0], V3_1_1),
        error(&[0x40, 2, 0, 0], V3_1),
        error(&[0x30, 4, 0, 1, 0, 0], V5),
        error(&[0x30, 4, 0, 1, 0xFF, 0], V5),
        error(&[0x30, 5, 0, 2, b'a', 0xFF, 0], V5),
        error(&connect(&[0x80, 0, 0, 0, 0, 0]), V5),
        error(&connect(&[0x40, 0, 0, 0, 0, 0]), V5),
    ];
    let hash = |error: &DecodeError| BuildHasherDefault::<DefaultHasher>::default().hash_one(error);
    for (i, one) in different.iter().enumerate() {
        for (j, other) in different.iter().enumerate() {
            assert_eq!(one == other, i == j, "{one}; {other}");
            assert_eq!(hash(one) == hash(other), i == j, "{one}; {other}");
        }
    }
    // Who sent it chooses between two statements of the same words, and matters nowhere else.
    let without_identifier = [0x32, 6, 0, 1, b'a', 0, 0, 0];
    let from = |sender| error(&without_identifier, DecodeOptions::new(V5).with_sender(sender));
    let (client, server) = (from(Sender::Client), from(Sender::Server));
    assert_eq!((client.rule(), server.rule()), ("MQTT-2.2.1-3", "MQTT-2.2.1-4"));
    assert_ne!(client, server);
    assert_eq!(client, from(Sender::Either));
    let in_flags = |sender| error(&[0xE1, 0], DecodeOptions::new(V5).with_sender(sender));
    assert_eq!(in_flags(Sender::Client), in_flags(Sender::Server));
    assert_eq!(hash(&in_flags(Sender::Client)), hash(&in_flags(Sender::Server)));
}

#[test]
fn a_client_identifier_of_more_than_23_characters_can_be_refused_in_3_1() {
    let bytes = b"\x10\x26\0\x06MQIsdp\x03\x02\0\0\0\x18abcdefghijklmnopqrstuvwx";
    let error = error(bytes, DecodeOptions::new(V3_1).refuse_long_client_identifiers(true));
    let message = "CONNECT: Client Identifier is longer than 23 characters, at byte 14 [section 3.1.3.1]";
    assert_eq!(error.to_string(), message);
    assert_eq!(error.reason_code().map(u8::from), Some(0x85));
}

#[test]
fn version_3_closes_without_an_answer() {
    for bytes in [&[0x30, 4, 0, 2, b'a', b'#'][..], &[0xC0, 1, 0], &[0x82, 2, 0, 1], &[0x40, 2, 0, 0]] {
        assert_eq!(error(bytes, V3_1).reason_code(), None);
        assert_eq!(error(bytes, V3_1_1).reason_code(), None);
        assert!(error(bytes, V5).reason_code().is_some());
    }
}

#[test]
fn every_encode_error_says_what_and_which_rule() {
    let one = PacketIdentifier::MIN;
    let topic = TopicName::from_static("a");
    let user_property = PublishProperties::new(b"\x26\0\x01k\0\x01v").unwrap();
    let alias = PublishProperties::new(&[0x23, 0, 1]).unwrap();
    let identified = PublishProperties::new(&[0x0B, 1]).unwrap();
    let method = AuthProperties::new(b"\x15\0\x01M").unwrap();
    let mut storage = [0; 64];
    let options = SubscriptionOptions { no_local: true, ..QoS::AtMostOnce.into() };
    let subscriptions = Subscriptions::builder_in(&mut storage).push(TopicFilter::from_static("a"), options).build();
    let connect = Connect { protocol_version: V3_1_1, ..Connect::new(Utf8String::from_static("c")) };
    let client = EncodeOptions::new(V5).with_sender(Sender::Client);
    let server = EncodeOptions::new(V5).with_sender(Sender::Server);
    let disconnect = |code| Disconnect::new(code);
    let rows: Vec<(Packet<&[u8]>, EncodeOptions, &str)> = vec![
        (
            Publish::with_properties(topic, user_property, b"").into(),
            V3_1_1.into(),
            "PUBLISH: MQTT 3.1.1 has no Properties [section 3.3]",
        ),
        (
            Publish::with_alias_only(alias, b"").unwrap().into(),
            V3_1.into(),
            "PUBLISH: MQTT 3.1 cannot express this Topic Name [MQTT-4.7.3-1]",
        ),
        (
            Publish::with_properties(topic, identified, b"").into(),
            client,
            "PUBLISH: a client does not send this Subscription Identifier [MQTT-3.3.4-6]",
        ),
        (
            PubAck { reason_code: PubAckReasonCode::NOT_AUTHORIZED, ..PubAck::new(one) }.into(),
            V3_1_1.into(),
            "PUBACK: MQTT 3.1.1 cannot express this Reason Code [section 3.4]",
        ),
        (
            PubAck { reason_code: PubAckReasonCode::NO_MATCHING_SUBSCRIBERS, ..PubAck::new(one) }.into(),
            client,
            "PUBACK: a client does not send this Reason Code [MQTT-3.4.2-1]",
        ),
        (
            Subscribe::new(one, subscriptions.unwrap()).into(),
            V3_1_1.into(),
            "SUBSCRIBE: MQTT 3.1.1 cannot express this Subscription Options [MQTT-3-8.3-4]",
        ),
        (
            SubAck::new(one, ReasonCodes::new(&[0x80]).unwrap()).unwrap().into(),
            V3_1.into(),
            "SUBACK: MQTT 3.1 cannot express this Reason Code [MQTT-3.9.3-2]",
        ),
        (
            UnsubAck::new(one, ReasonCodes::default()).into(),
            V5.into(),
            "UNSUBACK: MQTT 5.0 needs a Reason Code for each Topic Filter [section 3.11.3]",
        ),
        (
            ConnAck::refused(ConnAckReasonCode::BANNED).into(),
            V3_1_1.into(),
            "CONNACK: MQTT 3.1.1 cannot express this Reason Code [section 3.2]",
        ),
        (
            ConnAck::accepted(true).into(),
            V3_1.into(),
            "CONNACK: MQTT 3.1 cannot express this Session Present [section 3.2]",
        ),
        (ConnAck::accepted(true).into(), client, "CONNACK: a client does not send this packet [section 2.1.2]"),
        (PingReq.into(), server, "PINGREQ: a server does not send this packet [section 2.1.2]"),
        (
            disconnect(DisconnectReasonCode::SERVER_MOVED).into(),
            client,
            "DISCONNECT: a client does not send this Reason Code [MQTT-3.14.2-1]",
        ),
        (
            disconnect(DisconnectReasonCode::UNSPECIFIED_ERROR).into(),
            V3_1_1.into(),
            "DISCONNECT: MQTT 3.1.1 cannot express this Reason Code [section 3.14]",
        ),
        (
            Auth { reason_code: AuthReasonCode::RE_AUTHENTICATE, properties: method }.into(),
            server,
            "AUTH: a server does not send this Reason Code [MQTT-3.15.2-1]",
        ),
        (
            Auth { reason_code: AuthReasonCode::SUCCESS, properties: method }.into(),
            V3_1_1.into(),
            "AUTH: MQTT 3.1.1 does not have this packet [section 2.2.1]",
        ),
        (
            Connect { password: Some(BinaryData::new(b"p").unwrap()), ..connect }.into(),
            V5.into(),
            "CONNECT: MQTT 3.1.1 cannot express this Password [MQTT-3.1.2-22]",
        ),
        (
            Connect { client_identifier: Utf8String::from_static(""), clean_start: false, ..connect }.into(),
            V5.into(),
            "CONNECT: MQTT 3.1.1 cannot express this Client Identifier [MQTT-3.1.3-7]",
        ),
        (
            Connect { bridge: true, protocol_version: V5, ..connect }.into(),
            V5.into(),
            "CONNECT: MQTT 5.0 cannot express this Protocol Version [MQTT-3.1.2-2]",
        ),
    ];
    for (packet, options, message) in rows {
        let mut output = [0xEE; 64];
        let error: EncodeError = packet.encode(options, &mut output).unwrap_err();
        assert_eq!(error.to_string(), message);
        assert_eq!(error.statement().is_some(), message.contains("[MQTT-"), "{message}");
        assert_eq!(packet.encoded_len(options), Err(error));
        assert_eq!(output, [0xEE; 64], "the output is as it was");
    }
    let error = PingReq.encode(V5, &mut [0]).unwrap_err();
    assert_eq!(error.to_string(), "PINGREQ: the packet has 2 bytes, the output is shorter");
    let payload = vec![0; 268_435_455];
    let error = Publish::new(topic, &payload[..]).encoded_len(V5).unwrap_err();
    let message = "PUBLISH: longer than 268,435,455 bytes without its fixed header [section 2.1.4]";
    assert_eq!(error.to_string(), message);
}

#[test]
fn room_for_the_packet_is_enough_and_a_byte_less_is_an_error() {
    let publish = Publish::new(TopicName::from_static("a"), b"payload");
    let (packet, head) = (*b"\x30\x0A\x00\x01apayload", *b"\x30\x0A\x00\x01a");
    let (mut whole, mut front) = ([0xEE; 12], [0xEE; 5]);
    assert_eq!(publish.encode(V3_1_1, &mut whole), Ok(12));
    assert_eq!(encode_publish_head(&publish, 7, V3_1_1, &mut front), Ok(5));
    assert_eq!((whole, front), (packet, head));

    let (mut whole, mut front) = ([0xEE; 11], [0xEE; 4]);
    let error = publish.encode(V3_1_1, &mut whole).unwrap_err();
    assert_eq!(error.kind(), EncodeErrorKind::BufferTooSmall { needed: 12 });
    let error = encode_publish_head(&publish, 7, V3_1_1, &mut front).unwrap_err();
    assert_eq!(error.kind(), EncodeErrorKind::BufferTooSmall { needed: 5 });
    assert_eq!((whole, front), ([0xEE; 11], [0xEE; 4]), "the output is as it was");
}

#[cfg(feature = "bytes")]
#[test]
fn a_buf_mut_with_room_for_the_packet_is_enough_and_a_byte_less_is_an_error() {
    use mqtt_codec::encode_publish_head_to;
    let publish = Publish::new(TopicName::from_static("a"), b"payload");
    let (packet, head) = (*b"\x30\x0A\x00\x01apayload", *b"\x30\x0A\x00\x01a");
    let (mut whole, mut front) = ([0xEE; 12], [0xEE; 5]);
    assert_eq!(publish.encode_to(V3_1_1, &mut &mut whole[..]), Ok(12));
    assert_eq!(encode_publish_head_to(&publish, 7, V3_1_1, &mut &mut front[..]), Ok(5));
    assert_eq!((whole, front), (packet, head));

    let (mut whole, mut front) = ([0xEE; 11], [0xEE; 4]);
    let error = publish.encode_to(V3_1_1, &mut &mut whole[..]).unwrap_err();
    assert_eq!(error.kind(), EncodeErrorKind::BufferTooSmall { needed: 12 });
    let error = encode_publish_head_to(&publish, 7, V3_1_1, &mut &mut front[..]).unwrap_err();
    assert_eq!(error.kind(), EncodeErrorKind::BufferTooSmall { needed: 5 });
    assert_eq!((whole, front), ([0xEE; 11], [0xEE; 4]), "the output is as it was");
}

#[test]
fn errors_are_small() {
    assert!(size_of::<DecodeError>() <= 32, "{}", size_of::<DecodeError>());
    assert!(size_of::<EncodeError>() <= 32, "{}", size_of::<EncodeError>());
}

#[test]
fn an_error_of_a_connect_names_the_version_of_the_packet() {
    for version in [V3_1, V3_1_1, V5] {
        let connect = Connect { protocol_version: version, ..Connect::new(Utf8String::from_static("\u{1}")) };
        for options in [V3_1, V3_1_1, V5].map(EncodeOptions::new) {
            let section = |of_3: &'static str, of_5: &'static str| if version.is_v3() { of_3 } else { of_5 };
            let from_server = connect.encode(options.with_sender(Sender::Server), &mut [0; 64]).unwrap_err();
            assert_eq!(
                (from_server.version(), from_server.rule()),
                (version, section("section 2.2.1", "section 2.1.2"))
            );
            let too_short = connect.encode(options, &mut [0; 4]).unwrap_err();
            assert_eq!((too_short.version(), too_short.rule()), (version, section("section 2.2.3", "section 2.1.4")));
            let strict = options.refuse_discouraged_characters(true);
            let discouraged = connect.encode(strict, &mut [0; 64]).unwrap_err();
            assert_eq!(
                (discouraged.version(), discouraged.rule()),
                (version, section("section 1.5.3", "section 1.5.4"))
            );
            let pieces = connect.encode_vectored(options, &mut [0; 4]).unwrap_err();
            assert_eq!(pieces.version(), version);
            assert_eq!(connect.encoded_len(options.with_sender(Sender::Server)), Err(from_server));
            #[cfg(feature = "bytes")]
            {
                use mqtt_codec::{Frame, StreamEncoder};
                let mut output = [0; 4];
                assert_eq!(connect.encode_to(options, &mut &mut output[..]), Err(too_short));
                let mut encoder = StreamEncoder::new(options);
                encoder.set_peer_maximum_packet_size(core::num::NonZero::new(4));
                let too_large = encoder.encode(&connect, &mut bytes::BytesMut::new()).unwrap_err();
                assert_eq!(too_large.version(), version);
                let frame = Frame::encode(&connect, options).unwrap();
                assert_eq!(frame.encode(options.with_sender(Sender::Server), &mut [0; 64]), Err(from_server));
                assert_eq!(frame.encode(options, &mut [0; 4]), Err(too_short));
            }
        }
    }
}

#[cfg(feature = "bytes")]
#[test]
fn a_packet_that_the_peer_does_not_accept_breaks_the_rule_of_its_sender() {
    use mqtt_codec::StreamEncoder;
    for (sender, rule) in
        [(Sender::Client, "MQTT-3.2.2-15"), (Sender::Server, "MQTT-3.1.2-24"), (Sender::Either, "MQTT-3.1.2-24")]
    {
        let mut encoder = StreamEncoder::new(EncodeOptions::new(V5).with_sender(sender));
        encoder.set_peer_maximum_packet_size(core::num::NonZero::new(4));
        let publish = Publish::new(TopicName::from_static("a"), b"payload");
        let error = encoder.encode(&publish, &mut bytes::BytesMut::new()).unwrap_err();
        assert_eq!((error.rule(), error.statement()), (rule, Some(rule)));
        let head = encoder.encode_publish_head(&publish, 7, &mut bytes::BytesMut::new());
        assert_eq!(head, Err(error));
    }
}

/// Returns the error of the first packet in a stream.
#[expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "what is no error is a failed test")]
fn stream_error(bytes: &[u8], options: StreamOptions) -> DecodeError {
    let mut storage = [0; 64];
    let mut decoder = SliceDecoder::new(options, &mut storage);
    decoder.space()[..bytes.len()].copy_from_slice(bytes);
    decoder.filled(bytes.len());
    decoder.next_item().unwrap_err()
}

#[test]
fn the_limit_of_a_head_is_not_told_as_that_of_a_packet() {
    let pieces = StreamOptions::either(Some(V5)).with_payload_pieces_above(0).with_maximum_packet_size(1 << 20);
    // 16,386 bytes, of which the topic alone has 60.
    let error = stream_error(&[0x30, 0xFF, 0x7F, 0, 0x3C], pieces.with_maximum_head_size(50));
    let message = "PUBLISH: at least 65 bytes before the payload, the limit is 50, at byte 1 [section 2.4]";
    assert_eq!(error.to_string(), message);
    assert_eq!(error.kind(), DecodeErrorKind::HeadTooLarge { size: 65, limit: 50 });
    assert_eq!(error.reason_code(), Some(ReasonCode::QUOTA_EXCEEDED));
    // The slice of the decoder is such a limit too.
    let error = stream_error(&[0x30, 0xFF, 0x7F, 0, 0x3D], pieces);
    assert!(matches!(error.kind(), DecodeErrorKind::HeadTooLarge { limit: 64, .. }), "{error}");
    let error = stream_error(&[0x30, 0xFF, 0x7F, 0, 0x3D], StreamOptions::either(Some(V5)));
    assert_eq!(error.kind(), DecodeErrorKind::PacketTooLarge { size: 16_386, limit: 64 });
}

#[test]
fn an_error_says_which_other_protocol_the_bytes_look_like() {
    const PROXY: &[u8] = b"PROXY TCP4 192.168.0.1 192.168.0.11 56324 1883\r\n\x10\x0C\0\x04MQTT\x04\x02\0\x3C\0\0";
    let rows: [(&[u8], OtherProtocol, &str); 16] = [
        (b"HTTP/1.1 400 Bad Request\r\n", OtherProtocol::Http, "HTTP"),
        (b"GET / HTTP/1.1\r\nHost: a\r\n", OtherProtocol::Http, "HTTP"),
        (b"POST /mqtt HTTP/1.1\r\nHost: a\r\n", OtherProtocol::Http, "HTTP"),
        (b"PUT / HTTP/1.1\r\n", OtherProtocol::Http, "HTTP"),
        (b"HEAD / HTTP/1.0\r\n", OtherProtocol::Http, "HTTP"),
        (b"OPTIONS * HTTP/1.1\r\n", OtherProtocol::Http, "HTTP"),
        (b"DELETE / HTTP/1.1\r\n", OtherProtocol::Http, "HTTP"),
        (b"CONNECT a:1883 HTTP/1.1\r\n", OtherProtocol::Http, "HTTP"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", OtherProtocol::Http, "HTTP"),
        (b"\x15\x03\x03\0\x02\x02\x28", OtherProtocol::Tls, "TLS"),
        (b"\x16\x03\x01\0\xF4\x01\0\0\xF0\x03\x03", OtherProtocol::Tls, "TLS"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", OtherProtocol::Ssh, "SSH"),
        (PROXY, OtherProtocol::Proxy, "the PROXY protocol"),
        (b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0C", OtherProtocol::Proxy, "the PROXY protocol"),
        (b"* OK IMAP4rev1 server ready\r\n", OtherProtocol::Text, "text"),
        (b"EHLO example.org\r\n", OtherProtocol::Text, "text"),
    ];
    for (bytes, expected, name) in rows {
        let start = format!("this looks like {name}, not MQTT; ");
        let mut errors = vec![stream_error(&bytes[..bytes.len().min(64)], StreamOptions::server())];
        for version in [V3_1, V3_1_1, V5] {
            for sender in [Sender::Either, Sender::Client, Sender::Server] {
                // A packet that seems long is judged when it is all there.
                let mut long = bytes.to_vec();
                long.resize(200, b'x');
                errors.push(error(&long, DecodeOptions::new(version).with_sender(sender)));
            }
        }
        for error in errors {
            assert_eq!(error.looks_like(), Some(expected), "{error}");
            assert!(error.to_string().starts_with(&start), "{error}");
            for role in [Role::Server, Role::Client] {
                for phase in [ConnectionPhase::Start, ConnectionPhase::Connecting(V5)] {
                    assert_eq!(error.answer(role, phase), None, "{error}");
                }
            }
        }
    }
    let error = stream_error(b"HTTP/1.1 200", StreamOptions::client(V5));
    let message = "this looks like HTTP, not MQTT; PUBACK: the first packet is not a CONNACK, at byte 0 [MQTT-3.2.0-1]";
    assert_eq!(error.to_string(), message);
    let error = stream_error(b"HTTP/1.1 200", StreamOptions::either(Some(V5)));
    let message = "this looks like HTTP, not MQTT; PUBACK: fixed header flags are not valid for this packet type, at byte 0 \
                   [MQTT-2.1.3-1]";
    assert_eq!(error.to_string(), message);
    // The first byte alone tells nothing, and the errors are the same.
    let at_first_byte = stream_error(b"H", StreamOptions::either(Some(V5)));
    assert_eq!((at_first_byte, at_first_byte.looks_like()), (error, None));
    assert!(at_first_byte.to_string().starts_with("PUBACK: "));
}

#[test]
fn faulty_packets_of_mqtt_look_like_nothing_else() {
    let rows: [&[u8]; 7] = [
        &[0x30, 4, 0, 1, b'#', 0],
        &[0x4F, 2, 0, 1],
        b"\x10\x0D\0\x04mqtt\x05\x02\0\0\0\0\0",
        b"\x14\x02\0\x04",
        b"\x15\x03\x05\0\0",
        b"\x32\x0C\0\x07text\0\0\0\0\0\0",
        b"GE / HT",
    ];
    for bytes in rows {
        assert_eq!(error(bytes, V5).looks_like(), None, "{bytes:02x?}");
    }
}
