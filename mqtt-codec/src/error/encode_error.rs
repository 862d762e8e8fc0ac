//! Error of encoding.

use crate::error::accessors::error_accessors;
use crate::error::encode_error_kind::EncodeErrorKind;
use crate::error::field::Field;
use crate::error::rule;
use core::fmt;
use mqtt_types::{PacketType, ProtocolVersion};

/// Error of encoding. The output is unchanged.
///
/// An illegal packet cannot be constructed. Encoding therefore fails only if the packet does not fit into the output, is too
/// long, or contains something that the protocol version or the sender does not allow.
///
/// ```
/// use mqtt_codec::{Encode, EncodeErrorKind, Field, Packet, PacketIdentifier, ProtocolVersion, PubAck};
/// use mqtt_codec::PubAckReasonCode;
///
/// let refused: PubAck<&[u8]> =
///     PubAck { reason_code: PubAckReasonCode::QUOTA_EXCEEDED, ..PubAck::new(PacketIdentifier::MIN) };
/// let error = refused.encode(ProtocolVersion::V3_1_1, &mut [0; 16]).unwrap_err();
/// assert_eq!(error.kind(), EncodeErrorKind::NotInVersion(ProtocolVersion::V3_1_1));
/// assert_eq!(error.field(), Field::ReasonCode);
/// assert_eq!(error.to_string(), "PUBACK: MQTT 3.1.1 cannot express this Reason Code [section 3.4]");
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EncodeError {
    pub(crate) kind: EncodeErrorKind,
    pub(crate) field: Field,
    pub(crate) packet_type: PacketType,
    pub(crate) version: ProtocolVersion,
    /// Selects between two statements with the same text, one for each side. `false` if there is one statement.
    pub(crate) from_client: bool,
}

impl EncodeError {
    /// Returns the kind of error.
    #[must_use]
    pub const fn kind(&self) -> EncodeErrorKind {
        self.kind
    }

    /// Returns the version for which the packet was to be encoded.
    #[must_use]
    pub const fn version(&self) -> ProtocolVersion {
        self.version
    }

    /// Returns the rule that the encoded packet would break, in the form of
    /// [`DecodeError::rule`](crate::DecodeError::rule).
    #[must_use]
    pub const fn rule(&self) -> &'static str {
        rule::encode_rule(self.kind, self.field, self.packet_type, self.version, self.from_client)
    }
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.packet_type)?;
        match self.kind {
            EncodeErrorKind::BufferTooSmall { needed } => {
                return write!(f, "the packet has {needed} bytes, the output is shorter");
            }
            EncodeErrorKind::PacketTooLarge => {
                f.write_str("longer than 268,435,455 bytes without its fixed header")?;
            }
            EncodeErrorKind::ExceedsMaximumPacketSize { size, limit } => {
                write!(f, "packet of {size} bytes, the peer accepts {limit}")?;
            }
            EncodeErrorKind::ReasonCodesMissing => {
                write!(f, "MQTT {} needs a {} for each Topic Filter", self.version, self.field)?;
            }
            EncodeErrorKind::VersionUnknown => {
                f.write_str("the version of the connection is not known before CONNECT")?;
            }
            EncodeErrorKind::NotInVersion(version) if matches!(self.field, Field::PacketType) => {
                write!(f, "MQTT {version} does not have this packet")?;
            }
            EncodeErrorKind::NotInVersion(version)
                if matches!(self.field, Field::Properties | Field::WillProperties) =>
            {
                write!(f, "MQTT {version} has no {}", self.field)?;
            }
            EncodeErrorKind::NotInVersion(version) => write!(f, "MQTT {version} cannot express this {}", self.field)?,
            EncodeErrorKind::NotFromSender(sender) if matches!(self.field, Field::PacketType) => {
                write!(f, "a {sender} does not send this packet")?;
            }
            EncodeErrorKind::NotFromSender(sender) => write!(f, "a {sender} does not send this {}", self.field)?,
            EncodeErrorKind::TopicNameMissing => {
                write!(f, "there is no {}, and a Topic Alias is not sent on", self.field)?;
            }
            EncodeErrorKind::MessageExpired => write!(f, "the {} has passed", self.field)?,
            EncodeErrorKind::InvalidTopicFilter => write!(f, "a {} is not valid", self.field)?,
            EncodeErrorKind::DiscouragedCharacter => {
                write!(f, "{} holds a control character or a non-character", self.field)?;
            }
        }
        write!(f, " [{}]", self.rule())
    }
}

error_accessors!(EncodeError);
