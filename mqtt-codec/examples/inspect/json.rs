//! One JSON object per packet.
//!
//! Members have the standard's names in snake case. `null` stands for what is not on the wire: a Reason Code that is
//! left out, a section of properties that the version or the packet does not have. Numbers and flags are those of the
//! wire, also where the packet's own model says it in the words of 5.0.

use mqtt_codec::{
    Connect, DecodeError, Packet, Property, PropertyIter, ProtocolVersion, Publish, Subscriptions, VariableByteInteger,
    Will,
};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// A packet: `raw` is all of it, `offset` its place in the stream, `version` the one that it was decoded with.
pub(crate) fn packet(packet: &Packet<&[u8]>, raw: &[u8], version: ProtocolVersion, offset: usize) -> Value {
    let body = body(raw);
    let object = Object::new()
        .with("offset", offset)
        .with("length", raw.len())
        .with("type", packet.packet_type().name())
        .with("flags", byte_at(raw, 0) & 0x0F)
        .with("remaining_length", body.len());
    match packet {
        Packet::Connect(packet) => connect(object, packet, body),
        Packet::ConnAck(packet) => object
            .with("ack_flags", byte_at(body, 0))
            .with("session_present", byte_at(body, 0) & 1 != 0)
            .with("reason_code", byte_at(body, 1))
            .with("properties", section(packet.properties.iter(), version)),
        Packet::Publish(packet) => publish(object, packet, version),
        Packet::PubAck(packet) => {
            object.with("packet_id", packet.packet_identifier.get()).with_reason(body, 2, packet.properties.iter())
        }
        Packet::PubRec(packet) => {
            object.with("packet_id", packet.packet_identifier.get()).with_reason(body, 2, packet.properties.iter())
        }
        Packet::PubRel(packet) => {
            object.with("packet_id", packet.packet_identifier.get()).with_reason(body, 2, packet.properties.iter())
        }
        Packet::PubComp(packet) => {
            object.with("packet_id", packet.packet_identifier.get()).with_reason(body, 2, packet.properties.iter())
        }
        Packet::Subscribe(packet) => object
            .with("packet_id", packet.packet_identifier.get())
            .with("properties", section(packet.properties.iter(), version))
            .with("filters", subscriptions(&packet.subscriptions, version)),
        Packet::SubAck(packet) => object
            .with("packet_id", packet.packet_identifier.get())
            .with("properties", section(packet.properties.iter(), version))
            .with("reason_codes", packet.reason_codes().as_bytes()),
        Packet::Unsubscribe(packet) => object
            .with("packet_id", packet.packet_identifier.get())
            .with("properties", section(packet.properties.iter(), version))
            .with("filters", packet.topic_filters.iter().map(|filter| filter.as_str()).collect::<Value>()),
        Packet::UnsubAck(packet) => object
            .with("packet_id", packet.packet_identifier.get())
            .with("properties", section(packet.properties.iter(), version))
            .with("reason_codes", packet.reason_codes.as_bytes()),
        Packet::PingReq(_) | Packet::PingResp(_) => object,
        Packet::Disconnect(packet) => object.with_reason(body, 0, packet.properties.iter()),
        Packet::Auth(packet) => object.with_reason(body, 0, packet.properties.iter()),
    }
    .into()
}

/// A packet that is not legal: `length` is that of its frame, or of what is there of it.
pub(crate) fn error(error: &DecodeError, offset: usize, length: usize) -> Value {
    Object::new()
        .with("offset", offset)
        .with("length", length)
        .with("type", "ERROR")
        .with("error", error.to_string())
        .with("byte", error.offset())
        .with("rule", error.rule())
        .with("reason_code", error.reason_code().map(|code| code.as_u8()))
        .into()
}

/// The end of a stream that ends inside a packet: `length` is that of what is there.
pub(crate) fn incomplete(offset: usize, length: usize) -> Value {
    Object::new().with("offset", offset).with("length", length).with("type", "INCOMPLETE").into()
}

fn connect(object: Object, packet: &Connect<&[u8]>, body: &[u8]) -> Object {
    let version = packet.protocol_version;
    // Behind the name with its length, and the level.
    let connect_flags = byte_at(body, version.protocol_name().len().saturating_add(3));
    object
        .with("protocol_name", version.protocol_name())
        .with("protocol_level", version.level())
        .with("bridge", packet.bridge)
        .with("connect_flags", connect_flags)
        .with("clean", packet.clean_start)
        .with("keep_alive", packet.keep_alive.as_seconds())
        .with("client_id", packet.client_identifier.as_str())
        .with("will", packet.will.as_ref().map(|packet| will(packet, version)))
        .with("username", packet.user_name.as_ref().map(|name| name.as_str()))
        .with("password", packet.password.as_ref().map(|password| binary(password.as_bytes())))
        .with("properties", section(packet.properties.iter(), version))
}

fn will(will: &Will<&[u8]>, version: ProtocolVersion) -> Value {
    Object::new()
        .with("qos", will.qos.as_u8())
        .with("retain", will.retain)
        .with("topic", will.topic_name.as_str())
        .with("payload_length", will.payload.len())
        .with("payload_sha256", hex(&Sha256::digest(will.payload.as_bytes())))
        .with("properties", section(will.properties.iter(), version))
        .into()
}

