//! What is wrong with a text.

use core::fmt;

/// Text that is no legal UTF-8 Encoded String, Topic Name or Topic Filter: what is wrong, and at which byte.
///
/// ```
/// use mqtt_types::{TextErrorKind, TopicName};
///
/// let error = TopicName::new("a/+").unwrap_err();
/// assert_eq!((error.kind(), error.offset()), (TextErrorKind::WildcardInTopicName, 2));
/// assert_eq!(error.to_string(), "topic name holds a wildcard character at byte 2");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TextError {
    kind: TextErrorKind,
    offset: usize,
}

impl TextError {
    pub(crate) const fn new(kind: TextErrorKind, offset: usize) -> Self {
        Self { kind, offset }
    }

    /// Which rule is broken.
    #[must_use]
    pub const fn kind(&self) -> TextErrorKind {
        self.kind
    }

    /// The first byte that breaks it, counted from the start of the text; of a part that is missing (a share name, the
    /// filter behind it), where it would be: that may be the text's end.
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

/// Which rule a text breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TextErrorKind {
    /// More than 65,535 bytes: the two-byte length cannot say it. MQTT-4.7.3-3 for topics.
    TooLong,
    /// Ill-formed UTF-8, surrogates U+D800 to U+DFFF included. MQTT-1.5.4-1 (3.1.1: MQTT-1.5.3-1).
    IllFormedUtf8,
    /// U+0000. MQTT-1.5.4-2 (3.1.1: MQTT-1.5.3-2), MQTT-4.7.3-2 for topics.
    NulCharacter,
    /// A Topic Name or Topic Filter without a character. MQTT-4.7.3-1.
    EmptyTopic,
    /// `+` or `#` in a Topic Name. MQTT-3.3.2-2, MQTT-4.7.0-1 (3.1.1: MQTT-4.7.1-1).
    WildcardInTopicName,
    /// `#` that is no whole level, or not the last one. MQTT-4.7.1-1 (3.1.1: MQTT-4.7.1-2).
    MisplacedMultiLevelWildcard,
    /// `+` that is no whole level. MQTT-4.7.1-2 (3.1.1: MQTT-4.7.1-3).
    MisplacedSingleLevelWildcard,
    /// `$share/` without a `ShareName` of at least one character. MQTT-4.8.2-1.
    EmptyShareName,
    /// `+` or `#` in a `ShareName`. MQTT-4.8.2-2.
    WildcardInShareName,
    /// `$share/name` without a `/` and a Topic Filter behind it, or with another shared subscription there.
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
            Self::InvalidSharedFilter => "shared subscription has no valid topic filter behind its share name",
        })
    }
}
