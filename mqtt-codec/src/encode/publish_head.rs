//! The head of a PUBLISH: everything in front of the payload.

use crate::encode::characters;
use crate::error::EncodeError;
use crate::options::EncodeOptions;
use crate::packet::publish;
use crate::wire::encode_body::{EncodeBody, buffer_too_small, packet_too_large};
#[cfg(feature = "bytes")]
use crate::wire::write::BufMutWriter;
use crate::wire::write::{SliceWriter, Write};
use mqtt_types::{Buffer, FixedHeader, PacketType, Publish, VariableByteInteger};

/// A packet of which only the head is to be written: the payload follows by other means.
struct Head<'p, B> {
    publish: &'p Publish<B>,
    payload_len: usize,
}

impl<'p, B: Buffer> Head<'p, B> {
    /// The fixed header of the whole packet, and how many bytes stand in front of the payload.
    fn measure(&self, options: &EncodeOptions) -> Result<(FixedHeader, usize), EncodeError> {
        let packet_type = PacketType::Publish;
        if options.refuse_discouraged_characters {
            characters::check(&self.publish.as_borrowed().into(), options)?;
        }
        let own_payload = self.publish.payload.as_ref().len();
        let head = self.publish.body_len(options)?.saturating_sub(own_payload);
        match VariableByteInteger::try_from(head.saturating_add(self.payload_len)) {
            Ok(remaining_length) => {
                let header = FixedHeader { packet_type, flags: self.publish.flags(), remaining_length };
                Ok((header, header.encoded_len().saturating_add(head)))
            }
            Err(_) => Err(packet_too_large(packet_type, options)),
        }
    }

    fn write(&self, header: &FixedHeader, options: &EncodeOptions, output: &mut impl Write<'p>) {
        output.put_fixed_header(header);
        publish::write_head(self.publish, options, output);
    }
}

/// How many bytes the head of a PUBLISH has.
#[cfg(feature = "bytes")]
pub(crate) fn publish_head_len<B: Buffer>(
    publish: &Publish<B>,
    payload_len: usize,
    options: EncodeOptions,
) -> Result<usize, EncodeError> {
    Head { publish, payload_len }.measure(&options).map(|(_, len)| len)
}

/// Writes the head of a PUBLISH, all in front of its payload, to the start of `output`, and tells how many bytes it has.
///
/// For a payload that is not at hand as a whole, or is not to be copied: `payload_len` bytes have to follow, in as many
/// pieces as you like. The payload in `publish` is not looked at.
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
/// As [`Encode::encode`](crate::Encode::encode). The output is as it was.
pub fn encode_publish_head<B: Buffer>(
    publish: &Publish<B>,
    payload_len: usize,
    options: impl Into<EncodeOptions>,
    output: &mut [u8],
) -> Result<usize, EncodeError> {
    let options = options.into();
    let head = Head { publish, payload_len };
    let (header, len) = head.measure(&options)?;
    let Some(room) = output.get_mut(..len) else {
        return Err(buffer_too_small(PacketType::Publish, &options, len));
    };
    head.write(&header, &options, &mut SliceWriter { free: room });
    Ok(len)
}

/// Appends the head of a PUBLISH, all in front of its payload, to `output`, and tells how many bytes it has. See
/// [`encode_publish_head`].
///
/// # Errors
///
/// As [`Encode::encode_to`](crate::Encode::encode_to). The output is as it was.
#[cfg(feature = "bytes")]
pub fn encode_publish_head_to<B: Buffer>(
    publish: &Publish<B>,
    payload_len: usize,
    options: impl Into<EncodeOptions>,
    output: &mut impl bytes::BufMut,
) -> Result<usize, EncodeError> {
    let options = options.into();
    let head = Head { publish, payload_len };
    let (header, len) = head.measure(&options)?;
    if output.remaining_mut() < len {
        return Err(buffer_too_small(PacketType::Publish, &options, len));
    }
    let mut writer = BufMutWriter::new(output);
    head.write(&header, &options, &mut writer);
    writer.flush();
    Ok(len)
}
