//! Choices that several generators share.

use alloc::vec::Vec;
use arbitrary::{Error, Result, Unstructured};

/// Generates at least one item, seldom more than a few.
pub(crate) fn many<'a, T>(
    u: &mut Unstructured<'a>,
    mut item: impl FnMut(&mut Unstructured<'a>) -> Result<T>,
) -> Result<Vec<T>> {
    let most = *u.choose(&[1_u8, 1, 3, 3, 8, 40])?;
    let count = u.int_in_range(1..=most)?;
    (0..count).map(|_| item(u)).collect()
}

/// Generates a number in a range. The limits of the range are generated far more often than other numbers.
pub(crate) fn number(u: &mut Unstructured<'_>, least: u32, most: u32) -> Result<u32> {
    match u.int_in_range(0..=7_u8)? {
        0 => Ok(least),
        1 => Ok(most),
        _ => u.int_in_range(least..=most),
    }
}

/// Unwraps the result of a constructor. An error would be a bug in the generators, which the tests would find.
pub(crate) fn legal<T, E>(value: core::result::Result<T, E>) -> Result<T> {
    value.map_err(|_| Error::IncorrectFormat)
}

/// Implements `Arbitrary` for types with a short list of values, which are equally likely.
macro_rules! one_of {
    ($($type:ident $all:expr,)*) => {$(
        impl<'a> arbitrary::Arbitrary<'a> for $type {
            fn arbitrary(u: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
                u.choose(&$all).copied()
            }

            fn size_hint(_: usize) -> (usize, Option<usize>) {
                (1, Some(1))
            }
        }
    )*};
}
pub(crate) use one_of;
