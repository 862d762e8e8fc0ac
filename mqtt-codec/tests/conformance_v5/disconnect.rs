//! 3.14 and 3.15: DISCONNECT, AUTH.

use crate::acknowledgements::has_the_flags;
use crate::conformance::{packet, refuses, refuses_to_write, round_trips, writes};
use crate::connack::{AUTH_CODES, DISCONNECT_CODES, DISCONNECT_CODES_OF_SERVERS, has_the_codes};
use crate::samples::{Home, PROTOCOL_ERROR};
use mqtt_codec::EncodeErrorKind::NotFromSender;
use mqtt_codec::ProtocolVersion::V5;
use mqtt_codec::{
    AuthReasonCode, DecodeErrorKind as Kind, DecodeOptions, DisconnectReasonCode, EncodeOptions, Field, Packet,
    PacketType, PropertyIdentifier as Id, Sender,
};

#[test]
fn mqtt_3_14_1_1_the_flags_of_disconnect_are_0000() {
    // All 16 values of the flags: any other is malformed.
    has_the_flags(PacketType::Disconnect, 0b0000, "MQTT-3.14.1-1");
}

#[test]
fn mqtt_3_14_2_1_the_reason_code_is_one_of_disconnect() {
    // With the "sent by" column on encode; on decode the column is U33.
    for rest in [&b""[..], b"\x00", b"\x04\x1F\x00\x01r"] {
        has_the_codes::<DisconnectReasonCode>(&DISCONNECT_CODES, "MQTT-3.14.2-1", 2, |code| {
            packet(0xE0, &[&[code], rest])
        });
    }
    for code in DISCONNECT_CODES {
        let bytes = packet(0xE0, &[&[code], b"\x04\x1F\x00\x01r"]);
        let Packet::Disconnect(disconnect) = round_trips(V5, &bytes) else { panic!() };
        assert_eq!(disconnect.reason_code.as_u8(), code);
        let (client, server) = (code != 0x04, !DISCONNECT_CODES_OF_SERVERS.contains(&code));
        for (sender, allowed) in [(Sender::Server, client), (Sender::Client, server), (Sender::Either, true)] {
            let options = EncodeOptions::new(V5).with_sender(sender);
            if allowed {
                writes(disconnect, options, &bytes);
            } else {
                refuses_to_write(disconnect, options, NotFromSender(sender), Field::ReasonCode, "MQTT-3.14.2-1");
            }
        }
    }
}

#[test]
fn mqtt_3_14_2_2_a_servers_disconnect_has_no_session_expiry_interval() {
    // Only the client may change when its session ends.
    let field = Field::Property(Id::SessionExpiryInterval);
    for (properties, at) in [
        (&b"\x11\x00\x00\x00\x00"[..], 0),
        (b"\x11\xFF\xFF\xFF\xFF", 0),
        (b"\x1F\x00\x01r\x11\x00\x00\x00\x01\x26\x00\x00\x00\x00", 4),
    ] {
        let (bytes, offset) = Home::named("DISCONNECT").packet(properties);
        let kind = Kind::PropertyFromWrongSender(Sender::Server);
        let server = DecodeOptions::new(V5).with_sender(Sender::Server);
        refuses(server, &bytes, kind, field, offset + at, "MQTT-3.14.2-2", PROTOCOL_ERROR);
        for sender in [Sender::Client, Sender::Either] {
            let packet = round_trips(DecodeOptions::new(V5).with_sender(sender), &bytes);
            writes(packet, EncodeOptions::new(V5).with_sender(sender), &bytes);
            let server = EncodeOptions::new(V5).with_sender(Sender::Server);
            refuses_to_write(packet, server, NotFromSender(Sender::Server), field, "MQTT-3.14.2-2");
        }
    }
    let (bytes, _) = Home::named("DISCONNECT").packet(b"\x1F\x00\x01r");
    let packet = round_trips(DecodeOptions::new(V5).with_sender(Sender::Server), &bytes);
    writes(packet, EncodeOptions::new(V5).with_sender(Sender::Server), &bytes);
}

#[test]
fn mqtt_3_15_1_1_the_flags_of_auth_are_0000() {
    // All 16 values of the flags: any other is malformed.
    has_the_flags(PacketType::Auth, 0b0000, "MQTT-3.15.1-1");
}

#[test]
fn mqtt_3_15_2_1_the_reason_code_is_one_of_auth() {
    // 0x00 from servers, 0x19 from clients, 0x18 from both; on decode the column is U33.
    has_the_codes::<AuthReasonCode>(&AUTH_CODES, "MQTT-3.15.2-1", 2, |code| {
        packet(0xF0, &[&[code], b"\x04\x15\x00\x01M"])
    });
    for (code, client, server) in [(0x00, false, true), (0x18, true, true), (0x19, true, false)] {
        let bytes = packet(0xF0, &[&[code], b"\x04\x15\x00\x01M"]);
        let Packet::Auth(auth) = round_trips(V5, &bytes) else { panic!() };
        assert_eq!(auth.reason_code.as_u8(), code);
        for (sender, allowed) in [(Sender::Client, client), (Sender::Server, server), (Sender::Either, true)] {
            let options = EncodeOptions::new(V5).with_sender(sender);
            if allowed {
                writes(auth, options, &bytes);
            } else {
                refuses_to_write(auth, options, NotFromSender(sender), Field::ReasonCode, "MQTT-3.15.2-1");
            }
        }
    }
}
