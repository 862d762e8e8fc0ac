//! Decoder of a stream over a growing buffer.

use crate::error::DecodeError;
use crate::frame::ShortBytes;
use crate::stream::framer::{Framer, Step};
use crate::stream::item::{FrameItem, StreamItem};
use crate::stream::methods::stream_methods;
use crate::stream::options::StreamOptions;
use crate::wire::fixed_header::DecodedFixedHeader;
use crate::wire::form::Shared;
use bytes::{Buf, Bytes, BytesMut};
use core::fmt;
use mqtt_types::{PacketType, ProtocolVersion, Publish};

/// Decoder of a stream over a growing buffer, a `BytesMut`. Its packets own slices of that buffer.
///
/// The decoder owns neither a socket nor a buffer. Read into the buffer, decode until there is no more item, and read
/// again.
///
/// - No byte is copied. A packet shares the memory of the buffer, and keeps all of it alive: 2,000 messages of six bytes,
///   each in a buffer of 64 KiB, keep 128 MB. Call [`to_compact`](mqtt_types::Packet::to_compact) on packets that are
///   kept for long.
/// - Bytes stay in the buffer until their item is returned.
/// - The decoder reserves no memory, so the memory in use is what has been received.
/// - A fixed header is not parsed again after every read.
///
/// ```
/// use bytes::BytesMut;
/// use mqtt_codec::{StreamDecoder, StreamItem, StreamOptions};
///
/// let mut decoder = StreamDecoder::new(StreamOptions::server());
/// let mut buffer = BytesMut::new();
/// let mut packets = Vec::new();
/// for received in [&b"\x10\x0D\0\x04MQTT\x05"[..], b"\x02\0\x3C\0\0\0\xC0", b"\0"] {
///     buffer.extend_from_slice(received); // or: socket.read_buf(&mut buffer)
///     while let Some(item) = decoder.next_item(&mut buffer)? {
///         let StreamItem::Packet(packet) = item else { continue };
///         packets.push(packet.to_string());
///     }
/// }
/// assert_eq!(packets, [r#"CONNECT 5.0 client="" clean keep_alive=60 s"#, "PINGREQ"]);
/// # Ok::<(), mqtt_codec::DecodeError>(())
/// ```
///
/// # After an error
///
/// After an error every call returns the same error, until the packet is [skipped](Self::skip).
#[derive(Clone)]
pub struct StreamDecoder {
    pub(super) framer: Framer,
    needed: usize,
    refused: Bytes,
}

impl StreamDecoder {
    /// Creates a decoder for a new connection.
    #[must_use]
    pub const fn new(options: StreamOptions) -> Self {
        Self { framer: Framer::new(options), needed: 2, refused: Bytes::new() }
    }

    /// Removes the next item from the front of the buffer and returns it. Returns `None` if more bytes are needed.
    ///
    /// # Errors
    ///
    /// Returns an error if the next packet breaks a rule. An invalid first byte and a packet that is too large are reported
    /// before the rest of the packet is received. A complete packet that is refused is removed from the buffer, see
    /// [`refused`](Self::refused).
    #[inline]
    pub fn next_item(&mut self, buffer: &mut BytesMut) -> Result<Option<StreamItem<Bytes>>, DecodeError> {
        if self.waits(buffer.len()) {
            return Ok(None);
        }
        self.complete_item(buffer)
    }

    /// Returns `true` if the frame in progress is incomplete with this many bytes in the buffer, and records how many are
    /// needed.
    #[inline]
    pub(crate) fn waits(&mut self, available: usize) -> bool {
        match self.framer.missing_from_frame(available) {
            Some(needed) => {
                self.needed = needed;
                true
            }
            None => false,
        }
    }

    fn complete_item(&mut self, buffer: &mut BytesMut) -> Result<Option<StreamItem<Bytes>>, DecodeError> {
        let header = match self.next_header(buffer)? {
            Ok(header) => header,
            Err(part) => return Ok(part.map(Into::into)),
        };
        let len = header.packet_len();
        let short = copy_if_short(header, buffer);
        let shared;
        let frame = if let Some(short) = &short {
            shared = Bytes::new();
            buffer.advance(len);
            short
        } else {
            shared = buffer.split_to(len).freeze();
            &shared[..]
        };
        self.framer.decode_frame(header, frame, Shared(&shared), || self.refused = keep(frame, &shared))
    }

