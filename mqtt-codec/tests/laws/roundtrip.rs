//! For any packet that a version can express: encoding writes exactly the announced length, and decoding gives an equal
//! packet, in every buffer.

use super::{hash_of, version};
use arbitrary::Unstructured;
use bytes::{Bytes, BytesMut};
use mqtt_codec::{DecodeOptions, Decoded, Encode, Packet, ProtocolVersion, decode, decode_shared};

/// Generates a packet from bytes. The first byte is the version.
pub(crate) fn packet(data: &[u8]) -> Option<(ProtocolVersion, Packet<Bytes>)> {
    let (first, rest) = data.split_first()?;
    let version = version(*first);
    let packet = Packet::arbitrary_for(version, &mut Unstructured::new(rest)).ok()?;
    Some((version, packet))
}

pub(super) fn law(data: &[u8]) {
    if let Some((version, packet)) = packet(data) {
        survives(version, &packet);
    }
}

pub(crate) fn survives(version: ProtocolVersion, packet: &Packet<Bytes>) {
    let len = packet.encoded_len(version).unwrap();
    let mut slice = vec![0xEE; len + 3];
    assert_eq!(packet.encode(version, &mut slice), Ok(len));
    assert_eq!(slice[len..], [0xEE; 3], "what is behind the packet stays");
    let mut buffer = BytesMut::from(&b"in front"[..]);
    assert_eq!(packet.encode_to(version, &mut buffer), Ok(len));
    assert_eq!(buffer, [b"in front", &slice[..len]].concat());

    // A generated CONNECT may be a bridge's, and a payload that is said to be UTF-8 is.
    let options = DecodeOptions::new(version).allow_bridge_bit(true).check_payload_format(true);
    let encoded = Bytes::from(slice);
    let borrowed = complete(decode(&encoded, options), len);
    let shared = complete(decode_shared(&encoded, options), len);
    let copied = borrowed.to_shared();
    for other in [&shared, &copied, &borrowed.share(&encoded), &Packet::from(borrowed)] {
        assert_eq!(*other, *packet);
        assert_eq!(other.as_borrowed(), borrowed);
        assert_eq!(hash_of(other), hash_of(packet));
        assert_eq!((other.to_string(), format!("{other:?}")), (packet.to_string(), format!("{packet:?}")));
    }
    assert_eq!(borrowed, *packet);
    assert_eq!(hash_of(&borrowed), hash_of(packet));
    assert_eq!(packet.as_borrowed().encoded_len(version), Ok(len));

    // Decoded packets do not need what they were decoded from.
    drop(encoded);
    let mut again = vec![0; len];
    assert_eq!(shared.encode(version, &mut again), Ok(len));
    assert_eq!(again, buffer[8..]);

    // All that is cut off waits for no more than is missing.
    for cut in [0, 1, 2, len / 2, len - 1] {
        match decode(&again[..cut.min(len - 1)], options) {
            Ok(Decoded::Incomplete { needed }) => assert!(cut.min(len - 1) + needed.get() <= len),
            other => panic!("{other:?}"),
        }
    }
}

fn complete<P: core::fmt::Debug>(decoded: Result<Decoded<P>, mqtt_codec::DecodeError>, len: usize) -> P {
    let (packet, consumed) = decoded.unwrap().complete().unwrap();
    assert_eq!(consumed, len);
    packet
}
