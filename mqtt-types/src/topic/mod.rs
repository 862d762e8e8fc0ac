//! Topic Names, Topic Filters and how they match.

mod topic_filter;
mod topic_name;

pub use topic_filter::{SharedSubscription, TopicFilter};
pub use topic_name::TopicName;
