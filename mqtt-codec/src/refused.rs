//! The head of a refused packet, for programs that continue after it.

use core::{fmt, ops::Range};
use mqtt_types::{Flags, PacketType, ProtocolVersion, VariableByteInteger};

/// The head of a refused packet: the fields that can be read without checking them.
///
/// Some devices send packets that no legal value can represent, such as a PUBLISH of QoS 1 with Packet Identifier 0. A server
/// or proxy for such devices can read the intended content of the packet, and continue. Only the bounds of the fields are
/// checked: the values are those that the peer sent.
///
/// [`read`](Self::read) takes the bytes of the packet: the result of [`StreamDecoder::refused`][StreamDecoder::refused] or
/// [`SliceDecoder::refused`](crate::SliceDecoder::refused), or the front of the buffer. It allocates nothing.
///
/// ```
/// use mqtt_codec::{DecodeErrorKind, ProtocolVersion, Publish, RefusedPacket, TopicName, decode};
///
/// // A PUBLISH of QoS 1 from an inverter, with Packet Identifier 0.
/// let received = b"\x32\x0A\0\x04temp\0\x0021";
/// let error = decode(received, ProtocolVersion::V3_1_1).unwrap_err();
/// assert_eq!(error.kind(), DecodeErrorKind::PacketIdentifierZero);
///
/// let refused = RefusedPacket::read(received, error.version()).unwrap();
/// assert_eq!((refused.packet_identifier(), refused.topic()), (Some(0), Some("temp")));
/// // The server handles the message as one of QoS 0, and continues with the next packet.
/// let topic_name = TopicName::new(refused.topic().unwrap())?;
/// let message = Publish::new(topic_name, refused.payload().unwrap());
/// assert_eq!(message.payload, b"21");
/// let next = &received[refused.packet_len().unwrap()..];
/// assert!(next.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[cfg_attr(feature = "bytes", doc = "\n[StreamDecoder::refused]: crate::StreamDecoder::refused")]
#[cfg_attr(not(feature = "bytes"), doc = "\n[StreamDecoder::refused]: index.html#features")]
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct RefusedPacket<'a> {
    /// The packet, as far as it was received.
    bytes: &'a [u8],
    first_byte: u8,
    /// The length of the fixed header and of the packet, or `None` if the fixed header is incomplete or invalid.
    lengths: Option<(usize, usize)>,
    topic: Option<(usize, usize)>,
    identifier: Option<usize>,
    payload: Option<usize>,
}

impl<'a> RefusedPacket<'a> {
    /// Reads the head of the packet at the start of `bytes`. Returns `None` if there is no byte.
    ///
    /// The packet may be incomplete, and other packets may follow it. `version` is the version of the connection, which
    /// determines where the payload begins.
    #[must_use]
    pub fn read(bytes: &'a [u8], version: ProtocolVersion) -> Option<Self> {
        let (first_byte, after_first) = bytes.split_first()?;
        let lengths = match VariableByteInteger::decode(after_first) {
            Ok(Some(decoded)) => {
                let header_len = decoded.len.saturating_add(1);
                Some((header_len, header_len.saturating_add(decoded.value.to_usize())))
            }
            Ok(None) | Err(_) => None,
        };
        let bytes = match lengths {
            Some((_, packet_len)) => bytes.get(..packet_len).unwrap_or(bytes),
            None => bytes,
        };
        let mut packet = Self { bytes, first_byte: *first_byte, lengths, topic: None, identifier: None, payload: None };
        packet.find_fields(version);
        Some(packet)
    }

