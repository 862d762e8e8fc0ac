//! UNSUBSCRIBE: section 3.10.

#[cfg(feature = "bytes")]
use crate::buffer::Lend;
use crate::buffer::{Buffer, DefaultBuffer};
#[cfg(feature = "bytes")]
use crate::packet::UnsubAck;
use crate::property::UnsubscribeProperties;
#[cfg(feature = "bytes")]
use crate::reason_code::UnsubAckReasonCode;
use crate::subscription::TopicFilters;
#[cfg(feature = "bytes")]
use crate::topic::TopicFilter;
use crate::value::PacketIdentifier;
use core::fmt;

/// UNSUBSCRIBE: a client ends subscriptions. Section 3.10.
///
/// ```text
/// variable header   Packet Identifier, Properties (5.0)
/// payload           Topic Filter, one or more times
/// ```
///
/// ```
/// use mqtt_types::{PacketIdentifier, TopicFilter, TopicFilters, Unsubscribe};
///
/// let mut storage = [0; 32];
/// let topic_filters = TopicFilters::builder_in(&mut storage).push(TopicFilter::new("a/#")?).build()?;
/// let unsubscribe = Unsubscribe::new(PacketIdentifier::MIN, topic_filters);
/// assert_eq!(unsubscribe.to_string(), r#"UNSUBSCRIBE id=1 ["a/#"]"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Unsubscribe<B = DefaultBuffer> {
    /// The Packet Identifier, which the UNSUBACK repeats.
    pub packet_identifier: PacketIdentifier,
    /// The properties. 3.x has none.
    pub properties: UnsubscribeProperties<B>,
    /// The Topic Filters of the subscriptions, byte for byte as in SUBSCRIBE.
    pub topic_filters: TopicFilters<B>,
}

impl<B: Buffer> Unsubscribe<B> {
    /// Creates an UNSUBSCRIBE without properties.
    #[must_use]
    pub fn new(packet_identifier: PacketIdentifier, topic_filters: TopicFilters<B>) -> Self {
        Self { packet_identifier, properties: UnsubscribeProperties::default(), topic_filters }
    }
}

#[cfg(feature = "bytes")]
impl<'i, 'o, B: Lend<'i, 'o>> Unsubscribe<B> {
    /// Returns the UNSUBACK that answers this packet in 5.0, with the code that `code` returns for each Topic Filter.
    ///
    /// ```
    /// use mqtt_types::{PacketIdentifier, TopicFilters, UnsubAckReasonCode, Unsubscribe};
    ///
    /// let topic_filters = TopicFilters::builder().push_str("a/#").push_str("b").build()?;
    /// let unsuback = Unsubscribe::new(PacketIdentifier::MIN, topic_filters).answer(|filter| match filter.as_str() {
    ///     "a/#" => UnsubAckReasonCode::SUCCESS,
    ///     _ => UnsubAckReasonCode::NO_SUBSCRIPTION_EXISTED,
    /// });
    /// assert_eq!(unsuback.to_string(), "UNSUBACK id=1 [Success (0x00), No subscription existed (0x11)]");
    /// # Ok::<(), mqtt_types::BuildError>(())
    /// ```
    pub fn answer(&'i self, code: impl FnMut(TopicFilter<&'o [u8]>) -> UnsubAckReasonCode) -> UnsubAck<bytes::Bytes> {
        UnsubAck::new(self.packet_identifier, self.topic_filters.iter().map(code).collect())
    }
}

crate::buffer::debug_fields!(Unsubscribe: packet_identifier properties topic_filters);
crate::buffer::over_buffers!(Unsubscribe {
    plain: [packet_identifier],
    raw: [],
    parts: [properties, topic_filters],
    options: []
});

impl<B: Buffer> fmt::Display for Unsubscribe<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UNSUBSCRIBE id={} {:?}", self.packet_identifier, self.topic_filters)
    }
}
