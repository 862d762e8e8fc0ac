//! What can go wrong: which rule, which field, which byte, and what to answer.

use core::fmt;
use mqtt_types::{
    ConnAck, ConnAckReasonCode, Disconnect, DisconnectReasonCode, Packet, PacketType, PropertyIdentifier,
    ProtocolVersion, ReasonCode, Sender,
};

/// A field of a packet, by the standard's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each variant is called what the standard calls the field")]
#[non_exhaustive]
pub enum Field {
    PacketType,
    Flags,
    RemainingLength,
    ProtocolName,
    ProtocolVersion,
    ConnectFlags,
    KeepAlive,
    ClientIdentifier,
    WillTopic,
    WillPayload,
    WillQoS,
    WillRetain,
    UserName,
    Password,
    AcknowledgeFlags,
    SessionPresent,
    ReasonCode,
    PacketIdentifier,
    TopicName,
    TopicFilter,
    SubscriptionOptions,
    Properties,
    PropertyLength,
    WillProperties,
    WillPropertyLength,
    PropertyIdentifier,
    /// The value of this property.
    Property(PropertyIdentifier),
    Payload,
}

impl Field {
    /// The standard's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::PacketType => "packet type",
            Self::Flags => "fixed header flags",
            Self::RemainingLength => "Remaining Length",
            Self::ProtocolName => "Protocol Name",
            Self::ProtocolVersion => "Protocol Version",
            Self::ConnectFlags => "Connect Flags",
            Self::KeepAlive => "Keep Alive",
            Self::ClientIdentifier => "Client Identifier",
            Self::WillTopic => "Will Topic",
            Self::WillPayload => "Will Payload",
            Self::WillQoS => "Will QoS",
            Self::WillRetain => "Will Retain",
            Self::UserName => "User Name",
            Self::Password => "Password",
            Self::AcknowledgeFlags => "Connect Acknowledge Flags",
            Self::SessionPresent => "Session Present",
            Self::ReasonCode => "Reason Code",
            Self::PacketIdentifier => "Packet Identifier",
            Self::TopicName => "Topic Name",
            Self::TopicFilter => "Topic Filter",
            Self::SubscriptionOptions => "Subscription Options",
            Self::Properties => "Properties",
            Self::PropertyLength => "Property Length",
            Self::WillProperties => "Will Properties",
            Self::WillPropertyLength => "Will Property Length",
            Self::PropertyIdentifier => "Property Identifier",
            Self::Property(identifier) => identifier.name(),
            Self::Payload => "Payload",
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Bytes that are no packet: what is wrong, at which byte, in which field; and from it the rule that is broken and the
/// answer that the standard gives to it.
///
/// Small and `Copy`. It does not end anything: the frame's end is known from its fixed header (see
/// [`decode_fixed_header`](crate::decode_fixed_header)), unless that itself is wrong, and the next packet can be decoded.
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
#[derive(Clone, Copy, Debug)]
pub struct DecodeError {
    pub(crate) kind: DecodeErrorKind,
    pub(crate) field: Field,
    pub(crate) packet_type: PacketType,
    pub(crate) version: ProtocolVersion,
    /// Chooses between statements that say the same of either side; no part of what makes errors equal.
    pub(crate) sender: Sender,
    pub(crate) offset: usize,
}

/// What is wrong with a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DecodeErrorKind {
    /// A type that no version, or not this one, has: 0, and 15 before 5.0.
    ReservedPacketType,
    /// A type that the sender does not send: a client no CONNACK, a server no CONNECT.
    WrongSender(Sender),
    /// The first packet of a connection is no CONNECT, so its version is not known.
    ConnectExpected,
    /// Flags of the fixed header that the type does not have.
    InvalidFlags,
    /// QoS 3.
    InvalidQoS,
    /// DUP in a PUBLISH of QoS 0.
    DupAtQoS0,
    /// A Variable Byte Integer of more than four bytes.
    VariableByteIntegerTooLong,
    /// A Variable Byte Integer in more bytes than it needs (5.0).
    VariableByteIntegerNotMinimal,
    /// The packet is larger than the [limit](crate::DecodeOptions::maximum_packet_size).
    PacketTooLarge {
        /// How large the packet is, fixed header included.
        size: u32,
        /// How large it may be.
        limit: u32,
    },
    /// The packet, or the properties, end inside of the field, or before it.
    UnexpectedEnd,
    /// The packet goes on where it should end.
    TrailingBytes,
    /// Ill-formed UTF-8.
    IllFormedUtf8,
    /// U+0000 in a string.
    NulCharacter,
    /// A control character or a non-character, and the options
    /// [refuse](crate::DecodeOptions::refuse_discouraged_characters) them.
    DiscouragedCharacter,
    /// A Protocol Name that is neither `MQTT` nor `MQIsdp`.
    InvalidProtocolName,
    /// A level that does not go with the name, or that this version of MQTT does not have.
    UnsupportedProtocolVersion,
    /// The reserved bit of the Connect Flags is set.
    ReservedConnectFlag,
    /// Will QoS or Will Retain without a Will.
    WillFlagsWithoutWill,
    /// A Password without a User Name (3.x).
    PasswordWithoutUserName,
    /// An empty Client Identifier with a session that is to be kept (3.1.1), or at all (3.1).
    EmptyClientIdentifier,
    /// A Client Identifier of more than 23 characters (3.1), and the options
    /// [refuse](crate::DecodeOptions::refuse_long_client_identifiers) it.
    ClientIdentifierTooLong,
    /// A reserved bit of the Connect Acknowledge Flags is set.
    ReservedAcknowledgeFlags,
    /// Session Present in a CONNACK that refuses the connection.
    SessionPresentWithFailure,
    /// A CONNACK of 3.x: the server does not speak 5.0.
    ServerSpeaksVersion3,
    /// A number that is no Reason Code of the packet.
    InvalidReasonCode(u8),
    /// Packet Identifier 0.
    PacketIdentifierZero,
    /// A Topic Name, Topic Filter, Will Topic or Response Topic without a character.
    EmptyTopic,
    /// Neither Topic Name nor Topic Alias.
    TopicAliasMissing,
    /// `+` or `#` in a Topic Name, Will Topic or Response Topic.
    WildcardInTopicName,
    /// `#` that is no whole level, or not the last one.
    MisplacedMultiLevelWildcard,
    /// `+` that is no whole level.
    MisplacedSingleLevelWildcard,
    /// `$share/` without a share name.
    EmptyShareName,
    /// `+` or `#` in a share name.
    WildcardInShareName,
    /// A share name without a Topic Filter behind it.
    InvalidSharedFilter,
    /// A reserved bit of the Subscription Options is set.
    ReservedSubscriptionOptions,
    /// Retain Handling 3.
    InvalidRetainHandling,
    /// No Local on a shared subscription.
    NoLocalOnSharedSubscription,
    /// A SUBSCRIBE or UNSUBSCRIBE without a Topic Filter, or a SUBACK or UNSUBACK without a Reason Code.
    EmptyPayload,
    /// A number that is no identifier of a property.
    UnknownProperty(u8),
    /// A property that the packet, or the Will, does not have.
    PropertyNotAllowed,
    /// A property that this sender does not send in this packet.
    PropertyFromWrongSender(Sender),
    /// A property that may be there once is there twice.
    DuplicateProperty,
    /// A value that the property does not allow: 0, or other than 0 and 1.
    InvalidPropertyValue,
    /// Topic Alias 0.
    TopicAliasZero,
    /// Authentication Data without an Authentication Method.
    AuthenticationDataWithoutMethod,
    /// AUTH without an Authentication Method.
    AuthenticationMethodMissing,
    /// The Payload Format Indicator says UTF-8, the payload is not, and the options
    /// [check](crate::DecodeOptions::check_payload_format) it.
    PayloadNotUtf8,
}

