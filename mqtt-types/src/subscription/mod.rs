//! Subscriptions and the lists of Topic Filters in SUBSCRIBE and UNSUBSCRIBE.

mod list;
#[expect(clippy::module_inception, reason = "the folder's main type in a file of its own")]
mod subscription;
mod subscriptions;
mod topic_filters;

pub use list::{ListError, ListErrorKind};
pub use subscription::{RetainHandling, Subscription, SubscriptionOptions, SubscriptionOptionsError};
pub use subscriptions::{SubscriptionIter, Subscriptions, SubscriptionsBuilder};
pub use topic_filters::{TopicFilterIter, TopicFilters, TopicFiltersBuilder};
