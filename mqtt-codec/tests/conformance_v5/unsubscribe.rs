//! 3.10 and 3.11: UNSUBSCRIBE, UNSUBACK.

use crate::acknowledgements::has_the_flags;
use crate::conformance::{packet, refuses, round_trips};
use crate::connack::{UNSUBACK_CODES, has_the_codes};
use crate::connect::is_a_string;
use crate::samples::PROTOCOL_ERROR;
use crate::subscribe::topic_filters;
use mqtt_codec::ProtocolVersion::V5;
use mqtt_codec::{BuildError, DecodeErrorKind as Kind, Field, Packet, PacketType, TopicFilters, UnsubAckReasonCode};

#[test]
fn mqtt_3_10_1_1_the_flags_of_unsubscribe_are_0010() {
    // All 16 values of the flags: any other is malformed.
    has_the_flags(PacketType::Unsubscribe, 0b0010, "MQTT-3.10.1-1");
}

#[test]
fn mqtt_3_10_3_1_the_topic_filters_of_unsubscribe_are_strings() {
    // Each Topic Filter, the first and later ones, obeys the rules of strings.
    is_a_string(&topic_filters(true), Field::TopicFilter);
    // One after the other.
    let bytes = packet(0xA2, &[b"\x00\x0A", b"\x00", b"\x00\x01a", b"\x00\x03b/+", b"\x00\x01#"]);
    let Packet::Unsubscribe(unsubscribe) = round_trips(V5, &bytes) else { panic!() };
    assert!(unsubscribe.topic_filters.iter().map(|filter| filter.as_str()).eq(["a", "b/+", "#"]));
}

#[test]
fn mqtt_3_10_3_2_an_unsubscribe_has_a_topic_filter() {
    // A payload without a filter is a Protocol Error.
    for properties in [&b"\x00"[..], b"\x05\x26\x00\x00\x00\x00"] {
        let bytes = packet(0xA2, &[b"\x00\x0A", properties]);
        let at = bytes.len();
        refuses(V5, &bytes, Kind::EmptyPayload, Field::TopicFilter, at, "MQTT-3.10.3-2", PROTOCOL_ERROR);
        round_trips(V5, &packet(0xA2, &[b"\x00\x0A", properties, b"\x00\x01a"]));
    }
    assert!(TopicFilters::new(b"", V5).is_err());
    assert_eq!(TopicFilters::builder_in(&mut [0; 8]).build().unwrap_err(), BuildError::EmptyList);
}

#[test]
fn mqtt_3_11_3_2_each_reason_code_is_one_of_unsuback() {
    // All 256 values against the 7 of the table, as the first code and after others.
    has_the_codes::<UnsubAckReasonCode>(&UNSUBACK_CODES, "MQTT-3.11.3-2", 5, |code| {
        packet(0xB0, &[b"\x00\x0A", b"\x00", &[code]])
    });
    has_the_codes::<UnsubAckReasonCode>(&UNSUBACK_CODES, "MQTT-3.11.3-2", 7, |code| {
        packet(0xB0, &[b"\x00\x0A", b"\x00", &[0x00, 0x11, code, 0x00]])
    });
    let bytes = packet(0xB0, &[b"\x00\x0A", b"\x00", &UNSUBACK_CODES]);
    let Packet::UnsubAck(unsuback) = round_trips(V5, &bytes) else { panic!() };
    assert!(unsuback.reason_codes.iter().map(UnsubAckReasonCode::as_u8).eq(UNSUBACK_CODES));
}
