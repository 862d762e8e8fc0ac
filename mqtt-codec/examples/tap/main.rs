//! Relays connections between MQTT clients and a broker, and shows every packet. See `--help`.
//!
//! `relay.rs` forwards bytes, `again.rs` encodes packets again and compares. Splitting a stream into packets and showing
//! them is shared with the example `inspect`: `show/packets.rs` is the part to copy.

extern crate alloc;

mod again;
mod args;
mod direction;
mod relay;
#[path = "../show/mod.rs"]
mod show;
mod tally;

use again::Again;
use alloc::collections::BTreeMap;
use args::{Command, Options};
use direction::Direction;
use mqtt_codec::{ConnectionPhase, Frame, PacketType, ProtocolVersion, StreamOptions};
use relay::{Event, What};
use show::item::{Content, Item};
use show::leniencies;
use show::packets::Packets;
use show::paint::Paint;
use show::prefix::Prefixed;
use show::program::{self, Failure, Output};
use show::rows::INDENT;
use show::{dump, text};
use std::io::{self, Write};
use std::net::TcpListener;
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;
use tally::Tally;

/// How many events may wait to be shown. If there are more, the connections wait too.
const BACKLOG: usize = 1024;
/// Packets that differ are shown as a whole up to this many bytes.
const SHOWN_WHOLE: usize = 1024;
/// Of longer packets, this many bytes are shown around the first difference.
const WINDOW: usize = 16;

fn main() -> ExitCode {
    program::run("tap", run)
}

/// Returns `true` if no packet is wrong.
fn run(output: &mut Output, paint: Paint) -> Result<bool, Failure> {
    let Options { listen, broker, connections, is_quiet } =
        match args::parse(std::env::args_os().skip(1)).map_err(Failure::Message)? {
            Command::Help => {
                output.write_all(args::HELP.as_bytes())?;
                return Ok(true);
            }
            Command::Tap(options) => options,
        };
    let cannot_listen = |error| Failure::Message(format!("cannot listen on {listen}: {error}"));
    let listener = TcpListener::bind(&listen).map_err(cannot_listen)?;
    writeln!(output, "listening on {}, broker at {broker}", listener.local_addr().map_err(cannot_listen)?)?;
    output.flush()?;

    let (sender, events) = sync_channel(BACKLOG);
    thread::spawn(move || relay::accept(&listener, &broker, connections.unwrap_or(usize::MAX), &sender));
    let mut watch = Watch { output, paint, is_quiet, connections: BTreeMap::new(), tally: Tally::default() };
    watch.all(&events)?;
    watch.tally.write(paint, watch.output)?;
    Ok(watch.tally.is_well())
}

/// Shows what happens on the connections.
struct Watch<'a> {
    output: &'a mut Output,
    paint: Paint,
    is_quiet: bool,
    /// The open connections by their numbers.
    connections: BTreeMap<usize, Connection>,
    tally: Tally,
}

struct Connection {
    to_broker: Packets,
    to_client: Packets,
    phase: ConnectionPhase,
    /// How many directions are open.
    open: u8,
}

impl Connection {
    fn new() -> Self {
        let mut connection = Self {
            to_broker: Packets::new(StreamOptions::server(), None, Vec::new()),
            // The version is a guess until the client has sent its CONNECT. No broker sends anything before.
            to_client: Packets::new(StreamOptions::client(ProtocolVersion::V3_1_1), None, Vec::new()),
            phase: ConnectionPhase::Start,
            open: 2,
        };
        connection.passed(None);
        connection
    }

    /// Keeps the phase of the connection, which decides how a packet that is not legal may be answered.
    fn passed(&mut self, frame: Option<&Frame>) {
        let changes = |frame: &&Frame| {
            matches!(frame.packet_type(), PacketType::Connect | PacketType::ConnAck | PacketType::Disconnect)
        };
        if let Some(frame) = frame.filter(changes) {
            self.phase.passed(&frame.packet());
        }
        self.to_broker.phase = Some(self.phase);
        self.to_client.phase = Some(self.phase);
    }

    const fn packets(&mut self, direction: Direction) -> &mut Packets {
        match direction {
            Direction::ToBroker => &mut self.to_broker,
            Direction::ToClient => &mut self.to_client,
        }
    }
}

