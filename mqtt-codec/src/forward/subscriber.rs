//! The fields that differ between the subscribers of one message.

use core::num::{NonZeroU16, NonZeroU32};
use mqtt_types::{Delivery, SubscriptionIdentifier};

/// The fields of a PUBLISH that differ between the subscribers of one message. See [`Forward`](crate::Forward).
///
/// | method | default |
/// | --- | --- |
/// | [`retain`](Self::retain) | RETAIN is 0 |
/// | [`topic_alias`](Self::topic_alias), [`topic_alias_only`](Self::topic_alias_only) | the Topic Name without a Topic Alias |
/// | [`subscription_identifiers`](Self::subscription_identifiers) | none |
/// | [`waited`](Self::waited) | the Message Expiry Interval is sent as it was received |
/// | [`maximum_packet_size`](Self::maximum_packet_size) | no limit |
///
/// ```
/// use mqtt_codec::{Delivery, PacketIdentifier, Subscriber};
///
/// let identifier = PacketIdentifier::new(10).unwrap();
/// let subscriber = Subscriber::new(Delivery::at_least_once(identifier)).retain(true).waited(5);
/// let again = subscriber.duplicate(); // the same packet once more, with DUP
/// assert_eq!(again.delivery(), Delivery::at_least_once(identifier).duplicate());
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Subscriber<'s> {
    pub(crate) delivery: Delivery,
    pub(crate) retain: bool,
    pub(crate) topic: Topic,
    pub(crate) subscription_identifiers: &'s [SubscriptionIdentifier],
    pub(crate) waited: u32,
    pub(crate) maximum_packet_size: Option<NonZeroU32>,
}

/// How the packet names its topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Topic {
    Name,
    NameAndAlias(NonZeroU16),
    Alias(NonZeroU16),
}

impl Topic {
    pub(crate) const fn has_name(self) -> bool {
        matches!(self, Self::Name | Self::NameAndAlias(_))
    }

    pub(crate) const fn alias(self) -> Option<NonZeroU16> {
        match self {
            Self::Name => None,
            Self::NameAndAlias(alias) | Self::Alias(alias) => Some(alias),
        }
    }
}

impl Subscriber<'_> {
    /// Creates a subscriber that gets the message with this QoS, Packet Identifier and DUP. The other fields have their
    /// defaults.
    pub const fn new(delivery: Delivery) -> Self {
        let topic = Topic::Name;
        Self { delivery, retain: false, topic, subscription_identifiers: &[], waited: 0, maximum_packet_size: None }
    }

    /// Returns the QoS, Packet Identifier and DUP.
    #[must_use]
    pub const fn delivery(&self) -> Delivery {
        self.delivery
    }

    /// Sets DUP, for a message that is sent again. Does nothing at QoS 0, which has no DUP.
    pub const fn duplicate(self) -> Self {
        Self { delivery: self.delivery.duplicate(), ..self }
    }

    /// Sets RETAIN. It is set for a retained message that is sent because of a new subscription. For an existing subscription
    /// pass the result of [`Forward::retain_as_published`](crate::Forward::retain_as_published).
    pub const fn retain(self, retain: bool) -> Self {
        Self { retain, ..self }
    }

    /// Sends the Topic Name with a Topic Alias, which later packets on this connection can send in place of the name (5.0).
    pub const fn topic_alias(self, alias: NonZeroU16) -> Self {
        Self { topic: Topic::NameAndAlias(alias), ..self }
    }

    /// Sends a Topic Alias in place of the Topic Name. An earlier packet on this connection must have introduced it (5.0).
    pub const fn topic_alias_only(self, alias: NonZeroU16) -> Self {
        Self { topic: Topic::Alias(alias), ..self }
    }

    /// Sends the Subscription Identifiers of the matching subscriptions (5.0) \[MQTT-3.3.4-3, MQTT-3.3.4-4\].
    pub const fn subscription_identifiers(self, identifiers: &[SubscriptionIdentifier]) -> Subscriber<'_> {
        let Self { delivery, retain, topic, waited, maximum_packet_size, .. } = self;
        Subscriber { delivery, retain, topic, subscription_identifiers: identifiers, waited, maximum_packet_size }
    }

    /// Reduces the Message Expiry Interval by the seconds that the message has waited in the server \[MQTT-3.3.2-6\]. If no
    /// time is left, encoding returns an error \[MQTT-3.3.2-5\], for a subscriber of 3.x too.
    pub const fn waited(self, seconds: u32) -> Self {
        Self { waited: seconds, ..self }
    }

    /// Sets the largest packet that the subscriber accepts \[MQTT-3.1.2-24\]. Encoding a larger one returns an error, and writes
    /// nothing.
    ///
    /// The argument is the result of
    /// [`ConnectProperties::maximum_packet_size`](mqtt_types::ConnectProperties::maximum_packet_size).
    pub const fn maximum_packet_size(self, bytes: Option<NonZeroU32>) -> Self {
        Self { maximum_packet_size: bytes, ..self }
    }
}
