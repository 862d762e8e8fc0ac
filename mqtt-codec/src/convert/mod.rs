//! Conversion of packets from one protocol version to another.

mod change;
mod connection;
mod conversion;
mod convert_error;
mod entry;
mod list;

pub use change::{Change, Converted};
pub use convert_error::{ConvertError, ConvertErrorKind};
pub use entry::convert;
