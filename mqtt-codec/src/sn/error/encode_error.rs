//! Errors of encoding: what cannot be said, and why.

use super::rule;
use core::fmt;
use mqtt_types::sn::MessageType;

/// Why a message cannot be encoded. The output is as it was.
///
/// Messages cannot be made illegal, so little is left.
///
/// ```
/// use mqtt_codec::sn::{Encode, EncodeErrorKind, PingResp};
///
/// let error = PingResp.encode(&mut [0; 1]).unwrap_err();
/// assert_eq!(error.kind(), EncodeErrorKind::BufferTooSmall { needed: 2 });
/// assert_eq!(error.to_string(), "PINGRESP: the message needs 2 octets, the output has less room");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EncodeError {
    pub(crate) kind: EncodeErrorKind,
    pub(crate) message_type: MessageType,
}

/// Why a message cannot be encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EncodeErrorKind {
    /// The output has less room than the datagram needs.
    BufferTooSmall {
        /// How many octets the datagram needs.
        needed: usize,
    },
    /// The message is longer than 65,535 octets.
    MessageTooLong,
    /// A PUBLISH to a full topic name, which only
    /// [`allow_topic_name_without_connection`](crate::sn::DecodeOptions::allow_topic_name_without_connection) reads.
    TopicNameInPublish,
}

impl EncodeError {
    /// Returns why.
    #[must_use]
    pub const fn kind(&self) -> EncodeErrorKind {
        self.kind
    }

    /// Returns the type of the message.
    #[must_use]
    pub const fn message_type(&self) -> MessageType {
        self.message_type
    }

    /// Returns the section of the specification that says so.
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
            EncodeErrorKind::TopicNameInPublish => f.write_str("a PUBLISH cannot say its topic name")?,
        }
        write!(f, " [{}]", self.rule())
    }
}

impl core::error::Error for EncodeError {}
