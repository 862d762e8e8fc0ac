//! State of a broker: subscriptions by Topic Filter.
//!
//! The codec has no tree of subscriptions, because that is session state, for which every broker has its own
//! requirements.

extern crate alloc;

mod topic_filter_map;

pub use topic_filter_map::{TopicFilterMap, TopicFilterMatches};
