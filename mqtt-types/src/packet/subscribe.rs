//! SUBSCRIBE: section 3.8.

#[cfg(feature = "bytes")]
use crate::buffer::Lend;
use crate::buffer::{Buffer, DefaultBuffer};
#[cfg(feature = "bytes")]
use crate::packet::SubAck;
use crate::property::SubscribeProperties;
#[cfg(feature = "bytes")]
use crate::reason_code::SubAckReasonCode;
#[cfg(feature = "bytes")]
use crate::subscription::Subscription;
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

#[cfg(feature = "bytes")]
impl<'i, 'o, B: Lend<'i, 'o>> Subscribe<B> {
    /// Returns the SUBACK that answers this packet, with the code that `code` returns for each subscription.
    ///
    /// ```
    /// use mqtt_types::{PacketIdentifier, QoS, SubAckReasonCode, Subscribe, Subscriptions};
    ///
    /// let subscriptions =
    ///     Subscriptions::builder().push_str("a/#", QoS::AtLeastOnce).push_str("secret", QoS::AtMostOnce).build()?;
    /// let suback = Subscribe::new(PacketIdentifier::MIN, subscriptions).answer(|wanted| match wanted.topic_filter.as_str() {
    ///     "secret" => SubAckReasonCode::NOT_AUTHORIZED,
    ///     _ => SubAckReasonCode::granted(wanted.options.maximum_qos),
    /// });
    /// assert_eq!(suback.to_string(), "SUBACK id=1 [Granted QoS 1 (0x01), Not authorized (0x87)]");
    /// # Ok::<(), mqtt_types::BuildError>(())
    /// ```
    pub fn answer(&'i self, code: impl FnMut(Subscription<&'o [u8]>) -> SubAckReasonCode) -> SubAck<bytes::Bytes> {
        SubAck::of_subscriptions(self.packet_identifier, self.subscriptions.iter().map(code).collect())
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
