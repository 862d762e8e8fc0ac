//! Decoder of a stream with its own buffer.

use crate::error::DecodeError;
use crate::stream::item::{FrameItem, StreamItem};
use crate::stream::methods::stream_methods;
use crate::stream::options::StreamOptions;
use crate::stream::stream_decoder::StreamDecoder;
use bytes::{Bytes, BytesMut};
use core::fmt;
use mqtt_types::ProtocolVersion;

/// Decoder of a stream that owns its buffer: a [`StreamDecoder`] to which received bytes are pushed.
///
/// ```
/// use mqtt_codec::{PushDecoder, StreamOptions};
///
/// let mut decoder = PushDecoder::new(StreamOptions::client(mqtt_codec::ProtocolVersion::V3_1_1));
/// decoder.push(b"\x20\x02\0\0\xD0");
/// assert!(decoder.next_item()?.is_some());
/// assert!(decoder.next_item()?.is_none());
/// decoder.push(b"\0");
/// assert!(decoder.next_item()?.is_some());
/// # Ok::<(), mqtt_codec::DecodeError>(())
/// ```
#[derive(Clone)]
pub struct PushDecoder {
    decoder: StreamDecoder,
    buffer: BytesMut,
}

impl PushDecoder {
    /// Creates a decoder for a new connection.
    #[must_use]
    pub fn new(options: StreamOptions) -> Self {
        Self { decoder: StreamDecoder::new(options), buffer: BytesMut::new() }
    }

    /// Appends received bytes to the buffer.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// Returns the next item, or `None` if more bytes are needed.
    ///
    /// # Errors
    ///
    /// The same as [`StreamDecoder::next_item`].
    pub fn next_item(&mut self) -> Result<Option<StreamItem<Bytes>>, DecodeError> {
        self.decoder.next_item(&mut self.buffer)
    }

    /// Returns the next packet as a frame, or `None` if more bytes are needed: see [`StreamDecoder::next_frame`].
    ///
    /// # Errors
    ///
    /// The same as [`StreamDecoder::next_item`].
    pub fn next_frame(&mut self) -> Result<Option<FrameItem>, DecodeError> {
        self.decoder.next_frame(&mut self.buffer)
    }

    /// Returns `true` if no packet has begun and no pushed byte is left: the stream may end here.
    #[must_use]
    pub fn is_between_packets(&self) -> bool {
        self.decoder.is_between_packets() && self.buffer.is_empty()
    }

    /// Returns how many more bytes are needed at least, see [`StreamDecoder::needed`].
    #[must_use]
    pub const fn needed(&self) -> usize {
        self.decoder.needed()
    }

    /// Returns the bytes of the packet that caused the last error, see [`StreamDecoder::refused`].
    #[must_use]
    pub const fn refused(&self) -> &Bytes {
        self.decoder.refused()
    }

    fn forget_refused(&mut self) {
        self.decoder.forget_refused();
    }

    /// Returns the buffer, to read into it without a copy.
    pub const fn buffer_mut(&mut self) -> &mut BytesMut {
        &mut self.buffer
    }
}

stream_methods!(PushDecoder, decoder.framer);

/// Shows the length of the buffer. Its bytes may be secret.
impl fmt::Debug for PushDecoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PushDecoder")
            .field("decoder", &self.decoder)
            .field("buffer", &format_args!("{} bytes", self.buffer.len()))
            .finish()
    }
}
