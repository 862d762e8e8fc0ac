//! From a packet to bytes: the entry points.

mod characters;
mod publish_head;

use crate::error::EncodeError;
use crate::error::Field;
use crate::options::EncodeOptions;
use crate::wire::encode_body::{EncodeBody, buffer_too_small, not_from_sender, packet_too_large};
#[cfg(feature = "bytes")]
use crate::wire::write::BufMutWriter;
use crate::wire::write::{SliceWriter, Write};
use mqtt_types::{Buffer, FixedHeader, Packet, VariableByteInteger};
pub use publish_head::encode_publish_head;
#[cfg(feature = "bytes")]
pub use publish_head::encode_publish_head_to;
#[cfg(feature = "bytes")]
pub(crate) use publish_head::publish_head_len;

/// Every packet can be encoded: into a slice, without an allocator, or into any [`bytes::BufMut`](https://docs.rs/bytes).
///
/// Options are a [`ProtocolVersion`](mqtt_types::ProtocolVersion), or [`EncodeOptions`]. What the version cannot say is an error, never left out. After
/// an error the output is as it was. Of the forms that the standard allows the shortest is written: PUBACK and its sisters,
/// and DISCONNECT, leave out what says nothing.
///
/// ```
/// use mqtt_codec::{Encode, ProtocolVersion, Publish, TopicName};
///
/// let publish = Publish::new(TopicName::new("a")?, b"hi");
/// let mut output = [0; 16];
/// let len = publish.encode(ProtocolVersion::V5, &mut output)?;
/// assert_eq!(output[..len], [0x30, 0x06, 0x00, 0x01, b'a', 0x00, b'h', b'i']);
/// assert_eq!(publish.encoded_len(ProtocolVersion::V3_1_1)?, 7); // no Property Length there
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Encode: sealed::Sealed {
    /// How many bytes the packet has, fixed header included: what `encode` would write, exactly.
    ///
    /// # Errors
    ///
    /// What the version, or the sender, cannot say; a packet that is too long.
    fn encoded_len(&self, options: impl Into<EncodeOptions>) -> Result<usize, EncodeError>;

    /// Writes the packet to the start of `output` and tells how many bytes it has. What is behind them stays.
    ///
    /// # Errors
    ///
    /// As [`encoded_len`](Self::encoded_len), and an output that is too small. The output is as it was.
    fn encode(&self, options: impl Into<EncodeOptions>, output: &mut [u8]) -> Result<usize, EncodeError>;

    /// Appends the packet to `output` and tells how many bytes it has.
    ///
    /// ```
    /// use bytes::BytesMut;
    /// use mqtt_codec::{Encode, PingReq, PingResp, ProtocolVersion};
    ///
    /// let mut output = BytesMut::new();
    /// PingReq.encode_to(ProtocolVersion::V5, &mut output)?;
    /// PingResp.encode_to(ProtocolVersion::V5, &mut output)?;
    /// assert_eq!(output[..], [0xC0, 0x00, 0xD0, 0x00]);
    /// # Ok::<(), mqtt_codec::EncodeError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`encode`](Self::encode). The output is as it was.
    #[cfg(feature = "bytes")]
    fn encode_to(
        &self,
        options: impl Into<EncodeOptions>,
        output: &mut impl bytes::BufMut,
    ) -> Result<usize, EncodeError>;
}

/// The fixed header of a packet that can be encoded.
#[inline(always)]
fn header<P: EncodeBody>(packet: &P, options: &EncodeOptions) -> Result<FixedHeader, EncodeError> {
    let packet_type = P::PACKET_TYPE;
    if !packet_type.sender(options.version).may_be(options.sender) {
        return Err(not_from_sender(packet_type, options, Field::PacketType));
    }
    if options.refuse_discouraged_characters {
        characters::check(&packet.as_packet(), options)?;
    }
    match VariableByteInteger::try_from(packet.body_len(options)?) {
        Ok(remaining_length) => Ok(FixedHeader { packet_type, flags: packet.flags(), remaining_length }),
        Err(_) => Err(packet_too_large(packet_type, options)),
    }
}

#[inline]
fn packet_len(header: &FixedHeader) -> usize {
    header.remaining_length.to_usize().saturating_add(header.encoded_len())
}

