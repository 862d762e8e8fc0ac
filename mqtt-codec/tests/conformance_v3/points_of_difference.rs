//! Points at which implementations differ.

use crate::conformance::{accepts, packet, refuses, rewrites, round_trips, string, variable_byte_integer};
use crate::control_packet_format::flags_rule;
use crate::other_packets::subscribe;
use crate::samples::{BOTH, CLOSE, connect, connect_places, minimal_packets};
use mqtt_codec::ProtocolVersion::{V3_1, V3_1_1, V5};
use mqtt_codec::{DecodeErrorKind as Kind, DecodeOptions, Field, PacketType, decode, decode_fixed_header};

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
    // The kinds name the fault, and the frame is known, so that a server can continue.
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
    // A client must not interpret it as a session.
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
