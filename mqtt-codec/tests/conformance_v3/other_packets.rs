//! 3.6 to 3.14: the other packets.

use crate::conformance::{packet, refuses, refuses_to_write, round_trips, string, writes};
use crate::data_representation::are_strings;

use crate::samples::{BOTH, CLOSE, identifier, minimal_packets};
use mqtt_codec::EncodeErrorKind::NotInVersion;
use mqtt_codec::ProtocolVersion::V3_1_1;
use mqtt_codec::{
    DecodeErrorKind as Kind, Disconnect, Field, Packet, PacketReasonCode, PubRel, QoS, ReasonCodes, SubAck,
    SubAckReasonCode, Subscribe, SubscriptionOptions, Subscriptions, TopicFilter, TopicFilters,
};

/// Checks all 16 flags of one type, in 3.1.1.
pub(crate) fn has_the_flags(legal: u8, rule: &str) {
    let (packet_type, _, body) = minimal_packets(V3_1_1).into_iter().find(|(_, found, _)| *found == legal).unwrap();
    for flags in 0..16 {
        let first_byte = packet_type.as_u8() << 4 | flags;
        let bytes = packet(first_byte, &[&body]);
        if first_byte == legal {
            round_trips(V3_1_1, &bytes);
        } else {
            refuses(V3_1_1, &bytes, Kind::InvalidFlags, Field::Flags, 0, rule, CLOSE);
            refuses(V3_1_1, &bytes[..1], Kind::InvalidFlags, Field::Flags, 0, rule, CLOSE);
        }
    }
}

#[test]
fn mqtt_3_6_1_1_the_flags_of_pubrel_are_0010() {
    // All 16 values of the flags: any other is malformed.
    has_the_flags(0x62, "MQTT-3.6.1-1");
    writes(PubRel::new(identifier(10)), V3_1_1, &[0x62, 0x02, 0x00, 0x0A]);
}

#[test]
fn mqtt_3_8_1_1_the_flags_of_subscribe_are_0010() {
    // All 16 values of the flags: any other is malformed.
    has_the_flags(0x82, "MQTT-3.8.1-1");
}

#[test]
fn mqtt_3_8_3_1_the_topic_filters_of_subscribe_are_strings() {
    // Each item, the first and later ones.
    for version in BOTH {
        are_strings(version, |place| place.first_byte == 0x82);
    }
}

#[test]
fn mqtt_3_8_3_3_a_subscribe_has_a_topic_filter() {
    // A payload without a pair of filter and QoS closes the connection.
    for version in BOTH {
        let bytes = [0x82, 0x02, 0x00, 0x0A];
        refuses(version, &bytes, Kind::EmptyPayload, Field::TopicFilter, 4, "MQTT-3.8.3-3", CLOSE);
        round_trips(version, &[0x82, 0x06, 0x00, 0x0A, 0x00, 0x01, b'a', 0x00]);
        assert!(Subscriptions::new(b"", version).is_err());
    }
    assert!(Subscriptions::builder_in(&mut [0; 8]).build().is_err());
}

/// A SUBSCRIBE of one filter with this QoS byte.
pub(crate) fn subscribe(filter: &str, qos: u8) -> Vec<u8> {
    packet(0x82, &[b"\x00\x0A", &string(filter), &[qos]])
}

pub(crate) fn qos_of(packet: Packet<&[u8]>) -> SubscriptionOptions {
    let Packet::Subscribe(subscribe) = packet else { panic!("{packet}") };
    subscribe.subscriptions.iter().last().unwrap().options
}

