//! From bytes to a packet: the entry points and their options.

use crate::fixed_header::{self, DecodedFixedHeader};
use crate::primitives::{Fault, Whole, fault};
use crate::{DecodeError, DecodeErrorKind, Field};
use crate::{acknowledgement, auth, connack, connect, disconnect, publish, suback, subscribe, unsuback, unsubscribe};
use core::num::NonZeroUsize;
use mqtt_types::{
    Auth, Buffer, ConnAck, Connect, Disconnect, Packet, PacketType, PingReq, PingResp, ProtocolVersion, PubAck,
    PubComp, PubRec, PubRel, Publish, Sender, SubAck, Subscribe, UnsubAck, Unsubscribe,
};

/// How packets are decoded: the version, and what else is known or wanted.
///
/// A [`ProtocolVersion`] becomes options that are strict in all that the standard demands and know nothing of the sender.
/// CONNECT names its own version and is judged by that.
///
/// | option | default | what it does |
/// | --- | --- | --- |
/// | [`sender`](Self::sender) | either | refuses packets and fields that this side does not send |
/// | [`maximum_packet_size`](Self::maximum_packet_size) | 268,435,460 | refuses larger packets as soon as their header is there |
/// | [`refuse_discouraged_characters`](Self::refuse_discouraged_characters) | no | refuses control characters and non-characters in strings |
/// | [`refuse_long_client_identifiers`](Self::refuse_long_client_identifiers) | no | refuses more than 23 characters in 3.1 |
/// | [`check_payload_format`](Self::check_payload_format) | no | checks payloads that are said to be UTF-8 |
/// | [`allow_bridge_bit`](Self::allow_bridge_bit) | no | takes bit 7 of the level for what bridges mean by it |
/// | [`allow_dup_at_qos_0`](Self::allow_dup_at_qos_0) | no | ignores DUP in a PUBLISH of QoS 0 |
/// | [`allow_empty_client_identifier`](Self::allow_empty_client_identifier) | no | leaves it to the caller of 3.x |
/// | [`allow_longer_lengths`](Self::allow_longer_lengths) | no | takes lengths in more bytes than they need in 5.0 too |
/// | [`allow_invalid_topic_filters`](Self::allow_invalid_topic_filters) | no | leaves each filter to the caller |
/// | [`allow_subscription_identifier_from_client`](Self::allow_subscription_identifier_from_client) | no | takes what a bridge forwards as it was received |
/// | [`allow_mqtt_level_3`](Self::allow_mqtt_level_3) | no | takes `MQTT` with level 3 for 3.1 |
/// | [`allow_connack_of_other_version`](Self::allow_connack_of_other_version) | no | takes a CONNACK in the form that it has |
/// | [`allow_password_without_user_name`](Self::allow_password_without_user_name) | no | takes in 3.x what 5.0 allows |
///
/// ```
/// use mqtt_codec::{DecodeErrorKind, DecodeOptions, ProtocolVersion, Sender, decode};
///
/// let server = DecodeOptions::new(ProtocolVersion::V5).sender(Sender::Client).maximum_packet_size(1 << 20);
/// let error = decode(&[0xD0, 0x00], server).unwrap_err(); // PINGRESP
/// assert_eq!(error.kind(), DecodeErrorKind::WrongSender(Sender::Client));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DecodeOptions {
    pub(crate) version: ProtocolVersion,
    pub(crate) sender: Sender,
    pub(crate) maximum_packet_size: u32,
    pub(crate) refuse_discouraged_characters: bool,
    pub(crate) refuse_long_client_identifiers: bool,
    pub(crate) check_payload_format: bool,
    pub(crate) allow_bridge_bit: bool,
    pub(crate) allow_dup_at_qos_0: bool,
    pub(crate) allow_empty_client_identifier: bool,
    pub(crate) allow_longer_lengths: bool,
    pub(crate) allow_invalid_topic_filters: bool,
    pub(crate) allow_subscription_identifier_from_client: bool,
    pub(crate) allow_mqtt_level_3: bool,
    pub(crate) allow_connack_of_other_version: bool,
    pub(crate) allow_password_without_user_name: bool,
}

