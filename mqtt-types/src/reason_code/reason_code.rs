//! Reason Code: section 2.4.

use core::fmt;

/// Makes [`ReasonCode`] from the general table of section 2.4.
macro_rules! general_table {
    ($($value:literal $constant:ident $name:literal: $meaning:literal,)*) => {
        /// A Reason Code: one of the 43 values of 5.0. Below 0x80 it tells of success, from 0x80 on of a failure.
        ///
        /// 3.x knows Return Codes in CONNACK and SUBACK; they are given as the Reason Codes of the same meaning, see
        /// [`from_connack_return_code`](Self::from_connack_return_code).
        ///
        /// Each packet carries only its own: the types [`PubAckReasonCode`](crate::PubAckReasonCode) and so on hold those and nothing else.
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

            /// All 43 values, lowest first.
            pub const ALL: [Self; 43] = [$(Self::$constant,)*];

            /// The standard's name. 0x00 is called Success here, Normal disconnection in DISCONNECT, and Granted QoS 0
            /// in SUBACK.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$constant => $name,)*
                    _ => "", // no other value can be made
                }
            }

            /// The code of a number, if it is one of the 43.
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
    0x00 SUCCESS "Success": "done; in DISCONNECT a normal disconnection, in SUBACK QoS 0 is granted.",
    0x01 GRANTED_QOS_1 "Granted QoS 1": "the subscription is accepted, its highest QoS is 1.",
    0x02 GRANTED_QOS_2 "Granted QoS 2": "the subscription is accepted, its highest QoS is 2.",
    0x04 DISCONNECT_WITH_WILL_MESSAGE "Disconnect with Will Message": "the client leaves and wants its Will published.",
    0x10 NO_MATCHING_SUBSCRIBERS "No matching subscribers": "the message is accepted, but nobody subscribes to it.",
    0x11 NO_SUBSCRIPTION_EXISTED "No subscription existed": "there was nothing to unsubscribe from.",
    0x18 CONTINUE_AUTHENTICATION "Continue authentication": "go on with another step.",
    0x19 RE_AUTHENTICATE "Re-authenticate": "begin to authenticate again.",
    0x80 UNSPECIFIED_ERROR "Unspecified error": "the sender will not, or need not, say why.",
    0x81 MALFORMED_PACKET "Malformed Packet": "the bytes cannot be parsed by the standard's format.",
    0x82 PROTOCOL_ERROR "Protocol Error": "the bytes parse, but the protocol does not allow what they say.",
    0x83 IMPLEMENTATION_SPECIFIC_ERROR "Implementation specific error": "valid, but not accepted by this implementation.",
    0x84 UNSUPPORTED_PROTOCOL_VERSION "Unsupported Protocol Version": "the server does not speak the client's version.",
    0x85 CLIENT_IDENTIFIER_NOT_VALID "Client Identifier not valid": "a legal string, but not allowed by the server.",
    0x86 BAD_USER_NAME_OR_PASSWORD "Bad User Name or Password": "the server does not accept them.",
    0x87 NOT_AUTHORIZED "Not authorized": "the peer may not do this.",
    0x88 SERVER_UNAVAILABLE "Server unavailable": "the server cannot be used.",
    0x89 SERVER_BUSY "Server busy": "try again later.",
    0x8A BANNED "Banned": "this client has been banned by administrative action.",
    0x8B SERVER_SHUTTING_DOWN "Server shutting down": "the server is going to stop.",
    0x8C BAD_AUTHENTICATION_METHOD "Bad authentication method": "not supported, or not the one in use.",
    0x8D KEEP_ALIVE_TIMEOUT "Keep Alive timeout": "nothing came for one and a half times the Keep Alive.",
    0x8E SESSION_TAKEN_OVER "Session taken over": "another connection uses the same Client Identifier.",
    0x8F TOPIC_FILTER_INVALID "Topic Filter invalid": "correctly formed, but not allowed.",
    0x90 TOPIC_NAME_INVALID "Topic Name invalid": "correctly formed, but not accepted.",
    0x91 PACKET_IDENTIFIER_IN_USE "Packet Identifier in use": "it stands for another exchange already.",
    0x92 PACKET_IDENTIFIER_NOT_FOUND "Packet Identifier not found": "no exchange of this number is known.",
    0x93 RECEIVE_MAXIMUM_EXCEEDED "Receive Maximum exceeded": "more messages are under way than were allowed.",
    0x94 TOPIC_ALIAS_INVALID "Topic Alias invalid": "0, or above the receiver's maximum.",
    0x95 PACKET_TOO_LARGE "Packet too large": "larger than the receiver's Maximum Packet Size.",
    0x96 MESSAGE_RATE_TOO_HIGH "Message rate too high": "data comes in faster than is allowed.",
    0x97 QUOTA_EXCEEDED "Quota exceeded": "a limit of the implementation or the administrator is exceeded.",
    0x98 ADMINISTRATIVE_ACTION "Administrative action": "the connection is closed by an administrator.",
    0x99 PAYLOAD_FORMAT_INVALID "Payload format invalid": "not what the Payload Format Indicator says.",
    0x9A RETAIN_NOT_SUPPORTED "Retain not supported": "the server keeps no retained messages.",
    0x9B QOS_NOT_SUPPORTED "QoS not supported": "above the server's Maximum QoS.",
    0x9C USE_ANOTHER_SERVER "Use another server": "for the time being.",
    0x9D SERVER_MOVED "Server moved": "use another server from now on.",
    0x9E SHARED_SUBSCRIPTIONS_NOT_SUPPORTED "Shared Subscriptions not supported": "by this server, or for this client.",
    0x9F CONNECTION_RATE_EXCEEDED "Connection rate exceeded": "connections come too often.",
    0xA0 MAXIMUM_CONNECT_TIME "Maximum connect time": "the longest time of this connection is over.",
    0xA1 SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED "Subscription Identifiers not supported": "by this server.",
    0xA2 WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED "Wildcard Subscriptions not supported": "by this server.",
}

impl ReasonCode {
    /// Makes a code of any number. The caller has to look it up in a table of known numbers.
    #[inline]
    pub(crate) const fn new_unchecked(value: u8) -> Self {
        Self(value)
    }

    /// The number on the wire.
    #[inline]
    #[must_use]
    pub const fn as_u8(self) -> u8 {
        self.0
    }

    /// True from 0x80 on: a failure.
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

/// A number that no Reason Code has, or a Reason Code that the packet does not carry.
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
    fn every_code_has_a_name_and_tells_failure_from_success() {
        for code in ReasonCode::ALL {
            assert!(!code.name().is_empty());
            assert_eq!(code.is_error(), code.as_u8() >= 0x80);
            assert_eq!(ReasonCode::try_from(u8::from(code)), Ok(code));
        }
        assert_eq!(format!("{:?}", ReasonCode::BANNED), "Banned (0x8A)");
        assert_eq!(UnknownReasonCode(7).to_string(), "0x07 is not a valid reason code here");
    }
}
