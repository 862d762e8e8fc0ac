//! Plain values: numbers, names and structures without bytes.

use crate::packet::{PingReq, PingResp};
use crate::property::{PayloadFormat, PropertyIdentifier, PropertyType, SubscriptionIdentifier};
use crate::reason_code::{
    AuthReasonCode, ConnAckReasonCode, DisconnectReasonCode, PubAckReasonCode, PubRelReasonCode, ReasonCode,
    SubAckReasonCode, UnsubAckReasonCode,
};
use crate::serde::forms::{Name, numbers};
use crate::subscription::{RetainHandling, SubscriptionOptions};
use crate::value::{
    Delivery, FixedHeader, Flags, KeepAlive, PacketIdentifier, PacketType, ProtocolVersion, QoS, Sender,
    VariableByteInteger,
};
use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, Serializer};

numbers! {
    QoS: u8, Self::as_u8, Self::try_from;
    PacketIdentifier: u16, Self::get, Self::try_from;
    KeepAlive: u16, Self::as_seconds, Self::try_from;
    VariableByteInteger: u32, Self::get, Self::try_from;
    SubscriptionIdentifier: u32, Self::get, Self::try_from;
    Flags: u8, Self::bits, flags;
    ReasonCode: u8, Self::as_u8, Self::try_from;
    ConnAckReasonCode: u8, Self::as_u8, Self::try_from;
    PubAckReasonCode: u8, Self::as_u8, Self::try_from;
    PubRelReasonCode: u8, Self::as_u8, Self::try_from;
    SubAckReasonCode: u8, Self::as_u8, Self::try_from;
    UnsubAckReasonCode: u8, Self::as_u8, Self::try_from;
    DisconnectReasonCode: u8, Self::as_u8, Self::try_from;
    AuthReasonCode: u8, Self::as_u8, Self::try_from;
}

fn flags(bits: u8) -> Result<Flags, &'static str> {
    let flags = Flags::from_first_byte(bits);
    if flags.bits() == bits { Ok(flags) } else { Err("the flags of a packet are 0 to 15") }
}

/// Implements both directions for types whose few values have a name.
macro_rules! names {
    ($($type:ident $expecting:literal { $($value:ident $name:literal,)* })*) => {$(
        /// Serializes as its name.
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(match self {
                    $(Self::$value => $name,)*
                })
            }
        }

        /// Deserializes from its name.
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let parse = |text: &str| match text {
                    $($name => Some(Self::$value),)*
                    _ => None,
                };
                deserializer.deserialize_str(Name { parse, expecting: $expecting })
            }
        }
    )*};
}

names! {
    ProtocolVersion "a version of MQTT: 3.1, 3.1.1 or 5.0" {
        V3_1 "3.1",
        V3_1_1 "3.1.1",
        V5 "5.0",
    }
    PayloadFormat "unspecified or utf8" {
        Unspecified "unspecified",
        Utf8 "utf8",
    }
    RetainHandling "send_at_subscribe, send_at_subscribe_if_new or do_not_send" {
        SendAtSubscribe "send_at_subscribe",
        SendAtSubscribeIfNew "send_at_subscribe_if_new",
        DoNotSend "do_not_send",
    }
    Sender "either, client or server" {
        Either "either",
        Client "client",
        Server "server",
    }
    PacketType "the name of a packet type, in lower case" {
        Reserved "reserved",
        Connect "connect",
        ConnAck "connack",
        Publish "publish",
        PubAck "puback",
        PubRec "pubrec",
        PubRel "pubrel",
        PubComp "pubcomp",
        Subscribe "subscribe",
        SubAck "suback",
        Unsubscribe "unsubscribe",
        UnsubAck "unsuback",
        PingReq "pingreq",
        PingResp "pingresp",
        Disconnect "disconnect",
        Auth "auth",
    }
    PropertyType "the name of a property type, in snake case" {
        Byte "byte",
        TwoByteInteger "two_byte_integer",
        FourByteInteger "four_byte_integer",
        VariableByteInteger "variable_byte_integer",
        Utf8String "utf8_string",
        BinaryData "binary_data",
        Utf8StringPair "utf8_string_pair",
    }
}

