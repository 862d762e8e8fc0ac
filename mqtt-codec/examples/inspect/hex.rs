//! The view of the bytes: every row with the field that it belongs to.
//!
//! A packet that is not legal is not decoded, so the fields are found here once more, by walking over the bytes, as far
//! as they go.

use crate::head;
use crate::paint::Paint;
use crate::rows::INDENT;
use crate::stream::{Content, Item};
use crate::words;
use core::ops::Range;
use mqtt_codec::{
    PacketType, PropertyIdentifier, PropertyType, ProtocolVersion, ReasonCode, SubscriptionOptions, VariableByteInteger,
};
use std::io::{self, Write};

const ROW: usize = 16;
/// Where the column of offsets ends.
const OFFSET_END: usize = INDENT + 4;

/// One packet, or what is there instead.
pub(crate) fn item(item: &Item<'_>, paint: Paint, output: &mut impl Write) -> io::Result<()> {
    head::head(item, paint, output)?;
    let fault = match &item.content {
        Content::Bad { error, .. } => {
            head::bad(item, error, paint, output)?;
            Some(error.offset())
        }
        Content::Packet(_) | Content::CutOff { .. } => None,
    };
    let mut rows = Rows { raw: item.raw, fault, paint, output };
    for piece in Walk::over(item.raw, item.version) {
        let mut label = piece.label.as_str();
        for start in piece.range.clone().step_by(ROW) {
            rows.row(start..start.saturating_add(ROW).min(piece.range.end), label, |_| piece.is_secret)?;
            label = "";
        }
    }
    rows.caret_at_end()
}

/// The bytes around the one at fault, without fields.
pub(crate) fn around(
    item: &Item<'_>,
    start: usize,
    len: usize,
    label: &str,
    fault: usize,
    paint: Paint,
    output: &mut impl Write,
) -> io::Result<()> {
    let pieces = Walk::over(item.raw, item.version);
    let is_secret = |at| pieces.iter().any(|piece| piece.is_secret && piece.range.contains(&at));
    let mut rows = Rows { raw: item.raw, fault: Some(fault), paint, output };
    rows.row(start..start.saturating_add(len).min(item.raw.len()), label, is_secret)?;
    rows.caret_at_end()
}

struct Rows<'a, W> {
    raw: &'a [u8],
    /// The byte to point at, until that is done.
    fault: Option<usize>,
    paint: Paint,
    output: &'a mut W,
}

impl<W: Write> Rows<'_, W> {
    fn row(&mut self, range: Range<usize>, label: &str, is_secret: impl Fn(usize) -> bool) -> io::Result<()> {
        let offset = format!("{:>OFFSET_END$}", range.start);
        let mut bytes = String::new();
        for at in range.clone() {
            match self.raw.get(at) {
                Some(byte) if !is_secret(at) => bytes.push_str(&format!(" {byte:02X}")),
                _ => bytes.push_str(" **"),
            }
        }
        let row = format!("{} {bytes:<48}  {label}", self.paint.dim(&offset));
        writeln!(self.output, "{}", row.trim_end())?;
        match self.fault {
            Some(fault) if range.contains(&fault) => self.caret(fault.saturating_sub(range.start), ""),
            _ => Ok(()),
        }
    }

    /// Points at the end, if that is where a field is missing.
    fn caret_at_end(&mut self) -> io::Result<()> {
        if self.fault.is_some() { self.caret(0, " the packet ends") } else { Ok(()) }
    }

    fn caret(&mut self, column: usize, label: &str) -> io::Result<()> {
        self.fault = None;
        // Two blanks behind the offset, three characters per byte.
        let before = column.saturating_mul(3).saturating_add(OFFSET_END).saturating_add(2);
        writeln!(self.output, "{:before$}{}", "", self.paint.red(&format!("^^{label}")))
    }
}

/// Some bytes of a packet and the field that they are.
struct Piece {
    range: Range<usize>,
    label: String,
    /// Not to be shown.
    is_secret: bool,
}

