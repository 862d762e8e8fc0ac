//! What can go wrong: which field, which octet, which section, and what to answer.

mod decode_error;
mod decode_error_kind;
mod encode_error;
mod field;
mod rule;

pub use decode_error::DecodeError;
pub use decode_error_kind::DecodeErrorKind;
pub use encode_error::{EncodeError, EncodeErrorKind};
pub use field::Field;
