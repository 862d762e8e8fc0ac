//! Shows the packets in recorded streams of MQTT. See `--help`.
//!
//! `main.rs` goes through the streams, `input.rs` reads them, `version.rs` finds their version, `json_lines.rs` writes JSON,
//! `html.rs` a page for a browser.
//! Splitting a stream into packets and showing them is shared with the example `tap`: `show/packets.rs` is the part to copy.
//! `sn` shows datagrams of MQTT-SN.

extern crate alloc;

mod args;
mod capture;
mod html;
mod input;
mod json;
mod json_lines;
mod progress;
#[path = "../show/mod.rs"]
mod show;
#[cfg(feature = "sn")]
mod sn;
mod summary;
mod version;

use args::{Command, View};
use bytes::BytesMut;
use input::Input;
use json_lines::Origin;
use mqtt_codec::{ProtocolVersion, StreamOptions};
use progress::Progress;
use show::item::{Content, Item};
use show::packets::Packets;
use show::paint::Paint;
use show::program::{self, Failure, Output};
use show::{dump, text};
use std::ffi::{OsStr, OsString};
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use summary::Tally;
use version::{Evidence, Known};

/// A session of a real client and a real server, recorded between the two.
const SESSION: [(&str, &[u8]); 2] = [
    ("paho-ejabberd-v5.c2s.bin", include_bytes!("session/paho-ejabberd-v5.c2s.bin")),
    ("paho-ejabberd-v5.s2c.bin", include_bytes!("session/paho-ejabberd-v5.s2c.bin")),
];
const SESSION_TITLE: &str = "A session of paho-mqtt 2.2.0 with ejabberd 23.01. To see your own: --help";

/// How many bytes of a packet without an end are kept to be shown.
const SHOWN_OF_ENDLESS: usize = 1 << 10;

fn main() -> ExitCode {
    program::run("inspect", run)
}

/// Returns `true` if no packet is wrong.
fn run(output: &mut Output, paint: Paint) -> Result<bool, Failure> {
    let (view, version, ports, files) = match args::parse(std::env::args_os().skip(1)).map_err(Failure::Message)? {
        Command::Help => {
            output.write_all(args::HELP.as_bytes())?;
            return Ok(true);
        }
        Command::Inspect { view, version, ports, files } => (view, version, ports, files),
        Command::InspectSn { view, ports, files } => {
            return page(view, &files, output, |output| show_sn(&files, view, &ports, paint, output));
        }
    };
    let (names, open): (Vec<OsString>, Open) = if files.is_empty() {
        if view.is_text() {
            writeln!(output, "{SESSION_TITLE}\n")?;
        }
        (SESSION.map(|(name, _)| name.into()).to_vec(), of_session)
    } else {
        (files, Input::open)
    };
    page(view, &names, output, |output| show(&names, open, view, version, &ports, paint, output))
}

/// Writes the beginning and the end of a page around what `show` writes, if that is the view.
fn page(
    view: View,
    names: &[OsString],
    output: &mut Output,
    show: impl FnOnce(&mut Output) -> Result<bool, Failure>,
) -> Result<bool, Failure> {
    if view != View::Html {
        return show(output);
    }
    let names: Vec<_> = names.iter().map(|name| name.to_string_lossy()).collect();
    html::begin(&names.join(", "), output)?;
    let result = show(output);
    html::end(output)?;
    result
}

/// Shows files of MQTT. Returns `true` if no packet is wrong.
fn show(
    names: &[OsString],
    open: Open,
    view: View,
    version: Option<ProtocolVersion>,
    ports: &[u16],
    paint: Paint,
    output: &mut Output,
) -> Result<bool, Failure> {
    let mut is_well = true;
    for (n, name) in names.iter().enumerate() {
        if view.is_text() && n > 0 {
            writeln!(output)?;
        }
        let input = open(name).map_err(Failure::Message)?;
        if capture::is_capture(&input.beginning) {
            let name = (names.len() > 1).then_some(&*input.name).map(str::to_owned);
            let mut show = capture::Show::new(view, paint, name.as_deref(), version, output);
            is_well &= show.file(input, ports)?;
            continue;
        }
        let known = match version {
            Some(version) => Known { version, evidence: Evidence::Given },
            None => of_other_direction(name, names, open).unwrap_or_else(|| version::guess(&input.beginning)),
        };
        let mut show = Show { view, paint, is_named: names.len() > 1, tally: Tally::default(), output };
        show.stream(input, &known)?;
        is_well &= show.tally.is_well();
    }
    Ok(is_well)
}

