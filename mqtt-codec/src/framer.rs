//! Where packets begin and end in a stream: what the streaming decoders have in common, whatever buffer they work on.
//!
//! ```text
//!               fixed header known                      whole frame
//!   Start ──────────────────────────▶ Frame ───────────────────────────▶ Start
//!     │                                                   whole head               payload at its end
//!     ├──────── a large PUBLISH ────▶ Head ──────────────────────────▶ Payload ──────────────────────▶ Start
//!     ▼
//!   Failed ─── skip ──▶ SkipHeader ──▶ Skip ──▶ Start       (from Frame and Head too)
//! ```
//!
//! The fixed header is parsed once. From then on only lengths are compared until the frame is there, so what a read costs
//! does not depend on how much has come before.

use crate::decode::{DecodeOptions, DecodedPacket, Form, Outcome, decode_frame, decode_publish_head};
use crate::fixed_header::{self, DecodedFixedHeader};
use crate::{DecodeError, DecodeErrorKind, Decoded, Field};
use core::fmt;
use mqtt_types::{
    Buffer, Packet, PacketType, ProtocolVersion, Publish, Sender, VariableByteInteger, VariableByteIntegerError,
};

/// Which side of the connection the decoder is on.
///
/// ```
/// use mqtt_codec::{Role, Sender, StreamOptions};
///
/// assert_eq!(StreamOptions::server().role(), Role::Server);
/// assert_eq!((Role::Server.peer(), Role::Server.sender()), (Sender::Client, Sender::Server));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// It receives what a client sends, and refuses what only a server sends.
    Server,
    /// It receives what a server sends, and refuses what only a client sends.
    Client,
    /// It receives what either sends: a proxy, a dissector.
    Either,
}

impl Role {
    /// Who sends what this side receives.
    #[must_use]
    pub const fn peer(self) -> Sender {
        match self {
            Self::Server => Sender::Client,
            Self::Client => Sender::Server,
            Self::Either => Sender::Either,
        }
    }

    /// Who sends what this side sends.
    #[must_use]
    pub const fn sender(self) -> Sender {
        match self {
            Self::Server => Sender::Server,
            Self::Client => Sender::Client,
            Self::Either => Sender::Either,
        }
    }
}

/// How a stream is decoded: side, version, limits, leniencies.
///
/// | limit | default | why |
/// | --- | --- | --- |
/// | [`maximum_packet_size`](Self::maximum_packet_size) | 1 MiB | the largest packet, fixed header included; judged when the header is there, before anything is waited for |
/// | [`maximum_connect_size`](Self::maximum_connect_size) | 64 KiB | the same for a server until CONNECT has come: from a peer of whom nothing is known |
/// | [`payload_pieces_above`](Self::payload_pieces_above) | never | a PUBLISH larger than this is handed out as its head and pieces of its payload |
/// | [`maximum_head_size`](Self::maximum_head_size) | 128 KiB | the head of such a PUBLISH, which has to be there as a whole |
///
/// No other limit is needed: nothing is collected, copied or reserved for a packet, whatever is in it, so the memory in
/// use never is more than what has been received.
///
/// ```
/// use mqtt_codec::{DecodeOptions, StreamOptions};
///
/// let options = StreamOptions::server()
///     .maximum_packet_size(256 << 10)
///     .with_decode_options(|options| options.allow_bridge_bit(true));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StreamOptions {
    role: Role,
    version: Option<ProtocolVersion>,
    decode: DecodeOptions,
    maximum_packet_size: u32,
    maximum_connect_size: u32,
    maximum_head_size: u32,
    payload_pieces_above: u32,
}

