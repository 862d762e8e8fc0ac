//! The broker: which clients have which session, from CONNECT to the end of the session.

use crate::authentication::Authentication;
use crate::connection::{CLOSED, Ending};
use crate::hooks::Hooks;
use crate::limits;
use crate::message::Message;
use crate::outlet::Outlet;
use crate::retained::Retained;
use crate::session::{Link, Session, SessionId};
use crate::topics::Subscriptions;
use alloc::sync::Arc;
use core::time::Duration;
use mqtt_codec::{
    Auth, ConnAck, ConnAckProperties, Connect, Disconnect, DisconnectReasonCode, KeepAlive, PacketIdentifier,
    ProtocolVersion, PublishFrame, ReasonCode,
};
use parking_lot::Mutex;
use slab::Slab;
use std::collections::HashMap;
use tokio::time::sleep;
use tokio_util::task::AbortOnDropHandle;

/// Session Expiry Interval: the session does not end.
const NEVER: u32 = u32::MAX;

pub(crate) struct Broker {
    pub(crate) hooks: Box<dyn Hooks>,
    pub(crate) sessions: Slab<Session>,
    clients: HashMap<Arc<str>, SessionId>,
    pub(crate) subscriptions: Subscriptions,
    pub(crate) retained: Retained,
    /// The number of the last connection.
    last: u64,
    maximum_packet_size: u32,
}

/// The session of a connection, and which of its connections it is.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Seat {
    pub(crate) session: SessionId,
    pub(crate) version: ProtocolVersion,
    number: u64,
}

impl Broker {
    pub(crate) fn new(hooks: Box<dyn Hooks>, maximum_packet_size: u32) -> Self {
        Self {
            hooks,
            sessions: Slab::new(),
            clients: HashMap::new(),
            subscriptions: Subscriptions::default(),
            retained: Retained::default(),
            last: 0,
            maximum_packet_size,
        }
    }

    /// Connects a client to its session, and sends CONNACK and the queued messages. `authenticated` has the last packet of
    /// enhanced authentication. Returns the Keep Alive of the connection, too.
    pub(crate) fn connect(
        &mut self,
        connect: &Connect<&[u8]>,
        authenticated: Option<(Authentication, Auth)>,
        outlet: &Arc<Outlet>,
    ) -> Result<(Seat, KeepAlive), Ending> {
        self.last = self.last.saturating_add(1);
        let (number, is_named) = (self.last, !connect.client_identifier.is_empty());
        let client: Arc<str> =
            if is_named { connect.client_identifier.as_str().into() } else { format!("auto-{number}").into() };
        let known = self.clients.get(&client).copied();
        let present = known.filter(|session| self.take_over(*session, connect.clean_start));
        if present.is_none() && self.sessions.len() >= limits::SESSIONS {
            return Err(ReasonCode::QUOTA_EXCEEDED.into());
        }
        let session = present.unwrap_or_else(|| self.sessions.insert(Session::new(Arc::clone(&client))));
        self.clients.insert(Arc::clone(&client), session);
        let (authentication, auth) = authenticated.unzip();
        let is_too_long = connect.keep_alive > limits::KEEP_ALIVE && !connect.protocol_version.is_v3();
        let server_keep_alive = is_too_long.then_some(limits::KEEP_ALIVE);
        let properties = ConnAckProperties::builder()
            .receive_maximum(limits::RECEIVE_MAXIMUM)
            .maximum_packet_size(self.maximum_packet_size)
            .topic_alias_maximum(limits::TOPIC_ALIAS_MAXIMUM)
            .server_keep_alive(server_keep_alive)
            .assigned_client_identifier((!is_named).then_some(&*client))
            .properties(auth.iter().flat_map(|auth| auth.properties.iter()))
            .build()
            .unwrap_or_default();
        outlet.send(ConnAck::accepted(present.is_some()).with_properties(properties));
        let seat = Seat { session, version: connect.protocol_version, number };
        let state = self.sessions.get_mut(session).ok_or(CLOSED)?;
        state.expiry = connect.session_expiry_interval();
        state.will = connect.will.as_ref().map(|will| will.to_shared());
        state.resume(Link::new(seat, connect, Arc::clone(outlet), authentication));
        Ok((seat, server_keep_alive.unwrap_or(connect.keep_alive)))
    }

    /// Ends the current connection of a session, because the client has opened another one. Returns `false` if the session
    /// ends, too.
    fn take_over(&mut self, session: SessionId, is_clean: bool) -> bool {
        let Some(state) = self.sessions.get_mut(session) else { return false };
        state.timer = None;
        if let Some(link) = state.link.take() {
            link.outlet.send(Disconnect::new(DisconnectReasonCode::SESSION_TAKEN_OVER));
            link.outlet.close();
        }
        if is_clean || state.expiry == 0 {
            self.end_session(session);
            return false;
        }
        if state.will_delay() == 0 {
            self.publish_will(session);
        }
        true
    }

    /// Handles the end of a connection: publishes the Will after its delay, if the client has not removed it, and ends the
    /// session when it expires.
    pub(crate) fn disconnected(broker: &Arc<Mutex<Self>>, seat: Seat) {
        let mut this = broker.lock();
        let Ok(state) = this.at(seat) else { return };
        state.link = None;
        let (broker, session, expiry) = (Arc::clone(broker), seat.session, state.expiry);
        let delay = state.will_delay().min(expiry);
        state.timer = Some(AbortOnDropHandle::new(tokio::spawn(async move {
            sleep(Duration::from_secs(delay.into())).await;
            broker.lock().publish_will(session);
            if expiry != NEVER {
                sleep(Duration::from_secs(expiry.saturating_sub(delay).into())).await;
                broker.lock().end_session(session);
            }
        })));
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
        let Some(will) = self.sessions.get_mut(session).and_then(|state| state.will.take()) else { return };
        let publish = will.into_message().into_publish(|| PacketIdentifier::MIN);
        if let Ok(frame) = PublishFrame::encode(&publish, ProtocolVersion::V5) {
            self.route(session, Message::new(frame));
        }
    }

    /// Returns the session, unless the client has opened another connection since.
    pub(crate) fn at(&mut self, seat: Seat) -> Result<&mut Session, Ending> {
        let state = self.sessions.get_mut(seat.session).ok_or(CLOSED)?;
        let is_current = state.link.as_ref().is_some_and(|link| link.seat == seat);
        if is_current { Ok(state) } else { Err(CLOSED) }
    }
}
