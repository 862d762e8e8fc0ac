//! The bytes of a packet that keeps no content.

use core::ops::Deref;

/// A packet of up to four bytes, which is copied: that takes less time than counting a reference to a buffer.
///
/// No packet of this length has a byte that a field refers to. After the shortest fixed header there are two bytes: a Packet
/// Identifier, the flags and the code of CONNACK, or a Reason Code. Text, data and lists need at least three.
#[derive(Clone, Copy)]
pub(crate) struct ShortBytes {
    bytes: [u8; Self::LONGEST],
    len: u8,
}

impl ShortBytes {
    pub(crate) const LONGEST: usize = 4;

    /// Copies the packet at the start of `input`, or returns `None` if it is longer.
    ///
    /// All four bytes are copied if there are so many: a copy of constant length costs next to nothing.
    #[inline]
    pub(crate) fn copy(input: &[u8], len: usize) -> Option<Self> {
        if len > Self::LONGEST {
            return None;
        }
        let bytes = input.first_chunk().copied().unwrap_or_else(|| {
            let mut bytes = [0; Self::LONGEST];
            for (to, from) in bytes.iter_mut().zip(input) {
                *to = *from;
            }
            bytes
        });
        Some(Self { bytes, len: u8::try_from(len).ok()? })
    }
}

impl Deref for ShortBytes {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.len)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::ShortBytes;

    #[test]
    fn packets_of_up_to_four_bytes_are_copied() {
        let input = [1, 2, 3, 4, 5, 6];
        for end in 0..=input.len() {
            for len in 0..=end {
                let copied = ShortBytes::copy(&input[..end], len);
                assert_eq!(copied.as_deref(), (len <= 4).then(|| &input[..len]), "{len} of {end}");
            }
        }
    }
}
