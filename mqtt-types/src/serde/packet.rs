//! Control packets.

use crate::buffer::Buffer;
use crate::packet::{
    ApplicationMessage, Auth, ConnAck, Connect, Disconnect, Packet, PubAck, PubComp, PubRec, PubRel, Publish, Request,
    SubAck, Subscribe, UnsubAck, Unsubscribe, Will,
};
use serde::ser::{Serialize, SerializeStruct as _, SerializeStructVariant as _, Serializer};

#[cfg(feature = "bytes")]
use crate::packet::{PingReq, PingResp, ReasonCodesMissing, TopicAliasMissing};
#[cfg(feature = "bytes")]
use crate::property::{
    AuthProperties, ConnAckProperties, ConnectProperties, DisconnectProperties, PubAckProperties, PubCompProperties,
    PubRecProperties, PubRelProperties, PublishProperties, SubAckProperties, SubscribeProperties, UnsubAckProperties,
    UnsubscribeProperties, WillProperties,
};
#[cfg(feature = "bytes")]
use crate::reason_code::{
    AuthReasonCode, ConnAckReasonCode, DisconnectReasonCode, PubAckReasonCode, PubRelReasonCode, ReasonCodes,
    SubAckReasonCode, UnsubAckReasonCode,
};
#[cfg(feature = "bytes")]
use crate::subscription::{Subscriptions, TopicFilters};
#[cfg(feature = "bytes")]
use crate::text::{BinaryData, Utf8String};
#[cfg(feature = "bytes")]
use crate::topic::TopicName;
#[cfg(feature = "bytes")]
use crate::value::{Delivery, KeepAlive, PacketIdentifier, ProtocolVersion, QoS};
#[cfg(feature = "bytes")]
use bytes::Bytes;
#[cfg(feature = "bytes")]
use serde::de::{Deserialize, Deserializer, Error as _};

/// Implements both directions of a packet by one list of its fields. A private field is listed with its getter, and a
/// packet with private fields is followed by the function that checks and makes it.
macro_rules! fields {
    ($($name:ident $literal:literal {
        $($(#[$attribute:meta])* $field:ident: $type:ty $(= |$this:ident| $value:expr)?,)*
    } $($make:expr)?;)*) => {$(
        /// Serializes as its fields.
        impl<B: Buffer> Serialize for $name<B> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let count = [$(stringify!($field)),*].len();
                let mut fields = serializer.serialize_struct($literal, count)?;
                $(fields.serialize_field(stringify!($field), &fields!(@value self $field $(|$this| $value)?))?;)*
                fields.end()
            }
        }

        /// Deserializes from its fields. A field that may be omitted is then `None`, off or without properties.
        #[cfg(feature = "bytes")]
        impl<'de> Deserialize<'de> for $name<Bytes> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                #[derive(serde::Deserialize)]
                #[serde(rename = $literal, deny_unknown_fields)]
                struct Fields {
                    $($(#[$attribute])* $field: $type,)*
                }

                let Fields { $($field),* } = Fields::deserialize(deserializer)?;
                fields!(@make D $name [$($field),*] $($make)?)
            }
        }
    )*};
    (@value $self:ident $field:ident) => { $self.$field };
    (@value $self:ident $field:ident |$this:ident| $value:expr) => {{ let $this = $self; $value }};
    (@make $error:ident $name:ident [$($field:ident),*]) => { Ok($name { $($field),* }) };
    (@make $error:ident $name:ident [$($field:ident),*] $make:expr) => {
        $make($($field),*).map_err($error::Error::custom)
    };
}

