//! The subscriptions of a SUBSCRIBE: section 3.8.3.

#[cfg(feature = "bytes")]
use crate::buffer::SharedStorage;
use crate::buffer::{Buffer, DefaultBuffer, IntoBuffer, Lend, SliceStorage, Storage, put_prefixed, split_prefixed};
use crate::property::BuildError;
use crate::subscription::list::{InvalidFilters, ListBuilder, ListFlags, check_list, list_impls};
use crate::subscription::list_error::{ListError, ListErrorKind};
use crate::subscription::options::{SubscriptionOptions, SubscriptionOptionsError};
use crate::subscription::subscription::Subscription;
use crate::topic::TopicFilter;
use crate::value::ProtocolVersion;

/// The subscriptions of a SUBSCRIBE: at least one Topic Filter with its options.
///
/// The list stores its items in encoded form. The bytes are checked once, and the iterator decodes one item at a time.
/// Two lists are equal if their items are equal.
///
/// ```
/// use mqtt_types::{QoS, Subscriptions, TopicFilter};
///
/// let mut storage = [0; 64];
/// let subscriptions = Subscriptions::builder_in(&mut storage)
///     .push(TopicFilter::from_static("a/#"), QoS::AtLeastOnce)
///     .push(TopicFilter::from_static("b"), QoS::AtMostOnce)
///     .build()?;
/// assert_eq!(subscriptions.len(), 2);
/// for subscription in &subscriptions {
///     println!("{} at QoS {}", subscription.topic_filter, subscription.options.maximum_qos);
/// }
/// # Ok::<(), mqtt_types::BuildError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Subscriptions<B = DefaultBuffer> {
    bytes: B,
    count: usize,
    flags: ListFlags,
}

impl<B: Buffer> Subscriptions<B> {
    /// Checks the payload of a SUBSCRIBE by the rules of a version. Nothing is copied.
    ///
    /// ```
    /// use mqtt_types::{ListErrorKind, ProtocolVersion, QoS, Subscriptions};
    ///
    /// let subscriptions = Subscriptions::new(b"\0\x03a/#\x01", ProtocolVersion::V5)?;
    /// let subscription = subscriptions.iter().next().unwrap();
    /// assert_eq!(subscription.topic_filter, "a/#");
    /// assert_eq!(subscription.options.maximum_qos, QoS::AtLeastOnce);
    ///
    /// let error = Subscriptions::new(b"", ProtocolVersion::V5).unwrap_err();
    /// assert_eq!(error.kind(), ListErrorKind::Empty);
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

    /// Checks the payload of a SUBSCRIBE, and allows strings that are not Topic Filters.
    ///
    /// A server needs this to answer each invalid filter with the Reason Code 0x8F instead of closing the connection.
    /// [`TopicFilter::check`] returns an error for these filters. A list with an invalid filter cannot be encoded in
    /// any version.
    ///
    /// ```
    /// use mqtt_types::{ProtocolVersion, Subscriptions};
    ///
    /// let subscriptions = Subscriptions::new_allowing_invalid_filters(b"\0\x02a+\x01\0\x01b\x01", ProtocolVersion::V5)?;
    /// assert!(subscriptions.has_invalid_filter());
    /// assert!(subscriptions.iter().map(|item| item.topic_filter.check().is_ok()).eq([false, true]));
    /// # Ok::<(), mqtt_types::ListError>(())
    /// ```
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
        let (count, flags) = check_subscriptions(bytes.as_ref(), version, invalid)?;
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
    /// The options of 3.x are a QoS and nothing else. 5.0 does not accept a filter that begins with `$share/` and is not
    /// a shared subscription.
    #[inline]
    #[must_use]
    pub const fn exists_in(&self, version: ProtocolVersion) -> bool {
        self.flags.exists_in(version)
    }

    /// Returns `true` if the bytes contain bits of the options that 3.1 ignores, so that encoding writes other bytes.
    #[doc(hidden)]
    #[inline]
    #[must_use]
    pub const fn masks_options(&self) -> bool {
        self.flags.has(ListFlags::MASKED_OPTIONS)
    }

