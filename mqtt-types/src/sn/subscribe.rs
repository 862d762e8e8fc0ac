//! SUBSCRIBE and SUBACK: sections 5.4.15 and 5.4.16.

use crate::buffer::{Buffer, DefaultBuffer};
use crate::sn::{InvalidTopic, ReturnCode, Topic, TopicId, delivery::Answered};
use crate::topic::TopicFilter;
use crate::value::{PacketIdentifier, QoS};
use core::fmt;

/// SUBSCRIBE: a client asks for the messages of one topic filter, pre-defined topic id or short topic name.
/// Section 5.4.15.
///
/// ```text
/// Flags (DUP, QoS, TopicIdType), MsgId, TopicName or TopicId
/// ```
///
/// ```
/// use mqtt_types::{PacketIdentifier, QoS, TopicFilter, sn::{Subscribe, Topic}};
///
/// let topic = Topic::Name(TopicFilter::new("kitchen/#")?);
/// let subscribe = Subscribe::new(PacketIdentifier::MIN, topic, QoS::AtLeastOnce).unwrap();
/// assert_eq!(subscribe.to_string(), r#"SUBSCRIBE id=1 "kitchen/#" qos=1"#);
/// # Ok::<(), mqtt_types::TextError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Subscribe<B = DefaultBuffer> {
    /// DUP: this is not the first attempt to send the message.
    pub dup: bool,
    /// The highest QoS at which the client wants to receive messages.
    pub qos: QoS,
    /// The `MsgId`, which the SUBACK repeats.
    pub message_id: PacketIdentifier,
    topic: Topic<TopicFilter<B>>,
}

impl<B: Buffer> Subscribe<B> {
    /// Creates a SUBSCRIBE with DUP not set.
    ///
    /// # Errors
    ///
    /// Returns an error if the topic is [`Topic::Normal`], because a subscription cannot name a registered topic id.
    #[inline]
    pub fn new(message_id: PacketIdentifier, topic: Topic<TopicFilter<B>>, qos: QoS) -> Result<Self, InvalidTopic> {
        match topic {
            Topic::Normal(_) => Err(InvalidTopic::NormalInSubscription),
            topic => Ok(Self { dup: false, qos, message_id, topic }),
        }
    }
}

impl<B> Subscribe<B> {
    /// Returns the topic of the subscription.
    #[inline]
    #[must_use]
    pub const fn topic(&self) -> &Topic<TopicFilter<B>> {
        &self.topic
    }
}

crate::buffer::debug_fields!(Subscribe: dup qos message_id topic);
crate::buffer::over_buffers!(Subscribe { plain: [dup, qos, message_id], raw: [], parts: [topic], options: [] });

impl<B: Buffer> fmt::Display for Subscribe<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dup = if self.dup { " dup" } else { "" };
        write!(f, "SUBSCRIBE id={}{dup} {} qos={}", self.message_id, self.topic, self.qos)
    }
}

/// SUBACK: the answer to SUBSCRIBE. Section 5.4.16.
///
/// ```text
/// Flags (QoS), TopicId, MsgId, ReturnCode
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SubAck {
    /// The QoS that is granted.
    pub qos: QoS,
    /// The topic id that messages will have. It is 0 in a refusal, and for a filter with wildcards, whose topics are
    /// registered one by one. For a short topic name it has no meaning. So it is not checked.
    pub topic_id: u16,
    /// The `MsgId` of the SUBSCRIBE. `None` stands for 0, which no SUBSCRIBE has.
    pub message_id: Option<PacketIdentifier>,
    /// The outcome.
    pub return_code: ReturnCode,
}

impl SubAck {
    /// Creates an answer that grants a subscription. The topic id is [`TopicId::NONE`] for a filter with wildcards.
    #[must_use]
    pub const fn accepted(message_id: PacketIdentifier, topic_id: TopicId, qos: QoS) -> Self {
        let (topic_id, return_code) = (topic_id.get(), ReturnCode::ACCEPTED);
        Self { qos, topic_id, message_id: Some(message_id), return_code }
    }

    /// Creates an answer that refuses a subscription.
    #[must_use]
    pub const fn refused(message_id: PacketIdentifier, return_code: ReturnCode) -> Self {
        Self { qos: QoS::AtMostOnce, topic_id: 0, message_id: Some(message_id), return_code }
    }

    /// Returns the topic id that messages of the subscription have, or `None` if the SUBSCRIBE was refused or the number is
    /// not the id of a topic, as for a filter with wildcards.
    ///
    /// For a short topic name or a pre-defined topic id, the number has no meaning.
    #[must_use]
    pub const fn accepted_topic_id(&self) -> Option<TopicId> {
        match TopicId::new(self.topic_id) {
            Some(topic_id) if self.return_code.is_accepted() && !topic_id.is_none() => Some(topic_id),
            _ => None,
        }
    }
}

impl fmt::Display for SubAck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message_id = Answered(self.message_id);
        write!(f, "SUBACK{message_id} topic={} qos={} {}", self.topic_id, self.qos, self.return_code)
    }
}

#[cfg(test)]
mod tests {
    use super::{SubAck, Subscribe};
    use crate::sn::{InvalidTopic, ReturnCode, ShortTopicName, Topic, TopicId, Unsubscribe};
    use crate::{PacketIdentifier, QoS, TopicFilter};

    /// Section 5.4.15: the two octets of a short name are a name, whatever they are.
    #[test]
    fn a_subscription_has_no_registered_topic_id() {
        let id = PacketIdentifier::MIN;
        let filter = TopicFilter::new("a/#").unwrap();
        let short = Topic::Short(ShortTopicName::new(*b"a#").unwrap());
        for topic in [Topic::Name(filter), Topic::Predefined(TopicId::MIN), short] {
            assert_eq!(Subscribe::new(id, topic, QoS::ExactlyOnce).map(|message| *message.topic()), Ok(topic));
            assert_eq!(Unsubscribe::new(id, topic).map(|message| *message.topic()), Ok(topic));
        }
        let normal: Topic<TopicFilter<&[u8]>> = Topic::Normal(TopicId::MIN);
        let error = InvalidTopic::NormalInSubscription;
        assert_eq!(Subscribe::new(id, normal, QoS::AtMostOnce).unwrap_err(), error);
        assert_eq!(Unsubscribe::new(id, normal).unwrap_err(), error);
    }

    #[test]
    fn only_an_accepted_id_counts() {
        let accepted = SubAck::accepted(PacketIdentifier::MIN, TopicId::MAX, QoS::AtLeastOnce);
        assert_eq!(accepted.accepted_topic_id(), Some(TopicId::MAX));
        for topic_id in [0, 0xFFFF] {
            assert_eq!(SubAck { topic_id, ..accepted }.accepted_topic_id(), None);
        }
        assert_eq!(SubAck { return_code: ReturnCode::CONGESTION, ..accepted }.accepted_topic_id(), None);
        assert_eq!(SubAck::refused(PacketIdentifier::MIN, ReturnCode::NOT_SUPPORTED).accepted_topic_id(), None);
    }
}
