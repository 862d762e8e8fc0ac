//! Reason Code: section 2.4.

use core::fmt;

/// Defines [`ReasonCode`] by the general table of section 2.4.
macro_rules! general_table {
    ($($value:literal $constant:ident $name:literal: $meaning:literal,)*) => {
        /// A Reason Code: one of the 43 values of 5.0. Values below 0x80 mean success, the others failure. Section 2.4.
        ///
        /// 3.x has Return Codes in CONNACK and SUBACK instead. This crate represents them by the Reason Codes of the same
        /// meaning, see [`from_connack_return_code`](Self::from_connack_return_code).
        ///
        /// Each packet allows only some of the codes. [`PubAckReasonCode`](crate::PubAckReasonCode) and the other types of
        /// this kind hold the codes of one packet.
        ///
        /// ```
        /// use mqtt_types::{PubAckReasonCode, ReasonCode};
        ///
        /// let code = ReasonCode::try_from(0x87)?;
        /// assert_eq!(code, ReasonCode::NOT_AUTHORIZED);
        /// assert!(code.is_error());
        /// assert_eq!(code.to_string(), "Not authorized (0x87)");
        /// assert!(PubAckReasonCode::try_from(ReasonCode::BANNED).is_err());
        /// # Ok::<(), mqtt_types::UnknownReasonCode>(())
        /// ```
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct ReasonCode(u8);

        impl ReasonCode {
            $(#[doc = concat!("`", stringify!($value), "` ", $name, ": ", $meaning)]
            pub const $constant: Self = Self($value);)*

            /// All 43 codes, lowest first.
            pub const ALL: [Self; 43] = [$(Self::$constant,)*];

            /// Returns the name in the standard.
            ///
            /// The name of 0x00 is Success, although the standard calls it Normal disconnection in DISCONNECT and
            /// Granted QoS 0 in SUBACK.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$constant => $name,)*
                    _ => "", // no other value exists
                }
            }

            /// Returns the code with this number, or `None` if there is none.
            #[inline]
            #[must_use]
            pub const fn from_u8(value: u8) -> Option<Self> {
                match value {
                    $($value)|* => Some(Self(value)),
                    _ => None,
                }
            }
        }
    };
}