impl DecodeOptions {
    /// The largest packet of all: five bytes of fixed header, and the largest Remaining Length.
    pub const LARGEST_PACKET: u32 = 268_435_460;

    /// Strict in all that the standard demands, for packets of either sender and any size.
    #[must_use]
    pub const fn new(version: ProtocolVersion) -> Self {
        Self {
            version,
            sender: Sender::Either,
            maximum_packet_size: Self::LARGEST_PACKET,
            refuse_discouraged_characters: false,
            refuse_long_client_identifiers: false,
            check_payload_format: false,
            allow_bridge_bit: false,
            allow_dup_at_qos_0: false,
            allow_empty_client_identifier: false,
            allow_longer_lengths: false,
            allow_invalid_topic_filters: false,
            allow_subscription_identifier_from_client: false,
            allow_mqtt_level_3: false,
            allow_connack_of_other_version: false,
            allow_password_without_user_name: false,
        }
    }

    /// The version by whose rules packets other than CONNECT are judged.
    #[must_use]
    pub const fn version(self) -> ProtocolVersion {
        self.version
    }

    /// Who sent the packets: what only the other side sends is refused. Reason Codes of DISCONNECT and AUTH are not:
    /// the peer is leaving anyway, and [`ReasonCode::is_allowed_in`](mqtt_types::ReasonCode::is_allowed_in) tells.
    #[must_use]
    pub const fn sender(self, sender: Sender) -> Self {
        Self { sender, ..self }
    }

    /// The largest packet in bytes, fixed header included, as Maximum Packet Size counts.
    #[must_use]
    pub const fn maximum_packet_size(self, bytes: u32) -> Self {
        Self { maximum_packet_size: bytes, ..self }
    }

    /// Refuse strings with control characters or non-characters, as section 1.5.4 allows. A client that does so can be
    /// thrown off by anybody who publishes to it; a server that does so protects its subscribers.
    #[must_use]
    pub const fn refuse_discouraged_characters(self, refuse: bool) -> Self {
        Self { refuse_discouraged_characters: refuse, ..self }
    }

    /// Refuse Client Identifiers of more than 23 characters in 3.1, as its text has it and no large server does.
    #[must_use]
    pub const fn refuse_long_client_identifiers(self, refuse: bool) -> Self {
        Self { refuse_long_client_identifiers: refuse, ..self }
    }

    /// Check that a payload with Payload Format Indicator 1 is UTF-8 (5.0), the Will's too.
    #[must_use]
    pub const fn check_payload_format(self, check: bool) -> Self {
        Self { check_payload_format: check, ..self }
    }

    /// Take bit 7 of the protocol level in 3.1 and 3.1.1 for a bridge's mark, instead of refusing the level. Sent by
    /// the bridges of Mosquitto (by default), `NanoMQ` and `VerneMQ`; they go on without it when they are refused.
    #[must_use]
    pub const fn allow_bridge_bit(self, allow: bool) -> Self {
        Self { allow_bridge_bit: allow, ..self }
    }

    /// Ignore DUP in a PUBLISH of QoS 0, instead of refusing it. `VerneMQ`, rumqtt and mqtt-packet accept it too.
    #[must_use]
    pub const fn allow_dup_at_qos_0(self, allow: bool) -> Self {
        Self { allow_dup_at_qos_0: allow, ..self }
    }

    /// Accept an empty Client Identifier in 3.1, and in 3.1.1 without Clean Session, as some servers do by
    /// configuration.
    #[must_use]
    pub const fn allow_empty_client_identifier(self, allow: bool) -> Self {
        Self { allow_empty_client_identifier: allow, ..self }
    }

    /// Take a Remaining Length or Property Length in more bytes than it needs in 5.0 too, where MQTT-1.5.5-1 forbids it.
    /// Written by encoders that reserve room for a length before they know it; accepted by EMQX, `VerneMQ`, Mochi and
    /// mqtt-packet. (3.x has no such rule, and always takes it.)
    #[must_use]
    pub const fn allow_longer_lengths(self, allow: bool) -> Self {
        Self { allow_longer_lengths: allow, ..self }
    }