#[inline]
fn write<'p, P: EncodeBody>(packet: &'p P, header: &FixedHeader, options: &EncodeOptions, output: &mut impl Write<'p>) {
    output.put_fixed_header(header);
    packet.write_body(options, output);
}

impl<P: EncodeBody> Encode for P {
    #[inline]
    fn encoded_len(&self, options: impl Into<EncodeOptions>) -> Result<usize, EncodeError> {
        Ok(packet_len(&header(self, &options.into())?))
    }

    #[inline]
    fn encode(&self, options: impl Into<EncodeOptions>, output: &mut [u8]) -> Result<usize, EncodeError> {
        let options = options.into();
        let header = header(self, &options)?;
        let len = packet_len(&header);
        let Some(room) = output.get_mut(..len) else {
            return Err(buffer_too_small(P::PACKET_TYPE, &options, len));
        };
        let mut writer = SliceWriter { free: room };
        write(self, &header, &options, &mut writer);
        debug_assert!(writer.free.is_empty(), "body_len is more than write_body writes");
        Ok(len)
    }

    #[cfg(feature = "bytes")]
    #[inline]
    fn encode_to(
        &self,
        options: impl Into<EncodeOptions>,
        output: &mut impl bytes::BufMut,
    ) -> Result<usize, EncodeError> {
        let options = options.into();
        let header = header(self, &options)?;
        let len = packet_len(&header);
        if output.remaining_mut() < len {
            return Err(buffer_too_small(P::PACKET_TYPE, &options, len));
        }
        let mut writer = BufMutWriter::new(output);
        write(self, &header, &options, &mut writer);
        writer.flush();
        Ok(len)
    }
}

macro_rules! any_packet {
    ($packet:ident => $body:expr, $this:expr) => {
        match $this {
            Packet::Connect($packet) => $body,
            Packet::ConnAck($packet) => $body,
            Packet::Publish($packet) => $body,
            Packet::PubAck($packet) => $body,
            Packet::PubRec($packet) => $body,
            Packet::PubRel($packet) => $body,
            Packet::PubComp($packet) => $body,
            Packet::Subscribe($packet) => $body,
            Packet::SubAck($packet) => $body,
            Packet::Unsubscribe($packet) => $body,
            Packet::UnsubAck($packet) => $body,
            Packet::PingReq($packet) => $body,
            Packet::PingResp($packet) => $body,
            Packet::Disconnect($packet) => $body,
            Packet::Auth($packet) => $body,
        }
    };
}

impl<B: Buffer> Encode for Packet<B> {
    fn encoded_len(&self, options: impl Into<EncodeOptions>) -> Result<usize, EncodeError> {
        any_packet!(packet => packet.encoded_len(options), self)
    }

    fn encode(&self, options: impl Into<EncodeOptions>, output: &mut [u8]) -> Result<usize, EncodeError> {
        any_packet!(packet => packet.encode(options, output), self)
    }

    #[cfg(feature = "bytes")]
    fn encode_to(
        &self,
        options: impl Into<EncodeOptions>,
        output: &mut impl bytes::BufMut,
    ) -> Result<usize, EncodeError> {
        any_packet!(packet => packet.encode_to(options, output), self)
    }
}

pub(crate) mod sealed {
    use crate::wire::encode_body::EncodeBody;
    use mqtt_types::{Buffer, Packet, PacketType};

    #[expect(unnameable_types, reason = "that is what seals")]
    pub trait Sealed {
        #[doc(hidden)]
        fn packet_type(&self) -> PacketType;

        #[doc(hidden)]
        fn as_packet(&self) -> Packet<&[u8]>;
    }

    impl<P: EncodeBody> Sealed for P {
        fn packet_type(&self) -> PacketType {
            P::PACKET_TYPE
        }

        fn as_packet(&self) -> Packet<&[u8]> {
            EncodeBody::as_packet(self)
        }
    }

    impl<B: Buffer> Sealed for Packet<B> {
        fn packet_type(&self) -> PacketType {
            self.packet_type()
        }

        fn as_packet(&self) -> Packet<&[u8]> {
            self.as_borrowed()
        }
    }
}