    #[inline]
    pub(crate) fn map_buffer<'i, C: Buffer>(&'i self, map: &mut impl FnMut(&'i B) -> C) -> Subscriptions<C> {
        Subscriptions { bytes: map(&self.bytes), count: self.count, flags: self.flags }
    }
}

fn check_subscriptions(
    bytes: &[u8],
    version: ProtocolVersion,
    invalid: InvalidFilters,
) -> Result<(usize, ListFlags), ListError> {
    check_list(bytes, version, invalid, |filter, after, flags| {
        let offset = bytes.len().saturating_sub(after.len());
        let [options, after @ ..] = after else {
            return Err(ListError::new(ListErrorKind::OptionsMissing, offset));
        };
        let checked = check_options(*options, version);
        let checked = checked.map_err(|error| ListError::new(ListErrorKind::Options(error), offset))?;
        flags.add(ListFlags::MASKED_OPTIONS, version == ProtocolVersion::V3_1 && *options > 0b11);
        flags.add(ListFlags::V5_OPTIONS, checked.to_byte() > 0b11);
        if !version.is_v3() && checked.no_local && filter.is_shared() {
            return Err(ListError::new(ListErrorKind::NoLocalOnSharedSubscription, offset));
        }
        Ok(after)
    })
}

/// Checks the byte of options: four fields in 5.0, a QoS and six zeros in 3.1.1, a QoS and six ignored bits in 3.1.
const fn check_options(options: u8, version: ProtocolVersion) -> Result<SubscriptionOptions, SubscriptionOptionsError> {
    match version {
        ProtocolVersion::V5 => SubscriptionOptions::from_byte(options),
        ProtocolVersion::V3_1_1 if options > 0b11 => Err(SubscriptionOptionsError::ReservedBits),
        ProtocolVersion::V3_1_1 | ProtocolVersion::V3_1 => SubscriptionOptions::from_byte(options & 0b11),
    }
}

impl<'i, 'o, B: Lend<'i, 'o>> Subscriptions<B> {
    /// Returns an iterator over the subscriptions in wire order.
    #[must_use]
    pub fn iter(&'i self) -> SubscriptionIter<'o> {
        let options_mask = if self.flags.has(ListFlags::MASKED_OPTIONS) { 0b11 } else { 0xFF };
        SubscriptionIter { rest: self.bytes.lend(), count: self.count, options_mask }
    }
}

/// An iterator over the subscriptions of a SUBSCRIBE.
#[derive(Clone, Debug)]
pub struct SubscriptionIter<'a> {
    rest: &'a [u8],
    count: usize,
    options_mask: u8,
}

impl<'a> SubscriptionIter<'a> {
    fn split_item(&self) -> Option<(Subscription<&'a [u8]>, &'a [u8])> {
        let (filter, after) = split_prefixed(self.rest)?;
        let (options, rest) = after.split_first()?;
        let options = SubscriptionOptions::from_byte(options & self.options_mask).ok()?;
        Some((Subscription { topic_filter: TopicFilter::from_checked(filter), options }, rest))
    }
}

/// Builder for [`Subscriptions`]. [`build`](Self::build) reports the first error.
///
/// ```
/// use mqtt_types::{BuildError, QoS, SubscriptionOptions, Subscriptions, TopicFilter};
///
/// let mut storage = [0; 64];
/// let options = SubscriptionOptions { no_local: true, ..QoS::AtLeastOnce.into() };
/// let subscriptions = Subscriptions::builder_in(&mut storage).push(TopicFilter::from_static("a/#"), options).build()?;
/// assert_eq!(subscriptions.as_bytes(), b"\0\x03a/#\x05");
///
/// let shared = TopicFilter::from_static("$share/workers/a/#");
/// let error = Subscriptions::builder_in(&mut storage).push(shared, options).build().unwrap_err();
/// assert_eq!(error, BuildError::NoLocalOnSharedSubscription);
/// # Ok::<(), BuildError>(())
/// ```
#[derive(Debug)]
#[must_use]
pub struct SubscriptionsBuilder<S> {
    list: ListBuilder<S>,
}

