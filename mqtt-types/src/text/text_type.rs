//! The implementations that the three text types share: `Utf8String`, `TopicName` and `TopicFilter`.

/// Implements the methods and traits that the three text types share. Each type has one private field, `bytes`, which
/// its constructors check.
macro_rules! text_type {
    ($name:ident, $is_legal:path, $legal:literal) => {
        impl $name<&'static [u8]> {
            /// Creates a value from a literal. In a `const` the literal is checked at compile time.
            ///
            /// # Panics
            ///
            #[doc = concat!("If the literal is not ", $legal, ".")]
            #[must_use]
            #[track_caller]
            pub const fn from_static(literal: &'static str) -> Self {
                if !$is_legal(literal) {
                    panic!(concat!("the literal is not ", $legal));
                }
                Self { bytes: literal.as_bytes() }
            }
        }

        #[cfg(feature = "bytes")]
        impl $name<bytes::Bytes> {
            /// Creates a shared value from a literal, without a copy. In a `const` the literal is checked at compile
            /// time.
            ///
            /// # Panics
            ///
            #[doc = concat!("If the literal is not ", $legal, ".")]
            #[must_use]
            #[track_caller]
            pub const fn shared_from_static(literal: &'static str) -> Self {
                Self { bytes: bytes::Bytes::from_static($name::from_static(literal).bytes) }
            }
        }

        impl<'i, 'o, B: Lend<'i, 'o>> $name<B> {
            /// Returns the text.
            #[inline]
            #[must_use]
            pub fn as_str(&'i self) -> &'o str {
                crate::text::text_type::str_from_checked(self.bytes.lend())
            }

            /// Returns the bytes of the text, without the length that precedes them on the wire.
            #[inline]
            #[must_use]
            pub fn as_bytes(&'i self) -> &'o [u8] {
                self.bytes.lend()
            }
        }

        impl<B> $name<B> {
            /// Converts the value into the buffer that holds the text.
            #[inline]
            #[must_use]
            pub fn into_buffer(self) -> B {
                self.bytes
            }

            /// Returns the buffer that holds the text.
            #[inline]
            #[must_use]
            pub const fn as_buffer(&self) -> &B {
                &self.bytes
            }
        }

        crate::buffer::over_buffers!(@map $name { plain: [], raw: [bytes], parts: [], options: [] });

        impl<B: Buffer> core::ops::Deref for $name<B> {
            type Target = str;

            #[inline]
            fn deref(&self) -> &str {
                self.as_str()
            }
        }

        impl<B: Buffer> AsRef<str> for $name<B> {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl<B: Buffer> AsRef<[u8]> for $name<B> {
            fn as_ref(&self) -> &[u8] {
                self.bytes.as_ref()
            }
        }

        impl<B: Buffer> core::borrow::Borrow<str> for $name<B> {
            fn borrow(&self) -> &str {
                self.as_str()
            }
        }

        impl<B: Buffer> core::fmt::Display for $name<B> {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl<B: Buffer> core::fmt::Debug for $name<B> {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                core::fmt::Debug::fmt(self.as_str(), f)
            }
        }

        impl<B: Buffer, C: Buffer> PartialEq<$name<C>> for $name<B> {
            #[inline]
            fn eq(&self, other: &$name<C>) -> bool {
                self.bytes.as_ref() == other.bytes.as_ref()
            }
        }

        impl<B: Buffer> Eq for $name<B> {}

        impl<B: Buffer> PartialEq<str> for $name<B> {
            fn eq(&self, other: &str) -> bool {
                self.as_str() == other
            }
        }

        impl<B: Buffer> PartialEq<&str> for $name<B> {
            fn eq(&self, other: &&str) -> bool {
                self.as_str() == *other
            }
        }

        impl<B: Buffer> PartialEq<$name<B>> for str {
            fn eq(&self, other: &$name<B>) -> bool {
                self == other.as_str()
            }
        }

        impl<B: Buffer> PartialEq<$name<B>> for &str {
            fn eq(&self, other: &$name<B>) -> bool {
                *self == other.as_str()
            }
        }

        #[cfg(feature = "bytes")]
        impl<B: Buffer> PartialEq<alloc::string::String> for $name<B> {
            fn eq(&self, other: &alloc::string::String) -> bool {
                self.as_str() == other
            }
        }

        impl<B: Buffer, C: Buffer> PartialOrd<$name<C>> for $name<B> {
            fn partial_cmp(&self, other: &$name<C>) -> Option<core::cmp::Ordering> {
                Some(self.bytes.as_ref().cmp(other.bytes.as_ref()))
            }
        }

        impl<B: Buffer> Ord for $name<B> {
            fn cmp(&self, other: &Self) -> core::cmp::Ordering {
                self.bytes.as_ref().cmp(other.bytes.as_ref())
            }
        }

        impl<B: Buffer> core::hash::Hash for $name<B> {
            fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
                self.as_str().hash(state); // `Borrow<str>` requires the hash of `str`
            }
        }

        impl<'a> TryFrom<&'a str> for $name<&'a [u8]> {
            type Error = TextError;

            fn try_from(text: &'a str) -> Result<Self, TextError> {
                Self::new(text)
            }
        }

        impl<'a> TryFrom<&'a [u8]> for $name<&'a [u8]> {
            type Error = TextError;

            fn try_from(bytes: &'a [u8]) -> Result<Self, TextError> {
                Self::new(bytes)
            }
        }

        #[cfg(feature = "bytes")]
        impl TryFrom<alloc::string::String> for $name<bytes::Bytes> {
            type Error = TextError;

            fn try_from(text: alloc::string::String) -> Result<Self, TextError> {
                Self::new(text)
            }
        }

        #[cfg(feature = "bytes")]
        impl TryFrom<bytes::Bytes> for $name<bytes::Bytes> {
            type Error = TextError;

            fn try_from(bytes: bytes::Bytes) -> Result<Self, TextError> {
                Self::new(bytes)
            }
        }

        #[cfg(feature = "bytes")]
        impl core::str::FromStr for $name<bytes::Bytes> {
            type Err = TextError;

            /// Copies and checks the text.
            fn from_str(text: &str) -> Result<Self, TextError> {
                Ok($name::new(text)?.to_shared())
            }
        }
    };
}
pub(crate) use text_type;

/// Returns the bytes of a checked text as `&str`, without a second check.
///
/// This is the only `unsafe` line of the two libraries. The getters are called often, and a second check on each call would
/// cost as much as decoding the field.
#[inline]
pub(crate) const fn str_from_checked(bytes: &[u8]) -> &str {
    debug_assert!(core::str::from_utf8(bytes).is_ok());
    // SAFETY: `bytes` is well-formed UTF-8. Only the three text types call this function, with their private field `bytes`
    // or, for a share name, with a part of it between two ASCII characters. Their constructors have run `check_text`, or a
    // check built on it, over exactly these bytes, or were given bytes that such a constructor had accepted
    // (`from_checked`). The check accepts only what `core::str::from_utf8` accepts: either every byte is below 0x80, or one
    // of the two checks of `text::utf8` has accepted the text. Both read a text from left to right, and remember at most the
    // three bytes before; their tests compare them with `from_utf8` for every step. The bytes cannot have changed since:
    // `Buffer` is sealed, and both types that implement it, `&[u8]` and `Bytes`, are immutable. A value moves to another
    // buffer only through `map_buffer`, which is private to the crate and is called with functions that keep the bytes.
    #[expect(unsafe_code, reason = "measured: see the comment above")]
    unsafe {
        core::str::from_utf8_unchecked(bytes)
    }
}
