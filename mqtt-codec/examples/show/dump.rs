//! The view of the bytes: rows of hexadecimal digits, each with the field that it belongs to.

use crate::show::fields::{self, Field};
use crate::show::head;
use crate::show::item::{Content, Item};
use crate::show::paint::Paint;
use crate::show::rows::INDENT;
use core::ops::Range;
use std::io::{self, Write};

/// Bytes in a row.
const ROW: usize = 16;
/// The column at which offsets end.
const OFFSET_END: usize = INDENT + 4;

/// Writes one item of a stream.
pub(crate) fn item(item: &Item, paint: Paint, output: &mut impl Write) -> io::Result<()> {
    head::head(item, paint, output)?;
    let fault = match &item.content {
        Content::Bad { error, .. } => {
            head::bad(item, error, paint, output)?;
            Some(error.offset())
        }
        Content::Packet(_) | Content::CutOff { .. } => None,
    };
    let mut rows = Rows::new(&item.raw, fault, paint, output);
    let mut result = Ok(());
    fields::visit(&item.raw, item.version, &mut |field| {
        if result.is_ok() {
            result = rows.field(&field);
        }
    });
    result?;
    let left = item.len.saturating_sub(u64::try_from(item.raw.len()).unwrap_or_default());
    if left > 0 {
        writeln!(rows.output, "{:INDENT$}and {left} bytes more", "")?;
    }
    rows.caret_at_end()
}

/// Writes the bytes around the fault, without the names of fields.
pub(crate) fn around(
    item: &Item,
    start: usize,
    len: usize,
    label: &str,
    fault: usize,
    paint: Paint,
    output: &mut impl Write,
) -> io::Result<()> {
    let end = start.saturating_add(len).min(item.raw.len());
    let mut secrets = Vec::new();
    fields::visit(&item.raw, item.version, &mut |field| {
        if field.is_secret && field.range.start < end && start < field.range.end {
            secrets.push(field.range);
        }
    });
    let mut rows = Rows::new(&item.raw, Some(fault), paint, output);
    rows.row(start..end, label, |at| secrets.iter().any(|secret| secret.contains(&at)))?;
    rows.caret_at_end()
}

/// Writes rows of bytes, with a mark below the byte at fault.
pub(crate) struct Rows<'a, W> {
    raw: &'a [u8],
    /// The byte to point at, until that is done.
    fault: Option<usize>,
    paint: Paint,
    output: &'a mut W,
}

impl<'a, W: Write> Rows<'a, W> {
    pub(crate) fn new(raw: &'a [u8], fault: Option<usize>, paint: Paint, output: &'a mut W) -> Self {
        Self { raw, fault, paint, output }
    }

    pub(crate) fn field(&mut self, field: &Field) -> io::Result<()> {
        let label = if field.value.is_empty() { &field.name } else { &format!("{}  {}", field.name, field.value) };
        let mut label = label.as_str();
        for start in field.range.clone().step_by(ROW) {
            self.row(start..start.saturating_add(ROW).min(field.range.end), label, |_| field.is_secret)?;
            label = "";
        }
        Ok(())
    }

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

    /// Points at the end, if a field is missing there.
    pub(crate) fn caret_at_end(&mut self) -> io::Result<()> {
        if self.fault.is_some() { self.caret(0, " the packet ends") } else { Ok(()) }
    }

    fn caret(&mut self, column: usize, label: &str) -> io::Result<()> {
        self.fault = None;
        // Two blanks follow the offset. Each byte takes three characters.
        let before = column.saturating_mul(3).saturating_add(OFFSET_END).saturating_add(2);
        writeln!(self.output, "{:before$}{}", "", self.paint.red(&format!("^^{label}")))
    }
}
