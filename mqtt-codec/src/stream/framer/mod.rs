//! State machine that finds the packet boundaries in a stream. Both streaming decoders use it.
//!
//! ```text
//!               incomplete                             whole packet
//!   Start ──────────────────────────▶ Begun ──────────────────────────▶ Start
//!     │                                                   whole head               payload at its end
//!     ├──────── a large PUBLISH ────▶ Head ──────────────────────────▶ Payload ──────────────────────▶ Start
//!     ▼
//!   Failed ─── skip ──▶ SkipHeader ──▶ Skip ──▶ Start       (from Begun and Head too)
//! ```
//!
//! When the fixed header of a packet is known, only lengths are compared until the packet is complete, so the cost of a
//! read does not depend on how many bytes came before it. Then the fixed header is parsed again. This is faster than keeping
//! it, because the processor predicts the same branches as for a packet that arrived whole.

mod connection;
mod decode;
mod head_len;
mod skip;

use crate::error::{DecodeError, DecodeErrorKind, Field, OtherProtocol};
use crate::options::DecodeOptions;
use crate::packet::decode_frame::decode_publish_head;
use crate::stream::framer::connection::Connection;
use crate::stream::framer::head_len::{HeadLen, head_len, to_usize, topic_size};
use crate::stream::options::StreamOptions;
use crate::wire::Decoded;
use crate::wire::fixed_header::{self, DecodedFixedHeader};
use crate::wire::remaining_length;
use core::num::NonZeroUsize;
use mqtt_types::{PacketType, ProtocolVersion};

/// Next action for the decoder that owns the buffer.
pub(crate) enum Step {
    /// Wait for at least this many more bytes.
    Need(usize),
    /// Drop this many bytes from the front of the buffer, then poll again.
    Discard(usize),
    /// Decode the frame at the front of the buffer.
    Frame(DecodedFixedHeader),
    /// Decode the PUBLISH head at the front of the buffer: its fixed header, its length, and the length of the payload
    /// after it.
    Head(DecodedFixedHeader, usize, u32),
    /// Return a piece of the payload: its length, and how many bytes of payload remain after it.
    Piece(usize, u32),
}

#[derive(Clone, Copy, Debug)]
enum State {
    /// The next byte is the first of a packet.
    Start,
    /// A packet has begun and is incomplete. It is decoded again from its first byte when more bytes are available, or, if
    /// its length is known, when all are.
    Begun,
    /// The fixed header of a PUBLISH that is delivered in pieces is known; its head is incomplete.
    Head(DecodedFixedHeader),
    /// This many bytes of payload remain.
    Payload(u32),
    /// A packet is to be skipped, and its fixed header is still in the buffer.
    SkipHeader,
    /// This many bytes remain to be skipped.
    Skip(u32),
    /// Decoding failed. Every poll returns the error again until the packet is skipped, which is impossible if its end is
    /// unknown.
    Failed(DecodeError, Option<Skip>),
}

/// Position of the rest of a packet that failed.
#[derive(Clone, Copy, Debug)]
enum Skip {
    /// The whole packet, fixed header included, is still in the buffer.
    Header,
    /// `taken` bytes of the packet have been removed from the buffer, `left` bytes follow.
    Rest { taken: usize, left: u32 },
}

/// State of a stream between two reads.
#[derive(Clone, Debug)]
pub(crate) struct Framer {
    connection: Connection,
    state: State,
    /// Length of the incomplete packet at the front of the buffer, if it is known. Otherwise, and in every state but `Begun`,
    /// 0.
    frame_len: usize,
    position: u64,
}

impl Framer {
    pub(crate) const fn new(options: StreamOptions) -> Self {
        Self { connection: Connection::new(options), state: State::Start, frame_len: 0, position: 0 }
    }

    pub(crate) const fn options(&self) -> StreamOptions {
        *self.connection.options()
    }

    pub(crate) const fn set_options(&mut self, options: StreamOptions) {
        self.connection.set_options(options);
        self.judge_again();
    }

    pub(crate) const fn version(&self) -> Option<ProtocolVersion> {
        self.connection.version()
    }

    pub(crate) const fn set_version(&mut self, version: ProtocolVersion) {
        self.set_options(self.options().with_version(version));
    }

    /// Forgets the fixed header of a packet of which nothing was returned. All of its bytes are still in the buffer, so the
    /// next poll applies the new options to it from its first byte on.
    const fn judge_again(&mut self) {
        if matches!(self.state, State::Begun | State::Head(_)) {
            self.state = State::Begun;
            self.frame_len = 0;
        }
    }

    /// Returns `true` if no packet has begun in the bytes that were examined.
    pub(crate) const fn is_between_packets(&self) -> bool {
        matches!(self.state, State::Start | State::Payload(0) | State::Skip(0))
    }

    pub(crate) const fn position(&self) -> u64 {
        self.position
    }

