//! SUBSCRIBE: section 3.8.
//!
//! ```text
//! Packet Identifier · [Properties] · one or more of: Topic Filter · Subscription Options
//! ```

use crate::error::Field;
use crate::options::{DecodeOptions, EncodeOptions, Leniency};
use crate::packet::list::{fail_filters, refuse_filters};
use crate::wire::encode_body::{EncodeBody, Refusal};
use crate::wire::length::Length as _;
use crate::wire::primitives::{ParseResult, check_characters, packet_identifier};
use crate::wire::properties;
use crate::wire::write::Write;
use mqtt_types::{
    Buffer, ListError, Packet, PacketType, ProtocolVersion, Subscribe, SubscribeProperties, Subscriptions,
};

#[inline(always)]
pub(crate) fn decode<'a>(body: &'a [u8], options: &DecodeOptions) -> ParseResult<'a, Subscribe<&'a [u8]>> {
    let (rest, packet_identifier) = packet_identifier(body)?;
    let is_allowed = options.allows(Leniency::RequestsWithoutPropertyLength);
    let (payload, properties) = if options.version.is_v3() || is_allowed && lacks_property_length(body, options) {
        (rest, SubscribeProperties::default())
    } else {
        properties::decode_with_placeholders(
            rest,
            options,
            SubscribeProperties::new,
            SubscribeProperties::new_skipping_placeholders,
            |set| set.iter(),
        )?
    };
    let subscriptions = match list(payload, options.version, options) {
        Ok(subscriptions) => subscriptions,
        Err(error) => masked_list(payload, error, options)?,
    };
    if options.refuses_discouraged_characters() {
        for subscription in subscriptions.iter() {
            check_characters(subscription.topic_filter.as_str(), Field::TopicFilter, options)?;
        }
    }
    Ok(Subscribe { packet_identifier, properties, subscriptions })
}

/// Returns `true` if a packet of 5.0 is legal in the format of 3.1.1 only.
#[cold]
#[inline(never)]
fn lacks_property_length(body: &[u8], options: &DecodeOptions) -> bool {
    let payload = body.get(2..).unwrap_or_default();
    // Almost every packet of 5.0 fails here, at its first filter.
    Subscriptions::new(payload, options.version).is_ok_and(|list| list.exists_in(ProtocolVersion::V3_1_1))
        && decode(body, &options.allow_requests_without_property_length(false)).is_err()
}

#[inline(always)]
fn list<'a>(
    payload: &'a [u8],
    version: ProtocolVersion,
    options: &DecodeOptions,
) -> Result<Subscriptions<&'a [u8]>, ListError> {
    if options.allows(Leniency::InvalidTopicFilters) {
        Subscriptions::new_allowing_invalid_filters(payload, version)
    } else {
        Subscriptions::new(payload, version)
    }
}

/// Reads a list that broke a rule again, without the bits beside the requested QoS in 3.1.1 if the options allow it.
///
/// 3.1 ignores these bits, and has the same rules as 3.1.1 for everything else.
#[cold]
#[inline(never)]
fn masked_list<'a>(
    payload: &'a [u8],
    error: ListError,
    options: &DecodeOptions,
) -> ParseResult<'a, Subscriptions<&'a [u8]>> {
    if options.version == ProtocolVersion::V3_1_1 && options.allows(Leniency::ReservedSubscriptionBits) {
        return list(payload, ProtocolVersion::V3_1, options).or_else(|error| fail_filters(payload, error));
    }
    fail_filters(payload, error)
}

impl<B: Buffer> EncodeBody for Subscribe<B> {
    const PACKET_TYPE: PacketType = PacketType::Subscribe;

    #[inline]
    fn has_placeholders(&self) -> bool {
        self.properties.has_placeholders()
    }

    fn as_packet(&self) -> Packet<&[u8]> {
        self.as_borrowed().into()
    }

    #[inline]
    fn body_len(&self, options: &EncodeOptions) -> Result<usize, Refusal> {
        let properties_len = if !options.version.is_v3() {
            properties::encoded_len(self.properties.as_bytes())
        } else if self.properties.is_empty() {
            0
        } else {
            return Err(Refusal::NotInVersion(Field::Properties));
        };
        if !self.subscriptions.exists_in(options.version) {
            // The only filters that 5.0 forbids and 3.x allows are `$share/…` without a share name or a filter.
            let field = if options.version.is_v3() { Field::SubscriptionOptions } else { Field::TopicFilter };
            return Err(refuse_filters(self.subscriptions.has_invalid_filter(), field));
        }
        Ok(self.subscriptions.as_bytes().len().plus(2).plus(properties_len))
    }

    #[inline(always)]
    fn first_bytes(&self, _: &EncodeOptions) -> Option<[u8; 2]> {
        Some(self.packet_identifier.get().to_be_bytes())
    }

