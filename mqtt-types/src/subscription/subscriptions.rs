//! The subscriptions of a SUBSCRIBE: section 3.8.3.

use crate::buffer::{BuildError, SliceStorage, Storage, put_prefixed, split_prefixed};
use crate::subscription::list::{InvalidFilters, ListBuilder, ListError, ListErrorKind, list_impls, split_filter};
use crate::{
    Buffer, DefaultBuffer, Lend, ProtocolVersion, Subscription, SubscriptionOptions, SubscriptionOptionsError,
    TopicFilter, buffer::IntoBuffer,
};

/// What is particular about a list of subscriptions, found when it was checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Traits {
    /// Some options say more than a QoS: 3.x cannot say it.
    has_v5_options: bool,
    /// Some filter begins with `$share/` and is no shared subscription: 5.0 does not allow it.
    has_ordinary_share: bool,
    /// 3.1 does not look at the high six bits of the options byte, and some are set: they are masked when read.
    masks_options: bool,
    /// Some filter is not valid in any version, and was let through all the same.
    has_invalid_filter: bool,
}

impl Traits {
    const NONE: Self =
        Self { has_v5_options: false, has_ordinary_share: false, masks_options: false, has_invalid_filter: false };
}

/// The subscriptions of a SUBSCRIBE: at least one Topic Filter with its options.
///
/// Kept as the bytes of the wire, checked once, read one by one. Equal if the items are.
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
    traits: Traits,
}

impl<B: Buffer> Subscriptions<B> {
    /// Checks the payload of a SUBSCRIBE under the rules of a version; copies nothing.
    ///
    /// # Errors
    ///
    /// The first item that is cut off or breaks a rule, or that there is none.
    pub fn new(value: impl IntoBuffer<Buffer = B>, version: ProtocolVersion) -> Result<Self, ListError> {
        let bytes = value.into_buffer();
        let (count, traits) = check_subscriptions(bytes.as_ref(), version, InvalidFilters::Refuse)?;
        Ok(Self { bytes, count, traits })
    }

    /// As [`new`](Self::new), but lets filters through that are text and no Topic Filter: for a server that answers each
    /// of them by a Reason Code of its own, 0x8F. [`TopicFilter::check`] tells which they are. A list with such a
    /// filter exists in no version.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new), but for the grammar of Topic Filters.
    pub fn new_unjudged(value: impl IntoBuffer<Buffer = B>, version: ProtocolVersion) -> Result<Self, ListError> {
        let bytes = value.into_buffer();
        let (count, traits) = check_subscriptions(bytes.as_ref(), version, InvalidFilters::LetThrough)?;
        Ok(Self { bytes, count, traits })
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
        self.traits.has_invalid_filter
    }

    /// True if the version can say it: 3.x has a QoS and nothing else in the options, and 5.0 does not take
    /// `$share/…` for ordinary text.
    #[inline]
    #[must_use]
    pub const fn exists_in(&self, version: ProtocolVersion) -> bool {
        let has_other = if version.is_v3() { self.traits.has_v5_options } else { self.traits.has_ordinary_share };
        !has_other && !self.traits.has_invalid_filter
    }

    /// True if the bytes are not what a sender would write: 3.1 leaves bits of the options undefined.
    #[doc(hidden)]
    #[must_use]
    pub const fn masks_options(&self) -> bool {
        self.traits.masks_options
    }

    #[inline]
    pub(crate) fn map_buffer<'i, C: Buffer>(&'i self, map: &mut impl FnMut(&'i B) -> C) -> Subscriptions<C> {
        Subscriptions { bytes: map(&self.bytes), count: self.count, traits: self.traits }
    }
}

