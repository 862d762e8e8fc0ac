//! The forms that values of MQTT and of MQTT-SN share: numbers and names.

use core::fmt;
use serde::de::{self, Unexpected, Visitor};

/// Implements both directions for types that serialize as a number. The row names the getter and the checked
/// constructor.
macro_rules! numbers {
    ($($type:ident: $number:ty, $get:expr, $make:expr;)*) => {$(
        /// Serializes as a number.
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let number: $number = $get(*self);
                serde::Serialize::serialize(&number, serializer)
            }
        }

        /// Deserializes from a number.
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let number = <$number as serde::Deserialize>::deserialize(deserializer)?;
                $make(number).map_err(<D::Error as serde::de::Error>::custom)
            }
        }
    )*};
}
pub(crate) use numbers;

/// Visits a text that must be one of a few names.
pub(crate) struct Name<F> {
    pub(crate) parse: F,
    pub(crate) expecting: &'static str,
}

impl<T, F: Fn(&str) -> Option<T>> Visitor<'_> for Name<F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expecting)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        (self.parse)(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}
