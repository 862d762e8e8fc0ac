//! The check of one property's value: section 2.2.2.2.

use crate::buffer::split_prefixed;
use crate::property::error::PropertyErrorKind;
use crate::property::identifier::{PropertyIdentifier, PropertyType};
use crate::text::{TextError, TextErrorKind, TextKind, check_text};
use crate::topic::TopicName;
use crate::value::{VariableByteInteger, VariableByteIntegerError};

/// The error for bytes that are not the value of a property: the broken rule, and the offset counted from the end of
/// the identifier.
pub(crate) struct ValueError {
    pub(crate) kind: PropertyErrorKind,
    pub(crate) offset: usize,
}

impl ValueError {
    const fn new(kind: PropertyErrorKind, offset: usize) -> Self {
        Self { kind, offset }
    }
}

/// Checks the value at the start of `input`, which begins after the identifier. Returns the bytes after the value.
#[inline]
pub(crate) fn check_value(identifier: PropertyIdentifier, input: &[u8]) -> Result<&[u8], ValueError> {
    const TRUNCATED: ValueError = ValueError::new(PropertyErrorKind::Truncated, 0);
    const INVALID: ValueError = ValueError::new(PropertyErrorKind::InvalidValue, 0);
    match identifier.property_type() {
        PropertyType::Byte => match input {
            // All of them allow only 0 and 1: sections 3.1.2.11, 3.2.2.3 and 3.3.2.3.2.
            [0 | 1, rest @ ..] => Ok(rest),
            [_, ..] => Err(INVALID),
            [] => Err(TRUNCATED),
        },
        PropertyType::TwoByteInteger => match (input, identifier) {
            ([0, 0, ..], PropertyIdentifier::TopicAlias) => Err(ValueError::new(PropertyErrorKind::TopicAliasZero, 0)),
            ([0, 0, ..], PropertyIdentifier::ReceiveMaximum) => Err(INVALID),
            ([_, _, rest @ ..], _) => Ok(rest),
            _ => Err(TRUNCATED),
        },
        PropertyType::FourByteInteger => match (input, identifier) {
            ([0, 0, 0, 0, ..], PropertyIdentifier::MaximumPacketSize) => Err(INVALID),
            ([_, _, _, _, rest @ ..], _) => Ok(rest),
            _ => Err(TRUNCATED),
        },
        // The only property of this type is the Subscription Identifier.
        PropertyType::VariableByteInteger => match VariableByteInteger::decode(input) {
            Ok(Some(decoded)) if !decoded.is_minimal() => {
                Err(ValueError::new(PropertyErrorKind::VariableByteIntegerNotMinimal, 0))
            }
            Ok(Some(decoded)) if decoded.value == VariableByteInteger::ZERO => Err(INVALID),
            Ok(Some(decoded)) => input.get(decoded.len..).ok_or(TRUNCATED),
            Ok(None) => Err(TRUNCATED),
            Err(VariableByteIntegerError::TooLong | VariableByteIntegerError::TooLarge(_)) => {
                Err(ValueError::new(PropertyErrorKind::VariableByteIntegerTooLong, 0))
            }
        },
        PropertyType::Utf8String => {
            let (value, rest) = split_prefixed(input).ok_or(TRUNCATED)?;
            if identifier == PropertyIdentifier::ResponseTopic {
                TopicName::new(value).map_err(|error| text_error(input, value, error))?;
            } else {
                check_text(value, TextKind::Utf8String).map_err(|error| text_error(input, value, error))?;
            }
            Ok(rest)
        }
        PropertyType::BinaryData => split_prefixed(input).map(|(_, rest)| rest).ok_or(TRUNCATED),
        PropertyType::Utf8StringPair => {
            let (name, after_name) = split_prefixed(input).ok_or(TRUNCATED)?;
            let value_offset = input.len().saturating_sub(after_name.len());
            let truncated = ValueError::new(PropertyErrorKind::Truncated, value_offset);
            let (value, rest) = split_prefixed(after_name).ok_or(truncated)?;
            check_text(name, TextKind::Utf8String).map_err(|error| text_error(input, name, error))?;
            check_text(value, TextKind::Utf8String).map_err(|error| text_error(input, value, error))?;
            Ok(rest)
        }
    }
}

/// Returns the error for a text that is a part of `input`.
#[cold]
fn text_error(input: &[u8], text: &[u8], error: TextError) -> ValueError {
    let mut start = text.as_ptr().addr().saturating_sub(input.as_ptr().addr());
    if error.kind() == TextErrorKind::EmptyTopic {
        start = start.saturating_sub(2); // an empty text has no byte, so the error points at its length
    }
    ValueError::new(PropertyErrorKind::Text(error.kind()), start.saturating_add(error.offset()))
}
