//! What all ways of encoding share: the checks of a packet, its length, and its bytes.

use crate::encode::characters;
use crate::error::Field;
use crate::options::EncodeOptions;
use crate::wire::encode_body::{EncodeBody, Refusal};
use crate::wire::length::Length as _;
use crate::wire::write::Write;
use mqtt_types::{PacketType, VariableByteInteger};

/// Returns an error if the sender may not send packets of this type.
#[inline(always)]
pub(crate) fn check_sender(packet_type: PacketType, options: &EncodeOptions) -> Result<(), Refusal> {
    if packet_type.sender(options.version).may_be(options.sender) {
        Ok(())
    } else {
        Err(Refusal::NotFromSender(Field::PacketType))
    }
}

/// Returns an error if the sender may not send the packet, or if the options refuse one of its characters.
#[inline(always)]
pub(crate) fn check<P: EncodeBody>(packet: &P, options: &EncodeOptions) -> Result<(), Refusal> {
    check_sender(P::PACKET_TYPE, options)?;
    if options.refuses_discouraged_characters() { characters::check(&packet.as_packet()) } else { Ok(()) }
}

/// Returns the length of a packet in bytes, fixed header included.
#[inline(always)]
pub(crate) fn packet_len(body_len: usize) -> Result<usize, Refusal> {
    if body_len <= 0x7F {
        return Ok(body_len.plus(2)); // the usual case: the Remaining Length has one byte
    }
    match VariableByteInteger::try_from(body_len) {
        Ok(remaining_length) => Ok(body_len.plus(remaining_length.encoded_len()).plus(1)),
        Err(_) => Err(Refusal::PacketTooLarge),
    }
}

/// Returns the Remaining Length and the length of a packet in bytes, or why it cannot be encoded.
#[inline(always)]
pub(crate) fn measure<P: EncodeBody>(packet: &P, options: &EncodeOptions) -> Result<(usize, usize), Refusal> {
    check(packet, options)?;
    let body_len = packet.body_len(options)?;
    Ok((body_len, packet_len(body_len)?))
}

/// Writes the fixed header and the body.
#[inline]
pub(crate) fn write<'p, P: EncodeBody>(
    packet: &'p P,
    body_len: usize,
    options: &EncodeOptions,
    output: &mut impl Write<'p>,
) {
    write_start(packet, body_len, options, output);
    packet.write_body(options, output);
}

/// Writes the fixed header and the first bytes of the body.
#[inline(always)]
pub(crate) fn write_start<'p, P: EncodeBody>(
    packet: &P,
    body_len: usize,
    options: &EncodeOptions,
    output: &mut impl Write<'p>,
) {
    let first = P::PACKET_TYPE.as_u8() << 4 | packet.flags().bits();
    match packet.first_bytes(options) {
        Some(bytes) => output.put_fixed_header_and(first, body_len, bytes),
        None => output.put_fixed_header(first, body_len),
    }
}
