//! SUBSCRIBE: section 3.8.

use crate::buffer::{Buffer, DefaultBuffer};
use crate::property::SubscribeProperties;
use crate::subscription::Subscriptions;
use crate::value::PacketIdentifier;
use core::fmt;

/// SUBSCRIBE: a client asks for the messages that match its Topic Filters. Section 3.8.
///
/// ```text
/// variable header   Packet Identifier, Properties (5.0)
/// payload           Topic Filter and Subscription Options (3.x: Requested QoS), one or more times
/// ```
///
/// ```
/// use mqtt_types::{PacketIdentifier, QoS, Subscribe, Subscriptions, TopicFilter};
///
/// let mut storage = [0; 32];
/// let subscriptions =
///     Subscriptions::builder_in(&mut storage).push(TopicFilter::new("a/#")?, QoS::AtLeastOnce).build()?;
/// let subscribe = Subscribe::new(PacketIdentifier::MIN, subscriptions);
/// assert_eq!(subscribe.to_string(), r#"SUBSCRIBE id=1 ["a/#" qos=1]"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Subscribe<B = DefaultBuffer> {
    /// The Packet Identifier, which the SUBACK repeats.
    pub packet_identifier: PacketIdentifier,
    /// The properties. 3.x has none.
    pub properties: SubscribeProperties<B>,
    /// The Topic Filters and their options.
    pub subscriptions: Subscriptions<B>,
}

impl<B: Buffer> Subscribe<B> {
    /// Creates a SUBSCRIBE without properties.
    #[must_use]
    pub fn new(packet_identifier: PacketIdentifier, subscriptions: Subscriptions<B>) -> Self {
        Self { packet_identifier, properties: SubscribeProperties::default(), subscriptions }
    }
}

crate::buffer::debug_fields!(Subscribe: packet_identifier properties subscriptions);
crate::buffer::over_buffers!(Subscribe {
    plain: [packet_identifier],
    raw: [],
    parts: [properties, subscriptions],
    options: []
});

impl<B: Buffer> fmt::Display for Subscribe<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SUBSCRIBE id={} [", self.packet_identifier)?;
        for (index, subscription) in self.subscriptions.iter().enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            write!(f, "{separator}{:?} qos={}", subscription.topic_filter, subscription.options.maximum_qos)?;
        }
        f.write_str("]")
    }
}