    #[inline]
    fn write_body<'p>(&'p self, options: &EncodeOptions, output: &mut impl Write<'p>) {
        if !options.version.is_v3() {
            output.put_properties(None, self.properties.iter());
        }
        if self.subscriptions.masks_options() {
            // The list comes from a packet of 3.1 in which unused bits are set. They are written as 0.
            for subscription in self.subscriptions.iter() {
                output.put_prefixed(subscription.topic_filter.as_bytes());
                output.put_byte(subscription.options.to_byte());
            }
        } else {
            output.put_part(self.subscriptions.as_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::DecodeErrorKind as Kind;
    use crate::testing::{Vector, encodes_canonically, refuses};
    use mqtt_types::ProtocolVersion::{V3_1, V3_1_1, V5};
    use mqtt_types::{PacketIdentifier, Subscribe, SubscribeProperties, Subscriptions};

    #[test]
    fn vectors() {
        let ten = PacketIdentifier::new(10).unwrap();
        let one = Subscribe::new(ten, Subscriptions::new(b"\0\x03a/b\x01", V5).unwrap());
        let two = Subscriptions::new(b"\0\x01#\x2E\0\x0A$share/g/t\x02", V5).unwrap();
        let properties = SubscribeProperties::new(&[0x0B, 0x80, 0x01]).unwrap();
        for vector in [
            Vector {
                version: V5,
                bytes: &[
                    &[0x82],
                    &[0, 10], // Packet Identifier
                    &[0],     // Property Length
                    &[0, 3, b'a', b'/', b'b'],
                    &[1], // Subscription Options
                ],
                packet: one.into(),
            },
            Vector {
                version: V5,
                bytes: &[
                    &[0x82],
                    &[0, 10],
                    &[3],
                    &[0x0B, 0x80, 0x01], // Subscription Identifier 128
                    &[0, 1, b'#'],
                    &[0b0010_1110], // Retain Handling 2, Retain As Published, No Local, QoS 2
                    b"\0\x0A$share/g/t",
                    &[2],
                ],
                packet: Subscribe { properties, ..Subscribe::new(ten, two) }.into(),
            },
            Vector {
                version: V3_1_1,
                bytes: &[&[0x82], &[0, 10], &[0, 3, b'a', b'/', b'b'], &[1]],
                packet: one.into(),
            },
            Vector { version: V3_1, bytes: &[&[0x82], &[0, 10], &[0, 3, b'a', b'/', b'b'], &[1]], packet: one.into() },
        ] {
            vector.check();
        }
    }

    #[test]
    fn bits_that_3_1_does_not_use_are_not_looked_at_and_not_written() {
        let canonical: &[&[u8]] = &[&[0x82], &[0, 10], &[0, 1, b'a', 1], &[0, 1, b'b', 2]];
        encodes_canonically(V3_1, &[&[0x82], &[0, 10], &[0, 1, b'a', 0xFD], &[0, 1, b'b', 2]], canonical);
        encodes_canonically(V3_1, &[&[0x8B], &[0, 10], &[0, 1, b'a', 1], &[0, 1, b'b', 2]], canonical);
        refuses(V3_1, &[&[0x80], &[0, 10], &[0, 1, b'a', 1]], Kind::InvalidFlags, 0);
        refuses(V3_1, &[&[0x82], &[0, 10], &[0, 1, b'a', 0xFF]], Kind::InvalidQoS, 7);
    }

    #[test]
    fn refuses_each_fault_at_its_byte() {
        for (version, bytes, kind, offset) in [
            (V5, &[&[0x80][..], &[0, 10, 0, 0, 1, b'a', 0]][..], Kind::InvalidFlags, 0),
            (V5, &[&[0x82], &[0, 0, 0, 0, 1, b'a', 0]], Kind::PacketIdentifierZero, 2),
            (V5, &[&[0x82], &[0, 10, 0]], Kind::EmptyPayload, 5),
            (V5, &[&[0x82], &[0, 10, 0, 0, 1, b'a']], Kind::UnexpectedEnd, 8),
            (V5, &[&[0x82], &[0, 10, 0, 0, 1, b'a', 0x40]], Kind::ReservedSubscriptionOptions, 8),
            (V5, &[&[0x82], &[0, 10, 0, 0, 1, b'a', 0x03]], Kind::InvalidQoS, 8),
            (V5, &[&[0x82], &[0, 10, 0, 0, 1, b'a', 0x30]], Kind::InvalidRetainHandling, 8),
            (V5, &[&[0x82], &[0, 10, 0, 0, 2, b'a', b'#', 0]], Kind::MisplacedMultiLevelWildcard, 8),
            (V5, &[&[0x82], &[0, 10, 0], b"\0\x0A$share/g/t\x04"], Kind::NoLocalOnSharedSubscription, 17),
            (V5, &[&[0x82], &[0, 10, 2, 0x0B, 0, 0, 1, b'a', 0]], Kind::InvalidPropertyValue, 6),
            (V3_1_1, &[&[0x82], &[0, 10, 0, 1, b'a', 0x04]], Kind::ReservedSubscriptionOptions, 7),
            (V3_1_1, &[&[0x82], &[0, 10, 0, 1, b'a', 0, 0, 9, b'b']], Kind::UnexpectedEnd, 8),
        ] {
            refuses(version, bytes, kind, offset);
        }
    }
}
