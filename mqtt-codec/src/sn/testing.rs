//! Checks for the test vectors of all messages.

use crate::sn::{Datagram, DecodeErrorKind, DecodeOptions, Encode, EncodeErrorKind, Message, decode};

/// Checks pairs of a datagram and its message.
pub(super) fn vectors(vectors: &[(&[u8], Message<&[u8]>)]) {
    for (bytes, message) in vectors {
        checks(bytes, &(*message).into());
        assert_eq!(message.encoded_len(), Ok(bytes.len()));
    }
}

/// Decodes, encodes, shares, cuts and lengthens one datagram.
pub(super) fn checks(bytes: &[u8], datagram: &Datagram<&[u8]>) {
    let strict = DecodeOptions::new();
    assert_eq!(decode(bytes, strict).as_ref(), Ok(datagram), "{bytes:02X?}");
    assert_eq!(datagram.encoded_len(), Ok(bytes.len()), "{datagram}");
    let mut output = vec![0xEE; bytes.len().saturating_add(1)];
    assert_eq!(datagram.encode(&mut output), Ok(bytes.len()));
    assert_eq!((&output[..bytes.len()], output[bytes.len()]), (bytes, 0xEE), "{datagram}");
    for len in 0..bytes.len() {
        let mut output = vec![0xEE; len];
        let kind = EncodeErrorKind::BufferTooSmall { needed: bytes.len() };
        assert_eq!(datagram.encode(&mut output).unwrap_err().kind(), kind);
        assert!(output.iter().all(|byte| *byte == 0xEE), "the output is as it was");
        assert!(decode(&bytes[..len], strict).is_err(), "{bytes:02X?} cut at {len}");
    }
    assert!(decode(&[bytes, &[0]].concat(), strict).is_err(), "{bytes:02X?} and an octet");
    #[cfg(feature = "bytes")]
    {
        let shared = crate::sn::decode_shared(&bytes::Bytes::copy_from_slice(bytes), strict).unwrap();
        assert_eq!(shared, *datagram);
        let mut output = bytes::BytesMut::new();
        assert_eq!((shared.encode_to(&mut output), &output[..]), (Ok(bytes.len()), bytes));
        let mut none: &mut [u8] = &mut [];
        assert!(shared.encode_to(&mut none).is_err());
    }
}

/// Checks that a datagram decodes, and that its message encodes to another, canonical datagram.
pub(super) fn becomes_canonical(bytes: &[u8], canonical: &[u8]) {
    let datagram = decode(bytes, DecodeOptions::new()).unwrap();
    checks(canonical, &datagram);
}

/// Checks that a datagram is refused with and without leniencies.
pub(super) fn refuses(bytes: &[u8], kind: DecodeErrorKind, offset: usize) {
    let error = decode(bytes, DecodeOptions::new()).expect_err("it is refused");
    assert_eq!((error.kind(), error.offset()), (kind, offset), "{bytes:02X?}: {error}");
    assert_eq!(decode(bytes, DecodeOptions::new().lenient()).err(), Some(error), "{bytes:02X?}");
    #[cfg(feature = "bytes")]
    {
        let shared = crate::sn::decode_shared(&bytes::Bytes::copy_from_slice(bytes), DecodeOptions::new());
        assert_eq!(shared.err(), Some(error));
    }
}

/// Checks that a datagram is refused unless this leniency is on.
pub(super) fn refuses_unless(bytes: &[u8], kind: DecodeErrorKind, offset: usize, lenient: DecodeOptions) {
    let error = decode(bytes, DecodeOptions::new()).expect_err("it is refused");
    assert_eq!((error.kind(), error.offset()), (kind, offset), "{bytes:02X?}: {error}");
    assert!(decode(bytes, lenient).is_ok(), "{bytes:02X?}");
}
