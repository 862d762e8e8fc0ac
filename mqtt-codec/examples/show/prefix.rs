//! Lines with a text before each.

use std::io::{self, Write};

/// Writes a text before the first line, and another before each line after it.
pub(crate) struct Prefixed<'a, W> {
    output: &'a mut W,
    first: Option<&'a str>,
    rest: &'a str,
    is_line_start: bool,
}

impl<'a, W: Write> Prefixed<'a, W> {
    pub(crate) const fn new(first: &'a str, rest: &'a str, output: &'a mut W) -> Self {
        Self { output, first: Some(first), rest, is_line_start: true }
    }
}

impl<W: Write> Write for Prefixed<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            if self.is_line_start {
                let prefix = self.first.take().unwrap_or(self.rest);
                self.output.write_all(prefix.as_bytes())?;
            }
            self.output.write_all(line)?;
            self.is_line_start = line.ends_with(b"\n");
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}
