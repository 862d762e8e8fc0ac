//! Errors of decoding and encoding, and the rules of the standard that they refer to.

mod accessors;
mod decode_error;
mod decode_error_kind;
mod encode_error;
mod encode_error_kind;
mod field;
mod other_protocol;
mod rule;

#[cfg(feature = "bytes")]
pub(crate) use accessors::field_accessors;
pub use decode_error::DecodeError;
pub use decode_error_kind::DecodeErrorKind;
pub use encode_error::EncodeError;
pub use encode_error_kind::EncodeErrorKind;
pub use field::Field;
pub use other_protocol::OtherProtocol;
