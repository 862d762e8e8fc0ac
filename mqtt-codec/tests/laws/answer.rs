//! The answer to any error is a packet that the side may send in that phase of the connection.

use mqtt_codec::{
    ConnectionPhase, DecodeError, DecodeOptions, Packet, PacketType, ProtocolVersion, ReasonCode, Role, decode,
};

const ROLES: [Role; 3] = [Role::Server, Role::Client, Role::Either];

fn phases() -> impl Iterator<Item = ConnectionPhase> {
    let with_version =
        |version| [ConnectionPhase::Connecting(version), ConnectionPhase::Connected(version)].into_iter();
    [ConnectionPhase::Start, ConnectionPhase::Closing]
        .into_iter()
        .chain(ProtocolVersion::ALL.into_iter().flat_map(with_version))
}

/// Checks the answers of all sides in all phases.
pub(crate) fn check(error: &DecodeError) {
    for role in ROLES {
        for phase in phases() {
            check_one(error, role, phase);
        }
    }
}

fn check_one(error: &DecodeError, role: Role, phase: ConnectionPhase) {
    let Some(answer) = error.answer(role, phase) else {
        // After the connection is accepted, every side of 5.0 can send the reason, unless the peer cannot understand
        // it.
        if let (Role::Server | Role::Client, ConnectionPhase::Connected(ProtocolVersion::V5)) = (role, phase) {
            assert!(error.version().is_v3() || error.reason_code().is_none(), "{error}: no answer of a {role:?}");
        }
        return;
    };
    let context = format!("{error}; {answer}, of {role:?} at {phase:?}");
    // The other side decodes it to the same packet.
    let version = answer.version();
    let options = DecodeOptions::new(version).with_sender(role.sender());
    let (packet, consumed) = decode(answer.as_bytes(), options).unwrap().complete().unwrap();
    assert_eq!((&packet, consumed), (&answer.packet(), answer.as_bytes().len()), "{context}");
    assert!(answer.reason_code().is_allowed_in(packet.packet_type(), role.sender()), "{context}");
    assert!(answer.reason_code().is_error(), "{context}");
    assert_eq!(answer.as_ref(), answer.as_bytes());
    match (&packet, role, phase) {
        (Packet::ConnAck(_), Role::Server, ConnectionPhase::Start) => {
            assert_eq!((error.packet_type(), version), (PacketType::Connect, error.version()), "{context}");
            assert_eq!(Some(answer.reason_code()), error.reason_code(), "{context}");
        }
        (Packet::ConnAck(_), Role::Server, ConnectionPhase::Connecting(of)) => {
            assert_eq!(version, of, "{context}");
            assert_ne!(answer.reason_code(), ReasonCode::UNSUPPORTED_PROTOCOL_VERSION, "{context}");
            assert!(!version.is_v3(), "{context}");
        }
        (Packet::Disconnect(_), Role::Client, ConnectionPhase::Connecting(ProtocolVersion::V5)) => {
            assert!(matches!(error.packet_type(), PacketType::ConnAck | PacketType::Auth), "{context}");
            assert_eq!(version, ProtocolVersion::V5, "{context}");
        }
        (Packet::Disconnect(_), Role::Server | Role::Client, ConnectionPhase::Connected(ProtocolVersion::V5)) => {
            assert_eq!(version, ProtocolVersion::V5, "{context}");
        }
        _ => panic!("{context}"),
    }
}
