//! What the builders of all property sets have in common.

use crate::buffer::{SliceStorage, Storage, StorageError};
use crate::property::build_error::BuildError;
use crate::property::checked_properties::CheckedProperties;
use crate::property::error::PropertyErrorKind;
use crate::property::identifier::PropertyIdentifier;
use crate::property::iter::PropertyIter;
use crate::property::payload_format::PayloadFormat;
use crate::property::property::Property;
use crate::property::rules::{HAS_PLACEHOLDERS, PropertyRules};
use crate::property::splice::place_of;
use crate::property::subscription_identifier::SubscriptionIdentifier;
use crate::text::{TextKind, check_text};
use crate::topic::TopicName;
use crate::value::{KeepAlive, QoS, VariableByteInteger};

/// What the builders of all property sets have in common.
#[derive(Debug)]
pub(crate) struct PropertiesBuilder<S> {
    storage: S,
    present: u64,
    /// The first error. `build` returns it.
    mistake: Option<BuildError>,
}

impl<S: Storage> PropertiesBuilder<S> {
    #[inline]
    pub(crate) const fn new(storage: S) -> Self {
        Self { storage, present: 0, mistake: None }
    }

    /// Creates a builder that begins with the properties of a set, which are copied without another check. Placeholders
    /// are left out.
    pub(crate) fn from_checked(mut storage: S, bytes: &[u8], present: u64) -> Self {
        let result = if present & HAS_PLACEHOLDERS == 0 {
            storage.put(bytes)
        } else {
            let mut properties = PropertyIter { rest: bytes };
            core::iter::from_fn(|| properties.next_with_bytes()).try_for_each(|(_, bytes)| storage.put(bytes))
        };
        let mistake = result.err().map(BuildError::from);
        Self { storage, present: present & !HAS_PLACEHOLDERS, mistake }
    }

    /// Adds a property of any packet.
    pub(crate) fn push(&mut self, rules: &PropertyRules, property: &Property<'_>) {
        let identifier = property.identifier();
        if !rules.allows(identifier) {
            self.present |= identifier.bit();
            self.note(BuildError::NotAllowed(identifier));
        } else if self.begin(identifier, rules.may_repeat(identifier)) {
            let result = property.put(&mut self.storage);
            self.note_error(result);
        }
    }

    /// Removes all properties with this identifier, and writes a property in the place of the first.
    pub(crate) fn replace(&mut self, rules: &PropertyRules, property: &Property<'_>) {
        let identifier = property.identifier();
        let place = place_of(self.storage.written(), identifier);
        let (Some(place), None) = (place, self.mistake) else {
            self.push(rules, property);
            return;
        };
        let old_len = self.storage.written().len();
        let result = property.put(&mut self.storage);
        self.note_error(result);
        if let Some(tail) = self.storage.written().get_mut(place.start..) {
            // The new property is the end of the tail and becomes its start.
            let len = tail.len().saturating_sub(old_len.saturating_sub(place.start));
            if len <= tail.len() {
                tail.rotate_right(len);
            }
            let start = place.start.saturating_add(len);
            self.cut(start..start.saturating_add(place.len()));
            self.remove_behind(start, identifier);
        }
    }

    /// Removes all properties with this identifier.
    pub(crate) fn remove(&mut self, identifier: PropertyIdentifier) {
        self.present &= !identifier.bit();
        self.remove_behind(0, identifier);
    }

    fn remove_behind(&mut self, start: usize, identifier: PropertyIdentifier) {
        let mut start = start;
        while let Some(place) = self.storage.written().get(start..).and_then(|rest| place_of(rest, identifier)) {
            start = start.saturating_add(place.start);
            self.cut(start..start.saturating_add(place.len()));
        }
    }

    /// Removes bytes and moves those after them.
    fn cut(&mut self, place: core::ops::Range<usize>) {
        let Some(tail) = self.storage.written().get_mut(place.start..) else { return };
        let (cut_len, tail_len) = (place.len().min(tail.len()), tail.len());
        tail.copy_within(cut_len.., 0);
        self.storage.truncate(place.start.saturating_add(tail_len.saturating_sub(cut_len)));
    }

