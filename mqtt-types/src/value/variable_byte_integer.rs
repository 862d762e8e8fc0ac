//! Variable Byte Integer: section 1.5.5.

use core::fmt;

/// A Variable Byte Integer: 0 to 268,435,455, encoded in one to four bytes.
///
/// Each byte holds seven bits, the lowest first. Its high bit is set if another byte follows.
///
/// | bytes | from | to |
/// | --- | --- | --- |
/// | 1 | 0 | 127 |
/// | 2 | 128 | 16,383 |
/// | 3 | 16,384 | 2,097,151 |
/// | 4 | 2,097,152 | 268,435,455 |
///
/// Remaining Length, Property Length and Subscription Identifier are encoded like this. Encoding uses the fewest bytes
/// \[MQTT-1.5.5-1\]. Decoding accepts longer forms and reports them, because 5.0 forbids them and 3.x does not.
///
/// ```
/// use mqtt_types::VariableByteInteger;
///
/// let length = VariableByteInteger::new(321).unwrap();
/// assert_eq!(length.encode().as_ref(), [0xC1, 0x02]);
/// let decoded = VariableByteInteger::decode(&[0xC1, 0x02, 0xFF])?.unwrap();
/// assert_eq!((decoded.value, decoded.len, decoded.is_minimal()), (length, 2, true));
/// assert_eq!(VariableByteInteger::decode(&[0xC1])?, None); // incomplete
/// assert!(VariableByteInteger::decode(&[0x80, 0x80, 0x80, 0x80]).is_err());
/// # Ok::<(), mqtt_types::VariableByteIntegerError>(())
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VariableByteInteger(u32);

/// A decoded Variable Byte Integer: its value and the length of its encoding.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DecodedVariableByteInteger {
    /// The value.
    pub value: VariableByteInteger,
    /// The number of bytes of the encoding: 1 to 4.
    pub len: usize,
}

impl DecodedVariableByteInteger {
    /// Returns `true` if the value has no shorter encoding.
    #[inline]
    #[must_use]
    pub const fn is_minimal(&self) -> bool {
        // The last byte has the highest bits. If they are 0, the byte was not needed.
        match self.len {
            2 => self.value.0 >> 7 != 0,
            3 => self.value.0 >> 14 != 0,
            4 => self.value.0 >> 21 != 0,
            _ => true,
        }
    }
}

/// The error for a number or an encoding that is not a Variable Byte Integer.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum VariableByteIntegerError {
    /// The number is above 268,435,455.
    #[error("{0} is above 268,435,455, the largest variable byte integer")]
    TooLarge(u64),
    /// The fourth byte has its high bit set, so that a fifth one would follow.
    #[error("variable byte integer has more than four bytes")]
    TooLong,
}

impl VariableByteInteger {
    /// The smallest value, 0.
    pub const ZERO: Self = Self(0);
    /// The largest value, 268,435,455.
    pub const MAX: Self = Self(268_435_455);

    /// Returns the integer with this value, or `None` if the value is above 268,435,455.
    #[inline]
    #[must_use]
    pub const fn new(value: u32) -> Option<Self> {
        if value <= Self::MAX.0 { Some(Self(value)) } else { None }
    }

    /// Returns the value.
    #[inline]
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// Returns the value as a length in memory.
    ///
    /// If `usize` has 16 bits, a value that does not fit becomes `usize::MAX`, which no slice reaches.
    #[inline]
    #[must_use]
    pub fn to_usize(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }

    /// Returns the number of bytes of the encoding: 1 to 4.
    #[inline]
    #[must_use]
    pub const fn encoded_len(self) -> usize {
        match self.0 {
            0..=127 => 1,
            128..=16_383 => 2,
            16_384..=2_097_151 => 3,
            _ => 4,
        }
    }

    /// Encodes the value in the fewest bytes: 1 to 4.
    #[inline]
    #[must_use]
    pub const fn encode(self) -> EncodedVariableByteInteger {
        let [low, second, third, fourth] = [self.0, self.0 >> 7, self.0 >> 14, self.0 >> 21];
        let len = self.encoded_len();
        let bytes = [
            seven_bits(low, len > 1),
            seven_bits(second, len > 2),
            seven_bits(third, len > 3),
            seven_bits(fourth, false),
        ];
        EncodedVariableByteInteger { bytes, len }
    }

    /// Decodes an integer from the start of `input`. Returns `None` if more bytes are needed.
    ///
    /// # Errors
    ///
    /// Returns [`TooLong`](VariableByteIntegerError::TooLong) if the fourth byte has its high bit set.
    #[inline]
    pub const fn decode(input: &[u8]) -> Result<Option<DecodedVariableByteInteger>, VariableByteIntegerError> {
        let (value, len) = match *input {
            [a @ 0..=0x7F, ..] => (low_bits(a), 1),
            [a, b @ 0..=0x7F, ..] => (low_bits(a) | low_bits(b) << 7, 2),
            [a, b, c @ 0..=0x7F, ..] => (low_bits(a) | low_bits(b) << 7 | low_bits(c) << 14, 3),
            [a, b, c, d @ 0..=0x7F, ..] => (low_bits(a) | low_bits(b) << 7 | low_bits(c) << 14 | low_bits(d) << 21, 4),
            [_, _, _, _, ..] => return Err(VariableByteIntegerError::TooLong),
            _ => return Ok(None),
        };
        Ok(Some(DecodedVariableByteInteger { value: Self(value), len }))
    }
}

