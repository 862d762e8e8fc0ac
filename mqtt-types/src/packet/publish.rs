//! PUBLISH: section 3.3.

use crate::buffer::{Buffer, DefaultBuffer, IntoBuffer, Lend};
use crate::property::{PropertyIdentifier, PublishProperties};
use crate::topic::TopicName;
use crate::value::{Delivery, PacketIdentifier, QoS};
use core::fmt;

/// PUBLISH: an application message, from a client to the server or from the server to a client. Section 3.3.
///
/// ```text
/// fixed header      DUP, QoS, RETAIN
/// variable header   Topic Name, Packet Identifier (QoS 1 and 2), Properties (5.0)
/// payload           the application message: any bytes, or none
/// ```
///
/// The Topic Name may be omitted if the properties have a Topic Alias (5.0). The two fields are therefore private, and
/// their setters preserve this rule.
///
/// ```
/// use mqtt_types::{Delivery, PacketIdentifier, Publish, TopicName};
///
/// let mut publish = Publish::new(TopicName::new("kitchen/temperature")?, b"21.5");
/// publish.delivery = Delivery::at_least_once(PacketIdentifier::new(10).unwrap());
/// publish.retain = true;
/// assert_eq!(publish.topic_name().unwrap(), "kitchen/temperature");
/// assert_eq!(publish.to_string(), r#"PUBLISH "kitchen/temperature" qos=1 id=10 retain payload=4 bytes"#);
/// # Ok::<(), mqtt_types::TextError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Publish<B = DefaultBuffer> {
    /// The QoS and, above QoS 0, the Packet Identifier and DUP.
    pub delivery: Delivery,
    /// The RETAIN flag. From a client, the server shall retain the message. From a server, the message was retained.
    pub retain: bool,
    topic_name: Option<TopicName<B>>,
    properties: PublishProperties<B>,
    /// The application message.
    pub payload: B,
}

/// The error for a PUBLISH with neither a Topic Name nor a Topic Alias. Section 3.3.2.1.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("a PUBLISH without a topic name needs a topic alias")]
pub struct TopicAliasMissing;

impl<B: Buffer> Publish<B> {
    /// Creates a PUBLISH of QoS 0, not retained, without properties.
    #[must_use]
    pub fn new(topic_name: TopicName<B>, payload: impl IntoBuffer<Buffer = B>) -> Self {
        Self::with_properties(topic_name, PublishProperties::default(), payload)
    }

    /// Creates a PUBLISH of QoS 0, not retained.
    #[must_use]
    pub fn with_properties(
        topic_name: TopicName<B>,
        properties: PublishProperties<B>,
        payload: impl IntoBuffer<Buffer = B>,
    ) -> Self {
        let topic_name = Some(topic_name);
        Self { delivery: Delivery::AtMostOnce, retain: false, topic_name, properties, payload: payload.into_buffer() }
    }

    /// Creates a PUBLISH of QoS 0, not retained, with a Topic Alias instead of a Topic Name.
    ///
    /// ```
    /// use mqtt_types::{Publish, PublishProperties};
    ///
    /// let properties = PublishProperties::new(&[0x23, 0, 7]).unwrap(); // Topic Alias 7
    /// let publish = Publish::with_alias_only(properties, b"21.5").unwrap();
    /// assert_eq!(publish.topic_name(), None);
    /// assert!(Publish::with_alias_only(PublishProperties::default(), b"21.5").is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the properties contain no Topic Alias.
    #[inline]
    pub fn with_alias_only(
        properties: PublishProperties<B>,
        payload: impl IntoBuffer<Buffer = B>,
    ) -> Result<Self, TopicAliasMissing> {
        if !has_alias(&properties) {
            return Err(TopicAliasMissing);
        }
        let payload = payload.into_buffer();
        Ok(Self { delivery: Delivery::AtMostOnce, retain: false, topic_name: None, properties, payload })
    }

    /// Sets the Topic Name, for instance to the name for which the Topic Alias stands.
    pub fn set_topic_name(&mut self, topic_name: TopicName<B>) {
        self.topic_name = Some(topic_name);
    }

    /// Removes the Topic Name, so that the Topic Alias stands for it.
    ///
    /// # Errors
    ///
    /// Returns an error if the packet has no Topic Alias. The packet is then unchanged.
    pub fn remove_topic_name(&mut self) -> Result<(), TopicAliasMissing> {
        if !has_alias(&self.properties) {
            return Err(TopicAliasMissing);
        }
        self.topic_name = None;
        Ok(())
    }

    /// Replaces the properties.
    ///
    /// # Errors
    ///
    /// Returns an error if the packet has no Topic Name and the new properties have no Topic Alias. The packet is then
    /// unchanged.
    pub fn set_properties(&mut self, properties: PublishProperties<B>) -> Result<(), TopicAliasMissing> {
        if self.topic_name.is_none() && !has_alias(&properties) {
            return Err(TopicAliasMissing);
        }
        self.properties = properties;
        Ok(())
    }
}

impl<B> Publish<B> {
    /// Creates a packet from checked fields: there is a Topic Name or a Topic Alias.
    #[inline]
    pub(crate) const fn from_checked(
        delivery: Delivery,
        retain: bool,
        topic_name: Option<TopicName<B>>,
        properties: PublishProperties<B>,
        payload: B,
    ) -> Self {
        Self { delivery, retain, topic_name, properties, payload }
    }

