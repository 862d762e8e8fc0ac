//! Entry points of encoding.

mod characters;
mod measure;
mod placeholders;
mod publish_head;

use crate::encode::measure::{check_sender, measure, write};
use crate::error::EncodeError;
use crate::options::EncodeOptions;
use crate::wire::encode_body::{EncodeBody, ShortPacket, buffer_too_small};
use crate::wire::pieces::{PieceWriter, Pieces};
#[cfg(feature = "bytes")]
use crate::wire::write::BufMutWriter;
use crate::wire::write::SliceWriter;
use mqtt_types::{Buffer, Packet, PacketType, ProtocolVersion};
pub use publish_head::encode_publish_head;
#[cfg(feature = "bytes")]
pub use publish_head::encode_publish_head_to;
#[cfg(feature = "bytes")]
pub(crate) use publish_head::publish_head_len;

/// Encoding of packets: into a slice, which needs no allocator, or into any [`bytes::BufMut`](https://docs.rs/bytes).
///
/// `options` is a [`ProtocolVersion`](mqtt_types::ProtocolVersion) or [`EncodeOptions`]. To encode a field that the
/// version does not have is an error: no field is dropped silently. After an error the output is unchanged.
///
/// Where the standard allows several encodings, the shortest is written. PUBACK, PUBREC, PUBREL, PUBCOMP and DISCONNECT omit
/// a Reason Code of Success and a Property Length of 0 if nothing follows.
///
/// This trait is sealed: it is implemented for every packet and for [`Packet`], and cannot be implemented elsewhere.
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
///
/// A part of a packet cannot be encoded alone:
///
/// ```compile_fail,E0277
/// fn send(packet: &impl mqtt_codec::Encode) {}
/// send(&mqtt_codec::TopicName::from_static("a"));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a packet that can be encoded",
    label = "expected a packet, for instance `Publish`, or `Packet`",
    note = "a property set, a Topic Name or a list is encoded as a part of its packet"
)]
pub trait Encode: sealed::Sealed {
    /// Returns the encoded length of the packet in bytes, fixed header included. `encode` writes exactly this many.
    ///
    /// # Errors
    ///
    /// Returns an error if the version does not have a field or value of the packet, if the sender may not send it, or if the
    /// packet is too long for MQTT.
    fn encoded_len(&self, options: impl Into<EncodeOptions>) -> Result<usize, EncodeError>;

    /// Encodes the packet into the start of `output`. Returns its length in bytes. The bytes after it are unchanged.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`encoded_len`](Self::encoded_len), and an error if the output is shorter than the packet. After
    /// an error the output is unchanged.
    fn encode(&self, options: impl Into<EncodeOptions>, output: &mut [u8]) -> Result<usize, EncodeError>;

    /// Returns the packet in pieces, for vectored writes.
    ///
    /// Parts of 32 bytes and more are borrowed. Everything else is copied into `scratch`, for which [`Pieces::SCRATCH`]
    /// bytes are enough.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`encoded_len`](Self::encoded_len), and an error if `scratch` is too small.
    fn encode_vectored<'p>(
        &'p self,
        options: impl Into<EncodeOptions>,
        scratch: &'p mut [u8],
    ) -> Result<Pieces<'p>, EncodeError>;

    /// Appends the packet to `output`. Returns its length in bytes.
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
    /// The same as [`encode`](Self::encode). After an error the output is unchanged.
    #[cfg(feature = "bytes")]
    fn encode_to(
        &self,
        options: impl Into<EncodeOptions>,
        output: &mut impl bytes::BufMut,
    ) -> Result<usize, EncodeError>;
}

/// Writes a short packet to the start of a slice.
#[inline(always)]
fn encode_short(
    packet: &ShortPacket,
    packet_type: PacketType,
    options: EncodeOptions,
    output: &mut [u8],
) -> Result<usize, EncodeError> {
    if let Err(refusal) = check_sender(packet_type, &options) {
        return refusal.refuse(packet_type, options);
    }
    match packet {
        ShortPacket::WithoutBody(bytes) => copy_to(bytes, packet_type, options.version, output),
        ShortPacket::WithIdentifier(bytes) => copy_to(bytes, packet_type, options.version, output),
        ShortPacket::Accepted { v3, .. } if options.version.is_v3() => {
            copy_to(v3, packet_type, options.version, output)
        }
        ShortPacket::Accepted { v5, .. } => copy_to(v5, packet_type, options.version, output),
    }
}

/// Copies bytes to the start of a slice.
#[inline(always)]
fn copy_to<const N: usize>(
    bytes: &[u8; N],
    packet_type: PacketType,
    version: ProtocolVersion,
    output: &mut [u8],
) -> Result<usize, EncodeError> {
    let Some(room) = output.first_chunk_mut() else {
        return buffer_too_small(packet_type, version, N);
    };
    *room = *bytes;
    Ok(N)
}

