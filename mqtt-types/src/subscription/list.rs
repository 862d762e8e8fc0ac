//! The code that the lists of Topic Filters in SUBSCRIBE and UNSUBSCRIBE share: sections 3.8.3 and 3.10.3.

use crate::buffer::{Buffer, Storage, split_prefixed};
use crate::property::BuildError;
use crate::subscription::list_error::{ListError, ListErrorKind};
use crate::text::{TextErrorKind, Utf8String};
use crate::topic::TopicFilter;
use crate::value::ProtocolVersion;

/// Whether a list may hold text that is not a Topic Filter.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum InvalidFilters {
    Refuse,
    Allow,
}

/// Facts about a list that were recorded when it was checked or built. They decide which versions can express the list.
///
/// The flags are bits of one byte. Separate bytes would be written one by one and then copied together, for which the
/// processor would have to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ListFlags(u8);

impl ListFlags {
    const NONE: Self = Self(0);
    /// Some options contain more than a QoS, which 3.x cannot express.
    pub(crate) const V5_OPTIONS: Self = Self(1);
    /// Some filter begins with `$share/` and is not a shared subscription: only 3.x allows it.
    const ORDINARY_SHARE: Self = Self(1 << 1);
    /// Some options have bits set that 3.1 ignores: they are masked when they are read.
    pub(crate) const MASKED_OPTIONS: Self = Self(1 << 2);
    /// Some filter is not valid in any version: the list was made with [`InvalidFilters::Allow`].
    pub(crate) const INVALID_FILTER: Self = Self(1 << 3);

    /// Sets a flag if it is found.
    #[inline]
    pub(crate) fn add(&mut self, flag: Self, is_found: bool) {
        self.0 |= if is_found { flag.0 } else { 0 };
    }

    #[inline]
    pub(crate) const fn has(self, flag: Self) -> bool {
        self.0 & flag.0 != 0
    }

    /// Returns `true` if the version can express the list.
    #[inline]
    pub(crate) const fn exists_in(self, version: ProtocolVersion) -> bool {
        let other = if version.is_v3() { Self::V5_OPTIONS } else { Self::ORDINARY_SHARE };
        self.0 & (other.0 | Self::INVALID_FILTER.0) == 0
    }
}

/// Checks a list, and returns the number of its items.
///
/// `check_rest` is called with each filter and the bytes after it. It checks the part of the item that follows the
/// filter, sets the flags that depend on it, and returns the bytes after the item.
#[inline]
pub(crate) fn check_list<'a>(
    bytes: &'a [u8],
    version: ProtocolVersion,
    invalid: InvalidFilters,
    mut check_rest: impl FnMut(&TopicFilter<&'a [u8]>, &'a [u8], &mut ListFlags) -> Result<&'a [u8], ListError>,
) -> Result<(usize, ListFlags), ListError> {
    let may_be_ordinary_only = version.is_v3() || invalid == InvalidFilters::Allow;
    let mut flags = ListFlags::NONE;
    let mut count = 0_usize;
    let mut rest = bytes;
    while !rest.is_empty() {
        let offset = bytes.len().saturating_sub(rest.len());
        let (filter, is_valid, after) = split_filter(rest, offset, version, invalid)?;
        flags.add(ListFlags::INVALID_FILTER, !is_valid);
        flags.add(ListFlags::ORDINARY_SHARE, may_be_ordinary_only && filter.is_ordinary_only());
        rest = check_rest(&filter, after, &mut flags)?;
        count = count.wrapping_add(1); // never wraps: an item has more than one byte
    }
    if count == 0 { Err(ListError::new(ListErrorKind::Empty, 0)) } else { Ok((count, flags)) }
}

/// A Topic Filter, whether it is valid in any version, and the bytes after it.
type SplitFilter<'a> = (TopicFilter<&'a [u8]>, bool, &'a [u8]);

/// Splits off one Topic Filter and checks it by the rules of the version.
#[inline]
fn split_filter(
    bytes: &[u8],
    offset: usize,
    version: ProtocolVersion,
    invalid: InvalidFilters,
) -> Result<SplitFilter<'_>, ListError> {
    let (text, rest) = split_prefixed(bytes).ok_or_else(|| ListError::new(ListErrorKind::Truncated, offset))?;
    let filter = if version.is_v3() { TopicFilter::new_ordinary(text) } else { TopicFilter::new(text) };
    match filter {
        Ok(filter) => Ok((filter, true, rest)),
        Err(error) => {
            if invalid == InvalidFilters::Allow {
                if let Ok(string) = Utf8String::new(text) {
                    let filter = TopicFilter::from_checked(string.into_buffer());
                    return Ok((filter, filter.check_ordinary().is_ok(), rest)); // `$share/…` is ordinary text in 3.x
                }
            }
            // An empty filter has no byte of its own, so the error points at its length.
            let start = if error.kind() == TextErrorKind::EmptyTopic { 0 } else { 2 };
            let offset = offset.saturating_add(start).saturating_add(error.offset());
            Err(ListError::new(ListErrorKind::TopicFilter(error.kind()), offset))
        }
    }
}