/// Shows files of datagrams. Returns `true` if all datagrams are legal.
#[cfg(feature = "sn")]
fn show_sn(files: &[OsString], view: View, ports: &[u16], paint: Paint, output: &mut Output) -> Result<bool, Failure> {
    let mut is_well = true;
    for (n, file) in files.iter().enumerate() {
        let mut input = Input::open(file).map_err(Failure::Message)?;
        let name = input.name.clone();
        let read = if capture::is_capture(&input.beginning) {
            sn::read_capture(input, ports)
        } else {
            let mut bytes = core::mem::take(&mut input.beginning);
            loop {
                let chunk = input.next_chunk().map_err(Failure::Message)?;
                if chunk.is_empty() {
                    break;
                }
                bytes.extend_from_slice(chunk);
            }
            sn::read(&bytes)
        };
        let datagrams = read.map_err(|error| Failure::Message(format!("cannot read {name}: {error}")))?;
        if view.is_text() && n > 0 {
            writeln!(output)?;
        }
        is_well &= sn::show(&datagrams, &name, files.len() > 1, view, paint, output)?;
    }
    Ok(is_well)
}

#[cfg(not(feature = "sn"))]
fn show_sn(_: &[OsString], _: View, _: &[u16], _: Paint, _: &mut Output) -> Result<bool, Failure> {
    Err(Failure::Message(
        "--sn needs the feature sn: cargo run --example inspect --features sn -- --sn FILE".to_owned(),
    ))
}

/// Opens a stream by its name.
type Open = fn(&OsStr) -> Result<Input, String>;

/// Opens a stream of the session that is part of the program.
fn of_session(name: &OsStr) -> Result<Input, String> {
    let bytes = SESSION.into_iter().find(|(it, _)| *it == name).map_or(&b""[..], |(_, bytes)| bytes);
    Input::new(name.to_string_lossy().into_owned(), None, Box::new(bytes))
}

/// Finds the version of a server's stream in the stream of its client, if that is given too.
fn of_other_direction(name: &OsStr, names: &[OsString], open: Open) -> Option<Known> {
    let client = format!("{}.c2s.bin", name.to_str()?.strip_suffix(".s2c.bin")?);
    let client = names.iter().find(|name| **name == *client)?;
    let version = version::of_connect(&open(client).ok()?.beginning)?;
    Some(Known { version, evidence: Evidence::OtherDirection })
}

/// Shows one stream.
struct Show<'a> {
    view: View,
    paint: Paint,
    /// There are several streams, so that each JSON object needs the name of its stream.
    is_named: bool,
    tally: Tally,
    output: &'a mut Output,
}

impl Show<'_> {
    fn stream(&mut self, mut input: Input, known: &Known) -> Result<(), Failure> {
        match self.view {
            View::Json => {}
            View::Html => {
                let text = summary::describe(&input.name, input.size, known);
                html::title(&format!("{}: {text}", input.name), self.output)?;
            }
            View::Fields | View::Hex => {
                summary::heading(&input.name, input.size, known, self.paint, self.output)?;
            }
        }
        // If the output is on a terminal, it shows the progress itself.
        let mut progress = Progress::new(input.size.filter(|_| !io::stdout().is_terminal()));
        let given = matches!(known.evidence, Evidence::Given).then_some(known.version);
        let mut packets = Packets::new(StreamOptions::either(None), given, core::mem::take(&mut input.beginning));
        packets.set_version(known.version);
        loop {
            while let Some(mut item) = packets.next() {
                if let Content::Bad { is_end_known: false, .. } = item.content {
                    take_rest(&mut item, &mut input).map_err(Failure::Message)?;
                }
                self.item(&item, &input.name)?;
                progress.at(item.offset);
            }
            let chunk = input.next_chunk().map_err(Failure::Message)?;
            if chunk.is_empty() {
                break;
            }
            packets.receive(chunk);
        }
        if let Some(item) = packets.finish() {
            self.item(&item, &input.name)?;
        }
        progress.end();
        match self.view {
            View::Json => {}
            View::Html => html::note(&self.tally.to_string(), !self.tally.is_well(), self.output)?,
            View::Fields | View::Hex => summary::footing(&self.tally, self.paint, self.output)?,
        }
        Ok(())
    }

    fn item(&mut self, item: &Item, name: &str) -> io::Result<()> {
        match self.view {
            View::Fields => text::item(item, self.paint, self.output)?,
            View::Hex => dump::item(item, self.paint, self.output)?,
            View::Html => html::item(item, "", self.output)?,
            View::Json => {
                let origin = Origin { file: self.is_named.then_some(name), n: self.tally.items(), connection: None };
                json_lines::write(item, origin, self.output)?;
            }
        }
        self.tally.count(item);
        Ok(())
    }
}

/// Adds the rest of the stream to a packet without an end.
fn take_rest(item: &mut Item, input: &mut Input) -> Result<(), String> {
    let mut raw = BytesMut::from(&*item.raw);
    loop {
        let chunk = input.next_chunk()?;
        if chunk.is_empty() {
            break;
        }
        item.len = item.len.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
        if raw.len() < SHOWN_OF_ENDLESS {
            raw.extend_from_slice(chunk);
        }
    }
    raw.truncate(SHOWN_OF_ENDLESS);
    item.raw = raw.freeze();
    Ok(())
}
