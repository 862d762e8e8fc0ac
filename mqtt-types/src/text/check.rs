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
        Text::String => is_plain_string(bytes),
        Text::TopicName => is_plain_topic_name(bytes),
    };
    if plain && bytes.len() <= MAX_LEN { Ok(()) } else { check_slowly(bytes, text) }
}

/// True if the text is ASCII without U+0000: most strings are.
fn is_plain_string(bytes: &[u8]) -> bool {
    is_plain::<false>(bytes)
}

/// True if the text is ASCII without U+0000, `+` and `#`.
fn is_plain_topic_name(bytes: &[u8]) -> bool {
    is_plain::<true>(bytes)
}

/// True if the text is ASCII without U+0000, and each wildcard in it is a whole level where it may be one.
pub(crate) fn is_plain_filter(bytes: &[u8]) -> bool {
    let mut faults = 0;
    let mut in_place = true;
    for_each_word(bytes, |offset, word| {
        faults |= faults_of::<false>(word);
        let mut wildcards = wildcards_of(word);
        while wildcards != 0 {
            let place = usize::try_from(wildcards.trailing_zeros() / 8).unwrap_or_default();
            in_place &= is_wildcard_in_place(bytes, offset.saturating_add(place));
            wildcards &= wildcards.wrapping_sub(1); // without the lowest bit
        }
    });
    in_place && faults & HIGH_BITS == 0
}

/// MQTT-4.7.1-1, MQTT-4.7.1-2: a wildcard is a whole level, and `#` the last one.
#[inline]
fn is_wildcard_in_place(bytes: &[u8], offset: usize) -> bool {
    let (before, from_here) = bytes.split_at_checked(offset).unwrap_or_default();
    matches!(before.last(), None | Some(b'/')) && matches!(from_here, [_] | [b'+', b'/', ..])
}

/// The exact check: the first byte that breaks a rule, whichever rule it is.
#[cold]
#[inline(never)]
fn check_slowly(bytes: &[u8], text: Text) -> Result<(), TextError> {
    if bytes.len() > MAX_LEN {
        return Err(TextError::new(TextErrorKind::TooLong, MAX_LEN));
    }
    let fault_of = |byte: &u8| match byte {
        0 => Some(TextErrorKind::NulCharacter),
        b'+' | b'#' if text == Text::TopicName => Some(TextErrorKind::WildcardInTopicName),
        _ => None,
    };
    let well_formed_len = match core::str::from_utf8(bytes) {
        // Text that is not ASCII is nothing unusual. No early exit: see `is_plain`.
        Ok(_) if !bytes.iter().fold(false, |any, byte| any | fault_of(byte).is_some()) => return Ok(()),
        Ok(_) => bytes.len(),
        Err(error) => error.valid_up_to(),
    };
    let faults = bytes.iter().take(well_formed_len).enumerate();
    let fault = faults.filter_map(|(offset, byte)| Some(TextError::new(fault_of(byte)?, offset))).next();
    Err(fault.unwrap_or_else(|| TextError::new(TextErrorKind::IllFormedUtf8, well_formed_len)))
}

/// True if no byte is 0 or above 0x7F or, if so told, a wildcard.
///
/// Text that fails is rare, so there is no early exit: a loop without branches runs in wide registers, if the processor
/// has them; then sixteen bytes take as long as one.
#[inline]
fn is_plain<const NO_WILDCARDS: bool>(bytes: &[u8]) -> bool {
    match bytes.last_chunk() {
        Some(last) if HAS_WIDE_REGISTERS => is_plain_in_chunks::<NO_WILDCARDS>(bytes, last),
        _ if HAS_WORDS => is_plain_in_words::<NO_WILDCARDS>(bytes),
        _ => is_plain_in_bytes::<NO_WILDCARDS>(bytes),
    }
}

/// True if the processor works on sixteen bytes at once.
const HAS_WIDE_REGISTERS: bool =
    cfg!(any(target_feature = "sse2", target_feature = "neon", target_feature = "simd128"));

