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
    let name = format!("{:<11}", PacketType::from_first_byte(first).name());
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
            let s = if *needed == 1 { "" } else { "s" };
            let text = format!("cut off: at least {needed} more byte{s} needed");
            writeln!(output, "flags {:04b}  {}", first & 0x0F, paint.red(&text))
        }
    }
}

/// Writes what is wrong with a packet, and how to respond.
pub(crate) fn bad(item: &Item, error: &DecodeError, paint: Paint, output: &mut impl Write) -> io::Result<()> {
    rows::write(output, |rows| {
        rows.push("Error", paint.red(&error.to_string()));
        rows.push("Field", error.field());
        rows.push("Rule", format_args!("{} of MQTT {}", error.rule(), error.version()));
        if let Content::Bad { answer, .. } = item.content {
            rows.push("Answer", answer.map_or_else(|| "none, close the connection".to_owned(), said));
        }
        if let Content::Bad { is_end_known: false, .. } = item.content {
            rows.push("Then", "nothing: the start of the next packet is unknown");
        }
    })
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
