//! Other codecs as engines.

use mqtt_benches::engine::Engine;

/// All rivals.
#[must_use]
pub fn all() -> Vec<Box<dyn Engine>> {
    Vec::new()
}

/// Their names and versions.
#[must_use]
pub fn versions() -> Vec<String> {
    Vec::new()
}