    /// Removes the next packet from the front of the buffer and keeps it as a [`Frame`](crate::Frame); returns `None` if
    /// more bytes are needed.
    ///
    /// A frame is the cheapest form of a packet that is kept or forwarded: it costs one reference count, however many
    /// fields the packet has. Calls of this method and of [`next_item`](Self::next_item) may be mixed.
    ///
    /// ```
    /// use bytes::BytesMut;
    /// use mqtt_codec::{FrameItem, ProtocolVersion, StreamDecoder, StreamOptions};
    ///
    /// let mut decoder = StreamDecoder::new(StreamOptions::either(Some(ProtocolVersion::V3_1_1)));
    /// let mut buffer = BytesMut::from(&b"\x30\x05\0\x01ahi\xD0"[..]);
    /// let Some(FrameItem::Frame(frame)) = decoder.next_frame(&mut buffer)? else { panic!() };
    /// assert_eq!(frame.as_publish().unwrap().payload(), b"hi");
    /// assert!(decoder.next_frame(&mut buffer)?.is_none());
    /// # Ok::<(), mqtt_codec::DecodeError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The same as [`next_item`](Self::next_item).
    #[inline]
    pub fn next_frame(&mut self, buffer: &mut BytesMut) -> Result<Option<FrameItem>, DecodeError> {
        if self.waits(buffer.len()) {
            return Ok(None);
        }
        self.complete_frame(buffer)
    }

    fn complete_frame(&mut self, buffer: &mut BytesMut) -> Result<Option<FrameItem>, DecodeError> {
        let header = match self.next_header(buffer)? {
            Ok(header) => header,
            Err(part) => return Ok(part.map(Into::into)),
        };
        let len = header.packet_len();
        let refuse = |bytes| self.refused = bytes;
        if let Some(short) = copy_if_short(header, buffer) {
            buffer.advance(len);
            return self.framer.take_frame(header, short, refuse);
        }
        self.framer.take_frame(header, buffer.split_to(len).freeze(), refuse)
    }

    /// Returns the fixed header of the complete packet at the front of the buffer. If there is none, returns a part of a PUBLISH,
    /// or `None` if more bytes are needed.
    #[inline(always)]
    fn next_header(&mut self, buffer: &mut BytesMut) -> Result<Result<DecodedFixedHeader, Option<Part>>, DecodeError> {
        match self.framer.first_step(buffer) {
            Ok(header) => Ok(Ok(header)),
            Err(Some(needed)) => {
                self.needed = needed;
                Ok(Err(None))
            }
            Err(None) => match self.next_step(buffer)? {
                Step::Frame(header) => Ok(Ok(header)),
                step => self.partial_item(&step, buffer).map(Err),
            },
        }
    }

    /// Returns the next step, after dropping the bytes that are to be skipped.
    fn next_step(&mut self, buffer: &mut BytesMut) -> Result<Step, DecodeError> {
        loop {
            match self.framer.poll(buffer)? {
                Step::Discard(len) => {
                    buffer.advance(len);
                    self.framer.discarded(len);
                }
                Step::Need(needed) => {
                    self.needed = needed;
                    return Ok(Step::Need(needed));
                }
                step => return Ok(step),
            }
        }
    }

    /// Returns a part of a PUBLISH, if the step asks for one.
    fn partial_item(&mut self, step: &Step, buffer: &mut BytesMut) -> Result<Option<Part>, DecodeError> {
        match *step {
            Step::Head(header, len, payload_len) => {
                let head = buffer.split_to(len).freeze();
                match self.framer.decode_head(&header, &head, payload_len) {
                    Ok(publish) => {
                        let publish = publish.share(&head);
                        Ok(Some(Part::Head { publish, payload_len }))
                    }
                    Err(error) => {
                        self.refused = head;
                        Err(error)
                    }
                }
            }
            Step::Piece(len, remaining) => {
                let piece = buffer.split_to(len).freeze();
                self.framer.piece_delivered(len, remaining);
                Ok(Some(Part::Payload { piece, remaining }))
            }
            // The caller handles `Frame`, and `next_step` handles `Discard`.
            Step::Need(_) | Step::Discard(_) | Step::Frame(_) => Ok(None),
        }
    }

    /// Returns how many more bytes are needed at least, after [`next_item`](Self::next_item) returned `None`.
    ///
    /// The peer chooses this number, up to the maximum packet size. Do not reserve that much memory without a limit.
    #[must_use]
    pub const fn needed(&self) -> usize {
        self.needed
    }