/// Goes over a packet, field by field. A step gives `None` where the bytes end too early or make no sense.
struct Walk<'a> {
    raw: &'a [u8],
    at: usize,
    /// Where the packet, or the properties that we are in, end.
    end: usize,
    pieces: Vec<Piece>,
    /// Before labels: properties stand further in.
    prefix: &'static str,
    /// What is cut off or left over may be a Password.
    hides_what_is_odd: bool,
}

impl<'a> Walk<'a> {
    fn over(raw: &'a [u8], version: ProtocolVersion) -> Vec<Piece> {
        let mut walk = Self { raw, at: 0, end: raw.len(), pieces: Vec::new(), prefix: "", hides_what_is_odd: false };
        // Where it ends early, the rest is left over.
        let _ = walk.packet(version);
        walk.prefix = "";
        walk.end = raw.len();
        if walk.at < walk.end {
            walk.push(walk.end, "left over".to_owned(), walk.hides_what_is_odd);
        }
        walk.pieces
    }

    fn packet(&mut self, version: ProtocolVersion) -> Option<()> {
        let first = *self.raw.first()?;
        let packet_type = PacketType::from_first_byte(first);
        let flags = match packet_type {
            PacketType::Publish => {
                let dup = if first & 0b1000 != 0 { ", DUP" } else { "" };
                let retain = if first & 0b0001 != 0 { ", RETAIN" } else { "" };
                format!("QoS {}{dup}{retain}", first >> 1 & 0b11)
            }
            _ => format!("flags {:04b}", first & 0x0F),
        };
        self.take(1, packet_type.name(), |_| flags)?;
        self.variable_byte_integer("Remaining Length")?;
        match packet_type {
            PacketType::Connect => self.connect(),
            PacketType::ConnAck => {
                self.take(1, "Connect Acknowledge Flags", |bytes| {
                    let session = if bytes == [1] { " (Session Present)" } else { "" };
                    format!("{:08b}{session}", first_of(bytes))
                })?;
                if version.is_v3() {
                    self.number(1, "Connect Return Code")?;
                    return Some(());
                }
                self.reason_code("Connect Reason Code", ReasonCode::SUCCESS.name())?;
                self.properties("")
            }
            PacketType::Publish => {
                self.text("Topic Name")?;
                if first & 0b0110 != 0 {
                    self.number(2, "Packet Identifier")?;
                }
                if !version.is_v3() {
                    self.properties("")?;
                }
                self.rest("Payload", words::payload)
            }
            PacketType::PubAck | PacketType::PubRec | PacketType::PubRel | PacketType::PubComp => {
                self.number(2, "Packet Identifier")?;
                self.reason_and_properties(ReasonCode::SUCCESS.name(), version)
            }
            PacketType::Subscribe | PacketType::Unsubscribe => {
                self.packet_identifier_and_properties(version)?;
                while self.at < self.end {
                    self.text("Topic Filter")?;
                    if packet_type == PacketType::Subscribe {
                        self.subscription_options(version)?;
                    }
                }
                Some(())
            }
            PacketType::SubAck => {
                self.packet_identifier_and_properties(version)?;
                while self.at < self.end {
                    let (name, value) = words::suback_code(*self.raw.get(self.at)?, version);
                    self.take(1, name, |_| value)?;
                }
                Some(())
            }
            PacketType::UnsubAck => {
                self.packet_identifier_and_properties(version)?;
                while self.at < self.end {
                    self.reason_code("Reason Code", ReasonCode::SUCCESS.name())?;
                }
                Some(())
            }
            PacketType::Disconnect => self.reason_and_properties("Normal disconnection", version),
            PacketType::Auth => self.reason_and_properties(ReasonCode::SUCCESS.name(), version),
            PacketType::PingReq | PacketType::PingResp | PacketType::Reserved => Some(()),
        }
    }