impl StreamOptions {
    /// The default of [`maximum_packet_size`](Self::maximum_packet_size): 1 MiB.
    pub const DEFAULT_MAXIMUM_PACKET_SIZE: u32 = 1 << 20;
    /// The default of [`maximum_connect_size`](Self::maximum_connect_size): 64 KiB.
    pub const DEFAULT_MAXIMUM_CONNECT_SIZE: u32 = 1 << 16;
    /// The default of [`maximum_head_size`](Self::maximum_head_size): 128 KiB.
    pub const DEFAULT_MAXIMUM_HEAD_SIZE: u32 = 1 << 17;

    const fn new(role: Role, version: Option<ProtocolVersion>) -> Self {
        let any_version = match version {
            Some(version) => version,
            None => ProtocolVersion::V5,
        };
        Self {
            role,
            version,
            decode: DecodeOptions::new(any_version).sender(role.peer()),
            maximum_packet_size: Self::DEFAULT_MAXIMUM_PACKET_SIZE,
            maximum_connect_size: Self::DEFAULT_MAXIMUM_CONNECT_SIZE,
            maximum_head_size: Self::DEFAULT_MAXIMUM_HEAD_SIZE,
            payload_pieces_above: u32::MAX,
        }
    }

    /// For a server: the version is learnt from the first packet, which is to be a CONNECT, and kept.
    #[must_use]
    pub const fn server() -> Self {
        Self::new(Role::Server, None)
    }

    /// For a client: the version is that of the CONNECT that it sends.
    #[must_use]
    pub const fn client(version: ProtocolVersion) -> Self {
        Self::new(Role::Client, Some(version))
    }

    /// For a proxy or a dissector, of which side is not known or does not matter. Without a version it is learnt from
    /// CONNECT, as a server does; what comes from the server needs the version that the client's side has learnt.
    #[must_use]
    pub const fn either(version: Option<ProtocolVersion>) -> Self {
        Self::new(Role::Either, version)
    }

    /// Takes this version for the connection's, instead of learning it from CONNECT.
    #[must_use]
    pub const fn version(self, version: ProtocolVersion) -> Self {
        Self { version: Some(version), decode: self.decode.with_version(version), ..self }
    }

    /// The largest packet in bytes, fixed header included, as Maximum Packet Size counts.
    #[must_use]
    pub const fn maximum_packet_size(self, bytes: u32) -> Self {
        Self { maximum_packet_size: bytes, ..self }
    }

    /// The largest packet in bytes until a CONNECT has come. Holds where CONNECT is to come: for a server, and where the
    /// version is learnt.
    #[must_use]
    pub const fn maximum_connect_size(self, bytes: u32) -> Self {
        Self { maximum_connect_size: bytes, ..self }
    }

    /// A PUBLISH of more bytes than this, fixed header included, is handed out as its head, and its payload in pieces as
    /// they arrive. (Whether such a payload is UTF-8 is not checked.)
    #[must_use]
    pub const fn payload_pieces_above(self, bytes: u32) -> Self {
        Self { payload_pieces_above: bytes, ..self }
    }

    /// The largest head of a PUBLISH in pieces: everything in front of the payload, fixed header included.
    #[must_use]
    pub const fn maximum_head_size(self, bytes: u32) -> Self {
        Self { maximum_head_size: bytes, ..self }
    }

    /// Changes how each packet is decoded: its leniencies, for instance. Version, sender and size are the stream's and
    /// stay.
    #[must_use]
    pub fn with_decode_options(self, change: impl FnOnce(DecodeOptions) -> DecodeOptions) -> Self {
        let decode = change(self.decode).with_version(self.decode.version).sender(self.role.peer());
        Self { decode, ..self }
    }

    /// Which side of the connection it is.
    #[must_use]
    pub const fn role(&self) -> Role {
        self.role
    }
}