fields! {
    Connect "Connect" {
        protocol_version: ProtocolVersion,
        #[serde(default)]
        bridge: bool,
        clean_start: bool,
        keep_alive: KeepAlive,
        #[serde(default)]
        properties: ConnectProperties<Bytes>,
        client_identifier: Utf8String<Bytes>,
        will: Option<Will<Bytes>>,
        user_name: Option<Utf8String<Bytes>>,
        password: Option<BinaryData<Bytes>>,
    };
    Will "Will" {
        topic_name: TopicName<Bytes>,
        payload: BinaryData<Bytes>,
        qos: QoS,
        #[serde(default)]
        retain: bool,
        #[serde(default)]
        properties: WillProperties<Bytes>,
    };
    ApplicationMessage "ApplicationMessage" {
        topic_name: TopicName<Bytes>,
        payload: Bytes = |message| Octets(message.payload.as_ref()),
        qos: QoS,
        #[serde(default)]
        retain: bool,
        #[serde(default)]
        properties: PublishProperties<Bytes>,
    };
    ConnAck "ConnAck" {
        #[serde(default)]
        session_present: bool = |packet| packet.session_present(),
        reason_code: ConnAckReasonCode = |packet| packet.reason_code(),
        #[serde(default)]
        properties: ConnAckProperties<Bytes>,
    } make_connack;
    Publish "Publish" {
        delivery: Delivery,
        #[serde(default)]
        retain: bool,
        topic_name: Option<TopicName<Bytes>> = |packet| packet.topic_name(),
        #[serde(default)]
        properties: PublishProperties<Bytes> = |packet| packet.properties(),
        payload: Bytes = |packet| Octets(packet.payload.as_ref()),
    } make_publish;
    PubAck "PubAck" {
        packet_identifier: PacketIdentifier,
        reason_code: PubAckReasonCode,
        #[serde(default)]
        properties: PubAckProperties<Bytes>,
    };
    PubRec "PubRec" {
        packet_identifier: PacketIdentifier,
        reason_code: PubAckReasonCode,
        #[serde(default)]
        properties: PubRecProperties<Bytes>,
    };
    PubRel "PubRel" {
        packet_identifier: PacketIdentifier,
        reason_code: PubRelReasonCode,
        #[serde(default)]
        properties: PubRelProperties<Bytes>,
    };
    PubComp "PubComp" {
        packet_identifier: PacketIdentifier,
        reason_code: PubRelReasonCode,
        #[serde(default)]
        properties: PubCompProperties<Bytes>,
    };
    Subscribe "Subscribe" {
        packet_identifier: PacketIdentifier,
        #[serde(default)]
        properties: SubscribeProperties<Bytes>,
        subscriptions: Subscriptions<Bytes>,
    };
    SubAck "SubAck" {
        packet_identifier: PacketIdentifier,
        #[serde(default)]
        properties: SubAckProperties<Bytes>,
        reason_codes: ReasonCodes<SubAckReasonCode, Bytes> = |packet| packet.reason_codes(),
    } make_suback;
    Unsubscribe "Unsubscribe" {
        packet_identifier: PacketIdentifier,
        #[serde(default)]
        properties: UnsubscribeProperties<Bytes>,
        topic_filters: TopicFilters<Bytes>,
    };
    UnsubAck "UnsubAck" {
        packet_identifier: PacketIdentifier,
        #[serde(default)]
        properties: UnsubAckProperties<Bytes>,
        #[serde(default)]
        reason_codes: ReasonCodes<UnsubAckReasonCode, Bytes>,
    };
    Disconnect "Disconnect" {
        reason_code: DisconnectReasonCode,
        #[serde(default)]
        properties: DisconnectProperties<Bytes>,
    };
    Auth "Auth" {
        reason_code: AuthReasonCode,
        properties: AuthProperties<Bytes>,
    };
}

#[cfg(feature = "bytes")]
fn make_connack(
    session_present: bool,
    reason_code: ConnAckReasonCode,
    properties: ConnAckProperties<Bytes>,
) -> Result<ConnAck<Bytes>, &'static str> {
    let packet = match reason_code {
        ConnAckReasonCode::SUCCESS => ConnAck::accepted(session_present),
        _ if session_present => return Err("a CONNACK that refuses has no session present"),
        refusal => ConnAck::refused(refusal),
    };
    Ok(packet.with_properties(properties))
}

#[cfg(feature = "bytes")]
fn make_publish(
    delivery: Delivery,
    retain: bool,
    topic_name: Option<TopicName<Bytes>>,
    properties: PublishProperties<Bytes>,
    payload: Bytes,
) -> Result<Publish<Bytes>, TopicAliasMissing> {
    let mut packet = match topic_name {
        Some(topic_name) => Publish::with_properties(topic_name, properties, payload),
        None => Publish::with_alias_only(properties, payload)?,
    };
    packet.delivery = delivery;
    packet.retain = retain;
    Ok(packet)
}

