//! Conversion between versions: one test for each row of the tables at `convert`.

#![cfg(all(test, feature = "bytes"))]
#![expect(clippy::panic, clippy::unwrap_used, reason = "a panic here is a failed test")]

use bytes::Bytes;
use mqtt_codec::ProtocolVersion::{V3_1, V3_1_1, V5};
use mqtt_codec::{
    Auth, AuthProperties, AuthReasonCode, BinaryData, Change, ConnAck, ConnAckProperties, ConnAckReasonCode, Connect,
    ConnectProperties, ConvertError, ConvertErrorKind as Kind, DecodeOptions, Delivery, Disconnect,
    DisconnectProperties, DisconnectReasonCode, Encode, Field, Packet, PacketIdentifier, PacketType, PingReq, PingResp,
    PropertyIdentifier as Id, ProtocolVersion, PubAck, PubAckProperties, PubAckReasonCode, PubComp, PubRec, PubRel,
    PubRelReasonCode, Publish, PublishProperties, QoS, ReasonCode, RetainHandling, SubAck, SubAckProperties,
    SubAckReasonCode, Subscribe, SubscribeProperties, SubscriptionIdentifier, SubscriptionOptions, Subscriptions,
    TopicFilters, UnsubAck, UnsubAckProperties, UnsubAckReasonCode, Unsubscribe, UnsubscribeProperties, Utf8String,
    Will, WillProperties, convert, decode, decode_shared,
};

const ID: PacketIdentifier = PacketIdentifier::MAX;
const V3: [ProtocolVersion; 2] = [V3_1, V3_1_1];

/// Converts a packet, and checks that the result encodes, and decodes to an equal packet.
#[track_caller]
fn converted(packet: impl Into<Packet>, from: ProtocolVersion, to: ProtocolVersion) -> (Packet, Vec<Change>) {
    let packet = packet.into();
    let converted = convert(packet.clone(), from, to).unwrap();
    assert_eq!(convert(packet.as_borrowed(), from, to).as_ref(), Ok(&converted), "a borrowed packet is the same");
    let mut bytes = Vec::new();
    converted.packet.encode_to(to, &mut bytes).unwrap();
    let options = DecodeOptions::new(to).allow_bridge_bit(true);
    let (decoded, _) = decode(&bytes, options).unwrap().complete().unwrap();
    assert_eq!(decoded, converted.packet);
    (converted.packet, converted.changes)
}

#[track_caller]
fn becomes(
    packet: impl Into<Packet>,
    from: ProtocolVersion,
    to: ProtocolVersion,
    expected: impl Into<Packet>,
    changes: &[Change],
) {
    assert_eq!(converted(packet, from, to), (expected.into(), changes.to_vec()));
}

#[track_caller]
fn stays(packet: impl Into<Packet>, from: ProtocolVersion, to: ProtocolVersion) {
    let packet = packet.into();
    becomes(packet.clone(), from, to, packet, &[]);
}

#[track_caller]
fn error(packet: impl Into<Packet>, from: ProtocolVersion, to: ProtocolVersion) -> ConvertError {
    let packet = packet.into();
    let error = convert(packet.clone(), from, to).unwrap_err();
    assert_eq!((error.packet_type(), error.version()), (packet.packet_type(), to));
    error
}

#[track_caller]
fn fails(packet: impl Into<Packet>, from: ProtocolVersion, to: ProtocolVersion, kind: Kind, field: Field) {
    let error = error(packet, from, to);
    assert_eq!((error.kind(), error.field()), (kind, field));
}

fn legal<P>(result: Result<P, impl core::fmt::Debug>) -> P {
    result.unwrap()
}

fn connect(client_identifier: &'static str) -> Connect {
    Connect::new(Utf8String::shared_from_static(client_identifier))
}

fn of(version: ProtocolVersion, connect: Connect) -> Connect {
    Connect { protocol_version: version, ..connect }
}

fn subscribe(list: &'static [u8], read_by: ProtocolVersion) -> Subscribe {
    Subscribe::new(ID, legal(Subscriptions::new(Bytes::from_static(list), read_by)))
}

