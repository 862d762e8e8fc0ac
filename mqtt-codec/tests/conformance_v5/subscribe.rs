//! 3.8: SUBSCRIBE.

use crate::acknowledgements::has_the_flags;
use crate::conformance::{packet, refuses, round_trips, string};
use crate::connect::is_a_string;
use crate::samples::{MALFORMED, PROTOCOL_ERROR, Place, Text, string_fields};
use mqtt_codec::ProtocolVersion::V5;
use mqtt_codec::{
    BuildError, DecodeErrorKind as Kind, Field, Packet, PacketType, SubscriptionOptions, SubscriptionOptionsError,
    Subscriptions, TopicFilter,
};

#[test]
fn mqtt_3_8_1_1_the_flags_of_subscribe_are_0010() {
    // All 16 values of the flags: any other is malformed.
    has_the_flags(PacketType::Subscribe, 0b0010, "MQTT-3.8.1-1");
}

/// The places of Topic Filters in SUBSCRIBE (`false`) or UNSUBSCRIBE (`true`).
pub(crate) fn topic_filters(of_unsubscribe: bool) -> Vec<Place> {
    string_fields()
        .into_iter()
        .filter(|place| place.text == Text::TopicFilter && place.name.starts_with("UNSUB") == of_unsubscribe)
        .collect()
}

#[test]
fn mqtt_3_8_3_1_the_topic_filters_of_subscribe_are_strings() {
    // Each Topic Filter, the first and later ones, obeys the rules of strings.
    is_a_string(&topic_filters(false), Field::TopicFilter);
}

#[test]
fn mqtt_3_8_3_2_a_subscribe_has_a_topic_filter() {
    // A payload without a pair of filter and options is a Protocol Error.
    for properties in [&b"\x00"[..], b"\x02\x0B\x01"] {
        let bytes = packet(0x82, &[b"\x00\x0A", properties]);
        let at = bytes.len();
        refuses(V5, &bytes, Kind::EmptyPayload, Field::TopicFilter, at, "MQTT-3.8.3-2", PROTOCOL_ERROR);
        round_trips(V5, &packet(0x82, &[b"\x00\x0A", properties, b"\x00\x01a\x00"]));
    }
    assert!(Subscriptions::new(b"", V5).is_err());
    assert_eq!(Subscriptions::builder_in(&mut [0; 8]).build().unwrap_err(), BuildError::EmptyList);
}

/// A SUBSCRIBE with this filter and these options.
pub(crate) fn subscribe(filter: &str, options: u8) -> Vec<u8> {
    packet(0x82, &[b"\x00\x0A", b"\x00", &string(filter), &[options]])
}

pub(crate) fn options_of(packet: Packet<&[u8]>) -> SubscriptionOptions {
    let Packet::Subscribe(subscribe) = packet else { panic!("{packet}") };
    subscribe.subscriptions.iter().last().unwrap().options
}

#[test]
fn mqtt_3_8_3_4_no_local_is_not_set_on_a_shared_subscription() {
    // No Local and $share exclude each other.
    for filter in ["$share/g/t", "$share/g/#", "$share/g//", "$share/$share/t"] {
        for options in [0x04, 0x05, 0x0E, 0x2C] {
            let bytes = subscribe(filter, options);
            let (kind, field) = (Kind::NoLocalOnSharedSubscription, Field::SubscriptionOptions);
            let at = bytes.len() - 1;
            refuses(V5, &bytes, kind, field, at, "MQTT-3.8.3-4", PROTOCOL_ERROR);
            // as the second of three too
            let bytes =
                packet(0x82, &[b"\x00\x0A", b"\x00", b"\x00\x01a\x04", &string(filter), &[options, 0, 1, b'b', 0]]);
            let at = bytes.len() - 5;
            refuses(V5, &bytes, kind, field, at, "MQTT-3.8.3-4", PROTOCOL_ERROR);
            // without No Local it may be there
            assert!(!options_of(round_trips(V5, &subscribe(filter, options & !0x04))).no_local);
        }
        let options = SubscriptionOptions { no_local: true, ..SubscriptionOptions::default() };
        let filter = TopicFilter::new(filter).unwrap();
        let error = Subscriptions::builder_in(&mut [0; 32]).push(filter, options).build().unwrap_err();
        assert_eq!(error, BuildError::NoLocalOnSharedSubscription);
    }
    // What only looks like a shared subscription may have it.
    for filter in ["a", "#", "$share", "$SHARE/g/t", "$shared/g/t", "share/g/t", "/$share/g/t"] {
        assert!(options_of(round_trips(V5, &subscribe(filter, 0x04))).no_local);
    }
}

#[test]
fn mqtt_3_8_3_5_bits_7_and_6_of_the_subscription_options_are_0() {
    // The two reserved bits, with every other option beside them.
    for high in [0x40, 0x80, 0xC0] {
        for low in [0x00, 0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x2E] {
            let bytes = subscribe("a", high | low);
            let (kind, field) = (Kind::ReservedSubscriptionOptions, Field::SubscriptionOptions);
            let at = bytes.len() - 1;
            refuses(V5, &bytes, kind, field, at, "MQTT-3.8.3-5", MALFORMED);
            assert_eq!(SubscriptionOptions::from_byte(high | low), Err(SubscriptionOptionsError::ReservedBits));
            assert_eq!(options_of(round_trips(V5, &subscribe("a", low))).to_byte(), low);
        }
    }
}
