//! Puts the segments of one direction of a TCP connection in order.
//!
//! This is small, and no well-maintained crate does it. Segments are placed by their sequence numbers, bytes that were
//! already seen are dropped, and bytes after a gap wait.

use alloc::collections::BTreeMap;
use bytes::Bytes;

/// If this many bytes wait after a gap, the missing bytes are given up, because TCP windows are rarely larger.
const LARGEST_WAIT: usize = 1 << 22;

/// Bytes of a stream in order.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Bytes(Bytes),
    /// This many bytes are missing in the capture.
    Missing(u64),
}

/// The segments of one direction.
#[derive(Default)]
pub(super) struct Reassembly {
    /// The sequence number of the byte at offset 0, once it is known.
    first: Option<u32>,
    /// The offset of the next byte of the stream.
    offset: u64,
    /// Segments behind a gap, by their offsets.
    waiting: BTreeMap<u64, Bytes>,
    waiting_len: usize,
    /// The offset of the end of the stream, once FIN has been seen.
    end: Option<u64>,
    /// Bytes that were sent more than once.
    pub(super) repeated: u64,
    /// Segments that came before an earlier one.
    pub(super) out_of_order: u64,
}

impl Reassembly {
    /// Begins a stream. `sequence` is the number of its first byte.
    pub(super) const fn begin(&mut self, sequence: u32) {
        self.first = Some(sequence);
    }

    /// Returns `true` if the sequence number of the first byte is known.
    pub(super) const fn has_begun(&self) -> bool {
        self.first.is_some()
    }

    /// Returns `true` if SYN has another sequence number than that of this stream: another stream begins.
    pub(super) fn is_other(&self, sequence: u32) -> bool {
        self.first.is_some_and(|first| first != sequence)
    }

    /// Returns `true` after all bytes up to FIN have been returned.
    pub(super) fn has_ended(&self) -> bool {
        self.end.is_some_and(|end| self.offset >= end)
    }

    /// Takes a segment.
    pub(super) fn receive(&mut self, sequence: u32, payload: &[u8], is_fin: bool) {
        let first = *self.first.get_or_insert(sequence);
        let Some(at) = self.offset_of(sequence, first) else {
            // From before the beginning: a keep-alive probe, or a segment from before the capture.
            return;
        };
        let len = u64::try_from(payload.len()).unwrap_or(u64::MAX);
        if is_fin {
            self.end = Some(at.saturating_add(len));
        }
        if payload.is_empty() {
            return;
        }
        if at.saturating_add(len) <= self.offset {
            self.repeated = self.repeated.saturating_add(len);
            return;
        }
        let is_longer = self.waiting.get(&at).is_none_or(|other| other.len() < payload.len());
        if !is_longer {
            self.repeated = self.repeated.saturating_add(len);
            return;
        }
        if let Some((last, _)) = self.waiting.last_key_value() {
            self.out_of_order = self.out_of_order.saturating_add((at < *last).into());
        }
        let replaced = self.waiting.insert(at, Bytes::copy_from_slice(payload));
        let replaced_len = replaced.map_or(0, |bytes| bytes.len());
        self.waiting_len = self.waiting_len.saturating_add(payload.len()).saturating_sub(replaced_len);
    }

    /// Returns the next piece, if it is known. At the end of the capture, or of the connection, nothing more will come.
    pub(super) fn next(&mut self, is_end: bool) -> Option<Piece> {
        loop {
            let (at, _) = self.waiting.first_key_value()?;
            let missing = at.saturating_sub(self.offset);
            if missing > 0 {
                if !is_end && self.waiting_len < LARGEST_WAIT {
                    return None;
                }
                self.offset = *at;
                return Some(Piece::Missing(missing));
            }
            let (at, mut bytes) = self.waiting.pop_first()?;
            self.waiting_len = self.waiting_len.saturating_sub(bytes.len());
            let seen = usize::try_from(self.offset.saturating_sub(at)).unwrap_or(usize::MAX).min(bytes.len());
            self.repeated = self.repeated.saturating_add(u64::try_from(seen).unwrap_or(u64::MAX));
            let new = bytes.split_off(seen);
            if !new.is_empty() {
                self.offset = self.offset.saturating_add(u64::try_from(new.len()).unwrap_or(u64::MAX));
                return Some(Piece::Bytes(new));
            }
        }
    }

    /// Returns how many bytes are missing at the end, if FIN shows where that is.
    pub(super) fn missing_at_end(&self) -> u64 {
        self.end.unwrap_or_default().saturating_sub(self.offset)
    }

    /// Returns the offset of a sequence number, which is within 2 GiB of the current one.
    fn offset_of(&self, sequence: u32, first: u32) -> Option<u64> {
        let position = self.offset;
        let low_bits = u32::try_from(position & u64::from(u32::MAX)).ok()?;
        let distance = i32::from_ne_bytes(sequence.wrapping_sub(first.wrapping_add(low_bits)).to_ne_bytes());
        position.checked_add_signed(distance.into())
    }
}
