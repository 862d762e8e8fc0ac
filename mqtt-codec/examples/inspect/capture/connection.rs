//! One TCP connection: the side that is the client, whether it is MQTT, and its version.

use super::direction::Direction;
use super::link::Segment;
use super::reassembly::Piece;
use super::seen::Seen;
use crate::show::item::{Content, Item};
use crate::show::leniencies;
use crate::version::{self, Evidence};
use alloc::collections::VecDeque;
use bytes::Bytes;
use core::net::SocketAddr;
use mqtt_codec::{DecodeOptions, Decoded, Frame, PacketType, ProtocolVersion, StreamOptions};

/// A connection, as far as it has been seen.
pub(super) struct Connection {
    /// Its two ends; `ends[0]` sent the first segment that was captured.
    ends: [SocketAddr; 2],
    directions: [Direction; 2],
    /// The end that is the client, once it is known.
    client: Option<usize>,
    kind: Kind,
    version: Option<ProtocolVersion>,
    /// The version is a guess, because the CONNECT was not captured.
    is_guess: bool,
    given: Option<ProtocolVersion>,
    /// One end closed the connection with RST.
    is_reset: bool,
}

enum Kind {
    /// Not known yet. These pieces wait, each with the index of the end that sent it.
    Unknown(VecDeque<(usize, Piece)>),
    Mqtt,
    Other,
}

/// The port of MQTT without TLS.
const MQTT_PORT: u16 = 1883;

impl Connection {
    pub(super) fn new(segment: &Segment<'_>, ports: &[u16], given: Option<ProtocolVersion>) -> Self {
        let ends = [segment.source, segment.destination];
        let server = ends.iter().position(|end| end.port() == MQTT_PORT || ports.contains(&end.port()));
        let client = match (segment.is_syn, segment.is_ack) {
            (true, false) => Some(0),
            (true, true) => Some(1),
            _ => server.map(|server| 1_usize.saturating_sub(server)),
        };
        Self {
            ends,
            directions: [Direction::new(given), Direction::new(given)],
            client,
            kind: if server.is_some() { Kind::Mqtt } else { Kind::Unknown(VecDeque::new()) },
            version: given,
            is_guess: false,
            given,
            is_reset: false,
        }
    }

    pub(super) fn is_mqtt(&self) -> bool {
        matches!(self.kind, Kind::Mqtt)
    }

    /// Returns the addresses of client and server.
    fn addresses(&self) -> [SocketAddr; 2] {
        let [first, second] = self.ends;
        if self.client == Some(1) { [second, first] } else { [first, second] }
    }

    /// Returns how many bytes were repeated, and how many segments came out of order.
    pub(super) fn counts(&self) -> (u64, u64) {
        self.directions.iter().fold((0, 0), |(repeated, out_of_order), direction| {
            let reassembly = &direction.reassembly;
            (repeated.saturating_add(reassembly.repeated), out_of_order.saturating_add(reassembly.out_of_order))
        })
    }

    /// Returns `true` if the segment belongs to another connection between the same ends.
    pub(super) fn is_other(&self, segment: &Segment<'_>) -> bool {
        let first = segment.sequence.wrapping_add(1);
        segment.is_syn
            && self.direction(self.end(segment)).is_some_and(|direction| direction.reassembly.is_other(first))
    }

    /// Returns `true` if no more packets can come.
    pub(super) fn has_ended(&self) -> bool {
        self.is_reset || self.directions.iter().all(|direction| direction.reassembly.has_ended())
    }

    /// Takes a segment. Calls `visit` with the addresses, `true` if the client sent it, and each packet.
    pub(super) fn receive<E>(
        &mut self,
        segment: &Segment<'_>,
        visit: &mut impl FnMut([SocketAddr; 2], bool, Seen) -> Result<(), E>,
    ) -> Result<(), E> {
        let end = self.end(segment);
        let is_client = self.client == Some(end);
        let version = self.version.unwrap_or(ProtocolVersion::V3_1_1);
        let Some(direction) = self.directions.get_mut(end) else { return Ok(()) };
        let mut sequence = segment.sequence;
        if segment.is_syn {
            // SYN counts as a byte before the first one.
            sequence = sequence.wrapping_add(1);
            if !direction.reassembly.has_begun() {
                direction
                    .begin(sequence, if is_client { StreamOptions::server() } else { StreamOptions::client(version) });
            }
        }
        direction.reassembly.receive(sequence, segment.payload, segment.is_fin);
        self.is_reset |= segment.is_reset;
        self.pieces(end, false, visit)
    }

    /// Ends the connection: bytes behind a gap no longer wait.
    pub(super) fn finish<E>(
        &mut self,
        visit: &mut impl FnMut([SocketAddr; 2], bool, Seen) -> Result<(), E>,
    ) -> Result<(), E> {
        for end in [0, 1] {
            self.pieces(end, true, visit)?;
        }
        // There are too few bytes to identify the protocol.
        if let Kind::Unknown(_) = self.kind {
            self.kind = Kind::Other;
        }
        for end in [0, 1] {
            if self.is_mqtt() {
                if let Some(direction) = self.directions.get_mut(end) {
                    direction.finish();
                }
                self.items(end, visit)?;
            }
        }
        Ok(())
    }

