//! The laws of the codec's tests, for the fuzz targets.

#[path = "../../mqtt-codec/tests/laws/mod.rs"]
#[allow(dead_code, reason = "the tests need more of it")]
pub(crate) mod laws;

/// Panics if the law of this name does not hold for the data.
pub fn law(name: &str, data: &[u8]) {
    let target = laws::TARGETS.iter().find(|target| target.name == name).expect("a law of this name");
    (target.law)(data);
}

pub mod rivals;
