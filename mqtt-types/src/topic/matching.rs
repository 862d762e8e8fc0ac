//! Matching of Topic Filters and Topic Names: section 4.7.

use crate::text::HAS_WORDS;

/// Returns `true` if a filter without a share name matches a Topic Name. Both are read from the left once.
pub(crate) fn matches(filter: &[u8], name: &[u8]) -> bool {
    if name.first() == Some(&b'$') && matches!(filter.first(), Some(b'+' | b'#')) {
        return false;
    }
    let (mut filter, mut name) = (filter, name);
    let mut begins_level = true; // in a valid filter every wildcard does
    loop {
        // A name has no wildcards, so equal bytes are no wildcards either.
        let same = common_len(filter, name);
        if let Some(last) = same.checked_sub(1).and_then(|last| filter.get(last)) {
            begins_level = *last == b'/';
        }
        let (Some(rest_of_filter), Some(rest_of_name)) = (filter.get(same..), name.get(same..)) else { return false };
        match (rest_of_filter, rest_of_name) {
            ([], []) | (b"/#", []) => return true, // `sport/#` matches `sport`
            ([b'#'], _) => return begins_level,
            ([b'+', after @ ..], _) if begins_level => {
                let end = rest_of_name.iter().position(|character| *character == b'/').unwrap_or(rest_of_name.len());
                (filter, name) = (after, rest_of_name.get(end..).unwrap_or_default());
                begins_level = false;
            }
            _ => return false,
        }
    }
}

/// Returns the length of the common prefix. Eight bytes are compared at once where the processor can.
#[inline]
fn common_len(one: &[u8], other: &[u8]) -> usize {
    let (mut rest, mut other) = (one, other);
    while HAS_WORDS {
        let (Some((word, after)), Some((other_word, after_other))) =
            (rest.split_first_chunk(), other.split_first_chunk())
        else {
            break;
        };
        let differ = u64::from_le_bytes(*word) ^ u64::from_le_bytes(*other_word);
        if differ != 0 {
            let same = usize::try_from(differ.trailing_zeros() / 8).unwrap_or_default();
            return one.len().saturating_sub(rest.len()).saturating_add(same);
        }
        (rest, other) = (after, after_other);
    }
    let before = one.len().saturating_sub(rest.len());
    before.saturating_add(rest.iter().zip(other).take_while(|(byte, other)| byte == other).count())
}
