//! One pass over text: UTF-8, U+0000 and wildcards.

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

/// What the text must be free of, besides ill-formed UTF-8.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Text {
    /// A UTF-8 Encoded String: U+0000.
    String,
    /// A Topic Name: U+0000, `+` and `#`.
    TopicName,
}

/// The longest text and binary data: what a two-byte length can say.
pub(crate) const MAX_LEN: usize = 65_535;

/// Checks text against the rules of `text`. Everything is looked at once if it is plain ASCII; only what is not goes
/// through the slower check that knows where the fault lies.
#[inline]
pub(crate) fn check(bytes: &[u8], text: Text) -> Result<(), TextError> {
    let plain = match text {
        Text::String => all_words(bytes, is_plain),
        Text::TopicName => all_words(bytes, |word| is_plain(word) && !has_wildcard(word)),
    };
    if plain && bytes.len() <= MAX_LEN { Ok(()) } else { check_slowly(bytes, text) }
}

/// True if the text is ASCII without U+0000 and without a character that a Topic Filter could trip over: it needs no
/// further look.
#[inline]
pub(crate) fn is_plain_level_text(bytes: &[u8]) -> bool {
    all_words(bytes, |word| is_plain(word) && !has_wildcard(word))
}

/// The exact check: the first byte that breaks a rule, whichever rule it is.
#[cold]
#[inline(never)]
fn check_slowly(bytes: &[u8], text: Text) -> Result<(), TextError> {
    if bytes.len() > MAX_LEN {
        return Err(TextError::new(TextErrorKind::TooLong, MAX_LEN));
    }
    let well_formed = match core::str::from_utf8(bytes) {
        Ok(_) => bytes,
        Err(error) => bytes.get(..error.valid_up_to()).unwrap_or(bytes),
    };
    let fault = well_formed.iter().enumerate().find_map(|(offset, byte)| match byte {
        0 => Some(TextError::new(TextErrorKind::NulCharacter, offset)),
        b'+' | b'#' if text == Text::TopicName => Some(TextError::new(TextErrorKind::WildcardInTopicName, offset)),
        _ => None,
    });
    match fault {
        Some(fault) => Err(fault),
        None if well_formed.len() < bytes.len() => Err(TextError::new(TextErrorKind::IllFormedUtf8, well_formed.len())),
        None => Ok(()),
    }
}

const LOW_BITS: u64 = u64::from_ne_bytes([0x01; 8]);
const HIGH_BITS: u64 = u64::from_ne_bytes([0x80; 8]);

/// Holds the predicate for every eight bytes? The last word overlaps the one before it; text of less than eight bytes
/// is filled up with letters.
#[inline]
fn all_words(bytes: &[u8], predicate: impl Fn(u64) -> bool) -> bool {
    if let Some(last) = bytes.last_chunk::<8>() {
        // No early exit: text that fails is rare, and a loop without branches runs in wide registers.
        let words = bytes.chunks_exact(8).filter_map(|word| word.first_chunk::<8>());
        words.fold(true, |all, word| all & predicate(u64::from_ne_bytes(*word))) & predicate(u64::from_ne_bytes(*last))
    } else {
        let mut word = [b'a'; 8];
        for (to, from) in word.iter_mut().zip(bytes) {
            *to = *from;
        }
        predicate(u64::from_ne_bytes(word))
    }
}

/// Eight ASCII characters, none of them U+0000.
#[inline]
const fn is_plain(word: u64) -> bool {
    // The high bit of a byte of `word - 0x01…` is set where a byte is 0, or where a high bit was set before. A borrow can
    // only start at a byte that is 0, so nothing is missed.
    (word | word.wrapping_sub(LOW_BITS)) & HIGH_BITS == 0
}

/// `+` is 0x2B and `#` is 0x23: they differ in one bit, so one comparison finds both.
#[inline]
const fn has_wildcard(word: u64) -> bool {
    let other = (word | (LOW_BITS << 3)) ^ (LOW_BITS.wrapping_mul(0x2B));
    other.wrapping_sub(LOW_BITS) & !other & HIGH_BITS != 0
}

/// [`check`] for literals, at compile time.
pub(crate) const fn is_legal_string(literal: &str) -> bool {
    let mut bytes = literal.as_bytes();
    let fits = bytes.len() <= MAX_LEN;
    while let [first, rest @ ..] = bytes {
        if *first == 0 {
            return false;
        }
        bytes = rest;
    }
    fits
}

