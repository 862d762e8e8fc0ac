//! Encoding of the head of a PUBLISH: everything before the payload.

use crate::encode::characters;
use crate::encode::measure::write_start;
use crate::encode::placeholders::{self, WithoutPlaceholders};
use crate::error::EncodeError;
use crate::options::EncodeOptions;
use crate::packet::publish;
use crate::wire::encode_body::{EncodeBody, Refusal, buffer_too_small};
#[cfg(feature = "bytes")]
use crate::wire::write::BufMutWriter;
use crate::wire::write::{SliceWriter, Write};
use mqtt_types::{Buffer, FixedHeader, PacketType, Publish, VariableByteInteger};

/// A PUBLISH whose head alone is encoded.
struct Head<'p, B> {
    publish: &'p Publish<B>,
    payload_len: usize,
}

impl<'p, B: Buffer> Head<'p, B> {
    /// Returns the fixed header of the whole packet, and the length of the head in bytes.
    fn measure(&self, options: &EncodeOptions) -> Result<(FixedHeader, usize), Refusal> {
        if options.refuses_discouraged_characters() {
            characters::check(&self.publish.as_borrowed().into())?;
        }
        let own_payload = self.publish.payload.as_ref().len();
        let body_len = if self.publish.has_placeholders() {
            placeholders::body_len(self.publish, options)?
        } else {
            self.publish.body_len(options)?
        };
        let head = body_len.saturating_sub(own_payload);
        match VariableByteInteger::try_from(head.saturating_add(self.payload_len)) {
            Ok(remaining_length) => {
                let header =
                    FixedHeader { packet_type: PacketType::Publish, flags: self.publish.flags(), remaining_length };
                Ok((header, header.encoded_len().saturating_add(head)))
            }
            Err(_) => Err(Refusal::PacketTooLarge),
        }
    }

    /// Writes the head.
    fn write(&self, header: &FixedHeader, options: &EncodeOptions, output: &mut impl Write<'p>) {
        write_start(self.publish, header.remaining_length.to_usize(), options, output);
        if self.publish.has_placeholders() {
            publish::write_head(self.publish, options, &mut WithoutPlaceholders(output));
        } else {
            publish::write_head(self.publish, options, output);
        }
    }
}

/// Returns the length in bytes of the head of a PUBLISH.
#[cfg(feature = "bytes")]
pub(crate) fn publish_head_len<B: Buffer>(
    publish: &Publish<B>,
    payload_len: usize,
    options: EncodeOptions,
) -> Result<usize, EncodeError> {
    match (Head { publish, payload_len }).measure(&options) {
        Ok((_, len)) => Ok(len),
        Err(refusal) => refusal.refuse(PacketType::Publish, options),
    }
}

/// Encodes the head of a PUBLISH, everything before the payload, into the start of `output`. Returns its length in bytes.
///
/// Use this function for a payload that is not in memory as a whole, or that must not be copied. After the head, the
/// caller must send `payload_len` bytes of payload, in any number of pieces. The payload of `publish` is ignored.
///
/// ```
/// use mqtt_codec::{ProtocolVersion, Publish, TopicName, encode_publish_head};
///
/// let publish = Publish::new(TopicName::from_static("video"), b"");
/// let mut head = [0; 16];
/// let len = encode_publish_head(&publish, 200_000_000, ProtocolVersion::V3_1_1, &mut head)?;
/// assert_eq!(head[..len], [0x30, 0x87, 0x84, 0xAF, 0x5F, 0, 5, b'v', b'i', b'd', b'e', b'o']);
/// # Ok::<(), mqtt_codec::EncodeError>(())
/// ```
///
/// # Errors
///
/// The same as [`Encode::encode`](crate::Encode::encode). After an error the output is unchanged.
pub fn encode_publish_head<B: Buffer>(
    publish: &Publish<B>,
    payload_len: usize,
    options: impl Into<EncodeOptions>,
    output: &mut [u8],
) -> Result<usize, EncodeError> {
    let options = options.into();
    let head = Head { publish, payload_len };
    let (header, len) = match head.measure(&options) {
        Ok(measured) => measured,
        Err(refusal) => return refusal.refuse(PacketType::Publish, options),
    };
    let Some(room) = output.get_mut(..len) else {
        return buffer_too_small(PacketType::Publish, options.version, len);
    };
    head.write(&header, &options, &mut SliceWriter { free: room });
    Ok(len)
}

/// Appends the head of a PUBLISH, everything before the payload, to `output`. Returns its length in bytes. See
/// [`encode_publish_head`].
///
/// ```
/// use bytes::BytesMut;
/// use mqtt_codec::{ProtocolVersion, Publish, TopicName, encode_publish_head_to};
///
/// let publish = Publish::new(TopicName::from_static("a"), b"");
/// let mut output = BytesMut::new();
/// encode_publish_head_to(&publish, 5, ProtocolVersion::V3_1_1, &mut output)?;
/// output.extend_from_slice(b"he"); // the payload follows in pieces
/// output.extend_from_slice(b"llo");
/// assert_eq!(output, &b"\x30\x08\0\x01ahello"[..]);
/// # Ok::<(), mqtt_codec::EncodeError>(())
/// ```
///
/// # Errors
///
/// The same as [`Encode::encode_to`](crate::Encode::encode_to). After an error the output is unchanged.
#[cfg(feature = "bytes")]
pub fn encode_publish_head_to<B: Buffer>(
    publish: &Publish<B>,
    payload_len: usize,
    options: impl Into<EncodeOptions>,
    output: &mut impl bytes::BufMut,
) -> Result<usize, EncodeError> {
    let options = options.into();
    let head = Head { publish, payload_len };
    let (header, len) = match head.measure(&options) {
        Ok(measured) => measured,
        Err(refusal) => return refusal.refuse(PacketType::Publish, options),
    };
    if output.remaining_mut() < len {
        return buffer_too_small(PacketType::Publish, options.version, len);
    }
    head.write(&header, &options, &mut BufMutWriter::new(output));
    Ok(len)
}
