//! One JSON object per datagram, under the specification's names in snake case.
//!
//! Numbers and flags are those that were sent, even if they have no meaning, such as DUP and `MsgId` at QoS 0.

use mqtt_codec::PacketIdentifier;
use mqtt_codec::sn::{
    Datagram, DecodeError, Flags, Message, MessageType, Topic, TopicIdType, WillTarget, split_encapsulation,
};
use serde_json::{Map, Value};

/// Adds the content of a legal datagram.
pub(crate) fn datagram(object: Object, datagram: &Datagram<&[u8]>, raw: &[u8]) -> Object {
    let Some(encapsulation) = &datagram.encapsulation else {
        let object = object.with("type", datagram.message.message_type().name()).with("length_form", length_form(raw));
        return fields(object, &datagram.message, body(raw));
    };
    let inner = split_encapsulation(raw).map_or(&[][..], |(_, message)| message);
    let message = Object::new()
        .with("type", datagram.message.message_type().name())
        .with("length", inner.len())
        .with("length_form", length_form(inner))
        .with("msg_type", datagram.message.message_type().as_u8());
    object
        .with("type", "ENCAPSULATED")
        .with("length_form", length_form(raw))
        .with("ctrl", byte_at(raw, 2))
        .with("radius", encapsulation.radius.get())
        .with("wireless_node_id", hex(encapsulation.wireless_node_id.as_bytes()))
        .with("message", fields(message, &datagram.message, body(inner)))
}

/// Adds the error of a datagram. Its type is shown even if its Length is wrong.
pub(crate) fn error(object: Object, error: &DecodeError, raw: &[u8]) -> Object {
    object
        .with("type", named_type(raw).map(|message_type| message_type.name().to_uppercase()))
        .with("error", error.to_string())
        .with("field", error.field().name())
        .with("octet", error.offset())
        .with("rule", error.rule())
        .with("return_code", error.return_code().map(|code| code.as_u8()))
}

/// Returns the type that `MsgType` names. For an encapsulation, this is the outer type. Returns `None` if it is
/// reserved or missing, or missing according to Length.
pub(crate) fn named_type(raw: &[u8]) -> Option<MessageType> {
    let (length, at) = match raw {
        [1, high, low, ..] => (u16::from_be_bytes([*high, *low]).into(), 3),
        [length, ..] => (usize::from(*length), 1),
        [] => return None,
    };
    raw.get(at).filter(|_| length > at).and_then(|octet| MessageType::from_u8(*octet))
}

fn length_form(raw: &[u8]) -> u8 {
    if byte_at(raw, 0) == 1 { 3 } else { 1 }
}

/// Returns the octets after Length and `MsgType`.
fn body(raw: &[u8]) -> &[u8] {
    raw.get(usize::from(length_form(raw)).saturating_add(1)..).unwrap_or_default()
}

