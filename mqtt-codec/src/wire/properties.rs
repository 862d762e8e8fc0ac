//! Properties of 5.0 with their Property Length: section 2.2.2.

use crate::error::{DecodeErrorKind, Field};
use crate::options::{DecodeOptions, Leniency};
use crate::wire::encode_body::Refusal;
use crate::wire::length::Length as _;
use crate::wire::primitives::{Fault, ParseResult, Parsed, check_characters, fail, text_kind, variable_byte_integer};
use crate::wire::write::Write;
use mqtt_types::{Property, PropertyError, PropertyErrorKind, PropertyIter, ProtocolVersion, VariableByteInteger};

/// Decodes a Property Length and the properties after it, which `new` checks. `field` is [`Field::Properties`] or
/// [`Field::WillProperties`].
#[inline(always)]
pub(crate) fn decode<'a, P: Copy>(
    input: &'a [u8],
    field: Field,
    options: &DecodeOptions,
    new: impl FnOnce(&'a [u8]) -> Result<P, PropertyError>,
    iter: impl FnOnce(P) -> PropertyIter<'a>,
) -> Parsed<'a, P> {
    decode_or(input, field, options, new, iter, |bytes, _, error| fail_property(bytes, error, field))
}

/// Decodes what [`decode`] does, for a set that may have placeholders.
#[inline(always)]
pub(crate) fn decode_with_placeholders<'a, P: Copy>(
    input: &'a [u8],
    options: &DecodeOptions,
    new: impl FnOnce(&'a [u8]) -> Result<P, PropertyError>,
    new_skipping_placeholders: impl FnOnce(&'a [u8]) -> Result<P, PropertyError>,
    iter: impl Fn(P) -> PropertyIter<'a>,
) -> Parsed<'a, P> {
    // The option is tested here, so that a program whose options are constant leaves the rest out.
    decode_or(input, Field::Properties, options, new, &iter, |bytes, rest, error| {
        if options.allows(Leniency::PlaceholderValues) {
            skip_placeholders(bytes, rest, options, new_skipping_placeholders, &iter)
        } else {
            fail_property(bytes, error, Field::Properties)
        }
    })
}

/// Decodes properties. `or` returns the result for bytes that `new` refused, and gets the bytes after them too.
#[inline(always)]
fn decode_or<'a, P: Copy>(
    input: &'a [u8],
    field: Field,
    options: &DecodeOptions,
    new: impl FnOnce(&'a [u8]) -> Result<P, PropertyError>,
    iter: impl FnOnce(P) -> PropertyIter<'a>,
    or: impl FnOnce(&'a [u8], &'a [u8], PropertyError) -> Parsed<'a, P>,
) -> Parsed<'a, P> {
    let (rest, bytes) = property_bytes(input, field, options)?;
    match new(bytes) {
        Ok(properties) => {
            if options.refuses_discouraged_characters() {
                check_all_characters(iter(properties), options)?;
            }
            Ok((rest, properties))
        }
        Err(error) => or(bytes, rest, error),
    }
}

/// Decodes properties that broke a rule again, with placeholders taken as absent.
#[cold]
#[inline(never)]
fn skip_placeholders<'a, P: Copy>(
    bytes: &'a [u8],
    rest: &'a [u8],
    options: &DecodeOptions,
    new_skipping_placeholders: impl FnOnce(&'a [u8]) -> Result<P, PropertyError>,
    iter: impl FnOnce(P) -> PropertyIter<'a>,
) -> Parsed<'a, P> {
    match new_skipping_placeholders(bytes) {
        Ok(properties) => {
            if options.refuses_discouraged_characters() {
                check_all_characters(iter(properties), options)?;
            }
            Ok((rest, properties))
        }
        Err(error) => fail_property(bytes, error, Field::Properties),
    }
}

/// Decodes properties in 5.0. In 3.x, which has none, consumes nothing.
#[inline(always)]
pub(crate) fn decode_in_version<'a, P: Copy + Default>(
    input: &'a [u8],
    field: Field,
    options: &DecodeOptions,
    new: impl FnOnce(&'a [u8]) -> Result<P, PropertyError>,
    iter: impl FnOnce(P) -> PropertyIter<'a>,
) -> Parsed<'a, P> {
    if options.version.is_v3() { Ok((input, P::default())) } else { decode(input, field, options, new, iter) }
}

/// Parses a Property Length and as many bytes.
///
/// On small processors all packets share one copy of this function, to save flash.
#[cfg_attr(target_pointer_width = "64", inline(always))]
fn property_bytes<'a>(input: &'a [u8], field: Field, options: &DecodeOptions) -> Parsed<'a, &'a [u8]> {
    let length_field =
        if matches!(field, Field::WillProperties) { Field::WillPropertyLength } else { Field::PropertyLength };
    let (rest, length) = match input {
        // The usual case, which needs no slice of a computed length.
        [length @ 0..=0x7F, rest @ ..] => (rest, usize::from(*length)),
        _ => {
            let (rest, length) = variable_byte_integer(input, length_field, options)?;
            (rest, length.to_usize())
        }
    };
    match rest.split_at_checked(length) {
        Some((bytes, rest)) => Ok((rest, bytes)),
        None => fail(input, DecodeErrorKind::UnexpectedEnd, field),
    }
}

