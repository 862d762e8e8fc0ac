//! Passwords, authentication data, payloads, Correlation Data and Will Payloads never appear in `Debug` or `Display` of
//! a public type, or in a panic.
//!
//! This file covers every public type that `api/*.txt` lists.

#![cfg(test)]
#![expect(clippy::arithmetic_side_effects, reason = "in tests an overflow panics, and that is a failed test")]

extern crate alloc;

use alloc::collections::BTreeSet;
use bytes::{Bytes, BytesMut};
use core::fmt::{Debug, Display};
use mqtt_codec::ProtocolVersion::{V3_1_1, V5};
use mqtt_codec::*;
use std::{fs, panic};
use tokio_util::codec::Decoder;

/// The secret that must not appear. It is not valid UTF-8, so it cannot be mistaken for text.
const SECRET: &[u8] = b"\xA9qXzJvW\xA9";

/// How a value shows itself, in all ways.
struct Shown {
    type_name: &'static str,
    texts: Vec<String>,
}

/// Shows a value by `Debug` and, if it has that, by `Display`.
macro_rules! show {
    ($type_name:literal: $($value:expr),+ $(,)?) => {{
        let mut texts = Vec::new();
        $({
            let value = &$value;
            texts.extend([format!("{value:?}"), format!("{value:#?}"), format!("{value:x?}"), format!("{value:#X?}")]);
            texts.extend((&Displayed(value)).displayed());
        })+
        Shown { type_name: $type_name, texts }
    }};
}

struct Displayed<'v, T>(&'v T);

trait HasDisplay {
    fn displayed(&self) -> Vec<String>;
}

impl<T: Display> HasDisplay for Displayed<'_, T> {
    fn displayed(&self) -> Vec<String> {
        vec![format!("{}", self.0), format!("{:#}", self.0)]
    }
}

/// The same name for a type without `Display`: the compiler takes it if the other one is impossible.
trait HasDebugOnly {
    fn displayed(&self) -> Vec<String>;
}

impl<T: Debug> HasDebugOnly for &Displayed<'_, T> {
    fn displayed(&self) -> Vec<String> {
        Vec::new()
    }
}

/// Returns `true` if a part of the secret can be read from the text: as text, in decimal or in hexadecimal.
fn reveals(text: &str) -> bool {
    let parts = [&SECRET[1..4], &SECRET[4..7]];
    let plain: String = text.chars().filter(|character| !character.is_whitespace()).collect();
    let plain = plain.to_lowercase();
    parts.iter().any(|part| {
        let list = |number: fn(&u8) -> String, separator| part.iter().map(number).collect::<Vec<_>>().join(separator);
        [
            String::from_utf8_lossy(part).to_lowercase(),
            list(|byte| byte.to_string(), ","),
            list(|byte| format!("{byte:x}"), ""),
            list(|byte| format!("{byte:x}"), ","),
            list(|byte| format!("0x{byte:x}"), ","),
            list(|byte| format!("{byte:x}"), "\\x"),
        ]
        .iter()
        .any(|form| plain.contains(form))
    })
}

#[test]
fn the_search_finds_every_form_of_a_secret() {
    for text in [
        format!("{SECRET:?}"),
        format!("{SECRET:#?}"),
        format!("{SECRET:x?}"),
        format!("{SECRET:#X?}"),
        format!("{:?}", Bytes::from_static(SECRET)),
        String::from_utf8_lossy(SECRET).into_owned(),
        SECRET.escape_ascii().to_string(),
    ] {
        assert!(reveals(&text), "{text}");
    }
    assert!(!reveals("9 bytes"));
}

fn secret() -> BinaryData<&'static [u8]> {
    BinaryData::new(SECRET).unwrap()
}

fn topic_name() -> TopicName<&'static [u8]> {
    TopicName::from_static("a")
}

fn auth() -> Auth {
    let properties = AuthProperties::builder("m").authentication_data(SECRET).build().unwrap();
    Auth { reason_code: AuthReasonCode::CONTINUE_AUTHENTICATION, properties }
}

fn connack() -> ConnAck {
    let properties = ConnAckProperties::builder().authentication_method("m").authentication_data(SECRET).build();
    ConnAck::accepted(false).with_properties(properties.unwrap())
}

