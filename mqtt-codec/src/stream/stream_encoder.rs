//! Encoder for a connection, with the limits of the peer.

use crate::convert::convert;
use crate::encode::publish_head_len;
use crate::encode::{Encode, encode_publish_head_to};
use crate::error::{EncodeError, EncodeErrorKind, Field};
use crate::options::EncodeOptions;
use alloc::vec::Vec;
use bytes::BytesMut;
use core::num::NonZero;
use mqtt_types::{
    Buffer, Packet, PropertyIdentifier, PropertyIter, ProtocolVersion, Publish, Sender, VariableByteInteger,
};

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
    /// received packets is [`StreamOptions::with_maximum_packet_size`](crate::StreamOptions::with_maximum_packet_size).
    pub const fn set_peer_maximum_packet_size(&mut self, limit: Option<NonZero<u32>>) {
        self.maximum_packet_size = match limit {
            Some(limit) => limit.get(),
            None => u32::MAX,
        };
    }

    /// Sets whether the encoder drops explanatory properties from a packet that is too large, instead of returning an
    /// error. The default is `false`.
    ///
    /// The encoder drops only the Reason String, if that is enough. Otherwise it keeps the Reason String and drops the
    /// User Properties that do not fit. If even that is not enough, it drops both the Reason String and User
    /// Properties. As many User Properties as fit are kept, in their order.
    ///
    /// This applies to CONNACK, PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK, UNSUBACK, DISCONNECT and AUTH, in which the
    /// standard forbids these properties if they make the packet too large \[for CONNACK: MQTT-3.2.2-19,
    /// MQTT-3.2.2-20\]. It never changes other packets.
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
        if self.maximum_packet_size != u32::MAX {
            let size = match packet.encoded_len(self.options) {
                Err(error) if error.kind() != EncodeErrorKind::PacketTooLarge => return Err(error),
                Ok(size) if fits(size, self.maximum_packet_size) => None,
                size => Some(size),
            };
            if let Some(size) = size {
                return match self.encode_shorter(packet, output) {
                    Some(len) => Ok(len),
                    None => Err(self.too_large(&packet.as_packet(), size?)),
                };
            }
        }
        // Without a limit the length need not be computed twice.
        match packet.encode_to(self.options, output) {
            Err(error) if error.kind() == EncodeErrorKind::PacketTooLarge => {
                self.encode_shorter(packet, output).ok_or(error)
            }
            result => result,
        }
    }

    /// Appends a packet of 5.0 in the version of this encoder. Returns the number of bytes appended.
    ///
    /// A server constructs its packets only once, as packets of 5.0. For a client of 3.x, [`convert`] drops or replaces
    /// the fields that the version lacks. A packet that needs no conversion is encoded as it is.
    ///
    /// ```
    /// use bytes::BytesMut;
    /// use mqtt_codec::{
    ///     EncodeOptions, Packet, PacketIdentifier, ProtocolVersion, StreamEncoder, UnsubAck, UnsubAckReasonCode,
    /// };
    ///
    /// let reason_codes = [UnsubAckReasonCode::SUCCESS].into_iter().collect();
    /// let unsuback: Packet = UnsubAck::new(PacketIdentifier::MIN, reason_codes).into();
    ///
    /// let encoder = StreamEncoder::new(EncodeOptions::new(ProtocolVersion::V3_1_1));
    /// let mut output = BytesMut::new();
    /// assert!(encoder.encode(&unsuback, &mut output).is_err()); // 3.1.1 has no codes in UNSUBACK
    /// encoder.encode_converted(&unsuback, &mut output)?;
    /// assert_eq!(output[..], [0xB0, 2, 0, 1]);
    /// # Ok::<(), mqtt_codec::EncodeError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns the errors of [`encode`](Self::encode). The kind is [`NotInVersion`](EncodeErrorKind::NotInVersion) if the
    /// packet cannot be converted either; then a server closes the connection. After an error the buffer is unchanged.
    pub fn encode_converted(&self, packet: &Packet, output: &mut BytesMut) -> Result<usize, EncodeError> {
        let error = match self.encode(packet, output) {
            Err(error) if matches!(error.kind(), EncodeErrorKind::NotInVersion(_)) => error,
            result => return result,
        };
        match convert(packet.clone(), ProtocolVersion::V5, self.options.version()) {
            Ok(converted) => self.encode(&converted.packet, output),
            Err(_) => Err(error),
        }
    }

    /// Appends a packet that is too large without some of its explanatory properties. Returns `None` if this is not
    /// allowed or not enough.
    #[cold]
    fn encode_shorter<P: Encode>(&self, packet: &P, output: &mut BytesMut) -> Option<usize> {
        if !self.drops_explanations {
            return None;
        }
        let packet = packet.as_packet();
        let retained = Explained::new(&packet, self.options, self.maximum_packet_size)?.retained()?;
        let shorter = with_properties(&packet, &retained)?;
        let size = shorter.encoded_len(self.options).ok()?;
        if fits(size, self.maximum_packet_size) { shorter.encode_to(self.options, output).ok() } else { None }
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

/// Calls a macro with the variant and the properties of each packet that may be shortened.
macro_rules! explained {
    ($packet:expr, $one:ident $set:ident => $result:expr) => {
        explained!(@each $packet, $one $set => $result;
            ConnAck ConnAckProperties, PubAck PubAckProperties, PubRec PubRecProperties, PubRel PubRelProperties,
            PubComp PubCompProperties, SubAck SubAckProperties, UnsubAck UnsubAckProperties,
            Disconnect DisconnectProperties, Auth AuthProperties)
    };
    (@each $packet:expr, $one:ident $set:ident => $result:expr; $($variant:ident $properties:ident),*) => {
        match $packet {
            $(Packet::$variant($one) => {
                type $set<'s> = mqtt_types::$properties<&'s [u8]>;
                $result
            })*
            _ => None,
        }
    };
}

/// Returns the properties of a packet, or `None` if a sender may not drop any of its type.
fn properties<'p>(packet: &'p Packet<&[u8]>) -> Option<PropertyIter<'p>> {
    explained!(packet, one _Set => Some(one.properties.iter()))
}

