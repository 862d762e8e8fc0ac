//! `ClientId`: section 5.3.1.

use crate::buffer::{Buffer, IntoBuffer, Lend};
use crate::text::{TextError, Utf8String};
use core::{fmt, ops::Deref};

/// A client's name: 1 to 23 characters of well-formed UTF-8 without U+0000. Section 5.3.1.
///
/// Some clients send an empty or a longer identifier, and some gateways accept it.
/// [`new_of_any_length`](Self::new_of_any_length) constructs such an identifier, and
/// [`has_legal_length`](Self::has_legal_length) detects it.
///
/// ```
/// use mqtt_types::sn::{ClientId, InvalidClientId};
///
/// assert_eq!(ClientId::new("sensor-1")?, "sensor-1");
/// assert_eq!(ClientId::new("").unwrap_err(), InvalidClientId::Empty);
/// assert!(!ClientId::new_of_any_length("")?.has_legal_length());
/// # Ok::<(), mqtt_types::sn::InvalidClientId>(())
/// ```
#[derive(Clone, Copy)]
pub struct ClientId<B = crate::buffer::DefaultBuffer> {
    text: Utf8String<B>,
}

impl<B: Buffer> ClientId<B> {
    /// The maximum number of characters in a legal client identifier.
    pub const MAX_CHARACTERS: usize = 23;

    /// Checks text or bytes. Nothing is copied.
    ///
    /// # Errors
    ///
    /// Returns an error if the identifier is empty, has more than 23 characters, is ill-formed UTF-8, or contains
    /// U+0000.
    #[inline]
    pub fn new(value: impl IntoBuffer<Buffer = B>) -> Result<Self, InvalidClientId> {
        let client_id = Self::new_of_any_length(value)?;
        if client_id.has_legal_length() {
            Ok(client_id)
        } else if client_id.is_empty() {
            Err(InvalidClientId::Empty)
        } else {
            Err(InvalidClientId::TooLong)
        }
    }

    /// Checks text or bytes, but not the number of characters, for gateways that accept any length.
    ///
    /// # Errors
    ///
    /// Returns an error if the identifier is ill-formed UTF-8, or contains U+0000.
    #[inline]
    pub fn new_of_any_length(value: impl IntoBuffer<Buffer = B>) -> Result<Self, InvalidClientId> {
        Ok(Self { text: Utf8String::new(value)? })
    }

    /// Returns `true` if the identifier has 1 to 23 characters.
    #[inline]
    #[must_use]
    pub fn has_legal_length(&self) -> bool {
        let bytes = self.text.as_bytes();
        // A character has at least one byte, so text of at most 23 bytes has at most 23 characters.
        match bytes.len() {
            0 => false,
            1..=Self::MAX_CHARACTERS => true,
            // Every character has one byte that is not a continuation byte, 0b10xx_xxxx. (The count of the standard
            // library is optimised for long texts, and takes more flash.)
            _ => bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count() <= Self::MAX_CHARACTERS,
        }
    }

    /// Returns the text.
    #[inline]
    #[must_use]
    pub const fn text(&self) -> &Utf8String<B> {
        &self.text
    }
}

impl<'i, 'o, B: Lend<'i, 'o>> ClientId<B> {
    /// Returns the text.
    #[inline]
    #[must_use]
    pub fn as_str(&'i self) -> &'o str {
        self.text.as_str()
    }
}

crate::buffer::over_buffers!(ClientId { plain: [], raw: [], parts: [text], options: [] });

impl<B: Buffer> Deref for ClientId<B> {
    type Target = str;

    #[inline]
    fn deref(&self) -> &str {
        self.text.as_str()
    }
}

impl<B: Buffer> AsRef<str> for ClientId<B> {
    fn as_ref(&self) -> &str {
        self.text.as_str()
    }
}

impl<B: Buffer> PartialEq<str> for ClientId<B> {
    fn eq(&self, other: &str) -> bool {
        self.text == *other
    }
}

impl<B: Buffer> PartialEq<&str> for ClientId<B> {
    fn eq(&self, other: &&str) -> bool {
        self.text == **other
    }
}

impl<B: Buffer> fmt::Display for ClientId<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.text, f)
    }
}

impl<B: Buffer> fmt::Debug for ClientId<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

/// The error for text that is not a client identifier.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidClientId {
    /// The text is empty.
    #[error("client identifier is empty")]
    Empty,
    /// The text has more than 23 characters.
    #[error("client identifier has more than 23 characters")]
    TooLong,
    /// The text is not well-formed UTF-8, or contains U+0000.
    #[error(transparent)]
    Text(#[from] TextError),
}

#[cfg(test)]
mod tests {
    use super::{ClientId, InvalidClientId};
    use crate::TextErrorKind;

    /// Section 5.3.1.
    #[test]
    fn has_1_to_23_characters() {
        for text in ["a", "12345678901234567890123", "ééééééééééééééééééééééé"] {
            let client_id = ClientId::new(text).unwrap();
            assert_eq!((client_id.as_str(), client_id.as_ref(), &*client_id), (text, text, text));
            assert!(client_id.has_legal_length() && client_id == text && client_id == *text);
            assert_eq!((client_id.to_string(), format!("{client_id:?}")), (text.to_owned(), format!("{text:?}")));
            assert_eq!(client_id.text(), text);
        }
        for (text, error) in [
            ("", InvalidClientId::Empty),
            ("123456789012345678901234", InvalidClientId::TooLong),
            ("éééééééééééééééééééééééé", InvalidClientId::TooLong),
        ] {
            assert_eq!(ClientId::new(text).unwrap_err(), error);
            assert!(!ClientId::new_of_any_length(text).unwrap().has_legal_length());
        }
        let Err(InvalidClientId::Text(error)) = ClientId::new_of_any_length(b"a\0") else { panic!("U+0000") };
        assert_eq!((error.kind(), error.offset()), (TextErrorKind::NulCharacter, 1));
        assert_eq!(InvalidClientId::Empty.to_string(), "client identifier is empty");
        assert_eq!(InvalidClientId::Text(error).to_string(), "text holds the character U+0000 at byte 1");
    }
}
