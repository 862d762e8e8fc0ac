//! MQTT-SN: files of datagrams, one message after the other.

mod input;
mod json;
mod octets;

pub(crate) use input::{Recorded, read};

use crate::args::View;
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
    if view != View::Json {
        let count = datagrams.len();
        writeln!(output, "{} {count} datagram{}, MQTT-SN 1.2", paint.bold(&format!("{}:", Escaped(name))), s(count))?;
        writeln!(output, "{}", paint.dim("  number  length  message"))?;
    }
    for (n, recorded) in (1_usize..).zip(datagrams) {
        let decoded = decode(&recorded.raw, from(recorded.direction, DecodeOptions::new()));
        bad = bad.saturating_add(usize::from(decoded.is_err()));
        match view {
            View::Json => json_lines::line(&json_line(recorded, &decoded, is_named.then_some(name), n), output)?,
            View::Fields | View::Hex => text(recorded, &decoded, n, view, paint, output)?,
        }
    }
    if view != View::Json {
        let count = format!("{} datagram{}", datagrams.len(), s(datagrams.len()));
        match bad {
            0 => writeln!(output, "{count}, all legal")?,
            _ => writeln!(output, "{}", paint.red(&format!("{count}, {bad} not legal")))?,
        }
    }
    Ok(bad == 0)
}

/// What the sender does not send is refused, if the sender is known.
fn from(direction: Option<Direction>, options: DecodeOptions) -> DecodeOptions {
    direction.map_or(options, |direction| options.sender(direction.sender()))
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
    let direction = recorded.direction.map_or(String::new(), |direction| format!("{}  ", direction.name()));
    write!(output, "{}  {direction}", paint.dim(&place))?;
    match decoded {
        Ok(datagram) => {
            writeln!(output, "{}", Escaped(&datagram.to_string()))?;
            if view == View::Fields { Ok(()) } else { octets::rows(&recorded.raw, None, paint, output) }
        }
        Err(error) => {
            let name = json::named_type(&recorded.raw).map_or("unknown type", |message_type| message_type.name());
            writeln!(output, "{}  {}", paint.bold(name), paint.red("not a legal datagram"))?;
            bad(recorded, error, paint, output)?;
            octets::rows(&recorded.raw, Some(error.offset()), paint, output)
        }
    }
}

/// What is wrong with a datagram, and what to do about it.
fn bad(recorded: &Recorded, error: &DecodeError, paint: Paint, output: &mut impl Write) -> io::Result<()> {
    // Real software sends some of what is not legal.
    let lenient = decode(&recorded.raw, from(recorded.direction, DecodeOptions::lenient()));
    rows::write(output, |rows| {
        rows.push("Error", paint.red(&error.to_string()));
        rows.push("Field", error.field());
        rows.push("Rule", format_args!("{} of MQTT-SN 1.2", error.rule()));
        match error.answer() {
            Some(answer) => rows.push("Answer", answer),
            None => rows.push("Answer", "none, drop it"),
        }
        if let Ok(datagram) = &lenient {
            rows.push("Leniently", Escaped(&datagram.to_string()));
        }
    })
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
    object = object.with("hex", hex(&recorded.raw));
    match decoded {
        Ok(datagram) => json::datagram(object, datagram, &recorded.raw),
        Err(error) => json::error(object, error, &recorded.raw),
    }
    .into()
}
