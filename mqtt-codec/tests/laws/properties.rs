//! For any bytes, as each of the fourteen property sets: all ways to read an accepted set agree, a builder can build it
//! again, and equality is correct.

use super::{LETTERS, hash_of, plain};
use bytes::Bytes;
use mqtt_codec::{
    AuthProperties, BuildError, ConnAckProperties, ConnectProperties, DisconnectProperties, Property,
    PropertyIdentifier, PubAckProperties, PubCompProperties, PubRecProperties, PubRelProperties, PublishProperties,
    SubAckProperties, SubscribeProperties, UnsubAckProperties, UnsubscribeProperties, UserProperty, WillProperties,
};

/// The laws of one set. Getters are named with their property.
macro_rules! set_law {
    (@build AuthProperties, $storage:expr, $properties:ident) => {{
        // There is no builder without a method.
        let is_method = |property: &Property<'_>| property.identifier() == PropertyIdentifier::AuthenticationMethod;
        match $properties.iter().position(is_method).map(|place| (place, $properties[place])) {
            Some((first, Property::AuthenticationMethod(method))) => {
                let others = $properties.iter().enumerate().filter(|(place, _)| *place != first);
                let builder = AuthProperties::builder_in($storage, method.as_str());
                others.fold(builder, |builder, (_, property)| builder.property(property)).build()
            }
            _ => Err(BuildError::NotAllowed(PropertyIdentifier::AuthenticationMethod)),
        }
    }};
    (@build $set:ident, $storage:expr, $properties:ident) => {
        $properties.iter().fold($set::builder_in($storage), |builder, property| builder.property(property)).build()
    };
    (@begin AuthProperties, $storage:expr, $properties:ident) => {{
        let method = $properties.iter().find_map(|property| match property {
            Property::AuthenticationMethod(method) => Some(method.as_str()),
            _ => None,
        });
        AuthProperties::builder_in($storage, method.unwrap_or_default())
    }};
    (@begin $set:ident, $storage:expr, $properties:ident) => {
        $set::builder_in($storage)
    };
    ($bytes:ident $letter:ident, $set:ident [$($getter:ident $variant:ident)*]) => {{
        let set = match $set::new($bytes) {
            Ok(set) => set,
            Err(error) => {
                assert!(!plain::are_properties($bytes, $letter), "refused: {error}");
                assert!(error.offset() <= $bytes.len() && !error.to_string().is_empty());
                assert_eq!($set::new(Bytes::copy_from_slice($bytes)).err(), Some(error));
                return;
            }
        };
        assert!(plain::are_properties($bytes, $letter), "accepted: {set:?}");
        assert_eq!(set.as_bytes(), $bytes);
        let all: Vec<Property<'_>> = set.iter().collect();
        assert_eq!(set.is_empty(), all.is_empty());
        assert!(!format!("{set:?}").is_empty());
        for identifier in PropertyIdentifier::ALL {
            let is_there = all.iter().any(|property| property.identifier() == identifier);
            assert_eq!(set.contains(identifier), is_there, "{identifier}");
        }
        $(
            let found = all.iter().find_map(|property| match property {
                Property::$variant(value) => Some(*value),
                _ => None,
            });
            assert_eq!(set.$getter(), found);
        )*
        assert!(set.user_properties().eq(user_properties(&all)));

        // In other buffers.
        let frame = Bytes::copy_from_slice($bytes);
        for other in [$set::new(frame.clone()).unwrap(), set.share(&frame), set.to_shared()] {
            assert_eq!(other, set);
            assert_eq!((other.as_borrowed(), hash_of(&other)), (set, hash_of(&set)));
            assert!(other.iter().eq(all.iter().copied()));
        }

        // Built again, one by one.
        let build = |properties: &[Property<'_>], room: usize| {
            let mut storage = vec![0; room];
            set_law!(@build $set, &mut storage, properties).map(|set| set.to_shared())
        };
        let built = build(&all, $bytes.len()).unwrap();
        assert_eq!(built, set);
        assert_eq!(hash_of(&built), hash_of(&set));
        // The builder of AUTH begins with the method, wherever it was.
        if $letter != 'A' || matches!(all.first(), Some(Property::AuthenticationMethod(_))) {
            assert_eq!(built.as_bytes(), $bytes, "there is one form for it");
        }
        // Passed on at once, all or a part.
        for is_odd in [None, Some(true), Some(false)] {
            let is_method =
                |property: &Property<'_>| property.identifier() == PropertyIdentifier::AuthenticationMethod;
            let is_kept = |property: &Property<'_>| {
                is_odd.is_none_or(|is_odd| (property.identifier().as_u8() % 2 == 1) == is_odd)
            };
            let mut storage = vec![0; $bytes.len()];
            let builder = set_law!(@begin $set, &mut storage, all);
            let has_begun = $letter == 'A';
            let passed_on = set.iter().filter(|property| is_kept(property) && !(has_begun && is_method(property)));
            let passed_on = builder.properties(passed_on).build().map(|set| set.to_shared());
            let kept: Vec<Property<'_>> =
                all.iter().filter(|property| is_kept(property) || has_begun && is_method(property)).copied().collect();
            assert_eq!(passed_on, build(&kept, $bytes.len()));
            assert!(passed_on.is_ok_and(|set| set.iter().all(|property| all.contains(&property))) || is_odd.is_some());
        }
        if let Some(less) = $bytes.len().checked_sub(1) {
            assert_eq!(build(&all, less).err(), Some(BuildError::StorageFull));
        }

        // The order of different properties has no meaning, that of the same ones has.
        let mut sorted = all.clone();
        sorted.sort_by_key(Property::identifier);
        let sorted = build(&sorted, $bytes.len()).unwrap();
        assert_eq!(sorted, set);
        assert_eq!(hash_of(&sorted), hash_of(&set));
        let reversed: Vec<Property<'_>> = all.iter().rev().copied().collect();
        let are_same = identifiers(&all).iter().all(|identifier| {
            let is_it = |property: &&Property<'_>| property.identifier() == *identifier;
            all.iter().filter(is_it).eq(reversed.iter().filter(is_it))
        });
        let reversed = build(&reversed, $bytes.len()).unwrap();
        assert_eq!(reversed == set, are_same);
        assert!(!are_same || hash_of(&reversed) == hash_of(&set));

        // What is not there makes a difference; and twice is too much for most.
        if let Some((last, rest)) = all.split_last() {
            if let Ok(shorter) = build(rest, $bytes.len()) {
                assert_ne!(shorter, set);
            }
            let twice: Vec<Property<'_>> = all.iter().copied().chain([*last]).collect();
            let wire = [built.as_bytes(), &wire_of(last)].concat();
            match build(&twice, wire.len()) {
                Ok(twice) => {
                    assert_ne!(twice, set);
                    assert_eq!($set::new(&wire[..]), Ok(twice.as_borrowed()));
                }
                Err(error) => {
                    assert_eq!(error, BuildError::Duplicate(last.identifier()));
                    assert!($set::new(&wire[..]).is_err());
                }
            }
        }
    }};
}

