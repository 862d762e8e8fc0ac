//! For any two byte strings, as filter and name: validity and matching are as the grammar and a simple procedure say.

use super::{hash_of, plain};
use mqtt_codec::{ProtocolVersion, TextError, TopicFilter, TopicFilters, TopicName};

pub(super) fn law(data: &[u8]) {
    let Some((len, rest)) = data.split_first_chunk::<2>() else { return };
    let (filter, name) = rest.split_at(rest.len().min(u16::from_le_bytes(*len).into()));
    // Each of both as each, so that one good seed is several.
    for (filter, name) in [(filter, name), (name, filter), (filter, filter)] {
        filter_and_name(filter, name);
    }
}

fn filter_and_name(filter_bytes: &[u8], name_bytes: &[u8]) {
    let name = TopicName::new(name_bytes);
    assert_eq!(name.is_ok(), plain::is_topic_name(name_bytes));
    told(name.as_ref().err(), name_bytes);
    if let Ok(name) = &name {
        assert_eq!(name.as_bytes(), name_bytes);
        assert!(name.levels().map(str::as_bytes).eq(plain::levels(name_bytes)));
    }
    if let Ok(name) = &name {
        unjudged_matches_what_its_levels_match(filter_bytes, name);
    }
    let ordinary = TopicFilter::new_ordinary(filter_bytes);
    assert_eq!(ordinary.is_ok(), plain::is_topic_filter(filter_bytes, ProtocolVersion::V3_1_1));
    told(ordinary.as_ref().err(), filter_bytes);
    let filter = TopicFilter::new(filter_bytes);
    assert_eq!(filter.is_ok(), plain::is_topic_filter(filter_bytes, ProtocolVersion::V5));
    told(filter.as_ref().err(), filter_bytes);
    if let Ok(ordinary) = &ordinary {
        assert_eq!(ordinary.check(), filter.map(|_| ()));
        assert_eq!(ordinary.check_ordinary(), Ok(()));
        if let Ok(name) = &name {
            assert_eq!(ordinary.matches_ordinary(name), plain::matches(filter_bytes, name_bytes));
        }
    }
    let Ok(filter) = filter else { return };
    assert_eq!(Ok(filter), ordinary, "what is a filter in 5.0 is one in 3.x");
    assert_eq!(hash_of(&filter), hash_of(&ordinary.unwrap()));
    assert!(filter.levels().map(str::as_bytes).eq(plain::levels(filter_bytes)));
    let shared = plain::shared(filter_bytes);
    assert_eq!(filter.is_shared(), shared.is_some());
    let parts = filter.shared_subscription();
    let parts = parts.map(|parts| (parts.share_name.as_bytes().to_vec(), parts.topic_filter.as_bytes().to_vec()));
    assert_eq!(parts, shared);
    if let Ok(name) = &name {
        let behind = shared.map_or_else(|| filter_bytes.to_vec(), |(_, behind)| behind);
        assert_eq!(filter.matches(name), plain::matches(&behind, name_bytes));
    }
}

/// What stands for a wildcard is a level of its own, in whatever text a list that was not judged lets through.
fn unjudged_matches_what_its_levels_match(filter_bytes: &[u8], name: &TopicName<&[u8]>) {
    let Ok(len) = u16::try_from(filter_bytes.len()) else { return };
    let payload = [&len.to_be_bytes(), filter_bytes].concat();
    let Ok(filters) = TopicFilters::new_allowing_invalid_filters(&payload[..], ProtocolVersion::V5) else { return };
    for filter in &filters {
        assert_eq!(filter.matches_ordinary(name), plain::matches(filter_bytes, name.as_bytes()));
    }
}

fn told(error: Option<&TextError>, bytes: &[u8]) {
    if let Some(error) = error {
        assert!(error.offset() < bytes.len().max(1) || error.offset() == bytes.len(), "{error}");
        assert!(!error.to_string().is_empty() && !error.kind().to_string().is_empty());
    }
}
