//! MQTT-SN: generated messages are legal, and every message survives a round trip through serde.

#![expect(clippy::unwrap_used, reason = "a panic is a failed test")]

use arbitrary::{Arbitrary as _, Unstructured};
use mqtt_types::Buffer;
use mqtt_types::sn::{Datagram, Message, MessageType, Topic};
use std::collections::HashSet;

/// Datagrams made from bytes that differ enough.
fn datagrams() -> Vec<Datagram> {
    let mut state: u32 = 1;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        u8::try_from(state >> 24).unwrap()
    };
    let made = (0..3_000).map(|_| {
        let seed: Vec<u8> = (0..400).map(|_| next()).collect();
        Datagram::arbitrary(&mut Unstructured::new(&seed)).unwrap()
    });
    made.collect()
}

#[test]
fn arbitrary_makes_all_types_and_nothing_that_can_only_be_read() {
    let datagrams = datagrams();
    let types: HashSet<_> = datagrams.iter().map(|datagram| datagram.message.message_type()).collect();
    assert_eq!(types.len() + 1, MessageType::ALL.len());
    assert!(datagrams.iter().any(|datagram| datagram.message_type() == MessageType::Encapsulated));
    for datagram in &datagrams {
        match &datagram.message {
            Message::Publish(publish) => assert!(!matches!(publish.topic(), Topic::Name(_)), "{publish}"),
            Message::Connect(connect) => assert!(connect.client_id.has_legal_length(), "{connect}"),
            _ => {}
        }
    }
}

#[test]
fn everything_comes_back_from_json() {
    for datagram in datagrams() {
        let json = serde_json::to_string(&datagram).unwrap();
        assert_eq!(serde_json::from_str::<Datagram>(&json).unwrap(), datagram, "{json}");
        assert_eq!(serde_json::to_string(&datagram.as_borrowed()).unwrap(), json);
    }
}

#[test]
fn json_is_what_it_is_said_to_be() {
    let json = concat!(
        r#"{"encapsulation":{"radius":1,"wireless_node_id":[1,2]},"message":{"publish":{"#,
        r#""delivery":{"qos":-1,"message_id":null,"dup":false},"retain":true,"topic":{"short":"ab"},"payload":[104]}}}"#,
    );
    let datagram: Datagram = serde_json::from_str(json).unwrap();
    assert_eq!(
        datagram.to_string(),
        "encapsulated node=0102 radius=1: PUBLISH short=\"ab\" qos=-1 retain payload=1 bytes"
    );
    assert_eq!(serde_json::to_string(&datagram).unwrap(), json);
    assert_eq!(serde_json::from_str::<Message>(r#""pingresp""#).unwrap().to_string(), "PINGRESP");
    for message_type in MessageType::ALL {
        let name = serde_json::to_string(&message_type).unwrap();
        assert_eq!(serde_json::from_str::<MessageType>(&name).unwrap(), message_type);
    }
}

#[test]
fn json_of_what_is_illegal_is_refused_in_the_words_of_the_constructor() {
    let publish = |delivery: &str, topic: &str| {
        let json = format!(r#"{{"publish":{{"delivery":{delivery},"topic":{topic},"payload":[]}}}}"#);
        serde_json::from_str::<Message>(&json).unwrap_err().to_string()
    };
    let (q1, qm1) = (r#"{"qos":1,"message_id":1}"#, r#"{"qos":-1,"message_id":null}"#);
    for (message, words) in [
        (publish(qm1, r#"{"normal":1}"#), "a PUBLISH at QoS -1 has a pre-defined topic id or a short topic name"),
        (publish(q1, r#"{"name":"a"}"#), "a PUBLISH has a topic id or a short topic name"),
        (publish(q1, r#"{"short":"a#"}"#), "a short topic name that is published to holds a wildcard character"),
        (publish(q1, r#"{"short":"abc"}"#), "expected a topic name of two octets"),
        (publish(q1, r#"{"normal":65535}"#), "the topic id 0xFFFF is reserved"),
        (publish(r#"{"qos":1,"message_id":null}"#, r#"{"normal":1}"#), "a PUBLISH of QoS 1 needs a MsgId"),
        (publish(r#"{"qos":0,"message_id":1}"#, r#"{"normal":1}"#), "a PUBLISH of QoS 0 has neither MsgId nor DUP"),
        (publish(r#"{"qos":3,"message_id":1}"#, r#"{"normal":1}"#), "a QoS is -1, 0, 1 or 2"),
    ] {
        assert!(message.contains(words), "{message}");
    }
    let subscribe = r#"{"subscribe":{"qos":0,"message_id":1,"topic":{"normal":1}}}"#;
    let message = serde_json::from_str::<Message>(subscribe).unwrap_err().to_string();
    assert!(message.contains("a subscription has a topic filter"), "{message}");
    assert!(serde_json::from_str::<Message>(r#"{"search_gw":{"radius":1,"other":1}}"#).is_err());
}

#[test]
fn generic_code_takes_both_buffers() {
    fn shown<B: Buffer>(datagram: &Datagram<B>) -> String {
        format!("{datagram} {datagram:?}")
    }
    for datagram in datagrams().into_iter().take(100) {
        assert_eq!(shown(&datagram), shown(&datagram.as_borrowed()));
    }
}
