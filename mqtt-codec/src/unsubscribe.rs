//! UNSUBSCRIBE: section 3.10.
//!
//! ```text
//! Packet Identifier · [Properties] · one or more of: Topic Filter
//! ```

use crate::decode::DecodeOptions;
use crate::encode::{EncodeBody, EncodeOptions, Write, not_in_version};
use crate::primitives::{Fault, Parsed, all_of, check_characters, packet_identifier};
use crate::subscribe::fail_list;
use crate::{EncodeError, Field, properties};
use mqtt_types::{Buffer, PacketType, TopicFilters, Unsubscribe, UnsubscribeProperties};

pub(crate) fn decode<'a>(body: &'a [u8], options: &DecodeOptions) -> Result<Unsubscribe<&'a [u8]>, Fault<'a>> {
    all_of(body, |input| unsubscribe(input, options))
}

fn unsubscribe<'a>(input: &'a [u8], options: &DecodeOptions) -> Parsed<'a, Unsubscribe<&'a [u8]>> {
    let (rest, packet_identifier) = packet_identifier(input)?;
    let (payload, properties) = if options.version.is_v3() {
        (rest, UnsubscribeProperties::default())
    } else {
        properties::decode(rest, Field::Properties, options, UnsubscribeProperties::new, |set| set.iter())?
    };
    let topic_filters = match TopicFilters::new(payload, options.version) {
        Ok(topic_filters) => topic_filters,
        Err(error) => return fail_list(payload, error),
    };
    if options.refuse_discouraged_characters {
        for topic_filter in topic_filters.iter() {
            check_characters(topic_filter.as_str(), Field::TopicFilter, options)?;
        }
    }
    let end = payload.get(payload.len()..).unwrap_or_default();
    Ok((end, Unsubscribe { packet_identifier, properties, topic_filters }))
}

impl<B: Buffer> EncodeBody for Unsubscribe<B> {
    const PACKET_TYPE: PacketType = PacketType::Unsubscribe;

    fn body_len(&self, options: &EncodeOptions) -> Result<usize, EncodeError> {
        let len = self.topic_filters.as_bytes().len().saturating_add(2);
        if !self.topic_filters.exists_in(options.version) {
            return Err(not_in_version(Self::PACKET_TYPE, options.version, Field::TopicFilter));
        }
        if !options.version.is_v3() {
            return Ok(len.saturating_add(properties::encoded_len(self.properties.as_bytes())));
        }
        if !self.properties.is_empty() {
            return Err(not_in_version(Self::PACKET_TYPE, options.version, Field::Properties));
        }
        Ok(len)
    }

    fn write_body(&self, options: &EncodeOptions, output: &mut impl Write) {
        output.put_two_byte_integer(self.packet_identifier.get());
        if !options.version.is_v3() {
            properties::write(self.properties.as_bytes(), output);
        }
        output.put(self.topic_filters.as_bytes());
    }
}