    /// Returns how many bytes the frame in progress still needs, or `None` if it is complete or none is in progress.
    ///
    /// Called first on every read. For most reads of a slow stream nothing else has to be done.
    #[inline]
    pub(crate) fn missing_from_frame(&self, available: usize) -> Option<usize> {
        self.frame_len.checked_sub(available).filter(|lacking| *lacking > 0)
    }

    /// Returns the fixed header of a complete packet at the front. Otherwise returns how many more bytes are needed, or `None`
    /// if [`poll`](Self::poll) must be called.
    ///
    /// A short cut for the most frequent cases.
    #[inline(always)]
    pub(crate) fn first_step(&mut self, input: &[u8]) -> Result<DecodedFixedHeader, Option<usize>> {
        if !matches!(self.state, State::Start | State::Begun) || self.connection.is_opening() {
            return Err(None);
        }
        match fixed_header::decode_usual(input, self.connection.packet_options()) {
            Some((header, _)) if !self.comes_in_pieces(header) => {
                self.frame_len = 0;
                Ok(header)
            }
            _ => Err(self.needed_for_frame(input)),
        }
    }

    /// Returns how many more bytes the packet at the front needs, or `None` if [`poll`](Self::poll) must be called.
    fn needed_for_frame(&mut self, input: &[u8]) -> Option<usize> {
        match fixed_header::decode(input, self.connection.packet_options()) {
            Ok(Decoded::Complete { packet: header, .. }) if !self.comes_in_pieces(header) => {
                let lacking = header.packet_len().checked_sub(input.len()).filter(|lacking| *lacking > 0);
                let version = self.connection.packet_options().version;
                if lacking.is_none() || may_be_refused(input) || remaining_length::exceeds_largest(header, version) {
                    return None;
                }
                self.begun(header.packet_len());
                lacking
            }
            Ok(Decoded::Incomplete { needed }) if !may_be_refused(input) => Some(self.header_incomplete(input, needed)),
            _ => None,
        }
    }

    #[inline]
    fn comes_in_pieces(&self, header: DecodedFixedHeader) -> bool {
        header.header.packet_type == PacketType::Publish
            && header.packet_size() > self.connection.options().payload_pieces_above
    }

