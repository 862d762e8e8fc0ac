//! The property sets and builders of each packet and of the Will: section 2.2.2.2.

#[cfg(feature = "bytes")]
use crate::buffer::SharedStorage;
use crate::buffer::{Buffer, DefaultBuffer, IntoBuffer, Lend, SliceStorage, Storage};
use crate::property::accessors::{getter, identifier, row, setter};
use crate::property::build_error::BuildError;
use crate::property::builder::{PropertiesBuilder, Value as _};
use crate::property::checked_properties::CheckedProperties;
use crate::property::error::PropertyError;
use crate::property::identifier::PropertyIdentifier;
use crate::property::iter::{PropertyIter, SubscriptionIdentifiers, UserProperties};
use crate::property::optional::Optional;
use crate::property::payload_format::PayloadFormat;
use crate::property::property::Property;
use crate::property::rules::PropertyRules;
#[cfg(feature = "bytes")]
use crate::property::splice::{place_of, splice};
use crate::property::subscription_identifier::SubscriptionIdentifier;
use crate::text::{BinaryData, Utf8String};
use crate::topic::TopicName;
use crate::value::{KeepAlive, QoS};
use core::{fmt, num::NonZeroU16, num::NonZeroU32};

/// Defines the set and the builder of one packet. `once` lists the properties that are allowed once, `many` those that are
/// allowed many times. User Properties are allowed in every packet.
macro_rules! property_set {
    ($(#[$doc:meta])* $set:ident $builder:ident $packet:literal once [$($once:ident)*] many [$($many:ident)*] $(. $rule:ident())*) => {
        #[doc = concat!("The properties of ", $packet, ".")]
        ///
        $(#[$doc])*
        ///
        /// The set stores its properties in encoded form. The bytes are checked once. Getters decode single properties,
        /// [`iter`](Self::iter) decodes all of them in wire order, and a builder creates new sets. If a property is
        /// absent, its getter decodes nothing. If it is present, the getter also decodes the properties before it. Two
        /// sets are equal if they have the same properties: the order of different properties has no meaning.
        #[derive(Clone, Copy)]
        pub struct $set<B = DefaultBuffer> {
            set: CheckedProperties<B>,
        }

        impl<B> $set<B> {
            pub(crate) const RULES: PropertyRules = PropertyRules::new(
                &[PropertyIdentifier::UserProperty, $(row!(identifier $once),)* $(row!(identifier $many),)*],
                &[PropertyIdentifier::UserProperty, $(row!(identifier $many),)*],
            )$(.$rule())*;
        }

        impl<B: Buffer> $set<B> {
            /// Checks the bytes that follow the Property Length. Nothing is copied.
            ///
            /// # Errors
            ///
            /// Returns an error if a property is unknown, not allowed in this set, repeated, cut off, or has an illegal
            /// value. The error names the first such property.
            #[inline]
            pub fn new(value: impl IntoBuffer<Buffer = B>) -> Result<Self, PropertyError> {
                Ok(Self { set: CheckedProperties::new(value.into_buffer(), &Self::RULES)? })
            }

            /// Returns `true` if the set has no properties.
            #[inline]
            #[must_use]
            pub const fn is_empty(&self) -> bool {
                self.set.is_empty(&Self::RULES)
            }

            /// Returns `true` if the set has this property at least once.
            #[inline]
            #[must_use]
            pub const fn contains(&self, identifier: PropertyIdentifier) -> bool {
                self.set.has(identifier)
            }

            #[inline]
            pub(crate) fn map_buffer<'i, C: Buffer>(&'i self, map: &mut impl FnMut(&'i B) -> C) -> $set<C> {
                $set { set: self.set.map_buffer(map) }
            }
        }

        impl<'i, 'o, B: Lend<'i, 'o>> $set<B> {
            /// Returns an iterator over the properties in wire order.
            #[must_use]
            pub fn iter(&'i self) -> PropertyIter<'o> {
                self.set.iter()
            }

            /// Returns the bytes that follow the Property Length on the wire.
            #[inline]
            #[must_use]
            pub fn as_bytes(&'i self) -> &'o [u8] {
                self.set.bytes.lend()
            }

            /// Returns the same set, borrowed from this one. Nothing is copied.
            #[inline]
            #[must_use]
            pub fn as_borrowed(&'i self) -> $set<&'o [u8]> {
                self.map_buffer(&mut Lend::lend)
            }

            /// Returns a builder that begins with the properties of this set and writes into the caller's slice.
            ///
            /// The properties are copied as they are, and not checked again. A setter refuses a property that the set has:
            /// [`replace`](
            #[doc = concat!(stringify!($builder), "::replace)")]
            /// and [`remove`](
            #[doc = concat!(stringify!($builder), "::remove)")]
            /// change the set.
            pub fn to_builder_in<'s>(&'i self, storage: &'s mut [u8]) -> $builder<SliceStorage<'s>> {
                let storage = SliceStorage::new(storage);
                let builder = PropertiesBuilder::from_checked(storage, self.as_bytes(), self.set.present);
                $builder { builder }
            }

            /// Returns a builder that begins with the properties of this set, to change some of them.
            ///
            /// The properties are copied as they are, and not checked again. A setter refuses a property that the set has:
            /// [`replace`](
            #[doc = concat!(stringify!($builder), "::replace)")]
            /// and [`remove`](
            #[doc = concat!(stringify!($builder), "::remove)")]
            /// change the set.
            #[cfg(feature = "bytes")]
            pub fn to_builder(&'i self) -> $builder<SharedStorage> {
                let storage = SharedStorage::new();
                let builder = PropertiesBuilder::from_checked(storage, self.as_bytes(), self.set.present);
                $builder { builder }
            }

            $(row! { getter $once })*

            /// Returns an iterator over the User Properties in their order.
            #[must_use]
            pub fn user_properties(&'i self) -> UserProperties<'o> {
                self.set.repeated(PropertyIdentifier::UserProperty)
            }
        }

        impl<B> $set<B> {
            /// Returns the buffer that holds the bytes which follow the Property Length on the wire.
            ///
            /// A value that a getter returned becomes a shared slice of a shared buffer, without a copy:
            ///
            /// ```
            /// use mqtt_types::PublishProperties;
            ///
            /// let properties = PublishProperties::builder().content_type("text/plain").build()?;
            /// let content_type = properties.content_type().unwrap().share(properties.as_buffer());
            /// assert_eq!(content_type.into_buffer(), "text/plain"); // Bytes
            /// # Ok::<(), mqtt_types::BuildError>(())
            /// ```
            #[inline]
            #[must_use]
            pub const fn as_buffer(&self) -> &B {
                &self.set.bytes
            }

            /// Converts the set into the buffer that holds its bytes.
            #[inline]
            #[must_use]
            pub fn into_buffer(self) -> B {
                self.set.bytes
            }
        }

        #[cfg(feature = "bytes")]
        impl<B: Buffer> $set<B> {
            crate::buffer::to_compact!($set<bytes::Bytes>);
        }

        #[cfg(feature = "bytes")]
        impl $set<&[u8]> {
            /// Returns the same set as a shared slice of `frame`, the buffer that it was decoded from.
            ///
            /// No byte is copied, unless the set does not lie in `frame`.
            #[must_use]
            pub fn share(&self, frame: &bytes::Bytes) -> $set<bytes::Bytes> {
                self.map_buffer(&mut |part| crate::buffer::share(frame, part))
            }

            /// Copies the set into its own buffer.
            #[must_use]
            pub fn to_shared(&self) -> $set<bytes::Bytes> {
                self.map_buffer(&mut |part| bytes::Bytes::copy_from_slice(part))
            }
        }

        impl<B: Buffer, C: Buffer> PartialEq<$set<C>> for $set<B> {
            fn eq(&self, other: &$set<C>) -> bool {
                self.set == other.set
            }
        }

        impl<B: Buffer> Eq for $set<B> {}

        impl<B: Buffer> core::hash::Hash for $set<B> {
            fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
                self.set.hash(state);
            }
        }

        impl<B: Buffer> fmt::Debug for $set<B> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.set.fmt(f)
            }
        }

        #[cfg(feature = "defmt")]
        impl<B: Buffer> defmt::Format for $set<B> {
            fn format(&self, f: defmt::Formatter<'_>) {
                self.iter().format(f);
            }
        }

        #[cfg(feature = "defmt")]
        impl<S: Storage> defmt::Format for $builder<S> {
            fn format(&self, f: defmt::Formatter<'_>) {
                defmt::write!(f, "{=str}", stringify!($builder));
            }
        }

        impl<'a, B: Buffer> IntoIterator for &'a $set<B> {
            type Item = Property<'a>;
            type IntoIter = PropertyIter<'a>;

            fn into_iter(self) -> PropertyIter<'a> {
                self.iter()
            }
        }

        #[doc = concat!("Builds [`", stringify!($set), "`].")]
        ///
        /// Properties are written in the order of the calls. [`build`](Self::build) reports the first error.
        #[derive(Debug)]
        #[must_use]
        pub struct $builder<S> {
            builder: PropertiesBuilder<S>,
        }

        impl<S: Storage> $builder<S> {
            const RULES: PropertyRules = $set::<S::Buffer>::RULES;

            $(row! { setter $once })*
            $(row! { setter $many })*

            /// Adds a User Property: a name and a value, whose meaning the application defines. Names may repeat.
            #[inline]
            pub fn user_property(mut self, name: &str, value: &str) -> Self {
                self.builder.put_pair(name, value);
                self
            }

            /// Adds User Properties, in the order of the iterator.
            pub fn user_properties<N: AsRef<str>, V: AsRef<str>>(
                mut self,
                pairs: impl IntoIterator<Item = (N, V)>,
            ) -> Self {
                for (name, value) in pairs {
                    self.builder.put_pair(name.as_ref(), value.as_ref());
                }
                self
            }

            /// Adds a property of this or of another packet, for instance to forward it.
            pub fn property(mut self, property: &Property<'_>) -> Self {
                self.builder.push(&Self::RULES, property);
                self
            }

            /// Adds properties of this or of another packet, for instance to forward all or some of them.
            pub fn properties<'p>(mut self, properties: impl IntoIterator<Item = Property<'p>>) -> Self {
                for property in properties {
                    self.builder.push(&Self::RULES, &property);
                }
                self
            }

            /// Removes all properties with the identifier of this one, and writes it in the place of the first. If there
            /// is none, adds it.
            pub fn replace(mut self, property: &Property<'_>) -> Self {
                self.builder.replace(&Self::RULES, property);
                self
            }

            /// Removes all properties with this identifier.
            pub fn remove(mut self, identifier: PropertyIdentifier) -> Self {
                self.builder.remove(identifier);
                self
            }

            /// Returns the set.
            ///
            /// # Errors
            ///
            /// Returns the first error: a text or value is illegal, a property is set twice or is not allowed in this
            /// packet, or the storage is too small.
            pub fn build(self) -> Result<$set<S::Buffer>, BuildError> {
                Ok($set { set: self.builder.build(&Self::RULES)? })
            }
        }
    };
}

/// Defines the builder functions and the default of a set that may be empty. Only the set of AUTH may not be empty.
macro_rules! may_be_empty {
    ($($set:ident $builder:ident,)*) => {$(
        #[cfg(feature = "bytes")]
        impl $set<bytes::Bytes> {
            /// Returns a builder for a set that owns its bytes.
            pub fn builder() -> $builder<SharedStorage> {
                $builder { builder: PropertiesBuilder::new(SharedStorage::new()) }
            }
        }

        impl<'a> $set<&'a [u8]> {
            /// Returns a builder that writes into the caller's slice. No allocator is needed.
            ///
            /// ```
            #[doc = concat!("use mqtt_types::", stringify!($set), ";")]
            ///
            /// let mut storage = [0; 32];
            #[doc = concat!("let properties = ", stringify!($set), "::builder_in(&mut storage).user_property(\"unit\", \"K\").build()?;")]
            /// assert_eq!(properties.user_properties().next().unwrap().value, "K");
            /// # Ok::<(), mqtt_types::BuildError>(())
            /// ```
            pub const fn builder_in(storage: &'a mut [u8]) -> $builder<SliceStorage<'a>> {
                $builder { builder: PropertiesBuilder::new(SliceStorage::new(storage)) }
            }
        }

        impl<B: Buffer> Default for $set<B> {
            /// Returns a set without properties.
            fn default() -> Self {
                Self { set: CheckedProperties { bytes: B::default(), present: 0 } }
            }
        }
    )*};
}

/// Defines the functions for placeholders of the sets that may have them.
macro_rules! may_have_placeholders {
    ($($set:ident: $values:literal,)*) => {$(
        impl<B: Buffer> $set<B> {
            /// Checks the bytes that follow the Property Length as [`new`](Self::new) does, but takes a property whose
            /// value is a placeholder as absent.
            ///
            /// A placeholder is a value that the standard forbids, and that some peers send for a property that they
            /// do not have. In this set it is
            #[doc = concat!($values, ".")]
            /// [`as_bytes`](Self::as_bytes) returns the placeholders too. Getters, iterators, comparison and builders skip
            /// them.
            ///
            /// # Errors
            ///
            /// The same as [`new`](Self::new), for everything but placeholders.
            pub fn new_skipping_placeholders(value: impl IntoBuffer<Buffer = B>) -> Result<Self, PropertyError> {
                Ok(Self { set: CheckedProperties::with_placeholders(value.into_buffer(), &Self::RULES)? })
            }

            /// Returns `true` if the bytes contain placeholders. Only
            /// [`new_skipping_placeholders`](Self::new_skipping_placeholders) accepts them.
            #[inline]
            #[must_use]
            pub const fn has_placeholders(&self) -> bool {
                self.set.has_placeholders()
            }
        }
    )*};
}

may_have_placeholders! {
    ConnectProperties: "Receive Maximum 0 or Maximum Packet Size 0",
    ConnAckProperties: "Maximum QoS 2, Receive Maximum 0 or Maximum Packet Size 0",
    PublishProperties: "Topic Alias 0 or Subscription Identifier 0",
    SubscribeProperties: "Subscription Identifier 0",
}

property_set! {
    /// Section 3.1.2.11.
    ConnectProperties ConnectPropertiesBuilder "CONNECT"
    once [session_expiry_interval receive_maximum maximum_packet_size topic_alias_maximum request_response_information
        request_problem_information authentication_method authentication_data]
    many []
    .with_data_only_with_method()
}

property_set! {
    /// Section 3.1.3.2.
    WillProperties WillPropertiesBuilder "the Will in CONNECT"
    once [will_delay_interval payload_format_indicator message_expiry_interval content_type response_topic
        correlation_data]
    many []
}

property_set! {
    /// Section 3.2.2.3.
    ConnAckProperties ConnAckPropertiesBuilder "CONNACK"
    once [session_expiry_interval receive_maximum maximum_qos retain_available maximum_packet_size
        assigned_client_identifier topic_alias_maximum reason_string wildcard_subscription_available
        subscription_identifier_available shared_subscription_available server_keep_alive response_information
        server_reference authentication_method authentication_data]
    many []
}

property_set! {
    /// Section 3.3.2.3.
    PublishProperties PublishPropertiesBuilder "PUBLISH"
    once [payload_format_indicator message_expiry_interval topic_alias response_topic correlation_data content_type]
    many [subscription_identifier]
}

#[cfg(feature = "bytes")]
impl WillProperties<bytes::Bytes> {
    /// Returns the properties of the PUBLISH: all except the Will Delay Interval.
    pub(crate) fn into_publish_properties(self) -> PublishProperties<bytes::Bytes> {
        let delay = PropertyIdentifier::WillDelayInterval;
        let present = self.set.present & !delay.bit();
        let bytes = match place_of(&self.set.bytes, delay) {
            Some(place) if self.set.has(delay) => splice(&self.set.bytes, place, &[]),
            _ => self.set.bytes,
        };
        PublishProperties { set: CheckedProperties { bytes, present } }
    }
}

#[cfg(feature = "bytes")]
impl<B> PublishProperties<B> {
    /// Returns the bits of the properties that are present.
    #[inline]
    pub(crate) const fn present(&self) -> u64 {
        self.set.present
    }

    /// Creates a set of bytes that have been checked by the rules of this set. `present` has the bit of each property that is
    /// in them.
    #[inline]
    pub(crate) const fn from_checked(bytes: B, present: u64) -> Self {
        Self { set: CheckedProperties { bytes, present } }
    }
}

impl<'i, 'o, B: Lend<'i, 'o>> PublishProperties<B> {
    /// Returns an iterator over the identifiers of the subscriptions that the message matched. Only a server sends them.
    #[must_use]
    pub fn subscription_identifiers(&'i self) -> SubscriptionIdentifiers<'o> {
        self.set.repeated(PropertyIdentifier::SubscriptionIdentifier)
    }
}

property_set! {
    /// Section 3.4.2.2.
    PubAckProperties PubAckPropertiesBuilder "PUBACK" once [reason_string] many []
}

property_set! {
    /// Section 3.5.2.2.
    PubRecProperties PubRecPropertiesBuilder "PUBREC" once [reason_string] many []
}

property_set! {
    /// Section 3.6.2.2.
    PubRelProperties PubRelPropertiesBuilder "PUBREL" once [reason_string] many []
}

property_set! {
    /// Section 3.7.2.2.
    PubCompProperties PubCompPropertiesBuilder "PUBCOMP" once [reason_string] many []
}

property_set! {
    /// Section 3.8.2.1.
    SubscribeProperties SubscribePropertiesBuilder "SUBSCRIBE" once [subscription_identifier] many []
}

property_set! {
    /// Section 3.9.2.1.
    SubAckProperties SubAckPropertiesBuilder "SUBACK" once [reason_string] many []
}

property_set! {
    /// Section 3.10.2.1.
    UnsubscribeProperties UnsubscribePropertiesBuilder "UNSUBSCRIBE" once [] many []
}

property_set! {
    /// Section 3.11.2.1.
    UnsubAckProperties UnsubAckPropertiesBuilder "UNSUBACK" once [reason_string] many []
}

property_set! {
    /// Section 3.14.2.2.
    DisconnectProperties DisconnectPropertiesBuilder "DISCONNECT"
    once [session_expiry_interval reason_string server_reference]
    many []
}

property_set! {
    /// Section 3.15.2.2. The set always has an Authentication Method.
    AuthProperties AuthPropertiesBuilder "AUTH"
    once [authentication_method authentication_data reason_string]
    many []
    .with_method()
}

may_be_empty! {
    ConnectProperties ConnectPropertiesBuilder,
    WillProperties WillPropertiesBuilder,
    ConnAckProperties ConnAckPropertiesBuilder,
    PublishProperties PublishPropertiesBuilder,
    PubAckProperties PubAckPropertiesBuilder,
    PubRecProperties PubRecPropertiesBuilder,
    PubRelProperties PubRelPropertiesBuilder,
    PubCompProperties PubCompPropertiesBuilder,
    SubscribeProperties SubscribePropertiesBuilder,
    SubAckProperties SubAckPropertiesBuilder,
    UnsubscribeProperties UnsubscribePropertiesBuilder,
    UnsubAckProperties UnsubAckPropertiesBuilder,
    DisconnectProperties DisconnectPropertiesBuilder,
}

#[cfg(feature = "bytes")]
impl AuthProperties<bytes::Bytes> {
    /// Returns a builder for a set that owns its bytes. The set begins with the Authentication Method.
    pub fn builder(authentication_method: &str) -> AuthPropertiesBuilder<SharedStorage> {
        AuthPropertiesBuilder { builder: PropertiesBuilder::new(SharedStorage::new()) }
            .authentication_method(authentication_method)
    }
}

impl<'a> AuthProperties<&'a [u8]> {
    /// Returns a builder that writes into the caller's slice. The set begins with the Authentication Method.
    pub fn builder_in(storage: &'a mut [u8], authentication_method: &str) -> AuthPropertiesBuilder<SliceStorage<'a>> {
        AuthPropertiesBuilder { builder: PropertiesBuilder::new(SliceStorage::new(storage)) }
            .authentication_method(authentication_method)
    }
}

#[cfg(test)]
mod tests {
    use super::{AuthProperties, ConnectProperties, PropertyError, PublishProperties};
    use crate::{BuildError, PropertyErrorKind, PropertyIdentifier, TextErrorKind};

    fn error(bytes: &[u8]) -> PropertyError {
        PublishProperties::new(bytes).unwrap_err()
    }

    #[test]
    fn errors_name_rule_property_and_byte() {
        for (bytes, kind, property, offset) in [
            (&[0x01, 2][..], PropertyErrorKind::InvalidValue, Some(0x01), 1),
            (&[0x01, 0, 0x01, 1], PropertyErrorKind::Duplicate, Some(0x01), 2),
            (&[0x01, 0, 0x7F], PropertyErrorKind::UnknownIdentifier, None, 2),
            (&[0x01, 0, 0x21, 0, 1], PropertyErrorKind::NotAllowed, Some(0x21), 2),
            (&[0x02, 0, 0, 0], PropertyErrorKind::Truncated, Some(0x02), 1),
            (&[0x03, 0, 3, b'a'], PropertyErrorKind::Truncated, Some(0x03), 1),
            (&[0x26, 0, 1, b'a', 0, 2], PropertyErrorKind::Truncated, Some(0x26), 4),
            (&[0x26, 0, 1, b'a', 0, 2, b'b', 0], PropertyErrorKind::Text(TextErrorKind::NulCharacter), Some(0x26), 7),
            (&[0x08, 0, 2, b'a', b'#'], PropertyErrorKind::Text(TextErrorKind::WildcardInTopicName), Some(0x08), 4),
            (&[0x08, 0, 0], PropertyErrorKind::Text(TextErrorKind::EmptyTopic), Some(0x08), 1),
            (&[0x0B, 0], PropertyErrorKind::InvalidValue, Some(0x0B), 1),
            (&[0x0B, 0x81, 0], PropertyErrorKind::VariableByteIntegerNotMinimal, Some(0x0B), 1),
            (&[0x0B, 0xFF, 0xFF, 0xFF, 0xFF], PropertyErrorKind::VariableByteIntegerTooLong, Some(0x0B), 1),
            (&[0x0B, 0x80], PropertyErrorKind::Truncated, Some(0x0B), 1),
            (&[0x23, 0, 0], PropertyErrorKind::TopicAliasZero, Some(0x23), 1),
        ] {
            let error = error(bytes);
            let found = (error.kind(), error.property().map(PropertyIdentifier::as_u8), error.offset());
            assert_eq!(found, (kind, property, offset), "{bytes:02x?}");
        }
        assert_eq!(error(&[0x00]).to_string(), "no property has this identifier at byte 0");
        assert_eq!(error(&[0x01, 2]).to_string(), "Payload Format Indicator does not allow this value at byte 1");
    }

    #[test]
    fn authentication_data_needs_a_method_and_auth_always_does() {
        let error = ConnectProperties::new(&[0x17, 1, 0x16, 0, 1, 1]).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (PropertyErrorKind::AuthenticationDataWithoutMethod, 2));
        assert!(ConnectProperties::new(&[0x16, 0, 1, 1, 0x15, 0, 1, b'M']).is_ok());
        let error = AuthProperties::new(&[0x16, 0, 1, 1]).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (PropertyErrorKind::AuthenticationMethodMissing, 4));
        let mut storage = [0; 16];
        let error = ConnectProperties::builder_in(&mut storage).authentication_data(&[1]).build().unwrap_err();
        assert_eq!(error, BuildError::AuthenticationDataWithoutMethod);
    }

    #[test]
    fn equality_and_hash_ignore_the_order_of_different_properties() {
        let set = |bytes| PublishProperties::new(bytes).unwrap();
        let one = set(&[0x01, 1, 0x26, 0, 1, b'a', 0, 0, 0x26, 0, 1, b'b', 0, 0]);
        let other = set(&[0x26, 0, 1, b'a', 0, 0, 0x01, 1, 0x26, 0, 1, b'b', 0, 0]);
        let swapped = set(&[0x26, 0, 1, b'b', 0, 0, 0x01, 1, 0x26, 0, 1, b'a', 0, 0]);
        assert_eq!(one, other);
        assert_ne!(one, swapped);
        #[cfg(feature = "std")]
        assert!(std::collections::HashSet::from([one]).contains(&other));
    }

    #[test]
    fn builders_refuse_what_is_illegal() {
        let mut storage = [0; 64];
        let mut build = |set: fn(
            super::PublishPropertiesBuilder<super::SliceStorage<'_>>,
        ) -> super::PublishPropertiesBuilder<super::SliceStorage<'_>>| {
            set(PublishProperties::builder_in(&mut storage)).build().map(|_| ()).unwrap_err()
        };
        let error = build(|builder| builder.message_expiry_interval(1).message_expiry_interval(2));
        assert_eq!(error, BuildError::Duplicate(PropertyIdentifier::MessageExpiryInterval));
        assert_eq!(error.to_string(), "Message Expiry Interval is given more than once");
        let error = build(|builder| builder.topic_alias(0));
        assert_eq!(error.to_string(), "Topic Alias does not allow this value");
        let error = build(|builder| builder.response_topic("a/+"));
        assert_eq!(error.to_string(), "Response Topic: topic name holds a wildcard character at byte 2");
        let error = build(|builder| builder.property(&crate::Property::WillDelayInterval(1)));
        assert_eq!(error.to_string(), "Will Delay Interval is not allowed in this packet");
        assert_eq!(build(|builder| builder.content_type("a".repeat(64).as_str())), BuildError::StorageFull);
    }

    #[test]
    fn properties_can_be_forwarded_in_part() {
        let received = PublishProperties::new(&[0x23, 0, 1, 0x26, 0, 1, b'a', 0, 0, 0x02, 0, 0, 0, 60]).unwrap();
        let kept = received.iter().filter(|property| property.identifier() != PropertyIdentifier::TopicAlias);
        let mut storage = [0; 32];
        let built = PublishProperties::builder_in(&mut storage).properties(kept).topic_alias(7).build().unwrap();
        assert_eq!(built.as_bytes(), [0x26, 0, 1, b'a', 0, 0, 0x02, 0, 0, 0, 60, 0x23, 0, 7]);
    }

    #[test]
    fn debug_names_the_properties_and_hides_data() {
        let bytes = [0x09, 0, 2, 1, 2, 0x26, 0, 1, b'a', 0, 1, b'b', 0x02, 0, 0, 0, 60];
        let text = format!("{:?}", PublishProperties::new(&bytes).unwrap());
        assert_eq!(text, r#"{correlation_data: 2 bytes, user_property: ("a", "b"), message_expiry_interval: 60}"#);
    }
}
