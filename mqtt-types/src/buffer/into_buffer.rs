//! What a checked value can be made from.

use crate::buffer::buffer::Buffer;

/// What a checked value can be made from: text or bytes that become a [`Buffer`] without a copy.
///
/// | from | buffer |
/// | --- | --- |
/// | `&'a str`, `&'a [u8]`, `&'a [u8; N]` | `&'a [u8]` |
/// | `Bytes`, `BytesMut`, `String`, `Vec<u8>` (feature `bytes`) | `Bytes` |
pub trait IntoBuffer {
    /// The buffer that it becomes.
    type Buffer: Buffer;

    /// Becomes the buffer; copies nothing.
    fn into_buffer(self) -> Self::Buffer;
}

impl<'a> IntoBuffer for &'a [u8] {
    type Buffer = Self;

    #[inline]
    fn into_buffer(self) -> &'a [u8] {
        self
    }
}

impl<'a, const N: usize> IntoBuffer for &'a [u8; N] {
    type Buffer = &'a [u8];

    #[inline]
    fn into_buffer(self) -> &'a [u8] {
        self
    }
}

impl<'a> IntoBuffer for &'a str {
    type Buffer = &'a [u8];

    #[inline]
    fn into_buffer(self) -> &'a [u8] {
        self.as_bytes()
    }
}

#[cfg(feature = "bytes")]
mod shared {
    use super::IntoBuffer;
    use alloc::{string::String, vec::Vec};
    use bytes::{Bytes, BytesMut};

    macro_rules! into_bytes {
        ($($from:ty: $convert:expr,)*) => {$(
            impl IntoBuffer for $from {
                type Buffer = Bytes;

                #[inline]
                fn into_buffer(self) -> Bytes {
                    let convert: fn(Self) -> Bytes = $convert;
                    convert(self)
                }
            }
        )*};
    }

    into_bytes! {
        Bytes: core::convert::identity,
        BytesMut: BytesMut::freeze,
        String: Bytes::from,
        Vec<u8>: Bytes::from,
    }
}