fn unsubscribe(list: &'static [u8], read_by: ProtocolVersion) -> Unsubscribe {
    Unsubscribe::new(ID, legal(TopicFilters::new(Bytes::from_static(list), read_by)))
}

fn suback(codes: &[SubAckReasonCode]) -> SubAck {
    SubAck::new(ID, codes.iter().copied().collect()).unwrap()
}

fn unsuback(codes: &[UnsubAckReasonCode]) -> UnsubAck {
    UnsubAck::new(ID, codes.iter().copied().collect())
}

// From 5.0 to 3.1 and 3.1.1.

#[test]
fn v5_to_v3_all_properties_are_dropped_and_reported() {
    const USER: Change = Change::DroppedProperty(Id::UserProperty);
    const REASON: Change = Change::DroppedProperty(Id::ReasonString);
    let with = |packet: Packet, plain: Packet, changes: &[Change]| {
        for to in V3 {
            becomes(packet.clone(), V5, to, plain.clone(), changes);
        }
    };
    let properties = legal(ConnAckProperties::builder().reason_string("r").user_property("k", "v").build());
    let plain = ConnAck::accepted(false);
    with(plain.clone().with_properties(properties).into(), plain.into(), &[REASON, USER]);

    let properties = PublishProperties::builder().topic_alias(7).user_property("a", "b");
    let properties = legal(properties.user_property("c", "d").build());
    let mut packet = Publish::with_properties("t".parse().unwrap(), properties, "x".to_owned());
    packet.delivery = Delivery::at_least_once(ID).duplicate();
    packet.retain = true;
    let mut plain = packet.clone();
    plain.set_properties(PublishProperties::default()).unwrap();
    with(packet.into(), plain.into(), &[Change::DroppedProperty(Id::TopicAlias), USER, USER]);

    let properties = legal(PubAckProperties::builder().reason_string("r").build());
    with(PubAck { properties, ..PubAck::new(ID) }.into(), PubAck::new(ID).into(), &[REASON]);

    let properties =
        legal(SubscribeProperties::builder().subscription_identifier(SubscriptionIdentifier::new(5).unwrap()).build());
    let plain = subscribe(b"\0\x01a\x01", V5);
    let dropped = Change::DroppedProperty(Id::SubscriptionIdentifier);
    with(Subscribe { properties, ..plain.clone() }.into(), plain.into(), &[dropped]);

    let mut packet = suback(&[SubAckReasonCode::GRANTED_QOS_2]);
    let plain = packet.clone();
    packet.properties = legal(SubAckProperties::builder().reason_string("r").build());
    with(packet.into(), plain.into(), &[REASON]);

    let properties = legal(UnsubscribeProperties::builder().user_property("k", "v").build());
    let plain = unsubscribe(b"\0\x01a", V5);
    with(Unsubscribe { properties, ..plain.clone() }.into(), plain.into(), &[USER]);

    let properties = legal(UnsubAckProperties::builder().reason_string("r").build());
    let packet = UnsubAck { properties, ..unsuback(&[UnsubAckReasonCode::SUCCESS]) };
    let dropped = Change::DroppedReasonCode { index: 0, code: ReasonCode::SUCCESS };
    with(packet.into(), unsuback(&[]).into(), &[REASON, dropped]);

    let properties = legal(DisconnectProperties::builder().session_expiry_interval(1).build());
    let packet = Disconnect { properties, ..Disconnect::default() };
    with(packet.into(), Disconnect::default().into(), &[Change::DroppedProperty(Id::SessionExpiryInterval)]);
}

