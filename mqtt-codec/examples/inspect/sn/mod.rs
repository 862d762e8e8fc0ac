//! MQTT-SN: files of datagrams, one message after the other.

mod capture;
mod input;
mod json;
mod octets;

pub(crate) use capture::read_capture;
pub(crate) use input::{Recorded, read};

use crate::args::View;
use crate::html::{self, Entry};
use crate::json_lines;
use crate::show::escape::Escaped;
use crate::show::paint::Paint;
use crate::show::rows;
use input::Direction;
use json::{Object, hex};
use mqtt_codec::sn::{Datagram, DecodeError, DecodeOptions, decode};
use serde_json::Value;
use std::io::{self, Write};

/// Shows the datagrams of one file: there are several files if `is_named`, so that each JSON object
/// needs the name of its file. Returns `true` if all datagrams are legal.
pub(crate) fn show(
    datagrams: &[Recorded],
    name: &str,
    is_named: bool,
    view: View,
    paint: Paint,
    output: &mut impl Write,
) -> io::Result<bool> {
    let s = |number: usize| if number == 1 { "" } else { "s" };
    let mut bad = 0_usize;
    let count = format!("{} datagram{}", datagrams.len(), s(datagrams.len()));
    if view == View::Html {
        html::title(&format!("{name}: {count}, MQTT-SN 1.2"), output)?;
    } else if view.is_text() {
        writeln!(output, "{} {count}, MQTT-SN 1.2", paint.bold(&format!("{}:", Escaped(name))))?;
        writeln!(output, "{}", paint.dim("  number  length  message"))?;
    }
    for (n, recorded) in (1_usize..).zip(datagrams) {
        let decoded = decode(&recorded.raw, from(recorded.direction, DecodeOptions::new()));
        bad = bad.saturating_add(usize::from(decoded.is_err()));
        match view {
            View::Json => json_lines::line(&json_line(recorded, &decoded, is_named.then_some(name), n), output)?,
            View::Html => page_entry(recorded, &decoded, n, output)?,
            View::Fields | View::Hex => text(recorded, &decoded, n, view, paint, output)?,
        }
    }
    let verdict = if bad == 0 { format!("{count}, all legal") } else { format!("{count}, {bad} not legal") };
    match view {
        View::Json => {}
        View::Html => html::note(&verdict, bad > 0, output)?,
        View::Fields | View::Hex if bad > 0 => writeln!(output, "{}", paint.red(&verdict))?,
        View::Fields | View::Hex => writeln!(output, "{verdict}")?,
    }
    Ok(bad == 0)
}

/// Sets the sender in the options, if it is known, so that messages which it does not send are refused.
fn from(direction: Option<Direction>, options: DecodeOptions) -> DecodeOptions {
    direction.map_or(options, |direction| options.with_sender(direction.sender()))
}

fn text(
    recorded: &Recorded,
    decoded: &Result<Datagram<&[u8]>, DecodeError>,
    n: usize,
    view: View,
    paint: Paint,
    output: &mut impl Write,
) -> io::Result<()> {
    let place = format!("{n:>8} {:>7}", format!("+{}", recorded.raw.len()));
    write!(output, "{}  {}", paint.dim(&place), origin(recorded))?;
    match decoded {
        Ok(datagram) => {
            writeln!(output, "{}", Escaped(&datagram.to_string()))?;
            if view == View::Fields { Ok(()) } else { octets::rows(&recorded.raw, None, paint, output) }
        }
        Err(error) => {
            writeln!(output, "{}  {}", paint.bold(type_name(recorded)), paint.red("not a legal datagram"))?;
            bad(recorded, error, paint, output)?;
            octets::rows(&recorded.raw, Some(error.offset()), paint, output)
        }
    }
}

/// Returns the direction of a datagram, and its ends in a capture.
fn origin(recorded: &Recorded) -> String {
    let ends = recorded.ends.map_or_else(String::new, |[source, destination]| format!("{source} -> {destination}  "));
    let direction = recorded.direction.map_or_else(String::new, |direction| format!("{}  ", direction.name()));
    format!("{direction}{ends}")
}

fn type_name(recorded: &Recorded) -> &'static str {
    json::named_type(&recorded.raw).map_or("unknown type", |message_type| message_type.name())
}

/// Writes the error of a datagram, and how to respond.
fn bad(recorded: &Recorded, error: &DecodeError, paint: Paint, output: &mut impl Write) -> io::Result<()> {
    let notes = notes(recorded, error);
    rows::write(output, |rows| {
        for (name, value) in &notes {
            match *name {
                "Error" => rows.push(name, paint.red(value)),
                _ => rows.push(name, Escaped(value)),
            }
        }
    })
}

fn notes(recorded: &Recorded, error: &DecodeError) -> Vec<(&'static str, String)> {
    let mut notes = vec![
        ("Error", error.to_string()),
        ("Field", error.field().to_string()),
        ("Rule", format!("{} of MQTT-SN 1.2", error.rule())),
        ("Answer", error.answer().map_or_else(|| "none, drop it".to_owned(), |answer| answer.to_string())),
    ];
    // Some illegal datagrams are known deviations of real software.
    if let Ok(datagram) = decode(&recorded.raw, from(recorded.direction, DecodeOptions::new().lenient())) {
        notes.push(("Leniently", datagram.to_string()));
    }
    notes
}

fn page_entry(
    recorded: &Recorded,
    decoded: &Result<Datagram<&[u8]>, DecodeError>,
    n: usize,
    output: &mut impl Write,
) -> io::Result<()> {
    let (summary, fault, notes) = match decoded {
        Ok(datagram) => (html::summary(datagram), None, Vec::new()),
        Err(error) => {
            let summary = format!("{}, not a legal datagram", type_name(recorded));
            (summary, Some(error.offset()), notes(recorded, error))
        }
    };
    let time = recorded.ms.as_ref().map_or_else(String::new, |ms| format!(" {ms} ms"));
    let place = format!("#{n} +{}{time}", recorded.raw.len());
    let origin = origin(recorded);
    let entry = Entry { origin: origin.trim_end(), place, summary, raw: &recorded.raw, left: 0, fault, notes };
    html::entry(&entry, decoded.is_err(), |visit| octets::fields(&recorded.raw).into_iter().for_each(visit), output)
}

fn json_line(
    recorded: &Recorded,
    decoded: &Result<Datagram<&[u8]>, DecodeError>,
    file: Option<&str>,
    n: usize,
) -> Value {
    let mut object = Object::new();
    if let Some(file) = file {
        object = object.with("file", file);
    }
    object = object.with("n", n);
    if let Some(ms) = &recorded.ms {
        object = object.with("ms", ms.clone());
    }
    if let Some(direction) = recorded.direction {
        object = object.with("dir", direction.name());
    }
    if let Some([source, destination]) = recorded.ends {
        object = object.with("source", source.to_string()).with("destination", destination.to_string());
    }
    object = object.with("hex", hex(&recorded.raw));
    match decoded {
        Ok(datagram) => json::datagram(object, datagram, &recorded.raw),
        Err(error) => json::error(object, error, &recorded.raw),
    }
    .into()
}
