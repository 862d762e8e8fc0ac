//! Options for decoding and encoding.

mod decode_options;
mod encode_options;
mod leniency;
#[cfg(feature = "serde")]
pub(crate) mod serde;
mod values;

pub use decode_options::{DecodeOptions, Leniency};
pub use encode_options::EncodeOptions;
pub use leniency::UnknownLeniency;
#[cfg(feature = "sn")]
pub(crate) use leniency::leniencies;
pub(crate) use values::value_options;
