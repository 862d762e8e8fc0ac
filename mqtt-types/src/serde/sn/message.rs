//! Messages, and the datagrams that carry them.

use crate::buffer::Buffer;
use crate::sn::{
    Advertise, ConnAck, Connect, Datagram, Disconnect, Encapsulation, GwInfo, Message, PingReq, PingResp, PubAck,
    PubComp, PubRec, PubRel, Publish, RegAck, Register, ReturnCode, SearchGw, SubAck, Subscribe, UnsubAck, Unsubscribe,
    WillMsg, WillMsgReq, WillMsgResp, WillMsgUpd, WillTarget, WillTopic, WillTopicReq, WillTopicResp, WillTopicUpd,
};
use crate::value::{PacketIdentifier, QoS};
use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, SerializeStruct as _, Serializer};

#[cfg(feature = "bytes")]
use crate::sn::{BroadcastRadius, ClientId, Delivery, InvalidTopic, Topic, TopicId, WirelessNodeId};
#[cfg(feature = "bytes")]
use crate::topic::{TopicFilter, TopicName};
#[cfg(feature = "bytes")]
use crate::value::KeepAlive;
#[cfg(feature = "bytes")]
use bytes::Bytes;
#[cfg(feature = "bytes")]
use serde::de::Error as _;

/// Bytes of any length.
struct Octets<'a>(&'a [u8]);

impl Serialize for Octets<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0)
    }
}

/// Implements both directions of a type from one list of its fields. A private field is listed with its getter, and a
/// type with such fields with the function that checks and constructs it.
macro_rules! fields {
    ($([$($generics:tt)*] $name:ty, $owned:ty, $literal:literal {
        $($(#[$attribute:meta])* $field:ident: $type:ty $(= |$this:ident| $value:expr)?,)*
    } $(, $feature:literal)? $(=> $make:expr)?;)*) => {$(
        /// Serializes as its fields.
        impl<$($generics)*> Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let count = [$(stringify!($field)),*].len();
                let mut fields = serializer.serialize_struct($literal, count)?;
                $(fields.serialize_field(stringify!($field), &fields!(@value self $field $(|$this| $value)?))?;)*
                fields.end()
            }
        }

        /// Deserializes from its fields. A field that may be left out is then empty or off.
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

/// Implements both directions of messages without content.
macro_rules! units {
    ($($type:ident $mirror:ident $literal:literal;)*) => {$(
        #[derive(serde::Serialize, serde::Deserialize)]
        #[serde(remote = $literal)]
        struct $mirror;

        /// Serializes as a unit.
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $mirror::serialize(self, serializer)
            }
        }

        /// Deserializes from a unit.
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

/// Implements both directions of [`Message`] from one list of its types.
macro_rules! messages {
    ($($index:literal $message:ident $name:literal $(<$bytes:ident>)?,)*; $($unit_index:literal $unit:ident $unit_name:literal,)*) => {
        /// Serializes as its name in snake case with its fields, `{"puback": {…}}` in JSON; messages without content as their name.
        impl<B: Buffer> Serialize for Message<B> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $(Self::$message(message) => serializer.serialize_newtype_variant("Message", $index, $name, message),)*
                    $(Self::$unit(_) => serializer.serialize_unit_variant("Message", $unit_index, $unit_name),)*
                }
            }
        }

        /// Deserializes from its name in snake case and its fields.
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
