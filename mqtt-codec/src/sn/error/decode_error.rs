//! Errors of decoding: the fault, its position, and the answer.

use super::{DecodeErrorKind, Field, rule};
use core::fmt;
use mqtt_types::PacketIdentifier;
use mqtt_types::sn::{ConnAck, Message, MessageType, PubAck, RegAck, ReturnCode, SubAck, WillTopicResp};

/// The error for a datagram that is not a legal message: the fault, its offset, the field, the section of the
/// specification, and the answer.
///
/// ```
/// use mqtt_codec::sn::{DecodeErrorKind, DecodeOptions, Encode, Field, decode};
///
/// // SUBSCRIBE to "a/b" at QoS 3, MsgId 3.
/// let error = decode(&[0x08, 0x12, 0x60, 0x00, 0x03, b'a', b'/', b'b'], DecodeOptions::new()).unwrap_err();
/// assert_eq!((error.kind(), error.field(), error.offset()), (DecodeErrorKind::InvalidQoS, Field::Flags, 2));
/// assert_eq!(error.to_string(), "SUBSCRIBE: the QoS in Flags is 3, at octet 2 [section 5.3.4]");
///
/// let mut output = [0; 8];
/// let len = error.answer().unwrap().encode(&mut output)?;
/// assert_eq!(output[..len], [0x08, 0x13, 0x00, 0x00, 0x00, 0x00, 0x03, 0x03]); // SUBACK, not supported
/// # Ok::<(), mqtt_codec::sn::EncodeError>(())
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DecodeError {
    pub(crate) kind: DecodeErrorKind,
    pub(crate) field: Field,
    pub(crate) message_type: Option<MessageType>,
    pub(crate) offset: usize,
    /// The topic field and the `MsgId` for an answer; 0 if the answer has none. `None` if the message cannot be answered.
    pub(crate) answer: Option<(u16, u16)>,
}

impl DecodeError {
    /// Returns the fault.
    #[must_use]
    pub const fn kind(&self) -> DecodeErrorKind {
        self.kind
    }

    /// Returns the offset of the faulty octet, counted from the start of the datagram.
    ///
    /// For a field that is cut off, it is the offset of its first octet. For a missing field, it is the offset where
    /// the field would be, which can be the length of the datagram.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// Returns the field at fault.
    #[must_use]
    pub const fn field(&self) -> Field {
        self.field
    }

    /// Returns the type of the message, or `None` if the type is reserved, or unknown because the Length is illegal.
    #[must_use]
    pub const fn message_type(&self) -> Option<MessageType> {
        self.message_type
    }