/// What comes next in the stream.
#[derive(Clone, Copy)]
pub enum StreamItem<B = mqtt_types::DefaultBuffer> {
    /// A whole packet.
    Packet(Packet<B>),
    /// The head of a large PUBLISH: all of it but its payload, which follows in pieces.
    PublishHead {
        /// The PUBLISH; its payload is empty here.
        publish: Publish<B>,
        /// How many bytes of payload follow. If it is 0, no piece follows.
        payload_len: u32,
    },
    /// A piece of the payload of the PUBLISH whose head came before.
    Payload {
        /// The next bytes of the payload: at least one.
        piece: B,
        /// How many bytes of it are still to come; this was the last piece if it is 0.
        remaining: u32,
    },
}

impl<B> StreamItem<B> {
    /// The packet, if it is a whole one: it always is unless [pieces](StreamOptions::payload_pieces_above) were asked for.
    #[must_use]
    pub fn into_packet(self) -> Option<Packet<B>> {
        match self {
            Self::Packet(packet) => Some(packet),
            Self::PublishHead { .. } | Self::Payload { .. } => None,
        }
    }
}

impl<B: Buffer> fmt::Debug for StreamItem<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Packet(packet) => f.debug_tuple("Packet").field(packet).finish(),
            Self::PublishHead { publish, payload_len } => {
                f.debug_struct("PublishHead").field("publish", publish).field("payload_len", payload_len).finish()
            }
            Self::Payload { piece, remaining } => {
                let len = piece.as_ref().len();
                f.debug_struct("Payload")
                    .field("piece", &format_args!("{len} bytes"))
                    .field("remaining", remaining)
                    .finish()
            }
        }
    }
}

impl<B: Buffer, C: Buffer> PartialEq<StreamItem<C>> for StreamItem<B> {
    fn eq(&self, other: &StreamItem<C>) -> bool {
        match (self, other) {
            (Self::Packet(one), StreamItem::Packet(other)) => one == other,
            (
                Self::PublishHead { publish: one, payload_len: one_len },
                StreamItem::PublishHead { publish: other, payload_len: other_len },
            ) => one == other && one_len == other_len,
            (
                Self::Payload { piece: one, remaining: after_one },
                StreamItem::Payload { piece: other, remaining: after_other },
            ) => one.as_ref() == other.as_ref() && after_one == after_other,
            _ => false,
        }
    }
}

impl<B: Buffer> Eq for StreamItem<B> {}

/// What the owner of the buffer is to do next.
pub(crate) enum Step {
    /// Wait for at least so many more bytes.
    Need(usize),
    /// Drop so many bytes from the front, and ask again.
    Discard(usize),
    /// Decode the frame at the front.
    Frame(DecodedFixedHeader),
    /// Decode the head at the front: so many bytes, and so many of payload behind it.
    Head(DecodedFixedHeader, usize, u32),
    /// Hand out so many bytes of payload; so many remain after them.
    Piece(usize, u32),
}

#[derive(Clone, Copy, Debug)]
enum State {
    Start,
    Frame(DecodedFixedHeader),
    Head(DecodedFixedHeader),
    Payload(u32),
    SkipHeader,
    Skip(u32),
    /// An error is told again and again, until the packet is skipped: to where, if that is known.
    Failed(DecodeError, Option<Skip>),
}

#[derive(Clone, Copy, Debug)]
enum Skip {
    /// The whole packet, header included, is still in front.
    Header,
    /// Of the packet so many bytes have been taken off the front, and so many are left.
    Rest { taken: usize, left: u32 },
}

/// The state of a stream between two reads.
#[derive(Clone, Debug)]
pub(crate) struct Framer {
    options: StreamOptions,
    version: Option<ProtocolVersion>,
    awaits_connect: bool,
    /// The options for the next packet: what follows from the three above.
    next: DecodeOptions,
    state: State,
    /// How long the frame is that has begun: until it is there, there is nothing to be done. 0 in all other states.
    frame_len: usize,
    position: u64,
}

impl Framer {
    pub(crate) const fn new(options: StreamOptions) -> Self {
        let awaits_connect = matches!(options.role, Role::Server) || options.version.is_none();
        let next = next_options(&options, options.version, awaits_connect);
        Self { options, version: options.version, awaits_connect, next, state: State::Start, frame_len: 0, position: 0 }
    }

