//! A session: the state of one client, connected or not, and the messages that wait for it or are in flight.

use crate::limits;
use crate::message::{Message, Outgoing, Prepared};
use crate::outlet::Outlet;
use alloc::collections::{BTreeMap, VecDeque};
use alloc::sync::Arc;
use core::num::{NonZeroU16, NonZeroU32};
use mqtt_codec::{
    Connect, Delivery, Forward, KeepAlive, Packet, PacketIdentifier, ProtocolVersion, PubRel, Publish, QoS, Subscriber,
    TopicFilter, TopicName,
};
use std::collections::{HashMap, HashSet};
use tokio::task::AbortHandle;

/// Identifies a session during its life: its key in the broker's slab.
pub(crate) type SessionId = usize;

/// Session Expiry Interval: the session does not end.
pub(crate) const NEVER: u32 = u32::MAX;

/// The size from which on packets that are the same for many subscribers are shared instead of copied.
const SHARED: usize = 4096;

#[derive(Default)]
pub(crate) struct Session {
    pub(crate) client: Arc<str>,
    pub(crate) link: Option<Link>,
    /// The Will, and its delay in seconds.
    pub(crate) will: Option<(Publish, u32)>,
    /// The time in seconds that the session remains after its connection ends.
    pub(crate) expiry: u32,
    /// The timer that ends the session, or publishes its Will, while the client is not connected.
    pub(crate) timer: Option<AbortHandle>,
    pub(crate) filters: HashSet<TopicFilter>,
    /// The identifiers of messages of QoS 2 that the client has not released.
    pub(crate) unreleased: HashSet<PacketIdentifier>,
    queue: VecDeque<Queued>,
    queue_size: usize,
    in_flight: BTreeMap<PacketIdentifier, InFlight>,
    last_identifier: Option<PacketIdentifier>,
    sent: u64,
}

/// A message of QoS 1 or 2 that was not sent. If it already has an identifier, it was sent on an earlier connection,
/// but not on this one.
struct Queued {
    outgoing: Outgoing,
    identifier: Option<PacketIdentifier>,
}

/// The messages that were sent but not acknowledged, in the order of sending.
enum InFlight {
    Publish(u64, Outgoing),
    Release(u64),
}

/// The connection of a session.
pub(crate) struct Link {
    /// Distinguishes a connection from later ones of the same session.
    pub(crate) number: u64,
    pub(crate) version: ProtocolVersion,
    pub(crate) outlet: Arc<Outlet>,
    /// The Topic Names of the client's Topic Aliases.
    pub(crate) incoming_aliases: HashMap<NonZeroU16, TopicName>,
    outgoing_aliases: HashMap<TopicName, NonZeroU16>,
    outgoing_alias_maximum: u16,
    maximum_packet_size: Option<NonZeroU32>,
    receive_maximum: usize,
}

impl Session {
    pub(crate) fn new(client: Arc<str>) -> Self {
        Self { client, ..Self::default() }
    }

    /// Sends a message now, or queues it.
    pub(crate) fn deliver(&mut self, outgoing: Outgoing, prepared: &Prepared<'_>) {
        if outgoing.qos == QoS::AtMostOnce {
            let Some(link) = self.link.as_mut().filter(|link| link.outlet.len() < limits::OUTPUT) else { return };
            if let Some(forward) = prepared.forward(link.version) {
                link.send(forward, &outgoing, Delivery::AtMostOnce);
            }
        } else if self.queue.is_empty() && self.may_send() {
            self.send(outgoing, None, prepared);
        } else if self.queue_size < limits::QUEUE {
            self.queue_size = self.queue_size.saturating_add(outgoing.message.size());
            self.queue.push_back(Queued { outgoing, identifier: None });
        }
    }

    /// Returns the version of the connection.
    pub(crate) fn version(&self) -> ProtocolVersion {
        self.link.as_ref().map_or(ProtocolVersion::V5, |link| link.version)
    }

    /// Sends a packet other than PUBLISH, if the client is connected.
    pub(crate) fn answer(&self, packet: impl Into<Packet>) {
        if let Some(link) = &self.link {
            link.outlet.send(packet);
        }
    }

    /// Returns `true` if a message of QoS 1 or 2 can be sent at once.
    pub(crate) fn may_send(&self) -> bool {
        self.link.as_ref().is_some_and(|link| self.in_flight.len() < link.receive_maximum && !link.outlet.is_full())
    }

    /// Sends as many queued messages as the client's Receive Maximum allows.
    pub(crate) fn send_queued(&mut self) {
        while self.may_send() {
            let Some(Queued { outgoing, identifier }) = self.queue.pop_front() else { return };
            self.queue_size = self.queue_size.saturating_sub(outgoing.message.size());
            let message = Arc::clone(&outgoing.message);
            self.send(outgoing, identifier, &Prepared::new(&message));
        }
    }

    fn send(&mut self, outgoing: Outgoing, identifier: Option<PacketIdentifier>, prepared: &Prepared<'_>) {
        let new = identifier.unwrap_or_else(|| self.free_identifier());
        let Some(link) = &mut self.link else { return };
        let Some(forward) = prepared.forward(link.version) else { return };
        let delivery = match outgoing.qos {
            QoS::ExactlyOnce => Delivery::exactly_once(new),
            QoS::AtLeastOnce | QoS::AtMostOnce => Delivery::at_least_once(new),
        };
        let delivery = if identifier.is_some() { delivery.duplicate() } else { delivery };
        if link.send(forward, &outgoing, delivery) {
            self.sent = self.sent.saturating_add(1);
            self.in_flight.insert(new, InFlight::Publish(self.sent, outgoing));
        }
    }

