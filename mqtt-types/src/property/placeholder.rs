//! Values that the standard forbids, and that some peers send for a property that they do not have.

/// Returns the bytes after the placeholder at the start of `bytes`, or `None` if there is no placeholder.
pub(crate) const fn after_placeholder(bytes: &[u8]) -> Option<&[u8]> {
    match bytes {
        [0x0B, 0, rest @ ..]                // Subscription Identifier 0
        | [0x21, 0, 0, rest @ ..]           // Receive Maximum 0
        | [0x23, 0, 0, rest @ ..]           // Topic Alias 0
        | [0x24, 2, rest @ ..]              // Maximum QoS 2
        | [0x27, 0, 0, 0, 0, rest @ ..] => Some(rest), // Maximum Packet Size 0
        _ => None,
    }
}

/// Returns the bytes after all placeholders at the start of `bytes`.
pub(crate) const fn skip_placeholders(bytes: &[u8]) -> &[u8] {
    let mut bytes = bytes;
    while let Some(rest) = after_placeholder(bytes) {
        bytes = rest;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::skip_placeholders;
    use crate::property::property::Property;
    use crate::property::value_check::check_value;
    use crate::{BuildError, PropertyErrorKind, SubscribeProperties, UserProperty, Utf8String};
    use crate::{ConnAckProperties, ConnectProperties, Property as P, PropertyIdentifier as Id, PublishProperties};
    use core::hash::{BuildHasher as _, BuildHasherDefault};
    use core::num::NonZero;

    const PLACEHOLDERS: [&[u8]; 5] = [&[0x0B, 0], &[0x21, 0, 0], &[0x23, 0, 0], &[0x24, 2], &[0x27, 0, 0, 0, 0]];

    /// Strict sets can therefore be read by the same code: no value of theirs is ever skipped.
    #[test]
    fn no_legal_value_is_a_placeholder() {
        for bytes in PLACEHOLDERS {
            let identifier = Id::from_u8(bytes[0]).unwrap();
            assert!(check_value(identifier, &bytes[1..]).is_err(), "{identifier}");
            assert_eq!(Property::read_checked(bytes), None, "{identifier}");
            assert_eq!(skip_placeholders(&[bytes, &[0x01, 1]].concat()), [0x01, 1]);
            let mut others = 0;
            for last in 0..=u8::MAX {
                let changed = [&bytes[..bytes.len() - 1], &[last]].concat();
                others += usize::from(skip_placeholders(&changed).is_empty());
            }
            assert_eq!(others, 1, "{identifier}: only one value is a placeholder");
        }
    }

    #[test]
    fn a_placeholder_is_an_absent_property() {
        let connack = [0x27, 0, 0, 0, 0, 0x24, 2, 0x25, 1, 0x21, 0, 0, 0x22, 0, 7, 0x24];
        let connack = ConnAckProperties::new_skipping_placeholders(&connack[..connack.len() - 1]).unwrap();
        assert!(connack.has_placeholders() && !connack.is_empty());
        assert_eq!(
            (connack.maximum_qos(), connack.maximum_packet_size(), connack.receive_maximum()),
            (None, None, None)
        );
        assert_eq!((connack.retain_available(), connack.topic_alias_maximum()), (Some(true), Some(7)));
        assert!(connack.iter().eq([P::RetainAvailable(true), P::TopicAliasMaximum(7)]));
        assert!(!connack.contains(Id::MaximumQoS) && connack.contains(Id::RetainAvailable));
        let plain = ConnAckProperties::new(&[0x22, 0, 7, 0x25, 1]).unwrap();
        assert_eq!(connack, plain);
        let state = BuildHasherDefault::<std::hash::DefaultHasher>::default();
        assert_eq!(state.hash_one(connack), state.hash_one(plain));
        assert_eq!(format!("{connack:?}"), "{retain_available: true, topic_alias_maximum: 7}");

        let subscribe = SubscribeProperties::new_skipping_placeholders(&[0x0B, 0]).unwrap();
        assert!(subscribe.is_empty() && subscribe.has_placeholders() && subscribe.subscription_identifier().is_none());
        assert_eq!(subscribe, SubscribeProperties::<&[u8]>::default());
        let connect = ConnectProperties::new_skipping_placeholders(&[0x21, 0, 0, 0x27, 0, 0, 0, 0]).unwrap();
        assert_eq!((connect.is_empty(), connect.iter().next()), (true, None));
    }

    #[test]
    fn a_value_may_stand_beside_a_placeholder_of_a_property_that_may_repeat() {
        let publish = [0x0B, 0, 0x0B, 5, 0x0B, 0, 0x26, 0, 1, b'a', 0, 0, 0x0B, 6, 0x23, 0, 0];
        let publish = PublishProperties::new_skipping_placeholders(&publish[..]).unwrap();
        assert!(publish.contains(Id::SubscriptionIdentifier) && !publish.contains(Id::TopicAlias));
        assert!(publish.subscription_identifiers().map(|identifier| identifier.get()).eq([5, 6]));
        let mut iter = publish.iter();
        let mut parts = Vec::new();
        while let Some((property, bytes)) = iter.next_with_bytes() {
            assert_eq!(Property::read_checked(bytes), Some((property, &[][..])));
            parts.extend_from_slice(bytes);
        }
        let plain = PublishProperties::new(&[0x0B, 5, 0x26, 0, 1, b'a', 0, 0, 0x0B, 6]).unwrap();
        assert_eq!((publish, &parts[..]), (plain, plain.as_bytes()));
        assert_ne!(publish, PublishProperties::new(&[0x0B, 5, 0x26, 0, 1, b'a', 0, 0, 0x0B, 7]).unwrap());
    }

    #[test]
    fn a_builder_leaves_placeholders_out() {
        let bytes = [0x23, 0, 0, 0x26, 0, 1, b'a', 0, 0, 0x0B, 0];
        let publish = PublishProperties::new_skipping_placeholders(&bytes).unwrap();
        let mut storage = [0; 32];
        let built = publish.to_builder_in(&mut storage).build().unwrap();
        assert_eq!((built.as_bytes(), built.has_placeholders(), built), (&bytes[3..9], false, publish));
        let built = publish.to_builder_in(&mut storage).topic_alias(7).build().unwrap();
        assert_eq!(built.topic_alias(), NonZero::new(7));
        let pair = UserProperty { name: Utf8String::new("b").unwrap(), value: Utf8String::new("").unwrap() };
        let built = publish.to_builder_in(&mut storage).replace(&P::UserProperty(pair)).build().unwrap();
        assert_eq!(built.as_bytes(), [0x26, 0, 1, b'b', 0, 0]);
        assert!(publish.to_builder_in(&mut storage).remove(Id::UserProperty).build().unwrap().is_empty());
        assert_eq!(publish.to_builder_in(&mut storage[..5]).build(), Err(BuildError::StorageFull));
        #[cfg(feature = "bytes")]
        {
            assert_eq!(publish.to_builder().build().unwrap().as_bytes(), &bytes[3..9]);
            assert_eq!((publish.to_shared(), publish.to_shared().has_placeholders()), (publish.to_shared(), true));
        }
    }

    #[test]
    fn every_other_rule_holds() {
        let error = |bytes: &'static [u8]| {
            let error = ConnectProperties::new_skipping_placeholders(bytes).unwrap_err();
            (error.kind(), error.property(), error.offset())
        };
        let receive_maximum = Some(Id::ReceiveMaximum);
        assert_eq!(error(&[0x21, 0, 0, 0x21, 0, 0]), (PropertyErrorKind::Duplicate, receive_maximum, 3));
        assert_eq!(error(&[0x21, 0, 0, 0x21, 0, 1]), (PropertyErrorKind::Duplicate, receive_maximum, 3));
        assert_eq!(error(&[0x21, 0, 1, 0x21, 0, 0]), (PropertyErrorKind::Duplicate, receive_maximum, 3));
        assert_eq!(error(&[0x21, 0]), (PropertyErrorKind::Truncated, receive_maximum, 1));
        assert_eq!(error(&[0x23, 0, 0]), (PropertyErrorKind::NotAllowed, Some(Id::TopicAlias), 0));
        assert_eq!(error(&[0x17, 2]), (PropertyErrorKind::InvalidValue, Some(Id::RequestProblemInformation), 1));
        let without_method = PropertyErrorKind::AuthenticationDataWithoutMethod;
        assert_eq!(error(&[0x21, 0, 0, 0x16, 0, 1, 7]), (without_method, Some(Id::AuthenticationData), 3));
        let set = ConnectProperties::new_skipping_placeholders(&[0x21, 0, 1]).unwrap();
        assert!(!set.has_placeholders());
    }

    /// Bytes before an unknown identifier, or in a string, that look like Topic Alias 0 or Subscription Identifier 0.
    #[test]
    fn only_the_value_of_a_property_is_a_placeholder() {
        let connack: &[u8] = &[0x22, 0, 0x23, 0, 0];
        let error = ConnAckProperties::new_skipping_placeholders(connack).unwrap_err();
        assert_eq!((error.kind(), error.property(), error.offset()), (PropertyErrorKind::UnknownIdentifier, None, 3));
        assert_eq!(error, ConnAckProperties::new(connack).unwrap_err());
        for publish in [
            &[0x03, 0, 2, 0x0B, 0][..],
            &[0x03, 0, 3, b'a', 0x0B, 0],
            &[0x26, 0, 2, 0x0B, 0, 0, 0],
            &[0x03, 0, 4, 0x23, 0, 0, b'a'],
            &[0x02, 0, 0, 0, 0x0B, 0],
        ] {
            let error = PublishProperties::new_skipping_placeholders(publish).unwrap_err();
            assert_eq!(error, PublishProperties::new(publish).unwrap_err(), "{publish:02x?}");
        }
    }
}
