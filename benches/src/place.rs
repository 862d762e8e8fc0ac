//! Where inputs and outputs lie.
//!
//! A store across the border of two pages takes some processors longer than a small packet, and so does a load from a place
//! with the same offset in its page as a recent store. Which engine has one would be chance.

use bytes::{Buf as _, Bytes, BytesMut};

const PAGE: usize = 4096;

/// Returns an empty buffer that starts at this offset of a page.
fn buffer_at(offset: usize, capacity: usize) -> BytesMut {
    let mut buffer = BytesMut::with_capacity(PAGE + offset + capacity);
    let before = buffer.as_ptr().align_offset(PAGE) + offset;
    buffer.resize(before, 0);
    buffer.advance(before);
    buffer
}

/// Returns an empty buffer for the output of an encoder, at the start of a page.
#[must_use]
pub fn output(capacity: usize) -> BytesMut {
    buffer_at(0, capacity)
}

/// Returns the room for the output of an encoder that needs a slice, at the start of a page.
#[must_use]
pub fn room(len: usize) -> BytesMut {
    let mut buffer = output(len);
    buffer.resize(len, 0);
    buffer
}

/// Returns a copy of the input of a decoder, in the middle of a page.
#[must_use]
pub fn input(bytes: &[u8]) -> Bytes {
    let mut buffer = buffer_at(PAGE / 2, bytes.len());
    buffer.extend_from_slice(bytes);
    buffer.freeze()
}
