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
