//! The Will Message in CONNECT: sections 3.1.2.5 to 3.1.2.7 and 3.1.3.2 to 3.1.3.4.

use crate::buffer::{Buffer, DefaultBuffer};
use crate::packet::application_message::ApplicationMessage;
use crate::property::{BuildError, Property, PropertyIdentifier, PublishProperties, WillProperties};
use crate::text::BinaryData;
use crate::topic::TopicName;
use crate::value::QoS;

/// The Will: the message that the server publishes if the connection ends without a DISCONNECT.
///
/// ```
/// use mqtt_types::{BinaryData, Connect, QoS, TopicName, Utf8String, Will};
///
/// let will = Will { qos: QoS::AtLeastOnce, ..Will::new(TopicName::new("gone")?, BinaryData::new(b"sensor-1")?) };
/// assert!(!will.retain);
/// let connect = Connect { will: Some(will), ..Connect::new(Utf8String::new("sensor-1")?) };
/// assert_eq!(connect.to_string(), r#"CONNECT 5.0 client="sensor-1" clean keep_alive=0 s will="gone""#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Will<B = DefaultBuffer> {
    /// The topic to which the message is published.
    pub topic_name: TopicName<B>,
    /// The message: 0 to 65,535 bytes. 3.x calls it the Will Message.
    #[doc(alias = "will_message")]
    pub payload: BinaryData<B>,
    /// The QoS at which the message is published.
    pub qos: QoS,
    /// Whether the server retains the message.
    pub retain: bool,
    /// The properties. 3.x has none.
    pub properties: WillProperties<B>,
}

impl<B: Buffer> Will<B> {
    /// Creates a Will of QoS 0, not retained, without properties.
    #[must_use]
    pub fn new(topic_name: TopicName<B>, payload: BinaryData<B>) -> Self {
        Self { topic_name, payload, qos: QoS::AtMostOnce, retain: false, properties: WillProperties::default() }
    }
}

#[cfg(feature = "bytes")]
impl Will<bytes::Bytes> {
    /// Converts the Will into the message that the server publishes: without the Will Delay Interval.
    ///
    /// Nothing is copied, unless the Will Delay Interval lies between other properties. Then these are copied into one
    /// allocation.
    ///
    /// ```
    /// use mqtt_types::{BinaryData, PacketIdentifier, QoS, TopicName, Will, WillProperties};
    ///
    /// let properties = WillProperties::builder().will_delay_interval(30).content_type("text/plain").build()?;
    /// let will = Will { qos: QoS::AtLeastOnce, properties, ..Will::new("gone".parse()?, BinaryData::default()) };
    /// let publish = will.into_message().into_publish(|| PacketIdentifier::MIN);
    /// assert_eq!(publish.properties().content_type().unwrap(), "text/plain");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn into_message(self) -> ApplicationMessage<bytes::Bytes> {
        ApplicationMessage {
            topic_name: self.topic_name,
            payload: self.payload.into_buffer(),
            qos: self.qos,
            retain: self.retain,
            properties: self.properties.into_publish_properties(),
        }
    }
}

impl<'a> Will<&'a [u8]> {
    /// Converts the Will into the message that the server publishes, without the Will Delay Interval. The properties of
    /// the message are written into `storage`.
    ///
    /// # Errors
    ///
    /// Returns an error if the storage is too small. Storage as long as the properties of the Will is always enough.
    pub fn to_message_in(&self, storage: &'a mut [u8]) -> Result<ApplicationMessage<&'a [u8]>, BuildError> {
        let kept = |property: &Property<'_>| property.identifier() != PropertyIdentifier::WillDelayInterval;
        let properties = PublishProperties::builder_in(storage).properties(self.properties.iter().filter(kept));
        Ok(ApplicationMessage {
            topic_name: self.topic_name,
            payload: self.payload.into_buffer(),
            qos: self.qos,
            retain: self.retain,
            properties: properties.build()?,
        })
    }
}

#[cfg(feature = "bytes")]
impl From<Will<bytes::Bytes>> for ApplicationMessage<bytes::Bytes> {
    /// Converts as [`Will::into_message`] does.
    fn from(will: Will<bytes::Bytes>) -> Self {
        will.into_message()
    }
}

crate::buffer::debug_fields!(Will: topic_name payload qos retain properties);
crate::buffer::over_buffers!(Will {
    plain: [qos, retain],
    raw: [],
    parts: [topic_name, payload, properties],
    options: []
});

#[cfg(test)]
mod tests {
    use super::Will;
    use crate::{BinaryData, BuildError, QoS, TopicName, WillProperties};

    const DELAY: &[u8] = &[0x18, 0, 0, 0, 30];
    const EXPIRY: &[u8] = &[0x02, 0, 0, 0, 60];
    const PAIR: &[u8] = &[0x26, 0, 1, b'k', 0, 1, b'v'];

    fn will(properties: &[u8]) -> Will<&[u8]> {
        let properties = WillProperties::new(properties).unwrap();
        let will = Will::new(TopicName::from_static("gone"), BinaryData::new(b"bye").unwrap());
        Will { qos: QoS::ExactlyOnce, retain: true, properties, ..will }
    }

    /// Returns pairs: the properties of a Will, and those of its message.
    fn cases() -> [[Vec<u8>; 2]; 6] {
        [
            [&[][..], &[]],
            [&[DELAY], &[]],
            [&[EXPIRY, PAIR], &[EXPIRY, PAIR]],
            [&[DELAY, PAIR, EXPIRY], &[PAIR, EXPIRY]],
            [&[PAIR, EXPIRY, DELAY], &[PAIR, EXPIRY]],
            [&[EXPIRY, DELAY, PAIR], &[EXPIRY, PAIR]],
        ]
        .map(|pair: [&[&[u8]]; 2]| pair.map(<[&[u8]]>::concat))
    }

    #[test]
    fn the_message_has_all_of_the_will_but_the_delay() {
        for [of_will, of_message] in cases() {
            let will = will(&of_will);
            let mut storage = [0; 32];
            let message = will.to_message_in(&mut storage).unwrap();
            assert_eq!((message.topic_name, message.payload), (will.topic_name, will.payload.as_bytes()));
            assert_eq!((message.qos, message.retain), (QoS::ExactlyOnce, true));
            assert_eq!(message.properties.as_bytes(), of_message);
            assert_eq!(message.properties, crate::PublishProperties::new(&of_message[..]).unwrap());
            #[cfg(feature = "bytes")]
            assert_eq!(will.to_shared().into_message(), message);
        }
    }

    #[test]
    fn the_storage_has_to_hold_the_properties_of_the_message() {
        let properties = [DELAY, PAIR].concat();
        let will = will(&properties);
        assert!(will.to_message_in(&mut [0; 7]).is_ok());
        assert_eq!(will.to_message_in(&mut [0; 6]), Err(BuildError::StorageFull));
    }

    #[cfg(feature = "bytes")]
    #[test]
    fn a_delay_at_either_end_is_cut_off_without_a_copy() {
        for (parts, start) in [([DELAY, PAIR, EXPIRY], 5), ([PAIR, EXPIRY, DELAY], 0)] {
            let bytes = bytes::Bytes::from(parts.concat());
            let properties = WillProperties::new(bytes.clone()).unwrap();
            let message = Will { properties, ..will(&[]).to_shared() }.into_message();
            assert_eq!(message.properties.as_bytes().as_ptr(), bytes[start..].as_ptr());
        }
    }
}
