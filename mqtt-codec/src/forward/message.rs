//! A message that is sent to many subscribers.

use crate::error::{EncodeError, EncodeErrorKind, Field};
use crate::forward::cut_frame::CutFrame;
use crate::forward::shared_properties::SharedProperties;
use crate::forward::subscriber::{Subscriber, Topic};
#[cfg(feature = "bytes")]
use crate::frame::PublishFrame;
#[cfg(feature = "bytes")]
use crate::options::EncodeOptions;
use crate::wire::Pieces;
use crate::wire::encode_body::buffer_too_small;
use crate::wire::length::Length as _;
use crate::wire::pieces::PieceWriter;
#[cfg(feature = "bytes")]
use crate::wire::write::BufMutWriter;
use crate::wire::write::{SliceWriter, Write, length_prefix};
#[cfg(feature = "bytes")]
use bytes::{BufMut, Bytes, BytesMut};
use core::fmt;
use mqtt_types::{
    FixedHeader, PacketType, PropertyIdentifier, PropertyIter, ProtocolVersion, Publish, PublishProperties, QoS,
    SubscriptionOptions, TopicName, VariableByteInteger,
};

/// A message that is sent to many subscribers.
///
/// Everything that the subscribers share is prepared once for each protocol version. For each [`Subscriber`], only the
/// fields that differ are computed.
///
/// | field | comes from |
/// | --- | --- |
/// | topic, payload, properties and their order | the message, by reference |
/// | Message Expiry Interval | the message, less the time that it [waited](Subscriber::with_waited) |
/// | Topic Alias, Subscription Identifiers | the subscriber; those of the message belong to the publisher's connection and are never forwarded |
/// | QoS, Packet Identifier, DUP, RETAIN | the subscriber |
///
/// Preparing a message neither allocates nor copies. The packet can then be written into a [slice](Self::encode), appended
/// to a [buffer][Self::encode_to], or returned as [pieces](Self::encode_vectored) that borrow the payload. If several
/// subscribers get exactly the same packet, [`to_bytes`][Self::to_bytes] makes one shared packet for all of them. To send a
/// message again, call the same method with [`Subscriber::duplicate`].
///
/// The result is the same, byte for byte, as decoding the message, changing these fields and encoding it. The properties of
/// the subscriber come first, then those of the message.
///
/// ```
/// use mqtt_codec::{Delivery, Forward, PacketIdentifier, ProtocolVersion, Publish, Subscriber, TopicName};
///
/// let message = Publish::new(TopicName::from_static("kitchen/temperature"), b"21.5");
/// let forward = Forward::new(&message, ProtocolVersion::V5)?;
/// let mut output = Vec::new();
/// for number in 1..=3 {
///     let identifier = PacketIdentifier::new(number).unwrap(); // of this subscriber's session
///     forward.encode_to(&Subscriber::new(Delivery::at_least_once(identifier)), &mut output)?;
/// }
/// assert_eq!(output.len(), 3 * 30);
/// # Ok::<(), mqtt_codec::EncodeError>(())
/// ```
#[cfg_attr(
    not(feature = "bytes"),
    doc = "\n[Self::encode_to]: index.html#features\n[Self::to_bytes]: index.html#features"
)]
#[derive(Clone, Copy)]
pub struct Forward<'m> {
    version: ProtocolVersion,
    qos: QoS,
    retain: bool,
    topic_name: TopicName<&'m [u8]>,
    /// The properties to send. They are empty for 3.x, which has no properties.
    properties: SharedProperties<'m>,
    dropped: PublishProperties<&'m [u8]>,
    payload: &'m [u8],
    /// The topic with its length, and the properties with the payload, if both are contiguous in a frame. Writing then
    /// takes two copies instead of four.
    side_by_side: Option<(&'m [u8], &'m [u8])>,
    /// The frame, if it is the packet for most subscribers but for the first byte and the Packet Identifier.
    cut: Option<CutFrame<'m>>,
    #[cfg(feature = "bytes")]
    frame: Option<&'m PublishFrame>,
}