    /// Takes the bytes of one direction that are in order.
    fn pieces<E>(
        &mut self,
        end: usize,
        is_end: bool,
        visit: &mut impl FnMut([SocketAddr; 2], bool, Seen) -> Result<(), E>,
    ) -> Result<(), E> {
        while let Some(piece) = self.directions.get_mut(end).and_then(|direction| direction.reassembly.next(is_end)) {
            match &mut self.kind {
                Kind::Other => {}
                Kind::Mqtt => self.piece(end, piece, visit)?,
                Kind::Unknown(waiting) => {
                    waiting.push_back((end, piece));
                    let of_sender = waiting.iter().filter_map(|(sender, piece)| match piece {
                        Piece::Bytes(bytes) if *sender == end => Some(bytes),
                        _ => None,
                    });
                    let beginning: Vec<u8> = of_sender.flatten().copied().take(CONNECT_LEN).collect();
                    match begins_connect(&beginning) {
                        None => {}
                        Some(false) => self.kind = Kind::Other,
                        Some(true) => {
                            self.client = Some(end);
                            let waiting = core::mem::take(waiting);
                            self.kind = Kind::Mqtt;
                            for (end, piece) in waiting {
                                self.piece(end, piece, visit)?;
                            }
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn piece<E>(
        &mut self,
        end: usize,
        piece: Piece,
        visit: &mut impl FnMut([SocketAddr; 2], bool, Seen) -> Result<(), E>,
    ) -> Result<(), E> {
        let version = self.version.unwrap_or_else(|| match &piece {
            Piece::Bytes(bytes) => self.guess(bytes),
            Piece::Missing(_) => ProtocolVersion::V5,
        });
        if let Some(direction) = self.directions.get_mut(end) {
            direction.receive(piece, version);
        }
        self.items(end, visit)
    }

    /// Guesses the version from the first bytes that were captured. If they are a CONNECT, no guess is needed.
    fn guess(&mut self, bytes: &Bytes) -> ProtocolVersion {
        let known = version::guess(bytes);
        if !matches!(known.evidence, Evidence::Count { decoded: 0, .. }) {
            self.set_version(known.version, !matches!(known.evidence, Evidence::Connect));
        }
        known.version
    }

    /// Visits the packets of one direction.
    fn items<E>(
        &mut self,
        end: usize,
        visit: &mut impl FnMut([SocketAddr; 2], bool, Seen) -> Result<(), E>,
    ) -> Result<(), E> {
        while let Some(seen) = self.directions.get_mut(end).and_then(Direction::next) {
            let seen = match seen {
                Seen::Item(item) => Seen::Item(self.judge(item)),
                other => other,
            };
            visit(self.addresses(), self.client == Some(end), seen)?;
        }
        Ok(())
    }

    /// Takes the version of a CONNECT. If the version is a guess, and a packet is legal in another one only, that one is
    /// the better guess.
    fn judge(&mut self, item: Item) -> Item {
        match &item.content {
            Content::Packet(frame) if frame.packet_type() == PacketType::Connect => {
                self.set_version(self.given.unwrap_or(item.version), false);
                item
            }
            Content::Bad { is_end_known: true, .. } if self.is_guess => {
                let legal = |version| {
                    let options = leniencies::apply(DecodeOptions::new(version));
                    match Frame::decode(&item.raw, options) {
                        Ok(Decoded::Complete { packet, .. }) => Some((version, packet)),
                        _ => None,
                    }
                };
                match ProtocolVersion::ALL.into_iter().rev().find_map(legal) {
                    Some((version, frame)) => {
                        self.set_version(version, true);
                        Item { version, content: Content::Packet(frame), ..item }
                    }
                    None => item,
                }
            }
            _ => item,
        }
    }

    fn set_version(&mut self, version: ProtocolVersion, is_guess: bool) {
        self.version = Some(version);
        self.is_guess = is_guess;
        for direction in &mut self.directions {
            direction.set_version(version);
        }
    }

    fn end(&self, segment: &Segment<'_>) -> usize {
        usize::from(self.ends.first() != Some(&segment.source))
    }

    fn direction(&self, end: usize) -> Option<&Direction> {
        self.directions.get(end)
    }
}

/// The bytes of a CONNECT up to the end of the longest protocol name.
const CONNECT_LEN: usize = 13;

/// Returns whether bytes begin with a CONNECT; `None` if there are too few bytes to tell.
fn begins_connect(bytes: &[u8]) -> Option<bool> {
    let (first, rest) = bytes.split_first()?;
    if *first != 0x10 {
        return Some(false);
    }
    let len = rest.iter().take_while(|byte| **byte >= 0x80).count().saturating_add(1);
    if len > 4 {
        return Some(false);
    }
    let name = rest.get(len..)?;
    let could_be = |expected: &[u8]| expected.starts_with(name) || name.starts_with(expected);
    let names: [&[u8]; 2] = [b"\0\x04MQTT", b"\0\x06MQIsdp"];
    match names.into_iter().find(|expected| could_be(expected)) {
        None => Some(false),
        Some(expected) => name.starts_with(expected).then_some(true),
    }
}
