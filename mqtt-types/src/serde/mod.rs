//! `Serialize` for every type over every buffer, `Deserialize` for every type that owns its bytes or has none.
//!
//! What is read goes through the constructors that everybody uses, so what is illegal is refused in their words. Every
//! field is always written, because some formats do not name fields. A field may be left out of what is read where its
//! absence has a natural meaning.

use crate::buffer::Buffer;
use crate::packet::{
    Auth, ConnAck, Connect, Disconnect, Packet, PingReq, PingResp, PubAck, PubComp, PubRec, PubRel, Publish, SubAck,
    Subscribe, UnsubAck, Unsubscribe, Will,
};
use crate::property::{
    AuthProperties, ConnAckProperties, ConnectProperties, DisconnectProperties, PayloadFormat, Property,
    PropertyIdentifier, PropertyType, PubAckProperties, PubCompProperties, PubRecProperties, PubRelProperties,
    PublishProperties, SubAckProperties, SubscribeProperties, SubscriptionIdentifier, UnsubAckProperties,
    UnsubscribeProperties, UserProperty, WillProperties,
};
use crate::reason_code::{
    AuthReasonCode, ConnAckReasonCode, DisconnectReasonCode, PacketReasonCode, PubAckReasonCode, PubRelReasonCode,
    ReasonCode, ReasonCodes, SubAckReasonCode, UnsubAckReasonCode,
};
use crate::subscription::{RetainHandling, Subscription, SubscriptionOptions, Subscriptions, TopicFilters};
use crate::text::{BinaryData, Utf8String};
use crate::topic::{SharedSubscription, TopicFilter, TopicName};
use crate::value::{
    Delivery, FixedHeader, Flags, KeepAlive, PacketIdentifier, PacketType, ProtocolVersion, QoS, Sender,
    VariableByteInteger,
};
use core::fmt;
use serde::de::{self, Deserialize, Deserializer, Error as _, Unexpected, Visitor};
use serde::ser::{Serialize, SerializeSeq as _, SerializeStruct as _, Serializer};

#[cfg(feature = "bytes")]
use crate::buffer::Storage as _;
#[cfg(feature = "bytes")]
use crate::property::PropertyError;
#[cfg(feature = "bytes")]
use alloc::{string::String, vec::Vec};
#[cfg(feature = "bytes")]
use bytes::{Bytes, BytesMut};

// Plain values.

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

/// Types whose few values have a name.
macro_rules! names {
    ($($type:ident $expecting:literal { $($value:ident $name:literal,)* })*) => {$(
        /// As its name.
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(match self {
                    $(Self::$value => $name,)*
                })
            }
        }

        /// From its name.
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

/// As its name in snake case.
impl Serialize for PropertyIdentifier {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.snake_case_name())
    }
}

/// From its name in snake case.
impl<'de> Deserialize<'de> for PropertyIdentifier {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let parse = |text: &str| Self::ALL.into_iter().find(|identifier| identifier.snake_case_name() == text);
        deserializer.deserialize_str(Name { parse, expecting: "the name of a property, in snake case" })
    }
}

/// Takes one of a few names.
struct Name<T> {
    parse: fn(&str) -> Option<T>,
    expecting: &'static str,
}

impl<T> Visitor<'_> for Name<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expecting)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        (self.parse)(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}

/// The fields of a [`Delivery`], of which not every combination exists.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(rename = "Delivery", deny_unknown_fields)]
struct DeliveryFields {
    qos: QoS,
    packet_identifier: Option<PacketIdentifier>,
    #[serde(default)]
    dup: bool,
}

/// As `qos`, `packet_identifier` and `dup`.
impl Serialize for Delivery {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (qos, packet_identifier, dup) = (self.qos(), self.packet_identifier(), self.dup());
        DeliveryFields { qos, packet_identifier, dup }.serialize(serializer)
    }
}

/// From `qos`, and `packet_identifier` and `dup` if it has them.
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