    /// Returns an identifier that is not in flight. One exists, because fewer messages are in flight than Receive
    /// Maximum allows.
    fn free_identifier(&mut self) -> PacketIdentifier {
        let mut identifier = self.last_identifier.map_or(PacketIdentifier::MIN, PacketIdentifier::next);
        while self.in_flight.contains_key(&identifier) {
            identifier = identifier.next();
        }
        self.last_identifier = Some(identifier);
        identifier
    }

    /// Handles PUBACK, PUBCOMP, and a PUBREC with a failure.
    pub(crate) fn acknowledged(&mut self, identifier: PacketIdentifier) {
        self.in_flight.remove(&identifier);
        self.send_queued();
    }

    /// Handles PUBREC: the message was delivered, and its identifier must be released. Returns `false` if there is no
    /// such message.
    pub(crate) fn received(&mut self, identifier: PacketIdentifier) -> bool {
        let Some(in_flight) = self.in_flight.get_mut(&identifier) else { return false };
        *in_flight = InFlight::Release(in_flight.order());
        true
    }

    /// Begins a connection. Messages that were in flight on the last connection are sent first, with DUP, in their
    /// order.
    pub(crate) fn resume(&mut self, link: Link) {
        let mut in_flight: Vec<_> = core::mem::take(&mut self.in_flight).into_iter().collect();
        in_flight.sort_by_key(|(_, it)| it.order());
        for (identifier, _) in in_flight.iter().filter(|(_, it)| matches!(it, InFlight::Release(_))) {
            link.outlet.send(PubRel::new(*identifier));
        }
        for (identifier, it) in in_flight.into_iter().rev() {
            match it {
                InFlight::Release(_) => drop(self.in_flight.insert(identifier, it)),
                InFlight::Publish(_, outgoing) => {
                    self.queue_size = self.queue_size.saturating_add(outgoing.message.size());
                    self.queue.push_front(Queued { outgoing, identifier: Some(identifier) });
                }
            }
        }
        self.link = Some(link);
        self.send_queued();
    }
}

impl InFlight {
    const fn order(&self) -> u64 {
        match self {
            Self::Publish(order, _) | Self::Release(order) => *order,
        }
    }
}

impl Link {
    /// Begins a connection with the limits in the client's CONNECT.
    pub(crate) fn new(number: u64, connect: &Connect<&[u8]>, outlet: Arc<Outlet>) -> Self {
        let properties = &connect.properties;
        let maximum_packet_size = properties.maximum_packet_size();
        Self {
            number,
            version: connect.protocol_version,
            outlet,
            incoming_aliases: HashMap::new(),
            outgoing_aliases: HashMap::new(),
            outgoing_alias_maximum: properties.topic_alias_maximum().unwrap_or(0).min(limits::OUTGOING_ALIASES),
            maximum_packet_size,
            receive_maximum: properties.receive_maximum().map_or(u16::MAX, NonZeroU16::get).into(),
        }
    }

    /// Sends a message. Returns `false` if it must not be sent, because it has expired or is larger than the client
    /// accepts.
    fn send(&mut self, forward: &Forward<'_>, outgoing: &Outgoing, delivery: Delivery) -> bool {
        let Message { frame, .. } = &*outgoing.message;
        let subscriber = Subscriber::new(delivery)
            .retain(outgoing.retain)
            .waited(outgoing.message.waited())
            .maximum_packet_size(self.maximum_packet_size);
        if self.version.is_v3() {
            return self.write(forward, &subscriber);
        }
        let subscriber = subscriber.subscription_identifiers(&outgoing.subscription_identifiers);
        if self.outgoing_alias_maximum == 0 {
            return self.write(forward, &subscriber);
        }
        if let Some(alias) = self.outgoing_aliases.get(frame.topic()) {
            return self.write(forward, &subscriber.topic_alias_only(*alias));
        }
        let next = u16::try_from(self.outgoing_aliases.len()).unwrap_or(u16::MAX).saturating_add(1);
        let Some(alias) = NonZeroU16::new(next).filter(|it| it.get() <= self.outgoing_alias_maximum) else {
            return self.write(forward, &subscriber);
        };
        let is_sent = self.write(forward, &subscriber.topic_alias(alias));
        if let Some(topic_name) = frame.topic_name().filter(|_| is_sent) {
            self.outgoing_aliases.insert(topic_name.to_shared(), alias);
        }
        is_sent
    }

    fn write(&self, forward: &Forward<'_>, subscriber: &Subscriber<'_>) -> bool {
        let is_large = forward.encoded_len(subscriber).is_ok_and(|len| len >= SHARED);
        if !is_large || subscriber.delivery() != Delivery::AtMostOnce {
            return self.outlet.write(|tail| forward.encode_to(subscriber, tail)).is_ok();
        }
        forward.to_bytes(subscriber).map(|packet| self.outlet.share(packet)).is_ok()
    }
}

/// Returns the Server Keep Alive if the client's Keep Alive is too long.
pub(crate) fn server_keep_alive(connect: &Connect<&[u8]>) -> Option<KeepAlive> {
    let is_too_long = connect.keep_alive.as_seconds() > limits::KEEP_ALIVE && !connect.protocol_version.is_v3();
    is_too_long.then(|| KeepAlive::from_seconds(limits::KEEP_ALIVE))
}
