//! A map from Topic Filters to values.

use alloc::collections::BTreeMap;
use core::{fmt, mem};
use mqtt_codec::{Buffer, TopicFilter, TopicName};

/// Map from Topic Filters to values, which finds the values whose filters match a Topic Name.
///
/// A server stores its subscriptions in it. A client can store a handler for each subscription. The map is a tree with
/// a node for each level. A search visits only the nodes that match the first levels of the name, so unrelated filters
/// cost nothing.
///
/// Filters match as [`TopicFilter::matches`] does: the filter of a shared subscription matches what the filter that it
/// contains matches. `$share/group/home/#` and `home/#` are different keys, and are found in the same node.
///
/// ```
/// use mqtt_broker::TopicFilterMap;
/// use mqtt_codec::{TopicFilter, TopicName};
///
/// let mut map = TopicFilterMap::new();
/// map.insert(&TopicFilter::new("home/+/temperature")?, "thermometers");
/// map.insert(&TopicFilter::new("home/#")?, "all");
/// map.insert(&TopicFilter::new("garden/#")?, "outside");
///
/// let mut found: Vec<_> = map.matches(&TopicName::new("home/kitchen/temperature")?).collect();
/// found.sort();
/// assert_eq!(found, [&"all", &"thermometers"]);
/// # Ok::<(), mqtt_codec::TextError>(())
/// ```
///
/// No function is recursive, so a filter may have any number of levels. A level that no other filter shares takes a few
/// hundred bytes of memory, although it may be only one byte in the filter. A server should therefore limit the number
/// of levels.
pub struct TopicFilterMap<T> {
    root: Node<T>,
    len: usize,
}

/// The levels below a filter, and the values of the filter itself.
struct Node<T> {
    levels: BTreeMap<Box<str>, Self>,
    /// The values by share name, which is empty if the filter is not that of a shared subscription.
    values: BTreeMap<Box<str>, T>,
}

impl<T> Node<T> {
    const fn new() -> Self {
        Self { levels: BTreeMap::new(), values: BTreeMap::new() }
    }

    /// Drops the node and all nodes below it in a loop, because the default drop would be recursive.
    fn drop_all(self) {
        let mut nodes = Vec::from([self]);
        while let Some(mut node) = nodes.pop() {
            nodes.extend(mem::take(&mut node.levels).into_values());
        }
    }
}

impl<T> TopicFilterMap<T> {
    /// Creates an empty map. It allocates nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self { root: Node::new(), len: 0 }
    }

    /// Returns the number of filters in the map.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Returns `true` if the map is empty.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Sets the value of a filter, and returns the previous one.
    pub fn insert<B: Buffer>(&mut self, topic_filter: &TopicFilter<B>, value: T) -> Option<T> {
        let (share_name, filter) = split(topic_filter);
        let previous = self.node(filter).values.insert(share_name.into(), value);
        self.len = self.len.saturating_add(usize::from(previous.is_none()));
        previous
    }

    /// Returns the value of a filter, after inserting the default if the filter has no value.
    pub fn get_or_insert_default<B: Buffer>(&mut self, topic_filter: &TopicFilter<B>) -> &mut T
    where
        T: Default,
    {
        let (share_name, filter) = split(topic_filter);
        let is_new = self.get(topic_filter).is_none();
        self.len = self.len.saturating_add(usize::from(is_new));
        self.node(filter).values.entry(share_name.into()).or_default()
    }

    /// Returns the value of exactly this filter.
    #[must_use]
    pub fn get<B: Buffer>(&self, topic_filter: &TopicFilter<B>) -> Option<&T> {
        let (share_name, filter) = split(topic_filter);
        filter.levels().try_fold(&self.root, |node, level| node.levels.get(level))?.values.get(share_name)
    }

    /// Returns a mutable reference to the value of exactly this filter.
    pub fn get_mut<B: Buffer>(&mut self, topic_filter: &TopicFilter<B>) -> Option<&mut T> {
        let (share_name, filter) = split(topic_filter);
        filter.levels().try_fold(&mut self.root, |node, level| node.levels.get_mut(level))?.values.get_mut(share_name)
    }

    /// Removes the value of a filter and returns it. Memory that only this filter needed is freed.
    pub fn remove<B: Buffer>(&mut self, topic_filter: &TopicFilter<B>) -> Option<T> {
        let (share_name, filter) = split(topic_filter);
        // The number of levels to the last node that other filters need.
        let (mut node, mut kept) = (&mut self.root, 0);
        for (depth, level) in filter.levels().enumerate() {
            if !node.values.is_empty() || node.levels.len() > 1 {
                kept = depth;
            }
            node = node.levels.get_mut(level)?;
        }
        let value = node.values.remove(share_name)?;
        self.len = self.len.saturating_sub(1);
        if node.levels.is_empty() && node.values.is_empty() {
            let mut levels = filter.levels();
            let mut node = &mut self.root;
            for level in levels.by_ref().take(kept) {
                node = node.levels.get_mut(level)?;
            }
            if let Some(unused) = levels.next().and_then(|level| node.levels.remove(level)) {
                unused.drop_all();
            }
        }
        Some(value)
    }

    /// Returns an iterator over the values whose filters match the Topic Name, in no particular order.
    ///
    /// A filter that begins with a wildcard does not match a name that begins with `$` \[MQTT-4.7.2-1\].
    pub fn matches<'m, 'n, B: Buffer>(&'m self, topic_name: &'n TopicName<B>) -> TopicFilterMatches<'m, 'n, T> {
        let name = topic_name.as_str();
        let mut matches = TopicFilterMatches { steps: Vec::new() };
        matches.go_below(&self.root, name, !name.starts_with('$'));
        matches
    }

    /// Returns the node of a filter, and adds it if it is missing.
    fn node(&mut self, filter: TopicFilter<&[u8]>) -> &mut Node<T> {
        let levels = filter.levels();
        levels.fold(&mut self.root, |node, level| node.levels.entry(level.into()).or_insert_with(Node::new))
    }
}

