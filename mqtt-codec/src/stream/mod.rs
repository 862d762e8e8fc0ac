//! Decoding of byte streams that are split anywhere, and encoding for a peer with limits.

mod framer;
mod item;
mod methods;
mod options;
#[cfg(feature = "bytes")]
mod push_decoder;
mod role;
#[cfg(feature = "serde")]
mod serde;
mod slice_decoder;
#[cfg(feature = "bytes")]
mod stream_decoder;
#[cfg(feature = "bytes")]
mod stream_encoder;

#[cfg(feature = "bytes")]
pub use item::FrameItem;
pub use item::StreamItem;
pub use options::StreamOptions;
#[cfg(feature = "bytes")]
pub use push_decoder::PushDecoder;
pub use role::Role;
pub use slice_decoder::SliceDecoder;
#[cfg(feature = "bytes")]
pub use stream_decoder::StreamDecoder;
#[cfg(feature = "bytes")]
pub use stream_encoder::StreamEncoder;
