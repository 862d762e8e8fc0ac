//! CONNECT, CONNACK and DISCONNECT.

use crate::convert::change::Change;
use crate::convert::conversion::Conversion;
use crate::convert::convert_error::{ConvertError, ConvertErrorKind};
use crate::error::Field;
use mqtt_types::{
    ConnAck, ConnAckReasonCode as Code, Connect, ConnectProperties, Disconnect, DisconnectReasonCode, ProtocolVersion,
    Will, WillProperties,
};

/// The Session Expiry Interval of a session that does not end.
const NEVER: u32 = u32::MAX;

/// Converts a CONNECT. The encoder returns the errors for fields that 3.x forbids: some empty Client Identifiers, and a
/// Password without a User Name.
pub(super) fn connect(conversion: &mut Conversion, packet: Connect) -> Result<Connect, ConvertError> {
    let packet = Connect { protocol_version: conversion.to, ..packet };
    match (conversion.from.is_v3(), conversion.to.is_v3()) {
        (_, true) => Ok(connect_to_v3(conversion, packet)),
        (true, false) => connect_to_v5(conversion, packet),
        (false, false) => Ok(packet),
    }
}

fn connect_to_v3(conversion: &mut Conversion, packet: Connect) -> Connect {
    conversion.drop_properties(packet.properties.iter());
    let expiry = packet.properties.session_expiry_interval();
    if !conversion.from.is_v3() && !packet.clean_start && expiry != Some(NEVER) {
        conversion.report(Change::SessionDoesNotExpire);
    }
    let will = packet.will.map(|will| {
        let properties = will.properties.iter().map(|property| Change::DroppedWillProperty(property.identifier()));
        conversion.changes.extend(properties);
        Will { properties: WillProperties::default(), ..will }
    });
    Connect { properties: ConnectProperties::default(), will, ..packet }
}

fn connect_to_v5(conversion: &mut Conversion, mut packet: Connect) -> Result<Connect, ConvertError> {
    if packet.bridge {
        conversion.report(Change::DroppedBridgeMark);
    }
    packet.bridge = false;
    if !packet.clean_start && packet.properties.session_expiry_interval().is_none() {
        let builder = ConnectProperties::builder().properties(packet.properties.iter()).session_expiry_interval(NEVER);
        packet.properties =
            builder.build().map_err(|_| conversion.error(ConvertErrorKind::NotInVersion, Field::Properties))?;
        conversion.report(Change::AddedSessionExpiryInterval);
    }
    Ok(packet)
}

pub(super) fn connack(conversion: &mut Conversion, packet: ConnAck) -> Result<ConnAck, ConvertError> {
    if !conversion.to.is_v3() {
        return Ok(packet);
    }
    let code = packet.reason_code();
    let Some(code_of_v3) = code.to_v3() else {
        return Err(conversion.error(ConvertErrorKind::CloseInstead, Field::ReasonCode));
    };
    let session_present = packet.session_present() && conversion.to != ProtocolVersion::V3_1;
    if packet.session_present() != session_present {
        conversion.report(Change::DroppedSessionPresent);
    }
    if code != code_of_v3 {
        conversion.report(Change::MappedReasonCode { index: 0, from: code.get(), to: code_of_v3.get() });
    }
    conversion.drop_properties(packet.properties.iter());
    let is_accepted = code_of_v3 == Code::SUCCESS;
    Ok(if is_accepted { ConnAck::accepted(session_present) } else { ConnAck::refused(code_of_v3) })
}

pub(super) fn disconnect(conversion: &mut Conversion, packet: Disconnect) -> Result<Disconnect, ConvertError> {
    if !conversion.to.is_v3() {
        return Ok(packet);
    }
    if packet.reason_code != DisconnectReasonCode::NORMAL_DISCONNECTION {
        return Err(conversion.error(ConvertErrorKind::CloseInstead, Field::ReasonCode));
    }
    conversion.drop_properties(packet.properties.iter());
    Ok(Disconnect::default())
}
