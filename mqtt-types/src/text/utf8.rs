//! Text that is not ASCII: UTF-8, U+0000 and wildcards in one pass.

use crate::text::error::TextErrorKind;
use crate::text::kind::TextKind;

/// Returns `true` if the bytes are well-formed UTF-8 and contain nothing that this kind of text must not contain.
///
/// This is an automaton. It needs five instructions for each byte, whatever the text contains. The library of Rust, and a
/// second pass for the forbidden characters, need ten.
#[inline]
pub(crate) fn is_legal(bytes: &[u8], kind: TextKind) -> bool {
    match kind {
        TextKind::Utf8String => is_accepted::<false>(bytes),
        TextKind::TopicName => is_accepted::<true>(bytes),
    }
}

#[inline]
fn is_accepted<const NO_WILDCARDS: bool>(bytes: &[u8]) -> bool {
    let mut state = u64::from(BETWEEN);
    let mut rows = 0;
    for byte in bytes {
        let row = ROWS.get(usize::from(*byte)).copied().unwrap_or_default();
        state = row.wrapping_shr(shift_of(state));
        rows |= row;
    }
    shift_of(state) == BETWEEN && !(NO_WILDCARDS && rows & IS_WILDCARD != 0)
}

/// Returns the lowest six bits of a shifted row: the state. Shifting ignores the others.
#[inline]
const fn shift_of(state: u64) -> u32 {
    let [low, ..] = state.to_le_bytes();
    u32::from_le_bytes([low & 63, 0, 0, 0])
}

// The states. Each one is the position of its six bits in a row, and these bits are the next state. `FAULT` is 0 and leads
// to itself, because the lowest six bits of all rows are 0.
const FAULT: u32 = 0;
/// Between two characters.
const BETWEEN: u32 = 6;
/// One, two or three more bytes follow, each of them 0x80 to 0xBF.
const ONE_MORE: u32 = 12;
const TWO_MORE: u32 = 18;
const THREE_MORE: u32 = 24;
/// After a first byte that restricts the second one.
const AFTER_E0: u32 = 30;
const AFTER_ED: u32 = 36;
const AFTER_F0: u32 = 42;
const AFTER_F4: u32 = 48;

/// The bit of a row that no state uses: the byte is `+` or `#`.
const IS_WILDCARD: u64 = 1 << 63;

/// For each byte the next states.
static ROWS: [u64; 256] = rows();

const fn rows() -> [u64; 256] {
    let mut rows = [0; 256];
    let mut rest: &mut [u64] = &mut rows;
    let mut byte = 0;
    while let [row, after @ ..] = rest {
        *row = row_of(byte);
        rest = after;
        byte = byte.wrapping_add(1);
    }
    rows
}

/// Returns the next states after this byte, by the table of well-formed byte sequences in the Unicode Standard.
const fn row_of(byte: u8) -> u64 {
    let first = to(BETWEEN, next_after(byte));
    let mut row = match byte {
        0x80..=0xBF => to(ONE_MORE, BETWEEN) | to(TWO_MORE, ONE_MORE) | to(THREE_MORE, TWO_MORE),
        b'+' | b'#' => first | IS_WILDCARD,
        _ => first,
    };
    if matches!(byte, 0xA0..=0xBF) {
        row |= to(AFTER_E0, ONE_MORE);
    }
    if matches!(byte, 0x80..=0x9F) {
        row |= to(AFTER_ED, ONE_MORE);
    }
    if matches!(byte, 0x90..=0xBF) {
        row |= to(AFTER_F0, TWO_MORE);
    }
    if matches!(byte, 0x80..=0x8F) {
        row |= to(AFTER_F4, TWO_MORE);
    }
    row
}

/// Returns the bits of a row that lead from one state to another.
const fn to(from: u32, to: u32) -> u64 {
    let [a, b, c, d] = to.to_le_bytes();
    u64::from_le_bytes([a, b, c, d, 0, 0, 0, 0]).wrapping_shl(from)
}

/// Returns the state after the first byte of a character.
const fn next_after(first: u8) -> u32 {
    match first {
        0x01..=0x7F => BETWEEN,
        0xC2..=0xDF => ONE_MORE,
        0xE0 => AFTER_E0,
        0xED => AFTER_ED,
        0xE1..=0xEF => TWO_MORE,
        0xF0 => AFTER_F0,
        0xF1..=0xF3 => THREE_MORE,
        0xF4 => AFTER_F4,
        _ => FAULT, // U+0000, too
    }
}

