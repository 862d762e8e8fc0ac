//! The answer to an invalid packet, for each side and each phase of a connection.

#![cfg(test)]

extern crate alloc;

#[path = "laws/answer.rs"]
mod law;
#[expect(dead_code, reason = "the tables are for topics and captures")]
mod support;

use alloc::collections::BTreeSet;
use mqtt_codec::ProtocolVersion::{V3_1, V3_1_1, V5};
use mqtt_codec::{
    Answer, ConnectionPhase, DecodeError, DecodeOptions, Decoded, PacketType, ProtocolVersion, ReasonCode, Role,
    Sender, decode,
};
use support::{from_hex, json_lines, kind_name};

const SENDERS: [Sender; 3] = [Sender::Either, Sender::Client, Sender::Server];

fn error(bytes: &[u8], options: impl Into<DecodeOptions>) -> DecodeError {
    decode(bytes, options).unwrap_err()
}

/// Returns the bytes of the answer.
fn answer(error: &DecodeError, role: Role, phase: ConnectionPhase) -> Option<Vec<u8>> {
    error.answer(role, phase).map(|answer| answer.as_bytes().to_vec())
}

#[test]
fn an_answer_is_one_that_this_side_may_send_at_this_point() {
    let (mut kinds, mut count) = (BTreeSet::new(), 0_usize);
    let mut judge = |bytes: &[u8], options: DecodeOptions| {
        if let Err(error) = decode(bytes, options) {
            law::check(&error);
            kinds.insert(kind_name(error.kind()));
            count += 1;
        }
    };
    let mut inputs: Vec<Vec<u8>> = Vec::new();
    for name in ["hostile/hostile.jsonl", "vectors/invalid.jsonl", "vectors/amqtt.jsonl"] {
        inputs.extend(json_lines(name).iter().filter_map(|case| Some(from_hex(case["hex"].as_str()?))));
    }
    for version in ProtocolVersion::ALL {
        for sender in SENDERS {
            let options = DecodeOptions::new(version).with_sender(sender);
            let strict = options
                .refuse_discouraged_characters(true)
                .refuse_long_client_identifiers(true)
                .check_payload_format(true)
                .with_maximum_packet_size(60);
            for first_byte in 0..=u8::MAX {
                judge(&[first_byte, 0], options);
                judge(&[first_byte, 3, 3, 3, 3], options);
            }
            for input in inputs.iter().filter(|input| input.len() < 80) {
                judge(input, strict);
                for place in 0..input.len() {
                    for change in [0x01, 0x80, input[place]] {
                        let mut changed = input.clone();
                        changed[place] ^= change;
                        judge(&changed, options);
                    }
                }
            }
        }
    }
    assert!(kinds.len() >= 40, "{} kinds of {count} errors: {kinds:?}", kinds.len());
}

/// For every code, side and phase: what the side may send, with the code if the packet can have it.
#[test]
fn a_reason_becomes_the_packet_of_the_side_and_the_phase() {
    let phases = [V3_1, V3_1_1, V5]
        .into_iter()
        .flat_map(|version| [ConnectionPhase::Connecting(version), ConnectionPhase::Connected(version)])
        .chain([ConnectionPhase::Start, ConnectionPhase::Closing]);
    for phase in phases {
        for role in [Role::Server, Role::Client, Role::Either] {
            for code in (0..=u8::MAX).filter_map(|code| ReasonCode::try_from(code).ok()) {
                let bytes = Answer::new(code, role, phase).map(|answer| answer.as_bytes().to_vec());
                let context = format!("{code} of {role:?} at {phase:?}: {bytes:02X?}");
                let given = |packet_type| {
                    let is_allowed = code.is_allowed_in(packet_type, role.sender());
                    if is_allowed { code.as_u8() } else { 0x80 }
                };
                let expected = match (role, phase) {
                    _ if code.as_u8() < 0x80 => None,
                    (Role::Server, ConnectionPhase::Connecting(V5)) => {
                        Some(vec![0x20, 3, 0, given(PacketType::ConnAck), 0])
                    }
                    (Role::Server, ConnectionPhase::Connecting(_)) => match given(PacketType::ConnAck) {
                        0x84 => Some(vec![0x20, 2, 0, 1]),
                        0x85 => Some(vec![0x20, 2, 0, 2]),
                        0x80 | 0x83 | 0x88 | 0x89 | 0x97 | 0x9C | 0x9D | 0x9F => Some(vec![0x20, 2, 0, 3]),
                        0x86 => Some(vec![0x20, 2, 0, 4]),
                        0x87 | 0x8A | 0x8C => Some(vec![0x20, 2, 0, 5]),
                        _ => None,
                    },
                    (Role::Server, ConnectionPhase::Connected(V5))
                    | (Role::Client, ConnectionPhase::Connecting(V5) | ConnectionPhase::Connected(V5)) => {
                        Some(vec![0xE0, 1, given(PacketType::Disconnect)])
                    }
                    _ => None,
                };
                assert_eq!(bytes, expected, "{context}");
            }
        }
    }
}

