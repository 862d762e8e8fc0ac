//! A session: the state of one client, connected or not, and the messages that wait for it or are in flight.

use crate::aliases::Aliases;
use crate::authentication::Authentication;
use crate::broker::Seat;
use crate::limits;
use crate::message::Outgoing;
use crate::outlet::Outlet;
use alloc::collections::{BTreeMap, VecDeque};
use alloc::sync::Arc;
use core::num::NonZeroU32;
use mqtt_codec::{Connect, Delivery, FanOut, Packet, PacketIdentifier, PubRel, QoS, Subscriber, TopicFilter, Will};
use std::collections::HashSet;
use tokio_util::task::AbortOnDropHandle;

/// Identifies a session during its life: its key in the broker's slab.
pub(crate) type SessionId = usize;

#[derive(Default)]
pub(crate) struct Session {
    pub(crate) client: Arc<str>,
    pub(crate) link: Option<Link>,
    pub(crate) will: Option<Will>,
    /// The time in seconds that the session remains after its connection ends.
    pub(crate) expiry: u32,
    /// The timer that ends the session, or publishes its Will, while the client is not connected.
    pub(crate) timer: Option<AbortOnDropHandle<()>>,
    pub(crate) filters: HashSet<TopicFilter>,
    /// The identifiers of messages of QoS 2 that the client has not released.
    pub(crate) unreleased: HashSet<PacketIdentifier>,
    /// The messages of QoS 1 and 2 that were not sent on this connection.
    queue: VecDeque<Outgoing>,
    queue_size: usize,
    /// The messages that were sent but not acknowledged. `None` if the client has received the message of QoS 2, and only
    /// its identifier must be released.
    in_flight: BTreeMap<PacketIdentifier, Option<Outgoing>>,
    last_identifier: Option<PacketIdentifier>,
}

/// The connection of a session.
pub(crate) struct Link {
    pub(crate) seat: Seat,
    pub(crate) outlet: Arc<Outlet>,
    pub(crate) aliases: Aliases,
    pub(crate) authentication: Option<Authentication>,
    maximum_packet_size: Option<NonZeroU32>,
    receive_maximum: usize,
}

impl Session {
    pub(crate) fn new(client: Arc<str>) -> Self {
        Self { client, ..Self::default() }
    }

    /// Sends a message now, or queues it.
    pub(crate) fn deliver(&mut self, outgoing: Outgoing, fan_out: &FanOut<'_>) {
        if outgoing.qos == QoS::AtMostOnce {
            if let Some(link) = self.link.as_mut().filter(|link| link.outlet.len() < limits::OUTPUT_LOSSY) {
                link.send(&outgoing, fan_out, Delivery::AtMostOnce);
            }
        } else if self.queue.is_empty() && self.may_send() {
            self.send(outgoing, fan_out);
        } else if self.queue_size < limits::QUEUE {
            self.queue_size = self.queue_size.saturating_add(outgoing.message.size());
            self.queue.push_back(outgoing);
        }
    }

    /// Returns the delay of the Will in seconds.
    pub(crate) fn will_delay(&self) -> u32 {
        self.will.as_ref().and_then(|will| will.properties.will_delay_interval()).unwrap_or(0)
    }

    /// Sends a packet other than PUBLISH, if the client is connected.
    pub(crate) fn answer(&self, packet: impl Into<Packet>) {
        if let Some(link) = &self.link {
            link.outlet.send(packet);
        }
    }

    /// Returns `true` if a message of QoS 1 or 2 can be sent at once. Identifiers are used in turn. If the next one is still
    /// in flight, messages wait, so that the identifiers tell in which order the messages in flight were sent.
    fn may_send(&self) -> bool {
        let is_free = !self.in_flight.contains_key(&self.next_identifier());
        let has_room =
            |link: &Link| link.outlet.len() < limits::OUTPUT_FULL && self.in_flight.len() < link.receive_maximum;
        is_free && self.link.as_ref().is_some_and(has_room)
    }

