//! Topic Names, Topic Filters and how they match.

#[cfg(feature = "bytes")]
mod filter_map;
mod filter_rules;
mod matching;
mod relations;
mod topic_filter;
mod topic_name;

#[cfg(feature = "bytes")]
pub use filter_map::{TopicFilterMap, TopicFilterMatches};
pub use relations::WildcardValues;
pub use topic_filter::{SharedSubscription, TopicFilter};
pub use topic_name::TopicName;
