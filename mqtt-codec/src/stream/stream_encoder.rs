//! Encoder for a connection, with the limits of the peer.

use crate::encode::publish_head_len;
use crate::encode::{Encode, encode_publish_head_to};
use crate::error::{EncodeError, EncodeErrorKind, Field};
use crate::options::EncodeOptions;
use bytes::{Bytes, BytesMut};
use core::num::NonZero;
use mqtt_types::{Buffer, Packet, PropertyIdentifier, PropertyIter, Publish, Sender};

/// Encoder for a connection. Appends packets to a buffer and obeys the Maximum Packet Size of the peer.
///
/// For a packet that is larger than the peer accepts, the encoder returns an error. Optionally, it [drops the Reason
/// String and User Properties](Self::set_drops_explanations) of such a packet instead.
///
/// ```
/// use bytes::BytesMut;
/// use mqtt_codec::{EncodeErrorKind, EncodeOptions, Packet, PacketIdentifier, ProtocolVersion, PubAck, PubAckProperties};
/// use mqtt_codec::StreamEncoder;
///
/// let properties = PubAckProperties::builder().reason_string("nobody there").user_property("a", "b").build()?;
/// let puback = PubAck { properties, ..PubAck::new(PacketIdentifier::MIN) };
/// let mut output = BytesMut::new();
///
/// let mut encoder = StreamEncoder::new(EncodeOptions::new(ProtocolVersion::V5));
/// encoder.set_peer_maximum_packet_size(core::num::NonZero::new(20)); // from the peer's CONNECT or CONNACK
/// let error = encoder.encode(&puback, &mut output).unwrap_err();
/// assert_eq!(error.kind(), EncodeErrorKind::ExceedsMaximumPacketSize { size: 28, limit: 20 });
///
/// encoder.set_drops_explanations(true); // without the Reason String it fits
/// assert_eq!(encoder.encode(&puback, &mut output)?, 13);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug)]
pub struct StreamEncoder {
    options: EncodeOptions,
    maximum_packet_size: u32,
    drops_explanations: bool,
}

impl StreamEncoder {
    /// Creates an encoder without a limit on the size of packets.
    #[must_use]
    pub const fn new(options: EncodeOptions) -> Self {
        Self { options, maximum_packet_size: u32::MAX, drops_explanations: false }
    }

    /// Returns the options.
    #[must_use]
    pub const fn options(&self) -> EncodeOptions {
        self.options
    }

    /// Replaces the options, for instance when a server has received the CONNECT and knows the version.
    pub const fn set_options(&mut self, options: EncodeOptions) {
        self.options = options;
    }

    /// Sets the Maximum Packet Size of the peer: the largest packet in bytes, fixed header included, that it accepts
    /// \[MQTT-3.1.2-24, MQTT-3.2.2-15\].
    ///
    /// Takes the result of the getter of this property, in CONNECT or CONNACK. `None` means no limit. The limit for
    /// received packets is [`StreamOptions::maximum_packet_size`](crate::StreamOptions::maximum_packet_size).
    pub const fn set_peer_maximum_packet_size(&mut self, limit: Option<NonZero<u32>>) {
        self.maximum_packet_size = match limit {
            Some(limit) => limit.get(),
            None => u32::MAX,
        };
    }

    /// Sets whether the encoder drops explanatory properties from a packet that is too large, instead of returning an
    /// error. The default is `false`.
    ///
    /// The encoder drops the Reason String if that is enough, otherwise the User Properties, otherwise both. It does so for
    /// CONNACK, PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK, UNSUBACK, DISCONNECT and AUTH, in which the standard forbids these
    /// properties if they make the packet too large \[for CONNACK: MQTT-3.2.2-19, MQTT-3.2.2-20\]. It never changes other
    /// packets.
    pub const fn set_drops_explanations(&mut self, drops: bool) {
        self.drops_explanations = drops;
    }

    /// Appends the packet to the buffer and returns the number of bytes appended.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Encode::encode_to`], and
    /// [`ExceedsMaximumPacketSize`](EncodeErrorKind::ExceedsMaximumPacketSize) if the packet is larger than the peer accepts.
    /// After an error the buffer is unchanged.
    pub fn encode<P: Encode>(&self, packet: &P, output: &mut BytesMut) -> Result<usize, EncodeError> {
        if self.maximum_packet_size == u32::MAX {
            return packet.encode_to(self.options, output); // no packet is larger, so the length need not be computed
        }
        let size = packet.encoded_len(self.options)?;
        if fits(size, self.maximum_packet_size) {
            return packet.encode_to(self.options, output);
        }
        if self.drops_explanations {
            const DROPPED: [&[PropertyIdentifier]; 3] = [
                &[PropertyIdentifier::ReasonString],
                &[PropertyIdentifier::UserProperty],
                &[PropertyIdentifier::ReasonString, PropertyIdentifier::UserProperty],
            ];
            for dropped in DROPPED {
                let shorter = without_properties(&packet.as_packet(), dropped);
                if let Some(shorter) = shorter {
                    if fits(shorter.encoded_len(self.options)?, self.maximum_packet_size) {
                        return shorter.encode_to(self.options, output);
                    }
                }
            }
        }
        Err(self.too_large(&packet.as_packet(), size))
    }

