//! `Serialize` for every type over every buffer, `Deserialize` for every type that owns its bytes or has none.
//!
//! What is read goes through the constructors that everybody uses, so what is illegal is refused in their words.

use crate::buffer::Buffer;
use crate::sn::{
    Advertise, BroadcastRadius, ClientId, ConnAck, Connect, Datagram, Delivery, Disconnect, Encapsulation, Flags,
    GwInfo, Message, MessageType, PingReq, PingResp, PubAck, PubComp, PubRec, PubRel, Publish, RegAck, Register,
    ReturnCode, SearchGw, Sender, ShortTopicName, SubAck, Subscribe, Topic, TopicId, TopicIdType, UnsubAck,
    Unsubscribe, WillMsg, WillMsgReq, WillMsgResp, WillMsgUpd, WillTarget, WillTopic, WillTopicReq, WillTopicResp,
    WillTopicUpd, WirelessNodeId,
};
use crate::value::{PacketIdentifier, QoS};
use core::fmt;
use serde::de::{self, Deserialize, Deserializer, Error as _, Unexpected, Visitor};
use serde::ser::{Serialize, SerializeStruct as _, Serializer};

#[cfg(feature = "bytes")]
use crate::sn::InvalidTopic;
#[cfg(feature = "bytes")]
use crate::text::Utf8String;
#[cfg(feature = "bytes")]
use crate::topic::{TopicFilter, TopicName};
#[cfg(feature = "bytes")]
use crate::value::KeepAlive;
#[cfg(feature = "bytes")]
use bytes::Bytes;

/// Types that are a number, and the constructor that checks it.
macro_rules! numbers {
    ($($type:ident: $number:ty, $get:expr, $make:expr;)*) => {$(
        /// As a number.
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let number: $number = $get(*self);
                number.serialize(serializer)
            }
        }

        /// From a number.
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let number = <$number>::deserialize(deserializer)?;
                $make(number).map_err(D::Error::custom)
            }
        }
    )*};
}

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

/// Types whose few values have a name.
macro_rules! names {
    ($($type:ident $expecting:literal $all:expr, $name:expr;)*) => {$(
        /// As its name in snake case.
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let name: fn(Self) -> &'static str = $name;
                serializer.serialize_str(name(*self))
            }
        }

        /// From its name in snake case.
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let name: fn(Self) -> &'static str = $name;
                let parse = |text: &str| $all.into_iter().find(|value| name(*value) == text);
                deserializer.deserialize_str(Parsed { parse, expecting: $expecting })
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

/// As text.
impl Serialize for ShortTopicName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// From text of two octets.
impl<'de> Deserialize<'de> for ShortTopicName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let parse = |text: &str| Self::new(text.as_bytes().try_into().ok()?).ok();
        deserializer.deserialize_str(Parsed { parse, expecting: "a topic name of two octets" })
    }
}

/// Takes text that a function accepts.
struct Parsed<F> {
    parse: F,
    expecting: &'static str,
}

impl<T, F: Fn(&str) -> Option<T>> Visitor<'_> for Parsed<F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expecting)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        (self.parse)(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}

/// As text.
impl<B: Buffer> Serialize for ClientId<B> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.text().serialize(serializer)
    }
}

/// From text of any length, as gateways take it.
#[cfg(feature = "bytes")]
impl<'de> Deserialize<'de> for ClientId<Bytes> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Utf8String::<Bytes>::deserialize(deserializer)?;
        Self::new_of_any_length(text.into_buffer()).map_err(D::Error::custom)
    }
}

/// As bytes: a format that has none, JSON for instance, shows a sequence of numbers.
impl<B: Buffer> Serialize for WirelessNodeId<B> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.as_bytes())
    }
}

/// From bytes, a sequence of numbers, or text.
#[cfg(feature = "bytes")]
impl<'de> Deserialize<'de> for WirelessNodeId<Bytes> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(Bytes::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// Bytes of any length.
struct Octets<'a>(&'a [u8]);

impl Serialize for Octets<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0)
    }
}

/// As its kind with its value, `{"predefined": 5}` in JSON.
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

/// From its kind and its value.
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

/// The fields of a [`Delivery`], of which not every combination exists.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(rename = "Delivery", deny_unknown_fields)]
struct DeliveryFields {
    qos: i8,
    message_id: Option<PacketIdentifier>,
    #[serde(default)]
    dup: bool,
}

/// As `qos`, `message_id` and `dup`.
impl Serialize for Delivery {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (qos, message_id, dup) = (self.qos_number(), self.message_id(), self.dup());
        DeliveryFields { qos, message_id, dup }.serialize(serializer)
    }
}

/// From `qos`, and `message_id` and `dup` if it has them.
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