fn check_subscriptions(
    bytes: &[u8],
    version: ProtocolVersion,
    invalid: InvalidFilters,
) -> Result<(usize, Traits), ListError> {
    let may_be_ordinary_only = version.is_v3() || invalid == InvalidFilters::LetThrough;
    let mut traits = Traits::NONE;
    let mut count = 0_usize;
    let mut rest = bytes;
    while !rest.is_empty() {
        let offset = bytes.len().saturating_sub(rest.len());
        let (filter, is_valid, after) = split_filter(rest, offset, version, invalid)?;
        traits.has_invalid_filter |= !is_valid;
        let options_offset = bytes.len().saturating_sub(after.len());
        let [options, after @ ..] = after else {
            return Err(ListError::new(ListErrorKind::OptionsMissing, options_offset));
        };
        let checked = check_options(*options, version);
        let checked = checked.map_err(|error| ListError::new(ListErrorKind::Options(error), options_offset))?;
        traits.masks_options |= version == ProtocolVersion::V3_1 && *options > 0b11;
        traits.has_v5_options |= checked.to_byte() > 0b11;
        traits.has_ordinary_share |= may_be_ordinary_only && filter.is_ordinary_only();
        if !version.is_v3() && checked.no_local && filter.is_shared() {
            return Err(ListError::new(ListErrorKind::NoLocalOnSharedSubscription, options_offset));
        }
        count = count.saturating_add(1);
        rest = after;
    }
    if count == 0 { Err(ListError::new(ListErrorKind::Empty, 0)) } else { Ok((count, traits)) }
}

/// 5.0 has four fields there, 3.1.1 a QoS and six zeros, 3.1 a QoS and six bits that mean nothing.
const fn check_options(options: u8, version: ProtocolVersion) -> Result<SubscriptionOptions, SubscriptionOptionsError> {
    match version {
        ProtocolVersion::V5 => SubscriptionOptions::from_byte(options),
        ProtocolVersion::V3_1_1 if options > 0b11 => Err(SubscriptionOptionsError::ReservedBits),
        ProtocolVersion::V3_1_1 | ProtocolVersion::V3_1 => SubscriptionOptions::from_byte(options & 0b11),
    }
}

impl<'i, 'o, B: Lend<'i, 'o>> Subscriptions<B> {
    /// The subscriptions, in the order of the wire.
    #[must_use]
    pub fn iter(&'i self) -> SubscriptionIter<'o> {
        SubscriptionIter { rest: self.bytes.lend(), count: self.count, mask: self.options_mask() }
    }

    /// The bytes on the wire.
    #[inline]
    #[must_use]
    pub fn as_bytes(&'i self) -> &'o [u8] {
        self.bytes.lend()
    }

    fn options_mask(&self) -> u8 {
        if self.traits.masks_options { 0b11 } else { 0xFF }
    }
}

/// The subscriptions of a SUBSCRIBE, one by one.
#[derive(Clone, Debug)]
pub struct SubscriptionIter<'a> {
    rest: &'a [u8],
    count: usize,
    mask: u8,
}

impl<'a> Iterator for SubscriptionIter<'a> {
    type Item = Subscription<&'a [u8]>;

    fn next(&mut self) -> Option<Self::Item> {
        let (filter, after) = split_prefixed(self.rest)?;
        let (options, rest) = after.split_first()?;
        let options = SubscriptionOptions::from_byte(options & self.mask).ok()?;
        self.rest = rest;
        self.count = self.count.saturating_sub(1);
        Some(Subscription { topic_filter: TopicFilter::from_checked(filter), options })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.count, Some(self.count))
    }
}

impl ExactSizeIterator for SubscriptionIter<'_> {}
impl core::iter::FusedIterator for SubscriptionIter<'_> {}

/// Builds [`Subscriptions`]; the first mistake is told by [`build`](Self::build).
#[derive(Debug)]
#[must_use]
pub struct SubscriptionsBuilder<S> {
    list: ListBuilder<S>,
    traits: Traits,
}

impl<S: Storage> SubscriptionsBuilder<S> {
    /// Adds a subscription: a Topic Filter, and a QoS or whole options.
    pub fn push<B: Buffer>(mut self, topic_filter: TopicFilter<B>, options: impl Into<SubscriptionOptions>) -> Self {
        let options = options.into();
        self.traits.has_v5_options |= options.to_byte() > 0b11;
        self.traits.has_ordinary_share |= topic_filter.is_ordinary_only();
        self.traits.has_invalid_filter |= topic_filter.check_ordinary().is_err();
        self.list.push(|storage| {
            if options.no_local && topic_filter.is_shared() {
                return Err(BuildError::NoLocalOnSharedSubscription);
            }
            put_prefixed(storage, topic_filter.as_bytes())?;
            storage.put(&[options.to_byte()])
        });
        self
    }

    /// The list.
    ///
    /// # Errors
    ///
    /// The first mistake: No Local on a shared subscription, no subscription at all, or storage that is too small.
    pub fn build(self) -> Result<Subscriptions<S::Buffer>, BuildError> {
        let (bytes, count) = self.list.build()?;
        Ok(Subscriptions { bytes, count, traits: self.traits })
    }
}