general_table! {
    0x00 SUCCESS "Success": "success; in DISCONNECT a normal disconnection, in SUBACK granted QoS 0.",
    0x01 GRANTED_QOS_1 "Granted QoS 1": "the subscription is accepted, its highest QoS is 1.",
    0x02 GRANTED_QOS_2 "Granted QoS 2": "the subscription is accepted, its highest QoS is 2.",
    0x04 DISCONNECT_WITH_WILL_MESSAGE "Disconnect with Will Message": "the client disconnects and wants its Will published.",
    0x10 NO_MATCHING_SUBSCRIBERS "No matching subscribers": "the message is accepted, but no subscription matches it.",
    0x11 NO_SUBSCRIPTION_EXISTED "No subscription existed": "the client had no such subscription.",
    0x18 CONTINUE_AUTHENTICATION "Continue authentication": "the authentication continues with another step.",
    0x19 RE_AUTHENTICATE "Re-authenticate": "the client starts a re-authentication.",
    0x80 UNSPECIFIED_ERROR "Unspecified error": "the sender does not reveal the reason.",
    0x81 MALFORMED_PACKET "Malformed Packet": "the packet cannot be parsed.",
    0x82 PROTOCOL_ERROR "Protocol Error": "the packet can be parsed, but is not allowed by the protocol.",
    0x83 IMPLEMENTATION_SPECIFIC_ERROR "Implementation specific error": "the packet is valid, but this implementation does not accept it.",
    0x84 UNSUPPORTED_PROTOCOL_VERSION "Unsupported Protocol Version": "the server does not support the version of the client.",
    0x85 CLIENT_IDENTIFIER_NOT_VALID "Client Identifier not valid": "a legal string that the server does not allow.",
    0x86 BAD_USER_NAME_OR_PASSWORD "Bad User Name or Password": "the server does not accept them.",
    0x87 NOT_AUTHORIZED "Not authorized": "the peer is not authorized for this.",
    0x88 SERVER_UNAVAILABLE "Server unavailable": "the server is not available.",
    0x89 SERVER_BUSY "Server busy": "the server is busy; the client can try again later.",
    0x8A BANNED "Banned": "this client has been banned by administrative action.",
    0x8B SERVER_SHUTTING_DOWN "Server shutting down": "the server is about to stop.",
    0x8C BAD_AUTHENTICATION_METHOD "Bad authentication method": "the method is not supported, or not the one in use.",
    0x8D KEEP_ALIVE_TIMEOUT "Keep Alive timeout": "no packet arrived for one and a half times the Keep Alive.",
    0x8E SESSION_TAKEN_OVER "Session taken over": "another connection uses the same Client Identifier.",
    0x8F TOPIC_FILTER_INVALID "Topic Filter invalid": "correctly formed, but not allowed by the server.",
    0x90 TOPIC_NAME_INVALID "Topic Name invalid": "correctly formed, but not accepted.",
    0x91 PACKET_IDENTIFIER_IN_USE "Packet Identifier in use": "another exchange already uses it.",
    0x92 PACKET_IDENTIFIER_NOT_FOUND "Packet Identifier not found": "no exchange uses it.",
    0x93 RECEIVE_MAXIMUM_EXCEEDED "Receive Maximum exceeded": "there are more unacknowledged messages than allowed.",
    0x94 TOPIC_ALIAS_INVALID "Topic Alias invalid": "0, or above the receiver's maximum.",
    0x95 PACKET_TOO_LARGE "Packet too large": "larger than the receiver's Maximum Packet Size.",
    0x96 MESSAGE_RATE_TOO_HIGH "Message rate too high": "data arrives faster than allowed.",
    0x97 QUOTA_EXCEEDED "Quota exceeded": "a limit of the implementation or the administrator is exceeded.",
    0x98 ADMINISTRATIVE_ACTION "Administrative action": "an administrator closes the connection.",
    0x99 PAYLOAD_FORMAT_INVALID "Payload format invalid": "the payload is not what the Payload Format Indicator says.",
    0x9A RETAIN_NOT_SUPPORTED "Retain not supported": "the server does not support retained messages.",
    0x9B QOS_NOT_SUPPORTED "QoS not supported": "the QoS is above the Maximum QoS of the server.",
    0x9C USE_ANOTHER_SERVER "Use another server": "the client should use another server for now.",
    0x9D SERVER_MOVED "Server moved": "the client should use another server from now on.",
    0x9E SHARED_SUBSCRIPTIONS_NOT_SUPPORTED "Shared Subscriptions not supported": "not supported by the server, or not for this client.",
    0x9F CONNECTION_RATE_EXCEEDED "Connection rate exceeded": "connections are made too often.",
    0xA0 MAXIMUM_CONNECT_TIME "Maximum connect time": "the connection has lasted for the longest time that is allowed.",
    0xA1 SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED "Subscription Identifiers not supported": "not supported by the server.",
    0xA2 WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED "Wildcard Subscriptions not supported": "not supported by the server.",
}

impl ReasonCode {
    /// Creates a code from any number. The caller must look the code up in a table of known codes.
    #[inline]
    pub(crate) const fn new_unchecked(value: u8) -> Self {
        Self(value)
    }

    /// Returns the number on the wire.
    #[inline]
    #[must_use]
    pub const fn as_u8(self) -> u8 {
        self.0
    }

    /// Returns `true` if the code means failure: from 0x80 on.
    #[inline]
    #[must_use]
    pub const fn is_error(self) -> bool {
        self.0 >= 0x80
    }
}

impl fmt::Display for ReasonCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (0x{:02X})", self.name(), self.0)
    }
}

impl fmt::Debug for ReasonCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The error for a number that is not a Reason Code, or not one of those that the packet allows.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("0x{0:02X} is not a valid reason code here")]
pub struct UnknownReasonCode(pub u8);

impl TryFrom<u8> for ReasonCode {
    type Error = UnknownReasonCode;

    fn try_from(value: u8) -> Result<Self, UnknownReasonCode> {
        Self::from_u8(value).ok_or(UnknownReasonCode(value))
    }
}

impl From<ReasonCode> for u8 {
    fn from(code: ReasonCode) -> Self {
        code.0
    }
}

#[cfg(test)]
mod tests {
    use super::{ReasonCode, UnknownReasonCode};

    #[test]
    fn every_code_has_a_name_and_means_success_or_failure() {
        for code in ReasonCode::ALL {
            assert!(!code.name().is_empty());
            assert_eq!(code.is_error(), code.as_u8() >= 0x80);
            assert_eq!(ReasonCode::try_from(u8::from(code)), Ok(code));
        }
        assert_eq!(format!("{:?}", ReasonCode::BANNED), "Banned (0x8A)");
        assert_eq!(UnknownReasonCode(7).to_string(), "0x07 is not a valid reason code here");
    }
}