fn fields(object: Object, message: &Message<&[u8]>, body: &[u8]) -> Object {
    let id = |id: Option<PacketIdentifier>| id.map_or(0, PacketIdentifier::get);
    let bits = byte_at(body, 0);
    match message {
        Message::Advertise(message) => object.with("gw_id", message.gateway_id).with("duration", message.duration),
        Message::SearchGw(message) => object.with("radius", message.radius),
        Message::GwInfo(message) if message.gateway_address.is_empty() => object.with("gw_id", message.gateway_id),
        Message::GwInfo(message) => {
            object.with("gw_id", message.gateway_id).with("gw_add", hex(message.gateway_address))
        }
        Message::Connect(message) => object
            .with("flags", bits)
            .with("will", message.will)
            .with("clean_session", message.clean_session)
            .with("protocol_id", byte_at(body, 1))
            .with("duration", message.keep_alive.as_seconds())
            .with("client_id", message.client_id.as_str()),
        Message::ConnAck(message) => object.with("return_code", message.return_code.as_u8()),
        Message::WillTopicResp(message) => object.with("return_code", message.return_code.as_u8()),
        Message::WillMsgResp(message) => object.with("return_code", message.return_code.as_u8()),
        Message::WillTopicReq(_) | Message::WillMsgReq(_) | Message::PingResp(_) => object,
        Message::WillTopic(message) => will(object, message.target.as_ref(), bits),
        Message::WillTopicUpd(message) => will(object, message.target.as_ref(), bits),
        Message::WillMsg(message) => object.with("will_msg", hex(message.payload)),
        Message::WillMsgUpd(message) => object.with("will_msg", hex(message.payload)),
        Message::Register(message) => object
            .with("topic_id", message.topic_id.get())
            .with("msg_id", message.message_id.get())
            .with("topic_name", message.topic_name.as_str()),
        Message::RegAck(message) => object
            .with("topic_id", message.topic_id)
            .with("msg_id", id(message.message_id))
            .with("return_code", message.return_code.as_u8()),
        Message::Publish(message) => {
            let object = object
                .with("flags", bits)
                .with("dup", Flags::from_bits(bits).dup())
                .with("qos", message.delivery().qos_number())
                .with("retain", message.retain)
                .with("topic_id_type", topic_id_type(bits));
            topic(object, message.topic(), |name| name.to_string())
                .with("msg_id", u16::from_be_bytes([byte_at(body, 3), byte_at(body, 4)]))
                .with("data", hex(message.payload))
        }
        Message::PubAck(message) => object
            .with("topic_id", message.topic_id)
            .with("msg_id", id(message.message_id))
            .with("return_code", message.return_code.as_u8()),
        Message::PubRec(message) => object.with("msg_id", id(message.message_id)),
        Message::PubRel(message) => object.with("msg_id", id(message.message_id)),
        Message::PubComp(message) => object.with("msg_id", id(message.message_id)),
        Message::UnsubAck(message) => object.with("msg_id", id(message.message_id)),
        Message::Subscribe(message) => {
            let object = object
                .with("flags", bits)
                .with("dup", message.dup)
                .with("qos", message.qos.as_u8())
                .with("topic_id_type", topic_id_type(bits))
                .with("msg_id", message.message_id.get());
            topic(object, message.topic(), |name| name.to_string())
        }
        Message::Unsubscribe(message) => {
            let object = object
                .with("flags", bits)
                .with("topic_id_type", topic_id_type(bits))
                .with("msg_id", message.message_id.get());
            topic(object, message.topic(), |name| name.to_string())
        }
        Message::SubAck(message) => object
            .with("flags", bits)
            .with("qos", message.qos.as_u8())
            .with("topic_id", message.topic_id)
            .with("msg_id", id(message.message_id))
            .with("return_code", message.return_code.as_u8()),
        Message::PingReq(message) => match &message.client_id {
            Some(client_id) => object.with("client_id", client_id.as_str()),
            None => object,
        },
        Message::Disconnect(message) => match message.duration {
            Some(duration) => object.with("duration", duration),
            None => object,
        },
    }
}

fn will(object: Object, target: Option<&WillTarget<&[u8]>>, bits: u8) -> Object {
    let Some(target) = target else { return object };
    object
        .with("flags", bits)
        .with("qos", target.qos.as_u8())
        .with("retain", target.retain)
        .with("will_topic", target.topic_name.as_str())
}

const fn topic_id_type(bits: u8) -> &'static str {
    match Flags::from_bits(bits).topic_id_type() {
        TopicIdType::Normal => "normal",
        TopicIdType::Predefined => "predefined",
        TopicIdType::Short => "short",
        TopicIdType::Reserved => "reserved",
    }
}

fn topic<N>(object: Object, topic: &Topic<N>, text: fn(&N) -> String) -> Object {
    match topic {
        Topic::Normal(topic_id) | Topic::Predefined(topic_id) => object.with("topic_id", topic_id.get()),
        Topic::Short(name) => object.with("topic_name", name.as_str()),
        Topic::Name(name) => object.with("topic_name", Value::from(text(name))),
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Returns an octet of a message that has been decoded, so that it is there.
fn byte_at(bytes: &[u8], at: usize) -> u8 {
    bytes.get(at).copied().unwrap_or_default()
}

/// An object whose members keep their order.
pub(crate) struct Object(Map<String, Value>);

impl Object {
    pub(crate) fn new() -> Self {
        Self(Map::new())
    }

    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Self::Object(object.0)
    }
}
