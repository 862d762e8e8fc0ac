//! The Topic Filters of an UNSUBSCRIBE: section 3.10.3.

#[cfg(feature = "bytes")]
use crate::buffer::SharedStorage;
use crate::buffer::{Buffer, DefaultBuffer, IntoBuffer, Lend, SliceStorage, Storage, put_prefixed, split_prefixed};
use crate::property::BuildError;
use crate::subscription::list::{InvalidFilters, ListBuilder, ListFlags, check_list, list_impls};
use crate::subscription::list_error::ListError;
use crate::topic::TopicFilter;
use crate::value::ProtocolVersion;

/// The Topic Filters of an UNSUBSCRIBE: at least one.
///
/// The list stores its items in encoded form. The bytes are checked once, and the iterator decodes one item at a time.
/// Two lists are equal if their items are equal.
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
    flags: ListFlags,
}

impl<B: Buffer> TopicFilters<B> {
    /// Checks the payload of an UNSUBSCRIBE by the rules of a version. Nothing is copied.
    ///
    /// ```
    /// use mqtt_types::{ListErrorKind, ProtocolVersion, TopicFilters};
    ///
    /// let filters = TopicFilters::new(b"\0\x03a/#\0\x01b", ProtocolVersion::V5)?;
    /// assert!(filters.iter().eq(["a/#", "b"]));
    ///
    /// let error = TopicFilters::new(b"\0\x03a/", ProtocolVersion::V5).unwrap_err();
    /// assert_eq!(error.kind(), ListErrorKind::Truncated);
    /// # Ok::<(), mqtt_types::ListError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the list is empty, or if an item is cut off or breaks a rule. The error names the first such
    /// item.
    pub fn new(value: impl IntoBuffer<Buffer = B>, version: ProtocolVersion) -> Result<Self, ListError> {
        Self::check(value.into_buffer(), version, InvalidFilters::Refuse)
    }

    /// Checks the payload of an UNSUBSCRIBE, and allows strings that are not Topic Filters, as
    /// [`Subscriptions::new_allowing_invalid_filters`](crate::Subscriptions::new_allowing_invalid_filters) does.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`new`](Self::new), except those about wildcards, empty filters and share names.
    pub fn new_allowing_invalid_filters(
        value: impl IntoBuffer<Buffer = B>,
        version: ProtocolVersion,
    ) -> Result<Self, ListError> {
        Self::check(value.into_buffer(), version, InvalidFilters::Allow)
    }

    fn check(bytes: B, version: ProtocolVersion, invalid: InvalidFilters) -> Result<Self, ListError> {
        let (count, flags) = check_list(bytes.as_ref(), version, invalid, |_, after, _| Ok(after))?;
        Ok(Self { bytes, count, flags })
    }

    /// Returns `true` if some filter is not valid in any version.
    ///
    /// Only [`new_allowing_invalid_filters`](Self::new_allowing_invalid_filters) accepts such filters.
    #[inline]
    #[must_use]
    pub const fn has_invalid_filter(&self) -> bool {
        self.flags.has(ListFlags::INVALID_FILTER)
    }

    /// Returns `true` if the version can express the list.
    ///
    /// 5.0 does not accept a filter that begins with `$share/` and is not a shared subscription.
    #[inline]
    #[must_use]
    pub const fn exists_in(&self, version: ProtocolVersion) -> bool {
        self.flags.exists_in(version)
    }

    #[inline]
    pub(crate) fn map_buffer<'i, C: Buffer>(&'i self, map: &mut impl FnMut(&'i B) -> C) -> TopicFilters<C> {
        TopicFilters { bytes: map(&self.bytes), count: self.count, flags: self.flags }
    }
}

impl<'i, 'o, B: Lend<'i, 'o>> TopicFilters<B> {
    /// Returns an iterator over the filters in wire order.
    #[must_use]
    pub fn iter(&'i self) -> TopicFilterIter<'o> {
        TopicFilterIter { rest: self.bytes.lend(), count: self.count }
    }
}

/// An iterator over the Topic Filters of an UNSUBSCRIBE.
#[derive(Clone, Debug)]
pub struct TopicFilterIter<'a> {
    rest: &'a [u8],
    count: usize,
}

impl<'a> TopicFilterIter<'a> {
    fn split_item(&self) -> Option<(TopicFilter<&'a [u8]>, &'a [u8])> {
        let (filter, rest) = split_prefixed(self.rest)?;
        Some((TopicFilter::from_checked(filter), rest))
    }
}

/// Builder for [`TopicFilters`]. [`build`](Self::build) reports the first error.
///
/// ```
/// use mqtt_types::{BuildError, TopicFilter, TopicFilters};
///
/// let mut storage = [0; 8];
/// let filters = TopicFilters::builder_in(&mut storage).push(TopicFilter::from_static("a/#")).build()?;
/// assert_eq!(filters.as_bytes(), b"\0\x03a/#");
/// assert_eq!(TopicFilters::builder_in(&mut storage).build(), Err(BuildError::EmptyList));
/// # Ok::<(), BuildError>(())
/// ```
#[derive(Debug)]
#[must_use]
pub struct TopicFiltersBuilder<S> {
    list: ListBuilder<S>,
}

