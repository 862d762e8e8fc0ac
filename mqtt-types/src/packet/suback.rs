//! SUBACK: section 3.9.

use crate::buffer::{Buffer, DefaultBuffer};
use crate::property::SubAckProperties;
use crate::reason_code::{ReasonCodes, SubAckReasonCode};
use crate::value::PacketIdentifier;
use core::fmt;

/// SUBACK: the server's answer to SUBSCRIBE, with one Reason Code for each Topic Filter. Section 3.9.
///
/// ```text
/// variable header   Packet Identifier, Properties (5.0)
/// payload           Reason Code (3.x: Return Code), one or more times
/// ```
///
/// ```
/// use mqtt_types::{PacketIdentifier, ReasonCodes, SubAck};
///
/// let suback = SubAck::new(PacketIdentifier::MIN, ReasonCodes::new(&[0x01, 0x87])?).unwrap();
/// assert_eq!(suback.to_string(), "SUBACK id=1 [Granted QoS 1 (0x01), Not authorized (0x87)]");
/// # Ok::<(), mqtt_types::InvalidReasonCodes>(())
/// ```
#[derive(Clone, Copy)]
pub struct SubAck<B = DefaultBuffer> {
    /// The Packet Identifier of the SUBSCRIBE.
    pub packet_identifier: PacketIdentifier,
    /// The properties. 3.x has none.
    pub properties: SubAckProperties<B>,
    reason_codes: ReasonCodes<SubAckReasonCode, B>,
}

impl<B: Buffer> SubAck<B> {
    /// Makes a SUBACK without properties, or returns `None` if there is no Reason Code.
    ///
    /// There is one for each Topic Filter, and a SUBSCRIBE has at least one.
    #[inline]
    #[must_use]
    pub fn new(packet_identifier: PacketIdentifier, reason_codes: ReasonCodes<SubAckReasonCode, B>) -> Option<Self> {
        let properties = SubAckProperties::default();
        (!reason_codes.is_empty()).then_some(Self { packet_identifier, properties, reason_codes })
    }
}

impl<B> SubAck<B> {
    /// Returns the codes: one for each Topic Filter, in the order of the SUBSCRIBE.
    #[inline]
    #[must_use]
    pub const fn reason_codes(&self) -> &ReasonCodes<SubAckReasonCode, B> {
        &self.reason_codes
    }
}

crate::buffer::debug_fields!(SubAck: packet_identifier properties reason_codes);
crate::buffer::over_buffers!(SubAck {
    plain: [packet_identifier],
    raw: [],
    parts: [properties, reason_codes],
    options: []
});

impl<B: Buffer> fmt::Display for SubAck<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SUBACK id={} {:?}", self.packet_identifier, self.reason_codes)
    }
}
