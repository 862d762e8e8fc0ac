//! Kinds of decode errors.

use mqtt_types::sn::Sender;

/// The kind of fault in a datagram.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DecodeErrorKind {
    /// The datagram is empty.
    EmptyDatagram,
    /// Length is smaller than the header: 0, a three-octet Length below 4, or that of an encapsulation below 3.
    LengthTooSmall,
    /// Length differs from the length of the datagram.
    LengthMismatch {
        /// The value of Length.
        length: u16,
        /// The number of octets in the datagram, or in an encapsulation the number of octets of the message. It is
        /// 65,535 if there are more.
        datagram: u16,
    },
    /// A type that the specification reserves.
    ReservedMessageType(u8),
    /// This side does not send messages of this type.
    WrongSender(Sender),
    /// A field is cut off or missing.
    UnexpectedEnd,
    /// Octets remain after the last field.
    TrailingBytes,
    /// The `ProtocolId` of CONNECT is not 0x01.
    UnsupportedProtocolId(u8),
    /// The client identifier is empty.
    EmptyClientId,
    /// The client identifier has more than 23 characters.
    ClientIdTooLong,
    /// Both bits of QoS are set in a message other than PUBLISH.
    InvalidQoS,
    /// `TopicIdType` is 11.
    ReservedTopicIdType,
    /// A PUBLISH at QoS -1 with a registered topic id.
    TopicIdWithoutConnection,
    /// The topic id is 0xFFFF.
    ReservedTopicId,
    /// `MsgId` is 0 in a request.
    MessageIdZero,
    /// A topic name or topic filter is empty.
    EmptyTopic,
    /// A text is ill-formed UTF-8, or contains a surrogate.
    IllFormedUtf8,
    /// A text contains U+0000.
    NulCharacter,
    /// A topic name in a PUBLISH, REGISTER or Will contains `+` or `#`.
    WildcardInTopicName,
    /// `#` is not a whole level, or not the last level of a topic filter.
    MisplacedMultiLevelWildcard,
    /// `+` is not a whole level of a topic filter.
    MisplacedSingleLevelWildcard,
    /// An encapsulation contains another one.
    NestedEncapsulation,
    /// An encapsulation has a three-octet Length.
    EncapsulationWithLongLength,
    /// The datagram has an encapsulation, but only a message is expected, because a forwarder removes the encapsulation
    /// before a client receives the message.
    UnexpectedEncapsulation,
}