impl<S: Storage> TopicFiltersBuilder<S> {
    const fn new(storage: S) -> Self {
        Self { list: ListBuilder::new(storage) }
    }

    /// Adds a Topic Filter.
    pub fn push<B: Buffer>(mut self, topic_filter: TopicFilter<B>) -> Self {
        self.add(&topic_filter);
        self
    }

    /// Checks a Topic Filter by the rules of 5.0 and adds it.
    ///
    /// ```
    /// use mqtt_types::TopicFilters;
    ///
    /// let mut storage = [0; 8];
    /// assert_eq!(TopicFilters::builder_in(&mut storage).push_str("a/#").build()?.as_bytes(), b"\0\x03a/#");
    /// assert!(TopicFilters::builder_in(&mut storage).push_str("#/a").build().is_err());
    /// # Ok::<(), mqtt_types::BuildError>(())
    /// ```
    pub fn push_str(mut self, topic_filter: &str) -> Self {
        match TopicFilter::new(topic_filter) {
            Ok(topic_filter) => self.add(&topic_filter),
            Err(error) => self.list.note(BuildError::TopicFilter(error)),
        }
        self
    }

    fn add<B: Buffer>(&mut self, topic_filter: &TopicFilter<B>) {
        self.list.push(topic_filter, |storage| Ok(put_prefixed(storage, topic_filter.as_bytes())?));
    }

    /// Returns the list.
    ///
    /// # Errors
    ///
    /// Returns the first error: an empty list, or storage that is too small.
    pub fn build(self) -> Result<TopicFilters<S::Buffer>, BuildError> {
        let (bytes, count, flags) = self.list.build()?;
        Ok(TopicFilters { bytes, count, flags })
    }
}

impl<S: Storage, B: Buffer> Extend<TopicFilter<B>> for TopicFiltersBuilder<S> {
    /// Adds Topic Filters. [`build`](Self::build) reports the first error.
    fn extend<I: IntoIterator<Item = TopicFilter<B>>>(&mut self, topic_filters: I) {
        for topic_filter in topic_filters {
            self.add(&topic_filter);
        }
    }
}

#[cfg(feature = "bytes")]
impl<B: Buffer> TryFrom<TopicFilter<B>> for TopicFilters<bytes::Bytes> {
    type Error = BuildError;

    /// Creates a list of one Topic Filter.
    fn try_from(topic_filter: TopicFilter<B>) -> Result<Self, BuildError> {
        Self::try_from_iter([topic_filter])
    }
}

#[cfg(feature = "bytes")]
impl TopicFilters<bytes::Bytes> {
    /// Creates a list from an iterator.
    ///
    /// # Errors
    ///
    /// Returns an error if the iterator is empty, or the list is longer than a packet can hold.
    pub fn try_from_iter<B: Buffer>(
        topic_filters: impl IntoIterator<Item = TopicFilter<B>>,
    ) -> Result<Self, BuildError> {
        let mut builder = Self::builder();
        builder.extend(topic_filters);
        builder.build()
    }

    /// Returns a builder for a list that owns its bytes.
    pub fn builder() -> TopicFiltersBuilder<SharedStorage> {
        TopicFiltersBuilder::new(SharedStorage::new())
    }
}

impl<'a> TopicFilters<&'a [u8]> {
    /// Returns a builder that writes into the caller's slice. No allocator is needed.
    pub const fn builder_in(storage: &'a mut [u8]) -> TopicFiltersBuilder<SliceStorage<'a>> {
        TopicFiltersBuilder::new(SliceStorage::new(storage))
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
            let allowed = TopicFilters::new_allowing_invalid_filters(&bytes[..], V5).unwrap();
            for list in [read, allowed, builder.build().unwrap()] {
                assert_eq!((list.exists_in(V3), list.exists_in(V5)), (true, in_v5), "{list:?}");
                assert!(!list.has_invalid_filter());
                assert_eq!((list.as_bytes(), list.len()), (&bytes[..], filters.len()));
                assert_eq!(list.iter().size_hint(), (filters.len(), Some(filters.len())));
                assert!(list.iter().eq(filters.iter().copied()));
            }
        }
    }

    #[test]
    fn an_invalid_filter_is_refused_or_reported() {
        let bytes = b"\0\x01a\0\x02b+\0\x01c";
        assert_eq!(TopicFilters::new(bytes, V3).unwrap_err().offset(), 6);
        let list = TopicFilters::new_allowing_invalid_filters(bytes, V3).unwrap();
        assert!(list.has_invalid_filter() && !list.exists_in(V3) && !list.exists_in(V5));
        assert!(list.iter().map(|filter| filter.check().is_ok()).eq([true, false, true]));
    }

    /// MQTT-3.10.3-2.
    #[test]
    fn an_empty_list_is_refused() {
        assert_eq!(TopicFilters::new(b"", V5).unwrap_err().kind(), ListErrorKind::Empty);
        assert_eq!(TopicFilters::builder_in(&mut []).build(), Err(BuildError::EmptyList));
    }
}
