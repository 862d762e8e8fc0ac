//! What SUBSCRIBE, UNSUBSCRIBE, SUBACK and UNSUBACK list: sections 3.8.3, 3.9.3, 3.10.3 and 3.11.3.

use crate::storage::{BuildError, SliceStorage, Storage, put_prefixed, split_prefixed};
use crate::{
    Buffer, DefaultBuffer, Lend, PacketReasonCode, ProtocolVersion, QoS, TextErrorKind, TopicFilter, Utf8String,
    buffer::IntoBuffer,
};
use core::{fmt, marker::PhantomData};

/// What a server does with retained messages when a subscription is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum RetainHandling {
    /// 0: it sends them.
    #[default]
    SendAtSubscribe = 0,
    /// 1: it sends them if the subscription is new.
    SendAtSubscribeIfNew = 1,
    /// 2: it does not send them.
    DoNotSend = 2,
}

impl RetainHandling {
    /// The number on the wire.
    #[must_use]
    pub const fn as_u8(self) -> u8 {
        match self {
            Self::SendAtSubscribe => 0,
            Self::SendAtSubscribeIfNew => 1,
            Self::DoNotSend => 2,
        }
    }

    /// The meaning of a number; 3 has none.
    #[must_use]
    pub const fn from_u8(value: u8) -> Option<Self> {
        match value {
            0 => Some(Self::SendAtSubscribe),
            1 => Some(Self::SendAtSubscribeIfNew),
            2 => Some(Self::DoNotSend),
            _ => None,
        }
    }
}

/// The Subscription Options of one Topic Filter. 3.x has the QoS only.
///
/// | bit | 7-6 | 5-4 | 3 | 2 | 1-0 |
/// | --- | --- | --- | --- | --- | --- |
/// | | 0 | Retain Handling | Retain As Published | No Local | Maximum QoS |
///
/// ```
/// use mqtt_types::{QoS, RetainHandling, SubscriptionOptions};
///
/// let options = SubscriptionOptions { no_local: true, ..QoS::AtLeastOnce.into() };
/// assert_eq!(options.to_byte(), 0b0000_0101);
/// assert_eq!(options.retain_handling, RetainHandling::SendAtSubscribe);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct SubscriptionOptions {
    /// The highest QoS at which the server may send messages.
    pub maximum_qos: QoS,
    /// Messages of this very client are not to be sent to it. Not allowed on a shared subscription \[MQTT-3.8.3-4\].
    pub no_local: bool,
    /// Forwarded messages keep the RETAIN flag that they were published with.
    pub retain_as_published: bool,
    /// What becomes of retained messages.
    pub retain_handling: RetainHandling,
}

/// Which rule a byte of Subscription Options breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum SubscriptionOptionsError {
    /// A reserved bit is set. MQTT-3.8.3-5 (3.1.1: MQTT-3-8.3-4).
    #[error("a reserved bit of the subscription options is set")]
    ReservedBits,
    /// Maximum QoS 3. Section 3.8.3.1 (3.1.1: MQTT-3-8.3-4).
    #[error("the maximum QoS of the subscription options is 3")]
    InvalidQoS,
    /// Retain Handling 3. Section 3.8.3.1.
    #[error("the retain handling of the subscription options is 3")]
    InvalidRetainHandling,
}

impl SubscriptionOptions {
    /// The options as the byte on the wire.
    #[must_use]
    pub const fn to_byte(self) -> u8 {
        let no_local = if self.no_local { 0b0000_0100 } else { 0 };
        let retain_as_published = if self.retain_as_published { 0b0000_1000 } else { 0 };
        self.maximum_qos.as_u8() | no_local | retain_as_published | self.retain_handling.as_u8() << 4
    }

