//! Definition of options that have a value.

/// Defines for each option the setter, which is called `with_…`, and the getter, which has the plain name.
macro_rules! value_options {
    (
        $options:ident $(<$lifetime:lifetime>)?
        $(
            $(#[doc = $setter_doc:literal])* $setter:ident
            $(#[doc = $getter_doc:literal])* $getter:ident: $type:ty;
        )*
    ) => {
        impl $(<$lifetime>)? $options $(<$lifetime>)? {
            $(
                $(#[doc = $setter_doc])*
                #[must_use]
                pub const fn $setter(self, $getter: $type) -> Self {
                    Self { $getter, ..self }
                }

                $(#[doc = $getter_doc])*
                #[inline]
                #[must_use]
                pub const fn $getter(&self) -> $type {
                    self.$getter
                }
            )*
        }
    };
}
pub(crate) use value_options;

/// Implements the conversion from a version, and the default, for options that begin with a version.
macro_rules! options_of_a_version {
    ($options:ident) => {
        /// Returns options with the version 5.0 and the default of every other option.
        impl Default for $options {
            fn default() -> Self {
                Self::new(ProtocolVersion::V5)
            }
        }

        impl From<ProtocolVersion> for $options {
            fn from(version: ProtocolVersion) -> Self {
                Self::new(version)
            }
        }
    };
}
pub(super) use options_of_a_version;
