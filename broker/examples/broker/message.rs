//! A message that is received once, kept as its encoded bytes, and forwarded to many subscribers.

use alloc::sync::Arc;
use mqtt_codec::{PacketIdentifier, PublishFrame, QoS, SubscriptionIdentifier};
use tokio::time::Instant;

/// A message as it was published.
#[derive(Clone)]
pub(crate) struct Message {
    pub(crate) frame: PublishFrame,
    /// The time at which the message was received, if it can expire.
    received: Option<Instant>,
}

impl Message {
    pub(crate) fn new(frame: PublishFrame) -> Self {
        let expires = frame.properties().message_expiry_interval().is_some();
        Self { frame, received: expires.then(Instant::now) }
    }

    /// Returns the time in seconds that the message has waited in the broker, for its Message Expiry Interval.
    pub(crate) fn waited(&self) -> u32 {
        self.received.map_or(0, |received| u32::try_from(received.elapsed().as_secs()).unwrap_or(u32::MAX))
    }

    /// Returns the approximate memory of the message in bytes.
    pub(crate) fn size(&self) -> usize {
        self.frame.as_bytes().len().saturating_add(256)
    }

    /// Copies the message into its own buffer. A received message is a slice of the receive buffer. For a small message
    /// that is stored, this would waste memory.
    pub(crate) fn compact(self) -> Self {
        let frame = PublishFrame::encode(&self.frame.as_borrowed(), self.frame.version());
        Self { frame: frame.unwrap_or(self.frame), ..self }
    }
}

/// A message for one session.
#[derive(Clone)]
pub(crate) struct Outgoing {
    pub(crate) message: Arc<Message>,
    pub(crate) qos: QoS,
    pub(crate) retain: bool,
    pub(crate) subscription_identifiers: Vec<SubscriptionIdentifier>,
    /// Set if the message was sent on an earlier connection of the session, and must be sent again.
    pub(crate) sent_as: Option<PacketIdentifier>,
}
