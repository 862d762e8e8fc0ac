//! The broker: sessions, subscriptions and retained messages, and how each packet changes them.

use crate::ending::Ending;
use crate::hooks::Hooks;
use crate::limits;
use crate::message::{self, Message, Outgoing, Prepared};
use crate::outlet::Outlet;
use crate::retained::Retained;
use crate::session::{Link, NEVER, Session, SessionId, server_keep_alive};
use crate::topics::{Subscription, Subscriptions};
use alloc::sync::{Arc, Weak};
use core::time::Duration;
use mqtt_codec::{
    ConnAck, ConnAckProperties, ConnAckReasonCode, Connect, Disconnect, DisconnectReasonCode, Frame, Packet,
    PacketIdentifier, PingResp, ProtocolVersion, PubAck, PubAckReasonCode, PubComp, PubRec, PubRel, PubRelReasonCode,
    Publish, PublishFrame, QoS, RetainHandling, SubAck, SubAckReasonCode, Subscribe, SubscriptionOptions, UnsubAck,
    UnsubAckReasonCode, Unsubscribe,
};
use slab::Slab;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::time::sleep;

pub(crate) struct Broker {
    pub(crate) hooks: Box<dyn Hooks>,
    sessions: Slab<Session>,
    clients: HashMap<Arc<str>, SessionId>,
    subscriptions: Subscriptions,
    retained: Retained,
    /// The number of the last connection.
    next: u64,
    maximum_packet_size: u32,
    /// The broker itself, for the tasks of its timers.
    this: Weak<Mutex<Self>>,
}

/// The session of a connection, and which of its connections it is.
#[derive(Clone, Copy)]
pub(crate) struct Seat {
    session: SessionId,
    number: u64,
}