    pub(crate) const fn options(&self) -> StreamOptions {
        self.options
    }

    pub(crate) const fn set_options(&mut self, options: StreamOptions) {
        self.options = options;
        match options.version {
            Some(version) => self.set_version(version),
            None => self.update(),
        }
    }

    pub(crate) const fn version(&self) -> Option<ProtocolVersion> {
        self.version
    }

    pub(crate) const fn set_version(&mut self, version: ProtocolVersion) {
        self.options = self.options.version(version);
        self.version = Some(version);
        // A server still waits for CONNECT; who was told the version by others need not.
        self.awaits_connect &= matches!(self.options.role, Role::Server);
        self.update();
    }

    /// A client's CONNECT has come.
    fn connected(&mut self, version: ProtocolVersion) {
        self.awaits_connect = false;
        self.version = Some(self.version.unwrap_or(version));
        self.update();
    }

    const fn update(&mut self) {
        self.next = next_options(&self.options, self.version, self.awaits_connect);
    }

    /// True if no packet has begun, as far as is known.
    pub(crate) const fn is_between_packets(&self) -> bool {
        matches!(self.state, State::Start | State::Payload(0) | State::Skip(0))
    }

    pub(crate) const fn position(&self) -> u64 {
        self.position
    }

    /// How many bytes the frame lacks that has begun: what every read asks first, and all that most of them do.
    #[inline]
    pub(crate) fn lacks(&self, available: usize) -> Option<usize> {
        self.frame_len.checked_sub(available).filter(|lacking| *lacking > 0)
    }

    /// The header of a packet that is there as a whole, if nothing is in the way of decoding it at once: what
    /// [`poll`](Self::poll) would say, in the ordinary case.
    #[inline]
    pub(crate) fn whole_frame(&self, input: &[u8]) -> Option<DecodedFixedHeader> {
        if !matches!(self.state, State::Start) || self.version.is_none() {
            return None;
        }
        match fixed_header::decode(input, &self.next) {
            Ok(Decoded::Complete { packet: header, .. }) => {
                let is_whole = header.packet_len() <= input.len() && !self.comes_in_pieces(header);
                is_whole.then_some(header)
            }
            _ => None,
        }
    }

    #[inline]
    fn comes_in_pieces(&self, header: DecodedFixedHeader) -> bool {
        header.header.packet_type == PacketType::Publish && header.packet_size() > self.options.payload_pieces_above
    }

    /// What is to be done with what is in front of the stream.
    pub(crate) fn poll(&mut self, input: &[u8]) -> Result<Step, DecodeError> {
        loop {
            let needed = match self.state {
                State::Start => self.start(input)?,
                State::Frame(header) => return Ok(self.frame(&header, input)),
                State::Head(header) => return self.head(&header, input),
                State::Payload(0) | State::Skip(0) => {
                    self.state = State::Start;
                    None
                }
                State::Payload(remaining) => return Ok(piece(remaining, input)),
                State::SkipHeader => self.skip_header(input)?,
                State::Skip(remaining) if input.is_empty() => Some(length(remaining)),
                State::Skip(remaining) => {
                    let (len, remaining) = part(remaining, input);
                    self.state = State::Skip(remaining);
                    return Ok(Step::Discard(len));
                }
                State::Failed(error, _) => return Err(error),
            };
            if let Some(needed) = needed {
                return Ok(Step::Need(needed));
            }
        }
    }

