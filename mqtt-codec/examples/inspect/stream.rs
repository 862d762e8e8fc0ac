//! The packets of a stream, one after the other, and on behind those that are not legal.

use mqtt_codec::{
    DecodeError, DecodeOptions, Decoded, Packet, PacketType, ProtocolVersion, VariableByteInteger, decode,
};

/// What is at one place of a stream.
pub(crate) struct Item<'a> {
    /// Where it begins.
    pub(crate) offset: usize,
    /// All of the packet; of one that is cut off, or whose end is not known, all that is there.
    pub(crate) raw: &'a [u8],
    /// The version by whose rules it was judged.
    pub(crate) version: ProtocolVersion,
    pub(crate) content: Content<'a>,
}

pub(crate) enum Content<'a> {
    Packet(Packet<&'a [u8]>),
    /// Not legal. If its end is known, the next packet follows, else this is the last item.
    Bad {
        error: DecodeError,
        is_end_known: bool,
    },
    /// The stream ends inside the packet: it needs at least so many bytes more.
    CutOff {
        needed: usize,
    },
}

/// Goes from packet to packet.
pub(crate) struct Packets<'a> {
    rest: &'a [u8],
    offset: usize,
    version: ProtocolVersion,
    follows_connect: bool,
}

impl<'a> Packets<'a> {
    /// Packets of this version, until a CONNECT says something else.
    pub(crate) const fn new(stream: &'a [u8], version: ProtocolVersion) -> Self {
        Self { rest: stream, offset: 0, version, follows_connect: true }
    }

    /// Packets of this version, whatever a CONNECT says.
    pub(crate) const fn of_version(stream: &'a [u8], version: ProtocolVersion) -> Self {
        Self { follows_connect: false, ..Self::new(stream, version) }
    }
}

impl<'a> Iterator for Packets<'a> {
    type Item = Item<'a>;

    fn next(&mut self) -> Option<Item<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let options = DecodeOptions::new(self.version).allow_bridge_bit(true);
        let (len, version, content) = match decode(self.rest, options) {
            Ok(Decoded::Complete { packet, consumed }) => {
                let version = match &packet {
                    Packet::Connect(connect) => connect.protocol_version,
                    _ => self.version,
                };
                (consumed, version, Content::Packet(packet))
            }
            Ok(Decoded::Incomplete { needed }) => {
                (self.rest.len(), self.version, Content::CutOff { needed: needed.get() })
            }
            Err(error) => {
                let end = frame_len(self.rest).filter(|len| *len <= self.rest.len());
                let content = Content::Bad { error, is_end_known: end.is_some() };
                (end.unwrap_or(self.rest.len()), error.version(), content)
            }
        };
        let (raw, rest) = self.rest.split_at_checked(len)?;
        let offset = self.offset;
        self.rest = rest;
        self.offset = offset.saturating_add(len);
        if self.follows_connect && first_type(raw) == Some(PacketType::Connect) {
            self.version = version;
        }
        Some(Item { offset, raw, version, content })
    }
}

/// The type that the first byte names.
pub(crate) fn first_type(stream: &[u8]) -> Option<PacketType> {
    stream.first().copied().map(PacketType::from_first_byte)
}

/// Where the packet ends, though its first byte may be wrong: `decode_fixed_header` would refuse that.
fn frame_len(input: &[u8]) -> Option<usize> {
    let remaining_length = VariableByteInteger::decode(input.get(1..)?).ok()??;
    Some(remaining_length.value.to_usize().saturating_add(remaining_length.len).saturating_add(1))
}
