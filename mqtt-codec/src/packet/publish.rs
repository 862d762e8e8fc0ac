//! PUBLISH: section 3.3.
//!
//! ```text
//! Topic Name · [Packet Identifier] · [Properties] · payload
//! ```

use crate::error::{DecodeError, DecodeErrorKind, Field};
use crate::options::{DecodeOptions, EncodeOptions, Leniency};
use crate::wire::encode_body::{EncodeBody, Refusal};
#[cfg(feature = "bytes")]
use crate::wire::fixed_header::DecodedFixedHeader;
use crate::wire::length::Length as _;
use crate::wire::outcome::{Outcome, into_error, refuse};
use crate::wire::primitives::{
    ParseResult, Parsed, check_characters, fail, fail_text, into_fault, length_prefixed, packet_identifier,
};
use crate::wire::properties;
use crate::wire::write::{Write, length_prefix};
use mqtt_types::{
    Buffer, Delivery, Flags, Packet, PacketType, PayloadFormat, PropertyIdentifier, Publish, PublishProperties, QoS,
    Sender, TopicName,
};

/// Decodes a PUBLISH.
///
/// Kept out of line for speed on 64-bit processors. On small ones the compiler decides.
#[cfg_attr(target_pointer_width = "64", inline(never))]
pub(crate) fn decode<'a, O: Outcome<'a>>(
    frame: &'a [u8],
    header_len: usize,
    options: &DecodeOptions,
    outcome: O,
) -> Result<O::Packet, DecodeError> {
    let decoded = match (frame.first(), frame.get(header_len..)) {
        (Some(first_byte), Some(body)) => parse(body, Flags::from_first_byte(*first_byte), options),
        // Unreachable: the frame is whole. See `decode_body`.
        _ => Err(nom::Err::Incomplete(nom::Needed::Unknown)),
    };
    match decoded {
        Ok(publish) => Ok(outcome.decoded(publish)),
        Err(error) => refuse(outcome, error, *options, frame, PacketType::Publish),
    }
}

/// Decodes a complete PUBLISH that borrows from its frame.
#[cfg(feature = "bytes")]
#[inline(always)]
pub(crate) fn decode_whole<'a>(
    frame: &'a [u8],
    header: DecodedFixedHeader,
    options: &DecodeOptions,
) -> Result<Publish<&'a [u8]>, DecodeError> {
    let body = frame.get(header.len..).unwrap_or_default();
    match parse(body, header.header.flags, options) {
        Ok(publish) => Ok(publish),
        Err(error) => Err(into_error(&into_fault(body, error), *options, frame, PacketType::Publish)),
    }
}

/// Decodes the head of a PUBLISH. `body` ends where the payload begins.
#[inline(never)]
pub(crate) fn decode_head<'a>(
    frame: &'a [u8],
    body: &'a [u8],
    flags: Flags,
    options: &DecodeOptions,
) -> Result<Publish<&'a [u8]>, DecodeError> {
    parse(body, flags, options)
        .map_err(|error| into_error(&into_fault(body, error), *options, frame, PacketType::Publish))
}

#[inline(always)]
fn parse<'a>(body: &'a [u8], flags: Flags, options: &DecodeOptions) -> ParseResult<'a, Publish<&'a [u8]>> {
    let (rest, topic_name) = topic_name(body, options)?;
    let (rest, delivery) = delivery(rest, flags)?;
    let (payload, properties) = properties(rest, options)?;
    if options.checks_payload_format() {
        check_payload_format(properties.payload_format_indicator(), payload, Field::Payload)?;
    }
    let mut publish = match topic_name {
        Some(topic_name) => Publish::with_properties(topic_name, properties, payload),
        None => match Publish::with_alias_only(properties, payload) {
            Ok(publish) => publish,
            Err(_) => return fail(body, DecodeErrorKind::TopicAliasMissing, Field::TopicName), // section 3.3.2.1
        },
    };
    publish.delivery = delivery;
    publish.retain = flags.retain();
    Ok(publish)
}

#[inline(always)]
fn properties<'a>(input: &'a [u8], options: &DecodeOptions) -> Parsed<'a, PublishProperties<&'a [u8]>> {
    if options.version.is_v3() {
        return Ok((input, PublishProperties::default()));
    }
    // A short cut: most messages have no properties.
    if let [0, rest @ ..] = input {
        return Ok((rest, PublishProperties::default()));
    }
    let (rest, properties) = properties::decode_with_placeholders(
        input,
        options,
        PublishProperties::new,
        PublishProperties::new_skipping_placeholders,
        |set| set.iter(),
    )?;
    check_properties(input, &properties, options)?;
    Ok((rest, properties))
}

/// Parses the Topic Name. Returns `None` if it is empty, which 5.0 allows together with a Topic Alias.
#[inline(always)]
fn topic_name<'a>(input: &'a [u8], options: &DecodeOptions) -> Parsed<'a, Option<TopicName<&'a [u8]>>> {
    let (rest, bytes) = length_prefixed(input, Field::TopicName)?;
    match TopicName::new(bytes) {
        Ok(name) => {
            check_characters(name.as_str(), Field::TopicName, options)?;
            Ok((rest, Some(name)))
        }
        Err(_) if bytes.is_empty() && !options.version.is_v3() => Ok((rest, None)),
        Err(error) => fail_text(input, bytes, error, Field::TopicName),
    }
}

