//! Checks for the test vectors of all packets.

#![expect(clippy::arithmetic_side_effects, reason = "a panic here is a failed test")]

use crate::{DecodeErrorKind, DecodeOptions, Decoded, Encode, EncodeErrorKind, decode};
use mqtt_types::{Packet, PacketType, ProtocolVersion, VariableByteInteger};

/// Test vector: a packet and its bytes, grouped by field.
pub(crate) struct Vector<'a> {
    pub(crate) version: ProtocolVersion,
    /// The bytes of the packet without its Remaining Length. The first group is the first byte of the fixed header.
    pub(crate) bytes: &'a [&'a [u8]],
    pub(crate) packet: Packet<&'a [u8]>,
}

/// Builds a packet from groups of bytes. The first group is the first byte; the Remaining Length is inserted after it.
pub(crate) fn frame(groups: &[&[u8]]) -> Vec<u8> {
    let body = groups[1..].concat();
    let remaining_length = VariableByteInteger::try_from(body.len()).unwrap();
    [groups[0], remaining_length.encode().as_ref(), &body].concat()
}

impl Vector<'_> {
    /// Checks that
    ///
    /// - the bytes decode to the packet, in every form,
    /// - the packet encodes to the bytes, into every output,
    /// - every truncation is incomplete,
    /// - a frame with fewer or more bytes is refused, unless it is a different valid packet.
    pub(crate) fn check(&self) {
        let bytes = frame(self.bytes);
        self.check_decode(&bytes);
        self.check_encode(&bytes);
        self.check_every_truncation(&bytes);
        self.check_every_shorter_frame(&bytes);
        self.check_trailing_bytes(&bytes);
    }

    fn check_decode(&self, bytes: &[u8]) {
        let whole = decode(bytes, self.version);
        assert_eq!(whole, Ok(Decoded::Complete { packet: self.packet, consumed: bytes.len() }), "{bytes:02x?}");
        let followed = [bytes, &[0xFF, 0xFF]].concat();
        assert_eq!(decode(&followed, self.version), whole, "what follows belongs to the next packet");
        #[cfg(feature = "bytes")]
        {
            let shared = crate::decode_shared(&bytes::Bytes::copy_from_slice(bytes), self.version).unwrap();
            let (packet, consumed) = shared.complete().unwrap();
            assert!(packet == self.packet && consumed == bytes.len());
            assert_eq!(packet.as_borrowed(), self.packet);
        }
    }

    fn check_encode(&self, bytes: &[u8]) {
        assert_eq!(self.packet.encoded_len(self.version), Ok(bytes.len()));
        let mut output = [0xEE; 512];
        assert_eq!(self.packet.encode(self.version, &mut output), Ok(bytes.len()));
        assert_eq!(&output[..bytes.len()], bytes);
        assert!(output[bytes.len()..].iter().all(|&byte| byte == 0xEE), "bytes after the packet are unchanged");
        for room in 0..bytes.len() {
            let mut output = [0xEE; 512];
            let error = self.packet.encode(self.version, &mut output[..room]).unwrap_err();
            assert_eq!(error.kind(), EncodeErrorKind::BufferTooSmall { needed: bytes.len() });
            assert_eq!(output, [0xEE; 512], "the output is unchanged");
        }
        #[cfg(feature = "bytes")]
        {
            let mut output = bytes::BytesMut::from(&b"before"[..]);
            assert_eq!(self.packet.to_shared().encode_to(self.version, &mut output), Ok(bytes.len()));
            assert_eq!(&output[6..], bytes);
        }
    }

    fn check_every_truncation(&self, bytes: &[u8]) {
        for cut in 0..bytes.len() {
            match decode(&bytes[..cut], self.version) {
                Ok(Decoded::Incomplete { needed }) => assert!(cut + needed.get() <= bytes.len()),
                other => panic!("cut at {cut} of {bytes:02x?}: {other:?}"),
            }
        }
    }

    /// Checks that a field that is cut off in a complete frame is an error. If the shorter frame is a valid packet, for instance
    /// a PUBLISH with less payload, checks that it survives encoding and decoding.
    fn check_every_shorter_frame(&self, bytes: &[u8]) {
        let body = self.bytes[1..].concat();
        for len in 0..body.len() {
            let shorter = frame(&[&bytes[..1], &body[..len]]);
            match decode(&shorter, self.version) {
                Ok(Decoded::Incomplete { needed }) => panic!("{shorter:02x?} is incomplete by {needed}"),
                Ok(Decoded::Complete { packet, consumed }) => {
                    assert_eq!(consumed, shorter.len());
                    let mut output = [0; 512];
                    let encoded = packet.encode(self.version, &mut output).unwrap();
                    assert!(decode(&output[..encoded], self.version).unwrap().complete().unwrap().0 == packet);
                }
                Err(error) => assert!(error.offset() <= shorter.len(), "{error}"),
            }
        }
    }

    fn check_trailing_bytes(&self, bytes: &[u8]) {
        let longer = frame(&[&bytes[..1], &self.bytes[1..].concat(), &[0x00]]);
        let is_valid = match self.packet.packet_type() {
            PacketType::Publish => true, // one more byte of payload
            PacketType::SubAck => true,  // one more Reason Code
            PacketType::UnsubAck => !self.version.is_v3(),
            // The shorter formats continue with a Reason Code or a Property Length.
            PacketType::PubAck | PacketType::PubRec | PacketType::PubRel | PacketType::PubComp => {
                !self.version.is_v3() && bytes.len() <= 5
            }
            PacketType::Disconnect => !self.version.is_v3() && bytes.len() <= 3,
            _ => false,
        };
        match decode(&longer, self.version) {
            Ok(Decoded::Complete { .. }) => assert!(is_valid, "{longer:02x?}"),
            Ok(Decoded::Incomplete { .. }) => panic!("{longer:02x?} is complete"),
            Err(error) => assert!(!is_valid && error.offset() < longer.len(), "{longer:02x?}: {error}"),
        }
    }
}

/// Checks that decoding fails with this kind of error at this offset.
pub(crate) fn refuses(version: impl Into<DecodeOptions>, groups: &[&[u8]], kind: DecodeErrorKind, offset: usize) {
    let bytes = frame(groups);
    match decode(&bytes, version) {
        Err(error) => assert_eq!((error.kind(), error.offset()), (kind, offset), "{bytes:02x?}: {error}"),
        Ok(decoded) => panic!("{bytes:02x?} is decoded as {decoded:?}"),
    }
}

/// Checks that the bytes decode, and that the packet encodes to the canonical bytes.
pub(crate) fn encodes_canonically(version: ProtocolVersion, groups: &[&[u8]], canonical: &[&[u8]]) {
    let bytes = frame(groups);
    let (packet, consumed) = decode(&bytes, version).unwrap().complete().unwrap();
    assert_eq!(consumed, bytes.len());
    let mut output = [0; 512];
    let len = packet.encode(version, &mut output).unwrap();
    assert_eq!(&output[..len], frame(canonical), "{bytes:02x?}");
}