#[test]
fn a_client_never_answers_with_connack() {
    let connected = [V3_1, V3_1_1, V5].map(ConnectionPhase::Connected);
    let connecting = [V3_1, V3_1_1, V5].map(ConnectionPhase::Connecting);
    // A CONNECT, the alert of TLS, and its handshake.
    for bytes in [&b"\x10\x0D\0\x04MQTT\x05\x02\0\0\0\0\0"[..], b"\x15\x03\x03\0\x02", b"\x16\x03\x01\x02\0"] {
        let error = error(bytes, DecodeOptions::new(V5).with_sender(Sender::Server));
        for phase in connecting.into_iter().chain([ConnectionPhase::Start, ConnectionPhase::Closing]) {
            assert_eq!(answer(&error, Role::Client, phase), None, "{error}");
        }
        let answers = connected.map(|phase| answer(&error, Role::Client, phase));
        assert_eq!(answers, [None, None, Some(vec![0xE0, 1, 0x82])], "{error}");
    }
    // The client of 5.0 sends the fault of a CONNACK to the server that has sent it.
    let error = error(&[0x20, 3, 2, 0, 0], V5);
    let answers = connecting.map(|phase| answer(&error, Role::Client, phase));
    assert_eq!(answers, [None, None, Some(vec![0xE0, 1, 0x81])]);
}

/// What a server may send before it accepts the connection is CONNACK and AUTH. Who sends anything else is no server.
#[test]
fn before_connack_a_client_answers_what_a_server_may_send() {
    for (bytes, packet_type, code) in [
        (&b"\x20\x03\x02\0\0"[..], PacketType::ConnAck, Some(0x81)),
        (b"\xF1\x06\x18\x04\x15\0\x01M", PacketType::Auth, Some(0x81)),
        (b"\x30\x04\0\x01#\0", PacketType::Publish, None),
        (b"\x40\x02\0\0", PacketType::PubAck, None),
    ] {
        let error = error(bytes, V5);
        assert_eq!(error.packet_type(), packet_type);
        let expected = code.map(|code| vec![0xE0, 1, code]);
        assert_eq!(answer(&error, Role::Client, ConnectionPhase::Connecting(V5)), expected, "{error}");
        assert_eq!(answer(&error, Role::Client, ConnectionPhase::Connecting(V3_1_1)), None, "{error}");
    }
}