#[test]
fn v5_to_v3_properties_of_connect_and_will_are_dropped_and_reported() {
    let properties = legal(ConnectProperties::builder().user_property("k", "v").receive_maximum(5).build());
    let will_properties = legal(WillProperties::builder().will_delay_interval(5).content_type("t").build());
    let will = Will::new("gone".parse().unwrap(), legal(BinaryData::new(Bytes::from_static(b"x"))));
    let will = Will { qos: QoS::ExactlyOnce, retain: true, ..will };
    let plain = Connect { will: Some(will.clone()), ..connect("c") };
    let will = Will { properties: will_properties, ..will };
    let packet = Connect { properties, will: Some(will), ..plain.clone() };
    for to in V3 {
        let changes = [
            Change::DroppedProperty(Id::UserProperty),
            Change::DroppedProperty(Id::ReceiveMaximum),
            Change::DroppedWillProperty(Id::WillDelayInterval),
            Change::DroppedWillProperty(Id::ContentType),
        ];
        becomes(packet.clone(), V5, to, of(to, plain.clone()), &changes);
    }
}

#[test]
fn v5_to_v3_connect_with_an_empty_client_identifier() {
    let resumes = Connect { clean_start: false, ..connect("") };
    fails(connect(""), V5, V3_1, Kind::NotInVersion, Field::ClientIdentifier);
    fails(resumes.clone(), V5, V3_1, Kind::NotInVersion, Field::ClientIdentifier);
    fails(resumes, V5, V3_1_1, Kind::NotInVersion, Field::ClientIdentifier);
    becomes(connect(""), V5, V3_1_1, of(V3_1_1, connect("")), &[]);
}

#[test]
fn v5_to_v3_connect_with_a_long_client_identifier() {
    for to in V3 {
        becomes(connect("abcdefghijklmnopqrstuvwx"), V5, to, of(to, connect("abcdefghijklmnopqrstuvwx")), &[]);
    }
}

#[test]
fn v5_to_v3_connect_with_a_password_without_user_name() {
    let packet = Connect { password: Some(legal(BinaryData::new(Bytes::from_static(b"p")))), ..connect("c") };
    for to in V3 {
        fails(packet.clone(), V5, to, Kind::NotInVersion, Field::Password);
        let user_name = Some("u".parse().unwrap());
        let packet = Connect { user_name, ..packet.clone() };
        becomes(packet.clone(), V5, to, of(to, packet), &[]);
    }
}

#[test]
fn v5_to_v3_connect_whose_session_expires() {
    let dropped = Change::DroppedProperty(Id::SessionExpiryInterval);
    let forever = Change::SessionDoesNotExpire;
    for (clean_start, expiry, changes) in [
        (true, None, &[][..]),
        (true, Some(0), &[dropped]),
        (true, Some(u32::MAX), &[dropped]),
        (false, None, &[forever]),
        (false, Some(0), &[dropped, forever]),
        (false, Some(u32::MAX - 1), &[dropped, forever]),
        (false, Some(u32::MAX), &[dropped]),
    ] {
        let mut builder = ConnectProperties::builder();
        if let Some(expiry) = expiry {
            builder = builder.session_expiry_interval(expiry);
        }
        let plain = Connect { clean_start, ..connect("c") };
        let packet = Connect { properties: legal(builder.build()), ..plain.clone() };
        for to in V3 {
            becomes(packet.clone(), V5, to, of(to, plain.clone()), changes);
        }
    }
}

/// The codes of CONNACK, each with its Return Code, or `None` for an error.
const CONNACK: [(u8, Option<u8>); 22] = [
    (0x00, Some(0)),
    (0x80, Some(3)),
    (0x81, None),
    (0x82, None),
    (0x83, Some(3)),
    (0x84, Some(1)),
    (0x85, Some(2)),
    (0x86, Some(4)),
    (0x87, Some(5)),
    (0x88, Some(3)),
    (0x89, Some(3)),
    (0x8A, Some(5)),
    (0x8C, Some(5)),
    (0x90, None),
    (0x95, None),
    (0x97, Some(3)),
    (0x99, None),
    (0x9A, None),
    (0x9B, None),
    (0x9C, Some(3)),
    (0x9D, Some(3)),
    (0x9F, Some(3)),
];

