//! The Will Message in CONNECT: sections 3.1.2.5 to 3.1.2.7 and 3.1.3.2 to 3.1.3.4.

use crate::buffer::{Buffer, DefaultBuffer};
use crate::property::WillProperties;
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
    /// Makes a Will of QoS 0, not retained, without properties.
    #[must_use]
    pub fn new(topic_name: TopicName<B>, payload: BinaryData<B>) -> Self {
        Self { topic_name, payload, qos: QoS::AtMostOnce, retain: false, properties: WillProperties::default() }
    }
}

crate::buffer::debug_fields!(Will: topic_name payload qos retain properties);
crate::buffer::over_buffers!(Will {
    plain: [qos, retain],
    raw: [],
    parts: [topic_name, payload, properties],
    options: []
});
