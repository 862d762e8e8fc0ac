//! Slices of a shared buffer.

use bytes::Bytes;

/// Returns `part` as a shared slice of `frame`, or as a copy if it does not lie in `frame`.
///
/// `Bytes::slice_ref` does the same, but panics instead of copying.
///
/// The test for an empty part is always inlined: for a packet without properties the compiler removes it.
#[inline(always)]
pub(crate) fn share(frame: &Bytes, part: &[u8]) -> Bytes {
    if part.is_empty() {
        return Bytes::new(); // an empty slice needs no reference count
    }
    share_bytes(frame, part)
}

#[inline]
fn share_bytes(frame: &Bytes, part: &[u8]) -> Bytes {
    let start = part.as_ptr().addr().checked_sub(frame.as_ptr().addr());
    let range = start.and_then(|start| Some(start..start.checked_add(part.len())?));
    match range {
        Some(range) if range.end <= frame.len() => frame.slice(range),
        _ => Bytes::copy_from_slice(part),
    }
}

#[cfg(test)]
mod tests {
    use super::{Bytes, share};

    #[test]
    fn sharing_a_part_of_the_frame_copies_nothing() {
        let frame = Bytes::from_static(b"abcdef");
        let part = share(&frame, &frame[2..4]);
        assert_eq!(part, "cd");
        assert_eq!(part.as_ptr(), frame[2..].as_ptr());
    }

    #[test]
    fn sharing_what_lies_elsewhere_copies() {
        let frame = Bytes::from_static(b"abcdef");
        let elsewhere = [b'c', b'd'];
        assert_eq!(share(&frame, &elsewhere), "cd");
        let longer = Bytes::from(b"abcdefgh".to_vec());
        assert_eq!(share(&longer.slice(0..4), &longer[2..6]), "cdef");
        assert_eq!(share(&longer.slice(4..), &longer[..2]), "ab");
    }

    #[test]
    fn sharing_nothing_counts_no_reference() {
        let frame = Bytes::from(b"abc".to_vec());
        let nothing = share(&frame, &frame[1..1]);
        assert!(nothing.is_empty());
        drop(nothing);
        assert!(frame.is_unique());
    }
}
