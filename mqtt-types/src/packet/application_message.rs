//! Application Message: section 1.2. PUBLISH and Will transport it.

use crate::buffer::{Buffer, DefaultBuffer, IntoBuffer};
use crate::packet::publish::Publish;
use crate::property::PublishProperties;
use crate::topic::TopicName;
use crate::value::{Delivery, PacketIdentifier, QoS};
use core::fmt;

/// An Application Message: Topic Name, payload, QoS, RETAIN and properties. Section 1.2.
///
/// It is a [`Publish`] whose Packet Identifier is chosen later. A client queues messages while it is not connected, or
/// while the Receive Maximum of the server is reached, and chooses the identifier when it sends a message. A server
/// stores retained messages and the Wills of its clients. [`into_publish`](Self::into_publish) converts the message
/// into a packet.
///
/// ```
/// use mqtt_types::{ApplicationMessage, PacketIdentifier, QoS, TopicName};
///
/// let topic_name = TopicName::new("kitchen/temperature")?;
/// let message = ApplicationMessage { qos: QoS::AtLeastOnce, ..ApplicationMessage::new(topic_name, b"21.5") };
/// let publish = message.into_publish(|| PacketIdentifier::MIN);
/// assert_eq!(publish.to_string(), r#"PUBLISH "kitchen/temperature" qos=1 id=1 payload=4 bytes"#);
/// # Ok::<(), mqtt_types::TextError>(())
/// ```
#[derive(Clone, Copy)]
pub struct ApplicationMessage<B = DefaultBuffer> {
    /// The topic to which the message is published.
    pub topic_name: TopicName<B>,
    /// The content of the message: any bytes, or none.
    pub payload: B,
    /// The QoS at which the message is published.
    pub qos: QoS,
    /// Whether the server retains the message.
    pub retain: bool,
    /// The properties. 3.x has none.
    pub properties: PublishProperties<B>,
}

impl<B: Buffer> ApplicationMessage<B> {
    /// Creates a message of QoS 0, not retained, without properties.
    #[must_use]
    pub fn new(topic_name: TopicName<B>, payload: impl IntoBuffer<Buffer = B>) -> Self {
        Self {
            topic_name,
            payload: payload.into_buffer(),
            qos: QoS::AtMostOnce,
            retain: false,
            properties: PublishProperties::default(),
        }
    }

    /// Converts the message into a PUBLISH with DUP not set.
    ///
    /// `packet_identifier` is called once at QoS 1 and 2. It is not called at QoS 0, which has no identifier.
    #[must_use]
    pub fn into_publish(self, packet_identifier: impl FnOnce() -> PacketIdentifier) -> Publish<B> {
        let delivery = match self.qos {
            QoS::AtMostOnce => Delivery::AtMostOnce,
            QoS::AtLeastOnce => Delivery::at_least_once(packet_identifier()),
            QoS::ExactlyOnce => Delivery::exactly_once(packet_identifier()),
        };
        Publish::from_checked(delivery, self.retain, Some(self.topic_name), self.properties, self.payload)
    }
}

impl<B: Buffer> Publish<B> {
    /// Converts the packet into the message that it carries, or returns `None` if it has only a Topic Alias.
    ///
    /// ```
    /// use mqtt_types::{Publish, QoS, TopicName};
    ///
    /// let message = Publish::new(TopicName::new("kitchen/temperature")?, b"21.5").into_message().unwrap();
    /// assert_eq!((message.topic_name, message.qos), (TopicName::new("kitchen/temperature")?, QoS::AtMostOnce));
    /// # Ok::<(), mqtt_types::TextError>(())
    /// ```
    #[must_use]
    pub fn into_message(self) -> Option<ApplicationMessage<B>> {
        let (qos, retain) = (self.qos(), self.retain);
        let (topic_name, properties, payload) = self.into_parts();
        topic_name.map(|topic_name| ApplicationMessage { topic_name, payload, qos, retain, properties })
    }
}

crate::buffer::over_buffers!(ApplicationMessage {
    plain: [qos, retain],
    raw: [payload],
    parts: [topic_name, properties],
    options: []
});

crate::buffer::format_fields! { ApplicationMessage:
    topic_name = |this| this.topic_name;
    payload_len = |this| this.payload.as_ref().len();
    qos = |this| this.qos;
    retain = |this| this.retain;
    properties = |this| this.properties;
}

impl<B: Buffer> fmt::Debug for ApplicationMessage<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApplicationMessage")
            .field("topic_name", &self.topic_name)
            .field("payload", &format_args!("{} bytes", self.payload.as_ref().len()))
            .field("qos", &self.qos)
            .field("retain", &self.retain)
            .field("properties", &self.properties)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::ApplicationMessage;
    use crate::{Delivery, PacketIdentifier, PublishProperties, QoS, TopicName};
    use core::cell::Cell;

    fn message(qos: QoS) -> ApplicationMessage<&'static [u8]> {
        let properties = PublishProperties::new(&[0x02, 0, 0, 0, 60]).unwrap();
        let message = ApplicationMessage::new(TopicName::from_static("a"), b"secret");
        ApplicationMessage { qos, retain: true, properties, ..message }
    }

    #[test]
    fn an_identifier_is_taken_above_qos_0_only() {
        let identifier = PacketIdentifier::MAX;
        for (qos, taken, delivery) in [
            (QoS::AtMostOnce, 0, Delivery::AtMostOnce),
            (QoS::AtLeastOnce, 1, Delivery::at_least_once(identifier)),
            (QoS::ExactlyOnce, 1, Delivery::exactly_once(identifier)),
        ] {
            let count = Cell::new(0);
            let publish = message(qos).into_publish(|| {
                count.set(count.get() + 1);
                identifier
            });
            assert_eq!((count.get(), publish.delivery), (taken, delivery));
            assert!(publish.retain && publish.topic() == "a" && publish.payload == b"secret");
            assert_eq!(publish.properties().message_expiry_interval(), Some(60));
            assert_eq!(publish.into_message(), Some(message(qos)));
        }
    }

    #[test]
    fn a_publish_with_an_alias_only_is_no_message() {
        let properties = PublishProperties::new(&[0x23, 0, 1]).unwrap();
        let message = ApplicationMessage { properties, ..message(QoS::AtMostOnce) };
        let mut publish = message.into_publish(|| PacketIdentifier::MIN);
        publish.remove_topic_name().unwrap();
        assert_eq!(publish.into_message(), None);
    }

    #[test]
    fn debug_shows_the_payload_as_a_length() {
        let shown = format!("{:?}", message(QoS::AtMostOnce));
        assert!(shown.contains("payload: 6 bytes") && !shown.contains("115"), "{shown}");
    }
}
