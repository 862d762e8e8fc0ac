//! What a broker keeps, apart from packets: subscriptions by Topic Filter.
//!
//! The libraries have no tree of subscriptions, because that is session state, and every broker has its own wishes for it.

extern crate alloc;

mod topic_filter_map;

pub use topic_filter_map::{TopicFilterMap, TopicFilterMatches};
