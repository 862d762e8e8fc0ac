//! Errors: the fault, the field, the octet, the section of the specification, and the answer.

mod decode_error;
mod decode_error_kind;
mod encode_error;
mod field;
mod rule;

pub use decode_error::DecodeError;
pub use decode_error_kind::DecodeErrorKind;
pub use encode_error::{EncodeError, EncodeErrorKind};
pub use field::Field;
