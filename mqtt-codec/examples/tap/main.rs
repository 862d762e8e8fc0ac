//! Stands between MQTT clients and a broker, and shows every packet that passes. `--help` tells more.
//!
//! `relay.rs` forwards, `wire.rs` makes packets of what is received (the part to copy), `again.rs` encodes them again
//! and compares. What is shown is shown as `inspect` does it.

extern crate alloc;

mod again;
mod args;
mod relay;
mod wire;

#[path = "../inspect/head.rs"]
mod head;
#[path = "../inspect/hex.rs"]
mod hex;
#[path = "../inspect/paint.rs"]
mod paint;
#[path = "../inspect/rows.rs"]
mod rows;
#[expect(dead_code, reason = "inspect divides streams into packets")]
#[path = "../inspect/stream.rs"]
mod stream;
#[path = "../inspect/text.rs"]
mod text;
#[path = "../inspect/words.rs"]
mod words;

use again::Again;
use alloc::collections::BTreeMap;
use args::{Command, Options};
use mqtt_codec::{Packet, PacketType, ProtocolVersion};
use paint::Paint;
use relay::{Direction, Event, What};
use rows::INDENT;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::net::TcpListener;
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;
use stream::{Content, Item};
use wire::{Fault, Seen, Wire};

/// So many pieces may wait to be shown; then the connections wait, too.
const BACKLOG: usize = 1024;
/// Of packets that differ, so much is shown as a whole.
const SHOWN_WHOLE: usize = 1024;
/// Of longer ones, so many bytes at the place where they differ.
const WINDOW: usize = 16;

fn main() -> ExitCode {
    let message = match run() {
        Ok(true) => return ExitCode::SUCCESS,
        Ok(false) => return ExitCode::from(1),
        Err(Failure::Output(error)) => format!("cannot write: {error}"),
        Err(Failure::Usage(message) | Failure::Listen(message)) => message,
    };
    // There is nobody to tell if this fails, too.
    let _ = writeln!(io::stderr(), "tap: {message}");
    ExitCode::from(2)
}

enum Failure {
    Usage(String),
    Listen(String),
    Output(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// True if all is well.
fn run() -> Result<bool, Failure> {
    let stdout = io::stdout();
    let paint = Paint::new(stdout.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()));
    let mut output = BufWriter::new(stdout.lock());
    let Options { listen, broker, connections, is_quiet } =
        match args::parse(std::env::args_os().skip(1)).map_err(Failure::Usage)? {
            Command::Help => {
                output.write_all(args::HELP.as_bytes())?;
                return Ok(output.flush().map(|()| true)?);
            }
            Command::Tap(options) => options,
        };
    let cannot_listen = |error| Failure::Listen(format!("cannot listen on {listen}: {error}"));
    let listener = TcpListener::bind(&listen).map_err(cannot_listen)?;
    writeln!(output, "listening on {}, broker at {broker}", listener.local_addr().map_err(cannot_listen)?)?;
    output.flush()?;

    let (sender, events) = sync_channel(BACKLOG);
    thread::spawn(move || relay::accept(&listener, &broker, connections.unwrap_or(usize::MAX), &sender));
    let mut watch = Watch { output, paint, is_quiet, connections: BTreeMap::new(), tally: Tally::default() };
    watch.all(&events)?;
    watch.footing()?;
    Ok(watch.tally.is_well())
}

/// Shows what happens.
struct Watch<W> {
    output: W,
    paint: Paint,
    is_quiet: bool,
    /// Those that are open.
    connections: BTreeMap<usize, Connection>,
    tally: Tally,
}

struct Connection {
    to_broker: Wire,
    to_client: Wire,
    /// How many directions are open.
    open: u8,
}

impl Connection {
    const fn wire(&mut self, direction: Direction) -> &mut Wire {
        match direction {
            Direction::ToBroker => &mut self.to_broker,
            Direction::ToClient => &mut self.to_client,
        }
    }
}

impl<W: Write> Watch<W> {
    /// Until there are no more connections.
    fn all(&mut self, events: &Receiver<Event>) -> io::Result<()> {
        for Event { connection: number, what } in events {
            match what {
                What::Connected(client) => {
                    self.tally.connections = self.tally.connections.saturating_add(1);
                    let [to_broker, to_client] = [Direction::ToBroker, Direction::ToClient].map(Wire::new);
                    self.connections.insert(number, Connection { to_broker, to_client, open: 2 });
                    self.note(number, &format!("connected from {client}"))?;
                }
                What::Received(direction, bytes) => self.received(number, direction, &bytes)?,
                What::Ended(direction) => self.ended(number, direction)?,
                What::Failed(message) => {
                    self.tally.errors = self.tally.errors.saturating_add(1);
                    self.connections.remove(&number);
                    writeln!(self.output, "#{number} {}", self.paint.red(&message))?;
                }
            }
            self.output.flush()?;
        }
        Ok(())
    }

    fn received(&mut self, number: usize, direction: Direction, bytes: &[u8]) -> io::Result<()> {
        let Some(connection) = self.connections.get_mut(&number) else { return Ok(()) };
        connection.wire(direction).receive(bytes);
        loop {
            // The map is asked again each time, for what is shown borrows all of `self`.
            let Some(connection) = self.connections.get_mut(&number) else { return Ok(()) };
            let Some(seen) = connection.wire(direction).next() else { return Ok(()) };
            if let (Direction::ToBroker, Some(version)) = (direction, connection.to_broker.version()) {
                connection.to_client.set_version(version);
            }
            self.show(number, direction, &seen)?;
        }
    }

