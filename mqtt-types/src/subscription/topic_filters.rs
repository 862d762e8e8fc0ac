//! The Topic Filters of an UNSUBSCRIBE: section 3.10.3.

use crate::buffer::{BuildError, SliceStorage, Storage, put_prefixed, split_prefixed};
use crate::subscription::list::{InvalidFilters, ListBuilder, ListError, ListErrorKind, list_impls, split_filter};
use crate::{Buffer, DefaultBuffer, Lend, ProtocolVersion, TopicFilter, buffer::IntoBuffer};

/// The Topic Filters of an UNSUBSCRIBE: at least one.
///
/// Kept as the bytes of the wire, checked once, read one by one.
///
/// ```
/// use mqtt_types::{TopicFilter, TopicFilters};
///
/// let mut storage = [0; 64];
/// let filters = TopicFilters::builder_in(&mut storage).push(TopicFilter::from_static("a/#")).build()?;
/// assert_eq!(filters.iter().next().unwrap(), "a/#");
/// # Ok::<(), mqtt_types::BuildError>(())
/// ```
#[derive(Clone, Copy)]
pub struct TopicFilters<B = DefaultBuffer> {
    bytes: B,
    count: usize,
    has_ordinary_share: bool,
    has_invalid_filter: bool,
}

impl<B: Buffer> TopicFilters<B> {
    /// Checks the payload of an UNSUBSCRIBE under the rules of a version; copies nothing.
    ///
    /// # Errors
    ///
    /// The first item that is cut off or breaks a rule, or that there is none.
    pub fn new(value: impl IntoBuffer<Buffer = B>, version: ProtocolVersion) -> Result<Self, ListError> {
        Self::check(value.into_buffer(), version, InvalidFilters::Refuse)
    }

    /// As [`new`](Self::new), but lets filters through that are text and no Topic Filter, as
    /// [`Subscriptions::new_unjudged`](crate::Subscriptions::new_unjudged) does.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new), but for the grammar of Topic Filters.
    pub fn new_unjudged(value: impl IntoBuffer<Buffer = B>, version: ProtocolVersion) -> Result<Self, ListError> {
        Self::check(value.into_buffer(), version, InvalidFilters::LetThrough)
    }

    fn check(bytes: B, version: ProtocolVersion, invalid: InvalidFilters) -> Result<Self, ListError> {
        let mut count = 0_usize;
        let mut has_ordinary_share = false;
        let mut has_invalid_filter = false;
        let mut rest = bytes.as_ref();
        while !rest.is_empty() {
            let offset = bytes.as_ref().len().saturating_sub(rest.len());
            let (filter, is_valid, after) = split_filter(rest, offset, version, invalid)?;
            has_invalid_filter |= !is_valid;
            let may_be_ordinary_only = version.is_v3() || invalid == InvalidFilters::LetThrough;
            has_ordinary_share |= may_be_ordinary_only && filter.is_ordinary_only();
            count = count.saturating_add(1);
            rest = after;
        }
        if count == 0 {
            return Err(ListError::new(ListErrorKind::Empty, 0));
        }
        Ok(Self { bytes, count, has_ordinary_share, has_invalid_filter })
    }

    /// How many there are: at least one.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "it is never empty")]
    pub const fn len(&self) -> usize {
        self.count
    }

    /// True if some filter is none in any version: [`new_unjudged`](Self::new_unjudged) lets them through.
    #[inline]
    #[must_use]
    pub const fn has_invalid_filter(&self) -> bool {
        self.has_invalid_filter
    }

    /// True if the version can say it: 5.0 does not take `$share/…` for ordinary text.
    #[inline]
    #[must_use]
    pub const fn exists_in(&self, version: ProtocolVersion) -> bool {
        (version.is_v3() || !self.has_ordinary_share) && !self.has_invalid_filter
    }

    #[inline]
    pub(crate) fn map_buffer<'i, C: Buffer>(&'i self, map: &mut impl FnMut(&'i B) -> C) -> TopicFilters<C> {
        TopicFilters {
            bytes: map(&self.bytes),
            count: self.count,
            has_ordinary_share: self.has_ordinary_share,
            has_invalid_filter: self.has_invalid_filter,
        }
    }
}

impl<'i, 'o, B: Lend<'i, 'o>> TopicFilters<B> {
    /// The filters, in the order of the wire.
    #[must_use]
    pub fn iter(&'i self) -> TopicFilterIter<'o> {
        TopicFilterIter { rest: self.bytes.lend(), count: self.count }
    }

    /// The bytes on the wire.
    #[inline]
    #[must_use]
    pub fn as_bytes(&'i self) -> &'o [u8] {
        self.bytes.lend()
    }
}

/// The Topic Filters of an UNSUBSCRIBE, one by one.
#[derive(Clone, Debug)]
pub struct TopicFilterIter<'a> {
    rest: &'a [u8],
    count: usize,
}

impl<'a> Iterator for TopicFilterIter<'a> {
    type Item = TopicFilter<&'a [u8]>;

    fn next(&mut self) -> Option<Self::Item> {
        let (filter, rest) = split_prefixed(self.rest)?;
        self.rest = rest;
        self.count = self.count.saturating_sub(1);
        Some(TopicFilter::from_checked(filter))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.count, Some(self.count))
    }
}