    /// Records that the property is present. Returns `true` if it must be written.
    #[inline]
    fn begin(&mut self, identifier: PropertyIdentifier, may_repeat: bool) -> bool {
        if self.present & identifier.bit() != 0 && !may_repeat {
            self.note(BuildError::Duplicate(identifier));
        }
        self.present |= identifier.bit();
        self.mistake.is_none()
    }

    /// Adds a property whose identifier and value are these bytes.
    #[inline]
    fn put<const LEN: usize>(&mut self, identifier: PropertyIdentifier, may_repeat: bool, bytes: [u8; LEN]) {
        if self.begin(identifier, may_repeat) {
            let result = self.storage.put(&bytes);
            self.note_error(result);
        }
    }

    /// Adds a property that is a text.
    fn put_text(&mut self, identifier: PropertyIdentifier, text: &str) {
        let bytes = text.as_bytes();
        let checked = if identifier == PropertyIdentifier::ResponseTopic {
            TopicName::new(bytes).map(|_| ())
        } else {
            check_text(bytes, TextKind::Utf8String)
        };
        match checked {
            Ok(()) => self.put_data(identifier, bytes),
            Err(error) => self.note(BuildError::Text { property: identifier, error }),
        }
    }

    /// Adds a property whose value is a two-byte length and bytes.
    fn put_data(&mut self, identifier: PropertyIdentifier, bytes: &[u8]) {
        if !self.begin(identifier, false) {
            return;
        }
        let result = match u16::try_from(bytes.len()) {
            Ok(len) => self.storage.grow(bytes.len().saturating_add(3)).map(|grown| {
                let [high, low] = len.to_be_bytes();
                fill(grown, [identifier.as_u8(), high, low], bytes);
            }),
            Err(_) => Err(StorageError::TooLong),
        };
        self.note_error(result);
    }

    /// Adds a User Property.
    pub(crate) fn put_pair(&mut self, name: &str, value: &str) {
        let property = PropertyIdentifier::UserProperty;
        let (name, value) = (name.as_bytes(), value.as_bytes());
        let checked = check_text(name, TextKind::Utf8String).and_then(|()| check_text(value, TextKind::Utf8String));
        if let Err(error) = checked {
            self.note(BuildError::Text { property, error });
        }
        if !self.begin(property, true) {
            return;
        }
        let result = match (u16::try_from(name.len()), u16::try_from(value.len())) {
            (Ok(name_len), Ok(value_len)) => {
                let len = name.len().saturating_add(value.len()).saturating_add(5);
                self.storage.grow(len).map(|grown| {
                    let [high, low] = name_len.to_be_bytes();
                    let rest = fill(grown, [property.as_u8(), high, low], name);
                    fill(rest, value_len.to_be_bytes(), value);
                })
            }
            _ => Err(StorageError::TooLong),
        };
        self.note_error(result);
    }

    fn note_error(&mut self, result: Result<(), impl Into<BuildError>>) {
        if let Err(error) = result {
            self.note(error.into());
        }
    }

    #[cold]
    #[inline(never)]
    fn note(&mut self, mistake: BuildError) {
        self.mistake.get_or_insert(mistake);
    }

    #[inline]
    pub(crate) fn build(self, rules: &PropertyRules) -> Result<CheckedProperties<S::Buffer>, BuildError> {
        if let Some(mistake) = self.mistake {
            return Err(mistake);
        }
        match rules.check_whole(self.present) {
            Ok(()) => Ok(CheckedProperties { bytes: self.storage.finish(), present: self.present }),
            Err(PropertyErrorKind::AuthenticationMethodMissing) => Err(BuildError::AuthenticationMethodMissing),
            Err(_) => Err(BuildError::AuthenticationDataWithoutMethod),
        }
    }
}

