//! Options for decoding and encoding.

mod decode_options;
mod encode_options;

pub use decode_options::DecodeOptions;
pub use encode_options::EncodeOptions;