    /// Appends the head of a PUBLISH to the buffer and returns the number of bytes appended. The caller must send
    /// `payload_len` bytes of payload after it, see [`encode_publish_head_to`].
    ///
    /// # Errors
    ///
    /// The same as [`encode`](Self::encode). The limit applies to the whole packet, payload included.
    pub fn encode_publish_head<B: Buffer>(
        &self,
        publish: &Publish<B>,
        payload_len: usize,
        output: &mut BytesMut,
    ) -> Result<usize, EncodeError> {
        let head = publish_head_len(publish, payload_len, self.options)?;
        let size = head.saturating_add(payload_len);
        if !fits(size, self.maximum_packet_size) {
            return Err(self.too_large(&publish.as_borrowed().into(), size));
        }
        encode_publish_head_to(publish, payload_len, self.options, output)
    }

    #[cold]
    const fn too_large(&self, packet: &Packet<&[u8]>, size: usize) -> EncodeError {
        let kind = EncodeErrorKind::ExceedsMaximumPacketSize { size, limit: self.maximum_packet_size };
        let version = match packet {
            Packet::Connect(connect) => connect.protocol_version,
            _ => self.options.version,
        };
        let (packet_type, from_client) = (packet.packet_type(), matches!(self.options.sender, Sender::Client));
        EncodeError { kind, field: Field::RemainingLength, packet_type, version, from_client }
    }
}

fn fits(size: usize, limit: u32) -> bool {
    u32::try_from(size).is_ok_and(|size| size <= limit)
}

/// Returns the packet without the given properties, or `None` if a sender may not drop properties of this packet type.
fn without_properties(packet: &Packet<&[u8]>, dropped: &[PropertyIdentifier]) -> Option<Packet<Bytes>> {
    macro_rules! without {
        ($($variant:ident $properties:ident)*) => {
            match packet {
                $(Packet::$variant(packet) => {
                    let mut shorter = packet.to_shared();
                    let retained = retained(packet.properties.iter(), dropped);
                    shorter.properties = mqtt_types::$properties::new(retained).ok()?;
                    Some(Packet::$variant(shorter))
                })*
                _ => None,
            }
        };
    }
    without! {
        ConnAck ConnAckProperties
        PubAck PubAckProperties
        PubRec PubRecProperties
        PubRel PubRelProperties
        PubComp PubCompProperties
        SubAck SubAckProperties
        UnsubAck UnsubAckProperties
        Disconnect DisconnectProperties
        Auth AuthProperties
    }
}

