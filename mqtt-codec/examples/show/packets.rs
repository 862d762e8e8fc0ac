//! Splits a stream into packets, and continues after those that are not legal.

use crate::show::item::{Content, Item};
use crate::show::leniencies;
use bytes::{Bytes, BytesMut};
use mqtt_codec::{
    Answer, ConnectionPhase, DecodeError, DecodeOptions, Frame, FrameItem, PacketType, ProtocolVersion, Role,
    StreamDecoder, StreamOptions, VariableByteInteger,
};

/// Splits a stream into packets as its bytes arrive.
pub(crate) struct Packets {
    decoder: StreamDecoder,
    /// Received bytes that belong to no item yet.
    buffer: BytesMut,
    /// The version of every packet except CONNECT, if no CONNECT may change it.
    given: Option<ProtocolVersion>,
    /// The phase of the connection, if both directions are visible. Otherwise every packet except the first CONNECT
    /// counts as a packet after CONNACK.
    pub(crate) phase: Option<ConnectionPhase>,
    /// Whether there was a CONNECT.
    has_connect: bool,
    /// The offset of the next packet.
    offset: u64,
    /// The offset of the next packet is unknown, so nothing more can be decoded.
    is_lost: bool,
}

impl Packets {
    /// Creates a splitter. Replaces the size limits of `options`: every legal size is accepted.
    ///
    /// Every CONNECT changes the version, unless `given` is the version to keep. `beginning` are the first bytes of the
    /// stream, if any were received.
    pub(crate) fn new(options: StreamOptions, given: Option<ProtocolVersion>, beginning: Vec<u8>) -> Self {
        let options = options
            .with_maximum_packet_size(DecodeOptions::LARGEST_PACKET)
            .with_maximum_connect_size(DecodeOptions::LARGEST_PACKET)
            .with_decode_options(leniencies::apply);
        Self {
            decoder: StreamDecoder::new(options),
            buffer: Bytes::from(beginning).into(),
            given,
            phase: None,
            has_connect: false,
            offset: 0,
            is_lost: false,
        }
    }

    pub(crate) const fn set_version(&mut self, version: ProtocolVersion) {
        self.decoder.set_version(version);
    }

    /// Takes bytes that were received.
    pub(crate) fn receive(&mut self, bytes: &[u8]) {
        if !self.is_lost {
            self.buffer.extend_from_slice(bytes);
        }
    }

    /// Returns the next packet, if it has been received completely.
    pub(crate) fn next(&mut self) -> Option<Item> {
        if self.is_lost {
            return None;
        }
        match self.decoder.next_frame(&mut self.buffer) {
            Ok(Some(FrameItem::Frame(frame))) => Some(self.packet(frame)),
            // Parts of a PUBLISH are returned only on request.
            Ok(None | Some(FrameItem::PublishHead { .. } | FrameItem::Payload { .. })) => None,
            Err(error) => self.bad(error),
        }
    }

    /// Returns what is left at the end of the stream, after [`next`](Self::next) has returned `None`.
    pub(crate) fn finish(&mut self) -> Option<Item> {
        if self.is_lost || self.buffer.is_empty() {
            return None;
        }
        let (version, content) = match self.decoder.next_frame(&mut self.buffer) {
            Err(error) => {
                let answer = self.answer(&error);
                (error.version(), Content::Bad { error, answer, is_end_known: false })
            }
            Ok(_) => {
                let version = self.decoder.version().unwrap_or(ProtocolVersion::V5);
                (version, Content::CutOff { needed: self.decoder.needed() })
            }
        };
        self.is_lost = true;
        let raw = self.buffer.split().freeze();
        Some(self.item(raw, version, content))
    }

    fn packet(&mut self, frame: Frame) -> Item {
        if frame.packet_type() == PacketType::Connect {
            self.has_connect = true;
            self.follow(frame.version());
        }
        self.item(frame.to_bytes(), frame.version(), Content::Packet(frame))
    }

    /// Skips a packet that is not legal. Waits for all of it, even if the error is known before.
    fn bad(&mut self, error: DecodeError) -> Option<Item> {
        let refused = self.decoder.refused().clone();
        let raw = if !refused.is_empty() {
            refused
        } else if let Some(len) = frame_len(&self.buffer)? {
            // The decoder drops these bytes when it skips the packet.
            Bytes::copy_from_slice(self.buffer.get(..len)?)
        } else {
            self.is_lost = true;
            self.buffer.split().freeze()
        };
        let answer = self.answer(&error);
        self.is_lost |= !self.decoder.skip();
        if error.packet_type() == PacketType::Connect {
            self.follow(error.version());
        }
        Some(self.item(raw, error.version(), Content::Bad { error, answer, is_end_known: !self.is_lost }))
    }

    /// Returns what the receiver may answer.
    fn answer(&self, error: &DecodeError) -> Option<Answer> {
        let is_first = error.packet_type() == PacketType::Connect && !self.has_connect;
        let phase = self.phase.unwrap_or_else(|| match self.decoder.version() {
            Some(version) if !is_first => ConnectionPhase::Connected(version),
            _ => ConnectionPhase::Start,
        });
        match self.decoder.options().role() {
            // Either side may have received it.
            Role::Either => error.answer(Role::Server, phase).or_else(|| error.answer(Role::Client, phase)),
            role => error.answer(role, phase),
        }
    }

    /// Continues with the version of a CONNECT.
    fn follow(&mut self, version: ProtocolVersion) {
        self.decoder.set_version(self.given.unwrap_or(version));
    }

    fn item(&mut self, raw: Bytes, version: ProtocolVersion, content: Content) -> Item {
        let (offset, len) = (self.offset, u64::try_from(raw.len()).unwrap_or(u64::MAX));
        self.offset = offset.saturating_add(len);
        Item { offset, len, raw, version, content }
    }
}

/// Returns the length of the packet at the start of `input`, even if its first byte is wrong: `decode_fixed_header` refuses
/// such a packet. Returns `None` if more bytes are needed, and `Some(None)` if the packet has no end.
pub(crate) fn frame_len(input: &[u8]) -> Option<Option<usize>> {
    match VariableByteInteger::decode(input.get(1..)?) {
        Ok(remaining_length) => {
            let remaining_length = remaining_length?;
            Some(Some(remaining_length.value.to_usize().saturating_add(remaining_length.len).saturating_add(1)))
        }
        Err(_) => Some(None),
    }
}
