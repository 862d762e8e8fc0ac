//! Captures of a network: all MQTT connections in them, both directions.
//!
//! `file.rs` reads frames, `link.rs` finds the TCP segments in them, `reassembly.rs` puts these in order, `direction.rs`
//! splits the bytes into packets, and `connection.rs` knows the two directions of a connection.

mod connection;
mod direction;
pub(crate) mod file;
pub(crate) mod link;
mod reassembly;
mod seen;

pub(crate) use file::is_capture;

use crate::args::View;
use crate::html;
use crate::input::Input;
use crate::json_lines::{self, ConnectionOrigin, Origin};
use crate::show::escape::Escaped;
use crate::show::paint::Paint;
use crate::show::prefix::Prefixed;
use crate::show::program::{Failure, Output};
use crate::show::{dump, text};
use crate::summary::{self, Tally};
use alloc::collections::BTreeMap;
use connection::Connection;
use core::net::SocketAddr;
use core::time::Duration;
use file::Frame;
use link::Content;
use mqtt_codec::ProtocolVersion;
use seen::{Part, Seen};
use std::io::{self, Write};

/// Shows captures.
pub(crate) struct Show<'a> {
    view: View,
    paint: Paint,
    /// The name of the file, if there are several.
    file: Option<&'a str>,
    given: Option<ProtocolVersion>,
    output: &'a mut Output,
    tally: Tally,
    /// How many MQTT connections have been shown.
    shown: usize,
    counts: Counts,
    /// How many segments have been seen.
    segments: usize,
    /// The time of the first frame.
    start: Option<Duration>,
}

/// The summary of a capture, which follows its packets.
#[derive(Default)]
struct Counts {
    missing: u64,
    skipped: u64,
    repeated: u64,
    out_of_order: u64,
    others: usize,
    fragments: usize,
    unknown_links: usize,
}

/// A connection that has been captured.
struct Open {
    connection: Connection,
    /// Its place among all connections.
    order: usize,
    /// Its number, if it has been shown.
    number: Option<usize>,
    /// Both ends have closed it: what comes after that is sent again.
    is_finished: bool,
}

/// Both ends of a connection, the lower address first.
type Ends = (SocketAddr, SocketAddr);

impl<'a> Show<'a> {
    pub(crate) fn new(
        view: View,
        paint: Paint,
        file: Option<&'a str>,
        given: Option<ProtocolVersion>,
        output: &'a mut Output,
    ) -> Self {
        let (tally, counts) = (Tally::default(), Counts::default());
        Self { view, paint, file, given, output, tally, shown: 0, counts, segments: 0, start: None }
    }

    /// Shows a capture. Returns `true` if no packet is wrong and nothing is missing.
    pub(crate) fn file(&mut self, input: Input, ports: &[u16]) -> Result<bool, Failure> {
        let name = input.name.clone();
        let size = input.size.map_or_else(String::new, |size| format!(" {size} bytes,"));
        if self.view == View::Html {
            html::title(&format!("{name}:{size} a capture"), self.output)?;
        } else if self.view.is_text() {
            writeln!(self.output, "{}{size} a capture", self.paint.bold(&format!("{}:", Escaped(&name))))?;
            writeln!(self.output, "{}", self.paint.dim("      seconds    offset  length  packet"))?;
        }
        let mut connections: BTreeMap<Ends, Open> = BTreeMap::new();
        let mut last = None;
        let read = file::read(input.into_reader(), |frame| {
            last = frame.time;
            self.frame(frame, ports, &mut connections)
        });
        // The readable part of a damaged file is shown nevertheless.
        let mut rest: Vec<_> = connections.into_values().collect();
        rest.sort_by_key(|open| open.order);
        for mut open in rest {
            self.finish(&mut open, last)?;
        }
        if self.view != View::Json {
            self.footing()?;
        }
        read.map_err(|error| Failure::Message(format!("cannot read {name}: {error}")))??;
        Ok(self.tally.is_well() && self.counts.missing == 0 && self.counts.skipped == 0)
    }

    fn frame(&mut self, frame: &Frame<'_>, ports: &[u16], connections: &mut BTreeMap<Ends, Open>) -> io::Result<()> {
        self.start = self.start.or(frame.time);
        let segment = match link::content(frame) {
            Content::Segment(segment) => segment,
            Content::Fragment => {
                self.counts.fragments = self.counts.fragments.saturating_add(1);
                return Ok(());
            }
            Content::UnknownLink => {
                self.counts.unknown_links = self.counts.unknown_links.saturating_add(1);
                return Ok(());
            }
            #[cfg(feature = "sn")]
            Content::Datagram(_) => return Ok(()),
            Content::Other => return Ok(()),
        };
        let ends = (segment.source.min(segment.destination), segment.source.max(segment.destination));
        if let Some(open) = connections.get_mut(&ends).filter(|open| open.connection.is_other(&segment)) {
            self.finish(open, frame.time)?;
            connections.remove(&ends);
        }
        let (given, order) = (self.given, self.segments);
        let open = connections.entry(ends).or_insert_with(|| Open {
            connection: Connection::new(&segment, ports, given),
            order,
            number: None,
            is_finished: false,
        });
        self.segments = self.segments.saturating_add(1);
        if open.is_finished {
            return Ok(());
        }
        let Open { connection, number, .. } = open;
        connection.receive(&segment, &mut |addresses, is_client, seen| {
            self.seen(number, addresses, is_client, &seen, frame.time)
        })?;
        if open.connection.has_ended() { self.finish(open, frame.time) } else { Ok(()) }
    }

