//! Kinds of decoding errors.

use mqtt_types::Sender;

/// Reason why bytes cannot be decoded.
///
/// ```
/// use mqtt_codec::{DecodeErrorKind, DecodeOptions, ProtocolVersion, decode};
///
/// let options = DecodeOptions::new(ProtocolVersion::V5).with_maximum_packet_size(1024);
/// // The first bytes of a PUBLISH of 2,051 bytes.
/// let error = decode(&[0x30, 0x80, 0x10], options).unwrap_err();
/// match error.kind() {
///     DecodeErrorKind::PacketTooLarge { size, limit } => assert_eq!((size, limit), (2051, 1024)),
///     kind => panic!("{kind:?}"),
/// }
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DecodeErrorKind {
    /// The version does not have this packet type: 0, or 15 in 3.x.
    ReservedPacketType,
    /// This side does not send packets of this type: a CONNACK from a client, for instance.
    WrongSender(Sender),
    /// The first packet of a client is not a CONNECT. The version is unknown unless the options contain it. See
    /// [`StreamOptions::check_connection_rules`](crate::StreamOptions::check_connection_rules).
    ConnectExpected,
    /// A server sent a packet before its CONNACK, other than the AUTH of 5.0.
    ConnAckExpected,
    /// A client sent a second CONNECT.
    ConnectRepeated,
    /// A server sent a second CONNACK.
    ConnAckRepeated,
    /// The packet type does not allow these flags in the fixed header.
    InvalidFlags,
    /// The QoS is 3.
    InvalidQoS,
    /// DUP is set in a PUBLISH of QoS 0.
    DupAtQoS0,
    /// A Variable Byte Integer has more than four bytes.
    VariableByteIntegerTooLong,
    /// A Variable Byte Integer has more bytes than its value needs (5.0).
    VariableByteIntegerNotMinimal,
    /// The packet is larger than the [limit](crate::DecodeOptions::with_maximum_packet_size).
    PacketTooLarge {
        /// The size of the packet in bytes, fixed header included.
        size: u32,
        /// The limit in bytes.
        limit: u32,
    },
    /// The head of a PUBLISH that is returned in pieces, everything before the payload, is larger than the
    /// [limit](crate::StreamOptions::with_maximum_head_size) or than the slice of a [`SliceDecoder`](crate::SliceDecoder).
    HeadTooLarge {
        /// The minimum size of the head in bytes, fixed header included, as far as it is known.
        size: u32,
        /// The limit in bytes.
        limit: u32,
    },
    /// The packet or the properties end before the end of the field.
    UnexpectedEnd,
    /// Bytes remain after the last field of the packet.
    TrailingBytes,
    /// A string is not well-formed UTF-8.
    IllFormedUtf8,
    /// A string contains U+0000.
    NulCharacter,
    /// A string contains a control character or a non-character, and the options
    /// [refuse](crate::DecodeOptions::refuse_discouraged_characters) them.
    DiscouragedCharacter,
    /// The Protocol Name is neither `MQTT` nor `MQIsdp`.
    InvalidProtocolName,
    /// The Protocol Version is unknown, does not match the Protocol Name, or is not the version in the options of a server.
    UnsupportedProtocolVersion,
    /// The reserved bit of the Connect Flags is set.
    ReservedConnectFlag,
    /// Will QoS or Will Retain is set without a Will.
    WillFlagsWithoutWill,
    /// There is a Password without a User Name (3.x).
    PasswordWithoutUserName,
    /// The Client Identifier is empty: in 3.1, or in 3.1.1 without Clean Session.
    EmptyClientIdentifier,
    /// The Client Identifier has more than 23 characters (3.1), and the options
    /// [refuse](crate::DecodeOptions::refuse_long_client_identifiers) it.
    ClientIdentifierTooLong,
    /// A reserved bit of the Connect Acknowledge Flags is set.
    ReservedAcknowledgeFlags,
    /// Session Present is set in a CONNACK that refuses the connection.
    SessionPresentWithFailure,
    /// A client of 5.0 received a CONNACK in the format of 3.x: the server does not support 5.0.
    ServerSpeaksVersion3,
    /// The packet type does not have this Reason Code.
    InvalidReasonCode(u8),
    /// The Packet Identifier is 0.
    PacketIdentifierZero,
    /// A Topic Name, Topic Filter, Will Topic or Response Topic is empty.
    EmptyTopic,
    /// The Topic Name is empty and there is no Topic Alias.
    TopicAliasMissing,
    /// A Topic Name, Will Topic or Response Topic contains `+` or `#`.
    WildcardInTopicName,
    /// `#` is not a whole level of a Topic Filter, or not the last level.
    MisplacedMultiLevelWildcard,
    /// `+` is not a whole level of a Topic Filter.
    MisplacedSingleLevelWildcard,
    /// The share name after `$share/` is empty.
    EmptyShareName,
    /// A share name contains `+` or `#`.
    WildcardInShareName,
    /// No Topic Filter follows the share name.
    InvalidSharedFilter,
    /// A reserved bit of the Subscription Options is set.
    ReservedSubscriptionOptions,
    /// Retain Handling is 3.
    InvalidRetainHandling,
    /// No Local is set on a shared subscription.
    NoLocalOnSharedSubscription,
    /// A SUBSCRIBE or UNSUBSCRIBE has no Topic Filter, or a SUBACK or UNSUBACK has no Reason Code.
    EmptyPayload,
    /// No property has this identifier.
    UnknownProperty(u8),
    /// The packet type, or the Will, does not allow this property.
    PropertyNotAllowed,
    /// This side does not send this property in packets of this type.
    PropertyFromWrongSender(Sender),
    /// A property that may occur once occurs more than once.
    DuplicateProperty,
    /// The property does not allow this value: 0, or a value other than 0 and 1.
    InvalidPropertyValue,
    /// The Topic Alias is 0.
    TopicAliasZero,
    /// There is Authentication Data without an Authentication Method.
    AuthenticationDataWithoutMethod,
    /// An AUTH has no Authentication Method.
    AuthenticationMethodMissing,
    /// The Payload Format Indicator declares UTF-8, the payload is not UTF-8, and the options
    /// [check](crate::DecodeOptions::check_payload_format) it.
    PayloadNotUtf8,
}
