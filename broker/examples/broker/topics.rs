//! Who has subscribed to what: a tree with a node for each level of the Topic Filters.

use crate::session::SessionId;
use alloc::collections::BTreeMap;
use mqtt_codec::{SubscriptionIdentifier, SubscriptionOptions, borrowed};

/// One subscription of one session.
#[derive(Clone, Copy)]
pub(crate) struct Subscription {
    pub(crate) session: SessionId,
    pub(crate) options: SubscriptionOptions,
    pub(crate) identifier: Option<SubscriptionIdentifier>,
}

/// The subscriptions of all sessions.
#[derive(Default)]
pub(crate) struct Subscriptions {
    root: Node,
}

/// The subscriptions whose filters end here, and the levels below.
#[derive(Default)]
struct Node {
    levels: BTreeMap<Box<str>, Self>,
    /// By the name of the share: `None` is for those that are not shared.
    groups: BTreeMap<Option<Box<str>>, Group>,
}

#[derive(Default)]
struct Group {
    members: Vec<Subscription>,
    /// Whose turn it is, if the subscription is shared.
    next: usize,
}

/// The subscriptions that match a topic.
#[derive(Default)]
pub(crate) struct Matches {
    /// Of a session there may be several: it gets the message once.
    pub(crate) own: Vec<Subscription>,
    /// One for each group: each is a delivery of its own.
    pub(crate) shared: Vec<Subscription>,
}

impl Subscriptions {
    /// Adds a subscription, and returns `false` if it replaces one of the same session with the same filter.
    pub(crate) fn insert(&mut self, filter: &borrowed::TopicFilter<'_>, subscription: Subscription) -> bool {
        let (share_name, filter) = split(filter);
        let node = filter.levels().fold(&mut self.root, |node, level| node.levels.entry(level.into()).or_default());
        let list = &mut node.groups.entry(share_name).or_default().members;
        match list.iter_mut().find(|other| other.session == subscription.session) {
            Some(other) => *other = subscription,
            None => {
                list.push(subscription);
                return true;
            }
        }
        false
    }

    /// Removes a subscription, and returns `false` if there is none.
    pub(crate) fn remove(&mut self, filter: &borrowed::TopicFilter<'_>, session: SessionId) -> bool {
        let (share_name, filter) = split(filter);
        self.root.remove(filter.levels(), &share_name, session)
    }

    /// Finds the subscriptions that match a topic. Of each group, the next member that is online takes its turn.
    pub(crate) fn matches(&mut self, topic: &str, is_online: &impl Fn(SessionId) -> bool) -> Matches {
        let mut matches = Matches::default();
        // A wildcard on the first level matches no topic that begins with '$' [MQTT-4.7.2-1].
        self.root.find(Some(topic), !topic.starts_with('$'), is_online, &mut matches);
        matches
    }
}

fn split<'a>(filter: &borrowed::TopicFilter<'a>) -> (Option<Box<str>>, borrowed::TopicFilter<'a>) {
    match filter.shared_subscription() {
        Some(shared) => (Some(shared.share_name.into()), shared.topic_filter),
        None => (None, *filter),
    }
}

impl Node {
    fn remove<'a>(
        &mut self,
        mut levels: impl Iterator<Item = &'a str>,
        share_name: &Option<Box<str>>,
        session: SessionId,
    ) -> bool {
        let Some(level) = levels.next() else {
            let Some(group) = self.groups.get_mut(share_name) else { return false };
            let before = group.members.len();
            group.members.retain(|subscription| subscription.session != session);
            let existed = group.members.len() < before;
            self.groups.retain(|_, group| !group.members.is_empty());
            return existed;
        };
        let Some(node) = self.levels.get_mut(level) else { return false };
        let existed = node.remove(levels, share_name, session);
        if node.levels.is_empty() && node.groups.is_empty() {
            self.levels.remove(level);
        }
        existed
    }

    /// `rest` is what is left of the topic below this node, if anything is. The depth is that of the filters.
    fn find(&mut self, rest: Option<&str>, wildcards: bool, is_online: &impl Fn(SessionId) -> bool, out: &mut Matches) {
        if let Some(node) = self.levels.get_mut("#").filter(|_| wildcards) {
            node.collect(is_online, out); // the parent of the level too
        }
        let Some(rest) = rest else { return self.collect(is_online, out) };
        let (level, rest) = rest.split_once('/').map_or((rest, None), |(level, rest)| (level, Some(rest)));
        if let Some(node) = self.levels.get_mut("+").filter(|_| wildcards) {
            node.find(rest, true, is_online, out);
        }
        if let Some(node) = self.levels.get_mut(level) {
            node.find(rest, true, is_online, out);
        }
    }

    fn collect(&mut self, is_online: &impl Fn(SessionId) -> bool, out: &mut Matches) {
        for (share_name, group) in &mut self.groups {
            match share_name {
                None => out.own.extend_from_slice(&group.members),
                Some(_) => out.shared.extend(group.take_turn(is_online)),
            }
        }
    }
}

impl Group {
    fn take_turn(&mut self, is_online: &impl Fn(SessionId) -> bool) -> Option<Subscription> {
        let len = self.members.len();
        let mut turns = (0..len).map(|step| self.next.wrapping_add(step).checked_rem(len).unwrap_or_default());
        let member = |at: usize| self.members.get(at).copied();
        let at =
            turns.clone().find(|at| member(*at).is_some_and(|it| is_online(it.session))).or_else(|| turns.next())?;
        let found = member(at);
        self.next = at.wrapping_add(1);
        found
    }
}
