//! CONNACK: section 3.2.
//!
//! ```text
//! Connect Acknowledge Flags (bit 0: Session Present) · Connect Reason Code · [Properties]
//! ```

use crate::error::{DecodeErrorKind, Field};
use crate::options::{DecodeOptions, EncodeOptions, Leniency};
use crate::packet::acknowledgement::code_of_other_packet;
use crate::wire::encode_body::{EncodeBody, Refusal, ShortPacket};
use crate::wire::length::Length as _;
use crate::wire::primitives::{ParseResult, Parsed, byte, expect_end, fail};
use crate::wire::properties;
use crate::wire::write::Write;
use mqtt_types::{
    Buffer, ConnAck, ConnAckProperties, ConnAckReasonCode, Packet, PacketReasonCode, PacketType, ProtocolVersion,
    ReasonCode,
};

/// Decodes a CONNACK of 3.x that accepts the connection. Returns `None` for any other body.
///
/// A short cut for the most frequent CONNACK without properties.
#[inline(always)]
pub(crate) fn decode_short<'a>(body: &'a [u8], options: &DecodeOptions) -> Option<ConnAck<&'a [u8]>> {
    match (body, options.version) {
        ([0, 0], ProtocolVersion::V3_1 | ProtocolVersion::V3_1_1) => Some(ConnAck::accepted(false)),
        ([1, 0], ProtocolVersion::V3_1_1) => Some(ConnAck::accepted(true)),
        _ => None,
    }
}

/// Decodes a CONNACK of 5.0 that accepts the connection, with short properties. Returns `None` for any other body.
///
/// A short cut for the most frequent CONNACK with properties.
#[inline(always)]
fn decode_accepted<'a>(body: &'a [u8], options: &DecodeOptions) -> Option<ConnAck<&'a [u8]>> {
    match (body, options.version) {
        ([flags @ (0 | 1), 0, length @ 0..=0x7F, properties @ ..], ProtocolVersion::V5)
            if properties.len() == usize::from(*length) && !options.refuses_discouraged_characters() =>
        {
            let properties = ConnAckProperties::new(properties).ok()?;
            Some(ConnAck::accepted(*flags == 1).with_properties(properties))
        }
        _ => None,
    }
}

#[inline(always)]
pub(crate) fn decode<'a>(body: &'a [u8], options: &DecodeOptions) -> ParseResult<'a, ConnAck<&'a [u8]>> {
    if cfg!(target_pointer_width = "64") {
        if let Some(connack) = decode_accepted(body, options) {
            return Ok(connack);
        }
    }
    let version = version(body, options)?;
    let (after_flags, session_present) = acknowledge_flags(body, version)?;
    let (rest, reason_code) = reason_code(after_flags, version, options)?;
    if session_present && reason_code.is_error() && !options.allows(Leniency::SessionPresentWithFailure) {
        // MQTT-3.2.2-6
        return fail(body, DecodeErrorKind::SessionPresentWithFailure, Field::SessionPresent);
    }
    let (rest, properties) = if version.is_v3() {
        (rest, ConnAckProperties::default())
    } else {
        properties::decode_with_placeholders(
            rest,
            options,
            ConnAckProperties::new,
            ConnAckProperties::new_skipping_placeholders,
            |set| set.iter(),
        )?
    };
    expect_end(rest)?;
    // `refused` with Success is an accepted connection without a session.
    let connack = if session_present && !reason_code.is_error() {
        ConnAck::accepted(true)
    } else {
        ConnAck::refused(reason_code)
    };
    Ok(connack.with_properties(properties))
}

