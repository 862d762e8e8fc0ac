//! What both views of a packet begin with: its place and type, and its error if it is not legal.

use crate::paint::Paint;
use crate::rows::Rows;
use crate::stream::{Content, Item};
use mqtt_codec::{ConnAckReasonCode, DecodeError, Packet, PacketType};
use std::io::{self, Write};

/// The line that a packet begins with: place, length, type, flags.
pub(crate) fn head(item: &Item<'_>, paint: Paint, output: &mut impl Write) -> io::Result<()> {
    let first = item.raw.first().copied().unwrap_or_default();
    let place = format!("{:>8} {:>7}", item.offset, format!("+{}", item.raw.len()));
    let name = format!("{:<11}", PacketType::from_first_byte(first).name());
    write!(output, "{}  {} ", paint.dim(&place), paint.bold(&name))?;
    match &item.content {
        Content::Packet(Packet::Publish(publish)) => {
            let dup = if publish.delivery.dup() { " dup" } else { "" };
            let retain = if publish.retain { " retain" } else { "" };
            writeln!(output, "flags {:04b}  qos={}{dup}{retain}", first & 0x0F, publish.delivery.qos().as_u8())
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

/// What is wrong with a packet, and what to do about it.
pub(crate) fn bad(item: &Item<'_>, error: &DecodeError, paint: Paint, output: &mut impl Write) -> io::Result<()> {
    let mut rows = Rows::default();
    rows.push("Error", paint.red(&error.to_string()));
    rows.push("Field", error.field());
    rows.push("Rule", format_args!("{} of MQTT {}", error.rule(), error.version()));
    rows.push("Answer", answer(error));
    if let Content::Bad { is_end_known: false, .. } = item.content {
        rows.push("Then", "nothing: where the next packet begins is not known");
    }
    rows.write(output)
}

/// How to answer to a bad packet.
fn answer(error: &DecodeError) -> String {
    let packet = if error.packet_type() == PacketType::Connect { "CONNACK" } else { "DISCONNECT" };
    match error.reason_code() {
        None => "none, close the connection".to_owned(),
        Some(code) if error.version().is_v3() => {
            let return_code = ConnAckReasonCode::new(code).and_then(ConnAckReasonCode::to_return_code);
            format!("{packet} with return code {}, {}", return_code.unwrap_or_default(), code.name())
        }
        Some(code) => format!("{packet} with {code}"),
    }
}
