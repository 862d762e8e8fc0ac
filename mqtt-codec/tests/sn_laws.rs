//! MQTT-SN: laws that hold for any datagram and any message.

#![cfg(test)]
#![expect(clippy::arithmetic_side_effects, reason = "overflow is a panic here, and a panic is a failed test")]

#[path = "sn_support/laws.rs"]
mod laws;
mod sn_support;

use laws::{check, check_made};
use mqtt_codec::sn::{DecodeOptions, decode};
use proptest::prelude::{ProptestConfig, any, proptest};
use proptest::{collection, sample};
use sn_support::{from_hex, plain};

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
        check_made(&seed);
    }
}
