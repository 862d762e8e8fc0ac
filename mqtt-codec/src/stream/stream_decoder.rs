//! A stream over a growing buffer.

use crate::error::DecodeError;
use crate::stream::framer::{Framer, Step};
use crate::stream::item::StreamItem;
use crate::stream::methods::stream_methods;
use crate::stream::options::StreamOptions;
use crate::wire::form::Shared;
use bytes::{Buf, Bytes, BytesMut};
use mqtt_types::ProtocolVersion;

/// Decodes a stream from a buffer that grows: hands out packets that own slices of it.
///
/// It owns no socket and no buffer. Read into a [`BytesMut`], ask for packets until there is none, read again. Nothing
/// is copied, not even what stays in the buffer behind a packet; nothing is taken off before a whole packet is
/// there; nothing is ever reserved, so the memory in use is what has been received. The fixed header is parsed
/// once, not at every read.
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
///     while let Some(item) = decoder.decode(&mut buffer)? {
///         let StreamItem::Packet(packet) = item else { continue };
///         packets.push(packet.to_string());
///     }
/// }
/// assert_eq!(packets, [r#"CONNECT 5.0 client="" clean keep_alive=60 s"#, "PINGREQ"]);
/// # Ok::<(), mqtt_codec::DecodeError>(())
/// ```
///
/// # Errors and going on
///
/// After an error every call gives the same error, until the packet is [skipped](Self::skip) or the decoder is dropped.
#[derive(Clone, Debug)]
pub struct StreamDecoder {
    framer: Framer,
    needed: usize,
    refused: Bytes,
}

impl StreamDecoder {
    /// A decoder for a connection that begins.
    #[must_use]
    pub const fn new(options: StreamOptions) -> Self {
        Self { framer: Framer::new(options), needed: 2, refused: Bytes::new() }
    }

    /// The next item at the front of the buffer, which is taken off it; `None` if more bytes are needed.
    ///
    /// # Errors
    ///
    /// The rule that the next packet breaks, as soon as it can be seen: a wrong first byte or a packet that is too
    /// large before the rest is there. A whole packet that is refused is taken off the buffer, see
    /// [`refused`](Self::refused).
    #[inline]
    pub fn decode(&mut self, buffer: &mut BytesMut) -> Result<Option<StreamItem<Bytes>>, DecodeError> {
        if let Some(needed) = self.framer.missing_from_frame(buffer.len()) {
            self.needed = needed;
            return Ok(None);
        }
        self.next_item(buffer)
    }

    fn next_item(&mut self, buffer: &mut BytesMut) -> Result<Option<StreamItem<Bytes>>, DecodeError> {
        let header = match self.framer.whole_frame(buffer) {
            Some(header) => header,
            None => match self.next_step(buffer)? {
                Step::Frame(header) => header,
                step => return self.partial_item(&step, buffer),
            },
        };
        let frame = buffer.split_to(header.packet_len()).freeze();
        self.framer.decode_frame(header, &frame, Shared(&frame), || self.refused = frame.clone())
    }

    /// What is to be done, after all has been dropped that is to be dropped.
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

    /// An item that is less than a packet.
    fn partial_item(&mut self, step: &Step, buffer: &mut BytesMut) -> Result<Option<StreamItem<Bytes>>, DecodeError> {
        match *step {
            Step::Head(header, len, payload_len) => {
                let head = buffer.split_to(len).freeze();
                match self.framer.decode_head(&header, &head, payload_len) {
                    Ok(publish) => {
                        let publish = publish.share(&head);
                        Ok(Some(StreamItem::PublishHead { publish, payload_len }))
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
                Ok(Some(StreamItem::Payload { piece, remaining }))
            }
            // A frame is a whole packet, and what is to be dropped has been.
            Step::Need(_) | Step::Discard(_) | Step::Frame(_) => Ok(None),
        }
    }

    /// How many more bytes are needed at least, after [`decode`](Self::decode) gave `None`. Do not reserve as many
    /// without a limit of your own: it is the peer who says so.
    #[must_use]
    pub const fn needed(&self) -> usize {
        self.needed
    }

    /// The bytes of the packet that the last error was about, if it was there as a whole, or its head was: for a log.
    /// Empty otherwise, and after [`skip`](Self::skip).
    #[must_use]
    pub const fn refused(&self) -> &Bytes {
        &self.refused
    }

    fn forget_refused(&mut self) {
        self.refused = Bytes::new();
    }
}

stream_methods!(StreamDecoder);

#[cfg(test)]
mod tests {
    use crate::{DecodeErrorKind, ProtocolVersion, StreamDecoder, StreamOptions};
    use bytes::BytesMut;

    #[test]
    fn who_was_told_the_version_no_longer_waits_for_connect() {
        let large = [0x30, 0x80, 0x80, 0x08]; // 128 KiB announced
        let mut proxy = StreamDecoder::new(StreamOptions::either(None));
        proxy.set_version(ProtocolVersion::V3_1_1);
        assert_eq!(proxy.decode(&mut BytesMut::from(&large[..])), Ok(None));
        let mut server = StreamDecoder::new(StreamOptions::server());
        server.set_version(ProtocolVersion::V3_1_1);
        let error = server.decode(&mut BytesMut::from(&large[..])).unwrap_err();
        assert!(matches!(error.kind(), DecodeErrorKind::PacketTooLarge { limit: 65_536, .. }));
    }
}
