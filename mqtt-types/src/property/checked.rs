//! What the property sets of all packets have in common: rules, checked bytes, iteration, building. Section 2.2.2.

use crate::buffer::{BuildError, Storage};
use crate::property::property::{PropertyErrorKind, check_value};
use crate::{Buffer, Lend, Property, PropertyIdentifier, SubscriptionIdentifier, TextError, UserProperty};
use core::{fmt, marker::PhantomData};

/// Bytes that are no set of properties: which rule, which property, which byte.
///
/// ```
/// use mqtt_types::{PropertyErrorKind, PropertyIdentifier, PublishProperties};
///
/// let error = PublishProperties::new(&[0x23, 0x00, 0x00]).unwrap_err();
/// assert_eq!(error.kind(), PropertyErrorKind::TopicAliasZero);
/// assert_eq!(error.property(), Some(PropertyIdentifier::TopicAlias));
/// assert_eq!(error.to_string(), "Topic Alias is 0 at byte 1");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PropertyError {
    kind: PropertyErrorKind,
    property: Option<PropertyIdentifier>,
    offset: usize,
}

impl PropertyError {
    /// Which rule is broken.
    #[must_use]
    pub const fn kind(&self) -> PropertyErrorKind {
        self.kind
    }

    /// By which property; `None` if the identifier is unknown.
    #[must_use]
    pub const fn property(&self) -> Option<PropertyIdentifier> {
        self.property
    }

    /// The first byte that breaks it, counted from the start of the properties, behind the Property Length.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }
}

impl fmt::Display for PropertyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.property {
            Some(property) => write!(f, "{property} {} at byte {}", self.kind, self.offset),
            None => write!(f, "{} at byte {}", self.kind, self.offset),
        }
    }
}

impl core::error::Error for PropertyError {}

/// Which packet's set it is, and so what may be in it.
pub(crate) struct Rules {
    /// The bits of the properties that the packet has.
    allowed: u64,
    /// The bits of those that may be there more than once.
    repeatable: u64,
    /// Authentication Data needs an Authentication Method: CONNECT.
    data_needs_method: bool,
    /// There must be an Authentication Method: AUTH.
    needs_method: bool,
}

impl Rules {
    pub(crate) const fn new(identifiers: &[PropertyIdentifier], repeatable: &[PropertyIdentifier]) -> Self {
        Self { allowed: bits(identifiers), repeatable: bits(repeatable), data_needs_method: false, needs_method: false }
    }

    pub(crate) const fn with_data_only_with_method(self) -> Self {
        Self { data_needs_method: true, ..self }
    }

    pub(crate) const fn with_method(self) -> Self {
        Self { needs_method: true, ..self }
    }

    pub(crate) const fn allows(&self, identifier: PropertyIdentifier) -> bool {
        self.allowed & identifier.bit() != 0
    }

    /// What a whole set must have besides what each of its properties must be.
    const fn check_whole(&self, present: u64) -> Result<(), PropertyErrorKind> {
        let has_method = present & PropertyIdentifier::AuthenticationMethod.bit() != 0;
        let has_data = present & PropertyIdentifier::AuthenticationData.bit() != 0;
        if self.needs_method && !has_method {
            Err(PropertyErrorKind::AuthenticationMethodMissing)
        } else if self.data_needs_method && has_data && !has_method {
            Err(PropertyErrorKind::AuthenticationDataWithoutMethod)
        } else {
            Ok(())
        }
    }
}

const fn bits(identifiers: &[PropertyIdentifier]) -> u64 {
    let mut bits = 0;
    let mut rest = identifiers;
    while let [first, after @ ..] = rest {
        bits |= first.bit();
        rest = after;
    }
    bits
}

