//! The packets of connected clients, and how each of them changes the broker.

use crate::broker::{Broker, Seat};
use crate::connection::{CLOSED, Ending};
use crate::limits;
use crate::message::{Message, Outgoing};
use crate::session::SessionId;
use crate::topics::Subscription;
use alloc::sync::Arc;
use mqtt_codec::{
    Delivery, DisconnectReasonCode, FanOut, Frame, Packet, PingResp, PubAckReasonCode, PubComp, PubRel,
    PubRelReasonCode, PublishFrame, QoS, ReasonCode, SubAckReasonCode, Subscribe, Subscription as Wanted,
    UnsubAckReasonCode, Unsubscribe,
};

impl Broker {
    /// Handles a packet of a connected client.
    pub(crate) fn receive(&mut self, seat: Seat, frame: Frame) -> Result<(), Ending> {
        let frame = match frame.into_publish() {
            Ok(publish) => return self.receive_publish(seat, publish),
            Err(frame) => frame,
        };
        let state = self.at(seat)?;
        match frame.packet() {
            Packet::PubAck(puback) => state.acknowledged(puback.packet_identifier),
            Packet::PubRec(pubrec) if pubrec.reason_code.is_error() => state.acknowledged(pubrec.packet_identifier),
            Packet::PubRec(pubrec) => {
                let reason_code = found(state.received(pubrec.packet_identifier));
                state.answer(PubRel { reason_code, ..PubRel::new(pubrec.packet_identifier) });
            }
            Packet::PubComp(pubcomp) => state.acknowledged(pubcomp.packet_identifier),
            Packet::PubRel(pubrel) => {
                let reason_code = found(state.unreleased.remove(&pubrel.packet_identifier));
                state.answer(PubComp { reason_code, ..PubComp::new(pubrel.packet_identifier) });
            }
            Packet::Subscribe(subscribe) => self.subscribe(seat.session, &subscribe),
            Packet::Unsubscribe(unsubscribe) => self.unsubscribe(seat.session, &unsubscribe),
            Packet::PingReq(_) => state.answer(PingResp),
            Packet::Disconnect(disconnect) => {
                let expiry = disconnect.session_expiry_interval(state.expiry);
                state.expiry = expiry.ok_or(ReasonCode::PROTOCOL_ERROR)?;
                if disconnect.reason_code != DisconnectReasonCode::DISCONNECT_WITH_WILL_MESSAGE {
                    state.will = None;
                }
                return Err(CLOSED);
            }
            Packet::Auth(auth) => {
                let authentication = state.link.as_mut().and_then(|link| link.authentication.as_mut());
                let auth = authentication.ok_or(ReasonCode::PROTOCOL_ERROR)?.answer(&auth)?;
                state.answer(auth);
            }
            _ => return Err(ReasonCode::PROTOCOL_ERROR.into()), // the decoder refuses them
        }
        Ok(())
    }

    fn receive_publish(&mut self, seat: Seat, frame: PublishFrame) -> Result<(), Ending> {
        let state = self.at(seat)?;
        let frame = state.link.as_mut().ok_or(CLOSED)?.aliases.resolve(frame)?;
        let (delivery, is_v3) = (frame.delivery(), seat.version.is_v3());
        let reason_code = match delivery {
            Delivery::ExactlyOnce { packet_identifier, .. } if state.unreleased.contains(&packet_identifier) => {
                PubAckReasonCode::SUCCESS // it was published already
            }
            Delivery::ExactlyOnce { .. }
                if state.unreleased.len() >= usize::from(limits::RECEIVE_MAXIMUM) && !is_v3 =>
            {
                return Err(ReasonCode::RECEIVE_MAXIMUM_EXCEEDED.into());
            }
            _ => self.publish(seat.session, frame),
        };
        // If the version has no code for a refusal, the message is accepted and dropped [MQTT-3.3.5-2 of 3.1.1].
        let reason_code = if is_v3 { PubAckReasonCode::SUCCESS } else { reason_code };
        let state = self.at(seat)?;
        if delivery.qos() == QoS::ExactlyOnce && !reason_code.is_error() {
            state.unreleased.extend(delivery.packet_identifier());
        }
        let acknowledgement: Option<Packet> = Packet::acknowledging(delivery, reason_code);
        if let Some(packet) = acknowledgement {
            state.answer(packet);
        }
        Ok(())
    }

    /// Publishes a message of a client, if it may be published.
    fn publish(&mut self, publisher: SessionId, frame: PublishFrame) -> PubAckReasonCode {
        let Some((state, topic_name)) = self.sessions.get(publisher).zip(frame.topic_name()) else {
            return PubAckReasonCode::UNSPECIFIED_ERROR;
        };
        if !self.hooks.may_publish(&state.client, &topic_name) {
            PubAckReasonCode::NOT_AUTHORIZED
        } else if frame.retain() && !self.retained.has_room(frame.as_bytes().len()) {
            PubAckReasonCode::QUOTA_EXCEEDED
        } else if self.route(publisher, Message::new(frame)) {
            PubAckReasonCode::SUCCESS
        } else {
            PubAckReasonCode::NO_MATCHING_SUBSCRIBERS
        }
    }

