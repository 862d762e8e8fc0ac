//! The rules of strings and Topic Names: UTF-8, U+0000 and wildcards.

use crate::text::error::{TextError, TextErrorKind};
use crate::text::kind::TextKind;
use crate::text::plain::{HAS_WORDS, is_plain_string, is_plain_topic_name};
use crate::text::utf8::{find_fault, is_legal};

/// The length of the longest text and binary data: the largest two-byte length.
pub(crate) const MAX_LEN: usize = 65_535;

/// Checks a text by the rules of its kind.
///
/// Plain ASCII is read once. Other text goes through a slower check, which finds the first byte that is wrong.
#[inline]
pub(crate) fn check_text(bytes: &[u8], kind: TextKind) -> Result<(), TextError> {
    let plain = match kind {
        TextKind::Utf8String => is_plain_string(bytes),
        TextKind::TopicName => is_plain_topic_name(bytes),
    };
    if plain && bytes.len() <= MAX_LEN { Ok(()) } else { check_slowly(bytes, kind) }
}

/// Checks text that is not plain: that it is legal although not ASCII, or which byte breaks a rule.
#[cold]
#[inline(never)]
pub(crate) fn check_slowly(bytes: &[u8], kind: TextKind) -> Result<(), TextError> {
    if bytes.len() > MAX_LEN {
        return Err(TextError::new(TextErrorKind::TooLong, MAX_LEN));
    }
    // The automaton is faster, but does not tell where the fault is. Its table takes 2 KiB.
    if HAS_WORDS && is_legal(bytes, kind) {
        return Ok(());
    }
    match find_fault(bytes, kind) {
        Some((fault, offset)) => Err(TextError::new(fault, offset)),
        None => Ok(()),
    }
}

/// Returns `true` if a literal is a legal UTF-8 Encoded String. Unlike [`check_text`] it works at compile time.
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

/// Returns `true` if a literal is a legal Topic Name. Unlike [`check_text`] it works at compile time.
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

#[cfg(test)]
mod tests {
    use super::{TextErrorKind, TextKind, check_text, is_legal_string, is_legal_topic_name};

    /// Checks the same rules one byte at a time.
    fn plain_twin(bytes: &[u8], kind: TextKind) -> Option<(TextErrorKind, usize)> {
        let valid = core::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), |_| bytes.len());
        for (offset, &byte) in bytes.iter().enumerate() {
            if offset >= valid {
                return Some((TextErrorKind::IllFormedUtf8, offset));
            }
            if byte == 0 {
                return Some((TextErrorKind::NulCharacter, offset));
            }
            if kind == TextKind::TopicName && (byte == b'+' || byte == b'#') {
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
                    for kind in [TextKind::Utf8String, TextKind::TopicName] {
                        let bytes = &bytes[..length];
                        let found = check_text(bytes, kind).err().map(|error| (error.kind(), error.offset()));
                        assert_eq!(found, plain_twin(bytes, kind), "{bytes:02x?}");
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
                        for kind in [TextKind::Utf8String, TextKind::TopicName] {
                            let found = check_text(bytes, kind).err().map(|error| (error.kind(), error.offset()));
                            assert_eq!(found, plain_twin(bytes, kind), "{bytes:02x?}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn literals_obey_the_same_rules() {
        for literal in ["", "a", "a\0b", "a/+", "#", "é/\u{FEFF}", "aaaaaaaaaaaaaaaaaaaaaaaa+"] {
            let bytes = literal.as_bytes();
            assert_eq!(is_legal_string(literal), check_text(bytes, TextKind::Utf8String).is_ok(), "{literal:?}");
            let legal = check_text(bytes, TextKind::TopicName).is_ok() && !literal.is_empty();
            assert_eq!(is_legal_topic_name(literal), legal, "{literal:?}");
        }
    }
}
