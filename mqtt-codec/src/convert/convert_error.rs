//! Error of conversion.

use crate::error::{EncodeError, EncodeErrorKind, Field, field_accessors};
use core::fmt;
use mqtt_types::{PacketType, ProtocolVersion};

/// Error of [`convert`](crate::convert): no packet of the target version has the meaning of this one.
///
/// ```
/// use mqtt_codec::{ConvertErrorKind, Disconnect, DisconnectReasonCode, Field, ProtocolVersion, convert};
///
/// let disconnect: Disconnect = Disconnect::new(DisconnectReasonCode::SERVER_SHUTTING_DOWN);
/// let error = convert(disconnect, ProtocolVersion::V5, ProtocolVersion::V3_1_1).unwrap_err();
/// assert_eq!(error.kind(), ConvertErrorKind::CloseInstead);
/// assert_eq!(error.field(), Field::ReasonCode);
/// assert_eq!(
///     error.to_string(),
///     "DISCONNECT: MQTT 3.1.1 cannot express this Reason Code, the connection is closed instead",
/// );
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ConvertError {
    pub(super) kind: ConvertErrorKind,
    pub(super) field: Field,
    pub(super) packet_type: PacketType,
    pub(super) version: ProtocolVersion,
}

/// Reason why a packet cannot be converted.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ConvertErrorKind {
    /// The version has neither this packet or value nor one of a similar meaning.
    NotInVersion,
    /// The version has no packet for this Reason Code of CONNACK or DISCONNECT. Close the network connection without
    /// sending a packet.
    CloseInstead,
    /// A PUBLISH has only a Topic Alias, which 3.x does not have. Set the Topic Name before the conversion.
    TopicNameMissing,
    /// An UNSUBACK of 3.x has no Reason Codes, and 5.0 needs one for each Topic Filter of the UNSUBSCRIBE. Set them before
    /// the conversion.
    ReasonCodesMissing,
    /// A Topic Filter is invalid in every version. Only a packet that was decoded with
    /// [`allow_invalid_topic_filters`](crate::DecodeOptions::allow_invalid_topic_filters) can contain one.
    InvalidTopicFilter,
    /// The Remaining Length would exceed 268,435,455 bytes. 5.0 needs at least one byte more than 3.x.
    PacketTooLarge,
}

impl ConvertError {
    /// Returns why the packet cannot be converted.
    #[must_use]
    pub const fn kind(&self) -> ConvertErrorKind {
        self.kind
    }

    /// Returns the target version.
    #[must_use]
    pub const fn version(&self) -> ProtocolVersion {
        self.version
    }
}

impl From<EncodeError> for ConvertError {
    /// Converts the error that encoding the converted packet would cause.
    fn from(error: EncodeError) -> Self {
        let kind = match error.kind() {
            EncodeErrorKind::InvalidTopicFilter => ConvertErrorKind::InvalidTopicFilter,
            EncodeErrorKind::PacketTooLarge => ConvertErrorKind::PacketTooLarge,
            _ => ConvertErrorKind::NotInVersion,
        };
        Self { kind, field: error.field(), packet_type: error.packet_type(), version: error.version() }
    }
}

impl fmt::Display for ConvertError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, field, packet_type, version } = self;
        write!(f, "{packet_type}: ")?;
        match kind {
            ConvertErrorKind::NotInVersion if *field == Field::PacketType => {
                write!(f, "MQTT {version} does not have this packet")
            }
            ConvertErrorKind::NotInVersion => write!(f, "MQTT {version} cannot express this {field}"),
            ConvertErrorKind::CloseInstead => {
                write!(f, "MQTT {version} cannot express this {field}, the connection is closed instead")
            }
            ConvertErrorKind::TopicNameMissing => {
                write!(f, "there is no {field}, and MQTT {version} has no Topic Alias")
            }
            ConvertErrorKind::ReasonCodesMissing => {
                write!(f, "MQTT {version} needs a {field} for each Topic Filter")
            }
            ConvertErrorKind::InvalidTopicFilter => write!(f, "a {field} is not valid"),
            ConvertErrorKind::PacketTooLarge => f.write_str("longer than 268,435,455 bytes without its fixed header"),
        }
    }
}

field_accessors!(ConvertError);
