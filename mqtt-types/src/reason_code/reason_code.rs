//! Reason Code: section 2.4, and the tables of the packets that carry one.

use crate::{PacketType, ProtocolVersion, QoS, Sender};
use core::fmt;

/// Makes [`ReasonCode`] from the general table of section 2.4.
macro_rules! general_table {
    ($($value:literal $constant:ident $name:literal: $meaning:literal,)*) => {
        /// A Reason Code: one of the 43 values of 5.0. Below 0x80 it tells of success, from 0x80 on of a failure.
        ///
        /// 3.x knows Return Codes in CONNACK and SUBACK; they are given as the Reason Codes of the same meaning, see
        /// [`from_connack_return_code`](Self::from_connack_return_code).
        ///
        /// Each packet carries only its own: the types [`PubAckReasonCode`] and so on hold those and nothing else.
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

    /// May a packet of this type carry it, if `sender` sends it?
    ///
    /// 0x8C is allowed in DISCONNECT: the standard's general table has it there, its DISCONNECT table has not.
    ///
    /// ```
    /// use mqtt_types::{PacketType, ReasonCode, Sender};
    ///
    /// let code = ReasonCode::DISCONNECT_WITH_WILL_MESSAGE;
    /// assert!(code.is_allowed_in(PacketType::Disconnect, Sender::Client));
    /// assert!(!code.is_allowed_in(PacketType::Disconnect, Sender::Server));
    /// assert!(!code.is_allowed_in(PacketType::PubAck, Sender::Either));
    /// ```
    #[must_use]
    pub const fn is_allowed_in(self, packet_type: PacketType, sender: Sender) -> bool {
        let (has, from) = match packet_type {
            PacketType::ConnAck => (ConnAckReasonCode::new(self).is_some(), Sender::Server),
            PacketType::PubAck | PacketType::PubRec => {
                let from = if self.0 == Self::NO_MATCHING_SUBSCRIBERS.0 { Sender::Server } else { Sender::Either };
                (PubAckReasonCode::new(self).is_some(), from)
            }
            PacketType::PubRel | PacketType::PubComp => (PubRelReasonCode::new(self).is_some(), Sender::Either),
            PacketType::SubAck => (SubAckReasonCode::new(self).is_some(), Sender::Server),
            PacketType::UnsubAck => (UnsubAckReasonCode::new(self).is_some(), Sender::Server),
            PacketType::Disconnect => (DisconnectReasonCode::new(self).is_some(), self.disconnect_sender()),
            PacketType::Auth => (AuthReasonCode::new(self).is_some(), self.auth_sender()),
            _ => (false, Sender::Either),
        };
        has && sender.may_be(from)
    }

    /// The "sent by" column of the DISCONNECT table, section 3.14.2.1.
    const fn disconnect_sender(self) -> Sender {
        match self {
            Self::DISCONNECT_WITH_WILL_MESSAGE => Sender::Client,
            Self::NOT_AUTHORIZED
            | Self::SERVER_BUSY
            | Self::SERVER_SHUTTING_DOWN
            | Self::BAD_AUTHENTICATION_METHOD
            | Self::KEEP_ALIVE_TIMEOUT
            | Self::SESSION_TAKEN_OVER
            | Self::TOPIC_FILTER_INVALID
            | Self::RETAIN_NOT_SUPPORTED
            | Self::QOS_NOT_SUPPORTED
            | Self::USE_ANOTHER_SERVER
            | Self::SERVER_MOVED
            | Self::SHARED_SUBSCRIPTIONS_NOT_SUPPORTED
            | Self::CONNECTION_RATE_EXCEEDED
            | Self::MAXIMUM_CONNECT_TIME
            | Self::SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED
            | Self::WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED => Sender::Server,
            _ => Sender::Either,
        }
    }

    /// The "sent by" column of the AUTH table, section 3.15.2.1.
    const fn auth_sender(self) -> Sender {
        match self {
            Self::SUCCESS => Sender::Server,
            Self::RE_AUTHENTICATE => Sender::Client,
            _ => Sender::Either,
        }
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
#[error("0x{0:02X} is no reason code here")]
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

/// The Reason Codes of one packet, or of two that share a table.
///
/// Implemented by [`ConnAckReasonCode`] and its sisters; it cannot be implemented elsewhere.
pub trait PacketReasonCode:
    Copy + fmt::Debug + Eq + core::hash::Hash + Into<ReasonCode> + TryFrom<u8> + sealed::Sealed
{
    /// The code of a number, if it is in the packet's table.
    fn from_u8(value: u8) -> Option<Self>;
}

mod sealed {
    #[expect(unnameable_types, reason = "that is what seals")]
    pub trait Sealed {}
}

/// Makes the type of one packet's Reason Codes from its table. What `ReasonCode` calls by another name than the packet
/// does stands as `NAME = GENERAL_NAME`.
macro_rules! packet_table {
    ($(#[$doc:meta])* $type:ident $count:literal { $($constant:ident $(= $general:ident)?,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $type(ReasonCode);

        impl $type {
            $(#[doc = concat!("See [`ReasonCode::", packet_table!(@name $constant $($general)?), "`].")]
            pub const $constant: Self = Self(packet_table!(@code $constant $($general)?));)*

            /// All values, lowest first.
            pub const ALL: [Self; $count] = [$(Self::$constant,)*];

            /// The code, if it is in the packet's table.
            #[inline]
            #[must_use]
            pub const fn new(code: ReasonCode) -> Option<Self> {
                match code {
                    $(packet_table!(@pattern $constant $($general)?))|* => Some(Self(code)),
                    _ => None,
                }
            }

            /// The general code.
            #[inline]
            #[must_use]
            pub const fn get(self) -> ReasonCode {
                self.0
            }

            /// The number on the wire.
            #[inline]
            #[must_use]
            pub const fn as_u8(self) -> u8 {
                self.0.0
            }

            /// True from 0x80 on: a failure.
            #[inline]
            #[must_use]
            pub const fn is_error(self) -> bool {
                self.0.is_error()
            }
        }

        impl PacketReasonCode for $type {
            #[inline]
            fn from_u8(value: u8) -> Option<Self> {
                Self::new(ReasonCode(value)) // looked up in this packet's table, so it is a known value
            }
        }

        impl sealed::Sealed for $type {}

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }

        impl From<$type> for ReasonCode {
            fn from(code: $type) -> Self {
                code.0
            }
        }

        impl From<$type> for u8 {
            fn from(code: $type) -> Self {
                code.as_u8()
            }
        }

        impl PartialEq<ReasonCode> for $type {
            fn eq(&self, other: &ReasonCode) -> bool {
                self.0 == *other
            }
        }

        impl TryFrom<ReasonCode> for $type {
            type Error = UnknownReasonCode;

            fn try_from(code: ReasonCode) -> Result<Self, UnknownReasonCode> {
                Self::new(code).ok_or(UnknownReasonCode(code.0))
            }
        }

        impl TryFrom<u8> for $type {
            type Error = UnknownReasonCode;

            fn try_from(value: u8) -> Result<Self, UnknownReasonCode> {
                <Self as PacketReasonCode>::from_u8(value).ok_or(UnknownReasonCode(value))
            }
        }
    };
    (@name $constant:ident) => { stringify!($constant) };
    (@name $constant:ident $general:ident) => { stringify!($general) };
    (@code $constant:ident) => { ReasonCode::$constant };
    (@code $constant:ident $general:ident) => { ReasonCode::$general };
    (@pattern $constant:ident) => { ReasonCode::$constant };
    (@pattern $constant:ident $general:ident) => { ReasonCode::$general };
}

packet_table! {
    /// The Connect Reason Codes of CONNACK: section 3.2.2.2 \[MQTT-3.2.2-8\].
    ConnAckReasonCode 22 {
        SUCCESS,
        UNSPECIFIED_ERROR,
        MALFORMED_PACKET,
        PROTOCOL_ERROR,
        IMPLEMENTATION_SPECIFIC_ERROR,
        UNSUPPORTED_PROTOCOL_VERSION,
        CLIENT_IDENTIFIER_NOT_VALID,
        BAD_USER_NAME_OR_PASSWORD,
        NOT_AUTHORIZED,
        SERVER_UNAVAILABLE,
        SERVER_BUSY,
        BANNED,
        BAD_AUTHENTICATION_METHOD,
        TOPIC_NAME_INVALID,
        PACKET_TOO_LARGE,
        QUOTA_EXCEEDED,
        PAYLOAD_FORMAT_INVALID,
        RETAIN_NOT_SUPPORTED,
        QOS_NOT_SUPPORTED,
        USE_ANOTHER_SERVER,
        SERVER_MOVED,
        CONNECTION_RATE_EXCEEDED,
    }
}

packet_table! {
    /// The Reason Codes of PUBACK and PUBREC: sections 3.4.2.1 and 3.5.2.1 \[MQTT-3.4.2-1, MQTT-3.5.2-1\].
    PubAckReasonCode 9 {
        SUCCESS,
        NO_MATCHING_SUBSCRIBERS,
        UNSPECIFIED_ERROR,
        IMPLEMENTATION_SPECIFIC_ERROR,
        NOT_AUTHORIZED,
        TOPIC_NAME_INVALID,
        PACKET_IDENTIFIER_IN_USE,
        QUOTA_EXCEEDED,
        PAYLOAD_FORMAT_INVALID,
    }
}

packet_table! {
    /// The Reason Codes of PUBREL and PUBCOMP: sections 3.6.2.1 and 3.7.2.1 \[MQTT-3.6.2-1, MQTT-3.7.2-1\].
    PubRelReasonCode 2 {
        SUCCESS,
        PACKET_IDENTIFIER_NOT_FOUND,
    }
}

packet_table! {
    /// The Reason Codes of SUBACK: section 3.9.3 \[MQTT-3.9.3-2\].
    SubAckReasonCode 12 {
        GRANTED_QOS_0 = SUCCESS,
        GRANTED_QOS_1,
        GRANTED_QOS_2,
        UNSPECIFIED_ERROR,
        IMPLEMENTATION_SPECIFIC_ERROR,
        NOT_AUTHORIZED,
        TOPIC_FILTER_INVALID,
        PACKET_IDENTIFIER_IN_USE,
        QUOTA_EXCEEDED,
        SHARED_SUBSCRIPTIONS_NOT_SUPPORTED,
        SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED,
        WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED,
    }
}

packet_table! {
    /// The Reason Codes of UNSUBACK: section 3.11.3 \[MQTT-3.11.3-2\].
    UnsubAckReasonCode 7 {
        SUCCESS,
        NO_SUBSCRIPTION_EXISTED,
        UNSPECIFIED_ERROR,
        IMPLEMENTATION_SPECIFIC_ERROR,
        NOT_AUTHORIZED,
        TOPIC_FILTER_INVALID,
        PACKET_IDENTIFIER_IN_USE,
    }
}

packet_table! {
    /// The Disconnect Reason Codes of DISCONNECT: section 3.14.2.1 \[MQTT-3.14.2-1\], and 0x8C.
    ///
    /// Who may send which: [`ReasonCode::is_allowed_in`].
    DisconnectReasonCode 30 {
        NORMAL_DISCONNECTION = SUCCESS,
        DISCONNECT_WITH_WILL_MESSAGE,
        UNSPECIFIED_ERROR,
        MALFORMED_PACKET,
        PROTOCOL_ERROR,
        IMPLEMENTATION_SPECIFIC_ERROR,
        NOT_AUTHORIZED,
        SERVER_BUSY,
        SERVER_SHUTTING_DOWN,
        BAD_AUTHENTICATION_METHOD,
        KEEP_ALIVE_TIMEOUT,
        SESSION_TAKEN_OVER,
        TOPIC_FILTER_INVALID,
        TOPIC_NAME_INVALID,
        RECEIVE_MAXIMUM_EXCEEDED,
        TOPIC_ALIAS_INVALID,
        PACKET_TOO_LARGE,
        MESSAGE_RATE_TOO_HIGH,
        QUOTA_EXCEEDED,
        ADMINISTRATIVE_ACTION,
        PAYLOAD_FORMAT_INVALID,
        RETAIN_NOT_SUPPORTED,
        QOS_NOT_SUPPORTED,
        USE_ANOTHER_SERVER,
        SERVER_MOVED,
        SHARED_SUBSCRIPTIONS_NOT_SUPPORTED,
        CONNECTION_RATE_EXCEEDED,
        MAXIMUM_CONNECT_TIME,
        SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED,
        WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED,
    }
}

packet_table! {
    /// The Authenticate Reason Codes of AUTH: section 3.15.2.1 \[MQTT-3.15.2-1\].
    ///
    /// Who may send which: [`ReasonCode::is_allowed_in`].
    AuthReasonCode 3 {
        SUCCESS,
        CONTINUE_AUTHENTICATION,
        RE_AUTHENTICATE,
    }
}

impl ReasonCode {
    /// The Connect Return Codes of 3.x and the Reason Codes of the same meaning.
    const CONNACK_RETURN_CODES: [(u8, ConnAckReasonCode); 6] = [
        (0x00, ConnAckReasonCode::SUCCESS),
        (0x01, ConnAckReasonCode::UNSUPPORTED_PROTOCOL_VERSION),
        (0x02, ConnAckReasonCode::CLIENT_IDENTIFIER_NOT_VALID),
        (0x03, ConnAckReasonCode::SERVER_UNAVAILABLE),
        (0x04, ConnAckReasonCode::BAD_USER_NAME_OR_PASSWORD),
        (0x05, ConnAckReasonCode::NOT_AUTHORIZED),
    ];

    /// The Reason Code that means what this Connect Return Code of 3.x means; 6 and above are reserved.
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
    /// The Connect Return Code of 3.x, if it has one: 0 to 5.
    #[inline]
    #[must_use]
    pub fn to_return_code(self) -> Option<u8> {
        ReasonCode::CONNACK_RETURN_CODES.iter().find(|(_, reason)| *reason == self).map(|(code, _)| *code)
    }
}

impl SubAckReasonCode {
    /// The code that grants this Quality of Service.
    #[must_use]
    pub const fn granted(qos: QoS) -> Self {
        match qos {
            QoS::AtMostOnce => Self::GRANTED_QOS_0,
            QoS::AtLeastOnce => Self::GRANTED_QOS_1,
            QoS::ExactlyOnce => Self::GRANTED_QOS_2,
        }
    }

    /// The Quality of Service that is granted; `None` if the subscription failed.
    #[must_use]
    pub const fn granted_qos(self) -> Option<QoS> {
        QoS::from_u8(self.as_u8())
    }

    /// True if the version has it: 3.x knows 0x00, 0x01, 0x02 and 0x80 only. (The text of 3.1 does not have 0x80. Servers send it
    /// all the same, so it is read there, and not written.)
    #[inline]
    #[must_use]
    pub const fn exists_in(self, version: ProtocolVersion) -> bool {
        !version.is_v3() || is_suback_return_code(self.as_u8())
    }
}

/// The Return Codes of 3.1.1's SUBACK: section 3.9.3. Servers send the last one in 3.1 too.
#[inline]
pub(crate) const fn is_suback_return_code(value: u8) -> bool {
    value <= 0x02 || value == 0x80
}

impl Default for ConnAckReasonCode {
    fn default() -> Self {
        Self::SUCCESS
    }
}

impl Default for PubAckReasonCode {
    fn default() -> Self {
        Self::SUCCESS
    }
}

impl Default for PubRelReasonCode {
    fn default() -> Self {
        Self::SUCCESS
    }
}

impl Default for DisconnectReasonCode {
    fn default() -> Self {
        Self::NORMAL_DISCONNECTION
    }
}

#[cfg(test)]
mod tests {
    use super::{PubAckReasonCode, ReasonCode, SubAckReasonCode, UnknownReasonCode};
    use crate::{PacketType, ProtocolVersion, QoS, Sender};

    /// Section 2.4 and the tables of DISCONNECT and AUTH: for each value the packets that carry it, and behind DI and AU
    /// who sends it there.
    const TABLE: &[(u8, &str)] = &[
        (0x00, "CA PA PR PL PC SA UA DI-B AU-S"),
        (0x01, "SA"),
        (0x02, "SA"),
        (0x04, "DI-C"),
        (0x10, "PA-S PR-S"),
        (0x11, "UA"),
        (0x18, "AU-B"),
        (0x19, "AU-C"),
        (0x80, "CA PA PR SA UA DI-B"),
        (0x81, "CA DI-B"),
        (0x82, "CA DI-B"),
        (0x83, "CA PA PR SA UA DI-B"),
        (0x84, "CA"),
        (0x85, "CA"),
        (0x86, "CA"),
        (0x87, "CA PA PR SA UA DI-S"),
        (0x88, "CA"),
        (0x89, "CA DI-S"),
        (0x8A, "CA"),
        (0x8B, "DI-S"),
        (0x8C, "CA DI-S"),
        (0x8D, "DI-S"),
        (0x8E, "DI-S"),
        (0x8F, "SA UA DI-S"),
        (0x90, "CA PA PR DI-B"),
        (0x91, "PA PR SA UA"),
        (0x92, "PL PC"),
        (0x93, "DI-B"),
        (0x94, "DI-B"),
        (0x95, "CA DI-B"),
        (0x96, "DI-B"),
        (0x97, "CA PA PR SA DI-B"),
        (0x98, "DI-B"),
        (0x99, "CA PA PR DI-B"),
        (0x9A, "CA DI-S"),
        (0x9B, "CA DI-S"),
        (0x9C, "CA DI-S"),
        (0x9D, "CA DI-S"),
        (0x9E, "SA DI-S"),
        (0x9F, "CA DI-S"),
        (0xA0, "DI-S"),
        (0xA1, "SA DI-S"),
        (0xA2, "SA DI-S"),
    ];

    #[test]
    fn each_packet_carries_the_codes_of_the_standards_table_and_no_others() {
        let packets = [
            ("CA", PacketType::ConnAck),
            ("PA", PacketType::PubAck),
            ("PR", PacketType::PubRec),
            ("PL", PacketType::PubRel),
            ("PC", PacketType::PubComp),
            ("SA", PacketType::SubAck),
            ("UA", PacketType::UnsubAck),
            ("DI", PacketType::Disconnect),
            ("AU", PacketType::Auth),
        ];
        let mut pairs = 0;
        for value in 0..=255 {
            let row = TABLE.iter().find(|(row, _)| *row == value);
            let code = ReasonCode::from_u8(value);
            assert_eq!(code.is_some(), row.is_some(), "{value:#04x}");
            let (Some(code), Some((_, row))) = (code, row) else { continue };
            for (name, packet_type) in packets {
                let entry = row.split(' ').find(|entry| entry.starts_with(name));
                let allowed = |sender| code.is_allowed_in(packet_type, sender);
                assert_eq!(allowed(Sender::Either), entry.is_some(), "{code} {name}");
                pairs += usize::from(entry.is_some());
                let from = entry.and_then(|entry| entry.split_once('-')).map(|(_, from)| from);
                match from {
                    Some("C") => assert!(allowed(Sender::Client) && !allowed(Sender::Server), "{code} {name}"),
                    Some("S") => assert!(!allowed(Sender::Client) && allowed(Sender::Server), "{code} {name}"),
                    Some(_) => assert!(allowed(Sender::Client) && allowed(Sender::Server), "{code} {name}"),
                    None => {}
                }
            }
        }
        assert_eq!((TABLE.len(), pairs), (43, 96));
    }

    #[test]
    fn every_code_has_a_name_and_tells_failure_from_success() {
        for code in ReasonCode::ALL {
            assert!(!code.name().is_empty());
            assert_eq!(code.is_error(), code.as_u8() >= 0x80);
            assert_eq!(ReasonCode::try_from(u8::from(code)), Ok(code));
        }
        assert_eq!(format!("{:?}", ReasonCode::BANNED), "Banned (0x8A)");
        assert_eq!(UnknownReasonCode(7).to_string(), "0x07 is no reason code here");
    }

    #[test]
    fn connack_return_codes_of_version_3_map_both_ways() {
        for return_code in 0..=5 {
            let code = ReasonCode::from_connack_return_code(return_code).unwrap();
            assert_eq!(code.to_return_code(), Some(return_code));
        }
        assert_eq!(ReasonCode::from_connack_return_code(6), None);
        assert_eq!(super::ConnAckReasonCode::BANNED.to_return_code(), None);
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
