//! PUBLISH: section 5.4.12.

use crate::buffer::{Buffer, DefaultBuffer, IntoBuffer};
use crate::sn::{Delivery, InvalidTopic, Topic, TopicId};
use crate::topic::TopicName;
use core::fmt;

/// PUBLISH: an application message, in either direction. Section 5.4.12.
///
/// ```text
/// Flags (DUP, QoS, Retain, TopicIdType), TopicId or short topic name, MsgId (0 at QoS 0 and -1), Data
/// ```
///
/// QoS and topic are private, because the QoS determines which kinds of topic are legal. A registered topic id needs a
/// connection, which QoS -1 does not have. A short topic name in a PUBLISH has no wildcards. A full topic name can be
/// decoded at QoS -1 only, and cannot be encoded: clients of Paho send it before the data, although version 1.2 does
/// not define it.
///
/// ```
/// use mqtt_types::sn::{Delivery, InvalidTopic, Publish, ShortTopicName, Topic, TopicId};
///
/// let short = Topic::Short(ShortTopicName::new(*b"kt").unwrap());
/// let publish = Publish::new(Delivery::WithoutConnection, short, b"21.5")?;
/// assert_eq!(publish.to_string(), r#"PUBLISH short="kt" qos=-1 payload=4 bytes"#);
///
/// let registered = Topic::Normal(TopicId::MIN);
/// let error = Publish::new(Delivery::WithoutConnection, registered, b"21.5").unwrap_err();
/// assert_eq!(error, InvalidTopic::NormalWithoutConnection);
/// # Ok::<(), InvalidTopic>(())
/// ```
#[derive(Clone, Copy)]
pub struct Publish<B = DefaultBuffer> {
    delivery: Delivery,
    /// The Retain flag. From a client, the server shall retain the message. From a gateway, the message was retained.
    pub retain: bool,
    topic: Topic<TopicName<B>>,
    /// The payload: any bytes, or none. The specification calls it Data.
    #[doc(alias = "data")]
    pub payload: B,
}

impl<B: Buffer> Publish<B> {
    /// Creates a message that is not retained.
    ///
    /// # Errors
    ///
    /// Returns an error if a PUBLISH of this QoS cannot have this kind of topic.
    #[cfg_attr(target_pointer_width = "64", inline(always))] // where QoS and kind of topic are known, nothing is checked
    #[cfg_attr(not(target_pointer_width = "64"), inline)]
    pub fn new(
        delivery: Delivery,
        topic: Topic<TopicName<B>>,
        payload: impl IntoBuffer<Buffer = B>,
    ) -> Result<Self, InvalidTopic> {
        check(delivery, &topic)?;
        Ok(Self { delivery, retain: false, topic, payload: payload.into_buffer() })
    }

    /// Creates a message of QoS 0 with a registered topic id, not retained.
    #[must_use]
    pub fn to_topic_id(topic_id: TopicId, payload: impl IntoBuffer<Buffer = B>) -> Self {
        let (delivery, topic) = (Delivery::AtMostOnce, Topic::Normal(topic_id));
        Self { delivery, retain: false, topic, payload: payload.into_buffer() }
    }

    /// Sets QoS, `MsgId` and DUP.
    ///
    /// # Errors
    ///
    /// Returns an error if the message's kind of topic is illegal at the new QoS. The message is then unchanged.
    pub fn set_delivery(&mut self, delivery: Delivery) -> Result<(), InvalidTopic> {
        check(delivery, &self.topic)?;
        self.delivery = delivery;
        Ok(())
    }

    /// Sets the topic.
    ///
    /// # Errors
    ///
    /// Returns an error if this kind of topic is illegal at the message's QoS. The message is then unchanged.
    pub fn set_topic(&mut self, topic: Topic<TopicName<B>>) -> Result<(), InvalidTopic> {
        check(self.delivery, &topic)?;
        self.topic = topic;
        Ok(())
    }
}

#[cfg_attr(target_pointer_width = "64", inline(always))]
#[cfg_attr(not(target_pointer_width = "64"), inline)]
const fn check<N>(delivery: Delivery, topic: &Topic<N>) -> Result<(), InvalidTopic> {
    match (delivery, topic) {
        (_, Topic::Predefined(_)) | (Delivery::WithoutConnection, Topic::Name(_)) => Ok(()),
        (_, Topic::Short(name)) => {
            if name.has_wildcard() {
                Err(InvalidTopic::WildcardInShortName)
            } else {
                Ok(())
            }
        }
        (Delivery::WithoutConnection, Topic::Normal(_)) => Err(InvalidTopic::NormalWithoutConnection),
        (_, Topic::Normal(_)) => Ok(()),
        (_, Topic::Name(_)) => Err(InvalidTopic::NameInPublish),
    }
}

