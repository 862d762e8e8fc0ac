//! The buffers that hold the bytes of packets: a borrowed slice, or a shared [`bytes::Bytes`].

#[cfg(feature = "bytes")]
use bytes::Bytes;
use core::fmt;

/// The default buffer of every type in this crate: `Bytes` with the feature `bytes`.
#[cfg(feature = "bytes")]
pub type DefaultBuffer = Bytes;

/// The placeholder for a default buffer without the feature `bytes`.
///
/// It has no values and does not implement [`Buffer`], so a type that is named without its buffer does not compile.
/// Otherwise, enabling the feature `bytes` would change the meaning of a program.
#[cfg(not(feature = "bytes"))]
#[derive(Clone, Copy, Debug)]
pub enum DefaultBuffer {}

/// A buffer that holds the bytes of strings, payloads, lists and property sets.
///
/// | buffer | cost of `Clone` | needs | lives |
/// | --- | --- | --- | --- |
/// | `&'a [u8]` | none, it is `Copy` | no allocator | as long as the slice |
/// | [`bytes::Bytes`](https://docs.rs/bytes) | one reference count | feature `bytes` | as long as its last clone |
///
/// The trait is sealed: only these two types implement it. Code for both buffers is generic over `B: Buffer` and reads
/// through the methods of the packet types, which exist for every `B`.
///
/// ```
/// use mqtt_types::{Buffer, TopicName};
///
/// fn levels<B: Buffer>(topic_name: &TopicName<B>) -> usize {
///     topic_name.as_str().split('/').count()
/// }
/// assert_eq!(levels(&TopicName::from_static("a/b")), 2);
/// ```
///
/// Other types are refused:
///
/// ```compile_fail,E0277
/// fn levels<B: mqtt_types::Buffer>(topic_name: &mqtt_types::TopicName<B>) {}
/// fn of_vec(topic_name: &mqtt_types::TopicName<Vec<u8>>) {
///     levels(topic_name);
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a buffer of packets",
    label = "expected `&[u8]` or `bytes::Bytes`",
    note = "name the buffer, as in `Packet<&[u8]>`, or enable the feature `bytes`, with which it is `Bytes` by default"
)]
pub trait Buffer: AsRef<[u8]> + Clone + Default + fmt::Debug + sealed::Sealed {
    /// The slice that a reference to this buffer lends. If the buffer borrows, it has the buffer's own lifetime.
    type Slice<'i>: sealed::Slice
    where
        Self: 'i;

    #[doc(hidden)]
    fn slice(&self) -> Self::Slice<'_>;
}

/// A buffer that is borrowed for `'i` and lends a slice that lives for `'o`.
///
/// Every [`Buffer`] implements it, and users do not have to name it. It appears in the signatures of getters: the getter
/// of a borrowed packet returns a slice with the lifetime of the *buffer*, which outlives the packet. The getter of a
/// shared packet returns a slice with the lifetime of the packet.
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
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a buffer of packets, or does not live long enough",
    label = "expected `&[u8]` or `bytes::Bytes`",
    note = "what a getter returns borrows from the buffer `&[u8]`, but from the packet if it owns `Bytes`"
)]
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
    #[expect(unnameable_types, reason = "this seals the public trait")]
    pub trait Sealed {}
    impl Sealed for &[u8] {}
    #[cfg(feature = "bytes")]
    impl Sealed for bytes::Bytes {}

    #[expect(unnameable_types, reason = "this seals the public trait")]
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
