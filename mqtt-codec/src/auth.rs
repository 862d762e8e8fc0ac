//! AUTH: section 3.15.
//!
//! ```text
//! [Reason Code · [Properties]]
//! ```
//!
//! The form allows to leave out both, but there must be an Authentication Method: so an AUTH that does is a Protocol
//! Error, and none is ever written.

use crate::acknowledgement::reason_code;
use crate::decode::DecodeOptions;
use crate::encode::{EncodeBody, EncodeOptions, Write, not_from_sender, not_in_version};
use crate::primitives::{Fault, Parsed, all_of, fail};
use crate::{DecodeErrorKind, EncodeError, Field, properties};
use mqtt_types::{Auth, AuthProperties, Buffer, PacketType, PropertyIdentifier};

pub(crate) fn decode<'a>(body: &'a [u8], options: &DecodeOptions) -> Result<Auth<&'a [u8]>, Fault<'a>> {
    all_of(body, |input| auth(input, options))
}

fn auth<'a>(input: &'a [u8], options: &DecodeOptions) -> Parsed<'a, Auth<&'a [u8]>> {
    let missing = Field::Property(PropertyIdentifier::AuthenticationMethod);
    if input.is_empty() {
        return fail(input, DecodeErrorKind::AuthenticationMethodMissing, missing);
    }
    let (rest, reason_code) = reason_code(input)?;
    if rest.is_empty() {
        return fail(rest, DecodeErrorKind::AuthenticationMethodMissing, missing);
    }
    let (rest, properties) =
        properties::decode(rest, Field::Properties, options, AuthProperties::new, |set| set.iter())?;
    Ok((rest, Auth { reason_code, properties }))
}

impl<B: Buffer> EncodeBody for Auth<B> {
    const PACKET_TYPE: PacketType = PacketType::Auth;

    fn body_len(&self, options: &EncodeOptions) -> Result<usize, EncodeError> {
        if options.version.is_v3() {
            return Err(not_in_version(Self::PACKET_TYPE, options.version, Field::PacketType));
        }
        if !self.reason_code.get().is_allowed_in(PacketType::Auth, options.sender) {
            return Err(not_from_sender(Self::PACKET_TYPE, options.sender, Field::ReasonCode));
        }
        Ok(properties::encoded_len(self.properties.as_bytes()).saturating_add(1))
    }

    fn write_body(&self, _: &EncodeOptions, output: &mut impl Write) {
        output.put_byte(self.reason_code.as_u8());
        properties::write(self.properties.as_bytes(), output);
    }
}
