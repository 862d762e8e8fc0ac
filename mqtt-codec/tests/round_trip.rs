//! The laws that hold for every packet, over generated ones.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a panic here is a failed test"
)]

use arbitrary::Unstructured;
use bytes::{Bytes, BytesMut};
use mqtt_codec::{DecodeOptions, Decoded, Encode, EncodeErrorKind, Packet, ProtocolVersion, decode, decode_shared};
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};

fn version() -> impl Strategy<Value = ProtocolVersion> {
    prop_oneof![Just(ProtocolVersion::V3_1), Just(ProtocolVersion::V3_1_1), Just(ProtocolVersion::V5)]
}

/// A packet that the version can say, made from bytes: fewer bytes make a smaller packet, so it shrinks.
fn packet() -> impl Strategy<Value = (ProtocolVersion, Packet)> {
    (version(), vec(any::<u8>(), 0..2_000)).prop_map(|(version, bytes)| {
        let packet = Packet::arbitrary_for(version, &mut Unstructured::new(&bytes)).unwrap();
        (version, packet)
    })
}

/// Generated CONNECTs may be a bridge's.
fn options(version: ProtocolVersion) -> DecodeOptions {
    DecodeOptions::new(version).allow_bridge_bit(true)
}

fn encode(packet: &Packet, version: ProtocolVersion) -> Vec<u8> {
    let mut output = Vec::new();
    packet.encode_to(version, &mut output).unwrap();
    output
}

/// Whatever was accepted encodes, and what it encodes to decodes to the same, and encodes to the same bytes again.
fn accepted_input_survives(input: &[u8], version: ProtocolVersion) {
    match decode(input, options(version)) {
        Ok(Decoded::Complete { packet, consumed }) => {
            assert!(consumed <= input.len());
            let mut output = vec![0; consumed + 16];
            let len = match packet.encode(version, &mut output) {
                Ok(len) => len,
                // 3.1 reads the failure code that servers send, and does not write it.
                Err(error) if version == ProtocolVersion::V3_1 => {
                    assert_eq!(error.kind(), EncodeErrorKind::NotInVersion(version));
                    return;
                }
                Err(error) => panic!("{packet:?}: {error}"),
            };
            assert!(len <= consumed, "a longer form than it was read from");
            let (again, consumed_again) = decode(&output[..len], options(version)).unwrap().complete().unwrap();
            assert_eq!((again, consumed_again), (packet, len));
        }
        Ok(Decoded::Incomplete { .. }) => {}
        Err(error) => assert!(error.offset() <= input.len() && !error.rule().is_empty(), "{error}"),
    }
}

proptest! {
    #[test]
    fn decode_inverts_encode((version, packet) in packet()) {
        let encoded = Bytes::from(encode(&packet, version));
        let (borrowed, consumed) = decode(&encoded, options(version)).unwrap().complete().unwrap();
        assert_eq!(consumed, encoded.len());
        assert_eq!(borrowed, packet);
        assert_eq!(borrowed.share(&encoded), packet);
        let (shared, _) = decode_shared(&encoded, options(version)).unwrap().complete().unwrap();
        assert_eq!(shared, packet);
        assert_eq!(shared.as_borrowed(), borrowed);
        assert_eq!(borrowed.to_shared(), packet);
    }

    #[test]
    fn encoded_len_is_what_encode_writes((version, packet) in packet()) {
        let len = packet.encoded_len(version).unwrap();
        let mut slice = vec![0xEE; len + 1];
        assert_eq!(packet.encode(version, &mut slice), Ok(len));
        assert_eq!(slice[len], 0xEE);
        let mut buffer = BytesMut::new();
        assert_eq!(packet.encode_to(version, &mut buffer), Ok(len));
        assert_eq!(buffer[..], slice[..len]);
    }

    #[test]
    fn a_short_output_is_an_error_and_stays_as_it_was((version, packet) in packet(), cut in any::<proptest::sample::Index>()) {
        let len = packet.encoded_len(version).unwrap();
        let mut output = vec![0xEE; cut.index(len)];
        let error = packet.encode(version, &mut output).unwrap_err();
        assert_eq!(error.kind(), EncodeErrorKind::BufferTooSmall { needed: len });
        assert!(output.iter().all(|&byte| byte == 0xEE));
        let error = packet.encode_to(version, &mut &mut output[..]).unwrap_err();
        assert_eq!(error.kind(), EncodeErrorKind::BufferTooSmall { needed: len });
        assert!(output.iter().all(|&byte| byte == 0xEE));
    }

    #[test]
    fn a_cut_packet_waits_for_no_more_than_it_needs((version, packet) in packet(), cut in any::<proptest::sample::Index>()) {
        let encoded = encode(&packet, version);
        let cut = cut.index(encoded.len());
        match decode(&encoded[..cut], options(version)).unwrap() {
            Decoded::Incomplete { needed } => assert!(cut + needed.get() <= encoded.len()),
            complete @ Decoded::Complete { .. } => panic!("{complete:?}"),
        }
    }

    #[test]
    fn any_accepted_input_survives(input in vec(any::<u8>(), 0..200), version in version()) {
        accepted_input_survives(&input, version);
    }

    #[test]
    fn any_changed_packet_is_refused_or_survives(
        (version, packet) in packet(),
        place in any::<proptest::sample::Index>(),
        byte in any::<u8>(),
        other in version(),
    ) {
        let mut encoded = encode(&packet, version);
        let place = place.index(encoded.len());
        encoded[place] = byte;
        accepted_input_survives(&encoded, version);
        accepted_input_survives(&encoded, other);
    }
}
