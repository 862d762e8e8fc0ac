//! The Will Message in CONNECT: sections 3.1.2.5 to 3.1.2.7 and 3.1.3.2 to 3.1.3.4.

use crate::buffer::{Buffer, DefaultBuffer};
use crate::property::WillProperties;
use crate::text::BinaryData;
use crate::topic::TopicName;
use crate::value::QoS;

/// The Will: the message that the server publishes if the client is gone without a DISCONNECT.
///
/// ```
/// use mqtt_types::{BinaryData, QoS, TopicName, Will};
///
/// let will = Will { qos: QoS::AtLeastOnce, ..Will::new(TopicName::new("gone")?, BinaryData::new(b"sensor-1")?) };
/// assert!(!will.retain);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Will<B = DefaultBuffer> {
    /// Where it is published.
    pub topic_name: TopicName<B>,
    /// What is published: 0 to 65,535 bytes. 3.x calls it the Will Message.
    #[doc(alias = "will_message")]
    pub payload: BinaryData<B>,
    /// At which QoS.
    pub qos: QoS,
    /// Whether it is retained.
    pub retain: bool,
    /// Properties; none in 3.x.
    pub properties: WillProperties<B>,
}

impl<B: Buffer> Will<B> {
    /// A Will of QoS 0, not retained, without properties.
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
