//! The feature `serde`: every value survives a round trip, and illegal values are refused.

#![expect(clippy::unwrap_used, reason = "a panic is a failed test, in the helpers too")]

mod support;

use arbitrary::{Arbitrary, Unstructured};
use mqtt_types::{
    Auth, AuthProperties, AuthReasonCode, BinaryData, ConnAck, Connect, Delivery, FixedHeader, Flags, KeepAlive,
    Packet, PacketIdentifier, PacketType, PingReq, PropertyIdentifier, ProtocolVersion, Publish, PublishProperties,
    QoS, ReasonCode, ReasonCodes, Subscribe, Subscription, Subscriptions, TopicFilter, TopicFilters, TopicName,
    UnsubAck, UserProperty, Utf8String, VariableByteInteger, Will,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use support::inputs;

#[test]
fn every_packet_of_every_version_survives_a_round_trip() {
    for (number, input) in inputs(6_000, 512).enumerate() {
        let version = ProtocolVersion::ALL[number % 3];
        let packet = Packet::arbitrary_for(version, &mut Unstructured::new(&input)).unwrap();
        let text = serde_json::to_string(&packet).unwrap();
        assert_eq!(serde_json::to_string(&packet.as_borrowed()).unwrap(), text);
        let back: Packet = serde_json::from_str(&text).unwrap();
        assert_eq!(back, packet, "{text}");
        assert_eq!(serde_json::to_string(&back).unwrap(), text); // the order of properties is kept
        // Owned strings are taken over without a copy.
        let back: Packet = serde_json::from_value(serde_json::to_value(&packet).unwrap()).unwrap();
        assert_eq!(back, packet, "{text}");
    }
}

fn survives_round_trip<T: for<'a> Arbitrary<'a> + Serialize + DeserializeOwned + PartialEq + core::fmt::Debug>() {
    for input in inputs(300, 512) {
        let value = T::arbitrary(&mut Unstructured::new(&input)).unwrap();
        let text = serde_json::to_string(&value).unwrap();
        assert_eq!(serde_json::from_str::<T>(&text).unwrap(), value, "{text}");
    }
}

#[test]
fn every_part_survives_a_round_trip() {
    survives_round_trip::<ProtocolVersion>();
    survives_round_trip::<QoS>();
    survives_round_trip::<PacketIdentifier>();
    survives_round_trip::<Delivery>();
    survives_round_trip::<KeepAlive>();
    survives_round_trip::<PacketType>();
    survives_round_trip::<Flags>();
    survives_round_trip::<FixedHeader>();
    survives_round_trip::<VariableByteInteger>();
    survives_round_trip::<PropertyIdentifier>();
    survives_round_trip::<ReasonCode>();
    survives_round_trip::<mqtt_types::Sender>();
    survives_round_trip::<mqtt_types::PayloadFormat>();
    survives_round_trip::<mqtt_types::RetainHandling>();
    survives_round_trip::<mqtt_types::SubscriptionOptions>();
    survives_round_trip::<PingReq>();
    survives_round_trip::<Will>();
    survives_round_trip::<mqtt_types::ApplicationMessage>();
    survives_round_trip::<mqtt_types::Request>();
    survives_round_trip::<UserProperty>();
    survives_round_trip::<BinaryData>();
    survives_round_trip::<Subscription>();
    survives_round_trip::<AuthProperties>();
}

#[track_caller]
fn shows(value: impl Serialize, expected: Value) {
    assert_eq!(serde_json::to_value(value).unwrap(), expected);
}

#[test]
fn values_are_written_in_readable_form() {
    shows(ProtocolVersion::V3_1_1, json!("3.1.1"));
    shows(QoS::AtLeastOnce, json!(1));
    shows(KeepAlive::from_seconds(60), json!(60));
    shows(ReasonCode::NOT_AUTHORIZED, json!(0x87));
    shows(PacketType::ConnAck, json!("connack"));
    shows(PropertyIdentifier::MaximumQoS, json!("maximum_qos"));
    shows(Delivery::AtMostOnce, json!({ "qos": 0, "packet_identifier": null, "dup": false }));
    let filter = TopicFilter::from_static("$share/workers/jobs/#");
    shows(filter.shared_subscription(), json!({ "share_name": "workers", "topic_filter": "jobs/#" }));
}

#[test]
fn publish_has_this_form() {
    let properties = PublishProperties::builder()
        .message_expiry_interval(60)
        .user_property("unit", "°C")
        .correlation_data(&[1, 2])
        .payload_format_indicator(mqtt_types::PayloadFormat::Utf8)
        .build()
        .unwrap();
    let topic_name = TopicName::shared_from_static("kitchen/temperature");
    let mut publish = Publish::with_properties(topic_name, properties, String::from("21"));
    publish.delivery = Delivery::at_least_once(PacketIdentifier::new(10).unwrap());
    let text = concat!(
        r#"{"publish":{"delivery":{"qos":1,"packet_identifier":10,"dup":false},"retain":false,"#,
        r#""topic_name":"kitchen/temperature","properties":[{"message_expiry_interval":60},"#,
        r#"{"user_property":["unit","°C"]},{"correlation_data":[1,2]},{"payload_format_indicator":"utf8"}],"#,
        r#""payload":[50,49]}}"#,
    );
    assert_eq!(serde_json::to_string(&Packet::from(publish)).unwrap(), text);
}

#[test]
fn subscribe_has_this_form() {
    let subscriptions = Subscriptions::builder().push(TopicFilter::from_static("a/#"), QoS::AtLeastOnce);
    let packet = Packet::from(Subscribe::new(PacketIdentifier::MIN, subscriptions.build().unwrap()));
    let text = concat!(
        r#"{"subscribe":{"packet_identifier":1,"properties":[],"subscriptions":[{"topic_filter":"a/#","#,
        r#""maximum_qos":1,"no_local":false,"retain_as_published":false,"#,
        r#""retain_handling":"send_at_subscribe"}]}}"#,
    );
    assert_eq!(serde_json::to_string(&packet).unwrap(), text);
}

#[test]
fn connect_has_this_form() {
    let packet = Connect {
        keep_alive: KeepAlive::from_seconds(60),
        user_name: Some(Utf8String::shared_from_static("user")),
        ..Connect::new(Utf8String::shared_from_static("sensor-1"))
    };
    let text = concat!(
        r#"{"connect":{"protocol_version":"5.0","bridge":false,"clean_start":true,"keep_alive":60,"properties":[],"#,
        r#""client_identifier":"sensor-1","will":null,"user_name":"user","password":null}}"#,
    );
    assert_eq!(serde_json::to_string(&Packet::from(packet)).unwrap(), text);
    assert_eq!(serde_json::to_string(&Packet::<&[u8]>::from(PingReq)).unwrap(), r#""pingreq""#);
}

#[test]
fn absent_fields_may_be_omitted() {
    let publish: Publish =
        serde_json::from_str(r#"{"delivery": {"qos": 0}, "topic_name": "a", "payload": "text"}"#).unwrap();
    assert_eq!(publish, Publish::new(TopicName::new("a").unwrap(), b"text"));
    let connect = json!({ "protocol_version": "3.1", "clean_start": true, "keep_alive": 0, "client_identifier": "c" });
    let connect: Connect = serde_json::from_value(connect).unwrap();
    let expected = Connect::new(Utf8String::new("c").unwrap());
    assert_eq!(connect, Connect { protocol_version: ProtocolVersion::V3_1, ..expected });
    let unsuback: UnsubAck = serde_json::from_str(r#"{"packet_identifier": 1}"#).unwrap();
    assert_eq!(unsuback, UnsubAck::<&[u8]>::new(PacketIdentifier::MIN, ReasonCodes::default()));
}

#[test]
fn topic_filters_of_version_3_only_survive_a_round_trip() {
    let filters: TopicFilters = serde_json::from_str(r#"["$share/g"]"#).unwrap();
    assert!(filters.exists_in(ProtocolVersion::V3_1_1) && !filters.exists_in(ProtocolVersion::V5));
    let list: Subscriptions = serde_json::from_str(r#"[{"topic_filter": "$share/g", "maximum_qos": 0}]"#).unwrap();
    assert!(list.exists_in(ProtocolVersion::V3_1_1) && !list.exists_in(ProtocolVersion::V5));
}

#[test]
fn the_method_of_auth_need_not_be_its_first_property() {
    let properties = json!([{ "reason_string": "why" }, { "authentication_method": "SCRAM" }]);
    let auth: Auth = serde_json::from_value(json!({ "reason_code": 24, "properties": properties })).unwrap();
    assert_eq!(auth.reason_code, AuthReasonCode::CONTINUE_AUTHENTICATION);
    shows(&auth, json!({ "reason_code": 24, "properties": properties }));
}

#[track_caller]
fn refuses<T: DeserializeOwned + core::fmt::Debug>(value: Value, message: &str) {
    assert_eq!(serde_json::from_value::<T>(value).unwrap_err().to_string(), message);
}

#[test]
fn illegal_values_are_refused_with_the_reason() {
    refuses::<ProtocolVersion>(
        json!("4.0"),
        r#"invalid value: string "4.0", expected a version of MQTT: 3.1, 3.1.1 or 5.0"#,
    );
    refuses::<QoS>(json!(3), "3 is not a quality of service: expected 0, 1 or 2");
    refuses::<PacketIdentifier>(json!(0), "a packet identifier must not be 0");
    refuses::<Flags>(json!(16), "the flags of a packet are 0 to 15");
    refuses::<ReasonCode>(json!(3), "0x03 is not a valid reason code here");
    refuses::<AuthReasonCode>(json!(0x80), "0x80 is not a valid reason code here");
    refuses::<PropertyIdentifier>(
        json!("topic"),
        r#"invalid value: string "topic", expected the name of a property, in snake case"#,
    );
    refuses::<Utf8String>(json!("a\0"), "text holds the character U+0000 at byte 1");
    refuses::<TopicName>(json!("a/+"), "topic name holds a wildcard character at byte 2");
    refuses::<TopicName>(json!(1), "invalid type: integer `1`, expected a topic name");
    refuses::<TopicFilter>(json!("a/#/b"), "'#' is not the whole last level of the topic filter at byte 2");
    refuses::<BinaryData>(json!("a".repeat(65_536)), "binary data is longer than 65,535 bytes");
    let text = serde_json::from_str::<TopicName>(r#""a+""#).unwrap_err().to_string();
    assert_eq!(text, "topic name holds a wildcard character at byte 1 at line 1 column 4");
}

#[test]
fn illegal_deliveries_are_refused() {
    refuses::<Delivery>(json!({ "qos": 1 }), "a PUBLISH of QoS 1 needs a packet identifier");
    refuses::<Delivery>(json!({ "qos": 0, "packet_identifier": 1 }), "a PUBLISH of QoS 0 has no packet identifier");
    refuses::<Delivery>(json!({ "qos": 0, "dup": true }), "a PUBLISH of QoS 0 has no DUP");
}

#[test]
fn illegal_property_sets_are_refused() {
    let twice = json!([{ "message_expiry_interval": 1 }, { "message_expiry_interval": 2 }]);
    refuses::<PublishProperties>(twice, "Message Expiry Interval appears more than once");
    refuses::<PublishProperties>(json!([{ "will_delay_interval": 1 }]), "Will Delay Interval is not allowed here");
    refuses::<AuthProperties>(json!([]), "Authentication Method is missing");
    refuses::<mqtt_types::ConnectProperties>(
        json!([{ "authentication_data": [1] }]),
        "Authentication Data is present without an Authentication Method",
    );
    refuses::<mqtt_types::ConnAckProperties>(json!([{ "maximum_qos": 2 }]), "Maximum QoS does not allow this value");
    refuses::<PublishProperties>(json!([{ "topic_alias": 0 }]), "invalid value: integer `0`, expected a nonzero u16");
    refuses::<PublishProperties>(
        json!([{ "subscription_identifier": 0 }]),
        "0 is not a subscription identifier: expected 1 to 268,435,455",
    );
    let error = serde_json::from_str::<PublishProperties>(r#"[{"topic": 1}]"#).unwrap_err().to_string();
    assert!(error.starts_with("unknown variant `topic`, expected one of `payload_format_indicator`"), "{error}");
}

#[test]
fn illegal_packets_are_refused() {
    let nameless = json!({ "delivery": { "qos": 0 }, "payload": [] });
    refuses::<Publish>(nameless, "a PUBLISH without a topic name needs a topic alias");
    let refusal = json!({ "session_present": true, "reason_code": 0x87 });
    refuses::<ConnAck>(refusal, "a CONNACK that refuses has no session present");
    let empty = json!({ "suback": { "packet_identifier": 1, "reason_codes": [] } });
    refuses::<Packet>(empty, "a SUBACK needs at least one reason code");
    refuses::<Subscriptions>(json!([]), "the list is empty");
    let shared = json!([{ "topic_filter": "$share/g/t", "maximum_qos": 0, "no_local": true }]);
    refuses::<Subscriptions>(shared, "No Local is set on a shared subscription");
    let misspelt = json!({ "packet_identifier": 1, "reason_code": 0, "property": [] });
    refuses::<mqtt_types::PubAck>(
        misspelt,
        "unknown field `property`, expected one of `packet_identifier`, `reason_code`, `properties`",
    );
}