/// Writes a head and bytes to the front of a slice, and returns the rest of the slice.
#[inline]
fn fill<'s, const HEAD: usize>(slice: &'s mut [u8], head: [u8; HEAD], bytes: &[u8]) -> &'s mut [u8] {
    let Some((to, rest)) = slice.split_first_chunk_mut::<HEAD>() else { return &mut [] };
    *to = head;
    let Some((to, rest)) = rest.split_at_mut_checked(bytes.len()) else { return &mut [] };
    to.copy_from_slice(bytes);
    rest
}

/// A type that setters take, before it is known to be legal.
pub(crate) trait Value {
    /// Checks the value and adds the property.
    fn put<S: Storage>(self, builder: &mut PropertiesBuilder<S>, identifier: PropertyIdentifier, may_repeat: bool);
}

macro_rules! values {
    ($(|$value:ident: $type:ty, $identifier:ident| [$($byte:ident),*] $bytes:expr;)*) => {$(
        impl Value for $type {
            #[inline]
            fn put<S: Storage>(self, builder: &mut PropertiesBuilder<S>, identifier: PropertyIdentifier, may_repeat: bool) {
                let ($value, $identifier) = (self, identifier);
                match $bytes {
                    Some([$($byte),*]) => builder.put(identifier, may_repeat, [identifier.as_u8(), $($byte),*]),
                    None => builder.note(BuildError::InvalidValue(identifier)),
                }
            }
        }
    )*};
}

values! {
    |value: bool, _identifier| [a] Some([u8::from(value)]);
    |value: PayloadFormat, _identifier| [a] Some([value.as_u8()]);
    |value: QoS, _identifier| [a] (value != QoS::ExactlyOnce).then_some([value.as_u8()]);
    |value: KeepAlive, _identifier| [a, b] Some(value.as_seconds().to_be_bytes());
    |value: u16, identifier| [a, b] (value != 0 || !identifier.is_never_0()).then_some(value.to_be_bytes());
    |value: u32, identifier| [a, b, c, d] (value != 0 || !identifier.is_never_0()).then_some(value.to_be_bytes());
}

impl Value for SubscriptionIdentifier {
    fn put<S: Storage>(self, builder: &mut PropertiesBuilder<S>, identifier: PropertyIdentifier, may_repeat: bool) {
        if builder.begin(identifier, may_repeat) {
            let mut bytes = [0; 5];
            let mut storage = SliceStorage::new(&mut bytes);
            let encoded = VariableByteInteger::from(self).encode();
            let result = storage.put(&[identifier.as_u8()]).and_then(|()| storage.put(encoded.as_ref()));
            let result = result.and_then(|()| builder.storage.put(storage.finish()));
            builder.note_error(result);
        }
    }
}

impl Value for &str {
    #[inline]
    fn put<S: Storage>(self, builder: &mut PropertiesBuilder<S>, identifier: PropertyIdentifier, _: bool) {
        builder.put_text(identifier, self);
    }
}

impl Value for &[u8] {
    #[inline]
    fn put<S: Storage>(self, builder: &mut PropertiesBuilder<S>, identifier: PropertyIdentifier, _: bool) {
        builder.put_data(identifier, self);
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        AuthProperties, BuildError, ConnectProperties, Property, PropertyIdentifier, PublishProperties, UserProperty,
        Utf8String,
    };

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

    const EXPIRY: &[u8] = &[0x02, 0, 0, 0, 60];
    const ALIAS: &[u8] = &[0x23, 0, 7];
    const ONE: &[u8] = &[0x26, 0, 1, b'a', 0, 0];
    const TWO: &[u8] = &[0x26, 0, 1, b'b', 0, 3, b'x', b'y', b'z'];