    fn next_identifier(&self) -> PacketIdentifier {
        self.last_identifier.map_or(PacketIdentifier::MIN, PacketIdentifier::next)
    }

    /// Sends as many queued messages as the client's Receive Maximum allows.
    pub(crate) fn send_queued(&mut self) {
        while !self.queue.is_empty() && self.may_send() {
            let Some(outgoing) = self.queue.pop_front() else { return };
            self.queue_size = self.queue_size.saturating_sub(outgoing.message.size());
            let message = Arc::clone(&outgoing.message);
            self.send(outgoing, &FanOut::new(&message.frame));
        }
    }

    fn send(&mut self, outgoing: Outgoing, fan_out: &FanOut<'_>) {
        let next = self.next_identifier();
        let identifier = outgoing.sent_as.unwrap_or(next);
        if outgoing.sent_as.is_none() {
            self.last_identifier = Some(next);
        }
        let Ok(delivery) = Delivery::new(outgoing.qos, identifier) else { return };
        let delivery = if outgoing.sent_as.is_some() { delivery.duplicate() } else { delivery };
        if self.link.as_mut().is_some_and(|link| link.send(&outgoing, fan_out, delivery)) {
            self.in_flight.insert(identifier, Some(outgoing));
        }
    }

    /// Handles PUBACK, PUBCOMP, and a PUBREC with a failure.
    pub(crate) fn acknowledged(&mut self, identifier: PacketIdentifier) {
        self.in_flight.remove(&identifier);
        self.send_queued();
    }

    /// Handles PUBREC: the message was delivered, and its identifier must be released. Returns `false` if there is no
    /// such message.
    pub(crate) fn received(&mut self, identifier: PacketIdentifier) -> bool {
        self.in_flight.get_mut(&identifier).map(|outgoing| *outgoing = None).is_some()
    }

    /// Begins a connection. What was in flight on the last connection is sent first, in its order: PUBREL, or the message
    /// with DUP.
    pub(crate) fn resume(&mut self, link: Link) {
        let mut newer = core::mem::take(&mut self.in_flight);
        let older = newer.split_off(&self.next_identifier());
        let waiting = core::mem::take(&mut self.queue);
        for (identifier, outgoing) in older.into_iter().chain(newer) {
            if let Some(outgoing) = outgoing {
                self.queue_size = self.queue_size.saturating_add(outgoing.message.size());
                self.queue.push_back(Outgoing { sent_as: Some(identifier), ..outgoing });
            } else {
                link.outlet.send(PubRel::new(identifier));
                self.in_flight.insert(identifier, None);
            }
        }
        self.queue.extend(waiting);
        self.link = Some(link);
        self.send_queued();
    }
}

impl Link {
    /// Begins a connection with the limits in the client's CONNECT.
    pub(crate) fn new(
        seat: Seat,
        connect: &Connect<&[u8]>,
        outlet: Arc<Outlet>,
        authentication: Option<Authentication>,
    ) -> Self {
        let properties = &connect.properties;
        Self {
            seat,
            outlet,
            aliases: Aliases::new(properties.topic_alias_maximum_or_default()),
            authentication,
            maximum_packet_size: properties.maximum_packet_size(),
            receive_maximum: properties.receive_maximum_or_default().get().into(),
        }
    }

    /// Sends a message. Returns `false` if it must not be sent, because it has expired or is larger than the client
    /// accepts.
    fn send(&mut self, outgoing: &Outgoing, fan_out: &FanOut<'_>, delivery: Delivery) -> bool {
        let version = self.seat.version;
        let Ok(forward) = fan_out.forward(version) else { return false };
        let Outgoing { message, retain, subscription_identifiers, .. } = outgoing;
        let subscriber = Subscriber::new(delivery)
            .with_retain(*retain)
            .with_waited(message.waited())
            .with_maximum_packet_size(self.maximum_packet_size)
            .with_subscription_identifiers(if version.is_v3() { &[] } else { subscription_identifiers });
        let subscriber = self.aliases.set(forward, subscriber);
        self.outlet.write(|output| forward.encode_to(&subscriber, output)).is_ok()
    }
}
