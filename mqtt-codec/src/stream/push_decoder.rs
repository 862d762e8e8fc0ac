//! A stream with a buffer of its own.

use crate::error::DecodeError;
use crate::stream::item::{FrameItem, StreamItem};
use crate::stream::options::StreamOptions;
use crate::stream::stream_decoder::StreamDecoder;
use bytes::{Bytes, BytesMut};

/// Decodes a stream from bytes that are pushed: a [`StreamDecoder`] with a buffer of its own.
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
    /// A decoder for a connection that begins.
    #[must_use]
    pub fn new(options: StreamOptions) -> Self {
        Self { decoder: StreamDecoder::new(options), buffer: BytesMut::new() }
    }

    /// Copies bytes to the end of the buffer.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next item; `None` if more bytes are needed.
    ///
    /// # Errors
    ///
    /// As [`StreamDecoder::decode`].
    pub fn next_item(&mut self) -> Result<Option<StreamItem<Bytes>>, DecodeError> {
        self.decoder.decode(&mut self.buffer)
    }

    /// Returns the next packet as a frame, or `None` if more bytes are needed: see [`StreamDecoder::next_frame`].
    ///
    /// # Errors
    ///
    /// As [`StreamDecoder::decode`].
    pub fn next_frame(&mut self) -> Result<Option<FrameItem>, DecodeError> {
        self.decoder.next_frame(&mut self.buffer)
    }

    /// Gives up the packet that the last error was about, see [`StreamDecoder::skip`].
    #[must_use = "if it is false, the stream cannot go on"]
    pub fn skip(&mut self) -> bool {
        self.decoder.skip()
    }

    /// The buffer: to read into it without a copy.
    pub const fn buffer_mut(&mut self) -> &mut BytesMut {
        &mut self.buffer
    }

    /// The decoder: version, limits, skipping.
    pub const fn decoder_mut(&mut self) -> &mut StreamDecoder {
        &mut self.decoder
    }
}
