//! The storage that builders write to: a slice of the caller's, or a growing buffer.

use crate::buffer::buffer::Buffer;
#[cfg(feature = "bytes")]
use crate::value::VariableByteInteger;

/// The storage that a builder writes to.
///
/// | storage | the result holds its bytes in | needs |
/// | --- | --- | --- |
/// | [`SliceStorage`], made by `builder_in(&mut [u8])` | `&'a [u8]`, a part of the slice | no allocator |
/// | [`bytes::BytesMut`](https://docs.rs/bytes), made by `builder()` | `Bytes` | feature `bytes` |
///
/// The trait is sealed: only these two types implement it. A function that is generic over it serves both builders.
///
/// ```
/// use mqtt_types::{PublishProperties, PublishPropertiesBuilder, Storage};
///
/// fn describe<S: Storage>(builder: PublishPropertiesBuilder<S>) -> PublishPropertiesBuilder<S> {
///     builder.content_type("text/plain").user_property("unit", "celsius")
/// }
/// let mut storage = [0; 64];
/// let borrowed = describe(PublishProperties::builder_in(&mut storage)).build()?;
/// # #[cfg(feature = "bytes")]
/// let shared = describe(PublishProperties::builder()).build()?;
/// # #[cfg(feature = "bytes")]
/// assert_eq!(borrowed, shared);
/// # Ok::<(), mqtt_types::BuildError>(())
/// ```
pub trait Storage: sealed::Sealed {
    /// The buffer of the result.
    type Buffer: Buffer;

    #[doc(hidden)]
    fn put(&mut self, bytes: &[u8]) -> Result<(), StorageError>;

    #[doc(hidden)]
    fn finish(self) -> Self::Buffer;
}

/// A slice of the caller's that a builder fills from its start. The rest of the slice stays unused.
#[derive(Debug)]
pub struct SliceStorage<'a> {
    slice: &'a mut [u8],
    len: usize,
}

impl<'a> SliceStorage<'a> {
    pub(crate) const fn new(slice: &'a mut [u8]) -> Self {
        Self { slice, len: 0 }
    }
}

impl<'a> Storage for SliceStorage<'a> {
    type Buffer = &'a [u8];

    fn put(&mut self, bytes: &[u8]) -> Result<(), StorageError> {
        let free = self.slice.get_mut(self.len..).unwrap_or_default();
        free.get_mut(..bytes.len()).ok_or(StorageError::Full)?.copy_from_slice(bytes);
        self.len = self.len.saturating_add(bytes.len());
        Ok(())
    }

    fn finish(self) -> &'a [u8] {
        let slice: &'a [u8] = self.slice;
        slice.get(..self.len).unwrap_or(slice)
    }
}

#[cfg(feature = "bytes")]
impl Storage for bytes::BytesMut {
    type Buffer = bytes::Bytes;

    fn put(&mut self, bytes: &[u8]) -> Result<(), StorageError> {
        // A packet cannot hold more than this.
        if self.len().saturating_add(bytes.len()) > VariableByteInteger::MAX.to_usize() {
            return Err(StorageError::TooLong);
        }
        self.extend_from_slice(bytes);
        Ok(())
    }

    fn finish(self) -> bytes::Bytes {
        self.freeze()
    }
}

/// Writes a text or binary data behind its two-byte length.
pub(crate) fn put_prefixed(storage: &mut impl Storage, bytes: &[u8]) -> Result<(), StorageError> {
    let len = u16::try_from(bytes.len()).map_err(|_| StorageError::TooLong)?;
    storage.put(&len.to_be_bytes())?;
    storage.put(bytes)
}

/// Splits off a text or binary data with its two-byte length. Returns it without the length, and the rest.
#[inline]
pub(crate) fn split_prefixed(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (len, rest) = bytes.split_first_chunk::<2>()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*len)))
}

/// The error of a storage that cannot take more bytes. Builders report it as a `BuildError`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(unnameable_types, reason = "it is in the signature of a hidden method of a sealed trait")]
pub enum StorageError {
    /// The slice is too small.
    Full,
    /// The result is longer than a packet can be, or a text or binary data is longer than 65,535 bytes.
    TooLong,
}

mod sealed {
    #[expect(unnameable_types, reason = "this seals the public trait")]
    pub trait Sealed {}
    impl Sealed for super::SliceStorage<'_> {}
    #[cfg(feature = "bytes")]
    impl Sealed for bytes::BytesMut {}
}

#[cfg(test)]
mod tests {
    use super::{SliceStorage, Storage, StorageError, put_prefixed, split_prefixed};

    #[test]
    fn a_slice_is_filled_from_its_start_and_never_beyond_its_end() {
        let mut bytes = [0xFF; 4];
        let mut storage = SliceStorage::new(&mut bytes);
        assert_eq!(storage.put(&[1, 2]), Ok(()));
        assert_eq!(storage.put(&[3, 4, 5]), Err(StorageError::Full));
        assert_eq!(storage.put(&[3, 4]), Ok(()));
        assert_eq!((storage.put(&[]), storage.put(&[5])), (Ok(()), Err(StorageError::Full)));
        assert_eq!(storage.finish(), [1, 2, 3, 4]);
        let mut bytes = [0xFF; 4];
        assert!(SliceStorage::new(&mut bytes).finish().is_empty());
    }

    #[cfg(feature = "bytes")]
    #[test]
    fn a_buffer_grows_up_to_what_a_packet_holds() {
        let mut storage = bytes::BytesMut::new();
        assert_eq!((storage.put(&[1, 2]), storage.put(&[3])), (Ok(()), Ok(())));
        assert_eq!(storage.finish(), [1, 2, 3][..]);
        // Zeroed pages that are never read take address space, but no memory.
        let mut storage = bytes::BytesMut::zeroed(268_435_455);
        assert_eq!((storage.put(&[]), storage.put(&[0])), (Ok(()), Err(StorageError::TooLong)));
    }

    #[test]
    fn a_two_byte_length_precedes_up_to_65535_bytes() {
        let mut bytes = vec![0; 65_538];
        let mut storage = SliceStorage::new(&mut bytes);
        assert_eq!(put_prefixed(&mut storage, &[7; 65_536]), Err(StorageError::TooLong));
        assert_eq!(put_prefixed(&mut storage, &[7; 65_535]), Ok(()));
        let written = storage.finish();
        assert_eq!((written.len(), &written[..3]), (65_537, &[0xFF, 0xFF, 7][..]));
        assert_eq!(split_prefixed(written), Some((&[7; 65_535][..], &[][..])));
        for cut in [0, 1, 2, 3, 65_536] {
            assert_eq!(split_prefixed(&written[..cut]), None, "{cut}");
        }
    }
}