/// Checks the rows of some codes.
fn connack_rows(codes: &[u8], is_exact: bool) {
    for code in codes {
        let (_, return_code) = CONNACK.iter().find(|(row, _)| row == code).unwrap();
        let code = ConnAckReasonCode::try_from(*code).unwrap();
        let packet: ConnAck = ConnAck::refused(code);
        for to in V3 {
            let Some(return_code) = return_code else {
                fails(packet.clone(), V5, to, Kind::CloseInstead, Field::ReasonCode);
                continue;
            };
            let (crossed, changes) = converted(packet.clone(), V5, to);
            let mut bytes = Vec::new();
            crossed.encode_to(to, &mut bytes).unwrap();
            assert_eq!(bytes, [0x20, 2, 0, *return_code], "{code}");
            let Packet::ConnAck(crossed) = crossed else { panic!("{crossed}") };
            let mapped = Change::MappedReasonCode { index: 0, from: code.get(), to: crossed.reason_code().get() };
            assert_eq!(changes, if is_exact { vec![] } else { vec![mapped] }, "{code}");
        }
    }
}

#[test]
fn v5_to_v3_connack_has_a_row_for_each_code() {
    assert!(CONNACK.iter().map(|(code, _)| *code).eq(ConnAckReasonCode::ALL.into_iter().map(|code| code.as_u8())));
}

#[test]
fn v5_to_v3_connack_with_a_code_that_3_x_has() {
    connack_rows(&[0x00, 0x84, 0x85, 0x86, 0x87, 0x88], true);
}

#[test]
fn v5_to_v3_connack_that_means_unavailable() {
    connack_rows(&[0x80, 0x83, 0x89, 0x97, 0x9C, 0x9D, 0x9F], false);
}

#[test]
fn v5_to_v3_connack_that_means_not_authorized() {
    connack_rows(&[0x8A, 0x8C], false);
}

#[test]
fn v5_to_v3_connack_with_another_code() {
    connack_rows(&[0x81, 0x82, 0x90, 0x95, 0x99, 0x9A, 0x9B], false);
}

#[test]
fn v5_to_v3_connack_with_session_present() {
    stays(ConnAck::accepted(true), V5, V3_1_1);
    becomes(ConnAck::accepted(true), V5, V3_1, ConnAck::accepted(false), &[Change::DroppedSessionPresent]);
}

#[test]
fn v5_to_v3_publish_with_only_an_alias() {
    let properties = legal(PublishProperties::builder().topic_alias(7).build());
    let packet = Publish::with_alias_only(properties, "x".to_owned()).unwrap();
    for to in V3 {
        fails(packet.clone(), V5, to, Kind::TopicNameMissing, Field::TopicName);
    }
    stays(packet, V5, V5);
}

#[test]
fn v5_to_v3_acknowledgements_of_success() {
    for to in V3 {
        stays(PubAck::new(ID), V5, to);
        stays(PubRec::new(ID), V5, to);
        stays(PubRel::new(ID), V5, to);
        stays(PubComp::new(ID), V5, to);
    }
}

#[test]
fn v5_to_v3_acknowledgements_without_matching_subscribers() {
    let reason_code = PubAckReasonCode::NO_MATCHING_SUBSCRIBERS;
    let change = [Change::DroppedReasonCode { index: 0, code: reason_code.get() }];
    for to in V3 {
        becomes(PubAck { reason_code, ..PubAck::new(ID) }, V5, to, PubAck::new(ID), &change);
        becomes(PubRec { reason_code, ..PubRec::new(ID) }, V5, to, PubRec::new(ID), &change);
    }
}

#[test]
fn v5_to_v3_acknowledgements_of_failure() {
    for to in V3 {
        for reason_code in PubAckReasonCode::ALL.into_iter().filter(|code| code.is_error()) {
            fails(PubAck { reason_code, ..PubAck::new(ID) }, V5, to, Kind::NotInVersion, Field::ReasonCode);
            fails(PubRec { reason_code, ..PubRec::new(ID) }, V5, to, Kind::NotInVersion, Field::ReasonCode);
        }
    }
}

#[test]
fn v5_to_v3_acknowledgements_of_unknown_identifiers() {
    let reason_code = PubRelReasonCode::PACKET_IDENTIFIER_NOT_FOUND;
    let change = [Change::DroppedReasonCode { index: 0, code: reason_code.get() }];
    for to in V3 {
        becomes(PubRel { reason_code, ..PubRel::new(ID) }, V5, to, PubRel::new(ID), &change);
        becomes(PubComp { reason_code, ..PubComp::new(ID) }, V5, to, PubComp::new(ID), &change);
    }
}