    /// Parses the fixed header, once it is there; until then tells how many bytes it needs.
    #[inline]
    fn start(&mut self, input: &[u8]) -> Result<Option<usize>, DecodeError> {
        if let (Some(first_byte), None) = (input.first(), self.version) {
            let packet_type = PacketType::from_first_byte(*first_byte);
            if packet_type != PacketType::Connect {
                // MQTT-3.1.0-1, and nobody knows by which version to judge it.
                let kind = DecodeErrorKind::ConnectExpected;
                let version = ProtocolVersion::V3_1_1;
                let sender = self.options.role.peer();
                let error = DecodeError { kind, field: Field::PacketType, packet_type, version, sender, offset: 0 };
                return Err(self.fail(error, Some(Skip::Header)));
            }
        }
        match fixed_header::decode(input, &self.next) {
            Ok(Decoded::Complete { packet: header, .. }) => {
                self.state = if self.comes_in_pieces(header) { State::Head(header) } else { State::Frame(header) };
                Ok(None)
            }
            Ok(Decoded::Incomplete { needed }) => Ok(Some(needed.get())),
            Err(error) => {
                let is_endless = error.kind == DecodeErrorKind::VariableByteIntegerTooLong;
                Err(self.fail(error, (!is_endless).then_some(Skip::Header)))
            }
        }
    }

    fn frame(&mut self, header: &DecodedFixedHeader, input: &[u8]) -> Step {
        match header.packet_len().checked_sub(input.len()) {
            None | Some(0) => {
                self.frame_len = 0;
                Step::Frame(*header)
            }
            Some(missing) => {
                self.frame_len = header.packet_len();
                Step::Need(missing)
            }
        }
    }

    /// A large PUBLISH: all in front of the payload has to be there.
    fn head(&mut self, header: &DecodedFixedHeader, input: &[u8]) -> Result<Step, DecodeError> {
        let packet_len = header.packet_len();
        let body = input.get(header.len..packet_len.min(input.len())).unwrap_or_default();
        let options = self.next;
        let found = head_len(body, header, options.version);
        // Judged by the topic's length first and then by the whole, however much is there: so that the verdict does not
        // depend on how the bytes come.
        let header_size = u32::try_from(header.len).unwrap_or(u32::MAX);
        let topic_size = topic_size(body).filter(|size| *size <= header.header.remaining_length.get());
        for size in [topic_size, found.size()].into_iter().flatten() {
            let (size, limit) = (header_size.saturating_add(size), self.options.maximum_head_size);
            if size > limit {
                let kind = DecodeErrorKind::PacketTooLarge { size, limit };
                return Err(self.fail(publish_error(kind, &options), Some(Skip::Header)));
            }
        }
        match found {
            HeadLen::Known(size) => {
                let head = header.len.saturating_add(length(size));
                match head.checked_sub(input.len()) {
                    None | Some(0) => {
                        let payload_len = header.header.remaining_length.get().saturating_sub(size);
                        Ok(Step::Head(*header, head, payload_len))
                    }
                    Some(missing) => Ok(Step::Need(missing)),
                }
            }
            HeadLen::Needs(missing) => Ok(Step::Need(missing)),
            // The decoder finds the fault in what is there, and names it.
            HeadLen::Faulty => {
                let error = match decode_publish_head(input, body, header, &options) {
                    Err(error) => error,
                    Ok(_) => publish_error(DecodeErrorKind::UnexpectedEnd, &options),
                };
                Err(self.fail(error, Some(Skip::Header)))
            }
        }
    }

