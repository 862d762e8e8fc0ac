//! 3.9: SUBACK.

use crate::conformance::{packet, refuses, round_trips};
use crate::connack::{SUBACK_CODES, has_the_codes};
use crate::samples::PROTOCOL_ERROR;
use mqtt_codec::ProtocolVersion::V5;
use mqtt_codec::{DecodeErrorKind as Kind, Field, Packet, QoS, SubAckReasonCode};

#[test]
fn mqtt_3_8_4_7_suback_grants_a_qos_or_tells_a_failure() {
    // No code but 0, 1, 2 grants, and every failure is 0x80 or more.
    for code in 0x03..=0x7F {
        let bytes = [0x90, 0x04, 0x00, 0x0A, 0x00, code];
        let kind = Kind::InvalidReasonCode(code);
        refuses(V5, &bytes, kind, Field::ReasonCode, 5, "MQTT-3.9.3-2", PROTOCOL_ERROR);
    }
    for code in SUBACK_CODES {
        let bytes = [0x90, 0x04, 0x00, 0x0A, 0x00, code];
        let Packet::SubAck(suback) = round_trips(V5, &bytes) else { panic!() };
        let code = suback.reason_codes().iter().next().unwrap();
        assert_eq!(code.granted_qos().map(QoS::as_u8), Some(code.as_u8()).filter(|code| *code < 0x80));
        assert_eq!(code.is_error(), code.granted_qos().is_none());
    }
    for qos in QoS::ALL {
        assert_eq!(SubAckReasonCode::granted(qos).as_u8(), qos.as_u8());
    }
}

#[test]
fn mqtt_3_9_3_2_each_reason_code_is_one_of_suback() {
    // The first item, and one after others.
    has_the_codes::<SubAckReasonCode>(&SUBACK_CODES, "MQTT-3.9.3-2", 5, |code| {
        packet(0x90, &[b"\x00\x0A", b"\x00", &[code]])
    });
    has_the_codes::<SubAckReasonCode>(&SUBACK_CODES, "MQTT-3.9.3-2", 7, |code| {
        packet(0x90, &[b"\x00\x0A", b"\x00", &[0x00, 0x87, code, 0x02]])
    });
    let bytes = packet(0x90, &[b"\x00\x0A", b"\x00", &SUBACK_CODES]);
    let Packet::SubAck(suback) = round_trips(V5, &bytes) else { panic!() };
    assert!(suback.reason_codes().iter().map(SubAckReasonCode::as_u8).eq(SUBACK_CODES));
}