#[cold]
fn check_all_characters<'a>(properties: PropertyIter<'a>, options: &DecodeOptions) -> ParseResult<'a, ()> {
    for property in properties {
        let field = Field::Property(property.identifier());
        for text in texts(&property).into_iter().flatten() {
            check_characters(text, field, options)?;
        }
    }
    Ok(())
}

/// Returns the strings of a property: two of a User Property, one or none of the others.
pub(crate) fn texts<'a>(property: &Property<'a>) -> [Option<&'a str>; 2] {
    match property {
        Property::ContentType(text)
        | Property::AssignedClientIdentifier(text)
        | Property::AuthenticationMethod(text)
        | Property::ResponseInformation(text)
        | Property::ServerReference(text)
        | Property::ReasonString(text) => [Some(text.as_str()), None],
        Property::ResponseTopic(name) => [Some(name.as_str()), None],
        Property::UserProperty(pair) => [Some(pair.name.as_str()), Some(pair.value.as_str())],
        _ => [None, None],
    }
}

#[cold]
fn fail_property<'a, T>(bytes: &'a [u8], error: PropertyError, field: Field) -> Parsed<'a, T> {
    Err(nom::Err::Failure(property_fault(bytes, error, field)))
}

/// Returns the fault of properties. On small processors all sets share one copy of this function, to save flash.
#[cfg_attr(target_pointer_width = "64", inline)]
#[cfg_attr(not(target_pointer_width = "64"), inline(never))]
fn property_fault(bytes: &[u8], error: PropertyError, field: Field) -> Fault<'_> {
    let at = bytes.get(error.offset()..).unwrap_or_default();
    let (kind, field) = kind_and_field(error, at, field);
    Fault::new(at, kind, field)
}

/// Converts the kind of an invalid property, and returns the field that it concerns.
#[inline]
fn kind_and_field(error: PropertyError, at: &[u8], properties: Field) -> (DecodeErrorKind, Field) {
    use PropertyErrorKind as Kind;
    let kind = match error.kind() {
        Kind::UnknownIdentifier => DecodeErrorKind::UnknownProperty(at.first().copied().unwrap_or_default()),
        Kind::NotAllowed => DecodeErrorKind::PropertyNotAllowed,
        Kind::Duplicate => DecodeErrorKind::DuplicateProperty,
        Kind::InvalidValue => DecodeErrorKind::InvalidPropertyValue,
        Kind::TopicAliasZero => DecodeErrorKind::TopicAliasZero,
        Kind::Text(kind) => text_kind(kind),
        Kind::VariableByteIntegerTooLong => DecodeErrorKind::VariableByteIntegerTooLong,
        Kind::VariableByteIntegerNotMinimal => DecodeErrorKind::VariableByteIntegerNotMinimal,
        Kind::AuthenticationDataWithoutMethod => DecodeErrorKind::AuthenticationDataWithoutMethod,
        Kind::AuthenticationMethodMissing => DecodeErrorKind::AuthenticationMethodMissing,
        Kind::Truncated | _ => DecodeErrorKind::UnexpectedEnd,
    };
    let field = match (error.property(), error.kind()) {
        (Some(property), _) => Field::Property(property),
        (None, Kind::UnknownIdentifier) => Field::PropertyIdentifier,
        (None, _) => properties,
    };
    (kind, field)
}

/// Returns the encoded length of properties, Property Length included.
#[inline]
pub(crate) fn encoded_len(properties: &[u8]) -> usize {
    if properties.len() <= 0x7F {
        return properties.len().plus(1); // the usual case
    }
    match VariableByteInteger::try_from(properties.len()) {
        Ok(length) => length.encoded_len().plus(properties.len()),
        Err(_) => properties.len(), // the caller refuses the packet as too large
    }
}

/// Returns an error if there are properties and the version is 3.x, which has none.
#[inline(always)]
pub(crate) fn check_version(properties: &[u8], field: Field, version: ProtocolVersion) -> Result<(), Refusal> {
    if version.is_v3() && !properties.is_empty() { Err(Refusal::NotInVersion(field)) } else { Ok(()) }
}

/// Returns the encoded length of properties in this version, Property Length included. It is 0 in 3.x.
#[inline(always)]
pub(crate) fn encoded_len_in_version(properties: &[u8], version: ProtocolVersion) -> usize {
    if version.is_v3() { 0 } else { encoded_len(properties) }
}

/// Writes a Property Length and the properties in 5.0. Writes nothing in 3.x.
#[inline(always)]
pub(crate) fn write_in_version<'p>(properties: &'p [u8], version: ProtocolVersion, output: &mut impl Write<'p>) {
    if !version.is_v3() {
        write(properties, output);
    }
}

/// Writes a Property Length and the properties.
#[inline]
pub(crate) fn write<'p>(properties: &'p [u8], output: &mut impl Write<'p>) {
    output.put_length(properties.len());
    if !properties.is_empty() {
        output.put_part(properties);
    }
}

/// Returns the bytes of a set from the first property with this identifier on.
#[cold]
pub(crate) fn find_property<'a>(
    bytes: &'a [u8],
    mut properties: PropertyIter<'a>,
    identifier: mqtt_types::PropertyIdentifier,
) -> Option<&'a [u8]> {
    loop {
        let (property, own) = properties.next_with_bytes()?;
        if property.identifier() == identifier {
            let len = properties.as_bytes().len().saturating_add(own.len());
            return bytes.get(bytes.len().saturating_sub(len)..);
        }
    }
}