fn will() -> Will {
    let properties = WillProperties::builder().correlation_data(SECRET).build().unwrap();
    Will { properties, ..Will::new(topic_name().to_shared(), secret().to_shared()) }
}

fn connect() -> Connect {
    let properties = ConnectProperties::builder().authentication_method("m").authentication_data(SECRET).build();
    Connect {
        properties: properties.unwrap(),
        will: Some(will()),
        user_name: Some(Utf8String::shared_from_static("u")),
        password: Some(secret().to_shared()),
        ..Connect::new(Utf8String::shared_from_static("c"))
    }
}

fn publish() -> Publish {
    let properties = PublishProperties::builder().correlation_data(SECRET).build().unwrap();
    Publish::with_properties(topic_name().to_shared(), properties, SECRET.to_vec())
}

fn encoded(packet: &impl Encode) -> Bytes {
    let mut output = BytesMut::new();
    packet.encode_to(V5, &mut output).unwrap();
    output.freeze()
}

/// Encodes a packet without its last byte, with a matching length, so that it is illegal.
fn illegal(packet: &impl Encode) -> Vec<u8> {
    let mut bytes = encoded(packet).to_vec();
    bytes.pop();
    bytes[1] -= 1;
    bytes
}

/// A SUBSCRIBE cannot hold a secret, but a PUBLISH that is not legal can: its Response Topic has a wildcard.
fn refused_publish() -> Vec<u8> {
    let body = [b"\0\x01a\x04\x08\0\x01#", SECRET].concat();
    [&[0x30, u8::try_from(body.len()).unwrap()], &body[..]].concat()
}

/// Returns the `Debug` output of a slice decoder in every state.
fn slice_decoders() -> Shown {
    let connect = encoded(&connect());
    let mut storage = [0; 256];
    let mut decoder = SliceDecoder::new(StreamOptions::server(), &mut storage);
    decoder.space()[..connect.len() - 1].copy_from_slice(&connect[..connect.len() - 1]);
    decoder.filled(connect.len() - 1);
    assert!(decoder.next_item().unwrap().is_none());
    let mut shown = show!("mqtt_codec::SliceDecoder": decoder);
    decoder.space()[0] = connect[connect.len() - 1];
    decoder.filled(1);
    assert!(decoder.next_item().unwrap().is_some());
    shown.texts.extend(show!("taken": decoder).texts);
    let refused = refused_publish();
    decoder.space()[..refused.len()].copy_from_slice(&refused);
    decoder.filled(refused.len());
    assert!(decoder.next_item().is_err());
    shown.texts.extend(show!("refused": decoder).texts);
    shown
}

/// The decoders with a buffer, before a packet is whole, after it is taken, and after one is refused.
fn stream_decoders() -> [Shown; 5] {
    let (connect, refused) = (encoded(&connect()), refused_publish());
    let mut push = PushDecoder::new(StreamOptions::server());
    push.push(&connect[..connect.len() - 1]);
    assert!(push.next_item().unwrap().is_none());
    let waiting = push.clone();
    push.push(&connect[connect.len() - 1..]);
    assert!(push.next_item().unwrap().is_some());
    let between = push.clone();
    push.push(&refused);
    push.push(&refused);
    assert!(push.next_item().is_err());
    let mut decoder = StreamDecoder::new(StreamOptions::either(Some(V5)));
    assert!(decoder.next_item(&mut BytesMut::from(&refused[..])).is_err());
    assert!(!decoder.refused().is_empty());

    let mut codec = Codec::server();
    let mut buffer = BytesMut::from(&connect[..]);
    assert!(codec.decode(&mut buffer).is_ok());
    let mut frames = codec.clone().frames();
    assert!(codec.decode(&mut BytesMut::from(&refused[..])).is_err());
    assert!(frames.decode(&mut BytesMut::from(&refused[..])).is_err());
    let (reader, writer) = frames.clone().split();
    assert!(!codec.decoder().refused().is_empty() && !frames.decoder().refused().is_empty());
    [
        show!("mqtt_codec::PushDecoder": push, waiting, between),
        show!("mqtt_codec::StreamDecoder": decoder),
        show!("mqtt_codec::Codec": codec, frames),
        show!("mqtt_codec::CodecReader": reader),
        show!("mqtt_codec::CodecWriter": writer),
    ]
}

