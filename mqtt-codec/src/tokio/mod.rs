//! Codecs for `tokio_util::codec::Framed`.

mod codec;
mod frame_codec;

pub use codec::{Codec, CodecError};
pub use frame_codec::FrameCodec;
