//! UNSUBACK: section 3.11.

use crate::buffer::{Buffer, DefaultBuffer};
use crate::property::UnsubAckProperties;
use crate::reason_code::{ReasonCodes, UnsubAckReasonCode};
use crate::value::PacketIdentifier;
use core::fmt;

/// UNSUBACK: the server's answer to UNSUBSCRIBE. Section 3.11.
///
/// ```text
/// variable header   Packet Identifier, Properties (5.0)
/// payload           Reason Code, one or more times (5.0)
/// ```
///
/// In 3.x the packet has only the Packet Identifier. In 5.0 it has one Reason Code for each Topic Filter.
///
/// ```
/// use mqtt_types::{PacketIdentifier, ReasonCodes, UnsubAck};
///
/// let unsuback = UnsubAck::new(PacketIdentifier::MIN, ReasonCodes::new(&[0x11])?);
/// assert_eq!(unsuback.to_string(), "UNSUBACK id=1 [No subscription existed (0x11)]");
/// # Ok::<(), mqtt_types::InvalidReasonCodes>(())
/// ```
#[derive(Clone, Copy)]
pub struct UnsubAck<B = DefaultBuffer> {
    /// The Packet Identifier of the UNSUBSCRIBE.
    pub packet_identifier: PacketIdentifier,
    /// The properties. 3.x has none.
    pub properties: UnsubAckProperties<B>,
    /// The codes: one for each Topic Filter, in the order of the UNSUBSCRIBE. 3.x has none.
    pub reason_codes: ReasonCodes<UnsubAckReasonCode, B>,
}

impl<B: Buffer> UnsubAck<B> {
    /// Creates an UNSUBACK without properties.
    ///
    /// 5.0 needs one Reason Code for each Topic Filter of the UNSUBSCRIBE. 3.x has none: `ReasonCodes::default()`.
    #[inline]
    #[must_use]
    pub fn new(packet_identifier: PacketIdentifier, reason_codes: ReasonCodes<UnsubAckReasonCode, B>) -> Self {
        Self { packet_identifier, properties: UnsubAckProperties::default(), reason_codes }
    }
}

crate::buffer::debug_fields!(UnsubAck: packet_identifier properties reason_codes);
crate::buffer::over_buffers!(UnsubAck {
    plain: [packet_identifier],
    raw: [],
    parts: [properties, reason_codes],
    options: []
});

impl<B: Buffer> fmt::Display for UnsubAck<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UNSUBACK id={}", self.packet_identifier)?;
        if self.reason_codes.is_empty() { Ok(()) } else { write!(f, " {:?}", self.reason_codes) }
    }
}
