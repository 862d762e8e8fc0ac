//! Two methods to check text, and matching of topics.

/// A method to check text. The length of the text fits into a two-byte integer.
pub trait Text {
    /// Returns `true` if the text is UTF-8 without U+0000.
    fn is_string(text: &[u8]) -> bool;

    /// Returns `true` if the text is also without wildcards. The caller handles an empty name, which a Topic Alias may
    /// replace.
    fn is_topic_name(text: &[u8]) -> bool;

    /// Returns `true` if the text is a Topic Filter. In 5.0 `$share/` begins a shared subscription.
    fn is_topic_filter(text: &[u8], has_shares: bool) -> bool;
}

/// `core::str::from_utf8`, and a scan for other forbidden characters.
#[derive(Clone, Copy, Debug)]
pub struct Plain;

impl Text for Plain {
    #[inline]
    fn is_string(text: &[u8]) -> bool {
        core::str::from_utf8(text).is_ok() && !text.contains(&0)
    }

    #[inline]
    fn is_topic_name(text: &[u8]) -> bool {
        core::str::from_utf8(text).is_ok() && !text.iter().any(|byte| matches!(byte, 0 | b'+' | b'#'))
    }

    #[inline]
    fn is_topic_filter(text: &[u8], has_shares: bool) -> bool {
        !text.is_empty() && Self::is_string(text) && has_legal_wildcards(text) && (!has_shares || is_legal_share(text))
    }
}

/// One pass over words of eight bytes, which accepts ASCII without forbidden characters. Text that fails is checked
/// again as [`Plain`] does.
#[derive(Clone, Copy, Debug)]
pub struct Fused;

impl Text for Fused {
    #[inline]
    fn is_string(text: &[u8]) -> bool {
        all_words(text, is_plain) || slow(|| Plain::is_string(text))
    }

    #[inline]
    fn is_topic_name(text: &[u8]) -> bool {
        all_words(text, |word| is_plain(word) && !has_wildcard(word)) || slow(|| Plain::is_topic_name(text))
    }

    #[inline]
    fn is_topic_filter(text: &[u8], has_shares: bool) -> bool {
        if text.is_empty() {
            return false;
        }
        let is_legal = all_words(text, |word| is_plain(word) && !has_wildcard(word))
            || (Self::is_string(text) && has_legal_wildcards(text));
        is_legal && (!has_shares || is_legal_share(text))
    }
}

#[cold]
#[inline(never)]
fn slow(check: impl FnOnce() -> bool) -> bool {
    check()
}

const LOW_BITS: u64 = 0x0101_0101_0101_0101;
const HIGH_BITS: u64 = 0x8080_8080_8080_8080;

/// Returns `true` for eight ASCII characters, none of them U+0000.
#[inline]
const fn is_plain(word: u64) -> bool {
    (word | word.wrapping_sub(LOW_BITS)) & HIGH_BITS == 0
}

/// `+` is 0x2B and `#` is 0x23: they differ in one bit. For words of ASCII.
#[inline]
const fn has_wildcard(word: u64) -> bool {
    let other = (word | (LOW_BITS * 0x08)) ^ (LOW_BITS * 0x2B);
    other.wrapping_sub(LOW_BITS) & !other & HIGH_BITS != 0
}

/// The last word overlaps the one before it. A short text is assembled from two overlapping halves.
#[inline]
fn all_words(text: &[u8], predicate: impl Fn(u64) -> bool) -> bool {
    if let Some(last) = text.last_chunk::<8>() {
        let mut words = text.chunks_exact(8).filter_map(|word| word.first_chunk::<8>());
        return words.all(|word| predicate(u64::from_le_bytes(*word))) && predicate(u64::from_le_bytes(*last));
    }
    if let (Some(first), Some(last)) = (text.first_chunk::<4>(), text.last_chunk::<4>()) {
        let [first, last] = [u32::from_le_bytes(*first), u32::from_le_bytes(*last)].map(u64::from);
        return predicate(first | last << 32);
    }
    match *text {
        [] => true,
        [a] => predicate(u64::from_le_bytes([a; 8])),
        [a, b] => predicate(u64::from_le_bytes([a, b, a, b, a, b, a, b])),
        [a, b, c, ..] => predicate(u64::from_le_bytes([a, b, c, a, b, c, a, b])),
    }
}

/// Returns `true` if `#` is the whole last level, and `+` is a whole level.
fn has_legal_wildcards(filter: &[u8]) -> bool {
    let mut before = b'/';
    let mut rest = filter;
    while let [character, after @ ..] = rest {
        match character {
            b'#' if before != b'/' || !after.is_empty() => return false,
            b'+' if before != b'/' || !matches!(after, [] | [b'/', ..]) => return false,
            _ => {}
        }
        before = *character;
        rest = after;
    }
    true
}

/// Checks `$share/NAME/FILTER`: the name has no wildcard, and the filter is not a shared subscription.
#[inline]
fn is_legal_share(filter: &[u8]) -> bool {
    let Some(rest) = filter.strip_prefix(b"$share/") else { return true };
    let Some(slash) = rest.iter().position(|byte| *byte == b'/') else { return false };
    let Some((name, [_, filter @ ..])) = rest.split_at_checked(slash) else { return false };
    !name.is_empty()
        && !name.iter().any(|byte| matches!(byte, b'+' | b'#'))
        && !filter.is_empty()
        && !filter.starts_with(b"$share/")
}

/// Returns `true` if the Topic Filter matches the Topic Name.
#[must_use]
pub fn matches(filter: &[u8], name: &[u8]) -> bool {
    let filter = match filter.strip_prefix(b"$share/") {
        Some(rest) => match rest.iter().position(|byte| *byte == b'/') {
            Some(slash) => rest.get(slash + 1..).unwrap_or_default(),
            None => filter,
        },
        None => filter,
    };
    if name.first() == Some(&b'$') && matches!(filter.first(), Some(b'+' | b'#')) {
        return false;
    }
    let (mut filter, mut name) = (filter, name);
    loop {
        match (filter, name) {
            ([b'#', ..], _) => return true,
            ([b'+', after @ ..], _) => {
                let end = name.iter().position(|byte| *byte == b'/').unwrap_or(name.len());
                (filter, name) = (after, name.get(end..).unwrap_or_default());
            }
            ([one, filter_rest @ ..], [other, name_rest @ ..]) if one == other => {
                (filter, name) = (filter_rest, name_rest);
            }
            // `sport/#` matches `sport`.
            (b"/#", []) | ([], []) => return true,
            _ => return false,
        }
    }
}
