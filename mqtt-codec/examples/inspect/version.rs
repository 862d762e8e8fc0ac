//! Which version a stream is of. Only CONNECT says so; everything else looks alike until it does not.

use crate::stream::{Content, Packets, first_type};
use core::fmt;
use mqtt_codec::{Packet, PacketType, ProtocolVersion};

/// The version that a stream begins with, and how we know.
pub(crate) struct Known {
    pub(crate) version: ProtocolVersion,
    pub(crate) evidence: Evidence,
}

#[derive(Clone, Copy)]
pub(crate) enum Evidence {
    /// The user says so.
    Told,
    /// A CONNECT in the stream.
    Connect,
    /// The CONNECT of the other direction.
    OtherDirection,
    /// The length of the CONNACK that it begins with.
    ConnAck,
    /// So many packets, of those at its beginning, decode.
    Count { decoded: usize, of: usize },
}

/// How many packets are looked at before the version is guessed.
const LOOKED_AT: usize = 1000;

/// Finds the version from the stream alone.
pub(crate) fn guess(stream: &[u8]) -> Known {
    // A CONNACK of 3.x has two bytes, one of 5.0 has a Property Length as well.
    match (first_type(stream), stream.get(1)) {
        (Some(PacketType::ConnAck), Some(2)) => {
            return Known { version: ProtocolVersion::V3_1_1, evidence: Evidence::ConnAck };
        }
        (Some(PacketType::ConnAck), Some(3..)) => {
            return Known { version: ProtocolVersion::V5, evidence: Evidence::ConnAck };
        }
        _ => {}
    }
    if let Some(version) = of_connect(stream) {
        return Known { version, evidence: Evidence::Connect };
    }
    let count = |version| {
        let (mut decoded, mut of) = (0_usize, 0_usize);
        for item in Packets::of_version(stream, version).take(LOOKED_AT) {
            of = of.saturating_add(1);
            decoded = decoded.saturating_add(usize::from(matches!(item.content, Content::Packet(_))));
        }
        (decoded, of, version)
    };
    let (mut decoded, mut of, mut version) = count(ProtocolVersion::V5);
    for other in [ProtocolVersion::V3_1_1, ProtocolVersion::V3_1].map(count) {
        if other.0 > decoded {
            (decoded, of, version) = other;
        }
    }
    Known { version, evidence: Evidence::Count { decoded, of } }
}

/// What the first CONNECT near the beginning says.
pub(crate) fn of_connect(stream: &[u8]) -> Option<ProtocolVersion> {
    let first_connect = |assumed| {
        let is_connect = |raw: &[u8]| first_type(raw) == Some(PacketType::Connect);
        Packets::of_version(stream, assumed).take(LOOKED_AT).find(|item| is_connect(item.raw))
    };
    let item = first_connect(ProtocolVersion::V5)?;
    match item.content {
        Content::Packet(Packet::Connect(connect)) => Some(connect.protocol_version),
        // An error is of the packet's own version if that could be read, else of the one that was assumed.
        _ => first_connect(ProtocolVersion::V3_1).map(|other| other.version).filter(|version| *version == item.version),
    }
}

impl fmt::Display for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MQTT {}", self.version)?;
        match self.evidence {
            Evidence::Told => f.write_str(" (as told)"),
            Evidence::Connect => f.write_str(" (from its CONNECT)"),
            Evidence::OtherDirection => f.write_str(" (from the CONNECT of the other direction)"),
            Evidence::ConnAck => f.write_str(" (from the length of its CONNACK)"),
            Evidence::Count { of: 0, .. } => f.write_str(" (nothing tells)"),
            Evidence::Count { decoded, of } => write!(f, " (a guess: {decoded} of {of} packets decode)"),
        }
    }
}
