//! Decoding of packets that have been removed from the buffer.

use crate::error::{DecodeError, DecodeErrorKind};
#[cfg(feature = "bytes")]
use crate::frame::{Frame, FrameOutcome, IntoFrame};
use crate::packet::decode_frame::{decode_frame, decode_publish_head};
use crate::stream::framer::{Framer, Skip, State};
#[cfg(feature = "bytes")]
use crate::stream::item::FrameItem;
use crate::stream::item::StreamItem;
use crate::wire::fixed_header::DecodedFixedHeader;
use crate::wire::form::{DecodedPacket, Form};
use crate::wire::outcome::Outcome;
#[cfg(feature = "bytes")]
use bytes::Bytes;
use mqtt_types::{PacketType, ProtocolVersion, Publish, Sender};

impl Framer {
    /// Decodes a frame that has been removed from the buffer. Calls `refuse` if decoding fails.
    #[inline(always)]
    pub(crate) fn decode_frame<'a, F: Form>(
        &mut self,
        header: DecodedFixedHeader,
        frame: &'a [u8],
        form: F,
        refuse: impl FnOnce(),
    ) -> Result<Option<StreamItem<F::Buffer<'a>>>, DecodeError> {
        let options = *self.connection.packet_options();
        let outcome = StreamOutcome { framer: self, taken: frame.len(), form, refuse };
        decode_frame(frame, header, &options, Sender::Either, outcome)
    }

    /// Converts the bytes of a packet, which have been removed from the buffer, into a frame. Calls `refuse` with them if
    /// decoding fails.
    #[cfg(feature = "bytes")]
    #[inline(always)]
    pub(crate) fn take_frame(
        &mut self,
        header: DecodedFixedHeader,
        bytes: impl IntoFrame,
        refuse: impl FnOnce(Bytes),
    ) -> Result<Option<FrameItem>, DecodeError> {
        let options = *self.connection.packet_options();
        let packet_type = header.header.packet_type;
        if packet_type == PacketType::Publish {
            let outcome = StreamFrame { framer: self, header, refuse };
            return bytes.into_frame(header, &options, None, outcome);
        }
        let expected_version = self.connection.expected_version();
        let opens = matches!(packet_type, PacketType::Connect | PacketType::ConnAck);
        let refusal = self.connection.refusal(packet_type).filter(|_| opens);
        let outcome = StreamFrame { framer: self, header, refuse };
        match refusal {
            Some(kind) => {
                let error = outcome.framer.connection.refusal_error(kind, packet_type, &bytes);
                Err(outcome.refused(error, bytes))
            }
            None => bytes.into_frame(header, &options, expected_version, outcome),
        }
    }

    /// Decodes the head of a PUBLISH that has been removed from the buffer.
    pub(crate) fn decode_head<'a>(
        &mut self,
        header: &DecodedFixedHeader,
        head: &'a [u8],
        payload_len: u32,
    ) -> Result<Publish<&'a [u8]>, DecodeError> {
        let body = head.get(header.len..).unwrap_or_default();
        match decode_publish_head(head, body, header, self.connection.packet_options()) {
            Ok(publish) => {
                self.state = State::Payload(payload_len);
                self.advance(head.len());
                Ok(publish)
            }
            Err(error) => Err(self.fail(error, Some(Skip::Rest { taken: head.len(), left: payload_len }))),
        }
    }
}

/// Outcome for a packet that is kept as a frame: updates the state of the stream.
#[cfg(feature = "bytes")]
struct StreamFrame<'f, R> {
    framer: &'f mut Framer,
    header: DecodedFixedHeader,
    refuse: R,
}

#[cfg(feature = "bytes")]
impl<R: FnOnce(Bytes)> FrameOutcome for StreamFrame<'_, R> {
    type Item = Option<FrameItem>;

    #[inline(always)]
    fn kept(self, frame: Frame) -> Self::Item {
        match self.header.header.packet_type {
            PacketType::Connect => self.framer.connection.connected(frame.version()),
            PacketType::ConnAck => self.framer.connection.accepted(),
            _ => {}
        }
        self.framer.state = State::Start;
        self.framer.advance(self.header.packet_len());
        Some(FrameItem::Frame(frame))
    }

    #[cold]
    fn refused(self, error: DecodeError, bytes: impl IntoFrame) -> DecodeError {
        let taken = bytes.len();
        (self.refuse)(bytes.into_bytes());
        self.framer.fail(error, Some(Skip::Rest { taken, left: 0 }))
    }
}

/// Outcome for a frame that has been removed from a stream: updates the state of the stream.
struct StreamOutcome<'f, F, R> {
    framer: &'f mut Framer,
    taken: usize,
    form: F,
    refuse: R,
}

impl<'a, F: Form, R: FnOnce()> Outcome<'a> for StreamOutcome<'_, F, R> {
    type Packet = Option<StreamItem<F::Buffer<'a>>>;

    fn refusal(&self, packet_type: PacketType) -> Option<DecodeErrorKind> {
        self.framer.connection.refusal(packet_type)
    }

    fn expected_version(&self) -> Option<ProtocolVersion> {
        self.framer.connection.expected_version()
    }

    fn accepted(&mut self) {
        self.framer.connection.accepted();
    }

    fn connected(&mut self, version: ProtocolVersion) {
        self.framer.connection.connected(version);
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
