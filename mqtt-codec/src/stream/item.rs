//! Items that a streaming decoder returns.

#[cfg(feature = "bytes")]
use crate::frame::Frame;
#[cfg(feature = "bytes")]
use bytes::Bytes;
use core::fmt;
use mqtt_types::{Buffer, Packet, Publish};

/// Item of a stream: a whole packet, or a part of a large PUBLISH.
///
/// Parts are returned only if [`StreamOptions::with_payload_pieces_above`](crate::StreamOptions::with_payload_pieces_above) asks for
/// them. The head of the PUBLISH comes first, then its payload in pieces.
///
/// ```
/// use mqtt_codec::{ProtocolVersion, SliceDecoder, StreamItem, StreamOptions};
///
/// let options = StreamOptions::either(Some(ProtocolVersion::V3_1_1)).with_payload_pieces_above(0);
/// let mut storage = [0; 64];
/// let mut decoder = SliceDecoder::new(options, &mut storage);
/// let received = b"\x30\x08\0\x01ahello\xD0\0"; // a PUBLISH and a PINGRESP
/// decoder.space()[..received.len()].copy_from_slice(received);
/// decoder.filled(received.len());
///
/// let mut payload = Vec::new();
/// while let Some(item) = decoder.next_item()? {
///     match item {
///         StreamItem::Packet(packet) => assert_eq!(packet.to_string(), "PINGRESP"),
///         StreamItem::PublishHead { publish, payload_len } => {
///             assert_eq!((publish.topic(), payload_len), ("a", 5));
///         }
///         StreamItem::Payload { piece, .. } => payload.extend_from_slice(piece),
///     }
/// }
/// assert_eq!(payload, b"hello");
/// # Ok::<(), mqtt_codec::DecodeError>(())
/// ```
#[derive(Clone, Copy)]
pub enum StreamItem<B = mqtt_types::DefaultBuffer> {
    /// A whole packet.
    Packet(Packet<B>),
    /// The head of a PUBLISH: everything except the payload, which follows in pieces.
    PublishHead {
        /// The PUBLISH with an empty payload.
        publish: Publish<B>,
        /// The length of the payload in bytes. If it is 0, no piece follows.
        payload_len: u32,
    },
    /// A piece of the payload of the PUBLISH whose head was returned last.
    Payload {
        /// The next bytes of the payload. A piece is never empty.
        piece: B,
        /// The number of bytes that follow this piece. It is 0 for the last piece.
        remaining: u32,
    },
}

impl<B> StreamItem<B> {
    /// Returns the packet, or `None` if the item is a part of a PUBLISH.
    ///
    /// Every item is a packet unless
    /// [`StreamOptions::with_payload_pieces_above`](crate::StreamOptions::with_payload_pieces_above) asks for pieces.
    #[must_use]
    pub fn into_packet(self) -> Option<Packet<B>> {
        match self {
            Self::Packet(packet) => Some(packet),
            Self::PublishHead { .. } | Self::Payload { .. } => None,
        }
    }
}

/// Item of a stream whose packets are returned as [frames](Frame): a whole packet, or a part of a large PUBLISH.
///
/// The same as [`StreamItem`], but with frames.
///
/// ```
/// use mqtt_codec::{FrameItem, ProtocolVersion, PushDecoder, StreamOptions};
///
/// let mut decoder = PushDecoder::new(StreamOptions::either(Some(ProtocolVersion::V5)));
/// decoder.push(b"\x30\x06\0\x01a\0hi\xD0\0"); // a PUBLISH and a PINGRESP
///
/// let mut messages = Vec::new();
/// while let Some(item) = decoder.next_frame()? {
///     if let Some(message) = item.into_frame().and_then(|frame| frame.into_publish().ok()) {
///         messages.push(message);
///     }
/// }
/// assert_eq!(messages.len(), 1);
/// assert_eq!((messages[0].topic(), messages[0].payload()), ("a", &b"hi"[..]));
/// # Ok::<(), mqtt_codec::DecodeError>(())
/// ```
#[cfg(feature = "bytes")]
#[derive(Clone, PartialEq, Eq)]
pub enum FrameItem {
    /// A whole packet.
    Frame(Frame),
    /// The head of a PUBLISH: everything except the payload, which follows in pieces.
    PublishHead {
        /// The PUBLISH with an empty payload.
        publish: Publish<Bytes>,
        /// The length of the payload in bytes. If it is 0, no piece follows.
        payload_len: u32,
    },
    /// A piece of the payload of the PUBLISH whose head was returned last.
    Payload {
        /// The next bytes of the payload. A piece is never empty.
        piece: Bytes,
        /// The number of bytes that follow this piece. It is 0 for the last piece.
        remaining: u32,
    },
}