impl<S: Storage> SubscriptionsBuilder<S> {
    const fn new(storage: S) -> Self {
        Self { list: ListBuilder::new(storage) }
    }

    /// Adds a subscription: a Topic Filter, and a QoS or complete options.
    pub fn push<B: Buffer>(mut self, topic_filter: TopicFilter<B>, options: impl Into<SubscriptionOptions>) -> Self {
        self.add(&topic_filter, options.into());
        self
    }

    /// Checks a Topic Filter by the rules of 5.0 and adds it, with a QoS or complete options.
    ///
    /// ```
    /// use mqtt_types::{QoS, Subscriptions};
    ///
    /// let mut storage = [0; 32];
    /// let subscriptions = Subscriptions::builder_in(&mut storage).push_str("a/#", QoS::AtLeastOnce).build()?;
    /// assert_eq!(subscriptions.as_bytes(), b"\0\x03a/#\x01");
    /// let error = Subscriptions::builder_in(&mut storage).push_str("a+", QoS::AtLeastOnce).build().unwrap_err();
    /// assert_eq!(error.to_string(), "'+' is not a whole level of the topic filter at byte 1");
    /// # Ok::<(), mqtt_types::BuildError>(())
    /// ```
    pub fn push_str(mut self, topic_filter: &str, options: impl Into<SubscriptionOptions>) -> Self {
        match TopicFilter::new(topic_filter) {
            Ok(topic_filter) => self.add(&topic_filter, options.into()),
            Err(error) => self.list.note(BuildError::TopicFilter(error)),
        }
        self
    }

    fn add<B: Buffer>(&mut self, topic_filter: &TopicFilter<B>, options: SubscriptionOptions) {
        self.list.flags.add(ListFlags::V5_OPTIONS, options.to_byte() > 0b11);
        self.list.push(topic_filter, |storage| {
            if options.no_local && topic_filter.is_shared() {
                return Err(BuildError::NoLocalOnSharedSubscription);
            }
            put_prefixed(storage, topic_filter.as_bytes())?;
            Ok(storage.put(&[options.to_byte()])?)
        });
    }

    /// Returns the list.
    ///
    /// # Errors
    ///
    /// Returns the first error: No Local on a shared subscription, an empty list, or storage that is too small.
    pub fn build(self) -> Result<Subscriptions<S::Buffer>, BuildError> {
        let (bytes, count, flags) = self.list.build()?;
        Ok(Subscriptions { bytes, count, flags })
    }
}

impl<S: Storage, B: Buffer> Extend<Subscription<B>> for SubscriptionsBuilder<S> {
    /// Adds subscriptions. [`build`](Self::build) reports the first error.
    fn extend<I: IntoIterator<Item = Subscription<B>>>(&mut self, subscriptions: I) {
        for subscription in subscriptions {
            self.add(&subscription.topic_filter, subscription.options);
        }
    }
}

#[cfg(feature = "bytes")]
impl<B: Buffer> TryFrom<Subscription<B>> for Subscriptions<bytes::Bytes> {
    type Error = BuildError;

    /// Creates a list of one subscription.
    fn try_from(subscription: Subscription<B>) -> Result<Self, BuildError> {
        Self::try_from_iter([subscription])
    }
}

#[cfg(feature = "bytes")]
impl Subscriptions<bytes::Bytes> {
    /// Creates a list from an iterator.
    ///
    /// ```
    /// use mqtt_types::{QoS, Subscription, Subscriptions, TopicFilter};
    ///
    /// let filters = ["a/#", "b"].map(TopicFilter::from_static);
    /// let subscriptions = filters.map(|filter| Subscription::new(filter, QoS::AtLeastOnce));
    /// assert_eq!(Subscriptions::try_from_iter(subscriptions)?.len(), 2);
    /// # Ok::<(), mqtt_types::BuildError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the iterator is empty, a shared subscription has No Local set, or the list is longer than a
    /// packet can hold.
    pub fn try_from_iter<B: Buffer>(
        subscriptions: impl IntoIterator<Item = Subscription<B>>,
    ) -> Result<Self, BuildError> {
        let mut builder = Self::builder();
        builder.extend(subscriptions);
        builder.build()
    }