/// Types without bytes whose fields are all public: a mirror of the type from which both directions are derived.
macro_rules! mirrored {
    ($($type:ident $mirror:ident, $doc:literal;)*) => {$(
        #[doc = concat!("As ", $doc, ".")]
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $mirror::serialize(self, serializer)
            }
        }

        #[doc = concat!("From ", $doc, ".")]
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

// Text and bytes.

macro_rules! texts {
    ($($type:ident $new:ident $expecting:literal;)*) => {$(
        /// As text.
        impl<B: Buffer> Serialize for $type<B> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        #[doc = concat!("From text, checked by [`", stringify!($new), "`](Self::", stringify!($new), ").")]
        #[cfg(feature = "bytes")]
        impl<'de> Deserialize<'de> for $type<Bytes> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct TextVisitor;

                impl Visitor<'_> for TextVisitor {
                    type Value = $type<Bytes>;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($expecting)
                    }

                    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                        Ok($type::$new(text).map_err(E::custom)?.to_shared())
                    }

                    fn visit_string<E: de::Error>(self, text: String) -> Result<Self::Value, E> {
                        $type::$new(text).map_err(E::custom)
                    }
                }

                deserializer.deserialize_string(TextVisitor)
            }
        }
    )*};
}

texts! {
    Utf8String new "a string";
    TopicName new "a topic name";
    TopicFilter new_ordinary "a topic filter";
}

/// As its two parts.
impl Serialize for SharedSubscription<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("SharedSubscription", 2)?;
        fields.serialize_field("share_name", self.share_name)?;
        fields.serialize_field("topic_filter", &self.topic_filter)?;
        fields.end()
    }
}

/// As bytes: a format that has none, JSON for instance, shows a sequence of numbers.
impl<B: Buffer> Serialize for BinaryData<B> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.as_bytes())
    }
}

/// From bytes, a sequence of numbers, or text.
#[cfg(feature = "bytes")]
impl<'de> Deserialize<'de> for BinaryData<Bytes> {
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

/// As a pair of name and value.
impl<B: Buffer> Serialize for UserProperty<B> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (&self.name, &self.value).serialize(serializer)
    }
}

/// From a pair of name and value.
#[cfg(feature = "bytes")]
impl<'de> Deserialize<'de> for UserProperty<Bytes> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (name, value) = Deserialize::deserialize(deserializer)?;
        Ok(Self { name, value })
    }
}

// Properties.