impl DecodeError {
    /// What is wrong.
    #[must_use]
    pub const fn kind(&self) -> DecodeErrorKind {
        self.kind
    }

    /// The byte at fault, counted from the packet's first. Of a field that is cut off, or of a topic or name that is
    /// empty, its first byte, that of its length; of a field that is missing, or a part of a Topic Filter, where it would
    /// be: that may be the packet's length.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// The field at fault.
    #[must_use]
    pub const fn field(&self) -> Field {
        self.field
    }

    /// The type of the packet.
    #[must_use]
    pub const fn packet_type(&self) -> PacketType {
        self.packet_type
    }

    /// The version by whose rules it was judged.
    #[must_use]
    pub const fn version(&self) -> ProtocolVersion {
        self.version
    }

    /// The rule that is broken: the number of the normative statement, `MQTT-1.5.4-2`, or where the standard has no
    /// statement the section, `section 2.1.4`. Numbers are those of the version; 3.1 has none and gets those of 3.1.1.
    #[must_use]
    pub const fn rule(&self) -> &'static str {
        crate::rule::decode_rule(self)
    }

    /// The number of the normative statement that is broken, if the rule is one: `MQTT-1.5.4-2`.
    #[must_use]
    pub fn statement(&self) -> Option<&'static str> {
        Some(self.rule()).filter(|rule| rule.starts_with("MQTT-"))
    }

    /// The Reason Code to answer with before the connection is closed: in CONNACK if the packet is a CONNECT, else in
    /// DISCONNECT. `None`: close without an answer.
    ///
    /// 3.x has no answer but the CONNACK that refuses a version (0x84, there 0x01) or a Client Identifier (0x85, there
    /// 0x02).
    #[must_use]
    pub const fn reason_code(&self) -> Option<ReasonCode> {
        use DecodeErrorKind as Kind;
        let code = match self.kind {
            Kind::InvalidProtocolName | Kind::UnsupportedProtocolVersion => {
                return Some(ReasonCode::UNSUPPORTED_PROTOCOL_VERSION);
            }
            Kind::EmptyClientIdentifier | Kind::ClientIdentifierTooLong => {
                return Some(ReasonCode::CLIENT_IDENTIFIER_NOT_VALID);
            }
            // There is nobody who would understand an answer.
            Kind::ServerSpeaksVersion3 | Kind::ConnectExpected => return None,
            Kind::PacketTooLarge { .. } => ReasonCode::PACKET_TOO_LARGE,
            Kind::TopicAliasZero => ReasonCode::TOPIC_ALIAS_INVALID,
            Kind::PayloadNotUtf8 => ReasonCode::PAYLOAD_FORMAT_INVALID,
            Kind::WrongSender(_)
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
                // Section 3.8.3.1 calls it a Protocol Error there, everywhere else it is malformed.
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
        };
        if self.version.is_v3() { None } else { Some(code) }
    }
}

