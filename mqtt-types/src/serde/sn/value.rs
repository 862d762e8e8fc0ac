//! Parts of messages: numbers, names, identifiers and topics.

use crate::buffer::Buffer;
use crate::serde::forms::{Name, numbers};
use crate::sn::{
    BroadcastRadius, ClientId, Delivery, Flags, MessageType, ReturnCode, Sender, ShortTopicName, Topic, TopicId,
    TopicIdType, WirelessNodeId,
};
use crate::value::PacketIdentifier;
use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, Serializer};

#[cfg(feature = "bytes")]
use crate::text::Utf8String;
#[cfg(feature = "bytes")]
use bytes::Bytes;

numbers! {
    TopicId: u16, Self::get, Self::try_from;
    ReturnCode: u8, Self::as_u8, Self::try_from;
    Flags: u8, Self::bits, flags;
    BroadcastRadius: u8, Self::get, radius;
}

const fn flags(bits: u8) -> Result<Flags, &'static str> {
    Ok(Flags::from_bits(bits))
}

fn radius(radius: u8) -> Result<BroadcastRadius, &'static str> {
    BroadcastRadius::new(radius).ok_or("a broadcast radius is 0 to 3")
}

/// Implements both directions for types whose few values have a name.
macro_rules! names {
    ($($type:ident $expecting:literal $all:expr, $name:expr;)*) => {$(
        /// Serializes as its name in snake case.
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let name: fn(Self) -> &'static str = $name;
                serializer.serialize_str(name(*self))
            }
        }

        /// Deserializes from its name in snake case.
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let name: fn(Self) -> &'static str = $name;
                let parse = |text: &str| $all.into_iter().find(|value| name(*value) == text);
                deserializer.deserialize_str(Name { parse, expecting: $expecting })
            }
        }
    )*};
}

names! {
    MessageType "the name of a message type, in snake case" Self::ALL, Self::snake_case_name;
    TopicIdType "normal, predefined, short or reserved" Self::ALL, topic_id_type_name;
    Sender "either, client or gateway" [Self::Either, Self::Client, Self::Gateway], sender_name;
}

const fn topic_id_type_name(topic_id_type: TopicIdType) -> &'static str {
    match topic_id_type {
        TopicIdType::Normal => "normal",
        TopicIdType::Predefined => "predefined",
        TopicIdType::Short => "short",
        TopicIdType::Reserved => "reserved",
    }
}

const fn sender_name(sender: Sender) -> &'static str {
    match sender {
        Sender::Either => "either",
        Sender::Client => "client",
        Sender::Gateway => "gateway",
    }
}

/// Serializes as text.
impl Serialize for ShortTopicName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Deserializes from text of two octets.
impl<'de> Deserialize<'de> for ShortTopicName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let parse = |text: &str| Self::new(text.as_bytes().try_into().ok()?).ok();
        deserializer.deserialize_str(Name { parse, expecting: "a topic name of two octets" })
    }
}

/// Serializes as text.
impl<B: Buffer> Serialize for ClientId<B> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.text().serialize(serializer)
    }
}

/// Deserializes from text of any length, because gateways accept any length.
#[cfg(feature = "bytes")]
impl<'de> Deserialize<'de> for ClientId<Bytes> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Utf8String::<Bytes>::deserialize(deserializer)?;
        Self::new_of_any_length(text.into_buffer()).map_err(D::Error::custom)
    }
}

/// Serializes as bytes. A format without bytes, such as JSON, has a sequence of numbers instead.
impl<B: Buffer> Serialize for WirelessNodeId<B> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.as_bytes())
    }
}

/// Deserializes from bytes, a sequence of numbers, or text.
#[cfg(feature = "bytes")]
impl<'de> Deserialize<'de> for WirelessNodeId<Bytes> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(Bytes::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// Serializes as its kind with its value, `{"predefined": 5}` in JSON.
impl<N: Serialize> Serialize for Topic<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Normal(topic_id) => serializer.serialize_newtype_variant("Topic", 0, "normal", topic_id),
            Self::Predefined(topic_id) => serializer.serialize_newtype_variant("Topic", 1, "predefined", topic_id),
            Self::Short(name) => serializer.serialize_newtype_variant("Topic", 2, "short", name),
            Self::Name(name) => serializer.serialize_newtype_variant("Topic", 3, "name", name),
        }
    }
}

/// Deserializes from its kind and its value.
impl<'de, N: Deserialize<'de>> Deserialize<'de> for Topic<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(rename = "Topic", rename_all = "snake_case")]
        enum Kinds<N> {
            Normal(TopicId),
            Predefined(TopicId),
            Short(ShortTopicName),
            Name(N),
        }

        Ok(match Kinds::deserialize(deserializer)? {
            Kinds::Normal(topic_id) => Self::Normal(topic_id),
            Kinds::Predefined(topic_id) => Self::Predefined(topic_id),
            Kinds::Short(name) => Self::Short(name),
            Kinds::Name(name) => Self::Name(name),
        })
    }
}

/// The fields of a [`Delivery`]. Not every combination of them exists.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(rename = "Delivery", deny_unknown_fields)]
struct DeliveryFields {
    qos: i8,
    message_id: Option<PacketIdentifier>,
    #[serde(default)]
    dup: bool,
}

/// Serializes as `qos`, `message_id` and `dup`.
impl Serialize for Delivery {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (qos, message_id, dup) = (self.qos_number(), self.message_id(), self.dup());
        DeliveryFields { qos, message_id, dup }.serialize(serializer)
    }
}

/// Deserializes from `qos`, and `message_id` and `dup` if it has them.
impl<'de> Deserialize<'de> for Delivery {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let DeliveryFields { qos, message_id, dup } = DeliveryFields::deserialize(deserializer)?;
        match (qos, message_id) {
            (-1, None) if !dup => Ok(Self::WithoutConnection),
            (0, None) if !dup => Ok(Self::AtMostOnce),
            (-1 | 0, _) => Err(D::Error::custom(format_args!("a PUBLISH of QoS {qos} has neither MsgId nor DUP"))),
            (1, Some(message_id)) => Ok(Self::AtLeastOnce { message_id, dup }),
            (2, Some(message_id)) => Ok(Self::ExactlyOnce { message_id, dup }),
            (1 | 2, None) => Err(D::Error::custom(format_args!("a PUBLISH of QoS {qos} needs a MsgId"))),
            _ => Err(D::Error::custom("a QoS is -1, 0, 1 or 2")),
        }
    }
}
