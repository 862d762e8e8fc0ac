//! A message that is received once, kept as its encoded bytes, and forwarded to many subscribers.

use crate::session::SessionId;
use alloc::sync::Arc;
use core::cell::OnceCell;
use mqtt_codec::{
    BuildError, Forward, Frame, PropertyIdentifier, ProtocolVersion, Publish, PublishFrame, PublishProperties, QoS,
    SubscriptionIdentifier, Will,
};
use tokio::time::Instant;

/// A message as it was published.
#[derive(Clone)]
pub(crate) struct Message {
    pub(crate) frame: PublishFrame,
    pub(crate) publisher: SessionId,
    /// The time at which the message was received, if it can expire.
    received: Option<Instant>,
}

impl Message {
    pub(crate) fn new(frame: PublishFrame, publisher: SessionId) -> Self {
        let expires = frame.properties().message_expiry_interval().is_some();
        Self { frame, publisher, received: expires.then(Instant::now) }
    }

    /// Returns the time in seconds that the message has waited in the broker, for its Message Expiry Interval.
    pub(crate) fn waited(&self) -> u32 {
        self.received.map_or(0, |received| u32::try_from(received.elapsed().as_secs()).unwrap_or(u32::MAX))
    }

    pub(crate) fn is_expired(&self) -> bool {
        self.frame.properties().message_expiry_interval().is_some_and(|seconds| seconds <= self.waited())
    }

    /// Returns the approximate memory of the message in bytes.
    pub(crate) fn size(&self) -> usize {
        self.frame.as_bytes().len().saturating_add(256)
    }

    /// Copies the message into its own buffer. A received message is a slice of the receive buffer. For a small message
    /// that is stored, this would waste memory.
    pub(crate) fn compact(&self) -> Self {
        match frame(&self.frame.as_borrowed(), self.frame.version()) {
            Some(frame) => Self { frame, ..self.clone() },
            None => self.clone(),
        }
    }
}

/// Encodes a PUBLISH that the broker has constructed.
pub(crate) fn frame(publish: &Publish<&[u8]>, version: ProtocolVersion) -> Option<PublishFrame> {
    Frame::encode(publish, version).ok()?.into_publish().ok()
}

/// Constructs the PUBLISH of a Will.
pub(crate) fn publish_of_will(will: &Will) -> Result<Publish, BuildError> {
    let delay = PropertyIdentifier::WillDelayInterval;
    let kept = will.properties.iter().filter(|property| property.identifier() != delay);
    let properties = PublishProperties::builder().properties(kept).build()?;
    let mut publish = Publish::with_properties(will.topic_name.clone(), properties, will.payload.as_buffer().clone());
    publish.retain = will.retain;
    Ok(publish)
}

/// A message for one session.
#[derive(Clone)]
pub(crate) struct Outgoing {
    pub(crate) message: Arc<Message>,
    pub(crate) qos: QoS,
    pub(crate) retain: bool,
    pub(crate) subscription_identifiers: Vec<SubscriptionIdentifier>,
}

/// A message that is prepared once for each version of its subscribers.
pub(crate) struct Prepared<'m> {
    message: &'m Message,
    forwards: [OnceCell<Option<Forward<'m>>>; 3],
}

impl<'m> Prepared<'m> {
    pub(crate) fn new(message: &'m Message) -> Self {
        Self { message, forwards: Default::default() }
    }

    /// Returns the message for subscribers of this version.
    pub(crate) fn forward(&self, version: ProtocolVersion) -> Option<&Forward<'m>> {
        let [v3_1, v3_1_1, v5] = &self.forwards;
        let forward = match version {
            ProtocolVersion::V3_1 => v3_1,
            ProtocolVersion::V3_1_1 => v3_1_1,
            ProtocolVersion::V5 => v5,
        };
        forward.get_or_init(|| Forward::from_frame(&self.message.frame, version).ok()).as_ref()
    }
}