    /// Returns cases: a property, the set to change, the set after replacing it, and the set after removing it.
    fn changes() -> Vec<(Property<'static>, [Vec<u8>; 3])> {
        let sooner = &[0x02, 0, 0, 0, 1][..];
        let expiry = Property::MessageExpiryInterval(1);
        let pair = UserProperty { name: Utf8String::new("c").unwrap(), value: Utf8String::new("de").unwrap() };
        let (pair, pair_bytes) = (Property::UserProperty(pair), &[0x26, 0, 1, b'c', 0, 2, b'd', b'e'][..]);
        [
            (expiry, [&[][..], &[], &[]], [sooner, &[], &[]], [&[][..], &[], &[]]),
            (expiry, [EXPIRY, &[], &[]], [sooner, &[], &[]], [&[], &[], &[]]),
            (expiry, [ONE, ALIAS, &[]], [ONE, ALIAS, sooner], [ONE, ALIAS, &[]]),
            (expiry, [EXPIRY, ONE, ALIAS], [sooner, ONE, ALIAS], [ONE, ALIAS, &[]]),
            (expiry, [ONE, EXPIRY, ALIAS], [ONE, sooner, ALIAS], [ONE, ALIAS, &[]]),
            (expiry, [ONE, ALIAS, EXPIRY], [ONE, ALIAS, sooner], [ONE, ALIAS, &[]]),
            (pair, [ONE, ALIAS, &[]], [pair_bytes, ALIAS, &[]], [ALIAS, &[], &[]]), // longer
            (pair, [ALIAS, TWO, EXPIRY], [ALIAS, pair_bytes, EXPIRY], [ALIAS, EXPIRY, &[]]), // shorter
            (pair, [ONE, ALIAS, TWO], [pair_bytes, ALIAS, &[]], [ALIAS, &[], &[]]), // repeated
            (pair, [ONE, TWO, ONE], [pair_bytes, &[], &[]], [&[], &[], &[]]),
        ]
        .map(|(property, before, replaced, removed)| {
            (property, [before, replaced, removed].map(|parts| parts.concat()))
        })
        .into()
    }

    #[test]
    fn replacing_and_removing_leave_the_other_properties_as_they_are() {
        for (property, [before, replaced, removed]) in changes() {
            let set = PublishProperties::new(&before[..]).unwrap();
            let mut storage = [0; 64];
            let changed = set.to_builder_in(&mut storage).replace(&property).build().unwrap();
            assert_eq!(changed.as_bytes(), replaced, "{property:?} {set:?}");
            assert_eq!(changed, PublishProperties::new(&replaced[..]).unwrap());
            assert!(changed.contains(property.identifier()));
            let changed = set.to_builder_in(&mut storage).remove(property.identifier()).build().unwrap();
            assert_eq!(changed.as_bytes(), removed, "{property:?} {set:?}");
            assert_eq!(changed, PublishProperties::new(&removed[..]).unwrap());
            assert!(!changed.contains(property.identifier()));
            #[cfg(feature = "bytes")]
            {
                assert_eq!(set.to_builder().replace(&property).build().unwrap().as_bytes(), replaced);
                assert_eq!(set.to_shared().to_builder().build().unwrap().as_bytes(), before);
            }
        }
    }

