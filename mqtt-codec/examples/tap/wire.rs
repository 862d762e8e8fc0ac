//! One direction of a connection: packets out of what is received, each with the very bytes that it came in.

use crate::relay::Direction;
use bytes::{Bytes, BytesMut};
use mqtt_codec::{
    DecodeError, DecodeOptions, Packet, ProtocolVersion, StreamDecoder, StreamItem, StreamOptions, VariableByteInteger,
};

/// Something between two places of the stream.
pub(crate) struct Seen {
    pub(crate) offset: u64,
    /// All of it, or of what is bad or cut off, what is there.
    pub(crate) raw: Bytes,
    pub(crate) version: ProtocolVersion,
    pub(crate) packet: Result<Packet, Fault>,
}

pub(crate) enum Fault {
    Bad { error: DecodeError, is_end_known: bool },
    CutOff { needed: usize },
}

pub(crate) struct Wire {
    decoder: StreamDecoder,
    /// What the decoder has not taken yet.
    buffer: BytesMut,
    /// A copy of what is not shown yet: packets that are handed out no longer have their fixed header.
    raw: BytesMut,
    /// Where `raw` begins.
    offset: u64,
    /// So many bytes that are still to come belong to a bad packet that has been shown.
    skips: usize,
    /// Where the next packet begins is not known: nothing more can be made of it.
    is_lost: bool,
}

impl Wire {
    pub(crate) fn new(direction: Direction) -> Self {
        let options = match direction {
            Direction::ToBroker => StreamOptions::server(),
            // A guess until the client has sent its CONNECT; no broker says anything before.
            Direction::ToClient => StreamOptions::client(ProtocolVersion::V3_1_1),
        };
        let options = options
            .maximum_packet_size(DecodeOptions::LARGEST_PACKET)
            .maximum_connect_size(DecodeOptions::LARGEST_PACKET)
            .with_decode_options(|options| options.allow_bridge_bit(true));
        Self {
            decoder: StreamDecoder::new(options),
            buffer: BytesMut::new(),
            raw: BytesMut::new(),
            offset: 0,
            skips: 0,
            is_lost: false,
        }
    }

    /// The version, once it is known.
    pub(crate) const fn version(&self) -> Option<ProtocolVersion> {
        self.decoder.version()
    }

    pub(crate) const fn set_version(&mut self, version: ProtocolVersion) {
        self.decoder.set_version(version);
    }

    /// Takes what has been received.
    pub(crate) fn receive(&mut self, bytes: &[u8]) {
        if self.is_lost {
            return;
        }
        self.buffer.extend_from_slice(bytes);
        let skipped = self.skips.min(bytes.len());
        self.skips = self.skips.saturating_sub(skipped);
        self.raw.extend_from_slice(bytes.get(skipped..).unwrap_or_default());
    }

    /// The next packet that is there, legal or not.
    pub(crate) fn next(&mut self) -> Option<Seen> {
        if self.is_lost {
            return None;
        }
        match self.decoder.decode(&mut self.buffer) {
            Ok(None) => None,
            Ok(Some(StreamItem::Packet(packet))) => {
                let len = self.decoder.position().saturating_sub(self.offset);
                let version = self.decoder.version()?;
                Some(self.take(usize::try_from(len).ok()?, version, Ok(packet)))
            }
            // Payloads in pieces have to be asked for.
            Ok(Some(StreamItem::PublishHead { .. } | StreamItem::Payload { .. })) => None,
            Err(error) => match VariableByteInteger::decode(self.raw.get(1..)?) {
                // A bad first byte is told before it can be known where the packet ends.
                Ok(None) => None,
                Ok(Some(remaining_length)) if self.decoder.skip() => {
                    let len = remaining_length.value.to_usize().saturating_add(remaining_length.len).saturating_add(1);
                    Some(self.take(len, error.version(), Err(Fault::Bad { error, is_end_known: true })))
                }
                _ => Some(self.give_up(error)),
            },
        }
    }

    /// What is left when nothing more comes.
    pub(crate) fn finish(&mut self) -> Option<Seen> {
        if self.is_lost || self.raw.is_empty() {
            return None;
        }
        match self.decoder.decode(&mut self.buffer) {
            Ok(_) => {
                let version = self.decoder.version().unwrap_or(ProtocolVersion::V5);
                let needed = self.decoder.needed();
                Some(self.take(self.raw.len(), version, Err(Fault::CutOff { needed })))
            }
            Err(error) => Some(self.give_up(error)),
        }
    }

    fn give_up(&mut self, error: DecodeError) -> Seen {
        self.is_lost = true;
        self.take(self.raw.len(), error.version(), Err(Fault::Bad { error, is_end_known: false }))
    }

    /// Goes on by so many bytes, which may not all be there.
    fn take(&mut self, len: usize, version: ProtocolVersion, packet: Result<Packet, Fault>) -> Seen {
        let there = len.min(self.raw.len());
        self.skips = len.saturating_sub(there);
        let seen = Seen { offset: self.offset, raw: self.raw.split_to(there).freeze(), version, packet };
        self.offset = self.offset.saturating_add(u64::try_from(len).unwrap_or(u64::MAX));
        seen
    }
}
