//! From a packet to bytes: the trait, its options, and where the bytes go.

use crate::{EncodeError, EncodeErrorKind, Field};
use crate::{characters, publish};
use mqtt_types::{
    Buffer, FixedHeader, Flags, Packet, PacketType, ProtocolVersion, Publish, Sender, VariableByteInteger,
};

/// How packets are encoded: the version, and who sends them.
///
/// A [`ProtocolVersion`] becomes options that know nothing of the sender. CONNECT brings its own version.
///
/// ```
/// use mqtt_codec::{Encode, EncodeErrorKind, EncodeOptions, PingReq, ProtocolVersion, Sender};
///
/// let server = EncodeOptions::new(ProtocolVersion::V5).sender(Sender::Server);
/// let error = PingReq.encode(server, &mut [0; 2]).unwrap_err();
/// assert_eq!(error.kind(), EncodeErrorKind::NotFromSender(Sender::Server));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EncodeOptions {
    pub(crate) version: ProtocolVersion,
    pub(crate) sender: Sender,
    pub(crate) refuse_discouraged_characters: bool,
}

impl EncodeOptions {
    /// The version for packets other than CONNECT.
    #[must_use]
    pub const fn version(self) -> ProtocolVersion {
        self.version
    }

    /// For a version; the sender may be either.
    #[must_use]
    pub const fn new(version: ProtocolVersion) -> Self {
        Self { version, sender: Sender::Either, refuse_discouraged_characters: false }
    }

    /// Who sends the packet: what only the other side may send is refused, down to the "sent by" columns of the Reason
    /// Codes of DISCONNECT and AUTH.
    #[must_use]
    pub const fn sender(self, sender: Sender) -> Self {
        Self { sender, ..self }
    }

    /// Refuse strings with control characters or non-characters, which a sender should not send (section 1.5.4) and a
    /// receiver may close the connection for. Costs a look at every character.
    #[must_use]
    pub const fn refuse_discouraged_characters(self, refuse: bool) -> Self {
        Self { refuse_discouraged_characters: refuse, ..self }
    }
}

impl From<ProtocolVersion> for EncodeOptions {
    fn from(version: ProtocolVersion) -> Self {
        Self::new(version)
    }
}

/// Every packet can be encoded: into a slice, without an allocator, or into any [`bytes::BufMut`](https://docs.rs/bytes).
///
/// Options are a [`ProtocolVersion`], or [`EncodeOptions`]. What the version cannot say is an error, never left out. After
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

/// What a packet's own file says about its encoding.
pub(crate) trait EncodeBody {
    const PACKET_TYPE: PacketType;

    /// The packet as any packet, borrowed.
    fn as_packet(&self) -> Packet<&[u8]>;

    /// PUBLISH has flags of its own.
    #[inline]
    fn flags(&self) -> Flags {
        Flags::from_first_byte(Self::PACKET_TYPE.fixed_flags().unwrap_or_default())
    }

    /// How many bytes follow the fixed header; or why the packet cannot be encoded.
    fn body_len(&self, options: &EncodeOptions) -> Result<usize, EncodeError>;

