//! The deviations that the command line asks to accept: `--lenient` and `--allow`.

use core::sync::atomic::{AtomicU32, Ordering};
use mqtt_codec::{DecodeError, DecodeOptions, Frame, Leniency, Sender, decode};

/// The numbers of the accepted leniencies, as bits. Written while the command line is parsed, and only read afterwards.
static ACCEPTED: AtomicU32 = AtomicU32::new(0);

/// Accepts every deviation.
pub(crate) fn accept_all() {
    ACCEPTED.store(u32::MAX, Ordering::Relaxed);
}

/// Accepts a deviation by its name: `reserved-flags`, or `allow_reserved_flags` as in the library.
pub(crate) fn accept(name: &str) -> Result<(), String> {
    let plain = name.replace('-', "_");
    let found = (0..).zip(Leniency::ALL).find(|(_, leniency)| {
        let known = leniency.name();
        known == plain || known.strip_prefix("allow_") == Some(&*plain)
    });
    let Some((number, _)) = found else {
        return Err(format!("'{name}' is not a deviation; known are: {}", names().collect::<Vec<_>>().join(", ")));
    };
    ACCEPTED.fetch_or(1 << number, Ordering::Relaxed);
    Ok(())
}

/// Returns the names that `--allow` takes.
fn names() -> impl Iterator<Item = String> {
    Leniency::ALL.iter().map(|leniency| leniency.name().trim_start_matches("allow_").replace('_', "-"))
}

/// Adds the accepted deviations to options. Bit 7 of the level is always accepted, because real bridges set it.
pub(crate) fn apply(options: DecodeOptions) -> DecodeOptions {
    let accepted = ACCEPTED.load(Ordering::Relaxed);
    let chosen = (0..).zip(Leniency::ALL).filter(|(number, _)| accepted & (1 << number) != 0);
    chosen.fold(options.allow_bridge_bit(true), |options, (_, leniency)| options.with_leniency(*leniency, true))
}

/// Returns the error that a packet from this sender is without the accepted deviations, or `None` if it is legal.
pub(crate) fn deviation(frame: &Frame, sender: Sender) -> Option<DecodeError> {
    if frame.is_strict() {
        return None;
    }
    let strict = DecodeOptions::new(frame.version()).with_sender(sender).allow_bridge_bit(true);
    decode(frame.as_bytes(), strict).err()
}