/// The builder that both lists share.
#[derive(Debug)]
pub(crate) struct ListBuilder<S> {
    storage: S,
    count: usize,
    pub(crate) flags: ListFlags,
    /// The first error. `build` returns it.
    mistake: Option<BuildError>,
}

impl<S: Storage> ListBuilder<S> {
    pub(crate) const fn new(storage: S) -> Self {
        Self { storage, count: 0, flags: ListFlags::NONE, mistake: None }
    }

    /// Adds an item that is not legal.
    pub(crate) fn note(&mut self, mistake: BuildError) {
        self.mistake.get_or_insert(mistake);
    }

    /// Adds an item, which `put` writes.
    pub(crate) fn push<B: Buffer>(
        &mut self,
        topic_filter: &TopicFilter<B>,
        put: impl FnOnce(&mut S) -> Result<(), BuildError>,
    ) {
        // A `TopicFilter` that is not valid comes from a list that allows such filters.
        self.flags.add(ListFlags::ORDINARY_SHARE, topic_filter.is_ordinary_only());
        self.flags.add(ListFlags::INVALID_FILTER, topic_filter.check_ordinary().is_err());
        if self.mistake.is_none() {
            self.mistake = put(&mut self.storage).err();
        }
        self.count = self.count.saturating_add(1);
    }

    pub(crate) fn build(self) -> Result<(S::Buffer, usize, ListFlags), BuildError> {
        match (self.mistake, self.count) {
            (Some(mistake), _) => Err(mistake),
            (None, 0) => Err(BuildError::EmptyList),
            (None, count) => Ok((self.storage.finish(), count, self.flags)),
        }
    }
}

/// Implements the methods and traits that the two lists and their iterators share. A list has the fields `bytes` and
/// `count`, an iterator has `rest`, `count` and a function `split_item`, which returns the next item and the bytes
/// after it.
macro_rules! list_impls {
    ($list:ident $iter:ident $item:ty) => {
        impl<B: crate::buffer::Buffer> $list<B> {
            /// Returns the number of items, which is at least one.
            #[must_use]
            #[expect(clippy::len_without_is_empty, reason = "it is never empty")]
            pub const fn len(&self) -> usize {
                self.count
            }
        }

        impl<'i, 'o, B: crate::buffer::Lend<'i, 'o>> $list<B> {
            /// Returns the encoded list.
            #[inline]
            #[must_use]
            pub fn as_bytes(&'i self) -> &'o [u8] {
                self.bytes.lend()
            }

            /// Returns the same list, borrowed from this one. Nothing is copied.
            #[inline]
            #[must_use]
            pub fn as_borrowed(&'i self) -> $list<&'o [u8]> {
                self.map_buffer(&mut crate::buffer::Lend::lend)
            }
        }

        impl<B: crate::buffer::Buffer, C: crate::buffer::Buffer> PartialEq<$list<C>> for $list<B> {
            fn eq(&self, other: &$list<C>) -> bool {
                self.count == other.count && self.iter().eq(other.iter())
            }
        }

        impl<B: crate::buffer::Buffer> Eq for $list<B> {}

        impl<B: crate::buffer::Buffer> core::hash::Hash for $list<B> {
            fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
                self.count.hash(state);
                self.iter().for_each(|item| item.hash(state));
            }
        }

        impl<B: crate::buffer::Buffer> core::fmt::Debug for $list<B> {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.debug_list().entries(self.iter()).finish()
            }
        }

        impl<'a, B: crate::buffer::Buffer> IntoIterator for &'a $list<B> {
            type Item = $item;
            type IntoIter = $iter<'a>;

            fn into_iter(self) -> $iter<'a> {
                self.iter()
            }
        }

        impl<B> $list<B> {
            /// Returns the buffer that holds the encoded list. If the buffer is shared, `share` converts a Topic Filter
            /// of the list into a shared slice of it, without a copy.
            #[inline]
            #[must_use]
            pub const fn as_buffer(&self) -> &B {
                &self.bytes
            }
        }

        #[cfg(feature = "bytes")]
        impl<B: crate::buffer::Buffer> $list<B> {
            crate::buffer::to_compact!($list<bytes::Bytes>);
        }

        #[cfg(feature = "bytes")]
        impl $list<&[u8]> {
            /// Copies the list into its own buffer.
            #[must_use]
            pub fn to_shared(&self) -> $list<bytes::Bytes> {
                self.map_buffer(&mut |part| bytes::Bytes::copy_from_slice(part))
            }
        }

        impl<'a> Iterator for $iter<'a> {
            type Item = $item;

            fn next(&mut self) -> Option<Self::Item> {
                let (item, rest) = self.split_item()?;
                self.rest = rest;
                self.count = self.count.saturating_sub(1);
                Some(item)
            }

            fn size_hint(&self) -> (usize, Option<usize>) {
                (self.count, Some(self.count))
            }
        }

        impl ExactSizeIterator for $iter<'_> {}
        impl core::iter::FusedIterator for $iter<'_> {}
    };
}
pub(crate) use list_impls;
