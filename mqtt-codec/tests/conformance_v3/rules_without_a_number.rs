//! Rules without a number.

use crate::conformance::{packet, refuses, refuses_to_write, round_trips, string, writes};

use crate::other_packets::subscribe;
use crate::samples::{
    BOTH, CLOSE, connect, connect_of, connect_places, identifier, minimal_packets, publish, string_places,
};
use mqtt_codec::EncodeErrorKind::{NotFromSender, NotInVersion};
use mqtt_codec::ProtocolVersion::V3_1_1;
use mqtt_codec::{
    Auth, AuthProperties, AuthReasonCode, ConnAck, ConnAckReasonCode, DecodeErrorKind as Kind, DecodeOptions, Decoded,
    EncodeOptions, Field, Packet, PacketType, ProtocolVersion, Publish, ReasonCodes, Sender, SubAck, TopicFilter,
    TopicName, decode, decode_fixed_header,
};

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
                let decoding = DecodeOptions::new(version).with_sender(side);
                let encoding = EncodeOptions::new(version).with_sender(side);
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
pub(crate) const RETURN_CODES: [(u8, ConnAckReasonCode); 6] = [
    (0x00, ConnAckReasonCode::SUCCESS),
    (0x01, ConnAckReasonCode::UNSUPPORTED_PROTOCOL_VERSION),
    (0x02, ConnAckReasonCode::CLIENT_IDENTIFIER_NOT_VALID),
    (0x03, ConnAckReasonCode::SERVER_UNAVAILABLE),
    (0x04, ConnAckReasonCode::BAD_USER_NAME_OR_PASSWORD),
    (0x05, ConnAckReasonCode::NOT_AUTHORIZED),
];

/// Checks all 256 return codes of CONNACK, and all Reason Codes of 5.0.
pub(crate) fn has_the_return_codes(version: ProtocolVersion) {
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
    assert!(SubAck::new(identifier(10), ReasonCodes::<_, &[u8]>::default()).is_err());
}

#[test]
fn t10_each_topic_filter_of_subscribe_has_its_qos() {
    // A payload that ends after a filter is malformed.
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
    // Both are binary. Their content is never examined.
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
    // Any text after `$share/` is accepted. The caller may treat it as a shared subscription or not.
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
