//! Parsers for the primitive values in a packet.
//!
//! A parser has the signature of a nom parser: it takes a slice and returns the rest of the slice and a value, or a fault. The
//! parser of a whole body returns only the packet.
//!
//! Parsers are complete in the sense of nom. The end of the packet is known before any of them runs, so a field that is cut
//! off is an error. A fault consists of a position, a kind and a field; the entry point converts the position into an offset.
//! The smallest parsers slice their input themselves, so that the optimiser can prove that they do not panic.

use crate::error::{DecodeErrorKind, Field};
use crate::options::{DecodeOptions, Leniency};
use mqtt_types::{BinaryData, PacketIdentifier, TextError, TextErrorKind, TopicName, Utf8String, VariableByteInteger};
use nom::IResult;

/// Error of a parser, with its position in the input.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fault<'a> {
    /// The input from the position of the fault on.
    pub(crate) at: &'a [u8],
    pub(crate) kind: DecodeErrorKind,
    pub(crate) field: Field,
}

impl<'a> Fault<'a> {
    pub(crate) const fn new(at: &'a [u8], kind: DecodeErrorKind, field: Field) -> Self {
        Self { at, kind, field }
    }
}

/// Result of a parser: the rest of the input and a value, or a fault.
///
/// Faults are always [`nom::Err::Failure`]: the packet type is known, so there is no alternative to try.
pub(crate) type Parsed<'a, T> = IResult<&'a [u8], T, Fault<'a>>;

/// Result of a parser that consumes its whole input, or of a check.
pub(crate) type ParseResult<'a, T> = Result<T, nom::Err<Fault<'a>>>;

/// Returns a fault as the result of a parser.
#[cold]
pub(crate) const fn fail<T>(at: &[u8], kind: DecodeErrorKind, field: Field) -> ParseResult<'_, T> {
    Err(nom::Err::Failure(Fault::new(at, kind, field)))
}

/// Extracts the fault from the error of a parser.
#[cold]
pub(crate) fn into_fault<'a>(input: &'a [u8], error: nom::Err<Fault<'a>>) -> Fault<'a> {
    match error {
        nom::Err::Error(fault) | nom::Err::Failure(fault) => fault,
        // Complete parsers never return `Incomplete`.
        nom::Err::Incomplete(_) => Fault::new(input, DecodeErrorKind::UnexpectedEnd, Field::Payload),
    }
}

/// Checks that no input is left \[section 2.1.4\].
///
/// Decoders call it before they construct the packet, so that the packet is constructed in place.
#[inline(always)]
pub(crate) fn expect_end(rest: &[u8]) -> ParseResult<'_, ()> {
    if rest.is_empty() { Ok(()) } else { fail(rest, DecodeErrorKind::TrailingBytes, Field::Payload) }
}

/// Parses one byte.
#[inline]
pub(crate) fn byte(input: &[u8], field: Field) -> Parsed<'_, u8> {
    match input.split_first() {
        Some((value, rest)) => Ok((rest, *value)),
        None => fail(input, DecodeErrorKind::UnexpectedEnd, field),
    }
}

/// Parses a Two Byte Integer (section 1.5.2).
#[inline]
pub(crate) fn two_byte_integer(input: &[u8], field: Field) -> Parsed<'_, u16> {
    match input.split_first_chunk() {
        Some((bytes, rest)) => Ok((rest, u16::from_be_bytes(*bytes))),
        None => fail(input, DecodeErrorKind::UnexpectedEnd, field),
    }
}

/// Parses a Variable Byte Integer of 5.0, which must have as few bytes as possible \[MQTT-1.5.5-1\].
#[inline]
pub(crate) fn variable_byte_integer<'a>(
    input: &'a [u8],
    field: Field,
    options: &DecodeOptions,
) -> Parsed<'a, VariableByteInteger> {
    match VariableByteInteger::decode(input) {
        Ok(Some(decoded)) if decoded.is_minimal() || options.allows(Leniency::LongerLengths) => {
            // `decoded.len` is never longer than the input.
            Ok((input.get(decoded.len..).unwrap_or_default(), decoded.value))
        }
        Ok(Some(_)) => fail(input, DecodeErrorKind::VariableByteIntegerNotMinimal, field),
        Ok(None) => fail(input, DecodeErrorKind::UnexpectedEnd, field),
        Err(_) => fail(input, DecodeErrorKind::VariableByteIntegerTooLong, field),
    }
}

/// Parses a two-byte length and as many bytes, the format of UTF-8 Encoded Strings and Binary Data.
///
/// If the bytes are cut off, the position of the fault is the first byte of the length.
#[inline]
pub(crate) fn length_prefixed(input: &[u8], field: Field) -> Parsed<'_, &[u8]> {
    let (rest, length) = two_byte_integer(input, field)?;
    match rest.split_at_checked(usize::from(length)) {
        Some((bytes, rest)) => Ok((rest, bytes)),
        None => fail(input, DecodeErrorKind::UnexpectedEnd, field),
    }
}