    /// Sends a message to all its subscribers, and stores it if it is retained. Returns `false` if there are no
    /// subscribers.
    pub(crate) fn route(&mut self, publisher: SessionId, message: Message) -> bool {
        let Some(topic_name) = message.frame.topic_name() else { return false };
        let is_online = |session| self.sessions.get(session).is_some_and(|state| state.link.is_some());
        let mut matches = self.subscriptions.matches(&topic_name, is_online);
        matches.retain(|it| !it.options.no_local || it.session != publisher);
        matches.sort_by_key(|it| (it.session, it.is_shared));
        let is_kept = message.frame.retain() || !matches.iter().all(|it| is_online(it.session));
        let message = Arc::new(if is_kept { message.compact() } else { message });
        let fan_out = FanOut::new(&message.frame);
        // One delivery for each session, and another one for each of its shared subscriptions.
        for of_one in matches.chunk_by(|a, b| a.session == b.session && !b.is_shared) {
            if let Some(state) = of_one.first().and_then(|it| self.sessions.get_mut(it.session)) {
                state.deliver(merge(&message, of_one), &fan_out);
            }
        }
        if message.frame.retain() {
            self.retained.insert(&message);
        }
        !matches.is_empty()
    }

    fn subscribe(&mut self, session: SessionId, subscribe: &Subscribe<&[u8]>) {
        let Self { hooks, sessions, subscriptions, retained, .. } = self;
        let Some(state) = sessions.get_mut(session) else { return };
        let identifier = subscribe.properties.subscription_identifier();
        let mut to_retained = Vec::new();
        let suback = subscribe.answer(|Wanted { topic_filter: filter, options }| {
            if filter.levels().count() > limits::LEVELS {
                return SubAckReasonCode::TOPIC_FILTER_INVALID;
            } else if !hooks.may_subscribe(&state.client, &filter) {
                return SubAckReasonCode::NOT_AUTHORIZED;
            } else if state.filters.len() >= limits::SUBSCRIPTIONS && !state.filters.contains(filter.as_str()) {
                return SubAckReasonCode::QUOTA_EXCEEDED;
            }
            let subscription = Subscription { session, is_shared: filter.is_shared(), options, identifier };
            let is_new = subscriptions.insert(&filter, subscription);
            state.filters.insert(filter.to_shared());
            if options.retain_handling.sends_retained(is_new) && !subscription.is_shared {
                to_retained.push((filter, subscription));
            }
            SubAckReasonCode::granted(options.maximum_qos)
        });
        state.answer(suback);
        for (filter, subscription) in to_retained {
            for message in retained.matching(&filter) {
                let outgoing = Outgoing { retain: true, ..merge(message, &[subscription]) };
                state.deliver(outgoing, &FanOut::new(&message.frame));
            }
        }
    }

    fn unsubscribe(&mut self, session: SessionId, unsubscribe: &Unsubscribe<&[u8]>) {
        let Some(state) = self.sessions.get_mut(session) else { return };
        let unsuback = unsubscribe.answer(|filter| {
            state.filters.remove(filter.as_str());
            if self.subscriptions.remove(&filter, session) {
                UnsubAckReasonCode::SUCCESS
            } else {
                UnsubAckReasonCode::NO_SUBSCRIPTION_EXISTED
            }
        });
        state.answer(unsuback);
    }

    /// Sends queued messages to a connection whose buffer has room again.
    pub(crate) fn send_queued(&mut self, seat: Seat) {
        if let Ok(state) = self.at(seat) {
            state.send_queued();
        }
    }
}

/// Combines all matching subscriptions of a session into one delivery, with the highest QoS and all identifiers.
fn merge(message: &Arc<Message>, of_one: &[Subscription]) -> Outgoing {
    let granted = of_one.iter().map(|it| it.options.maximum_qos).max().unwrap_or_default();
    Outgoing {
        message: Arc::clone(message),
        qos: message.frame.qos().min(granted),
        retain: message.frame.retain() && of_one.iter().any(|it| it.options.retain_as_published),
        subscription_identifiers: of_one.iter().filter_map(|it| it.identifier).collect(),
        sent_as: None,
    }
}

const fn found(is_found: bool) -> PubRelReasonCode {
    if is_found { PubRelReasonCode::SUCCESS } else { PubRelReasonCode::PACKET_IDENTIFIER_NOT_FOUND }
}
