//! What the lists of Topic Filters in SUBSCRIBE and UNSUBSCRIBE have in common: sections 3.8.3 and 3.10.3.

use crate::buffer::{BuildError, Storage, split_prefixed};
use crate::{ProtocolVersion, SubscriptionOptionsError, TextErrorKind, TopicFilter, Utf8String};
use core::fmt;

/// Which rule a list of Topic Filters breaks, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ListError {
    kind: ListErrorKind,
    offset: usize,
}

/// Which rule a list of Topic Filters breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ListErrorKind {
    /// There is no item. MQTT-3.8.3-2, MQTT-3.10.3-2 (3.1.1: MQTT-3.8.3-3, MQTT-3.10.3-2).
    Empty,
    /// A Topic Filter runs past the end. Section 1.5.4.
    Truncated,
    /// A Topic Filter is not legal.
    TopicFilter(TextErrorKind),
    /// No byte of options follows the Topic Filter. Section 3.8.3.
    OptionsMissing,
    /// The options are not legal.
    Options(SubscriptionOptionsError),
    /// No Local on a shared subscription. MQTT-3.8.3-4.
    NoLocalOnSharedSubscription,
}

impl ListError {
    pub(crate) const fn new(kind: ListErrorKind, offset: usize) -> Self {
        Self { kind, offset }
    }

    /// Which rule is broken.
    #[must_use]
    pub const fn kind(&self) -> ListErrorKind {
        self.kind
    }

    /// The first byte that breaks it, counted from the start of the list.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }
}

impl fmt::Display for ListErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the list has no topic filter"),
            Self::Truncated => f.write_str("a topic filter runs past the end of the list"),
            Self::TopicFilter(kind) => fmt::Display::fmt(kind, f),
            Self::OptionsMissing => f.write_str("no subscription options follow the topic filter"),
            Self::Options(error) => fmt::Display::fmt(error, f),
            Self::NoLocalOnSharedSubscription => f.write_str("no local is set on a shared subscription"),
        }
    }
}

impl fmt::Display for ListError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.kind, self.offset)
    }
}

impl core::error::Error for ListError {}

/// What becomes of text that is no Topic Filter.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum InvalidFilters {
    Refuse,
    LetThrough,
}

/// A Topic Filter, whether it is one in any version, and what follows it.
pub(crate) type SplitFilter<'a> = (TopicFilter<&'a [u8]>, bool, &'a [u8]);

/// Splits off one Topic Filter, and tells whether it is valid by the rules of the version.
#[inline]
pub(crate) fn split_filter(
    bytes: &[u8],
    offset: usize,
    version: ProtocolVersion,
    invalid: InvalidFilters,
) -> Result<SplitFilter<'_>, ListError> {
    let (text, rest) = split_prefixed(bytes).ok_or(ListError { kind: ListErrorKind::Truncated, offset })?;
    let filter = if version.is_v3() { TopicFilter::new_ordinary(text) } else { TopicFilter::new(text) };
    match filter {
        Ok(filter) => Ok((filter, true, rest)),
        Err(error) => {
            if invalid == InvalidFilters::LetThrough {
                if let Ok(string) = Utf8String::new(text) {
                    let filter = TopicFilter::from_checked(string.into_buffer());
                    return Ok((filter, filter.check_ordinary().is_ok(), rest)); // `$share/…` may be text in 3.x
                }
            }
            // An empty filter has no byte: its length is at fault.
            let start = if error.kind() == TextErrorKind::EmptyTopic { 0 } else { 2 };
            let offset = offset.saturating_add(start).saturating_add(error.offset());
            Err(ListError { kind: ListErrorKind::TopicFilter(error.kind()), offset })
        }
    }
}

/// What the builders of the two lists have in common.
#[derive(Debug)]
pub(crate) struct ListBuilder<S> {
    storage: S,
    count: usize,
    mistake: Option<BuildError>,
}

impl<S: Storage> ListBuilder<S> {
    pub(crate) const fn new(storage: S) -> Self {
        Self { storage, count: 0, mistake: None }
    }

    pub(crate) fn push(&mut self, put: impl FnOnce(&mut S) -> Result<(), BuildError>) {
        if self.mistake.is_none() {
            self.mistake = put(&mut self.storage).err();
        }
        self.count = self.count.saturating_add(1);
    }

    pub(crate) fn build(self) -> Result<(S::Buffer, usize), BuildError> {
        match (self.mistake, self.count) {
            (Some(mistake), _) => Err(mistake),
            (None, 0) => Err(BuildError::EmptyList),
            (None, count) => Ok((self.storage.finish(), count)),
        }
    }
}

macro_rules! list_impls {
    ($list:ident $iter:ident $item:ty) => {
        impl<'i, 'o, B: crate::Lend<'i, 'o>> $list<B> {
            /// The same list, borrowed from this one: nothing is copied.
            #[inline]
            #[must_use]
            pub fn as_borrowed(&'i self) -> $list<&'o [u8]> {
                self.map_buffer(&mut crate::Lend::lend)
            }
        }

        impl<B: crate::Buffer, C: crate::Buffer> PartialEq<$list<C>> for $list<B> {
            fn eq(&self, other: &$list<C>) -> bool {
                self.count == other.count && self.iter().eq(other.iter())
            }
        }

        impl<B: crate::Buffer> Eq for $list<B> {}

        impl<B: crate::Buffer> core::hash::Hash for $list<B> {
            fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
                self.count.hash(state);
                self.iter().for_each(|item| item.hash(state));
            }
        }

        impl<B: crate::Buffer> core::fmt::Debug for $list<B> {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.debug_list().entries(self.iter()).finish()
            }
        }

        impl<'a, B: crate::Buffer> IntoIterator for &'a $list<B> {
            type Item = $item;
            type IntoIter = $iter<'a>;

            fn into_iter(self) -> $iter<'a> {
                self.iter()
            }
        }

        #[cfg(feature = "bytes")]
        impl $list<&[u8]> {
            /// The same list in a buffer of its own.
            #[must_use]
            pub fn to_shared(&self) -> $list<bytes::Bytes> {
                self.map_buffer(&mut |part| bytes::Bytes::copy_from_slice(part))
            }
        }
    };
}
pub(crate) use list_impls;