/// Parses Binary Data (section 1.5.6).
#[inline]
pub(crate) fn binary_data(input: &[u8], field: Field) -> Parsed<'_, BinaryData<&[u8]>> {
    let (rest, bytes) = length_prefixed(input, field)?;
    match BinaryData::new(bytes) {
        Ok(data) => Ok((rest, data)),
        // Unreachable: a two-byte length cannot exceed the limit.
        Err(_) => fail(input, DecodeErrorKind::UnexpectedEnd, field),
    }
}

/// Parses a UTF-8 Encoded String (section 1.5.4).
#[inline]
pub(crate) fn utf8_string<'a>(
    input: &'a [u8],
    field: Field,
    options: &DecodeOptions,
) -> Parsed<'a, Utf8String<&'a [u8]>> {
    let (rest, bytes) = length_prefixed(input, field)?;
    match Utf8String::new(bytes) {
        Ok(string) => {
            check_characters(string.as_str(), field, options)?;
            Ok((rest, string))
        }
        Err(error) => fail_text(input, bytes, error, field),
    }
}

/// Parses a Topic Name that must not be empty: the Will Topic.
#[inline]
pub(crate) fn topic_name<'a>(
    input: &'a [u8],
    field: Field,
    options: &DecodeOptions,
) -> Parsed<'a, TopicName<&'a [u8]>> {
    let (rest, bytes) = length_prefixed(input, field)?;
    match TopicName::new(bytes) {
        Ok(name) => {
            check_characters(name.as_str(), field, options)?;
            Ok((rest, name))
        }
        Err(error) => fail_text(input, bytes, error, field),
    }
}

/// Parses a Packet Identifier (section 2.2.1).
#[inline]
pub(crate) fn packet_identifier(input: &[u8]) -> Parsed<'_, PacketIdentifier> {
    let (rest, value) = two_byte_integer(input, Field::PacketIdentifier)?;
    match PacketIdentifier::new(value) {
        Some(identifier) => Ok((rest, identifier)),
        None => fail(input, DecodeErrorKind::PacketIdentifierZero, Field::PacketIdentifier),
    }
}

/// Refuses control characters and non-characters if the options say so, as section 1.5.4 allows.
#[inline]
pub(crate) fn check_characters<'a>(text: &'a str, field: Field, options: &DecodeOptions) -> ParseResult<'a, ()> {
    if options.refuses_discouraged_characters() { refuse_discouraged(text, field) } else { Ok(()) }
}

#[cold]
fn refuse_discouraged(text: &str, field: Field) -> ParseResult<'_, ()> {
    match mqtt_types::discouraged_character(text) {
        Some(offset) => {
            let at = text.as_bytes().get(offset..).unwrap_or_default();
            fail(at, DecodeErrorKind::DiscouragedCharacter, field)
        }
        None => Ok(()),
    }
}

/// Returns the fault of a string. `input` begins with the length of the string.
///
/// An empty topic has no byte, so its fault is at the length.
#[cold]
pub(crate) fn fail_text<'a, T>(input: &'a [u8], text: &'a [u8], error: TextError, field: Field) -> Parsed<'a, T> {
    let at = match error.kind() {
        TextErrorKind::EmptyTopic => input,
        _ => text.get(error.offset()..).unwrap_or_default(),
    };
    fail(at, text_kind(error.kind()), field)
}

/// Converts the kind of an invalid string.
pub(crate) const fn text_kind(kind: TextErrorKind) -> DecodeErrorKind {
    match kind {
        TextErrorKind::NulCharacter => DecodeErrorKind::NulCharacter,
        TextErrorKind::EmptyTopic => DecodeErrorKind::EmptyTopic,
        TextErrorKind::WildcardInTopicName => DecodeErrorKind::WildcardInTopicName,
        TextErrorKind::MisplacedMultiLevelWildcard => DecodeErrorKind::MisplacedMultiLevelWildcard,
        TextErrorKind::MisplacedSingleLevelWildcard => DecodeErrorKind::MisplacedSingleLevelWildcard,
        TextErrorKind::EmptyShareName => DecodeErrorKind::EmptyShareName,
        TextErrorKind::WildcardInShareName => DecodeErrorKind::WildcardInShareName,
        TextErrorKind::InvalidSharedFilter => DecodeErrorKind::InvalidSharedFilter,
        // `TooLong` is unreachable: a two-byte length cannot exceed the limit.
        TextErrorKind::IllFormedUtf8 | TextErrorKind::TooLong | _ => DecodeErrorKind::IllFormedUtf8,
    }
}
