//! Laws that hold for any datagram and any message. `sn_laws.rs` and the fuzz targets check them.

mod lenient;

use crate::sn_support::{canonical, fields, plain};
use arbitrary::{Arbitrary as _, Unstructured};
use bytes::{Bytes, BytesMut};
use mqtt_codec::sn::{
    Datagram, DecodeOptions, Encode, Leniency, Sender, decode, decode_from_client, decode_from_gateway,
};
use mqtt_codec::sn::{decode_shared, split_encapsulation};

/// Checks the laws that hold for any octets.
pub(crate) fn check(input: &[u8]) {
    let strict = DecodeOptions::new();
    let decoded = decode(input, strict);
    // The plain decoder's verdict, and its fields.
    assert_eq!(decoded.as_ref().ok().map(fields), plain::decode(input), "{input:02X?}: {decoded:?}");
    // The other ways to decode agree.
    let shared = decode_shared(&Bytes::copy_from_slice(input), strict);
    assert_eq!(shared.as_ref().map(Datagram::as_borrowed).map_err(|error| *error), decoded, "{input:02X?}");
    let from_client = decode_from_client(input, strict);
    assert_eq!(from_client, decode(input, strict.with_sender(Sender::Client)), "{input:02X?}");
    match (decode_from_gateway(input, strict), decode(input, strict.with_sender(Sender::Gateway))) {
        (Ok(message), Ok(datagram)) => assert_eq!((datagram.encapsulation, datagram.message), (None, message)),
        (Err(one), Err(other)) => assert!(one == other || input.get(1) == Some(&0xFE) || input.get(3) == Some(&0xFE)),
        (Err(_), Ok(datagram)) => assert!(datagram.encapsulation.is_some(), "{input:02X?}"),
        (Ok(message), Err(error)) => panic!("{input:02X?}: {message} {error}"),
    }
    // Each leniency accepts its own deviation, and nothing else.
    for leniency in Leniency::ALL.iter().copied() {
        let one = decode(input, strict.with_leniency(leniency, true));
        let expected = if decoded.is_ok() { Some(None) } else { lenient::decode_leniently(input, leniency).map(Some) };
        match (&one, expected) {
            (Ok(one), Some(None)) => assert_eq!(Ok(*one), decoded, "{input:02X?}: {leniency:?}"),
            (Ok(one), Some(Some(expected))) => assert_eq!(fields(one), expected, "{input:02X?}: {leniency:?}"),
            (Err(_), None) => {}
            (one, expected) => panic!("{input:02X?}: {leniency:?}: {one:?} {expected:?}"),
        }
        if one.is_ok() {
            assert_eq!(decode(input, DecodeOptions::new().lenient()), one, "{input:02X?}: {leniency:?}");
        }
    }
    match decoded {
        Ok(datagram) => {
            // Whatever is read strictly is read leniently, as the same.
            assert_eq!(decode(input, DecodeOptions::new().lenient()), Ok(datagram));
            assert_eq!(split_encapsulation(input).unwrap().0, datagram.encapsulation);
            check_written(&datagram, &canonical(input));
        }
        Err(error) => {
            assert!(error.offset() <= input.len(), "{input:02X?}: {error}");
            assert!(error.to_string().ends_with(&format!(", at octet {} [{}]", error.offset(), error.rule())));
            if let Some(answer) = error.answer() {
                let mut output = [0; 16];
                let len = answer.encode(&mut output).unwrap();
                assert!(decode(&output[..len], strict.with_sender(Sender::Gateway)).is_ok(), "{answer}");
            }
        }
    }
}

/// Checks that a message encodes to these octets, into any output that is large enough, and decodes to an equal one.
fn check_written(datagram: &Datagram<&[u8]>, written: &[u8]) {
    assert_eq!(datagram.encoded_len(), Ok(written.len()), "{datagram}");
    let mut output = vec![0xEE; written.len() + 3];
    assert_eq!(datagram.encode(&mut output), Ok(written.len()));
    assert_eq!((&output[..written.len()], &output[written.len()..]), (written, &[0xEE; 3][..]), "{datagram}");
    let mut grown = BytesMut::from(&b"before"[..]);
    assert_eq!(datagram.encode_to(&mut grown), Ok(written.len()));
    assert_eq!(grown[..], [b"before", written].concat());
    for room in [0, 1, written.len() / 2, written.len() - 1] {
        let mut output = vec![0xEE; room];
        assert!(datagram.encode(&mut output).is_err() && output.iter().all(|octet| *octet == 0xEE), "{datagram}");
    }
    assert_eq!(decode(written, DecodeOptions::new()), Ok(*datagram), "{datagram}");
}

/// Checks the laws for a message that is generated from these bytes.
pub(crate) fn check_made(seed: &[u8]) {
    let Ok(datagram) = Datagram::arbitrary(&mut Unstructured::new(seed)) else { return };
    let mut output = BytesMut::new();
    let len = datagram.encode_to(&mut output).unwrap();
    assert_eq!((len, datagram.encoded_len()), (output.len(), Ok(len)));
    check_written(&datagram.as_borrowed(), &output);
    assert_eq!(canonical(&output), output[..]);
    check(&output);
    let shared = decode_shared(&output.freeze(), DecodeOptions::new()).unwrap();
    assert_eq!(shared, datagram);
}
