//! Encoding of packets that have placeholders: values of properties that only a leniency accepts, and that are not encoded.
//!
//! All of this is kept out of line, and apart from the encoding of other packets, so that these pay for one test.

use crate::encode::measure::{self, check, packet_len};
use crate::error::EncodeError;
use crate::options::EncodeOptions;
use crate::wire::encode_body::{EncodeBody, Refusal, buffer_too_small};
use crate::wire::pieces::{PieceWriter, Pieces};
#[cfg(feature = "bytes")]
use crate::wire::write::BufMutWriter;
use crate::wire::write::{SliceWriter, Write};
use mqtt_types::{PacketIdentifier, PropertyIter};

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

    fn put_properties(&mut self, identifier: Option<PacketIdentifier>, mut properties: PropertyIter<'p>) {
        let mut parts = properties.clone();
        let parts = core::iter::from_fn(|| parts.next_with_bytes());
        let len = parts.fold(0_usize, |len, (_, bytes)| len.saturating_add(bytes.len()));
        self.put_identifier_and_length(identifier, len);
        while let Some((_, bytes)) = properties.next_with_bytes() {
            self.put_part(bytes);
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
pub(super) fn body_len(packet: &impl EncodeBody, options: &EncodeOptions) -> Result<usize, Refusal> {
    packet.body_len(options)?; // only for its checks: it counts the placeholders
    let mut count = Count(packet.first_bytes(options).map_or(0, |bytes| bytes.len()));
    packet.write_body(options, &mut WithoutPlaceholders(&mut count));
    Ok(count.0)
}

/// Returns the Remaining Length and the length of the packet in bytes, or why it cannot be encoded.
#[cold]
#[inline(never)]
fn measure(packet: &impl EncodeBody, options: &EncodeOptions) -> Result<(usize, usize), Refusal> {
    check(packet, options)?;
    let body_len = body_len(packet, options)?;
    Ok((body_len, packet_len(body_len)?))
}

/// Writes the fixed header and the body, without placeholders.
fn write<'p, P: EncodeBody>(packet: &'p P, body_len: usize, options: &EncodeOptions, output: &mut impl Write<'p>) {
    measure::write(packet, body_len, options, &mut WithoutPlaceholders(output));
}

#[cold]
#[inline(never)]
pub(super) fn encoded_len<P: EncodeBody>(packet: &P, options: EncodeOptions) -> Result<usize, EncodeError> {
    match measure(packet, &options) {
        Ok((_, len)) => Ok(len),
        Err(refusal) => refusal.refuse(P::PACKET_TYPE, options),
    }
}

#[cold]
#[inline(never)]
pub(super) fn encode<P: EncodeBody>(
    packet: &P,
    options: EncodeOptions,
    output: &mut [u8],
) -> Result<usize, EncodeError> {
    let (body_len, len) = match measure(packet, &options) {
        Ok(measured) => measured,
        Err(refusal) => return refusal.refuse(P::PACKET_TYPE, options),
    };
    let Some(free) = output.get_mut(..len) else {
        return buffer_too_small(P::PACKET_TYPE, options.version, len);
    };
    write(packet, body_len, &options, &mut SliceWriter { free });
    Ok(len)
}

#[cold]
#[inline(never)]
pub(super) fn encode_vectored<'p, P: EncodeBody>(
    packet: &'p P,
    options: EncodeOptions,
    scratch: &'p mut [u8],
) -> Result<Pieces<'p>, EncodeError> {
    let (body_len, _) = match measure(packet, &options) {
        Ok(measured) => measured,
        Err(refusal) => return refusal.refuse(P::PACKET_TYPE, options),
    };
    let mut writer = PieceWriter::new(scratch);
    write(packet, body_len, &options, &mut writer);
    writer.finish().or_else(|needed| buffer_too_small(P::PACKET_TYPE, options.version, needed))
}

#[cfg(feature = "bytes")]
#[cold]
#[inline(never)]
pub(super) fn encode_to<P: EncodeBody>(
    packet: &P,
    options: EncodeOptions,
    output: &mut impl bytes::BufMut,
) -> Result<usize, EncodeError> {
    let (body_len, len) = match measure(packet, &options) {
        Ok(measured) => measured,
        Err(refusal) => return refusal.refuse(P::PACKET_TYPE, options),
    };
    if output.remaining_mut() < len {
        return buffer_too_small(P::PACKET_TYPE, options.version, len);
    }
    write(packet, body_len, &options, &mut BufMutWriter::new(output));
    Ok(len)
}