#[test]
fn mqtt_3_8_3_4_the_requested_qos_is_0_1_or_2() {
    // All 256 values of the byte, alone and after another filter. (Misprinted as MQTT-3-8.3-4.)
    for value in 0..=0xFF {
        for bytes in [subscribe("a", value), packet(0x82, &[b"\x00\x0A", b"\x00\x01b\x01", b"\x00\x01a", &[value]])] {
            let at = bytes.len() - 1;
            let kind = match value {
                0..=2 => {
                    assert_eq!(qos_of(round_trips(V3_1_1, &bytes)), QoS::from_u8(value).unwrap().into());
                    continue;
                }
                3 => Kind::InvalidQoS,
                _ => Kind::ReservedSubscriptionOptions,
            };
            refuses(V3_1_1, &bytes, kind, Field::SubscriptionOptions, at, "MQTT-3-8.3-4", CLOSE);
        }
    }
    // What 5.0 has in these bits is not written.
    for options in [0x04, 0x08, 0x10, 0x20] {
        for version in BOTH {
            let mut storage = [0; 8];
            let options = SubscriptionOptions::from_byte(options).unwrap();
            let filter = TopicFilter::new("a").unwrap();
            let subscriptions = Subscriptions::builder_in(&mut storage).push(filter, options).build().unwrap();
            let subscribe = Subscribe::new(identifier(10), subscriptions);
            refuses_to_write(subscribe, version, NotInVersion(version), Field::SubscriptionOptions, "MQTT-3-8.3-4");
        }
    }
}

#[test]
fn mqtt_3_9_3_2_return_codes_of_suback_are_0x00_0x01_0x02_and_0x80() {
    // All 256 values, alone and after others.
    for value in 0..=0xFF {
        for codes in [vec![value], vec![0x00, 0x80, value, 0x01]] {
            let bytes = packet(0x90, &[b"\x00\x0A", &codes]);
            let at = if codes.len() == 1 { 4 } else { 6 };
            if matches!(value, 0..=2 | 0x80) {
                let Packet::SubAck(suback) = round_trips(V3_1_1, &bytes) else { panic!() };
                assert!(suback.reason_codes().iter().map(SubAckReasonCode::as_u8).eq(codes));
            } else {
                let kind = Kind::InvalidReasonCode(value);
                refuses(V3_1_1, &bytes, kind, Field::ReasonCode, at, "MQTT-3.9.3-2", CLOSE);
            }
        }
        // What 5.0 has besides is not written.
        if SubAckReasonCode::from_u8(value).is_some() && !matches!(value, 0..=2 | 0x80) {
            let codes = [value];
            let suback = SubAck::new(identifier(10), ReasonCodes::new(&codes).unwrap()).unwrap();
            refuses_to_write(suback, V3_1_1, NotInVersion(V3_1_1), Field::ReasonCode, "MQTT-3.9.3-2");
        }
    }
}

#[test]
fn mqtt_3_10_1_1_the_flags_of_unsubscribe_are_0010() {
    // All 16 values of the flags: any other is malformed.
    has_the_flags(0xA2, "MQTT-3.10.1-1");
}

#[test]
fn mqtt_3_10_3_1_the_topic_filters_of_unsubscribe_are_strings() {
    // Each item in turn, the first and later ones.
    for version in BOTH {
        are_strings(version, |place| place.first_byte == 0xA2);
        let bytes = packet(0xA2, &[b"\x00\x0A", b"\x00\x01a", b"\x00\x03b/+", b"\x00\x01#"]);
        let Packet::Unsubscribe(unsubscribe) = round_trips(version, &bytes) else { panic!() };
        assert!(unsubscribe.topic_filters.iter().map(|filter| filter.as_str()).eq(["a", "b/+", "#"]));
    }
}

#[test]
fn mqtt_3_10_3_2_an_unsubscribe_has_a_topic_filter() {
    // A payload without a filter closes the connection.
    for version in BOTH {
        let bytes = [0xA2, 0x02, 0x00, 0x0A];
        refuses(version, &bytes, Kind::EmptyPayload, Field::TopicFilter, 4, "MQTT-3.10.3-2", CLOSE);
        round_trips(version, &[0xA2, 0x05, 0x00, 0x0A, 0x00, 0x01, b'a']);
        assert!(TopicFilters::new(b"", version).is_err());
    }
    assert!(TopicFilters::builder_in(&mut [0; 8]).build().is_err());
}

#[test]
fn mqtt_3_14_1_1_the_flags_of_disconnect_are_0000() {
    // All 16 values of the flags: any other closes the connection.
    has_the_flags(0xE0, "MQTT-3.14.1-1");
    writes(Disconnect::default(), V3_1_1, &[0xE0, 0x00]);
}
