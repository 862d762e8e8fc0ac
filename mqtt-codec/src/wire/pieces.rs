//! A packet in pieces: large parts are borrowed, everything else is in a few bytes of scratch.

use crate::wire::write::Write;
use core::fmt;

/// The maximum number of pieces: a CONNECT with every field has seven parts, and lengths before and between them.
const MOST: usize = 16;

/// A shorter part of the packet is copied, because a separate piece would cost more than the copy.
const SHORTEST_PART: usize = 32;

/// The bytes of a packet in pieces, for vectored writes: large parts are borrowed, everything else is in the scratch.
///
/// [`Encode::encode_vectored`](crate::Encode::encode_vectored) returns it. Write its [slices](Self::as_slices), or use
/// it as a `bytes::Buf` (feature `bytes`), which supports vectored writes.
///
/// ```
/// use mqtt_codec::{Encode, ProtocolVersion, Publish, TopicName};
///
/// let payload = vec![b'x'; 100_000];
/// let publish = Publish::new(TopicName::from_static("a"), &payload[..]);
/// let mut scratch = [0; mqtt_codec::Pieces::SCRATCH];
/// let pieces = publish.encode_vectored(ProtocolVersion::V5, &mut scratch)?;
/// let [head, body] = pieces.as_slices() else { panic!() };
/// assert_eq!(head[..], [0x30, 0xA4, 0x8D, 0x06, 0x00, 0x01, b'a', 0x00]);
/// assert_eq!(body.as_ptr(), payload.as_ptr()); // not copied
/// # Ok::<(), mqtt_codec::EncodeError>(())
/// ```
#[derive(Clone)]
pub struct Pieces<'p> {
    slices: [&'p [u8]; MOST],
    /// The remaining pieces are `slices[first..end]`.
    first: usize,
    end: usize,
    len: usize,
}

impl<'p> Pieces<'p> {
    /// The length of scratch that is enough for every packet, with one exception: a SUBSCRIBE that was received in 3.1
    /// with ignored bits set beside the requested QoS. Its list is rewritten into the scratch.
    pub const SCRATCH: usize = 256;

    const EMPTY: Self = Self { slices: [&[]; MOST], first: 0, end: 0, len: 0 };

    /// Creates pieces with these bytes as the only piece.
    #[cfg(feature = "bytes")]
    pub(crate) fn one(bytes: &'p [u8]) -> Self {
        let mut pieces = Self::EMPTY;
        pieces.push(bytes);
        pieces
    }

    /// Returns the number of remaining bytes in all pieces.
    #[inline]
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Returns `true` if no bytes remain.
    #[inline]
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Returns the remaining pieces. None of them is empty.
    #[inline]
    #[must_use]
    pub fn as_slices(&self) -> &[&'p [u8]] {
        self.slices.get(self.first..self.end).unwrap_or_default()
    }

    /// Drops bytes from the front, after they have been written. If fewer bytes remain, drops all of them.
    pub fn advance(&mut self, mut len: usize) {
        self.len = self.len.saturating_sub(len);
        while let Some(piece) = self.slices.get_mut(self.first..self.end).and_then(<[_]>::first_mut) {
            match piece.split_at_checked(len) {
                Some((_, rest)) if !rest.is_empty() => {
                    *piece = rest;
                    return;
                }
                _ => {
                    len = len.saturating_sub(piece.len());
                    self.first = self.first.saturating_add(1);
                }
            }
        }
    }

    fn push(&mut self, piece: &'p [u8]) {
        if let Some(place) = self.slices.get_mut(self.end).filter(|_| !piece.is_empty()) {
            *place = piece;
            self.end = self.end.saturating_add(1);
            self.len = self.len.saturating_add(piece.len());
        }
    }
}

/// Shows the number of pieces and their length. The bytes may be secret.
impl fmt::Debug for Pieces<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.end.saturating_sub(self.first);
        f.debug_struct("Pieces").field("count", &count).field("len", &self.len).finish()
    }
}

#[cfg(feature = "bytes")]
impl bytes::Buf for Pieces<'_> {
    fn remaining(&self) -> usize {
        self.len
    }

    fn chunk(&self) -> &[u8] {
        self.as_slices().first().copied().unwrap_or_default()
    }

    fn advance(&mut self, len: usize) {
        // As with every `Buf`, advancing past the end is a bug in the caller.
        assert!(len <= self.len, "advanced by {len} bytes, {} are left", self.len);
        Pieces::advance(self, len);
    }

    #[cfg(feature = "std")]
    fn chunks_vectored<'b>(&'b self, destination: &mut [std::io::IoSlice<'b>]) -> usize {
        let slices = self.as_slices();
        for (place, piece) in destination.iter_mut().zip(slices) {
            *place = std::io::IoSlice::new(piece);
        }
        destination.len().min(slices.len())
    }
}

/// Writes a packet into pieces.
pub(crate) struct PieceWriter<'p> {
    pieces: Pieces<'p>,
    scratch: &'p mut [u8],
    /// The number of bytes written to the scratch since the last piece.
    written: usize,
    /// The length of scratch that the whole packet needs.
    needed: usize,
    capacity: usize,
}

impl<'p> PieceWriter<'p> {
    #[inline]
    pub(crate) const fn new(scratch: &'p mut [u8]) -> Self {
        let capacity = scratch.len();
        Self { pieces: Pieces::EMPTY, scratch, written: 0, needed: 0, capacity }
    }

