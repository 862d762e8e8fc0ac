//! Any packet as its encoded bytes.

use crate::decode::decode;
use crate::encode::Encode;
use crate::error::{DecodeError, EncodeError};
use crate::frame::publish_frame::PublishFrame;
use crate::frame::short_bytes::ShortBytes;
use crate::options::{DecodeOptions, EncodeOptions};
use crate::packet::decode_frame::decode_frame;
use crate::packet::publish;
use crate::wire::fixed_header::{self, DecodedFixedHeader};
use crate::wire::form::DecodedPacket;
use crate::wire::outcome::Outcome;
use crate::wire::{Decoded, remaining_length};
use bytes::{Bytes, BytesMut};
use core::{fmt, ops::Deref};
use mqtt_types::{Buffer, PackedPublish, Packet, PacketType, ProtocolVersion, Publish, ReasonCode, Sender};

/// A whole packet that is kept as its encoded bytes, which were checked once.
///
/// Use it to keep a packet in the queue of a session, or to send it to another task. A frame consists of one [`Bytes`],
/// the version, and, for a PUBLISH, the positions of its fields. [`Clone`] costs one reference count. A frame takes 64
/// bytes in addition to the bytes of the packet, and is `Send` and `Sync`. A packet of up to four bytes, such as a PUBACK,
/// is in the frame itself, and costs no reference count.
///
/// Frames come [from a buffer](Self::decode), from streams
/// ([`StreamDecoder::next_frame`](crate::StreamDecoder::next_frame)), and from [encoding](Self::encode) a packet.
///
/// ```
/// use bytes::Bytes;
/// use mqtt_codec::{Frame, Packet, ProtocolVersion};
///
/// let received = Bytes::from_static(&[0x40, 0x02, 0x00, 0x0A, /* the next packet */ 0xC0]);
/// let (frame, consumed) = Frame::decode(&received, ProtocolVersion::V5)?.complete().unwrap();
/// assert_eq!((frame.as_bytes().len(), consumed), (4, 4));
/// let Packet::PubAck(puback) = frame.packet() else { unreachable!() };
/// assert_eq!(puback.packet_identifier.get(), 10);
/// # Ok::<(), mqtt_codec::DecodeError>(())
/// ```
#[derive(Clone)]
pub struct Frame {
    content: Content,
}

#[derive(Clone)]
enum Content {
    Publish(PublishFrame),
    Other(OtherFrame),
}

/// A frame whose packet is decoded again when the caller asks for it.
#[derive(Clone)]
struct OtherFrame {
    bytes: OtherBytes,
    /// The options that the packet was decoded with, with the version of the packet.
    options: DecodeOptions,
    header_len: u8,
    is_strict: bool,
}

#[derive(Clone)]
enum OtherBytes {
    Shared(Bytes),
    Short(ShortBytes),
}

impl OtherBytes {
    fn into_bytes(self) -> Bytes {
        match self {
            Self::Shared(bytes) => bytes,
            Self::Short(bytes) => bytes.into_bytes(),
        }
    }
}

impl Deref for OtherBytes {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        match self {
            Self::Shared(bytes) => bytes,
            Self::Short(bytes) => bytes,
        }
    }
}

/// The bytes of exactly one packet, which become a frame.
pub(crate) trait IntoFrame: Deref<Target = [u8]> + Sized {
    /// Decodes the packet. The frame that keeps its bytes, or the error, is made into the result by `outcome`, which writes
    /// it in place: to move a frame costs more than to check a short packet.
    fn into_frame<O: FrameOutcome>(
        self,
        header: DecodedFixedHeader,
        options: &DecodeOptions,
        expected_version: Option<ProtocolVersion>,
        outcome: O,
    ) -> Result<O::Item, DecodeError>;

    fn into_bytes(self) -> Bytes;
}

/// Receiver of the frame or of the error.
pub(crate) trait FrameOutcome {
    type Item;

    /// Converts the frame into the result.
    fn kept(self, frame: Frame) -> Self::Item;

