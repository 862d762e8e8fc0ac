//! Lists at the end of a packet: Topic Filters in SUBSCRIBE and UNSUBSCRIBE, Reason Codes in SUBACK and UNSUBACK.

use crate::error::{DecodeErrorKind, Field};
use crate::wire::encode_body::Refusal;
use crate::wire::primitives::{ParseResult, fail, text_kind};
use mqtt_types::{InvalidReasonCodes, ListError, ListErrorKind, SubscriptionOptionsError};

/// Returns the fault of a list of Topic Filters, which in SUBSCRIBE includes Subscription Options.
#[cold]
pub(crate) fn fail_filters<'a, T>(payload: &'a [u8], error: ListError) -> ParseResult<'a, T> {
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

/// Returns why a version cannot express a list of Topic Filters. `field` is the field that it does not have if all filters
/// are valid.
#[cold]
pub(crate) const fn refuse_filters(has_invalid_filter: bool, field: Field) -> Refusal {
    if has_invalid_filter { Refusal::InvalidTopicFilter } else { Refusal::NotInVersion(field) }
}

/// Returns the fault of a list of Reason Codes.
#[cold]
pub(crate) fn fail_reason_codes<T>(payload: &[u8], error: InvalidReasonCodes) -> ParseResult<'_, T> {
    let at = payload.get(error.offset..).unwrap_or_default();
    fail(at, DecodeErrorKind::InvalidReasonCode(error.value), Field::ReasonCode)
}
