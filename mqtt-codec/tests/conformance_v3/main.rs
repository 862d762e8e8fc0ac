//! MQTT 3.1.1 and 3.1: a test for each normative statement that can be checked on one packet, named after its number.
//!
//! `mqtt_…` are the statements of 3.1.1 (one of them is misprinted in the standard, `MQTT-3-8.3-4`, and is listed as it
//! is printed), `t…` its rules without a number, `v3_1_…` what differs in 3.1, which has no numbers at all, `e…` extensions
//! that are met in practice, `p…` the points at which implementations differ and the verdict that was chosen.
//! `tests/conformance/v3.txt` is the list of all of them.
//!
//! In 3.x a packet that breaks a rule is not answered: the connection is closed. There are two exceptions: a CONNECT of
//! an unsupported version, and one whose Client Identifier is refused. Their CONNACK has the code 0x01 or 0x02, which
//! is 0x84 or 0x85 in this crate.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests: what goes wrong in them is a failed test"
)]

#[path = "../conformance/mod.rs"]
mod conformance;
mod connack_and_publish;
mod connect;
mod control_packet_format;
mod data_representation;
mod differences_of_3_1;
mod extensions;
mod operational_behaviour;
mod other_packets;
mod points_of_difference;
mod rules_without_a_number;
mod samples;

#[test]
fn no_statement_is_without_a_test() {
    let source = [
        include_str!("data_representation.rs"),
        include_str!("control_packet_format.rs"),
        include_str!("connect.rs"),
        include_str!("connack_and_publish.rs"),
        include_str!("other_packets.rs"),
        include_str!("operational_behaviour.rs"),
        include_str!("rules_without_a_number.rs"),
        include_str!("differences_of_3_1.rs"),
        include_str!("extensions.rs"),
        include_str!("points_of_difference.rs"),
    ]
    .concat();
    let ids = conformance::check_list(include_str!("../conformance/v3.txt"), &source);
    let of = |prefix: &str| ids.iter().filter(|id| id.starts_with(prefix)).count();
    // As many as the standard has: a shorter list would hide a missing test.
    assert_eq!((of("mqtt_"), of("t"), of("v3_1_"), of("e"), of("p")), (55, 14, 31, 7, 9));
    assert_eq!(ids.len(), 116);
}