#[cfg(feature = "bytes")]
fn make_suback(
    packet_identifier: PacketIdentifier,
    properties: SubAckProperties<Bytes>,
    reason_codes: ReasonCodes<SubAckReasonCode, Bytes>,
) -> Result<SubAck<Bytes>, ReasonCodesMissing> {
    let mut packet = SubAck::new(packet_identifier, reason_codes)?;
    packet.properties = properties;
    Ok(packet)
}

/// Implements both directions of [`Packet`] by one list of its variants.
macro_rules! packets {
    ($($index:literal $packet:ident $name:literal,)*) => {
        /// Serializes as its name in lower case with its fields, `{"puback": {…}}` in JSON. PINGREQ and PINGRESP
        /// serialize as their names alone.
        impl<B: Buffer> Serialize for Packet<B> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $(Self::$packet(packet) => serializer.serialize_newtype_variant("Packet", $index, $name, packet),)*
                    Self::PingReq(_) => serializer.serialize_unit_variant("Packet", 13, "pingreq"),
                    Self::PingResp(_) => serializer.serialize_unit_variant("Packet", 14, "pingresp"),
                }
            }
        }

        /// Deserializes from its name in lower case and its fields.
        #[cfg(feature = "bytes")]
        impl<'de> Deserialize<'de> for Packet<Bytes> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                #[derive(serde::Deserialize)]
                #[serde(rename = "Packet", rename_all = "lowercase")]
                enum Variants {
                    $($packet($packet<Bytes>),)*
                    PingReq,
                    PingResp,
                }

                Ok(match Variants::deserialize(deserializer)? {
                    $(Variants::$packet(packet) => Self::$packet(packet),)*
                    Variants::PingReq => Self::PingReq(PingReq),
                    Variants::PingResp => Self::PingResp(PingResp),
                })
            }
        }
    };
}

packets! {
    0 Connect "connect",
    1 ConnAck "connack",
    2 Publish "publish",
    3 PubAck "puback",
    4 PubRec "pubrec",
    5 PubRel "pubrel",
    6 PubComp "pubcomp",
    7 Subscribe "subscribe",
    8 SubAck "suback",
    9 Unsubscribe "unsubscribe",
    10 UnsubAck "unsuback",
    11 Disconnect "disconnect",
    12 Auth "auth",
}

/// Serializes as the name of its packet in lower case with its fields, `{"subscribe": {…}}` in JSON.
impl<B: Buffer> Serialize for Request<B> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Publish(message) => serializer.serialize_newtype_variant("Request", 0, "publish", message),
            Self::Subscribe { properties, subscriptions } => {
                let mut fields = serializer.serialize_struct_variant("Request", 1, "subscribe", 2)?;
                fields.serialize_field("properties", properties)?;
                fields.serialize_field("subscriptions", subscriptions)?;
                fields.end()
            }
            Self::Unsubscribe { properties, topic_filters } => {
                let mut fields = serializer.serialize_struct_variant("Request", 2, "unsubscribe", 2)?;
                fields.serialize_field("properties", properties)?;
                fields.serialize_field("topic_filters", topic_filters)?;
                fields.end()
            }
        }
    }
}

/// Deserializes from the name of its packet in lower case and its fields. Properties may be omitted.
#[cfg(feature = "bytes")]
impl<'de> Deserialize<'de> for Request<Bytes> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(rename = "Request", rename_all = "lowercase", deny_unknown_fields)]
        enum Variants {
            Publish(ApplicationMessage<Bytes>),
            Subscribe {
                #[serde(default)]
                properties: SubscribeProperties<Bytes>,
                subscriptions: Subscriptions<Bytes>,
            },
            Unsubscribe {
                #[serde(default)]
                properties: UnsubscribeProperties<Bytes>,
                topic_filters: TopicFilters<Bytes>,
            },
        }

        Ok(match Variants::deserialize(deserializer)? {
            Variants::Publish(message) => Self::Publish(message),
            Variants::Subscribe { properties, subscriptions } => Self::Subscribe { properties, subscriptions },
            Variants::Unsubscribe { properties, topic_filters } => Self::Unsubscribe { properties, topic_filters },
        })
    }
}

/// Bytes of any length.
struct Octets<'a>(&'a [u8]);

impl Serialize for Octets<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0)
    }
}
