//! Kinds of decode errors.

use mqtt_types::Sender;

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