/// Returns the packet with other properties.
fn with_properties<'p>(packet: &Packet<&'p [u8]>, properties: &'p [u8]) -> Option<Packet<&'p [u8]>> {
    explained!(*packet, one Set => {
        let mut packet = one;
        packet.properties = Set::new(properties).ok()?;
        Some(packet.into())
    })
}

/// A packet whose explanatory properties are shortened.
struct Explained<'p> {
    properties: PropertyIter<'p>,
    /// The length in bytes of the body without the properties and their length.
    rest: usize,
    limit: usize,
}

impl<'p> Explained<'p> {
    fn new(packet: &'p Packet<&[u8]>, options: EncodeOptions, limit: u32) -> Option<Self> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let unmeasured = Self { properties: properties(packet)?, rest: 0, limit };
        // With any property, a packet has its long form: the necessary ones, and the smallest User Property.
        let is_necessary = |identifier| {
            identifier != PropertyIdentifier::UserProperty && identifier != PropertyIdentifier::ReasonString
        };
        let necessary = unmeasured.parts().filter(|(identifier, _)| is_necessary(*identifier));
        let mut smallest: Vec<u8> = necessary.flat_map(|(_, bytes)| bytes).copied().collect();
        smallest.extend([0x26, 0, 0, 0, 0]);
        let len = with_properties(packet, &smallest)?.encoded_len(options).ok()?;
        let remaining_length = |header_len| {
            let remaining_length = len.checked_sub(header_len)?;
            (length_len(remaining_length)?.checked_add(1)? == header_len).then_some(remaining_length)
        };
        let properties_len = smallest.len().checked_add(length_len(smallest.len())?)?;
        let rest = (2..=5).find_map(remaining_length)?.checked_sub(properties_len)?;
        Some(Self { rest, ..unmeasured })
    }

    /// Returns `true` if the packet fits with this many bytes of properties, which is not 0.
    fn fits(&self, properties: usize) -> bool {
        let size = || {
            let body = self.rest.checked_add(length_len(properties)?)?.checked_add(properties)?;
            body.checked_add(length_len(body)?)?.checked_add(1)
        };
        size().is_some_and(|size| size <= self.limit)
    }

    /// Returns the properties with which the packet fits: without the Reason String if that is enough, otherwise with it and
    /// as many User Properties as possible, otherwise without it and as many as possible.
    fn retained(&self) -> Option<Vec<u8>> {
        let without_reason = self.retained_with(false);
        match &without_reason {
            Some((_, true)) => without_reason,
            _ => self.retained_with(true).or(without_reason),
        }
        .map(|(retained, _)| retained)
    }

