//! A PUBLISH as its encoded bytes.

use crate::options::EncodeOptions;
use bytes::Bytes;
use core::{fmt, ops::Deref};
use mqtt_types::{Flags, PackedPublish, PropertyIdentifier, ProtocolVersion, Publish, Sender};

/// A PUBLISH that is kept as its encoded bytes, which were checked once.
///
/// The positions of topic, properties and payload are stored, so each getter only returns a slice. The getters are
/// those of [`PackedPublish`], to which this type dereferences. [`Clone`] costs one reference count. A frame takes 64
/// bytes in addition to the bytes of the packet.
///
/// It comes from [`Frame::into_publish`](crate::Frame::into_publish).
///
/// ```
/// use bytes::Bytes;
/// use mqtt_codec::{Frame, ProtocolVersion};
///
/// let received = Bytes::from_static(&[0x30, 0x06, 0x00, 0x01, b'a', 0x00, b'h', b'i']);
/// let (frame, _) = Frame::decode(&received, ProtocolVersion::V5)?.complete().unwrap();
/// let message = frame.into_publish().unwrap();
/// assert_eq!((message.topic(), message.payload()), ("a", &b"hi"[..]));
/// assert_eq!(message.payload_bytes(), "hi"); // shares the received bytes
/// # Ok::<(), mqtt_codec::DecodeError>(())
/// ```
#[derive(Clone)]
pub struct PublishFrame {
    packed: PackedPublish,
    version: ProtocolVersion,
    header_len: u8,
    is_strict: bool,
}

impl PublishFrame {
    #[inline]
    pub(crate) const fn new(packed: PackedPublish, version: ProtocolVersion, header_len: u8, is_strict: bool) -> Self {
        Self { packed, version, header_len, is_strict }
    }

    /// Returns the version of the packet.
    #[inline]
    #[must_use]
    pub const fn version(&self) -> ProtocolVersion {
        self.version
    }

    /// Returns the length of the fixed header in bytes: 2 to 5.
    #[inline]
    #[must_use]
    pub const fn header_len(&self) -> u8 {
        self.header_len
    }

    /// Returns the whole packet as it was received or encoded.
    #[inline]
    #[must_use]
    pub const fn as_bytes(&self) -> &Bytes {
        self.packed.buffer()
    }

    /// Returns the whole packet as it was received or encoded.
    #[inline]
    #[must_use]
    pub fn into_bytes(self) -> Bytes {
        self.packed.into_buffer()
    }

    /// Returns `true` if the packet obeys every rule of its version, and `false` if it was accepted only because of a
    /// leniency.
    ///
    /// In the second case, the bytes are not forwarded unchanged: encoding writes the packet in its legal form.
    #[inline]
    #[must_use]
    pub const fn is_strict(&self) -> bool {
        self.is_strict
    }

    /// Returns the bytes of the packet if encoding it with these options would write the same bytes.
    #[inline]
    pub(crate) fn canonical_bytes(&self, options: &EncodeOptions) -> Option<&Bytes> {
        let is_plain = self.is_strict && self.version == options.version && !options.refuses_discouraged_characters();
        let identifier = PropertyIdentifier::SubscriptionIdentifier;
        let may_send = options.sender != Sender::Client || !self.properties().contains(identifier);
        (is_plain && may_send && self.is_canonical()).then(|| self.as_bytes())
    }

    /// Returns `true` if flags without a meaning are 0, and lengths have the fewest bytes.
    #[inline]
    fn is_canonical(&self) -> bool {
        let [first_byte, remaining_length @ ..] = self.as_bytes().as_ref() else { return false };
        let flags = Flags::publish(self.delivery().dup(), self.qos(), self.retain());
        // A length whose last byte is 0 has more bytes than necessary, unless it has only one byte. The Property Length
        // has been checked already, because 5.0 forbids longer ones.
        let last = usize::from(self.header_len).saturating_sub(2);
        first_byte & 0xF == flags.bits() && (last == 0 || remaining_length.get(last) != Some(&0))
    }
}

impl Deref for PublishFrame {
    type Target = PackedPublish;

    #[inline]
    fn deref(&self) -> &PackedPublish {
        &self.packed
    }
}

/// Frames are equal if they have the same bytes and version, and were both accepted with or both without a leniency.
impl PartialEq for PublishFrame {
    fn eq(&self, other: &Self) -> bool {
        (self.as_bytes(), self.version, self.is_strict) == (other.as_bytes(), other.version, other.is_strict)
    }
}

impl Eq for PublishFrame {}

impl core::hash::Hash for PublishFrame {
    fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
        (self.as_bytes(), self.version, self.is_strict).hash(state);
    }
}

impl<'a> From<&'a PublishFrame> for Publish<&'a [u8]> {
    fn from(frame: &'a PublishFrame) -> Self {
        frame.as_borrowed()
    }
}

impl From<&PublishFrame> for Publish<Bytes> {
    fn from(frame: &PublishFrame) -> Self {
        frame.to_shared()
    }
}

impl fmt::Debug for PublishFrame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublishFrame")
            .field("version", &self.version)
            .field("packet", &self.packed)
            .field("is_strict", &self.is_strict)
            .finish()
    }
}

impl fmt::Display for PublishFrame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.packed, f)
    }
}
