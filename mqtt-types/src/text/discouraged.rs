//! Characters that a sender should not use: section 1.5.4.

/// Returns the offset of the first character that a sender should not use and a receiver may refuse. Section 1.5.4.
///
/// These are the control characters (U+0001 to U+001F, U+007F to U+009F) and the 66 non-characters.
///
/// ```
/// assert_eq!(mqtt_types::discouraged_character("ab\u{7}"), Some(2));
/// assert_eq!(mqtt_types::discouraged_character("ab"), None);
/// ```
#[must_use]
pub fn discouraged_character(text: &str) -> Option<usize> {
    text.char_indices().find(|(_, character)| is_discouraged(*character)).map(|(offset, _)| offset)
}

/// Returns `true` for control characters and non-characters.
const fn is_discouraged(character: char) -> bool {
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
    use super::is_discouraged;

    #[test]
    fn knows_the_66_non_characters_and_the_64_control_characters() {
        let discouraged = ('\0'..=char::MAX).filter(|&character| is_discouraged(character));
        assert_eq!(discouraged.count(), 66 + 64);
        assert!(!is_discouraged('\u{FEFF}'));
        assert!(!is_discouraged('\u{0}')); // it is forbidden, not discouraged
    }
}