impl ExactSizeIterator for TopicFilterIter<'_> {}
impl core::iter::FusedIterator for TopicFilterIter<'_> {}

/// Builds [`TopicFilters`]; the first mistake is told by [`build`](Self::build).
#[derive(Debug)]
#[must_use]
pub struct TopicFiltersBuilder<S> {
    list: ListBuilder<S>,
    has_ordinary_share: bool,
    has_invalid_filter: bool,
}

impl<S: Storage> TopicFiltersBuilder<S> {
    /// Adds a Topic Filter.
    pub fn push<B: Buffer>(mut self, topic_filter: TopicFilter<B>) -> Self {
        self.has_ordinary_share |= topic_filter.is_ordinary_only();
        self.has_invalid_filter |= topic_filter.check_ordinary().is_err();
        self.list.push(|storage| put_prefixed(storage, topic_filter.as_bytes()));
        self
    }

    /// The list.
    ///
    /// # Errors
    ///
    /// The first mistake: no Topic Filter at all, or storage that is too small.
    pub fn build(self) -> Result<TopicFilters<S::Buffer>, BuildError> {
        let (bytes, count) = self.list.build()?;
        // A value of `TopicFilter` that is no valid filter comes from a list that was not judged.
        Ok(TopicFilters {
            bytes,
            count,
            has_ordinary_share: self.has_ordinary_share,
            has_invalid_filter: self.has_invalid_filter,
        })
    }
}

#[cfg(feature = "bytes")]
impl TopicFilters<bytes::Bytes> {
    /// Builds a list that owns its bytes.
    pub fn builder() -> TopicFiltersBuilder<bytes::BytesMut> {
        TopicFiltersBuilder {
            list: ListBuilder::new(bytes::BytesMut::new()),
            has_ordinary_share: false,
            has_invalid_filter: false,
        }
    }
}

impl<'a> TopicFilters<&'a [u8]> {
    /// Builds a list in a slice of the caller's: no allocator is needed.
    pub const fn builder_in(storage: &'a mut [u8]) -> TopicFiltersBuilder<SliceStorage<'a>> {
        TopicFiltersBuilder {
            list: ListBuilder::new(SliceStorage::new(storage)),
            has_ordinary_share: false,
            has_invalid_filter: false,
        }
    }
}

list_impls!(TopicFilters TopicFilterIter TopicFilter<&'a [u8]>);

#[cfg(test)]
mod tests {
    use super::TopicFilters;
    use crate::{BuildError, ListErrorKind, ProtocolVersion, TopicFilter};

    const V3: ProtocolVersion = ProtocolVersion::V3_1_1;
    const V5: ProtocolVersion = ProtocolVersion::V5;

    #[test]
    fn a_list_exists_in_the_versions_that_have_all_of_its_filters() {
        for (filters, read_by, in_v5) in [
            (&["a"][..], V3, true),
            (&["a", "b/+/#"], V5, true),
            (&["$share/g/t", "a"], V3, true),
            (&["$share/g/t", "a"], V5, true),
            (&["$share/g", "a"], V3, false),
            (&["a", "$share//t"], V3, false),
        ] {
            let mut bytes = Vec::new();
            let mut storage = [0; 32];
            let mut builder = TopicFilters::builder_in(&mut storage);
            for filter in filters {
                bytes.extend([0, u8::try_from(filter.len()).unwrap()]);
                bytes.extend(filter.as_bytes());
                builder = builder.push(TopicFilter::new_ordinary(*filter).unwrap());
            }
            let read = TopicFilters::new(&bytes[..], read_by).unwrap();
            let unjudged = TopicFilters::new_unjudged(&bytes[..], V5).unwrap();
            for list in [read, unjudged, builder.build().unwrap()] {
                assert_eq!((list.exists_in(V3), list.exists_in(V5)), (true, in_v5), "{list:?}");
                assert!(!list.has_invalid_filter());
                assert_eq!((list.as_bytes(), list.len()), (&bytes[..], filters.len()));
                assert_eq!(list.iter().size_hint(), (filters.len(), Some(filters.len())));
                assert!(list.iter().eq(filters.iter().copied()));
            }
        }
    }

    #[test]
    fn what_is_no_filter_in_any_version_is_refused_or_told() {
        let bytes = b"\0\x01a\0\x02b+\0\x01c";
        assert_eq!(TopicFilters::new(bytes, V3).unwrap_err().offset(), 6);
        let list = TopicFilters::new_unjudged(bytes, V3).unwrap();
        assert!(list.has_invalid_filter() && !list.exists_in(V3) && !list.exists_in(V5));
        assert!(list.iter().map(|filter| filter.check().is_ok()).eq([true, false, true]));
    }

    /// MQTT-3.10.3-2.
    #[test]
    fn there_is_at_least_one() {
        assert_eq!(TopicFilters::new(b"", V5).unwrap_err().kind(), ListErrorKind::Empty);
        assert_eq!(TopicFilters::builder_in(&mut []).build(), Err(BuildError::EmptyList));
    }
}
