//! The implementation that the property sets of all packets share: checked bytes, comparison and display.

use crate::buffer::{Buffer, Lend};
use crate::property::error::PropertyError;
use crate::property::identifier::PropertyIdentifier;
use crate::property::iter::{PropertyIter, Repeated};
use crate::property::property::Property;
use crate::property::rules::{HAS_PLACEHOLDERS, PropertyRules, check_properties, check_with_placeholders};
use core::fmt;

/// The data that the property sets of all packets share: the checked bytes, and a bit for each property that is
/// present. [`HAS_PLACEHOLDERS`] is set if the bytes contain placeholders, which every reader skips.
#[derive(Clone, Copy, Default)]
pub(crate) struct CheckedProperties<B> {
    pub(crate) bytes: B,
    pub(crate) present: u64,
}

impl<B: Buffer> CheckedProperties<B> {
    #[inline]
    pub(crate) fn new(bytes: B, rules: &PropertyRules) -> Result<Self, PropertyError> {
        // Most sets are empty, which is legal except in AUTH.
        let present = if bytes.as_ref().is_empty() && rules.may_be_empty() {
            0
        } else {
            check_properties(bytes.as_ref(), rules)?
        };
        Ok(Self { bytes, present })
    }

    /// Creates a set that may have placeholders.
    #[cold]
    pub(crate) fn with_placeholders(bytes: B, rules: &PropertyRules) -> Result<Self, PropertyError> {
        let present = check_with_placeholders(bytes.as_ref(), rules)?;
        Ok(Self { bytes, present })
    }

    #[inline]
    pub(crate) const fn has_placeholders(&self) -> bool {
        self.present & HAS_PLACEHOLDERS != 0
    }

    #[inline]
    pub(crate) const fn is_empty(&self, rules: &PropertyRules) -> bool {
        if rules.may_have_placeholders() { self.identifiers() == 0 } else { self.present == 0 }
    }

    /// Returns the bits of the properties that are present.
    #[inline]
    const fn identifiers(&self) -> u64 {
        self.present & !HAS_PLACEHOLDERS
    }

    #[inline]
    pub(crate) const fn has(&self, identifier: PropertyIdentifier) -> bool {
        self.present & identifier.bit() != 0
    }

    #[inline]
    pub(crate) fn map_buffer<'i, C: Buffer>(&'i self, map: &mut impl FnMut(&'i B) -> C) -> CheckedProperties<C> {
        CheckedProperties { bytes: map(&self.bytes), present: self.present }
    }
}

