//! Shows what is in recorded streams of MQTT, packet by packet. `--help` tells more.
//!
//! `main.rs` reads the files and goes through them, `stream.rs` from packet to packet (the part to copy), `version.rs`
//! finds the version; `text.rs`, `hex.rs` and `json.rs` are the three views.

mod args;
mod head;
mod hex;
mod json;
mod paint;
mod rows;
mod stream;
mod summary;
mod text;
mod version;
mod words;

use args::{Command, View};
use paint::Paint;
use serde_json::{Map, Value};
use std::ffi::OsString;
use std::io::{self, BufWriter, IsTerminal, Read, Write};
use std::process::ExitCode;
use stream::{Content, Item, Packets};
use summary::Tally;
use version::{Evidence, Known};

/// A session of a real client and a real server, recorded between the two.
const SESSION: [(&str, &[u8]); 2] = [
    ("paho-ejabberd-v5.c2s.bin", include_bytes!("session/paho-ejabberd-v5.c2s.bin")),
    ("paho-ejabberd-v5.s2c.bin", include_bytes!("session/paho-ejabberd-v5.s2c.bin")),
];
const SESSION_TITLE: &str = "A session of paho-mqtt 2.2.0 with ejabberd 23.01. To see your own: --help";

/// From here on, progress is shown.
const LONG: usize = 8 << 20;

fn main() -> ExitCode {
    let message = match run() {
        Ok(true) => return ExitCode::SUCCESS,
        Ok(false) => return ExitCode::from(1),
        // Whoever reads has seen enough.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => return ExitCode::SUCCESS,
        Err(Failure::Output(error)) => format!("cannot write: {error}"),
        Err(Failure::Input(message) | Failure::Usage(message)) => message,
    };
    // There is nobody to tell if this fails, too.
    let _ = writeln!(io::stderr(), "inspect: {message}");
    ExitCode::from(2)
}

enum Failure {
    Usage(String),
    Input(String),
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
    let is_terminal = stdout.is_terminal();
    let mut output = BufWriter::with_capacity(1 << 16, stdout.lock());
    let (view, version, files) = match args::parse(std::env::args_os().skip(1)).map_err(Failure::Usage)? {
        Command::Help => {
            output.write_all(args::HELP.as_bytes())?;
            return Ok(output.flush().map(|()| true)?);
        }
        Command::Inspect { view, version, files } => (view, version, files),
    };
    let paint = Paint::new(is_terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()));
    let inputs = if files.is_empty() {
        if view != View::Json {
            writeln!(output, "{SESSION_TITLE}")?;
        }
        SESSION.into_iter().map(|(name, bytes)| Input { name: name.to_owned(), bytes: bytes.to_vec() }).collect()
    } else {
        files.iter().map(read).collect::<Result<Vec<_>, _>>()?
    };
    let mut is_well = true;
    for (n, input) in inputs.iter().enumerate() {
        if view != View::Json && (n > 0 || files.is_empty()) {
            writeln!(output)?;
        }
        let known = match version {
            Some(version) => Known { version, evidence: Evidence::Told },
            None => of_other_direction(input, &inputs).unwrap_or_else(|| version::guess(&input.bytes)),
        };
        // On a terminal that also gets the output, the output itself is the progress.
        let mut progress = Progress::new(input, !is_terminal && io::stderr().is_terminal());
        let name = (inputs.len() > 1).then_some(&*input.name);
        is_well &= show(input, name, &known, view, paint, &mut progress, &mut output)?;
    }
    output.flush()?;
    Ok(is_well)
}

/// A stream and what it is called.
struct Input {
    name: String,
    bytes: Vec<u8>,
}

fn read(file: &OsString) -> Result<Input, Failure> {
    let (name, bytes) = if file == "-" {
        let mut bytes = Vec::new();
        ("standard input".to_owned(), io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes))
    } else {
        (file.to_string_lossy().into_owned(), std::fs::read(file))
    };
    match bytes {
        Ok(bytes) => Ok(Input { name, bytes }),
        Err(error) => Err(Failure::Input(format!("cannot read {name}: {error}"))),
    }
}

/// What a server sends does not tell the version; what its client sent does.
fn of_other_direction(input: &Input, inputs: &[Input]) -> Option<Known> {
    let client = format!("{}.c2s.bin", input.name.strip_suffix(".s2c.bin")?);
    let client = inputs.iter().find(|input| input.name == client)?;
    let version = version::of_connect(&client.bytes)?;
    Some(Known { version, evidence: Evidence::OtherDirection })
}

/// Shows one stream, named if there are several. True if all of it is well.
fn show(
    input: &Input,
    name: Option<&str>,
    known: &Known,
    view: View,
    paint: Paint,
    progress: &mut Progress,
    output: &mut impl Write,
) -> io::Result<bool> {
    let mut tally = Tally::default();
    if view != View::Json {
        summary::heading(&input.name, input.bytes.len(), known, paint, output)?;
    }
    for item in packets(&input.bytes, known) {
        match view {
            View::Fields => text::item(&item, paint, output)?,
            View::Hex => hex::item(&item, paint, output)?,
            View::Json => writeln!(output, "{}", json_line(&item, name, tally.items()))?,
        }
        tally.count(&item);
        progress.at(item.offset);
    }
    progress.end();
    if view != View::Json {
        summary::footing(&tally, paint, output)?;
    }
    Ok(tally.is_well())
}

fn packets<'a>(bytes: &'a [u8], known: &Known) -> Packets<'a> {
    match known.evidence {
        Evidence::Told => Packets::of_version(bytes, known.version),
        _ => Packets::new(bytes, known.version),
    }
}

/// The object of `json.rs`, with the packet's number before all else, and before that the stream's name if there are
/// several streams.
fn json_line(item: &Item<'_>, file: Option<&str>, n: usize) -> Value {
    let (offset, length) = (item.offset, item.raw.len());
    let members = match &item.content {
        Content::Packet(packet) => json::packet(packet, item.raw, item.version, offset),
        Content::Bad { error, .. } => json::error(error, offset, length),
        Content::CutOff { .. } => json::incomplete(offset, length),
    };
    let mut object = Map::new();
    if let Some(file) = file {
        object.insert("file".to_owned(), file.into());
    }
    object.insert("n".to_owned(), n.into());
    if let Value::Object(members) = members {
        object.extend(members);
    }
    Value::Object(object)
}

/// How far we are in a long stream, in per cent, on standard error.
struct Progress {
    total: usize,
    is_shown: bool,
    shown: Option<usize>,
}

impl Progress {
    fn new(input: &Input, is_wanted: bool) -> Self {
        let total = input.bytes.len();
        Self { total, is_shown: is_wanted && total > LONG, shown: None }
    }

    fn at(&mut self, offset: usize) {
        let percent = offset.checked_div(self.total.checked_div(100).unwrap_or_default()).unwrap_or_default();
        if self.is_shown && self.shown != Some(percent) {
            self.shown = Some(percent);
            let _ = write!(io::stderr(), "\rinspect: {percent:>3} %");
        }
    }

    fn end(&self) {
        if self.shown.is_some() {
            let _ = write!(io::stderr(), "\r               \r");
        }
    }
}