#[test]
fn v5_to_v3_subscribe_with_options() {
    let packet = subscribe(b"\0\x01a\x06\0\x01b\x01\0\x01c\x08\0\x01d\x21", V5);
    let plain = subscribe(b"\0\x01a\x02\0\x01b\x01\0\x01c\x00\0\x01d\x01", V3_1_1);
    let qos = |maximum_qos| SubscriptionOptions::from(maximum_qos);
    let changes = [
        (0, SubscriptionOptions { no_local: true, ..qos(QoS::ExactlyOnce) }),
        (2, SubscriptionOptions { retain_as_published: true, ..qos(QoS::AtMostOnce) }),
        (3, SubscriptionOptions { retain_handling: RetainHandling::DoNotSend, ..qos(QoS::AtLeastOnce) }),
    ];
    let changes = changes.map(|(index, options)| Change::DroppedSubscriptionOptions { index, options });
    for to in V3 {
        becomes(packet.clone(), V5, to, plain.clone(), &changes);
    }
}

#[test]
fn v5_to_v3_shared_subscriptions() {
    for to in V3 {
        let packet = subscribe(b"\0\x01a\x01\0\x0A$share/g/t\x01", V5);
        becomes(packet.clone(), V5, to, packet, &[Change::SharedSubscription { index: 1 }]);
        let packet = unsubscribe(b"\0\x0A$share/g/t\0\x01a", V5);
        becomes(packet.clone(), V5, to, packet, &[Change::SharedSubscription { index: 0 }]);
    }
}

#[test]
fn v5_to_v3_suback_with_failures() {
    use SubAckReasonCode as Code;
    let packet = suback(&[Code::GRANTED_QOS_1, Code::UNSPECIFIED_ERROR, Code::NOT_AUTHORIZED, Code::QUOTA_EXCEEDED]);
    let failed = Code::UNSPECIFIED_ERROR;
    let plain = suback(&[Code::GRANTED_QOS_1, failed, failed, failed]);
    let mapped =
        |index, from: Code| Change::MappedReasonCode { index, from: from.get(), to: ReasonCode::UNSPECIFIED_ERROR };
    let changes = [mapped(2, Code::NOT_AUTHORIZED), mapped(3, Code::QUOTA_EXCEEDED)];
    becomes(packet, V5, V3_1_1, plain, &changes);
    stays(suback(&[Code::UNSPECIFIED_ERROR]), V5, V3_1_1);
    for code in Code::ALL.into_iter().filter(|code| code.is_error()) {
        fails(suback(&[Code::GRANTED_QOS_0, code]), V5, V3_1, Kind::NotInVersion, Field::ReasonCode);
    }
    stays(suback(&[Code::GRANTED_QOS_0, Code::GRANTED_QOS_1, Code::GRANTED_QOS_2]), V5, V3_1);
}

#[test]
fn v5_to_v3_unsuback_of_success() {
    let packet = unsuback(&[UnsubAckReasonCode::SUCCESS, UnsubAckReasonCode::NO_SUBSCRIPTION_EXISTED]);
    let dropped = |index, code| Change::DroppedReasonCode { index, code };
    for to in V3 {
        let changes = [dropped(0, ReasonCode::SUCCESS), dropped(1, ReasonCode::NO_SUBSCRIPTION_EXISTED)];
        becomes(packet.clone(), V5, to, unsuback(&[]), &changes);
    }
}

#[test]
fn v5_to_v3_unsuback_of_failure() {
    for code in UnsubAckReasonCode::ALL.into_iter().filter(|code| code.is_error()) {
        for to in V3 {
            let packet = unsuback(&[UnsubAckReasonCode::SUCCESS, code]);
            fails(packet, V5, to, Kind::NotInVersion, Field::ReasonCode);
        }
    }
}