    /// The options of a byte on the wire.
    ///
    /// # Errors
    ///
    /// If a reserved bit is set, or QoS or Retain Handling is 3.
    pub const fn from_byte(byte: u8) -> Result<Self, SubscriptionOptionsError> {
        if byte & 0b1100_0000 != 0 {
            return Err(SubscriptionOptionsError::ReservedBits);
        }
        let Some(maximum_qos) = QoS::from_u8(byte & 0b11) else {
            return Err(SubscriptionOptionsError::InvalidQoS);
        };
        let Some(retain_handling) = RetainHandling::from_u8(byte >> 4) else {
            return Err(SubscriptionOptionsError::InvalidRetainHandling);
        };
        let (no_local, retain_as_published) = (byte & 0b0100 != 0, byte & 0b1000 != 0);
        Ok(Self { maximum_qos, no_local, retain_as_published, retain_handling })
    }
}

impl From<QoS> for SubscriptionOptions {
    /// A Maximum QoS, everything else as in 3.x.
    fn from(maximum_qos: QoS) -> Self {
        Self { maximum_qos, ..Self::default() }
    }
}

/// One Topic Filter of a SUBSCRIBE with its options: an item of [`Subscriptions`].
///
/// ```
/// use mqtt_types::{ProtocolVersion, QoS, Subscriptions};
///
/// let subscriptions = Subscriptions::new(b"\0\x03a/#\x01", ProtocolVersion::V5)?;
/// let subscription = subscriptions.iter().next().unwrap();
/// assert_eq!(subscription.topic_filter, "a/#");
/// assert_eq!(subscription.options, QoS::AtLeastOnce.into());
/// # Ok::<(), mqtt_types::ListError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Subscription<B = DefaultBuffer> {
    /// What is subscribed to.
    pub topic_filter: TopicFilter<B>,
    /// How.
    pub options: SubscriptionOptions,
}

