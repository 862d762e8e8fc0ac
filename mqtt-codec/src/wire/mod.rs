//! What the packets are made of: fixed header, primitive values, properties, and where they are read from and written to.

mod decoded;
pub(crate) mod encode_body;
pub(crate) mod fixed_header;
pub(crate) mod form;
pub(crate) mod outcome;
pub(crate) mod primitives;
pub(crate) mod properties;
pub(crate) mod write;

pub use decoded::Decoded;
pub use fixed_header::{DecodedFixedHeader, decode_fixed_header};
