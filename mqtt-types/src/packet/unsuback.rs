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
/// In 3.x there is the Packet Identifier only, and so no Reason Code; in 5.0 there is one for each Topic Filter.
///
/// ```
/// use mqtt_types::{PacketIdentifier, ReasonCodes, UnsubAck};
///
/// let unsuback = UnsubAck { reason_codes: ReasonCodes::new(&[0x11])?, ..UnsubAck::new(PacketIdentifier::MIN) };
/// assert_eq!(unsuback.to_string(), "UNSUBACK id=1 [No subscription existed (0x11)]");
/// # Ok::<(), mqtt_types::InvalidReasonCodes>(())
/// ```
#[derive(Clone, Copy)]
pub struct UnsubAck<B = DefaultBuffer> {
    /// The identifier of the UNSUBSCRIBE.
    pub packet_identifier: PacketIdentifier,
    /// Properties; none in 3.x.
    pub properties: UnsubAckProperties<B>,
    /// One code for each Topic Filter, in the order of the UNSUBSCRIBE; none in 3.x.
    pub reason_codes: ReasonCodes<UnsubAckReasonCode, B>,
}

impl<B: Buffer> UnsubAck<B> {
    /// The UNSUBACK of 3.x: no Reason Code, no property.
    #[must_use]
    pub fn new(packet_identifier: PacketIdentifier) -> Self {
        let (properties, reason_codes) = (UnsubAckProperties::default(), ReasonCodes::default());
        Self { packet_identifier, properties, reason_codes }
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