/// Makes the two directions of [`Property`]. The rows stand in the order of [`PropertyIdentifier::ALL`], so that the
/// derived number of a variant is the one that is written.
macro_rules! properties {
    ($($(#[$attribute:meta])* $variant:ident($type:ty) $how:ident,)*) => {
        /// As its name in snake case with its value, `{"message_expiry_interval": 60}` in JSON.
        impl Serialize for Property<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let identifier = self.identifier();
                let name = identifier.snake_case_name();
                let mut numbered = (0..).zip(PropertyIdentifier::ALL);
                let index = numbered.find(|(_, other)| *other == identifier).map_or(0, |(index, _)| index);
                match self {
                    $(Self::$variant(value) => serializer.serialize_newtype_variant("Property", index, name, value),)*
                }
            }
        }

        /// A property that owns its bytes.
        #[cfg(feature = "bytes")]
        #[derive(serde::Deserialize)]
        #[serde(rename = "Property", rename_all = "snake_case")]
        enum OwnedProperty {
            $($(#[$attribute])* $variant($type),)*
        }

        #[cfg(feature = "bytes")]
        impl OwnedProperty {
            fn as_borrowed(&self) -> Property<'_> {
                match self {
                    $(Self::$variant(value) => Property::$variant(properties!(@$how value)),)*
                }
            }
        }
    };
    (@copied $value:ident) => { *$value };
    (@borrowed $value:ident) => { $value.as_borrowed() };
}

properties! {
    PayloadFormatIndicator(PayloadFormat) copied,
    MessageExpiryInterval(u32) copied,
    ContentType(Utf8String<Bytes>) borrowed,
    ResponseTopic(TopicName<Bytes>) borrowed,
    CorrelationData(BinaryData<Bytes>) borrowed,
    SubscriptionIdentifier(SubscriptionIdentifier) copied,
    SessionExpiryInterval(u32) copied,
    AssignedClientIdentifier(Utf8String<Bytes>) borrowed,
    ServerKeepAlive(KeepAlive) copied,
    AuthenticationMethod(Utf8String<Bytes>) borrowed,
    AuthenticationData(BinaryData<Bytes>) borrowed,
    RequestProblemInformation(bool) copied,
    WillDelayInterval(u32) copied,
    RequestResponseInformation(bool) copied,
    ResponseInformation(Utf8String<Bytes>) borrowed,
    ServerReference(Utf8String<Bytes>) borrowed,
    ReasonString(Utf8String<Bytes>) borrowed,
    ReceiveMaximum(core::num::NonZeroU16) copied,
    TopicAliasMaximum(u16) copied,
    TopicAlias(core::num::NonZeroU16) copied,
    #[serde(rename = "maximum_qos")]
    MaximumQoS(QoS) copied,
    RetainAvailable(bool) copied,
    UserProperty(UserProperty<Bytes>) borrowed,
    MaximumPacketSize(core::num::NonZeroU32) copied,
    WildcardSubscriptionAvailable(bool) copied,
    SubscriptionIdentifierAvailable(bool) copied,
    SharedSubscriptionAvailable(bool) copied,
}

macro_rules! property_sets {
    ($($set:ident)*) => {$(
        /// As a sequence of properties, in their order.
        impl<B: Buffer> Serialize for $set<B> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut sequence = serializer.serialize_seq(Some(self.iter().count()))?;
                for property in self {
                    sequence.serialize_element(&property)?;
                }
                sequence.end()
            }
        }

        /// From a sequence of properties; their order is kept.
        #[cfg(feature = "bytes")]
        impl<'de> Deserialize<'de> for $set<Bytes> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::new(property_bytes(deserializer)?).map_err(refused)
            }
        }
    )*};
}

property_sets! {
    ConnectProperties WillProperties ConnAckProperties PublishProperties PubAckProperties PubRecProperties
    PubRelProperties PubCompProperties SubscribeProperties SubAckProperties UnsubscribeProperties UnsubAckProperties
    DisconnectProperties AuthProperties
}

/// The bytes of a set whose rules are yet to be checked. No builder makes them: AUTH's begins with its method, which
/// need not be the first property here.
#[cfg(feature = "bytes")]
fn property_bytes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Bytes, D::Error> {
    let mut bytes = BytesMut::new();
    for property in Vec::<OwnedProperty>::deserialize(deserializer)? {
        property.as_borrowed().put(&mut bytes).map_err(D::Error::custom)?;
    }
    Ok(bytes.finish())
}

/// Without the offset: it counts bytes that the reader of the message has never seen.
#[cfg(feature = "bytes")]
fn refused<E: de::Error>(error: PropertyError) -> E {
    match error.property() {
        Some(property) => E::custom(format_args!("{property} {}", error.kind())),
        None => E::custom(error.kind()),
    }
}

// Lists.

/// The fields of a [`Subscription`]: its Topic Filter `F`, and its options beside it.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(rename = "Subscription", deny_unknown_fields)]
struct SubscriptionFields<F> {
    topic_filter: F,
    maximum_qos: QoS,
    #[serde(default)]
    no_local: bool,
    #[serde(default)]
    retain_as_published: bool,
    #[serde(default)]
    retain_handling: RetainHandling,
}

/// As `topic_filter` and the options beside it.
impl<B: Buffer> Serialize for Subscription<B> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let topic_filter = &self.topic_filter;
        let SubscriptionOptions { maximum_qos, no_local, retain_as_published, retain_handling } = self.options;
        let fields = SubscriptionFields { topic_filter, maximum_qos, no_local, retain_as_published, retain_handling };
        fields.serialize(serializer)
    }
}

