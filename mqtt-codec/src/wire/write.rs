//! Output of encoding: a slice, or a growing buffer.

use mqtt_types::{EncodedVariableByteInteger, PacketIdentifier, PropertyIter, VariableByteInteger};

/// Output that a packet is written to. The caller has checked that the packet fits.
pub(crate) trait Write<'p> {
    /// Writes bytes. `copy` copies them into a slice of the same length.
    fn put_by(&mut self, bytes: &[u8], copy: fn(&mut [u8], &[u8]));

    #[inline]
    fn put(&mut self, bytes: &[u8]) {
        self.put_by(bytes, <[u8]>::copy_from_slice);
    }

    /// Writes a list or a set of properties of the packet. The output may keep a reference to it instead of copying it.
    #[inline]
    fn put_part(&mut self, bytes: &'p [u8]) {
        self.put(bytes);
    }

    /// Writes a string or a payload of the packet, which is often short. The output may keep a reference to it instead of
    /// copying it.
    #[inline]
    fn put_short_part(&mut self, bytes: &'p [u8]) {
        self.put_by(bytes, copy_short);
    }

    /// Writes a Packet Identifier if there is one, a Property Length, and properties that may contain placeholders.
    #[inline(always)]
    fn put_properties(&mut self, identifier: Option<PacketIdentifier>, properties: PropertyIter<'p>) {
        let bytes = properties.as_bytes();
        self.put_identifier_and_length(identifier, bytes.len());
        if !bytes.is_empty() {
            self.put_part(bytes);
        }
    }

    #[inline]
    fn put_byte(&mut self, byte: u8) {
        self.put(&[byte]);
    }

    #[inline]
    fn put_two_byte_integer(&mut self, value: u16) {
        self.put(&value.to_be_bytes());
    }

    /// Writes a fixed header. The usual lengths have a branch each, so that each copies a constant number of bytes.
    #[inline(always)]
    fn put_fixed_header(&mut self, first: u8, remaining_length: usize) {
        match u16::try_from(remaining_length) {
            Ok(short @ 0..=0x3FFF) => match *VariableByteInteger::from(short).encode().as_ref() {
                [a] => self.put(&[first, a]),
                [a, b] => self.put(&[first, a, b]),
                _ => {} // there are 1 or 2
            },
            _ => {
                self.put_byte(first);
                self.put(long_length(remaining_length).as_ref());
            }
        }
    }

    /// Writes a fixed header and two bytes after it, in the same way as [`put_fixed_header`](Self::put_fixed_header).
    #[inline(always)]
    fn put_fixed_header_and(&mut self, first: u8, remaining_length: usize, [c, d]: [u8; 2]) {
        match u16::try_from(remaining_length) {
            Ok(short @ 0..=0x3FFF) => match *VariableByteInteger::from(short).encode().as_ref() {
                [a] => self.put(&[first, a, c, d]),
                [a, b] => self.put(&[first, a, b, c, d]),
                _ => {} // there are 1 or 2
            },
            _ => {
                self.put_byte(first);
                self.put(long_length(remaining_length).as_ref());
                self.put(&[c, d]);
            }
        }
    }

    /// Writes a length as a Variable Byte Integer, in the same way as [`put_fixed_header`](Self::put_fixed_header).
    #[inline(always)]
    fn put_length(&mut self, length: usize) {
        match u16::try_from(length) {
            Ok(short @ 0..=0x3FFF) => match *VariableByteInteger::from(short).encode().as_ref() {
                [a] => self.put_byte(a),
                [a, b] => self.put(&[a, b]),
                _ => {} // there are 1 or 2
            },
            _ => self.put(long_length(length).as_ref()),
        }
    }

    /// Writes a Packet Identifier if there is one, and a length: in one step if the length has one byte, as it usually has.
    #[inline(always)]
    fn put_identifier_and_length(&mut self, identifier: Option<PacketIdentifier>, length: usize) {
        match (identifier.map(|identifier| identifier.get().to_be_bytes()), u8::try_from(length)) {
            (Some([a, b]), Ok(short @ 0..=0x7F)) => self.put(&[a, b, short]),
            (Some(identifier), _) => {
                self.put(&identifier);
                self.put_length(length);
            }
            (None, _) => self.put_length(length),
        }
    }

    /// Writes a two-byte length and the bytes.
    #[inline]
    fn put_prefixed(&mut self, bytes: &'p [u8]) {
        self.put(&length_prefix(bytes));
        self.put_short_part(bytes);
    }
}

/// Returns the two-byte length of a string or of binary data, whose types ensure that it fits.
#[inline(always)]
pub(crate) fn length_prefix(bytes: &[u8]) -> [u8; 2] {
    debug_assert!(bytes.len() <= usize::from(u16::MAX));
    let [.., high, low] = bytes.len().to_be_bytes();
    [high, low]
}

/// Encodes a length of more than two bytes. Few packets are so long.
#[cold]
#[inline(never)]
fn long_length(length: usize) -> EncodedVariableByteInteger {
    VariableByteInteger::try_from(length).unwrap_or_default().encode()
}

/// Writer into a slice, which advances with each write.
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

/// Copies bytes into a slice of the same length.
///
/// Most strings are short, and for these a call of `memcpy` costs more than the copy itself. They are copied from both ends
/// instead, in two steps of 32, 16, 8, 4, 2 or 1 bytes that may overlap.
#[inline(always)]
fn copy_short(room: &mut [u8], bytes: &[u8]) {
    let is_short = cfg!(target_pointer_width = "64") && bytes.len() <= 64;
    if !(is_short
        && (copy_ends::<32>(room, bytes)
            || copy_ends::<16>(room, bytes)
            || copy_ends::<8>(room, bytes)
            || copy_ends::<4>(room, bytes)
            || copy_ends::<2>(room, bytes)
            || copy_ends::<1>(room, bytes)
            || bytes.is_empty()))
    {
        room.copy_from_slice(bytes);
    }
}

/// Copies the first and the last `N` bytes. Returns `false` if there are fewer.
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

/// Writer into a [`BufMut`](bytes::BufMut).
///
/// Appends each field by itself. Collecting small fields in an array first takes longer: the copy out of the array loads
/// several small stores at once, and the processor has to wait until they have left its store buffer.
#[cfg(feature = "bytes")]
pub(crate) struct BufMutWriter<'a, O: bytes::BufMut> {
    output: &'a mut O,
}

#[cfg(feature = "bytes")]
impl<'a, O: bytes::BufMut> BufMutWriter<'a, O> {
    #[inline]
    pub(crate) fn new(output: &'a mut O) -> Self {
        // A full buffer grows by 64 bytes here instead of by a few for each of the first fields.
        let _ = output.chunk_mut();
        Self { output }
    }
}

#[cfg(feature = "bytes")]
impl<O: bytes::BufMut> Write<'_> for BufMutWriter<'_, O> {
    #[inline(always)]
    fn put_by(&mut self, bytes: &[u8], _: fn(&mut [u8], &[u8])) {
        self.output.put_slice(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::copy_short;

    #[test]
    fn copy_short_copies_all_bytes_and_changes_nothing_else() {
        let bytes: Vec<u8> = (1..=100).collect();
        for len in 0..=bytes.len() {
            let mut room = [0; 102];
            copy_short(&mut room[1..=len], &bytes[..len]);
            assert_eq!(room[1..=len], bytes[..len], "{len}");
            assert!(room[0] == 0 && room[len + 1..].iter().all(|byte| *byte == 0), "{len}");
        }
    }
}