    /// Records the error and the bytes of the packet, and returns the error.
    fn refused(self, error: DecodeError, bytes: impl IntoFrame) -> DecodeError;
}

/// Outcome that is the frame.
struct Kept;

impl FrameOutcome for Kept {
    type Item = Frame;

    #[inline(always)]
    fn kept(self, frame: Frame) -> Frame {
        frame
    }

    fn refused(self, error: DecodeError, _: impl IntoFrame) -> DecodeError {
        error
    }
}

impl IntoFrame for Bytes {
    #[inline(always)]
    fn into_frame<O: FrameOutcome>(
        mut self,
        header: DecodedFixedHeader,
        options: &DecodeOptions,
        expected_version: Option<ProtocolVersion>,
        outcome: O,
    ) -> Result<O::Item, DecodeError> {
        let header_len = header_len(header);
        if header.header.packet_type == PacketType::Publish {
            match PackedPublish::take(&mut self, |frame| publish::decode_whole(frame, header, options)) {
                Ok(Some(publish)) => {
                    let is_strict = is_strict(publish.buffer(), options);
                    let publish = PublishFrame::new(publish, options.version, header_len, is_strict);
                    return Ok(outcome.kept(Frame { content: Content::Publish(publish) }));
                }
                Ok(None) => {} // does not occur: the fields are where they were found
                Err(error) => return Err(outcome.refused(error, self)),
            }
        }
        match check(&self, header, options, expected_version) {
            Ok((options, is_strict)) => {
                let other = OtherFrame { bytes: OtherBytes::Shared(self), options, header_len, is_strict };
                Ok(outcome.kept(Frame { content: Content::Other(other) }))
            }
            Err(error) => Err(outcome.refused(error, self)),
        }
    }

    fn into_bytes(self) -> Bytes {
        self
    }
}

impl IntoFrame for ShortBytes {
    #[inline(always)]
    fn into_frame<O: FrameOutcome>(
        self,
        header: DecodedFixedHeader,
        options: &DecodeOptions,
        expected_version: Option<ProtocolVersion>,
        outcome: O,
    ) -> Result<O::Item, DecodeError> {
        let header_len = header_len(header);
        // No PUBLISH is so short.
        match check(&self, header, options, expected_version) {
            Ok((options, is_strict)) => {
                let other = OtherFrame { bytes: OtherBytes::Short(self), options, header_len, is_strict };
                Ok(outcome.kept(Frame { content: Content::Other(other) }))
            }
            Err(error) => Err(outcome.refused(error, self)),
        }
    }

    #[cold]
    fn into_bytes(self) -> Bytes {
        Bytes::copy_from_slice(&self)
    }
}

impl Frame {
    /// Decodes the packet at the start of `input`, and keeps it as a shared slice of `input`.
    ///
    /// The frame keeps the whole buffer of `input` alive, unless the packet has at most four bytes.
    ///
    /// # Errors
    ///
    /// The same as [`decode`](crate::decode()).
    pub fn decode(input: &Bytes, options: impl Into<DecodeOptions>) -> Result<Decoded<Self>, DecodeError> {
        let options = options.into();
        let header = match fixed_header::decode(input, &options)? {
            Decoded::Complete { packet, .. } => packet,
            Decoded::Incomplete { needed } => return Ok(Decoded::Incomplete { needed }),
        };
        let consumed = header.packet_len();
        if consumed > input.len() {
            remaining_length::check(input, &options)?;
            return Ok(Decoded::missing(input.len(), consumed));
        }
        let packet = match ShortBytes::copy(input, consumed) {
            Some(bytes) => bytes.into_frame(header, &options, None, Kept)?,
            None => input.slice(..consumed).into_frame(header, &options, None, Kept)?,
        };
        Ok(Decoded::Complete { packet, consumed })
    }

