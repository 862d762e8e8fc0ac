//! Any packet as its encoded bytes.

use crate::decode::decode;
use crate::frame::publish_frame::PublishFrame;
use crate::frame::short_bytes::ShortBytes;
use crate::options::DecodeOptions;
use crate::wire::Decoded;
use bytes::Bytes;
use core::{fmt, ops::Deref};
use mqtt_types::{Packet, PacketType, ProtocolVersion, ReasonCode};

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
pub(super) struct OtherFrame {
    pub(super) bytes: OtherBytes,
    /// The options that the packet was decoded with, with the version of the packet.
    pub(super) options: DecodeOptions,
    pub(super) header_len: u8,
    pub(super) is_strict: bool,
}

#[derive(Clone)]
pub(super) enum OtherBytes {
    Shared(Bytes),
    Short(ShortBytes),
}

impl OtherBytes {
    fn into_bytes(self) -> Bytes {
        match self {
            Self::Shared(bytes) => bytes,
            Self::Short(bytes) => Bytes::copy_from_slice(&bytes),
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

impl Frame {
    #[inline(always)]
    pub(super) const fn of_other(other: OtherFrame) -> Self {
        Self { content: Content::Other(other) }
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
    #[inline]
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

/// Panics. It is never called, because the bytes of a frame have been decoded with the same options before.
#[cold]
#[expect(clippy::unreachable, reason = "decoding depends on the bytes and the options alone, and has succeeded")]
pub(super) fn impossible() -> ! {
    unreachable!("a frame is decoded once before it is made")
}
