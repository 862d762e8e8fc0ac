//! Error of decoding.

use crate::error::accessors::error_accessors;
use crate::error::decode_error_kind::DecodeErrorKind;
use crate::error::field::Field;
use crate::error::other_protocol::OtherProtocol;
use crate::error::rule;
use core::fmt;
use mqtt_types::{PacketType, ProtocolVersion, ReasonCode, Sender};

/// Error of decoding: the bytes break a rule of MQTT.
///
/// It contains the fault, the field and the offset of the byte. The [rule](Self::rule) of the standard and the
/// [answer](Self::answer) are computed from them.
///
/// The packets after it can still be decoded: [`decode_fixed_header`](crate::decode_fixed_header) returns where the packet
/// ends, unless the fixed header itself is invalid.
///
/// ```
/// use mqtt_codec::{DecodeErrorKind, Field, ProtocolVersion, ReasonCode, decode};
///
/// let error = decode(&[0x30, 0x06, 0x00, 0x03, b'a', b'/', b'#', 0x00], ProtocolVersion::V5).unwrap_err();
/// assert_eq!(error.kind(), DecodeErrorKind::WildcardInTopicName);
/// assert_eq!((error.field(), error.offset()), (Field::TopicName, 6));
/// assert_eq!(error.rule(), "MQTT-3.3.2-2");
/// assert_eq!(error.reason_code(), Some(ReasonCode::PROTOCOL_ERROR));
/// assert_eq!(error.to_string(), "PUBLISH: Topic Name holds a wildcard character, at byte 6 [MQTT-3.3.2-2]");
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug)]
pub struct DecodeError {
    pub(crate) kind: DecodeErrorKind,
    pub(crate) field: Field,
    pub(crate) packet_type: PacketType,
    pub(crate) version: ProtocolVersion,
    /// Selects between two statements with the same text, one for each side.
    pub(crate) sender: Sender,
    pub(crate) offset: usize,
    /// Ignored by comparisons, because it depends on the number of available bytes.
    pub(crate) looks_like: Option<OtherProtocol>,
}

impl DecodeError {
    /// Returns the kind of error.
    #[must_use]
    pub const fn kind(&self) -> DecodeErrorKind {
        self.kind
    }

    /// Returns the offset of the byte that caused the error, from the first byte of the packet.
    ///
    /// - If a field is cut off, or a topic or name is empty: the offset of the field, which starts with its length.
    /// - If a field or a part of a Topic Filter is missing: the offset at which it is expected. This may be the length of
    ///   the packet.
    /// - If the fixed header announces more bytes than the packet has fields: the offset of the first byte too many, which
    ///   may not have arrived.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// Returns the version whose rules were applied.
    #[must_use]
    pub const fn version(&self) -> ProtocolVersion {
        self.version
    }

    /// Returns the protocol that the peer seems to use instead of MQTT, or `None` if the bytes may be intended as MQTT.
    ///
    /// It is a guess for human readers, and appears in the message. It is based on the available bytes: even for an
    /// error in the first byte, it needs up to eight bytes. Comparisons ignore it.
    #[must_use]
    pub const fn looks_like(&self) -> Option<OtherProtocol> {
        self.looks_like
    }