/// True if the processor works on eight bytes at once, as WebAssembly does too, whose addresses have 32 bits. Small ones do
/// not: what stands for it there takes more instructions than short text has bytes, and flash that they have little of.
pub(crate) const HAS_WORDS: bool = HAS_WIDE_REGISTERS || cfg!(any(target_pointer_width = "64", target_family = "wasm"));

#[inline]
fn is_plain_in_bytes<const NO_WILDCARDS: bool>(bytes: &[u8]) -> bool {
    !bytes.iter().fold(false, |any, byte| any | is_fault::<NO_WILDCARDS>(*byte))
}

#[inline]
const fn is_fault<const NO_WILDCARDS: bool>(byte: u8) -> bool {
    let is_wildcard = NO_WILDCARDS && byte | WILDCARDS_DIFFER == b'+';
    i8::from_ne_bytes([byte]) <= 0 || is_wildcard
}

/// The last chunk overlaps the one before it.
#[inline]
fn is_plain_in_chunks<const NO_WILDCARDS: bool>(bytes: &[u8], last: &[u8; 16]) -> bool {
    let mut faults = [false; 16];
    let mut look_at = |chunk: &[u8; 16]| {
        for (fault, byte) in faults.iter_mut().zip(chunk) {
            *fault |= is_fault::<NO_WILDCARDS>(*byte);
        }
    };
    look_at(last);
    let mut rest = bytes;
    while let Some((chunk, after)) = rest.split_first_chunk() {
        look_at(chunk);
        rest = after;
    }
    !faults.into_iter().fold(false, |any, fault| any | fault)
}

#[inline]
fn is_plain_in_words<const NO_WILDCARDS: bool>(bytes: &[u8]) -> bool {
    let mut faults = 0;
    for_each_word(bytes, |_, word| faults |= faults_of::<NO_WILDCARDS>(word));
    faults & HIGH_BITS == 0
}

const LOW_BITS: u64 = u64::from_ne_bytes([0x01; 8]);
const HIGH_BITS: u64 = u64::from_ne_bytes([0x80; 8]);
/// `+` is 0x2B and `#` is 0x23: they differ in one bit, so one comparison finds both.
const WILDCARDS_DIFFER: u8 = b'+' ^ b'#';

/// Calls back for every eight bytes and where they are, the first one lowest. The last word overlaps the one before it;
/// text of less than eight bytes is filled up with letters.
#[inline]
fn for_each_word(bytes: &[u8], mut look_at: impl FnMut(usize, u64)) {
    let Some(last) = bytes.last_chunk::<8>() else {
        return look_at(0, filled_word(bytes));
    };
    let mut rest = bytes;
    while let Some((word, after)) = rest.split_first_chunk() {
        look_at(bytes.len().saturating_sub(rest.len()), u64::from_le_bytes(*word));
        rest = after;
    }
    look_at(bytes.len().saturating_sub(8), u64::from_le_bytes(*last));
}

/// Less than eight bytes, and letters.
#[inline]
fn filled_word(bytes: &[u8]) -> u64 {
    const LETTERS: u64 = u64::from_ne_bytes([b'a'; 8]);
    let bits = |bytes: usize| u32::try_from(bytes).unwrap_or_default().wrapping_mul(8);
    let word = if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        // Bytes that are in both stand in the same place.
        let last = u64::from(u32::from_le_bytes(*last)).wrapping_shl(bits(bytes.len().saturating_sub(4)));
        u64::from(u32::from_le_bytes(*first)) | last
    } else {
        let byte = |at| bytes.get(at).map_or(0, |byte| u64::from(*byte).wrapping_shl(bits(at)));
        byte(0) | byte(1) | byte(2)
    };
    word | LETTERS.wrapping_shl(bits(bytes.len()))
}

/// The high bit of some byte is set if one of the eight is a fault, as in [`is_plain`].
#[inline]
const fn faults_of<const NO_WILDCARDS: bool>(word: u64) -> u64 {
    // The high bit of a byte of `word - 0x01…` is set where a byte is 0, or where a high bit was set before. A borrow can
    // only start at a byte that is 0, so there is no fault without a cause.
    let zeros_and_high = word | word.wrapping_sub(LOW_BITS);
    if NO_WILDCARDS { zeros_and_high | against_wildcards(word).wrapping_sub(LOW_BITS) } else { zeros_and_high }
}

