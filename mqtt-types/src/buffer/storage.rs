//! The storage that builders write to: the caller's slice, or a growing buffer.

use crate::buffer::buffer::Buffer;
#[cfg(feature = "bytes")]
use crate::value::VariableByteInteger;
#[cfg(feature = "bytes")]
use alloc::vec::Vec;
#[cfg(feature = "bytes")]
use bytes::Bytes;
use core::fmt;

/// The storage that a builder writes to.
///
/// | storage | the result holds its bytes in | needs |
/// | --- | --- | --- |
/// | [`SliceStorage`], made by `builder_in(&mut [u8])` | `&'a [u8]`, a part of the slice | no allocator |
/// | `SharedStorage`, made by `builder()` | `Bytes` | feature `bytes` |
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
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the storage of a builder",
    label = "expected `SliceStorage` or `SharedStorage`",
    note = "`builder_in(&mut slice)` and `builder()` make it"
)]
pub trait Storage: sealed::Sealed {
    /// The buffer of the result.
    type Buffer: Buffer;

    /// Appends `len` bytes and returns them, for the caller to overwrite.
    #[doc(hidden)]
    fn grow(&mut self, len: usize) -> Result<&mut [u8], StorageError>;

    /// Returns the bytes that were written.
    #[doc(hidden)]
    fn written(&mut self) -> &mut [u8];

    /// Drops all but the first `len` bytes.
    #[doc(hidden)]
    fn truncate(&mut self, len: usize);

    #[doc(hidden)]
    fn finish(self) -> Self::Buffer;

    /// Appends bytes.
    #[doc(hidden)]
    #[inline]
    fn put(&mut self, bytes: &[u8]) -> Result<(), StorageError> {
        let grown = self.grow(bytes.len())?;
        grown.get_mut(..bytes.len()).ok_or(StorageError::Full)?.copy_from_slice(bytes);
        Ok(())
    }
}

/// The caller's slice, which a builder fills from the start. The rest of the slice is not changed.
pub struct SliceStorage<'a> {
    slice: &'a mut [u8],
    len: usize,
}

impl<'a> SliceStorage<'a> {
    pub(crate) const fn new(slice: &'a mut [u8]) -> Self {
        Self { slice, len: 0 }
    }

    #[cfg(feature = "defmt")]
    pub(crate) const fn len(&self) -> usize {
        self.len
    }
}

impl<'a> Storage for SliceStorage<'a> {
    type Buffer = &'a [u8];

    #[inline]
    fn grow(&mut self, len: usize) -> Result<&mut [u8], StorageError> {
        let end = self.len.saturating_add(len);
        let grown = self.slice.get_mut(self.len..end).ok_or(StorageError::Full)?;
        self.len = end;
        Ok(grown)
    }

    fn written(&mut self) -> &mut [u8] {
        self.slice.get_mut(..self.len).unwrap_or_default()
    }

    fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    #[inline]
    fn finish(self) -> &'a [u8] {
        let slice: &'a [u8] = self.slice;
        slice.get(..self.len).unwrap_or(slice)
    }
}

/// Shows the length. The bytes may be secret.
impl fmt::Debug for SliceStorage<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.len)
    }
}

/// A buffer that grows as a builder writes to it.
///
/// Up to 128 bytes are collected in the builder itself, and [`build`](crate::PublishPropertiesBuilder::build) allocates
/// once, with the exact size. More bytes are collected in a `Vec`.
#[cfg(feature = "bytes")]
pub struct SharedStorage {
    inline: [u8; INLINE],
    len: usize,
    /// Holds all bytes as soon as there are too many for `inline`.
    heap: Vec<u8>,
}

/// The number of bytes that a builder collects without an allocation.
#[cfg(feature = "bytes")]
const INLINE: usize = 128;

#[cfg(feature = "bytes")]
impl SharedStorage {
    #[inline]
    pub(crate) const fn new() -> Self {
        Self { inline: [0; INLINE], len: 0, heap: Vec::new() }
    }