/// Returns the version whose format the packet has.
#[inline(always)]
fn version<'a>(body: &'a [u8], options: &DecodeOptions) -> ParseResult<'a, ProtocolVersion> {
    match (options.version, body) {
        (ProtocolVersion::V5, [_, _]) if options.allows(Leniency::ConnAckOfOtherVersion) => Ok(ProtocolVersion::V3_1_1),
        // A server without support for 5.0 refuses a CONNECT of 5.0 with a CONNACK of 3.x. Any other CONNACK of two bytes
        // is malformed.
        (ProtocolVersion::V5, [_, code]) => {
            let kind = match code {
                0x01..=0x05 => DecodeErrorKind::ServerSpeaksVersion3,
                _ => DecodeErrorKind::UnexpectedEnd,
            };
            fail(body.get(2..).unwrap_or_default(), kind, Field::PropertyLength)
        }
        (ProtocolVersion::V3_1 | ProtocolVersion::V3_1_1, [_, _, _, ..])
            if options.allows(Leniency::ConnAckOfOtherVersion) =>
        {
            Ok(ProtocolVersion::V5)
        }
        (version, _) => Ok(version),
    }
}

#[inline(always)]
fn acknowledge_flags(input: &[u8], version: ProtocolVersion) -> Parsed<'_, bool> {
    let (rest, flags) = byte(input, Field::AcknowledgeFlags)?;
    match (flags, version) {
        (_, ProtocolVersion::V3_1) => Ok((rest, false)), // the byte is reserved and ignored
        (0 | 1, _) => Ok((rest, flags == 1)),
        _ => fail(input, DecodeErrorKind::ReservedAcknowledgeFlags, Field::AcknowledgeFlags), // MQTT-3.2.2-1
    }
}

#[inline(always)]
fn reason_code<'a>(
    input: &'a [u8],
    version: ProtocolVersion,
    options: &DecodeOptions,
) -> Parsed<'a, ConnAckReasonCode> {
    let (rest, value) = byte(input, Field::ReasonCode)?;
    if value == ConnAckReasonCode::SUCCESS.as_u8() {
        return Ok((rest, ConnAckReasonCode::SUCCESS)); // the usual code, and the same in every version
    }
    let code = if version.is_v3() {
        ReasonCode::from_connack_return_code(value)
    } else {
        match ConnAckReasonCode::from_u8(value) {
            None if options.allows(Leniency::ReasonCodesOfOtherPackets) => code_of_other_packet(value),
            code => code,
        }
    };
    match code {
        Some(code) => Ok((rest, code)),
        None => fail(input, DecodeErrorKind::InvalidReasonCode(value), Field::ReasonCode), // MQTT-3.2.2-8
    }
}

impl<B: Buffer> EncodeBody for ConnAck<B> {
    const PACKET_TYPE: PacketType = PacketType::ConnAck;

    #[inline]
    fn has_placeholders(&self) -> bool {
        self.properties.has_placeholders()
    }

    fn as_packet(&self) -> Packet<&[u8]> {
        self.as_borrowed().into()
    }

    #[inline]
    fn short_packet(&self) -> Option<ShortPacket> {
        let is_short =
            self.properties.is_empty() && self.reason_code() == ConnAckReasonCode::SUCCESS && !self.session_present();
        is_short.then(ShortPacket::accepted)
    }

    #[inline]
    fn body_len(&self, options: &EncodeOptions) -> Result<usize, Refusal> {
        if !options.version.is_v3() {
            return Ok(properties::encoded_len(self.properties.as_bytes()).plus(2));
        }
        let error = |field| Err(Refusal::NotInVersion(field));
        if !self.properties.is_empty() {
            return error(Field::Properties);
        }
        if self.reason_code().to_return_code().is_none() {
            return error(Field::ReasonCode);
        }
        if self.session_present() && options.version == ProtocolVersion::V3_1 {
            return error(Field::SessionPresent);
        }
        Ok(2)
    }

    #[inline(always)]
    fn first_bytes(&self, options: &EncodeOptions) -> Option<[u8; 2]> {
        let code = if options.version.is_v3() {
            self.reason_code().to_return_code().unwrap_or_default()
        } else {
            self.reason_code().as_u8()
        };
        Some([u8::from(self.session_present()), code])
    }

