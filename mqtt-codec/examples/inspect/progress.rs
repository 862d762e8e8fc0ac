//! Progress in a long stream, on standard error.

use std::io::{self, IsTerminal, Write};

/// The size from which on progress is shown.
const LONG: u64 = 8 << 20;

/// The part of a stream that has been read, in per cent.
pub(crate) struct Progress {
    /// The size of the stream; `None` if progress is not shown.
    size: Option<u64>,
    shown: Option<u64>,
}

impl Progress {
    /// Shows progress in a stream of this size if it is long, and if standard error is a terminal.
    pub(crate) fn new(size: Option<u64>) -> Self {
        Self { size: size.filter(|size| *size > LONG && io::stderr().is_terminal()), shown: None }
    }

    pub(crate) fn at(&mut self, offset: u64) {
        let Some(size) = self.size else { return };
        let percent = offset.saturating_mul(100).checked_div(size);
        if self.shown != percent {
            self.shown = percent;
            let _ = write!(io::stderr(), "\rinspect: {:>3} %", percent.unwrap_or_default());
        }
    }

    /// Removes the line from the terminal.
    pub(crate) fn end(&self) {
        if self.shown.is_some() {
            let _ = write!(io::stderr(), "\r               \r");
        }
    }
}
