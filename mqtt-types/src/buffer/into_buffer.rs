//! Conversion of text and bytes into buffers.

use crate::buffer::buffer::Buffer;

/// A conversion of text or bytes into a [`Buffer`], without a copy.
///
/// The constructors of this crate accept every type that implements it. The argument decides which buffer the value has.
///
/// | from | buffer |
/// | --- | --- |
/// | `&'a str`, `&'a [u8]`, `&'a [u8; N]` | `&'a [u8]` |
/// | `Bytes`, `BytesMut`, `String`, `Vec<u8>` (feature `bytes`) | `Bytes` |
///
/// ```
/// use mqtt_types::{IntoBuffer, TextError, TopicName};
///
/// fn topic_name<I: IntoBuffer>(device: I) -> Result<TopicName<I::Buffer>, TextError> {
///     TopicName::new(device)
/// }
/// let borrowed: TopicName<&[u8]> = topic_name("kitchen/temperature")?;
/// # #[cfg(feature = "bytes")]
/// let shared: TopicName<bytes::Bytes> = topic_name(String::from("kitchen/temperature"))?;
/// # #[cfg(feature = "bytes")]
/// assert_eq!(borrowed, shared);
/// # Ok::<(), TextError>(())
/// ```
///
/// Other types are refused:
///
/// ```compile_fail,E0277
/// let topic_name = mqtt_types::TopicName::new(&String::from("a/b"));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not convert into a buffer of packets",
    label = "expected text or bytes: borrowed, or owned with the feature `bytes`",
    note = "`&String` and `&Vec<u8>` are passed as `text.as_str()` and `&bytes[..]`, which borrow, or by value, which does not copy"
)]
pub trait IntoBuffer {
    /// The buffer that the value becomes.
    type Buffer: Buffer;

    /// Converts the value into a buffer. Nothing is copied.
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
