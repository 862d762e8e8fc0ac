//! The generators of the feature `arbitrary` produce every kind of legal value, and no illegal ones.

#![expect(clippy::unwrap_used, reason = "a panic is a failed test, in the helpers too")]

extern crate alloc;

mod support;

use alloc::collections::BTreeSet;
use arbitrary::{Arbitrary, Result, Unstructured};
use mqtt_types::{
    BinaryData, ConnAckProperties, Connect, ConnectProperties, Delivery, Flags, KeepAlive, Packet, PacketIdentifier,
    PacketType, PayloadFormat, PingReq, PingResp, Property, PropertyIdentifier, ProtocolVersion, Publish,
    PublishProperties, QoS, ReasonCode, ReasonCodes, Sender, SubAckReasonCode, SubscriptionOptions, Subscriptions,
    TopicFilter, TopicName, Utf8String, VariableByteInteger, Will,
};
use std::collections::HashSet;
use support::inputs;

/// Makes values from inputs of many lengths. A generator that calls a constructor with an illegal value would return an
/// error, and fail here.
fn values<T: for<'a> Arbitrary<'a>>(count: u64) -> impl Iterator<Item = T> {
    values_with(count, |u| T::arbitrary(u))
}

fn values_with<T>(count: u64, make: impl Fn(&mut Unstructured<'_>) -> Result<T>) -> impl Iterator<Item = T> {
    inputs(count, 1024).map(move |input| make(&mut Unstructured::new(&input)).unwrap())
}

fn properties_of(packet: &Packet) -> Vec<Property<'_>> {
    match packet {
        Packet::Connect(packet) => packet.properties.iter().collect(),
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
fn every_packet_type_has_all_allowed_properties_and_codes_and_no_others() {
    let mut properties = BTreeSet::new();
    let mut reason_codes = BTreeSet::new();
    let mut versions = BTreeSet::new();
    let mut will_properties = BTreeSet::new();
    for packet in values::<Packet>(20_000) {
        let packet_type = packet.packet_type();
        properties.extend(properties_of(&packet).iter().map(|property| (packet_type, property.identifier())));
        reason_codes.extend(reason_codes_of(&packet).into_iter().map(|code| (packet_type, code)));
        match &packet {
            Packet::Connect(connect) => {
                versions.insert(connect.protocol_version);
                let of_will = connect.will.iter().flat_map(|will| will.properties.iter());
                will_properties.extend(of_will.map(|property| property.identifier()));
                assert_connect_is_legal(connect);
            }
            Packet::UnsubAck(packet) => assert!(!packet.reason_codes.is_empty()),
            _ => {}
        }
    }
    for packet_type in PacketType::ALL {
        for identifier in PropertyIdentifier::ALL {
            let expected = identifier.is_allowed_in(packet_type);
            assert_eq!(properties.contains(&(packet_type, identifier)), expected, "{packet_type} {identifier}");
        }
        for code in ReasonCode::ALL {
            let expected = code.is_allowed_in(packet_type, Sender::Either);
            assert_eq!(reason_codes.contains(&(packet_type, code)), expected, "{packet_type} {code}");
        }
    }
    let of_will = PropertyIdentifier::ALL.into_iter().filter(|identifier| identifier.is_allowed_in_will());
    assert!(will_properties.into_iter().eq(of_will));
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

/// Returns which parts are present: bridge, Clean Start, Client Identifier, Will, User Name, Password.
fn shape_of(connect: &Connect) -> [bool; 6] {
    let has_client_identifier = !connect.client_identifier.is_empty();
    let (has_will, has_user_name) = (connect.will.is_some(), connect.user_name.is_some());
    let has_password = connect.password.is_some();
    [connect.bridge, connect.clean_start, has_client_identifier, has_will, has_user_name, has_password]
}

#[test]
fn connect_has_every_combination_of_parts_that_its_version_allows() {
    let mut shapes = HashSet::new();
    let mut client_identifiers = HashSet::new();
    for connect in values::<Connect>(20_000) {
        shapes.insert((connect.protocol_version, shape_of(&connect)));
        if connect.protocol_version == ProtocolVersion::V3_1 {
            client_identifiers.insert(connect.client_identifier);
        }
    }
    for version in ProtocolVersion::ALL {
        for bits in 0..64_u8 {
            let shape @ [bridge, clean_start, has_client_identifier, _, has_user_name, has_password] =
                [0, 1, 2, 3, 4, 5].map(|bit| bits >> bit & 1 == 1);
            let is_legal = match version {
                ProtocolVersion::V3_1 => has_client_identifier && (has_user_name || !has_password),
                ProtocolVersion::V3_1_1 => (has_client_identifier || clean_start) && (has_user_name || !has_password),
                ProtocolVersion::V5 => !bridge,
            };
            assert_eq!(shapes.contains(&(version, shape)), is_legal, "{version} {shape:?}");
        }
    }
    assert!(client_identifiers.len() > 1_000);
}

/// 3.1 has no Session Present.
#[test]
fn connack_has_both_values_of_session_present_where_the_version_has_it() {
    for version in ProtocolVersion::ALL {
        let packets = values_with(5_000, |u| Packet::arbitrary_for(version, u));
        let flags: BTreeSet<_> = packets
            .filter_map(|packet| match packet {
                Packet::ConnAck(packet) if !packet.reason_code().is_error() => Some(packet.session_present()),
                _ => None,
            })
            .collect();
        assert_eq!(flags.len(), if version == ProtocolVersion::V3_1 { 1 } else { 2 }, "{version}");
    }
}

/// MQTT-3.3.2-4 and section 3.1.3.2.3: the payload has the format that its indicator announces.
#[test]
fn payload_marked_as_utf_8_is_text() {
    let publishes = values::<Publish>(5_000).map(|packet| {
        (packet.properties().payload_format_indicator(), Utf8String::new(packet.payload.as_ref()).is_ok())
    });
    let wills = values::<Will>(5_000)
        .map(|will| (will.properties.payload_format_indicator(), Utf8String::new(will.payload.as_bytes()).is_ok()));
    for payloads in [publishes.collect::<Vec<_>>(), wills.collect()] {
        let is_text = |format| {
            let payloads = payloads.iter().filter(move |(other, _)| *other == format);
            payloads.map(|(_, is_text)| *is_text).collect::<BTreeSet<_>>()
        };
        assert_eq!(is_text(Some(PayloadFormat::Utf8)), BTreeSet::from([true]));
        assert_eq!(is_text(Some(PayloadFormat::Unspecified)), BTreeSet::from([false, true]));
        assert_eq!(is_text(None), BTreeSet::from([false, true]));
    }
}

#[test]
fn packets_for_a_version_exist_in_that_version() {
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
        assert!(filters.iter().filter(|filter| filter.contains(part)).count() < filters.len() / 2, "{part}");
    }
    assert!(filters.iter().flat_map(|filter| filter.levels()).collect::<HashSet<_>>().len() > 1_000);
    let names: Vec<_> = values::<TopicName>(5_000).collect();
    assert!(names.iter().any(|name| name.len() > 255) && names.iter().any(|name| name.len() == 1));
    assert!(names.iter().any(|name| !name.is_ascii()));
    let subscriptions: Vec<_> = values::<Subscriptions>(2_000).collect();
    assert!(subscriptions.iter().any(|list| list.len() == 1) && subscriptions.iter().any(|list| list.len() > 8));
    let options: HashSet<_> = subscriptions.iter().flatten().map(|subscription| subscription.options).collect();
    assert_eq!(options.len(), 3 * 2 * 2 * 3);
    assert_eq!(values::<SubscriptionOptions>(1_000).collect::<HashSet<_>>(), options);
    let lists: Vec<_> = values::<ReasonCodes<SubAckReasonCode>>(1_000).collect();
    assert!(lists.iter().any(|list| list.is_empty()) && lists.iter().any(|list| list.len() > 8));
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
fn version_3_has_filters_that_begin_with_share_and_are_not_shared() {
    let packets = values_with(5_000, |u| Packet::arbitrary_for(ProtocolVersion::V3_1_1, u));
    let is_ordinary = |packet: &Packet| match packet {
        Packet::Subscribe(packet) => !packet.subscriptions.exists_in(ProtocolVersion::V5),
        Packet::Unsubscribe(packet) => !packet.topic_filters.exists_in(ProtocolVersion::V5),
        _ => false,
    };
    assert!(packets.filter(is_ordinary).count() > 10);
}

/// Counts how many of a thousand values have a property.
fn share_of<T: for<'a> Arbitrary<'a>>(predicate: impl Fn(&T) -> bool) -> usize {
    values::<T>(1_000).filter(predicate).count()
}

#[test]
fn most_values_are_small_some_are_empty_and_a_few_are_long() {
    for lengths in [
        values::<Utf8String>(10_000).map(|text| text.chars().count()).collect::<Vec<_>>(),
        values::<BinaryData>(10_000).map(|data| data.len()).collect(),
        values::<Publish>(10_000).map(|packet| packet.payload.len()).collect(),
    ] {
        let count = |range: core::ops::RangeInclusive<usize>| lengths.iter().filter(|len| range.contains(len)).count();
        assert!((1_000..4_000).contains(&count(0..=0)), "{}", count(0..=0));
        assert!(count(1..=12) > 5_000 && (100..2_000).contains(&count(13..=40)), "{}", count(13..=40));
        assert!((1..1_000).contains(&count(256..=65_535)), "{}", count(256..=65_535));
    }
    // A Remaining Length of three bytes.
    let long = values::<Publish>(10_000).filter(|packet| packet.payload.len() > 16_383).count();
    assert!((1..100).contains(&long), "{long}");
}

#[test]
fn many_property_sets_are_empty_or_have_one_property() {
    let of_length = |length| share_of::<ConnAckProperties>(|set| set.iter().count() == length);
    assert!(of_length(0) > 100 && of_length(1) > 100);
    assert!(share_of::<ConnAckProperties>(|set| set.iter().count() > 8) > 100);
    let sets: Vec<_> = values::<ConnAckProperties>(2_000).collect();
    let reasons: Vec<_> = sets.iter().filter_map(ConnAckProperties::reason_string).collect();
    assert!(reasons.iter().any(|text| text.is_empty()) && reasons.iter().any(|text| text.contains('#')));
}

#[test]
fn text_is_mostly_letters_and_now_and_then_what_needs_care() {
    let texts: Vec<_> = values::<Utf8String>(20_000).collect();
    let characters: Vec<char> = texts.iter().flat_map(|text| text.chars()).collect();
    let letters = characters.iter().filter(|character| character.is_ascii_lowercase()).count();
    assert!(letters > characters.len() / 2 && ('a'..='z').all(|letter| characters.contains(&letter)));
    for unusual in " \"/+#$\u{1}\u{7F}é\u{9F}€\u{FEFF}\u{FFFE}😀".chars() {
        assert!(characters.contains(&unusual), "{unusual:?}");
    }
    assert!(characters.iter().collect::<HashSet<_>>().len() > 1_000);
}

#[test]
fn the_extremes_of_numbers_come_up_far_more_often_than_by_chance() {
    for number in [0, 65_535] {
        assert!((50..500).contains(&share_of::<KeepAlive>(|value| value.as_seconds() == number)), "{number}");
    }
    for number in [PacketIdentifier::MIN, PacketIdentifier::MAX] {
        assert!((50..500).contains(&share_of::<PacketIdentifier>(|value| *value == number)), "{number}");
    }
    for encoded_len in 1..=4 {
        let share = share_of::<VariableByteInteger>(|value| value.encoded_len() == encoded_len);
        assert!((150..350).contains(&share), "{encoded_len}");
    }
    assert!(values::<KeepAlive>(1_000).collect::<HashSet<_>>().len() > 500);
}

#[test]
fn size_hints_say_how_much_input_is_taken() {
    for (hint, taken) in [
        (PingReq::size_hint(0), taken_by::<PingReq>()),
        (PingResp::size_hint(0), taken_by::<PingResp>()),
        (Flags::size_hint(0), taken_by::<Flags>()),
        (QoS::size_hint(0), taken_by::<QoS>()),
    ] {
        assert_eq!(hint, (taken, Some(taken)));
    }
}

fn taken_by<'a, T: Arbitrary<'a>>() -> usize {
    let mut input = Unstructured::new(&[1; 8]);
    T::arbitrary(&mut input).unwrap();
    8_usize.saturating_sub(input.len())
}