#[cfg(feature = "bytes")]
impl Subscriptions<bytes::Bytes> {
    /// Builds a list that owns its bytes.
    pub fn builder() -> SubscriptionsBuilder<bytes::BytesMut> {
        SubscriptionsBuilder { list: ListBuilder::new(bytes::BytesMut::new()), traits: Traits::NONE }
    }
}

impl<'a> Subscriptions<&'a [u8]> {
    /// Builds a list in a slice of the caller's: no allocator is needed.
    pub const fn builder_in(storage: &'a mut [u8]) -> SubscriptionsBuilder<SliceStorage<'a>> {
        SubscriptionsBuilder { list: ListBuilder::new(SliceStorage::new(storage)), traits: Traits::NONE }
    }
}

list_impls!(Subscriptions SubscriptionIter Subscription<&'a [u8]>);

#[cfg(test)]
mod tests {
    use super::Subscriptions;
    use crate::{
        BuildError, ListErrorKind, ProtocolVersion, QoS, SubscriptionOptions, SubscriptionOptionsError, TextErrorKind,
        TopicFilter, TopicFilters,
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
        let bytes = b"\0\x01a\xFD"; // QoS 1 and all that 3.1 does not look at
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
    fn only_version_3_1_has_options_that_are_not_looked_at() {
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
    fn what_only_version_3_takes_for_a_filter_is_not_in_version_5() {
        let bytes = b"\0\x08$share/g\x00";
        assert!(Subscriptions::new(bytes, ProtocolVersion::V5).is_err());
        let subscriptions = Subscriptions::new(bytes, ProtocolVersion::V3_1_1).unwrap();
        assert!(!subscriptions.exists_in(ProtocolVersion::V5));
        let filters = TopicFilters::new(b"\0\x08$share/g", ProtocolVersion::V3_1).unwrap();
        assert!(!filters.exists_in(ProtocolVersion::V5) && filters.exists_in(ProtocolVersion::V3_1_1));
    }

    #[test]
    fn a_list_that_is_not_judged_lets_through_what_is_text() {
        let bytes = b"\0\x02a+\x01\0\x01a\x01\0\0\x01";
        assert!(Subscriptions::new(bytes, ProtocolVersion::V5).is_err());
        let subscriptions = Subscriptions::new_unjudged(bytes, ProtocolVersion::V5).unwrap();
        let checks = subscriptions.iter().map(|item| item.topic_filter.check().is_ok());
        assert!(checks.eq([false, true, false]));
        assert!(subscriptions.has_invalid_filter() && subscriptions.len() == 3);
        assert!(ProtocolVersion::ALL.into_iter().all(|version| !subscriptions.exists_in(version)));
        assert!(Subscriptions::new_unjudged(b"\0\x02a\0\x01", ProtocolVersion::V5).is_err());
        // What is text in 3.x only is so whichever version it came by: equal lists exist in the same versions.
        let share = b"\0\x08$share/g\x01";
        let unjudged = Subscriptions::new_unjudged(share, ProtocolVersion::V5).unwrap();
        assert_eq!(unjudged, Subscriptions::new(share, ProtocolVersion::V3_1_1).unwrap());
        assert!(!unjudged.exists_in(ProtocolVersion::V5) && unjudged.exists_in(ProtocolVersion::V3_1_1));
        let filters = TopicFilters::new_unjudged(b"\0\x02a+\0\x01a", ProtocolVersion::V3_1_1).unwrap();
        assert!(!filters.exists_in(ProtocolVersion::V3_1_1) && filters.len() == 2);
        assert!(TopicFilters::new_unjudged(b"\0\x02\xC0\x80", ProtocolVersion::V5).is_err());
        // What came from there does not become legal by going through a builder.
        let mut storage = [0; 16];
        let [invalid, valid] = [filters.iter().next().unwrap(), filters.iter().nth(1).unwrap()];
        let built = TopicFilters::builder_in(&mut storage).push(invalid).push(valid).build().unwrap();
        assert!(!built.exists_in(ProtocolVersion::V5) && built.has_invalid_filter());
        let built = Subscriptions::builder_in(&mut storage).push(invalid, QoS::AtMostOnce);
        let built = built.push(valid, QoS::AtMostOnce).build().unwrap();
        assert!(!built.exists_in(ProtocolVersion::V5) && built.has_invalid_filter());
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
