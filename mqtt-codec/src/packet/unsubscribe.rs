//! UNSUBSCRIBE: section 3.10.
//!
//! ```text
//! Packet Identifier · [Properties] · one or more of: Topic Filter
//! ```

use crate::error::Field;
use crate::options::{DecodeOptions, EncodeOptions, Leniency};
use crate::packet::list::{fail_filters, refuse_filters};
use crate::wire::encode_body::{EncodeBody, Refusal};
use crate::wire::length::Length as _;
use crate::wire::primitives::{ParseResult, check_characters, packet_identifier};
use crate::wire::properties;
use crate::wire::write::Write;
use mqtt_types::{Buffer, Packet, PacketType, TopicFilters, Unsubscribe, UnsubscribeProperties};

#[inline(always)]
pub(crate) fn decode<'a>(body: &'a [u8], options: &DecodeOptions) -> ParseResult<'a, Unsubscribe<&'a [u8]>> {
    let (rest, packet_identifier) = packet_identifier(body)?;
    let is_allowed = options.allows(Leniency::RequestsWithoutPropertyLength) && !options.version.is_v3();
    let (payload, properties) = if is_allowed && lacks_property_length(body, options) {
        (rest, UnsubscribeProperties::default())
    } else {
        properties::decode_in_version(rest, Field::Properties, options, UnsubscribeProperties::new, |set| set.iter())?
    };
    let list = if options.allows(Leniency::InvalidTopicFilters) {
        TopicFilters::new_allowing_invalid_filters(payload, options.version)
    } else {
        TopicFilters::new(payload, options.version)
    };
    let topic_filters = match list {
        Ok(topic_filters) => topic_filters,
        Err(error) => return fail_filters(payload, error),
    };
    if options.refuses_discouraged_characters() {
        for topic_filter in topic_filters.iter() {
            check_characters(topic_filter.as_str(), Field::TopicFilter, options)?;
        }
    }
    Ok(Unsubscribe { packet_identifier, properties, topic_filters })
}

/// Returns `true` if a packet of 5.0 is legal in the format of 3.1.1 only.
#[cold]
#[inline(never)]
fn lacks_property_length(body: &[u8], options: &DecodeOptions) -> bool {
    let payload = body.get(2..).unwrap_or_default();
    // Almost every packet of 5.0 fails here, at its first filter. 3.1.1 has all filters of 5.0.
    TopicFilters::new(payload, options.version).is_ok()
        && decode(body, &options.allow_requests_without_property_length(false)).is_err()
}

impl<B: Buffer> EncodeBody for Unsubscribe<B> {
    const PACKET_TYPE: PacketType = PacketType::Unsubscribe;

    fn as_packet(&self) -> Packet<&[u8]> {
        self.as_borrowed().into()
    }

    #[inline]
    fn body_len(&self, options: &EncodeOptions) -> Result<usize, Refusal> {
        if !self.topic_filters.exists_in(options.version) {
            return Err(refuse_filters(self.topic_filters.has_invalid_filter(), Field::TopicFilter));
        }
        let properties_len = if !options.version.is_v3() {
            properties::encoded_len(self.properties.as_bytes())
        } else if self.properties.is_empty() {
            0
        } else {
            return Err(Refusal::NotInVersion(Field::Properties));
        };
        Ok(self.topic_filters.as_bytes().len().plus(2).plus(properties_len))
    }

    #[inline(always)]
    fn first_bytes(&self, _: &EncodeOptions) -> Option<[u8; 2]> {
        Some(self.packet_identifier.get().to_be_bytes())
    }

    #[inline]
    fn write_body<'p>(&'p self, options: &EncodeOptions, output: &mut impl Write<'p>) {
        properties::write_in_version(self.properties.as_bytes(), options.version, output);
        output.put_part(self.topic_filters.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use crate::DecodeErrorKind as Kind;
    use crate::testing::{Vector, refuses};
    use mqtt_types::ProtocolVersion::{V3_1, V3_1_1, V5};
    use mqtt_types::{PacketIdentifier, TopicFilters, Unsubscribe, UnsubscribeProperties};

    #[test]
    fn vectors() {
        let ten = PacketIdentifier::new(10).unwrap();
        let one = Unsubscribe::new(ten, TopicFilters::new(b"\0\x03a/b", V5).unwrap());
        let two = TopicFilters::new(b"\0\x03a/+\0\x01#", V5).unwrap();
        let properties = UnsubscribeProperties::new(&[0x26, 0, 1, b'k', 0, 1, b'v']).unwrap();
        for vector in [
            Vector {
                version: V5,
                bytes: &[
                    &[0xA2],
                    &[0, 10], // Packet Identifier
                    &[0],     // Property Length
                    &[0, 3, b'a', b'/', b'b'],
                ],
                packet: one.into(),
            },
            Vector {
                version: V5,
                bytes: &[
                    &[0xA2],
                    &[0, 10],
                    &[7],
                    &[0x26, 0, 1, b'k', 0, 1, b'v'],
                    &[0, 3, b'a', b'/', b'+'],
                    &[0, 1, b'#'],
                ],
                packet: Unsubscribe { properties, ..Unsubscribe::new(ten, two) }.into(),
            },
            Vector { version: V3_1_1, bytes: &[&[0xA2], &[0, 10], &[0, 3, b'a', b'/', b'b']], packet: one.into() },
            Vector { version: V3_1, bytes: &[&[0xA2], &[0, 10], &[0, 3, b'a', b'/', b'b']], packet: one.into() },
        ] {
            vector.check();
        }
    }

    #[test]
    fn refuses_each_fault_at_its_byte() {
        for (version, bytes, kind, offset) in [
            (V5, &[&[0xA0][..], &[0, 10, 0, 0, 1, b'a']][..], Kind::InvalidFlags, 0),
            (V5, &[&[0xA2], &[0, 10, 0]], Kind::EmptyPayload, 5),
            (V5, &[&[0xA2], &[0, 10, 0, 0, 2, b'a', b'+']], Kind::MisplacedSingleLevelWildcard, 8),
            (V5, &[&[0xA2], &[0, 10, 0], b"\0\x08$share/g"], Kind::InvalidSharedFilter, 15),
            (V5, &[&[0xA2], &[0, 10, 0, 0, 1, b'a', 0]], Kind::UnexpectedEnd, 8),
            (V3_1_1, &[&[0xA2], &[0, 0, 0, 1, b'a']], Kind::PacketIdentifierZero, 2),
            (V3_1_1, &[&[0xA2], &[0, 10, 0, 0]], Kind::EmptyTopic, 4),
        ] {
            refuses(version, bytes, kind, offset);
        }
    }
}