/// Returns the types that can hold a secret, each with such a value.
fn secrets() -> Vec<Shown> {
    let frame = |packet: &Packet| Frame::encode(packet, V5).unwrap();
    let bytes = encoded(&publish());
    let publish_frame = frame(&publish().into()).into_publish().unwrap();
    let message = publish().into_message().unwrap();
    let borrowed = publish();
    let borrowed = borrowed.as_borrowed();
    let (auth, connack, connect, publish, will) = (auth(), connack(), connect(), publish(), will());
    let packets: [Packet; 4] =
        [auth.clone().into(), connack.clone().into(), connect.clone().into(), publish.clone().into()];
    let mut storage = [0; 64];
    let mut scratch = [0; Pieces::SCRATCH];
    let refused = refused_publish();
    let error = decode(&refused, V5).unwrap_err();
    let mut shown = vec![
        show!("mqtt_types::BinaryData": secret(), secret().to_shared()),
        show!("mqtt_types::Property": Property::AuthenticationData(secret()), Property::CorrelationData(secret())),
        show!("mqtt_types::PropertyIter": connect.properties.iter(), publish.properties().iter()),
        show!("mqtt_types::Repeated": auth.properties.user_properties(), publish.properties().subscription_identifiers()),
        show!("mqtt_types::Auth": auth, auth.as_borrowed()),
        show!("mqtt_types::AuthProperties": auth.properties),
        show!("mqtt_types::AuthPropertiesBuilder": AuthProperties::builder("m").authentication_data(SECRET)),
        show!("mqtt_types::ConnAck": connack, connack.as_borrowed()),
        show!("mqtt_types::ConnAckProperties": connack.properties),
        show!("mqtt_types::ConnAckPropertiesBuilder": ConnAckProperties::builder().authentication_data(SECRET)),
        show!("mqtt_types::Connect": connect, connect.as_borrowed()),
        show!("mqtt_types::ConnectProperties": connect.properties),
        show!("mqtt_types::ConnectPropertiesBuilder": ConnectProperties::builder().authentication_data(SECRET)),
        show!("mqtt_types::Will": will, will.as_borrowed()),
        show!("mqtt_types::WillProperties": will.properties),
        show!("mqtt_types::WillPropertiesBuilder": WillProperties::builder().correlation_data(SECRET)),
        show!("mqtt_types::Publish": publish, borrowed),
        show!("mqtt_types::PublishProperties": publish.properties()),
        show!("mqtt_types::PublishPropertiesBuilder": PublishProperties::builder().correlation_data(SECRET)),
        // These are parts of the builders, which show them.
        show!("mqtt_types::SharedStorage": AuthProperties::builder("m").authentication_data(SECRET)),
        show!("mqtt_types::SliceStorage":
            AuthProperties::builder_in(&mut storage, "m").authentication_data(SECRET)),
        show!("mqtt_types::PackedPublish": PackedPublish::copy_from(&borrowed).unwrap()),
        show!("mqtt_types::ApplicationMessage": message, message.as_borrowed()),
        show!("mqtt_types::Request": Request::from(message.clone())),
        show!("mqtt_types::Packet": packets[0], packets[1], packets[2], packets[3]),
        show!("mqtt_codec::Decoded": decode(&bytes, V5), decode_shared(&bytes, V5).unwrap()),
        show!("mqtt_codec::Converted": convert(packets[2].clone(), V5, V3_1_1).unwrap()),
        show!("mqtt_codec::Frame": frame(&packets[2]), frame(&packets[3])),
        show!("mqtt_codec::PublishFrame": publish_frame),
        show!("mqtt_codec::FanOut": FanOut::new(&publish_frame)),
        show!("mqtt_codec::Forward": Forward::from_frame(&publish_frame, V5).unwrap()),
        show!("mqtt_codec::Pieces": publish.encode_vectored(V5, &mut scratch).unwrap()),
        show!("mqtt_codec::StreamItem":
            StreamItem::Packet(packets[2].clone()),
            StreamItem::PublishHead { publish: publish.clone(), payload_len: 7 },
            StreamItem::Payload { piece: SECRET, remaining: 7 }),
        show!("mqtt_codec::FrameItem":
            FrameItem::Frame(frame(&packets[2])),
            FrameItem::PublishHead { publish: publish.clone(), payload_len: 7 },
            FrameItem::Payload { piece: Bytes::from_static(SECRET), remaining: 7 }),
        show!("mqtt_codec::DecodeError": error, decode(&illegal(&connect), V5).unwrap_err()),
        show!("mqtt_codec::CodecError": CodecError::from(error)),
        show!("mqtt_codec::EncodeError": publish.encode(V5, &mut [0; 4]).unwrap_err()),
        show!("mqtt_codec::ConvertError": convert(packets[0].clone(), V5, V3_1_1).unwrap_err()),
        show!("mqtt_types::TextError": Utf8String::new(SECRET).unwrap_err(), TopicName::new(SECRET).unwrap_err()),
        show!("mqtt_types::ListError": TopicFilters::new(&[b"\0\x08", SECRET].concat()[..], V5).unwrap_err()),
        show!("mqtt_types::PropertyError": PublishProperties::new(&[b"\x08\0\x08", SECRET].concat()[..]).unwrap_err()),
        show!("mqtt_types::BuildError": ConnectProperties::builder().authentication_data(SECRET).build().unwrap_err()),
        show!("mqtt_codec::RefusedPacket": RefusedPacket::read(&refused, V5).unwrap()),
        slice_decoders(),
    ];
    shown.extend(stream_decoders());
    shown.extend(sn_secrets());
    shown
}