    /// Returns the properties in their order, with or without the Reason String, and with each User Property that still
    /// fits. The flag is `true` if all of them do. Returns `None` if the others do not fit.
    fn retained_with(&self, reason_string: bool) -> Option<(Vec<u8>, bool)> {
        let is_dropped = |identifier| identifier == PropertyIdentifier::ReasonString && !reason_string;
        let mut len = 0_usize;
        for (identifier, bytes) in self.parts() {
            if identifier != PropertyIdentifier::UserProperty && !is_dropped(identifier) {
                len = len.saturating_add(bytes.len());
            }
        }
        if len > 0 && !self.fits(len) {
            return None;
        }
        let (mut retained, mut has_all) = (Vec::new(), true);
        for (identifier, bytes) in self.parts() {
            if identifier == PropertyIdentifier::UserProperty {
                let longer = len.saturating_add(bytes.len());
                if !self.fits(longer) {
                    has_all = false;
                    continue;
                }
                len = longer;
            } else if is_dropped(identifier) {
                continue;
            }
            retained.extend_from_slice(bytes);
        }
        Some((retained, has_all))
    }

    /// Returns the properties with their bytes.
    fn parts(&self) -> impl Iterator<Item = (PropertyIdentifier, &'p [u8])> {
        let mut properties = self.properties.clone();
        core::iter::from_fn(move || {
            let (property, bytes) = properties.next_with_bytes()?;
            Some((property.identifier(), bytes))
        })
    }
}

/// Returns the encoded length of a length in bytes, or `None` if it exceeds the maximum of a packet.
fn length_len(length: usize) -> Option<usize> {
    VariableByteInteger::try_from(length).ok().map(VariableByteInteger::encoded_len)
}

