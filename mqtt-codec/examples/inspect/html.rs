//! The view for a browser: one page with the bytes of each packet in colours, and the name and value of a field on hovering.
//!
//! The page needs no other file and has no script. Everything that comes from the input is escaped. In addition, the
//! Content Security Policy forbids scripts and requests.

use crate::show::escape;
use crate::show::fields::{self, Field};
use crate::show::head;
use crate::show::item::{Content, Item};
use core::fmt::{self, Display, Write as _};
use core::ops::Range;
use std::io::{self, Write};

/// How many bytes of a field are shown.
const SHOWN: usize = 256;
/// How many bytes are shown around the byte at fault, if it is not among those.
const AROUND_FAULT: usize = 16;
/// How many characters of the line about a packet are shown.
const LONGEST_SUMMARY: usize = 200;

const HEAD: &str = include_str!("html/head.html");
const LEGEND: &str = include_str!("html/legend.html");

/// A packet or a datagram as the page shows it.
pub(crate) struct Entry<'a> {
    /// Connection, direction and time, as far as they are known.
    pub(crate) origin: &'a str,
    pub(crate) place: String,
    pub(crate) summary: String,
    pub(crate) raw: &'a [u8],
    /// How many bytes follow `raw`, which are not kept.
    pub(crate) left: u64,
    /// The byte at fault; if it is the length of `raw`, something is missing at the end.
    pub(crate) fault: Option<usize>,
    /// What is wrong, with a name for each line.
    pub(crate) notes: Vec<(&'static str, String)>,
}

/// Writes the beginning of the page.
pub(crate) fn begin(title: &str, output: &mut impl Write) -> io::Result<()> {
    write!(output, "{HEAD}<title>{}</title>\n<body>\n{LEGEND}", Text(title))
}

/// Writes the end of the page.
pub(crate) fn end(output: &mut impl Write) -> io::Result<()> {
    output.write_all(b"</body>\n</html>\n")
}

/// Writes the title of a file.
pub(crate) fn title(text: &str, output: &mut impl Write) -> io::Result<()> {
    writeln!(output, "<h1>{}</h1>", Text(text))
}

/// Writes the title of a connection.
pub(crate) fn subtitle(text: &str, output: &mut impl Write) -> io::Result<()> {
    writeln!(output, "<h2>{}</h2>", Text(text))
}

/// Writes a line about a whole file, or a part of it.
pub(crate) fn note(text: &str, is_bad: bool, output: &mut impl Write) -> io::Result<()> {
    writeln!(output, "<p{}>{}</p>", if is_bad { " class=\"bad\"" } else { "" }, Text(text))
}

/// Writes one item of a stream.
pub(crate) fn item(item: &Item, origin: &str, output: &mut impl Write) -> io::Result<()> {
    let name = || head::name(item).to_owned();
    let (summary, fault, notes) = match &item.content {
        Content::Packet(frame) => (summary(&frame.packet()), None, Vec::new()),
        Content::Bad { error, .. } => {
            (format!("{}, not a legal packet", name()), Some(error.offset()), head::notes(item, error))
        }
        Content::CutOff { needed } => (format!("{}, {}", name(), head::cut_off(*needed)), None, Vec::new()),
    };
    let left = item.len.saturating_sub(u64::try_from(item.raw.len()).unwrap_or_default());
    let place = format!("{} +{}", item.offset, item.len);
    let is_bad = !matches!(item.content, Content::Packet(_));
    let entry = Entry { origin, place, summary, raw: &item.raw, left, fault, notes };
    self::entry(&entry, is_bad, |visit| fields::visit(&item.raw, item.version, visit), output)
}

/// Writes a packet or a datagram, whose fields `visit` finds.
pub(crate) fn entry(
    entry: &Entry<'_>,
    is_bad: bool,
    visit: impl FnOnce(&mut dyn FnMut(Field)),
    output: &mut impl Write,
) -> io::Result<()> {
    writeln!(output, "<article{}>", if is_bad { " class=\"bad\"" } else { "" })?;
    writeln!(output, "<h3><small>{} {}</small> {}</h3>", Text(entry.origin), Text(&entry.place), Text(&entry.summary))?;
    if !entry.notes.is_empty() {
        output.write_all(b"<dl>")?;
        for (name, value) in &entry.notes {
            write!(output, "<dt>{name}</dt><dd>{}</dd>", Text(value))?;
        }
        output.write_all(b"</dl>\n")?;
    }
    output.write_all(b"<p class=\"bytes\">")?;
    let mut result = Ok(());
    visit(&mut |field| {
        if result.is_ok() {
            result = write_field(&field, entry, output);
        }
    });
    result?;
    if entry.fault.is_some_and(|fault| fault >= entry.raw.len()) {
        output.write_all(b"<mark>the packet ends</mark>")?;
    }
    if entry.left > 0 {
        write!(output, "<small>and {} bytes more</small>", entry.left)?;
    }
    output.write_all(b"</p>\n</article>\n")
}

