//! Forwarding: every arrangement of the properties of a message, and every field of a subscriber by itself.

#![cfg(all(test, feature = "bytes"))]
#![expect(clippy::unwrap_used, reason = "a panic here is a failed test")]

use bytes::Bytes;
use core::num::{NonZeroU16, NonZeroU32};
use mqtt_codec::ProtocolVersion::{V3_1, V3_1_1, V5};
use mqtt_codec::{
    DecodeOptions, Delivery, EncodeError, EncodeErrorKind, FanOut, Forward, Frame, PacketIdentifier, PublishFrame, QoS,
    RetainHandling, Subscriber, SubscriptionIdentifier, SubscriptionOptions,
};

const EXPIRY: &[u8] = b"\x02\0\0\0\x03";
const ALIAS: &[u8] = b"\x23\0\x07";
const IDENTIFIER: &[u8] = b"\x0B\x05";
const USER: &[u8] = b"\x26\0\x01k\0\x01v";
const FORMAT: &[u8] = b"\x01\x01";

fn packet(flags: u8, properties: &[u8]) -> Vec<u8> {
    let body = [b"\0\x01a", &[u8::try_from(properties.len()).unwrap()][..], properties, b"hi"].concat();
    [&[0x30 | flags, u8::try_from(body.len()).unwrap()], &body[..]].concat()
}

fn received(bytes: &[u8]) -> PublishFrame {
    let frame = Frame::decode(&Bytes::copy_from_slice(bytes), V5).unwrap().complete().unwrap().0;
    frame.into_publish().unwrap()
}

/// Returns all lists of up to five properties. All except User Properties and Subscription Identifiers occur at most
/// once.
fn arrangements() -> Vec<Vec<&'static [u8]>> {
    let mut all = vec![Vec::new()];
    let mut longest = all.clone();
    for _ in 0..5 {
        let mut longer = Vec::new();
        for list in &longest {
            for property in [EXPIRY, ALIAS, IDENTIFIER, USER, FORMAT] {
                if property == USER || property == IDENTIFIER || !list.contains(&property) {
                    longer.push([&list[..], &[property]].concat());
                }
            }
        }
        all.extend_from_slice(&longer);
        longest = longer;
    }
    all
}

#[test]
fn a_fan_out_prepares_the_same_for_each_version() {
    let message = received(&packet(0, USER));
    let fan_out = FanOut::new(&message);
    let encode = |forward: &Forward<'_>| forward.to_bytes(&Subscriber::new(Delivery::AtMostOnce)).unwrap();
    for version in [V5, V3_1_1, V3_1, V5] {
        let forward = fan_out.forward(version).unwrap();
        assert_eq!(forward.version(), version);
        assert_eq!(encode(forward), encode(&Forward::from_frame(&message, version).unwrap()));
        assert!(core::ptr::eq(forward, fan_out.forward(version).unwrap()), "it is prepared again");
    }
    let nameless = received(b"\x30\x06\0\0\x03\x23\0\x07");
    assert_eq!(FanOut::new(&nameless).forward(V5).unwrap_err().kind(), EncodeErrorKind::TopicNameMissing);
}

#[test]
fn properties_are_forwarded_in_every_arrangement() {
    let nine = [SubscriptionIdentifier::new(9).unwrap()];
    for list in arrangements() {
        let bytes = packet(0, &list.concat());
        let message = received(&bytes);
        let from_frame = Forward::from_frame(&message, V5).unwrap();
        let from_packet = Forward::new(&message.as_borrowed(), V5).unwrap();
        for waited in 0..=4_u8 {
            for identifiers in [&[][..], &nine] {
                let subscriber = Subscriber::new(Delivery::AtMostOnce)
                    .with_waited(waited.into())
                    .with_subscription_identifiers(identifiers);
                let has_expired = waited >= 3 && list.contains(&EXPIRY);
                let left = [&EXPIRY[..4], &[3_u8.saturating_sub(waited)]].concat();
                let kept = list.iter().filter(|property| ![ALIAS, IDENTIFIER].contains(property));
                let kept: Vec<u8> =
                    kept.flat_map(|property| if *property == EXPIRY { &left } else { *property }).copied().collect();
                let added: &[u8] = if identifiers.is_empty() { b"" } else { b"\x0B\x09" };
                let expected = packet(0, &[added, &kept].concat());
                for forward in [&from_frame, &from_packet] {
                    if has_expired {
                        let error = forward.to_bytes(&subscriber).unwrap_err();
                        assert_eq!(error.kind(), EncodeErrorKind::MessageExpired, "{list:02x?} after {waited} s");
                        continue;
                    }
                    assert_eq!(forward.to_bytes(&subscriber).unwrap(), expected, "{list:02x?} after {waited} s");
                    let mut scratch = [0; 256];
                    let pieces = forward.encode_vectored(&subscriber, &mut scratch).unwrap();
                    assert_eq!(pieces.as_slices().concat(), expected);
                    let mut output = [0; 128];
                    assert_eq!(forward.encode(&subscriber, &mut output), Ok(expected.len()));
                    assert_eq!(output[..expected.len()], expected);
                }
            }
        }
    }
}