impl DecodeError {
    /// The packet to answer with before the connection is closed: a CONNACK or a DISCONNECT with the
    /// [Reason Code](Self::reason_code), to be encoded for the error's [version](Self::version). `None`: close without an
    /// answer.
    ///
    /// ```
    /// use mqtt_codec::{Encode, ProtocolVersion, decode};
    ///
    /// let error = decode(&[0xC0, 0x01, 0x00], ProtocolVersion::V5).unwrap_err();
    /// let mut output = [0; 8];
    /// if let Some(answer) = error.answer() {
    ///     let len = answer.encode(error.version(), &mut output)?;
    ///     assert_eq!(output[..len], [0xE0, 0x01, 0x81]);
    /// }
    /// assert_eq!(decode(&[0xC0, 0x01, 0x00], ProtocolVersion::V3_1_1).unwrap_err().answer(), None);
    /// # Ok::<(), mqtt_codec::EncodeError>(())
    /// ```
    #[must_use]
    pub fn answer(&self) -> Option<Packet<&'static [u8]>> {
        let code = self.reason_code()?;
        if matches!(self.packet_type, PacketType::Connect) {
            Some(ConnAck::refused(ConnAckReasonCode::new(code)?).into())
        } else {
            Some(Disconnect::new(DisconnectReasonCode::new(code)?).into())
        }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use DecodeErrorKind as Kind;
        let field = self.field;
        write!(f, "{}: ", self.packet_type)?;
        match self.kind {
            Kind::ReservedPacketType => write!(f, "packet type {} is reserved", self.packet_type.as_u8())?,
            Kind::WrongSender(sender) => write!(f, "a {sender} does not send this packet")?,
            Kind::ConnectExpected => f.write_str("the first packet is no CONNECT")?,
            Kind::InvalidFlags => write!(f, "{field} are not those of this packet type")?,
            Kind::InvalidQoS => write!(f, "the QoS in {field} is 3")?,
            Kind::DupAtQoS0 => f.write_str("DUP is set at QoS 0")?,
            Kind::VariableByteIntegerTooLong => write!(f, "{field} has more than four bytes")?,
            Kind::VariableByteIntegerNotMinimal => write!(f, "{field} has more bytes than it needs")?,
            Kind::PacketTooLarge { size, limit } => write!(f, "packet of {size} bytes, the limit is {limit}")?,
            Kind::UnexpectedEnd => write!(f, "{field} is cut off")?,
            Kind::TrailingBytes => f.write_str("bytes are left over")?,
            Kind::IllFormedUtf8 => write!(f, "{field} is not well-formed UTF-8")?,
            Kind::NulCharacter => write!(f, "{field} holds the character U+0000")?,
            Kind::DiscouragedCharacter => write!(f, "{field} holds a control character or a non-character")?,
            Kind::InvalidProtocolName => write!(f, "{field} is neither MQTT nor MQIsdp")?,
            Kind::UnsupportedProtocolVersion => write!(f, "{field} is not supported")?,
            Kind::ReservedConnectFlag => write!(f, "the reserved bit of {field} is set")?,
            Kind::WillFlagsWithoutWill => write!(f, "{field} is set without a Will")?,
            Kind::PasswordWithoutUserName => write!(f, "{field} is there without a User Name")?,
            Kind::EmptyClientIdentifier => write!(f, "{field} is empty")?,
            Kind::ClientIdentifierTooLong => write!(f, "{field} is longer than 23 characters")?,
            Kind::ReservedAcknowledgeFlags => write!(f, "a reserved bit of {field} is set")?,
            Kind::SessionPresentWithFailure => write!(f, "{field} is set and the connection is refused")?,
            Kind::ServerSpeaksVersion3 => f.write_str("the server answers in the form of version 3")?,
            Kind::InvalidReasonCode(value) => write!(f, "0x{value:02X} is no {field} of this packet")?,
            Kind::PacketIdentifierZero => write!(f, "{field} is 0")?,
            Kind::EmptyTopic => write!(f, "{field} is empty")?,
            Kind::TopicAliasMissing => write!(f, "{field} is empty and there is no Topic Alias")?,
            Kind::WildcardInTopicName => write!(f, "{field} holds a wildcard character")?,
            Kind::MisplacedMultiLevelWildcard => write!(f, "'#' is not the whole last level of {field}")?,
            Kind::MisplacedSingleLevelWildcard => write!(f, "'+' is not a whole level of {field}")?,
            Kind::EmptyShareName => write!(f, "the share name of {field} is empty")?,
            Kind::WildcardInShareName => write!(f, "the share name of {field} holds a wildcard character")?,
            Kind::InvalidSharedFilter => write!(f, "{field} has no filter behind its share name")?,
            Kind::ReservedSubscriptionOptions => write!(f, "a reserved bit of {field} is set")?,
            Kind::InvalidRetainHandling => write!(f, "the Retain Handling in {field} is 3")?,
            Kind::NoLocalOnSharedSubscription => f.write_str("No Local is set on a shared subscription")?,
            Kind::EmptyPayload => write!(f, "there is no {field}")?,
            Kind::UnknownProperty(identifier) => write!(f, "0x{identifier:02X} is no {field}")?,
            Kind::PropertyNotAllowed => write!(f, "{field} is not allowed here")?,
            Kind::PropertyFromWrongSender(sender) => write!(f, "a {sender} does not send {field} here")?,
            Kind::DuplicateProperty => write!(f, "{field} is there more than once")?,
            Kind::InvalidPropertyValue => write!(f, "{field} does not allow this value")?,
            Kind::TopicAliasZero => write!(f, "{field} is 0")?,
            Kind::AuthenticationDataWithoutMethod => {
                write!(f, "{field} is there without an Authentication Method")?;
            }
            Kind::AuthenticationMethodMissing => write!(f, "{field} is not there")?,
            Kind::PayloadNotUtf8 => write!(f, "{field} is not the UTF-8 that it is said to be")?,
        }
        write!(f, ", at byte {} [{}]", self.offset, self.rule())
    }
}

