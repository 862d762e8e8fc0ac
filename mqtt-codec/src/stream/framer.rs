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

use crate::error::{DecodeError, DecodeErrorKind, Field};
#[cfg(feature = "bytes")]
use crate::frame::Frame;
use crate::options::DecodeOptions;
use crate::packet::decode_frame::{decode_frame, decode_publish_head};
use crate::stream::head_len::{HeadLen, head_len, to_usize, topic_size};
use crate::stream::item::StreamItem;
use crate::stream::options::StreamOptions;
use crate::stream::role::Role;
use crate::wire::Decoded;
use crate::wire::fixed_header::{self, DecodedFixedHeader};
use crate::wire::form::{DecodedPacket, Form};
use crate::wire::outcome::Outcome;
#[cfg(feature = "bytes")]
use bytes::Bytes;
use mqtt_types::{PacketType, ProtocolVersion, Publish, Sender, VariableByteInteger, VariableByteIntegerError};

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
    packet_options: DecodeOptions,
    state: State,
    /// How long the frame is that has begun: until it is there, there is nothing to be done. 0 in all other states.
    frame_len: usize,
    position: u64,
}

impl Framer {
    pub(crate) const fn new(options: StreamOptions) -> Self {
        let awaits_connect = matches!(options.role, Role::Server) || options.version.is_none();
        let packet_options = packet_options(&options, options.version, awaits_connect);
        Self {
            options,
            version: options.version,
            awaits_connect,
            packet_options,
            state: State::Start,
            frame_len: 0,
            position: 0,
        }
    }

    pub(crate) const fn options(&self) -> StreamOptions {
        self.options
    }

    pub(crate) const fn set_options(&mut self, options: StreamOptions) {
        self.options = options;
        match options.version {
            Some(version) => self.set_version(version),
            None => self.update_packet_options(),
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
        self.update_packet_options();
    }

    /// A client's CONNECT has come.
    fn connected(&mut self, version: ProtocolVersion) {
        self.awaits_connect = false;
        self.version = Some(self.version.unwrap_or(version));
        self.update_packet_options();
    }

    const fn update_packet_options(&mut self) {
        self.packet_options = packet_options(&self.options, self.version, self.awaits_connect);
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
    pub(crate) fn missing_from_frame(&self, available: usize) -> Option<usize> {
        self.frame_len.checked_sub(available).filter(|lacking| *lacking > 0)
    }

    /// The header of a packet that is there as a whole, if nothing is in the way of decoding it at once: what
    /// [`poll`](Self::poll) would say, in the ordinary case.
    #[inline]
    pub(crate) fn whole_frame(&self, input: &[u8]) -> Option<DecodedFixedHeader> {
        if !matches!(self.state, State::Start) || self.version.is_none() {
            return None;
        }
        match fixed_header::decode(input, &self.packet_options) {
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
                State::Payload(remaining) => return Ok(payload_step(remaining, input)),
                State::SkipHeader => self.skip_header(input)?,
                State::Skip(remaining) if input.is_empty() => Some(to_usize(remaining)),
                State::Skip(remaining) => {
                    let (len, remaining) = available_part(remaining, input);
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
        match fixed_header::decode(input, &self.packet_options) {
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
        let options = self.packet_options;
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
                let head = header.len.saturating_add(to_usize(size));
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
        let options = self.packet_options;
        let outcome = StreamOutcome { framer: self, taken: frame.len(), form, refuse };
        decode_frame(frame, header, &options, Sender::Either, outcome)
    }

    /// Takes over a frame that has been taken off the front. If it is refused, the bytes stay where they are.
    #[cfg(feature = "bytes")]
    pub(crate) fn take_frame(&mut self, header: DecodedFixedHeader, bytes: &mut Bytes) -> Result<Frame, DecodeError> {
        let options = self.packet_options;
        match Frame::take(bytes, header, &options) {
            Ok(frame) => {
                if header.header.packet_type == PacketType::Connect {
                    self.connected(frame.version());
                }
                self.state = State::Start;
                self.advance(header.packet_len());
                Ok(frame)
            }
            Err(error) => Err(self.fail(error, Some(Skip::Rest { taken: bytes.len(), left: 0 }))),
        }
    }

    /// Decodes the head of a PUBLISH that has been taken off the front.
    pub(crate) fn decode_head<'a>(
        &mut self,
        header: &DecodedFixedHeader,
        head: &'a [u8],
        payload_len: u32,
    ) -> Result<Publish<&'a [u8]>, DecodeError> {
        let body = head.get(header.len..).unwrap_or_default();
        match decode_publish_head(head, body, header, &self.packet_options) {
            Ok(publish) => {
                self.state = State::Payload(payload_len);
                self.advance(head.len());
                Ok(publish)
            }
            Err(error) => Err(self.fail(error, Some(Skip::Rest { taken: head.len(), left: payload_len }))),
        }
    }

    /// So many bytes of payload have been handed out.
    pub(crate) fn piece_delivered(&mut self, len: usize, remaining: u32) {
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
    pub(crate) fn required_len(&self, available: usize, needed: usize) -> usize {
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
            version: self.packet_options.version,
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
                let version = self.packet_options.version;
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
struct StreamOutcome<'f, F, R> {
    framer: &'f mut Framer,
    taken: usize,
    form: F,
    refuse: R,
}

impl<'a, F: Form, R: FnOnce()> Outcome<'a> for StreamOutcome<'_, F, R> {
    type Packet = Option<StreamItem<F::Buffer<'a>>>;

    fn connected(&mut self, version: ProtocolVersion) {
        self.framer.connected(version);
    }

    #[inline(always)]
    fn decoded(self, packet: impl DecodedPacket<'a>) -> Self::Packet {
        self.framer.state = State::Start;
        self.framer.advance(self.taken);
        Some(StreamItem::Packet(self.form.convert(packet)))
    }

    fn refused(self, error: DecodeError) -> DecodeError {
        (self.refuse)();
        self.framer.fail(error, Some(Skip::Rest { taken: self.taken, left: 0 }))
    }
}

const fn packet_options(
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

fn payload_step(remaining: u32, input: &[u8]) -> Step {
    if input.is_empty() {
        return Step::Need(1); // whatever comes can be handed out
    }
    let (len, remaining) = available_part(remaining, input);
    Step::Piece(len, remaining)
}

/// How many bytes of what remains of a packet are there, and how many then still remain.
fn available_part(remaining: u32, input: &[u8]) -> (usize, u32) {
    let len = u32::try_from(input.len()).unwrap_or(u32::MAX).min(remaining);
    (to_usize(len).min(input.len()), remaining.saturating_sub(len))
}

const fn publish_error(kind: DecodeErrorKind, options: &DecodeOptions) -> DecodeError {
    let packet_type = PacketType::Publish;
    let (version, sender) = (options.version, options.sender);
    DecodeError { kind, field: Field::RemainingLength, packet_type, version, sender, offset: 1 }
}