/// Both directions of a type from one list of its fields. A field that is private stands with its getter, and a type
/// with such fields with the function that checks and makes it.
macro_rules! fields {
    ($([$($generics:tt)*] $name:ty, $owned:ty, $literal:literal {
        $($(#[$attribute:meta])* $field:ident: $type:ty $(= |$this:ident| $value:expr)?,)*
    } $(, $feature:literal)? $(=> $make:expr)?;)*) => {$(
        /// As its fields.
        impl<$($generics)*> Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let count = [$(stringify!($field)),*].len();
                let mut fields = serializer.serialize_struct($literal, count)?;
                $(fields.serialize_field(stringify!($field), &fields!(@value self $field $(|$this| $value)?))?;)*
                fields.end()
            }
        }

        /// From its fields. What may be left out is nothing or off when it is.
        $(#[cfg(feature = $feature)])?
        impl<'de> Deserialize<'de> for $owned {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                #[derive(serde::Deserialize)]
                #[serde(rename = $literal, deny_unknown_fields)]
                struct Fields {
                    $($(#[$attribute])* $field: $type,)*
                }

                let Fields { $($field),* } = Fields::deserialize(deserializer)?;
                fields!(@make D [$($field),*] $($make)?)
            }
        }
    )*};
    (@value $self:ident $field:ident) => { $self.$field };
    (@value $self:ident $field:ident |$this:ident| $value:expr) => {{ let $this = $self; $value }};
    (@make $error:ident [$($field:ident),*]) => { Ok(Self { $($field),* }) };
    (@make $error:ident [$($field:ident),*] $make:expr) => {
        $make($($field),*).map_err($error::Error::custom)
    };
}

fields! {
    [B: Buffer] Datagram<B>, Datagram<Bytes>, "Datagram" {
        #[serde(default)]
        encapsulation: Option<Encapsulation<Bytes>>,
        message: Message<Bytes>,
    }, "bytes";
    [B: Buffer] Encapsulation<B>, Encapsulation<Bytes>, "Encapsulation" {
        #[serde(default)]
        radius: BroadcastRadius,
        wireless_node_id: WirelessNodeId<Bytes>,
    }, "bytes";
    [] Advertise, Advertise, "Advertise" {
        gateway_id: u8,
        duration: u16,
    };
    [] SearchGw, SearchGw, "SearchGw" {
        radius: u8,
    };
    [B: Buffer] GwInfo<B>, GwInfo<Bytes>, "GwInfo" {
        gateway_id: u8,
        #[serde(default)]
        gateway_address: Bytes = |message| Octets(message.gateway_address.as_ref()),
    }, "bytes";
    [B: Buffer] Connect<B>, Connect<Bytes>, "Connect" {
        #[serde(default)]
        will: bool,
        clean_session: bool,
        keep_alive: KeepAlive,
        client_id: ClientId<Bytes>,
    }, "bytes";
    [] ConnAck, ConnAck, "ConnAck" {
        return_code: ReturnCode,
    };
    [B: Buffer] WillTarget<B>, WillTarget<Bytes>, "WillTarget" {
        topic_name: TopicName<Bytes>,
        qos: QoS,
        #[serde(default)]
        retain: bool,
    }, "bytes";
    [B: Buffer] WillTopic<B>, WillTopic<Bytes>, "WillTopic" {
        target: Option<WillTarget<Bytes>>,
    }, "bytes";
    [B: Buffer] WillTopicUpd<B>, WillTopicUpd<Bytes>, "WillTopicUpd" {
        target: Option<WillTarget<Bytes>>,
    }, "bytes";
    [B: Buffer] WillMsg<B>, WillMsg<Bytes>, "WillMsg" {
        payload: Bytes = |message| Octets(message.payload.as_ref()),
    }, "bytes";
    [B: Buffer] WillMsgUpd<B>, WillMsgUpd<Bytes>, "WillMsgUpd" {
        payload: Bytes = |message| Octets(message.payload.as_ref()),
    }, "bytes";
    [] WillTopicResp, WillTopicResp, "WillTopicResp" {
        return_code: ReturnCode,
    };
    [] WillMsgResp, WillMsgResp, "WillMsgResp" {
        return_code: ReturnCode,
    };
    [B: Buffer] Register<B>, Register<Bytes>, "Register" {
        topic_id: TopicId,
        message_id: PacketIdentifier,
        topic_name: TopicName<Bytes>,
    }, "bytes";
    [] RegAck, RegAck, "RegAck" {
        topic_id: u16,
        message_id: Option<PacketIdentifier>,
        return_code: ReturnCode,
    };
    [B: Buffer] Publish<B>, Publish<Bytes>, "Publish" {
        delivery: Delivery = |message| message.delivery(),
        #[serde(default)]
        retain: bool,
        topic: Topic<TopicName<Bytes>> = |message| message.topic(),
        payload: Bytes = |message| Octets(message.payload.as_ref()),
    }, "bytes" => make_publish;
    [] PubAck, PubAck, "PubAck" {
        topic_id: u16,
        message_id: Option<PacketIdentifier>,
        return_code: ReturnCode,
    };
    [] PubRec, PubRec, "PubRec" {
        message_id: Option<PacketIdentifier>,
    };
    [] PubRel, PubRel, "PubRel" {
        message_id: Option<PacketIdentifier>,
    };
    [] PubComp, PubComp, "PubComp" {
        message_id: Option<PacketIdentifier>,
    };
    [B: Buffer] Subscribe<B>, Subscribe<Bytes>, "Subscribe" {
        #[serde(default)]
        dup: bool,
        qos: QoS,
        message_id: PacketIdentifier,
        topic: Topic<TopicFilter<Bytes>> = |message| message.topic(),
    }, "bytes" => make_subscribe;
    [] SubAck, SubAck, "SubAck" {
        qos: QoS,
        topic_id: u16,
        message_id: Option<PacketIdentifier>,
        return_code: ReturnCode,
    };
    [B: Buffer] Unsubscribe<B>, Unsubscribe<Bytes>, "Unsubscribe" {
        message_id: PacketIdentifier,
        topic: Topic<TopicFilter<Bytes>> = |message| message.topic(),
    }, "bytes" => Unsubscribe::new;
    [] UnsubAck, UnsubAck, "UnsubAck" {
        message_id: Option<PacketIdentifier>,
    };
    [B: Buffer] PingReq<B>, PingReq<Bytes>, "PingReq" {
        #[serde(default)]
        client_id: Option<ClientId<Bytes>>,
    }, "bytes";
    [] Disconnect, Disconnect, "Disconnect" {
        #[serde(default)]
        duration: Option<u16>,
    };
}

#[cfg(feature = "bytes")]
fn make_publish(
    delivery: Delivery,
    retain: bool,
    topic: Topic<TopicName<Bytes>>,
    payload: Bytes,
) -> Result<Publish<Bytes>, InvalidTopic> {
    let mut publish = Publish::new(delivery, topic, payload)?;
    publish.retain = retain;
    Ok(publish)
}

#[cfg(feature = "bytes")]
fn make_subscribe(
    dup: bool,
    qos: QoS,
    message_id: PacketIdentifier,
    topic: Topic<TopicFilter<Bytes>>,
) -> Result<Subscribe<Bytes>, InvalidTopic> {
    let mut subscribe = Subscribe::new(message_id, topic, qos)?;
    subscribe.dup = dup;
    Ok(subscribe)
}

/// Messages without content.
macro_rules! units {
    ($($type:ident $mirror:ident $literal:literal;)*) => {$(
        #[derive(serde::Serialize, serde::Deserialize)]
        #[serde(remote = $literal)]
        struct $mirror;

        /// As a unit.
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $mirror::serialize(self, serializer)
            }
        }

        /// From a unit.
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $mirror::deserialize(deserializer)
            }
        }
    )*};
}

