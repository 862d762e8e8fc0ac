//! Parts that packets have in common: the fixed header, primitive values and properties, with the traits for the input and
//! the output of the codec.

mod decoded;
pub(crate) mod encode_body;
pub(crate) mod fixed_header;
pub(crate) mod form;
pub(crate) mod length;
pub(crate) mod outcome;
pub(crate) mod pieces;
pub(crate) mod primitives;
pub(crate) mod properties;
pub(crate) mod remaining_length;
pub(crate) mod write;

pub use decoded::Decoded;
pub use fixed_header::{DecodedFixedHeader, decode_fixed_header};
pub use pieces::Pieces;
