//! Errors of encoding.

use super::rule;
use core::fmt;
use mqtt_types::sn::MessageType;

/// The error for a message that cannot be encoded. The output is unchanged.
///
/// Illegal messages cannot be constructed, so there are few kinds.
///
/// ```
/// use mqtt_codec::sn::{Encode, EncodeErrorKind, PingResp};
///
/// let error = PingResp.encode(&mut [0; 1]).unwrap_err();
/// assert_eq!(error.kind(), EncodeErrorKind::BufferTooSmall { needed: 2 });
/// assert_eq!(error.to_string(), "PINGRESP: the message needs 2 octets, the output has less room");
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EncodeError {
    pub(crate) kind: EncodeErrorKind,
    pub(crate) message_type: MessageType,
}

/// Why a message cannot be encoded.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EncodeErrorKind {
    /// The output is shorter than the datagram.
    BufferTooSmall {
        /// The length of the datagram in octets.
        needed: usize,
    },
    /// The message is longer than 65,535 octets.
    MessageTooLong,
    /// The message is a PUBLISH to a full topic name, which can be decoded only with
    /// [`allow_topic_name_without_connection`](crate::sn::DecodeOptions::allow_topic_name_without_connection).
    TopicNameInPublish,
}

impl EncodeError {
    /// Returns the kind of error.
    #[must_use]
    pub const fn kind(&self) -> EncodeErrorKind {
        self.kind
    }

    /// Returns the type of the message.
    #[must_use]
    pub const fn message_type(&self) -> MessageType {
        self.message_type
    }

    /// Returns the section of the specification that contains the rule.
    #[must_use]
    pub const fn rule(&self) -> &'static str {
        match self.kind {
            EncodeErrorKind::BufferTooSmall { .. } | EncodeErrorKind::MessageTooLong => "section 5.2.1",
            EncodeErrorKind::TopicNameInPublish => rule::message_section(Some(self.message_type)),
        }
    }
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.message_type)?;
        match self.kind {
            EncodeErrorKind::BufferTooSmall { needed } => {
                return write!(f, "the message needs {needed} octets, the output has less room");
            }
            EncodeErrorKind::MessageTooLong => f.write_str("longer than 65,535 octets")?,
            EncodeErrorKind::TopicNameInPublish => f.write_str("a PUBLISH cannot contain a full topic name")?,
        }
        write!(f, " [{}]", self.rule())
    }
}

impl core::error::Error for EncodeError {}