units! {
    WillTopicReq WillTopicReqUnit "WillTopicReq";
    WillMsgReq WillMsgReqUnit "WillMsgReq";
    PingResp PingRespUnit "PingResp";
}

/// Both directions of [`Message`] from one list of its types.
macro_rules! messages {
    ($($index:literal $message:ident $name:literal $(<$bytes:ident>)?,)*; $($unit_index:literal $unit:ident $unit_name:literal,)*) => {
        /// As its name in snake case with its fields, `{"puback": {…}}` in JSON; messages without content as their name.
        impl<B: Buffer> Serialize for Message<B> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $(Self::$message(message) => serializer.serialize_newtype_variant("Message", $index, $name, message),)*
                    $(Self::$unit(_) => serializer.serialize_unit_variant("Message", $unit_index, $unit_name),)*
                }
            }
        }

        /// From its name in snake case and its fields.
        #[cfg(feature = "bytes")]
        impl<'de> Deserialize<'de> for Message<Bytes> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                #[derive(serde::Deserialize)]
                #[serde(rename = "Message")]
                enum Variants {
                    $(#[serde(rename = $name)] $message($message $(<$bytes>)?),)*
                    $(#[serde(rename = $unit_name)] $unit,)*
                }

                Ok(match Variants::deserialize(deserializer)? {
                    $(Variants::$message(message) => Self::$message(message),)*
                    $(Variants::$unit => Self::$unit($unit),)*
                })
            }
        }
    };
}

messages! {
    0 Advertise "advertise",
    1 SearchGw "search_gw",
    2 GwInfo "gw_info" <Bytes>,
    3 Connect "connect" <Bytes>,
    4 ConnAck "connack",
    5 WillTopic "will_topic" <Bytes>,
    6 WillMsg "will_msg" <Bytes>,
    7 Register "register" <Bytes>,
    8 RegAck "regack",
    9 Publish "publish" <Bytes>,
    10 PubAck "puback",
    11 PubComp "pubcomp",
    12 PubRec "pubrec",
    13 PubRel "pubrel",
    14 Subscribe "subscribe" <Bytes>,
    15 SubAck "suback",
    16 Unsubscribe "unsubscribe" <Bytes>,
    17 UnsubAck "unsuback",
    18 PingReq "pingreq" <Bytes>,
    19 Disconnect "disconnect",
    20 WillTopicUpd "will_topic_upd" <Bytes>,
    21 WillTopicResp "will_topic_resp",
    22 WillMsgUpd "will_msg_upd" <Bytes>,
    23 WillMsgResp "will_msg_resp",;
    24 WillTopicReq "will_topic_req",
    25 WillMsgReq "will_msg_req",
    26 PingResp "pingresp",
}
