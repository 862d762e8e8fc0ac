//! The parsers that all messages are made of: from a slice to the rest of it and a value, or a fault.
//!
//! Every slice reaches to the end of the datagram. So a fault is told by how many octets are left from it on, and
//! becomes an offset once, at the entry point.

use super::{DecodeErrorKind, DecodeOptions, Field};
use mqtt_types::sn::{ClientId, InvalidClientId, ShortTopicName, TopicId};
use mqtt_types::{PacketIdentifier, TextError, TextErrorKind, TopicFilter, TopicName};

/// What is wrong, and how many octets of the datagram are left from there on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fault {
    pub(super) left: usize,
    pub(super) kind: DecodeErrorKind,
    pub(super) field: Field,
}

/// What a parser gives: the rest of the input and a value.
pub(super) type Parsed<'a, T> = Result<(&'a [u8], T), Fault>;

/// A fault at the first octet of `at`.
#[cold]
pub(super) const fn fail<T>(at: &[u8], kind: DecodeErrorKind, field: Field) -> Result<T, Fault> {
    Err(Fault { left: at.len(), kind, field })
}

/// Insists that nothing is left over.
#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) const fn end(rest: &[u8], field: Field) -> Result<(), Fault> {
    if rest.is_empty() { Ok(()) } else { fail(rest, DecodeErrorKind::TrailingBytes, field) }
}

/// One octet.
#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) const fn octet(input: &[u8], field: Field) -> Parsed<'_, u8> {
    match input.split_first() {
        Some((value, rest)) => Ok((rest, *value)),
        None => fail(input, DecodeErrorKind::UnexpectedEnd, field),
    }
}

/// Two octets.
#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) const fn two_octets(input: &[u8], field: Field) -> Parsed<'_, [u8; 2]> {
    match input.split_first_chunk() {
        Some((octets, rest)) => Ok((rest, *octets)),
        None => fail(input, DecodeErrorKind::UnexpectedEnd, field),
    }
}

/// A number of two octets.
#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) const fn number(input: &[u8], field: Field) -> Parsed<'_, u16> {
    match input.split_first_chunk() {
        Some((octets, rest)) => Ok((rest, u16::from_be_bytes(*octets))),
        None => fail(input, DecodeErrorKind::UnexpectedEnd, field),
    }
}

/// The `MsgId` of a request: not 0.
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

/// The topic id of a request: not 0xFFFF.
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

/// A short topic name.
#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) fn short_topic_name(input: &[u8]) -> Parsed<'_, ShortTopicName> {
    let (rest, octets) = two_octets(input, Field::TopicId)?;
    match ShortTopicName::new(octets) {
        Ok(name) => Ok((rest, name)),
        Err(error) => fail_text(input, error, Field::TopicId),
    }
}

/// A topic name to the end of the message.
#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) fn topic_name(input: &[u8], field: Field) -> Result<TopicName<&[u8]>, Fault> {
    match TopicName::new(input) {
        Ok(name) => Ok(name),
        Err(error) => fail_text(input, error, field),
    }
}

/// A topic filter to the end of the message, by the rules of MQTT 3.1: `$share/` is text like any other.
#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) fn topic_filter(input: &[u8]) -> Result<TopicFilter<&[u8]>, Fault> {
    match TopicFilter::new_ordinary(input) {
        Ok(filter) => Ok(filter),
        Err(error) => fail_text(input, error, Field::TopicFilter),
    }
}

/// A client identifier to the end of the message.
#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) fn client_id<'a>(input: &'a [u8], options: &DecodeOptions) -> Result<ClientId<&'a [u8]>, Fault> {
    match ClientId::new_of_any_length(input) {
        Ok(client_id) if client_id.has_legal_length() => Ok(client_id),
        Ok(client_id) if input.is_empty() => {
            if options.allow_empty_client_id {
                Ok(client_id)
            } else {
                fail(input, DecodeErrorKind::EmptyClientId, Field::ClientId)
            }
        }
        Ok(client_id) if options.allow_long_client_id => Ok(client_id),
        Err(InvalidClientId::Text(error)) => fail_text(input, error, Field::ClientId),
        Ok(_) | Err(_) => fail(input, DecodeErrorKind::ClientIdTooLong, Field::ClientId),
    }
}

/// What is wrong with the text at the start of `input`.
#[cold]
pub(super) const fn fail_text<T>(input: &[u8], error: TextError, field: Field) -> Result<T, Fault> {
    let kind = match error.kind() {
        TextErrorKind::NulCharacter => DecodeErrorKind::NulCharacter,
        TextErrorKind::EmptyTopic => DecodeErrorKind::EmptyTopic,
        TextErrorKind::WildcardInTopicName => DecodeErrorKind::WildcardInTopicName,
        TextErrorKind::MisplacedMultiLevelWildcard => DecodeErrorKind::MisplacedMultiLevelWildcard,
        TextErrorKind::MisplacedSingleLevelWildcard => DecodeErrorKind::MisplacedSingleLevelWildcard,
        // The others cannot come from here: a message is at most 65,535 octets long, and `$share/` has no meaning.
        _ => DecodeErrorKind::IllFormedUtf8,
    };
    Err(Fault { left: input.len().saturating_sub(error.offset()), kind, field })
}