/// Checks a set against a packet's rules, in one pass; gives the bits of what is there.
fn check(bytes: &[u8], rules: &Rules) -> Result<u64, PropertyError> {
    let mut present = 0;
    let mut rest = bytes;
    while let [number, value @ ..] = rest {
        let offset_of = |part: &[u8]| bytes.len().saturating_sub(part.len());
        let error = |kind, property, offset| Err(PropertyError { kind, property, offset });
        let Some(identifier) = PropertyIdentifier::from_u8(*number) else {
            return error(PropertyErrorKind::UnknownIdentifier, None, offset_of(rest));
        };
        if !rules.allows(identifier) {
            return error(PropertyErrorKind::NotAllowed, Some(identifier), offset_of(rest));
        }
        let bit = identifier.bit();
        if present & bit & !rules.repeatable != 0 {
            return error(PropertyErrorKind::Duplicate, Some(identifier), offset_of(rest));
        }
        present |= bit;
        rest = match check_value(identifier, value) {
            Ok(rest) => rest,
            Err(fault) => {
                return error(fault.kind, Some(identifier), offset_of(value).saturating_add(fault.offset));
            }
        };
    }
    match rules.check_whole(present) {
        Ok(()) => Ok(present),
        Err(kind) => {
            let (property, offset) = match kind {
                PropertyErrorKind::AuthenticationDataWithoutMethod => {
                    (PropertyIdentifier::AuthenticationData, offset_of(bytes, PropertyIdentifier::AuthenticationData))
                }
                _ => (PropertyIdentifier::AuthenticationMethod, bytes.len()),
            };
            Err(PropertyError { kind, property: Some(property), offset })
        }
    }
}

/// Where in a checked set the first property of this identifier begins.
#[cold]
fn offset_of(bytes: &[u8], identifier: PropertyIdentifier) -> usize {
    let mut rest = bytes;
    while let Some((property, after)) = Property::read_checked(rest) {
        if property.identifier() == identifier {
            break;
        }
        rest = after;
    }
    bytes.len().saturating_sub(rest.len())
}

/// What the typed sets have in common: the checked bytes, and a bit for each property that is there.
#[derive(Clone, Copy, Default)]
pub(crate) struct Set<B> {
    pub(crate) bytes: B,
    pub(crate) present: u64,
}

impl<B: Buffer> Set<B> {
    #[inline]
    pub(crate) fn new(bytes: B, rules: &Rules) -> Result<Self, PropertyError> {
        // Most sets are empty, and all but AUTH's may be.
        let may_be_empty = !rules.needs_method;
        let present = if bytes.as_ref().is_empty() && may_be_empty { 0 } else { check(bytes.as_ref(), rules)? };
        Ok(Self { bytes, present })
    }

    #[inline]
    pub(crate) const fn has(&self, identifier: PropertyIdentifier) -> bool {
        self.present & identifier.bit() != 0
    }

    #[inline]
    pub(crate) fn map_buffer<'i, C: Buffer>(&'i self, map: &mut impl FnMut(&'i B) -> C) -> Set<C> {
        Set { bytes: map(&self.bytes), present: self.present }
    }
}

