//! Lists of subscriptions, Topic Filters and Reason Codes.

use crate::arbitrary::choice::{legal, many};
use crate::reason_code::{PacketReasonCode, ReasonCodes};
use crate::subscription::{
    Subscription, SubscriptionOptions, Subscriptions, SubscriptionsBuilder, TopicFilters, TopicFiltersBuilder,
};
use crate::topic::TopicFilter;
use crate::value::{ProtocolVersion, QoS};
use arbitrary::{Arbitrary, Result, Unstructured};
use bytes::Bytes;

/// Generates what 5.0 allows.
impl<'a> Arbitrary<'a> for Subscriptions<Bytes> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Self::arbitrary_for(ProtocolVersion::V5, u)
    }
}

impl Subscriptions<Bytes> {
    pub(crate) fn arbitrary_for(version: ProtocolVersion, u: &mut Unstructured<'_>) -> Result<Self> {
        let subscriptions = many(u, |u| Subscription::arbitrary_for(version, u))?;
        let push =
            |builder: SubscriptionsBuilder<_>, item: Subscription<Bytes>| builder.push(item.topic_filter, item.options);
        legal(subscriptions.into_iter().fold(Self::builder(), push).build())
    }
}

/// Generates what 5.0 allows.
impl<'a> Arbitrary<'a> for Subscription<Bytes> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Self::arbitrary_for(ProtocolVersion::V5, u)
    }
}

impl Subscription<Bytes> {
    pub(crate) fn arbitrary_for(version: ProtocolVersion, u: &mut Unstructured<'_>) -> Result<Self> {
        let topic_filter = TopicFilter::arbitrary_for(version, u)?;
        let mut options = if version.is_v3() { QoS::arbitrary(u)?.into() } else { SubscriptionOptions::arbitrary(u)? };
        options.no_local &= !topic_filter.is_shared();
        Ok(Self { topic_filter, options })
    }
}

impl<'a> Arbitrary<'a> for SubscriptionOptions {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self {
            maximum_qos: u.arbitrary()?,
            no_local: u.arbitrary()?,
            retain_as_published: u.arbitrary()?,
            retain_handling: u.arbitrary()?,
        })
    }
}

/// Generates what 5.0 allows.
impl<'a> Arbitrary<'a> for TopicFilters<Bytes> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Self::arbitrary_for(ProtocolVersion::V5, u)
    }
}

impl TopicFilters<Bytes> {
    pub(crate) fn arbitrary_for(version: ProtocolVersion, u: &mut Unstructured<'_>) -> Result<Self> {
        let topic_filters = many(u, |u| TopicFilter::arbitrary_for(version, u))?;
        legal(topic_filters.into_iter().fold(Self::builder(), TopicFiltersBuilder::push).build())
    }
}

/// Generates a list of any length. It may be empty, as in the UNSUBACK of 3.x.
impl<'a, C: PacketReasonCode + Arbitrary<'a>> Arbitrary<'a> for ReasonCodes<C, Bytes> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(if u.arbitrary()? { many(u, Unstructured::arbitrary)?.into_iter().collect() } else { Self::default() })
    }
}
