//! For any bytes and any options: a frame equals the packet, and its bytes are reused only if encoding the packet would
//! write the same bytes.

use super::{Rules, hash_of};
use bytes::{Bytes, BytesMut};
use mqtt_codec::{
    DecodeOptions, Decoded, Encode, EncodeErrorKind, EncodeOptions, Frame, FrameItem, Packet, ProtocolVersion, Sender,
    StreamDecoder, StreamItem, StreamOptions, decode,
};

pub(crate) fn law(data: &[u8]) {
    let Some((rules, input)) = Rules::split(data) else { return };
    let options = rules.options();
    let buffer = Bytes::copy_from_slice(input);
    match (decode(input, options), Frame::decode(&buffer, options)) {
        (Err(one), Err(other)) => assert_eq!(one, other),
        (Ok(Decoded::Incomplete { needed: one }), Ok(Decoded::Incomplete { needed: other })) => assert_eq!(one, other),
        (Ok(Decoded::Complete { packet, consumed }), Ok(Decoded::Complete { packet: frame, consumed: also })) => {
            assert_eq!((frame.as_bytes(), consumed), (&input[..consumed], also));
            let is_shared = frame.as_bytes().as_ptr() == buffer.as_ptr();
            assert_eq!(is_shared, consumed > 4, "only a short packet is in the frame itself");
            assert_eq!((frame.to_bytes(), frame.clone().into_bytes()), (buffer.slice(..consumed), frame.to_bytes()));
            is_the_packet(&frame, &packet, &rules);
            encodes_as_the_packet(&frame, &packet, rules.sender);
        }
        (one, other) => panic!("{one:?}, and as a frame {other:?}"),
    }
    streams_agree(&rules, input);
}

fn is_the_packet(frame: &Frame, packet: &Packet<&[u8]>, rules: &Rules) {
    assert_eq!(frame.packet(), *packet);
    assert_eq!(frame.to_shared(), *packet);
    assert_eq!(frame.packet_type(), packet.packet_type());
    assert_eq!(frame.to_string(), packet.to_string());
    let version = match packet {
        Packet::Connect(connect) => connect.protocol_version,
        _ => rules.version,
    };
    assert_eq!(frame.version(), version);
    let strict = DecodeOptions::new(rules.version).with_sender(rules.sender);
    assert_eq!(frame.is_strict(), decode(frame.as_bytes(), strict).is_ok());
    let again = frame.clone();
    assert_eq!((&again, hash_of(&again)), (frame, hash_of(frame)));
    let is_shared = again.as_bytes().as_ptr() == frame.as_bytes().as_ptr();
    assert_eq!(is_shared, frame.as_bytes().len() > 4);
    let length_len = frame.as_bytes().iter().skip(1).take_while(|byte| **byte & 0x80 != 0).count() + 1;
    assert_eq!(usize::from(frame.header_len()), length_len + 1);
    match (again.clone().into_publish(), packet) {
        (Ok(frame), Packet::Publish(publish)) => {
            assert_eq!(frame.as_borrowed(), *publish);
            assert_eq!((frame.topic_name(), frame.topic()), (publish.topic_name().copied(), publish.topic()));
            assert_eq!((frame.properties(), frame.payload()), (*publish.properties(), publish.payload));
            assert_eq!((frame.delivery(), frame.retain()), (publish.delivery, publish.retain));
            assert_eq!(frame.payload_bytes(), publish.payload);
            assert_eq!((frame.version(), frame.to_string()), (version, publish.to_string()));
            assert_eq!(frame.header_len(), again.header_len());
        }
        (Err(frame), packet) => {
            assert!(!matches!(packet, Packet::Publish(_)) && frame.as_publish().is_none());
        }
        (Ok(frame), packet) => panic!("{frame:?} is {packet:?}"),
    }
}