impl<B> Publish<B> {
    /// Returns QoS, `MsgId` and DUP.
    #[inline]
    #[must_use]
    pub const fn delivery(&self) -> Delivery {
        self.delivery
    }

    /// Returns the topic.
    #[inline]
    #[must_use]
    pub const fn topic(&self) -> &Topic<TopicName<B>> {
        &self.topic
    }
}

crate::buffer::over_buffers!(Publish { plain: [delivery, retain], raw: [payload], parts: [topic], options: [] });

crate::buffer::format_fields! { Publish:
    delivery = |this| this.delivery;
    retain = |this| this.retain;
    topic = |this| this.topic;
    payload_len = |this| this.payload.as_ref().len();
}

impl<B: Buffer> fmt::Debug for Publish<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Publish")
            .field("delivery", &self.delivery)
            .field("retain", &self.retain)
            .field("topic", &self.topic)
            .field("payload", &format_args!("{} bytes", self.payload.as_ref().len()))
            .finish()
    }
}

impl<B: Buffer> fmt::Display for Publish<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let retain = if self.retain { " retain" } else { "" };
        write!(f, "PUBLISH {} {}{retain} payload={} bytes", self.topic, self.delivery, self.payload.as_ref().len())
    }
}

#[cfg(test)]
mod tests {
    use super::Publish;
    use crate::sn::{Delivery, InvalidTopic, ShortTopicName, Topic, TopicId};
    use crate::{PacketIdentifier, TopicName};

    const ID: PacketIdentifier = PacketIdentifier::MIN;
    const WITH_CONNECTION: [Delivery; 3] =
        [Delivery::AtMostOnce, Delivery::at_least_once(ID), Delivery::exactly_once(ID)];

    /// Sections 5.4.12 and 6.8.
    #[test]
    fn qos_and_topic_go_together() {
        let short = Topic::Short(ShortTopicName::new(*b"ab").unwrap());
        let wild = Topic::Short(ShortTopicName::new(*b"a#").unwrap());
        let name = Topic::Name(TopicName::new("a/b").unwrap());
        let normal = Topic::Normal(TopicId::MIN);
        let predefined = Topic::Predefined(TopicId::MIN);
        let result = |delivery, topic| Publish::new(delivery, topic, b"x").map(|publish| *publish.topic());
        for delivery in WITH_CONNECTION {
            for topic in [normal, predefined, short] {
                assert_eq!(result(delivery, topic), Ok(topic));
            }
            assert_eq!(result(delivery, name), Err(InvalidTopic::NameInPublish));
            assert_eq!(result(delivery, wild), Err(InvalidTopic::WildcardInShortName));
        }
        for topic in [predefined, short, name] {
            assert_eq!(result(Delivery::WithoutConnection, topic), Ok(topic));
        }
        assert_eq!(result(Delivery::WithoutConnection, normal), Err(InvalidTopic::NormalWithoutConnection));
        assert_eq!(result(Delivery::WithoutConnection, wild), Err(InvalidTopic::WildcardInShortName));
    }

    #[test]
    fn a_change_that_is_refused_changes_nothing() {
        let mut publish = Publish::to_topic_id(TopicId::MIN, b"x");
        assert_eq!(publish.set_delivery(Delivery::WithoutConnection), Err(InvalidTopic::NormalWithoutConnection));
        assert_eq!(publish.delivery(), Delivery::AtMostOnce);
        assert_eq!(publish.set_topic(Topic::Predefined(TopicId::MAX)), Ok(()));
        assert_eq!(publish.set_delivery(Delivery::WithoutConnection), Ok(()));
        assert_eq!(publish.set_topic(Topic::Normal(TopicId::MIN)), Err(InvalidTopic::NormalWithoutConnection));
        assert_eq!(
            (publish.delivery(), *publish.topic()),
            (Delivery::WithoutConnection, Topic::Predefined(TopicId::MAX))
        );
    }

    #[test]
    fn debug_shows_the_payload_as_a_length() {
        let shown = format!("{:?}", Publish::to_topic_id(TopicId::MIN, b"secret"));
        assert!(shown.contains("payload: 6 bytes") && !shown.contains("115"), "{shown}");
    }
}