impl<'i, 'o, B: Lend<'i, 'o>> CheckedProperties<B> {
    pub(crate) fn iter(&'i self) -> PropertyIter<'o> {
        PropertyIter { rest: self.bytes.lend() }
    }

    /// Returns the first property with this identifier. If it is absent, nothing is decoded. If it is present, the
    /// properties before it are decoded too.
    pub(crate) fn find(&'i self, identifier: PropertyIdentifier) -> Option<Property<'o>> {
        if !self.has(identifier) {
            return None;
        }
        self.iter().find(|property| property.identifier() == identifier)
    }

    pub(crate) fn repeated<T>(&'i self, identifier: PropertyIdentifier) -> Repeated<'o, T> {
        let rest = if self.has(identifier) { self.bytes.lend() } else { &[] };
        Repeated::new(PropertyIter { rest })
    }
}

/// Two sets are equal if they have the same properties. The order of different properties has no meaning (section
/// 2.2.2.2), but the order of User Properties has one.
impl<B: Buffer, C: Buffer> PartialEq<CheckedProperties<C>> for CheckedProperties<B> {
    fn eq(&self, other: &CheckedProperties<C>) -> bool {
        if self.bytes.as_ref() == other.bytes.as_ref() {
            return true;
        }
        // Without placeholders, equal sets have equal lengths.
        let may_be_equal = self.bytes.as_ref().len() == other.bytes.as_ref().len()
            || self.has_placeholders()
            || other.has_placeholders();
        self.identifiers() == other.identifiers()
            && may_be_equal
            && PropertyIdentifier::ALL.into_iter().filter(|identifier| self.has(*identifier)).all(|identifier| {
                let is_it = move |property: &Property<'_>| property.identifier() == identifier;
                self.iter().filter(is_it).eq(other.iter().filter(is_it))
            })
    }
}

impl<B: Buffer> Eq for CheckedProperties<B> {}

impl<B: Buffer> core::hash::Hash for CheckedProperties<B> {
    fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
        self.identifiers().hash(state);
        for identifier in PropertyIdentifier::ALL.into_iter().filter(|identifier| self.has(*identifier)) {
            for property in self.iter().filter(|property| property.identifier() == identifier) {
                property.hash(state);
            }
        }
    }
}

impl<B: Buffer> fmt::Debug for CheckedProperties<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for property in self.iter() {
            map.key(&format_args!("{}", property.identifier().snake_case_name()));
            match property {
                Property::PayloadFormatIndicator(value) => map.value(&value),
                Property::MessageExpiryInterval(value)
                | Property::SessionExpiryInterval(value)
                | Property::WillDelayInterval(value) => map.value(&value),
                Property::ContentType(value)
                | Property::AssignedClientIdentifier(value)
                | Property::AuthenticationMethod(value)
                | Property::ResponseInformation(value)
                | Property::ServerReference(value)
                | Property::ReasonString(value) => map.value(&value),
                Property::ResponseTopic(value) => map.value(&value),
                Property::CorrelationData(value) | Property::AuthenticationData(value) => map.value(&value),
                Property::SubscriptionIdentifier(value) => map.value(&value.get()),
                Property::ServerKeepAlive(value) => map.value(&value.as_seconds()),
                Property::RequestProblemInformation(value)
                | Property::RequestResponseInformation(value)
                | Property::RetainAvailable(value)
                | Property::WildcardSubscriptionAvailable(value)
                | Property::SubscriptionIdentifierAvailable(value)
                | Property::SharedSubscriptionAvailable(value) => map.value(&value),
                Property::ReceiveMaximum(value) | Property::TopicAlias(value) => map.value(&value),
                Property::TopicAliasMaximum(value) => map.value(&value),
                Property::MaximumQoS(value) => map.value(&value.as_u8()),
                Property::MaximumPacketSize(value) => map.value(&value),
                Property::UserProperty(pair) => map.value(&(pair.name, pair.value)),
            };
        }
        map.finish()
    }
}

#[cfg(test)]
mod tests {
    use crate::PublishProperties;
    use core::hash::{BuildHasher as _, BuildHasherDefault};

    #[cfg(feature = "bytes")]
    #[test]
    fn equals_itself_over_another_buffer() {
        let bytes = &[0x0B, 1, 0x26, 0, 1, b'a', 0, 0, 0x02, 0, 0, 0, 60, 0x26, 0, 1, b'b', 0, 0, 0x0B, 2];
        let set = PublishProperties::new(bytes).unwrap();
        let shared = set.to_shared();
        assert_eq!((shared.as_bytes(), shared.message_expiry_interval()), (&bytes[..], Some(60)));
        assert_eq!((shared.as_borrowed(), &shared), (set, &set.to_shared()));
    }

    /// Section 2.2.2.2.
    #[test]
    fn the_order_of_different_properties_has_no_meaning() {
        let state = BuildHasherDefault::<std::hash::DefaultHasher>::default();
        let parts: [&[u8]; 3] = [&[0x01, 1], &[0x02, 0, 0, 0, 60], &[0x23, 0, 7]];
        let forwards = parts.concat();
        let forwards = PublishProperties::new(&forwards[..]).unwrap();
        for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            let other = order.map(|part: usize| parts[part]).concat();
            let other = PublishProperties::new(&other[..]).unwrap();
            assert_eq!((forwards, state.hash_one(forwards)), (other, state.hash_one(other)), "{order:?}");
        }
        let others: [&[u8]; 4] = [
            &[],
            &[0x01, 1, 0x02, 0, 0, 0, 60],
            &[0x01, 0, 0x02, 0, 0, 0, 60, 0x23, 0, 7],
            &[0x01, 1, 0x02, 0, 0, 0, 61, 0x23, 0, 7],
        ];
        for other in others {
            let other = PublishProperties::new(other).unwrap();
            assert!(forwards != other && state.hash_one(forwards) != state.hash_one(other), "{other:?}");
        }
    }
}