fn sn_secrets() -> Vec<Shown> {
    use mqtt_codec::sn::{
        Datagram, Delivery, Message, Publish, Topic, TopicId, WillMsg, WillMsgUpd, WirelessNodeId, decode,
    };
    let topic = Topic::Normal(TopicId::new(7).unwrap());
    let publish = Publish::new(Delivery::AtMostOnce, topic, SECRET).unwrap();
    let messages =
        [Message::from(publish), Message::from(WillMsg::new(SECRET)), Message::from(WillMsgUpd::new(SECRET))];
    let datagrams = messages.map(Datagram::<&[u8]>::from);
    let bytes = [b"\x08\x0C\x03\0\x01\0\0", SECRET].concat();
    vec![
        show!("mqtt_types::sn::Publish": publish, publish.to_shared()),
        show!("mqtt_types::sn::WillMsg": WillMsg::new(SECRET)),
        show!("mqtt_types::sn::WillMsgUpd": WillMsgUpd::new(SECRET)),
        show!("mqtt_types::sn::Message": messages[0], messages[1], messages[2]),
        show!("mqtt_types::sn::Datagram": datagrams[0], datagrams[1], datagrams[2]),
        show!("mqtt_codec::sn::DecodeError": decode(&bytes, sn::DecodeOptions::new()).unwrap_err()),
        show!("mqtt_types::sn::WirelessNodeIdTooLong": WirelessNodeId::new(&[b's'; 300][..]).unwrap_err()),
    ]
}