impl<'m> Forward<'m> {
    /// Prepares a message for the subscribers that use `version`.
    ///
    /// # Errors
    ///
    /// Returns [`TopicNameMissing`](EncodeErrorKind::TopicNameMissing) if the message has a Topic Alias and no Topic Name. A
    /// Topic Alias is valid only on the connection that it came from \[MQTT-3.3.2-7\]: look up the name, and call
    /// [`with_topic_name`](Self::with_topic_name).
    #[inline]
    pub fn new(message: &Publish<&'m [u8]>, version: ProtocolVersion) -> Result<Self, EncodeError> {
        match message.topic_name() {
            Some(topic_name) => Ok(Self::with_topic_name(message, *topic_name, version)),
            None => Err(topic_name_missing(version)),
        }
    }

    /// Prepares a message for the subscribers that use `version`, and replaces its Topic Name.
    ///
    /// Pass the name that the message's Topic Alias stands for, or any other name.
    #[inline]
    #[must_use]
    pub fn with_topic_name(
        message: &Publish<&'m [u8]>,
        topic_name: TopicName<&'m [u8]>,
        version: ProtocolVersion,
    ) -> Self {
        let none = PublishProperties::default();
        let (kept, dropped) =
            if version.is_v3() { (none, *message.properties()) } else { (*message.properties(), none) };
        Self {
            version,
            qos: message.qos(),
            retain: message.retain,
            topic_name,
            properties: SharedProperties::new(kept),
            dropped,
            payload: message.payload,
            side_by_side: None,
            cut: None,
            #[cfg(feature = "bytes")]
            frame: None,
        }
    }

    /// Prepares a message that is kept as a frame. If the packet for a subscriber equals the frame,
    /// [`to_bytes`](Self::to_bytes) returns the bytes of the frame.
    ///
    /// # Errors
    ///
    /// The same as [`new`](Self::new).
    #[cfg(feature = "bytes")]
    #[inline]
    pub fn from_frame(message: &'m PublishFrame, version: ProtocolVersion) -> Result<Self, EncodeError> {
        let forward = Self::new(&message.as_borrowed(), version)?;
        let bytes = message.as_bytes().as_ref();
        let topic_start = usize::from(message.header_len());
        let topic_end = topic_start.saturating_add(2).saturating_add(forward.topic_name.as_bytes().len());
        let tail_len = forward.properties.len().saturating_add(forward.payload.len());
        let side_by_side = match (bytes.get(topic_start..topic_end), bytes.len().checked_sub(tail_len)) {
            (Some(topic), Some(tail)) if forward.properties.are_at_the_end() => {
                Some((topic, bytes.get(tail..).unwrap_or_default()))
            }
            _ => None,
        };
        let same = message.canonical_bytes(&EncodeOptions::new(version)).filter(|_| forward.properties.are_all());
        let cut = same.and_then(|bytes| CutFrame::new(bytes, topic_end, message.qos()));
        Ok(Self { frame: Some(message), side_by_side, cut, ..forward })
    }

    /// Returns the version of the subscribers.
    #[must_use]
    pub const fn version(&self) -> ProtocolVersion {
        self.version
    }

