//! How packets are decoded and encoded: version, sender, limits and leniencies.

mod decode_options;
mod encode_options;

pub use decode_options::DecodeOptions;
pub use encode_options::EncodeOptions;
