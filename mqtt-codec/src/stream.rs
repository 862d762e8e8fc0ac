//! Streaming decoders: packets out of bytes that arrive as they please.

use crate::decode::Borrowed;
use crate::framer::{Framer, Step};
use crate::{DecodeError, StreamItem, StreamOptions};
use mqtt_types::ProtocolVersion;

/// What a decoder knows and can be told, whatever buffer it works on.
macro_rules! stream_methods {
    ($decoder:ty) => {
        impl $decoder {
            /// The version of the connection, once it is known.
            #[must_use]
            pub const fn version(&self) -> Option<ProtocolVersion> {
                self.framer.version()
            }

            /// Takes this version for the connection's: what a client's CONNECT said, or what the other direction of a
            /// proxied connection has learnt. Of a packet that has begun, what has not been judged yet is judged by it.
            pub const fn set_version(&mut self, version: ProtocolVersion) {
                self.framer.set_version(version);
            }

            /// The options.
            #[must_use]
            pub const fn options(&self) -> StreamOptions {
                self.framer.options()
            }

            /// Changes the options: another limit, for instance, once the client is known. Of a packet that has begun, what
            /// has not been judged yet is judged by them. A version that was learnt stays unless the options name one.
            pub const fn set_options(&mut self, options: StreamOptions) {
                self.framer.set_options(options);
            }

            /// Where in the stream the next packet, or piece of a payload, begins; after an error, the packet that it is
            /// about.
            #[must_use]
            pub const fn position(&self) -> u64 {
                self.framer.position()
            }

            /// Gives up exactly the packet that the last error was about, even if it has not arrived as a whole yet, or
            /// the rest of the payload that is handed out in pieces; the next call goes on behind it.
            ///
            /// [`position`](Self::position) stays where it is until the bytes are dropped, as they come; the call that drops the
            /// last of them may give the next packet at once.
            ///
            /// False if nobody knows where it ends: its Remaining Length has more than four bytes, or the slice that it is
            /// decoded in has less than five and cannot hold its fixed header. Then there is no way to go on.
            #[must_use = "if it is false, the stream cannot go on"]
            pub fn skip(&mut self) -> bool {
                self.forget_refused();
                self.framer.skip()
            }

            /// True if no packet has begun, as far as is known: where a stream may end. What is left in the buffer has not
            /// been looked at.
            #[must_use]
            pub const fn is_between_packets(&self) -> bool {
                self.framer.is_between_packets()
            }
        }
    };
}

#[cfg(feature = "bytes")]
mod shared {
    use super::{DecodeError, Framer, ProtocolVersion, Step, StreamItem, StreamOptions};
    use crate::decode::Shared;
    use bytes::{Buf, Bytes, BytesMut};

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
            if let Some(needed) = self.framer.lacks(buffer.len()) {
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
                    step => return self.part_of_packet(&step, buffer),
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
        fn part_of_packet(
            &mut self,
            step: &Step,
            buffer: &mut BytesMut,
        ) -> Result<Option<StreamItem<Bytes>>, DecodeError> {
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
                    self.framer.handed_out(len, remaining);
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
}

#[cfg(feature = "bytes")]
pub use shared::{PushDecoder, StreamDecoder};

/// Decodes a stream in a slice of the caller's, by borrowing from it: for firmware, without an allocator.
///
/// The twin of [`StreamDecoder`](crate::StreamDecoder): the same bytes give the same items and errors. Read into
/// [`space`](Self::space), say how much it was, ask for items until there is none. An item borrows the slice, so it is gone
/// before the next one comes. A packet that is larger than the slice is refused, unless it is a PUBLISH whose payload may
/// come [in pieces](StreamOptions::payload_pieces_above).
///
/// ```
/// use mqtt_codec::{ProtocolVersion, SliceDecoder, StreamItem, StreamOptions};
///
/// let mut storage = [0; 64];
/// let mut decoder = SliceDecoder::new(StreamOptions::client(ProtocolVersion::V5), &mut storage);
/// let mut pings = 0;
/// for received in [&b"\x20\x03\0\0\0\xD0"[..], b"\0\xD0\0"] {
///     let space = decoder.space();
///     space[..received.len()].copy_from_slice(received); // or: uart.read(space)
///     decoder.filled(received.len());
///     while let Some(item) = decoder.next_item()? {
///         if matches!(item, StreamItem::Packet(mqtt_codec::Packet::PingResp(_))) {
///             pings += 1;
///         }
///     }
/// }
/// assert_eq!(pings, 2);
/// # Ok::<(), mqtt_codec::DecodeError>(())
/// ```
#[derive(Debug)]
pub struct SliceDecoder<'s> {
    framer: Framer,
    needed: usize,
    storage: &'s mut [u8],
    /// What has been received and not been handed out is `storage[start..end]`.
    start: usize,
    end: usize,
}

impl<'s> SliceDecoder<'s> {
    /// A decoder for a connection that begins. The largest packet that it can take is as long as the slice.
    #[must_use]
    pub const fn new(options: StreamOptions, storage: &'s mut [u8]) -> Self {
        Self { framer: Framer::new(options), needed: 2, storage, start: 0, end: 0 }
    }