/// MQTT-3.1.0-2, MQTT-3.2.0-2.
#[test]
fn a_second_connect_is_answered_with_disconnect() {
    // The reserved flag is set; the version is unknown; a Client Identifier of 3.1.1 is missing.
    let rows: [(&[u8], u8, &[u8]); 3] = [
        (b"\x10\x0D\0\x04MQTT\x05\x03\0\0\0\0\0", 0x81, &[0x20, 3, 0, 0x81, 0]),
        (b"\x10\x0D\0\x04MQTT\x07\x02\0\0\0\0\0", 0x82, &[0x20, 3, 0, 0x84, 0]),
        (b"\x10\x0C\0\x04MQTT\x04\0\0\0\0\0", 0x82, &[0x20, 2, 0, 2]),
    ];
    for (bytes, code, first) in rows {
        let error = error(bytes, V5);
        assert_eq!(error.packet_type(), PacketType::Connect);
        assert_eq!(answer(&error, Role::Server, ConnectionPhase::Start).as_deref(), Some(first), "{error}");
        let at = |phase| answer(&error, Role::Server, phase);
        assert_eq!(at(ConnectionPhase::Connected(V5)), Some(vec![0xE0, 1, code]), "{error}");
        // No CONNACK has been sent, so one may still be.
        assert_eq!(at(ConnectionPhase::Connecting(V5)), Some(vec![0x20, 3, 0, code, 0]), "{error}");
        for version in [V3_1, V3_1_1] {
            assert_eq!(at(ConnectionPhase::Connected(version)), None, "{error}");
            assert_eq!(at(ConnectionPhase::Connecting(version)), None, "{error}");
        }
        assert_eq!(at(ConnectionPhase::Closing), None, "{error}");
    }
}

/// MQTT-3.14.0-1.
#[test]
fn before_connack_a_server_does_not_send_disconnect() {
    let error = error(&[0x30, 4, 0, 1, b'#', 0], V5);
    let at = |phase| answer(&error, Role::Server, phase);
    assert_eq!(at(ConnectionPhase::Start), None);
    assert_eq!(at(ConnectionPhase::Connecting(V5)), Some(vec![0x20, 3, 0, 0x82, 0]));
    assert_eq!(at(ConnectionPhase::Connected(V5)), Some(vec![0xE0, 1, 0x82]));
    // CONNACK has no such code.
    let error = decode(b"\x30\x07\0\x01a\x03\x23\0\0", V5).unwrap_err();
    assert_eq!(answer(&error, Role::Server, ConnectionPhase::Connecting(V5)), None);
    assert_eq!(answer(&error, Role::Server, ConnectionPhase::Connected(V5)), Some(vec![0xE0, 1, 0x94]));
}

#[test]
fn the_version_of_an_answer_is_that_of_the_connection() {
    // 5.0 has no such error, 3.1.1 no such answer.
    let (of_5, of_3) = (error(&[0xC0, 0x80, 0], V5), error(&[0xC1, 0], V3_1_1));
    for (error, phase, expected) in [
        (of_5, ConnectionPhase::Connected(V3_1_1), None),
        (of_3, ConnectionPhase::Connected(V3_1_1), None),
        (of_5, ConnectionPhase::Connected(V5), Some(vec![0xE0, 1, 0x81])),
        (of_3, ConnectionPhase::Connected(V5), Some(vec![0xE0, 1, 0x81])),
    ] {
        assert_eq!(answer(&error, Role::Server, phase), expected);
        assert_eq!(answer(&error, Role::Client, phase), expected);
        assert_eq!(answer(&error, Role::Either, phase), None);
    }
    let Ok(Decoded::Complete { packet, .. }) = decode(&[0xE0, 1, 0x81], V5) else { panic!() };
    let answer = of_5.answer(Role::Server, ConnectionPhase::Connected(V5)).unwrap();
    assert_eq!((answer.packet(), answer.version(), answer.to_string()), (packet, V5, packet.to_string()));
}

#[cfg(feature = "tokio-util")]
mod codec {
    use super::{V3_1_1, V5};
    use bytes::BytesMut;
    use mqtt_codec::{
        Codec, CodecError, ConnAck, ConnAckReasonCode, Connect, ConnectionPhase, DecodeError, Disconnect, Frame,
        Packet, ProtocolVersion, Utf8String,
    };
    use tokio_util::codec::{Decoder, Encoder};

    fn connect(protocol_version: ProtocolVersion) -> Connect {
        Connect { protocol_version, ..Connect::new(Utf8String::shared_from_static("c")) }
    }

