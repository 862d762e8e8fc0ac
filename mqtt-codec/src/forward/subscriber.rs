//! The fields that differ between the subscribers of one message.

use crate::options::value_options;
use core::num::{NonZeroU16, NonZeroU32};
use mqtt_types::{Delivery, Flags, SubscriptionIdentifier};

/// The fields of a PUBLISH that differ between the subscribers of one message. See [`Forward`](crate::Forward).
///
/// | method | default |
/// | --- | --- |
/// | [`with_retain`](Self::with_retain) | RETAIN is 0 |
/// | [`with_topic_alias`](Self::with_topic_alias), [`with_topic_alias_only`](Self::with_topic_alias_only) | the Topic Name without a Topic Alias |
/// | [`with_subscription_identifiers`](Self::with_subscription_identifiers) | none |
/// | [`with_waited`](Self::with_waited) | the Message Expiry Interval is sent as it was received |
/// | [`with_maximum_packet_size`](Self::with_maximum_packet_size) | no limit |
///
/// ```
/// use mqtt_codec::{Delivery, PacketIdentifier, Subscriber};
///
/// let identifier = PacketIdentifier::new(10).unwrap();
/// let subscriber = Subscriber::new(Delivery::at_least_once(identifier)).with_retain(true).with_waited(5);
/// assert_eq!((subscriber.retain(), subscriber.waited()), (true, 5));
/// let again = subscriber.duplicate(); // the same packet once more, with DUP
/// assert_eq!(again.delivery(), Delivery::at_least_once(identifier).duplicate());
/// ```
#[derive(Clone, Copy, Debug)]
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

impl<'s> Subscriber<'s> {
    /// Creates a subscriber that gets the message with this QoS, Packet Identifier and DUP. The other fields have their
    /// defaults.
    #[must_use]
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
    #[must_use]
    pub const fn duplicate(self) -> Self {
        Self { delivery: self.delivery.duplicate(), ..self }
    }

    /// Sends the Topic Name with a Topic Alias, which later packets on this connection can send in place of the name (5.0).
    #[must_use]
    pub const fn with_topic_alias(self, alias: NonZeroU16) -> Self {
        Self { topic: Topic::NameAndAlias(alias), ..self }
    }

    /// Sends a Topic Alias in place of the Topic Name. An earlier packet on this connection must have introduced it (5.0).
    #[must_use]
    pub const fn with_topic_alias_only(self, alias: NonZeroU16) -> Self {
        Self { topic: Topic::Alias(alias), ..self }
    }

    /// Returns the Topic Alias.
    #[must_use]
    pub const fn topic_alias(&self) -> Option<NonZeroU16> {
        self.topic.alias()
    }

    /// Returns `true` if the Topic Name is sent: always, unless a Topic Alias takes its place.
    #[must_use]
    pub const fn has_topic_name(&self) -> bool {
        self.topic.has_name()
    }

    /// Returns the flags of the fixed header.
    #[inline(always)]
    pub(crate) fn flags(&self) -> Flags {
        Flags::publish(self.delivery.dup(), self.delivery.qos(), self.retain)
    }
}

value_options! {
    Subscriber<'s>
    /// Sets RETAIN. It is set for a retained message that is sent because of a new subscription. For an existing subscription
    /// pass the result of [`Forward::retain_as_published`](crate::Forward::retain_as_published).
    with_retain
    /// Returns RETAIN.
    retain: bool;
    /// Sets the Subscription Identifiers of the matching subscriptions (5.0) \[MQTT-3.3.4-3, MQTT-3.3.4-4\].
    with_subscription_identifiers
    /// Returns the Subscription Identifiers of the matching subscriptions.
    subscription_identifiers: &'s [SubscriptionIdentifier];
    /// Sets how many seconds the message has waited in the server, by which the Message Expiry Interval is reduced
    /// \[MQTT-3.3.2-6\]. If no time is left, encoding returns an error \[MQTT-3.3.2-5\], for a subscriber of 3.x too.
    with_waited
    /// Returns how many seconds the message has waited in the server.
    waited: u32;
    /// Sets the largest packet that the subscriber accepts \[MQTT-3.1.2-24\]. Encoding a larger one returns an error, and writes
    /// nothing.
    ///
    /// The argument is the result of
    /// [`ConnectProperties::maximum_packet_size`](mqtt_types::ConnectProperties::maximum_packet_size).
    with_maximum_packet_size
    /// Returns the largest packet that the subscriber accepts.
    maximum_packet_size: Option<NonZeroU32>;
}

#[cfg(test)]
mod tests {
    use super::Subscriber;
    use core::num::{NonZeroU16, NonZeroU32};
    use mqtt_types::{Delivery, SubscriptionIdentifier};

    #[test]
    fn each_field_can_be_read_back_and_changes_no_other() {
        let identifiers = [SubscriptionIdentifier::new(7).unwrap()];
        let subscriber = Subscriber::new(Delivery::AtMostOnce);
        let changed = [
            subscriber.with_retain(true),
            subscriber.with_subscription_identifiers(&identifiers),
            subscriber.with_waited(7),
            subscriber.with_maximum_packet_size(Some(NonZeroU32::MIN)),
            subscriber.with_topic_alias(NonZeroU16::MIN),
            subscriber.with_topic_alias_only(NonZeroU16::MAX),
        ];
        let read = |subscriber: Subscriber<'_>| {
            [
                subscriber.retain(),
                subscriber.subscription_identifiers() == identifiers,
                subscriber.waited() == 7,
                subscriber.maximum_packet_size() == Some(NonZeroU32::MIN),
                (subscriber.topic_alias(), subscriber.has_topic_name()) == (Some(NonZeroU16::MIN), true),
                (subscriber.topic_alias(), subscriber.has_topic_name()) == (Some(NonZeroU16::MAX), false),
            ]
        };
        assert_eq!((subscriber.topic_alias(), subscriber.has_topic_name()), (None, true));
        assert_eq!(read(subscriber), [false; 6]);
        for (index, subscriber) in changed.into_iter().enumerate() {
            assert_eq!(read(subscriber), core::array::from_fn(|other| other == index), "{subscriber:?}");
            assert_eq!(subscriber.delivery(), Delivery::AtMostOnce);
        }
    }
}