    /// Returns the rule that is broken.
    ///
    /// It is the number of a normative statement, for instance `MQTT-1.5.4-2`, or a section such as `section 2.1.4` where the
    /// standard has no numbered statement. Numbers refer to the standard of the [version](Self::version). MQTT 3.1 has no
    /// numbers, so for 3.1 they refer to 3.1.1.
    #[must_use]
    pub const fn rule(&self) -> &'static str {
        rule::decode_rule(self.kind, self.field, self.packet_type, self.version, self.sender)
    }

    /// Returns the Reason Code to send before closing the connection, or `None` if the connection should be closed
    /// without an answer.
    ///
    /// [`answer`](Self::answer) returns the packet with this code, if one may be sent: a CONNACK or a DISCONNECT.
    ///
    /// For 3.x the only codes are 0x84 and 0x85. A CONNACK of 3.x has other numbers for these: 0x01, which refuses the
    /// version, and 0x02, which refuses the Client Identifier.
    #[must_use]
    pub const fn reason_code(&self) -> Option<ReasonCode> {
        match self.code() {
            Some(ReasonCode::UNSUPPORTED_PROTOCOL_VERSION | ReasonCode::CLIENT_IDENTIFIER_NOT_VALID) => self.code(),
            code if !self.version.is_v3() => code,
            _ => None,
        }
    }

    /// Returns the Reason Code of 5.0 for the error, whatever the version.
    pub(crate) const fn code(&self) -> Option<ReasonCode> {
        use DecodeErrorKind as Kind;
        Some(match self.kind {
            Kind::InvalidProtocolName | Kind::UnsupportedProtocolVersion => ReasonCode::UNSUPPORTED_PROTOCOL_VERSION,
            Kind::EmptyClientIdentifier | Kind::ClientIdentifierTooLong => ReasonCode::CLIENT_IDENTIFIER_NOT_VALID,
            // The peer does not speak the version, or has not said which one it speaks.
            Kind::ServerSpeaksVersion3 | Kind::ConnectExpected => return None,
            Kind::PacketTooLarge { .. } => ReasonCode::PACKET_TOO_LARGE,
            // The limit is not that of the Maximum Packet Size.
            Kind::HeadTooLarge { .. } => ReasonCode::QUOTA_EXCEEDED,
            Kind::TopicAliasZero => ReasonCode::TOPIC_ALIAS_INVALID,
            Kind::PayloadNotUtf8 => ReasonCode::PAYLOAD_FORMAT_INVALID,
            Kind::WrongSender(_)
            | Kind::ConnAckExpected
            | Kind::ConnectRepeated
            | Kind::ConnAckRepeated
            | Kind::PasswordWithoutUserName
            | Kind::SessionPresentWithFailure
            | Kind::InvalidReasonCode(_)
            | Kind::PacketIdentifierZero
            | Kind::EmptyTopic
            | Kind::TopicAliasMissing
            | Kind::WildcardInTopicName
            | Kind::MisplacedMultiLevelWildcard
            | Kind::MisplacedSingleLevelWildcard
            | Kind::EmptyShareName
            | Kind::WildcardInShareName
            | Kind::InvalidSharedFilter
            | Kind::InvalidRetainHandling
            | Kind::NoLocalOnSharedSubscription
            | Kind::EmptyPayload
            | Kind::PropertyFromWrongSender(_)
            | Kind::DuplicateProperty
            | Kind::InvalidPropertyValue
            | Kind::AuthenticationDataWithoutMethod
            | Kind::AuthenticationMethodMissing => ReasonCode::PROTOCOL_ERROR,
            Kind::InvalidQoS => match self.field {
                // A Protocol Error by section 3.8.3.1. QoS 3 in other fields makes the packet malformed.
                Field::SubscriptionOptions => ReasonCode::PROTOCOL_ERROR,
                _ => ReasonCode::MALFORMED_PACKET,
            },
            Kind::ReservedPacketType
            | Kind::InvalidFlags
            | Kind::DupAtQoS0
            | Kind::VariableByteIntegerTooLong
            | Kind::VariableByteIntegerNotMinimal
            | Kind::UnexpectedEnd
            | Kind::TrailingBytes
            | Kind::IllFormedUtf8
            | Kind::NulCharacter
            | Kind::DiscouragedCharacter
            | Kind::ReservedConnectFlag
            | Kind::WillFlagsWithoutWill
            | Kind::ReservedAcknowledgeFlags
            | Kind::ReservedSubscriptionOptions
            | Kind::UnknownProperty(_)
            | Kind::PropertyNotAllowed => ReasonCode::MALFORMED_PACKET,
        })
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use DecodeErrorKind as Kind;
        let field = self.field;
        if let Some(other) = self.looks_like {
            write!(f, "this looks like {other}, not MQTT; ")?;
        }
        write!(f, "{}: ", self.packet_type)?;
        match self.kind {
            Kind::ReservedPacketType => write!(f, "packet type {} is reserved", self.packet_type.as_u8())?,
            Kind::WrongSender(sender) => write!(f, "a {sender} does not send this packet")?,
            Kind::ConnectExpected => f.write_str("the first packet is not a CONNECT")?,
            Kind::ConnAckExpected => f.write_str("the first packet is not a CONNACK")?,
            Kind::ConnectRepeated => f.write_str("the client has sent a CONNECT before")?,
            Kind::ConnAckRepeated => f.write_str("the server has sent a CONNACK before")?,
            Kind::InvalidFlags => write!(f, "{field} are not valid for this packet type")?,
            Kind::InvalidQoS => write!(f, "the QoS in {field} is 3")?,
            Kind::DupAtQoS0 => f.write_str("DUP is set at QoS 0")?,
            Kind::VariableByteIntegerTooLong => write!(f, "{field} has more than four bytes")?,
            Kind::VariableByteIntegerNotMinimal => write!(f, "{field} has more bytes than it needs")?,
            Kind::PacketTooLarge { size, limit } => write!(f, "packet of {size} bytes, the limit is {limit}")?,
            Kind::HeadTooLarge { size, limit } => {
                write!(f, "at least {size} bytes before the payload, the limit is {limit}")?;
            }
            Kind::UnexpectedEnd => write!(f, "{field} is cut off")?,
            Kind::TrailingBytes => f.write_str("bytes remain after the last field")?,
            Kind::IllFormedUtf8 => write!(f, "{field} is not well-formed UTF-8")?,
            Kind::NulCharacter => write!(f, "{field} holds the character U+0000")?,
            Kind::DiscouragedCharacter => write!(f, "{field} holds a control character or a non-character")?,
            Kind::InvalidProtocolName => write!(f, "{field} is neither MQTT nor MQIsdp")?,
            Kind::UnsupportedProtocolVersion => write!(f, "{field} is not supported")?,
            Kind::ReservedConnectFlag => write!(f, "the reserved bit of {field} is set")?,
            Kind::WillFlagsWithoutWill => write!(f, "{field} is set without a Will")?,
            Kind::PasswordWithoutUserName => write!(f, "{field} is present without a User Name")?,
            Kind::EmptyClientIdentifier => write!(f, "{field} is empty")?,
            Kind::ClientIdentifierTooLong => write!(f, "{field} is longer than 23 characters")?,
            Kind::ReservedAcknowledgeFlags => write!(f, "a reserved bit of {field} is set")?,
            Kind::SessionPresentWithFailure => write!(f, "{field} is set and the connection is refused")?,
            Kind::ServerSpeaksVersion3 => f.write_str("the server answers in the format of MQTT 3")?,
            Kind::InvalidReasonCode(value) => write!(f, "0x{value:02X} is not a {field} of this packet")?,
            Kind::PacketIdentifierZero => write!(f, "{field} is 0")?,
            Kind::EmptyTopic => write!(f, "{field} is empty")?,
            Kind::TopicAliasMissing => write!(f, "{field} is empty and there is no Topic Alias")?,
            Kind::WildcardInTopicName => write!(f, "{field} holds a wildcard character")?,
            Kind::MisplacedMultiLevelWildcard => write!(f, "'#' is not the whole last level of {field}")?,
            Kind::MisplacedSingleLevelWildcard => write!(f, "'+' is not a whole level of {field}")?,
            Kind::EmptyShareName => write!(f, "the share name of {field} is empty")?,
            Kind::WildcardInShareName => write!(f, "the share name of {field} holds a wildcard character")?,
            Kind::InvalidSharedFilter => write!(f, "{field} has no filter after its share name")?,
            Kind::ReservedSubscriptionOptions => write!(f, "a reserved bit of {field} is set")?,
            Kind::InvalidRetainHandling => write!(f, "the Retain Handling in {field} is 3")?,
            Kind::NoLocalOnSharedSubscription => f.write_str("No Local is set on a shared subscription")?,
            Kind::EmptyPayload => write!(f, "there is no {field}")?,
            Kind::UnknownProperty(identifier) => write!(f, "0x{identifier:02X} is not a {field}")?,
            Kind::PropertyNotAllowed => write!(f, "{field} is not allowed here")?,
            Kind::PropertyFromWrongSender(sender) => write!(f, "a {sender} does not send {field} here")?,
            Kind::DuplicateProperty => write!(f, "{field} occurs more than once")?,
            Kind::InvalidPropertyValue => write!(f, "{field} does not allow this value")?,
            Kind::TopicAliasZero => write!(f, "{field} is 0")?,
            Kind::AuthenticationDataWithoutMethod => {
                write!(f, "{field} is present without an Authentication Method")?;
            }
            Kind::AuthenticationMethodMissing => write!(f, "{field} is missing")?,
            Kind::PayloadNotUtf8 => write!(f, "{field} is declared to be UTF-8 and is not")?,
        }
        write!(f, ", at byte {} [{}]", self.offset, self.rule())
    }
}

error_accessors!(DecodeError);

impl DecodeError {
    /// Returns the fields that take part in comparisons. The sender takes part only through the rule that it selects.
    const fn comparison_key(&self) -> (DecodeErrorKind, Field, PacketType, ProtocolVersion, usize) {
        (self.kind, self.field, self.packet_type, self.version, self.offset)
    }
}

impl PartialEq for DecodeError {
    fn eq(&self, other: &Self) -> bool {
        self.comparison_key() == other.comparison_key() && self.rule() == other.rule()
    }
}

impl Eq for DecodeError {}

impl core::hash::Hash for DecodeError {
    fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
        self.comparison_key().hash(state);
    }
}