impl core::error::Error for DecodeError {}

impl DecodeError {
    const fn identity(&self) -> (DecodeErrorKind, Field, PacketType, ProtocolVersion, usize) {
        (self.kind, self.field, self.packet_type, self.version, self.offset)
    }
}

impl PartialEq for DecodeError {
    fn eq(&self, other: &Self) -> bool {
        self.identity() == other.identity()
    }
}

impl Eq for DecodeError {}

impl core::hash::Hash for DecodeError {
    fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
        self.identity().hash(state);
    }
}

/// Why a packet cannot be encoded. The output is as it was.
///
/// Packets cannot be made illegal, so little is left: no room, too long, or nothing that the version, or the sender, can
/// say.
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
/// assert_eq!(error.to_string(), "PUBACK: MQTT 3.1.1 cannot say this Reason Code [section 3.4]");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EncodeError {
    pub(crate) kind: EncodeErrorKind,
    pub(crate) field: Field,
    pub(crate) packet_type: PacketType,
    pub(crate) version: ProtocolVersion,
}

/// Why a packet cannot be encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EncodeErrorKind {
    /// The output has less room than the packet needs.
    BufferTooSmall {
        /// How many bytes the packet needs.
        needed: usize,
    },
    /// What follows the fixed header is longer than 268,435,455 bytes.
    PacketTooLarge,
    /// The packet is larger than the peer's Maximum Packet Size.
    ExceedsMaximumPacketSize {
        /// How large the packet is, fixed header included.
        size: usize,
        /// How large it may be.
        limit: u32,
    },
    /// The version has no packet of this type, no such field, or no such value there.
    NotInVersion(ProtocolVersion),
    /// The sender does not send this packet, or not with this value.
    NotFromSender(Sender),
    /// A Topic Filter that is none in any version: it comes from a list that was
    /// [let through](crate::DecodeOptions::allow_invalid_topic_filters).
    InvalidTopicFilter,
    /// A control character or a non-character, and the options
    /// [refuse](crate::EncodeOptions::refuse_discouraged_characters) them.
    DiscouragedCharacter,
}

