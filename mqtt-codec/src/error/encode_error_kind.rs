//! Kinds of encoding errors.

use mqtt_types::{ProtocolVersion, Sender};

/// Reason why a packet cannot be encoded.
///
/// ```
/// use mqtt_codec::{Encode, EncodeErrorKind, ProtocolVersion, Publish, TopicName};
///
/// let publish = Publish::new(TopicName::from_static("a"), b"payload");
/// let mut output = vec![0; 8];
/// let len = loop {
///     match publish.encode(ProtocolVersion::V5, &mut output) {
///         Ok(len) => break len,
///         Err(error) => match error.kind() {
///             EncodeErrorKind::BufferTooSmall { needed } => output.resize(needed, 0),
///             _ => return Err(error),
///         },
///     }
/// };
/// assert_eq!((len, output.len()), (13, 13));
/// # Ok::<(), mqtt_codec::EncodeError>(())
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EncodeErrorKind {
    /// The output is shorter than the packet.
    BufferTooSmall {
        /// The length of the packet in bytes.
        needed: usize,
    },
    /// The Remaining Length would exceed 268,435,455 bytes.
    PacketTooLarge,
    /// The packet is larger than the Maximum Packet Size of the peer.
    ExceedsMaximumPacketSize {
        /// The size of the packet in bytes, fixed header included.
        size: usize,
        /// The Maximum Packet Size.
        limit: u32,
    },
    /// The version of the connection is unknown, and the packet is not a CONNECT. `Codec` takes the version from CONNECT.
    VersionUnknown,
    /// The version does not have this packet type, this field, or this value of the field.
    NotInVersion(ProtocolVersion),
    /// An UNSUBACK has no Reason Codes, and 5.0 needs one for each Topic Filter of the UNSUBSCRIBE.
    ReasonCodesMissing,
    /// This side may not send the packet, or may not send it with this field or value.
    NotFromSender(Sender),
    /// A Topic Filter is invalid in every version. Only a packet that was decoded with
    /// [`allow_invalid_topic_filters`](crate::DecodeOptions::allow_invalid_topic_filters) can contain one.
    InvalidTopicFilter,
    /// A string contains a control character or a non-character, and the options
    /// [refuse](crate::EncodeOptions::refuse_discouraged_characters) them.
    DiscouragedCharacter,
    /// The message has a Topic Alias and no Topic Name. An alias belongs to the connection that the message came from,
    /// and is never forwarded.
    TopicNameMissing,
    /// The Message Expiry Interval has passed, so the message must not be sent any more.
    MessageExpired,
}