    /// Writes exactly `body_len` bytes. Is only called after `body_len` was `Ok`.
    fn write_body(&self, options: &EncodeOptions, output: &mut impl Write);
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
fn write<P: EncodeBody>(packet: &P, header: &FixedHeader, options: &EncodeOptions, output: &mut impl Write) {
    output.put_fixed_header(header);
    packet.write_body(options, output);
}

#[cold]
const fn buffer_too_small(packet_type: PacketType, options: &EncodeOptions, needed: usize) -> EncodeError {
    let kind = EncodeErrorKind::BufferTooSmall { needed };
    EncodeError { kind, field: Field::Payload, packet_type, version: options.version }
}

#[cold]
const fn packet_too_large(packet_type: PacketType, options: &EncodeOptions) -> EncodeError {
    let kind = EncodeErrorKind::PacketTooLarge;
    EncodeError { kind, field: Field::RemainingLength, packet_type, version: options.version }
}

#[cold]
pub(crate) const fn invalid_topic_filter(packet_type: PacketType, options: &EncodeOptions) -> EncodeError {
    let kind = EncodeErrorKind::InvalidTopicFilter;
    EncodeError { kind, field: Field::TopicFilter, packet_type, version: options.version }
}

#[cold]
pub(crate) const fn not_in_version(packet_type: PacketType, version: ProtocolVersion, field: Field) -> EncodeError {
    EncodeError { kind: EncodeErrorKind::NotInVersion(version), field, packet_type, version }
}

#[cold]
pub(crate) const fn not_from_sender(packet_type: PacketType, options: &EncodeOptions, field: Field) -> EncodeError {
    let kind = EncodeErrorKind::NotFromSender(options.sender);
    EncodeError { kind, field, packet_type, version: options.version }
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

/// A packet of which only the head is to be written: the payload follows by other means.
struct Head<'p, B> {
    publish: &'p Publish<B>,
    payload_len: usize,
}

impl<B: Buffer> Head<'_, B> {
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

    fn write(&self, header: &FixedHeader, options: &EncodeOptions, output: &mut impl Write) {
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
/// As [`Encode::encode`]. The output is as it was.
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
/// As [`Encode::encode_to`]. The output is as it was.
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

/// Where a packet is written. There is room for it: that has been seen to before.
pub(crate) trait Write {
    /// Copies bytes into room of the same length, as `copy` does it.
    fn put_by(&mut self, bytes: &[u8], copy: fn(&mut [u8], &[u8]));

    #[inline]
    fn put(&mut self, bytes: &[u8]) {
        self.put_by(bytes, <[u8]>::copy_from_slice);
    }

    /// The same, for what may be short and has a length that is not known when this is compiled: texts, and payloads, of
    /// which many are numbers.
    #[inline]
    fn put_short(&mut self, bytes: &[u8]) {
        self.put_by(bytes, copy_short);
    }

    #[inline]
    fn put_byte(&mut self, byte: u8) {
        self.put(&[byte]);
    }

    #[inline]
    fn put_two_byte_integer(&mut self, value: u16) {
        self.put(&value.to_be_bytes());
    }

    /// Each length is written by itself, so that it is known when this is compiled.
    #[inline(always)]
    fn put_fixed_header(&mut self, header: &FixedHeader) {
        let first = header.first_byte();
        if let Ok(short @ 0..=0x7F) = u8::try_from(header.remaining_length.get()) {
            return self.put(&[first, short]);
        }
        match *header.remaining_length.encode().as_ref() {
            [a, b] => self.put(&[first, a, b]),
            [a, b, c] => self.put(&[first, a, b, c]),
            [a, b, c, d] => self.put(&[first, a, b, c, d]),
            _ => {} // there are 2 to 4
        }
    }

    /// As [`put_fixed_header`](Self::put_fixed_header).
    #[inline(always)]
    fn put_variable_byte_integer(&mut self, value: VariableByteInteger) {
        if let Ok(short @ 0..=0x7F) = u8::try_from(value.get()) {
            return self.put(&[short]);
        }
        match *value.encode().as_ref() {
            [a, b] => self.put(&[a, b]),
            [a, b, c] => self.put(&[a, b, c]),
            [a, b, c, d] => self.put(&[a, b, c, d]),
            _ => {} // there are 2 to 4
        }
    }

    /// A two-byte length and as many bytes. Every type with such a length has checked that it fits.
    #[inline]
    fn put_prefixed(&mut self, bytes: &[u8]) {
        debug_assert!(bytes.len() <= usize::from(u16::MAX));
        self.put_two_byte_integer(u16::try_from(bytes.len()).unwrap_or(u16::MAX));
        self.put_short(bytes);
    }
}

struct SliceWriter<'a> {
    free: &'a mut [u8],
}

impl Write for SliceWriter<'_> {
    #[inline(always)]
    fn put_by(&mut self, bytes: &[u8], copy: fn(&mut [u8], &[u8])) {
        let free = core::mem::take(&mut self.free);
        if let Some((room, rest)) = free.split_at_mut_checked(bytes.len()) {
            copy(room, bytes);
            self.free = rest;
        }
    }
}