impl EncodeError {
    /// Why.
    #[must_use]
    pub const fn kind(&self) -> EncodeErrorKind {
        self.kind
    }

    /// The field at fault.
    #[must_use]
    pub const fn field(&self) -> Field {
        self.field
    }

    /// The type of the packet.
    #[must_use]
    pub const fn packet_type(&self) -> PacketType {
        self.packet_type
    }

    /// The version that it was to be encoded for.
    #[must_use]
    pub const fn version(&self) -> ProtocolVersion {
        self.version
    }

    /// The rule that would be broken, as in [`DecodeError::rule`].
    #[must_use]
    pub const fn rule(&self) -> &'static str {
        crate::rule::encode_rule(self)
    }

    /// The number of the normative statement that would be broken, if the rule is one.
    #[must_use]
    pub fn statement(&self) -> Option<&'static str> {
        Some(self.rule()).filter(|rule| rule.starts_with("MQTT-"))
    }
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.packet_type)?;
        match self.kind {
            EncodeErrorKind::BufferTooSmall { needed } => {
                return write!(f, "the packet needs {needed} bytes, the output has less room");
            }
            EncodeErrorKind::PacketTooLarge => {
                f.write_str("longer than 268,435,455 bytes without its fixed header")?;
            }
            EncodeErrorKind::ExceedsMaximumPacketSize { size, limit } => {
                write!(f, "packet of {size} bytes, the peer takes {limit}")?;
            }
            EncodeErrorKind::NotInVersion(version) if matches!(self.field, Field::PacketType) => {
                write!(f, "MQTT {version} does not have this packet")?;
            }
            EncodeErrorKind::NotInVersion(version)
                if matches!(self.field, Field::Properties | Field::WillProperties) =>
            {
                write!(f, "MQTT {version} has no {}", self.field)?;
            }
            EncodeErrorKind::NotInVersion(version) => write!(f, "MQTT {version} cannot say this {}", self.field)?,
            EncodeErrorKind::NotFromSender(sender) if matches!(self.field, Field::PacketType) => {
                write!(f, "a {sender} does not send this packet")?;
            }
            EncodeErrorKind::NotFromSender(sender) => write!(f, "a {sender} does not send this {}", self.field)?,
            EncodeErrorKind::InvalidTopicFilter => write!(f, "a {} is not valid", self.field)?,
            EncodeErrorKind::DiscouragedCharacter => {
                write!(f, "{} holds a control character or a non-character", self.field)?;
            }
        }
        write!(f, " [{}]", self.rule())
    }
}

impl core::error::Error for EncodeError {}
