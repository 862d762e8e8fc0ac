//! A stream in a slice of the caller's.

use crate::error::DecodeError;
use crate::stream::framer::{Framer, Step};
use crate::stream::item::StreamItem;
use crate::stream::methods::stream_methods;
use crate::stream::options::StreamOptions;
use crate::wire::form::Borrowed;
use mqtt_types::ProtocolVersion;

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
        if let Some(needed) = self.framer.missing_from_frame(self.end.saturating_sub(self.start)) {
            self.needed = needed;
            return Ok(None);
        }
        let input = self.storage.get(self.start..self.end).unwrap_or_default();
        let header = match self.framer.whole_frame(input) {
            Some(header) => header,
            None => match self.next_step()? {
                Step::Frame(header) => header,
                step => return self.partial_item(&step),
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
                    let awaited = self.framer.required_len(input.len(), needed);
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
