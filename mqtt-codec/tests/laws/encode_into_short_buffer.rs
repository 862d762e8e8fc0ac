//! For any packet, and an output that is too short: the error contains the necessary length, and the output is
//! unchanged.

use super::roundtrip::packet;
use bytes::{BufMut, Bytes, BytesMut};
use mqtt_codec::{
    Encode, EncodeError, EncodeErrorKind, Packet, ProtocolVersion, Publish, encode_publish_head, encode_publish_head_to,
};

const BEFORE: u8 = 0xEE;

pub(super) fn law(data: &[u8]) {
    let Some(([cut_high, cut_low, size @ ..], rest)) = data.split_first_chunk::<6>() else { return };
    let Some((version, packet)) = packet(rest) else { return };
    let payload_len = usize::try_from(u32::from_be_bytes(*size)).unwrap();
    is_refused(version, &packet, u16::from_be_bytes([*cut_high, *cut_low]).into(), payload_len);
}

/// For outputs of such a length, modulo the packet's; and for the head of a PUBLISH with a payload of another length.
pub(crate) fn is_refused(version: ProtocolVersion, packet: &Packet<Bytes>, cut: usize, payload_len: usize) {
    let len = packet.encoded_len(version).unwrap();
    for cut in [cut % len, 0, len - 1] {
        short(cut, len, &|output| packet.encode(version, output), &|mut output| packet.encode_to(version, &mut output));
    }
    if let Packet::Publish(publish) = packet {
        head(publish, version, publish.payload.len(), cut);
        head(publish, version, payload_len, cut);
    }
}

type Encoded = Result<usize, EncodeError>;

/// Creates an output of `room` bytes for a packet of `len` bytes.
fn short(
    room: usize,
    len: usize,
    encode: &dyn Fn(&mut [u8]) -> Encoded,
    encode_to: &dyn Fn(&mut dyn BufMut) -> Encoded,
) {
    let refused = |result: Encoded| {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), EncodeErrorKind::BufferTooSmall { needed: len });
        assert!(!error.to_string().is_empty());
    };
    let mut output = vec![BEFORE; room];
    refused(encode(&mut output));
    assert!(output.iter().all(|byte| *byte == BEFORE), "the output was written to");
    refused(encode_to(&mut &mut output[..]));
    assert!(output.iter().all(|byte| *byte == BEFORE), "the output was written to");
    let mut limited = BytesMut::from(&[BEFORE][..]).limit(room);
    refused(encode_to(&mut limited));
    assert_eq!(limited.into_inner(), [BEFORE][..]);
}

fn head(publish: &Publish<Bytes>, version: ProtocolVersion, payload_len: usize, cut: usize) {
    let mut output = vec![BEFORE; publish.encoded_len(version).unwrap() + 8];
    let len = match encode_publish_head(publish, payload_len, version, &mut output) {
        Ok(len) => len,
        Err(error) => {
            assert_eq!(error.kind(), EncodeErrorKind::PacketTooLarge);
            assert!(payload_len > 268_000_000 && output.iter().all(|byte| *byte == BEFORE));
            return;
        }
    };
    assert!(output[len..].iter().all(|byte| *byte == BEFORE), "what is behind the head stays");
    let mut appended = Vec::new();
    assert_eq!(encode_publish_head_to(publish, payload_len, version, &mut appended), Ok(len));
    assert_eq!(appended, output[..len]);
    if payload_len == publish.payload.len() {
        let mut whole = Vec::new();
        publish.encode_to(version, &mut whole).unwrap();
        appended.extend_from_slice(&publish.payload);
        assert_eq!(appended, whole, "head and payload are the packet");
    }
    for cut in [cut % len, 0, len - 1] {
        let encode = |output: &mut [u8]| encode_publish_head(publish, payload_len, version, output);
        let encode_to =
            |mut output: &mut dyn BufMut| encode_publish_head_to(publish, payload_len, version, &mut output);
        short(cut, len, &encode, &encode_to);
    }
}