    /// Returns the section of the specification that contains the rule, for instance `section 5.3.4`. Version 1.2 has
    /// no numbered statements.
    #[must_use]
    pub const fn rule(&self) -> &'static str {
        rule::decode_rule(self.kind, self.field, self.message_type)
    }

    /// Returns the return code of the [answer](Self::answer), or `None` if the datagram should be dropped without an
    /// answer.
    #[must_use]
    pub const fn return_code(&self) -> Option<ReturnCode> {
        use DecodeErrorKind as Kind;
        if self.answer.is_none() {
            return None;
        }
        match (self.kind, self.message_type) {
            (
                Kind::UnsupportedProtocolId(_) | Kind::EmptyClientId | Kind::ClientIdTooLong,
                Some(MessageType::Connect),
            )
            | (Kind::ReservedTopicIdType, Some(MessageType::Publish | MessageType::Subscribe))
            | (Kind::InvalidQoS, Some(MessageType::Subscribe | MessageType::WillTopic | MessageType::WillTopicUpd))
            | (
                Kind::EmptyTopic
                | Kind::IllFormedUtf8
                | Kind::NulCharacter
                | Kind::WildcardInTopicName
                | Kind::MisplacedMultiLevelWildcard
                | Kind::MisplacedSingleLevelWildcard,
                Some(
                    MessageType::Register | MessageType::Subscribe | MessageType::WillTopic | MessageType::WillTopicUpd,
                ),
            ) => Some(ReturnCode::NOT_SUPPORTED),
            (Kind::ReservedTopicId, Some(MessageType::Publish | MessageType::Register | MessageType::Subscribe)) => {
                Some(ReturnCode::INVALID_TOPIC_ID)
            }
            _ => None,
        }
    }

    /// Returns the message to answer with, or `None` if the datagram should be dropped without an answer.
    ///
    /// The answer to a message that came through a forwarder must go back through it. See
    /// [`split_encapsulation`](crate::sn::split_encapsulation).
    #[must_use]
    pub const fn answer(&self) -> Option<Message<&'static [u8]>> {
        let (Some(return_code), Some((topic_id, message_id))) = (self.return_code(), self.answer) else {
            return None;
        };
        let message_id = PacketIdentifier::new(message_id);
        Some(match (self.message_type, message_id) {
            (Some(MessageType::Publish), _) => Message::PubAck(PubAck { topic_id, message_id, return_code }),
            (Some(MessageType::Register), Some(message_id)) => {
                Message::RegAck(RegAck::refused(message_id, return_code))
            }
            (Some(MessageType::Subscribe), Some(message_id)) => {
                Message::SubAck(SubAck::refused(message_id, return_code))
            }
            (Some(MessageType::WillTopicUpd), _) => Message::WillTopicResp(WillTopicResp { return_code }),
            (Some(MessageType::Connect | MessageType::WillTopic), _) => Message::ConnAck(ConnAck { return_code }),
            _ => return None,
        })
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use DecodeErrorKind as Kind;
        let field = self.field;
        if let Some(message_type) = self.message_type {
            write!(f, "{message_type}: ")?;
        }
        match self.kind {
            Kind::EmptyDatagram => f.write_str("the datagram is empty")?,
            Kind::LengthTooSmall => write!(f, "{field} is less than the header has octets")?,
            Kind::LengthMismatch { length, datagram } => {
                write!(f, "{field} is {length}, there are {datagram} octets")?;
            }
            Kind::ReservedMessageType(value) => write!(f, "{field} 0x{value:02X} is reserved")?,
            Kind::WrongSender(sender) => write!(f, "a {sender} does not send this message")?,
            Kind::UnexpectedEnd => write!(f, "{field} is cut off")?,
            Kind::TrailingBytes => f.write_str("octets are left over")?,
            Kind::UnsupportedProtocolId(value) => write!(f, "{field} is 0x{value:02X}, not 0x01")?,
            Kind::EmptyClientId | Kind::EmptyTopic => write!(f, "{field} is empty")?,
            Kind::ClientIdTooLong => write!(f, "{field} is longer than 23 characters")?,
            Kind::InvalidQoS => write!(f, "the QoS in {field} is 3")?,
            Kind::ReservedTopicIdType => write!(f, "the TopicIdType in {field} is 3")?,
            Kind::TopicIdWithoutConnection => write!(f, "the TopicIdType in {field} is 0 at QoS -1")?,
            Kind::ReservedTopicId => write!(f, "{field} is 0xFFFF")?,
            Kind::MessageIdZero => write!(f, "{field} is 0")?,
            Kind::IllFormedUtf8 => write!(f, "{field} is not well-formed UTF-8")?,
            Kind::NulCharacter => write!(f, "{field} holds the character U+0000")?,
            Kind::WildcardInTopicName => write!(f, "{field} holds a wildcard character")?,
            Kind::MisplacedMultiLevelWildcard => write!(f, "'#' is not the whole last level of {field}")?,
            Kind::MisplacedSingleLevelWildcard => write!(f, "'+' is not a whole level of {field}")?,
            Kind::NestedEncapsulation => write!(f, "the {field} is an encapsulation itself")?,
            Kind::EncapsulationWithLongLength => write!(f, "{field} has three octets")?,
            Kind::UnexpectedEncapsulation => f.write_str("a client receives no encapsulation")?,
        }
        write!(f, ", at octet {} [{}]", self.offset, self.rule())
    }
}

impl core::error::Error for DecodeError {}
