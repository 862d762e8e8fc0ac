//! Kinds of encode errors.

use mqtt_types::{ProtocolVersion, Sender};

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
