//! Decoder of a stream in the caller's slice.

use crate::error::DecodeError;
use crate::refused::RefusedPacket;
use crate::stream::framer::{Framer, Step};
use crate::stream::item::StreamItem;
use crate::stream::methods::stream_methods;
use crate::stream::options::StreamOptions;
use crate::wire::form::Borrowed;
use core::fmt;
use mqtt_types::ProtocolVersion;

/// Decoder of a stream in the caller's slice, for firmware. It needs no allocator.
///
/// Returns the same items and errors as `StreamDecoder` for the same bytes. Read into [`space`](Self::space), report the
/// number of bytes to [`filled`](Self::filled), and decode until there is no more item. Items borrow from the slice, so an
/// item must be dropped before the next call.
///
/// A packet that is larger than the slice is refused, unless it is a PUBLISH that is returned
/// [in pieces](StreamOptions::with_payload_pieces_above).
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
pub struct SliceDecoder<'s> {
    framer: Framer,
    needed: usize,
    storage: &'s mut [u8],
    /// `storage[start..end]` holds the bytes that were received and not yet returned.
    start: usize,
    end: usize,
}

impl<'s> SliceDecoder<'s> {
    /// Creates a decoder for a new connection. The largest packet that it can decode is as long as the slice.
    #[must_use]
    pub const fn new(options: StreamOptions, storage: &'s mut [u8]) -> Self {
        Self { framer: Framer::new(options), needed: 2, storage, start: 0, end: 0 }
    }

    /// Returns the free space after the received bytes, to read into. It is not empty if [`next_item`](Self::next_item)
    /// returned `None`.
    ///
    /// Moves the received bytes to the front of the slice if the bytes that are needed do not fit after them. This happens
    /// at most once for each packet.
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

    /// Records that `len` bytes were read into [`space`](Self::space). A `len` above the length of the space counts as that
    /// length.
    pub fn filled(&mut self, len: usize) {
        self.end = self.end.saturating_add(len).min(self.storage.len());
    }

    /// Removes the next item from the front of the received bytes and returns it. Returns `None` if more bytes are needed.
    ///
    /// # Errors
    ///
    /// Returns an error if the next packet breaks a rule. An invalid first byte and a packet that is too large are reported
    /// before the rest of the packet is received. A packet that is larger than the slice is too large, unless it is returned
    /// in pieces. After an error every call returns the same error, until the packet is [skipped](Self::skip).
    pub fn next_item(&mut self) -> Result<Option<StreamItem<&[u8]>>, DecodeError> {
        if let Some(needed) = self.framer.missing_from_frame(self.end.saturating_sub(self.start)) {
            self.needed = needed;
            return Ok(None);
        }
        let input = self.storage.get(self.start..self.end).unwrap_or_default();
        let header = match self.framer.first_step(input) {
            Ok(header) => header,
            Err(Some(needed)) => return self.wait(needed).map(|()| None),
            Err(None) => match self.next_step()? {
                Step::Frame(header) => header,
                step => return self.partial_item(&step),
            },
        };
        let frame = self.take(header.packet_len());
        let frame = self.storage.get(frame).unwrap_or_default();
        self.framer.decode_frame(header, frame, Borrowed, || {})
    }

    /// Returns `true` if [`next_item`](Self::next_item) returns an item or an error, and `false` if more bytes are needed.
    ///
    /// Borrows nothing, so a function can read until the decoder is ready, and then return the item:
    ///
    /// ```
    /// use mqtt_codec::{DecodeError, SliceDecoder, StreamItem};
    ///
    /// fn receive<'d>(
    ///     decoder: &'d mut SliceDecoder<'_>,
    ///     mut read: impl FnMut(&mut [u8]) -> usize,
    /// ) -> Result<Option<StreamItem<&'d [u8]>>, DecodeError> {
    ///     while !decoder.is_ready() {
    ///         let len = read(decoder.space());
    ///         if len == 0 {
    ///             return Ok(None); // closed by the peer
    ///         }
    ///         decoder.filled(len);
    ///     }
    ///     decoder.next_item()
    /// }
    /// ```
    pub fn is_ready(&mut self) -> bool {
        if let Some(needed) = self.framer.missing_from_frame(self.end.saturating_sub(self.start)) {
            self.needed = needed;
            return false;
        }
        !matches!(self.next_step(), Ok(Step::Need(_)))
    }

