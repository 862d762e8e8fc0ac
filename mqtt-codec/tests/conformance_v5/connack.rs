//! 3.2: CONNACK.

use crate::conformance::{accepts, refuses, round_trips, writes};
use crate::samples::{MALFORMED, PROTOCOL_ERROR};
use mqtt_codec::ProtocolVersion::V5;
use mqtt_codec::{ConnAck, ConnAckReasonCode, DecodeErrorKind as Kind, Field, Packet, PacketReasonCode, ReasonCode};

#[test]
fn mqtt_3_2_2_1_bits_7_to_1_of_the_connect_acknowledge_flags_are_0() {
    // All 256 values: only 0 and 1, Session Present, are legal.
    for flags in 0..=0xFF {
        let bytes = [0x20, 0x03, flags, 0x00, 0x00];
        if flags > 1 {
            let kind = Kind::ReservedAcknowledgeFlags;
            refuses(V5, &bytes, kind, Field::AcknowledgeFlags, 2, "MQTT-3.2.2-1", MALFORMED);
        } else {
            let Packet::ConnAck(connack) = round_trips(V5, &bytes) else { panic!() };
            assert_eq!(connack.session_present(), flags == 1);
        }
    }
    writes(ConnAck::accepted(false), V5, &[0x20, 0x03, 0x00, 0x00, 0x00]);
    writes(ConnAck::accepted(true), V5, &[0x20, 0x03, 0x01, 0x00, 0x00]);
}

/// The tables of Reason Codes, section 2.4.
pub(crate) const CONNACK_CODES: [u8; 22] = [
    0x00, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8C, 0x90, 0x95, 0x97, 0x99, 0x9A, 0x9B,
    0x9C, 0x9D, 0x9F,
];
pub(crate) const PUBACK_CODES: [u8; 9] = [0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99];
pub(crate) const PUBREL_CODES: [u8; 2] = [0x00, 0x92];
pub(crate) const SUBACK_CODES: [u8; 12] = [0x00, 0x01, 0x02, 0x80, 0x83, 0x87, 0x8F, 0x91, 0x97, 0x9E, 0xA1, 0xA2];
pub(crate) const UNSUBACK_CODES: [u8; 7] = [0x00, 0x11, 0x80, 0x83, 0x87, 0x8F, 0x91];
/// With 0x8C, which only the general table has.
pub(crate) const DISCONNECT_CODES: [u8; 30] = [
    0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8B, 0x8C, 0x8D, 0x8E, 0x8F, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97,
    0x98, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F, 0xA0, 0xA1, 0xA2,
];
pub(crate) const DISCONNECT_CODES_OF_SERVERS: [u8; 16] =
    [0x87, 0x89, 0x8B, 0x8C, 0x8D, 0x8E, 0x8F, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F, 0xA0, 0xA1, 0xA2];
pub(crate) const AUTH_CODES: [u8; 3] = [0x00, 0x18, 0x19];

/// Checks all 256 values of a Reason Code: those of the table are accepted, all others are refused.
pub(crate) fn has_the_codes<C: PacketReasonCode>(allowed: &[u8], rule: &str, at: usize, build: impl Fn(u8) -> Vec<u8>) {
    for value in 0..=0xFF {
        let bytes = build(value);
        assert_eq!(bytes[at], value);
        if allowed.contains(&value) {
            accepts(V5, &bytes);
            let code: ReasonCode = C::from_u8(value).expect("a code of the table").into();
            assert_eq!(code.as_u8(), value);
        } else {
            let kind = Kind::InvalidReasonCode(value);
            refuses(V5, &bytes, kind, Field::ReasonCode, at, rule, PROTOCOL_ERROR);
            assert_eq!(C::from_u8(value), None, "cannot be written either");
        }
    }
}

#[test]
fn mqtt_3_2_2_6_session_present_needs_success() {
    // With each of the 21 codes that refuse the connection.
    for code in CONNACK_CODES.into_iter().filter(|code| *code != 0) {
        let bytes = [0x20, 0x03, 0x01, code, 0x00];
        let kind = Kind::SessionPresentWithFailure;
        refuses(V5, &bytes, kind, Field::SessionPresent, 2, "MQTT-3.2.2-6", PROTOCOL_ERROR);
        round_trips(V5, &[0x20, 0x03, 0x00, code, 0x00]);
        // A refusal cannot be given a session.
        let refused = ConnAck::<&[u8]>::refused(ConnAckReasonCode::from_u8(code).unwrap());
        assert!(!refused.session_present());
        writes(refused, V5, &[0x20, 0x03, 0x00, code, 0x00]);
    }
    round_trips(V5, &[0x20, 0x03, 0x01, 0x00, 0x00]);
}

#[test]
fn mqtt_3_2_2_8_the_reason_code_is_one_of_connack() {
    // All 256 values against the 22 of the table.
    has_the_codes::<ConnAckReasonCode>(&CONNACK_CODES, "MQTT-3.2.2-8", 3, |code| vec![0x20, 0x03, 0x00, code, 0x00]);
    for code in CONNACK_CODES {
        let bytes = [0x20, 0x03, 0x00, code, 0x00];
        let Packet::ConnAck(connack) = round_trips(V5, &bytes) else { panic!() };
        assert_eq!(connack.reason_code().as_u8(), code);
    }
}