impl<'i, 'o, B: Lend<'i, 'o>> Set<B> {
    pub(crate) fn iter(&'i self) -> PropertyIter<'o> {
        PropertyIter { rest: self.bytes.lend() }
    }

    /// Absence costs nothing; presence costs a walk over the properties before it.
    pub(crate) fn find(&'i self, identifier: PropertyIdentifier) -> Option<Property<'o>> {
        if !self.has(identifier) {
            return None;
        }
        self.iter().find(|property| property.identifier() == identifier)
    }

    pub(crate) fn repeated<T>(&'i self, identifier: PropertyIdentifier) -> Repeated<'o, T> {
        let rest = if self.has(identifier) { self.bytes.lend() } else { &[] };
        Repeated { properties: PropertyIter { rest }, item: PhantomData }
    }
}

/// Equal if they hold the same properties: the order of different properties has no meaning (section 2.2.2.2), that of
/// User Properties has.
impl<B: Buffer, C: Buffer> PartialEq<Set<C>> for Set<B> {
    fn eq(&self, other: &Set<C>) -> bool {
        if self.bytes.as_ref() == other.bytes.as_ref() {
            return true;
        }
        self.present == other.present
            && self.bytes.as_ref().len() == other.bytes.as_ref().len()
            && PropertyIdentifier::ALL.into_iter().filter(|identifier| self.has(*identifier)).all(|identifier| {
                let is_it = move |property: &Property<'_>| property.identifier() == identifier;
                self.iter().filter(is_it).eq(other.iter().filter(is_it))
            })
    }
}

impl<B: Buffer> Eq for Set<B> {}

impl<B: Buffer> core::hash::Hash for Set<B> {
    fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
        self.present.hash(state);
        for identifier in PropertyIdentifier::ALL.into_iter().filter(|identifier| self.has(*identifier)) {
            for property in self.iter().filter(|property| property.identifier() == identifier) {
                property.hash(state);
            }
        }
    }
}

impl<B: Buffer> fmt::Debug for Set<B> {
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

/// The properties of a set, in the order of the wire.
#[derive(Clone, Debug)]
pub struct PropertyIter<'a> {
    rest: &'a [u8],
}

impl<'a> PropertyIter<'a> {
    /// The bytes of the properties that are still to come.
    #[must_use]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.rest
    }
}

impl<'a> Iterator for PropertyIter<'a> {
    type Item = Property<'a>;

    #[inline]
    fn next(&mut self) -> Option<Property<'a>> {
        let (property, rest) = Property::read_checked(self.rest)?;
        self.rest = rest;
        Some(property)
    }
}

impl core::iter::FusedIterator for PropertyIter<'_> {}

/// The values of a property that may be there many times, in the order of the wire.
pub struct Repeated<'a, T> {
    properties: PropertyIter<'a>,
    item: PhantomData<T>,
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

/// The User Properties of a set, in their order.
pub type UserProperties<'a> = Repeated<'a, UserProperty<&'a [u8]>>;

/// The Subscription Identifiers of a PUBLISH.
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

/// What the typed builders have in common.
#[derive(Debug)]
pub(crate) struct SetBuilder<S> {
    storage: S,
    present: u64,
    /// The first mistake; it is told at the end.
    mistake: Option<BuildError>,
}

impl<S: Storage> SetBuilder<S> {
    pub(crate) const fn new(storage: S) -> Self {
        Self { storage, present: 0, mistake: None }
    }

    pub(crate) fn push(&mut self, rules: &Rules, property: &Property<'_>) {
        let identifier = property.identifier();
        let result = if !rules.allows(identifier) {
            Err(BuildError::NotAllowed(identifier))
        } else if self.present & identifier.bit() & !rules.repeatable != 0 {
            Err(BuildError::Duplicate(identifier))
        } else if self.mistake.is_none() {
            property.put(&mut self.storage)
        } else {
            Ok(())
        };
        self.present |= identifier.bit();
        self.note(result);
    }

    pub(crate) fn push_checked<'a>(
        &mut self,
        rules: &Rules,
        identifier: PropertyIdentifier,
        property: Result<Property<'a>, Invalid>,
    ) {
        match property {
            Ok(property) => self.push(rules, &property),
            Err(Invalid::Text(error)) => self.note(Err(BuildError::Text { property: identifier, error })),
            Err(Invalid::TooLong) => self.note(Err(BuildError::TooLong)),
            Err(Invalid::Value) => self.note(Err(BuildError::InvalidValue(identifier))),
        }
    }

    fn note(&mut self, result: Result<(), BuildError>) {
        if let (Err(mistake), None) = (result, self.mistake) {
            self.mistake = Some(mistake);
        }
    }

    pub(crate) fn build(self, rules: &Rules) -> Result<Set<S::Buffer>, BuildError> {
        if let Some(mistake) = self.mistake {
            return Err(mistake);
        }
        if rules.check_whole(self.present).is_err() {
            // AUTH's builder is given the method at once, so only CONNECT's rule can be broken.
            return Err(BuildError::AuthenticationDataWithoutMethod);
        }
        Ok(Set { bytes: self.storage.finish(), present: self.present })
    }
}

