//! Length and `MsgType`: section 5.2.

use super::primitives::{Fault, fail};
use super::{DecodeErrorKind, DecodeOptions, Field, Leniency};

/// Splits a datagram, or the content of an encapsulation, into `MsgType` and the body. All rules of Length are checked
/// here.
#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) fn split<'a>(input: &'a [u8], options: &DecodeOptions) -> Result<(u8, &'a [u8]), Fault> {
    match input {
        [length, message_type, body @ ..] if usize::from(*length) == input.len() && *length > 1 => {
            Ok((*message_type, body))
        }
        _ => split_long(input, options),
    }
}

/// Handles the three-octet form, and every error.
#[inline(never)]
fn split_long<'a>(input: &'a [u8], options: &DecodeOptions) -> Result<(u8, &'a [u8]), Fault> {
    let mismatch = |length| fail(input, length_mismatch(length, input), Field::Length);
    match input {
        [] => fail(input, DecodeErrorKind::EmptyDatagram, Field::Length),
        [0, ..] => fail(input, DecodeErrorKind::LengthTooSmall, Field::Length),
        [1, high, low, after @ ..] => {
            let length = u16::from_be_bytes([*high, *low]);
            let counted = usize::from(length);
            if length < 4 {
                return fail(input, DecodeErrorKind::LengthTooSmall, Field::Length);
            }
            let two_too_small =
                options.allows(Leniency::LengthTwoTooSmall) && counted.checked_add(2) == Some(input.len());
            match after {
                [message_type, body @ ..] if counted == input.len() || two_too_small => Ok((*message_type, body)),
                _ => mismatch(length),
            }
        }
        [1, ..] => fail(input, DecodeErrorKind::UnexpectedEnd, Field::Length),
        [length, ..] => mismatch(u16::from(*length)),
    }
}

/// Returns the fault of a Length that differs from the length of `input`.
#[cold]
pub(super) fn length_mismatch(length: u16, input: &[u8]) -> DecodeErrorKind {
    DecodeErrorKind::LengthMismatch { length, datagram: u16::try_from(input.len()).unwrap_or(u16::MAX) }
}

/// The longest body (the octets after `MsgType`) of a message with a one-octet Length.
const LONGEST_SHORT_BODY: usize = 253;

/// The longest body of any message: the value of Length has at most two octets, and includes the four octets of the
/// header.
const LONGEST_BODY: usize = 65_531;

/// Returns the length of a message with a body of this length, or `None` if Length cannot express it.
#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) const fn message_len(body_len: usize) -> Option<usize> {
    if body_len <= LONGEST_SHORT_BODY {
        Some(body_len.saturating_add(2))
    } else if body_len <= LONGEST_BODY {
        Some(body_len.saturating_add(4))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::message_len;

    /// Section 5.2.1: the one-octet form is written whenever it is possible.
    #[test]
    fn the_one_octet_length_ends_at_255() {
        for (body, message) in
            [(0, Some(2)), (253, Some(255)), (254, Some(258)), (65_531, Some(65_535)), (65_532, None)]
        {
            assert_eq!(message_len(body), message);
        }
        assert_eq!(message_len(usize::MAX), None);
    }
}
