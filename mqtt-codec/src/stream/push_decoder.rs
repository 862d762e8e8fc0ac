//! Decoder of a stream with its own buffer.

use crate::error::DecodeError;
use crate::stream::item::{FrameItem, StreamItem};
use crate::stream::options::StreamOptions;
use crate::stream::stream_decoder::StreamDecoder;
use bytes::{Bytes, BytesMut};

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
#[derive(Clone, Debug)]
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
    /// The same as [`StreamDecoder::decode`].
    pub fn next_item(&mut self) -> Result<Option<StreamItem<Bytes>>, DecodeError> {
        self.decoder.decode(&mut self.buffer)
    }

    /// Returns the next packet as a frame, or `None` if more bytes are needed: see [`StreamDecoder::next_frame`].
    ///
    /// # Errors
    ///
    /// The same as [`StreamDecoder::decode`].
    pub fn next_frame(&mut self) -> Result<Option<FrameItem>, DecodeError> {
        self.decoder.next_frame(&mut self.buffer)
    }

    /// Skips the packet that caused the last error, see [`StreamDecoder::skip`].
    #[must_use = "if it is false, the stream cannot be decoded further"]
    pub fn skip(&mut self) -> bool {
        self.decoder.skip()
    }

    /// Returns the buffer, to read into it without a copy.
    pub const fn buffer_mut(&mut self) -> &mut BytesMut {
        &mut self.buffer
    }

    /// Returns the decoder, to change its version or its options.
    pub const fn decoder_mut(&mut self) -> &mut StreamDecoder {
        &mut self.decoder
    }
}
