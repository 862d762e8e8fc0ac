//! MQTT 5.0: a test for each normative statement that can be checked on one packet, named after its number.
//!
//! `mqtt_…` are the statements of the standard's Appendix B, `u…` its rules without a number, `p…` the points at which
//! implementations differ and the verdict that was chosen. `tests/conformance/v5.txt` is the list of all of them.
//! Statements about sessions, time or the order of packets are not included.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests: what goes wrong in them is a failed test"
)]

mod acknowledgements;
#[path = "../conformance/mod.rs"]
mod conformance;
mod connack;
mod connect;
mod control_packet_format;
mod data_representation;
mod disconnect;
mod operational_behaviour;
mod points_of_difference;
mod publish;
mod rules_u19_to_u36;
mod rules_u1_to_u18;
mod samples;
mod suback;
mod subscribe;
mod unsubscribe;

#[test]
fn no_statement_is_without_a_test() {
    let source = [
        include_str!("data_representation.rs"),
        include_str!("control_packet_format.rs"),
        include_str!("connect.rs"),
        include_str!("connack.rs"),
        include_str!("publish.rs"),
        include_str!("acknowledgements.rs"),
        include_str!("subscribe.rs"),
        include_str!("suback.rs"),
        include_str!("unsubscribe.rs"),
        include_str!("disconnect.rs"),
        include_str!("operational_behaviour.rs"),
        include_str!("rules_u1_to_u18.rs"),
        include_str!("rules_u19_to_u36.rs"),
        include_str!("points_of_difference.rs"),
    ]
    .concat();
    let ids = conformance::check_list(include_str!("../conformance/v5.txt"), &source);
    let of = |prefix: &str| ids.iter().filter(|id| id.starts_with(prefix)).count();
    // As many as the standard has: a shorter list would hide a missing test.
    assert_eq!((of("mqtt_"), of("u"), of("p"), ids.len()), (81, 36, 26, 143));
}
