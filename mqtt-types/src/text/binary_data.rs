//! Binary Data: section 1.5.6.

use crate::buffer::{Buffer, DefaultBuffer, IntoBuffer, Lend};
use crate::text::check::MAX_LEN;
#[cfg(feature = "bytes")]
use alloc::{string::String, vec::Vec};
#[cfg(feature = "bytes")]
use bytes::Bytes;
use core::fmt;

/// Binary Data: 0 to 65,535 bytes of any content.
///
/// On the wire a two-byte length precedes it. Passwords, Will Payloads and Correlation Data are Binary Data. `Debug` shows
/// only the length, because some of them are secret.
///
/// ```
/// use mqtt_types::BinaryData;
///
/// let data = BinaryData::new(&[1, 2, 3])?;
/// assert_eq!(data.as_bytes(), [1, 2, 3]);
/// assert_eq!(format!("{data:?}"), "3 bytes");
/// assert!(BinaryData::new(&[0; 65_536]).is_err());
/// # Ok::<(), mqtt_types::BinaryDataTooLong>(())
/// ```
#[derive(Clone, Copy, Default)]
pub struct BinaryData<B = DefaultBuffer> {
    bytes: B,
}

/// The error for Binary Data of more than 65,535 bytes, which a two-byte length cannot express.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("binary data is longer than 65,535 bytes")]
pub struct BinaryDataTooLong;

impl<B: Buffer> BinaryData<B> {
    /// Checks the length. Nothing is copied.
    ///
    /// # Errors
    ///
    /// Returns an error if there are more than 65,535 bytes.
    #[inline]
    pub fn new(value: impl IntoBuffer<Buffer = B>) -> Result<Self, BinaryDataTooLong> {
        let bytes = value.into_buffer();
        if bytes.as_ref().len() <= MAX_LEN { Ok(Self { bytes }) } else { Err(BinaryDataTooLong) }
    }

    /// Returns the number of bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes.as_ref().len()
    }

    /// Returns `true` if there are no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.as_ref().is_empty()
    }
}

impl<'i, 'o, B: Lend<'i, 'o>> BinaryData<B> {
    /// Returns the bytes, without the length that precedes them on the wire.
    #[inline]
    #[must_use]
    pub fn as_bytes(&'i self) -> &'o [u8] {
        self.bytes.lend()
    }
}

impl<B> BinaryData<B> {
    /// Converts the value into the buffer that holds the bytes.
    #[inline]
    #[must_use]
    pub fn into_buffer(self) -> B {
        self.bytes
    }

    /// Returns the buffer that holds the bytes.
    #[inline]
    #[must_use]
    pub const fn as_buffer(&self) -> &B {
        &self.bytes
    }
}

crate::buffer::over_buffers!(BinaryData { plain: [], raw: [bytes], parts: [], options: [] });

impl<B: Buffer> AsRef<[u8]> for BinaryData<B> {
    fn as_ref(&self) -> &[u8] {
        self.bytes.as_ref()
    }
}

impl<B: Buffer> PartialEq<[u8]> for BinaryData<B> {
    fn eq(&self, other: &[u8]) -> bool {
        self.bytes.as_ref() == other
    }
}

impl<B: Buffer> PartialEq<&[u8]> for BinaryData<B> {
    fn eq(&self, other: &&[u8]) -> bool {
        self.bytes.as_ref() == *other
    }
}

impl<B: Buffer, const N: usize> PartialEq<[u8; N]> for BinaryData<B> {
    fn eq(&self, other: &[u8; N]) -> bool {
        self.bytes.as_ref() == other
    }
}

impl<B: Buffer, const N: usize> PartialEq<&[u8; N]> for BinaryData<B> {
    fn eq(&self, other: &&[u8; N]) -> bool {
        self.bytes.as_ref() == *other
    }
}

impl<B: Buffer> fmt::Debug for BinaryData<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.len())
    }
}

impl<'a> TryFrom<&'a [u8]> for BinaryData<&'a [u8]> {
    type Error = BinaryDataTooLong;

    fn try_from(bytes: &'a [u8]) -> Result<Self, BinaryDataTooLong> {
        Self::new(bytes)
    }
}

macro_rules! try_from {
    ($([$($generics:tt)*] $from:ty => $buffer:ty;)*) => {$(
        impl<$($generics)*> TryFrom<$from> for BinaryData<$buffer> {
            type Error = BinaryDataTooLong;

            fn try_from(value: $from) -> Result<Self, BinaryDataTooLong> {
                Self::new(value)
            }
        }
    )*};
}

try_from! {
    ['a] &'a str => &'a [u8];
    ['a, const N: usize] &'a [u8; N] => &'a [u8];
}

#[cfg(feature = "bytes")]
try_from! {
    [] String => Bytes;
    [] Vec<u8> => Bytes;
}

#[cfg(feature = "bytes")]
impl TryFrom<Bytes> for BinaryData<Bytes> {
    type Error = BinaryDataTooLong;

    fn try_from(bytes: Bytes) -> Result<Self, BinaryDataTooLong> {
        Self::new(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::BinaryData;

    #[test]
    fn holds_up_to_65535_bytes() {
        assert_eq!(BinaryData::new(&[0; 65_535]).unwrap().len(), 65_535);
        let error = BinaryData::new(&[0; 65_536]).unwrap_err();
        assert_eq!(error.to_string(), "binary data is longer than 65,535 bytes");
    }

    #[test]
    fn equals_its_bytes_and_no_others() {
        for bytes in [&b""[..], b"a", b"\0\xFF"] {
            let data = BinaryData::try_from(bytes).unwrap();
            assert!(data == bytes && data == *bytes, "{bytes:?}");
            for other in [&b"b"[..], b"ab", b"\0\xFE"] {
                assert!(data != other && data != *other, "{bytes:?} {other:?}");
            }
            assert_eq!((data.len(), data.is_empty()), (bytes.len(), bytes.is_empty()));
        }
        assert!(BinaryData::try_from(&[0; 65_536][..]).is_err());
    }

    #[test]
    fn is_made_of_text_and_of_vectors() {
        let data = BinaryData::new(b"abc").unwrap();
        assert_eq!(BinaryData::try_from("abc").unwrap(), data);
        assert_eq!(BinaryData::try_from(b"abc").unwrap(), data);
        assert!(data == *b"abc" && data == b"abc" && data != b"abd" && data != *b"ab");
        #[cfg(feature = "bytes")]
        {
            assert_eq!(BinaryData::try_from("abc".to_owned()).unwrap(), data);
            assert_eq!(BinaryData::try_from(vec![b'a', b'b', b'c']).unwrap(), data);
            assert!(BinaryData::try_from(vec![0; 65_536]).is_err());
        }
    }

    #[cfg(feature = "bytes")]
    #[test]
    fn keeps_a_shared_buffer_without_a_copy() {
        let bytes = bytes::Bytes::from(vec![1, 2, 3]);
        let data = BinaryData::try_from(bytes.clone()).unwrap();
        assert_eq!(data, BinaryData::new(&[1, 2, 3]).unwrap());
        assert_eq!(data.as_buffer().as_ptr(), bytes.as_ptr());
        assert!(BinaryData::try_from(bytes::Bytes::from_static(&[0; 65_536])).is_err());
    }
}
