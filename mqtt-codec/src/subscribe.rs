//! SUBSCRIBE: section 3.8.
//!
//! ```text
//! Packet Identifier · [Properties] · one or more of: Topic Filter · Subscription Options
//! ```

use crate::decode::DecodeOptions;
use crate::encode::{EncodeBody, EncodeOptions, Write, not_in_version};
use crate::primitives::{Fault, Parsed, all_of, check_characters, fail, packet_identifier, text_kind};
use crate::{DecodeErrorKind, EncodeError, Field, properties};
use mqtt_types::{
    Buffer, ListError, ListErrorKind, PacketType, Subscribe, SubscribeProperties, SubscriptionOptionsError,
    Subscriptions,
};

pub(crate) fn decode<'a>(body: &'a [u8], options: &DecodeOptions) -> Result<Subscribe<&'a [u8]>, Fault<'a>> {
    all_of(body, |input| subscribe(input, options))
}

fn subscribe<'a>(input: &'a [u8], options: &DecodeOptions) -> Parsed<'a, Subscribe<&'a [u8]>> {
    let (rest, packet_identifier) = packet_identifier(input)?;
    let (payload, properties) = if options.version.is_v3() {
        (rest, SubscribeProperties::default())
    } else {
        properties::decode(rest, Field::Properties, options, SubscribeProperties::new, |set| set.iter())?
    };
    let subscriptions = match Subscriptions::new(payload, options.version) {
        Ok(subscriptions) => subscriptions,
        Err(error) => return fail_list(payload, error),
    };
    if options.refuse_discouraged_characters {
        for subscription in subscriptions.iter() {
            check_characters(subscription.topic_filter.as_str(), Field::TopicFilter, options)?;
        }
    }
    let end = payload.get(payload.len()..).unwrap_or_default();
    Ok((end, Subscribe { packet_identifier, properties, subscriptions }))
}

/// What is wrong with a list of Topic Filters, of UNSUBSCRIBE too.
#[cold]
pub(crate) fn fail_list<'a, T>(payload: &'a [u8], error: ListError) -> Parsed<'a, T> {
    let (kind, field) = match error.kind() {
        ListErrorKind::Empty => (DecodeErrorKind::EmptyPayload, Field::TopicFilter),
        ListErrorKind::TopicFilter(kind) => (text_kind(kind), Field::TopicFilter),
        ListErrorKind::OptionsMissing => (DecodeErrorKind::UnexpectedEnd, Field::SubscriptionOptions),
        ListErrorKind::Options(error) => (options_kind(error), Field::SubscriptionOptions),
        ListErrorKind::NoLocalOnSharedSubscription => {
            (DecodeErrorKind::NoLocalOnSharedSubscription, Field::SubscriptionOptions)
        }
        ListErrorKind::Truncated | _ => (DecodeErrorKind::UnexpectedEnd, Field::TopicFilter),
    };
    fail(payload.get(error.offset()..).unwrap_or_default(), kind, field)
}

const fn options_kind(error: SubscriptionOptionsError) -> DecodeErrorKind {
    match error {
        SubscriptionOptionsError::InvalidQoS => DecodeErrorKind::InvalidQoS,
        SubscriptionOptionsError::InvalidRetainHandling => DecodeErrorKind::InvalidRetainHandling,
        SubscriptionOptionsError::ReservedBits | _ => DecodeErrorKind::ReservedSubscriptionOptions,
    }
}

impl<B: Buffer> EncodeBody for Subscribe<B> {
    const PACKET_TYPE: PacketType = PacketType::Subscribe;

    fn body_len(&self, options: &EncodeOptions) -> Result<usize, EncodeError> {
        let len = self.subscriptions.as_bytes().len().saturating_add(2);
        let error = |field| Err(not_in_version(Self::PACKET_TYPE, options.version, field));
        if !options.version.is_v3() {
            if !self.subscriptions.exists_in(options.version) {
                return error(Field::TopicFilter); // `$share/…` without share name or filter
            }
            return Ok(len.saturating_add(properties::encoded_len(self.properties.as_bytes())));
        }
        if !self.properties.is_empty() {
            return error(Field::Properties);
        }
        if !self.subscriptions.exists_in(options.version) {
            return error(Field::SubscriptionOptions);
        }
        Ok(len)
    }

    fn write_body(&self, options: &EncodeOptions, output: &mut impl Write) {
        output.put_two_byte_integer(self.packet_identifier.get());
        if !options.version.is_v3() {
            properties::write(self.properties.as_bytes(), output);
        }
        if self.subscriptions.masks_options() {
            // They came from a 3.1 packet whose unused bits were set; unused bits are written as 0.
            for subscription in self.subscriptions.iter() {
                output.put_prefixed(subscription.topic_filter.as_bytes());
                output.put_byte(subscription.options.to_byte());
            }
        } else {
            output.put(self.subscriptions.as_bytes());
        }
    }
}
