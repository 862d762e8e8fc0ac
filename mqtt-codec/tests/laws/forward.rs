//! For any message and any subscriber: the forwarded packet equals the message decoded, changed and encoded, byte for
//! byte.

use arbitrary::{Arbitrary, Unstructured};
use bytes::{Bytes, BytesMut};
use core::num::{NonZeroU16, NonZeroU32};
use mqtt_codec::{
    Delivery, Encode, EncodeError, EncodeErrorKind, Forward, Frame, Pieces, Property, PropertyIdentifier,
    ProtocolVersion, Publish, PublishProperties, Subscriber, SubscriptionIdentifier, TopicName,
};

/// The name that a message gets that has only an alias.
const NAME: TopicName<&[u8]> = TopicName::from_static("what/the/alias/stands/for");

/// What a subscriber wants, in a form that can be read.
#[derive(Clone, Debug)]
struct Wanted {
    version: ProtocolVersion,
    delivery: Delivery,
    retain: bool,
    alias: Option<NonZeroU16>,
    alias_only: bool,
    identifiers: Vec<SubscriptionIdentifier>,
    waited: u32,
    limit: Option<NonZeroU32>,
}

impl Wanted {
    fn new(input: &mut Unstructured<'_>) -> arbitrary::Result<Self> {
        let flags: u8 = input.arbitrary()?;
        let has = |bit: u8| flags >> bit & 1 == 1;
        Ok(Self {
            version: input.arbitrary()?,
            delivery: input.arbitrary()?,
            retain: has(0),
            alias: if has(1) { Some(input.arbitrary()?) } else { None },
            alias_only: has(2),
            identifiers: if has(3) { input.arbitrary_iter()?.take(20).collect::<Result<_, _>>()? } else { Vec::new() },
            waited: if has(4) { input.int_in_range(0..=3)? } else { 0 },
            limit: if has(5) { NonZeroU32::new(input.int_in_range(1..=200)?) } else { None },
        })
    }

    fn subscriber(&self) -> Subscriber<'_> {
        let subscriber = Subscriber::new(self.delivery)
            .with_retain(self.retain)
            .with_waited(self.waited)
            .with_maximum_packet_size(self.limit)
            .with_subscription_identifiers(&self.identifiers);
        match self.alias {
            Some(alias) if self.alias_only => subscriber.with_topic_alias_only(alias),
            Some(alias) => subscriber.with_topic_alias(alias),
            None => subscriber,
        }
    }

    /// Returns the packet for the subscriber, made by decoding, changing and encoding, or the reason why there is none.
    fn packet(&self, message: &Publish<&[u8]>) -> Result<Publish<Bytes>, Option<PropertyIdentifier>> {
        let topic_name = message.topic_name().copied().unwrap_or(NAME);
        let mut builder = PublishProperties::builder();
        let in_v5 = if self.version.is_v3() { PublishProperties::default() } else { *message.properties() };
        let lifetime = message.properties().message_expiry_interval();
        if lifetime.is_some_and(|seconds| self.waited > 0 && seconds <= self.waited) {
            return Err(None);
        }
        if let Some(alias) = self.alias {
            builder = builder.topic_alias(alias.get());
        }
        for identifier in &self.identifiers {
            builder = builder.subscription_identifier(*identifier);
        }
        for property in &in_v5 {
            match property {
                Property::TopicAlias(_) | Property::SubscriptionIdentifier(_) => {}
                Property::MessageExpiryInterval(seconds) => {
                    builder = builder.message_expiry_interval(seconds - self.waited);
                }
                property => builder = builder.property(&property),
            }
        }
        if self.version.is_v3() && self.alias.is_some() {
            return Err(Some(PropertyIdentifier::TopicAlias));
        }
        if self.version.is_v3() && !self.identifiers.is_empty() {
            return Err(Some(PropertyIdentifier::SubscriptionIdentifier));
        }
        let payload = Bytes::copy_from_slice(message.payload);
        let mut packet = Publish::with_properties(topic_name.to_shared(), builder.build().unwrap(), payload);
        if self.alias.is_some() && self.alias_only {
            packet.remove_topic_name().unwrap();
        }
        packet.delivery = self.delivery;
        packet.retain = self.retain;
        Ok(packet)
    }
}

pub(crate) fn law(data: &[u8]) {
    let mut input = Unstructured::new(data);
    let Ok(wanted) = Wanted::new(&mut input) else { return };
    let Ok(message) = Publish::<Bytes>::arbitrary(&mut input) else { return };
    let message = message.as_borrowed();
    let forward = match Forward::new(&message, wanted.version) {
        Ok(forward) => forward,
        Err(error) => {
            assert_eq!((error.kind(), message.topic_name()), (EncodeErrorKind::TopicNameMissing, None));
            Forward::with_topic_name(&message, NAME, wanted.version)
        }
    };
    for wanted in [wanted.clone(), Wanted { delivery: wanted.delivery.duplicate(), ..wanted }] {
        is_the_changed_packet(&forward, &message, &wanted);
    }
    dropped_are_those_of_5(&forward, &message);
}

