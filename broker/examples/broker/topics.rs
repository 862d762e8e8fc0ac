//! Who has subscribed to what: a tree with a node for each level of the Topic Filters.

use crate::session::SessionId;
use mqtt_codec::{SubscriptionIdentifier, SubscriptionOptions, TopicFilter, borrowed};
use std::collections::HashMap;

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
    levels: HashMap<Box<str>, Self>,
    /// Below `+` and `#`, which every topic asks for.
    single: Option<Box<Self>>,
    multi: Option<Box<Self>>,
    own: Vec<Subscription>,
    shared: HashMap<Box<str>, Group>,
}

/// The members of a shared subscription.
#[derive(Default)]
struct Group {
    members: Vec<Subscription>,
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
        let node = filter.levels().fold(&mut self.root, Node::child);
        let list = match share_name {
            Some(share_name) => &mut node.shared.entry(share_name.into()).or_default().members,
            None => &mut node.own,
        };
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
        self.root.remove(filter.levels(), share_name, session)
    }

    /// Finds the subscriptions that match a topic. Of each group, the next member that is online takes its turn.
    pub(crate) fn matches(&mut self, topic: &str, is_online: &impl Fn(SessionId) -> bool) -> Matches {
        let mut matches = Matches::default();
        // A wildcard on the first level matches no topic that begins with '$' [MQTT-4.7.2-1].
        self.root.find(Some(topic), !topic.starts_with('$'), is_online, &mut matches);
        matches
    }
}

fn split<'a>(filter: &borrowed::TopicFilter<'a>) -> (Option<&'a str>, TopicFilter<&'a [u8]>) {
    match filter.shared_subscription() {
        Some(shared) => (Some(shared.share_name), shared.topic_filter),
        None => (None, *filter),
    }
}

impl Node {
    fn child(&mut self, level: &str) -> &mut Self {
        match level {
            "+" => self.single.get_or_insert_default(),
            "#" => self.multi.get_or_insert_default(),
            _ => self.levels.entry(level.into()).or_default(),
        }
    }

    fn is_empty(&self) -> bool {
        let has_wildcards = self.single.is_some() || self.multi.is_some();
        !has_wildcards && self.levels.is_empty() && self.own.is_empty() && self.shared.is_empty()
    }

    fn remove<'a>(
        &mut self,
        mut levels: impl Iterator<Item = &'a str>,
        share_name: Option<&str>,
        session: SessionId,
    ) -> bool {
        if let Some(level) = levels.next() {
            let node = match level {
                "+" => self.single.as_deref_mut(),
                "#" => self.multi.as_deref_mut(),
                _ => self.levels.get_mut(level),
            };
            let Some(node) = node else { return false };
            let existed = node.remove(levels, share_name, session);
            if node.is_empty() {
                match level {
                    "+" => self.single = None,
                    "#" => self.multi = None,
                    _ => drop(self.levels.remove(level)),
                }
            }
            return existed;
        }
        let Some(share_name) = share_name else { return remove_from(&mut self.own, session) };
        let Some(group) = self.shared.get_mut(share_name) else { return false };
        let existed = remove_from(&mut group.members, session);
        if group.members.is_empty() {
            self.shared.remove(share_name);
        }
        existed
    }

    /// `rest` is what is left of the topic below this node, if anything is. The depth is that of the filters.
    fn find(&mut self, rest: Option<&str>, wildcards: bool, is_online: &impl Fn(SessionId) -> bool, out: &mut Matches) {
        if let Some(node) = self.multi.as_mut().filter(|_| wildcards) {
            node.collect(is_online, out); // the parent of the level too
        }
        let Some(rest) = rest else { return self.collect(is_online, out) };
        let (level, rest) = match rest.split_once('/') {
            Some((level, rest)) => (level, Some(rest)),
            None => (rest, None),
        };
        if let Some(node) = self.single.as_mut().filter(|_| wildcards) {
            node.find(rest, true, is_online, out);
        }
        if let Some(node) = self.levels.get_mut(level) {
            node.find(rest, true, is_online, out);
        }
    }

    fn collect(&mut self, is_online: &impl Fn(SessionId) -> bool, out: &mut Matches) {
        out.own.extend_from_slice(&self.own);
        out.shared.extend(self.shared.values_mut().filter_map(|group| group.take_turn(is_online)));
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

fn remove_from(list: &mut Vec<Subscription>, session: SessionId) -> bool {
    let before = list.len();
    list.retain(|subscription| subscription.session != session);
    list.len() != before
}