/// Returns the encoded properties without the dropped ones, in the original order.
fn retained(mut properties: PropertyIter<'_>, dropped: &[PropertyIdentifier]) -> Bytes {
    let mut retained = BytesMut::new();
    loop {
        let before = properties.as_bytes();
        let Some(property) = properties.next() else { return retained.freeze() };
        let len = before.len().saturating_sub(properties.as_bytes().len());
        if !dropped.contains(&property.identifier()) {
            retained.extend_from_slice(before.get(..len).unwrap_or_default());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::StreamEncoder;
    use crate::{EncodeErrorKind, EncodeOptions, decode};
    use bytes::BytesMut;
    use core::num::NonZero;
    use mqtt_types::ProtocolVersion::{V3_1_1, V5};
    use mqtt_types::{Packet, Property, Publish, PublishProperties, TopicName};

    /// One packet of each type that may be shortened. Where the type has one, with a property that must be kept.
    const EXPLAINED: [(&[u8], &[u8]); 9] = [
        (&[0x20], b"\0\0\x0F\x1F\0\x03why\x24\x01\x26\0\x01k\0\x01v"),
        (&[0x40], b"\0\x0A\0\x0D\x1F\0\x03why\x26\0\x01k\0\x01v"),
        (&[0x50], b"\0\x0A\0\x0D\x1F\0\x03why\x26\0\x01k\0\x01v"),
        (&[0x62], b"\0\x0A\0\x0D\x1F\0\x03why\x26\0\x01k\0\x01v"),
        (&[0x70], b"\0\x0A\0\x0D\x1F\0\x03why\x26\0\x01k\0\x01v"),
        (&[0x90], b"\0\x0A\x0D\x1F\0\x03why\x26\0\x01k\0\x01v\x01"),
        (&[0xB0], b"\0\x0A\x0D\x1F\0\x03why\x26\0\x01k\0\x01v\0"),
        (&[0xE0], b"\x8B\x11\x1C\0\x01s\x1F\0\x03why\x26\0\x01k\0\x01v"),
        (&[0xF0], b"\x18\x11\x15\0\x01M\x1F\0\x03why\x26\0\x01k\0\x01v"),
    ];

    /// Decodes a packet and returns it with the identifiers of its properties.
    fn properties(bytes: &[u8]) -> (Packet<&[u8]>, Vec<u8>) {
        let (packet, _) = decode(bytes, V5).unwrap().complete().unwrap();
        let ids = |properties: mqtt_types::PropertyIter<'_>| {
            properties.map(|p: Property<'_>| p.identifier().as_u8()).collect()
        };
        let ids = match &packet {
            Packet::ConnAck(packet) => ids(packet.properties.iter()),
            Packet::PubAck(packet) => ids(packet.properties.iter()),
            Packet::PubRec(packet) => ids(packet.properties.iter()),
            Packet::PubRel(packet) => ids(packet.properties.iter()),
            Packet::PubComp(packet) => ids(packet.properties.iter()),
            Packet::SubAck(packet) => ids(packet.properties.iter()),
            Packet::UnsubAck(packet) => ids(packet.properties.iter()),
            Packet::Disconnect(packet) => ids(packet.properties.iter()),
            Packet::Auth(packet) => ids(packet.properties.iter()),
            other => panic!("{other}"),
        };
        (packet, ids)
    }

    #[test]
    fn drops_the_reason_string_first_then_the_user_properties_and_nothing_else() {
        let mut encoder = StreamEncoder::new(EncodeOptions::new(V5));
        for (first_byte, body) in EXPLAINED {
            let bytes = crate::testing::frame(&[first_byte, body]);
            let (packet, all) = properties(&bytes);
            let others: Vec<u8> = all.iter().copied().filter(|id| ![0x1F, 0x26].contains(id)).collect();
            let size = u32::try_from(bytes.len()).unwrap();

            encoder.set_drops_explanations(true);
            encoder.set_peer_maximum_packet_size(NonZero::new(size));
            let mut output = BytesMut::new();
            assert_eq!(encoder.encode(&packet, &mut output), Ok(bytes.len()));
            assert_eq!(output, bytes);

            encoder.set_peer_maximum_packet_size(NonZero::new(size - 1));
            let mut output = BytesMut::new();
            encoder.encode(&packet, &mut output).unwrap();
            assert_eq!(properties(&output).1, [&others[..], &[0x26]].concat());
            assert_eq!(output.len(), bytes.len() - 6);

            encoder.set_peer_maximum_packet_size(NonZero::new(size - 7));
            let mut output = BytesMut::new();
            encoder.encode(&packet, &mut output).unwrap();
            let without_user_properties: Vec<u8> = all.iter().copied().filter(|id| *id != 0x26).collect();
            assert_eq!(
                properties(&output).1,
                without_user_properties,
                "the Reason String is kept if dropping the User Properties is enough"
            );

            encoder.set_peer_maximum_packet_size(NonZero::new(size - 8));
            let mut output = BytesMut::new();
            encoder.encode(&packet, &mut output).unwrap();
            assert_eq!(properties(&output).1, others);
            let smallest = u32::try_from(output.len()).unwrap();

            encoder.set_peer_maximum_packet_size(NonZero::new(smallest - 1));
            let mut output = BytesMut::from(&b"before"[..]);
            let error = encoder.encode(&packet, &mut output).unwrap_err();
            assert!(matches!(error.kind(), EncodeErrorKind::ExceedsMaximumPacketSize { .. }));
            assert_eq!(output, "before", "the buffer is unchanged");

            encoder.set_drops_explanations(false);
            encoder.set_peer_maximum_packet_size(NonZero::new(size - 1));
            let error = encoder.encode(&packet, &mut output).unwrap_err();
            let kind = EncodeErrorKind::ExceedsMaximumPacketSize { size: bytes.len(), limit: size - 1 };
            assert_eq!(error.kind(), kind);
            assert_eq!(error.rule(), "MQTT-3.1.2-24");
            let message = format!(
                "{}: packet of {size} bytes, the peer accepts {} [MQTT-3.1.2-24]",
                packet.packet_type(),
                size - 1
            );
            assert_eq!(error.to_string(), message);
        }
    }

    #[test]
    fn a_publish_is_never_shortened() {
        let properties = PublishProperties::new(b"\x26\0\x01k\0\x01v").unwrap();
        let publish = Publish::with_properties(TopicName::from_static("a"), properties, b"");
        let mut encoder = StreamEncoder::new(EncodeOptions::new(V5));
        encoder.set_drops_explanations(true);
        encoder.set_peer_maximum_packet_size(NonZero::new(8));
        assert!(encoder.encode(&publish, &mut BytesMut::new()).is_err());
        let plain = Publish::new(TopicName::from_static("a"), b"");
        assert_eq!(encoder.encode(&plain, &mut BytesMut::new()), Ok(6));
        encoder.set_options(EncodeOptions::new(V3_1_1));
        assert_eq!(encoder.encode(&plain, &mut BytesMut::new()), Ok(5));
        // The limit includes the payload, even if only the head is encoded.
        assert_eq!(encoder.encode_publish_head(&plain, 3, &mut BytesMut::new()), Ok(5));
        let error = encoder.encode_publish_head(&plain, 4, &mut BytesMut::new()).unwrap_err();
        assert_eq!(error.kind(), EncodeErrorKind::ExceedsMaximumPacketSize { size: 9, limit: 8 });
    }
}
