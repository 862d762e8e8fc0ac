//! Where encoded bytes go: into a slice, or into a growing buffer.

use mqtt_types::{FixedHeader, VariableByteInteger};

/// Where a packet is written. There is room for it: that has been seen to before.
pub(crate) trait Write<'p> {
    /// Copies bytes into room of the same length, as `copy` does it.
    fn put_by(&mut self, bytes: &[u8], copy: fn(&mut [u8], &[u8]));

    #[inline]
    fn put(&mut self, bytes: &[u8]) {
        self.put_by(bytes, <[u8]>::copy_from_slice);
    }

    /// Writes a part of the packet: a list, a set of properties. It may be kept by reference instead of being copied.
    #[inline]
    fn put_part(&mut self, bytes: &'p [u8]) {
        self.put(bytes);
    }

    /// Writes a part of the packet that is often short and whose length is not known when this is compiled: a text, or a
    /// payload, of which many are numbers. It may be kept by reference instead of being copied.
    #[inline]
    fn put_short_part(&mut self, bytes: &'p [u8]) {
        self.put_by(bytes, copy_short);
    }

    #[inline]
    fn put_byte(&mut self, byte: u8) {
        self.put(&[byte]);
    }

    #[inline]
    fn put_two_byte_integer(&mut self, value: u16) {
        self.put(&value.to_be_bytes());
    }

    /// Each length is written by itself, so that it is known when this is compiled.
    #[inline(always)]
    fn put_fixed_header(&mut self, header: &FixedHeader) {
        let first = header.first_byte();
        if let Ok(short @ 0..=0x7F) = u8::try_from(header.remaining_length.get()) {
            return self.put(&[first, short]);
        }
        match *header.remaining_length.encode().as_ref() {
            [a, b] => self.put(&[first, a, b]),
            [a, b, c] => self.put(&[first, a, b, c]),
            [a, b, c, d] => self.put(&[first, a, b, c, d]),
            _ => {} // there are 2 to 4
        }
    }

    /// As [`put_fixed_header`](Self::put_fixed_header).
    #[inline(always)]
    fn put_variable_byte_integer(&mut self, value: VariableByteInteger) {
        if let Ok(short @ 0..=0x7F) = u8::try_from(value.get()) {
            return self.put(&[short]);
        }
        match *value.encode().as_ref() {
            [a, b] => self.put(&[a, b]),
            [a, b, c] => self.put(&[a, b, c]),
            [a, b, c, d] => self.put(&[a, b, c, d]),
            _ => {} // there are 2 to 4
        }
    }

    /// A two-byte length and as many bytes. Every type with such a length has checked that it fits.
    #[inline]
    fn put_prefixed(&mut self, bytes: &'p [u8]) {
        debug_assert!(bytes.len() <= usize::from(u16::MAX));
        self.put_two_byte_integer(u16::try_from(bytes.len()).unwrap_or(u16::MAX));
        self.put_short_part(bytes);
    }
}

pub(crate) struct SliceWriter<'a> {
    pub(crate) free: &'a mut [u8],
}

impl Write<'_> for SliceWriter<'_> {
    #[inline(always)]
    fn put_by(&mut self, bytes: &[u8], copy: fn(&mut [u8], &[u8])) {
        let free = core::mem::take(&mut self.free);
        if let Some((room, rest)) = free.split_at_mut_checked(bytes.len()) {
            copy(room, bytes);
            self.free = rest;
        }
    }
}

/// Copies what is as long as the room for it. Most texts are short, and a call of the library's `memcpy` costs more than
/// their bytes do: they are copied from both ends, in two steps of 32, 16, 8 or 4 bytes that may overlap.
#[inline(always)]
fn copy_short(room: &mut [u8], bytes: &[u8]) {
    let is_short = cfg!(target_pointer_width = "64") && bytes.len() <= 64;
    if !(is_short
        && (copy_ends::<32>(room, bytes)
            || copy_ends::<16>(room, bytes)
            || copy_ends::<8>(room, bytes)
            || copy_ends::<4>(room, bytes)))
    {
        room.copy_from_slice(bytes);
    }
}

/// Copies the first and the last `N` bytes; false if there are not as many.
#[inline(always)]
fn copy_ends<const N: usize>(room: &mut [u8], bytes: &[u8]) -> bool {
    if let (Some(first), Some(last)) = (bytes.first_chunk::<N>(), bytes.last_chunk::<N>()) {
        if let Some(room) = room.first_chunk_mut() {
            *room = *first;
        }
        if let Some(room) = room.last_chunk_mut() {
            *room = *last;
        }
        return true;
    }
    false
}

/// Writes small pieces one behind the other first, and all of them at once into the output, where each piece costs a call
/// and a look at the capacity.
#[cfg(feature = "bytes")]
pub(crate) struct BufMutWriter<'a, O: bytes::BufMut> {
    output: &'a mut O,
    small: [u8; SMALL],
    small_len: usize,
}

/// Most packets without their payload.
#[cfg(feature = "bytes")]
const SMALL: usize = 64;

#[cfg(feature = "bytes")]
impl<'a, O: bytes::BufMut> BufMutWriter<'a, O> {
    #[inline]
    pub(crate) const fn new(output: &'a mut O) -> Self {
        Self { output, small: [0; SMALL], small_len: 0 }
    }

    #[inline]
    pub(crate) fn flush(&mut self) {
        self.output.put_slice(self.small.get(..self.small_len).unwrap_or_default());
        self.small_len = 0;
    }
}

#[cfg(feature = "bytes")]
impl<O: bytes::BufMut> Write<'_> for BufMutWriter<'_, O> {
    #[inline(always)]
    fn put_by(&mut self, bytes: &[u8], copy: fn(&mut [u8], &[u8])) {
        let end = self.small_len.saturating_add(bytes.len());
        if let Some(room) = self.small.get_mut(self.small_len..end) {
            copy(room, bytes);
            self.small_len = end;
        } else {
            self.put_behind(bytes);
        }
    }
}

#[cfg(feature = "bytes")]
impl<O: bytes::BufMut> BufMutWriter<'_, O> {
    #[inline(never)]
    fn put_behind(&mut self, bytes: &[u8]) {
        self.flush();
        match self.small.get_mut(..bytes.len()) {
            Some(room) => {
                room.copy_from_slice(bytes);
                self.small_len = bytes.len();
            }
            None => self.output.put_slice(bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::copy_short;

    #[test]
    fn short_and_long_bytes_are_copied_whole_and_nothing_else_is_touched() {
        let bytes: Vec<u8> = (1..=100).collect();
        for len in 0..=bytes.len() {
            let mut room = [0; 102];
            copy_short(&mut room[1..=len], &bytes[..len]);
            assert_eq!(room[1..=len], bytes[..len], "{len}");
            assert!(room[0] == 0 && room[len + 1..].iter().all(|byte| *byte == 0), "{len}");
        }
    }
}