/// The high bit of exactly those of the eight bytes is set that are wildcards.
#[inline]
const fn wildcards_of(word: u64) -> u64 {
    let other = against_wildcards(word);
    // A byte that is not 0 carries into its high bit, or has it.
    !((other & !HIGH_BITS).wrapping_add(!HIGH_BITS) | other) & HIGH_BITS
}

/// A byte is 0 where there is a wildcard.
#[inline]
const fn against_wildcards(word: u64) -> u64 {
    (word | u64::from_ne_bytes([WILDCARDS_DIFFER; 8])) ^ u64::from_ne_bytes([b'+'; 8])
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
    use super::{is_plain_filter, is_plain_in_bytes, is_plain_in_chunks, is_plain_in_words, wildcards_of};

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

    /// Which of the three runs depends on the processor.
    #[test]
    fn chunks_words_and_bytes_find_the_same() {
        // Two faults are no less of one.
        let faults = [0; 50];
        assert!(!is_plain_in_bytes::<false>(&faults) && !is_plain_in_words::<false>(&faults));
        assert!(!is_plain_in_chunks::<false>(&faults, &[0; 16]) && !is_plain_filter(&faults));
        for length in 0..=49 {
            for place in 0..length {
                for byte in 0..=255 {
                    let mut bytes = [b'/'; 49];
                    bytes[place] = byte;
                    let bytes = &bytes[..length];
                    let is_plain = (1..0x80).contains(&byte);
                    let is_wildcard = byte == b'+' || byte == b'#';
                    assert_eq!(is_plain_in_words::<false>(bytes), is_plain, "{bytes:02x?}");
                    assert_eq!(is_plain_in_words::<true>(bytes), is_plain && !is_wildcard, "{bytes:02x?}");
                    assert_eq!(is_plain_in_bytes::<false>(bytes), is_plain, "{bytes:02x?}");
                    assert_eq!(is_plain_in_bytes::<true>(bytes), is_plain && !is_wildcard, "{bytes:02x?}");
                    let is_in_place = byte != b'#' || place + 1 == length;
                    assert_eq!(is_plain_filter(bytes), is_plain && is_in_place, "{bytes:02x?}");
                    if let Some(last) = bytes.last_chunk() {
                        assert_eq!(is_plain_in_chunks::<false>(bytes, last), is_plain, "{bytes:02x?}");
                        assert_eq!(is_plain_in_chunks::<true>(bytes, last), is_plain && !is_wildcard, "{bytes:02x?}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_high_bit_of_each_wildcard_in_a_word_is_set_and_no_other_bit() {
        for byte in 0..=255 {
            for place in 0..8 {
                let (mut word, mut bits) = ([byte; 8], [if b"+#".contains(&byte) { 0x80 } else { 0 }; 8]);
                assert_eq!(wildcards_of(u64::from_le_bytes(word)), u64::from_le_bytes(bits), "{byte:#04x}");
                (word[place], bits[place]) = (b'+', 0x80);
                assert_eq!(wildcards_of(u64::from_le_bytes(word)), u64::from_le_bytes(bits), "{byte:#04x}");
            }
        }
    }

    /// Filters of up to five characters, at every place of a word.
    #[test]
    fn wildcards_are_judged_as_by_levels() {
        for number in 0..6_usize.pow(5) {
            for shift in 0..=11 {
                let mut filter: String = "a/b/c/d/e/f".chars().take(shift).collect();
                filter.extend((0..5).filter_map(|place| "/+#a!".chars().nth(number / 6_usize.pow(place) % 6)));
                let levels: Vec<&str> = filter.split('/').collect();
                let valid = levels.iter().enumerate().all(|(index, level)| match *level {
                    "#" => index + 1 == levels.len(),
                    "+" => true,
                    level => !level.contains(['+', '#']),
                });
                assert_eq!(is_plain_filter(filter.as_bytes()), valid, "{filter}");
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
