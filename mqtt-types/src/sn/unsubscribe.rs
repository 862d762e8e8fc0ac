//! UNSUBSCRIBE and UNSUBACK: sections 5.4.17 and 5.4.18.

use crate::buffer::{Buffer, DefaultBuffer};
use crate::sn::{InvalidTopic, Topic, delivery::Answered};
use crate::topic::TopicFilter;
use crate::value::PacketIdentifier;
use core::fmt;

/// UNSUBSCRIBE: a client ends a subscription. Section 5.4.17.
///
/// ```text
/// Flags (TopicIdType), MsgId, TopicName or TopicId
/// ```
#[derive(Clone, Copy)]
pub struct Unsubscribe<B = DefaultBuffer> {
    /// The `MsgId`, which the UNSUBACK repeats.
    pub message_id: PacketIdentifier,
    topic: Topic<TopicFilter<B>>,
}

impl<B: Buffer> Unsubscribe<B> {
    /// Creates a request to end this subscription.
    ///
    /// # Errors
    ///
    /// Returns an error if the topic is [`Topic::Normal`], because a subscription cannot name a registered topic id.
    #[inline]
    pub fn new(message_id: PacketIdentifier, topic: Topic<TopicFilter<B>>) -> Result<Self, InvalidTopic> {
        match topic {
            Topic::Normal(_) => Err(InvalidTopic::NormalInSubscription),
            topic => Ok(Self { message_id, topic }),
        }
    }
}

impl<B> Unsubscribe<B> {
    /// Returns the topic of the subscription.
    #[inline]
    #[must_use]
    pub const fn topic(&self) -> &Topic<TopicFilter<B>> {
        &self.topic
    }
}

crate::buffer::debug_fields!(Unsubscribe: message_id topic);
crate::buffer::over_buffers!(Unsubscribe { plain: [message_id], raw: [], parts: [topic], options: [] });

impl<B: Buffer> fmt::Display for Unsubscribe<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UNSUBSCRIBE id={} {}", self.message_id, self.topic)
    }
}

/// UNSUBACK: the answer to UNSUBSCRIBE. Section 5.4.18.
///
/// ```text
/// MsgId
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UnsubAck {
    /// The `MsgId` of the UNSUBSCRIBE. `None` stands for 0, which no UNSUBSCRIBE has.
    pub message_id: Option<PacketIdentifier>,
}

impl UnsubAck {
    /// Returns the message with this `MsgId`.
    #[must_use]
    pub const fn new(message_id: PacketIdentifier) -> Self {
        Self { message_id: Some(message_id) }
    }
}

impl fmt::Display for UnsubAck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UNSUBACK{}", Answered(self.message_id))
    }
}