    /// Decodes a frame that has been taken off the front; if it is refused, `refuse` is called.
    #[inline(always)]
    pub(crate) fn decode_frame<'a, F: Form>(
        &mut self,
        header: DecodedFixedHeader,
        frame: &'a [u8],
        form: F,
        refuse: impl FnOnce(),
    ) -> Result<Option<StreamItem<F::Buffer<'a>>>, DecodeError> {
        let options = self.next;
        let outcome = FromStream { framer: self, taken: frame.len(), form, refuse };
        decode_frame(frame, header, &options, Sender::Either, outcome)
    }

    /// Decodes the head of a PUBLISH that has been taken off the front.
    pub(crate) fn decode_head<'a>(
        &mut self,
        header: &DecodedFixedHeader,
        head: &'a [u8],
        payload_len: u32,
    ) -> Result<Publish<&'a [u8]>, DecodeError> {
        let body = head.get(header.len..).unwrap_or_default();
        match decode_publish_head(head, body, header, &self.next) {
            Ok(publish) => {
                self.state = State::Payload(payload_len);
                self.advance(head.len());
                Ok(publish)
            }
            Err(error) => Err(self.fail(error, Some(Skip::Rest { taken: head.len(), left: payload_len }))),
        }
    }

    /// So many bytes of payload have been handed out.
    pub(crate) fn handed_out(&mut self, len: usize, remaining: u32) {
        self.state = State::Payload(remaining);
        self.advance(len);
    }

    pub(crate) fn discarded(&mut self, len: usize) {
        self.advance(len);
    }

    fn advance(&mut self, len: usize) {
        self.position = self.position.saturating_add(u64::try_from(len).unwrap_or(u64::MAX));
    }

    /// Gives up the packet that failed, or the rest of a payload. False if nobody knows where it ends.
    pub(crate) fn skip(&mut self) -> bool {
        match self.state {
            State::Failed(_, Some(Skip::Header)) => self.state = State::SkipHeader,
            State::Failed(_, Some(Skip::Rest { taken, left })) => {
                self.advance(taken);
                self.state = State::Skip(left);
            }
            State::Failed(_, None) => return false,
            State::Payload(remaining) => self.state = State::Skip(remaining),
            _ => {}
        }
        true
    }

    /// How many bytes have to be in front at once before it can go on, if so many are there and so many more are needed.
    pub(crate) fn awaited(&self, available: usize, needed: usize) -> usize {
        match self.state {
            State::Skip(_) | State::Failed(..) => 0,
            _ => available.saturating_add(needed),
        }
    }

    /// Refuses a packet that does not fit into the caller's buffer.
    pub(crate) fn refuse_size(&mut self, input: &[u8], size: usize, capacity: usize) -> DecodeError {
        let size = u32::try_from(size).unwrap_or(u32::MAX);
        let limit = u32::try_from(capacity).unwrap_or(u32::MAX);
        let error = DecodeError {
            kind: DecodeErrorKind::PacketTooLarge { size, limit },
            field: Field::RemainingLength,
            packet_type: PacketType::from_first_byte(input.first().copied().unwrap_or_default()),
            version: self.next.version,
            sender: self.options.role.peer(),
            offset: 1,
        };
        // Without its fixed header nobody knows where it ends.
        let has_header = !matches!(self.state, State::Start | State::SkipHeader);
        self.fail(error, has_header.then_some(Skip::Header))
    }

    #[cold]
    fn fail(&mut self, error: DecodeError, skip: Option<Skip>) -> DecodeError {
        self.state = State::Failed(error, skip);
        self.frame_len = 0;
        error
    }

    /// Finds out how long the packet is that is to be skipped; until it can, tells how many bytes it needs.
    fn skip_header(&mut self, input: &[u8]) -> Result<Option<usize>, DecodeError> {
        match VariableByteInteger::decode(input.get(1..).unwrap_or_default()) {
            Ok(Some(decoded)) => {
                let header_len = u32::try_from(decoded.len).unwrap_or(u32::MAX).saturating_add(1);
                self.state = State::Skip(decoded.value.get().saturating_add(header_len));
                Ok(None)
            }
            Ok(None) => Ok(Some(2_usize.saturating_sub(input.len()).max(1))),
            Err(VariableByteIntegerError::TooLong | _) => {
                let packet_type = PacketType::from_first_byte(input.first().copied().unwrap_or_default());
                let version = self.next.version;
                let kind = DecodeErrorKind::VariableByteIntegerTooLong;
                let sender = self.options.role.peer();
                let error =
                    DecodeError { kind, field: Field::RemainingLength, packet_type, version, sender, offset: 1 };
                Err(self.fail(error, None))
            }
        }
    }
}

