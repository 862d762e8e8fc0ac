//! The frame of an example program: its output, its colours, its exit status.

use crate::show::escape::Escaped;
use crate::show::paint::Paint;
use std::io::{self, BufWriter, ErrorKind, IsTerminal, StdoutLock, Write};
use std::process::ExitCode;

/// The reason why a program cannot continue.
pub(crate) enum Failure {
    /// The command line is wrong, or something outside of the program does not work.
    Message(String),
    /// The output cannot be written.
    Output(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// Standard output with a buffer.
pub(crate) type Output = BufWriter<StdoutLock<'static>>;

/// Runs a program with standard output, and with colours if that is a terminal. `run` returns `true` if no packet is wrong.
pub(crate) fn run(name: &str, run: impl FnOnce(&mut Output, Paint) -> Result<bool, Failure>) -> ExitCode {
    let stdout = io::stdout();
    let paint = Paint::new(stdout.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()));
    let mut output = BufWriter::with_capacity(1 << 16, stdout.lock());
    let result = run(&mut output, paint).and_then(|is_well| Ok(output.flush().map(|()| is_well)?));
    let message = match result {
        Ok(true) => return ExitCode::SUCCESS,
        Ok(false) => return ExitCode::from(1),
        // The reader has closed the pipe, which is not an error.
        Err(Failure::Output(error)) if error.kind() == ErrorKind::BrokenPipe => return ExitCode::SUCCESS,
        Err(Failure::Output(error)) => format!("cannot write: {error}"),
        Err(Failure::Message(message)) => message,
    };
    // If this fails too, there is no way to report it.
    let _ = writeln!(io::stderr(), "{name}: {}", Escaped(&message));
    ExitCode::from(2)
}
