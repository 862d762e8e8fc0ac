//! User Property.

use crate::buffer::{Buffer, DefaultBuffer, IntoBuffer, Lend};
use crate::text::{TextError, Utf8String};
use core::fmt;

/// A User Property: a name and a value, whose meaning the application defines.
///
/// A set may contain any number of them, and several may have the same name. Their order is preserved.
///
/// ```
/// use mqtt_types::PublishProperties;
///
/// let mut storage = [0; 32];
/// let properties = PublishProperties::builder_in(&mut storage).user_property("a", "1").user_property("a", "2").build()?;
/// let values: Vec<&str> = properties.user_properties().map(|pair| pair.value.as_str()).collect();
/// assert_eq!(values, ["1", "2"]);
/// # Ok::<(), mqtt_types::BuildError>(())
/// ```
#[derive(Clone, Copy)]
pub struct UserProperty<B = DefaultBuffer> {
    /// The name.
    pub name: Utf8String<B>,
    /// The value.
    pub value: Utf8String<B>,
}

impl<B: Buffer> UserProperty<B> {
    /// Checks a name and a value. Nothing is copied.
    ///
    /// # Errors
    ///
    /// Returns an error if the name or the value is not a legal UTF-8 Encoded String.
    pub fn new(name: impl IntoBuffer<Buffer = B>, value: impl IntoBuffer<Buffer = B>) -> Result<Self, TextError> {
        Ok(Self { name: Utf8String::new(name)?, value: Utf8String::new(value)? })
    }
}

impl<'i, 'o, B: Lend<'i, 'o>> UserProperty<B> {
    /// Returns the name and the value, as the `user_properties` of builders take them.
    #[must_use]
    pub fn as_pair(&'i self) -> (&'o str, &'o str) {
        (self.name.as_str(), self.value.as_str())
    }
}

crate::buffer::over_buffers!(UserProperty { plain: [], raw: [], parts: [name, value], options: [] });

impl<B: Buffer> fmt::Debug for UserProperty<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {:?}", self.name, self.value)
    }
}

#[cfg(test)]
mod tests {
    use super::UserProperty;
    use crate::Utf8String;

    #[test]
    fn a_user_property_shows_as_name_and_value() {
        let pair = UserProperty::new("a", "b").unwrap();
        assert_eq!((pair.as_pair(), pair.name), (("a", "b"), Utf8String::new("a").unwrap()));
        assert!(UserProperty::new("\0", "b").is_err() && UserProperty::new("a", "\0").is_err());
        assert_eq!(format!("{pair:?}"), r#""a": "b""#);
    }
}
