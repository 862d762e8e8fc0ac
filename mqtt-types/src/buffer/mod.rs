//! The buffers that hold the bytes of packets, and the storage that builders write to.

#[expect(clippy::module_inception, reason = "the folder's main trait in a file of its own")]
pub(crate) mod buffer;
#[cfg(feature = "bytes")]
mod compact;
mod into_buffer;
pub(crate) mod over_buffers;
#[cfg(feature = "bytes")]
pub(crate) mod share;
mod storage;

pub use buffer::{Buffer, DefaultBuffer, Lend};
#[cfg(feature = "bytes")]
pub(crate) use compact::{Compact, split_part, to_compact};
pub use into_buffer::IntoBuffer;
pub(crate) use over_buffers::{debug_fields, format_fields, over_buffers};
#[cfg(feature = "bytes")]
pub(crate) use share::share;
#[cfg(feature = "bytes")]
pub use storage::SharedStorage;
pub use storage::{SliceStorage, Storage};
pub(crate) use storage::{StorageError, put_prefixed, split_prefixed};
