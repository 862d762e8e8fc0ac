//! Topic ids: those that both sides know in advance, and those of one connection.

use crate::result::Result;
use bytes::Bytes;
use mqtt_codec::TopicName;
use mqtt_codec::sn::{ShortTopicName, Topic, TopicId};
use std::collections::HashMap;

/// Topic ids that both sides know in advance.
#[derive(Default)]
pub(crate) struct Predefined {
    by_id: HashMap<TopicId, TopicName>,
}

impl Predefined {
    /// Adds `ID=NAME`.
    pub(crate) fn add(&mut self, text: &str) -> Result<()> {
        let (id, name) = text.split_once('=').ok_or("--topic has the form ID=NAME")?;
        self.by_id.insert(TopicId::try_from(id.parse::<u16>()?)?, name.parse()?);
        Ok(())
    }

    pub(crate) fn name(&self, topic_id: TopicId) -> Option<&TopicName> {
        self.by_id.get(&topic_id)
    }

    fn id(&self, name: &TopicName) -> Option<TopicId> {
        self.by_id.iter().find(|(_, other)| *other == name).map(|(id, _)| *id)
    }
}

/// The topic ids of one connection.
#[derive(Default)]
pub(crate) struct Topics {
    by_id: HashMap<TopicId, TopicName>,
    by_name: HashMap<TopicName, TopicId>,
    last: Option<TopicId>,
}

impl Topics {
    /// Returns the id of a name, and assigns a new one if it has none. Returns `None` if all ids are in use.
    pub(crate) fn register(&mut self, name: &TopicName) -> Option<TopicId> {
        if let Some(topic_id) = self.by_name.get(name) {
            return Some(*topic_id);
        }
        let topic_id = self.last.map_or(TopicId::MIN, TopicId::next);
        if self.by_id.contains_key(&topic_id) {
            return None;
        }
        self.last = Some(topic_id);
        self.by_id.insert(topic_id, name.clone());
        self.by_name.insert(name.clone(), topic_id);
        Some(topic_id)
    }

    /// Returns the topic name for the topic of a PUBLISH from a client.
    pub(crate) fn name(&self, topic: &Topic<TopicName>, predefined: &Predefined) -> Option<TopicName> {
        match topic {
            Topic::Normal(topic_id) => self.by_id.get(topic_id).cloned(),
            Topic::Predefined(topic_id) => predefined.name(*topic_id).cloned(),
            Topic::Short(name) => short_name(*name),
            Topic::Name(name) => Some(name.clone()),
        }
    }

    /// Returns the topic of a PUBLISH to a client: an id that it knows, or a short name. Returns `None` if the name
    /// must be registered first.
    pub(crate) fn reference(&self, name: &TopicName, predefined: &Predefined) -> Option<Topic<TopicName>> {
        if let Some(short) = name.as_bytes().try_into().ok().and_then(|octets| ShortTopicName::new(octets).ok()) {
            return Some(Topic::Short(short));
        }
        let known = self.by_name.get(name).map(|topic_id| Topic::Normal(*topic_id));
        known.or_else(|| predefined.id(name).map(Topic::Predefined))
    }
}

/// Returns the Topic Name of a short topic name.
fn short_name(name: ShortTopicName) -> Option<TopicName> {
    TopicName::new(Bytes::copy_from_slice(&name.octets())).ok()
}