/// A value that a setter was given and that its property does not allow.
pub(crate) enum Invalid {
    Text(TextError),
    TooLong,
    Value,
}

impl From<TextError> for Invalid {
    fn from(error: TextError) -> Self {
        Self::Text(error)
    }
}

impl From<crate::BinaryDataTooLong> for Invalid {
    fn from(_: crate::BinaryDataTooLong) -> Self {
        Self::TooLong
    }
}

#[cfg(test)]
mod tests {
    use crate::{BuildError, ConnectProperties, PropertyIdentifier, PublishProperties};
    use core::hash::{BuildHasher as _, BuildHasherDefault};

    /// Three properties, two of them twice.
    const BYTES: &[u8] = &[0x0B, 1, 0x26, 0, 1, b'a', 0, 0, 0x02, 0, 0, 0, 60, 0x26, 0, 1, b'b', 0, 0, 0x0B, 2];

    #[test]
    fn what_repeats_is_read_in_its_order() {
        let set = PublishProperties::new(BYTES).unwrap();
        assert!(set.user_properties().map(|pair| pair.name.as_str()).eq(["a", "b"]));
        assert!(set.subscription_identifiers().map(|identifier| identifier.get()).eq([1, 2]));
        assert_eq!(set.message_expiry_interval(), Some(60));
        let rest: Vec<_> = set.user_properties().clone().skip(1).map(|pair| pair.name.to_string()).collect();
        assert_eq!(rest, ["b"]);
        let shown = format!("{:?}", set.user_properties());
        assert!(shown.starts_with("Repeated(") && shown.contains("38"), "{shown}"); // 0x26
        let none = PublishProperties::new(&[0x01, 1]).unwrap();
        assert_eq!((none.user_properties().count(), none.subscription_identifiers().count()), (0, 0));
    }

    #[cfg(feature = "bytes")]
    #[test]
    fn is_the_same_set_whatever_holds_it() {
        let set = PublishProperties::new(BYTES).unwrap();
        let shared = set.to_shared();
        assert_eq!((shared.as_bytes(), shared.message_expiry_interval()), (BYTES, Some(60)));
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

    /// Section 3.1.2.11.10.
    #[test]
    fn connect_needs_a_method_for_authentication_data_only() {
        for (bytes, is_legal) in [
            (&[][..], true),
            (&[0x17, 1], true),
            (&[0x15, 0, 1, b'M'], true),
            (&[0x15, 0, 1, b'M', 0x16, 0, 1, 7], true),
            (&[0x16, 0, 1, 7], false),
        ] {
            let set = ConnectProperties::new(bytes);
            assert_eq!(set.is_ok(), is_legal, "{bytes:02x?}");
            let mut storage = [0; 16];
            let builder = ConnectProperties::builder_in(&mut storage);
            let builder = if bytes.contains(&0x17) { builder.request_problem_information(true) } else { builder };
            let builder = if bytes.contains(&0x15) { builder.authentication_method("M") } else { builder };
            let builder = if bytes.contains(&0x16) { builder.authentication_data(&[7]) } else { builder };
            assert_eq!(builder.build().ok(), set.ok(), "{bytes:02x?}");
        }
    }

    #[test]
    fn a_builder_tells_the_first_mistake() {
        let mut storage = [0; 5];
        let builder = PublishProperties::builder_in(&mut storage).message_expiry_interval(60).content_type("\0");
        let error = builder.topic_alias(0).message_expiry_interval(60).build().unwrap_err();
        assert!(matches!(error, BuildError::Text { property: PropertyIdentifier::ContentType, .. }), "{error}");
        let builder = PublishProperties::builder_in(&mut storage).message_expiry_interval(60);
        assert_eq!(builder.topic_alias(1).topic_alias(0).build(), Err(BuildError::StorageFull));
    }
}
