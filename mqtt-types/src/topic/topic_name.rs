//! Topic Name: section 4.7.

use crate::buffer::{Buffer, DefaultBuffer, IntoBuffer, Lend};
use crate::text::{TextError, TextErrorKind, TextKind, Utf8String, check_text, is_legal_topic_name, text_type};

/// A Topic Name: a UTF-8 Encoded String of at least one character without `+` and `#`.
///
/// Levels are separated by `/` and may be empty. Names are compared byte by byte: case matters, and nothing is normalised.
/// A PUBLISH of 5.0 with a Topic Alias may omit the Topic Name, so there it is an `Option`.
///
/// ```
/// use mqtt_types::TopicName;
///
/// const TOPIC: TopicName<&[u8]> = TopicName::from_static("kitchen/temperature"); // checked at compile time
/// assert_eq!(TOPIC.levels().count(), 2);
/// assert!(TopicName::new("kitchen/+").is_err());
/// assert!(TopicName::new("").is_err());
/// ```
#[derive(Clone, Copy)]
pub struct TopicName<B = DefaultBuffer> {
    bytes: B,
}

impl<B: Buffer> TopicName<B> {
    /// Creates a Topic Name from bytes that have been checked.
    pub(crate) const fn from_checked(bytes: B) -> Self {
        Self { bytes }
    }

    /// Checks text or bytes. Nothing is copied.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not a UTF-8 Encoded String, is empty \[MQTT-4.7.3-1\], or contains a wildcard
    /// character \[MQTT-3.3.2-2\].
    #[inline]
    pub fn new(value: impl IntoBuffer<Buffer = B>) -> Result<Self, TextError> {
        let bytes = value.into_buffer();
        check_text(bytes.as_ref(), TextKind::TopicName)?;
        if bytes.as_ref().is_empty() {
            return Err(TextError::new(TextErrorKind::EmptyTopic, 0));
        }
        Ok(Self { bytes })
    }
}

impl<'i, 'o, B: Lend<'i, 'o>> TopicName<B> {
    /// Returns an iterator over the levels between the `/`, including empty ones.
    ///
    /// ```
    /// use mqtt_types::TopicName;
    ///
    /// assert!(TopicName::from_static("a//b").levels().eq(["a", "", "b"]));
    /// ```
    pub fn levels(&'i self) -> core::str::Split<'o, char> {
        self.as_str().split('/')
    }
}

text_type!(TopicName, is_legal_topic_name, "a Topic Name");

impl<B: Buffer> From<TopicName<B>> for Utf8String<B> {
    fn from(topic_name: TopicName<B>) -> Self {
        // The rules of a Topic Name include those of a string.
        Self::from_checked(topic_name.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::TopicName;
    use crate::{TextErrorKind, Utf8String};

    /// MQTT-4.7.3-1, MQTT-4.7.3-2, MQTT-3.3.2-2.
    #[test]
    fn has_a_character_and_neither_nul_nor_a_wildcard() {
        for (text, kind, offset) in [
            ("", TextErrorKind::EmptyTopic, 0),
            ("a\0", TextErrorKind::NulCharacter, 1),
            ("a/+", TextErrorKind::WildcardInTopicName, 2),
            ("é#", TextErrorKind::WildcardInTopicName, 2),
        ] {
            let error = TopicName::new(text).unwrap_err();
            assert_eq!((error.kind(), error.offset()), (kind, offset), "{text:?}");
        }
    }

    #[test]
    fn levels_may_be_empty() {
        for (name, levels) in [("a", &["a"][..]), ("/", &["", ""]), ("a//é", &["a", "", "é"]), (" ", &[" "])] {
            let topic_name = TopicName::new(name).unwrap();
            assert!(topic_name.levels().eq(levels.iter().copied()), "{name:?}");
            assert_eq!(Utf8String::from(topic_name), name);
        }
    }
}
