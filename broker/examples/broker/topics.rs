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
    pub(crate) options: SubscriptionOptions,
    pub(crate) identifier: Option<SubscriptionIdentifier>,
}

/// The subscriptions of all sessions: for each filter, by share name. `None` is the key of subscriptions that are not
/// shared.
#[derive(Default)]
pub(crate) struct Subscriptions {
    filters: TopicFilterMap<BTreeMap<Option<Box<str>>, Group>>,
}

#[derive(Default)]
struct Group {
    members: Vec<Subscription>,
    /// The member that receives the next message, if the subscription is shared.
    next: Cell<usize>,
}

/// The subscriptions that match a topic.
#[derive(Default)]
pub(crate) struct Matches {
    /// There may be several of one session, which gets the message once.
    pub(crate) own: Vec<Subscription>,
    /// One subscription for each group. Each is a separate delivery.
    pub(crate) shared: Vec<Subscription>,
}

impl Subscriptions {
    /// Adds a subscription, and returns `false` if it replaces one of the same session with the same filter.
    pub(crate) fn insert(&mut self, filter: &borrowed::TopicFilter<'_>, subscription: Subscription) -> bool {
        let (share_name, filter) = split(filter);
        let members = &mut self.filters.get_or_insert_default(&filter).entry(share_name).or_default().members;
        let other = members.iter_mut().find(|other| other.session == subscription.session);
        let is_new = other.is_none();
        match other {
            Some(other) => *other = subscription,
            None => members.push(subscription),
        }
        is_new
    }

    /// Removes a subscription, and returns `false` if there is none.
    pub(crate) fn remove(&mut self, filter: &borrowed::TopicFilter<'_>, session: SessionId) -> bool {
        let (share_name, filter) = split(filter);
        let Some(groups) = self.filters.get_mut(&filter) else { return false };
        let Some(group) = groups.get_mut(&share_name) else { return false };
        let before = group.members.len();
        group.members.retain(|subscription| subscription.session != session);
        let existed = group.members.len() < before;
        groups.retain(|_, group| !group.members.is_empty());
        if groups.is_empty() {
            self.filters.remove(&filter);
        }
        existed
    }

    /// Finds the subscriptions that match a topic. In each group, the next connected member is chosen.
    pub(crate) fn matches(&self, topic: &borrowed::TopicName<'_>, is_online: &impl Fn(SessionId) -> bool) -> Matches {
        let mut matches = Matches::default();
        for (share_name, group) in self.filters.matches(topic).flatten() {
            match share_name {
                None => matches.own.extend_from_slice(&group.members),
                Some(_) => matches.shared.extend(group.take_turn(is_online)),
            }
        }
        matches
    }
}

fn split<'a>(filter: &borrowed::TopicFilter<'a>) -> (Option<Box<str>>, borrowed::TopicFilter<'a>) {
    match filter.shared_subscription() {
        Some(shared) => (Some(shared.share_name.into()), shared.topic_filter),
        None => (None, *filter),
    }
}

impl Group {
    fn take_turn(&self, is_online: &impl Fn(SessionId) -> bool) -> Option<Subscription> {
        let mut turns = self.members.iter().enumerate().cycle().skip(self.next.get()).take(self.members.len());
        let found = turns.clone().find(|(_, member)| is_online(member.session)).or_else(|| turns.next());
        found.map(|(at, member)| {
            self.next.set(at.wrapping_add(1));
            *member
        })
    }
}
