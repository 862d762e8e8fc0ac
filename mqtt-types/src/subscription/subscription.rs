//! A Topic Filter with its options: section 3.8.3.

use crate::buffer::DefaultBuffer;
use crate::subscription::options::SubscriptionOptions;
use crate::topic::TopicFilter;

/// A Topic Filter of a SUBSCRIBE with its options: an item of [`Subscriptions`](crate::Subscriptions).
///
/// ```
/// use mqtt_types::{ProtocolVersion, QoS, Subscriptions};
///
/// let subscriptions = Subscriptions::new(b"\0\x03a/#\x01", ProtocolVersion::V5)?;
/// let subscription = subscriptions.iter().next().unwrap();
/// assert_eq!(subscription.topic_filter, "a/#");
/// assert_eq!(subscription.options, QoS::AtLeastOnce.into());
/// # Ok::<(), mqtt_types::ListError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Subscription<B = DefaultBuffer> {
    /// The Topic Filter.
    pub topic_filter: TopicFilter<B>,
    /// The options of this filter.
    pub options: SubscriptionOptions,
}

impl<B> Subscription<B> {
    /// Creates a subscription from a Topic Filter and a QoS, or from a Topic Filter and complete options.
    #[must_use]
    pub fn new(topic_filter: TopicFilter<B>, options: impl Into<SubscriptionOptions>) -> Self {
        Self { topic_filter, options: options.into() }
    }
}

crate::buffer::debug_fields!(Subscription: topic_filter options);
crate::buffer::over_buffers!(Subscription { plain: [options], raw: [], parts: [topic_filter], options: [] });