pub(crate) fn lock(broker: &Mutex<Broker>) -> MutexGuard<'_, Broker> {
    broker.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Broker {
    pub(crate) fn new(hooks: Box<dyn Hooks>, maximum_packet_size: u32) -> Arc<Mutex<Self>> {
        Arc::new_cyclic(|this| {
            Mutex::new(Self {
                hooks,
                sessions: Slab::new(),
                clients: HashMap::new(),
                subscriptions: Subscriptions::default(),
                retained: Retained::default(),
                next: 0,
                maximum_packet_size,
                this: Weak::clone(this),
            })
        })
    }

    /// Connects a client to its session, and sends CONNACK and the queued messages. `properties` are those of enhanced
    /// authentication.
    pub(crate) fn connect(
        &mut self,
        connect: &Connect<&[u8]>,
        properties: &ConnAckProperties,
        outlet: &Arc<Outlet>,
    ) -> Result<Seat, Ending> {
        let number = self.number();
        let link = Link::new(number, connect, Arc::clone(outlet));
        let is_named = !connect.client_identifier.is_empty();
        let client: Arc<str> =
            if is_named { connect.client_identifier.as_str().into() } else { format!("auto-{number}").into() };
        if let Some(session) = self.clients.get(&client).copied() {
            self.take_over(session, connect.clean_start);
        }
        let present = self.clients.get(&client).copied();
        if present.is_none() && self.sessions.len() >= limits::SESSIONS {
            return Err(ConnAckReasonCode::QUOTA_EXCEEDED.into());
        }
        let session = present.unwrap_or_else(|| self.sessions.insert(Session::new(Arc::clone(&client))));
        self.clients.insert(Arc::clone(&client), session);
        let state = self.sessions.get_mut(session).ok_or(ConnAckReasonCode::UNSPECIFIED_ERROR)?;
        // A session of 3.x ends with the connection, or never.
        let of_v3 = if connect.clean_start { 0 } else { NEVER };
        let expiry = connect.properties.session_expiry_interval().unwrap_or(0);
        state.expiry = if link.version.is_v3() { of_v3 } else { expiry };
        state.will = connect.will.as_ref().and_then(|will| {
            let delay = will.properties.will_delay_interval().unwrap_or(0);
            message::publish_of_will(&will.to_shared()).ok().map(|publish| (publish, delay))
        });
        let mut builder = ConnAckProperties::builder()
            .receive_maximum(limits::RECEIVE_MAXIMUM)
            .maximum_packet_size(self.maximum_packet_size)
            .topic_alias_maximum(limits::TOPIC_ALIAS_MAXIMUM)
            .properties(properties);
        if let Some(keep_alive) = server_keep_alive(connect) {
            builder = builder.server_keep_alive(keep_alive);
        }
        if !is_named {
            builder = builder.assigned_client_identifier(&*client);
        }
        let properties = builder.build().unwrap_or_default();
        link.outlet.send(ConnAck::accepted(present.is_some()).with_properties(properties));
        state.resume(link);
        Ok(Seat { session, number })
    }

    /// Ends the current connection of a session, because the client has opened another one.
    fn take_over(&mut self, session: SessionId, is_clean: bool) {
        let Some(state) = self.sessions.get_mut(session) else { return };
        if let Some(timer) = state.timer.take() {
            timer.abort();
        }
        if let Some(link) = state.link.take() {
            link.outlet.send(Disconnect::new(DisconnectReasonCode::SESSION_TAKEN_OVER));
            link.outlet.close();
        }
        if is_clean || state.expiry == 0 {
            self.end_session(session);
        } else if let Some((publish, 0)) = state.will.take() {
            self.publish_own(session, publish); // a delayed Will is not published, because the client is back in time
        }
    }

    /// Handles the end of a connection. If the Will was not removed, it is published, now or after its delay.
    pub(crate) fn disconnected(&mut self, seat: Seat) {
        let Some(state) = self.at(seat) else { return };
        state.link = None;
        let (expiry, delay) = (state.expiry, state.will.as_ref().map(|(_, delay)| *delay));
        if expiry == 0 {
            return self.end_session(seat.session);
        }
        let delay = delay.map(|delay| delay.min(expiry));
        if delay == Some(0) {
            self.publish_will(seat.session);
        }
        let (this, session) = (Weak::clone(&self.this), seat.session);
        let timer = tokio::spawn(async move {
            let delay = delay.unwrap_or(0);
            sleep(Duration::from_secs(delay.into())).await;
            if let Some(broker) = this.upgrade().filter(|_| delay > 0) {
                lock(&broker).publish_will(session);
            }
            if expiry != NEVER {
                sleep(Duration::from_secs(expiry.saturating_sub(delay).into())).await;
                if let Some(broker) = this.upgrade() {
                    lock(&broker).end_session(session);
                }
            }
        });
        if let Some(state) = self.sessions.get_mut(session) {
            state.timer = Some(timer.abort_handle());
        }
    }

    fn end_session(&mut self, session: SessionId) {
        self.publish_will(session);
        let Some(state) = self.sessions.try_remove(session) else { return };
        self.clients.remove(&state.client);
        for filter in &state.filters {
            self.subscriptions.remove(&filter.as_borrowed(), session);
        }
    }

    fn publish_will(&mut self, session: SessionId) {
        let will = self.sessions.get_mut(session).and_then(|state| state.will.take());
        if let Some((publish, _)) = will {
            self.publish_own(session, publish);
        }
    }

    /// Publishes a message that is not a received one.
    fn publish_own(&mut self, publisher: SessionId, publish: Publish) {
        if let Some(frame) = message::frame(&publish.as_borrowed(), ProtocolVersion::V5) {
            self.route(Message::new(frame, publisher));
        }
    }

    /// Handles a packet of a connected client.
    pub(crate) fn receive(&mut self, seat: Seat, frame: Frame) -> Result<(), Ending> {
        let frame = match frame.into_publish() {
            Ok(publish) => return self.receive_publish(seat, publish),
            Err(frame) => frame,
        };
        let state = self.at(seat).ok_or(Ending::Closed)?;
        let is_v3 = state.version().is_v3(); // 3.x has no code for an unknown message
        match frame.packet() {
            Packet::PubAck(puback) => state.acknowledged(puback.packet_identifier),
            Packet::PubRec(pubrec) if pubrec.reason_code.is_error() => state.acknowledged(pubrec.packet_identifier),
            Packet::PubRec(pubrec) => {
                let reason_code = found(state.received(pubrec.packet_identifier) || is_v3);
                state.answer(PubRel { reason_code, ..PubRel::new(pubrec.packet_identifier) });
            }
            Packet::PubComp(pubcomp) => state.acknowledged(pubcomp.packet_identifier),
            Packet::PubRel(pubrel) => {
                let reason_code = found(state.unreleased.remove(&pubrel.packet_identifier) || is_v3);
                state.answer(PubComp { reason_code, ..PubComp::new(pubrel.packet_identifier) });
            }
            Packet::Subscribe(subscribe) => self.subscribe(seat, &subscribe),
            Packet::Unsubscribe(unsubscribe) => self.unsubscribe(seat, &unsubscribe),
            Packet::PingReq(_) => state.answer(PingResp),
            Packet::Disconnect(disconnect) => {
                if let Some(expiry) = disconnect.properties.session_expiry_interval() {
                    if state.expiry == 0 && expiry > 0 {
                        return Err(DisconnectReasonCode::PROTOCOL_ERROR.into()); // [MQTT-3.14.2-2]
                    }
                    state.expiry = expiry;
                }
                if disconnect.reason_code != DisconnectReasonCode::DISCONNECT_WITH_WILL_MESSAGE {
                    state.will = None;
                }
                return Err(Ending::Closed);
            }
            // AUTH is handled elsewhere, and the decoder refuses the others.
            _ => return Err(DisconnectReasonCode::PROTOCOL_ERROR.into()),
        }
        Ok(())
    }

    fn receive_publish(&mut self, seat: Seat, frame: PublishFrame) -> Result<(), Ending> {
        let frame = self.resolve_alias(seat, frame)?;
        let state = self.sessions.get(seat.session).ok_or(Ending::Closed)?;
        let topic_name = frame.topic_name().ok_or(Ending::Closed)?;
        let is_allowed = self.hooks.may_publish(&state.client, &topic_name);
        let has_room = !frame.retain() || self.retained.has_room(frame.as_bytes().len());
        let delivery = frame.delivery();
        let Some(identifier) = delivery.packet_identifier() else {
            if is_allowed && has_room {
                self.route(Message::new(frame, seat.session));
            }
            return Ok(());
        };
        let state = self.at(seat).ok_or(Ending::Closed)?;
        let is_second = delivery.qos() == QoS::ExactlyOnce && state.unreleased.contains(&identifier);
        let has_quota = state.unreleased.len() < usize::from(limits::RECEIVE_MAXIMUM);
        if delivery.qos() == QoS::ExactlyOnce && !is_second && !has_quota && !state.version().is_v3() {
            return Err(DisconnectReasonCode::RECEIVE_MAXIMUM_EXCEEDED.into());
        }
        let reason_code = if !is_allowed {
            PubAckReasonCode::NOT_AUTHORIZED
        } else if !has_room {
            PubAckReasonCode::QUOTA_EXCEEDED
        } else if is_second || self.route(Message::new(frame, seat.session)) {
            PubAckReasonCode::SUCCESS
        } else {
            PubAckReasonCode::NO_MATCHING_SUBSCRIBERS
        };
        self.answer_publish(seat, delivery.qos(), identifier, reason_code);
        Ok(())
    }

    /// Acknowledges a message. If the version has no code for a refusal, the message is accepted and dropped
    /// [MQTT-3.3.5-2 of 3.1.1].
    fn answer_publish(&mut self, seat: Seat, qos: QoS, identifier: PacketIdentifier, reason_code: PubAckReasonCode) {
        let Some(state) = self.at(seat) else { return };
        let is_v3 = state.version().is_v3();
        let reason_code = if is_v3 { PubAckReasonCode::SUCCESS } else { reason_code };
        if qos == QoS::AtLeastOnce {
            return state.answer(PubAck { reason_code, ..PubAck::new(identifier) });
        }
        if !reason_code.is_error() {
            state.unreleased.insert(identifier);
        }
        state.answer(PubRec { reason_code, ..PubRec::new(identifier) });
    }

    /// Replaces the Topic Alias of a message by its Topic Name.
    fn resolve_alias(&mut self, seat: Seat, frame: PublishFrame) -> Result<PublishFrame, Ending> {
        let Some(alias) = frame.properties().topic_alias() else { return Ok(frame) };
        let link = self.at(seat).and_then(|state| state.link.as_mut()).ok_or(Ending::Closed)?;
        if alias.get() > limits::TOPIC_ALIAS_MAXIMUM {
            return Err(DisconnectReasonCode::TOPIC_ALIAS_INVALID.into());
        }
        if let Some(topic_name) = frame.topic_name() {
            link.incoming_aliases.insert(alias, topic_name.to_shared());
            return Ok(frame);
        }
        let topic_name = link.incoming_aliases.get(&alias).ok_or(DisconnectReasonCode::PROTOCOL_ERROR)?;
        let mut publish = frame.as_borrowed();
        publish.set_topic_name(topic_name.as_borrowed());
        Ok(message::frame(&publish, frame.version()).ok_or(DisconnectReasonCode::PACKET_TOO_LARGE)?)
    }

    /// Sends a message to all its subscribers, and stores it if it is retained. Returns `false` if there are no
    /// subscribers.
    fn route(&mut self, message: Message) -> bool {
        let Some(topic_name) = message.frame.topic_name() else { return false };
        let sessions = &self.sessions;
        let is_online = |session| sessions.get(session).is_some_and(|state: &Session| state.link.is_some());
        let mut matches = self.subscriptions.matches(&topic_name, &is_online);
        matches.own.retain(|own| !own.options.no_local || own.session != message.publisher);
        matches.own.sort_by_key(|own| own.session);
        let everybody = matches.own.chunk_by(|a, b| a.session == b.session);
        let everybody = everybody.chain(matches.shared.chunks(1));
        let is_kept = message.frame.retain() || everybody.clone().flatten().any(|it| !is_online(it.session));
        let message = Arc::new(if is_kept { message.compact() } else { message });
        let prepared = Prepared::new(&message);
        let mut has_subscribers = false;
        for of_one in everybody {
            has_subscribers = true;
            if let Some((outgoing, state)) = merge(&message, of_one).zip(session_of(&mut self.sessions, of_one)) {
                state.deliver(outgoing, &prepared);
            }
        }
        if message.frame.retain() {
            self.retained.insert(&message);
        }
        has_subscribers
    }

    fn subscribe(&mut self, seat: Seat, subscribe: &Subscribe<&[u8]>) {
        let identifier = subscribe.properties.subscription_identifier();
        let (mut codes, mut to_retained) = (Vec::new(), Vec::new());
        let Some(state) = self.sessions.get_mut(seat.session) else { return };
        for subscription in &subscribe.subscriptions {
            let (filter, options) = (subscription.topic_filter, subscription.options);
            let refusal = if filter.levels().count() > limits::LEVELS {
                Some(SubAckReasonCode::TOPIC_FILTER_INVALID)
            } else if !self.hooks.may_subscribe(&state.client, &filter) {
                Some(SubAckReasonCode::NOT_AUTHORIZED)
            } else if state.filters.len() >= limits::SUBSCRIPTIONS && !state.filters.contains(filter.as_str()) {
                Some(SubAckReasonCode::QUOTA_EXCEEDED)
            } else {
                None
            };
            if let Some(code) = refusal {
                codes.push(code);
                continue;
            }
            let kept = Subscription { session: seat.session, options, identifier };
            let is_new = self.subscriptions.insert(&filter, kept);
            if is_new {
                state.filters.insert(filter.to_shared());
            }
            codes.push(SubAckReasonCode::granted(options.maximum_qos));
            let is_wanted = match options.retain_handling {
                RetainHandling::SendAtSubscribe => true,
                RetainHandling::SendAtSubscribeIfNew => is_new,
                RetainHandling::DoNotSend => false,
            };
            if is_wanted && !filter.is_shared() {
                to_retained.push((filter, kept));
            }
        }
        if let Ok(suback) = SubAck::new(subscribe.packet_identifier, codes.into_iter().collect()) {
            state.answer(suback);
        }
        for (filter, subscription) in to_retained {
            for message in self.retained.matching(&filter) {
                if let Some(outgoing) = merge(message, &[subscription]) {
                    state.deliver(Outgoing { retain: true, ..outgoing }, &Prepared::new(message));
                }
            }
        }
    }

    fn unsubscribe(&mut self, seat: Seat, unsubscribe: &Unsubscribe<&[u8]>) {
        let Some(state) = self.sessions.get_mut(seat.session) else { return };
        let codes = unsubscribe.topic_filters.iter().map(|filter| {
            state.filters.remove(filter.as_str());
            if self.subscriptions.remove(&filter, seat.session) {
                UnsubAckReasonCode::SUCCESS
            } else {
                UnsubAckReasonCode::NO_SUBSCRIPTION_EXISTED
            }
        });
        let unsuback = UnsubAck::new(unsubscribe.packet_identifier, codes.collect());
        state.answer(unsuback);
    }

    /// Sends queued messages to a connection whose buffer has room again.
    pub(crate) fn send_queued(&mut self, seat: Seat) {
        if let Some(state) = self.at(seat) {
            state.send_queued();
        }
    }

    /// Returns the session, unless the client has opened another connection since.
    fn at(&mut self, seat: Seat) -> Option<&mut Session> {
        let state = self.sessions.get_mut(seat.session)?;
        let is_current = state.link.as_ref().is_some_and(|link| link.number == seat.number);
        is_current.then_some(state)
    }

    const fn number(&mut self) -> u64 {
        self.next = self.next.saturating_add(1);
        self.next
    }
}

fn session_of<'s>(sessions: &'s mut Slab<Session>, of_one: &[Subscription]) -> Option<&'s mut Session> {
    sessions.get_mut(of_one.first()?.session)
}

/// Combines all matching subscriptions of a session into one delivery, with the highest QoS and all identifiers.
fn merge(message: &Arc<Message>, of_one: &[Subscription]) -> Option<Outgoing> {
    let granted = of_one.iter().map(|it| it.options.maximum_qos).max()?;
    let keeps = |options: &SubscriptionOptions| options.retain_as_published;
    Some(Outgoing {
        message: Arc::clone(message),
        qos: message.frame.qos().min(granted),
        retain: message.frame.retain() && of_one.iter().any(|it| keeps(&it.options)),
        subscription_identifiers: of_one.iter().filter_map(|it| it.identifier).collect(),
    })
}

const fn found(is_found: bool) -> PubRelReasonCode {
    if is_found { PubRelReasonCode::SUCCESS } else { PubRelReasonCode::PACKET_IDENTIFIER_NOT_FOUND }
}
