//! What holds a packet's bytes: a borrowed slice, or a shared [`bytes::Bytes`].

#[cfg(feature = "bytes")]
use bytes::Bytes;
use core::fmt;

/// The default of every `B` in this crate: `Bytes` where the feature `bytes` is on.
#[cfg(feature = "bytes")]
pub type DefaultBuffer = Bytes;

/// Without the feature `bytes` there is no default: this type has no values and is no [`Buffer`], so a type named
/// without its buffer does not compile, and turning the feature on cannot change what a program means.
#[cfg(not(feature = "bytes"))]
#[derive(Clone, Copy, Debug)]
pub enum DefaultBuffer {}

/// What holds the bytes of strings, payloads, lists and property sets.
///
/// | buffer | `Clone` costs | needs | lives |
/// | --- | --- | --- | --- |
/// | `&'a [u8]` | nothing, it is `Copy` | no allocator | as long as the slice |
/// | [`bytes::Bytes`](https://docs.rs/bytes) | one reference count | feature `bytes` | as long as anybody holds it |
///
/// The trait is sealed: those two are all. Code that works with both takes a `B: Buffer` and reads through the methods
/// of the packet types, which are there for every `B`.
///
/// ```
/// use mqtt_types::{Buffer, TopicName};
///
/// fn levels<B: Buffer>(topic_name: &TopicName<B>) -> usize {
///     topic_name.as_str().split('/').count()
/// }
/// assert_eq!(levels(&TopicName::from_static("a/b")), 2);
/// ```
pub trait Buffer: AsRef<[u8]> + Clone + Default + fmt::Debug + sealed::Sealed {
    /// The slice that a reference to this buffer gives: with the buffer's own lifetime if it borrows.
    type Slice<'i>: sealed::Slice
    where
        Self: 'i;

    #[doc(hidden)]
    fn slice(&self) -> Self::Slice<'_>;
}

/// A buffer that, borrowed for `'i`, gives a slice that lives for `'o`.
///
/// It is there for every [`Buffer`], and never needs to be named outside of this crate. What it is for: a getter of a
/// borrowed packet gives the *buffer's* lifetime, so that what was read outlives the packet it was read from; a getter
/// of a shared packet gives the packet's lifetime.
///
/// ```
/// use mqtt_types::TopicName;
///
/// fn first_level(received: &[u8]) -> Option<&str> {
///     let topic_name = TopicName::new(received).ok()?;
///     topic_name.as_str().split('/').next() // outlives `topic_name`
/// }
/// assert_eq!(first_level(b"a/b"), Some("a"));
/// ```
pub trait Lend<'i, 'o>: Buffer {
    #[doc(hidden)]
    fn lend(&'i self) -> &'o [u8];
}

impl<'i, 'o, B> Lend<'i, 'o> for B
where
    B: Buffer + 'i,
    B::Slice<'i>: 'o,
{
    #[inline]
    fn lend(&'i self) -> &'o [u8] {
        let slice: B::Slice<'i> = B::slice(self);
        sealed::Slice::get(slice)
    }
}

impl<'a> Buffer for &'a [u8] {
    type Slice<'i>
        = &'a [u8]
    where
        Self: 'i;

    #[inline]
    fn slice(&self) -> &'a [u8] {
        self
    }
}

#[cfg(feature = "bytes")]
impl Buffer for Bytes {
    type Slice<'i> = &'i [u8];

    #[inline]
    fn slice(&self) -> &[u8] {
        self
    }
}

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
    use super::{Bytes, IntoBuffer};
    use alloc::{string::String, vec::Vec};
    use bytes::BytesMut;

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

    /// The part of `frame` that `part` is, without a copy; a copy if `part` does not lie in `frame`.
    ///
    /// `Bytes::slice_ref` does the same and panics instead of copying.
    #[inline]
    pub(crate) fn share(frame: &Bytes, part: &[u8]) -> Bytes {
        if part.is_empty() {
            return Bytes::new(); // no reference count for nothing
        }
        let start = part.as_ptr().addr().checked_sub(frame.as_ptr().addr());
        let range = start.and_then(|start| Some(start..start.checked_add(part.len())?));
        match range {
            Some(range) if range.end <= frame.len() => frame.slice(range),
            _ => Bytes::copy_from_slice(part),
        }
    }
}

#[cfg(feature = "bytes")]
pub(crate) use shared::share;

mod sealed {
    #[expect(unnameable_types, reason = "that is what seals")]
    pub trait Sealed {}
    impl Sealed for &[u8] {}
    #[cfg(feature = "bytes")]
    impl Sealed for bytes::Bytes {}

    #[expect(unnameable_types, reason = "that is what seals")]
    pub trait Slice {
        fn get<'o>(self) -> &'o [u8]
        where
            Self: 'o;
    }