crate::buffer::debug_fields!(Subscription: topic_filter options);
crate::buffer::over_buffers!(Subscription { plain: [options], raw: [], parts: [topic_filter], options: [] });

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
    const fn new(kind: ListErrorKind, offset: usize) -> Self {
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

/// What becomes of text that is no Topic Filter.
#[derive(Clone, Copy, PartialEq, Eq)]
enum InvalidFilters {
    Refuse,
    LetThrough,
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

/// A Topic Filter, whether it is one in any version, and what follows it.
type SplitFilter<'a> = (TopicFilter<&'a [u8]>, bool, &'a [u8]);

/// Splits off one Topic Filter, and tells whether it is valid by the rules of the version.
#[inline]
fn split_filter(
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
    /// [`Subscriptions::new_unjudged`] does.
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

/// The Reason Codes of a SUBACK or UNSUBACK, one for each Topic Filter, in their order.
///
/// `C` is the packet's own type of codes, see [`SubAckReasonCode`](crate::SubAckReasonCode) and
/// [`UnsubAckReasonCode`](crate::UnsubAckReasonCode). Only the UNSUBACK of 3.x has none.
///
/// ```
/// use mqtt_types::{ReasonCodes, SubAckReasonCode};
///
/// let codes = ReasonCodes::<SubAckReasonCode, _>::new(&[0x01, 0x87])?;
/// assert!(codes.iter().eq([SubAckReasonCode::GRANTED_QOS_1, SubAckReasonCode::NOT_AUTHORIZED]));
/// assert!(ReasonCodes::<SubAckReasonCode, _>::new(&[0x03]).is_err());
/// # Ok::<(), mqtt_types::InvalidReasonCodes>(())
/// ```
#[derive(Clone, Copy)]
pub struct ReasonCodes<C, B = DefaultBuffer> {
    bytes: B,
    code: PhantomData<C>,
}

/// A byte that is no Reason Code of the packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("0x{value:02X} at byte {offset} is no reason code of this packet")]
pub struct InvalidReasonCodes {
    /// The byte.
    pub value: u8,
    /// Where it is in the list.
    pub offset: usize,
}

impl<C: PacketReasonCode, B: Buffer> ReasonCodes<C, B> {
    /// Checks the payload of a SUBACK or UNSUBACK; copies nothing.
    ///
    /// # Errors
    ///
    /// The first byte that is no Reason Code of the packet.
    #[inline]
    pub fn new(value: impl IntoBuffer<Buffer = B>) -> Result<Self, InvalidReasonCodes> {
        let bytes = value.into_buffer();
        match bytes.as_ref().iter().enumerate().find(|(_, value)| C::from_u8(**value).is_none()) {
            Some((offset, &value)) => Err(InvalidReasonCodes { value, offset }),
            None => Ok(Self { bytes, code: PhantomData }),
        }
    }
}

impl<C, B: Buffer> ReasonCodes<C, B> {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes.as_ref().len()
    }

    /// True if there is none: in the UNSUBACK of 3.x.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.as_ref().is_empty()
    }

    #[inline]
    pub(crate) fn map_buffer<'i, D: Buffer>(&'i self, map: &mut impl FnMut(&'i B) -> D) -> ReasonCodes<C, D> {
        ReasonCodes { bytes: map(&self.bytes), code: PhantomData }
    }
}

impl<'i, 'o, C: PacketReasonCode, B: Lend<'i, 'o>> ReasonCodes<C, B> {
    /// The codes, in the order of the Topic Filters.
    #[must_use]
    pub fn iter(&'i self) -> ReasonCodeIter<'o, C> {
        ReasonCodeIter { bytes: self.bytes.lend().iter(), code: PhantomData }
    }

    /// The bytes on the wire.
    #[inline]
    #[must_use]
    pub fn as_bytes(&'i self) -> &'o [u8] {
        self.bytes.lend()
    }
}

/// The Reason Codes of a SUBACK or UNSUBACK, one by one.
#[derive(Clone, Debug)]
pub struct ReasonCodeIter<'a, C> {
    bytes: core::slice::Iter<'a, u8>,
    code: PhantomData<C>,
}

impl<C: PacketReasonCode> Iterator for ReasonCodeIter<'_, C> {
    type Item = C;

    fn next(&mut self) -> Option<C> {
        C::from_u8(*self.bytes.next()?)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.bytes.size_hint()
    }
}

impl<C: PacketReasonCode> ExactSizeIterator for ReasonCodeIter<'_, C> {}
impl<C: PacketReasonCode> core::iter::FusedIterator for ReasonCodeIter<'_, C> {}

#[cfg(feature = "bytes")]
impl<C: PacketReasonCode> FromIterator<C> for ReasonCodes<C, bytes::Bytes> {
    fn from_iter<I: IntoIterator<Item = C>>(codes: I) -> Self {
        let bytes = codes.into_iter().map(|code| Into::<crate::ReasonCode>::into(code).as_u8()).collect();
        Self { bytes, code: PhantomData }
    }
}

impl<C, B: Buffer> Default for ReasonCodes<C, B> {
    fn default() -> Self {
        Self { bytes: B::default(), code: PhantomData }
    }
}

impl<C, B: Buffer, D: Buffer> PartialEq<ReasonCodes<C, D>> for ReasonCodes<C, B> {
    fn eq(&self, other: &ReasonCodes<C, D>) -> bool {
        self.bytes.as_ref() == other.bytes.as_ref()
    }
}

impl<C, B: Buffer> Eq for ReasonCodes<C, B> {}

impl<C, B: Buffer> core::hash::Hash for ReasonCodes<C, B> {
    fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
        self.bytes.as_ref().hash(state);
    }
}

impl<C: PacketReasonCode, B: Buffer> fmt::Debug for ReasonCodes<C, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<'a, C: PacketReasonCode, B: Buffer> IntoIterator for &'a ReasonCodes<C, B> {
    type Item = C;
    type IntoIter = ReasonCodeIter<'a, C>;

    fn into_iter(self) -> ReasonCodeIter<'a, C> {
        self.iter()
    }
}