    /// Returns the Topic Name.
    #[must_use]
    pub const fn topic_name(&self) -> TopicName<&'m [u8]> {
        self.topic_name
    }

    /// Returns the QoS for a subscription: the lower of the message's QoS and the subscription's Maximum QoS.
    #[must_use]
    pub fn qos(&self, options: SubscriptionOptions) -> QoS {
        self.qos.min(options.maximum_qos)
    }

    /// Returns the RETAIN flag for forwarding the message to an existing subscription: the flag of the message if Retain As
    /// Published is set \[MQTT-3.3.1-13\], else `false` \[MQTT-3.3.1-12\].
    ///
    /// A message that is sent because the subscription is new has RETAIN set; this function is not for that case.
    #[must_use]
    pub const fn retain_as_published(&self, options: SubscriptionOptions) -> bool {
        options.retain_as_published && self.retain
    }

    /// Returns the properties that the version of the subscribers cannot express: all of them in 3.x, none in 5.0.
    #[must_use]
    pub fn dropped_properties(&self) -> PropertyIter<'m> {
        self.dropped.iter()
    }

    /// Returns the length in bytes of the packet for a subscriber, fixed header included.
    ///
    /// # Errors
    ///
    /// Returns an error if:
    ///
    /// - the subscriber has a Topic Alias or a Subscription Identifier, and the version is 3.x;
    /// - the Message Expiry Interval has passed;
    /// - the packet is longer than MQTT allows, or than the subscriber accepts.
    #[inline]
    pub fn encoded_len(&self, subscriber: &Subscriber<'_>) -> Result<usize, EncodeError> {
        Ok(self.measure(subscriber)?.packet_len())
    }

    /// Encodes the packet for a subscriber into the start of `output`. Returns its length in bytes.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`encoded_len`](Self::encoded_len), and an error if the output is shorter than the packet. After
    /// an error the output is unchanged.
    #[inline]
    pub fn encode(&self, subscriber: &Subscriber<'_>, output: &mut [u8]) -> Result<usize, EncodeError> {
        if let Some(cut) = self.cut_for(subscriber) {
            let Some(room) = output.get_mut(..cut.len()) else {
                return buffer_too_small(PacketType::Publish, self.version, cut.len());
            };
            cut.write(subscriber, &mut SliceWriter { free: room });
            return Ok(cut.len());
        }
        let measured = self.measure(subscriber)?;
        let len = measured.packet_len();
        let Some(room) = output.get_mut(..len) else {
            return buffer_too_small(PacketType::Publish, self.version, len);
        };
        self.write(subscriber, &measured, &mut SliceWriter { free: room });
        Ok(len)
    }

    /// Appends the packet for a subscriber to `output`. Returns its length in bytes.
    ///
    /// # Errors
    ///
    /// The same as [`encode`](Self::encode). After an error the output is unchanged.
    #[cfg(feature = "bytes")]
    #[inline]
    pub fn encode_to(&self, subscriber: &Subscriber<'_>, output: &mut impl BufMut) -> Result<usize, EncodeError> {
        if let Some(cut) = self.cut_for(subscriber) {
            if output.remaining_mut() < cut.len() {
                return buffer_too_small(PacketType::Publish, self.version, cut.len());
            }
            cut.write(subscriber, &mut BufMutWriter::new(output));
            return Ok(cut.len());
        }
        let measured = self.measure(subscriber)?;
        let len = measured.packet_len();
        if output.remaining_mut() < len {
            return buffer_too_small(PacketType::Publish, self.version, len);
        }
        self.write(subscriber, &measured, &mut BufMutWriter::new(output));
        Ok(len)
    }

    /// Returns the packet for a subscriber in pieces, for vectored writes.
    ///
    /// Topic, properties and payload are borrowed if they have 32 bytes or more. Everything else is copied into `scratch`, for
    /// which [`Pieces::SCRATCH`] bytes are enough with up to 16 Subscription Identifiers.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`encoded_len`](Self::encoded_len), and an error if `scratch` is too small.
    #[inline]
    pub fn encode_vectored<'p>(
        &self,
        subscriber: &Subscriber<'_>,
        scratch: &'p mut [u8],
    ) -> Result<Pieces<'p>, EncodeError>
    where
        'm: 'p,
    {
        let mut writer = PieceWriter::new(scratch);
        match self.cut_for(subscriber) {
            Some(cut) => cut.write(subscriber, &mut writer),
            None => self.write(subscriber, &self.measure(subscriber)?, &mut writer),
        }
        writer.finish().or_else(|needed| buffer_too_small(PacketType::Publish, self.version, needed))
    }

    /// Returns the packet for a subscriber as shared bytes.
    ///
    /// The same bytes can be sent to every subscriber that has QoS 0, the same RETAIN and Subscription Identifiers, and no
    /// Topic Alias.
    ///
    /// If the message is a [frame](Self::from_frame), and the packet equals it, the cost is one reference count. Otherwise it
    /// is one allocation and one copy of the message.
    ///
    /// # Errors
    ///
    /// The same as [`encoded_len`](Self::encoded_len).
    #[cfg(feature = "bytes")]
    pub fn to_bytes(&self, subscriber: &Subscriber<'_>) -> Result<Bytes, EncodeError> {
        let measured = self.measure(subscriber)?;
        if let Some(bytes) = self.unchanged(subscriber) {
            return Ok(bytes.clone());
        }
        let mut output = BytesMut::with_capacity(measured.packet_len());
        self.write(subscriber, &measured, &mut BufMutWriter::new(&mut output));
        Ok(output.freeze())
    }

    /// Returns the bytes of the frame, if they equal the packet for this subscriber.
    #[cfg(feature = "bytes")]
    fn unchanged(&self, subscriber: &Subscriber<'_>) -> Option<&'m Bytes> {
        let frame = self.frame?;
        let is_same = subscriber.delivery == frame.delivery()
            && subscriber.retain == frame.retain()
            && subscriber.topic == Topic::Name
            && subscriber.subscription_identifiers.is_empty()
            && (subscriber.waited == 0 || self.properties.message_expiry_interval().is_none())
            && self.properties.are_all();
        if is_same { frame.canonical_bytes(&EncodeOptions::new(self.version)) } else { None }
    }

    /// Returns the frame if only its first byte and its Packet Identifier may differ from the packet for this subscriber.
    #[inline(always)]
    fn cut_for(&self, subscriber: &Subscriber<'_>) -> Option<&CutFrame<'m>> {
        self.cut.as_ref().filter(|cut| cut.serves(subscriber))
    }

    /// Makes every check that can fail, and computes the lengths, before anything is written.
    #[inline]
    fn measure(&self, subscriber: &Subscriber<'_>) -> Result<Measured, EncodeError> {
        let Subscriber { topic, subscription_identifiers, waited, maximum_packet_size, .. } = *subscriber;
        // A message expires for subscribers of 3.x too, although they are not told its interval.
        let lifetime = || self.properties.message_expiry_interval().or_else(|| self.dropped.message_expiry_interval());
        if waited > 0 && lifetime().is_some_and(|seconds| seconds <= waited) {
            return Err(self.error(EncodeErrorKind::MessageExpired, PropertyIdentifier::MessageExpiryInterval));
        }
        let topic_len = if topic.has_name() { self.topic_name.as_bytes().len() } else { 0 };
        let mut len = topic_len.plus(2).plus(self.payload.len());
        if subscriber.delivery.packet_identifier().is_some() {
            len = len.plus(2);
        }
        let mut properties_len = self.properties.len();
        if topic.alias().is_some() {
            properties_len = properties_len.plus(3);
        }
        for identifier in subscription_identifiers {
            properties_len = properties_len.plus(1).plus(VariableByteInteger::from(*identifier).encoded_len());
        }
        let too_large = || error(EncodeErrorKind::PacketTooLarge, Field::RemainingLength, self.version);
        let properties_len = VariableByteInteger::try_from(properties_len).map_err(|_| too_large())?;
        if !self.version.is_v3() {
            len = len.plus(properties_len.encoded_len()).plus(properties_len.to_usize());
        } else if topic.alias().is_some() {
            return Err(self.not_in_version(PropertyIdentifier::TopicAlias));
        } else if !subscription_identifiers.is_empty() {
            return Err(self.not_in_version(PropertyIdentifier::SubscriptionIdentifier));
        }
        let header = FixedHeader {
            packet_type: PacketType::Publish,
            flags: subscriber.flags(),
            remaining_length: VariableByteInteger::try_from(len).map_err(|_| too_large())?,
        };
        let measured = Measured { header, properties_len };
        if let Some(limit) = maximum_packet_size {
            let size = measured.packet_len();
            if u32::try_from(size).unwrap_or(u32::MAX) > limit.get() {
                let kind = EncodeErrorKind::ExceedsMaximumPacketSize { size, limit: limit.get() };
                return Err(error(kind, Field::RemainingLength, self.version));
            }
        }
        Ok(measured)
    }

    #[inline]
    fn write<'p>(&self, subscriber: &Subscriber<'_>, measured: &Measured, output: &mut impl Write<'p>)
    where
        'm: 'p,
    {
        let (first, remaining_length) = (measured.header.first_byte(), measured.header.remaining_length.to_usize());
        if let (Some((topic, tail)), 0, Topic::Name) = (self.side_by_side, subscriber.waited, subscriber.topic) {
            output.put_fixed_header(first, remaining_length);
            output.put_short_part(topic);
            self.write_identifier(subscriber, measured, output);
            write_subscription_identifiers(subscriber, output);
            return output.put_short_part(tail);
        }
        let topic_name = if subscriber.topic.has_name() { self.topic_name.as_bytes() } else { &[] };
        output.put_fixed_header_and(first, remaining_length, length_prefix(topic_name));
        output.put_short_part(topic_name);
        self.write_identifier(subscriber, measured, output);
        if !self.version.is_v3() {
            if let Some(alias) = subscriber.topic.alias() {
                output.put_byte(PropertyIdentifier::TopicAlias.as_u8());
                output.put_two_byte_integer(alias.get());
            }
            write_subscription_identifiers(subscriber, output);
            self.properties.write(subscriber.waited, output);
        }
        output.put_short_part(self.payload);
    }

    /// Writes the Packet Identifier, if there is one, and in 5.0 the Property Length.
    #[inline(always)]
    fn write_identifier<'p>(&self, subscriber: &Subscriber<'_>, measured: &Measured, output: &mut impl Write<'p>) {
        let packet_identifier = subscriber.delivery.packet_identifier();
        if !self.version.is_v3() {
            output.put_identifier_and_length(packet_identifier, measured.properties_len.to_usize());
        } else if let Some(packet_identifier) = packet_identifier {
            output.put_two_byte_integer(packet_identifier.get());
        }
    }

    #[cold]
    fn not_in_version(&self, identifier: PropertyIdentifier) -> EncodeError {
        self.error(EncodeErrorKind::NotInVersion(self.version), identifier)
    }

    #[cold]
    fn error(&self, kind: EncodeErrorKind, identifier: PropertyIdentifier) -> EncodeError {
        error(kind, Field::Property(identifier), self.version)
    }
}