    #[cfg(feature = "defmt")]
    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    #[inline(never)]
    fn grow_heap(&mut self, end: usize) -> Result<&mut [u8], StorageError> {
        // A packet cannot hold more than this.
        if end > VariableByteInteger::MAX.to_usize() {
            return Err(StorageError::TooLong);
        }
        if self.heap.is_empty() {
            self.heap.reserve(end.saturating_mul(2));
            self.heap.extend_from_slice(self.inline.get(..self.len).unwrap_or_default());
        }
        self.heap.resize(end, 0);
        let start = core::mem::replace(&mut self.len, end);
        self.heap.get_mut(start..).ok_or(StorageError::Full)
    }
}

#[cfg(feature = "bytes")]
impl Storage for SharedStorage {
    type Buffer = Bytes;

    #[inline]
    fn grow(&mut self, len: usize) -> Result<&mut [u8], StorageError> {
        let end = self.len.saturating_add(len);
        if end > INLINE || !self.heap.is_empty() {
            return self.grow_heap(end);
        }
        let start = core::mem::replace(&mut self.len, end);
        self.inline.get_mut(start..end).ok_or(StorageError::Full)
    }

    fn written(&mut self) -> &mut [u8] {
        if self.heap.is_empty() { self.inline.get_mut(..self.len).unwrap_or_default() } else { &mut self.heap }
    }

    fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
        self.heap.truncate(len);
    }

    #[inline]
    fn finish(self) -> Bytes {
        if self.heap.is_empty() {
            Bytes::copy_from_slice(self.inline.get(..self.len).unwrap_or_default())
        } else {
            Bytes::from(self.heap)
        }
    }
}

/// Shows the length. The bytes may be secret.
#[cfg(feature = "bytes")]
impl fmt::Debug for SharedStorage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.len)
    }
}

/// Writes a text or binary data with its two-byte length.
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
    impl Sealed for super::SharedStorage {}
}

#[cfg(test)]
mod tests {
    #[cfg(feature = "bytes")]
    use super::SharedStorage;
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

    #[test]
    fn what_is_dropped_from_a_slice_is_overwritten() {
        let mut bytes = [0xFF; 4];
        let mut storage = SliceStorage::new(&mut bytes);
        assert_eq!(storage.put(&[1, 2, 3]), Ok(()));
        storage.truncate(7);
        assert_eq!((storage.written().to_vec(), format!("{storage:?}")), (vec![1, 2, 3], "3 bytes".to_owned()));
        storage.truncate(1);
        assert_eq!(storage.put(&[4]), Ok(()));
        assert_eq!(storage.finish(), [1, 4]);
    }

    #[cfg(feature = "bytes")]
    #[test]
    fn a_buffer_grows_beyond_what_is_kept_inline() {
        let all: Vec<u8> = (0..=255).cycle().take(1_000).collect();
        for len in [0, 1, 127, 128, 129, 255, 256, 257, 1_000] {
            for step in [1, 7, 127, 128, 129, 500] {
                let mut storage = SharedStorage::new();
                for chunk in all[..len].chunks(step) {
                    assert_eq!(storage.put(chunk), Ok(()));
                }
                assert_eq!(storage.written(), &all[..len]);
                let kept = len / 2;
                storage.truncate(kept);
                assert_eq!((storage.written().len(), format!("{storage:?}")), (kept, format!("{kept} bytes")));
                assert_eq!(storage.put(&all[kept..len]), Ok(()));
                assert_eq!(storage.finish(), all[..len], "{len} {step}");
            }
        }
    }

    #[cfg(feature = "bytes")]
    #[test]
    fn a_buffer_grows_up_to_what_a_packet_holds() {
        // Zeroed pages that are never read take address space, but no memory.
        let len = 268_435_455;
        let mut storage = SharedStorage { len, heap: vec![0; len], ..SharedStorage::new() };
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
