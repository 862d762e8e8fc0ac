//! Fast checks for plain ASCII text, which is the most common text.

/// Returns `true` if the text is ASCII without U+0000, as most strings are.
pub(crate) fn is_plain_string(bytes: &[u8]) -> bool {
    is_plain::<false>(bytes)
}

/// Returns `true` if the text is ASCII without U+0000, `+` and `#`.
pub(crate) fn is_plain_topic_name(bytes: &[u8]) -> bool {
    is_plain::<true>(bytes)
}

/// Returns `true` if the text is ASCII without U+0000, and each wildcard is a whole level in a place where it may be.
pub(crate) fn is_plain_filter(bytes: &[u8]) -> bool {
    let mut faults = 0;
    let mut in_place = true;
    for_each_word(bytes, |offset, word| {
        faults |= faults_of::<false>(word);
        let mut wildcards = wildcards_of(word);
        while wildcards != 0 {
            let place = usize::try_from(wildcards.trailing_zeros() / 8).unwrap_or_default();
            in_place &= is_wildcard_in_place(bytes, offset.saturating_add(place));
            wildcards &= wildcards.wrapping_sub(1); // clears the lowest bit
        }
    });
    in_place && has_no_fault(faults)
}

/// Returns `true` if the wildcard at `offset` is a whole level, and the last one if it is `#` \[MQTT-4.7.1-1,
/// MQTT-4.7.1-2\].
#[inline]
fn is_wildcard_in_place(bytes: &[u8], offset: usize) -> bool {
    let (before, from_here) = bytes.split_at_checked(offset).unwrap_or_default();
    matches!(before.last(), None | Some(b'/')) && matches!(from_here, [_] | [b'+', b'/', ..])
}

/// Returns `true` if no byte is 0, above 0x7F or, if `NO_WILDCARDS` is set, a wildcard.
///
/// There is no early exit, because text that fails is rare.
#[inline]
fn is_plain<const NO_WILDCARDS: bool>(bytes: &[u8]) -> bool {
    if HAS_WORDS { is_plain_in_words::<NO_WILDCARDS>(bytes) } else { is_plain_in_bytes::<NO_WILDCARDS>(bytes) }
}

/// Whether the processor has instructions for sixteen bytes at once.
const HAS_WIDE_REGISTERS: bool =
    cfg!(any(target_feature = "sse2", target_feature = "neon", target_feature = "simd128"));

/// Whether the processor has instructions for eight bytes at once. WebAssembly has them although its addresses have 32
/// bits.
///
/// On smaller processors the emulation of such instructions is slower than a loop over the bytes of a short text, and
/// takes more flash.
pub(crate) const HAS_WORDS: bool = HAS_WIDE_REGISTERS || cfg!(any(target_pointer_width = "64", target_family = "wasm"));

/// Checks one byte after the other. The compiler turns this loop into vector instructions where there are any.
#[inline]
fn is_plain_in_bytes<const NO_WILDCARDS: bool>(bytes: &[u8]) -> bool {
    let mut any = false;
    for byte in bytes {
        any |= is_fault::<NO_WILDCARDS>(*byte);
    }
    !any
}

#[inline]
const fn is_fault<const NO_WILDCARDS: bool>(byte: u8) -> bool {
    let is_wildcard = NO_WILDCARDS && byte | WILDCARDS_DIFFER == b'+';
    i8::from_ne_bytes([byte]) <= 0 || is_wildcard
}

/// Checks up to 32 bytes as two runs of words, one from each end, which may overlap. This needs no loop.
#[inline]
fn is_plain_in_words<const NO_WILDCARDS: bool>(bytes: &[u8]) -> bool {
    if let (Some(first), Some(last)) = (bytes.first_chunk::<16>(), bytes.last_chunk::<16>()) {
        if bytes.len() > 32 {
            return is_long_text_plain::<NO_WILDCARDS>(bytes);
        }
        return has_no_fault(faults_in::<NO_WILDCARDS>(first) | faults_in::<NO_WILDCARDS>(last));
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        return has_no_fault(faults_in::<NO_WILDCARDS>(first) | faults_in::<NO_WILDCARDS>(last));
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        let word = u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32;
        return has_no_fault(faults_of::<NO_WILDCARDS>(word));
    }
    is_plain_in_bytes::<NO_WILDCARDS>(bytes)
}

/// Checks a text of more than 32 bytes: up to 64 as words, and longer ones in multiples of 32 bytes and a remainder.
///
/// A loop over bytes is fastest in vector registers and slow for the bytes that fill no register, so words from the end
/// of the text replace these. This is a separate function so that the callers share one copy of the loop.
#[inline(never)]
fn is_long_text_plain<const NO_WILDCARDS: bool>(bytes: &[u8]) -> bool {
    if !HAS_WIDE_REGISTERS {
        let mut faults = 0;
        for_each_word(bytes, |_, word| faults |= faults_of::<NO_WILDCARDS>(word));
        return has_no_fault(faults);
    }
    let (Some(first), Some(last)) = (bytes.first_chunk::<32>(), bytes.last_chunk::<32>()) else {
        return is_plain_in_bytes::<NO_WILDCARDS>(bytes);
    };
    if bytes.len() <= 64 {
        return has_no_fault(faults_in::<NO_WILDCARDS>(first) | faults_in::<NO_WILDCARDS>(last));
    }
    let (blocks, rest) = bytes.split_at_checked(bytes.len() & !31).unwrap_or_default();
    let is_plain = is_plain_in_bytes::<NO_WILDCARDS>(blocks);
    match rest.len() {
        0 => is_plain,
        1..=8 => is_plain && bytes.last_chunk::<8>().is_some_and(|last| has_no_fault(faults_in::<NO_WILDCARDS>(last))),
        _ => is_plain && has_no_fault(faults_in::<NO_WILDCARDS>(last)),
    }
}

