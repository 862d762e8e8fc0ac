//! All inputs of a kind, without exception: the verdict is that of the plain decoder (`laws/plain.rs`), nothing panics,
//! the offset of an error is inside the input, and an accepted packet encodes to an equal one.
//!
//! Every run tries all short inputs and the cheaper changes of the vectors. Tests that take minutes run on demand, on
//! all cores, and print the number of inputs:
//!
//! ```sh
//! cargo test --release -p mqtt-codec --all-features --test exhaustive -- --include-ignored --nocapture
//! ```

#![cfg(test)]
#![cfg(all(feature = "arbitrary", feature = "tokio-util"))]
#![expect(clippy::arithmetic_side_effects, reason = "in tests an overflow panics, and that is a failed test")]

extern crate alloc;

#[expect(dead_code, reason = "of the laws, the quick one only")]
#[path = "laws/mod.rs"]
mod laws;
#[expect(dead_code, reason = "of the test data, the vectors only")]
mod support;

use core::iter::Sum;
use core::num::NonZeroUsize;
use core::sync::atomic::{AtomicU32, Ordering};
use laws::{Rules, differential::judged};
use mqtt_codec::{
    DecodeErrorKind, Decoded, ProtocolVersion, Sender, VariableByteInteger, VariableByteIntegerError,
    decode_fixed_header,
};

use std::thread;
use std::time::Instant;
use support::{from_hex, json_lines, version_of_level};

/// Strict, in each version: whoever sent it, and then known to be sent by either side. The number is as in the first byte of
/// a seed.
fn all_rules() -> [Rules; 9] {
    core::array::from_fn(|who| Rules::split(&[u8::try_from(who).unwrap(), 0, 0, 0]).unwrap().0)
}

fn told(what: &str, rules: &Rules, count: Count, begin: Instant) {
    let Count { inputs, accepted } = count;
    let Rules { version, sender, .. } = rules;
    println!("{version:?}, from {sender:?}: {inputs} {what}, {accepted} accepted, {:.1?}", begin.elapsed());
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Count {
    inputs: u64,
    accepted: u64,
}

impl Count {
    fn judge(&mut self, input: &[u8], rules: &Rules) {
        self.inputs += 1;
        self.accepted += u64::from(judged(input, rules));
    }
}

impl Sum for Count {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), |sum, count| Self {
            inputs: sum.inputs + count.inputs,
            accepted: sum.accepted + count.accepted,
        })
    }
}

/// Does the work for each of the numbers below this, on all cores, and adds up.
fn for_each(numbers: u32, work: impl Fn(u32) -> Count + Sync) -> Count {
    let next = AtomicU32::new(0);
    let worker = || {
        let taken = core::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
        taken.take_while(|number| *number < numbers).map(&work).sum()
    };
    thread::scope(|scope| {
        let threads = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().map(|worker| worker.join().expect("it holds")).sum()
    })
}

/// Checks all inputs with this beginning and two more bytes.
fn two_bytes_more(begin: &[u8], rules: &Rules) -> Count {
    let mut count = Count::default();
    let mut input = [begin, &[0, 0]].concat();
    for last in 0..=u16::MAX {
        input[begin.len()..].copy_from_slice(&last.to_be_bytes());
        count.judge(&input, rules);
    }
    count
}

/// Who is known to have sent it is judged by the first byte, and by properties that are longer. So debug builds leave that
/// to inputs of two bytes.
#[test]
fn every_input_of_up_to_three_bytes() {
    for rules in all_rules() {
        let begin = Instant::now();
        let mut short = Count::default();
        short.judge(&[], &rules);
        (0..=255).for_each(|first| short.judge(&[first], &rules));
        let two = two_bytes_more(&[], &rules);
        let is_known = rules.sender != Sender::Either;
        let three = if cfg!(debug_assertions) && is_known {
            Count::default()
        } else {
            for_each(1 << 8, |first| two_bytes_more(&first.to_be_bytes()[3..], &rules))
        };
        let all = [short, two, three].into_iter().sum();
        told("inputs of up to three bytes", &rules, all, begin);
        assert!(three == Count::default() || all.inputs == 1 + (1 << 8) + (1 << 16) + (1 << 24));
        assert_eq!((short.accepted, two.accepted > 0), (0, true));
    }
}

#[test]
#[ignore = "minutes, in release"]
fn every_input_of_four_bytes() {
    for rules in all_rules() {
        let begin = Instant::now();
        let all = for_each(1 << 16, |first| two_bytes_more(&first.to_be_bytes()[2..], &rules));
        told("inputs of four bytes", &rules, all, begin);
        assert_eq!(all.inputs, 1 << 32);
    }
}

