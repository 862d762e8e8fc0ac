//! For any packet, options and limit of the peer: a `StreamEncoder` appends the packet, or the packet without droppable
//! properties. Otherwise it returns the correct error, and the output is unchanged.

use super::plain::{self, Verdict};
use super::{Rules, limit_of, roundtrip};
use bytes::{BufMut, Bytes, BytesMut};
use mqtt_codec::{
    AuthProperties, ConnAckProperties, DecodeErrorKind, DecodeOptions, Decoded, DisconnectProperties, Encode,
    EncodeError, EncodeErrorKind, EncodeOptions, Packet, PropertyIter, PubAckProperties, PubCompProperties,
    PubRecProperties, PubRelProperties, Publish, Sender, StreamEncoder, StreamItem, StreamOptions, SubAckProperties,
    UnsubAckProperties, decode, encode_publish_head, encode_publish_head_to,
};

const BEFORE: &[u8] = b"in front";

pub(crate) fn law(data: &[u8]) {
    let Some(([flags, limit, cuts @ ..], rest)) = data.split_first_chunk::<8>() else { return };
    let Some((version, packet)) = roundtrip::packet(rest) else { return };
    let len = packet.encoded_len(version).unwrap();
    // Of the limits most are close to where something happens.
    let limit = match limit {
        0..64 => u32::try_from(len).unwrap().saturating_sub(u32::from(*limit)),
        limit => limit_of(limit - 64, u32::MAX),
    };
    let limit = limit.max(1); // 0 is no limit that a peer can state
    let sender = [Sender::Either, Sender::Client, Sender::Server, Sender::Either][usize::from(flags % 4)];
    let options = EncodeOptions::new(version).with_sender(sender);
    discouraged(&packet, options);
    let mut encoder = StreamEncoder::new(options.refuse_discouraged_characters(flags & 0x04 != 0));
    encoder.set_peer_maximum_packet_size(core::num::NonZero::new(limit));
    encoder.set_drops_explanations(flags & 0x08 != 0);
    whole(&packet, &encoder, limit, flags & 0x08 != 0);
    if let Packet::Publish(publish) = &packet {
        in_pieces(publish, &encoder, limit, cuts);
    }
}

/// Appends to something, and sees that an error leaves it as it was.
fn appended(encode: impl FnOnce(&mut BytesMut) -> Result<usize, EncodeError>) -> Result<BytesMut, EncodeError> {
    let mut output = BytesMut::from(BEFORE);
    match encode(&mut output) {
        Ok(len) => {
            assert_eq!((&output[..BEFORE.len()], output.len()), (BEFORE, BEFORE.len() + len));
            Ok(output.split_off(BEFORE.len()))
        }
        Err(error) => {
            assert_eq!(output, BEFORE, "the output was written to");
            assert!(!error.to_string().is_empty() && !error.rule().is_empty());
            Err(error)
        }
    }
}

fn whole(packet: &Packet<Bytes>, encoder: &StreamEncoder, limit: u32, drops: bool) {
    let result = appended(|output| encoder.encode(packet, output));
    assert_eq!(result, appended(|output| encoder.encode(&packet.as_borrowed(), output)));
    let plain = match appended(|output| packet.encode_to(encoder.options(), output)) {
        Ok(plain) => plain,
        Err(error) => return assert_eq!(result, Err(error)),
    };
    let fits = |len: usize| u32::try_from(len).unwrap() <= limit;
    if fits(plain.len()) {
        return assert_eq!(result, Ok(plain));
    }
    let encode = |packet: &Packet<Bytes>| appended(|output| packet.encode_to(encoder.options(), output)).unwrap();
    let without_reason = shortened(packet, false, |packet| fits(encode(packet).len())).filter(|_| drops);
    let with_reason = shortened(packet, true, |packet| fits(encode(packet).len())).filter(|_| drops);
    let expected = match without_reason {
        Some((shorter, true)) => Some(shorter),
        other => with_reason.or(other).map(|(shorter, _)| shorter),
    };
    match expected {
        Some(shorter) => assert_eq!(result, Ok(encode(&shorter))),
        None => exceeds(&result.unwrap_err(), plain.len(), limit),
    }
}

/// The packet with or without its Reason String, and with each User Property that still fits; and whether all of them do.
fn shortened(
    packet: &Packet<Bytes>,
    reason_string: bool,
    fits: impl Fn(&Packet<Bytes>) -> bool,
) -> Option<(Packet<Bytes>, bool)> {
    let (mut kept, mut users) = (Vec::new(), Vec::new());
    with_kept(packet, |index, identifier| {
        match identifier {
            0x26 => users.push(index),
            0x1F if !reason_string => {}
            _ => kept.push(index),
        }
        true
    })?;
    let mut shorter = with_kept(packet, |index, _| kept.contains(&index)).filter(&fits)?;
    let mut has_all = true;
    for user in users {
        kept.push(user);
        match with_kept(packet, |index, _| kept.contains(&index)).filter(&fits) {
            Some(longer) => shorter = longer,
            None => has_all = kept.pop().is_none(),
        }
    }
    Some((shorter, has_all))
}

fn exceeds(error: &EncodeError, size: usize, limit: u32) {
    assert_eq!(error.kind(), EncodeErrorKind::ExceedsMaximumPacketSize { size, limit });
}