/// [`check`] for literal Topic Names, at compile time.
pub(crate) const fn is_legal_topic_name(literal: &str) -> bool {
    let mut bytes = literal.as_bytes();
    while let [first, rest @ ..] = bytes {
        if matches!(first, b'+' | b'#') {
            return false;
        }
        bytes = rest;
    }
    !literal.is_empty() && is_legal_string(literal)
}

/// Where a text holds the first character that a sender should not send and a receiver may refuse: a control character
/// (U+0001 to U+001F, U+007F to U+009F) or one of the 66 non-characters. Section 1.5.4.
///
/// ```
/// assert_eq!(mqtt_types::discouraged_character("ab\u{7}"), Some(2));
/// assert_eq!(mqtt_types::discouraged_character("ab"), None);
/// ```
#[must_use]
pub fn discouraged_character(text: &str) -> Option<usize> {
    text.char_indices().find(|(_, character)| is_discouraged(*character)).map(|(offset, _)| offset)
}

/// A control character (U+0001 to U+001F, U+007F to U+009F) or a non-character, which a sender should not put into a
/// string and a receiver may refuse: section 1.5.4.
pub(crate) const fn is_discouraged(character: char) -> bool {
    matches!(character, '\u{1}'..='\u{1F}' | '\u{7F}'..='\u{9F}' | '\u{FDD0}'..='\u{FDEF}') || {
        let low = u32_of(character) & 0xFFFF;
        low == 0xFFFE || low == 0xFFFF
    }
}

#[expect(clippy::as_conversions, reason = "u32::from is not const; a char always fits")]
const fn u32_of(character: char) -> u32 {
    character as u32
}

#[cfg(test)]
mod tests {
    use super::{Text, TextErrorKind, check, is_discouraged, is_legal_string, is_legal_topic_name};

    /// The same rules, one character at a time.
    fn plain_twin(bytes: &[u8], text: Text) -> Option<(TextErrorKind, usize)> {
        let valid = core::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), |_| bytes.len());
        for (offset, &byte) in bytes.iter().enumerate() {
            if offset >= valid {
                return Some((TextErrorKind::IllFormedUtf8, offset));
            }
            if byte == 0 {
                return Some((TextErrorKind::NulCharacter, offset));
            }
            if text == Text::TopicName && (byte == b'+' || byte == b'#') {
                return Some((TextErrorKind::WildcardInTopicName, offset));
            }
        }
        None
    }

    #[test]
    fn every_byte_at_every_place_of_every_short_length_agrees_with_the_plain_twin() {
        for length in 0..=33 {
            for place in 0..length {
                for byte in 0..=255 {
                    let mut bytes = [b'/'; 33];
                    bytes[place] = byte;
                    for text in [Text::String, Text::TopicName] {
                        let bytes = &bytes[..length];
                        let found = check(bytes, text).err().map(|error| (error.kind(), error.offset()));
                        assert_eq!(found, plain_twin(bytes, text), "{bytes:02x?}");
                    }
                }
            }
        }
    }

    #[test]
    fn every_two_byte_and_three_byte_sequence_agrees_with_the_plain_twin() {
        for first in 0..=255 {
            for second in 0..=255 {
                for third in [0x00, 0x23, 0x2B, 0x2F, 0x7F, 0x80, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF] {
                    for bytes in [&[first, second][..], &[first, second, third], &[b'a', first, second, third, b'b']] {
                        for text in [Text::String, Text::TopicName] {
                            let found = check(bytes, text).err().map(|error| (error.kind(), error.offset()));
                            assert_eq!(found, plain_twin(bytes, text), "{bytes:02x?}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn literals_are_held_to_the_same_rules() {
        for literal in ["", "a", "a\0b", "a/+", "#", "é/\u{FEFF}", "aaaaaaaaaaaaaaaaaaaaaaaa+"] {
            let bytes = literal.as_bytes();
            assert_eq!(is_legal_string(literal), check(bytes, Text::String).is_ok(), "{literal:?}");
            let legal = check(bytes, Text::TopicName).is_ok() && !literal.is_empty();
            assert_eq!(is_legal_topic_name(literal), legal, "{literal:?}");
        }
    }

    #[test]
    fn knows_the_66_non_characters_and_the_64_control_characters() {
        let discouraged = ('\0'..=char::MAX).filter(|&character| is_discouraged(character));
        assert_eq!(discouraged.count(), 66 + 64);
        assert!(!is_discouraged('\u{FEFF}'));
        assert!(!is_discouraged('\u{0}')); // it is forbidden, not discouraged
    }
}