struct Vector {
    rules: Rules,
    bytes: Vec<u8>,
}

/// Returns the 150 legal and 75 illegal vectors, with their versions.
fn vectors() -> Vec<Vector> {
    let names = ["amqtt", "mqtt-packet", "paho", "invalid", "invalid-others"];
    let lines = names.iter().flat_map(|name| json_lines(&format!("vectors/{name}.jsonl")));
    let vector = |line: serde_json::Value| Vector {
        rules: *all_rules().iter().find(|rules| rules.version == version_of_level(&line["version"])).unwrap(),
        bytes: from_hex(line["hex"].as_str().unwrap()),
    };
    let vectors: Vec<_> = lines.map(vector).collect();
    assert_eq!(vectors.len(), 225);
    vectors
}

/// Returns the shortest vector of each type in each version, for debug builds.
fn short_vectors() -> Vec<Vector> {
    let mut vectors = vectors();
    vectors.sort_by_key(|vector| (vector.rules.version, vector.bytes[0] >> 4, vector.bytes.len()));
    vectors.dedup_by_key(|vector| (vector.rules.version, vector.bytes[0] >> 4));
    vectors
}

/// Runs the check for each vector, on all cores, and collects the results.
fn for_each_vector(what: &str, vectors: &[Vector], work: impl Fn(&Vector) -> Count + Sync) -> Count {
    let begin = Instant::now();
    let all = for_each(u32::try_from(vectors.len()).unwrap(), |place| work(&vectors[usize::try_from(place).unwrap()]));
    println!("{} {what} of {} vectors, {} accepted, {:.1?}", all.inputs, vectors.len(), all.accepted, begin.elapsed());
    all
}

fn every_beginning(vector: &Vector) -> Count {
    let mut count = Count::default();
    let mut changed = vector.bytes.clone();
    for first_two in 0..=u16::MAX {
        changed[..2].copy_from_slice(&first_two.to_be_bytes());
        count.judge(&changed, &vector.rules);
    }
    count
}

/// Checks the vector with each byte combined with each of these masks.
fn every_change(vector: &Vector, masks: &[u8]) -> Count {
    let mut count = Count::default();
    let mut changed = vector.bytes.clone();
    for place in 0..changed.len() {
        for mask in masks {
            changed[place] ^= mask;
            count.judge(&changed, &vector.rules);
            changed[place] ^= mask;
        }
    }
    count
}

#[test]
fn short_vectors_with_any_two_first_bytes() {
    let vectors = short_vectors();
    let all = for_each_vector("beginnings", &vectors, every_beginning);
    assert_eq!(all.inputs, u64::try_from(vectors.len()).unwrap() << 16);
}

#[test]
#[cfg_attr(debug_assertions, ignore = "a minute in debug, seconds in release")]
fn vectors_with_any_two_first_bytes() {
    assert_eq!(for_each_vector("beginnings", &vectors(), every_beginning).inputs, 225 << 16);
}

#[test]
fn short_vectors_with_any_byte_changed() {
    let masks: Vec<u8> = (1..=255).collect();
    for_each_vector("changes of a byte", &short_vectors(), |vector| every_change(vector, &masks));
}

#[test]
#[cfg_attr(debug_assertions, ignore = "a minute in debug, seconds in release")]
fn vectors_with_any_byte_changed() {
    let masks: Vec<u8> = (1..=255).collect();
    let all = for_each_vector("changes of a byte", &vectors(), |vector| every_change(vector, &masks));
    let bytes: usize = vectors().iter().map(|vector| vector.bytes.len()).sum();
    assert_eq!(all.inputs, u64::try_from(255 * bytes).unwrap());
}

#[test]
fn vectors_with_any_bit_flipped() {
    let masks: [u8; 8] = core::array::from_fn(|bit| 1 << bit);
    for_each_vector("bits", &vectors(), |vector| every_change(vector, &masks));
}

/// Encodes a Variable Byte Integer as section 1.5.5 of 5.0 and 2.2.3 of 3.1.1 describe it.
fn plain_encode(value: u32) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(4);
    let mut x = value;
    loop {
        let encoded_byte = u8::try_from(x % 128).unwrap();
        x /= 128;
        if x == 0 {
            bytes.push(encoded_byte);
            return bytes;
        }
        bytes.push(encoded_byte | 128);
    }
}