/// 3.x has no property for it, but the message is as old.
/// Returns what each function makes for a subscriber. They agree, or panic.
fn encoded(forward: &Forward<'_>, subscriber: &Subscriber<'_>) -> Result<Vec<u8>, EncodeError> {
    let len = forward.encoded_len(subscriber);
    let (mut slice, mut scratch, mut appended) = ([0; 512], [0; 512], Vec::new());
    assert_eq!(forward.encode(subscriber, &mut slice), len);
    assert_eq!(forward.encode_to(subscriber, &mut appended), len);
    let pieces = forward.encode_vectored(subscriber, &mut scratch).map(|pieces| pieces.as_slices().concat());
    assert_eq!(forward.to_bytes(subscriber).map(|bytes| bytes.to_vec()), pieces);
    if let Ok(len) = len {
        let kind = EncodeErrorKind::BufferTooSmall { needed: len };
        let too_short = slice.get_mut(..len.saturating_sub(1)).unwrap();
        assert_eq!(forward.encode(subscriber, too_short).unwrap_err().kind(), kind);
        let packet = pieces.as_ref().unwrap();
        assert_eq!((slice.get(..len).unwrap(), &appended, packet.len()), (packet.as_slice(), packet, len));
    }
    pieces
}

/// A message that is not a frame is put together from its parts, so it shows what a frame must give.
#[test]
fn a_frame_gives_the_same_as_its_parts() {
    let long = [&b"\0\x28"[..], &[b't'; 40], b"hi"].concat(); // 40 bytes of topic
    let with_identifier = [&long[..42], b"\0\x0Ahi"].concat();
    let lenient = |version| DecodeOptions::new(version).allow_longer_lengths(true).allow_dup_at_qos_0(true);
    let mut frames = Vec::new();
    for (flags, body) in
        [(0, &long), (1, &long), (8, &long), (2, &with_identifier), (4, &with_identifier), (11, &with_identifier)]
    {
        let short = u8::try_from(body.len()).unwrap();
        for header in [vec![0x30 | flags, short], vec![0x30 | flags, 0x80 | short, 0]] {
            frames.push((V3_1_1, [&header[..], body].concat()));
        }
        for properties in [&[][..], USER, ALIAS, IDENTIFIER, EXPIRY] {
            let (before, payload) = body.split_at(body.len() - 2);
            let list = [&[u8::try_from(properties.len()).unwrap()][..], properties].concat();
            let len = u8::try_from(body.len() + list.len()).unwrap();
            for header in [vec![0x30 | flags, len], vec![0x30 | flags, 0x80 | len, 0]] {
                frames.push((V5, [&header, before, &list, payload].concat()));
            }
        }
    }
    let identifier = PacketIdentifier::new(0x0B0C).unwrap();
    let (once, exactly) = (Delivery::at_least_once(identifier), Delivery::exactly_once(identifier));
    let deliveries = [Delivery::AtMostOnce, once, once.duplicate(), exactly, exactly.duplicate()];
    let identifiers = [SubscriptionIdentifier::new(7).unwrap()];
    let alias = NonZeroU16::new(3).unwrap();
    for (version, bytes) in &frames {
        let decoded = Frame::decode(&Bytes::copy_from_slice(bytes), lenient(*version)).unwrap().complete().unwrap().0;
        let message = decoded.into_publish().unwrap();
        for version in [V5, V3_1_1] {
            let from_frame = Forward::from_frame(&message, version).unwrap();
            let from_parts = Forward::new(&message.as_borrowed(), version).unwrap();
            for subscriber in deliveries.map(Subscriber::new) {
                for subscriber in [
                    subscriber,
                    subscriber.with_retain(true),
                    subscriber.with_waited(2),
                    subscriber.with_topic_alias(alias),
                    subscriber.with_topic_alias_only(alias),
                    subscriber.with_subscription_identifiers(&identifiers),
                ] {
                    let packet = encoded(&from_parts, &subscriber);
                    assert_eq!(encoded(&from_frame, &subscriber), packet, "{bytes:x?} {version} {subscriber:?}");
                    let Ok(packet) = packet else { continue };
                    let limit = u32::try_from(packet.len()).unwrap();
                    let fits = subscriber.with_maximum_packet_size(NonZeroU32::new(limit));
                    assert_eq!(encoded(&from_frame, &fits).unwrap(), packet);
                    let too_long = subscriber.with_maximum_packet_size(NonZeroU32::new(limit - 1));
                    let error = encoded(&from_parts, &too_long).unwrap_err();
                    assert_eq!(encoded(&from_frame, &too_long), Err(error));
                }
            }
        }
    }
}

