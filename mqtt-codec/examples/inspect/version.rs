//! Finds the version of a stream. Only CONNECT names it. Other packets differ between versions, but not always visibly.

use crate::show::leniencies;
use crate::show::packets::frame_len;
use core::{fmt, iter};
use mqtt_codec::{DecodeOptions, Decoded, Packet, PacketType, ProtocolVersion, decode};

/// The version at the beginning of a stream, and how it is known.
pub(crate) struct Known {
    pub(crate) version: ProtocolVersion,
    pub(crate) evidence: Evidence,
}

#[derive(Clone, Copy)]
pub(crate) enum Evidence {
    /// The user gave it.
    Given,
    /// A CONNECT in the stream.
    Connect,
    /// The CONNECT of the other direction.
    OtherDirection,
    /// The length of the CONNACK at the beginning.
    ConnAck,
    /// How many of the first packets decode.
    Count { decoded: usize, of: usize },
}

/// How many packets are examined at most.
const EXAMINED: usize = 1000;

/// Guesses the version from the beginning of a stream.
pub(crate) fn guess(beginning: &[u8]) -> Known {
    // The body of a CONNACK has two bytes in 3.x. In 5.0 it also has properties.
    match beginning.first_chunk().map(|[first, len]| (PacketType::from_first_byte(*first), len)) {
        Some((PacketType::ConnAck, 2)) => {
            return Known { version: ProtocolVersion::V3_1_1, evidence: Evidence::ConnAck };
        }
        Some((PacketType::ConnAck, 3..)) => {
            return Known { version: ProtocolVersion::V5, evidence: Evidence::ConnAck };
        }
        _ => {}
    }
    if let Some(version) = of_connect(beginning) {
        return Known { version, evidence: Evidence::Connect };
    }
    let count = |version| {
        let options = leniencies::apply(DecodeOptions::new(version));
        let (mut decoded, mut of) = (0_usize, 0_usize);
        for packet in packets(beginning) {
            of = of.saturating_add(1);
            decoded = decoded.saturating_add(decode(packet, options).is_ok().into());
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

/// Returns the version of the first CONNECT near the beginning of a stream.
pub(crate) fn of_connect(beginning: &[u8]) -> Option<ProtocolVersion> {
    let is_connect =
        |packet: &&[u8]| packet.first().is_some_and(|first| PacketType::from_first_byte(*first) == PacketType::Connect);
    let connect = packets(beginning).find(is_connect)?;
    let decode_as = |version| decode(connect, leniencies::apply(DecodeOptions::new(version)));
    match decode_as(ProtocolVersion::V5) {
        Ok(Decoded::Complete { packet: Packet::Connect(connect), .. }) => Some(connect.protocol_version),
        Ok(_) => None,
        // If the version of the packet could not be read, the error has the version that was assumed.
        Err(error) => decode_as(ProtocolVersion::V3_1)
            .err()
            .map(|other| other.version())
            .filter(|other| *other == error.version()),
    }
}

/// Returns the first packets of a stream, legal or not, as far as they are complete.
fn packets(beginning: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = beginning;
    let next = move || {
        let (packet, after) = rest.split_at_checked(frame_len(rest)??)?;
        rest = after;
        Some(packet)
    };
    iter::from_fn(next).take(EXAMINED)
}

impl fmt::Display for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MQTT {}", self.version)?;
        match self.evidence {
            Evidence::Given => f.write_str(" (as given)"),
            Evidence::Connect => f.write_str(" (from its CONNECT)"),
            Evidence::OtherDirection => f.write_str(" (from the CONNECT of the other direction)"),
            Evidence::ConnAck => f.write_str(" (from the length of its CONNACK)"),
            Evidence::Count { of: 0, .. } => f.write_str(" (assumed)"),
            Evidence::Count { decoded, of } => write!(f, " (a guess: {decoded} of {of} packets decode)"),
        }
    }
}
