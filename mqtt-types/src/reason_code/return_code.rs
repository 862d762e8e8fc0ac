//! The Return Codes of 3.x, and the QoS that a SUBACK grants: sections 3.2.2.3 and 3.9.3 of 3.1.1.

use crate::reason_code::packet_codes::{ConnAckReasonCode, SubAckReasonCode};
use crate::reason_code::reason_code::ReasonCode;
use crate::value::{ProtocolVersion, QoS};

impl ReasonCode {
    /// The Connect Return Codes of 3.x, and the Reason Codes of the same meaning.
    const CONNACK_RETURN_CODES: [(u8, ConnAckReasonCode); 6] = [
        (0x00, ConnAckReasonCode::SUCCESS),
        (0x01, ConnAckReasonCode::UNSUPPORTED_PROTOCOL_VERSION),
        (0x02, ConnAckReasonCode::CLIENT_IDENTIFIER_NOT_VALID),
        (0x03, ConnAckReasonCode::SERVER_UNAVAILABLE),
        (0x04, ConnAckReasonCode::BAD_USER_NAME_OR_PASSWORD),
        (0x05, ConnAckReasonCode::NOT_AUTHORIZED),
    ];

    /// Returns the Reason Code with the meaning of a Connect Return Code of 3.x, or `None` for the reserved codes from 6
    /// on.
    ///
    /// ```
    /// use mqtt_types::{ConnAckReasonCode, ReasonCode};
    ///
    /// let code = ReasonCode::from_connack_return_code(5).unwrap();
    /// assert_eq!(code, ConnAckReasonCode::NOT_AUTHORIZED);
    /// assert_eq!(code.to_return_code(), Some(5));
    /// assert_eq!(ReasonCode::from_connack_return_code(6), None);
    /// ```
    #[inline]
    #[must_use]
    pub fn from_connack_return_code(return_code: u8) -> Option<ConnAckReasonCode> {
        Self::CONNACK_RETURN_CODES.iter().find(|(code, _)| *code == return_code).map(|(_, reason)| *reason)
    }
}

impl ConnAckReasonCode {
    /// Returns the Connect Return Code of 3.x with the same meaning, 0 to 5, or `None` if there is none.
    #[inline]
    #[must_use]
    pub fn to_return_code(self) -> Option<u8> {
        ReasonCode::CONNACK_RETURN_CODES.iter().find(|(_, reason)| *reason == self).map(|(code, _)| *code)
    }

    /// Returns the code of the same or of a more general meaning that has a Return Code in 3.x, or `None` if there is
    /// none.
    ///
    /// ```
    /// use mqtt_types::ConnAckReasonCode;
    ///
    /// assert_eq!(ConnAckReasonCode::QUOTA_EXCEEDED.to_v3(), Some(ConnAckReasonCode::SERVER_UNAVAILABLE));
    /// assert_eq!(ConnAckReasonCode::BANNED.to_v3(), Some(ConnAckReasonCode::NOT_AUTHORIZED));
    /// assert_eq!(ConnAckReasonCode::MALFORMED_PACKET.to_v3(), None);
    /// ```
    #[must_use]
    pub fn to_v3(self) -> Option<Self> {
        match self {
            Self::UNSPECIFIED_ERROR
            | Self::IMPLEMENTATION_SPECIFIC_ERROR
            | Self::SERVER_BUSY
            | Self::QUOTA_EXCEEDED
            | Self::USE_ANOTHER_SERVER
            | Self::SERVER_MOVED
            | Self::CONNECTION_RATE_EXCEEDED => Some(Self::SERVER_UNAVAILABLE),
            Self::BANNED | Self::BAD_AUTHENTICATION_METHOD => Some(Self::NOT_AUTHORIZED),
            code => code.to_return_code().map(|_| code),
        }
    }
}

impl SubAckReasonCode {
    /// Returns the code that grants this Quality of Service.
    #[must_use]
    pub const fn granted(qos: QoS) -> Self {
        match qos {
            QoS::AtMostOnce => Self::GRANTED_QOS_0,
            QoS::AtLeastOnce => Self::GRANTED_QOS_1,
            QoS::ExactlyOnce => Self::GRANTED_QOS_2,
        }
    }

    /// Returns the Quality of Service that the server grants, or `None` if the subscription failed.
    #[must_use]
    pub const fn granted_qos(self) -> Option<QoS> {
        QoS::from_u8(self.as_u8())
    }

    /// Returns `true` if the version has the code. 3.x has only 0x00, 0x01, 0x02 and 0x80.
    ///
    /// The text of 3.1 does not define 0x80, but servers send it. So this returns `true` for it.
    #[inline]
    #[must_use]
    pub const fn exists_in(self, version: ProtocolVersion) -> bool {
        !version.is_v3() || is_suback_return_code(self.as_u8())
    }
}

/// Returns `true` for the Return Codes of SUBACK in 3.1.1: section 3.9.3. Servers send 0x80 in 3.1 too.
#[inline]
pub(crate) const fn is_suback_return_code(value: u8) -> bool {
    value <= 0x02 || value == 0x80
}

#[cfg(test)]
mod tests {
    use crate::{ConnAckReasonCode, ProtocolVersion, PubAckReasonCode, QoS, ReasonCode, SubAckReasonCode};

    #[test]
    fn connack_return_codes_of_version_3_map_both_ways() {
        for return_code in 0..=5 {
            let code = ReasonCode::from_connack_return_code(return_code).unwrap();
            assert_eq!(code.to_return_code(), Some(return_code));
        }
        assert_eq!(ReasonCode::from_connack_return_code(6), None);
        assert_eq!(ConnAckReasonCode::BANNED.to_return_code(), None);
    }

    /// The table of `convert`: seven codes become Return Code 3, and two become 5.
    #[test]
    fn connack_codes_of_version_5_have_a_return_code_or_none() {
        let general: Vec<(u8, u8)> = ConnAckReasonCode::ALL
            .into_iter()
            .filter_map(|code| Some((code.as_u8(), code.to_v3()?.to_return_code().unwrap())))
            .collect();
        let expected = [
            (0x00, 0),
            (0x80, 3),
            (0x83, 3),
            (0x84, 1),
            (0x85, 2),
            (0x86, 4),
            (0x87, 5),
            (0x88, 3),
            (0x89, 3),
            (0x8A, 5),
            (0x8C, 5),
            (0x97, 3),
            (0x9C, 3),
            (0x9D, 3),
            (0x9F, 3),
        ];
        assert_eq!(general, expected);
    }

    #[test]
    fn suback_codes_of_version_3_are_four() {
        let codes = SubAckReasonCode::ALL.into_iter().filter(|code| code.exists_in(ProtocolVersion::V3_1_1));
        assert!(codes.map(SubAckReasonCode::as_u8).eq([0x00, 0x01, 0x02, 0x80]));
        assert!(PubAckReasonCode::try_from(0x92).is_err());
    }

    #[test]
    fn a_suback_grants_a_qos_or_fails() {
        for qos in QoS::ALL {
            assert_eq!(SubAckReasonCode::granted(qos).granted_qos(), Some(qos));
        }
        for code in SubAckReasonCode::ALL {
            assert_eq!(code.granted_qos().is_none(), code.is_error(), "{code}");
        }
    }
}
