//! Rows of names and values. The values are aligned in one column.

use core::fmt::Display;
use std::io::{self, Write};

/// The first column of every line that belongs to a packet.
pub(crate) const INDENT: usize = 10;

/// Receives the rows of one packet.
///
/// The rows are not collected, since a packet may have millions: see [`write`].
pub(crate) struct Rows<'a> {
    /// The width of the longest name.
    width: usize,
    /// `None` while only the width is measured.
    output: Option<&'a mut dyn Write>,
    result: io::Result<()>,
    /// Precedes every name: the names of properties are indented.
    pub(crate) prefix: &'static str,
}

/// Writes the rows that `fill` adds. Calls it twice: the first time to measure the names.
pub(crate) fn write(output: &mut impl Write, fill: impl Fn(&mut Rows<'_>)) -> io::Result<()> {
    let mut measured = Rows { width: 0, output: None, result: Ok(()), prefix: "" };
    fill(&mut measured);
    let mut rows = Rows { output: Some(output), ..measured };
    fill(&mut rows);
    rows.result
}

impl Rows<'_> {
    pub(crate) fn push(&mut self, name: &str, value: impl Display) {
        let prefix = self.prefix;
        match &mut self.output {
            None => self.width = self.width.max(prefix.len().saturating_add(name.len())),
            Some(output) if self.result.is_ok() => {
                let width = self.width.saturating_sub(prefix.len());
                self.result = writeln!(output, "{:INDENT$}{prefix}{name:<width$}  {value}", "");
            }
            Some(_) => {}
        }
    }
}
