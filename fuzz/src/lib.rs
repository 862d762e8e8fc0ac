//! The laws of the codec's tests, for the fuzz targets.

#[path = "../../mqtt-codec/tests/laws/mod.rs"]
#[allow(dead_code, reason = "the tests need more of it")]
pub(crate) mod laws;

/// Panics if the law of this name does not hold for the data.
pub fn law(name: &str, data: &[u8]) {
    let target = laws::TARGETS.iter().find(|target| target.name == name).expect("a law of this name");
    (target.law)(data);
}

/// Checks the law of this name for one in sixteen inputs. For the others, compares only the decoder and the plain
/// decoder. This is many times as fast, and finds nearly as much. Panics if a check fails.
pub fn sampled_law(name: &str, data: &[u8]) {
    if data.iter().fold(0_u8, |sum, byte| sum.wrapping_mul(31).wrapping_add(*byte)) & 15 == 0 {
        law(name, data);
    } else {
        let _ = accepted_by_both(data);
    }
}

/// Panics if the decoder and the plain decoder differ about the data. Returns `true` if they accept it.
#[must_use]
pub fn accepted_by_both(data: &[u8]) -> bool {
    laws::Rules::split(data).is_some_and(|(rules, input)| laws::differential::judged(input, &rules))
}

pub mod rivals;

#[path = "../../mqtt-codec/tests/sn_support/mod.rs"]
#[allow(dead_code, reason = "the tests need more of it")]
pub(crate) mod sn_support;

#[path = "../../mqtt-codec/tests/sn_support/laws.rs"]
mod sn_laws;

/// The laws of MQTT-SN.
pub mod sn {
    /// Panics if a law does not hold for this datagram.
    pub fn check(datagram: &[u8]) {
        crate::sn_laws::check(datagram);
    }

    /// Panics if a law does not hold for the message that is made from these bytes.
    pub fn check_made(seed: &[u8]) {
        crate::sn_laws::check_made(seed);
    }
}
