//! The rules of Topic Filters: sections 4.7.1 and 4.8.2.

use crate::text::{
    HAS_WORDS, MAX_LEN, TextError, TextErrorKind, TextKind, check_slowly, check_text, is_legal_string, is_plain_filter,
};

/// The prefix of a shared subscription. Case matters.
const SHARE: &[u8] = b"$share/";

/// Checks a Topic Filter without the rules about shared subscriptions.
#[inline]
pub(crate) fn check_ordinary(bytes: &[u8]) -> Result<(), TextError> {
    if bytes.is_empty() {
        return Err(TextError::new(TextErrorKind::EmptyTopic, 0));
    }
    let is_plain = HAS_WORDS && bytes.len() <= MAX_LEN && is_plain_filter(bytes);
    if is_plain { Ok(()) } else { check_ordinary_slowly(bytes) }
}

/// Finds the first byte that breaks a rule.
#[cold]
#[inline(never)]
fn check_ordinary_slowly(bytes: &[u8]) -> Result<(), TextError> {
    // With words, it is already known that the text is not plain ASCII with wildcards in place.
    if HAS_WORDS {
        check_slowly(bytes, TextKind::Utf8String)?;
    } else {
        check_text(bytes, TextKind::Utf8String)?;
    }
    check_wildcards(bytes)
}

const fn check_wildcards(bytes: &[u8]) -> Result<(), TextError> {
    let mut before = b'/';
    let mut rest = bytes;
    let mut offset = 0_usize;
    while let [character, after @ ..] = rest {
        let fault = match character {
            b'#' if before != b'/' || !after.is_empty() => Some(TextErrorKind::MisplacedMultiLevelWildcard),
            b'+' if before != b'/' || !matches!(after, [] | [b'/', ..]) => {
                Some(TextErrorKind::MisplacedSingleLevelWildcard)
            }
            _ => None,
        };
        if let Some(kind) = fault {
            return Err(TextError::new(kind, offset));
        }
        before = *character;
        rest = after;
        offset = offset.wrapping_add(1); // cannot wrap: it is at most the length of a slice
    }
    Ok(())
}

/// Splits `$share/{ShareName}/{filter}` into share name and filter. [`check_shared`] checks them.
#[inline]
pub(crate) fn split_shared(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let rest = bytes.strip_prefix(SHARE)?;
    let slash = rest.iter().position(|&character| character == b'/')?;
    let (share_name, rest) = rest.split_at_checked(slash)?;
    Some((share_name, rest.get(1..)?))
}

/// Checks the rules of section 4.8.2 for a filter that obeys the other rules. A filter that does not begin with `$share/`
/// obeys them.
#[inline]
pub(crate) const fn check_shared(bytes: &[u8]) -> Result<(), TextError> {
    // Almost no filter begins with `$`: only those that do pay for a call.
    if let [b'$', ..] = bytes { check_with_dollar(bytes) } else { Ok(()) }
}

/// Does what [`check_shared`] does, for a filter that begins with `$`.
pub(crate) const fn check_with_dollar(bytes: &[u8]) -> Result<(), TextError> {
    let [b'$', b's', b'h', b'a', b'r', b'e', b'/', name @ ..] = bytes else {
        return Ok(());
    };
    let mut rest = name;
    loop {
        let offset = bytes.len().saturating_sub(rest.len());
        let is_first = rest.len() == name.len();
        rest = match rest {
            [b'+' | b'#', ..] => return Err(TextError::new(TextErrorKind::WildcardInShareName, offset)),
            [] | [b'/', ..] if is_first => return Err(TextError::new(TextErrorKind::EmptyShareName, offset)),
            // The wildcards of the inner filter have been checked: its levels are levels of the whole text. The standard
            // does not forbid a shared subscription in a shared subscription, but gives it no meaning, so it is refused.
            [b'/', b'$', b's', b'h', b'a', b'r', b'e', b'/', ..] | [b'/'] => {
                return Err(TextError::new(TextErrorKind::InvalidSharedFilter, offset.saturating_add(1)));
            }
            [] => return Err(TextError::new(TextErrorKind::InvalidSharedFilter, offset)),
            [b'/', ..] => return Ok(()),
            [_, after @ ..] => after,
        }
    }
}

/// Returns `true` if a literal is a legal Topic Filter of 5.0. It works at compile time.
pub(crate) const fn is_legal_literal(literal: &str) -> bool {
    let bytes = literal.as_bytes();
    !literal.is_empty() && is_legal_string(literal) && check_wildcards(bytes).is_ok() && check_shared(bytes).is_ok()
}
