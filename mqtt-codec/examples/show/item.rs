//! One packet of a stream, legal or not.

use bytes::Bytes;
use mqtt_codec::{Answer, DecodeError, Frame, ProtocolVersion};

/// A packet at its place in a stream, or what was found there instead.
pub(crate) struct Item {
    /// The offset of the first byte in the stream.
    pub(crate) offset: u64,
    /// How many bytes it takes up in the stream.
    pub(crate) len: u64,
    /// These bytes; of a packet whose end is unknown, the first ones. If the packet is cut off, those that are there.
    pub(crate) raw: Bytes,
    /// The version that it was decoded with.
    pub(crate) version: ProtocolVersion,
    pub(crate) content: Content,
}

pub(crate) enum Content {
    Packet(Frame),
    /// The packet is not legal. If its end is known, the next packet follows.
    Bad {
        error: DecodeError,
        /// What the receiver may send before it closes the connection.
        answer: Option<Answer>,
        is_end_known: bool,
    },
    /// The stream ends inside the packet, which needs at least this many bytes more.
    CutOff {
        needed: usize,
    },
}