    fn refused<C: Decoder<Error = CodecError>>(codec: &mut C, bytes: &[u8]) -> DecodeError {
        match codec.decode(&mut BytesMut::from(bytes)) {
            Err(CodecError::Decode(error)) => error,
            _ => panic!("not refused: {bytes:02x?}"),
        }
    }

    /// Returns what a copy of the codec answers to these bytes.
    fn answer(codec: &Codec, bytes: &[u8]) -> Option<Vec<u8>> {
        let mut codec = codec.clone();
        let error = refused(&mut codec, bytes);
        codec.answer(&error).map(|answer| answer.as_bytes().to_vec())
    }

    const SECOND_CONNECT: &[u8] = b"\x10\x0D\0\x04MQTT\x05\x03\0\0\0\0\0";
    const PUBLISH_TO_WILDCARD: &[u8] = &[0x30, 4, 0, 1, b'#', 0];

    #[test]
    fn a_codec_follows_the_connection() {
        let (mut client, mut server, mut wire) = (Codec::client(), Codec::server(), BytesMut::new());
        assert_eq!((client.phase(), server.phase()), (ConnectionPhase::Start, ConnectionPhase::Start));
        assert_eq!(answer(&server, SECOND_CONNECT), Some(vec![0x20, 3, 0, 0x81, 0]));
        assert_eq!(answer(&server, PUBLISH_TO_WILDCARD), None);
        assert_eq!(answer(&client, PUBLISH_TO_WILDCARD), None);

        client.encode(connect(V5).into(), &mut wire).unwrap();
        server.decode(&mut wire).unwrap();
        let connecting = ConnectionPhase::Connecting(V5);
        assert_eq!((client.phase(), server.phase()), (connecting, connecting));
        assert_eq!(answer(&server, PUBLISH_TO_WILDCARD), Some(vec![0x20, 3, 0, 0x82, 0]));
        assert_eq!(answer(&client, &[0x20, 3, 2, 0, 0]), Some(vec![0xE0, 1, 0x81]));
        assert_eq!(answer(&client, b"\x15\x03\x03"), None);

        server.encode(ConnAck::accepted(false).into(), &mut wire).unwrap();
        client.decode(&mut wire).unwrap();
        let connected = ConnectionPhase::Connected(V5);
        assert_eq!((client.phase(), server.phase()), (connected, connected));
        assert_eq!(answer(&server, SECOND_CONNECT), Some(vec![0xE0, 1, 0x82]));
        assert_eq!(answer(&client, PUBLISH_TO_WILDCARD), Some(vec![0xE0, 1, 0x82]));

        client.encode(Disconnect::default().into(), &mut wire).unwrap();
        server.decode(&mut wire).unwrap();
        assert_eq!((client.phase(), server.phase()), (ConnectionPhase::Closing, ConnectionPhase::Closing));
        assert_eq!(answer(&server, SECOND_CONNECT), None);
        assert_eq!(answer(&client, PUBLISH_TO_WILDCARD), None);
    }

    #[test]
    fn a_frame_codec_follows_it_too_and_a_refusal_ends_it() {
        let (mut client, mut wire) = (Codec::client().frames(), BytesMut::new());
        let mut server = Codec::server().frames();
        client.encode(Frame::encode(&connect(V3_1_1), V3_1_1).unwrap(), &mut wire).unwrap();
        server.decode(&mut wire).unwrap();
        let connecting = ConnectionPhase::Connecting(V3_1_1);
        assert_eq!((client.phase(), server.phase()), (connecting, connecting));
        let refusal = ConnAck::refused(ConnAckReasonCode::NOT_AUTHORIZED);
        server.encode(Packet::from(refusal), &mut wire).unwrap();
        client.decode(&mut wire).unwrap();
        let closing = ConnectionPhase::Closing;
        assert_eq!((client.phase(), server.phase()), (closing, closing));
    }

    #[test]
    fn a_packet_that_is_not_sent_changes_nothing() {
        let mut server = Codec::server();
        server.set_version(V3_1_1);
        let error = server.encode(Disconnect::default().into(), &mut BytesMut::new());
        assert!(error.is_err() && server.phase() == ConnectionPhase::Start);
    }
}
