//! Names and values below each other.

use core::fmt::Display;
use std::io::{self, Write};

/// The first column of everything that belongs to a packet.
pub(crate) const INDENT: usize = 10;

/// Names and values of one packet, to be written with the values below each other.
#[derive(Default)]
pub(crate) struct Rows {
    rows: Vec<(String, String)>,
    /// Precedes names: properties are indented further.
    pub(crate) prefix: &'static str,
}

impl Rows {
    pub(crate) fn push(&mut self, name: &str, value: impl Display) {
        self.rows.push((format!("{}{name}", self.prefix), value.to_string()));
    }

    pub(crate) fn write(&self, output: &mut impl Write) -> io::Result<()> {
        let width = self.rows.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
        for (name, value) in &self.rows {
            writeln!(output, "{:INDENT$}{name:<width$}  {value}", "")?;
        }
        Ok(())
    }
}