    /// Encodes a packet into a new buffer, with one allocation of exactly the length of the packet, and none if it has at
    /// most four bytes.
    ///
    /// ```
    /// use mqtt_codec::{Frame, PingReq, ProtocolVersion};
    ///
    /// let frame = Frame::encode(&PingReq, ProtocolVersion::V5)?;
    /// assert_eq!(frame.as_bytes(), [0xC0, 0x00]);
    /// # Ok::<(), mqtt_codec::EncodeError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The same as [`Encode::encode`].
    pub fn encode(packet: &impl Encode, options: impl Into<EncodeOptions>) -> Result<Self, EncodeError> {
        let options = options.into();
        let mut short = [0; ShortBytes::LONGEST];
        let len = packet.encoded_len(options)?;
        if let Some(room) = short.get_mut(..len) {
            packet.encode(options, room)?;
        }
        if let Some(bytes) = ShortBytes::copy(&short, len) {
            return Ok(Self::of_encoded(bytes, options.version));
        }
        let mut bytes = BytesMut::zeroed(len);
        packet.encode(options, &mut bytes)?;
        Ok(Self::of_encoded(bytes.freeze(), options.version))
    }

    /// Creates a frame from the bytes of an encoded packet.
    fn of_encoded(bytes: impl IntoFrame, version: ProtocolVersion) -> Self {
        // The mark of a bridge in a CONNECT is the only thing that can be encoded and is not decoded by default.
        let options = DecodeOptions::new(version).allow_bridge_bit(true);
        let header = match fixed_header::decode(&bytes, &options) {
            Ok(Decoded::Complete { packet: header, .. }) => header,
            Ok(Decoded::Incomplete { .. }) | Err(_) => impossible(),
        };
        bytes.into_frame(header, &options, None, Kept).unwrap_or_else(|_| impossible())
    }

    /// Returns the packet, borrowed from the frame.
    ///
    /// The fields of a PUBLISH are known. Every other packet is decoded again, which cannot fail.
    #[must_use]
    pub fn packet(&self) -> Packet<&[u8]> {
        match &self.content {
            Content::Publish(publish) => publish.as_borrowed().into(),
            Content::Other(other) => match decode(&other.bytes, other.options) {
                Ok(Decoded::Complete { packet, .. }) => packet,
                Ok(Decoded::Incomplete { .. }) | Err(_) => impossible(),
            },
        }
    }

    /// Returns the packet as shared slices of the frame: one reference count for each part that is not empty.
    #[must_use]
    pub fn to_shared(&self) -> Packet<Bytes> {
        match &self.content {
            Content::Publish(publish) => publish.to_shared().into(),
            Content::Other(OtherFrame { bytes: OtherBytes::Shared(bytes), .. }) => self.packet().share(bytes),
            Content::Other(_) => self.packet().share(&Bytes::new()), // it has no part that could be shared
        }
    }

    /// Returns the type of the packet.
    #[inline]
    #[must_use]
    pub fn packet_type(&self) -> PacketType {
        match &self.content {
            Content::Publish(_) => PacketType::Publish,
            Content::Other(other) => PacketType::from_first_byte(other.bytes.first().copied().unwrap_or_default()),
        }
    }

    /// Returns the version of the packet. For a CONNECT, this is the version that it asks for.
    #[inline]
    #[must_use]
    pub const fn version(&self) -> ProtocolVersion {
        match &self.content {
            Content::Publish(publish) => publish.version(),
            Content::Other(other) => other.options.version(),
        }
    }

    /// Returns the length of the fixed header in bytes: 2 to 5.
    #[inline]
    #[must_use]
    pub const fn header_len(&self) -> u8 {
        match &self.content {
            Content::Publish(publish) => publish.header_len(),
            Content::Other(other) => other.header_len,
        }
    }

