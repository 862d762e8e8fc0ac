//! Codec for `tokio_util::codec::Framed`.

mod codec;
mod connection;
mod encoders;
mod error;
mod halves;
mod item;

pub use codec::Codec;
pub use error::CodecError;
pub use halves::{CodecReader, CodecWriter};
pub use item::CodecItem;