/// The packet with some of its properties, by their place and number; `None` for one of which nothing may be left out.
fn with_kept(packet: &Packet<Bytes>, mut keep: impl FnMut(usize, u8) -> bool) -> Option<Packet<Bytes>> {
    let mut kept = |properties: PropertyIter<'_>| -> Vec<u8> {
        let kept = properties.enumerate().filter(|(index, property)| keep(*index, property.identifier().as_u8()));
        kept.flat_map(|(_, property)| super::properties::wire_of(&property)).collect()
    };
    macro_rules! without {
        ($($packet:ident $properties:ident)*) => {
            match packet.clone() {
                $(Packet::$packet(mut packet) => {
                    packet.properties = $properties::new(Bytes::from(kept(packet.properties.iter()))).unwrap();
                    Some(packet.into())
                })*
                _ => None,
            }
        };
    }
    without! {
        ConnAck ConnAckProperties
        PubAck PubAckProperties
        PubRec PubRecProperties
        PubRel PubRelProperties
        PubComp PubCompProperties
        SubAck SubAckProperties
        UnsubAck UnsubAckProperties
        Disconnect DisconnectProperties
        Auth AuthProperties
    }
}

/// A head and any number of pieces of the payload form the packet, and a decoder accepts them as the packet.
fn in_pieces(publish: &Publish<Bytes>, encoder: &StreamEncoder, limit: u32, cuts: &[u8]) {
    let options = encoder.options();
    let payload_len = publish.payload.len();
    let whole = appended(|output| publish.encode_to(options, output));
    let head = appended(|output| encoder.encode_publish_head(publish, payload_len, output));
    match (whole, head) {
        (Err(whole), Err(head)) => assert_eq!(whole, head),
        (Ok(whole), Err(error)) => {
            assert!(u32::try_from(whole.len()).unwrap() > limit);
            exceeds(&error, whole.len(), limit);
        }
        (Ok(whole), Ok(mut stream)) => {
            assert!(u32::try_from(whole.len()).unwrap() <= limit);
            let mut in_a_slice = vec![0; stream.len()];
            assert_eq!(encode_publish_head(publish, payload_len, options, &mut in_a_slice), Ok(stream.len()));
            assert_eq!(in_a_slice, stream);
            assert_eq!(
                appended(|output| encode_publish_head_to(publish, payload_len, options, output)),
                Ok(stream.clone())
            );
            let mut rest = publish.payload.clone();
            for cut in cuts.iter().cycle().take(2 * payload_len) {
                stream.put(rest.split_to(rest.len().min(usize::from(*cut) % 40)));
            }
            stream.put(rest);
            assert_eq!(stream, whole, "head and pieces are the packet");
            read_again(publish, options, &whole);
        }
        (Err(error), Ok(_)) => panic!("{error}, and a head without it"),
    }
    // Other lengths than the real one: the size is the announced one.
    for other in [0, payload_len + 1, 268_435_455, 268_435_456, usize::MAX] {
        let result = appended(|output| encoder.encode_publish_head(publish, other, output));
        match appended(|output| encode_publish_head_to(publish, other, options, output)) {
            Ok(head) if u32::try_from(head.len() + other).unwrap() <= limit => assert_eq!(result, Ok(head)),
            Ok(head) => exceeds(&result.unwrap_err(), head.len() + other, limit),
            Err(error) => {
                assert_eq!(result, Err(error));
                let is_too_long = error.kind() == EncodeErrorKind::PacketTooLarge;
                assert!(!is_too_long || other > 268_000_000, "{error}");
            }
        }
    }
}

/// Read in pieces, what was written in pieces is the same.
fn read_again(publish: &Publish<Bytes>, options: EncodeOptions, whole: &[u8]) {
    let options = StreamOptions::either(Some(options.version())).with_payload_pieces_above(0);
    let mut decoder = mqtt_codec::StreamDecoder::new(options);
    let mut buffer = BytesMut::from(whole);
    let mut payload = BytesMut::new();
    while let Some(item) = decoder.next_item(&mut buffer).unwrap() {
        match item {
            StreamItem::PublishHead { publish: mut head, payload_len } => {
                assert_eq!(usize::try_from(payload_len), Ok(publish.payload.len()));
                head.payload = publish.payload.clone();
                assert_eq!(head, *publish);
            }
            StreamItem::Payload { piece, .. } => payload.put(piece),
            StreamItem::Packet(packet) => {
                assert_eq!(packet, Packet::Publish(publish.clone()));
                payload.put(publish.payload.clone());
            }
        }
    }
    assert_eq!(payload, publish.payload);
}

/// A decoder with the same option refuses, in the same field, the characters that the encoder refuses, and accepts all
/// others.
fn discouraged(packet: &Packet<Bytes>, options: EncodeOptions) {
    let Ok(bytes) = appended(|output| packet.encode_to(options, output)) else { return };
    let strict = options.refuse_discouraged_characters(true);
    let result = appended(|output| packet.encode_to(strict, output));
    assert_eq!(packet.encoded_len(strict), result.as_ref().map(BytesMut::len).map_err(|error| *error));
    let mut rules = Rules::split(&[0, 1, 1, 0]).unwrap().0; // a generated CONNECT may be a bridge's
    rules.version = options.version();
    let plain = plain::decode(&bytes, &rules);
    let reader = DecodeOptions::new(rules.version).allow_bridge_bit(true).refuse_discouraged_characters(true);
    match (result, decode(&bytes, reader)) {
        (Ok(written), Ok(Decoded::Complete { .. })) => {
            assert_eq!(written, bytes);
            assert!(matches!(plain, Verdict::Accept(..)));
        }
        (Err(error), Err(refused)) => {
            assert_eq!(error.kind(), EncodeErrorKind::DiscouragedCharacter);
            assert_eq!(refused.kind(), DecodeErrorKind::DiscouragedCharacter);
            assert_eq!(error.field(), refused.field());
            assert_eq!(plain, Verdict::Reject);
        }
        (result, decoded) => panic!("{result:?}, and read as {decoded:?}"),
    }
}