#[test]
fn pings_stay_between_all_versions() {
    for from in ProtocolVersion::ALL {
        for to in ProtocolVersion::ALL {
            stays(PingReq, from, to);
            stays(PingResp, from, to);
        }
    }
}

#[test]
fn v5_to_v3_normal_disconnect() {
    for to in V3 {
        stays(Disconnect::default(), V5, to);
    }
}

#[test]
fn v5_to_v3_disconnect_with_another_code() {
    for code in DisconnectReasonCode::ALL.into_iter().skip(1) {
        for to in V3 {
            fails(Disconnect::new(code), V5, to, Kind::CloseInstead, Field::ReasonCode);
        }
    }
}

#[test]
fn v5_to_v3_auth() {
    let properties = legal(AuthProperties::builder("M").build());
    let packet = Auth { reason_code: AuthReasonCode::CONTINUE_AUTHENTICATION, properties };
    for to in V3 {
        fails(packet.clone(), V5, to, Kind::NotInVersion, Field::PacketType);
    }
    stays(packet, V5, V5);
}

// From 3.1 and 3.1.1 to 5.0.

#[test]
fn v3_to_v5_connect_without_clean_session() {
    let properties = legal(ConnectProperties::new(Bytes::from_static(&[0x11, 0xFF, 0xFF, 0xFF, 0xFF])));
    for from in V3 {
        let packet = Connect { clean_start: false, ..of(from, connect("c")) };
        let expected = Connect { properties: properties.clone(), ..of(V5, packet.clone()) };
        // The version in CONNECT counts.
        for stated in ProtocolVersion::ALL {
            becomes(packet.clone(), stated, V5, expected.clone(), &[Change::AddedSessionExpiryInterval]);
        }
        becomes(of(from, connect("c")), from, V5, connect("c"), &[]);
        let back = [Change::DroppedProperty(Id::SessionExpiryInterval)];
        becomes(expected, V5, from, packet, &back);
    }
    becomes(of(V3_1_1, connect("")), V3_1_1, V5, connect(""), &[]);
}

#[test]
fn v3_to_v5_connect_of_a_bridge() {
    for from in V3 {
        let packet = Connect { bridge: true, ..of(from, connect("c")) };
        becomes(packet.clone(), from, V5, connect("c"), &[Change::DroppedBridgeMark]);
        for to in V3 {
            becomes(packet.clone(), from, to, of(to, packet.clone()), &[]);
        }
    }
}

#[test]
fn v3_to_v5_connack() {
    for (return_code, code) in [(0, 0x00), (1, 0x84), (2, 0x85), (3, 0x88), (4, 0x86), (5, 0x87)] {
        for from in V3 {
            let bytes = Bytes::from(vec![0x20, 2, 0, return_code]);
            let (packet, _) = decode_shared(&bytes, from).unwrap().complete().unwrap();
            let expected = ConnAck::refused(ConnAckReasonCode::try_from(code).unwrap());
            becomes(packet, from, V5, expected, &[]);
        }
    }
}

#[test]
fn v3_to_v5_filters_that_are_no_shared_subscriptions() {
    for from in V3 {
        let packet = subscribe(b"\0\x08$share/g\x01", from);
        fails(packet.clone(), from, V5, Kind::NotInVersion, Field::TopicFilter);
        let packet_of_others = unsubscribe(b"\0\x01a\0\x08$share/g", from);
        fails(packet_of_others.clone(), from, V5, Kind::NotInVersion, Field::TopicFilter);
        for to in V3 {
            stays(packet.clone(), from, to);
            stays(packet_of_others.clone(), from, to);
        }
    }
}

#[test]
fn v3_to_v5_filters_that_become_shared_subscriptions() {
    for from in V3 {
        let packet = subscribe(b"\0\x0A$share/g/t\x01", from);
        becomes(packet.clone(), from, V5, packet.clone(), &[Change::SharedSubscription { index: 0 }]);
        for to in V3 {
            stays(packet.clone(), from, to);
        }
        let packet = unsubscribe(b"\0\x01a\0\x0A$share/g/t", from);
        becomes(packet.clone(), from, V5, packet, &[Change::SharedSubscription { index: 1 }]);
    }
    stays(subscribe(b"\0\x0A$share/g/t\x01", V5), V5, V5);
}