/// What the builders of the two lists have in common.
#[derive(Debug)]
struct ListBuilder<S> {
    storage: S,
    count: usize,
    mistake: Option<BuildError>,
}

impl<S: Storage> ListBuilder<S> {
    const fn new(storage: S) -> Self {
        Self { storage, count: 0, mistake: None }
    }

    fn push(&mut self, put: impl FnOnce(&mut S) -> Result<(), BuildError>) {
        if self.mistake.is_none() {
            self.mistake = put(&mut self.storage).err();
        }
        self.count = self.count.saturating_add(1);
    }

    fn build(self) -> Result<(S::Buffer, usize), BuildError> {
        match (self.mistake, self.count) {
            (Some(mistake), _) => Err(mistake),
            (None, 0) => Err(BuildError::EmptyList),
            (None, count) => Ok((self.storage.finish(), count)),
        }
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

macro_rules! list_impls {
    ($($list:ident $iter:ident $item:ty,)*) => {$(
        impl<'i, 'o, B: Lend<'i, 'o>> $list<B> {
            /// The same list, borrowed from this one: nothing is copied.
            #[inline]
            #[must_use]
            pub fn as_borrowed(&'i self) -> $list<&'o [u8]> {
                self.map_buffer(&mut Lend::lend)
            }
        }

        impl<B: Buffer, C: Buffer> PartialEq<$list<C>> for $list<B> {
            fn eq(&self, other: &$list<C>) -> bool {
                self.count == other.count && self.iter().eq(other.iter())
            }
        }

        impl<B: Buffer> Eq for $list<B> {}

        impl<B: Buffer> core::hash::Hash for $list<B> {
            fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
                self.count.hash(state);
                self.iter().for_each(|item| item.hash(state));
            }
        }

        impl<B: Buffer> fmt::Debug for $list<B> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_list().entries(self.iter()).finish()
            }
        }

        impl<'a, B: Buffer> IntoIterator for &'a $list<B> {
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
    )*};
}

list_impls! {
    Subscriptions SubscriptionIter Subscription<&'a [u8]>,
    TopicFilters TopicFilterIter TopicFilter<&'a [u8]>,
}

#[cfg(test)]
mod tests {
    use super::{ListErrorKind, SubscriptionOptions, SubscriptionOptionsError, Subscriptions, TopicFilters};
    use crate::{BuildError, ProtocolVersion, QoS, TextErrorKind, TopicFilter};

    #[test]
    fn options_are_four_fields_in_six_bits() {
        for byte in 0..=255_u8 {
            let expected = match byte {
                0x40.. => Err(SubscriptionOptionsError::ReservedBits),
                _ if byte & 0b11 == 3 => Err(SubscriptionOptionsError::InvalidQoS),
                0x30.. => Err(SubscriptionOptionsError::InvalidRetainHandling),
                _ => Ok(byte),
            };
            assert_eq!(SubscriptionOptions::from_byte(byte).map(SubscriptionOptions::to_byte), expected);
        }
    }

    #[test]
    fn errors_point_at_the_byte() {
        for (bytes, kind, offset) in [
            (&[][..], ListErrorKind::Empty, 0),
            (&[0, 1, b'a', 0, 0], ListErrorKind::Truncated, 4),
            (&[0, 1, b'a'], ListErrorKind::OptionsMissing, 3),
            (&[0, 0, 0], ListErrorKind::TopicFilter(TextErrorKind::EmptyTopic), 0),
            (&[0, 1, b'a', 3], ListErrorKind::Options(SubscriptionOptionsError::InvalidQoS), 3),
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
        let bytes = b"\0\x01a\x05"; // No Local
        assert!(!Subscriptions::new(bytes, ProtocolVersion::V5).unwrap().exists_in(ProtocolVersion::V3_1_1));
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
        let invalid = filters.iter().next().unwrap();
        let built = TopicFilters::builder_in(&mut storage).push(invalid).build().unwrap();
        assert!(!built.exists_in(ProtocolVersion::V5));
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