/// Returns the share name, which is empty if there is none, and the filter without it.
fn split<B: Buffer>(topic_filter: &TopicFilter<B>) -> (&str, TopicFilter<&[u8]>) {
    match topic_filter.shared_subscription() {
        Some(shared) => (shared.share_name, shared.topic_filter),
        None => ("", topic_filter.as_borrowed()),
    }
}

impl<T> Default for TopicFilterMap<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Drop for TopicFilterMap<T> {
    fn drop(&mut self) {
        mem::replace(&mut self.root, Node::new()).drop_all();
    }
}

impl<T> fmt::Debug for TopicFilterMap<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TopicFilterMap").field("len", &self.len).finish_non_exhaustive()
    }
}

/// Iterator over the values whose filters match a Topic Name. [`TopicFilterMap::matches`] returns it.
pub struct TopicFilterMatches<'m, 'n, T> {
    steps: Vec<Step<'m, 'n, T>>,
}

/// A step that a search still has to make.
enum Step<'m, 'n, T> {
    Found(&'m T),
    /// This node matches the first levels of the name. The rest of the name remains, if there is any.
    Visit(&'m Node<T>, Option<&'n str>),
}

impl<'m, 'n, T> TopicFilterMatches<'m, 'n, T> {
    /// Continues below a node with the rest of the name.
    fn go_below(&mut self, node: &'m Node<T>, rest: &'n str, with_wildcards: bool) {
        let (level, rest) = rest.split_once('/').map_or((rest, None), |(level, rest)| (level, Some(rest)));
        if with_wildcards {
            self.find_values(node.levels.get("#"));
            self.steps.extend(node.levels.get("+").map(|node| Step::Visit(node, rest)));
        }
        self.steps.extend(node.levels.get(level).map(|node| Step::Visit(node, rest)));
    }

    fn find_values(&mut self, node: Option<&'m Node<T>>) {
        self.steps.extend(node.into_iter().flat_map(|node| node.values.values()).map(Step::Found));
    }
}

impl<'m, T> Iterator for TopicFilterMatches<'m, '_, T> {
    type Item = &'m T;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.steps.pop()? {
                Step::Found(value) => return Some(value),
                Step::Visit(node, Some(rest)) => self.go_below(node, rest, true),
                Step::Visit(node, None) => {
                    self.find_values(node.levels.get("#")); // `a/#` matches `a` too
                    self.find_values(Some(node));
                }
            }
        }
    }
}