    /// Returns the whole packet as it was received or encoded.
    #[inline]
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        match &self.content {
            Content::Publish(publish) => publish.as_bytes(),
            Content::Other(other) => &other.bytes,
        }
    }

    /// Returns the whole packet as it was received or encoded: one reference count. A packet of up to four bytes is
    /// copied into an allocation.
    #[inline]
    #[must_use]
    pub fn to_bytes(&self) -> Bytes {
        match &self.content {
            Content::Publish(publish) => publish.as_bytes().clone(),
            Content::Other(other) => other.bytes.clone().into_bytes(),
        }
    }

    /// Returns the whole packet as it was received or encoded. A packet of up to four bytes is copied into an
    /// allocation.
    #[inline]
    #[must_use]
    pub fn into_bytes(self) -> Bytes {
        match self.content {
            Content::Publish(publish) => publish.into_bytes(),
            Content::Other(other) => other.bytes.into_bytes(),
        }
    }

    /// Returns `true` if the packet obeys every rule of its version, and `false` if it was accepted only because of a
    /// leniency.
    ///
    /// In the second case, the bytes are not forwarded unchanged: encoding writes the packet in its legal form, or
    /// returns an error.
    #[inline]
    #[must_use]
    pub const fn is_strict(&self) -> bool {
        match &self.content {
            Content::Publish(publish) => publish.is_strict(),
            Content::Other(other) => other.is_strict,
        }
    }

    /// Returns the Reason Code of a CONNACK, PUBACK, PUBREC or DISCONNECT of 5.0 as it was received. Returns `None` for
    /// every other packet, and if the Reason Code is omitted.
    ///
    /// It differs from that of [`packet`](Self::packet) only if the packet type does not have the code, and
    /// [`Leniency::ReasonCodesOfOtherPackets`](crate::Leniency::ReasonCodesOfOtherPackets) accepted it.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use mqtt_codec::{DecodeOptions, Frame, Packet, ProtocolVersion, PubAckReasonCode, ReasonCode};
    ///
    /// let received = Bytes::from_static(&[0x40, 0x03, 0x00, 0x01, 0x95]); // from Mosquitto
    /// let options = DecodeOptions::new(ProtocolVersion::V5).allow_reason_codes_of_other_packets(true);
    /// let (frame, _) = Frame::decode(&received, options)?.complete().unwrap();
    /// let Packet::PubAck(puback) = frame.packet() else { unreachable!() };
    /// assert_eq!(puback.reason_code, PubAckReasonCode::UNSPECIFIED_ERROR);
    /// assert_eq!(frame.received_reason_code(), Some(ReasonCode::PACKET_TOO_LARGE));
    /// # Ok::<(), mqtt_codec::DecodeError>(())
    /// ```
    #[must_use]
    pub fn received_reason_code(&self) -> Option<ReasonCode> {
        let offset = match self.packet_type() {
            PacketType::ConnAck => 1,
            PacketType::PubAck | PacketType::PubRec => 2,
            PacketType::Disconnect => 0,
            _ => return None,
        };
        if self.version().is_v3() {
            return None;
        }
        let at = usize::from(self.header_len()).saturating_add(offset);
        self.as_bytes().get(at).copied().and_then(ReasonCode::from_u8)
    }

    /// Returns the PUBLISH, or `None` if the packet has another type.
    #[inline]
    #[must_use]
    pub const fn as_publish(&self) -> Option<&PublishFrame> {
        match &self.content {
            Content::Publish(publish) => Some(publish),
            Content::Other(_) => None,
        }
    }

    /// Converts the frame into a PUBLISH.
    ///
    /// # Errors
    ///
    /// Returns the frame unchanged if the packet has another type.
    #[inline]
    pub fn into_publish(self) -> Result<PublishFrame, Self> {
        match self.content {
            Content::Publish(publish) => Ok(publish),
            content @ Content::Other(_) => Err(Self { content }),
        }
    }
}