    /// Adds a part of the packet as a borrowed piece, unless it is short.
    #[inline]
    fn part(&mut self, bytes: &'p [u8]) {
        // A part takes at most two places, including the piece before it. The bytes after it take one more.
        let has_place = self.pieces.end.saturating_add(3) <= MOST;
        if bytes.len() < SHORTEST_PART || !has_place {
            self.put(bytes);
        } else {
            self.end_of_run();
            self.pieces.push(bytes);
        }
    }

    /// Makes a piece of the bytes written to the scratch since the last piece.
    #[inline]
    fn end_of_run(&mut self) {
        let (run, rest) = core::mem::take(&mut self.scratch).split_at_mut_checked(self.written).unwrap_or_default();
        self.pieces.push(run);
        self.scratch = rest;
        self.written = 0;
    }

    /// Returns the pieces.
    ///
    /// # Errors
    ///
    /// Returns the necessary length of the scratch if it is too small.
    #[inline]
    pub(crate) fn finish(mut self) -> Result<Pieces<'p>, usize> {
        if self.needed > self.capacity {
            return Err(self.needed);
        }
        self.end_of_run();
        Ok(self.pieces)
    }
}

impl<'p> Write<'p> for PieceWriter<'p> {
    #[inline]
    fn put_by(&mut self, bytes: &[u8], copy: fn(&mut [u8], &[u8])) {
        self.needed = self.needed.saturating_add(bytes.len());
        let end = self.written.saturating_add(bytes.len());
        if let Some(room) = self.scratch.get_mut(self.written..end) {
            copy(room, bytes);
            self.written = end;
        }
    }

    #[inline]
    fn put_part(&mut self, bytes: &'p [u8]) {
        self.part(bytes);
    }

    #[inline]
    fn put_short_part(&mut self, bytes: &'p [u8]) {
        self.part(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::{PieceWriter, Pieces};
    use crate::wire::write::Write;

    static PART: [u8; 40] = [7; 40];

    fn pieces(scratch: &mut [u8]) -> Result<Pieces<'_>, usize> {
        let mut writer = PieceWriter::new(scratch);
        writer.put(&[1, 2, 3]);
        writer.put_part(&PART);
        writer.put_part(&PART[..31]);
        writer.put_byte(4);
        writer.put_short_part(&PART[..32]);
        writer.finish()
    }

    #[test]
    fn parts_are_referred_to_and_what_is_between_them_is_copied() {
        let mut scratch = [0; 35];
        let pieces = pieces(&mut scratch).unwrap();
        let [head, part, middle, last] = pieces.as_slices() else { panic!("{pieces:?}") };
        assert_eq!((*head, part.as_ptr(), last.len()), (&[1, 2, 3][..], PART.as_ptr(), 32));
        assert_eq!(*middle, [&PART[..31], &[4]].concat());
        assert_eq!(pieces.len(), 3 + 40 + 32 + 32);
    }

    #[test]
    fn tells_how_much_scratch_is_missing() {
        assert_eq!(pieces(&mut [0; 34]).err(), Some(35));
        assert_eq!(pieces(&mut []).err(), Some(35));
    }

    #[test]
    fn parts_that_find_no_place_are_copied() {
        let mut scratch = [0; 1000];
        let mut writer = PieceWriter::new(&mut scratch);
        let mut whole = Vec::new();
        for byte in 0..20 {
            writer.put_byte(byte);
            writer.put_part(&PART);
            whole.push(byte);
            whole.extend(PART);
        }
        let pieces = writer.finish().unwrap();
        assert_eq!((pieces.as_slices().concat(), pieces.as_slices().len()), (whole, 15));
    }

    #[test]
    fn what_has_been_written_is_dropped_from_the_front() {
        let whole = pieces(&mut [0; 64]).unwrap().as_slices().concat();
        for cut in 0..=whole.len() {
            let mut scratch = [0; 64];
            let mut rest = pieces(&mut scratch).unwrap();
            rest.advance(cut);
            assert_eq!((rest.as_slices().concat(), rest.len()), (whole[cut..].to_vec(), whole.len() - cut));
            assert!(rest.as_slices().iter().all(|piece| !piece.is_empty()));
            assert_eq!(rest.is_empty(), cut == whole.len());
        }
        let mut scratch = [0; 64];
        let mut rest = pieces(&mut scratch).unwrap();
        rest.advance(1000);
        assert!(rest.is_empty());
    }

    #[cfg(feature = "bytes")]
    #[test]
    fn as_a_buf_it_offers_all_pieces_at_once() {
        use bytes::{Buf, BufMut};
        let mut scratch = [0; 64];
        let mut pieces = pieces(&mut scratch).unwrap();
        let whole = pieces.as_slices().concat();
        #[cfg(feature = "std")]
        {
            let mut slices = [std::io::IoSlice::new(&[]); 8];
            assert_eq!(pieces.chunks_vectored(&mut slices), 4);
            assert_eq!(slices[..4].iter().flat_map(|slice| slice.iter().copied()).collect::<Vec<u8>>(), whole);
            assert_eq!(pieces.chunks_vectored(&mut slices[..2]), 2);
        }
        let mut output = Vec::new();
        output.put(&mut pieces);
        assert_eq!((output, pieces.remaining()), (whole, 0));
    }
}