    /// Removes `len` bytes from the front and returns their range in the storage.
    ///
    /// They are removed before the item is decoded, because the item borrows the storage. Nothing overwrites them until
    /// [`space`](Self::space) is called.
    #[inline]
    const fn take(&mut self, len: usize) -> core::ops::Range<usize> {
        let front = self.start;
        self.start = front.saturating_add(len);
        front..self.start
    }

    /// Returns the next step, after dropping the bytes that are to be skipped.
    ///
    /// Inlined into both callers, so that [`is_ready`](Self::is_ready) does not slow down [`next_item`](Self::next_item).
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    fn next_step(&mut self) -> Result<Step, DecodeError> {
        loop {
            let input = self.storage.get(self.start..self.end).unwrap_or_default();
            match self.framer.poll(input)? {
                Step::Discard(len) => {
                    self.take(len);
                    self.framer.discarded(len);
                }
                Step::Need(needed) => return self.wait(needed).map(|()| Step::Need(needed)),
                step => return Ok(step),
            }
        }
    }

    /// Records how many bytes are needed. Returns an error if the slice is too small for them.
    #[inline(never)] // keeps registers free in `next_item`
    fn wait(&mut self, needed: usize) -> Result<(), DecodeError> {
        self.needed = needed;
        let input = self.storage.get(self.start..self.end).unwrap_or_default();
        let required = self.framer.required_len(input.len(), needed);
        if required > self.storage.len() {
            return Err(self.framer.refuse_size(input, required, self.storage.len()));
        }
        Ok(())
    }

    /// Returns a part of a PUBLISH, if the step asks for one.
    fn partial_item(&mut self, step: &Step) -> Result<Option<StreamItem<&[u8]>>, DecodeError> {
        match *step {
            Step::Head(header, len, payload_len) => {
                let head = self.take(len);
                let head = self.storage.get(head).unwrap_or_default();
                let publish = self.framer.decode_head(&header, head, payload_len)?;
                Ok(Some(StreamItem::PublishHead { publish, payload_len }))
            }
            Step::Piece(len, remaining) => {
                let piece = self.take(len);
                self.framer.piece_delivered(len, remaining);
                let piece = self.storage.get(piece).unwrap_or_default();
                Ok(Some(StreamItem::Payload { piece, remaining }))
            }
            // The caller handles `Frame`, and `next_step` handles `Discard`.
            Step::Need(_) | Step::Discard(_) | Step::Frame(_) => Ok(None),
        }
    }

    const fn forget_refused(&mut self) {
        // Only `StreamDecoder` keeps the bytes of a refused packet.
    }

    /// Returns `true` if no packet has begun and no received byte is left: the stream may end here.
    #[must_use]
    pub const fn is_between_packets(&self) -> bool {
        self.framer.is_between_packets() && self.start == self.end
    }

    /// Returns the received bytes of the packet that caused the last error, for a log or for [`RefusedPacket::read`].
    ///
    /// The result is empty if there was no error, after [`skip`](Self::skip), and after [`space`](Self::space) if that
    /// reused their memory.
    #[must_use]
    pub fn refused(&self) -> &[u8] {
        let received = match self.framer.taken_of_refused() {
            Some(0) => self.storage.get(self.start..self.end),
            Some(taken) => self.start.checked_sub(taken).and_then(|front| self.storage.get(front..self.start)),
            None => None,
        };
        // The version has no effect on where the packet ends.
        let packet = RefusedPacket::read(received.unwrap_or_default(), ProtocolVersion::V5);
        packet.map(|packet| packet.as_bytes()).unwrap_or_default()
    }

    /// Returns how many more bytes are needed at least, after [`next_item`](Self::next_item) returned `None`.
    #[must_use]
    pub const fn needed(&self) -> usize {
        self.needed
    }
}

stream_methods!(SliceDecoder<'_>, framer);

/// Shows the lengths of the slice and of the received bytes. The bytes may be secret, also those that were returned.
impl fmt::Debug for SliceDecoder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SliceDecoder")
            .field("framer", &self.framer)
            .field("needed", &self.needed)
            .field("storage", &format_args!("{} bytes", self.storage.len()))
            .field("start", &self.start)
            .field("end", &self.end)
            .finish()
    }
}