/// Copies what is as long as the room for it. Most texts are short, and a call of the library's `memcpy` costs more than
/// their bytes do: they are copied from both ends, in two steps of 32, 16, 8 or 4 bytes that may overlap.
#[inline(always)]
fn copy_short(room: &mut [u8], bytes: &[u8]) {
    let is_short = cfg!(target_pointer_width = "64") && bytes.len() <= 64;
    if !(is_short
        && (copy_ends::<32>(room, bytes)
            || copy_ends::<16>(room, bytes)
            || copy_ends::<8>(room, bytes)
            || copy_ends::<4>(room, bytes)))
    {
        room.copy_from_slice(bytes);
    }
}

/// Copies the first and the last `N` bytes; false if there are not as many.
#[inline(always)]
fn copy_ends<const N: usize>(room: &mut [u8], bytes: &[u8]) -> bool {
    if let (Some(first), Some(last)) = (bytes.first_chunk::<N>(), bytes.last_chunk::<N>()) {
        if let Some(room) = room.first_chunk_mut() {
            *room = *first;
        }
        if let Some(room) = room.last_chunk_mut() {
            *room = *last;
        }
        return true;
    }
    false
}

/// Writes small pieces one behind the other first, and all of them at once into the output, where each piece costs a call
/// and a look at the capacity.
#[cfg(feature = "bytes")]
struct BufMutWriter<'a, O: bytes::BufMut> {
    output: &'a mut O,
    small: [u8; SMALL],
    small_len: usize,
}

/// Most packets without their payload.
#[cfg(feature = "bytes")]
const SMALL: usize = 64;

#[cfg(feature = "bytes")]
impl<'a, O: bytes::BufMut> BufMutWriter<'a, O> {
    #[inline]
    const fn new(output: &'a mut O) -> Self {
        Self { output, small: [0; SMALL], small_len: 0 }
    }

    #[inline]
    fn flush(&mut self) {
        self.output.put_slice(self.small.get(..self.small_len).unwrap_or_default());
        self.small_len = 0;
    }
}

#[cfg(feature = "bytes")]
impl<O: bytes::BufMut> Write for BufMutWriter<'_, O> {
    #[inline(always)]
    fn put_by(&mut self, bytes: &[u8], copy: fn(&mut [u8], &[u8])) {
        let end = self.small_len.saturating_add(bytes.len());
        if let Some(room) = self.small.get_mut(self.small_len..end) {
            copy(room, bytes);
            self.small_len = end;
        } else {
            self.put_behind(bytes);
        }
    }
}

#[cfg(feature = "bytes")]
impl<O: bytes::BufMut> BufMutWriter<'_, O> {
    #[inline(never)]
    fn put_behind(&mut self, bytes: &[u8]) {
        self.flush();
        match self.small.get_mut(..bytes.len()) {
            Some(room) => {
                room.copy_from_slice(bytes);
                self.small_len = bytes.len();
            }
            None => self.output.put_slice(bytes),
        }
    }
}

mod sealed {
    use super::EncodeBody;
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

#[cfg(test)]
mod tests {
    use super::copy_short;

    #[test]
    fn short_and_long_bytes_are_copied_whole_and_nothing_else_is_touched() {
        let bytes: Vec<u8> = (1..=100).collect();
        for len in 0..=bytes.len() {
            let mut room = [0; 102];
            copy_short(&mut room[1..=len], &bytes[..len]);
            assert_eq!(room[1..=len], bytes[..len], "{len}");
            assert!(room[0] == 0 && room[len + 1..].iter().all(|byte| *byte == 0), "{len}");
        }
    }
}
