//! Extensions that are used in practice.

use crate::conformance::{accepts, packet, refuses, refuses_to_write, round_trips, string, writes};
use crate::other_packets::subscribe;
use crate::samples::{
    BOTH, IDENTIFIER_REJECTED, UNACCEPTABLE_VERSION, connect, connect_of, connect_places, identifier, new_connect,
};
use mqtt_codec::EncodeErrorKind::NotInVersion;
use mqtt_codec::ProtocolVersion::{V3_1, V3_1_1, V5};
use mqtt_codec::{
    ConnAckReasonCode, Connect, DecodeErrorKind as Kind, DecodeOptions, Field, Packet, SubAckReasonCode, TopicFilter,
    TopicFilters, Unsubscribe, decode,
};

#[test]
fn e1_a_bridge_marks_its_protocol_level_with_bit_7() {
    // Refused by default; by option read, reported apart from the level, and written. Never with level 5.
    let (kind, field) = (Kind::UnsupportedProtocolVersion, Field::ProtocolVersion);
    for version in BOTH {
        let lenient = DecodeOptions::new(version).allow_bridge_bit(true);
        let mut bytes = connect(version, 0x02, &[b"\x00\x01c"]);
        let plain = bytes.clone();
        let at = connect_places(version).0 - 1;
        bytes[at] |= 0x80;
        refuses(version, &bytes, kind, field, at, "MQTT-3.1.2-2", UNACCEPTABLE_VERSION);
        let decoded = connect_of(round_trips(lenient, &bytes));
        assert_eq!((decoded.protocol_version, decoded.bridge), (version, true));
        writes(Connect { bridge: true, ..new_connect(version, "c") }, version, &bytes);
        let decoded = connect_of(round_trips(lenient, &plain));
        assert_eq!((decoded.protocol_version, decoded.bridge), (version, false));
        // Only the level of the name.
        bytes[at] ^= 0x07;
        refuses(lenient, &bytes, kind, field, at, "MQTT-3.1.2-2", UNACCEPTABLE_VERSION);
    }
    let bytes = packet(0x10, &[b"\x00\x04MQTT\x85\x02\x00\x3C", b"\x00", b"\x00\x01c"]);
    let lenient = DecodeOptions::new(V3_1_1).allow_bridge_bit(true);
    refuses(lenient, &bytes, kind, field, 8, "MQTT-3.1.2-2", UNACCEPTABLE_VERSION);
}

#[test]
fn e2_suback_0x80_is_read_by_clients_of_3_1() {
    // Among other codes too.
    let bytes = [0x90, 0x05, 0x00, 0x0A, 0x01, 0x80, 0x00];
    let Packet::SubAck(suback) = accepts(V3_1, &bytes) else { panic!() };
    let failed = suback.reason_codes().iter().map(SubAckReasonCode::is_error);
    assert!(failed.eq([false, true, false]));
}

#[test]
fn e3_shared_subscriptions_in_3_x_are_left_to_the_caller() {
    // $share and the older $queue are text; the caller may ask for the parts.
    for filter in ["$share/g/a/+", "$queue/a/+"] {
        for version in BOTH {
            round_trips(version, &subscribe(filter, 1));
        }
    }
    let filter = TopicFilter::new_ordinary("$share/g/a/+").unwrap();
    let shared = filter.shared_subscription().unwrap();
    assert_eq!((shared.share_name, shared.topic_filter.as_str()), ("g", "a/+"));
    assert!(TopicFilter::new_ordinary("$queue/a/+").unwrap().shared_subscription().is_none());
    // Text that 5.0 does not allow is written to 3.x only.
    let ordinary = TopicFilters::new(b"\x00\x08$share/g", V3_1_1).unwrap();
    let unsubscribe = Unsubscribe::new(identifier(10), ordinary);
    writes(unsubscribe, V3_1_1, b"\xA2\x0C\x00\x0A\x00\x08$share/g");
    refuses_to_write(unsubscribe, V5, NotInVersion(V5), Field::TopicFilter, "MQTT-4.8.2-2");
}

#[test]
fn e4_client_identifiers_may_be_long_and_of_any_characters() {
    // Everywhere in use.
    for version in BOTH {
        for text in ["012345678901234567890123", "a-b_c/d e", "é", "+#"] {
            let bytes = connect(version, 0x02, &[&string(text)]);
            assert_eq!(connect_of(round_trips(version, &bytes)).client_identifier, text);
        }
        let text = "x".repeat(65_535);
        let bytes = connect(version, 0x02, &[&string(&text)]);
        assert_eq!(connect_of(round_trips(version, &bytes)).client_identifier, text.as_str());
    }
}

#[test]
fn e5_an_empty_client_identifier_without_clean_session_is_accepted_by_option() {
    // Some servers do; without the option the answer is 0x02.
    for version in BOTH {
        let bytes = connect(version, 0x00, &[b"\x00\x00"]);
        let (kind, field, at) = (Kind::EmptyClientIdentifier, Field::ClientIdentifier, connect_places(version).1);
        refuses(version, &bytes, kind, field, at, "MQTT-3.1.3-8", IDENTIFIER_REJECTED);
        let lenient = DecodeOptions::new(version).allow_empty_client_identifier(true);
        let decoded = connect_of(accepts(lenient, &bytes));
        assert!(decoded.client_identifier.is_empty() && !decoded.clean_start);
    }
}

#[test]
fn e6_a_client_of_5_0_recognises_a_connack_of_3_x() {
    // A server that does not serve level 5 answers in its own form.
    let bytes = [0x20, 0x02, 0x00, 0x01];
    assert_eq!(decode(&bytes, V5).unwrap_err().kind(), Kind::ServerSpeaksVersion3);
    for version in BOTH {
        let Packet::ConnAck(connack) = round_trips(version, &bytes) else { panic!() };
        assert_eq!(connack.reason_code(), ConnAckReasonCode::UNSUPPORTED_PROTOCOL_VERSION);
    }
}

#[test]
fn e7_an_unsupported_version_is_told_in_the_form_of_3_x_or_of_5_0() {
    // Both can be read: each in its version.
    let Packet::ConnAck(old) = accepts(V3_1_1, &[0x20, 0x02, 0x00, 0x01]) else { panic!() };
    let Packet::ConnAck(new) = accepts(V5, &[0x20, 0x03, 0x00, 0x84, 0x00]) else { panic!() };
    assert_eq!(old.reason_code(), new.reason_code());
}