#[inline(always)]
fn delivery(input: &[u8], flags: Flags) -> Parsed<'_, Delivery> {
    let qos = match flags.qos() {
        // QoS 3 has been refused in the fixed header.
        Some(QoS::AtMostOnce) | None => return Ok((input, Delivery::AtMostOnce)),
        Some(qos) => qos,
    };
    let (rest, packet_identifier) = packet_identifier(input)?;
    let dup = flags.dup();
    let delivery = match qos {
        QoS::ExactlyOnce => Delivery::ExactlyOnce { packet_identifier, dup },
        QoS::AtLeastOnce | QoS::AtMostOnce => Delivery::AtLeastOnce { packet_identifier, dup },
    };
    Ok((rest, delivery))
}

/// Checks that a client sends no Subscription Identifier \[MQTT-3.3.4-6\].
#[inline]
fn check_properties<'a>(
    input: &'a [u8],
    properties: &PublishProperties<&'a [u8]>,
    options: &DecodeOptions,
) -> ParseResult<'a, ()> {
    let identifier = PropertyIdentifier::SubscriptionIdentifier;
    let is_forbidden = options.sender == Sender::Client && !options.allows(Leniency::SubscriptionIdentifierFromClient);
    if is_forbidden && properties.contains(identifier) {
        let at = properties::find_property(properties.as_bytes(), properties.iter(), identifier).unwrap_or(input);
        let kind = DecodeErrorKind::PropertyFromWrongSender(Sender::Client);
        return fail(at, kind, Field::Property(identifier));
    }
    Ok(())
}

/// Checks that a payload is UTF-8 if the Payload Format Indicator declares it (section 3.3.2.3.2).
///
/// U+0000 is allowed, because the payload is not a UTF-8 Encoded String of MQTT.
pub(crate) fn check_payload_format(
    indicator: Option<PayloadFormat>,
    payload: &[u8],
    field: Field,
) -> ParseResult<'_, ()> {
    match (indicator, core::str::from_utf8(payload)) {
        (Some(PayloadFormat::Utf8), Err(error)) => {
            let at = payload.get(error.valid_up_to()..).unwrap_or_default();
            fail(at, DecodeErrorKind::PayloadNotUtf8, field)
        }
        _ => Ok(()),
    }
}

impl<B: Buffer> EncodeBody for Publish<B> {
    const PACKET_TYPE: PacketType = PacketType::Publish;

    #[inline]
    fn has_placeholders(&self) -> bool {
        self.properties().has_placeholders()
    }

    fn as_packet(&self) -> Packet<&[u8]> {
        self.as_borrowed().into()
    }

    #[inline]
    fn flags(&self) -> Flags {
        Flags::publish(self.delivery.dup(), self.delivery.qos(), self.retain)
    }

    #[inline]
    fn body_len(&self, options: &EncodeOptions) -> Result<usize, Refusal> {
        let properties = self.properties();
        let mut len = self.topic().len().plus(2).plus(self.payload.as_ref().len());
        if self.delivery.packet_identifier().is_some() {
            len = len.plus(2);
        }
        if !options.version.is_v3() {
            let identifier = PropertyIdentifier::SubscriptionIdentifier;
            if options.sender == Sender::Client && properties.contains(identifier) {
                return Err(Refusal::NotFromSender(Field::Property(identifier)));
            }
            return Ok(len.plus(properties::encoded_len(properties.as_bytes())));
        }
        if self.topic_name().is_none() {
            return Err(Refusal::NotInVersion(Field::TopicName));
        }
        if !properties.is_empty() {
            return Err(Refusal::NotInVersion(Field::Properties));
        }
        Ok(len)
    }

    /// Returns the length of the Topic Name.
    #[inline(always)]
    fn first_bytes(&self, _: &EncodeOptions) -> Option<[u8; 2]> {
        Some(length_prefix(self.topic().as_bytes()))
    }

    #[inline]
    fn write_body<'p>(&'p self, options: &EncodeOptions, output: &mut impl Write<'p>) {
        write_head(self, options, output);
        output.put_short_part(self.payload.as_ref());
    }
}

