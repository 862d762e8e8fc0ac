//! UTF-8 strings and binary data, and the checks of text.

mod binary_data;
mod check;
mod utf8_string;

pub use binary_data::{BinaryData, BinaryDataTooLong};
pub(crate) use check::{HAS_WORDS, MAX_LEN, Text, check, is_legal_string, is_legal_topic_name, is_plain_filter};
pub use check::{TextError, TextErrorKind, discouraged_character};
pub use utf8_string::Utf8String;
pub(crate) use utf8_string::{str_from_checked, text_type};