/// The types that hold numbers, flags, topics, names and texts for people only.
const WITHOUT_SECRETS: &[&str] = &[
    "mqtt_types::DeliveryError",
    "mqtt_types::InvalidPayloadFormat",
    "mqtt_types::KeepAliveTooLong",
    "mqtt_types::ReasonCodesMissing",
    "mqtt_types::ValueError",
    "mqtt_codec::Answer",
    "mqtt_codec::Change",
    "mqtt_codec::ConnectionPhase",
    "mqtt_codec::ConvertErrorKind",
    "mqtt_codec::DecodeErrorKind",
    "mqtt_codec::DecodeOptions",
    "mqtt_codec::DecodedFixedHeader",
    "mqtt_codec::EncodeErrorKind",
    "mqtt_codec::EncodeOptions",
    "mqtt_codec::Field",
    "mqtt_codec::Leniency",
    "mqtt_codec::OtherProtocol",
    "mqtt_codec::Role",
    "mqtt_codec::StreamEncoder",
    "mqtt_codec::StreamOptions",
    "mqtt_codec::Subscriber",
    "mqtt_codec::UnknownLeniency",
    "mqtt_codec::sn::DecodeErrorKind",
    "mqtt_codec::sn::DecodeOptions",
    "mqtt_codec::sn::EncodeError",
    "mqtt_codec::sn::EncodeErrorKind",
    "mqtt_codec::sn::Field",
    "mqtt_codec::sn::Leniency",
    "mqtt_types::AuthReasonCode",
    "mqtt_types::BinaryDataTooLong",
    "mqtt_types::ConnAckReasonCode",
    "mqtt_types::DecodedVariableByteInteger",
    "mqtt_types::Delivery",
    "mqtt_types::Disconnect",
    "mqtt_types::DisconnectProperties",
    "mqtt_types::DisconnectPropertiesBuilder",
    "mqtt_types::DisconnectReasonCode",
    "mqtt_types::EncodedVariableByteInteger",
    "mqtt_types::FixedHeader",
    "mqtt_types::Flags",
    "mqtt_types::InvalidQoS",
    "mqtt_types::InvalidReasonCodes",
    "mqtt_types::InvalidSubscriptionIdentifier",
    "mqtt_types::KeepAlive",
    "mqtt_types::ListErrorKind",
    "mqtt_types::PacketIdentifier",
    "mqtt_types::PacketIdentifierZero",
    "mqtt_types::PacketType",
    "mqtt_types::PayloadFormat",
    "mqtt_types::PingReq",
    "mqtt_types::PingResp",
    "mqtt_types::PropertyErrorKind",
    "mqtt_types::PropertyIdentifier",
    "mqtt_types::PropertyType",
    "mqtt_types::ProtocolVersion",
    "mqtt_types::PubAck",
    "mqtt_types::PubAckProperties",
    "mqtt_types::PubAckPropertiesBuilder",
    "mqtt_types::PubAckReasonCode",
    "mqtt_types::PubComp",
    "mqtt_types::PubCompProperties",
    "mqtt_types::PubCompPropertiesBuilder",
    "mqtt_types::PubRec",
    "mqtt_types::PubRecProperties",
    "mqtt_types::PubRecPropertiesBuilder",
    "mqtt_types::PubRel",
    "mqtt_types::PubRelProperties",
    "mqtt_types::PubRelPropertiesBuilder",
    "mqtt_types::PubRelReasonCode",
    "mqtt_types::QoS",
    "mqtt_types::ReasonCode",
    "mqtt_types::ReasonCodeIter",
    "mqtt_types::ReasonCodes",
    "mqtt_types::RetainHandling",
    "mqtt_types::Sender",
    "mqtt_types::SharedSubscription",
    "mqtt_types::SubAck",
    "mqtt_types::SubAckProperties",
    "mqtt_types::SubAckPropertiesBuilder",
    "mqtt_types::SubAckReasonCode",
    "mqtt_types::Subscribe",
    "mqtt_types::SubscribeProperties",
    "mqtt_types::SubscribePropertiesBuilder",
    "mqtt_types::Subscription",
    "mqtt_types::SubscriptionIdentifier",
    "mqtt_types::SubscriptionIter",
    "mqtt_types::SubscriptionOptions",
    "mqtt_types::SubscriptionOptionsError",
    "mqtt_types::Subscriptions",
    "mqtt_types::SubscriptionsBuilder",
    "mqtt_types::TextErrorKind",
    "mqtt_types::TopicAliasMissing",
    "mqtt_types::TopicFilter",
    "mqtt_types::TopicFilterIter",
    "mqtt_types::TopicFilters",
    "mqtt_types::TopicFiltersBuilder",
    "mqtt_types::TopicName",
    "mqtt_types::UnknownProtocolVersion",
    "mqtt_types::UnknownReasonCode",
    "mqtt_types::UnsubAck",
    "mqtt_types::UnsubAckProperties",
    "mqtt_types::UnsubAckPropertiesBuilder",
    "mqtt_types::UnsubAckReasonCode",
    "mqtt_types::Unsubscribe",
    "mqtt_types::UnsubscribeProperties",
    "mqtt_types::UnsubscribePropertiesBuilder",
    "mqtt_types::UserProperty",
    "mqtt_types::Utf8String",
    "mqtt_types::VariableByteInteger",
    "mqtt_types::VariableByteIntegerError",
    "mqtt_types::WildcardValues",
    "mqtt_types::sn::Advertise",
    "mqtt_types::sn::BroadcastRadius",
    "mqtt_types::sn::ClientId",
    "mqtt_types::sn::ConnAck",
    "mqtt_types::sn::Connect",
    "mqtt_types::sn::Delivery",
    "mqtt_types::sn::Disconnect",
    "mqtt_types::sn::Encapsulation",
    "mqtt_types::sn::Flags",
    "mqtt_types::sn::GwInfo",
    "mqtt_types::sn::InvalidClientId",
    "mqtt_types::sn::InvalidTopic",
    "mqtt_types::sn::MessageType",
    "mqtt_types::sn::PingReq",
    "mqtt_types::sn::PingResp",
    "mqtt_types::sn::PubAck",
    "mqtt_types::sn::PubComp",
    "mqtt_types::sn::PubRec",
    "mqtt_types::sn::PubRel",
    "mqtt_types::sn::RegAck",
    "mqtt_types::sn::Register",
    "mqtt_types::sn::ReservedTopicId",
    "mqtt_types::sn::ReturnCode",
    "mqtt_types::sn::SearchGw",
    "mqtt_types::sn::Sender",
    "mqtt_types::sn::ShortTopicName",
    "mqtt_types::sn::SubAck",
    "mqtt_types::sn::Subscribe",
    "mqtt_types::sn::Topic",
    "mqtt_types::sn::TopicId",
    "mqtt_types::sn::TopicIdType",
    "mqtt_types::sn::UnsubAck",
    "mqtt_types::sn::Unsubscribe",
    "mqtt_types::sn::WillMsgReq",
    "mqtt_types::sn::WillMsgResp",
    "mqtt_types::sn::WillTarget",
    "mqtt_types::sn::WillTopic",
    "mqtt_types::sn::WillTopicReq",
    "mqtt_types::sn::WillTopicResp",
    "mqtt_types::sn::WillTopicUpd",
    "mqtt_types::sn::WirelessNodeId",
];

