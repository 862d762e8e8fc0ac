//! Topic Names, Topic Filters and how they match.

mod filter_rules;
mod matching;
mod relations;
mod topic_filter;
mod topic_name;

pub use relations::WildcardValues;
pub use topic_filter::{SharedSubscription, TopicFilter};
pub use topic_name::TopicName;
