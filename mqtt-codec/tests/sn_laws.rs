//! MQTT-SN: laws that hold for any datagram and any message.

#![cfg(test)]
#![expect(clippy::arithmetic_side_effects, reason = "overflow is a panic here, and a panic is a failed test")]

mod sn_support;

use arbitrary::{Arbitrary as _, Unstructured};
use bytes::{Bytes, BytesMut};
use mqtt_codec::sn::{Datagram, DecodeOptions, Encode, Sender, decode, decode_from_client, decode_from_gateway};
use mqtt_codec::sn::{decode_shared, split_encapsulation};
use proptest::prelude::{ProptestConfig, any, proptest};
use proptest::{collection, sample};
use sn_support::{canonical, fields, from_hex, plain};

/// All that holds of any octets.
fn check(input: &[u8]) {
    let strict = DecodeOptions::new();
    let decoded = decode(input, strict);
    // The plain decoder's verdict, and its fields.
    assert_eq!(decoded.as_ref().ok().map(fields), plain::decode(input), "{input:02X?}: {decoded:?}");
    // The other ways to decode agree.
    let shared = decode_shared(&Bytes::copy_from_slice(input), strict);
    assert_eq!(shared.as_ref().map(Datagram::as_borrowed).map_err(|error| *error), decoded, "{input:02X?}");
    let from_client = decode_from_client(input, strict);
    assert_eq!(from_client, decode(input, strict.sender(Sender::Client)), "{input:02X?}");
    match (decode_from_gateway(input, strict), decode(input, strict.sender(Sender::Gateway))) {
        (Ok(message), Ok(datagram)) => assert_eq!((datagram.encapsulation, datagram.message), (None, message)),
        (Err(one), Err(other)) => assert!(one == other || input.get(1) == Some(&0xFE) || input.get(3) == Some(&0xFE)),
        (Err(_), Ok(datagram)) => assert!(datagram.encapsulation.is_some(), "{input:02X?}"),
        (Ok(message), Err(error)) => panic!("{input:02X?}: {message} {error}"),
    }
    match decoded {
        Ok(datagram) => {
            // Whatever is read strictly is read leniently, as the same.
            assert_eq!(decode(input, DecodeOptions::lenient()), Ok(datagram));
            assert_eq!(split_encapsulation(input).unwrap().0, datagram.encapsulation);
            check_written(&datagram, &canonical(input));
        }
        Err(error) => {
            assert!(error.offset() <= input.len(), "{input:02X?}: {error}");
            assert!(error.to_string().ends_with(&format!(", at octet {} [{}]", error.offset(), error.rule())));
            if let Some(answer) = error.answer() {
                let mut output = [0; 16];
                let len = answer.encode(&mut output).unwrap();
                assert!(decode(&output[..len], strict.sender(Sender::Gateway)).is_ok(), "{answer}");
            }
        }
    }
}

/// A message is written in these octets, into any room that is large enough, and read again.
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

/// Every octet string of up to three octets.
#[test]
fn all_datagrams_of_up_to_3_octets() {
    let all = 0..=u8::MAX;
    check(&[]);
    for a in all.clone() {
        check(&[a]);
        for b in all.clone() {
            check(&[a, b]);
        }
    }
    let mut refused = 0_u32;
    for a in all.clone() {
        for b in all.clone() {
            for c in all.clone() {
                let input = [a, b, c];
                if a == 3 || a == 1 || (a == 2 && b == 0xFE) {
                    check(&input);
                } else {
                    // Length tells: nothing else is looked at.
                    assert!(decode(&input, DecodeOptions::new()).is_err() && plain::decode(&input).is_none());
                    refused += 1;
                }
            }
        }
    }
    assert_eq!(refused, 254 * 65_536 - 256);
}

/// Every two octets behind each type, and in front of what is often behind them: all flags with all parts.
#[test]
fn all_pairs_of_octets_in_each_type() {
    const TAILS: [&[u8]; 5] = [b"", b"\0", b"\0\x01\0", b"\x01\0\x01\0", b"\0\x01\0\x01a/b"];
    for message_type in (0..=0x1E).chain([0xFE]) {
        for tail in TAILS {
            for a in 0..=u8::MAX {
                for b in [0, 1, 2, 0x23, 0x61, 0x7F, 0x80, 0xC3, 0xFF] {
                    let len = u8::try_from(tail.len() + 4).unwrap();
                    check(&[&[len, message_type, a, b], tail].concat());
                }
            }
        }
    }
}

/// Every vector and recorded datagram, cut everywhere, and with each octet changed.
#[test]
fn small_changes_of_all_vectors() {
    for name in ["valid.jsonl", "invalid.jsonl", "open.jsonl", "captured.jsonl"] {
        let path = format!("{}/../testdata/sn/{name}", env!("CARGO_MANIFEST_DIR"));
        for line in std::fs::read_to_string(path).unwrap().lines() {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            let raw = from_hex(line.get("hex").and_then(serde_json::Value::as_str).unwrap());
            check(&raw);
            if raw.len() > 40 {
                continue;
            }
            for cut in 0..raw.len() {
                check(&raw[..cut]);
                let mut shortened = raw[..cut].to_vec();
                if let Some(length) = shortened.first_mut().filter(|length| **length > 1) {
                    *length = u8::try_from(cut).unwrap();
                    check(&shortened);
                }
            }
            for at in 0..raw.len() {
                for change in [0x01, 0x02, 0x20, 0x40, 0x80, 0xFF] {
                    let mut changed = raw.clone();
                    changed[at] ^= change;
                    check(&changed);
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_096, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any octets behind a Length that fits.
    #[test]
    fn any_octets(message_type in 0..=0x20_u8, body in collection::vec(any::<u8>(), 0..40)) {
        check(&sn_support::write(message_type, &body));
        check(&body);
        check(&[&[3, 0xFE, message_type][..], &sn_support::write(message_type, &body)].concat());
    }

    /// Text of any kind in the messages that hold text.
    #[test]
    fn any_text(
        (message_type, head) in sample::select(vec![
            (0x04, &b"\x04\x01\0\x3C"[..]), (0x07, b"\x30"), (0x0A, b"\0\x01\0\x01"), (0x12, b"\x20\0\x01"),
            (0x14, b"\0\0\x01"), (0x16, b""), (0x1A, b"\x50"), (0x0C, b"\x62"), (0x12, b"\x22\0\x01"),
        ]),
        text in "[a-c/+#$é\u{0}]{0,30}",
    ) {
        check(&sn_support::write(message_type, &[head, text.as_bytes()].concat()));
    }

    /// Any message that can be made.
    #[test]
    fn any_message(seed in collection::vec(any::<u8>(), 0..600)) {
        let datagram = Datagram::arbitrary(&mut Unstructured::new(&seed)).unwrap();
        let mut output = BytesMut::new();
        let len = datagram.encode_to(&mut output).unwrap();
        assert_eq!((len, datagram.encoded_len()), (output.len(), Ok(len)));
        check_written(&datagram.as_borrowed(), &output);
        assert_eq!(canonical(&output), output[..]);
        check(&output);
        let shared = decode_shared(&output.freeze(), DecodeOptions::new()).unwrap();
        assert_eq!(shared, datagram);
    }
}
