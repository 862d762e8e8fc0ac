//! The vectors of `testdata`, compiled in, each with its expected result: for machines that have no files.

#![no_std]

use mqtt_codec::DecodeErrorKind as Kind;
use mqtt_codec::{DecodeOptions, Decoded, Encode, ProtocolVersion, Sender, decode};

struct Vector {
    id: &'static str,
    version: ProtocolVersion,
    sender: Sender,
    bridge: bool,
    raw: &'static [u8],
    expected: Expected,
}

enum Expected {
    /// It is legal, and encodes to these bytes: its own, or the shortest form.
    Encodes(&'static [u8]),
    /// It is refused from any sender: for this reason, at this byte.
    Refused(Kind, usize),
    /// It is refused if a client is known to have sent it, and accepted otherwise.
    RefusedFromClient(Kind, usize),
}
use Expected::{Encodes, Refused, RefusedFromClient};

// `VECTORS`, and `LONGEST`, the length of the longest one.
include!(concat!(env!("OUT_DIR"), "/table.rs"));

/// Longer than every vector, so that a test notices surplus bytes.
const ROOM: usize = LONGEST + 16;

/// The result of all vectors.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    pub passed: u32,
    pub failed: u32,
}

impl Counts {
    /// Returns `true` if there were vectors and none failed.
    #[must_use]
    pub const fn are_good(self) -> bool {
        self.failed == 0 && self.passed > 0
    }
}

/// Checks every vector. Calls `report` with the name of each that fails, and the reason.
pub fn replay(mut report: impl FnMut(&str, &str)) -> Counts {
    let mut counts = Counts::default();
    for vector in VECTORS {
        match check(vector) {
            Ok(()) => counts.passed += 1,
            Err(why) => {
                counts.failed += 1;
                report(vector.id, why);
            }
        }
    }
    counts
}

fn check(vector: &Vector) -> Result<(), &'static str> {
    let anybody = DecodeOptions::new(vector.version).allow_bridge_bit(vector.bridge);
    let known = anybody.with_sender(vector.sender);
    match vector.expected {
        Encodes(bytes) => check_round_trip(vector.raw, bytes, anybody).and(check_round_trip(vector.raw, bytes, known)),
        Refused(kind, at) => {
            check_refused(vector.raw, kind, at, anybody).and(check_refused(vector.raw, kind, at, known))
        }
        RefusedFromClient(kind, at) => check_refused(vector.raw, kind, at, known).and(check_round_trip(
            vector.raw,
            vector.raw,
            anybody.with_sender(Sender::Server),
        )),
    }
}

/// Decodes a vector, checks what it encodes to, and decodes that again.
fn check_round_trip(raw: &[u8], expected: &[u8], options: DecodeOptions) -> Result<(), &'static str> {
    let Ok(Decoded::Complete { packet, consumed }) = decode(raw, options) else { return Err("does not decode") };
    if consumed != raw.len() {
        return Err("is not consumed as a whole");
    }
    let version = options.version();
    if packet.encoded_len(version) != Ok(expected.len()) {
        return Err("has another encoded_len");
    }
    let mut output = [0; ROOM];
    let Ok(len) = packet.encode(version, &mut output) else { return Err("does not encode") };
    if output.get(..len) != Some(expected) {
        return Err("encodes to other bytes");
    }
    if output.iter().skip(len).any(|byte| *byte != 0) {
        return Err("writes behind its end");
    }
    match decode(expected, options) {
        Ok(Decoded::Complete { packet: again, consumed }) if again == packet && consumed == len => Ok(()),
        _ => Err("decodes to something else after it was encoded"),
    }
}

fn check_refused(raw: &[u8], kind: Kind, offset: usize, options: DecodeOptions) -> Result<(), &'static str> {
    match decode(raw, options) {
        Err(error) if error.kind() == kind && error.offset() == offset => Ok(()),
        Err(_) => Err("is refused for something else"),
        Ok(_) => Err("is not refused"),
    }
}