/// Decodes a Variable Byte Integer as these sections describe it. Returns the value and its length, or `None` if bytes
/// are missing.
fn plain_decode(input: &[u8]) -> Result<Option<(u32, usize)>, VariableByteIntegerError> {
    let (mut multiplier, mut value) = (1, 0);
    for (place, encoded_byte) in input.iter().enumerate() {
        if multiplier > 128 * 128 * 128 {
            return Err(VariableByteIntegerError::TooLong);
        }
        value += u32::from(encoded_byte & 127) * multiplier;
        if encoded_byte & 128 == 0 {
            return Ok(Some((value, place + 1)));
        }
        multiplier *= 128;
    }
    // The fourth byte has said that a fifth one follows.
    if input.len() == 4 { Err(VariableByteIntegerError::TooLong) } else { Ok(None) }
}

#[test]
#[ignore = "minutes, in release"]
fn every_variable_byte_integer() {
    let begin = Instant::now();
    let all = for_each(1 << 12, |high| {
        for value in high << 16..(high + 1) << 16 {
            let integer = VariableByteInteger::new(value).unwrap();
            let encoded = integer.encode();
            let bytes = encoded.as_ref();
            assert_eq!((bytes, integer.encoded_len()), (&plain_encode(value)[..], bytes.len()));
            let decoded = VariableByteInteger::decode(bytes).unwrap().unwrap();
            assert_eq!((decoded.value, decoded.len, decoded.is_minimal()), (integer, bytes.len(), true));
            // All values of fewer bytes are smaller.
            assert!(bytes.len() == 1 || value >= 1 << (7 * (bytes.len() - 1)), "{value} in {bytes:02x?}");
        }
        Count { inputs: 1 << 16, accepted: 1 << 16 }
    });
    assert_eq!(all.inputs, 268_435_456);
    assert_eq!(VariableByteInteger::new(268_435_456), None);
    println!("{} variable byte integers, {:.1?}", all.inputs, begin.elapsed());
}

/// Every four bytes, as an integer, and as the Remaining Length of a PUBLISH, where 5.0 wants the shortest form.
#[test]
#[ignore = "minutes, in release"]
fn every_four_bytes_as_a_variable_byte_integer() {
    let begin = Instant::now();
    let [v3, v5] = [ProtocolVersion::V3_1_1, ProtocolVersion::V5];
    let all = for_each(1 << 16, |high| {
        let mut count = Count::default();
        for low in 0..1 << 16 {
            let bytes = (high << 16 | low).to_be_bytes();
            let plain = plain_decode(&bytes);
            let decoded = VariableByteInteger::decode(&bytes);
            let as_plain = decoded.map(|decoded| decoded.map(|decoded| (decoded.value.get(), decoded.len)));
            assert_eq!(as_plain, plain, "{bytes:02x?}");
            let [a, b, c, d] = bytes;
            if plain.is_err() || low & 0xFF == 0 {
                // Neither the following bytes nor missing bytes make a difference.
                assert_eq!(VariableByteInteger::decode(&[a, b, c, d, a ^ b ^ c ^ d]), decoded);
                assert_eq!(
                    VariableByteInteger::decode(&bytes[..3]).map(|found| found.is_some()),
                    plain_decode(&bytes[..3]).map(|found| found.is_some())
                );
            }

            let is_shortest = |(_, len)| len == 1 || bytes[len - 1] != 0;
            let header = [0x30, a, b, c, d];
            match (decode_fixed_header(&header, v3), plain) {
                (Ok(Decoded::Complete { packet, consumed }), Ok(Some((value, len)))) => {
                    let found = (packet.header.remaining_length.get(), packet.len, consumed);
                    assert_eq!(found, (value, 1 + len, 1 + len), "{header:02x?}");
                }
                (Err(error), Err(_)) => {
                    assert_eq!((error.kind(), error.offset()), (DecodeErrorKind::VariableByteIntegerTooLong, 1));
                }
                other => panic!("{header:02x?}: {other:?}"),
            }
            let strict = decode_fixed_header(&header, v5);
            match (strict, plain) {
                (Ok(_), Ok(Some(found))) => assert!(is_shortest(found), "{header:02x?}"),
                (Err(error), Ok(Some(found))) => {
                    let kind = DecodeErrorKind::VariableByteIntegerNotMinimal;
                    assert!(
                        !is_shortest(found) && (error.kind(), error.offset()) == (kind, 1),
                        "{header:02x?}: {error}"
                    );
                }
                (Err(_), Err(_)) => {}
                other => panic!("{header:02x?}: {other:?}"),
            }
            count.inputs += 1;
            count.accepted += u64::from(strict.is_ok());
        }
        count
    });
    assert_eq!(all.inputs, 1 << 32);
    println!("{} times four bytes, {} begin with a shortest form, {:.1?}", all.inputs, all.accepted, begin.elapsed());
}
