//! The lines before and after the packets of a stream: its name and version, and the number of its packets.

use crate::show::escape::Escaped;
use crate::show::item::{Content, Item};
use crate::show::paint::Paint;
use crate::version::Known;
use core::fmt::{self, Display};
use std::io::{self, Write};

/// Writes what is known about a stream before its packets are read. `size` is `None` if its end is not known yet.
pub(crate) fn heading(
    name: &str,
    size: Option<u64>,
    known: &Known,
    paint: Paint,
    output: &mut impl Write,
) -> io::Result<()> {
    let text = describe(name, size, known);
    writeln!(output, "{} {text}", paint.bold(&format!("{}:", Escaped(name))))?;
    writeln!(output, "{}", paint.dim("  offset  length  packet"))
}

/// Returns what is known about a stream.
pub(crate) fn describe(name: &str, size: Option<u64>, known: &Known) -> String {
    let direction = match name {
        _ if name.ends_with(".c2s.bin") => "client to server, ",
        _ if name.ends_with(".s2c.bin") => "server to client, ",
        _ => "",
    };
    let size = size.map_or_else(String::new, |size| format!("{size} bytes, "));
    format!("{direction}{size}{known}")
}

/// Writes how many packets a stream had.
pub(crate) fn footing(tally: &Tally, paint: Paint, output: &mut impl Write) -> io::Result<()> {
    let text = tally.to_string();
    writeln!(output, "{}", if tally.is_well() { text } else { paint.red(&text) })
}

/// Counts of packets.
#[derive(Default)]
pub(crate) struct Tally {
    items: usize,
    bad: usize,
    is_cut_off: bool,
}

impl Tally {
    pub(crate) fn count(&mut self, item: &Item) {
        self.items = self.items.saturating_add(1);
        match item.content {
            Content::Packet(_) => {}
            Content::Bad { .. } => self.bad = self.bad.saturating_add(1),
            Content::CutOff { .. } => self.is_cut_off = true,
        }
    }

    pub(crate) const fn items(&self) -> usize {
        self.items
    }

    pub(crate) const fn is_well(&self) -> bool {
        self.bad == 0 && !self.is_cut_off
    }
}

impl Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} packet{}", self.items, if self.items == 1 { "" } else { "s" })?;
        match self.bad {
            0 if self.is_cut_off => {}
            0 => f.write_str(", all legal")?,
            bad => write!(f, ", {bad} not legal")?,
        }
        if self.is_cut_off { f.write_str(", the last one cut off") } else { Ok(()) }
    }
}
