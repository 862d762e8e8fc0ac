//! The errors of lists of Topic Filters.

use crate::subscription::options::SubscriptionOptionsError;
use crate::text::TextErrorKind;
use core::fmt;

/// The error for bytes that are not a list of Topic Filters: the broken rule and its offset.
///
/// ```
/// use mqtt_types::{ListErrorKind, ProtocolVersion, TextErrorKind, TopicFilters};
///
/// let error = TopicFilters::new(b"\0\x01a\0\x02b+", ProtocolVersion::V5).unwrap_err();
/// assert_eq!(error.kind(), ListErrorKind::TopicFilter(TextErrorKind::MisplacedSingleLevelWildcard));
/// assert_eq!(error.offset(), 6);
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ListError {
    kind: ListErrorKind,
    offset: usize,
}

/// The rule that a list of Topic Filters breaks.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ListErrorKind {
    /// The list is empty. MQTT-3.8.3-2, MQTT-3.10.3-2 (3.1.1: MQTT-3.8.3-3, MQTT-3.10.3-2).
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

    /// Returns the rule that is broken.
    #[must_use]
    pub const fn kind(&self) -> ListErrorKind {
        self.kind
    }

    /// Returns the offset of the first byte that breaks the rule, counted from the start of the list.
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
