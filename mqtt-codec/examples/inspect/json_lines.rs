//! The view for programs: one JSON object per packet, each in a line.

use crate::json::PacketObject;
use crate::show::escape;
use crate::show::item::{Content, Item};
use crate::show::leniencies;
use core::net::SocketAddr;
use mqtt_codec::{DecodeError, Sender};
use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::ser::Formatter;
use std::io::{self, Write};

/// Where an item is from: the members before its own.
#[derive(Clone, Copy, Default, Serialize)]
pub(crate) struct Origin<'a> {
    /// The name of the file, if there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) file: Option<&'a str>,
    /// The number of the packet in the file.
    pub(crate) n: usize,
    /// The connection, in a capture.
    #[serde(flatten)]
    pub(crate) connection: Option<ConnectionOrigin>,
}

/// The connection that an item is from.
#[derive(Clone, Copy, Serialize)]
pub(crate) struct ConnectionOrigin {
    /// The number of the connection in the capture.
    pub(crate) connection: usize,
    pub(crate) dir: &'static str,
    pub(crate) client: SocketAddr,
    pub(crate) server: SocketAddr,
    /// When the last byte was captured, in seconds since 1970.
    pub(crate) time: Option<f64>,
}

/// The members of an item after those that tell where it is from.
#[derive(Serialize)]
struct Line<'a, T> {
    #[serde(flatten)]
    origin: Origin<'a>,
    #[serde(flatten)]
    object: T,
}

/// A packet that is not legal.
struct ErrorObject {
    error: DecodeError,
    /// Its offset in the stream.
    offset: u64,
    /// The length of the packet, or of the part that is there.
    length: u64,
}

impl Serialize for ErrorObject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("offset", &self.offset)?;
        map.serialize_entry("length", &self.length)?;
        map.serialize_entry("type", "ERROR")?;
        map.serialize_entry("error", &self.error.to_string())?;
        map.serialize_entry("byte", &self.error.offset())?;
        map.serialize_entry("rule", self.error.rule())?;
        map.serialize_entry("reason_code", &self.error.reason_code().map(|code| code.as_u8()))?;
        map.end()
    }
}

/// A part of a stream that is no whole packet: `INCOMPLETE`, the stream ends inside a packet; `MISSING`, the bytes are not
/// in the capture; `SKIPPED`, no packet is known to begin there.
#[derive(Serialize)]
struct PartObject {
    /// The offset in the stream.
    offset: u64,
    /// The number of bytes.
    length: u64,
    #[serde(rename = "type")]
    kind: &'static str,
}

/// Writes an item of a stream.
pub(crate) fn write(item: &Item, origin: Origin<'_>, output: &mut impl Write) -> io::Result<()> {
    let (offset, length) = (item.offset, item.len);
    match &item.content {
        Content::Packet(frame) => {
            let (packet, raw, version) = (frame.packet(), &*item.raw, item.version);
            let deviation = leniencies::deviation(frame, Sender::Either);
            line(&Line { origin, object: PacketObject { packet, raw, version, offset, deviation } }, output)
        }
        Content::Bad { error, .. } => {
            line(&Line { origin, object: ErrorObject { error: *error, offset, length } }, output)
        }
        Content::CutOff { .. } => part("INCOMPLETE", offset, length, origin, output),
    }
}

/// Writes a part of a stream that is no whole packet.
pub(crate) fn part(
    kind: &'static str,
    offset: u64,
    length: u64,
    origin: Origin<'_>,
    output: &mut impl Write,
) -> io::Result<()> {
    line(&Line { origin, object: PartObject { offset, length, kind } }, output)
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
