//! Properties and the sets of them.

use crate::buffer::Buffer;
use crate::property::{
    AuthProperties, ConnAckProperties, ConnectProperties, DisconnectProperties, Property, PropertyIdentifier,
    PubAckProperties, PubCompProperties, PubRecProperties, PubRelProperties, PublishProperties, SubAckProperties,
    SubscribeProperties, UnsubAckProperties, UnsubscribeProperties, UserProperty, WillProperties,
};
use serde::ser::{Serialize, SerializeSeq as _, Serializer};

#[cfg(feature = "bytes")]
use crate::buffer::{SharedStorage, Storage as _};
#[cfg(feature = "bytes")]
use crate::property::{PayloadFormat, PropertyError, SubscriptionIdentifier};
#[cfg(feature = "bytes")]
use crate::text::{BinaryData, Utf8String};
#[cfg(feature = "bytes")]
use crate::topic::TopicName;
#[cfg(feature = "bytes")]
use crate::value::{KeepAlive, QoS};
#[cfg(feature = "bytes")]
use alloc::vec::Vec;
#[cfg(feature = "bytes")]
use bytes::Bytes;
#[cfg(feature = "bytes")]
use serde::de::{self, Deserialize, Deserializer, Error as _};

/// Serializes as a pair of name and value.
impl<B: Buffer> Serialize for UserProperty<B> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (&self.name, &self.value).serialize(serializer)
    }
}

/// Deserializes from a pair of name and value.
#[cfg(feature = "bytes")]
impl<'de> Deserialize<'de> for UserProperty<Bytes> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (name, value) = Deserialize::deserialize(deserializer)?;
        Ok(Self { name, value })
    }
}

/// Implements both directions of [`Property`]. The rows are in the order of [`PropertyIdentifier::ALL`], so that the derived
/// number of a variant is the one that is written.
macro_rules! properties {
    ($($(#[$attribute:meta])* $variant:ident($type:ty) $how:ident,)*) => {
        /// Serializes as its name in snake case with its value: `{"message_expiry_interval": 60}` in JSON.
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
        /// Serializes as a sequence of properties, in their order.
        impl<B: Buffer> Serialize for $set<B> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut sequence = serializer.serialize_seq(Some(self.iter().count()))?;
                for property in self {
                    sequence.serialize_element(&property)?;
                }
                sequence.end()
            }
        }

        /// Deserializes from a sequence of properties. Their order is kept.
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

/// Deserializes the bytes of a set. The caller checks its rules.
///
/// Builders cannot be used here: that of AUTH begins with the method, which need not be the first property.
#[cfg(feature = "bytes")]
fn property_bytes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Bytes, D::Error> {
    let mut bytes = SharedStorage::new();
    for property in Vec::<OwnedProperty>::deserialize(deserializer)? {
        property.as_borrowed().put(&mut bytes).map_err(D::Error::custom)?;
    }
    Ok(bytes.finish())
}

/// Returns an error without the offset, which counts bytes that do not appear in the serialized form.
#[cfg(feature = "bytes")]
fn refused<E: de::Error>(error: PropertyError) -> E {
    match error.property() {
        Some(property) => E::custom(format_args!("{property} {}", error.kind())),
        None => E::custom(error.kind()),
    }
}