    /// Finds the positions of the fields. The position of a field is known if the whole field is inside the packet, and the
    /// bytes before it were received.
    fn find_fields(&mut self, version: ProtocolVersion) {
        let Some((header_len, packet_len)) = self.lengths else { return };
        match self.packet_type() {
            PacketType::Publish => {
                let Some(topic_len) = self.two_bytes(header_len) else { return };
                let start = header_len.saturating_add(2);
                let end = start.saturating_add(usize::from(topic_len));
                if end > packet_len {
                    return;
                }
                self.topic = Some((start, end));
                let has_identifier = self.flags().bits() & 0b0110 != 0;
                let mut at = end;
                if has_identifier {
                    at = end.saturating_add(2);
                    if at > packet_len {
                        return;
                    }
                    self.identifier = Some(end);
                }
                if !version.is_v3() {
                    let Ok(Some(length)) = VariableByteInteger::decode(self.bytes.get(at..).unwrap_or_default()) else {
                        return;
                    };
                    at = at.saturating_add(length.len).saturating_add(length.value.to_usize());
                }
                self.payload = Some(at).filter(|at| *at <= packet_len);
            }
            PacketType::PubAck
            | PacketType::PubRec
            | PacketType::PubRel
            | PacketType::PubComp
            | PacketType::Subscribe
            | PacketType::SubAck
            | PacketType::Unsubscribe
            | PacketType::UnsubAck => {
                self.identifier = Some(header_len).filter(|at| at.saturating_add(2) <= packet_len);
            }
            _ => {}
        }
    }

    fn two_bytes(&self, at: usize) -> Option<u16> {
        self.bytes.get(at..)?.first_chunk().copied().map(u16::from_be_bytes)
    }

    /// Returns the bytes of the packet that were received.
    #[must_use]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Returns the packet type.
    #[must_use]
    pub const fn packet_type(&self) -> PacketType {
        PacketType::from_first_byte(self.first_byte)
    }

    /// Returns the flags of the fixed header.
    #[must_use]
    pub const fn flags(&self) -> Flags {
        Flags::from_first_byte(self.first_byte)
    }

    /// Returns the length of the fixed header in bytes, or `None` if it is incomplete or its Remaining Length is too long.
    #[must_use]
    pub fn header_len(&self) -> Option<usize> {
        self.lengths.map(|(header_len, _)| header_len)
    }

    /// Returns the length of the packet in bytes, fixed header included, or `None` if that is unknown. The next packet begins
    /// there.
    #[must_use]
    pub fn packet_len(&self) -> Option<usize> {
        self.lengths.map(|(_, packet_len)| packet_len)
    }

    /// Returns the Packet Identifier as it was sent, which may be 0. Returns `None` if the packet type or the QoS has none, or
    /// if it was not received.
    #[must_use]
    pub fn packet_identifier(&self) -> Option<u16> {
        self.two_bytes(self.identifier?)
    }

    /// Returns the offset of the Packet Identifier.
    #[must_use]
    pub const fn packet_identifier_offset(&self) -> Option<usize> {
        self.identifier
    }

    /// Returns the Topic Name of a PUBLISH, which may be illegal. Returns `None` if it was not received, or is not UTF-8: see
    /// [`topic_bytes`](Self::topic_bytes).
    #[must_use]
    pub fn topic(&self) -> Option<&'a str> {
        core::str::from_utf8(self.topic_bytes()?).ok()
    }

    /// Returns the bytes of the Topic Name of a PUBLISH.
    #[must_use]
    pub fn topic_bytes(&self) -> Option<&'a [u8]> {
        self.bytes.get(self.topic_range()?)
    }

    /// Returns the position of the Topic Name of a PUBLISH, without its length.
    #[must_use]
    pub fn topic_range(&self) -> Option<Range<usize>> {
        self.topic.map(|(start, end)| start..end)
    }

    /// Returns the payload of a PUBLISH, or the part that was received. Returns `None` if its position is unknown.
    #[must_use]
    pub fn payload(&self) -> Option<&'a [u8]> {
        self.payload.map(|at| self.bytes.get(at..).unwrap_or_default())
    }

    /// Returns the offset of the payload of a PUBLISH. It ends with the [packet](Self::packet_len).
    #[must_use]
    pub const fn payload_offset(&self) -> Option<usize> {
        self.payload
    }
}

/// Shows the lengths of topic and payload only. The bytes may be secret.
impl fmt::Debug for RefusedPacket<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefusedPacket")
            .field("packet_type", &self.packet_type())
            .field("flags", &self.flags())
            .field("packet_len", &self.packet_len())
            .field("received", &self.bytes.len())
            .field("packet_identifier", &self.packet_identifier())
            .field("topic", &self.topic_range())
            .field("payload_offset", &self.payload)
            .finish()
    }
}