#[cfg(feature = "bytes")]
impl FrameItem {
    /// Returns the frame, or `None` if the item is a part of a PUBLISH.
    ///
    /// Every item is a frame unless
    /// [`StreamOptions::with_payload_pieces_above`](crate::StreamOptions::with_payload_pieces_above) asks for pieces.
    #[must_use]
    pub fn into_frame(self) -> Option<Frame> {
        match self {
            Self::Frame(frame) => Some(frame),
            Self::PublishHead { .. } | Self::Payload { .. } => None,
        }
    }
}

#[cfg(feature = "bytes")]
impl fmt::Debug for FrameItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Frame(frame) => f.debug_tuple("Frame").field(frame).finish(),
            Self::PublishHead { publish, payload_len } => debug_head(publish, *payload_len, f),
            Self::Payload { piece, remaining } => debug_piece(piece, *remaining, f),
        }
    }
}

fn debug_head<B: Buffer>(publish: &Publish<B>, payload_len: u32, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.debug_struct("PublishHead").field("publish", publish).field("payload_len", &payload_len).finish()
}

fn debug_piece(piece: &[u8], remaining: u32, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let len = piece.len();
    f.debug_struct("Payload").field("piece", &format_args!("{len} bytes")).field("remaining", &remaining).finish()
}

impl<B: Buffer> fmt::Debug for StreamItem<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Packet(packet) => f.debug_tuple("Packet").field(packet).finish(),
            Self::PublishHead { publish, payload_len } => debug_head(publish, *payload_len, f),
            Self::Payload { piece, remaining } => debug_piece(piece.as_ref(), *remaining, f),
        }
    }
}

impl<B: Buffer, C: Buffer> PartialEq<StreamItem<C>> for StreamItem<B> {
    fn eq(&self, other: &StreamItem<C>) -> bool {
        match (self, other) {
            (Self::Packet(one), StreamItem::Packet(other)) => one == other,
            (
                Self::PublishHead { publish: one, payload_len: one_len },
                StreamItem::PublishHead { publish: other, payload_len: other_len },
            ) => one == other && one_len == other_len,
            (
                Self::Payload { piece: one, remaining: after_one },
                StreamItem::Payload { piece: other, remaining: after_other },
            ) => one.as_ref() == other.as_ref() && after_one == after_other,
            _ => false,
        }
    }
}

impl<B: Buffer> Eq for StreamItem<B> {}

#[cfg(all(test, feature = "bytes"))]
mod tests {
    use super::StreamItem;
    use mqtt_types::{PingReq, PingResp, Publish, TopicName};

    fn items() -> Vec<StreamItem<&'static [u8]>> {
        let mut items = vec![StreamItem::Packet(PingReq.into()), StreamItem::Packet(PingResp.into())];
        for topic in ["a", "b"] {
            let publish = Publish::new(TopicName::from_static(topic), &b""[..]);
            items.extend([1, 2].map(|payload_len| StreamItem::PublishHead { publish, payload_len }));
        }
        for piece in [&b"x"[..], b"yz"] {
            items.extend([0, 1].map(|remaining| StreamItem::Payload { piece, remaining }));
        }
        items
    }

    fn to_shared(item: &StreamItem<&[u8]>) -> StreamItem<bytes::Bytes> {
        match *item {
            StreamItem::Packet(packet) => StreamItem::Packet(packet.to_shared()),
            StreamItem::PublishHead { publish, payload_len } => {
                StreamItem::PublishHead { publish: publish.to_shared(), payload_len }
            }
            StreamItem::Payload { piece, remaining } => {
                StreamItem::Payload { piece: bytes::Bytes::copy_from_slice(piece), remaining }
            }
        }
    }

    #[test]
    fn items_are_equal_if_their_contents_are_equal_in_any_buffer() {
        for (i, one) in items().iter().enumerate() {
            for (j, other) in items().iter().enumerate() {
                assert_eq!(one == other, i == j, "{one:?}; {other:?}");
                assert_eq!(*one == to_shared(other), i == j, "{one:?}; {other:?}");
            }
        }
    }

    #[test]
    fn debug_shows_the_length_of_a_payload_and_not_its_bytes() {
        let shown = items().iter().map(|item| format!("{item:?}")).collect::<Vec<_>>();
        assert_eq!(shown[0], "Packet(PingReq)");
        assert!(shown[3].starts_with("PublishHead { publish: Publish {") && shown[3].ends_with(", payload_len: 2 }"));
        assert_eq!(shown[9], "Payload { piece: 2 bytes, remaining: 1 }");
    }
}
