//! The Reason Codes of each packet that has one.

use crate::reason_code::reason_code::{ReasonCode, UnknownReasonCode};
use core::fmt;

/// The Reason Codes that one packet allows, or two packets with the same codes.
///
/// The trait is sealed. [`ConnAckReasonCode`], [`SubAckReasonCode`] and the other types of this kind implement it.
///
/// ```
/// use mqtt_types::{PacketReasonCode, PubRelReasonCode, SubAckReasonCode};
///
/// fn is_known<C: PacketReasonCode>(value: u8) -> bool {
///     C::from_u8(value).is_some()
/// }
/// assert!(is_known::<SubAckReasonCode>(0x02) && !is_known::<PubRelReasonCode>(0x02));
/// ```
///
/// [`ReasonCode`] is the code of no packet, and is refused:
///
/// ```compile_fail,E0277
/// fn is_known<C: mqtt_types::PacketReasonCode>(code: C) {}
/// is_known(mqtt_types::ReasonCode::SUCCESS);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the type of a packet's Reason Codes",
    label = "expected for instance `SubAckReasonCode`",
    note = "`ReasonCode` is the general table; `SubAckReasonCode::new(code)` converts a code of it"
)]
pub trait PacketReasonCode:
    Copy + fmt::Debug + Eq + core::hash::Hash + Into<ReasonCode> + TryFrom<u8> + sealed::Sealed
{
    /// Returns the code with this number, or `None` if the packet does not allow it.
    fn from_u8(value: u8) -> Option<Self>;
}

mod sealed {
    #[expect(unnameable_types, reason = "this seals the public trait")]
    pub trait Sealed {}
}

/// Defines the type of a packet's Reason Codes by its table. A code that has another name in the general table is written
/// as `NAME = GENERAL_NAME "Name"`.
macro_rules! packet_table {
    ($(#[$doc:meta])* $type:ident $count:literal { $($constant:ident $(= $general:ident $name:literal)?,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $type(ReasonCode);

        impl $type {
            $(#[doc = concat!("See [`ReasonCode::", packet_table!(@name $constant $($general)?), "`].")]
            pub const $constant: Self = Self(packet_table!(@code $constant $($general)?));)*

            /// All codes of the packet, lowest first.
            pub const ALL: [Self; $count] = [$(Self::$constant,)*];

            /// Returns the code, or `None` if the packet does not allow it.
            #[inline]
            #[must_use]
            pub const fn new(code: ReasonCode) -> Option<Self> {
                match code {
                    $(packet_table!(@pattern $constant $($general)?))|* => Some(Self(code)),
                    _ => None,
                }
            }

            /// Returns the general code.
            #[inline]
            #[must_use]
            pub const fn get(self) -> ReasonCode {
                self.0
            }

            /// Returns the name that the standard gives the code in this packet.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $($(Self::$constant => packet_table!(@own $general $name),)?)*
                    _ => self.0.name(),
                }
            }

            /// Returns the number on the wire.
            #[inline]
            #[must_use]
            pub const fn as_u8(self) -> u8 {
                self.0.as_u8()
            }

            /// Returns `true` if the code means failure: from 0x80 on.
            #[inline]
            #[must_use]
            pub const fn is_error(self) -> bool {
                self.0.is_error()
            }
        }

        impl PacketReasonCode for $type {
            #[inline]
            fn from_u8(value: u8) -> Option<Self> {
                Self::new(ReasonCode::new_unchecked(value)) // `new` looks it up in the table of this packet
            }
        }

        impl sealed::Sealed for $type {}

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{} (0x{:02X})", self.name(), self.as_u8())
            }
        }

        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        #[cfg(feature = "defmt")]
        impl defmt::Format for $type {
            fn format(&self, f: defmt::Formatter<'_>) {
                self.0.format(f);
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
                Self::new(code).ok_or(UnknownReasonCode(code.as_u8()))
            }
        }

        impl TryFrom<u8> for $type {
            type Error = UnknownReasonCode;

            fn try_from(value: u8) -> Result<Self, UnknownReasonCode> {
                <Self as PacketReasonCode>::from_u8(value).ok_or(UnknownReasonCode(value))
            }
        }
    };
    (@own $general:ident $name:literal) => { $name };
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

/// The Reason Codes of PUBREC, which are those of PUBACK.
pub type PubRecReasonCode = PubAckReasonCode;

/// The Reason Codes of PUBCOMP, which are those of PUBREL.
pub type PubCompReasonCode = PubRelReasonCode;

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
        GRANTED_QOS_0 = SUCCESS "Granted QoS 0",
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
    /// Some codes are sent by one side only, see [`ReasonCode::is_allowed_in`].
    DisconnectReasonCode 30 {
        NORMAL_DISCONNECTION = SUCCESS "Normal disconnection",
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
    /// Some codes are sent by one side only, see [`ReasonCode::is_allowed_in`].
    AuthReasonCode 3 {
        SUCCESS,
        CONTINUE_AUTHENTICATION,
        RE_AUTHENTICATE,
    }
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
    use super::{
        AuthReasonCode, ConnAckReasonCode, DisconnectReasonCode, PubAckReasonCode, PubRelReasonCode, SubAckReasonCode,
        UnsubAckReasonCode,
    };
    use crate::ReasonCode;

    #[test]
    fn zero_has_the_name_that_the_standard_gives_it_in_the_packet() {
        assert_eq!(SubAckReasonCode::GRANTED_QOS_0.to_string(), "Granted QoS 0 (0x00)");
        assert_eq!(format!("{:?}", SubAckReasonCode::GRANTED_QOS_0), "Granted QoS 0 (0x00)");
        assert_eq!(DisconnectReasonCode::NORMAL_DISCONNECTION.to_string(), "Normal disconnection (0x00)");
        assert_eq!(format!("{:?}", DisconnectReasonCode::NORMAL_DISCONNECTION), "Normal disconnection (0x00)");
        let others = [
            ConnAckReasonCode::SUCCESS.to_string(),
            PubAckReasonCode::SUCCESS.to_string(),
            PubRelReasonCode::SUCCESS.to_string(),
            UnsubAckReasonCode::SUCCESS.to_string(),
            AuthReasonCode::SUCCESS.to_string(),
        ];
        assert!(others.iter().all(|shown| shown == "Success (0x00)"), "{others:?}");
    }

    #[test]
    fn every_other_code_has_its_general_name() {
        macro_rules! check {
            ($($type:ident)*) => {$(
                for code in $type::ALL.into_iter().filter(|code| *code != ReasonCode::SUCCESS) {
                    assert_eq!(code.name(), code.get().name());
                    assert_eq!(code.to_string(), code.get().to_string());
                    assert_eq!(format!("{code:?}"), format!("{:?}", code.get()));
                }
            )*};
        }
        check!(ConnAckReasonCode PubAckReasonCode PubRelReasonCode SubAckReasonCode UnsubAckReasonCode);
        check!(DisconnectReasonCode AuthReasonCode);
    }
}