impl Watch<'_> {
    /// Shows all events, until no more connections are accepted and the last one is closed.
    fn all(&mut self, events: &Receiver<Event>) -> io::Result<()> {
        for Event { connection: number, what } in events {
            match what {
                What::Connected(client) => {
                    self.tally.connections = self.tally.connections.saturating_add(1);
                    self.connections.insert(number, Connection::new());
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
        connection.packets(direction).receive(bytes);
        loop {
            // `show` borrows all of `self`, so the connection has to be looked up again.
            let Some(connection) = self.connections.get_mut(&number) else { return Ok(()) };
            let Some(item) = connection.packets(direction).next() else { return Ok(()) };
            if direction == Direction::ToBroker {
                connection.to_client.set_version(item.version);
            }
            if let Content::Packet(frame) = &item.content {
                connection.passed(Some(frame));
            }
            self.show(number, direction, item)?;
        }
    }

    fn ended(&mut self, number: usize, direction: Direction) -> io::Result<()> {
        let Some(connection) = self.connections.get_mut(&number) else { return Ok(()) };
        connection.open = connection.open.saturating_sub(1);
        let is_closed = connection.open == 0;
        if let Some(item) = connection.packets(direction).finish() {
            self.show(number, direction, item)?;
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

    /// Shows one packet, and whether encoding it again gives the same bytes.
    fn show(&mut self, number: usize, direction: Direction, item: Item) -> io::Result<()> {
        let mut lines = Vec::new();
        text::item(&item, self.paint, &mut lines)?;
        let is_shown = match &item.content {
            Content::Packet(frame) => {
                self.tally.count(item.version, direction, frame.packet_type());
                let frame = frame.clone();
                self.compare(item, &frame, direction, &mut lines)?
            }
            Content::Bad { .. } => {
                self.tally.errors = self.tally.errors.saturating_add(1);
                true
            }
            Content::CutOff { .. } => {
                self.tally.cut_off = self.tally.cut_off.saturating_add(1);
                true
            }
        };
        if is_shown || !self.is_quiet { self.prefixed(number, direction, &lines) } else { Ok(()) }
    }

    /// Encodes a packet again and adds the result to its lines. Returns `true` if it is wrong.
    fn compare(&mut self, item: Item, frame: &Frame, direction: Direction, lines: &mut Vec<u8>) -> io::Result<bool> {
        let paint = self.paint;
        if leniencies::deviation(frame, direction.sender()).is_some() {
            return Ok(false); // encoding gives the legal form, or nothing
        }
        match again::again(&frame.packet(), &item.raw, item.version, direction.sender()) {
            Again::Same => return Ok(false),
            Again::OtherForm => {
                self.tally.other_forms = self.tally.other_forms.saturating_add(1);
                writeln!(lines, "{:1$}(not in its shortest form)", "", INDENT)?;
                return Ok(false);
            }
            Again::Refused(error) => {
                writeln!(lines, "{:1$}{2}", "", INDENT, paint.red(&format!("cannot be encoded: {error}")))?;
            }
            Again::Differs(encoded) => {
                let same = item.raw.iter().zip(&encoded).take_while(|(sent, encoded)| sent == encoded).count();
                for (raw, title) in [(item.raw.clone(), "sent"), (encoded.freeze(), "encoded again")] {
                    writeln!(lines, "{:1$}{2}", "", INDENT, paint.red(&format!("{title}, {} bytes", raw.len())))?;
                    let item = Item { raw, content: Content::Packet(frame.clone()), ..item };
                    if item.raw.len() <= SHOWN_WHOLE {
                        dump::item(&item, paint, lines)?;
                    } else {
                        let start = same.saturating_sub(WINDOW / 2);
                        dump::around(&item, start, WINDOW, "first difference", same, paint, lines)?;
                    }
                }
            }
        }
        self.tally.differences = self.tally.differences.saturating_add(1);
        Ok(true)
    }

    /// Writes lines with the number of the connection and the direction before each.
    fn prefixed(&mut self, number: usize, direction: Direction, lines: &[u8]) -> io::Result<()> {
        let prefix = self.paint.dim(&format!("#{number} {} ", direction.arrow()));
        Prefixed::new(&prefix, &prefix, self.output).write_all(lines)
    }
}