    fn connect(&mut self) -> Option<()> {
        let name = self.text("Protocol Name")?.get(2..)?;
        let level = self.take(1, "Protocol Version", |bytes| match first_of(bytes) {
            level @ 0x80.. => format!("{} with the mark of a bridge", level & 0x7F),
            level => level.to_string(),
        })?;
        let version = ProtocolVersion::from_name_and_level(name, first_of(level) & !ProtocolVersion::BRIDGE_BIT)?;
        let flags = self.take(1, "Connect Flags", |bytes| {
            let flags = first_of(bytes);
            format!("{flags:08b} ({})", words::connect_flags(flags, version))
        })?;
        let flags = first_of(flags);
        self.number(2, "Keep Alive")?;
        if !version.is_v3() {
            self.properties("")?;
        }
        self.hides_what_is_odd = true;
        self.text("Client Identifier")?;
        if flags & 0b0000_0100 != 0 {
            if !version.is_v3() {
                self.properties("Will ")?;
            }
            self.text("Will Topic")?;
            self.prefixed("Will Payload", words::payload)?;
        }
        if flags & 0b1000_0000 != 0 {
            self.text("User Name")?;
        }
        if flags & 0b0100_0000 != 0 {
            self.prefixed("Password", |password| words::hidden(password.len()))?;
            self.hide_last();
        }
        Some(())
    }

    fn packet_identifier_and_properties(&mut self, version: ProtocolVersion) -> Option<()> {
        self.number(2, "Packet Identifier")?;
        if version.is_v3() { Some(()) } else { self.properties("") }
    }

    /// Both may be left out from the end on.
    fn reason_and_properties(&mut self, zero: &str, version: ProtocolVersion) -> Option<()> {
        if version.is_v3() || self.at == self.end {
            return Some(());
        }
        self.reason_code("Reason Code", zero)?;
        if self.at == self.end { Some(()) } else { self.properties("") }
    }

    fn reason_code(&mut self, name: &str, zero: &str) -> Option<()> {
        self.take(1, name, |bytes| match first_of(bytes) {
            0 => format!("{zero} (0x00)"),
            code => ReasonCode::from_u8(code).map_or_else(|| format!("0x{code:02X}"), |code| code.to_string()),
        })?;
        Some(())
    }

    fn subscription_options(&mut self, version: ProtocolVersion) -> Option<()> {
        self.take(1, "  Subscription Options", |bytes| {
            let byte = first_of(bytes);
            let options = SubscriptionOptions::from_byte(if version.is_v3() { byte & 0b11 } else { byte });
            options.map_or_else(|_| format!("{byte:08b}"), |options| words::options(options, version))
        })?;
        Some(())
    }

    fn properties(&mut self, whose: &str) -> Option<()> {
        let len = self.variable_byte_integer(&format!("{whose}Property Length"))?;
        let end = self.end;
        let properties_end = self.at.saturating_add(len);
        self.end = properties_end.min(end);
        self.prefix = "  ";
        while self.at < self.end {
            self.property()?;
        }
        self.prefix = "";
        self.end = end;
        (properties_end <= end).then_some(())
    }