fn is_the_changed_packet(forward: &Forward<'_>, message: &Publish<&[u8]>, wanted: &Wanted) {
    let subscriber = wanted.subscriber();
    let expected = expected(message, wanted);
    let mut buffer = BytesMut::from(&b"in front"[..]);
    let mut slice = vec![0xA5; 4096];
    let mut scratch = [0; 1024];
    match (&expected, forward.encode_to(&subscriber, &mut buffer)) {
        (Ok(expected), Ok(len)) => {
            assert_eq!((len, &buffer[8..]), (expected.len(), expected.as_ref()), "{message} to {wanted:?}");
            assert_eq!(forward.encoded_len(&subscriber), Ok(len));
            slice.resize(len + 1, 0xA5);
            assert_eq!(forward.encode(&subscriber, &mut slice), Ok(len));
            assert_eq!((&slice[..len], slice[len]), (expected.as_ref(), 0xA5));
            slice.fill(0xA5);
            let error = forward.encode(&subscriber, &mut slice[..len - 1]).unwrap_err();
            assert_eq!(error.kind(), EncodeErrorKind::BufferTooSmall { needed: len });
            assert!(slice.iter().all(|byte| *byte == 0xA5), "written to before it was refused");
            let pieces = forward.encode_vectored(&subscriber, &mut scratch).unwrap();
            assert_eq!(pieces.as_slices().concat(), expected.as_ref());
            let is_referred_to = |piece: &&[u8]| message.payload.as_ptr_range().contains(&piece.as_ptr());
            assert!(message.payload.len() < 32 || pieces.as_slices().iter().any(is_referred_to));
            if wanted.identifiers.len() <= 16 {
                assert!(forward.encode_vectored(&subscriber, &mut [0; Pieces::SCRATCH]).is_ok());
            }
            assert_eq!(forward.to_bytes(&subscriber).as_ref(), Ok(expected));
        }
        (Err(expected), Err(error)) => {
            assert_eq!((error.kind(), &buffer[..]), (*expected, &b"in front"[..]), "{message} to {wanted:?}");
            assert_eq!(forward.encoded_len(&subscriber), Err(error));
            assert_eq!(forward.encode(&subscriber, &mut slice), Err(error));
            assert_eq!(forward.to_bytes(&subscriber), Err(error));
            assert!(slice.iter().all(|byte| *byte == 0xA5) && !error.to_string().is_empty());
        }
        (expected, found) => panic!("{message} to {wanted:?}: {found:?}, expected {expected:?}"),
    }
    from_a_frame(message, wanted, &expected);
}

fn expected(message: &Publish<&[u8]>, wanted: &Wanted) -> Result<Bytes, EncodeErrorKind> {
    let packet = wanted.packet(message).map_err(|refused| match refused {
        Some(_) => EncodeErrorKind::NotInVersion(wanted.version),
        None => EncodeErrorKind::MessageExpired,
    })?;
    let mut output = BytesMut::new();
    let size = packet.encode_to(wanted.version, &mut output).unwrap();
    match wanted.limit {
        Some(limit) if size > usize::try_from(limit.get()).unwrap() => {
            Err(EncodeErrorKind::ExceedsMaximumPacketSize { size, limit: limit.get() })
        }
        _ => Ok(output.freeze()),
    }
}

/// Checks that a message that is kept as a frame is forwarded as any other, and that unchanged bytes are not copied.
fn from_a_frame(message: &Publish<&[u8]>, wanted: &Wanted, expected: &Result<Bytes, EncodeErrorKind>) {
    for version in ProtocolVersion::ALL {
        let Ok(frame) = Frame::encode(message, version) else { continue };
        let frame = frame.into_publish().unwrap();
        let Ok(forward) = Forward::from_frame(&frame, wanted.version) else { continue };
        let found = forward.to_bytes(&wanted.subscriber());
        match expected {
            Ok(expected) => assert_eq!(found.as_ref(), Ok(expected)),
            Err(expected) => assert_eq!(found.clone().map_err(|error: EncodeError| error.kind()), Err(*expected)),
        }
        if let Ok(found) = found {
            // An alias or identifier of the subscriber's own may be equal to the message's: the same bytes, written anew.
            let is_same = version == wanted.version && found == frame.as_bytes();
            let has_own = wanted.alias.is_some() || !wanted.identifiers.is_empty();
            let is_shared = found.as_ptr() == frame.as_bytes().as_ptr();
            assert!(is_shared == is_same || is_same && has_own, "{frame} to {wanted:?}");
        }
    }
}

fn dropped_are_those_of_5(forward: &Forward<'_>, message: &Publish<&[u8]>) {
    let dropped: Vec<Property<'_>> = forward.dropped_properties().collect();
    if forward.version().is_v3() {
        assert!(dropped.iter().eq(message.properties().iter().collect::<Vec<_>>().iter()));
    } else {
        assert!(dropped.is_empty());
    }
}
