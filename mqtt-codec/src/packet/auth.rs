//! AUTH: section 3.15.
//!
//! ```text
//! [Reason Code · [Properties]]
//! ```
//!
//! The layout allows both to be omitted. An Authentication Method is required, however, so an AUTH without them is a Protocol
//! Error and is never written.

use crate::error::{DecodeErrorKind, Field};
use crate::options::{DecodeOptions, EncodeOptions};
use crate::packet::acknowledgement::{check_reason_code, reason_code};
use crate::wire::encode_body::{EncodeBody, Refusal};
use crate::wire::length::Length as _;
use crate::wire::primitives::{ParseResult, expect_end, fail};
use crate::wire::properties;
use crate::wire::write::Write;
use mqtt_types::{Auth, AuthProperties, Buffer, Packet, PacketType, PropertyIdentifier};

#[inline(always)]
pub(crate) fn decode<'a>(body: &'a [u8], options: &DecodeOptions) -> ParseResult<'a, Auth<&'a [u8]>> {
    let missing = Field::Property(PropertyIdentifier::AuthenticationMethod);
    if body.is_empty() {
        return fail(body, DecodeErrorKind::AuthenticationMethodMissing, missing);
    }
    let (rest, reason_code) = reason_code(body, options)?;
    if rest.is_empty() {
        return fail(rest, DecodeErrorKind::AuthenticationMethodMissing, missing);
    }
    let (rest, properties) =
        properties::decode(rest, Field::Properties, options, AuthProperties::new, |set| set.iter())?;
    expect_end(rest)?;
    Ok(Auth { reason_code, properties })
}

impl<B: Buffer> EncodeBody for Auth<B> {
    const PACKET_TYPE: PacketType = PacketType::Auth;

    fn as_packet(&self) -> Packet<&[u8]> {
        self.as_borrowed().into()
    }

    #[inline]
    fn body_len(&self, options: &EncodeOptions) -> Result<usize, Refusal> {
        if options.version.is_v3() {
            return Err(Refusal::NotInVersion(Field::PacketType));
        }
        check_reason_code(Self::PACKET_TYPE, self.reason_code.get(), options)?;
        Ok(properties::encoded_len(self.properties.as_bytes()).plus(1))
    }

    #[inline]
    fn write_body<'p>(&'p self, _: &EncodeOptions, output: &mut impl Write<'p>) {
        output.put_byte(self.reason_code.as_u8());
        properties::write(self.properties.as_bytes(), output);
    }
}

#[cfg(test)]
mod tests {
    use crate::DecodeErrorKind as Kind;
    use crate::testing::{Vector, refuses};
    use mqtt_types::ProtocolVersion::{V3_1_1, V5};
    use mqtt_types::{Auth, AuthProperties, AuthReasonCode};

    #[test]
    fn vectors() {
        let method = AuthProperties::new(&[0x15, 0, 1, b'M']).unwrap();
        let data = AuthProperties::new(&[0x16, 0, 1, 0xFF, 0x15, 0, 1, b'M']).unwrap();
        for vector in [
            Vector {
                version: V5,
                bytes: &[
                    &[0xF0],
                    &[0x18],             // Reason Code
                    &[4],                // Property Length
                    &[0x15, 0, 1, b'M'], // Authentication Method
                ],
                packet: Auth { reason_code: AuthReasonCode::CONTINUE_AUTHENTICATION, properties: method }.into(),
            },
            Vector {
                version: V5,
                bytes: &[&[0xF0], &[0], &[8], &[0x16, 0, 1, 0xFF], &[0x15, 0, 1, b'M']],
                packet: Auth { reason_code: AuthReasonCode::SUCCESS, properties: data }.into(),
            },
        ] {
            vector.check();
        }
    }

    #[test]
    fn refuses_each_fault_at_its_byte() {
        for (version, bytes, kind, offset) in [
            (V5, &[&[0xF0][..]][..], Kind::AuthenticationMethodMissing, 2),
            (V5, &[&[0xF0], &[0x18]], Kind::AuthenticationMethodMissing, 3),
            (V5, &[&[0xF0], &[0x18, 0]], Kind::AuthenticationMethodMissing, 4),
            (V5, &[&[0xF0], &[0x80, 4, 0x15, 0, 1, b'M']], Kind::InvalidReasonCode(0x80), 2),
            (V5, &[&[0xF1], &[0x18, 4, 0x15, 0, 1, b'M']], Kind::InvalidFlags, 0),
            (V3_1_1, &[&[0xF0], &[0x18, 4, 0x15, 0, 1, b'M']], Kind::ReservedPacketType, 0),
        ] {
            refuses(version, bytes, kind, offset);
        }
    }
}