    /// Returns what to do with the bytes at the front of the stream.
    pub(crate) fn poll(&mut self, input: &[u8]) -> Result<Step, DecodeError> {
        loop {
            let needed = match self.state {
                State::Start | State::Begun => match self.start(input)? {
                    Some(step) => return Ok(step),
                    None => None,
                },
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

    /// Parses the fixed header. Returns `None` if a PUBLISH comes in pieces.
    #[inline]
    fn start(&mut self, input: &[u8]) -> Result<Option<Step>, DecodeError> {
        if let Some(first_byte) = input.first() {
            let packet_type = PacketType::from_first_byte(*first_byte);
            if let Some(kind) = self.connection.refusal(packet_type) {
                let error = self.connection.refusal_error(kind, packet_type, input);
                return Err(self.fail(error, Some(Skip::Header)));
            }
        }
        match fixed_header::decode(input, self.connection.packet_options()) {
            Ok(Decoded::Complete { packet: header, .. }) => {
                let is_incomplete = header.packet_len() > input.len();
                if is_incomplete && remaining_length::exceeds_largest(header, self.connection.packet_options().version)
                {
                    if let Err(error) = remaining_length::check(input, self.connection.packet_options()) {
                        return Err(self.fail(error, Some(Skip::Header)));
                    }
                }
                if self.comes_in_pieces(header) {
                    self.state = State::Head(header);
                    return Ok(None);
                }
                Ok(Some(self.frame(header, input)))
            }
            Ok(Decoded::Incomplete { needed }) => Ok(Some(Step::Need(self.header_incomplete(input, needed)))),
            Err(error) => {
                let is_endless = error.kind == DecodeErrorKind::VariableByteIntegerTooLong;
                Err(self.fail(error, (!is_endless).then_some(Skip::Header)))
            }
        }
    }

    /// Records that the fixed header is incomplete. Returns how many more bytes are needed.
    const fn header_incomplete(&mut self, input: &[u8], needed: NonZeroUsize) -> usize {
        self.state = if input.is_empty() { State::Start } else { State::Begun };
        needed.get()
    }

    /// Records that a packet of this length is incomplete.
    const fn begun(&mut self, packet_len: usize) {
        self.state = State::Begun;
        self.frame_len = packet_len;
    }

    #[inline]
    fn frame(&mut self, header: DecodedFixedHeader, input: &[u8]) -> Step {
        match header.packet_len().checked_sub(input.len()) {
            None | Some(0) => {
                self.frame_len = 0;
                Step::Frame(header)
            }
            Some(missing) => {
                self.begun(header.packet_len());
                Step::Need(missing)
            }
        }
    }

    /// Waits for the head of a PUBLISH that is delivered in pieces: every byte before the payload.
    fn head(&mut self, header: &DecodedFixedHeader, input: &[u8]) -> Result<Step, DecodeError> {
        let packet_len = header.packet_len();
        let body = input.get(header.len..packet_len.min(input.len())).unwrap_or_default();
        let options = *self.connection.packet_options();
        let found = head_len(body, header, options.version);
        // The limit is checked against the length of the topic first, then against the whole head. The order is the same
        // however many bytes are available, so the error does not depend on how the stream is split.
        let header_size = u32::try_from(header.len).unwrap_or(u32::MAX);
        let topic_size = topic_size(body).filter(|size| *size <= header.header.remaining_length.get());
        for size in [topic_size, found.size()].into_iter().flatten() {
            let (size, limit) = (header_size.saturating_add(size), self.connection.options().maximum_head_size);
            if size > limit {
                let kind = DecodeErrorKind::HeadTooLarge { size, limit };
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
            // The available bytes contain the fault, so the decoder can report it.
            HeadLen::Faulty => {
                let error = match decode_publish_head(input, body, header, &options) {
                    Err(error) => error,
                    Ok(_) => publish_error(DecodeErrorKind::UnexpectedEnd, &options),
                };
                Err(self.fail(error, Some(Skip::Header)))
            }
        }
    }

    /// Records that `len` bytes of payload were returned to the caller and that `remaining` bytes follow.
    pub(crate) fn piece_delivered(&mut self, len: usize, remaining: u32) {
        self.state = State::Payload(remaining);
        self.advance(len);
    }

    /// Records that `len` bytes were dropped from the buffer.
    pub(crate) fn discarded(&mut self, len: usize) {
        self.advance(len);
    }

    fn advance(&mut self, len: usize) {
        self.position = self.position.saturating_add(u64::try_from(len).unwrap_or(u64::MAX));
    }

    /// Returns how many bytes the buffer must hold at once before decoding can continue, given that it holds `available`
    /// bytes and `needed` more are needed.
    pub(crate) fn required_len(&self, available: usize, needed: usize) -> usize {
        match self.state {
            State::Skip(_) | State::Failed(..) => 0,
            _ => available.saturating_add(needed),
        }
    }

    /// Enters the failed state because a packet does not fit into the buffer of the caller. Returns the error.
    #[cold]
    pub(crate) fn refuse_size(&mut self, input: &[u8], size: usize, capacity: usize) -> DecodeError {
        let size = u32::try_from(size).unwrap_or(u32::MAX);
        let limit = u32::try_from(capacity).unwrap_or(u32::MAX);
        let error = DecodeError {
            kind: match self.state {
                State::Head(_) => DecodeErrorKind::HeadTooLarge { size, limit },
                _ => DecodeErrorKind::PacketTooLarge { size, limit },
            },
            field: Field::RemainingLength,
            packet_type: PacketType::from_first_byte(input.first().copied().unwrap_or_default()),
            version: self.connection.packet_options().version,
            sender: self.connection.options().role.peer(),
            offset: 1,
            looks_like: OtherProtocol::of(input),
        };
        // Only the fixed header tells where the packet ends.
        let has_header = self.frame_len > 0 || !matches!(self.state, State::Start | State::Begun | State::SkipHeader);
        self.fail(error, has_header.then_some(Skip::Header))
    }

    /// Enters the failed state. Returns the error.
    #[cold]
    fn fail(&mut self, error: DecodeError, skip: Option<Skip>) -> DecodeError {
        self.state = State::Failed(error, skip);
        self.frame_len = 0;
        error
    }
}

/// Returns `true` if the packet is refused by its first byte where it may not come. A whole packet is refused when it is decoded.
fn may_be_refused(input: &[u8]) -> bool {
    let packet_type = input.first().map(|first_byte| PacketType::from_first_byte(*first_byte));
    matches!(packet_type, Some(PacketType::Connect | PacketType::ConnAck))
}

/// Returns the step for a payload of which `remaining` bytes are still to come.
fn payload_step(remaining: u32, input: &[u8]) -> Step {
    if input.is_empty() {
        return Step::Need(1); // a single byte makes a piece
    }
    let (len, remaining) = available_part(remaining, input);
    Step::Piece(len, remaining)
}

/// Splits the `remaining` bytes of a packet: returns how many of them `input` holds, and how many follow.
fn available_part(remaining: u32, input: &[u8]) -> (usize, u32) {
    let len = u32::try_from(input.len()).unwrap_or(u32::MAX).min(remaining);
    (to_usize(len).min(input.len()), remaining.saturating_sub(len))
}

const fn publish_error(kind: DecodeErrorKind, options: &DecodeOptions) -> DecodeError {
    let packet_type = PacketType::Publish;
    let (version, sender) = (options.version, options.sender);
    let (field, looks_like) = (Field::RemainingLength, None);
    DecodeError { kind, field, packet_type, version, sender, offset: 1, looks_like }
}
