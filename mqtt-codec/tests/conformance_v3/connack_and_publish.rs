//! 3.2 and 3.3: CONNACK, PUBLISH.

use crate::conformance::{packet, refuses, round_trips, writes};
use crate::data_representation::are_strings;
use crate::samples::{BOTH, CLOSE, publish, string_places};
use mqtt_codec::ProtocolVersion::V3_1_1;
use mqtt_codec::{ConnAck, DecodeErrorKind as Kind, Field, Packet, ProtocolVersion, QoS, TextErrorKind, TopicName};

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

/// Checks that `+` and `#` are refused in these places, at any position in the text.
pub(crate) fn hold_no_wildcards(version: ProtocolVersion, field: Field, rule: &str) {
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
