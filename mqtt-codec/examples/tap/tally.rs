//! Counts over all connections.

use crate::direction::Direction;
use crate::show::paint::Paint;
use alloc::collections::BTreeMap;
use mqtt_codec::{PacketType, ProtocolVersion};
use std::io::{self, Write};

#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) connections: usize,
    packets: BTreeMap<(ProtocolVersion, Direction, PacketType), usize>,
    pub(crate) other_forms: usize,
    /// Not an error: a peer that dies may leave half a packet.
    pub(crate) cut_off: usize,
    pub(crate) differences: usize,
    pub(crate) errors: usize,
}

impl Tally {
    /// Counts a legal packet.
    pub(crate) fn count(&mut self, version: ProtocolVersion, direction: Direction, packet_type: PacketType) {
        let count = self.packets.entry((version, direction, packet_type)).or_default();
        *count = count.saturating_add(1);
    }

    pub(crate) const fn is_well(&self) -> bool {
        self.differences == 0 && self.errors == 0
    }

    /// Writes the counts.
    pub(crate) fn write(&self, paint: Paint, output: &mut impl Write) -> io::Result<()> {
        for version in ProtocolVersion::ALL {
            for direction in [Direction::ToBroker, Direction::ToClient] {
                let of_this = self.packets.iter().filter(|((v, d, _), _)| (*v, *d) == (version, direction));
                let counts: Vec<_> = of_this.map(|((_, _, name), count)| format!("{count} {name}")).collect();
                if !counts.is_empty() {
                    writeln!(output, "MQTT {version} {direction}: {}", counts.join(", "))?;
                }
            }
        }
        let to = |direction| {
            let counts = self.packets.iter().filter(|((_, d, _), _)| *d == direction).map(|(_, count)| count);
            counts.sum::<usize>()
        };
        let text = format!(
            "{} connection{}, {} packets to the broker, {} to the client, {} in other forms, {} cut off, \
             {} differences, {} errors",
            self.connections,
            if self.connections == 1 { "" } else { "s" },
            to(Direction::ToBroker),
            to(Direction::ToClient),
            self.other_forms,
            self.cut_off,
            self.differences,
            self.errors,
        );
        writeln!(output, "{}", if self.is_well() { text } else { paint.red(&text) })
    }
}