#[inline]
#[expect(clippy::as_conversions, reason = "u32::from is not const; no bit is lost")]
const fn low_bits(byte: u8) -> u32 {
    (byte & 0x7F) as u32
}

#[inline]
#[expect(clippy::as_conversions, reason = "the mask leaves seven bits")]
const fn seven_bits(value: u32, more: bool) -> u8 {
    let byte = (value & 0x7F) as u8;
    if more { byte | 0x80 } else { byte }
}

/// The encoding of a [`VariableByteInteger`]: 1 to 4 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EncodedVariableByteInteger {
    bytes: [u8; 4],
    len: usize,
}

impl AsRef<[u8]> for EncodedVariableByteInteger {
    #[inline]
    fn as_ref(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or(&self.bytes)
    }
}

impl fmt::Display for VariableByteInteger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl From<u8> for VariableByteInteger {
    #[inline]
    fn from(value: u8) -> Self {
        Self(value.into())
    }
}

impl From<u16> for VariableByteInteger {
    #[inline]
    fn from(value: u16) -> Self {
        Self(value.into())
    }
}

impl TryFrom<u32> for VariableByteInteger {
    type Error = VariableByteIntegerError;

    fn try_from(value: u32) -> Result<Self, Self::Error> {
        Self::new(value).ok_or_else(|| VariableByteIntegerError::TooLarge(value.into()))
    }
}

impl TryFrom<usize> for VariableByteInteger {
    type Error = VariableByteIntegerError;

    #[inline]
    fn try_from(value: usize) -> Result<Self, Self::Error> {
        match u32::try_from(value) {
            Ok(value) => Self::try_from(value),
            Err(_) => Err(VariableByteIntegerError::TooLarge(u64::try_from(value).unwrap_or(u64::MAX))),
        }
    }
}

impl From<VariableByteInteger> for u32 {
    fn from(value: VariableByteInteger) -> Self {
        value.0
    }
}

#[cfg(test)]
mod tests {
    use super::{VariableByteInteger, VariableByteIntegerError};

    /// Both sides of each bound, with their bytes.
    const EDGES: [(u32, &[u8]); 8] = [
        (0, &[0x00]),
        (127, &[0x7F]),
        (128, &[0x80, 0x01]),
        (16_383, &[0xFF, 0x7F]),
        (16_384, &[0x80, 0x80, 0x01]),
        (2_097_151, &[0xFF, 0xFF, 0x7F]),
        (2_097_152, &[0x80, 0x80, 0x80, 0x01]),
        (268_435_455, &[0xFF, 0xFF, 0xFF, 0x7F]),
    ];

    #[test]
    fn encodes_and_decodes_both_sides_of_each_bound() {
        for (value, bytes) in EDGES {
            let integer = VariableByteInteger::new(value).unwrap();
            assert_eq!(integer.encode().as_ref(), bytes);
            let decoded = VariableByteInteger::decode(bytes).unwrap().unwrap();
            assert_eq!((decoded.value, decoded.len, decoded.is_minimal()), (integer, bytes.len(), true));
            for cut in 0..bytes.len() {
                assert_eq!(VariableByteInteger::decode(&bytes[..cut]), Ok(None));
            }
        }
    }

    #[test]
    fn keeps_its_number() {
        for (value, bytes) in EDGES {
            let integer = VariableByteInteger::try_from(value).unwrap();
            assert_eq!((integer.get(), u32::from(integer)), (value, value));
            assert_eq!((integer.encoded_len(), integer.to_string()), (bytes.len(), value.to_string()));
            assert_eq!(VariableByteInteger::try_from(integer.to_usize()), Ok(integer));
            assert_eq!(integer.to_usize(), usize::try_from(value).unwrap());
        }
        assert_eq!(
            (VariableByteInteger::from(255_u8).get(), VariableByteInteger::from(65_535_u16).get()),
            (255, 65_535)
        );
    }

    #[test]
    fn every_value_of_up_to_three_bytes_survives() {
        for value in 0..2_097_152 {
            let encoded = VariableByteInteger(value).encode();
            let decoded = VariableByteInteger::decode(encoded.as_ref()).unwrap().unwrap();
            assert!(decoded.value.get() == value && decoded.is_minimal());
        }
    }

    #[test]
    fn reports_longer_forms_than_needed() {
        for bytes in
            [&[0x80, 0x00][..], &[0x81, 0x00], &[0x80, 0x80, 0x00], &[0xFF, 0x80, 0x00], &[0x80, 0x80, 0x80, 0]]
        {
            assert!(!VariableByteInteger::decode(bytes).unwrap().unwrap().is_minimal(), "{bytes:02x?}");
        }
    }

    #[test]
    fn refuses_five_bytes_and_numbers_above_the_largest() {
        let error = VariableByteInteger::decode(&[0xFF, 0xFF, 0xFF, 0xFF, 0x7F]).unwrap_err();
        assert_eq!(error, VariableByteIntegerError::TooLong);
        assert_eq!(error.to_string(), "variable byte integer has more than four bytes");
        assert_eq!(VariableByteInteger::new(268_435_456), None);
        let error = VariableByteInteger::try_from(268_435_456_u32).unwrap_err();
        assert_eq!(error.to_string(), "268435456 is above 268,435,455, the largest variable byte integer");
        for value in [268_435_456, usize::MAX] {
            let error = VariableByteIntegerError::TooLarge(u64::try_from(value).unwrap());
            assert_eq!(VariableByteInteger::try_from(value), Err(error));
        }
    }
}