#[cfg(test)]
mod tests {
    use super::StreamEncoder;
    use crate::{EncodeErrorKind, EncodeOptions, decode};
    use bytes::BytesMut;
    use core::num::NonZero;
    use mqtt_types::ProtocolVersion::{V3_1, V3_1_1, V5};
    use mqtt_types::{
        ConnAck, ConnAckProperties, Disconnect, DisconnectReasonCode, Packet, PacketIdentifier, Property, PubAck,
        PubAckProperties, Publish, PublishProperties, TopicName,
    };

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
    fn what_the_version_lacks_is_dropped_or_is_an_error() {
        let connack =
            ConnAck::accepted(true).with_properties(ConnAckProperties::builder().receive_maximum(9).build().unwrap());
        let disconnect = Disconnect::new(DisconnectReasonCode::SESSION_TAKEN_OVER);
        for (version, connack_bytes, disconnect_bytes) in [
            (V5, &b"\x20\x06\x01\0\x03\x21\0\x09"[..], Some(&b"\xE0\x01\x8E"[..])),
            (V3_1_1, b"\x20\x02\x01\0", None),
            (V3_1, b"\x20\x02\0\0", None),
        ] {
            let mut encoder = StreamEncoder::new(EncodeOptions::new(version));
            let mut output = BytesMut::new();
            assert_eq!(encoder.encode_converted(&connack.clone().into(), &mut output), Ok(connack_bytes.len()));
            assert_eq!(output, connack_bytes);
            let mut output = BytesMut::new();
            let encoded = encoder.encode_converted(&disconnect.clone().into(), &mut output);
            assert_eq!(encoded.ok(), disconnect_bytes.map(<[u8]>::len));
            assert_eq!(output, disconnect_bytes.unwrap_or_default());
            // The limit of the peer applies to the converted packet.
            encoder.set_peer_maximum_packet_size(NonZero::new(3));
            let error = encoder.encode_converted(&connack.clone().into(), &mut output).unwrap_err();
            let kind = EncodeErrorKind::ExceedsMaximumPacketSize { size: connack_bytes.len(), limit: 3 };
            assert_eq!(error.kind(), kind);
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

    /// Returns a PUBACK with these User Properties around a Reason String, and the sizes that it has with some of them.
    fn puback(users: &[usize], reason: Option<usize>) -> Vec<u8> {
        let user = |len: usize| {
            [&[0x26, 0, 1, b'k'], &u16::try_from(len).unwrap().to_be_bytes()[..], &vec![b'v'; len]].concat()
        };
        let mut properties: Vec<u8> = users.iter().flat_map(|len| user(*len)).collect();
        if let Some(reason) = reason {
            properties.extend([0x1F]);
            properties.extend(u16::try_from(reason).unwrap().to_be_bytes());
            properties.extend(vec![b'r'; reason]);
        }
        properties
    }

    /// Returns the parts of a PUBACK that the encoder sends within this limit: the lengths of the User Properties, and
    /// whether the Reason String is sent.
    fn sent(properties: &[u8], limit: u32) -> Option<(usize, Vec<usize>, bool)> {
        let properties = PubAckProperties::new(properties).unwrap();
        let puback = PubAck { properties, ..PubAck::new(PacketIdentifier::MIN) };
        let mut encoder = StreamEncoder::new(EncodeOptions::new(V5));
        encoder.set_peer_maximum_packet_size(NonZero::new(limit));
        encoder.set_drops_explanations(true);
        let mut output = BytesMut::new();
        let len = encoder.encode(&puback, &mut output).ok()?;
        let (packet, consumed) = decode(&output, V5).unwrap().complete().unwrap();
        let Packet::PubAck(puback) = packet else { panic!("{packet}") };
        assert!(consumed == len && u32::try_from(len).unwrap() <= limit);
        let users = puback.properties.user_properties().map(|pair| pair.value.len()).collect();
        Some((len, users, puback.properties.reason_string().is_some()))
    }

    /// The sent packet is never longer than the limit, and a User Property is dropped only if it does not fit.
    #[test]
    #[cfg_attr(miri, ignore = "takes too long")]
    fn as_many_user_properties_as_fit_are_kept() {
        for (users, reason) in [
            (&[3, 50, 0, 7][..], Some(5)),
            (&[3, 50, 0, 7], None),
            (&[120, 1, 1], Some(0)),
            (&[130, 130, 130], None),
            (&[16_300, 100, 1], Some(100)),
        ] {
            let properties = puback(users, reason);
            let whole = sent(&properties, u32::MAX).unwrap();
            assert_eq!((&whole.1[..], whole.2), (users, reason.is_some()));
            let largest = u32::try_from(whole.0).unwrap();
            assert_eq!(sent(&properties, largest), Some(whole));
            for limit in (4..largest).rev().filter(|limit| *limit < 500 || *limit > largest - 200) {
                let (len, kept, has_reason) = sent(&properties, limit).unwrap();
                // One more User Property would not fit, and the kept ones are in their order.
                let mut rest = kept.iter().peekable();
                let left: Vec<usize> = users.iter().copied().filter(|user| rest.next_if_eq(&user).is_none()).collect();
                assert_eq!(rest.next(), None, "{kept:?} of {users:?}");
                // Its bytes, and one more of each length at most.
                for user in &left {
                    assert!(len + user + 6 + 4 > usize::try_from(limit).unwrap(), "{limit}: {left:?}");
                }
                // The Reason String is kept if it fits, or left out because that is enough.
                if reason.is_some() && !has_reason && !left.is_empty() {
                    assert!(5 + 2 + 3 + reason.unwrap_or_default() > usize::try_from(limit).unwrap(), "{limit}");
                }
            }
            assert_eq!(sent(&properties, 3), None);
        }
    }

    #[test]
    fn a_user_property_that_does_not_fit_does_not_keep_later_ones_out() {
        // 4 bytes and the Reason Code, the Property Length, and 6 bytes and the value of each.
        let properties = puback(&[90, 1, 80, 2], None);
        assert_eq!(sent(&properties, 21), Some((21, vec![1, 2], false)));
        assert_eq!(sent(&properties, 20), Some((13, vec![1], false)));
        assert_eq!(sent(&properties, 13), Some((13, vec![1], false)));
        assert_eq!(sent(&properties, 12), Some((4, vec![], false)));
        let with_reason = puback(&[90, 1, 80, 2], Some(2));
        assert_eq!(sent(&with_reason, 26), Some((26, vec![1, 2], true)));
        assert_eq!(sent(&with_reason, 11), Some((11, vec![], true)));
        assert_eq!(sent(&with_reason, 10), Some((4, vec![], false)));
    }

    /// No packet has this many bytes, with or without a limit of the peer.
    #[test]
    #[cfg_attr(miri, ignore = "takes too long")]
    fn more_than_the_longest_packet_is_dropped_too() {
        let one = puback(&[65_535; 16], None);
        let properties = one.repeat(257);
        assert!(properties.len() > 1 << 28);
        assert_eq!(sent(&properties, 65_551), Some((65_551, vec![65_535], false)));
        let set = PubAckProperties::new(&properties[..]).unwrap();
        let puback = PubAck { properties: set, ..PubAck::new(PacketIdentifier::MIN) };
        let encoder = StreamEncoder::new(EncodeOptions::new(V5));
        let error = encoder.encode(&puback, &mut BytesMut::new()).unwrap_err();
        assert_eq!(error.kind(), EncodeErrorKind::PacketTooLarge);
    }
}
