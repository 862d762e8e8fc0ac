//! Characters that must not reach a terminal, an editor or a browser as they are.
//!
//! Text in packets and names of files come from others. An escape sequence in them could change what the screen shows, and
//! a bidirectional control could make it show another text than is there.

use core::fmt::{self, Write};

/// Returns `true` for control characters, and for characters that break lines or change the direction of text.
pub(crate) fn is_active(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{061C}' | '\u{200E}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{206F}' | '\u{FEFF}'
        )
}

/// Displays a text with each active character escaped, as `\u{9b}` or `\n`.
pub(crate) struct Escaped<'a>(pub(crate) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|character| {
            if is_active(character) { write!(f, "{}", character.escape_default()) } else { f.write_char(character) }
        })
    }
}
