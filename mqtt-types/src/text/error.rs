//! The errors of texts.

use core::fmt;

/// The error for text that is not a legal UTF-8 Encoded String, Topic Name or Topic Filter.
///
/// The error contains the broken rule and the offset of the byte that breaks it.
///
/// ```
/// use mqtt_types::{TextErrorKind, TopicName};
///
/// let error = TopicName::new("a/+").unwrap_err();
/// assert_eq!((error.kind(), error.offset()), (TextErrorKind::WildcardInTopicName, 2));
/// assert_eq!(error.to_string(), "topic name holds a wildcard character at byte 2");
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TextError {
    kind: TextErrorKind,
    offset: usize,
}

impl TextError {
    pub(crate) const fn new(kind: TextErrorKind, offset: usize) -> Self {
        Self { kind, offset }
    }

    /// Returns the rule that is broken.
    #[must_use]
    pub const fn kind(&self) -> TextErrorKind {
        self.kind
    }

    /// Returns the offset of the first byte that breaks the rule, counted from the start of the text.
    ///
    /// If a part is missing, a share name for instance, it is the offset where the part would be. That can be the end of
    /// the text.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.kind, self.offset)
    }
}

impl core::error::Error for TextError {}

/// The rule that a text breaks.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TextErrorKind {
    /// The text has more than 65,535 bytes, which a two-byte length cannot express. MQTT-4.7.3-3 for topics.
    TooLong,
    /// The text is ill-formed UTF-8, or contains a surrogate U+D800 to U+DFFF. MQTT-1.5.4-1 (3.1.1: MQTT-1.5.3-1).
    IllFormedUtf8,
    /// The text contains U+0000. MQTT-1.5.4-2 (3.1.1: MQTT-1.5.3-2), MQTT-4.7.3-2 for topics.
    NulCharacter,
    /// A Topic Name or Topic Filter is empty. MQTT-4.7.3-1.
    EmptyTopic,
    /// A Topic Name contains `+` or `#`. MQTT-3.3.2-2, MQTT-4.7.0-1 (3.1.1: MQTT-4.7.1-1).
    WildcardInTopicName,
    /// `#` is not a whole level, or not the last level. MQTT-4.7.1-1 (3.1.1: MQTT-4.7.1-2).
    MisplacedMultiLevelWildcard,
    /// `+` is not a whole level. MQTT-4.7.1-2 (3.1.1: MQTT-4.7.1-3).
    MisplacedSingleLevelWildcard,
    /// The `ShareName` after `$share/` is empty. MQTT-4.8.2-1.
    EmptyShareName,
    /// A `ShareName` contains `+` or `#`. MQTT-4.8.2-2.
    WildcardInShareName,
    /// `$share/name` is not followed by `/` and a Topic Filter, or is followed by another shared subscription.
    /// MQTT-4.8.2-2.
    InvalidSharedFilter,
}

impl fmt::Display for TextErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLong => "text is longer than 65,535 bytes",
            Self::IllFormedUtf8 => "text is not well-formed UTF-8",
            Self::NulCharacter => "text holds the character U+0000",
            Self::EmptyTopic => "topic is empty",
            Self::WildcardInTopicName => "topic name holds a wildcard character",
            Self::MisplacedMultiLevelWildcard => "'#' is not the whole last level of the topic filter",
            Self::MisplacedSingleLevelWildcard => "'+' is not a whole level of the topic filter",
            Self::EmptyShareName => "share name is empty",
            Self::WildcardInShareName => "share name holds a wildcard character",
            Self::InvalidSharedFilter => "shared subscription has no valid topic filter after its share name",
        })
    }
}