/// Appends a short packet.
#[cfg(feature = "bytes")]
#[inline(always)]
fn append_short(
    packet: &ShortPacket,
    packet_type: PacketType,
    options: EncodeOptions,
    output: &mut impl bytes::BufMut,
) -> Result<usize, EncodeError> {
    if let Err(refusal) = check_sender(packet_type, &options) {
        return refusal.refuse(packet_type, options);
    }
    match packet {
        ShortPacket::WithoutBody(bytes) => append(bytes, packet_type, options.version, output),
        ShortPacket::WithIdentifier(bytes) => append(bytes, packet_type, options.version, output),
        ShortPacket::Accepted { v3, .. } if options.version.is_v3() => append(v3, packet_type, options.version, output),
        ShortPacket::Accepted { v5, .. } => append(v5, packet_type, options.version, output),
    }
}

/// Appends bytes.
#[cfg(feature = "bytes")]
#[inline(always)]
fn append<const N: usize>(
    bytes: &[u8; N],
    packet_type: PacketType,
    version: ProtocolVersion,
    output: &mut impl bytes::BufMut,
) -> Result<usize, EncodeError> {
    if output.remaining_mut() < N {
        return buffer_too_small(packet_type, version, N);
    }
    output.put_slice(bytes);
    Ok(N)
}

/// Encodes a packet that is not short into the start of a slice.
///
/// Kept out of line, so that the short packets, which are the most frequent ones, save no registers. On small processors the
/// compiler decides: there it removes the code for options that are constant.
#[cfg_attr(target_pointer_width = "64", inline(never))]
fn encode_long<P: EncodeBody>(
    packet: &P,
    options: impl Into<EncodeOptions>,
    output: &mut [u8],
) -> Result<usize, EncodeError> {
    let options = packet.own_options(options.into());
    if packet.has_placeholders() {
        return placeholders::encode(packet, options, output);
    }
    let (body_len, len) = match measure(packet, &options) {
        Ok(measured) => measured,
        Err(refusal) => return refusal.refuse(P::PACKET_TYPE, options),
    };
    let Some(room) = output.get_mut(..len) else {
        return buffer_too_small(P::PACKET_TYPE, options.version, len);
    };
    let mut writer = SliceWriter { free: room };
    write(packet, body_len, &options, &mut writer);
    debug_assert!(writer.free.is_empty(), "write_body wrote fewer bytes than body_len");
    Ok(len)
}

/// Appends a packet that is not short. Kept out of line for the same reason as [`encode_long`].
#[cfg(feature = "bytes")]
#[cfg_attr(target_pointer_width = "64", inline(never))]
fn append_long<P: EncodeBody>(
    packet: &P,
    options: impl Into<EncodeOptions>,
    output: &mut impl bytes::BufMut,
) -> Result<usize, EncodeError> {
    let options = packet.own_options(options.into());
    if packet.has_placeholders() {
        return placeholders::encode_to(packet, options, output);
    }
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

impl<P: EncodeBody> Encode for P {
    #[inline]
    fn encoded_len(&self, options: impl Into<EncodeOptions>) -> Result<usize, EncodeError> {
        let options = self.own_options(options.into());
        if self.has_placeholders() {
            return placeholders::encoded_len(self, options);
        }
        match measure(self, &options) {
            Ok((_, len)) => Ok(len),
            Err(refusal) => refusal.refuse(P::PACKET_TYPE, options),
        }
    }

    #[inline]
    fn encode(&self, options: impl Into<EncodeOptions>, output: &mut [u8]) -> Result<usize, EncodeError> {
        match self.short_packet() {
            Some(packet) => encode_short(&packet, P::PACKET_TYPE, options.into(), output),
            None => encode_long(self, options, output),
        }
    }

    #[inline]
    fn encode_vectored<'p>(
        &'p self,
        options: impl Into<EncodeOptions>,
        scratch: &'p mut [u8],
    ) -> Result<Pieces<'p>, EncodeError> {
        let options = self.own_options(options.into());
        if self.has_placeholders() {
            return placeholders::encode_vectored(self, options, scratch);
        }
        let (body_len, _) = match measure(self, &options) {
            Ok(measured) => measured,
            Err(refusal) => return refusal.refuse(P::PACKET_TYPE, options),
        };
        let mut writer = PieceWriter::new(scratch);
        write(self, body_len, &options, &mut writer);
        writer.finish().or_else(|needed| buffer_too_small(P::PACKET_TYPE, options.version, needed))
    }

    #[cfg(feature = "bytes")]
    #[inline]
    fn encode_to(
        &self,
        options: impl Into<EncodeOptions>,
        output: &mut impl bytes::BufMut,
    ) -> Result<usize, EncodeError> {
        match self.short_packet() {
            Some(packet) => append_short(&packet, P::PACKET_TYPE, options.into(), output),
            None => append_long(self, options, output),
        }
    }
}

/// Evaluates an expression with the packet inside a [`Packet`].
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

    fn encode_vectored<'p>(
        &'p self,
        options: impl Into<EncodeOptions>,
        scratch: &'p mut [u8],
    ) -> Result<Pieces<'p>, EncodeError> {
        any_packet!(packet => packet.encode_vectored(options, scratch), self)
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

    #[expect(unnameable_types, reason = "an unnameable supertrait seals `Encode`")]
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