    #[test]
    fn changes_are_checked_by_the_rules_of_the_set() {
        let set = PublishProperties::new(EXPIRY).unwrap();
        let mut storage = [0; 16];
        let error = set.to_builder_in(&mut storage).message_expiry_interval(1).build().unwrap_err();
        assert_eq!(error, BuildError::Duplicate(PropertyIdentifier::MessageExpiryInterval));
        let removed = set.to_builder_in(&mut storage).remove(PropertyIdentifier::MessageExpiryInterval);
        assert_eq!(removed.message_expiry_interval(1).build().unwrap().message_expiry_interval(), Some(1));
        let error = set.to_builder_in(&mut storage).replace(&Property::WillDelayInterval(1)).build().unwrap_err();
        assert_eq!(error, BuildError::NotAllowed(PropertyIdentifier::WillDelayInterval));
        assert_eq!(set.to_builder_in(&mut storage[..4]).build(), Err(BuildError::StorageFull));
        let too_small = set.to_builder_in(&mut storage[..5]).replace(&Property::MessageExpiryInterval(1)).build();
        assert_eq!(too_small, Err(BuildError::StorageFull)); // the new value is written before the old one is removed

        let with_data = ConnectProperties::new(&[0x15, 0, 1, b'M', 0x16, 0, 1, 7]).unwrap();
        let without = with_data.to_builder_in(&mut storage).remove(PropertyIdentifier::AuthenticationMethod).build();
        assert_eq!(without, Err(BuildError::AuthenticationDataWithoutMethod));
        let auth = AuthProperties::new(&[0x15, 0, 1, b'M']).unwrap();
        let without = auth.to_builder_in(&mut storage).remove(PropertyIdentifier::AuthenticationMethod).build();
        assert_eq!(without, Err(BuildError::AuthenticationMethodMissing));
        let method = Property::AuthenticationMethod(Utf8String::new("other").unwrap());
        let other = auth.to_builder_in(&mut storage).replace(&method).build().unwrap();
        assert_eq!(other.authentication_method().unwrap(), "other");
    }

    #[test]
    fn many_user_properties_are_added_at_once() {
        let mut storage = [0; 64];
        let builder = PublishProperties::builder_in(&mut storage).user_property("a", "1");
        let set = builder.user_properties([("b", "2"), ("a", "3")]).build().unwrap();
        let pairs = set.user_properties().map(|pair| (pair.name.as_str(), pair.value.as_str()));
        assert!(pairs.eq([("a", "1"), ("b", "2"), ("a", "3")]));
        let owned = [("a".to_owned(), "b".to_owned())];
        let set = PublishProperties::builder_in(&mut storage).user_properties(owned).build().unwrap();
        assert_eq!(set.as_bytes(), [0x26, 0, 1, b'a', 0, 1, b'b']);
        for pair in [("a", "\0"), ("\0", "a")] {
            let error = PublishProperties::builder_in(&mut storage).user_properties([pair]).build().unwrap_err();
            assert!(matches!(error, BuildError::Text { property: PropertyIdentifier::UserProperty, .. }), "{error}");
        }
    }

    #[test]
    fn data_and_pairs_have_lengths_of_two_bytes() {
        let mut storage = vec![0; 140_000];
        let (longest, too_long) = (vec![b'a'; 65_535], vec![b'a'; 65_536]);
        let set = PublishProperties::builder_in(&mut storage).correlation_data(&longest[..]).build().unwrap();
        assert_eq!(set.correlation_data().unwrap(), &longest[..]);
        let error = PublishProperties::builder_in(&mut storage).correlation_data(&too_long[..]).build().unwrap_err();
        assert_eq!(error, BuildError::TooLong);
        let [longest, too_long] = [longest, too_long].map(|text| String::from_utf8(text).unwrap());
        let set = PublishProperties::builder_in(&mut storage).user_property(&longest, &longest).build().unwrap();
        assert_eq!(set.as_bytes().len(), 5 + 2 * 65_535);
        for (name, value) in [("a", &*too_long), (&*too_long, "a")] {
            let error = PublishProperties::builder_in(&mut storage).user_property(name, value).build().unwrap_err();
            assert!(error.to_string().contains("User Property: text is longer than 65,535 bytes"), "{error}");
        }
    }

    #[test]
    fn a_builder_reports_the_first_mistake() {
        let mut storage = [0; 5];
        let builder = PublishProperties::builder_in(&mut storage).message_expiry_interval(60).content_type("\0");
        let error = builder.topic_alias(0).message_expiry_interval(60).build().unwrap_err();
        assert!(matches!(error, BuildError::Text { property: PropertyIdentifier::ContentType, .. }), "{error}");
        let builder = PublishProperties::builder_in(&mut storage).message_expiry_interval(60);
        assert_eq!(builder.topic_alias(1).topic_alias(0).build(), Err(BuildError::StorageFull));
    }
}