    /// Let SUBSCRIBE and UNSUBSCRIBE through with filters that are text and no Topic Filter, so that a server can answer
    /// each filter by itself, as EMQX, `HiveMQ` and RMQTT do (0x8F, in 3.1.1 0x80), instead of closing the connection, as
    /// Mosquitto does. [`TopicFilter::check`](mqtt_types::TopicFilter::check) tells which they are.
    #[must_use]
    pub const fn allow_invalid_topic_filters(self, allow: bool) -> Self {
        Self { allow_invalid_topic_filters: allow, ..self }
    }

    /// Take Subscription Identifiers in a client's PUBLISH, where MQTT-3.3.4-6 forbids them. Sent by bridges that forward
    /// what they received as it is; Mosquitto takes them from bridges.
    #[must_use]
    pub const fn allow_subscription_identifier_from_client(self, allow: bool) -> Self {
        Self { allow_subscription_identifier_from_client: allow, ..self }
    }

    /// Take Protocol Name `MQTT` with level 3 for 3.1, whose name is `MQIsdp`. Sent by hand-made clients of devices;
    /// the large servers refuse it.
    #[must_use]
    pub const fn allow_mqtt_level_3(self, allow: bool) -> Self {
        Self { allow_mqtt_level_3: allow, ..self }
    }

    /// Take a CONNACK in the form that it has, of two bytes in 3.x and more in 5.0, whatever the version of the connection
    /// is. Servers that do not speak 5.0 refuse a client of 5.0 in the form of 3.x (aedes, amqtt), and Mosquitto refuses
    /// levels that it does not know in the form of 5.0. Without this option the former is
    /// [`ServerSpeaksVersion3`](DecodeErrorKind::ServerSpeaksVersion3).
    #[must_use]
    pub const fn allow_connack_of_other_version(self, allow: bool) -> Self {
        Self { allow_connack_of_other_version: allow, ..self }
    }

    /// Take a Password without a User Name in 3.x, where MQTT-3.1.2-22 forbids it and 5.0 does not. Sent by clients that
    /// put a token there; accepted by mqtt-packet, and by EMQX unless it is told to be strict.
    #[must_use]
    pub const fn allow_password_without_user_name(self, allow: bool) -> Self {
        Self { allow_password_without_user_name: allow, ..self }
    }

    pub(crate) const fn with_version(self, version: ProtocolVersion) -> Self {
        Self { version, ..self }
    }
}

impl From<ProtocolVersion> for DecodeOptions {
    fn from(version: ProtocolVersion) -> Self {
        Self::new(version)
    }
}

/// What there is at the start of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decoded<P> {
    /// A whole packet; what follows its `consumed` bytes is the next one.
    Complete {
        /// The packet.
        packet: P,
        /// How many bytes it has, fixed header included.
        consumed: usize,
    },
    /// Nothing wrong so far, but the packet goes on behind the end of the input.
    Incomplete {
        /// How many more bytes it needs at least.
        needed: NonZeroUsize,
    },
}

impl<P> Decoded<P> {
    /// The packet and how many bytes it has; `None` if it is incomplete.
    ///
    /// This moves the packet, which takes about as long as decoding a short one. Where that counts, look at the packet where
    /// it is: `match &decode(input, version)`, or `&mut` to change it.
    ///
    /// ```
    /// use mqtt_codec::{ProtocolVersion, decode};
    ///
    /// let input = [0xC0, 0x00, 0xE0];
    /// let (packet, consumed) = decode(&input, ProtocolVersion::V5)?.complete().unwrap();
    /// assert_eq!((packet.to_string().as_str(), consumed), ("PINGREQ", 2));
    /// assert!(decode(&input[consumed..], ProtocolVersion::V5)?.complete().is_none());
    /// # Ok::<(), mqtt_codec::DecodeError>(())
    /// ```
    #[inline]
    pub fn complete(self) -> Option<(P, usize)> {
        match self {
            Self::Complete { packet, consumed } => Some((packet, consumed)),
            Self::Incomplete { .. } => None,
        }
    }