/// Serializes as its name in snake case.
impl Serialize for PropertyIdentifier {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.snake_case_name())
    }
}

/// Deserializes from its name in snake case.
impl<'de> Deserialize<'de> for PropertyIdentifier {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let parse = |text: &str| Self::ALL.into_iter().find(|identifier| identifier.snake_case_name() == text);
        deserializer.deserialize_str(Name { parse, expecting: "the name of a property, in snake case" })
    }
}

/// The fields of a [`Delivery`]. Not every combination of them exists.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(rename = "Delivery", deny_unknown_fields)]
struct DeliveryFields {
    qos: QoS,
    packet_identifier: Option<PacketIdentifier>,
    #[serde(default)]
    dup: bool,
}

/// Serializes as `qos`, `packet_identifier` and `dup`.
impl Serialize for Delivery {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (qos, packet_identifier, dup) = (self.qos(), self.packet_identifier(), self.dup());
        DeliveryFields { qos, packet_identifier, dup }.serialize(serializer)
    }
}

/// Deserializes from `qos`, and `packet_identifier` and `dup` above QoS 0.
impl<'de> Deserialize<'de> for Delivery {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let DeliveryFields { qos, packet_identifier, dup } = DeliveryFields::deserialize(deserializer)?;
        match (qos, packet_identifier) {
            (QoS::AtMostOnce, None) if !dup => Ok(Self::AtMostOnce),
            (QoS::AtMostOnce, None) => Err(D::Error::custom("a PUBLISH of QoS 0 has no DUP")),
            (QoS::AtMostOnce, Some(_)) => Err(D::Error::custom("a PUBLISH of QoS 0 has no packet identifier")),
            (QoS::AtLeastOnce, Some(packet_identifier)) => Ok(Self::AtLeastOnce { packet_identifier, dup }),
            (QoS::ExactlyOnce, Some(packet_identifier)) => Ok(Self::ExactlyOnce { packet_identifier, dup }),
            (_, None) => Err(D::Error::custom(format_args!("a PUBLISH of QoS {qos} needs a packet identifier"))),
        }
    }
}

/// Implements both directions for types without a buffer whose fields are public. They are derived for a mirror of the
/// type.
macro_rules! mirrored {
    ($($type:ident $mirror:ident, $doc:literal;)*) => {$(
        #[doc = concat!("Serializes as ", $doc, ".")]
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $mirror::serialize(self, serializer)
            }
        }

        #[doc = concat!("Deserializes from ", $doc, ".")]
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $mirror::deserialize(deserializer)
            }
        }
    )*};
}

mirrored! {
    SubscriptionOptions SubscriptionOptionsFields, "its fields";
    FixedHeader FixedHeaderFields, "its fields";
    PingReq PingReqFields, "a unit";
    PingResp PingRespFields, "a unit";
}

#[derive(serde::Serialize, serde::Deserialize)]
#[serde(remote = "SubscriptionOptions", deny_unknown_fields)]
struct SubscriptionOptionsFields {
    maximum_qos: QoS,
    #[serde(default)]
    no_local: bool,
    #[serde(default)]
    retain_as_published: bool,
    #[serde(default)]
    retain_handling: RetainHandling,
}

#[derive(serde::Serialize, serde::Deserialize)]
#[serde(remote = "FixedHeader", deny_unknown_fields)]
struct FixedHeaderFields {
    packet_type: PacketType,
    flags: Flags,
    remaining_length: VariableByteInteger,
}

#[derive(serde::Serialize, serde::Deserialize)]
#[serde(remote = "PingReq")]
struct PingReqFields;

#[derive(serde::Serialize, serde::Deserialize)]
#[serde(remote = "PingResp")]
struct PingRespFields;