    fn property(&mut self) -> Option<()> {
        let identifier = PropertyIdentifier::from_u8(*self.raw.get(self.at)?)?;
        let bytes = self.raw.get(self.at..self.end)?;
        let len = match identifier.property_type() {
            PropertyType::Byte => 1,
            PropertyType::TwoByteInteger => 2,
            PropertyType::FourByteInteger => 4,
            PropertyType::VariableByteInteger => VariableByteInteger::decode(bytes.get(1..)?).ok()??.len,
            PropertyType::Utf8String | PropertyType::BinaryData => prefixed_len(bytes.get(1..)?),
            PropertyType::Utf8StringPair => {
                let name_len = prefixed_len(bytes.get(1..)?);
                let value = bytes.get(name_len.saturating_add(1)..).unwrap_or_default();
                name_len.saturating_add(prefixed_len(value))
            }
        };
        self.take(len.saturating_add(1), identifier.name(), |bytes| {
            let value = bytes.get(1..).unwrap_or_default();
            match identifier.property_type() {
                PropertyType::Byte | PropertyType::TwoByteInteger | PropertyType::FourByteInteger => {
                    number(value).to_string()
                }
                PropertyType::VariableByteInteger => match VariableByteInteger::decode(value) {
                    Ok(Some(decoded)) => decoded.value.get().to_string(),
                    _ => String::new(),
                },
                PropertyType::Utf8String => text_of(value.get(2..).unwrap_or_default()),
                PropertyType::BinaryData if identifier == PropertyIdentifier::AuthenticationData => {
                    words::hidden(value.len().saturating_sub(2))
                }
                PropertyType::BinaryData => words::binary(value.get(2..).unwrap_or_default()),
                PropertyType::Utf8StringPair => {
                    let (name, value) = value.split_at_checked(prefixed_len(value)).unwrap_or_default();
                    let name = text_of(name.get(2..).unwrap_or_default());
                    format!("{name} = {}", text_of(value.get(2..).unwrap_or_default()))
                }
            }
        })?;
        if identifier == PropertyIdentifier::AuthenticationData {
            self.hide_last();
        }
        Some(())
    }

    fn number(&mut self, len: usize, name: &str) -> Option<()> {
        self.take(len, name, |bytes| number(bytes).to_string())?;
        Some(())
    }

    fn variable_byte_integer(&mut self, name: &str) -> Option<usize> {
        let bytes = self.raw.get(self.at..self.end)?;
        let Ok(Some(decoded)) = VariableByteInteger::decode(bytes) else {
            self.push(self.at.saturating_add(4).min(self.end), format!("{name} (no number)"), false);
            return None;
        };
        self.take(decoded.len, name, |_| decoded.value.get().to_string())?;
        Some(decoded.value.to_usize())
    }

    /// A two-byte length and text.
    fn text(&mut self, name: &str) -> Option<&'a [u8]> {
        self.prefixed(name, text_of)
    }

    /// A two-byte length and as many bytes.
    fn prefixed(&mut self, name: &str, describe: impl FnOnce(&[u8]) -> String) -> Option<&'a [u8]> {
        let len = prefixed_len(self.raw.get(self.at..self.end)?);
        self.take(len, name, |bytes| describe(bytes.get(2..).unwrap_or_default()))
    }

    /// All the rest.
    fn rest(&mut self, name: &str, describe: impl FnOnce(&[u8]) -> String) -> Option<()> {
        self.take(self.end.saturating_sub(self.at), name, describe)?;
        Some(())
    }

    /// A field of so many bytes.
    fn take(&mut self, len: usize, name: &str, describe: impl FnOnce(&[u8]) -> String) -> Option<&'a [u8]> {
        let end = self.at.saturating_add(len);
        match self.raw.get(self.at..end).filter(|_| end <= self.end) {
            Some(bytes) => {
                self.push(end, format!("{name}  {}", describe(bytes)), false);
                Some(bytes)
            }
            None => {
                self.push(self.end, format!("{name} (cut off)"), self.hides_what_is_odd);
                None
            }
        }
    }

    /// What lies before `end` is a field.
    fn push(&mut self, end: usize, label: String, is_secret: bool) {
        if self.at < end {
            let label = format!("{}{label}", self.prefix);
            self.pieces.push(Piece { range: self.at..end, label, is_secret });
            self.at = end;
        }
    }

    fn hide_last(&mut self) {
        if let Some(piece) = self.pieces.last_mut() {
            piece.is_secret = true;
        }
    }
}

/// How many bytes a field with a two-byte length has; 2 if not even the length is there.
fn prefixed_len(bytes: &[u8]) -> usize {
    bytes.first_chunk().map_or(0, |len| usize::from(u16::from_be_bytes(*len))).saturating_add(2)
}

fn text_of(bytes: &[u8]) -> String {
    core::str::from_utf8(bytes).map_or_else(|_| words::binary(bytes), words::quoted)
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

fn first_of(bytes: &[u8]) -> u8 {
    bytes.first().copied().unwrap_or_default()
}
