//! The parsers for the primitive values of messages. A parser takes a slice, and returns the rest and a value, or a
//! fault.
//!
//! Every slice ends with the datagram. A fault therefore contains the number of octets from its position to the end.
//! The entry point converts this number into an offset.

use super::{DecodeErrorKind, DecodeOptions, Field, Leniency};
use mqtt_types::sn::{ClientId, InvalidClientId, ShortTopicName, TopicId};
use mqtt_types::{PacketIdentifier, TextError, TextErrorKind, TopicFilter, TopicName};

/// The error of a parser: the kind of fault, and the number of octets from its position to the end of the datagram.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fault {
    pub(super) left: usize,
    pub(super) kind: DecodeErrorKind,
    pub(super) field: Field,
}

/// The result of a parser: the rest of the input and a value, or a fault.
pub(super) type Parsed<'a, T> = Result<(&'a [u8], T), Fault>;

/// Returns a fault at the first octet of `at`.
#[cold]
pub(super) const fn fail<T>(at: &[u8], kind: DecodeErrorKind, field: Field) -> Result<T, Fault> {
    Err(Fault { left: at.len(), kind, field })
}

/// Checks that no input is left.
#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) const fn end(rest: &[u8], field: Field) -> Result<(), Fault> {
    if rest.is_empty() { Ok(()) } else { fail(rest, DecodeErrorKind::TrailingBytes, field) }
}

/// Parses one octet.
#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) const fn octet(input: &[u8], field: Field) -> Parsed<'_, u8> {
    match input.split_first() {
        Some((value, rest)) => Ok((rest, *value)),
        None => fail(input, DecodeErrorKind::UnexpectedEnd, field),
    }
}

/// Parses two octets.
#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) const fn two_octets(input: &[u8], field: Field) -> Parsed<'_, [u8; 2]> {
    match input.split_first_chunk() {
        Some((octets, rest)) => Ok((rest, *octets)),
        None => fail(input, DecodeErrorKind::UnexpectedEnd, field),
    }
}

/// Parses a two-octet number.
#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) const fn number(input: &[u8], field: Field) -> Parsed<'_, u16> {
    match input.split_first_chunk() {
        Some((octets, rest)) => Ok((rest, u16::from_be_bytes(*octets))),
        None => fail(input, DecodeErrorKind::UnexpectedEnd, field),
    }
}

/// Parses the `MsgId` of a request, which is not 0.
#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) const fn message_id(input: &[u8]) -> Parsed<'_, PacketIdentifier> {
    match number(input, Field::MsgId) {
        Ok((rest, value)) => match PacketIdentifier::new(value) {
            Some(message_id) => Ok((rest, message_id)),
            None => fail(input, DecodeErrorKind::MessageIdZero, Field::MsgId),
        },
        Err(fault) => Err(fault),
    }
}

/// Parses the topic id of a request, which is not 0xFFFF.
#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) const fn topic_id(input: &[u8]) -> Parsed<'_, TopicId> {
    match number(input, Field::TopicId) {
        Ok((rest, value)) => match TopicId::new(value) {
            Some(topic_id) => Ok((rest, topic_id)),
            None => fail(input, DecodeErrorKind::ReservedTopicId, Field::TopicId),
        },
        Err(fault) => Err(fault),
    }
}

/// Parses a short topic name.
#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) fn short_topic_name(input: &[u8]) -> Parsed<'_, ShortTopicName> {
    let (rest, octets) = two_octets(input, Field::TopicId)?;
    match ShortTopicName::new(octets) {
        Ok(name) => Ok((rest, name)),
        Err(error) => fail_text(input, error, Field::TopicId),
    }
}

/// Parses a topic name that ends with the message.
#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) fn topic_name(input: &[u8], field: Field) -> Result<TopicName<&[u8]>, Fault> {
    match TopicName::new(input) {
        Ok(name) => Ok(name),
        Err(error) => fail_text(input, error, field),
    }
}

/// Parses a topic filter that ends with the message, by the rules of MQTT 3.1, where `$share/` has no special meaning.
#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) fn topic_filter(input: &[u8]) -> Result<TopicFilter<&[u8]>, Fault> {
    match TopicFilter::new_ordinary(input) {
        Ok(filter) => Ok(filter),
        Err(error) => fail_text(input, error, Field::TopicFilter),
    }
}

/// Parses a client identifier that ends with the message.
#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) fn client_id<'a>(input: &'a [u8], options: &DecodeOptions) -> Result<ClientId<&'a [u8]>, Fault> {
    match ClientId::new_of_any_length(input) {
        Ok(client_id) if client_id.has_legal_length() => Ok(client_id),
        Ok(client_id) if input.is_empty() => {
            if options.allows(Leniency::EmptyClientId) {
                Ok(client_id)
            } else {
                fail(input, DecodeErrorKind::EmptyClientId, Field::ClientId)
            }
        }
        Ok(client_id) if options.allows(Leniency::LongClientId) => Ok(client_id),
        Err(InvalidClientId::Text(error)) => fail_text(input, error, Field::ClientId),
        Ok(_) | Err(_) => fail(input, DecodeErrorKind::ClientIdTooLong, Field::ClientId),
    }
}

/// Returns the fault of the text at the start of `input`.
#[cold]
pub(super) const fn fail_text<T>(input: &[u8], error: TextError, field: Field) -> Result<T, Fault> {
    let kind = match error.kind() {
        TextErrorKind::NulCharacter => DecodeErrorKind::NulCharacter,
        TextErrorKind::EmptyTopic => DecodeErrorKind::EmptyTopic,
        TextErrorKind::WildcardInTopicName => DecodeErrorKind::WildcardInTopicName,
        TextErrorKind::MisplacedMultiLevelWildcard => DecodeErrorKind::MisplacedMultiLevelWildcard,
        TextErrorKind::MisplacedSingleLevelWildcard => DecodeErrorKind::MisplacedSingleLevelWildcard,
        // The other kinds are impossible here: a message has at most 65,535 octets, and `$share/` has no special
        // meaning.
        _ => DecodeErrorKind::IllFormedUtf8,
    };
    Err(Fault { left: input.len().saturating_sub(error.offset()), kind, field })
}
