//! The beginning of a packet in both views: its place and type, and its error if it is not legal.

use crate::show::item::{Content, Item};
use crate::show::paint::Paint;
use crate::show::rows;
use mqtt_codec::{Answer, DecodeError, Packet, PacketType};
use std::io::{self, Write};

/// Writes the first line of a packet: offset, length, type, flags.
pub(crate) fn head(item: &Item, paint: Paint, output: &mut impl Write) -> io::Result<()> {
    let first = item.raw.first().copied().unwrap_or_default();
    let place = format!("{:>8} {:>7}", item.offset, format!("+{}", item.len));
    let name = format!("{:<11}", name(item));
    write!(output, "{}  {} ", paint.dim(&place), paint.bold(&name))?;
    match &item.content {
        Content::Packet(frame) if frame.packet_type() == PacketType::Publish => {
            let dup = if first & 0b1000 != 0 { " dup" } else { "" };
            let retain = if first & 0b0001 != 0 { " retain" } else { "" };
            writeln!(output, "flags {:04b}  qos={}{dup}{retain}", first & 0x0F, first >> 1 & 0b11)
        }
        Content::Packet(_) => writeln!(output, "flags {:04b}", first & 0x0F),
        Content::Bad { .. } => writeln!(output, "flags {:04b}  {}", first & 0x0F, paint.red("not a legal packet")),
        Content::CutOff { needed } => {
            writeln!(output, "flags {:04b}  {}", first & 0x0F, paint.red(&cut_off(*needed)))
        }
    }
}

/// Returns the name of the packet type.
pub(crate) fn name(item: &Item) -> &'static str {
    PacketType::from_first_byte(item.raw.first().copied().unwrap_or_default()).name()
}

/// Writes that the stream ends inside a packet.
pub(crate) fn cut_off(needed: usize) -> String {
    let s = if needed == 1 { "" } else { "s" };
    format!("cut off: at least {needed} more byte{s} needed")
}

/// Writes the error of a packet, and how to respond.
pub(crate) fn bad(item: &Item, error: &DecodeError, paint: Paint, output: &mut impl Write) -> io::Result<()> {
    let notes = notes(item, error);
    rows::write(output, |rows| {
        for (name, value) in &notes {
            if *name == "Error" { rows.push(name, paint.red(value)) } else { rows.push(name, value) }
        }
    })
}

/// Returns the error of a packet, and how to respond, each with a name.
pub(crate) fn notes(item: &Item, error: &DecodeError) -> Vec<(&'static str, String)> {
    let mut notes = vec![
        ("Error", error.to_string()),
        ("Field", error.field().to_string()),
        ("Rule", format!("{} of MQTT {}", error.rule(), error.version())),
    ];
    if let Content::Bad { answer, .. } = item.content {
        notes.push(("Answer", answer.map_or_else(|| "none, close the connection".to_owned(), said)));
    }
    if let Content::Bad { is_end_known: false, .. } = item.content {
        notes.push(("Then", "nothing: the start of the next packet is unknown".to_owned()));
    }
    notes
}

/// Returns the answer to a packet that is not legal, in words.
fn said(answer: Answer) -> String {
    let packet = answer.packet();
    match (packet, answer.as_bytes()) {
        (Packet::ConnAck(_), [.., return_code]) if answer.version().is_v3() => {
            format!("CONNACK with return code {return_code}, {}", answer.reason_code().name())
        }
        _ => format!("{} with {}", packet.packet_type(), answer.reason_code()),
    }
}