impl<T> fmt::Debug for TopicFilterMatches<'_, '_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TopicFilterMatches").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns all texts of up to three levels that consist of these levels.
    fn texts(levels: &[&str]) -> Vec<String> {
        let mut texts: Vec<String> = Vec::new();
        let mut last: Vec<String> = levels.iter().map(|level| String::from(*level)).collect();
        for _ in 0..3 {
            texts.extend(last.iter().cloned());
            last = last.iter().flat_map(|text| levels.iter().map(move |level| [text, *level].join("/"))).collect();
        }
        texts
    }

    fn filter(text: &str) -> TopicFilter<&[u8]> {
        TopicFilter::new(text).unwrap()
    }

    /// Adds and removes filters, and compares each search with a search through a list.
    #[test]
    fn finds_what_each_filter_matches() {
        let ordinary = texts(&["a", "b", "+", "#", ""]);
        let shared = ordinary.iter().flat_map(|text| ["g", "h"].map(|name| format!("$share/{name}/{text}")));
        let filters: Vec<_> = ordinary.iter().cloned().chain(shared).collect();
        let filters: Vec<_> = filters.iter().filter_map(|text| TopicFilter::new(text.as_str()).ok()).collect();
        let names: Vec<_> = texts(&["a", "c", "", "$s"]);
        let names: Vec<_> = names.iter().filter_map(|text| TopicName::new(text.as_str()).ok()).collect();
        assert!(filters.len() > 270 && names.len() > 70, "{} {}", filters.len(), names.len());
        let mut map = TopicFilterMap::new();
        let mut list: Vec<&TopicFilter<&[u8]>> = Vec::new();
        let mut random = 1_usize;
        let rounds = 1800;
        for round in 0..rounds {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223) & 0xFFFF_FFFF;
            let chosen = &filters[random / 7 % filters.len()];
            // At first most are added, then most are removed.
            if (random >> 8) % 4 < if round < rounds / 2 { 3 } else { 1 } {
                let previous = map.insert(chosen, *chosen);
                assert_eq!(previous.is_some(), list.contains(&chosen));
                list.retain(|other| *other != chosen);
                list.push(chosen);
            } else {
                assert_eq!(map.remove(chosen).is_some(), list.contains(&chosen));
                list.retain(|other| *other != chosen);
            }
            assert_eq!((map.len(), map.is_empty()), (list.len(), list.is_empty()));
            assert_eq!(map.get(chosen).is_some(), list.contains(&chosen));
            let name = &names[random / 3 % names.len()];
            let mut found: Vec<_> = map.matches(name).map(|it| it.as_str()).collect();
            let mut expected: Vec<_> = list.iter().filter(|it| it.matches(name)).map(|it| it.as_str()).collect();
            found.sort_unstable();
            expected.sort_unstable();
            assert_eq!(found, expected, "{name}");
        }
        for topic_filter in filters {
            map.remove(&topic_filter);
        }
        assert!(map.is_empty() && map.root.levels.is_empty(), "memory is left");
    }

    #[test]
    fn values_are_changed_in_place() {
        let mut map: TopicFilterMap<Vec<u8>> = TopicFilterMap::default();
        map.get_or_insert_default(&filter("a/b")).push(1);
        map.get_or_insert_default(&filter("a/b")).push(2);
        assert_eq!((map.len(), map.get(&filter("a/b"))), (1, Some(&Vec::from([1, 2]))));
        map.get_mut(&filter("a/b")).unwrap().clear();
        assert_eq!(map.get_mut(&filter("a")), None);
        assert_eq!(map.remove(&filter("a")), None);
        assert_eq!(map.remove(&filter("a/b/c")), None);
        assert_eq!(map.insert(&filter("a"), Vec::new()), None);
        // The nodes of `a` are kept.
        assert_eq!(map.remove(&filter("a/b")), Some(Vec::new()));
        assert_eq!((map.len(), map.root.levels.len()), (1, 1));
        assert!(map.root.levels["a"].levels.is_empty());
        assert_eq!(format!("{map:?}"), "TopicFilterMap { len: 1, .. }");
    }

    /// The longest filter has 65,536 levels. Recursion would overflow the stack.
    #[test]
    fn any_number_of_levels() {
        let text = "/".repeat(usize::from(u16::MAX));
        let deep = filter(&text);
        let name = TopicName::new(text.as_str()).unwrap();
        let mut map = TopicFilterMap::new();
        map.insert(&deep, 1);
        map.insert(&filter("/#"), 2);
        assert_eq!(map.matches(&name).sum::<i32>(), 3);
        assert_eq!(map.remove(&deep), Some(1));
        assert_eq!(map.matches(&name).collect::<Vec<_>>(), [&2]);
        map.insert(&deep, 1); // dropped with the map
    }
}
