//! What PUBACK, PUBREC, PUBREL and PUBCOMP have in common: all but the name and the table of Reason Codes.
//!
//! ```text
//! Packet Identifier · [Reason Code · [Properties]]
//! ```
//!
//! 3.x has the Packet Identifier only. 5.0 may leave out the Property Length if there are no properties, and the Reason
//! Code too if it is success; that is what is written.

use crate::error::{DecodeErrorKind, EncodeError, Field};
use crate::options::{DecodeOptions, EncodeOptions};
use crate::wire::encode_body::{not_from_sender, not_in_version};
use crate::wire::primitives::{ParseResult, Parsed, byte, expect_end, fail, packet_identifier};
use crate::wire::properties;
use crate::wire::write::Write;
use mqtt_types::{PacketIdentifier, PacketReasonCode, PacketType, PropertyError, PropertyIter, ReasonCode, Sender};

/// One of the four packets, as the shared implementation sees it.
pub(crate) trait Acknowledgement<'a>: Sized {
    type ReasonCode: PacketReasonCode + Default;
    type Properties: Copy + Default;

    fn properties(bytes: &'a [u8]) -> Result<Self::Properties, PropertyError>;
    fn iter(properties: Self::Properties) -> PropertyIter<'a>;
    fn new(identifier: PacketIdentifier, reason_code: Self::ReasonCode, properties: Self::Properties) -> Self;
}

/// Almost every acknowledgement is two bytes, which say that all is well.
#[inline(always)]
pub(crate) fn decode_short<'a, A: Acknowledgement<'a>>(body: &'a [u8]) -> Option<A> {
    let packet_identifier = PacketIdentifier::new(u16::from_be_bytes(body.try_into().ok()?))?;
    Some(A::new(packet_identifier, A::ReasonCode::default(), A::Properties::default()))
}

#[inline(always)]
pub(crate) fn decode<'a, A: Acknowledgement<'a>>(body: &'a [u8], options: &DecodeOptions) -> ParseResult<'a, A> {
    let (rest, packet_identifier) = packet_identifier(body)?;
    // (Two bytes have been decoded by `decode_short` already. This does not depend on it.)
    if options.version.is_v3() || rest.is_empty() {
        expect_end(rest)?;
        return Ok(A::new(packet_identifier, A::ReasonCode::default(), A::Properties::default()));
    }
    let (rest, reason_code) = reason_code(rest)?;
    let (rest, properties) = if rest.is_empty() {
        (rest, A::Properties::default())
    } else {
        properties::decode(rest, Field::Properties, options, A::properties, A::iter)?
    };
    expect_end(rest)?;
    Ok(A::new(packet_identifier, reason_code, properties))
}

/// A Reason Code of the packet's own table.
#[inline]
pub(crate) fn reason_code<C: PacketReasonCode>(input: &[u8]) -> Parsed<'_, C> {
    let (rest, value) = byte(input, Field::ReasonCode)?;
    match C::from_u8(value) {
        Some(code) => Ok((rest, code)),
        None => fail(input, DecodeErrorKind::InvalidReasonCode(value), Field::ReasonCode),
    }
}

#[inline]
pub(crate) fn body_len(
    packet_type: PacketType,
    reason_code: ReasonCode,
    properties: &[u8],
    options: &EncodeOptions,
) -> Result<usize, EncodeError> {
    if options.version.is_v3() {
        return match (properties, reason_code) {
            ([], ReasonCode::SUCCESS) => Ok(2),
            ([], _) => Err(not_in_version(packet_type, options.version, Field::ReasonCode)),
            _ => Err(not_in_version(packet_type, options.version, Field::Properties)),
        };
    }
    check_reason_code(packet_type, reason_code, options)?;
    Ok(short_len(reason_code, properties).saturating_add(2))
}

/// The "sent by" columns of the Reason Codes. That it is in the packet's table, its type says.
#[inline]
pub(crate) fn check_reason_code(
    packet_type: PacketType,
    reason_code: ReasonCode,
    options: &EncodeOptions,
) -> Result<(), EncodeError> {
    if options.sender != Sender::Either && !reason_code.is_allowed_in(packet_type, options.sender) {
        return Err(not_from_sender(packet_type, options, Field::ReasonCode));
    }
    Ok(())
}

/// How many bytes Reason Code and properties take in their canonical short form: none if there is nothing to say.
#[inline]
pub(crate) fn short_len(reason_code: ReasonCode, properties: &[u8]) -> usize {
    match (properties, reason_code) {
        ([], ReasonCode::SUCCESS) => 0,
        ([], _) => 1,
        _ => properties::encoded_len(properties).saturating_add(1),
    }
}

/// Writes Reason Code and properties in their canonical short form.
#[inline]
pub(crate) fn write_short<'p>(reason_code: ReasonCode, properties: &'p [u8], output: &mut impl Write<'p>) {
    if !properties.is_empty() {
        output.put_byte(reason_code.as_u8());
        properties::write(properties, output);
    } else if reason_code != ReasonCode::SUCCESS {
        output.put_byte(reason_code.as_u8());
    }
}

macro_rules! acknowledgement {
    ($name:ident, $properties:ident, $reason_code:ident) => {
        impl<'a> crate::packet::acknowledgement::Acknowledgement<'a> for mqtt_types::$name<&'a [u8]> {
            type ReasonCode = mqtt_types::$reason_code;
            type Properties = mqtt_types::$properties<&'a [u8]>;

            #[inline]
            fn properties(bytes: &'a [u8]) -> Result<Self::Properties, mqtt_types::PropertyError> {
                mqtt_types::$properties::new(bytes)
            }

            fn iter(properties: Self::Properties) -> mqtt_types::PropertyIter<'a> {
                properties.iter()
            }

            #[inline]
            fn new(
                packet_identifier: mqtt_types::PacketIdentifier,
                reason_code: Self::ReasonCode,
                properties: Self::Properties,
            ) -> Self {
                Self { packet_identifier, reason_code, properties }
            }
        }

        impl<B: mqtt_types::Buffer> crate::wire::encode_body::EncodeBody for mqtt_types::$name<B> {
            const PACKET_TYPE: mqtt_types::PacketType = mqtt_types::PacketType::$name;

            fn as_packet(&self) -> mqtt_types::Packet<&[u8]> {
                self.as_borrowed().into()
            }

            #[inline]
            fn body_len(&self, options: &crate::options::EncodeOptions) -> Result<usize, crate::error::EncodeError> {
                let properties = self.properties.as_bytes();
                crate::packet::acknowledgement::body_len(Self::PACKET_TYPE, self.reason_code.get(), properties, options)
            }

            #[inline]
            fn write_body<'p>(
                &'p self,
                _: &crate::options::EncodeOptions,
                output: &mut impl crate::wire::write::Write<'p>,
            ) {
                output.put_two_byte_integer(self.packet_identifier.get());
                // In 3.x there is nothing to say, or it has been refused.
                crate::packet::acknowledgement::write_short(self.reason_code.get(), self.properties.as_bytes(), output);
            }
        }
    };
}
pub(crate) use acknowledgement;
