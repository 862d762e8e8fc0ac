//! Iterators over the properties of a set.

use crate::property::placeholder::skip_placeholders;
use crate::property::property::Property;
use crate::property::subscription_identifier::SubscriptionIdentifier;
use crate::property::user_property::UserProperty;
use core::{fmt, marker::PhantomData};

/// An iterator over the properties of a set, in wire order.
///
/// ```
/// use mqtt_types::{Property, PropertyIdentifier, PublishProperties};
///
/// let properties = PublishProperties::new(&[0x02, 0, 0, 0, 60, 0x23, 0, 7])?;
/// let mut iter = properties.iter();
/// assert_eq!(iter.next(), Some(Property::MessageExpiryInterval(60)));
/// assert_eq!(iter.as_bytes(), [0x23, 0, 7]);
/// assert_eq!(iter.next().unwrap().identifier(), PropertyIdentifier::TopicAlias);
/// assert_eq!(iter.next(), None);
/// # Ok::<(), mqtt_types::PropertyError>(())
/// ```
#[derive(Clone)]
pub struct PropertyIter<'a> {
    pub(crate) rest: &'a [u8],
}

impl<'a> PropertyIter<'a> {
    /// Returns the bytes of the properties that have not been returned yet. They include placeholders, if the set
    /// has any.
    #[must_use]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.rest
    }

    /// Returns the next property and its bytes: identifier and value.
    ///
    /// ```
    /// use mqtt_types::{Property, PublishProperties};
    ///
    /// let properties = PublishProperties::new(&[0x02, 0, 0, 0, 60, 0x23, 0, 7])?;
    /// let mut iter = properties.iter();
    /// assert_eq!(iter.next_with_bytes(), Some((Property::MessageExpiryInterval(60), &[0x02, 0, 0, 0, 60][..])));
    /// # Ok::<(), mqtt_types::PropertyError>(())
    /// ```
    pub fn next_with_bytes(&mut self) -> Option<(Property<'a>, &'a [u8])> {
        let start = skip_placeholders(self.rest);
        let (property, rest) = Property::read_checked(start)?;
        self.rest = rest;
        Some((property, start.get(..start.len().saturating_sub(rest.len()))?))
    }
}

/// Shows the properties that have not been returned yet; of binary data only the length, as it may be secret.
impl fmt::Debug for PropertyIter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

impl<'a> Iterator for PropertyIter<'a> {
    type Item = Property<'a>;

    #[inline]
    fn next(&mut self) -> Option<Property<'a>> {
        while !self.rest.is_empty() {
            if let Some((property, rest)) = Property::read_checked(self.rest) {
                self.rest = rest;
                return Some(property);
            }
            // Checked bytes that are no property are placeholders.
            self.rest = after_placeholders(self.rest);
        }
        None
    }
}

/// Returns the bytes after the placeholders at the start of `rest`, or none if there are no placeholders.
///
/// Takes the bytes instead of the iterator, which therefore needs no memory in the caller.
#[cold]
#[inline(never)]
fn after_placeholders(rest: &[u8]) -> &[u8] {
    let after = skip_placeholders(rest);
    if after.len() < rest.len() { after } else { &[] }
}

impl core::iter::FusedIterator for PropertyIter<'_> {}

/// An iterator over the values of a property that is allowed many times, in wire order.
///
/// ```
/// use mqtt_types::{PublishProperties, SubscriptionIdentifier};
///
/// let mut storage = [0; 64];
/// let properties = PublishProperties::builder_in(&mut storage)
///     .user_property("unit", "celsius")
///     .subscription_identifier(SubscriptionIdentifier::try_from(7)?)
///     .user_property("room", "kitchen")
///     .build()?;
/// assert!(properties.user_properties().map(|pair| pair.name.as_str()).eq(["unit", "room"]));
/// assert!(properties.subscription_identifiers().map(|identifier| identifier.get()).eq([7]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Repeated<'a, T> {
    properties: PropertyIter<'a>,
    item: PhantomData<T>,
}

impl<'a, T> Repeated<'a, T> {
    pub(crate) const fn new(properties: PropertyIter<'a>) -> Self {
        Self { properties, item: PhantomData }
    }
}

#[cfg(feature = "defmt")]
impl<'a, T> Repeated<'a, T> {
    pub(crate) const fn rest(&self) -> &PropertyIter<'a> {
        &self.properties
    }
}

impl<T> Clone for Repeated<'_, T> {
    fn clone(&self) -> Self {
        Self { properties: self.properties.clone(), item: PhantomData }
    }
}

impl<T> fmt::Debug for Repeated<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Repeated").field(&self.properties).finish()
    }
}

/// An iterator over the User Properties of a set, in their order.
pub type UserProperties<'a> = Repeated<'a, UserProperty<&'a [u8]>>;

/// An iterator over the Subscription Identifiers of a PUBLISH.
pub type SubscriptionIdentifiers<'a> = Repeated<'a, SubscriptionIdentifier>;

impl<'a> Iterator for UserProperties<'a> {
    type Item = UserProperty<&'a [u8]>;

    fn next(&mut self) -> Option<Self::Item> {
        self.properties.find_map(|property| match property {
            Property::UserProperty(pair) => Some(pair),
            _ => None,
        })
    }
}

impl Iterator for SubscriptionIdentifiers<'_> {
    type Item = SubscriptionIdentifier;

    fn next(&mut self) -> Option<Self::Item> {
        self.properties.find_map(|property| match property {
            Property::SubscriptionIdentifier(identifier) => Some(identifier),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::PublishProperties;

    /// Three properties, two of which appear twice.
    const BYTES: &[u8] = &[0x0B, 1, 0x26, 0, 1, b'a', 0, 0, 0x02, 0, 0, 0, 60, 0x26, 0, 1, b'b', 0, 0, 0x0B, 2];

    #[test]
    fn repeated_properties_are_read_in_their_order() {
        let set = PublishProperties::new(BYTES).unwrap();
        assert!(set.user_properties().map(|pair| pair.name.as_str()).eq(["a", "b"]));
        assert!(set.subscription_identifiers().map(|identifier| identifier.get()).eq([1, 2]));
        assert_eq!(set.message_expiry_interval(), Some(60));
        let rest: Vec<_> = set.user_properties().clone().skip(1).map(|pair| pair.name.to_string()).collect();
        assert_eq!(rest, ["b"]);
        let shown = format!("{:?}", set.user_properties());
        assert!(shown.starts_with("Repeated(") && shown.contains("\"a\": \"\""), "{shown}");
        let none = PublishProperties::new(&[0x01, 1]).unwrap();
        assert_eq!((none.user_properties().count(), none.subscription_identifiers().count()), (0, 0));
    }
}