#[test]
fn v3_to_v5_unsuback() {
    for from in V3 {
        fails(unsuback(&[]), from, V5, Kind::ReasonCodesMissing, Field::ReasonCode);
        stays(unsuback(&[UnsubAckReasonCode::SUCCESS; 2]), from, V5);
    }
}

#[test]
fn v3_to_v5_others_stay() {
    for from in V3 {
        stays(Publish::new("t".parse().unwrap(), "x".to_owned()), from, V5);
        stays(PubAck::new(ID), from, V5);
        stays(PubRec::new(ID), from, V5);
        stays(PubRel::new(ID), from, V5);
        stays(PubComp::new(ID), from, V5);
        stays(subscribe(b"\0\x01a\x02", from), from, V5);
        stays(unsubscribe(b"\0\x01a", from), from, V5);
        stays(suback(&[SubAckReasonCode::GRANTED_QOS_2, SubAckReasonCode::UNSPECIFIED_ERROR]), from, V5);
        stays(Disconnect::default(), from, V5);
    }
    // 3.1 ignores bits of the options.
    stays(subscribe(b"\0\x01a\xFE", V3_1), V3_1, V5);
}

// Between 3.1 and 3.1.1.

#[test]
fn v3_1_1_to_v3_1_connect_with_an_empty_client_identifier() {
    fails(of(V3_1_1, connect("")), V3_1_1, V3_1, Kind::NotInVersion, Field::ClientIdentifier);
    let resumes = Connect { clean_start: false, ..of(V3_1_1, connect("c")) };
    becomes(resumes.clone(), V3_1_1, V3_1, of(V3_1, resumes.clone()), &[]);
    becomes(of(V3_1, resumes.clone()), V3_1, V3_1_1, resumes, &[]);
}

#[test]
fn v3_1_1_to_v3_1_connack_with_session_present() {
    becomes(ConnAck::accepted(true), V3_1_1, V3_1, ConnAck::accepted(false), &[Change::DroppedSessionPresent]);
    stays(ConnAck::accepted(false), V3_1, V3_1_1);
}

#[test]
fn v3_1_1_to_v3_1_suback_with_failures() {
    let packet = suback(&[SubAckReasonCode::GRANTED_QOS_0, SubAckReasonCode::UNSPECIFIED_ERROR]);
    fails(packet.clone(), V3_1_1, V3_1, Kind::NotInVersion, Field::ReasonCode);
    fails(packet.clone(), V3_1, V3_1, Kind::NotInVersion, Field::ReasonCode);
    stays(packet, V3_1, V3_1_1);
}

#[test]
fn others_stay_between_3_1_and_3_1_1() {
    for (from, to) in [(V3_1, V3_1_1), (V3_1_1, V3_1)] {
        stays(Publish::new("t".parse().unwrap(), "x".to_owned()), from, to);
        stays(PubAck::new(ID), from, to);
        stays(subscribe(b"\0\x01a\x02", from), from, to);
        stays(unsubscribe(b"\0\x01a", from), from, to);
        stays(suback(&[SubAckReasonCode::GRANTED_QOS_2]), from, to);
        stays(unsuback(&[]), from, to);
        stays(Disconnect::default(), from, to);
        becomes(of(from, connect("c")), from, to, of(to, connect("c")), &[]);
    }
}

// Between all versions.

#[test]
fn invalid_filters_are_an_error_between_all_versions() {
    let list = Bytes::from_static(b"\0\x01a\x05\0\x02a+\x05");
    let subscriptions = legal(Subscriptions::new_allowing_invalid_filters(list, V5));
    let topic_filters = legal(TopicFilters::new_allowing_invalid_filters(Bytes::from_static(b"\0\x02a+"), V5));
    for from in ProtocolVersion::ALL {
        for to in ProtocolVersion::ALL {
            let packet = Subscribe::new(ID, subscriptions.clone());
            fails(packet, from, to, Kind::InvalidTopicFilter, Field::TopicFilter);
            let packet = Unsubscribe::new(ID, topic_filters.clone());
            fails(packet, from, to, Kind::InvalidTopicFilter, Field::TopicFilter);
        }
    }
}

