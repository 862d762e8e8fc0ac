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
/// let suback = SubAck::new(PacketIdentifier::MIN, ReasonCodes::new(&[0x01, 0x87])?)?;
/// assert_eq!(suback.to_string(), "SUBACK id=1 [Granted QoS 1 (0x01), Not authorized (0x87)]");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct SubAck<B = DefaultBuffer> {
    /// The Packet Identifier of the SUBSCRIBE.
    pub packet_identifier: PacketIdentifier,
    /// The properties. 3.x has none.
    pub properties: SubAckProperties<B>,
    reason_codes: ReasonCodes<SubAckReasonCode, B>,
}

/// The error for a SUBACK without Reason Codes. Section 3.9.3.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("a SUBACK needs at least one reason code")]
pub struct ReasonCodesMissing;

impl<B: Buffer> SubAck<B> {
    /// Creates a SUBACK without properties.
    ///
    /// # Errors
    ///
    /// Returns an error if the list is empty. A SUBACK has a Reason Code for each Topic Filter, and a SUBSCRIBE has at
    /// least one.
    #[inline]
    pub fn new(
        packet_identifier: PacketIdentifier,
        reason_codes: ReasonCodes<SubAckReasonCode, B>,
    ) -> Result<Self, ReasonCodesMissing> {
        if reason_codes.is_empty() {
            return Err(ReasonCodesMissing);
        }
        Ok(Self { packet_identifier, properties: SubAckProperties::default(), reason_codes })
    }

    /// Replaces the codes.
    ///
    /// # Errors
    ///
    /// Returns an error if the list is empty. The packet is then unchanged.
    pub fn set_reason_codes(
        &mut self,
        reason_codes: ReasonCodes<SubAckReasonCode, B>,
    ) -> Result<(), ReasonCodesMissing> {
        if reason_codes.is_empty() {
            return Err(ReasonCodesMissing);
        }
        self.reason_codes = reason_codes;
        Ok(())
    }
}

#[cfg(feature = "bytes")]
impl SubAck<bytes::Bytes> {
    /// Creates a SUBACK with the codes of the subscriptions of a SUBSCRIBE, of which there is at least one.
    pub(crate) fn of_subscriptions(
        packet_identifier: PacketIdentifier,
        reason_codes: ReasonCodes<SubAckReasonCode, bytes::Bytes>,
    ) -> Self {
        Self { packet_identifier, properties: SubAckProperties::default(), reason_codes }
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

#[cfg(test)]
mod tests {
    use super::{ReasonCodesMissing, SubAck};
    use crate::{PacketIdentifier, ReasonCodes};

    #[test]
    fn there_is_always_a_code() {
        let [none, one] = [&[][..], &[0x01]].map(|bytes| ReasonCodes::new(bytes).unwrap());
        let error = SubAck::new(PacketIdentifier::MIN, none).unwrap_err();
        assert_eq!(
            (error, error.to_string().as_str()),
            (ReasonCodesMissing, "a SUBACK needs at least one reason code")
        );
        let mut suback = SubAck::new(PacketIdentifier::MIN, one).unwrap();
        assert_eq!(suback.set_reason_codes(none), Err(ReasonCodesMissing));
        assert_eq!(*suback.reason_codes(), one);
        let other = ReasonCodes::new(&[0x80, 0x02]).unwrap();
        assert_eq!(suback.set_reason_codes(other), Ok(()));
        assert_eq!(*suback.reason_codes(), other);
    }
}