    impl Slice for &[u8] {
        #[inline]
        fn get<'o>(self) -> &'o [u8]
        where
            Self: 'o,
        {
            self
        }
    }
}

/// Gives a type that is generic over its buffer what all of them have: the other buffer's form of itself, and equality
/// and hash that do not look at the buffer.
///
/// `plain` fields hold no buffer, `raw` fields are the buffer itself, `parts` are types of this crate that went
/// through this macro themselves, `options` are such parts inside an `Option`.
macro_rules! over_buffers {
    ($(#[$doc:meta])* $name:ident {
        plain: [$($plain:ident),*], raw: [$($raw:ident),*], parts: [$($part:ident),*], options: [$($option:ident),*]
    }) => {
        crate::buffer::over_buffers!(@map $name {
            plain: [$($plain),*], raw: [$($raw),*], parts: [$($part),*], options: [$($option),*]
        });

        impl<B: crate::Buffer, C: crate::Buffer> PartialEq<$name<C>> for $name<B> {
            fn eq(&self, other: &$name<C>) -> bool {
                $(self.$plain == other.$plain &&)*
                $(self.$raw.as_ref() == other.$raw.as_ref() &&)*
                $(self.$part == other.$part &&)*
                $(self.$option.as_ref().map(|part| part.as_borrowed())
                    == other.$option.as_ref().map(|part| part.as_borrowed()) &&)*
                true
            }
        }

        impl<B: crate::Buffer> Eq for $name<B> {}

        impl<B: crate::Buffer> core::hash::Hash for $name<B> {
            fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
                $(self.$plain.hash(state);)*
                $(self.$raw.as_ref().hash(state);)*
                $(self.$part.hash(state);)*
                $(self.$option.hash(state);)*
            }
        }
    };

    (@map $name:ident {
        plain: [$($plain:ident),*], raw: [$($raw:ident),*], parts: [$($part:ident),*], options: [$($option:ident),*]
    }) => {
        impl<B: crate::Buffer> $name<B> {
            /// The same value over another buffer. Private to the crate: the function must give the same bytes.
            #[inline]
            pub(crate) fn map_buffer<'i, C: crate::Buffer>(
                &'i self,
                map: &mut impl FnMut(&'i B) -> C,
            ) -> $name<C> {
                let _ = &map;
                $name {
                    $($plain: self.$plain.clone(),)*
                    $($raw: map(&self.$raw),)*
                    $($part: self.$part.map_buffer(map),)*
                    $($option: self.$option.as_ref().map(|part| part.map_buffer(map)),)*
                }
            }

            /// The same value, borrowed from this one: nothing is copied.
            #[inline]
            #[must_use]
            pub fn as_borrowed<'i, 'o>(&'i self) -> $name<&'o [u8]>
            where
                B: crate::Lend<'i, 'o>,
            {
                self.map_buffer(&mut crate::Lend::lend)
            }
        }

        impl $name<&[u8]> {
            /// The same value as shared slices of `frame`, the buffer that it was decoded from: no byte is copied,
            /// each slice that is not empty counts one reference. What does not lie in `frame` is copied.
            #[cfg(feature = "bytes")]
            #[inline]
            #[must_use]
            pub fn share(&self, frame: &bytes::Bytes) -> $name<bytes::Bytes> {
                self.map_buffer(&mut |part| crate::buffer::share(frame, part))
            }

            /// The same value in buffers of its own: each part that is not empty is allocated and copied.
            #[cfg(feature = "bytes")]
            #[must_use]
            pub fn to_shared(&self) -> $name<bytes::Bytes> {
                self.map_buffer(&mut |part| bytes::Bytes::copy_from_slice(part))
            }
        }

        #[cfg(feature = "bytes")]
        impl From<$name<&[u8]>> for $name<bytes::Bytes> {
            /// Copies each part into a buffer of its own, as `to_shared` does.
            fn from(borrowed: $name<&[u8]>) -> Self {
                borrowed.to_shared()
            }
        }

        #[cfg(feature = "bytes")]
        impl<'a> From<&'a $name<bytes::Bytes>> for $name<&'a [u8]> {
            fn from(shared: &'a $name<bytes::Bytes>) -> Self {
                shared.as_borrowed()
            }
        }
    };
}
pub(crate) use over_buffers;

/// `Debug` as a derive would write it, but for every buffer.
macro_rules! debug_fields {
    ($name:ident: $($field:ident)*) => {
        impl<B: crate::Buffer> core::fmt::Debug for $name<B> {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.debug_struct(stringify!($name))$(.field(stringify!($field), &self.$field))*.finish()
            }
        }
    };
}
pub(crate) use debug_fields;

#[cfg(all(test, feature = "bytes"))]
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
