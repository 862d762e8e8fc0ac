//! The Topic Aliases of one connection, in both directions.

use crate::limits;
use core::num::NonZeroU16;
use mqtt_codec::{Forward, PublishFrame, ReasonCode, Subscriber, TopicName};
use std::collections::HashMap;

#[derive(Default)]
pub(crate) struct Aliases {
    incoming: HashMap<NonZeroU16, TopicName>,
    outgoing: HashMap<TopicName, NonZeroU16>,
    outgoing_maximum: u16,
}

impl Aliases {
    /// Begins a connection with the client's Topic Alias Maximum.
    pub(crate) fn new(maximum: u16) -> Self {
        Self { outgoing_maximum: maximum.min(limits::OUTGOING_ALIASES), ..Self::default() }
    }

    /// Replaces the Topic Alias of a message by its Topic Name.
    pub(crate) fn resolve(&mut self, frame: PublishFrame) -> Result<PublishFrame, ReasonCode> {
        let Some(alias) = frame.properties().topic_alias() else { return Ok(frame) };
        if alias.get() > limits::TOPIC_ALIAS_MAXIMUM {
            return Err(ReasonCode::TOPIC_ALIAS_INVALID);
        }
        if let Some(topic_name) = frame.topic_name() {
            self.incoming.insert(alias, topic_name.to_shared());
            return Ok(frame);
        }
        let mut publish = frame.as_borrowed();
        publish.set_topic_name(self.incoming.get(&alias).ok_or(ReasonCode::PROTOCOL_ERROR)?.as_borrowed());
        PublishFrame::encode(&publish, frame.version()).map_err(|_| ReasonCode::PACKET_TOO_LARGE)
    }

    /// Sets the Topic Alias of a message, or a new one as long as the client allows more, if the message can be sent.
    pub(crate) fn set<'s>(&mut self, forward: &Forward<'_>, subscriber: Subscriber<'s>) -> Subscriber<'s> {
        let topic_name = forward.topic_name();
        if let Some(alias) = self.outgoing.get(topic_name.as_str()) {
            return subscriber.with_topic_alias_only(*alias);
        }
        let next = u16::try_from(self.outgoing.len().saturating_add(1)).ok().and_then(NonZeroU16::new);
        let Some(alias) = next.filter(|next| next.get() <= self.outgoing_maximum) else { return subscriber };
        let introducing = subscriber.with_topic_alias(alias);
        if forward.encoded_len(&introducing).is_err() {
            return subscriber;
        }
        self.outgoing.insert(topic_name.to_shared(), alias);
        introducing
    }
}
