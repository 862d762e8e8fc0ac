//! Subscriptions, Topic Filters and Reason Codes, and the lists of them.

use crate::buffer::Buffer;
use crate::reason_code::{PacketReasonCode, ReasonCode, ReasonCodes};
use crate::subscription::{RetainHandling, Subscription, SubscriptionOptions, Subscriptions, TopicFilters};
use crate::value::QoS;
use serde::ser::{Serialize, Serializer};

#[cfg(feature = "bytes")]
use crate::topic::TopicFilter;
#[cfg(feature = "bytes")]
use alloc::vec::Vec;
#[cfg(feature = "bytes")]
use bytes::Bytes;
#[cfg(feature = "bytes")]
use serde::de::{Deserialize, Deserializer, Error as _};

/// The fields of a [`Subscription`] with the Topic Filter `F`. The options are not nested.
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

/// Serializes as `topic_filter` and the fields of the options.
impl<B: Buffer> Serialize for Subscription<B> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let topic_filter = &self.topic_filter;
        let SubscriptionOptions { maximum_qos, no_local, retain_as_published, retain_handling } = self.options;
        let fields = SubscriptionFields { topic_filter, maximum_qos, no_local, retain_as_published, retain_handling };
        fields.serialize(serializer)
    }
}

/// Deserializes from `topic_filter`, `maximum_qos` and the other fields of the options, which may be omitted if they
/// are off.
#[cfg(feature = "bytes")]
impl<'de> Deserialize<'de> for Subscription<Bytes> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = SubscriptionFields::deserialize(deserializer)?;
        let SubscriptionFields { topic_filter, maximum_qos, no_local, retain_as_published, retain_handling } = fields;
        let options = SubscriptionOptions { maximum_qos, no_local, retain_as_published, retain_handling };
        Ok(Self { topic_filter, options })
    }
}

/// Serializes as a sequence.
impl<B: Buffer> Serialize for Subscriptions<B> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

/// Deserializes from a sequence of at least one item.
#[cfg(feature = "bytes")]
impl<'de> Deserialize<'de> for Subscriptions<Bytes> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let items = Vec::<Subscription<Bytes>>::deserialize(deserializer)?;
        let builder = items.into_iter().fold(Self::builder(), |list, item| list.push(item.topic_filter, item.options));
        builder.build().map_err(D::Error::custom)
    }
}

/// Serializes as a sequence.
impl<B: Buffer> Serialize for TopicFilters<B> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

/// Deserializes from a sequence of at least one item.
#[cfg(feature = "bytes")]
impl<'de> Deserialize<'de> for TopicFilters<Bytes> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let items = Vec::<TopicFilter<Bytes>>::deserialize(deserializer)?;
        let builder = items.into_iter().fold(Self::builder(), |list, item| list.push(item));
        builder.build().map_err(D::Error::custom)
    }
}

/// Serializes as a sequence of numbers.
impl<C: PacketReasonCode, B: Buffer> Serialize for ReasonCodes<C, B> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Into::<ReasonCode>::into))
    }
}

/// Deserializes from a sequence of numbers.
#[cfg(feature = "bytes")]
impl<'de, C: PacketReasonCode + Deserialize<'de>> Deserialize<'de> for ReasonCodes<C, Bytes> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<C>::deserialize(deserializer)?.into_iter().collect())
    }
}