#[cold]
const fn topic_name_missing(version: ProtocolVersion) -> EncodeError {
    error(EncodeErrorKind::TopicNameMissing, Field::TopicName, version)
}

const fn error(kind: EncodeErrorKind, field: Field, version: ProtocolVersion) -> EncodeError {
    EncodeError { kind, field, packet_type: PacketType::Publish, version, from_client: false }
}

#[inline]
fn write_subscription_identifiers<'p>(subscriber: &Subscriber<'_>, output: &mut impl Write<'p>) {
    for identifier in subscriber.subscription_identifiers {
        output.put_byte(PropertyIdentifier::SubscriptionIdentifier.as_u8());
        output.put_length(VariableByteInteger::from(*identifier).to_usize());
    }
}

/// The parts of a packet that are computed before anything is written.
struct Measured {
    header: FixedHeader,
    properties_len: VariableByteInteger,
}

impl Measured {
    #[inline]
    fn packet_len(&self) -> usize {
        self.header.remaining_length.to_usize().plus(self.header.encoded_len())
    }
}

impl fmt::Debug for Forward<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Forward")
            .field("version", &self.version)
            .field("topic_name", &self.topic_name)
            .field("payload", &format_args!("{} bytes", self.payload.len()))
            .finish_non_exhaustive()
    }
}
