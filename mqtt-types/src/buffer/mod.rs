//! What holds the bytes of packets, and where builders write them.

#[expect(clippy::module_inception, reason = "the folder's main trait in a file of its own")]
mod buffer;
mod storage;

#[cfg(feature = "bytes")]
pub(crate) use buffer::share;
pub use buffer::{Buffer, DefaultBuffer, IntoBuffer, Lend};
pub(crate) use buffer::{debug_fields, over_buffers};
pub use storage::{BuildError, SliceStorage, Storage};
pub(crate) use storage::{put_prefixed, split_prefixed};