pub(super) fn law(data: &[u8]) {
    let Some((which, bytes)) = data.split_first() else { return };
    let which = usize::from(*which) % LETTERS.len();
    let letter = LETTERS[which];
    match which {
        0 => set_law!(bytes letter, ConnectProperties [
            session_expiry_interval SessionExpiryInterval receive_maximum ReceiveMaximum
            maximum_packet_size MaximumPacketSize topic_alias_maximum TopicAliasMaximum
            request_response_information RequestResponseInformation
            request_problem_information RequestProblemInformation
            authentication_method AuthenticationMethod authentication_data AuthenticationData
        ]),
        1 => set_law!(bytes letter, WillProperties [
            will_delay_interval WillDelayInterval payload_format_indicator PayloadFormatIndicator
            message_expiry_interval MessageExpiryInterval content_type ContentType response_topic ResponseTopic
            correlation_data CorrelationData
        ]),
        2 => set_law!(bytes letter, ConnAckProperties [
            session_expiry_interval SessionExpiryInterval receive_maximum ReceiveMaximum maximum_qos MaximumQoS
            retain_available RetainAvailable maximum_packet_size MaximumPacketSize
            assigned_client_identifier AssignedClientIdentifier topic_alias_maximum TopicAliasMaximum
            reason_string ReasonString wildcard_subscription_available WildcardSubscriptionAvailable
            subscription_identifier_available SubscriptionIdentifierAvailable
            shared_subscription_available SharedSubscriptionAvailable server_keep_alive ServerKeepAlive
            response_information ResponseInformation server_reference ServerReference
            authentication_method AuthenticationMethod authentication_data AuthenticationData
        ]),
        3 => {
            if let Ok(set) = PublishProperties::new(bytes) {
                let all = set.iter().filter_map(|property| match property {
                    Property::SubscriptionIdentifier(identifier) => Some(identifier),
                    _ => None,
                });
                assert!(set.subscription_identifiers().eq(all));
            }
            set_law!(bytes letter, PublishProperties [
                payload_format_indicator PayloadFormatIndicator message_expiry_interval MessageExpiryInterval
                topic_alias TopicAlias response_topic ResponseTopic correlation_data CorrelationData
                content_type ContentType
            ]);
        }
        4 => set_law!(bytes letter, PubAckProperties [reason_string ReasonString]),
        5 => set_law!(bytes letter, PubRecProperties [reason_string ReasonString]),
        6 => set_law!(bytes letter, PubRelProperties [reason_string ReasonString]),
        7 => set_law!(bytes letter, PubCompProperties [reason_string ReasonString]),
        8 => set_law!(bytes letter, SubscribeProperties [subscription_identifier SubscriptionIdentifier]),
        9 => set_law!(bytes letter, SubAckProperties [reason_string ReasonString]),
        10 => set_law!(bytes letter, UnsubscribeProperties []),
        11 => set_law!(bytes letter, UnsubAckProperties [reason_string ReasonString]),
        12 => set_law!(bytes letter, DisconnectProperties [
            session_expiry_interval SessionExpiryInterval reason_string ReasonString server_reference ServerReference
        ]),
        _ => set_law!(bytes letter, AuthProperties [
            authentication_method AuthenticationMethod authentication_data AuthenticationData
            reason_string ReasonString
        ]),
    }
}

fn user_properties<'a>(all: &[Property<'a>]) -> impl Iterator<Item = UserProperty<&'a [u8]>> {
    all.iter().filter_map(|property| match property {
        Property::UserProperty(pair) => Some(*pair),
        _ => None,
    })
}

fn identifiers(all: &[Property<'_>]) -> Vec<PropertyIdentifier> {
    all.iter().map(Property::identifier).collect()
}

/// The bytes of one property: by the set of a packet that has it.
pub(super) fn wire_of(property: &Property<'_>) -> Vec<u8> {
    let connack = ConnAckProperties::builder().property(property).build().map(|set| set.as_bytes().to_vec());
    let publish = PublishProperties::builder().property(property).build().map(|set| set.as_bytes().to_vec());
    let will = WillProperties::builder().property(property).build().map(|set| set.as_bytes().to_vec());
    let connect = ConnectProperties::builder().property(property).build().map(|set| set.as_bytes().to_vec());
    connack.or(publish).or(will).or(connect).unwrap()
}
