//! Encoding of packets that have placeholders: values of properties that only a leniency accepts, and that are not encoded.
//!
//! All of this is kept out of line, and apart from the encoding of other packets, so that these pay for one test.

use crate::encode::characters;
use crate::error::EncodeError;
use crate::options::EncodeOptions;
use crate::wire::encode_body::{EncodeBody, buffer_too_small, packet_too_large};
use crate::wire::pieces::{PieceWriter, Pieces};
#[cfg(feature = "bytes")]
use crate::wire::write::BufMutWriter;
use crate::wire::write::{SliceWriter, Write};
use mqtt_types::{FixedHeader, PropertyIter, VariableByteInteger};

/// Output that leaves placeholders out.
pub(super) struct WithoutPlaceholders<'w, W>(pub(super) &'w mut W);

impl<'p, W: Write<'p>> Write<'p> for WithoutPlaceholders<'_, W> {
    fn put_by(&mut self, bytes: &[u8], copy: fn(&mut [u8], &[u8])) {
        self.0.put_by(bytes, copy);
    }

    fn put_part(&mut self, bytes: &'p [u8]) {
        self.0.put_part(bytes);
    }

    fn put_short_part(&mut self, bytes: &'p [u8]) {
        self.0.put_short_part(bytes);
    }

    fn put_properties(&mut self, mut properties: PropertyIter<'p>) {
        let mut parts = properties.clone();
        let parts = core::iter::from_fn(|| parts.next_with_bytes());
        let len = parts.fold(0_usize, |len, (_, bytes)| len.saturating_add(bytes.len()));
        if let Ok(length) = VariableByteInteger::try_from(len) {
            self.put_variable_byte_integer(length);
            while let Some((_, bytes)) = properties.next_with_bytes() {
                self.put_part(bytes);
            }
        }
    }
}

/// Output that counts bytes.
struct Count(usize);

impl Write<'_> for Count {
    fn put_by(&mut self, bytes: &[u8], _: fn(&mut [u8], &[u8])) {
        self.0 = self.0.saturating_add(bytes.len());
    }
}

/// Returns the length of the body, or why the packet cannot be encoded.
#[cold]
#[inline(never)]
pub(super) fn body_len(packet: &impl EncodeBody, options: &EncodeOptions) -> Result<usize, EncodeError> {
    packet.body_len(options)?; // only for its checks: it counts the placeholders
    let mut count = Count(0);
    packet.write_body(options, &mut WithoutPlaceholders(&mut count));
    Ok(count.0)
}

/// Returns the fixed header of a packet whose sender has been checked, or why it cannot be encoded.
#[cold]
#[inline(never)]
fn header<P: EncodeBody>(packet: &P, options: &EncodeOptions) -> Result<FixedHeader, EncodeError> {
    let packet_type = P::PACKET_TYPE;
    if options.refuses_discouraged_characters() {
        characters::check(&packet.as_packet(), options)?;
    }
    match VariableByteInteger::try_from(body_len(packet, options)?) {
        Ok(remaining_length) => Ok(FixedHeader { packet_type, flags: packet.flags(), remaining_length }),
        Err(_) => Err(packet_too_large(packet_type, options)),
    }
}

fn packet_len(header: &FixedHeader) -> usize {
    header.remaining_length.to_usize().saturating_add(header.encoded_len())
}

/// Writes the fixed header and the body, without placeholders.
fn write<'p, P: EncodeBody>(packet: &'p P, header: &FixedHeader, options: &EncodeOptions, output: &mut impl Write<'p>) {
    output.put_fixed_header(header);
    packet.write_body(options, &mut WithoutPlaceholders(output));
}

#[cold]
#[inline(never)]
pub(super) fn encoded_len(packet: &impl EncodeBody, options: EncodeOptions) -> Result<usize, EncodeError> {
    Ok(packet_len(&header(packet, &options)?))
}

#[cold]
#[inline(never)]
pub(super) fn encode<P: EncodeBody>(
    packet: &P,
    options: EncodeOptions,
    output: &mut [u8],
) -> Result<usize, EncodeError> {
    let header = header(packet, &options)?;
    let len = packet_len(&header);
    let Some(free) = output.get_mut(..len) else {
        return Err(buffer_too_small(P::PACKET_TYPE, &options, len));
    };
    write(packet, &header, &options, &mut SliceWriter { free });
    Ok(len)
}

#[cold]
#[inline(never)]
pub(super) fn encode_vectored<'p, P: EncodeBody>(
    packet: &'p P,
    options: EncodeOptions,
    scratch: &'p mut [u8],
) -> Result<Pieces<'p>, EncodeError> {
    let header = header(packet, &options)?;
    let mut writer = PieceWriter::new(scratch);
    write(packet, &header, &options, &mut writer);
    writer.finish().map_err(|needed| buffer_too_small(P::PACKET_TYPE, &options, needed))
}

#[cfg(feature = "bytes")]
#[cold]
#[inline(never)]
pub(super) fn encode_to<P: EncodeBody>(
    packet: &P,
    options: EncodeOptions,
    output: &mut impl bytes::BufMut,
) -> Result<usize, EncodeError> {
    let header = header(packet, &options)?;
    let len = packet_len(&header);
    if output.remaining_mut() < len {
        return Err(buffer_too_small(P::PACKET_TYPE, &options, len));
    }
    write(packet, &header, &options, &mut BufMutWriter::new(output));
    Ok(len)
}