/// From `topic_filter` and the options beside it: `maximum_qos`, and whatever is not as in 3.x.
#[cfg(feature = "bytes")]
impl<'de> Deserialize<'de> for Subscription<Bytes> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = SubscriptionFields::deserialize(deserializer)?;
        let SubscriptionFields { topic_filter, maximum_qos, no_local, retain_as_published, retain_handling } = fields;
        let options = SubscriptionOptions { maximum_qos, no_local, retain_as_published, retain_handling };
        Ok(Self { topic_filter, options })
    }
}

/// As a sequence.
impl<B: Buffer> Serialize for Subscriptions<B> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

/// From a sequence of at least one.
#[cfg(feature = "bytes")]
impl<'de> Deserialize<'de> for Subscriptions<Bytes> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let items = Vec::<Subscription<Bytes>>::deserialize(deserializer)?;
        let builder = items.into_iter().fold(Self::builder(), |list, item| list.push(item.topic_filter, item.options));
        builder.build().map_err(D::Error::custom)
    }
}

/// As a sequence.
impl<B: Buffer> Serialize for TopicFilters<B> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

/// From a sequence of at least one.
#[cfg(feature = "bytes")]
impl<'de> Deserialize<'de> for TopicFilters<Bytes> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let items = Vec::<TopicFilter<Bytes>>::deserialize(deserializer)?;
        let builder = items.into_iter().fold(Self::builder(), |list, item| list.push(item));
        builder.build().map_err(D::Error::custom)
    }
}

/// As a sequence of numbers.
impl<C: PacketReasonCode, B: Buffer> Serialize for ReasonCodes<C, B> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Into::<ReasonCode>::into))
    }
}

/// From a sequence of numbers.
#[cfg(feature = "bytes")]
impl<'de, C: PacketReasonCode + Deserialize<'de>> Deserialize<'de> for ReasonCodes<C, Bytes> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<C>::deserialize(deserializer)?.into_iter().collect())
    }
}

// Packets.

/// Both directions of a packet from one list of its fields. A field that is private stands with its getter, and a
/// packet with such fields with the function that checks and makes it.
macro_rules! fields {
    ($($name:ident $literal:literal {
        $($(#[$attribute:meta])* $field:ident: $type:ty $(= |$this:ident| $value:expr)?,)*
    } $($make:expr)?;)*) => {$(
        /// As its fields.
        impl<B: Buffer> Serialize for $name<B> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let count = [$(stringify!($field)),*].len();
                let mut fields = serializer.serialize_struct($literal, count)?;
                $(fields.serialize_field(stringify!($field), &fields!(@value self $field $(|$this| $value)?))?;)*
                fields.end()
            }
        }

        /// From its fields. What may be left out is nothing, off or no property when it is.
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
) -> Result<Publish<Bytes>, crate::packet::TopicAliasMissing> {
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
) -> Result<SubAck<Bytes>, &'static str> {
    let mut packet = SubAck::new(packet_identifier, reason_codes).ok_or("a SUBACK has at least one reason code")?;
    packet.properties = properties;
    Ok(packet)
}

/// Both directions of [`Packet`] from one list of its packets.
macro_rules! packets {
    ($($index:literal $packet:ident $name:literal,)*) => {
        /// As its name in lower case with its fields, `{"puback": {…}}` in JSON; PINGREQ and PINGRESP as their name.
        impl<B: Buffer> Serialize for Packet<B> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $(Self::$packet(packet) => serializer.serialize_newtype_variant("Packet", $index, $name, packet),)*
                    Self::PingReq(_) => serializer.serialize_unit_variant("Packet", 13, "pingreq"),
                    Self::PingResp(_) => serializer.serialize_unit_variant("Packet", 14, "pingresp"),
                }
            }
        }

        /// From its name in lower case and its fields.
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
