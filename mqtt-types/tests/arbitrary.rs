//! What the generators of the feature `arbitrary` make: everything, and nothing illegal.

#![expect(clippy::unwrap_used, reason = "a panic is a failed test, in the helpers too")]

extern crate alloc;

use alloc::collections::BTreeSet;
use arbitrary::{Arbitrary, Result, Unstructured};
use mqtt_types::{
    Connect, ConnectProperties, Delivery, Flags, Packet, PacketType, Property, PropertyIdentifier, ProtocolVersion,
    PublishProperties, QoS, ReasonCode, Subscriptions, TopicFilter, TopicName, Will,
};
use std::collections::HashSet;

/// Numbers that look random and are the same in every run.
struct XorShift(u64);

impl XorShift {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

/// Values made from inputs of many lengths, the empty one among them. No input is refused: what a constructor refuses
/// would be told as an error.
fn values<T: for<'a> Arbitrary<'a>>(count: u64) -> impl Iterator<Item = T> {
    values_with(count, |u| T::arbitrary(u))
}

fn values_with<T>(count: u64, make: impl Fn(&mut Unstructured<'_>) -> Result<T>) -> impl Iterator<Item = T> {
    (0..count).map(move |seed| {
        let mut random = XorShift(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let length = if seed == 0 { 0 } else { random.next() % 1024 };
        let input: Vec<u8> = (0..length).map(|_| random.next().to_be_bytes()[0]).collect();
        make(&mut Unstructured::new(&input)).unwrap()
    })
}

fn properties_of(packet: &Packet) -> Vec<Property<'_>> {
    match packet {
        Packet::Connect(packet) => {
            let of_will = packet.will.iter().flat_map(|will| will.properties.iter());
            packet.properties.iter().chain(of_will).collect()
        }
        Packet::ConnAck(packet) => packet.properties.iter().collect(),
        Packet::Publish(packet) => packet.properties().iter().collect(),
        Packet::PubAck(packet) => packet.properties.iter().collect(),
        Packet::PubRec(packet) => packet.properties.iter().collect(),
        Packet::PubRel(packet) => packet.properties.iter().collect(),
        Packet::PubComp(packet) => packet.properties.iter().collect(),
        Packet::Subscribe(packet) => packet.properties.iter().collect(),
        Packet::SubAck(packet) => packet.properties.iter().collect(),
        Packet::Unsubscribe(packet) => packet.properties.iter().collect(),
        Packet::UnsubAck(packet) => packet.properties.iter().collect(),
        Packet::Disconnect(packet) => packet.properties.iter().collect(),
        Packet::Auth(packet) => packet.properties.iter().collect(),
        Packet::PingReq(_) | Packet::PingResp(_) => Vec::new(),
    }
}

fn reason_codes_of(packet: &Packet) -> Vec<ReasonCode> {
    match packet {
        Packet::ConnAck(packet) => vec![packet.reason_code().into()],
        Packet::PubAck(packet) => vec![packet.reason_code.into()],
        Packet::PubRec(packet) => vec![packet.reason_code.into()],
        Packet::PubRel(packet) => vec![packet.reason_code.into()],
        Packet::PubComp(packet) => vec![packet.reason_code.into()],
        Packet::SubAck(packet) => packet.reason_codes().iter().map(Into::into).collect(),
        Packet::UnsubAck(packet) => packet.reason_codes.iter().map(Into::into).collect(),
        Packet::Disconnect(packet) => vec![packet.reason_code.into()],
        Packet::Auth(packet) => vec![packet.reason_code.into()],
        _ => Vec::new(),
    }
}

#[test]
fn all_packet_types_property_identifiers_and_reason_codes_come_out() {
    let mut packet_types = BTreeSet::new();
    let mut properties = BTreeSet::new();
    let mut reason_codes = BTreeSet::new();
    let mut versions = BTreeSet::new();
    for packet in values::<Packet>(20_000) {
        packet_types.insert(packet.packet_type());
        properties.extend(properties_of(&packet).iter().map(Property::identifier));
        reason_codes.extend(reason_codes_of(&packet));
        if let Packet::Connect(connect) = &packet {
            versions.insert(connect.protocol_version);
            assert_connect_is_legal(connect);
        }
        if let Packet::UnsubAck(packet) = &packet {
            assert!(!packet.reason_codes.is_empty());
        }
    }
    assert!(packet_types.iter().eq(&PacketType::ALL[1..]));
    assert!(properties.into_iter().eq(PropertyIdentifier::ALL));
    assert!(reason_codes.into_iter().eq(ReasonCode::ALL));
    assert!(versions.into_iter().eq(ProtocolVersion::ALL));
}

fn assert_connect_is_legal(connect: &Connect) {
    if connect.protocol_version.is_v3() {
        assert!(connect.properties.is_empty());
        assert!(connect.will.as_ref().is_none_or(|will| will.properties.is_empty()));
        assert!(connect.password.is_none() || connect.user_name.is_some());
        let may_be_empty = connect.protocol_version == ProtocolVersion::V3_1_1 && connect.clean_start;
        assert!(may_be_empty || !connect.client_identifier.is_empty());
    } else {
        assert!(!connect.bridge);
    }
}

#[test]
fn packets_for_a_version_say_what_it_can_say() {
    for version in ProtocolVersion::ALL {
        let mut packet_types = BTreeSet::new();
        for packet in values_with(10_000, |u| Packet::arbitrary_for(version, u)) {
            packet_types.insert(packet.packet_type());
            assert!(packet.packet_type().exists_in(version), "{packet:?}");
            match &packet {
                Packet::Connect(connect) => {
                    assert_eq!(connect.protocol_version, version);
                    assert_connect_is_legal(connect);
                }
                Packet::Subscribe(packet) => assert!(packet.subscriptions.exists_in(version), "{packet:?}"),
                Packet::Unsubscribe(packet) => assert!(packet.topic_filters.exists_in(version), "{packet:?}"),
                Packet::UnsubAck(packet) => assert_eq!(packet.reason_codes.is_empty(), version.is_v3()),
                _ => {}
            }
            if version.is_v3() {
                assert_is_version_3(&packet, version);
            }
        }
        assert!(packet_types.into_iter().eq(PacketType::ALL.into_iter().filter(|kind| kind.exists_in(version))));
    }
}

fn assert_is_version_3(packet: &Packet, version: ProtocolVersion) {
    assert!(properties_of(packet).is_empty(), "{packet:?}");
    match packet {
        Packet::ConnAck(packet) => {
            assert!(packet.reason_code().to_return_code().is_some());
            assert!(version == ProtocolVersion::V3_1_1 || !packet.session_present());
        }
        Packet::Publish(packet) => assert!(packet.topic_name().is_some()),
        Packet::SubAck(packet) => {
            let has_failure = version == ProtocolVersion::V3_1_1;
            let is_known = |code: u8| code < 3 || has_failure && code == 0x80;
            assert!(packet.reason_codes().iter().all(|code| is_known(code.as_u8())), "{packet:?}");
        }
        packet => assert!(reason_codes_of(packet).iter().all(|code| *code == ReasonCode::SUCCESS), "{packet:?}"),
    }
}

#[test]
fn values_are_spread() {
    assert!(values::<Flags>(2_000).collect::<HashSet<_>>().len() == 16);
    let qos: BTreeSet<_> = values::<Delivery>(1_000).map(|delivery| (delivery.qos(), delivery.dup())).collect();
    assert_eq!(qos.len(), 5);
    let filters: Vec<_> = values::<TopicFilter>(5_000).collect();
    assert!(filters.iter().any(|filter| filter.is_shared()));
    for part in ["+", "#", "/+/", "$SYS/", "//"] {
        assert!(filters.iter().any(|filter| filter.contains(part)), "{part}");
    }
    let names: Vec<_> = values::<TopicName>(5_000).collect();
    assert!(names.iter().any(|name| name.len() > 255) && names.iter().any(|name| name.len() == 1));
    assert!(names.iter().any(|name| !name.is_ascii()));
    let subscriptions: Vec<_> = values::<Subscriptions>(2_000).collect();
    assert!(subscriptions.iter().any(|list| list.len() == 1) && subscriptions.iter().any(|list| list.len() > 8));
    assert!(subscriptions.iter().flatten().any(|subscription| subscription.options.no_local));
    let wills: Vec<_> = values::<Will>(1_000).collect();
    for qos in QoS::ALL {
        assert!(wills.iter().any(|will| will.qos == qos && will.payload.is_empty()));
    }
}

#[test]
fn property_sets_repeat_what_may_repeat_and_have_no_fixed_order() {
    let sets: Vec<_> = values::<PublishProperties>(5_000).collect();
    assert!(sets.iter().any(|set| set.subscription_identifiers().count() > 1));
    assert!(sets.iter().any(|set| set.user_properties().count() > 1));
    assert!(sets.iter().any(PublishProperties::is_empty));
    let is_sorted = |set: &PublishProperties| set.iter().map(|property| property.identifier()).is_sorted();
    assert!(sets.iter().any(|set| !is_sorted(set)));
    let has_data = |set: &ConnectProperties| set.authentication_data().is_some();
    assert!(values::<ConnectProperties>(5_000).any(|set| has_data(&set)));
}

#[test]
fn version_3_has_topic_filters_that_begin_like_shared_subscriptions_and_are_none() {
    let packets = values_with(5_000, |u| Packet::arbitrary_for(ProtocolVersion::V3_1_1, u));
    let is_ordinary = |packet: &Packet| match packet {
        Packet::Subscribe(packet) => !packet.subscriptions.exists_in(ProtocolVersion::V5),
        Packet::Unsubscribe(packet) => !packet.topic_filters.exists_in(ProtocolVersion::V5),
        _ => false,
    };
    assert!(packets.filter(is_ordinary).count() > 10);
}
