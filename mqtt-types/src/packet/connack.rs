//! CONNACK: section 3.2.

use crate::buffer::{Buffer, DefaultBuffer};
use crate::property::ConnAckProperties;
use crate::reason_code::ConnAckReasonCode;
use crate::value::ProtocolVersion;
use core::fmt;

/// CONNACK: the server's answer to CONNECT. Section 3.2.
///
/// ```text
/// variable header   Connect Acknowledge Flags (Session Present), Connect Reason Code, Properties (5.0)
/// ```
///
/// Session Present can be set only with success \[MQTT-3.2.2-6\], so a CONNACK is constructed by
/// [`accepted`](Self::accepted) or [`refused`](Self::refused). In 3.x the Reason Code represents the Connect Return
/// Code of the same meaning.
///
/// ```
/// use mqtt_types::{ConnAck, ConnAckReasonCode};
///
/// let accepted: ConnAck<&[u8]> = ConnAck::accepted(true);
/// assert!(accepted.session_present());
/// let refused: ConnAck<&[u8]> = ConnAck::refused(ConnAckReasonCode::NOT_AUTHORIZED);
/// assert_eq!(refused.to_string(), "CONNACK Not authorized (0x87)");
/// ```
#[derive(Clone, Copy)]
pub struct ConnAck<B = DefaultBuffer> {
    session_present: bool,
    reason_code: ConnAckReasonCode,
    /// The properties. 3.x has none.
    pub properties: ConnAckProperties<B>,
}

impl<B: Buffer> ConnAck<B> {
    /// Creates a CONNACK that accepts the connection, without properties.
    ///
    /// 3.1 does not have Session Present, so a packet with `true` cannot be encoded for 3.1. A server that supports
    /// several versions calls [`accepted_in`](Self::accepted_in).
    #[inline]
    #[must_use]
    pub fn accepted(session_present: bool) -> Self {
        Self { session_present, reason_code: ConnAckReasonCode::SUCCESS, properties: ConnAckProperties::default() }
    }

    /// Creates a CONNACK that accepts the connection of a client with this version, without properties.
    ///
    /// In 3.1, which does not have Session Present, the flag is not set: the server resumes the session, but cannot
    /// tell the client.
    ///
    /// ```
    /// use mqtt_types::{ConnAck, ProtocolVersion};
    ///
    /// let connack = |version| ConnAck::<&[u8]>::accepted_in(version, true);
    /// assert!(connack(ProtocolVersion::V5).session_present());
    /// assert!(!connack(ProtocolVersion::V3_1).session_present());
    /// ```
    #[inline]
    #[must_use]
    pub fn accepted_in(version: ProtocolVersion, session_present: bool) -> Self {
        Self::accepted(session_present && version != ProtocolVersion::V3_1)
    }

    /// Creates a CONNACK that refuses the connection, without properties. The server closes the connection afterwards.
    ///
    /// With [`SUCCESS`](ConnAckReasonCode::SUCCESS) it is the same as [`accepted(false)`](Self::accepted).
    #[inline]
    #[must_use]
    pub fn refused(reason_code: ConnAckReasonCode) -> Self {
        Self { session_present: false, reason_code, properties: ConnAckProperties::default() }
    }

    /// Returns the same packet with these properties.
    #[inline]
    #[must_use]
    pub fn with_properties(self, properties: ConnAckProperties<B>) -> Self {
        Self { properties, ..self }
    }
}

impl<B> ConnAck<B> {
    /// Returns `true` if the server resumes an earlier session.
    #[inline]
    #[must_use]
    pub const fn session_present(&self) -> bool {
        self.session_present
    }

    /// Returns the result of the connection request.
    #[inline]
    #[must_use]
    pub const fn reason_code(&self) -> ConnAckReasonCode {
        self.reason_code
    }
}

crate::buffer::debug_fields!(ConnAck: session_present reason_code properties);
crate::buffer::over_buffers!(ConnAck {
    plain: [session_present, reason_code],
    raw: [],
    parts: [properties],
    options: []
});

impl<B: Buffer> fmt::Display for ConnAck<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CONNACK {}", self.reason_code)?;
        if self.session_present { f.write_str(" session_present") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::ConnAck;
    use crate::{ConnAckProperties, ConnAckReasonCode};

    /// MQTT-3.2.2-6.
    #[test]
    fn session_present_is_set_with_success_only() {
        for session_present in [false, true] {
            let accepted: ConnAck<&[u8]> = ConnAck::accepted(session_present);
            assert_eq!(accepted.session_present(), session_present);
            assert_eq!(accepted.reason_code(), ConnAckReasonCode::SUCCESS);
        }
        for reason_code in ConnAckReasonCode::ALL {
            let refused: ConnAck<&[u8]> = ConnAck::refused(reason_code);
            assert_eq!((refused.session_present(), refused.reason_code()), (false, reason_code));
        }
    }

    #[test]
    fn with_properties_changes_nothing_else() {
        let properties = ConnAckProperties::new(&[0x25, 0]).unwrap();
        let packet = ConnAck::accepted(true).with_properties(properties);
        assert_eq!(packet.properties.retain_available(), Some(false));
        assert!(packet.session_present() && packet != ConnAck::<&[u8]>::accepted(true));
    }
}
