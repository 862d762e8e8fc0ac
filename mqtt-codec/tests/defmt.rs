//! The feature `defmt`: options are logged by the names of what is on, as `Debug` shows them.

#![cfg(test)]

#[path = "../../mqtt-types/tests/defmt/log.rs"]
mod log;

use log::{logged, shows};
use mqtt_codec::{DecodeOptions, Leniency, ProtocolVersion, StreamOptions, sn};

#[test]
fn options_are_logged_by_name() {
    let options = DecodeOptions::new(ProtocolVersion::V3_1_1);
    let changed = options.check_payload_format(true).allow_bridge_bit(true);
    shows(&changed, &["check_payload_format", "allow_bridge_bit"]);
    shows(&changed.with_maximum_packet_size(0x0102_0304), &["\u{4}\u{3}\u{2}\u{1}"]);
    shows(
        &StreamOptions::server().with_decode_options(DecodeOptions::lenient),
        &["allow_bridge_bit", "allow_longer_lengths"],
    );
    shows(&sn::DecodeOptions::new().allow_long_client_id(true), &["allow_long_client_id"]);
    let log = logged(&options);
    assert!(!log.windows(6).any(|window| window == b"allow_"), "{log:?}");
    assert_ne!(log, logged(&options.with_version(ProtocolVersion::V5)));
}

#[test]
fn leniencies_are_logged_by_name() {
    for leniency in Leniency::ALL.iter().copied() {
        shows(&leniency, &[leniency.name()]);
    }
    for leniency in sn::Leniency::ALL.iter().copied() {
        shows(&leniency, &[leniency.name()]);
    }
}
