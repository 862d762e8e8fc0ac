//! Text, topics and binary data.

use crate::arbitrary::choice::legal;
use crate::text::{BinaryData, Utf8String};
use crate::topic::{TopicFilter, TopicName};
use crate::value::ProtocolVersion;
use alloc::{string::String, vec::Vec};
use arbitrary::{Arbitrary, Result, Unstructured};
use bytes::Bytes;

/// Generates filters that 5.0 allows, with wildcards and shared subscriptions.
impl<'a> Arbitrary<'a> for TopicFilter<Bytes> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Self::arbitrary_for(ProtocolVersion::V5, u)
    }
}

impl TopicFilter<Bytes> {
    pub(crate) fn arbitrary_for(version: ProtocolVersion, u: &mut Unstructured<'_>) -> Result<Self> {
        match u.int_in_range(0..=15_u8)? {
            // Filters that only 3.x allows.
            14 if version.is_v3() => {
                let ordinary =
                    *u.choose(&["$share/", "$share//t", "$share/g", "$share/g/", "$share/+/t", "$share/#"])?;
                legal(Self::new_ordinary(String::from(ordinary)))
            }
            13..=15 => {
                let mut shared = String::from("$share/");
                shared.push_str(&non_empty(level(u)?));
                shared.push('/');
                shared.push_str(&topic(u, true)?);
                legal(Self::new(shared))
            }
            _ => legal(Self::new(topic(u, true)?)),
        }
    }
}

impl<'a> Arbitrary<'a> for TopicName<Bytes> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        legal(Self::new(topic(u, false)?))
    }
}

impl<'a> Arbitrary<'a> for Utf8String<Bytes> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        legal(Self::new(text(u, |character| if character == '\0' { '0' } else { character })?))
    }
}

/// Generates a Topic Name, or a Topic Filter without a share name.
fn topic(u: &mut Unstructured<'_>, may_have_wildcards: bool) -> Result<String> {
    let mut topic = String::from(if u.int_in_range(0..=15_u8)? == 15 { "$SYS/" } else { "" });
    let levels = u.int_in_range(1..=4_u8)?;
    for number in 1..=levels {
        match u.int_in_range(0..=7_u8)? {
            6 if may_have_wildcards => topic.push('+'),
            7 if may_have_wildcards && number == levels => topic.push('#'),
            _ => topic.push_str(&level(u)?),
        }
        if number < levels {
            topic.push('/');
        }
    }
    Ok(non_empty(topic))
}

/// Generates a level without a wildcard, which may be empty. It has no `$`, so that a filter does not begin with
/// `$share/` by accident.
fn level(u: &mut Unstructured<'_>) -> Result<String> {
    text(u, |character| if matches!(character, '\0' | '/' | '+' | '#' | '$') { '_' } else { character })
}

fn non_empty(text: String) -> String {
    if text.is_empty() { String::from("a") } else { text }
}

/// Characters that careless code handles wrongly.
const UNUSUAL: [char; 14] =
    [' ', '"', '/', '+', '#', '$', '\u{1}', '\u{7F}', 'é', '\u{9F}', '€', '\u{FEFF}', '\u{FFFE}', '😀'];

fn text(u: &mut Unstructured<'_>, replace: impl Fn(char) -> char) -> Result<String> {
    let mut text = String::new();
    for _ in 0..length(u)? {
        let character = match u.int_in_range(0..=15_u8)? {
            0..=13 => char::from(u.int_in_range(b'a'..=b'z')?),
            14 => *u.choose(&UNUSUAL)?,
            _ => u.arbitrary()?,
        };
        text.push(replace(character));
    }
    Ok(text.repeat(repetitions(u)?.into()))
}

impl<'a> Arbitrary<'a> for BinaryData<Bytes> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        legal(Self::new(octets(u)?))
    }
}

fn octets(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let length = length(u)?.min(u.len());
    Ok(u.bytes(length)?.repeat(repetitions(u)?.into()))
}

/// Generates a payload. Some are so long that the Remaining Length takes three bytes.
pub(crate) fn payload(u: &mut Unstructured<'_>) -> Result<Bytes> {
    let payload = octets(u)?;
    let length = if u.int_in_range(0..=255_u8)? == 255 { u.int_in_range(0..=40_000)? } else { payload.len() };
    let repetitions = length.checked_div(payload.len()).unwrap_or_default();
    Ok(payload.repeat(repetitions).into())
}

/// Generates a length: sometimes 0, mostly up to 12, at most 40.
fn length(u: &mut Unstructured<'_>) -> Result<usize> {
    match u.int_in_range(0..=15_u8)? {
        0..=2 => Ok(0),
        3..=14 => u.int_in_range(1..=12),
        _ => u.int_in_range(13..=40),
    }
}

/// Generates a number of repetitions: mostly 1, sometimes so many that a length needs both of its bytes.
fn repetitions(u: &mut Unstructured<'_>) -> Result<u8> {
    if u.int_in_range(0..=255_u8)? == 255 { u.int_in_range(1..=64) } else { Ok(1) }
}