    #[inline]
    fn write_body<'p>(&'p self, options: &EncodeOptions, output: &mut impl Write<'p>) {
        if !options.version.is_v3() {
            output.put_properties(None, self.properties.iter());
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::DecodeErrorKind as Kind;
    use crate::testing::{Vector, refuses};
    use mqtt_types::ProtocolVersion::{V3_1, V3_1_1, V5};
    use mqtt_types::{ConnAck, ConnAckProperties, ConnAckReasonCode};

    #[test]
    fn vectors() {
        let properties = ConnAckProperties::new(&[0x24, 1, 0x12, 0, 2, b'i', b'd', 0x13, 0, 30]).unwrap();
        for vector in [
            Vector {
                version: V5,
                bytes: &[
                    &[0x20],
                    &[0], // Connect Acknowledge Flags
                    &[0], // Reason Code
                    &[0], // Property Length
                ],
                packet: ConnAck::accepted(false).into(),
            },
            Vector {
                version: V5,
                bytes: &[
                    &[0x20],
                    &[1], // Session Present
                    &[0],
                    &[10],
                    &[0x24, 1],                // Maximum QoS
                    &[0x12, 0, 2, b'i', b'd'], // Assigned Client Identifier
                    &[0x13, 0, 30],            // Server Keep Alive
                ],
                packet: ConnAck::accepted(true).with_properties(properties).into(),
            },
            Vector {
                version: V5,
                bytes: &[&[0x20], &[0], &[0x9F], &[0]],
                packet: ConnAck::refused(ConnAckReasonCode::CONNECTION_RATE_EXCEEDED).into(),
            },
            Vector { version: V3_1_1, bytes: &[&[0x20], &[1], &[0]], packet: ConnAck::accepted(true).into() },
            Vector {
                version: V3_1,
                bytes: &[&[0x20], &[0], &[5]],
                packet: ConnAck::refused(ConnAckReasonCode::NOT_AUTHORIZED).into(),
            },
        ] {
            vector.check();
        }
    }

    #[test]
    fn refuses_each_fault_at_its_byte() {
        for (version, bytes, kind, offset) in [
            (V5, &[&[0x20][..], &[2, 0, 0]][..], Kind::ReservedAcknowledgeFlags, 2),
            (V5, &[&[0x20], &[1, 0x80, 0]], Kind::SessionPresentWithFailure, 2),
            (V5, &[&[0x20], &[0, 0x01, 0]], Kind::InvalidReasonCode(1), 3),
            (V5, &[&[0x20], &[0, 0]], Kind::UnexpectedEnd, 4),
            (V5, &[&[0x20], &[0, 0x01]], Kind::ServerSpeaksVersion3, 4),
            (V3_1_1, &[&[0x20], &[0, 6]], Kind::InvalidReasonCode(6), 3),
            (V3_1_1, &[&[0x20], &[1, 5]], Kind::SessionPresentWithFailure, 2),
            (V3_1_1, &[&[0x20], &[0, 0, 0]], Kind::TrailingBytes, 4),
        ] {
            refuses(version, bytes, kind, offset);
        }
    }

    #[test]
    fn a_session_is_resumed_in_every_version() {
        use crate::Encode;
        for version in [V3_1, V3_1_1, V5] {
            for session_present in [false, true] {
                let mut output = [0; 5];
                let packet = ConnAck::<&[u8]>::accepted_in(version, session_present);
                assert!(packet.encode(version, &mut output).is_ok());
                assert_eq!(output[2], u8::from(session_present && version != V3_1));
            }
        }
        let error = ConnAck::<&[u8]>::accepted(true).encode(V3_1, &mut [0; 5]).unwrap_err();
        assert_eq!(error.to_string(), "CONNACK: MQTT 3.1 cannot express this Session Present [section 3.2]");
    }
}
