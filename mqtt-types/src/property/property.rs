//! One property: its identifier and its value. Section 2.2.2.

use crate::buffer::{Storage, put_prefixed, split_prefixed};
use crate::property::build_error::BuildError;
use crate::property::identifier::PropertyIdentifier;
use crate::property::payload_format::PayloadFormat;
use crate::property::subscription_identifier::SubscriptionIdentifier;
use crate::property::user_property::UserProperty;
use crate::text::{BinaryData, Utf8String};
use crate::topic::TopicName;
use crate::value::{KeepAlive, QoS, VariableByteInteger};
use core::num::{NonZeroU16, NonZeroU32};

/// A property: its identifier and its value.
///
/// The iterators of the property sets return properties, and their builders accept them.
///
/// ```
/// use mqtt_types::{Property, PublishProperties};
///
/// let mut storage = [0; 64];
/// let properties =
///     PublishProperties::builder_in(&mut storage).message_expiry_interval(60).user_property("a", "b").build()?;
/// for property in properties.iter() {
///     match property {
///         Property::MessageExpiryInterval(seconds) => assert_eq!(seconds, 60),
///         Property::UserProperty(pair) => assert_eq!((pair.name, pair.value), ("a".try_into()?, "b".try_into()?)),
///         other => unreachable!("{other:?}"),
///     }
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each variant has the name of its identifier, which is documented")]
pub enum Property<'a> {
    PayloadFormatIndicator(PayloadFormat),
    MessageExpiryInterval(u32),
    ContentType(Utf8String<&'a [u8]>),
    ResponseTopic(TopicName<&'a [u8]>),
    CorrelationData(BinaryData<&'a [u8]>),
    SubscriptionIdentifier(SubscriptionIdentifier),
    SessionExpiryInterval(u32),
    AssignedClientIdentifier(Utf8String<&'a [u8]>),
    ServerKeepAlive(KeepAlive),
    AuthenticationMethod(Utf8String<&'a [u8]>),
    AuthenticationData(BinaryData<&'a [u8]>),
    RequestProblemInformation(bool),
    WillDelayInterval(u32),
    RequestResponseInformation(bool),
    ResponseInformation(Utf8String<&'a [u8]>),
    ServerReference(Utf8String<&'a [u8]>),
    ReasonString(Utf8String<&'a [u8]>),
    ReceiveMaximum(NonZeroU16),
    TopicAliasMaximum(u16),
    TopicAlias(NonZeroU16),
    /// QoS 0 or 1. A server that supports QoS 2 omits the property.
    MaximumQoS(QoS),
    RetainAvailable(bool),
    UserProperty(UserProperty<&'a [u8]>),
    MaximumPacketSize(NonZeroU32),
    WildcardSubscriptionAvailable(bool),
    SubscriptionIdentifierAvailable(bool),
    SharedSubscriptionAvailable(bool),
}

impl<'a> Property<'a> {
    /// Reads one property from checked bytes. Returns it and the bytes after it, or `None` at the end and at a placeholder.
    #[inline]
    pub(crate) fn read_checked(input: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (&identifier, rest) = input.split_first()?;
        Self::read_checked_value(PropertyIdentifier::from_u8(identifier)?, rest)
    }

    /// Reads the value of a property from checked bytes. Returns the property and the bytes after it.
    pub(crate) fn read_checked_value(identifier: PropertyIdentifier, input: &'a [u8]) -> Option<(Self, &'a [u8])> {
        use PropertyIdentifier as Id;
        let byte = || input.split_first().map(|(byte, rest)| (*byte != 0, rest));
        let two = || input.split_first_chunk::<2>().map(|(value, rest)| (u16::from_be_bytes(*value), rest));
        let four = || input.split_first_chunk::<4>().map(|(value, rest)| (u32::from_be_bytes(*value), rest));
        let text = || split_prefixed(input).map(|(text, rest)| (Utf8String::from_checked(text), rest));
        let binary = || split_prefixed(input).and_then(|(data, rest)| Some((BinaryData::new(data).ok()?, rest)));
        Some(match identifier {
            Id::PayloadFormatIndicator => {
                let (is_utf8, rest) = byte()?;
                let format = if is_utf8 { PayloadFormat::Utf8 } else { PayloadFormat::Unspecified };
                (Self::PayloadFormatIndicator(format), rest)
            }
            Id::MessageExpiryInterval => four().map(|(value, rest)| (Self::MessageExpiryInterval(value), rest))?,
            Id::ContentType => text().map(|(value, rest)| (Self::ContentType(value), rest))?,
            Id::ResponseTopic => {
                let (value, rest) = split_prefixed(input)?;
                (Self::ResponseTopic(TopicName::from_checked(value)), rest)
            }
            Id::CorrelationData => binary().map(|(value, rest)| (Self::CorrelationData(value), rest))?,
            Id::SubscriptionIdentifier => {
                let decoded = VariableByteInteger::decode(input).ok()??;
                let value = SubscriptionIdentifier::new(decoded.value.get())?;
                (Self::SubscriptionIdentifier(value), input.get(decoded.len..)?)
            }
            Id::SessionExpiryInterval => four().map(|(value, rest)| (Self::SessionExpiryInterval(value), rest))?,
            Id::AssignedClientIdentifier => {
                text().map(|(value, rest)| (Self::AssignedClientIdentifier(value), rest))?
            }
            Id::ServerKeepAlive => {
                two().map(|(value, rest)| (Self::ServerKeepAlive(KeepAlive::from_seconds(value)), rest))?
            }
            Id::AuthenticationMethod => text().map(|(value, rest)| (Self::AuthenticationMethod(value), rest))?,
            Id::AuthenticationData => binary().map(|(value, rest)| (Self::AuthenticationData(value), rest))?,
            Id::RequestProblemInformation => {
                byte().map(|(value, rest)| (Self::RequestProblemInformation(value), rest))?
            }
            Id::WillDelayInterval => four().map(|(value, rest)| (Self::WillDelayInterval(value), rest))?,
            Id::RequestResponseInformation => {
                byte().map(|(value, rest)| (Self::RequestResponseInformation(value), rest))?
            }
            Id::ResponseInformation => text().map(|(value, rest)| (Self::ResponseInformation(value), rest))?,
            Id::ServerReference => text().map(|(value, rest)| (Self::ServerReference(value), rest))?,
            Id::ReasonString => text().map(|(value, rest)| (Self::ReasonString(value), rest))?,
            Id::ReceiveMaximum => {
                let (value, rest) = two()?;
                (Self::ReceiveMaximum(NonZeroU16::new(value)?), rest)
            }
            Id::TopicAliasMaximum => two().map(|(value, rest)| (Self::TopicAliasMaximum(value), rest))?,
            Id::TopicAlias => {
                let (value, rest) = two()?;
                (Self::TopicAlias(NonZeroU16::new(value)?), rest)
            }
            Id::MaximumQoS => {
                let (qos, rest) = input.split_first()?;
                let qos = match qos {
                    0 => QoS::AtMostOnce,
                    1 => QoS::AtLeastOnce,
                    _ => return None,
                };
                (Self::MaximumQoS(qos), rest)
            }
            Id::RetainAvailable => byte().map(|(value, rest)| (Self::RetainAvailable(value), rest))?,
            Id::UserProperty => {
                let (name, after_name) = split_prefixed(input)?;
                let (value, rest) = split_prefixed(after_name)?;
                let (name, value) = (Utf8String::from_checked(name), Utf8String::from_checked(value));
                (Self::UserProperty(UserProperty { name, value }), rest)
            }
            Id::MaximumPacketSize => {
                let (value, rest) = four()?;
                (Self::MaximumPacketSize(NonZeroU32::new(value)?), rest)
            }
            Id::WildcardSubscriptionAvailable => {
                byte().map(|(value, rest)| (Self::WildcardSubscriptionAvailable(value), rest))?
            }
            Id::SubscriptionIdentifierAvailable => {
                byte().map(|(value, rest)| (Self::SubscriptionIdentifierAvailable(value), rest))?
            }
            Id::SharedSubscriptionAvailable => {
                byte().map(|(value, rest)| (Self::SharedSubscriptionAvailable(value), rest))?
            }
        })
    }

    /// Returns the identifier of the property.
    #[must_use]
    pub const fn identifier(&self) -> PropertyIdentifier {
        use PropertyIdentifier as Id;
        match self {
            Self::PayloadFormatIndicator(_) => Id::PayloadFormatIndicator,
            Self::MessageExpiryInterval(_) => Id::MessageExpiryInterval,
            Self::ContentType(_) => Id::ContentType,
            Self::ResponseTopic(_) => Id::ResponseTopic,
            Self::CorrelationData(_) => Id::CorrelationData,
            Self::SubscriptionIdentifier(_) => Id::SubscriptionIdentifier,
            Self::SessionExpiryInterval(_) => Id::SessionExpiryInterval,
            Self::AssignedClientIdentifier(_) => Id::AssignedClientIdentifier,
            Self::ServerKeepAlive(_) => Id::ServerKeepAlive,
            Self::AuthenticationMethod(_) => Id::AuthenticationMethod,
            Self::AuthenticationData(_) => Id::AuthenticationData,
            Self::RequestProblemInformation(_) => Id::RequestProblemInformation,
            Self::WillDelayInterval(_) => Id::WillDelayInterval,
            Self::RequestResponseInformation(_) => Id::RequestResponseInformation,
            Self::ResponseInformation(_) => Id::ResponseInformation,
            Self::ServerReference(_) => Id::ServerReference,
            Self::ReasonString(_) => Id::ReasonString,
            Self::ReceiveMaximum(_) => Id::ReceiveMaximum,
            Self::TopicAliasMaximum(_) => Id::TopicAliasMaximum,
            Self::TopicAlias(_) => Id::TopicAlias,
            Self::MaximumQoS(_) => Id::MaximumQoS,
            Self::RetainAvailable(_) => Id::RetainAvailable,
            Self::UserProperty(_) => Id::UserProperty,
            Self::MaximumPacketSize(_) => Id::MaximumPacketSize,
            Self::WildcardSubscriptionAvailable(_) => Id::WildcardSubscriptionAvailable,
            Self::SubscriptionIdentifierAvailable(_) => Id::SubscriptionIdentifierAvailable,
            Self::SharedSubscriptionAvailable(_) => Id::SharedSubscriptionAvailable,
        }
    }

    /// Writes the identifier and the value.
    pub(crate) fn put(&self, storage: &mut impl Storage) -> Result<(), BuildError> {
        storage.put(&[self.identifier().as_u8()])?;
        let result = match *self {
            Self::PayloadFormatIndicator(format) => storage.put(&[format.as_u8()]),
            Self::RequestProblemInformation(value)
            | Self::RequestResponseInformation(value)
            | Self::RetainAvailable(value)
            | Self::WildcardSubscriptionAvailable(value)
            | Self::SubscriptionIdentifierAvailable(value)
            | Self::SharedSubscriptionAvailable(value) => storage.put(&[u8::from(value)]),
            Self::MaximumQoS(QoS::ExactlyOnce) => return Err(BuildError::InvalidValue(PropertyIdentifier::MaximumQoS)),
            Self::MaximumQoS(qos) => storage.put(&[qos.as_u8()]),
            Self::ServerKeepAlive(value) => storage.put(&value.as_seconds().to_be_bytes()),
            Self::TopicAliasMaximum(value) => storage.put(&value.to_be_bytes()),
            Self::ReceiveMaximum(value) | Self::TopicAlias(value) => storage.put(&value.get().to_be_bytes()),
            Self::MessageExpiryInterval(value)
            | Self::SessionExpiryInterval(value)
            | Self::WillDelayInterval(value) => storage.put(&value.to_be_bytes()),
            Self::MaximumPacketSize(value) => storage.put(&value.get().to_be_bytes()),
            Self::SubscriptionIdentifier(value) => storage.put(VariableByteInteger::from(value).encode().as_ref()),
            Self::ContentType(text)
            | Self::AssignedClientIdentifier(text)
            | Self::AuthenticationMethod(text)
            | Self::ResponseInformation(text)
            | Self::ServerReference(text)
            | Self::ReasonString(text) => put_prefixed(storage, text.as_bytes()),
            Self::ResponseTopic(topic_name) => put_prefixed(storage, topic_name.as_bytes()),
            Self::CorrelationData(data) | Self::AuthenticationData(data) => put_prefixed(storage, data.as_bytes()),
            Self::UserProperty(pair) => {
                put_prefixed(storage, pair.name.as_bytes())?;
                put_prefixed(storage, pair.value.as_bytes())
            }
        };
        Ok(result?)
    }
}

#[cfg(test)]
mod tests {
    use super::{PayloadFormat, Property, PropertyIdentifier, SubscriptionIdentifier, UserProperty};
    use crate::buffer::{SliceStorage, Storage as _};
    use crate::property::value_check::check_value;
    use crate::{BinaryData, BuildError, KeepAlive, PropertyErrorKind, QoS, TopicName, Utf8String};
    use core::num::{NonZeroU16, NonZeroU32};

    /// Returns each property and its bytes. A property of one byte appears with both of its values.
    fn samples() -> [(&'static [u8], Property<'static>); 36] {
        let text = Utf8String::new("a").unwrap();
        let data = BinaryData::new(&[7]).unwrap();
        let (two, four) = (0x0102, 0x0102_0304);
        let (non_zero_two, non_zero_four) = (NonZeroU16::new(two).unwrap(), NonZeroU32::new(four).unwrap());
        [
            (&[0x01, 0], Property::PayloadFormatIndicator(PayloadFormat::Unspecified)),
            (&[0x01, 1], Property::PayloadFormatIndicator(PayloadFormat::Utf8)),
            (&[0x02, 1, 2, 3, 4], Property::MessageExpiryInterval(four)),
            (&[0x03, 0, 1, b'a'], Property::ContentType(text)),
            (&[0x08, 0, 1, b'a'], Property::ResponseTopic(TopicName::new("a").unwrap())),
            (&[0x09, 0, 1, 7], Property::CorrelationData(data)),
            (&[0x0B, 0x01], Property::SubscriptionIdentifier(SubscriptionIdentifier::new(1).unwrap())),
            (&[0x0B, 0xC1, 0x02], Property::SubscriptionIdentifier(SubscriptionIdentifier::new(321).unwrap())),
            (&[0x11, 1, 2, 3, 4], Property::SessionExpiryInterval(four)),
            (&[0x12, 0, 1, b'a'], Property::AssignedClientIdentifier(text)),
            (&[0x13, 1, 2], Property::ServerKeepAlive(KeepAlive::from_seconds(two))),
            (&[0x15, 0, 1, b'a'], Property::AuthenticationMethod(text)),
            (&[0x16, 0, 1, 7], Property::AuthenticationData(data)),
            (&[0x17, 0], Property::RequestProblemInformation(false)),
            (&[0x17, 1], Property::RequestProblemInformation(true)),
            (&[0x18, 1, 2, 3, 4], Property::WillDelayInterval(four)),
            (&[0x19, 0], Property::RequestResponseInformation(false)),
            (&[0x19, 1], Property::RequestResponseInformation(true)),
            (&[0x1A, 0, 1, b'a'], Property::ResponseInformation(text)),
            (&[0x1C, 0, 1, b'a'], Property::ServerReference(text)),
            (&[0x1F, 0, 1, b'a'], Property::ReasonString(text)),
            (&[0x21, 1, 2], Property::ReceiveMaximum(non_zero_two)),
            (&[0x22, 1, 2], Property::TopicAliasMaximum(two)),
            (&[0x23, 1, 2], Property::TopicAlias(non_zero_two)),
            (&[0x24, 0], Property::MaximumQoS(QoS::AtMostOnce)),
            (&[0x24, 1], Property::MaximumQoS(QoS::AtLeastOnce)),
            (&[0x25, 0], Property::RetainAvailable(false)),
            (&[0x25, 1], Property::RetainAvailable(true)),
            (&[0x26, 0, 1, b'a', 0, 1, b'a'], Property::UserProperty(UserProperty { name: text, value: text })),
            (&[0x27, 1, 2, 3, 4], Property::MaximumPacketSize(non_zero_four)),
            (&[0x28, 0], Property::WildcardSubscriptionAvailable(false)),
            (&[0x28, 1], Property::WildcardSubscriptionAvailable(true)),
            (&[0x29, 0], Property::SubscriptionIdentifierAvailable(false)),
            (&[0x29, 1], Property::SubscriptionIdentifierAvailable(true)),
            (&[0x2A, 0], Property::SharedSubscriptionAvailable(false)),
            (&[0x2A, 1], Property::SharedSubscriptionAvailable(true)),
        ]
    }

    #[test]
    fn each_property_has_the_encoding_of_the_standard() {
        for (bytes, property) in samples() {
            let mut written = [0; 8];
            let mut storage = SliceStorage::new(&mut written);
            assert_eq!(property.put(&mut storage), Ok(()), "{property:?}");
            assert_eq!(storage.finish(), bytes, "{property:?}");
            let followed = [bytes, &[0xFF]].concat();
            assert_eq!(Property::read_checked(&followed), Some((property, &[0xFF][..])));
            let rest = check_value(property.identifier(), &followed[1..]).map_err(|error| error.kind);
            assert_eq!(rest, Ok(&[0xFF][..]), "{property:?}");
        }
        let all = samples().map(|(_, property)| property.identifier());
        assert!(PropertyIdentifier::ALL.iter().all(|identifier| all.contains(identifier)));
    }

    #[test]
    fn a_value_that_is_cut_off_is_truncated() {
        for (bytes, property) in samples() {
            for cut in 1..bytes.len() {
                let error = check_value(property.identifier(), &bytes[1..cut]).map_err(|error| error.kind);
                assert_eq!(error, Err(PropertyErrorKind::Truncated), "{property:?} {cut}");
            }
        }
    }

    /// Sections 3.1.2.11.3, 3.1.2.11.4, 3.3.2.3.4 and 3.3.2.3.8: of the integers these are never 0.
    #[test]
    fn zero_is_refused_by_four_properties() {
        for (bytes, property) in samples() {
            let identifier = property.identifier();
            let expected = match identifier {
                PropertyIdentifier::ReceiveMaximum
                | PropertyIdentifier::MaximumPacketSize
                | PropertyIdentifier::SubscriptionIdentifier => Err(PropertyErrorKind::InvalidValue),
                PropertyIdentifier::TopicAlias => Err(PropertyErrorKind::TopicAliasZero),
                PropertyIdentifier::ResponseTopic => continue, // a text that must not be empty
                _ => Ok(()),
            };
            let zeros = vec![0; bytes.len() - 1];
            assert_eq!(
                check_value(identifier, &zeros).map(|_| ()).map_err(|error| error.kind),
                expected,
                "{property:?}"
            );
        }
    }

    /// Section 3.2.2.3.4: a server that supports QoS 2 does not say so.
    #[test]
    fn maximum_qos_is_0_or_1() {
        let mut written = [0; 8];
        let result = Property::MaximumQoS(QoS::ExactlyOnce).put(&mut SliceStorage::new(&mut written));
        assert_eq!(result, Err(BuildError::InvalidValue(PropertyIdentifier::MaximumQoS)));
        assert!(check_value(PropertyIdentifier::MaximumQoS, &[2]).is_err());
    }
}