    /// The room behind what has been received, to read into. It is not empty as long as all items have been taken.
    ///
    /// Moves what has been received to the front of the slice if what is needed does not fit behind it: at most once for
    /// a packet.
    #[must_use]
    pub fn space(&mut self) -> &mut [u8] {
        let room = self.storage.len().saturating_sub(self.end);
        if self.start > 0 && (room < self.needed || self.start == self.end) {
            if let Some(range) = self.storage.get(self.start..self.end).map(|_| self.start..self.end) {
                self.storage.copy_within(range, 0);
            }
            self.end = self.end.saturating_sub(self.start);
            self.start = 0;
        }
        self.storage.get_mut(self.end..).unwrap_or_default()
    }

    /// So many bytes have been read into [`space`](Self::space); more than there was room for are not counted.
    pub fn filled(&mut self, len: usize) {
        self.end = self.end.saturating_add(len).min(self.storage.len());
    }

    /// The next item, which is taken off the front; `None` if more bytes are needed.
    ///
    /// # Errors
    ///
    /// As [`StreamDecoder::decode`](crate::StreamDecoder::decode); a packet that is larger than the slice is too large.
    pub fn next_item(&mut self) -> Result<Option<StreamItem<&[u8]>>, DecodeError> {
        if let Some(needed) = self.framer.lacks(self.end.saturating_sub(self.start)) {
            self.needed = needed;
            return Ok(None);
        }
        let input = self.storage.get(self.start..self.end).unwrap_or_default();
        let header = match self.framer.whole_frame(input) {
            Some(header) => header,
            None => match self.next_step()? {
                Step::Frame(header) => header,
                step => return self.part_of_packet(&step),
            },
        };
        let frame = self.take(header.packet_len());
        let frame = self.storage.get(frame).unwrap_or_default();
        self.framer.decode_frame(header, frame, Borrowed, || {})
    }

    /// Where so many bytes are at the front, which are taken off it before the item is made: it borrows what it is made of,
    /// and nothing overwrites that until [`space`](Self::space).
    #[inline]
    const fn take(&mut self, len: usize) -> core::ops::Range<usize> {
        let front = self.start;
        self.start = front.saturating_add(len);
        front..self.start
    }

    /// What is to be done, after all has been dropped that is to be dropped.
    fn next_step(&mut self) -> Result<Step, DecodeError> {
        loop {
            let input = self.storage.get(self.start..self.end).unwrap_or_default();
            match self.framer.poll(input)? {
                Step::Discard(len) => {
                    self.take(len);
                    self.framer.discarded(len);
                }
                Step::Need(needed) => {
                    self.needed = needed;
                    let awaited = self.framer.awaited(input.len(), needed);
                    if awaited > self.storage.len() {
                        return Err(self.framer.refuse_size(input, awaited, self.storage.len()));
                    }
                    return Ok(Step::Need(needed));
                }
                step => return Ok(step),
            }
        }
    }

    /// An item that is less than a packet.
    fn part_of_packet(&mut self, step: &Step) -> Result<Option<StreamItem<&[u8]>>, DecodeError> {
        match *step {
            Step::Head(header, len, payload_len) => {
                let head = self.take(len);
                let head = self.storage.get(head).unwrap_or_default();
                let publish = self.framer.decode_head(&header, head, payload_len)?;
                Ok(Some(StreamItem::PublishHead { publish, payload_len }))
            }
            Step::Piece(len, remaining) => {
                let piece = self.take(len);
                self.framer.handed_out(len, remaining);
                let piece = self.storage.get(piece).unwrap_or_default();
                Ok(Some(StreamItem::Payload { piece, remaining }))
            }
            // A frame is a whole packet, and what is to be dropped has been.
            Step::Need(_) | Step::Discard(_) | Step::Frame(_) => Ok(None),
        }
    }

    const fn forget_refused(&mut self) {
        // It borrows what it refuses, and keeps nothing.
    }

    /// How many more bytes are needed at least, after [`next_item`](Self::next_item) gave `None`.
    #[must_use]
    pub const fn needed(&self) -> usize {
        self.needed
    }
}

stream_methods!(SliceDecoder<'_>);

#[cfg(all(test, feature = "bytes"))]
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
