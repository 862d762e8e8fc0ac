//! Replays the vectors of MQTT-SN.

#![no_std]

use mqtt_codec::sn::{DecodeOptions, Encode, decode};

struct Vector {
    id: &'static str,
    raw: &'static [u8],
    is_legal: bool,
    /// It encodes to the same bytes.
    is_canonical: bool,
}

include!(concat!(env!("OUT_DIR"), "/table.rs"));

/// The numbers of vectors that passed and failed.
pub struct Counts {
    pub passed: usize,
    pub failed: usize,
}

impl Counts {
    pub fn are_good(&self) -> bool {
        self.failed == 0 && self.passed == VECTORS.len() && self.passed > 0
    }
}

/// Checks every vector. Reports each that fails, and the reason.
pub fn replay(mut tell: impl FnMut(&str, &str)) -> Counts {
    let mut counts = Counts { passed: 0, failed: 0 };
    for vector in VECTORS {
        match check(vector) {
            Ok(()) => counts.passed += 1,
            Err(why) => {
                counts.failed += 1;
                tell(vector.id, why);
            }
        }
    }
    counts
}

fn check(vector: &Vector) -> Result<(), &'static str> {
    let strict = DecodeOptions::new();
    let datagram = match (decode(vector.raw, strict), vector.is_legal) {
        (Ok(datagram), true) => datagram,
        (Err(_), false) => return Ok(()),
        (Ok(_), false) => return Err("is illegal, and was taken"),
        (Err(_), true) => return Err("is legal, and was refused"),
    };
    let mut output = [0; LONGEST];
    let len = datagram.encode(&mut output).map_err(|_| "cannot be encoded")?;
    let written = output.get(..len).unwrap_or_default();
    if datagram.encoded_len() != Ok(len) {
        return Err("has another length");
    }
    if vector.is_canonical && written != vector.raw {
        return Err("is written in other bytes");
    }
    if decode(written, strict) == Ok(datagram) { Ok(()) } else { Err("is not what was written") }
}
