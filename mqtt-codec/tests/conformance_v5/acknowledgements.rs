//! 3.4 to 3.7: PUBACK, PUBREC, PUBREL, PUBCOMP.

use crate::conformance::{packet, refuses, round_trips, writes};
use crate::connack::{PUBACK_CODES, PUBREL_CODES, has_the_codes};
use crate::samples::{MALFORMED, identifier, minimal};
use mqtt_codec::ProtocolVersion::V5;
use mqtt_codec::{
    DecodeErrorKind as Kind, Field, Packet, PacketReasonCode, PacketType, PubAck, PubAckReasonCode, PubComp, PubRec,
    PubRel, PubRelReasonCode,
};

/// Checks the Reason Codes of an acknowledgement, in its short and in its long form.
pub(crate) fn acknowledgement_codes<C: PacketReasonCode>(first_byte: u8, allowed: &[u8], rule: &str) {
    has_the_codes::<C>(allowed, rule, 4, |code| packet(first_byte, &[b"\x00\x0A", &[code]]));
    has_the_codes::<C>(allowed, rule, 4, |code| packet(first_byte, &[b"\x00\x0A", &[code], b"\x00"]));
    has_the_codes::<C>(allowed, rule, 4, |code| packet(first_byte, &[b"\x00\x0A", &[code], b"\x04\x1F\x00\x01r"]));
    for &code in allowed {
        let long = packet(first_byte, &[b"\x00\x0A", &[code], b"\x04\x1F\x00\x01r"]);
        let found = match round_trips(V5, &long) {
            Packet::PubAck(PubAck { reason_code, .. }) | Packet::PubRec(PubRec { reason_code, .. }) => {
                reason_code.get()
            }
            Packet::PubRel(PubRel { reason_code, .. }) | Packet::PubComp(PubComp { reason_code, .. }) => {
                reason_code.get()
            }
            other => panic!("{other}"),
        };
        assert_eq!(found.as_u8(), code);
        if code != 0 {
            round_trips(V5, &packet(first_byte, &[b"\x00\x0A", &[code]]));
        }
    }
}

#[test]
fn mqtt_3_4_2_1_the_reason_code_is_one_of_puback() {
    // All 256 values against the 9 of the table, in the short form and in the long one.
    acknowledgement_codes::<PubAckReasonCode>(0x40, &PUBACK_CODES, "MQTT-3.4.2-1");
}

#[test]
fn mqtt_3_5_2_1_the_reason_code_is_one_of_pubrec() {
    // All 256 values against the 9 of the table, in the short form and in the long one.
    acknowledgement_codes::<PubAckReasonCode>(0x50, &PUBACK_CODES, "MQTT-3.5.2-1");
}

/// Checks all 16 flags of one type.
pub(crate) fn has_the_flags(packet_type: PacketType, legal: u8, rule: &str) {
    let bytes = minimal(packet_type);
    for flags in 0..16 {
        let mut bytes = bytes.clone();
        bytes[0] = packet_type.as_u8() << 4 | flags;
        if flags == legal {
            round_trips(V5, &bytes);
        } else {
            refuses(V5, &bytes, Kind::InvalidFlags, Field::Flags, 0, rule, MALFORMED);
            refuses(V5, &bytes[..1], Kind::InvalidFlags, Field::Flags, 0, rule, MALFORMED);
        }
    }
}

#[test]
fn mqtt_3_6_1_1_the_flags_of_pubrel_are_0010() {
    // All 16 values of the flags: any other is malformed.
    has_the_flags(PacketType::PubRel, 0b0010, "MQTT-3.6.1-1");
    writes(PubRel::new(identifier(10)), V5, &[0x62, 0x02, 0x00, 0x0A]);
}

#[test]
fn mqtt_3_6_2_1_the_reason_code_is_one_of_pubrel() {
    // All 256 values against 0x00 and 0x92.
    acknowledgement_codes::<PubRelReasonCode>(0x62, &PUBREL_CODES, "MQTT-3.6.2-1");
}

#[test]
fn mqtt_3_7_2_1_the_reason_code_is_one_of_pubcomp() {
    // All 256 values against 0x00 and 0x92.
    acknowledgement_codes::<PubRelReasonCode>(0x70, &PUBREL_CODES, "MQTT-3.7.2-1");
}
