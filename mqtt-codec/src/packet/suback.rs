//! SUBACK: section 3.9.
//!
//! ```text
//! Packet Identifier · [Properties] · one or more of: Reason Code
//! ```

use crate::error::{DecodeErrorKind, Field};
use crate::options::{DecodeOptions, EncodeOptions, Leniency};
use crate::packet::list::fail_reason_codes;
use crate::wire::encode_body::{EncodeBody, Refusal};
use crate::wire::length::Length as _;
use crate::wire::primitives::{Fault, ParseResult, fail, packet_identifier};
use crate::wire::properties;
use crate::wire::write::Write;
use mqtt_types::{
    Buffer, Packet, PacketIdentifier, PacketType, ProtocolVersion, ReasonCodes, SubAck, SubAckProperties,
    SubAckReasonCode,
};

#[inline(always)]
pub(crate) fn decode<'a>(body: &'a [u8], options: &DecodeOptions) -> ParseResult<'a, SubAck<&'a [u8]>> {
    let (rest, packet_identifier) = packet_identifier(body)?;
    match after_identifier(rest, packet_identifier, options) {
        Ok(suback) => Ok(suback),
        // The option is tested first, because the compiler would test the version for every packet.
        Err(error) if !options.allows(Leniency::SubAckWithoutPropertyLength) || options.version.is_v3() => Err(error),
        Err(error) => without_property_length(rest, packet_identifier, error),
    }
}

#[inline(always)]
fn after_identifier<'a>(
    rest: &'a [u8],
    packet_identifier: PacketIdentifier,
    options: &DecodeOptions,
) -> ParseResult<'a, SubAck<&'a [u8]>> {
    let (payload, properties) =
        properties::decode_in_version(rest, Field::Properties, options, SubAckProperties::new, |set| set.iter())?;
    let codes = match ReasonCodes::new_in_version(payload, options.version) {
        Ok(codes) => codes,
        Err(error) => return fail_reason_codes(payload, error), // 3.1.1: MQTT-3.9.3-2
    };
    match SubAck::new(packet_identifier, codes) {
        Ok(mut suback) => {
            suback.properties = properties;
            Ok(suback)
        }
        Err(_) => fail(payload, DecodeErrorKind::EmptyPayload, Field::ReasonCode), // section 3.9.3
    }
}

/// Reads a packet of 5.0 that broke a rule again in the format of 3.1.1.
#[cold]
#[inline(never)]
fn without_property_length<'a>(
    rest: &'a [u8],
    packet_identifier: PacketIdentifier,
    error: nom::Err<Fault<'a>>,
) -> ParseResult<'a, SubAck<&'a [u8]>> {
    match ReasonCodes::new_in_version(rest, ProtocolVersion::V3_1_1).map(|codes| SubAck::new(packet_identifier, codes))
    {
        Ok(Ok(suback)) => Ok(suback),
        _ => Err(error),
    }
}

impl<B: Buffer> EncodeBody for SubAck<B> {
    const PACKET_TYPE: PacketType = PacketType::SubAck;

    fn as_packet(&self) -> Packet<&[u8]> {
        self.as_borrowed().into()
    }

    #[inline]
    fn body_len(&self, options: &EncodeOptions) -> Result<usize, Refusal> {
        let (codes, version) = (self.reason_codes(), options.version);
        let properties = self.properties.as_bytes();
        properties::check_version(properties, Field::Properties, version)?;
        // 3.1 has no code for a failure. Servers send 0x80 nevertheless, so it is decoded. It is never encoded.
        let has_failure = || codes.iter().any(SubAckReasonCode::is_error);
        if version.is_v3() && (!codes.exists_in(version) || (version == ProtocolVersion::V3_1 && has_failure())) {
            return Err(Refusal::NotInVersion(Field::ReasonCode));
        }
        Ok(codes.len().plus(2).plus(properties::encoded_len_in_version(properties, version)))
    }

    #[inline(always)]
    fn first_bytes(&self, _: &EncodeOptions) -> Option<[u8; 2]> {
        Some(self.packet_identifier.get().to_be_bytes())
    }

    #[inline]
    fn write_body<'p>(&'p self, options: &EncodeOptions, output: &mut impl Write<'p>) {
        properties::write_in_version(self.properties.as_bytes(), options.version, output);
        output.put_part(self.reason_codes().as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use crate::DecodeErrorKind as Kind;
    use crate::testing::{Vector, refuses};
    use mqtt_types::ProtocolVersion::{V3_1, V3_1_1, V5};
    use mqtt_types::{PacketIdentifier, ReasonCodes, SubAck, SubAckProperties};

    #[test]
    fn vectors() {
        let ten = PacketIdentifier::new(10).unwrap();
        let suback = |codes: &'static [u8]| SubAck::new(ten, ReasonCodes::new(codes).unwrap()).unwrap();
        let mut explained = suback(&[0x02, 0x9E]);
        explained.properties = SubAckProperties::new(&[0x1F, 0, 1, b'x']).unwrap();
        for vector in [
            Vector {
                version: V5,
                bytes: &[
                    &[0x90],
                    &[0, 10],   // Packet Identifier
                    &[0],       // Property Length
                    &[1, 0x87], // Reason Codes
                ],
                packet: suback(&[1, 0x87]).into(),
            },
            Vector {
                version: V5,
                bytes: &[&[0x90], &[0, 10], &[4], &[0x1F, 0, 1, b'x'], &[0x02, 0x9E]],
                packet: explained.into(),
            },
            Vector { version: V3_1_1, bytes: &[&[0x90], &[0, 10], &[1, 0x80]], packet: suback(&[1, 0x80]).into() },
            Vector { version: V3_1, bytes: &[&[0x90], &[0, 10], &[2, 0]], packet: suback(&[2, 0]).into() },
        ] {
            vector.check();
        }
    }

    #[test]
    fn refuses_each_fault_at_its_byte() {
        for (version, bytes, kind, offset) in [
            (V5, &[&[0x90][..], &[0, 10, 0]][..], Kind::EmptyPayload, 5),
            (V5, &[&[0x90], &[0, 10, 0, 0, 3]], Kind::InvalidReasonCode(3), 6),
            (V5, &[&[0x90], &[0, 0, 0, 0]], Kind::PacketIdentifierZero, 2),
            (V3_1_1, &[&[0x90], &[0, 10]], Kind::EmptyPayload, 4),
            (V3_1_1, &[&[0x90], &[0, 10, 0, 0x87]], Kind::InvalidReasonCode(0x87), 5),
            (V3_1_1, &[&[0x90], &[0, 10, 0x87, 0x26]], Kind::InvalidReasonCode(0x87), 4), // the first of two faults
        ] {
            refuses(version, bytes, kind, offset);
        }
    }

    #[test]
    fn a_failure_is_read_and_never_written_in_3_1() {
        let (packet, _) = crate::decode(&[0x90, 3, 0, 10, 0x80], V3_1).unwrap().complete().unwrap();
        let error = crate::Encode::encoded_len(&packet, V3_1).unwrap_err();
        assert_eq!(error.kind(), crate::EncodeErrorKind::NotInVersion(V3_1));
    }
}
