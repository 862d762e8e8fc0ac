//! Macros for types that are generic over their buffer.

/// Implements conversion to the other buffer, and equality and hash that do not depend on the buffer, for a type that
/// is generic over its buffer.
///
/// `plain` fields hold no buffer, `raw` fields are the buffer itself, `parts` are types of this crate to which this macro
/// was applied as well, `options` are such parts in an `Option`.
macro_rules! over_buffers {
    ($(#[$doc:meta])* $name:ident {
        plain: [$($plain:ident),*], raw: [$($raw:ident),*], parts: [$($part:ident),*], options: [$($option:ident),*]
    }) => {
        crate::buffer::over_buffers::over_buffers!(@map $name {
            plain: [$($plain),*], raw: [$($raw),*], parts: [$($part),*], options: [$($option),*]
        });

        impl<B: crate::buffer::buffer::Buffer, C: crate::buffer::buffer::Buffer> PartialEq<$name<C>> for $name<B> {
            fn eq(&self, other: &$name<C>) -> bool {
                $(self.$plain == other.$plain &&)*
                $(self.$raw.as_ref() == other.$raw.as_ref() &&)*
                $(self.$part == other.$part &&)*
                $(self.$option.as_ref().map(|part| part.as_borrowed())
                    == other.$option.as_ref().map(|part| part.as_borrowed()) &&)*
                true
            }
        }

        impl<B: crate::buffer::buffer::Buffer> Eq for $name<B> {}

        impl<B: crate::buffer::buffer::Buffer> core::hash::Hash for $name<B> {
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
        impl<B: crate::buffer::buffer::Buffer> $name<B> {
            /// Returns the same value over another buffer. Private to the crate, because `map` must keep the bytes.
            #[inline]
            pub(crate) fn map_buffer<'i, C: crate::buffer::buffer::Buffer>(
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

            /// Returns the same value, borrowed from this one. Nothing is copied.
            #[inline]
            #[must_use]
            pub fn as_borrowed<'i, 'o>(&'i self) -> $name<&'o [u8]>
            where
                B: crate::buffer::buffer::Lend<'i, 'o>,
            {
                self.map_buffer(&mut crate::buffer::buffer::Lend::lend)
            }
        }

        #[cfg(feature = "bytes")]
        impl<B: crate::buffer::buffer::Buffer> $name<B> {
            crate::buffer::to_compact!($name<bytes::Bytes>);
        }

        impl $name<&[u8]> {
            /// Returns the same value as shared slices of `frame`, the buffer that it was decoded from.
            ///
            /// No byte is copied, and each slice that is not empty takes one reference count. A part that does not
            /// lie in `frame` is copied.
            #[cfg(feature = "bytes")]
            #[inline]
            #[must_use]
            pub fn share(&self, frame: &bytes::Bytes) -> $name<bytes::Bytes> {
                self.map_buffer(&mut |part| crate::buffer::share::share(frame, part))
            }

            /// Copies the value into its own buffers. Each part that is not empty is allocated and copied.
            #[cfg(feature = "bytes")]
            #[must_use]
            pub fn to_shared(&self) -> $name<bytes::Bytes> {
                self.map_buffer(&mut |part| bytes::Bytes::copy_from_slice(part))
            }
        }

        #[cfg(feature = "bytes")]
        impl From<$name<&[u8]>> for $name<bytes::Bytes> {
            /// Copies each part into its own buffer, as `to_shared` does.
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

/// Implements `defmt::Format` for a struct over every buffer. Each field has a name and a value.
macro_rules! format_fields {
    ($name:ident: $($field:ident = |$this:ident| $value:expr;)*) => {
        #[cfg(feature = "defmt")]
        impl<B: crate::buffer::buffer::Buffer> defmt::Format for $name<B> {
            fn format(&self, f: defmt::Formatter<'_>) {
                defmt::write!(f, "{=str} {{ ", stringify!($name));
                $({
                    let $this = self;
                    defmt::write!(f, "{=str}: {}, ", stringify!($field), $value);
                })*
                defmt::write!(f, "}}");
            }
        }
    };
}
pub(crate) use format_fields;

/// Implements `Debug` as a derive does, but for every buffer.
macro_rules! debug_fields {
    ($name:ident: $($field:ident)*) => {
        impl<B: crate::buffer::buffer::Buffer> core::fmt::Debug for $name<B> {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.debug_struct(stringify!($name))$(.field(stringify!($field), &self.$field))*.finish()
            }
        }

        crate::buffer::format_fields!($name: $($field = |this| this.$field;)*);
    };
}
pub(crate) use debug_fields;
