//! The feature `defmt`: what is written to the log names topics, and neither passwords nor payloads.
//!
//! The log is what a microcontroller would send: indices of format strings, and the bytes of texts.

#![cfg(test)]

mod log;

use log::{logged, shows};
use mqtt_types::{
    ApplicationMessage, AuthProperties, BinaryData, BuildError, Connect, ConnectProperties, Delivery, KeepAlive,
    PackedPublish, Packet, PacketIdentifier, PropertyIdentifier, ProtocolVersion, Publish, PublishProperties,
    ReasonCode, ReasonCodes, Request, SubAck, SubAckReasonCode, Subscribe, Subscriptions, TopicFilters, TopicName,
    Utf8String, ValueError, Will, sn,
};

#[test]
fn texts_are_logged_and_secrets_are_not() {
    let secret = BinaryData::new(b"secret").unwrap();
    let topic_name = TopicName::from_static("kitchen/temperature");
    let mut storage = [0; 64];
    let properties = ConnectProperties::builder_in(&mut storage)
        .authentication_method("SCRAM")
        .authentication_data(b"secret")
        .user_property("name", "value");
    let connect = Connect {
        keep_alive: KeepAlive::from_seconds(60),
        properties: properties.build().unwrap(),
        will: Some(Will::new(topic_name, secret)),
        password: Some(secret),
        ..Connect::new(Utf8String::new("sensor-1").unwrap())
    };
    let texts = ["sensor-1", "SCRAM", "name", "value", "kitchen/temperature"];
    shows(&Packet::from(connect), &texts);
    shows(&connect.to_shared(), &texts);
    let mut storage = [0; 64];
    let auth = AuthProperties::builder_in(&mut storage, "SCRAM").authentication_data(b"secret").build().unwrap();
    shows(&auth, &["SCRAM"]);
    shows(&auth.iter(), &["SCRAM"]);

    let properties = PublishProperties::new(b"\x03\0\x04text\x09\0\x06secret").unwrap();
    let mut publish = Publish::with_properties(topic_name, properties, b"secret");
    publish.delivery = Delivery::at_least_once(PacketIdentifier::MAX);
    shows(&publish, &["kitchen/temperature", "text"]);
    shows(&PackedPublish::copy_from(&publish).unwrap(), &["kitchen/temperature", "text"]);
    shows(&publish.into_message().unwrap(), &["kitchen/temperature", "text"]);
    shows(&PublishProperties::builder().correlation_data(b"secret"), &[]);

    let message = ApplicationMessage::new(topic_name, b"secret");
    let subscriptions = Subscriptions::new(b"\0\x03a/b\x01\0\x03c/#\x02", ProtocolVersion::V5).unwrap();
    let topic_filters = TopicFilters::new(b"\0\x03d/e", ProtocolVersion::V5).unwrap();
    shows(&[Request::from(message), subscriptions.into(), topic_filters.into()], &["kitchen", "a/b", "c/#", "d/e"]);
    shows(&Subscribe::new(PacketIdentifier::MIN, subscriptions), &["a/b", "c/#"]);

    let topic = sn::Topic::Name(topic_name);
    shows(&topic, &["kitchen/temperature"]);
    let topic = sn::Topic::Normal(sn::TopicId::new(7).unwrap());
    shows(&sn::Message::from(sn::Publish::new(sn::Delivery::AtMostOnce, topic, b"secret").unwrap()), &[]);
}

#[test]
fn different_values_are_logged_differently() {
    let codes = ReasonCodes::<SubAckReasonCode, _>::new(&[0x01, 0x87]).unwrap();
    shows(&SubAck::new(PacketIdentifier::MIN, codes).unwrap(), &["Granted QoS 1", "Not authorized"]);
    shows(&ReasonCode::BANNED, &["Banned"]);
    assert_ne!(logged(&PropertyIdentifier::TopicAlias), logged(&PropertyIdentifier::ContentType));
    assert_ne!(logged(&PacketIdentifier::MIN), logged(&PacketIdentifier::MAX));
    let [full, too_long] = [BuildError::StorageFull, BuildError::TooLong].map(ValueError::from);
    assert_ne!(logged(&full), logged(&too_long));
    assert_eq!(logged(&full), logged(&ValueError::from(BuildError::StorageFull)));
}