    /// The same with another form of the packet.
    #[inline]
    pub fn map<Q>(self, map: impl FnOnce(P) -> Q) -> Decoded<Q> {
        match self {
            Self::Complete { packet, consumed } => Decoded::Complete { packet: map(packet), consumed },
            Self::Incomplete { needed } => Decoded::Incomplete { needed },
        }
    }
}

/// Decodes the packet at the start of `input`, by borrowing: nothing is allocated and nothing is copied.
///
/// Options are a [`ProtocolVersion`], or [`DecodeOptions`].
///
/// Time is linear in the length of the packet. A packet that is not all there yet is looked at as far as its fixed header;
/// in a packet that is all there, a field that is cut off is an error, never a reason to wait.
///
/// ```
/// use mqtt_codec::{Decoded, Packet, ProtocolVersion, decode};
///
/// let input = [0x30, 0x06, 0x00, 0x01, b'a', 0x00, b'h', b'i', /* the next packet */ 0xC0];
/// match decode(&input, ProtocolVersion::V5)? {
///     Decoded::Complete { packet: Packet::Publish(publish), consumed } => {
///         assert_eq!((publish.topic(), publish.payload, consumed), ("a", &b"hi"[..], 8));
///     }
///     Decoded::Complete { packet, .. } => println!("{packet}"),
///     Decoded::Incomplete { needed } => println!("at least {needed} more bytes"),
/// }
/// # Ok::<(), mqtt_codec::DecodeError>(())
/// ```
///
/// # Errors
///
/// The first rule that the packet breaks. A fault in the first byte is told before the packet is all there.
#[inline]
pub fn decode(input: &[u8], options: impl Into<DecodeOptions>) -> Result<Decoded<Packet<&[u8]>>, DecodeError> {
    decode_borrowed(input, &options.into())
}

/// One body for all callers; it is not worth to be copied into them.
#[inline(never)]
fn decode_borrowed<'a>(input: &'a [u8], options: &DecodeOptions) -> Result<Decoded<Packet<&'a [u8]>>, DecodeError> {
    decode_as(input, options, Sender::Either, Borrowed)
}

/// Decodes what a client received: [`decode`] with [`Sender::Server`], whatever sender the options name.
///
/// It gives the same packets and errors. What differs is that the sender is known when the program is compiled, so that
/// the decoders of what only a client sends, CONNECT, SUBSCRIBE, UNSUBSCRIBE and PINGREQ, are no part of it. On a small
/// device that is a good part of the codec's flash, as long as neither `decode`, `decode_shared` nor a decoder of streams is
/// used beside it: [`Decoded::Incomplete`] says how much to read. Called in one place, with options that are constant, it
/// leaves out what those never ask for too, if the processor is a small one.
///
/// ```
/// use mqtt_codec::{DecodeErrorKind, Packet, ProtocolVersion, Sender, decode_from_server};
///
/// let input = [0x90, 0x04, 0x00, 0x0A, 0x00, 0x01, /* PINGREQ */ 0xC0, 0x00];
/// let (packet, consumed) = decode_from_server(&input, ProtocolVersion::V5)?.complete().unwrap();
/// assert!(matches!(packet, Packet::SubAck(_)));
/// let error = decode_from_server(&input[consumed..], ProtocolVersion::V5).unwrap_err();
/// assert_eq!(error.kind(), DecodeErrorKind::WrongSender(Sender::Server));
/// # Ok::<(), mqtt_codec::DecodeError>(())
/// ```
///
/// # Errors
///
/// As [`decode`].
#[inline]
pub fn decode_from_server(
    input: &[u8],
    options: impl Into<DecodeOptions>,
) -> Result<Decoded<Packet<&[u8]>>, DecodeError> {
    decode_from::<true>(input, options.into())
}

