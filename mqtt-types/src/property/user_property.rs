//! User Property.

use crate::buffer::{Buffer, DefaultBuffer};
use crate::text::Utf8String;
use core::fmt;

/// A User Property: a name and a value, whose meaning the application defines.
///
/// A set may contain many of them, also with the same name. Their order is kept.
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
        let pair = UserProperty { name: Utf8String::new("a").unwrap(), value: Utf8String::new("b").unwrap() };
        assert_eq!(format!("{pair:?}"), r#""a": "b""#);
    }
}