/// A frame that has been taken off a stream: what becomes of it, becomes of the stream.
struct FromStream<'f, F, R> {
    framer: &'f mut Framer,
    taken: usize,
    form: F,
    refuse: R,
}

impl<'a, F: Form, R: FnOnce()> Outcome<'a> for FromStream<'_, F, R> {
    type Packet = Option<StreamItem<F::Buffer<'a>>>;

    fn connected(&mut self, version: ProtocolVersion) {
        self.framer.connected(version);
    }

    #[inline(always)]
    fn decoded(self, packet: impl DecodedPacket<'a>) -> Self::Packet {
        self.framer.state = State::Start;
        self.framer.advance(self.taken);
        Some(StreamItem::Packet(self.form.of(packet)))
    }

    fn refused(self, error: DecodeError) -> DecodeError {
        (self.refuse)();
        self.framer.fail(error, Some(Skip::Rest { taken: self.taken, left: 0 }))
    }
}

const fn next_options(
    options: &StreamOptions,
    version: Option<ProtocolVersion>,
    awaits_connect: bool,
) -> DecodeOptions {
    let is_smaller = awaits_connect && options.maximum_connect_size < options.maximum_packet_size;
    let limit = if is_smaller { options.maximum_connect_size } else { options.maximum_packet_size };
    // CONNECT brings its version. What is wrong before that is known has no answer that the peer is sure to understand,
    // and so is judged by a version that has no answers.
    let version = match version {
        Some(version) => version,
        None => ProtocolVersion::V3_1_1,
    };
    options.decode.with_version(version).maximum_packet_size(limit)
}

fn piece(remaining: u32, input: &[u8]) -> Step {
    if input.is_empty() {
        return Step::Need(1); // whatever comes can be handed out
    }
    let (len, remaining) = part(remaining, input);
    Step::Piece(len, remaining)
}

/// How many bytes of what remains of a packet are there, and how many then still remain.
fn part(remaining: u32, input: &[u8]) -> (usize, u32) {
    let len = u32::try_from(input.len()).unwrap_or(u32::MAX).min(remaining);
    (length(len).min(input.len()), remaining.saturating_sub(len))
}

/// A size as a length in memory.
fn length(size: u32) -> usize {
    usize::try_from(size).unwrap_or(usize::MAX)
}

const fn publish_error(kind: DecodeErrorKind, options: &DecodeOptions) -> DecodeError {
    let packet_type = PacketType::Publish;
    let (version, sender) = (options.version, options.sender);
    DecodeError { kind, field: Field::RemainingLength, packet_type, version, sender, offset: 1 }
}

enum HeadLen {
    Known(u32),
    Needs(usize),
    Faulty,
}

impl HeadLen {
    const fn size(&self) -> Option<u32> {
        match self {
            Self::Known(size) => Some(*size),
            Self::Needs(_) | Self::Faulty => None,
        }
    }
}

/// How many bytes the Topic Name has with its length, once that is there.
fn topic_size(body: &[u8]) -> Option<u32> {
    let topic_len = body.first_chunk::<2>()?;
    Some(u32::from(u16::from_be_bytes(*topic_len)).saturating_add(2))
}

