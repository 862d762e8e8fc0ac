//! The parsers that all packets are made of, as nom has them: from a slice to the rest of it and a value, or a fault. What
//! parses a whole body gives the packet alone.
//!
//! They are complete parsers: a packet's end is known before any of them runs, so a field that is cut off is an error. An
//! error is a place, a kind and a field, all `Copy`; the place becomes an offset once, at the entry point. The smallest
//! ones slice for themselves, in a way that the optimiser can see not to panic.

use crate::error::{DecodeErrorKind, Field};
use crate::options::DecodeOptions;
use mqtt_types::{BinaryData, PacketIdentifier, TextError, TextErrorKind, TopicName, Utf8String, VariableByteInteger};
use nom::IResult;

/// What is wrong, and at which byte of the input.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fault<'a> {
    pub(crate) at: &'a [u8],
    pub(crate) kind: DecodeErrorKind,
    pub(crate) field: Field,
}

impl<'a> Fault<'a> {
    pub(crate) const fn new(at: &'a [u8], kind: DecodeErrorKind, field: Field) -> Self {
        Self { at, kind, field }
    }
}

/// What a parser gives: the rest of the input and a value, or a fault. The packet type is known from the start, so there
/// never is another branch to try.
pub(crate) type Parsed<'a, T> = IResult<&'a [u8], T, Fault<'a>>;

/// What the parser of a whole body gives: the packet alone, since nothing may be left over.
pub(crate) type ParseResult<'a, T> = Result<T, nom::Err<Fault<'a>>>;

/// A fault as any parser's result.
#[cold]
pub(crate) const fn fail<T>(at: &[u8], kind: DecodeErrorKind, field: Field) -> ParseResult<'_, T> {
    Err(nom::Err::Failure(Fault::new(at, kind, field)))
}

/// The fault of a parser, at the end of parsing.
#[cold]
pub(crate) fn into_fault<'a>(input: &'a [u8], error: nom::Err<Fault<'a>>) -> Fault<'a> {
    match error {
        nom::Err::Error(fault) | nom::Err::Failure(fault) => fault,
        // Complete parsers never ask for more.
        nom::Err::Incomplete(_) => Fault::new(input, DecodeErrorKind::UnexpectedEnd, Field::Payload),
    }
}

/// Insists that nothing is left over \[section 2.1.4\]. Asked before the packet is made, so that the packet is made where
/// it is to be.
#[inline(always)]
pub(crate) fn expect_end(rest: &[u8]) -> ParseResult<'_, ()> {
    if rest.is_empty() { Ok(()) } else { fail(rest, DecodeErrorKind::TrailingBytes, Field::Payload) }
}

/// One byte.
#[inline]
pub(crate) fn byte(input: &[u8], field: Field) -> Parsed<'_, u8> {
    match input.split_first() {
        Some((value, rest)) => Ok((rest, *value)),
        None => fail(input, DecodeErrorKind::UnexpectedEnd, field),
    }
}

/// Two Byte Integer: section 1.5.2.
#[inline]
pub(crate) fn two_byte_integer(input: &[u8], field: Field) -> Parsed<'_, u16> {
    match input.split_first_chunk() {
        Some((bytes, rest)) => Ok((rest, u16::from_be_bytes(*bytes))),
        None => fail(input, DecodeErrorKind::UnexpectedEnd, field),
    }
}

/// Variable Byte Integer of 5.0, in the fewest bytes \[MQTT-1.5.5-1\].
#[inline]
pub(crate) fn variable_byte_integer<'a>(
    input: &'a [u8],
    field: Field,
    options: &DecodeOptions,
) -> Parsed<'a, VariableByteInteger> {
    match VariableByteInteger::decode(input) {
        Ok(Some(decoded)) if decoded.is_minimal() || options.allow_longer_lengths => {
            // It was decoded from so many bytes.
            Ok((input.get(decoded.len..).unwrap_or_default(), decoded.value))
        }
        Ok(Some(_)) => fail(input, DecodeErrorKind::VariableByteIntegerNotMinimal, field),
        Ok(None) => fail(input, DecodeErrorKind::UnexpectedEnd, field),
        Err(_) => fail(input, DecodeErrorKind::VariableByteIntegerTooLong, field),
    }
}

/// A two-byte length and as many bytes: what UTF-8 Encoded Strings and Binary Data have in common. If it is cut off, the
/// fault is at its first byte.
#[inline]
pub(crate) fn length_prefixed(input: &[u8], field: Field) -> Parsed<'_, &[u8]> {
    let (rest, length) = two_byte_integer(input, field)?;
    match rest.split_at_checked(usize::from(length)) {
        Some((bytes, rest)) => Ok((rest, bytes)),
        None => fail(input, DecodeErrorKind::UnexpectedEnd, field),
    }
}

/// Binary Data: section 1.5.6.
#[inline]
pub(crate) fn binary_data(input: &[u8], field: Field) -> Parsed<'_, BinaryData<&[u8]>> {
    let (rest, bytes) = length_prefixed(input, field)?;
    match BinaryData::new(bytes) {
        Ok(data) => Ok((rest, data)),
        // The length has two bytes.
        Err(_) => fail(input, DecodeErrorKind::UnexpectedEnd, field),
    }
}

/// UTF-8 Encoded String: section 1.5.4.
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

/// A Topic Name that may not be left out: the Will Topic.
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

/// Packet Identifier: section 2.2.1.
#[inline]
pub(crate) fn packet_identifier(input: &[u8]) -> Parsed<'_, PacketIdentifier> {
    let (rest, value) = two_byte_integer(input, Field::PacketIdentifier)?;
    match PacketIdentifier::new(value) {
        Some(identifier) => Ok((rest, identifier)),
        None => fail(input, DecodeErrorKind::PacketIdentifierZero, Field::PacketIdentifier),
    }
}

/// Section 1.5.4: a receiver may refuse characters that a sender should not send.
#[inline]
pub(crate) fn check_characters<'a>(text: &'a str, field: Field, options: &DecodeOptions) -> ParseResult<'a, ()> {
    if options.refuse_discouraged_characters { refuse_discouraged(text, field) } else { Ok(()) }
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

/// What is wrong with a text; `input` begins with its length. An empty topic has no byte: its length is at fault.
#[cold]
pub(crate) fn fail_text<'a, T>(input: &'a [u8], text: &'a [u8], error: TextError, field: Field) -> Parsed<'a, T> {
    let at = match error.kind() {
        TextErrorKind::EmptyTopic => input,
        _ => text.get(error.offset()..).unwrap_or_default(),
    };
    fail(at, text_kind(error.kind()), field)
}

/// The decoder's name for what is wrong with a text.
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
        // `TooLong` cannot come from the wire: the length there has two bytes.
        TextErrorKind::IllFormedUtf8 | TextErrorKind::TooLong | _ => DecodeErrorKind::IllFormedUtf8,
    }
}
