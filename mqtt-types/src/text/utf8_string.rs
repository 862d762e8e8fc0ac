//! UTF-8 Encoded String: section 1.5.4 (3.1.1: 1.5.3).

use crate::buffer::{Buffer, DefaultBuffer, IntoBuffer, Lend};
use crate::text::check::{check_text, is_legal_string};
use crate::text::discouraged::discouraged_character;
use crate::text::error::TextError;
use crate::text::kind::TextKind;
use crate::text::text_type::text_type;

/// A UTF-8 Encoded String: 0 to 65,535 bytes of well-formed UTF-8 without U+0000.
///
/// On the wire a two-byte length precedes it. U+FEFF is an ordinary character in every place and is kept
/// \[MQTT-1.5.4-3\]. Control characters and non-characters are legal, but a sender should not use them:
/// [`has_discouraged_characters`](Self::has_discouraged_characters) finds them.
///
/// ```
/// use mqtt_types::{TextErrorKind, Utf8String};
///
/// let name = Utf8String::new("température")?;
/// assert_eq!(name, "température");
/// assert_eq!(Utf8String::new(b"a\xC0\x80").unwrap_err().kind(), TextErrorKind::IllFormedUtf8);
/// assert_eq!(Utf8String::new("a\0").unwrap_err().offset(), 1);
/// # Ok::<(), mqtt_types::TextError>(())
/// ```
#[derive(Clone, Copy, Default)]
pub struct Utf8String<B = DefaultBuffer> {
    bytes: B,
}

impl<B: Buffer> Utf8String<B> {
    /// Checks text or bytes. Nothing is copied.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is longer than 65,535 bytes, is ill-formed UTF-8, or contains U+0000. The error
    /// names the first byte that breaks a rule.
    #[inline]
    pub fn new(value: impl IntoBuffer<Buffer = B>) -> Result<Self, TextError> {
        let bytes = value.into_buffer();
        check_text(bytes.as_ref(), TextKind::Utf8String)?;
        Ok(Self { bytes })
    }

    /// Creates a string from bytes that another text type has checked.
    pub(crate) const fn from_checked(bytes: B) -> Self {
        Self { bytes }
    }

    /// Returns `true` if the string contains a character that a sender should not use and a receiver may refuse.
    ///
    /// These are the control characters U+0001 to U+001F and U+007F to U+009F, and the 66 non-characters.
    #[must_use]
    pub fn has_discouraged_characters(&self) -> bool {
        discouraged_character(self.as_str()).is_some()
    }
}

text_type!(Utf8String, is_legal_string, "a legal UTF-8 Encoded String");

#[cfg(test)]
mod tests {
    use super::Utf8String;
    use crate::TextErrorKind;

    #[test]
    fn holds_up_to_65535_bytes() {
        for two_bytes in ["é", "bc"] {
            let text = two_bytes.repeat(32_767) + "a";
            assert_eq!(Utf8String::new(text.as_str()).unwrap().len(), 65_535);
            let text = text + "a";
            let error = Utf8String::new(text.as_str()).unwrap_err();
            assert_eq!((error.kind(), error.offset()), (TextErrorKind::TooLong, 65_535));
            assert_eq!(error.to_string(), "text is longer than 65,535 bytes at byte 65535");
        }
    }

    #[test]
    fn keeps_the_byte_order_mark() {
        let text = Utf8String::new(b"\xEF\xBB\xBFa").unwrap();
        assert_eq!(text, "\u{FEFF}a");
    }

    #[test]
    fn finds_discouraged_characters() {
        assert!(Utf8String::new("a\u{1}").unwrap().has_discouraged_characters());
        assert!(Utf8String::new("\u{10FFFE}").unwrap().has_discouraged_characters());
        assert!(!Utf8String::new("a b é \u{FEFF}").unwrap().has_discouraged_characters());
    }

    #[cfg(feature = "bytes")]
    #[test]
    fn equality_and_hash_are_those_of_the_text() {
        use std::collections::HashSet;
        let shared: Utf8String = "abc".parse().unwrap();
        assert_eq!(shared, Utf8String::new("abc").unwrap());
        let set = HashSet::from([shared]);
        assert!(set.contains("abc"));
    }
}