fn publish(object: Object, packet: &Publish<&[u8]>, version: ProtocolVersion) -> Object {
    object
        .with("dup", packet.delivery.dup())
        .with("qos", packet.delivery.qos().as_u8())
        .with("retain", packet.retain)
        .with("topic", packet.topic())
        .with("packet_id", packet.delivery.packet_identifier().map(|identifier| identifier.get()))
        .with("payload_length", packet.payload.len())
        .with("payload_sha256", hex(&Sha256::digest(packet.payload)))
        .with("properties", section(packet.properties().iter(), version))
}

fn subscriptions(subscriptions: &Subscriptions<&[u8]>, version: ProtocolVersion) -> Value {
    let mut rest = subscriptions.as_bytes();
    let with_wire_byte = |subscription: mqtt_codec::Subscription<&[u8]>| {
        // The byte itself is taken from the wire: in 3.1 it may have bits that mean nothing.
        let at = subscription.topic_filter.len().saturating_add(2);
        let byte = byte_at(rest, at);
        rest = rest.get(at.saturating_add(1)..).unwrap_or_default();
        let options = subscription.options;
        let object = Object::new()
            .with("filter", subscription.topic_filter.as_str())
            .with("options", byte)
            .with("qos", options.maximum_qos.as_u8());
        if version.is_v3() {
            return object.into();
        }
        object
            .with("no_local", options.no_local)
            .with("retain_as_published", options.retain_as_published)
            .with("retain_handling", options.retain_handling.as_u8())
            .into()
    };
    Value::Array(subscriptions.iter().map(with_wire_byte).collect())
}

/// A section of properties that a packet of 5.0 always has.
fn section(properties: PropertyIter<'_>, version: ProtocolVersion) -> Value {
    if version.is_v3() { Value::Null } else { list(properties) }
}

fn list(properties: PropertyIter<'_>) -> Value {
    let one = |property: Property<'_>| {
        let identifier = property.identifier();
        Object::new()
            .with("id", identifier.as_u8())
            .with("name", identifier.snake_case_name())
            .with("value", value(&property))
    };
    properties.map(one).collect()
}

/// A property's value: a number, a text, `{"hex"}`, or name and value of a User Property.
fn value(property: &Property<'_>) -> Value {
    match property {
        Property::PayloadFormatIndicator(format) => u8::from(*format == mqtt_codec::PayloadFormat::Utf8).into(),
        Property::RequestProblemInformation(value)
        | Property::RequestResponseInformation(value)
        | Property::RetainAvailable(value)
        | Property::WildcardSubscriptionAvailable(value)
        | Property::SubscriptionIdentifierAvailable(value)
        | Property::SharedSubscriptionAvailable(value) => u8::from(*value).into(),
        Property::MaximumQoS(qos) => qos.as_u8().into(),
        Property::ServerKeepAlive(seconds) => seconds.as_seconds().into(),
        Property::TopicAliasMaximum(value) => (*value).into(),
        Property::ReceiveMaximum(value) | Property::TopicAlias(value) => value.get().into(),
        Property::MessageExpiryInterval(value)
        | Property::SessionExpiryInterval(value)
        | Property::WillDelayInterval(value) => (*value).into(),
        Property::MaximumPacketSize(value) => value.get().into(),
        Property::SubscriptionIdentifier(identifier) => identifier.get().into(),
        Property::ResponseTopic(topic_name) => topic_name.as_str().into(),
        Property::ContentType(text)
        | Property::AssignedClientIdentifier(text)
        | Property::AuthenticationMethod(text)
        | Property::ResponseInformation(text)
        | Property::ServerReference(text)
        | Property::ReasonString(text) => text.as_str().into(),
        Property::CorrelationData(data) | Property::AuthenticationData(data) => binary(data.as_bytes()),
        Property::UserProperty(pair) => [pair.name.as_str(), pair.value.as_str()].into_iter().collect(),
    }
}

fn binary(bytes: &[u8]) -> Value {
    Object::new().with("hex", hex(bytes)).into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What follows the fixed header.
fn body(raw: &[u8]) -> &[u8] {
    let after_first = raw.get(1..).unwrap_or_default();
    let header = VariableByteInteger::decode(after_first).ok().flatten().map_or(0, |decoded| decoded.len);
    after_first.get(header..).unwrap_or_default()
}

/// A byte of a packet that has been decoded, so that it is there.
fn byte_at(bytes: &[u8], at: usize) -> u8 {
    bytes.get(at).copied().unwrap_or_default()
}

/// An object whose members keep their order.
struct Object(Map<String, Value>);

impl Object {
    fn new() -> Self {
        Self(Map::new())
    }

    fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    /// Reason Code and properties of a packet that may leave them out, the code first: they begin at `at`.
    fn with_reason(self, body: &[u8], at: usize, properties: PropertyIter<'_>) -> Self {
        let properties = if body.len() > at.saturating_add(1) { list(properties) } else { Value::Null };
        self.with("reason_code", body.get(at).copied()).with("properties", properties)
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Self::Object(object.0)
    }
}
