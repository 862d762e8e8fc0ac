//! Changes of single properties in bytes that have been checked: the other bytes are moved, not checked again.

use crate::property::identifier::PropertyIdentifier;
use crate::property::property::Property;
use core::ops::Range;

/// Returns the range of the first property with this identifier in a checked set.
pub(crate) fn place_of(bytes: &[u8], identifier: PropertyIdentifier) -> Option<Range<usize>> {
    let offset_of = |part: &[u8]| bytes.len().saturating_sub(part.len());
    let mut rest = bytes;
    while let Some((property, after)) = Property::read_checked(rest) {
        if property.identifier() == identifier {
            return Some(offset_of(rest)..offset_of(after));
        }
        rest = after;
    }
    None
}

/// Returns the bytes, with a range replaced by other bytes. Allocates once, or not at all if the result is one slice of
/// the bytes.
#[cfg(feature = "bytes")]
pub(crate) fn splice(bytes: &bytes::Bytes, place: Range<usize>, new: &[u8]) -> bytes::Bytes {
    let before = bytes.get(..place.start).unwrap_or_default();
    let after = bytes.get(place.end..).unwrap_or_default();
    match (before, new, after) {
        ([], [], part) | (part, [], []) => crate::buffer::share(bytes, part),
        parts => bytes::Bytes::from([parts.0, parts.1, parts.2].concat()),
    }
}
