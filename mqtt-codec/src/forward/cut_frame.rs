//! A frame that is sent on unchanged but for the first byte and the Packet Identifier.

use crate::forward::subscriber::{Subscriber, Topic};
use crate::wire::length::Length as _;
use crate::wire::write::Write;
use mqtt_types::PacketType;
#[cfg(feature = "bytes")]
use mqtt_types::QoS;

/// The bytes of a frame before and after its Packet Identifier.
#[derive(Clone, Copy)]
pub(crate) struct CutFrame<'m> {
    before: &'m [u8],
    /// Empty at QoS 0, where there is no Packet Identifier.
    after: &'m [u8],
    has_identifier: bool,
}

impl<'m> CutFrame<'m> {
    #[cfg(feature = "bytes")]
    pub(crate) fn new(bytes: &'m [u8], topic_end: usize, qos: QoS) -> Option<Self> {
        if qos == QoS::AtMostOnce {
            return Some(Self { before: bytes, after: &[], has_identifier: false });
        }
        let (before, rest) = bytes.split_at_checked(topic_end)?;
        Some(Self { before, after: rest.get(2..)?, has_identifier: true })
    }

    /// Returns `true` if only the first byte and the Packet Identifier may differ from the packet for this subscriber.
    #[inline(always)]
    pub(crate) fn serves(&self, subscriber: &Subscriber<'_>) -> bool {
        let Subscriber { delivery, topic, subscription_identifiers, waited, maximum_packet_size, .. } = *subscriber;
        delivery.packet_identifier().is_some() == self.has_identifier
            && topic == Topic::Name
            && subscription_identifiers.is_empty()
            && waited == 0
            && maximum_packet_size.is_none_or(|limit| u32::try_from(self.len()).is_ok_and(|len| len <= limit.get()))
    }

    /// Returns the length of the packet in bytes.
    #[inline(always)]
    pub(crate) fn len(&self) -> usize {
        self.before.len().plus(self.after.len()).plus(if self.has_identifier { 2 } else { 0 })
    }

    #[inline(always)]
    pub(crate) fn write<'p>(&self, subscriber: &Subscriber<'_>, output: &mut impl Write<'p>)
    where
        'm: 'p,
    {
        let first = PacketType::Publish.as_u8() << 4 | subscriber.flags().bits();
        match self.before {
            [same, ..] if *same == first => output.put_short_part(self.before),
            [_, rest @ ..] => {
                output.put_byte(first);
                output.put_short_part(rest);
            }
            [] => {} // unreachable: a frame is not empty
        }
        if let Some(packet_identifier) = subscriber.delivery.packet_identifier() {
            output.put_two_byte_integer(packet_identifier.get());
            output.put_short_part(self.after);
        }
    }
}