#[test]
fn no_public_type_shows_a_secret() {
    for Shown { type_name, texts } in secrets() {
        assert!(!texts.is_empty() && texts.iter().all(|text| !text.is_empty()), "{type_name}");
        for text in texts {
            assert!(!reveals(&text), "{type_name} shows it: {text}");
        }
    }
}

#[test]
fn every_public_type_has_its_place_here() {
    let with: BTreeSet<_> = secrets().iter().map(|shown| shown.type_name).collect();
    let without: BTreeSet<_> = WITHOUT_SECRETS.iter().copied().collect();
    assert_eq!(with.intersection(&without).next(), None);
    let mut count = 0;
    for name in ["mqtt-types", "mqtt-codec"] {
        let path = format!("{}/../api/{name}.txt", env!("CARGO_MANIFEST_DIR"));
        for line in fs::read_to_string(path).unwrap().lines() {
            let mut words = line.split_whitespace().skip_while(|word| *word != "pub").skip(1);
            if !matches!(words.next(), Some("struct" | "enum" | "union")) {
                continue;
            }
            let type_name = words.next().and_then(|word| word.split(['<', '(', '{']).next()).unwrap();
            let known = with.contains(type_name) || without.contains(type_name);
            assert!(known, "{type_name}: add it to `secrets` or to `WITHOUT_SECRETS`");
            count += 1;
        }
    }
    assert!(count > 180, "{count} types");
}

#[test]
fn a_panic_does_not_show_what_was_given() {
    let previous = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let panics = [
        panic::catch_unwind(|| _ = TopicName::from_static("qXzJvW/#")),
        panic::catch_unwind(|| _ = TopicFilter::from_static("#/qXzJvW")),
        panic::catch_unwind(|| _ = Utf8String::from_static("qXzJvW\0")),
        panic::catch_unwind(|| _ = decode(&refused_publish(), V5).unwrap()),
        panic::catch_unwind(|| _ = decode(&encoded(&publish()), V5).unwrap_err()),
        panic::catch_unwind(|| assert_eq!(encoded(&publish()).len(), 0, "{:?}", publish())),
    ];
    panic::set_hook(previous);
    for panic in panics {
        let message = panic.unwrap_err();
        let text = message.downcast_ref::<String>().cloned();
        let text = text.or_else(|| message.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap();
        assert!(!text.is_empty() && !reveals(&text), "{text}");
    }
}
