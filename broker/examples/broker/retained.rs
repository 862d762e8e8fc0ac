//! The last retained message of each topic.

use crate::limits;
use crate::message::Message;
use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use core::ops::Bound;
use mqtt_codec::borrowed;

#[derive(Default)]
pub(crate) struct Retained {
    messages: BTreeMap<Box<str>, Arc<Message>>,
    size: usize,
}

impl Retained {
    pub(crate) fn has_room(&self, size: usize) -> bool {
        self.size.saturating_add(size) <= limits::RETAINED
    }

    /// Stores a message in place of the last one. An empty message only removes the last one [MQTT-3.3.1-6].
    pub(crate) fn insert(&mut self, message: &Arc<Message>) {
        let topic = message.frame.topic();
        let last = if message.frame.payload().is_empty() {
            self.messages.remove(topic)
        } else {
            self.size = self.size.saturating_add(message.size());
            self.messages.insert(topic.into(), Arc::clone(message))
        };
        self.size = self.size.saturating_sub(last.map_or(0, |last| last.size()));
    }

    /// Returns the messages that match a filter. Only topics with the same first levels as the filter are examined.
    pub(crate) fn matching(&self, filter: &borrowed::TopicFilter<'_>) -> impl Iterator<Item = &Arc<Message>> {
        let text = filter.as_str();
        let prefix = text.split(['+', '#']).next().unwrap_or(text);
        let prefix = prefix.trim_end_matches('/').to_owned(); // "a/#" matches "a" too
        let from = self.messages.range::<str, _>((Bound::Included(prefix.as_str()), Bound::Unbounded));
        let candidates = from.take_while(move |(topic, _)| topic.starts_with(&prefix)).map(|(_, message)| message);
        let filter = *filter;
        candidates.filter(move |message| message.frame.topic_name().is_some_and(|name| filter.matches(&name)))
    }
}
