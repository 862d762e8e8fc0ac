//! Shared implementation of PUBACK, PUBREC, PUBREL and PUBCOMP. They differ only in their names, Reason Codes and properties.
//!
//! ```text
//! Packet Identifier · [Reason Code · [Properties]]
//! ```
//!
//! 3.x has only the Packet Identifier. In 5.0 the Property Length may be omitted if there are no properties, and the Reason
//! Code as well if it is also Success. Encoding always writes the shortest format.

use crate::error::{DecodeErrorKind, Field};
use crate::options::{DecodeOptions, EncodeOptions, Leniency};
use crate::wire::encode_body::Refusal;
use crate::wire::length::Length as _;
use crate::wire::primitives::{ParseResult, Parsed, byte, expect_end, fail, packet_identifier};
use crate::wire::properties;
use crate::wire::write::Write;
use mqtt_types::{PacketIdentifier, PacketReasonCode, PacketType, PropertyError, PropertyIter, ReasonCode, Sender};

/// Packet type with the layout of an acknowledgement.
pub(crate) trait Acknowledgement<'a>: Sized {
    type ReasonCode: PacketReasonCode + Default;
    type Properties: Copy + Default;

    fn properties(bytes: &'a [u8]) -> Result<Self::Properties, PropertyError>;
    fn iter(properties: Self::Properties) -> PropertyIter<'a>;
    fn new(identifier: PacketIdentifier, reason_code: Self::ReasonCode, properties: Self::Properties) -> Self;
}

/// Decodes the shortest format, a Packet Identifier with the Reason Code Success. Returns `None` for any other body.
///
/// A short cut: almost every acknowledgement has this format.
#[inline(always)]
pub(crate) fn decode_short<'a, A: Acknowledgement<'a>>(body: &'a [u8]) -> Option<A> {
    let packet_identifier = PacketIdentifier::new(u16::from_be_bytes(body.try_into().ok()?))?;
    Some(A::new(packet_identifier, A::ReasonCode::default(), A::Properties::default()))
}

#[inline(always)]
pub(crate) fn decode<'a, A: Acknowledgement<'a>>(body: &'a [u8], options: &DecodeOptions) -> ParseResult<'a, A> {
    let (rest, packet_identifier) = packet_identifier(body)?;
    // The caller tries `decode_short` first. This function does not rely on it.
    if options.version.is_v3() || rest.is_empty() {
        expect_end(rest)?;
        return Ok(A::new(packet_identifier, A::ReasonCode::default(), A::Properties::default()));
    }
    let (rest, reason_code) = reason_code(rest, options)?;
    let (rest, properties) = if rest.is_empty() {
        (rest, A::Properties::default())
    } else {
        properties::decode(rest, Field::Properties, options, A::properties, A::iter)?
    };
    expect_end(rest)?;
    Ok(A::new(packet_identifier, reason_code, properties))
}

/// Parses a Reason Code of the packet type.
#[inline]
pub(crate) fn reason_code<'a, C: PacketReasonCode>(input: &'a [u8], options: &DecodeOptions) -> Parsed<'a, C> {
    let (rest, value) = byte(input, Field::ReasonCode)?;
    let code = match C::from_u8(value) {
        None if options.allows(Leniency::ReasonCodesOfOtherPackets) => code_of_other_packet(value),
        code => code,
    };
    match code {
        Some(code) => Ok((rest, code)),
        None => fail(input, DecodeErrorKind::InvalidReasonCode(value), Field::ReasonCode),
    }
}

/// Takes a Reason Code that only other packets have for Unspecified error, if it means failure.
///
/// The packet must have Unspecified error. PUBREL, PUBCOMP and AUTH have no code that says only that something failed.
#[cold]
#[inline(never)]
pub(crate) fn code_of_other_packet<C: PacketReasonCode>(value: u8) -> Option<C> {
    let is_failure = ReasonCode::from_u8(value).is_some_and(ReasonCode::is_error);
    if is_failure { C::from_u8(ReasonCode::UNSPECIFIED_ERROR.as_u8()) } else { None }
}

#[inline]
pub(crate) fn body_len(
    packet_type: PacketType,
    reason_code: ReasonCode,
    properties: &[u8],
    options: &EncodeOptions,
) -> Result<usize, Refusal> {
    if options.version.is_v3() {
        return match (properties, reason_code) {
            ([], ReasonCode::SUCCESS) => Ok(2),
            ([], _) => Err(Refusal::NotInVersion(Field::ReasonCode)),
            _ => Err(Refusal::NotInVersion(Field::Properties)),
        };
    }
    check_reason_code(packet_type, reason_code, options)?;
    Ok(short_len(reason_code, properties).plus(2))
}

/// Returns an error if the sender may not send the Reason Code. The type of the code ensures that the packet type has it.
#[inline]
pub(crate) fn check_reason_code(
    packet_type: PacketType,
    reason_code: ReasonCode,
    options: &EncodeOptions,
) -> Result<(), Refusal> {
    if options.sender != Sender::Either && !reason_code.is_allowed_in(packet_type, options.sender) {
        return Err(Refusal::NotFromSender(Field::ReasonCode));
    }
    Ok(())
}

/// Returns the length of Reason Code and properties in the shortest format. It is 0 for Success without properties.
#[inline]
pub(crate) fn short_len(reason_code: ReasonCode, properties: &[u8]) -> usize {
    match (properties, reason_code) {
        ([], ReasonCode::SUCCESS) => 0,
        ([], _) => 1,
        _ => properties::encoded_len(properties).plus(1),
    }
}

/// Writes Reason Code and properties in the shortest format.
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
            fn short_packet(&self) -> Option<crate::wire::encode_body::ShortPacket> {
                use crate::wire::encode_body::ShortPacket;
                let is_short = self.properties.is_empty() && self.reason_code.get() == mqtt_types::ReasonCode::SUCCESS;
                is_short.then(|| ShortPacket::with_identifier(Self::PACKET_TYPE, self.packet_identifier))
            }

            #[inline]
            fn body_len(
                &self,
                options: &crate::options::EncodeOptions,
            ) -> Result<usize, crate::wire::encode_body::Refusal> {
                let properties = self.properties.as_bytes();
                crate::packet::acknowledgement::body_len(Self::PACKET_TYPE, self.reason_code.get(), properties, options)
            }

            #[inline(always)]
            fn first_bytes(&self, _: &crate::options::EncodeOptions) -> Option<[u8; 2]> {
                Some(self.packet_identifier.get().to_be_bytes())
            }

            #[inline]
            fn write_body<'p>(
                &'p self,
                _: &crate::options::EncodeOptions,
                output: &mut impl crate::wire::write::Write<'p>,
            ) {
                // Writes nothing in 3.x: `body_len` returns an error for everything but Success without properties.
                crate::packet::acknowledgement::write_short(self.reason_code.get(), self.properties.as_bytes(), output);
            }
        }
    };
}
pub(crate) use acknowledgement;