#[test]
fn a_packet_that_becomes_too_long_is_an_error() {
    let payload = vec![0; 268_435_455 - 3];
    let packet = Publish::new("t".parse().unwrap(), payload);
    assert_eq!(packet.encoded_len(V3_1_1), Ok(268_435_460));
    fails(packet, V3_1_1, V5, Kind::PacketTooLarge, Field::RemainingLength);
}

#[test]
fn parts_that_stay_are_not_copied() {
    let payload = Bytes::from(vec![7; 100]);
    let place = payload.as_ptr();
    let converted = convert(Publish::new("t".parse().unwrap(), payload), V5, V3_1_1).unwrap();
    let Packet::Publish(publish) = converted.packet else { panic!() };
    assert_eq!(publish.payload.as_ptr(), place);
}

#[test]
fn errors_and_changes_have_messages() {
    let alias = legal(PublishProperties::new(Bytes::from_static(&[0x23, 0, 7])));
    let publish = Publish::with_alias_only(alias, "x".to_owned()).unwrap();
    let list = Bytes::from_static(b"\0\x02a+\x01");
    let invalid = Subscribe::new(ID, legal(Subscriptions::new_allowing_invalid_filters(list, V5)));
    let auth = Auth {
        reason_code: AuthReasonCode::CONTINUE_AUTHENTICATION,
        properties: legal(AuthProperties::builder("M").build()),
    };
    for (error, message) in [
        (error(auth, V5, V3_1), "AUTH: MQTT 3.1 does not have this packet"),
        (error(connect(""), V5, V3_1), "CONNECT: MQTT 3.1 cannot express this Client Identifier"),
        (
            error(ConnAck::refused(ConnAckReasonCode::PROTOCOL_ERROR), V5, V3_1_1),
            "CONNACK: MQTT 3.1.1 cannot express this Reason Code, the connection is closed instead",
        ),
        (error(publish, V5, V3_1_1), "PUBLISH: there is no Topic Name, and MQTT 3.1.1 has no Topic Alias"),
        (error(unsuback(&[]), V3_1_1, V5), "UNSUBACK: MQTT 5.0 needs a Reason Code for each Topic Filter"),
        (error(invalid, V5, V3_1_1), "SUBSCRIBE: a Topic Filter is not valid"),
    ] {
        assert_eq!(error.to_string(), message);
        let _: &dyn core::error::Error = &error;
    }
    assert_eq!(error(unsuback(&[]), V3_1, V5).packet_type(), PacketType::UnsubAck);
    let banned = ReasonCode::BANNED;
    for (change, message) in [
        (Change::DroppedProperty(Id::UserProperty), "dropped User Property"),
        (Change::DroppedWillProperty(Id::ContentType), "dropped Content Type of the Will"),
        (Change::DroppedBridgeMark, "dropped the mark of a bridge"),
        (Change::DroppedSessionPresent, "dropped Session Present"),
        (Change::DroppedReasonCode { index: 1, code: banned }, "dropped Reason Code Banned (0x8A) at index 1"),
        (
            Change::MappedReasonCode { index: 0, from: banned, to: ReasonCode::NOT_AUTHORIZED },
            "replaced Reason Code Banned (0x8A) by Not authorized (0x87) at index 0",
        ),
        (
            Change::DroppedSubscriptionOptions { index: 2, options: QoS::AtMostOnce.into() },
            "dropped Subscription Options at index 2",
        ),
        (
            Change::SharedSubscription { index: 3 },
            "kept the Topic Filter at index 3, a shared subscription in 5.0 only",
        ),
        (Change::AddedSessionExpiryInterval, "added Session Expiry Interval 0xFFFFFFFF"),
        (Change::SessionDoesNotExpire, "made a session that does not expire"),
    ] {
        assert_eq!(change.to_string(), message);
    }
}