/// How many bytes of a PUBLISH stand between fixed header and payload; `body` is what is there of it behind the fixed
/// header. Looks at two lengths, so it may be asked again after every read.
fn head_len(body: &[u8], header: &DecodedFixedHeader, version: ProtocolVersion) -> HeadLen {
    let remaining_length = header.header.remaining_length.get();
    let Some(topic_end) = topic_size(body) else {
        return if remaining_length < 2 { HeadLen::Faulty } else { HeadLen::Needs(2_usize.saturating_sub(body.len())) };
    };
    if topic_end > remaining_length {
        return HeadLen::Faulty;
    }
    let identifier_len = match header.header.flags.qos() {
        Some(mqtt_types::QoS::AtMostOnce) | None => 0,
        Some(_) => 2,
    };
    let size = topic_end.saturating_add(identifier_len);
    if size > remaining_length || (size == remaining_length && !version.is_v3()) {
        // What follows the topic is cut off, but a fault of the topic comes first: the decoder needs all of it.
        return HeadLen::Known(remaining_length);
    }
    if version.is_v3() {
        return HeadLen::Known(size);
    }
    let Some(properties) = body.get(length(size)..).filter(|properties| !properties.is_empty()) else {
        return HeadLen::Needs(length(size).saturating_add(1).saturating_sub(body.len()));
    };
    match VariableByteInteger::decode(properties) {
        Ok(Some(decoded)) => {
            let length_len = u32::try_from(decoded.len).unwrap_or(u32::MAX);
            let size = size.saturating_add(length_len).saturating_add(decoded.value.get());
            if size > remaining_length { HeadLen::Faulty } else { HeadLen::Known(size) }
        }
        Ok(None) if body.len() < length(remaining_length) => HeadLen::Needs(1),
        Ok(None) | Err(_) => HeadLen::Faulty,
    }
}

#[cfg(all(test, feature = "bytes"))]
mod tests {
    use super::{StreamItem, StreamOptions};
    use mqtt_types::{PingReq, PingResp, ProtocolVersion, Publish, TopicName};

    #[test]
    fn what_changes_the_options_of_each_packet_is_shown_the_version_and_sender_of_the_stream() {
        for version in ProtocolVersion::ALL {
            let options = StreamOptions::server().version(version);
            let same = options.with_decode_options(|decode| {
                assert_eq!(decode.version(), version);
                decode
            });
            assert_eq!(same, options);
        }
    }

    fn items() -> Vec<StreamItem<&'static [u8]>> {
        let mut items = vec![StreamItem::Packet(PingReq.into()), StreamItem::Packet(PingResp.into())];
        for topic in ["a", "b"] {
            let publish = Publish::new(TopicName::from_static(topic), &b""[..]);
            items.extend([1, 2].map(|payload_len| StreamItem::PublishHead { publish, payload_len }));
        }
        for piece in [&b"x"[..], b"yz"] {
            items.extend([0, 1].map(|remaining| StreamItem::Payload { piece, remaining }));
        }
        items
    }

    fn to_shared(item: &StreamItem<&[u8]>) -> StreamItem<bytes::Bytes> {
        match *item {
            StreamItem::Packet(packet) => StreamItem::Packet(packet.to_shared()),
            StreamItem::PublishHead { publish, payload_len } => {
                StreamItem::PublishHead { publish: publish.to_shared(), payload_len }
            }
            StreamItem::Payload { piece, remaining } => {
                StreamItem::Payload { piece: bytes::Bytes::copy_from_slice(piece), remaining }
            }
        }
    }

    #[test]
    fn items_are_equal_if_all_that_is_in_them_is_whatever_holds_the_bytes() {
        for (i, one) in items().iter().enumerate() {
            for (j, other) in items().iter().enumerate() {
                assert_eq!(one == other, i == j, "{one:?}; {other:?}");
                assert_eq!(*one == to_shared(other), i == j, "{one:?}; {other:?}");
            }
        }
    }

    #[test]
    fn debug_tells_how_long_a_payload_is_and_not_what_it_says() {
        let shown = items().iter().map(|item| format!("{item:?}")).collect::<Vec<_>>();
        assert_eq!(shown[0], "Packet(PingReq)");
        assert!(shown[3].starts_with("PublishHead { publish: Publish {") && shown[3].ends_with(", payload_len: 2 }"));
        assert_eq!(shown[9], "Payload { piece: 2 bytes, remaining: 1 }");
    }
}
