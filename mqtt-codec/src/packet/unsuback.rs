//! UNSUBACK: section 3.11.
//!
//! ```text
//! Packet Identifier · [Properties · one or more of: Reason Code]
//! ```
//!
//! 3.x has only the Packet Identifier.

use crate::error::{DecodeErrorKind, Field};
use crate::options::{DecodeOptions, EncodeOptions, Leniency};
use crate::packet::list::fail_reason_codes;
use crate::wire::encode_body::{EncodeBody, Refusal};
use crate::wire::length::Length as _;
use crate::wire::primitives::{ParseResult, expect_end, fail, packet_identifier};
use crate::wire::properties;
use crate::wire::write::Write;
use mqtt_types::{Buffer, Packet, PacketIdentifier, PacketType, ReasonCodes, UnsubAck, UnsubAckProperties};

#[inline(always)]
pub(crate) fn decode<'a>(body: &'a [u8], options: &DecodeOptions) -> ParseResult<'a, UnsubAck<&'a [u8]>> {
    let (rest, packet_identifier) = packet_identifier(body)?;
    let has_other_form = options.version.is_v3() != rest.is_empty();
    if has_other_form && options.allows(Leniency::UnsubAckOfOtherVersion) {
        return decode_other_form(packet_identifier, rest, options);
    }
    if options.version.is_v3() {
        expect_end(rest)?;
        return Ok(UnsubAck::new(packet_identifier, ReasonCodes::default()));
    }
    let (payload, properties) =
        properties::decode(rest, Field::Properties, options, UnsubAckProperties::new, |set| set.iter())?;
    let reason_codes = match ReasonCodes::new(payload) {
        Ok(codes) => codes,
        Err(error) => return fail_reason_codes(payload, error),
    };
    if reason_codes.is_empty() {
        return fail(payload, DecodeErrorKind::EmptyPayload, Field::ReasonCode); // section 3.11.3
    }
    Ok(UnsubAck { packet_identifier, properties, reason_codes })
}

/// Decodes what follows the Packet Identifier in a packet of 3.x in the format of 5.0, or of 5.0 in the format of 3.x.
#[cold]
#[inline(never)]
fn decode_other_form<'a>(
    packet_identifier: PacketIdentifier,
    rest: &'a [u8],
    options: &DecodeOptions,
) -> ParseResult<'a, UnsubAck<&'a [u8]>> {
    if rest.is_empty() {
        return Ok(UnsubAck::new(packet_identifier, ReasonCodes::default()));
    }
    let (payload, properties) =
        properties::decode(rest, Field::Properties, options, UnsubAckProperties::new, |set| set.iter())?;
    match ReasonCodes::new(payload) {
        Ok(reason_codes) => Ok(UnsubAck { packet_identifier, properties, reason_codes }),
        Err(error) => fail_reason_codes(payload, error),
    }
}

impl<B: Buffer> EncodeBody for UnsubAck<B> {
    const PACKET_TYPE: PacketType = PacketType::UnsubAck;

    fn as_packet(&self) -> Packet<&[u8]> {
        self.as_borrowed().into()
    }

    #[inline]
    fn body_len(&self, options: &EncodeOptions) -> Result<usize, Refusal> {
        let (codes, version) = (self.reason_codes.len(), options.version);
        // 5.0 has a Reason Code for each Topic Filter, 3.x has none.
        if !version.is_v3() && codes == 0 {
            return Err(Refusal::ReasonCodesMissing);
        }
        if version.is_v3() && codes != 0 {
            return Err(Refusal::NotInVersion(Field::ReasonCode));
        }
        let properties = self.properties.as_bytes();
        properties::check_version(properties, Field::Properties, version)?;
        Ok(codes.plus(2).plus(properties::encoded_len_in_version(properties, version)))
    }

    #[inline(always)]
    fn first_bytes(&self, _: &EncodeOptions) -> Option<[u8; 2]> {
        Some(self.packet_identifier.get().to_be_bytes())
    }

    #[inline]
    fn write_body<'p>(&'p self, options: &EncodeOptions, output: &mut impl Write<'p>) {
        if !options.version.is_v3() {
            properties::write(self.properties.as_bytes(), output);
            output.put_part(self.reason_codes.as_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::DecodeErrorKind as Kind;
    use crate::testing::{Vector, refuses};
    use mqtt_types::ProtocolVersion::{V3_1, V3_1_1, V5};
    use mqtt_types::{PacketIdentifier, ReasonCodes, UnsubAck, UnsubAckProperties};

    #[test]
    fn vectors() {
        let plain = UnsubAck::new(PacketIdentifier::new(10).unwrap(), ReasonCodes::default());
        let properties = UnsubAckProperties::new(&[0x1F, 0, 1, b'x']).unwrap();
        for vector in [
            Vector {
                version: V5,
                bytes: &[
                    &[0xB0],
                    &[0, 10],   // Packet Identifier
                    &[0],       // Property Length
                    &[0, 0x11], // Reason Codes
                ],
                packet: UnsubAck { reason_codes: ReasonCodes::new(&[0, 0x11]).unwrap(), ..plain }.into(),
            },
            Vector {
                version: V5,
                bytes: &[&[0xB0], &[0, 10], &[4], &[0x1F, 0, 1, b'x'], &[0x8F]],
                packet: UnsubAck { reason_codes: ReasonCodes::new(&[0x8F]).unwrap(), properties, ..plain }.into(),
            },
            Vector { version: V3_1_1, bytes: &[&[0xB0], &[0, 10]], packet: plain.into() },
            Vector { version: V3_1, bytes: &[&[0xB0], &[0, 10]], packet: plain.into() },
        ] {
            vector.check();
        }
    }

    #[test]
    fn refuses_each_fault_at_its_byte() {
        for (version, bytes, kind, offset) in [
            (V5, &[&[0xB0][..], &[0, 10, 0]][..], Kind::EmptyPayload, 5),
            (V5, &[&[0xB0], &[0, 10]], Kind::UnexpectedEnd, 4),
            (V5, &[&[0xB0], &[0, 10, 0, 2]], Kind::InvalidReasonCode(2), 5),
            (V3_1_1, &[&[0xB0], &[0, 10, 0]], Kind::TrailingBytes, 4),
        ] {
            refuses(version, bytes, kind, offset);
        }
    }
}