/// Decodes what a server received: [`decode`] with [`Sender::Client`], whatever sender the options name.
///
/// It is to a server what [`decode_from_server`] is to a client: the decoders of CONNACK, SUBACK, UNSUBACK and PINGRESP
/// are no part of the program.
///
/// ```
/// use mqtt_codec::{Packet, ProtocolVersion, decode_from_client};
///
/// let (packet, _) = decode_from_client(&[0xC0, 0x00], ProtocolVersion::V5)?.complete().unwrap();
/// assert!(matches!(packet, Packet::PingReq(_)));
/// assert!(decode_from_client(&[0xD0, 0x00], ProtocolVersion::V5).is_err()); // PINGRESP
/// # Ok::<(), mqtt_codec::DecodeError>(())
/// ```
///
/// # Errors
///
/// As [`decode`].
#[inline]
pub fn decode_from_client(
    input: &[u8],
    options: impl Into<DecodeOptions>,
) -> Result<Decoded<Packet<&[u8]>>, DecodeError> {
    decode_from::<false>(input, options.into())
}

/// Unlike [`decode_borrowed`] it may be copied into its caller: a small program has one, and its options are known there.
#[inline]
fn decode_from<const SERVER: bool>(
    input: &[u8],
    options: DecodeOptions,
) -> Result<Decoded<Packet<&[u8]>>, DecodeError> {
    let sender = if SERVER { Sender::Server } else { Sender::Client };
    decode_as(input, &options.sender(sender), sender, Borrowed)
}

/// Decodes the packet at the start of `input` into shared slices of it: nothing is copied, each part that is not empty
/// counts one reference.
///
/// The packet keeps the whole buffer alive that `input` is a part of.
///
/// ```
/// use bytes::{Buf, Bytes};
/// use mqtt_codec::{Packet, ProtocolVersion, decode_shared};
///
/// let mut input = Bytes::from(vec![0x30, 0x06, 0x00, 0x01, b'a', 0x00, b'h', b'i', 0xC0, 0x00]);
/// let mut packets: Vec<Packet> = Vec::new();
/// while let Some((packet, consumed)) = decode_shared(&input, ProtocolVersion::V5)?.complete() {
///     input.advance(consumed);
///     packets.push(packet);
///     # if input.is_empty() { break; }
/// }
/// assert_eq!(packets.len(), 2);
/// # Ok::<(), mqtt_codec::DecodeError>(())
/// ```
///
/// # Errors
///
/// As [`decode`].
#[cfg(feature = "bytes")]
pub fn decode_shared(
    input: &bytes::Bytes,
    options: impl Into<DecodeOptions>,
) -> Result<Decoded<Packet<bytes::Bytes>>, DecodeError> {
    decode_as(input, &options.into(), Sender::Either, Shared(input))
}

/// Decodes to this form. Of `sender` see [`decode_frame`].
#[inline(always)]
fn decode_as<'a, F: Form>(
    input: &'a [u8],
    options: &DecodeOptions,
    sender: Sender,
    form: F,
) -> Result<Decoded<Packet<F::Buffer<'a>>>, DecodeError> {
    let header = match fixed_header::decode(input, options)? {
        Decoded::Complete { packet, .. } => packet,
        Decoded::Incomplete { needed } => return Ok(Decoded::Incomplete { needed }),
    };
    let consumed = header.packet_len();
    let Some(frame) = input.get(..consumed) else {
        let missing = consumed.saturating_sub(input.len());
        return Ok(Decoded::Incomplete { needed: NonZeroUsize::new(missing).unwrap_or(NonZeroUsize::MIN) });
    };
    decode_frame(frame, header, options, sender, Alone { form, consumed })
}

/// In which form packets are given.
pub(crate) trait Form {
    type Buffer<'a>: Buffer;

    fn of<'a>(&self, packet: impl DecodedPacket<'a>) -> Packet<Self::Buffer<'a>>;
}

/// As they are.
#[derive(Clone, Copy)]
pub(crate) struct Borrowed;

impl Form for Borrowed {
    type Buffer<'a> = &'a [u8];

    #[inline(always)]
    fn of<'a>(&self, packet: impl DecodedPacket<'a>) -> Packet<&'a [u8]> {
        packet.into()
    }
}

/// As slices of this buffer.
#[cfg(feature = "bytes")]
#[derive(Clone, Copy)]
pub(crate) struct Shared<'f>(pub(crate) &'f bytes::Bytes);

