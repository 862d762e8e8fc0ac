//! The view for programs: one JSON object per packet, each in a line.

use crate::json::{ErrorObject, IncompleteObject, PacketObject};
use crate::show::escape;
use crate::show::item::{Content, Item};
use serde::Serialize;
use serde_json::ser::Formatter;
use std::io::{self, Write};

/// The members of an item after those that tell where it is from.
#[derive(Serialize)]
struct Line<'a, T> {
    /// The name of the stream, if there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    /// The number of the packet in its stream.
    n: usize,
    #[serde(flatten)]
    object: T,
}

/// Writes an item of a stream.
pub(crate) fn write(item: &Item, file: Option<&str>, n: usize, output: &mut impl Write) -> io::Result<()> {
    let (offset, length) = (item.offset, item.len);
    match &item.content {
        Content::Packet(frame) => {
            let (packet, raw, version) = (frame.packet(), &*item.raw, item.version);
            line(&Line { file, n, object: PacketObject { packet, raw, version, offset } }, output)
        }
        Content::Bad { error, .. } => {
            line(&Line { file, n, object: ErrorObject { error: *error, offset, length } }, output)
        }
        Content::CutOff { .. } => line(&Line { file, n, object: IncompleteObject::new(offset, length) }, output),
    }
}

/// Writes an object in a line.
pub(crate) fn line(line: &impl Serialize, output: &mut impl Write) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(&mut *output, EscapingFormatter);
    line.serialize(&mut serializer)?;
    output.write_all(b"\n")
}

/// Writes compact JSON in which active characters are escaped. JSON itself requires this only below U+0020.
struct EscapingFormatter;

impl Formatter for EscapingFormatter {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((before, character, after)) = split_at_active(rest) {
            writer.write_all(before.as_bytes())?;
            // All of them are in the Basic Multilingual Plane, so that one escape is enough.
            write!(writer, "\\u{:04x}", u32::from(character))?;
            rest = after;
        }
        writer.write_all(rest.as_bytes())
    }
}

/// Splits a text at its first active character.
fn split_at_active(text: &str) -> Option<(&str, char, &str)> {
    let (at, character) = text.char_indices().find(|(_, character)| escape::is_active(*character))?;
    let (before, after) = text.split_at_checked(at)?;
    Some((before, character, after.strip_prefix(character)?))
}