    /// Returns `true` if no packet has begun: the stream may end here.
    ///
    /// Call it after [`next_item`](Self::next_item) or [`next_frame`](Self::next_frame) returned `None`. Then the
    /// decoder has examined all bytes in the buffer, and the buffer is empty if the result is `true`. At other times,
    /// the buffer may contain bytes of further packets.
    ///
    /// ```
    /// use bytes::BytesMut;
    /// use mqtt_codec::{StreamDecoder, StreamOptions};
    ///
    /// let mut decoder = StreamDecoder::new(StreamOptions::either(Some(mqtt_codec::ProtocolVersion::V5)));
    /// let mut buffer = BytesMut::from(&b"\xC0\0\x62"[..]); // a PINGREQ, and the first byte of a PUBREL
    /// while decoder.next_item(&mut buffer)?.is_some() {}
    /// assert!(!decoder.is_between_packets()); // if the connection is closed here, a packet is cut off
    /// # Ok::<(), mqtt_codec::DecodeError>(())
    /// ```
    #[must_use]
    pub const fn is_between_packets(&self) -> bool {
        self.framer.is_between_packets()
    }

    /// Returns the bytes of the packet that caused the last error, for a log.
    ///
    /// They are a whole packet, or the head of a PUBLISH that is returned in pieces. Empty if the error was reported before
    /// these were complete, and after [`skip`](Self::skip).
    #[must_use]
    pub const fn refused(&self) -> &Bytes {
        &self.refused
    }

    pub(super) fn forget_refused(&mut self) {
        self.refused = Bytes::new();
    }
}

stream_methods!(StreamDecoder, framer);

/// Shows the length of a refused packet. Its bytes may be secret.
impl fmt::Debug for StreamDecoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamDecoder")
            .field("framer", &self.framer)
            .field("needed", &self.needed)
            .field("refused", &format_args!("{} bytes", self.refused.len()))
            .finish()
    }
}

/// Copies a short packet. A PUBLISH is tested for first: no valid one is short, and the processor, which has to guess whether
/// the next packet is a PUBLISH in any case, then guesses only once.
#[inline(always)]
fn copy_if_short(header: DecodedFixedHeader, buffer: &[u8]) -> Option<ShortBytes> {
    match header.header.packet_type {
        PacketType::Publish => None,
        _ => ShortBytes::copy(buffer, header.packet_len()),
    }
}

/// Returns the bytes of a refused packet. A short one is not shared.
#[cold]
fn keep(frame: &[u8], shared: &Bytes) -> Bytes {
    if shared.is_empty() { Bytes::copy_from_slice(frame) } else { shared.clone() }
}

/// A part of a large PUBLISH.
enum Part {
    Head { publish: Publish<Bytes>, payload_len: u32 },
    Payload { piece: Bytes, remaining: u32 },
}

impl From<Part> for StreamItem<Bytes> {
    fn from(part: Part) -> Self {
        match part {
            Part::Head { publish, payload_len } => Self::PublishHead { publish, payload_len },
            Part::Payload { piece, remaining } => Self::Payload { piece, remaining },
        }
    }
}

impl From<Part> for FrameItem {
    fn from(part: Part) -> Self {
        match part {
            Part::Head { publish, payload_len } => Self::PublishHead { publish, payload_len },
            Part::Payload { piece, remaining } => Self::Payload { piece, remaining },
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{DecodeErrorKind, ProtocolVersion, StreamDecoder, StreamOptions};
    use bytes::BytesMut;

    #[test]
    fn set_version_ends_the_wait_for_connect_except_for_a_server() {
        let large = [0x30, 0x80, 0x80, 0x08]; // 128 KiB announced
        let mut proxy = StreamDecoder::new(StreamOptions::either(None));
        proxy.set_version(ProtocolVersion::V3_1_1);
        assert_eq!(proxy.next_item(&mut BytesMut::from(&large[..])), Ok(None));
        let mut server = StreamDecoder::new(StreamOptions::server());
        server.set_version(ProtocolVersion::V3_1_1);
        let error = server.next_item(&mut BytesMut::from(&[0x10, 0x80, 0x80, 0x08][..])).unwrap_err();
        assert!(matches!(error.kind(), DecodeErrorKind::PacketTooLarge { limit: 65_536, .. }));
    }
}