/// Returns a word in which the high bit of some byte is set if one of the bytes is a fault.
#[inline]
fn faults_in<const NO_WILDCARDS: bool>(bytes: &[u8]) -> u64 {
    let (mut faults, mut rest) = (0, bytes);
    while let Some((word, after)) = rest.split_first_chunk() {
        faults |= faults_of::<NO_WILDCARDS>(u64::from_le_bytes(*word));
        rest = after;
    }
    faults
}

#[inline]
const fn has_no_fault(faults: u64) -> bool {
    faults & HIGH_BITS == 0
}

const LOW_BITS: u64 = u64::from_ne_bytes([0x01; 8]);
const HIGH_BITS: u64 = u64::from_ne_bytes([0x80; 8]);
/// The bit in which `+` (0x2B) and `#` (0x23) differ. With this bit set, one comparison finds both.
const WILDCARDS_DIFFER: u8 = b'+' ^ b'#';

/// Calls a function with each eight bytes as a little-endian word, and with their offset.
///
/// The last word overlaps the one before it. Text of less than eight bytes is filled up with letters.
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

/// Returns a word of less than eight bytes, filled up with letters.
#[inline]
fn filled_word(bytes: &[u8]) -> u64 {
    const LETTERS: u64 = u64::from_ne_bytes([b'a'; 8]);
    let bits = |bytes: usize| u32::try_from(bytes).unwrap_or_default().wrapping_mul(8);
    let word = if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        // Bytes that are in both halves have the same place in the word.
        let last = u64::from(u32::from_le_bytes(*last)).wrapping_shl(bits(bytes.len().saturating_sub(4)));
        u64::from(u32::from_le_bytes(*first)) | last
    } else {
        let byte = |at| bytes.get(at).map_or(0, |byte| u64::from(*byte).wrapping_shl(bits(at)));
        byte(0) | byte(1) | byte(2)
    };
    word | LETTERS.wrapping_shl(bits(bytes.len()))
}

/// Returns a word in which the high bit of some byte is set if one of the eight bytes is a fault as in [`is_plain`].
#[inline]
const fn faults_of<const NO_WILDCARDS: bool>(word: u64) -> u64 {
    // `word - 0x01…` has the high bit of a byte set if the byte was 0 or had its high bit set before. A borrow changes
    // other bytes, but it only starts at a byte that is 0, so it cannot report a fault where there is none.
    let zeros_and_high = word | word.wrapping_sub(LOW_BITS);
    if NO_WILDCARDS { zeros_and_high | against_wildcards(word).wrapping_sub(LOW_BITS) } else { zeros_and_high }
}

/// Returns a word in which the high bit of a byte is set if, and only if, the byte is a wildcard.
#[inline]
const fn wildcards_of(word: u64) -> u64 {
    let other = against_wildcards(word);
    // A byte that is not 0 has its high bit set, or carries into it.
    !((other & !HIGH_BITS).wrapping_add(!HIGH_BITS) | other) & HIGH_BITS
}

/// Returns a word in which a byte is 0 if, and only if, it is a wildcard.
#[inline]
const fn against_wildcards(word: u64) -> u64 {
    (word | u64::from_ne_bytes([WILDCARDS_DIFFER; 8])) ^ u64::from_ne_bytes([b'+'; 8])
}

#[cfg(test)]
mod tests {
    use super::{is_plain_filter, is_plain_in_bytes, is_plain_in_words, wildcards_of};

    /// The processor decides which of the two is used.
    #[test]
    fn words_and_bytes_agree() {
        // Many faults must not cancel each other out.
        for length in 1..=200 {
            let faults = &[0; 200][..length];
            assert!(!is_plain_in_bytes::<false>(faults) && !is_plain_in_words::<false>(faults));
            assert!(!is_plain_filter(faults));
        }
        // All ways of splitting a text are used up to this length: 3 * 32 + 31.
        for length in 0..=128 {
            for place in 0..length {
                for byte in [0x00, 0x01, 0x22, 0x23, 0x24, 0x2A, 0x2B, 0x2C, 0x2F, 0x7F, 0x80, 0x81, 0xA3, 0xAB, 0xFF] {
                    let mut bytes = [b'/'; 128];
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
                }
            }
        }
    }

    #[test]
    fn words_find_the_same_bytes_as_the_loop_over_bytes() {
        for byte in 0..=255 {
            let bytes = [byte; 8];
            assert_eq!(is_plain_in_words::<false>(&bytes), is_plain_in_bytes::<false>(&bytes), "{byte:#04x}");
            assert_eq!(is_plain_in_words::<true>(&bytes), is_plain_in_bytes::<true>(&bytes), "{byte:#04x}");
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
    fn wildcards_are_checked_level_by_level() {
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
}