/// Checks that encoding a frame gives the same as encoding its packet, for each version and each function.
fn encodes_as_the_packet(frame: &Frame, packet: &Packet<&[u8]>, sender: Sender) {
    for version in ProtocolVersion::ALL {
        let options = EncodeOptions::new(version).with_sender(sender);
        let (mut one, mut other) = (BytesMut::new(), BytesMut::new());
        let result = packet.encode_to(options, &mut one);
        assert_eq!(frame.encode_to(options, &mut other), result);
        assert_eq!((frame.encoded_len(options), packet.encoded_len(options)), (result, result));
        assert_eq!(one, other);
        let mut slice = vec![0; one.len()];
        assert_eq!(frame.encode(options, &mut slice), result);
        assert_eq!(slice, one);
        in_pieces(packet, options, &one);
        in_pieces(frame, options, &one);
        if result.is_ok() {
            let made = Frame::encode(packet, options).unwrap();
            assert_eq!((made.packet(), made.as_bytes()), (decoded(&one, version), one.as_ref()));
            assert_eq!(made.is_strict(), decode(&one, version).is_ok());
        }
    }
}

/// Decodes the encoded bytes. Values that 3.1 does not encode, for instance DUP at QoS 0, are lost.
fn decoded(encoded: &[u8], version: ProtocolVersion) -> Packet<&[u8]> {
    let options = DecodeOptions::new(version).allow_bridge_bit(true);
    decode(encoded, options).unwrap().complete().unwrap().0
}

/// Checks that the pieces form the packet, and that the error for a scratch that is too small contains the necessary
/// length.
pub(super) fn in_pieces(packet: &impl Encode, options: EncodeOptions, whole: &[u8]) {
    let mut scratch = [0; 64];
    match packet.encode_vectored(options, &mut scratch) {
        Ok(pieces) => {
            assert_eq!((pieces.as_slices().concat(), pieces.len()), (whole.to_vec(), whole.len()));
            assert!(pieces.as_slices().iter().all(|piece| !piece.is_empty()));
        }
        Err(error) => match error.kind() {
            EncodeErrorKind::BufferTooSmall { needed } => {
                assert!(needed > 64 && needed <= whole.len());
                let mut scratch = vec![0; needed];
                let pieces = packet.encode_vectored(options, &mut scratch).unwrap();
                assert_eq!(pieces.as_slices().concat(), whole);
                let mut scratch = vec![0; needed - 1];
                assert!(packet.encode_vectored(options, &mut scratch).is_err());
            }
            _ => assert!(packet.encoded_len(options).is_err()),
        },
    }
}

/// Checks that a stream of frames equals the stream of packets.
fn streams_agree(rules: &Rules, input: &[u8]) {
    let role = match rules.sender {
        Sender::Client => StreamOptions::server().with_version(rules.version),
        Sender::Server => StreamOptions::client(rules.version),
        Sender::Either => StreamOptions::either(None),
    };
    let options = role.with_payload_pieces_above(60).with_decode_options(|options| rules.change(options));
    let (mut packets, mut frames) = (StreamDecoder::new(options), StreamDecoder::new(options));
    let (mut one, mut other) = (BytesMut::new(), BytesMut::new());
    for part in input.chunks(7) {
        one.extend_from_slice(part);
        other.extend_from_slice(part);
        loop {
            let (packet, frame) = (packets.next_item(&mut one), frames.next_frame(&mut other));
            assert_eq!(packets.version(), frames.version());
            assert_eq!((packets.position(), packets.needed()), (frames.position(), frames.needed()));
            assert_eq!((&one, packets.refused()), (&other, frames.refused()));
            match (packet, frame) {
                (Ok(None), Ok(None)) => break,
                (Ok(Some(item)), Ok(Some(frame))) => assert_eq!(item, as_item(&frame)),
                (Err(error), Err(also)) => {
                    assert_eq!(error, also);
                    let goes_on = packets.skip();
                    assert_eq!(frames.skip(), goes_on);
                    if !goes_on {
                        return;
                    }
                }
                (packet, frame) => panic!("{packet:?}, and as a frame {frame:?}"),
            }
        }
    }
}

fn as_item(frame: &FrameItem) -> StreamItem {
    match frame.clone() {
        FrameItem::Frame(frame) => StreamItem::Packet(frame.to_shared()),
        FrameItem::PublishHead { publish, payload_len } => StreamItem::PublishHead { publish, payload_len },
        FrameItem::Payload { piece, remaining } => StreamItem::Payload { piece, remaining },
    }
}