    fn ended(&mut self, number: usize, direction: Direction) -> io::Result<()> {
        let Some(connection) = self.connections.get_mut(&number) else { return Ok(()) };
        connection.open = connection.open.saturating_sub(1);
        let is_closed = connection.open == 0;
        if let Some(seen) = connection.wire(direction).finish() {
            self.show(number, direction, &seen)?;
        }
        if is_closed {
            self.connections.remove(&number);
            self.note(number, "closed")?;
        }
        Ok(())
    }

    fn note(&mut self, number: usize, text: &str) -> io::Result<()> {
        if self.is_quiet { Ok(()) } else { writeln!(self.output, "{}", self.paint.dim(&format!("#{number} {text}"))) }
    }

    /// Shows one packet, and whether encoding it again gives the same.
    fn show(&mut self, number: usize, direction: Direction, seen: &Seen) -> io::Result<()> {
        let Seen { offset, raw, version, packet } = seen;
        let (paint, mut lines) = (self.paint, Vec::new());
        let item = |raw, content| Item {
            offset: usize::try_from(*offset).unwrap_or(usize::MAX),
            raw,
            version: *version,
            content,
        };
        let packet = match packet {
            Ok(packet) => packet,
            Err(Fault::Bad { error, is_end_known }) => {
                self.tally.errors = self.tally.errors.saturating_add(1);
                let content = Content::Bad { error: *error, is_end_known: *is_end_known };
                text::item(&item(raw, content), paint, &mut lines)?;
                return self.prefixed(number, direction, &lines);
            }
            Err(Fault::CutOff { needed }) => {
                self.tally.cut_off = self.tally.cut_off.saturating_add(1);
                text::item(&item(raw, Content::CutOff { needed: *needed }), paint, &mut lines)?;
                return self.prefixed(number, direction, &lines);
            }
        };
        self.tally.count(*version, direction, packet);
        text::item(&item(raw, Content::Packet(packet.as_borrowed())), paint, &mut lines)?;
        match again::again(packet, raw, *version, direction.sender()) {
            Again::Same => {}
            Again::OtherForm => {
                self.tally.other_forms = self.tally.other_forms.saturating_add(1);
                writeln!(lines, "{:1$}(not in its shortest form)", "", INDENT)?;
            }
            Again::Refused(error) => {
                self.tally.differences = self.tally.differences.saturating_add(1);
                writeln!(lines, "{:1$}{2}", "", INDENT, paint.red(&format!("cannot be encoded: {error}")))?;
                return self.prefixed(number, direction, &lines);
            }
            Again::Differs(encoded) => {
                self.tally.differences = self.tally.differences.saturating_add(1);
                let same = raw.iter().zip(&encoded).take_while(|(sent, encoded)| sent == encoded).count();
                for (raw, title) in [(&raw[..], "sent"), (&encoded[..], "encoded again")] {
                    writeln!(lines, "{:1$}{2}", "", INDENT, paint.red(&format!("{title}, {} bytes", raw.len())))?;
                    let item = item(raw, Content::Packet(packet.as_borrowed()));
                    if raw.len() <= SHOWN_WHOLE {
                        hex::item(&item, paint, &mut lines)?;
                    } else {
                        let start = same.saturating_sub(WINDOW / 2);
                        hex::around(&item, start, WINDOW, "first difference", same, paint, &mut lines)?;
                    }
                }
                return self.prefixed(number, direction, &lines);
            }
        }
        if self.is_quiet { Ok(()) } else { self.prefixed(number, direction, &lines) }
    }

    /// Lines with connection and direction in front.
    fn prefixed(&mut self, number: usize, direction: Direction, lines: &[u8]) -> io::Result<()> {
        let prefix = self.paint.dim(&format!("#{number} {} ", direction.arrow()));
        for line in lines.split_inclusive(|byte| *byte == b'\n') {
            self.output.write_all(prefix.as_bytes())?;
            self.output.write_all(line)?;
        }
        Ok(())
    }

    /// The counts, at the end.
    fn footing(&mut self) -> io::Result<()> {
        let tally = &self.tally;
        for version in ProtocolVersion::ALL {
            for direction in [Direction::ToBroker, Direction::ToClient] {
                let of_this = tally.packets.iter().filter(|((v, d, _), _)| (*v, *d) == (version, direction));
                let counts: Vec<_> = of_this.map(|((_, _, name), count)| format!("{count} {name}")).collect();
                if !counts.is_empty() {
                    writeln!(self.output, "MQTT {version} {direction}: {}", counts.join(", "))?;
                }
            }
        }
        let to =
            |direction| tally.packets.iter().filter(|((_, d, _), _)| *d == direction).map(|(_, n)| n).sum::<usize>();
        let text = format!(
            "{} connection{}, {} packets to the broker, {} to the client, {} in other forms, {} cut off, \
             {} differences, {} errors",
            tally.connections,
            if tally.connections == 1 { "" } else { "s" },
            to(Direction::ToBroker),
            to(Direction::ToClient),
            tally.other_forms,
            tally.cut_off,
            tally.differences,
            tally.errors,
        );
        writeln!(self.output, "{}", if tally.is_well() { text } else { self.paint.red(&text) })?;
        self.output.flush()
    }
}

#[derive(Default)]
struct Tally {
    connections: usize,
    packets: BTreeMap<(ProtocolVersion, Direction, PacketType), usize>,
    other_forms: usize,
    /// A peer that dies may leave half a packet.
    cut_off: usize,
    differences: usize,
    errors: usize,
}

impl Tally {
    fn count(&mut self, version: ProtocolVersion, direction: Direction, packet: &Packet) {
        let count = self.packets.entry((version, direction, packet.packet_type())).or_default();
        *count = count.saturating_add(1);
    }

    const fn is_well(&self) -> bool {
        self.differences == 0 && self.errors == 0
    }
}