    /// Returns the private parts and the payload.
    pub(crate) fn into_parts(self) -> (Option<TopicName<B>>, PublishProperties<B>, B) {
        (self.topic_name, self.properties, self.payload)
    }
}

fn has_alias<B: Buffer>(properties: &PublishProperties<B>) -> bool {
    properties.contains(PropertyIdentifier::TopicAlias)
}

impl<B> Publish<B> {
    /// Returns the Topic Name, or `None` if the packet has only a Topic Alias.
    #[inline]
    #[must_use]
    pub const fn topic_name(&self) -> Option<&TopicName<B>> {
        self.topic_name.as_ref()
    }

    /// Returns the properties. 3.x has none.
    #[inline]
    #[must_use]
    pub const fn properties(&self) -> &PublishProperties<B> {
        &self.properties
    }
}

impl<B> Publish<B> {
    /// Returns the Quality of Service.
    #[inline]
    #[must_use]
    pub const fn qos(&self) -> QoS {
        self.delivery.qos()
    }

    /// Returns the Packet Identifier, or `None` at QoS 0.
    #[inline]
    #[must_use]
    pub const fn packet_identifier(&self) -> Option<PacketIdentifier> {
        self.delivery.packet_identifier()
    }
}

impl<'i, 'o, B: Lend<'i, 'o>> Publish<B> {
    /// Returns the Topic Name as text, which is empty if the packet has only a Topic Alias.
    #[inline]
    #[must_use]
    pub fn topic(&'i self) -> &'o str {
        self.topic_name.as_ref().map_or("", TopicName::as_str)
    }
}

crate::buffer::over_buffers!(Publish {
    plain: [delivery, retain],
    raw: [payload],
    parts: [properties],
    options: [topic_name]
});

crate::buffer::format_fields! { Publish:
    delivery = |this| this.delivery;
    retain = |this| this.retain;
    topic_name = |this| this.topic_name;
    properties = |this| this.properties;
    payload_len = |this| this.payload.as_ref().len();
}

impl<B: Buffer> fmt::Debug for Publish<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Publish")
            .field("delivery", &self.delivery)
            .field("retain", &self.retain)
            .field("topic_name", &self.topic_name)
            .field("properties", &self.properties)
            .field("payload", &format_args!("{} bytes", self.payload.as_ref().len()))
            .finish()
    }
}

impl<B: Buffer> fmt::Display for Publish<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.topic_name, self.properties.topic_alias()) {
            (Some(topic_name), None) => write!(f, "PUBLISH {topic_name:?}")?,
            (Some(topic_name), Some(alias)) => write!(f, "PUBLISH {topic_name:?} alias={alias}")?,
            (None, Some(alias)) => write!(f, "PUBLISH alias={alias}")?,
            (None, None) => write!(f, "PUBLISH")?,
        }
        write!(f, " qos={}", self.delivery.qos())?;
        if let Some(packet_identifier) = self.delivery.packet_identifier() {
            write!(f, " id={packet_identifier}")?;
        }
        if self.delivery.dup() {
            f.write_str(" dup")?;
        }
        if self.retain {
            f.write_str(" retain")?;
        }
        write!(f, " payload={} bytes", self.payload.as_ref().len())
    }
}

#[cfg(test)]
mod tests {
    use super::{Publish, TopicAliasMissing};
    use crate::{Delivery, PacketIdentifier, PublishProperties, QoS, TopicName};

    #[test]
    fn a_topic_name_or_an_alias_is_always_there() {
        let none = PublishProperties::default();
        let alias = PublishProperties::new(&[0x23, 0, 1]).unwrap();
        assert_eq!(Publish::with_alias_only(none, b"x").err(), Some(TopicAliasMissing));
        let mut publish = Publish::with_alias_only(alias, b"x").unwrap();
        assert_eq!(publish.to_string(), "PUBLISH alias=1 qos=0 payload=1 bytes");
        assert_eq!((publish.topic_name(), publish.topic()), (None, ""));
        assert_eq!(publish.set_properties(none), Err(TopicAliasMissing));
        publish.set_topic_name(TopicName::new("a").unwrap());
        assert_eq!(publish.set_properties(none), Ok(()));
        assert_eq!(publish.remove_topic_name(), Err(TopicAliasMissing));
        assert_eq!((publish.topic_name(), publish.topic()), (TopicName::new("a").as_ref().ok(), "a"));
        assert_eq!(publish.set_properties(alias), Ok(()));
        assert_eq!(publish.remove_topic_name(), Ok(()));
        assert_eq!((publish.topic_name(), *publish.properties()), (None, alias));
    }

    #[test]
    fn qos_and_packet_identifier_are_those_of_the_delivery() {
        let mut publish = Publish::new(TopicName::new("a").unwrap(), b"");
        assert_eq!((publish.qos(), publish.packet_identifier()), (QoS::AtMostOnce, None));
        publish.delivery = Delivery::exactly_once(PacketIdentifier::MAX);
        assert_eq!((publish.qos(), publish.packet_identifier()), (QoS::ExactlyOnce, Some(PacketIdentifier::MAX)));
    }

    #[test]
    fn debug_shows_the_payload_as_a_length() {
        let publish = Publish::new(TopicName::new("a").unwrap(), b"secret");
        let shown = format!("{publish:?}");
        assert!(shown.contains("payload: 6 bytes") && !shown.contains("115"), "{shown}");
    }
}