    /// Shows what is left of a connection.
    fn finish(&mut self, open: &mut Open, time: Option<Duration>) -> io::Result<()> {
        if open.is_finished {
            return Ok(());
        }
        open.is_finished = true;
        let Open { connection, number, .. } = open;
        connection.finish(&mut |addresses, is_client, seen| self.seen(number, addresses, is_client, &seen, time))?;
        if connection.is_mqtt() {
            let (repeated, out_of_order) = connection.counts();
            self.counts.repeated = self.counts.repeated.saturating_add(repeated);
            self.counts.out_of_order = self.counts.out_of_order.saturating_add(out_of_order);
        } else {
            self.counts.others = self.counts.others.saturating_add(1);
        }
        Ok(())
    }

    /// Shows a packet, or a part of the stream that is none.
    fn seen(
        &mut self,
        number: &mut Option<usize>,
        [client, server]: [SocketAddr; 2],
        is_client: bool,
        seen: &Seen,
        time: Option<Duration>,
    ) -> io::Result<()> {
        let is_new = number.is_none();
        let number = *number.get_or_insert_with(|| {
            self.shown = self.shown.saturating_add(1);
            self.shown
        });
        if self.view == View::Json {
            let dir = if is_client { "c2s" } else { "s2c" };
            let time = time.map(|time| time.as_secs_f64());
            let connection = ConnectionOrigin { connection: number, dir, client, server, time };
            let origin = Origin { file: self.file, n: self.tally.items(), connection: Some(connection) };
            match seen {
                Seen::Item(item) => json_lines::write(item, origin, self.output)?,
                Seen::Missing(part) => json_lines::part("MISSING", part.offset, part.len, origin, self.output)?,
                Seen::Skipped(part) => json_lines::part("SKIPPED", part.offset, part.len, origin, self.output)?,
            }
        } else {
            if is_new {
                let ends = format!("#{number} {client} -> {server}");
                if self.view == View::Html {
                    html::subtitle(&ends, self.output)?;
                } else {
                    writeln!(self.output, "{}", self.paint.bold(&ends))?;
                }
            }
            self.lines(number, is_client, seen, time)?;
        }
        match seen {
            Seen::Item(item) => self.tally.count(item),
            Seen::Missing(part) => self.counts.missing = self.counts.missing.saturating_add(part.len),
            Seen::Skipped(part) => self.counts.skipped = self.counts.skipped.saturating_add(part.len),
        }
        Ok(())
    }

    fn lines(&mut self, number: usize, is_client: bool, seen: &Seen, time: Option<Duration>) -> io::Result<()> {
        let arrow = if is_client { "->" } else { "<-" };
        let since_start = time.zip(self.start).and_then(|(time, start)| time.checked_sub(start));
        let seconds = since_start.map_or_else(String::new, |time| format!("{:.6}", time.as_secs_f64()));
        if self.view == View::Html {
            let origin = format!("#{number} {arrow} {seconds}");
            return match seen {
                Seen::Missing(part) => html::note(&part_text(&origin, *part, MISSING), true, self.output),
                Seen::Skipped(part) => html::note(&part_text(&origin, *part, SKIPPED), true, self.output),
                Seen::Item(item) => html::item(item, &origin, self.output),
            };
        }
        let prefix = |seconds: &str| self.paint.dim(&format!("#{number} {arrow} {seconds:>11} "));
        // Only the first line has the time.
        let (first, rest) = (prefix(&seconds), prefix(""));
        let mut output = Prefixed::new(&first, &rest, self.output);
        match seen {
            Seen::Missing(part) => part_line(*part, MISSING, self.paint, &mut output),
            Seen::Skipped(part) => part_line(*part, SKIPPED, self.paint, &mut output),
            Seen::Item(item) if self.view == View::Hex => dump::item(item, self.paint, &mut output),
            Seen::Item(item) => text::item(item, self.paint, &mut output),
        }
    }

    fn footing(&mut self) -> io::Result<()> {
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        let connections = format!("{} MQTT connection{}", self.shown, plural(self.shown));
        if self.view == View::Html {
            html::note(&connections, false, self.output)?;
            html::note(&self.tally.to_string(), !self.tally.is_well(), self.output)?;
        } else {
            writeln!(self.output, "{connections}")?;
            summary::footing(&self.tally, self.paint, self.output)?;
        }
        let Counts { missing, skipped, repeated, out_of_order, others, fragments, unknown_links } = self.counts;
        let notes = [
            (missing > 0, format!("{missing} bytes missing in the capture"), true),
            (skipped > 0, format!("{skipped} bytes skipped"), true),
            (repeated > 0, format!("{repeated} bytes sent again"), false),
            (out_of_order > 0, format!("{out_of_order} segments out of order"), false),
            (others > 0, format!("{others} other TCP connection{}, see --port", plural(others)), false),
            (fragments > 0, format!("{fragments} fragments of IP packets, not put together"), true),
            (unknown_links > 0, format!("{unknown_links} frames of an unknown link layer"), true),
        ];
        for (is_shown, note, is_bad) in notes {
            if is_shown && self.view == View::Html {
                html::note(&note, is_bad, self.output)?;
            } else if is_shown {
                writeln!(self.output, "{}", if is_bad { self.paint.red(&note) } else { note })?;
            }
        }
        Ok(())
    }
}

const MISSING: &str = "missing in the capture";
const SKIPPED: &str = "skipped: no packet is known to begin here";

/// Returns a line for a part of a stream that is no packet.
fn part_text(origin: &str, part: Part, text: &str) -> String {
    format!("{origin} {} +{} {text}", part.offset, part.len)
}

/// Writes a line for a part of a stream that is no packet.
fn part_line(part: Part, text: &str, paint: Paint, output: &mut impl Write) -> io::Result<()> {
    let place = format!("{:>8} {:>7}", part.offset, format!("+{}", part.len));
    writeln!(output, "{}  {}", paint.dim(&place), paint.red(text))
}
