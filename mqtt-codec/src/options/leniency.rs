//! Definition of leniencies: deviations of real peers that decoding accepts on request.

use core::fmt;

/// Defines the enum `Leniency`, and for each variant the method of the options that sets its bit.
macro_rules! leniencies {
    (
        $(#[$enum_doc:meta])* $options:ident
        $($(#[doc = $doc:literal])* $variant:ident $setter:ident = $number:literal;)*
    ) => {
        $(#[$enum_doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Leniency {
            $($(#[doc = $doc])* $variant,)*
        }

        impl Leniency {
            /// All leniencies. Later versions of this crate may have more.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            #[doc = concat!("Returns the name: that of the method of [`", stringify!($options), "`].")]
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => stringify!($setter),)*
                }
            }

            pub(crate) const fn bit(self) -> u32 {
                match self {
                    $(Self::$variant => 1 << $number,)*
                }
            }
        }

        impl core::fmt::Display for Leniency {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.pad(self.name())
            }
        }

        impl core::fmt::Debug for Leniency {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.name())
            }
        }

        impl core::str::FromStr for Leniency {
            type Err = crate::options::UnknownLeniency;

            fn from_str(name: &str) -> Result<Self, Self::Err> {
                let found = Self::ALL.iter().copied().find(|leniency| leniency.name() == name);
                found.ok_or(crate::options::UnknownLeniency)
            }
        }

        impl $options {
            /// The bits of all leniencies.
            pub(crate) const LENIENCIES: u32 = $(Leniency::$variant.bit())|*;

            $(
                #[doc = concat!("Sets whether [`Leniency::", stringify!($variant), "`] is accepted:")]
                #[doc = ""]
                $(#[doc = $doc])*
                #[must_use]
                pub const fn $setter(self, allow: bool) -> Self {
                    self.with_leniency(Leniency::$variant, allow)
                }
            )*

            /// Sets whether a deviation is accepted. Each leniency also has its own method.
            #[must_use]
            pub const fn with_leniency(self, leniency: Leniency, allow: bool) -> Self {
                self.with_bits(leniency.bit(), allow)
            }

            /// Accepts every deviation of [`Leniency`]. The other options are unchanged.
            ///
            /// Later versions of this crate may have more leniencies. To accept the same deviations with every version,
            /// set each leniency by its own method.
            #[must_use]
            pub const fn lenient(self) -> Self {
                self.with_bits(Self::LENIENCIES, true)
            }

            /// Accepts no deviation of [`Leniency`]: the default. The other options are unchanged.
            #[must_use]
            pub const fn strict(self) -> Self {
                self.with_bits(Self::LENIENCIES, false)
            }

            const fn with_bits(self, bits: u32, on: bool) -> Self {
                Self { bits: if on { self.bits | bits } else { self.bits & !bits }, ..self }
            }

            /// Returns `true` if a deviation is accepted.
            #[inline]
            #[must_use]
            pub const fn allows(&self, leniency: Leniency) -> bool {
                self.bits & leniency.bit() != 0
            }

            /// Returns `true` if no deviation is accepted.
            #[inline]
            #[must_use]
            pub const fn is_strict(&self) -> bool {
                self.bits & Self::LENIENCIES == 0
            }

            /// Returns the deviations that are accepted.
            pub fn leniencies(self) -> impl Iterator<Item = Leniency> + Clone {
                Leniency::ALL.iter().copied().filter(move |leniency| self.allows(*leniency))
            }
        }
    };
}
pub(crate) use leniencies;

/// Error for a text that is not the name of a leniency.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UnknownLeniency;

impl fmt::Display for UnknownLeniency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no leniency has this name")
    }
}

impl core::error::Error for UnknownLeniency {}

#[cfg(test)]
mod tests {
    use super::UnknownLeniency;
    use crate::{DecodeOptions, Leniency};

    #[test]
    fn each_leniency_has_a_name_and_a_bit_of_its_own() {
        let mut bits = 0;
        for leniency in Leniency::ALL.iter().copied() {
            assert_eq!(leniency.name().parse(), Ok(leniency));
            assert!(leniency.name().starts_with("allow_"), "{leniency}");
            assert_eq!(leniency.bit().count_ones(), 1);
            assert_eq!(bits & leniency.bit(), 0, "{leniency}");
            bits |= leniency.bit();
        }
        assert_eq!(bits, DecodeOptions::LENIENCIES);
        assert_eq!("allow_bridge".parse::<Leniency>(), Err(UnknownLeniency));
        assert_eq!(
            format!("{:?} {:>18}", Leniency::BridgeBit, Leniency::BridgeBit),
            "allow_bridge_bit   allow_bridge_bit"
        );
    }
}