    /// Returns a builder for a list that owns its bytes.
    pub fn builder() -> SubscriptionsBuilder<SharedStorage> {
        SubscriptionsBuilder::new(SharedStorage::new())
    }
}

impl<'a> Subscriptions<&'a [u8]> {
    /// Returns a builder that writes into the caller's slice. No allocator is needed.
    pub const fn builder_in(storage: &'a mut [u8]) -> SubscriptionsBuilder<SliceStorage<'a>> {
        SubscriptionsBuilder::new(SliceStorage::new(storage))
    }
}

list_impls!(Subscriptions SubscriptionIter Subscription<&'a [u8]>);

#[cfg(test)]
mod tests {
    use super::Subscriptions;
    use crate::{
        BuildError, ListErrorKind, ProtocolVersion, QoS, Subscription, SubscriptionOptions, SubscriptionOptionsError,
        TextErrorKind, TopicFilter, TopicFilters,
    };

    #[test]
    fn errors_point_at_the_byte() {
        for (bytes, kind, offset) in [
            (&[][..], ListErrorKind::Empty, 0),
            (&[0, 1, b'a', 0, 0], ListErrorKind::Truncated, 4),
            (&[0, 1, b'a'], ListErrorKind::OptionsMissing, 3),
            (&[0, 0, 0], ListErrorKind::TopicFilter(TextErrorKind::EmptyTopic), 0),
            (&[0, 1, b'a', 3], ListErrorKind::Options(SubscriptionOptionsError::InvalidQoS), 3),
            (&[0, 1, b'a', 0, 0, 1, b'b', 0x40], ListErrorKind::Options(SubscriptionOptionsError::ReservedBits), 7),
        ] {
            let error = Subscriptions::new(bytes, ProtocolVersion::V5).unwrap_err();
            assert_eq!((error.kind(), error.offset()), (kind, offset), "{bytes:02x?}");
        }
        let bytes = *b"\0\x0A$share/g/t\x04";
        let error = Subscriptions::new(&bytes, ProtocolVersion::V5).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (ListErrorKind::NoLocalOnSharedSubscription, 12));
        assert_eq!(error.to_string(), "no local is set on a shared subscription at byte 12");
        let error = TopicFilters::new(b"\0\x02a+", ProtocolVersion::V5).unwrap_err();
        assert_eq!(error.to_string(), "'+' is not a whole level of the topic filter at byte 3");
    }

    #[test]
    fn each_version_reads_its_own_options() {
        let bytes = b"\0\x01a\xFD"; // QoS 1, and all bits that 3.1 ignores
        assert!(Subscriptions::new(bytes, ProtocolVersion::V5).is_err());
        assert!(Subscriptions::new(bytes, ProtocolVersion::V3_1_1).is_err());
        let subscriptions = Subscriptions::new(bytes, ProtocolVersion::V3_1).unwrap();
        assert_eq!(subscriptions.iter().next().unwrap().options, QoS::AtLeastOnce.into());
        assert_eq!(subscriptions, Subscriptions::new(b"\0\x01a\x01", ProtocolVersion::V5).unwrap());
        for version in ProtocolVersion::ALL {
            let error = Subscriptions::new(b"\0\x01a\x03", version).unwrap_err();
            assert_eq!(error.kind(), ListErrorKind::Options(SubscriptionOptionsError::InvalidQoS), "{version}");
        }
    }

    #[test]
    fn a_list_exists_in_the_versions_that_have_all_of_its_options_and_filters() {
        let [v3, v5] = [ProtocolVersion::V3_1_1, ProtocolVersion::V5];
        for (bytes, read_by, in_v3, in_v5) in [
            (&b"\0\x01a\x02"[..], v3, true, true),
            (b"\0\x01a\x02", v5, true, true),
            (b"\0\x01a\x05\0\x01b\x00", v5, false, true), // No Local
            (b"\0\x01a\x00\0\x01b\x08", v5, false, true), // Retain As Published
            (b"\0\x01a\x00\0\x01b\x10", v5, false, true), // Retain Handling
            (b"\0\x0A$share/g/t\x01", v5, true, true),
            (b"\0\x08$share/g\x01\0\x01a\x01", v3, true, false),
        ] {
            let list = Subscriptions::new(bytes, read_by).unwrap();
            let items: Vec<_> = list.iter().collect();
            let mut storage = [0; 32];
            let mut builder = Subscriptions::builder_in(&mut storage);
            for item in &items {
                builder = builder.push(item.topic_filter, item.options);
            }
            let built = builder.build().unwrap();
            for list in [list, built] {
                assert_eq!((list.exists_in(v3), list.exists_in(v5)), (in_v3, in_v5), "{list:?}");
                assert!(!list.has_invalid_filter() && !list.masks_options());
                assert_eq!((list.as_bytes(), list.len()), (bytes, items.len()));
                assert_eq!(list.iter().size_hint(), (items.len(), Some(items.len())));
            }
        }
    }

    #[test]
    fn only_version_3_1_ignores_bits_of_the_options() {
        for (options, masks_options) in [(0x02, false), (0x06, true), (0xFE, true)] {
            let bytes = [0, 1, b'a', options];
            let list = Subscriptions::new(&bytes, ProtocolVersion::V3_1).unwrap();
            assert_eq!(list.masks_options(), masks_options, "{options:#04x}");
            assert_eq!(list.iter().next().unwrap().options, QoS::ExactlyOnce.into());
            assert!(ProtocolVersion::ALL.into_iter().all(|version| list.exists_in(version)));
        }
        let list = Subscriptions::new(b"\0\x01a\x2E", ProtocolVersion::V5).unwrap();
        assert!(!list.masks_options() && list.iter().next().unwrap().options.to_byte() == 0x2E);
    }

    #[test]
    fn a_filter_of_version_3_only_does_not_exist_in_version_5() {
        let bytes = b"\0\x08$share/g\x00";
        assert!(Subscriptions::new(bytes, ProtocolVersion::V5).is_err());
        let subscriptions = Subscriptions::new(bytes, ProtocolVersion::V3_1_1).unwrap();
        assert!(!subscriptions.exists_in(ProtocolVersion::V5));
        let filters = TopicFilters::new(b"\0\x08$share/g", ProtocolVersion::V3_1).unwrap();
        assert!(!filters.exists_in(ProtocolVersion::V5) && filters.exists_in(ProtocolVersion::V3_1_1));
    }

    #[test]
    fn a_list_that_allows_invalid_filters_takes_any_string() {
        let bytes = b"\0\x02a+\x01\0\x01a\x01\0\0\x01";
        assert!(Subscriptions::new(bytes, ProtocolVersion::V5).is_err());
        let subscriptions = Subscriptions::new_allowing_invalid_filters(bytes, ProtocolVersion::V5).unwrap();
        let checks = subscriptions.iter().map(|item| item.topic_filter.check().is_ok());
        assert!(checks.eq([false, true, false]));
        assert!(subscriptions.has_invalid_filter() && subscriptions.len() == 3);
        assert!(ProtocolVersion::ALL.into_iter().all(|version| !subscriptions.exists_in(version)));
        assert!(Subscriptions::new_allowing_invalid_filters(b"\0\x02a\0\x01", ProtocolVersion::V5).is_err());
        // Equal lists exist in the same versions, whichever version they were read by.
        let share = b"\0\x08$share/g\x01";
        let allowed = Subscriptions::new_allowing_invalid_filters(share, ProtocolVersion::V5).unwrap();
        assert_eq!(allowed, Subscriptions::new(share, ProtocolVersion::V3_1_1).unwrap());
        assert!(!allowed.exists_in(ProtocolVersion::V5) && allowed.exists_in(ProtocolVersion::V3_1_1));
        let filters = TopicFilters::new_allowing_invalid_filters(b"\0\x02a+\0\x01a", ProtocolVersion::V3_1_1).unwrap();
        assert!(!filters.exists_in(ProtocolVersion::V3_1_1) && filters.len() == 2);
        assert!(TopicFilters::new_allowing_invalid_filters(b"\0\x02\xC0\x80", ProtocolVersion::V5).is_err());
        // An invalid filter does not become valid in a builder.
        let mut storage = [0; 16];
        let [invalid, valid] = [filters.iter().next().unwrap(), filters.iter().nth(1).unwrap()];
        let built = TopicFilters::builder_in(&mut storage).push(invalid).push(valid).build().unwrap();
        assert!(!built.exists_in(ProtocolVersion::V5) && built.has_invalid_filter());
        let built = Subscriptions::builder_in(&mut storage).push(invalid, QoS::AtMostOnce);
        let built = built.push(valid, QoS::AtMostOnce).build().unwrap();
        assert!(!built.exists_in(ProtocolVersion::V5) && built.has_invalid_filter());
    }

    #[test]
    fn a_list_is_made_of_an_iterator_or_of_texts() {
        let [one, other] = ["a", "$share/g/b"].map(TopicFilter::from_static);
        let items = [Subscription::new(one, QoS::AtLeastOnce), Subscription::new(other, QoS::AtMostOnce)];
        let mut storage = [0; 32];
        let mut builder = Subscriptions::builder_in(&mut storage);
        builder.extend(items);
        let list = builder.build().unwrap();
        assert!(list.iter().eq(items));
        let no_local = SubscriptionOptions { no_local: true, ..Default::default() };
        #[cfg(feature = "bytes")]
        {
            let built =
                Subscriptions::builder().push_str("a", QoS::AtLeastOnce).push_str("$share/g/b", QoS::AtMostOnce);
            assert_eq!(built.build().unwrap(), list);
            assert_eq!(Subscriptions::try_from_iter(items).unwrap(), list);
            assert_eq!(Subscriptions::try_from(items[0]).unwrap().as_bytes(), b"\0\x01a\x01");
            let none: [Subscription; 0] = [];
            assert_eq!(Subscriptions::try_from_iter(none), Err(BuildError::EmptyList));
            let error = Subscriptions::try_from(Subscription::new(other, no_local)).unwrap_err();
            assert_eq!(error, BuildError::NoLocalOnSharedSubscription);
        }
        let mut storage = [0; 32];
        let built = Subscriptions::builder_in(&mut storage).push_str("a", no_local).push_str("", no_local).build();
        assert!(matches!(built, Err(BuildError::TopicFilter(error)) if error.kind() == TextErrorKind::EmptyTopic));
        let built = TopicFilters::builder_in(&mut storage).push_str("a+").push_str("").build();
        assert!(matches!(built, Err(BuildError::TopicFilter(error)) if error.offset() == 1), "{built:?}");
        let mut builder = TopicFilters::builder_in(&mut storage).push_str("c");
        builder.extend([one, other]);
        assert!(builder.build().unwrap().iter().eq(["c", "a", "$share/g/b"]));
        #[cfg(feature = "bytes")]
        {
            assert!(TopicFilters::try_from_iter([one, other]).unwrap().iter().eq([one, other]));
            let none: [TopicFilter; 0] = [];
            assert_eq!(TopicFilters::try_from_iter(none), Err(BuildError::EmptyList));
            assert_eq!(TopicFilters::try_from(one).unwrap().as_bytes(), b"\0\x01a");
        }
    }

    #[test]
    fn builders_refuse_what_is_illegal() {
        let mut storage = [0; 8];
        assert_eq!(Subscriptions::builder_in(&mut storage).build(), Err(BuildError::EmptyList));
        let filter = TopicFilter::from_static("$share/g/t");
        let options = SubscriptionOptions { no_local: true, ..Default::default() };
        let built = Subscriptions::builder_in(&mut storage).push(filter, options).build();
        assert_eq!(built, Err(BuildError::NoLocalOnSharedSubscription));
        assert_eq!(
            Subscriptions::builder_in(&mut storage).push(filter, QoS::AtMostOnce).build(),
            Err(BuildError::StorageFull)
        );
        assert_eq!(TopicFilters::builder_in(&mut storage).push(filter).build(), Err(BuildError::StorageFull));
    }
}