/// Writes everything between the length of the Topic Name and the payload.
#[inline]
pub(crate) fn write_head<'p, B: Buffer>(publish: &'p Publish<B>, options: &EncodeOptions, output: &mut impl Write<'p>) {
    output.put_short_part(publish.topic().as_bytes());
    let packet_identifier = publish.delivery.packet_identifier();
    if !options.version.is_v3() {
        output.put_properties(packet_identifier, publish.properties().iter());
    } else if let Some(packet_identifier) = packet_identifier {
        output.put_two_byte_integer(packet_identifier.get());
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{Vector, refuses};
    use crate::{DecodeErrorKind as Kind, DecodeOptions};
    use mqtt_types::ProtocolVersion::{V3_1, V3_1_1, V5};
    use mqtt_types::{Delivery, PacketIdentifier, Publish, PublishProperties, Sender, TopicName};

    #[test]
    fn vectors() {
        let ten = PacketIdentifier::new(10).unwrap();
        let properties = PublishProperties::new(&[0x01, 1, 0x0B, 5, 0x26, 0, 1, b'k', 0, 0, 0x0B, 0x80, 1]).unwrap();
        let mut again = Publish::with_properties(TopicName::from_static("a/b"), properties, b"hi");
        again.delivery = Delivery::exactly_once(ten).duplicate();
        again.retain = true;
        let mut once = Publish::new(TopicName::from_static("a/b"), b"hi");
        once.delivery = Delivery::at_least_once(ten);
        let alias = PublishProperties::new(&[0x23, 0, 1]).unwrap();
        for vector in [
            Vector {
                version: V5,
                bytes: &[
                    &[0x30],
                    &[0, 1, b'a'], // Topic Name
                    &[0],          // Property Length
                ],
                packet: Publish::new(TopicName::from_static("a"), b"").into(),
            },
            Vector {
                version: V5,
                bytes: &[
                    &[0x3D], // DUP, QoS 2, RETAIN
                    &[0, 3, b'a', b'/', b'b'],
                    &[0, 10], // Packet Identifier
                    &[13],
                    &[0x01, 1],                // Payload Format Indicator
                    &[0x0B, 5],                // Subscription Identifier
                    &[0x26, 0, 1, b'k', 0, 0], // User Property
                    &[0x0B, 0x80, 1],          // Subscription Identifier
                    b"hi",                     // payload
                ],
                packet: again.into(),
            },
            Vector {
                version: V5,
                bytes: &[&[0x30], &[0, 0], &[3], &[0x23, 0, 1]],
                packet: Publish::with_alias_only(alias, b"").unwrap().into(),
            },
            Vector {
                version: V3_1_1,
                bytes: &[&[0x32], &[0, 3, b'a', b'/', b'b'], &[0, 10], b"hi"],
                packet: once.into(),
            },
            Vector {
                version: V3_1,
                bytes: &[&[0x30], &[0, 1, b'a']],
                packet: Publish::new(TopicName::from_static("a"), b"").into(),
            },
        ] {
            vector.check();
        }
    }

    #[test]
    fn refuses_each_fault_at_its_byte() {
        for (version, bytes, kind, offset) in [
            (V5, &[&[0x36][..], &[0, 1, b'a', 0, 1, 0]][..], Kind::InvalidQoS, 0),
            (V5, &[&[0x38], &[0, 1, b'a', 0]], Kind::DupAtQoS0, 0),
            (V5, &[&[0x30], &[0, 5, b'a', 0]], Kind::UnexpectedEnd, 2),
            (V5, &[&[0x30], &[0, 3, b'a', 0xC0, 0x80, 0]], Kind::IllFormedUtf8, 5),
            (V5, &[&[0x30], &[0, 3, b'a', b'/', b'+', 0]], Kind::WildcardInTopicName, 6),
            (V5, &[&[0x32], &[0, 1, b'a', 0, 0, 0]], Kind::PacketIdentifierZero, 5),
            (V5, &[&[0x32], &[0, 1, b'a', 0]], Kind::UnexpectedEnd, 5),
            (V5, &[&[0x30], &[0, 1, b'a']], Kind::UnexpectedEnd, 5),
            (V5, &[&[0x30], &[0, 1, b'a', 2, 1]], Kind::UnexpectedEnd, 5),
            (V5, &[&[0x30], &[0, 1, b'a', 2, 0x01, 2]], Kind::InvalidPropertyValue, 7),
            (V5, &[&[0x30], &[0, 0, 0]], Kind::TopicAliasMissing, 2),
            (V5, &[&[0x30], &[0, 0, 3, 0x23, 0, 0]], Kind::TopicAliasZero, 6),
            (V3_1_1, &[&[0x30], &[0, 0]], Kind::EmptyTopic, 2),
        ] {
            refuses(version, bytes, kind, offset);
        }
    }

    #[test]
    fn options_decide_about_dup_sender_and_payload_format() {
        let options = DecodeOptions::new(V5);
        let dup = [0x38, 4, 0, 1, b'a', 0];
        let (packet, _) = crate::decode(&dup, options.allow_dup_at_qos_0(true)).unwrap().complete().unwrap();
        assert_eq!(packet, Publish::new(TopicName::from_static("a"), b"").into());
        let identified: &[&[u8]] = &[&[0x30], &[0, 1, b'a', 4, 0x01, 0, 0x0B, 5]];
        let kind = Kind::PropertyFromWrongSender(Sender::Client);
        refuses(options.with_sender(Sender::Client), identified, kind, 8);
        assert!(crate::decode(&crate::testing::frame(identified), options.with_sender(Sender::Server)).is_ok());
        let not_utf8: &[&[u8]] = &[&[0x30], &[0, 1, b'a', 2, 0x01, 1, b'a', 0xFF]];
        assert!(crate::decode(&crate::testing::frame(not_utf8), options).is_ok());
        refuses(options.check_payload_format(true), not_utf8, Kind::PayloadNotUtf8, 9);
    }
}
