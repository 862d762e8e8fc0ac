//! What a capture shows of one direction of a connection.

use crate::show::item::Item;

pub(crate) enum Seen {
    Item(Item),
    /// Bytes that are missing in the capture.
    Missing(Part),
    /// Bytes after missing ones that belong to no packet whose beginning is known.
    Skipped(Part),
}

/// A part of a stream.
#[derive(Clone, Copy)]
pub(crate) struct Part {
    pub(crate) offset: u64,
    pub(crate) len: u64,
}

impl Part {
    /// Returns a part that has this many bytes more.
    pub(super) const fn longer(self, len: u64) -> Self {
        Self { len: self.len.saturating_add(len), ..self }
    }
}
