//! Options for decoding and encoding.

mod decode_options;
mod encode_options;
mod leniency;
#[cfg(feature = "serde")]
pub(crate) mod serde;

pub use decode_options::DecodeOptions;
pub use encode_options::EncodeOptions;
#[cfg(feature = "sn")]
pub(crate) use leniency::leniencies;
pub use leniency::{Leniency, UnknownLeniency};