#[test]
fn a_message_expires_for_subscribers_of_every_version() {
    let (message, lasting) = (received(&packet(0, EXPIRY)), received(&packet(0, USER)));
    for version in [V3_1, V3_1_1, V5] {
        let subscriber = |waited| Subscriber::new(Delivery::AtMostOnce).with_waited(waited);
        for forward in
            [Forward::from_frame(&message, version).unwrap(), Forward::new(&message.as_borrowed(), version).unwrap()]
        {
            assert!(forward.encoded_len(&subscriber(2)).is_ok());
            for waited in [3, 4] {
                let error = forward.encoded_len(&subscriber(waited)).unwrap_err();
                assert_eq!(error.kind(), EncodeErrorKind::MessageExpired, "{version}");
            }
        }
        assert!(Forward::from_frame(&lasting, version).unwrap().encoded_len(&subscriber(u32::MAX)).is_ok());
    }
}

#[test]
fn the_limit_of_a_subscriber_is_met_exactly() {
    let message = received(&packet(0, USER));
    for version in [V3_1_1, V5] {
        let forward = Forward::from_frame(&message, version).unwrap();
        let subscriber = Subscriber::new(Delivery::at_least_once(PacketIdentifier::MIN));
        let size = forward.encoded_len(&subscriber).unwrap();
        let limit = |bytes| subscriber.with_maximum_packet_size(NonZeroU32::new(bytes));
        let size_of_limit = u32::try_from(size).unwrap();
        assert_eq!(forward.to_bytes(&limit(size_of_limit)).unwrap().len(), size);
        let error = forward.to_bytes(&limit(size_of_limit - 1)).unwrap_err();
        let kind = EncodeErrorKind::ExceedsMaximumPacketSize { size, limit: size_of_limit - 1 };
        assert_eq!(error.kind(), kind);
    }
}

#[test]
fn retain_is_that_of_the_subscriber_and_is_proposed_as_published_if_the_subscription_says_so() {
    for retained in [false, true] {
        let message = received(&packet(u8::from(retained), FORMAT));
        let forward = Forward::from_frame(&message, V5).unwrap();
        for retain_as_published in [false, true] {
            for maximum_qos in QoS::ALL {
                let options = SubscriptionOptions {
                    maximum_qos,
                    no_local: false,
                    retain_as_published,
                    retain_handling: RetainHandling::DoNotSend,
                };
                assert_eq!(forward.retain_as_published(options), retained && retain_as_published);
                assert_eq!(forward.qos(options), QoS::AtMostOnce);
            }
        }
        let ids = [SubscriptionIdentifier::new(9).unwrap()];
        for retain in [false, true] {
            let subscriber = Subscriber::new(Delivery::AtMostOnce).with_retain(retain);
            let expected = packet(u8::from(retain), FORMAT);
            assert_eq!(forward.to_bytes(&subscriber).unwrap(), expected);
            let expected = packet(u8::from(retain), &[b"\x0B\x09", FORMAT].concat());
            assert_eq!(forward.to_bytes(&subscriber.with_subscription_identifiers(&ids)).unwrap(), expected);
        }
    }
}

#[test]
fn the_qos_of_a_message_is_lowered_to_that_of_the_subscription() {
    for (flags, published) in [(0x02, QoS::AtLeastOnce), (0x04, QoS::ExactlyOnce)] {
        let body = b"\0\x01a\0\x01\0";
        let message = received(&[&[0x30 | flags, 6], &body[..]].concat());
        let forward = Forward::from_frame(&message, V5).unwrap();
        for maximum_qos in QoS::ALL {
            assert_eq!(forward.qos(maximum_qos.into()), published.min(maximum_qos));
        }
    }
}
