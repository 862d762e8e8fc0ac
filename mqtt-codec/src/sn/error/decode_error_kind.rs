//! Kinds of decode errors.

use mqtt_types::sn::Sender;

/// What is wrong with a datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DecodeErrorKind {
    /// The datagram has no octet.
    EmptyDatagram,
    /// Length is less than the octets of the header: 0, a three-octet Length below 4, an encapsulation's below 3.
    LengthTooSmall,
    /// Length is not the number of octets that the datagram has.
    LengthMismatch {
        /// What Length says.
        length: u16,
        /// How many octets there are, 65,535 if there are more; of a message inside an encapsulation, how many there are
        /// for it.
        datagram: u16,
    },
    /// A type that the specification reserves.
    ReservedMessageType(u8),
    /// This side does not send messages of this type.
    WrongSender(Sender),
    /// A field is cut off, or missing.
    UnexpectedEnd,
    /// Octets are left over.
    TrailingBytes,
    /// The `ProtocolId` of CONNECT is not 0x01.
    UnsupportedProtocolId(u8),
    /// The client identifier has no character.
    EmptyClientId,
    /// The client identifier has more than 23 characters.
    ClientIdTooLong,
    /// The two bits of QoS are 11, in a message that is no PUBLISH.
    InvalidQoS,
    /// `TopicIdType` is 11.
    ReservedTopicIdType,
    /// A PUBLISH at QoS -1 with a registered topic id.
    TopicIdWithoutConnection,
    /// The topic id is 0xFFFF.
    ReservedTopicId,
    /// `MsgId` is 0 in a request.
    MessageIdZero,
    /// A topic name or topic filter without a character.
    EmptyTopic,
    /// Ill-formed UTF-8, surrogates included.
    IllFormedUtf8,
    /// U+0000.
    NulCharacter,
    /// `+` or `#` in the name of a topic that is published to.
    WildcardInTopicName,
    /// `#` that is not the whole last level of a topic filter.
    MisplacedMultiLevelWildcard,
    /// `+` that is not a whole level of a topic filter.
    MisplacedSingleLevelWildcard,
    /// A forwarder's encapsulation inside another.
    NestedEncapsulation,
    /// A forwarder's encapsulation with a three-octet Length.
    EncapsulationWithLongLength,
    /// A forwarder's encapsulation where only a message is expected: forwarders take it off in front of a client.
    UnexpectedEncapsulation,
}
