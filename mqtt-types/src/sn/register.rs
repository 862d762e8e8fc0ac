//! REGISTER and REGACK: sections 5.4.10 and 5.4.11.

use crate::buffer::{Buffer, DefaultBuffer};
use crate::sn::{ReturnCode, TopicId, delivery::Answered};
use crate::topic::TopicName;
use crate::value::PacketIdentifier;
use core::fmt;

/// REGISTER: a client requests a topic id for a topic name, or a gateway announces one. Section 5.4.10.
///
/// ```text
/// TopicId (0x0000 from a client), MsgId, TopicName
/// ```
///
/// ```
/// use mqtt_types::{PacketIdentifier, TopicName, sn::{Register, TopicId}};
///
/// let register = Register::new(PacketIdentifier::MIN, TopicName::new("kitchen/temperature")?);
/// assert_eq!(register.topic_id, TopicId::NONE);
/// assert_eq!(register.to_string(), r#"REGISTER id=1 "kitchen/temperature""#);
/// # Ok::<(), mqtt_types::TextError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Register<B = DefaultBuffer> {
    /// The topic id that the gateway has assigned. From a client it is [`TopicId::NONE`].
    pub topic_id: TopicId,
    /// The `MsgId`, which the REGACK repeats.
    pub message_id: PacketIdentifier,
    /// The topic name, without wildcards.
    pub topic_name: TopicName<B>,
}

impl<B> Register<B> {
    /// Creates the request of a client.
    #[must_use]
    pub const fn new(message_id: PacketIdentifier, topic_name: TopicName<B>) -> Self {
        Self { topic_id: TopicId::NONE, message_id, topic_name }
    }
}

crate::buffer::debug_fields!(Register: topic_id message_id topic_name);
crate::buffer::over_buffers!(Register { plain: [topic_id, message_id], raw: [], parts: [topic_name], options: [] });

impl<B: Buffer> fmt::Display for Register<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "REGISTER id={}", self.message_id)?;
        if !self.topic_id.is_none() {
            write!(f, " topic={}", self.topic_id)?;
        }
        write!(f, " {:?}", self.topic_name)
    }
}

/// REGACK: the answer to REGISTER. Section 5.4.11.
///
/// ```text
/// TopicId, MsgId, ReturnCode
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RegAck {
    /// The topic id. It has no meaning in a refusal, where it is usually 0. So it is not checked.
    pub topic_id: u16,
    /// The `MsgId` of the REGISTER. `None` stands for 0, which no REGISTER has.
    pub message_id: Option<PacketIdentifier>,
    /// The outcome.
    pub return_code: ReturnCode,
}

impl RegAck {
    /// Creates an answer that accepts the request.
    #[must_use]
    pub const fn accepted(message_id: PacketIdentifier, topic_id: TopicId) -> Self {
        Self { topic_id: topic_id.get(), message_id: Some(message_id), return_code: ReturnCode::ACCEPTED }
    }

    /// Creates an answer that refuses the request, with topic id 0.
    #[must_use]
    pub const fn refused(message_id: PacketIdentifier, return_code: ReturnCode) -> Self {
        Self { topic_id: 0, message_id: Some(message_id), return_code }
    }

    /// Returns the topic id, or `None` if the REGISTER was refused or the number is not the id of a topic.
    #[must_use]
    pub const fn accepted_topic_id(&self) -> Option<TopicId> {
        match TopicId::new(self.topic_id) {
            Some(topic_id) if self.return_code.is_accepted() && !topic_id.is_none() => Some(topic_id),
            _ => None,
        }
    }
}

impl fmt::Display for RegAck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "REGACK{} topic={} {}", Answered(self.message_id), self.topic_id, self.return_code)
    }
}

#[cfg(test)]
mod tests {
    use super::RegAck;
    use crate::{PacketIdentifier, sn::ReturnCode, sn::TopicId};

    #[test]
    fn only_an_accepted_id_counts() {
        let accepted = RegAck::accepted(PacketIdentifier::MIN, TopicId::MAX);
        assert_eq!(accepted.accepted_topic_id(), Some(TopicId::MAX));
        for topic_id in [0, 0xFFFF] {
            assert_eq!(RegAck { topic_id, ..accepted }.accepted_topic_id(), None);
        }
        assert_eq!(RegAck { return_code: ReturnCode::CONGESTION, ..accepted }.accepted_topic_id(), None);
        let refused = RegAck::refused(PacketIdentifier::MIN, ReturnCode::NOT_SUPPORTED);
        assert_eq!((refused.topic_id, refused.accepted_topic_id()), (0, None));
    }
}
