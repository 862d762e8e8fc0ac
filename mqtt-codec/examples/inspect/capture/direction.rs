//! One direction of a connection: splits the bytes into packets, and continues after missing bytes.

use super::reassembly::{Piece, Reassembly};
use super::seen::{Part, Seen};
use crate::show::item::Item;
use crate::show::leniencies;
use crate::show::packets::{Packets, frame_len};
use alloc::collections::VecDeque;
use bytes::Bytes;
use mqtt_codec::{DecodeOptions, Decoded, PacketType, ProtocolVersion, StreamOptions, decode};

/// The bytes of a topic and its length in a PUBLISH come right after a fixed header of at most five bytes.
const LONGEST_HEADER: usize = 5;

pub(super) struct Direction {
    pub(super) reassembly: Reassembly,
    packets: Packets,
    /// The offset in the stream at which `packets` began.
    base: u64,
    /// The offset of the next byte of the stream.
    offset: u64,
    state: State,
    /// The version that the user gave.
    given: Option<ProtocolVersion>,
    seen: VecDeque<Seen>,
}

enum State {
    /// The packets follow each other.
    Reading,
    /// The rest of a packet whose middle is missing: these bytes have been skipped, and so many follow.
    Skipping { skipped: Part, left: u64 },
    /// The beginning of a packet is sought: these bytes have been skipped.
    Searching(Part),
}

impl Direction {
    /// Begins a direction whose beginning may be missing in the capture.
    pub(super) fn new(given: Option<ProtocolVersion>) -> Self {
        Self {
            reassembly: Reassembly::default(),
            packets: Packets::new(StreamOptions::either(given), given, Vec::new()),
            base: 0,
            offset: 0,
            state: State::Searching(Part { offset: 0, len: 0 }),
            given,
            seen: VecDeque::new(),
        }
    }

    /// Begins at the first byte of the stream, after SYN.
    pub(super) fn begin(&mut self, sequence: u32, options: StreamOptions) {
        self.reassembly.begin(sequence);
        self.packets = Packets::new(options, self.given, Vec::new());
        self.state = State::Reading;
    }

    pub(super) const fn set_version(&mut self, version: ProtocolVersion) {
        self.packets.set_version(version);
    }

    /// Returns the next packet or gap.
    pub(super) fn next(&mut self) -> Option<Seen> {
        if let Some(seen) = self.seen.pop_front() {
            return Some(seen);
        }
        let item = self.packets.next()?;
        Some(Seen::Item(self.moved(item)))
    }

    /// Takes the next bytes, or the number of those that are missing. The version is needed to find the beginning of a
    /// packet.
    pub(super) fn receive(&mut self, piece: Piece, version: ProtocolVersion) {
        match piece {
            Piece::Bytes(bytes) => self.bytes(&bytes, version),
            Piece::Missing(len) => self.missing(len),
        }
    }

    /// Ends the direction: what is left of a packet is cut off.
    pub(super) fn finish(&mut self) {
        let missing = self.reassembly.missing_at_end();
        if missing > 0 {
            self.missing(missing);
        }
        self.flush();
        if let State::Searching(skipped) | State::Skipping { skipped, .. } = self.state {
            self.skipped(skipped);
            self.state = State::Reading;
        }
    }

    fn bytes(&mut self, bytes: &Bytes, version: ProtocolVersion) {
        let len = length(bytes);
        match self.state {
            State::Reading => self.packets.receive(bytes),
            State::Skipping { skipped, left } => {
                let now = left.min(len);
                let skipped = skipped.longer(now);
                let left = left.saturating_sub(now);
                self.state = State::Skipping { skipped, left };
                if left == 0 {
                    self.skipped(skipped);
                    let rest = bytes.get(usize::try_from(now).unwrap_or(usize::MAX)..).unwrap_or_default();
                    self.read_on(self.offset.saturating_add(now), rest, version);
                }
            }
            State::Searching(part) => {
                if begins_packet(bytes, version) {
                    self.skipped(part);
                    self.read_on(self.offset, bytes, version);
                } else {
                    self.state = State::Searching(part.longer(len));
                }
            }
        }
        self.offset = self.offset.saturating_add(len);
    }

    fn missing(&mut self, len: u64) {
        let cut_off = self.flush();
        let missing = Part { offset: self.offset, len };
        self.offset = self.offset.saturating_add(len);
        let left = match self.state {
            State::Reading => cut_off,
            State::Skipping { skipped, left } => {
                self.skipped(skipped);
                Some(left)
            }
            State::Searching(skipped) => {
                self.skipped(skipped);
                None
            }
        };
        self.seen.push_back(Seen::Missing(missing));
        let skipped = Part { offset: self.offset, len: 0 };
        // If the end of the packet is known, and it is after the missing bytes, reading continues there.
        self.state = match left.and_then(|left| left.checked_sub(len)) {
            Some(left) => State::Skipping { skipped, left },
            None => State::Searching(skipped),
        };
    }

    /// Returns all packets and what is left of the last one. Returns how many bytes of that one follow, if that is known.
    fn flush(&mut self) -> Option<u64> {
        while let Some(item) = self.packets.next() {
            let item = self.moved(item);
            self.seen.push_back(Seen::Item(item));
        }
        let item = self.packets.finish()?;
        let left = frame_len(&item.raw).flatten().and_then(|len| len.checked_sub(item.raw.len()));
        let item = self.moved(item);
        self.seen.push_back(Seen::Item(item));
        left.and_then(|left| u64::try_from(left).ok())
    }

    /// Reads packets from `bytes` on, which are at this offset.
    fn read_on(&mut self, offset: u64, bytes: &[u8], version: ProtocolVersion) {
        self.packets = Packets::new(StreamOptions::either(Some(version)), self.given, bytes.to_vec());
        self.base = offset;
        self.state = State::Reading;
    }

    fn skipped(&mut self, part: Part) {
        if part.len > 0 {
            self.seen.push_back(Seen::Skipped(part));
        }
    }

    fn moved(&self, item: Item) -> Item {
        Item { offset: self.base.saturating_add(item.offset), ..item }
    }
}

/// Returns `true` if a packet seems to begin at the beginning of these bytes. Segments mostly begin with a packet.
fn begins_packet(bytes: &[u8], version: ProtocolVersion) -> bool {
    match decode(bytes, leniencies::apply(DecodeOptions::new(version))) {
        Ok(Decoded::Complete { .. }) => true,
        Ok(Decoded::Incomplete { .. }) => begins_publish(bytes),
        Err(_) => false,
    }
}

/// Returns `true` if bytes have the beginning of a PUBLISH with a topic that could be one.
fn begins_publish(bytes: &[u8]) -> bool {
    let is_publish = bytes.first().is_some_and(|first| PacketType::from_first_byte(*first) == PacketType::Publish);
    let continued = bytes.iter().skip(1).take(LONGEST_HEADER).take_while(|byte| **byte >= 0x80).count();
    let Some((len, rest)) = bytes.get(continued.saturating_add(2)..).and_then(|rest| rest.split_first_chunk()) else {
        return false;
    };
    let topic = rest.get(..usize::from(u16::from_be_bytes(*len))).and_then(|topic| core::str::from_utf8(topic).ok());
    is_publish && topic.is_some_and(|topic| !topic.is_empty() && !topic.contains(['+', '#', '\0']))
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}
