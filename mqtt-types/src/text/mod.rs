//! UTF-8 strings and binary data, and the checks of text.

mod binary_data;
mod check;
mod discouraged;
mod error;
mod kind;
mod plain;
pub(crate) mod text_type;
mod utf8;
mod utf8_string;

pub use binary_data::{BinaryData, BinaryDataTooLong};
pub(crate) use check::{MAX_LEN, check_slowly, check_text, is_legal_string, is_legal_topic_name};
pub use discouraged::discouraged_character;
pub use error::{TextError, TextErrorKind};
pub(crate) use kind::TextKind;
pub(crate) use plain::{HAS_WORDS, is_plain_filter};
pub(crate) use text_type::{str_from_checked, text_type};
pub use utf8_string::Utf8String;