#[cfg(feature = "bytes")]
impl Form for Shared<'_> {
    type Buffer<'a> = bytes::Bytes;

    #[inline(always)]
    fn of<'a>(&self, packet: impl DecodedPacket<'a>) -> Packet<bytes::Bytes> {
        packet.share(self.0)
    }
}

/// A packet as its decoder gives it: of one type, so that nobody asks which it is to give it its form.
pub(crate) trait DecodedPacket<'a>: Into<Packet<&'a [u8]>> {
    #[cfg(feature = "bytes")]
    fn share(&self, frame: &bytes::Bytes) -> Packet<bytes::Bytes>;
}

macro_rules! decoded_packets {
    ($($packet:ident)*) => {$(
        impl<'a> DecodedPacket<'a> for $packet<&'a [u8]> {
            #[cfg(feature = "bytes")]
            #[inline(always)]
            fn share(&self, frame: &bytes::Bytes) -> Packet<bytes::Bytes> {
                $packet::share(self, frame).into()
            }
        }
    )*};
}

decoded_packets! {
    Connect ConnAck Publish PubAck PubRec PubRel PubComp Subscribe SubAck Unsubscribe UnsubAck Disconnect Auth
}

macro_rules! packets_of_nothing {
    ($($packet:ident)*) => {$(
        impl<'a> DecodedPacket<'a> for $packet {
            #[cfg(feature = "bytes")]
            #[inline(always)]
            fn share(&self, _: &bytes::Bytes) -> Packet<bytes::Bytes> {
                (*self).into()
            }
        }
    )*};
}

packets_of_nothing!(PingReq PingResp);

/// What becomes of a packet, or of the error.
///
/// Packets are large to move, so each is given its form right where it is made, and goes to its place in one step; nobody
/// looks at it on the way.
pub(crate) trait Outcome<'a> {
    type Packet;

    /// It is a CONNECT, of this version: told before `decoded`.
    fn connected(&mut self, _: ProtocolVersion) {}

    fn decoded(self, packet: impl DecodedPacket<'a>) -> Self::Packet;

    fn refused(self, error: DecodeError) -> DecodeError;
}

/// A packet by itself.
struct Alone<F> {
    form: F,
    consumed: usize,
}

impl<'a, F: Form> Outcome<'a> for Alone<F> {
    type Packet = Decoded<Packet<F::Buffer<'a>>>;

    #[inline(always)]
    fn decoded(self, packet: impl DecodedPacket<'a>) -> Self::Packet {
        Decoded::Complete { packet: self.form.of(packet), consumed: self.consumed }
    }

    fn refused(self, error: DecodeError) -> DecodeError {
        error
    }
}