/// Finds the first character that is not well-formed, or that this kind of text must not contain. Returns the fault and
/// its offset.
///
/// On small processors, where code size matters, all text that is not ASCII is checked here.
pub(crate) fn find_fault(bytes: &[u8], kind: TextKind) -> Option<(TextErrorKind, usize)> {
    let mut rest = bytes;
    loop {
        let fault = match rest {
            [] => return None,
            [0, ..] => TextErrorKind::NulCharacter,
            [b'+' | b'#', ..] if kind == TextKind::TopicName => TextErrorKind::WildcardInTopicName,
            [first, after @ ..] => {
                if let Some(after) = after_character(*first, after) {
                    rest = after;
                    continue;
                }
                TextErrorKind::IllFormedUtf8
            }
        };
        return Some((fault, bytes.len().saturating_sub(rest.len())));
    }
}

/// Returns what follows the character that begins with this byte, or `None` if it is not well-formed.
#[inline]
fn after_character(first: u8, mut rest: &[u8]) -> Option<&[u8]> {
    // The number of bytes that follow, and the range of the next one.
    let (more, mut range) = match first {
        0x00..=0x7F => return Some(rest),
        0xC2..=0xDF => (1, 0x80..=0xBF),
        0xE0 => (2, 0xA0..=0xBF),
        0xED => (2, 0x80..=0x9F),
        0xE1..=0xEF => (2, 0x80..=0xBF),
        0xF0 => (3, 0x90..=0xBF),
        0xF1..=0xF3 => (3, 0x80..=0xBF),
        0xF4 => (3, 0x80..=0x8F),
        _ => return None,
    };
    for _ in 0..more {
        match rest {
            [byte, after @ ..] if range.contains(byte) => rest = after,
            _ => return None,
        }
        range = 0x80..=0xBF;
    }
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::{find_fault, is_legal};
    use crate::text::error::TextErrorKind;
    use crate::text::kind::TextKind;

    /// The bytes at which a range of the table begins or ends, their neighbours, and the forbidden characters.
    const EDGES: [u8; 27] = [
        0x00, 0x01, 0x23, 0x2B, 0x2F, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1,
        0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5,
    ];

    /// Compares with the library of Rust.
    fn check(bytes: &[u8]) {
        for kind in [TextKind::Utf8String, TextKind::TopicName] {
            let is_forbidden =
                |byte: &u8| *byte == 0 || kind == TextKind::TopicName && (*byte == b'+' || *byte == b'#');
            let len = core::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), |_| bytes.len());
            let forbidden = bytes.iter().take(len).position(is_forbidden);
            let fault = match forbidden {
                Some(offset) if bytes[offset] == 0 => Some((TextErrorKind::NulCharacter, offset)),
                Some(offset) => Some((TextErrorKind::WildcardInTopicName, offset)),
                None => (len < bytes.len()).then_some((TextErrorKind::IllFormedUtf8, len)),
            };
            assert_eq!(find_fault(bytes, kind), fault, "{bytes:02X?}");
            assert_eq!(is_legal(bytes, kind), fault.is_none(), "{bytes:02X?}");
        }
    }

    /// An `unsafe` line relies on this.
    #[test]
    fn every_sequence_at_the_edges_of_the_table_agrees_with_the_library() {
        check(&[]);
        for a in 0..=u8::MAX {
            for b in 0..=u8::MAX {
                check(&[a, b]);
                check(&[a, b, b'a']);
                for c in EDGES {
                    check(&[a, b, c]);
                }
            }
        }
        // The state after a byte depends on at most three bytes before it.
        for a in EDGES {
            for b in EDGES {
                for c in EDGES {
                    for d in 0..=u8::MAX {
                        check(&[a, b, c, d]);
                    }
                    check(&[b'a', a, b, c]);
                    check(&[0xC3, 0xA9, a, b, c, b'a']);
                }
            }
        }
    }

    #[test]
    fn every_character_is_well_formed_and_no_part_of_it_is() {
        for character in '\u{1}'..=char::MAX {
            let mut buffer = [0; 4];
            let bytes = character.encode_utf8(&mut buffer).as_bytes();
            assert!(is_legal(bytes, TextKind::Utf8String) && find_fault(bytes, TextKind::Utf8String).is_none());
            for cut in 1..bytes.len() {
                assert!(
                    !is_legal(&bytes[..cut], TextKind::Utf8String) && !is_legal(&bytes[cut..], TextKind::Utf8String)
                );
            }
        }
    }

    /// Every sequence of four bytes that does not begin with ASCII: `cargo test --release -p
    /// mqtt-types --lib utf8 -- --ignored`.
    #[test]
    #[ignore = "takes a minute with optimisation"]
    fn all_sequences_of_four_bytes_agree_with_the_library() {
        for number in 0x8000_0000_u32..=u32::MAX {
            check(&number.to_be_bytes());
        }
    }
}