impl PublishFrame {
    /// Encodes a PUBLISH into a new buffer, with one allocation of exactly the length of the packet.
    ///
    /// ```
    /// use bytes::{Bytes, BytesMut};
    /// use mqtt_codec::{Frame, ProtocolVersion, PublishFrame};
    ///
    /// // A frame of a stream keeps the whole buffer that was read. A copy keeps only its own bytes.
    /// let received = Bytes::from_static(&[0x30, 0x06, 0x00, 0x01, b'a', 0x00, b'h', b'i', 0xC0, 0x00]);
    /// let (frame, _) = Frame::decode(&received, ProtocolVersion::V5)?.complete().unwrap();
    /// let message = frame.into_publish().unwrap();
    /// let copy = PublishFrame::encode(&message.as_borrowed(), message.version())?;
    /// assert_eq!(copy, message);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The same as [`Encode::encode`](crate::Encode::encode).
    pub fn encode<B: Buffer>(publish: &Publish<B>, options: impl Into<EncodeOptions>) -> Result<Self, EncodeError> {
        match Frame::encode(publish, options)?.content {
            Content::Publish(publish) => Ok(publish),
            Content::Other(_) => impossible(),
        }
    }
}

/// Frames are equal if they have the same bytes and version, and were both accepted with or both without a leniency.
impl PartialEq for Frame {
    fn eq(&self, other: &Self) -> bool {
        (self.as_bytes(), self.version(), self.is_strict()) == (other.as_bytes(), other.version(), other.is_strict())
    }
}

impl Eq for Frame {}

impl core::hash::Hash for Frame {
    fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
        (self.as_bytes(), self.version(), self.is_strict()).hash(state);
    }
}

impl From<PublishFrame> for Frame {
    fn from(publish: PublishFrame) -> Self {
        Self { content: Content::Publish(publish) }
    }
}

impl TryFrom<Frame> for PublishFrame {
    type Error = Frame;

    fn try_from(frame: Frame) -> Result<Self, Frame> {
        frame.into_publish()
    }
}

impl From<&Frame> for Packet<Bytes> {
    fn from(frame: &Frame) -> Self {
        frame.to_shared()
    }
}

impl<'a> From<&'a Frame> for Packet<&'a [u8]> {
    fn from(frame: &'a Frame) -> Self {
        frame.packet()
    }
}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Frame")
            .field("version", &self.version())
            .field("packet", &self.packet())
            .field("is_strict", &self.is_strict())
            .finish()
    }
}

impl fmt::Display for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.packet().fmt(f)
    }
}

/// Checks a packet, and returns the version whose rules were applied.
struct Check {
    version: ProtocolVersion,
    expected_version: Option<ProtocolVersion>,
}

impl<'a> Outcome<'a> for Check {
    type Packet = ProtocolVersion;

    fn expected_version(&self) -> Option<ProtocolVersion> {
        self.expected_version
    }

    fn connected(&mut self, version: ProtocolVersion) {
        self.version = version;
    }

    fn decoded(self, _: impl DecodedPacket<'a>) -> ProtocolVersion {
        self.version
    }

    fn refused(self, error: DecodeError) -> DecodeError {
        error
    }
}

/// Checks a packet. Returns the options with its version, and whether it needs no leniency.
#[inline(always)]
fn check(
    frame: &[u8],
    header: DecodedFixedHeader,
    options: &DecodeOptions,
    expected_version: Option<ProtocolVersion>,
) -> Result<(DecodeOptions, bool), DecodeError> {
    let outcome = Check { version: options.version, expected_version };
    let version = decode_frame(frame, header, options, Sender::Either, outcome)?;
    let options = options.with_version(version);
    Ok((options, is_strict(frame, &options)))
}

#[inline]
fn header_len(header: DecodedFixedHeader) -> u8 {
    u8::try_from(header.len).unwrap_or(u8::MAX)
}

/// Returns `true` if a packet that these options accept needs no leniency.
#[inline]
fn is_strict(frame: &[u8], options: &DecodeOptions) -> bool {
    options.is_strict() || matches!(decode(frame, options.strict()), Ok(Decoded::Complete { .. }))
}

/// Panics. It is never called, because the bytes of a frame have been decoded with the same options before.
#[cold]
#[expect(clippy::unreachable, reason = "decoding depends on the bytes and the options alone, and has succeeded")]
fn impossible() -> ! {
    unreachable!("a frame is decoded once before it is made")
}
