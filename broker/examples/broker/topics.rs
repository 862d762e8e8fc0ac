//! The subscriptions of all sessions.

use crate::session::SessionId;
use alloc::collections::BTreeMap;
use core::cell::Cell;
use mqtt_broker::TopicFilterMap;
use mqtt_codec::{SubscriptionIdentifier, SubscriptionOptions, borrowed};

/// One subscription of one session.
#[derive(Clone, Copy)]
pub(crate) struct Subscription {
    pub(crate) session: SessionId,
    pub(crate) is_shared: bool,
    pub(crate) options: SubscriptionOptions,
    pub(crate) identifier: Option<SubscriptionIdentifier>,
}

/// The subscriptions of all sessions, by filter.
#[derive(Default)]
pub(crate) struct Subscriptions {
    groups: TopicFilterMap<Group>,
}

/// The subscriptions with the same filter.
#[derive(Default)]
struct Group {
    members: BTreeMap<SessionId, Subscription>,
    /// The first member whose turn it is to receive a message, if the subscription is shared.
    next: Cell<SessionId>,
}

impl Subscriptions {
    /// Adds a subscription, and returns `false` if it replaces one of the same session with the same filter.
    pub(crate) fn insert(&mut self, filter: &borrowed::TopicFilter<'_>, subscription: Subscription) -> bool {
        self.groups.get_or_insert_default(filter).members.insert(subscription.session, subscription).is_none()
    }

    /// Removes a subscription, and returns `false` if there is none.
    pub(crate) fn remove(&mut self, filter: &borrowed::TopicFilter<'_>, session: SessionId) -> bool {
        let Some(group) = self.groups.get_mut(filter) else { return false };
        let existed = group.members.remove(&session).is_some();
        if group.members.is_empty() {
            self.groups.remove(filter);
        }
        existed
    }

    /// Finds the subscriptions that match a topic. If they are shared, the next connected member of each group is chosen.
    pub(crate) fn matches(
        &self,
        topic: &borrowed::TopicName<'_>,
        is_online: impl Fn(SessionId) -> bool,
    ) -> Vec<Subscription> {
        let mut matches = Vec::new();
        for group in self.groups.matches(topic) {
            match group.members.values().next() {
                Some(member) if member.is_shared => matches.extend(group.take_turn(&is_online)),
                _ => matches.extend(group.members.values()),
            }
        }
        matches
    }
}

impl Group {
    fn take_turn(&self, is_online: impl Fn(SessionId) -> bool) -> Option<&Subscription> {
        let (earlier, later) = (self.members.range(..self.next.get()), self.members.range(self.next.get()..));
        let mut turns = later.chain(earlier).map(|(_, member)| member);
        let chosen = turns.clone().find(|member| is_online(member.session)).or_else(|| turns.next())?;
        self.next.set(chosen.session.saturating_add(1));
        Some(chosen)
    }
}
