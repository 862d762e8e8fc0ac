//! The Topic Aliases of one connection, in both directions.

use crate::limits;
use core::num::NonZeroU16;
use mqtt_codec::{PublishFrame, ReasonCode, Subscriber, TopicName};
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

    /// Sends a message with its Topic Alias, if it has one, or with a new one as long as the client allows more. `send`
    /// returns `false` if it sends nothing.
    pub(crate) fn send(
        &mut self,
        frame: &PublishFrame,
        subscriber: Subscriber<'_>,
        send: impl FnOnce(&Subscriber<'_>) -> bool,
    ) -> bool {
        if let Some(alias) = self.outgoing.get(frame.topic()) {
            return send(&subscriber.with_topic_alias_only(*alias));
        }
        let next = u16::try_from(self.outgoing.len()).unwrap_or(u16::MAX).saturating_add(1);
        let alias = NonZeroU16::new(next).filter(|alias| alias.get() <= self.outgoing_maximum);
        let Some((alias, topic_name)) = alias.zip(frame.topic_name()) else { return send(&subscriber) };
        let is_sent = send(&subscriber.with_topic_alias(alias));
        if is_sent {
            self.outgoing.insert(topic_name.to_shared(), alias);
        }
        is_sent
    }
}