/// Returns a packet in one line, shortened if it is long: a packet may have millions of fields.
pub(crate) fn summary(packet: &impl Display) -> String {
    let mut line = Line { text: String::new(), room: LONGEST_SUMMARY };
    if write!(line, "{packet}").is_err() {
        line.text.push('…');
    }
    line.text
}

/// Takes so many characters, and refuses more.
struct Line {
    text: String,
    room: usize,
}

impl fmt::Write for Line {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            self.room = self.room.checked_sub(1).ok_or(fmt::Error)?;
            self.text.push(character);
        }
        Ok(())
    }
}

/// Writes the bytes of a field, and its name and value as an attribute that the style sheet shows on hovering.
fn write_field(field: &Field, entry: &Entry<'_>, output: &mut impl Write) -> io::Result<()> {
    let name = field.name.trim_start();
    let gap = if field.value.is_empty() { "" } else { ": " };
    let (class, value) = (class(&field.name), Text(&field.value));
    write!(output, "<i class=\"{class}\" data-field=\"{}{gap}{value}\">", Text(name))?;
    let mut at = field.range.start;
    for part in shown(&field.range, entry.fault) {
        let omitted = part.start.saturating_sub(at);
        if omitted > 0 {
            write!(output, " <small>{omitted} bytes</small>")?;
        }
        for place in part.clone() {
            if place > field.range.start {
                output.write_all(b" ")?;
            }
            let byte = entry.raw.get(place).filter(|_| !field.is_secret);
            let byte = byte.map_or_else(|| "**".to_owned(), |byte| format!("{byte:02X}"));
            if entry.fault == Some(place) {
                write!(output, "<mark>{byte}</mark>")?;
            } else {
                output.write_all(byte.as_bytes())?;
            }
        }
        at = part.end;
    }
    let omitted = field.range.end.saturating_sub(at);
    if omitted > 0 {
        write!(output, " <small>{omitted} bytes</small>")?;
    }
    output.write_all(b"</i> ")
}

/// Returns which bytes of a field are shown: the first ones, and those around the byte at fault.
fn shown(field: &Range<usize>, fault: Option<usize>) -> impl Iterator<Item = Range<usize>> {
    let first = field.start..field.end.min(field.start.saturating_add(SHOWN));
    let around = fault.filter(|fault| (first.end..field.end).contains(fault)).map(|fault| {
        let start = fault.saturating_sub(AROUND_FAULT / 2).max(first.end);
        start..start.saturating_add(AROUND_FAULT).min(field.end)
    });
    [Some(first), around].into_iter().flatten()
}

/// Returns the class that the style sheet gives a colour, by the name of the field.
fn class(name: &str) -> &'static str {
    match name {
        "Length" | "MsgType" | "Remaining Length" => "header",
        "Packet Identifier" | "MsgId" => "identifier",
        "Payload" | "Will Payload" | "Data" | "WillMsg" => "payload",
        "left over" => "odd",
        _ if name.ends_with("(cut off)") || name.ends_with("(not a number)") => "odd",
        _ if name.contains("Property Length") || name.starts_with("  ") && !name.contains("Options") => "property",
        _ if name.contains("Topic") => "topic",
        _ if name.ends_with("Code") => "code",
        _ if name.chars().all(|character| character.is_ascii_uppercase()) => "header",
        _ => "other",
    }
}

/// Displays a text as HTML shows it, with active characters escaped as in the other views.
struct Text<'a>(&'a str);

impl Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|character| match character {
            '&' => f.write_str("&amp;"),
            '<' => f.write_str("&lt;"),
            '>' => f.write_str("&gt;"),
            '"' => f.write_str("&quot;"),
            '\'' => f.write_str("&#39;"),
            _ if escape::is_active(character) => write!(f, "{}", character.escape_default()),
            _ => f.write_char(character),
        })
    }
}
