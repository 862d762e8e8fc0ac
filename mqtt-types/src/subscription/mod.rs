//! Subscriptions and the lists of Topic Filters in SUBSCRIBE and UNSUBSCRIBE.

mod list;
mod list_error;
mod options;
#[expect(clippy::module_inception, reason = "the folder's main type in a file of its own")]
mod subscription;
mod subscriptions;
mod topic_filters;

pub use list_error::{ListError, ListErrorKind};
pub use options::{RetainHandling, SubscriptionOptions, SubscriptionOptionsError};
pub use subscription::Subscription;
pub use subscriptions::{SubscriptionIter, Subscriptions, SubscriptionsBuilder};
pub use topic_filters::{TopicFilterIter, TopicFilters, TopicFiltersBuilder};
