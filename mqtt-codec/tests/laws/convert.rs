//! For any packet and any target version: the result encodes, and decodes to an equal packet. Conversion fails only
//! where the tables at `convert` say so.

use super::roundtrip;
use mqtt_codec::{
    Change, ConnAckReasonCode, Connect, ConvertErrorKind, Packet, ProtocolVersion, ReasonCode, TopicFilter, convert,
};

pub(super) fn law(data: &[u8]) {
    if let Some((from, packet)) = roundtrip::packet(data) {
        for to in ProtocolVersion::ALL {
            crosses(from, &packet, to);
        }
    }
}

pub(crate) fn crosses(from: ProtocolVersion, packet: &Packet, to: ProtocolVersion) {
    let result = convert(packet.clone(), from, to);
    assert_eq!(convert(packet.as_borrowed(), from, to), result, "of a borrowed packet");
    let converted = match (result, failure(from, packet, to)) {
        (Ok(converted), None) => converted,
        (Err(error), Some(kind)) => {
            assert_eq!((error.kind(), error.packet_type(), error.version()), (kind, packet.packet_type(), to));
            return;
        }
        (result, expected) => panic!("{result:?} instead of {expected:?}: {packet:?} from {from} to {to}"),
    };
    roundtrip::survives(to, &converted.packet);

    // Without a change it is the same packet.
    let stated = of_version(packet, to);
    if converted.changes.is_empty() {
        assert_eq!(converted.packet, stated);
    }
    if from == to {
        assert_eq!(converted.changes, []);
    }
    let dropped = converted.changes.iter().filter(|change| matches!(change, Change::DroppedProperty(_))).count();
    let dropped_of_will =
        converted.changes.iter().filter(|change| matches!(change, Change::DroppedWillProperty(_))).count();
    let expected = if to.is_v3() { properties(packet) } else { (0, 0) };
    assert_eq!((dropped, dropped_of_will), expected, "each property is reported");

    // There is nothing left to change.
    let again = convert(converted.packet.clone(), to, to).unwrap();
    assert_eq!((again.packet, again.changes), (converted.packet, vec![]));
}

/// Returns the same packet, except that a CONNECT names this version.
fn of_version(packet: &Packet, protocol_version: ProtocolVersion) -> Packet {
    match packet {
        Packet::Connect(packet) => Connect { protocol_version, ..packet.clone() }.into(),
        packet => packet.clone(),
    }
}

/// Returns the reason why the tables do not allow the packet in the other version.
fn failure(from: ProtocolVersion, packet: &Packet, to: ProtocolVersion) -> Option<ConvertErrorKind> {
    use ConvertErrorKind as Kind;
    let is_failure = |code: ReasonCode| code.as_u8() >= 0x80;
    let fails = |is_error: bool, kind| is_error.then_some(kind);
    match packet {
        Packet::Connect(packet) => {
            let needs_identifier = match to {
                ProtocolVersion::V3_1 => true,
                ProtocolVersion::V3_1_1 => !packet.clean_start,
                ProtocolVersion::V5 => false,
            };
            let has_lone_password = packet.password.is_some() && packet.user_name.is_none();
            fails(
                (needs_identifier && packet.client_identifier.is_empty()) || (to.is_v3() && has_lone_password),
                Kind::NotInVersion,
            )
        }
        Packet::ConnAck(packet) => {
            use ConnAckReasonCode as Code;
            let has_none = [
                Code::MALFORMED_PACKET,
                Code::PROTOCOL_ERROR,
                Code::TOPIC_NAME_INVALID,
                Code::PACKET_TOO_LARGE,
                Code::PAYLOAD_FORMAT_INVALID,
                Code::RETAIN_NOT_SUPPORTED,
                Code::QOS_NOT_SUPPORTED,
            ];
            fails(to.is_v3() && has_none.contains(&packet.reason_code()), Kind::CloseInstead)
        }
        Packet::Publish(packet) => fails(to.is_v3() && packet.topic().is_empty(), Kind::TopicNameMissing),
        Packet::PubAck(packet) => fails(to.is_v3() && is_failure(packet.reason_code.get()), Kind::NotInVersion),
        Packet::PubRec(packet) => fails(to.is_v3() && is_failure(packet.reason_code.get()), Kind::NotInVersion),
        Packet::Subscribe(packet) => {
            let mut filters = packet.subscriptions.iter().map(|item| item.topic_filter);
            fails(!to.is_v3() && filters.any(|filter| TopicFilter::new(filter.as_str()).is_err()), Kind::NotInVersion)
        }
        Packet::Unsubscribe(packet) => {
            let mut filters = packet.topic_filters.iter();
            fails(!to.is_v3() && filters.any(|filter| TopicFilter::new(filter.as_str()).is_err()), Kind::NotInVersion)
        }
        Packet::SubAck(packet) => {
            let has_failure = packet.reason_codes().iter().any(|code| is_failure(code.get()));
            fails(to == ProtocolVersion::V3_1 && has_failure, Kind::NotInVersion)
        }
        Packet::UnsubAck(packet) => {
            let has_failure = packet.reason_codes.iter().any(|code| is_failure(code.get()));
            fails(to.is_v3() && has_failure, Kind::NotInVersion)
                .or_else(|| fails(from.is_v3() && !to.is_v3(), Kind::ReasonCodesMissing))
        }
        Packet::PubRel(_) | Packet::PubComp(_) | Packet::PingReq(_) | Packet::PingResp(_) => None,
        Packet::Disconnect(packet) => fails(to.is_v3() && packet.reason_code.as_u8() != 0, Kind::CloseInstead),
        Packet::Auth(_) => fails(to.is_v3(), Kind::NotInVersion),
    }
}

/// Returns the number of properties of the packet and of its Will.
fn properties(packet: &Packet) -> (usize, usize) {
    match packet {
        Packet::Connect(packet) => {
            (packet.properties.iter().count(), packet.will.as_ref().map_or(0, |will| will.properties.iter().count()))
        }
        Packet::ConnAck(packet) => (packet.properties.iter().count(), 0),
        Packet::Publish(packet) => (packet.properties().iter().count(), 0),
        Packet::PubAck(packet) => (packet.properties.iter().count(), 0),
        Packet::PubRec(packet) => (packet.properties.iter().count(), 0),
        Packet::PubRel(packet) => (packet.properties.iter().count(), 0),
        Packet::PubComp(packet) => (packet.properties.iter().count(), 0),
        Packet::Subscribe(packet) => (packet.properties.iter().count(), 0),
        Packet::SubAck(packet) => (packet.properties.iter().count(), 0),
        Packet::Unsubscribe(packet) => (packet.properties.iter().count(), 0),
        Packet::UnsubAck(packet) => (packet.properties.iter().count(), 0),
        Packet::PingReq(_) | Packet::PingResp(_) => (0, 0),
        Packet::Disconnect(packet) => (packet.properties.iter().count(), 0),
        Packet::Auth(packet) => (packet.properties.iter().count(), 0),
    }
}