/// Decodes a packet that is all there: `frame` is it and nothing else.
///
/// `sender` is what each caller knows of the sender when it is compiled. The fixed header has been judged by the sender in
/// the options, so it decides nothing; it leaves out the decoders that are never called.
#[inline(always)]
pub(crate) fn decode_frame<'a, O: Outcome<'a>>(
    frame: &'a [u8],
    header: DecodedFixedHeader,
    options: &DecodeOptions,
    sender: Sender,
    outcome: O,
) -> Result<O::Packet, DecodeError> {
    let body = frame.get(header.len..).unwrap_or_default();
    let flags = header.header.flags;
    let packet_type = header.header.packet_type;
    let from_client = sender.may_be(Sender::Client);
    let from_server = sender.may_be(Sender::Server);
    macro_rules! packet {
        ($decode:expr) => {
            // A closure is this function's own, and so gets inlined.
            in_place(frame, header, options, outcome, |body, options| $decode(body, options))
        };
    }
    macro_rules! acknowledgement {
        ($packet:ident) => {
            match acknowledgement::decode_short::<$packet<&[u8]>>(body) {
                Some(packet) => Ok(outcome.decoded(packet)),
                None => packet!(acknowledgement::decode::<$packet<&[u8]>>),
            }
        };
    }
    match packet_type {
        PacketType::Connect if from_client => connect::decode(frame, body, header, options, outcome),
        PacketType::ConnAck if from_server => packet!(connack::decode),
        PacketType::Publish => publish::decode(frame, body, flags, options, outcome),
        PacketType::PubAck => acknowledgement!(PubAck),
        PacketType::PubRec => acknowledgement!(PubRec),
        PacketType::PubRel => acknowledgement!(PubRel),
        PacketType::PubComp => acknowledgement!(PubComp),
        PacketType::Subscribe if from_client => packet!(subscribe::decode),
        PacketType::SubAck if from_server => packet!(suback::decode),
        PacketType::Unsubscribe if from_client => packet!(unsubscribe::decode),
        PacketType::UnsubAck if from_server => packet!(unsuback::decode),
        PacketType::PingReq if from_client && body.is_empty() => Ok(outcome.decoded(PingReq)),
        PacketType::PingResp if from_server && body.is_empty() => Ok(outcome.decoded(PingResp)),
        PacketType::PingReq | PacketType::PingResp => {
            let fault = Fault::new(body, DecodeErrorKind::TrailingBytes, Field::Payload);
            refuse(outcome, nom::Err::Failure(fault), *options, frame, packet_type)
        }
        PacketType::Disconnect if body.is_empty() => Ok(outcome.decoded(Disconnect::<&[u8]>::default())),
        PacketType::Disconnect => packet!(disconnect::decode),
        PacketType::Auth => packet!(auth::decode),
        // The fixed header has been refused already: a type that no version has, or that this sender does not send.
        PacketType::Reserved
        | PacketType::Connect
        | PacketType::ConnAck
        | PacketType::Subscribe
        | PacketType::SubAck
        | PacketType::Unsubscribe
        | PacketType::UnsubAck => {
            let fault = Fault::new(frame, DecodeErrorKind::ReservedPacketType, Field::PacketType);
            refuse(outcome, nom::Err::Failure(fault), *options, frame, packet_type)
        }
    }
}

/// Decodes a body to where its packet is to be. (On small processors the compiler decides what is worth a function.)
#[cfg_attr(target_pointer_width = "64", inline(never))]
fn in_place<'a, O: Outcome<'a>, P: DecodedPacket<'a>>(
    frame: &'a [u8],
    header: DecodedFixedHeader,
    options: &DecodeOptions,
    outcome: O,
    decode: impl FnOnce(&'a [u8], &DecodeOptions) -> Whole<'a, P>,
) -> Result<O::Packet, DecodeError> {
    let body = frame.get(header.len..).unwrap_or_default();
    match decode(body, options) {
        Ok(packet) => Ok(outcome.decoded(packet)),
        Err(error) => refuse(outcome, error, *options, frame, header.header.packet_type),
    }
}

/// The result of what cannot be decoded.
///
/// A function of its own, so that where packets are made nothing but packets is written to the result's place.
#[cold]
#[inline(never)]
pub(crate) fn refuse<'a, O: Outcome<'a>>(
    outcome: O,
    error: nom::Err<Fault<'a>>,
    options: DecodeOptions,
    frame: &'a [u8],
    packet_type: PacketType,
) -> Result<O::Packet, DecodeError> {
    Err(outcome.refused(into_error(&fault(frame, error), options, frame, packet_type)))
}

/// Decodes a PUBLISH of which the payload is not there yet, or not all of it: `body` ends where the payload begins.
pub(crate) fn decode_publish_head<'a>(
    input: &'a [u8],
    body: &'a [u8],
    header: &DecodedFixedHeader,
    options: &DecodeOptions,
) -> Result<Publish<&'a [u8]>, DecodeError> {
    let options = options.check_payload_format(false);
    publish::decode_head(input, body, header.header.flags, &options)
}

/// The place of a fault becomes the distance from the packet's start.
#[cold]
pub(crate) fn into_error(
    fault: &Fault<'_>,
    options: DecodeOptions,
    input: &[u8],
    packet_type: PacketType,
) -> DecodeError {
    let offset = fault.at.as_ptr().addr().saturating_sub(input.as_ptr().addr());
    DecodeError {
        kind: fault.kind,
        field: fault.field,
        packet_type,
        version: options.version,
        sender: options.sender,
        offset,
    }
}
