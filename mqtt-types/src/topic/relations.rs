//! Relations between Topic Filters, and the values of their wildcards: section 4.7.

use crate::buffer::Buffer;
use crate::topic::topic_filter::TopicFilter;
use crate::topic::topic_name::TopicName;
use core::str::Split;

impl<B: Buffer> TopicFilter<B> {
    /// Returns `true` if this filter matches every Topic Name that the other one matches.
    ///
    /// So a client that may subscribe to this filter may subscribe to the other one. The prefix `$share/{ShareName}/` is
    /// ignored. A filter that begins with a wildcard does not cover one that begins with `$` \[MQTT-4.7.2-1\]. An invalid
    /// filter (see [`check_ordinary`](Self::check_ordinary)) covers nothing and is not covered. Nothing is allocated, and
    /// the time is linear in the lengths of both.
    ///
    /// ```
    /// use mqtt_types::TopicFilter;
    ///
    /// let allowed = TopicFilter::from_static("home/+/#");
    /// assert!(allowed.covers(&TopicFilter::from_static("home/kitchen/temperature")));
    /// assert!(allowed.covers(&TopicFilter::from_static("$share/workers/home/kitchen/+")));
    /// assert!(!allowed.covers(&TopicFilter::from_static("home/#"))); // which matches `home` too
    /// ```
    #[must_use]
    pub fn covers<C: Buffer>(&self, other: &TopicFilter<C>) -> bool {
        let Some([mut levels, mut other_levels]) = self.levels_of_both(other) else { return false };
        loop {
            match (levels.next(), other_levels.next()) {
                (None, None) | (Some("#"), _) => return true,
                (Some("+"), Some(level)) if level != "#" => {}
                (Some(level), Some(other)) if level == other => {}
                _ => return false,
            }
        }
    }

    /// Returns `true` if a Topic Name exists that both filters match.
    ///
    /// A message to that name reaches the subscriptions of both. The prefix `$share/{ShareName}/` is ignored. An invalid
    /// filter overlaps with nothing. Nothing is allocated, and the time is linear in the lengths of both.
    ///
    /// ```
    /// use mqtt_types::TopicFilter;
    ///
    /// let filter = TopicFilter::from_static("home/+/temperature");
    /// assert!(filter.overlaps(&TopicFilter::from_static("home/kitchen/#")));
    /// assert!(!filter.overlaps(&TopicFilter::from_static("home/kitchen/humidity")));
    /// assert!(!TopicFilter::from_static("#").overlaps(&TopicFilter::from_static("$SYS/#")));
    /// ```
    #[must_use]
    pub fn overlaps<C: Buffer>(&self, other: &TopicFilter<C>) -> bool {
        let Some([mut levels, mut other_levels]) = self.levels_of_both(other) else { return false };
        loop {
            match (levels.next(), other_levels.next()) {
                (None, None) | (Some("#"), _) | (_, Some("#")) => return true,
                (Some("+"), Some(_)) | (Some(_), Some("+")) => {}
                (Some(level), Some(other)) if level == other => {}
                _ => return false,
            }
        }
    }

    /// Returns the parts of a Topic Name that the wildcards of this filter match, or `None` if the filter does not match it.
    ///
    /// The value of `+` is a level. The value of `#` is the rest of the name, with the `/` between its levels. It is empty if
    /// no level is left.
    ///
    /// ```
    /// use mqtt_types::{TopicFilter, TopicName};
    ///
    /// let filter = TopicFilter::from_static("home/+/sensors/#");
    /// let name = TopicName::from_static("home/kitchen/sensors/air/temperature");
    /// let values: Vec<&str> = filter.wildcard_values(&name).unwrap().collect();
    /// assert_eq!(values, ["kitchen", "air/temperature"]);
    /// assert!(filter.wildcard_values(&TopicName::from_static("home")).is_none());
    /// ```
    #[must_use]
    pub fn wildcard_values<'v, C: Buffer>(&'v self, topic_name: &'v TopicName<C>) -> Option<WildcardValues<'v>> {
        let levels = self.without_share_name().split('/');
        self.matches(topic_name).then(|| WildcardValues { levels, name: Some(topic_name.as_str()) })
    }

    fn without_share_name(&self) -> &str {
        self.shared_subscription().map_or_else(|| self.as_str(), |shared| shared.topic_filter.as_str())
    }

    /// Returns the levels of both filters. Returns `None` if one of them is invalid, or if one begins with a wildcard and the
    /// other with `$`.
    fn levels_of_both<'f, C: Buffer>(&'f self, other: &'f TopicFilter<C>) -> Option<[Split<'f, char>; 2]> {
        self.check_ordinary().ok()?;
        other.check_ordinary().ok()?;
        let both = [self.without_share_name(), other.without_share_name()];
        let [one, other] = both.map(|filter| filter.starts_with('$'));
        let [wild, other_wild] = both.map(|filter| filter.starts_with(['+', '#']));
        if (one && other_wild) || (other && wild) {
            return None;
        }
        // The level above `#` may be the last one of a name, but a name is never empty.
        let levels = |filter| match filter {
            "#" => "+/#",
            "/#" => "/+/#",
            filter => filter,
        };
        Some(both.map(|filter| levels(filter).split('/')))
    }
}

/// An iterator over the values of the wildcards of a filter, see [`TopicFilter::wildcard_values`].
#[derive(Clone, Debug)]
pub struct WildcardValues<'v> {
    levels: Split<'v, char>,
    /// The rest of the name, or `None` after its last level.
    name: Option<&'v str>,
}

impl<'v> Iterator for WildcardValues<'v> {
    type Item = &'v str;

    fn next(&mut self) -> Option<&'v str> {
        loop {
            let level = self.levels.next()?;
            if level == "#" {
                return Some(self.name.take().unwrap_or_default());
            }
            let (value, rest) = match self.name?.split_once('/') {
                Some((value, rest)) => (value, Some(rest)),
                None => (self.name?, None),
            };
            self.name = rest;
            if level == "+" {
                return Some(value);
            }
        }
    }
}

impl core::iter::FusedIterator for WildcardValues<'_> {}

#[cfg(test)]
mod tests {
    use crate::{TopicFilter, TopicName};

    /// Returns all texts of up to this many levels.
    fn texts(levels: &[&str], most: usize) -> Vec<String> {
        let mut all: Vec<String> = levels.iter().map(|level| (*level).to_owned()).collect();
        let mut longest = all.clone();
        for _ in 1..most {
            longest =
                longest.iter().flat_map(|text| levels.iter().map(move |level| format!("{text}/{level}"))).collect();
            all.extend(longest.iter().cloned());
        }
        all.retain(|text| !text.is_empty());
        all
    }

    /// The slow twin: all names of up to four levels of a small alphabet, in which a level is one that no filter names.
    #[test]
    fn covers_and_overlaps_agree_with_matching_all_names() {
        let names = texts(&["", "a", "b", "c", "$a"], 4);
        let filters: Vec<(String, Vec<bool>)> = texts(&["", "a", "b", "$a", "+", "#"], 3)
            .into_iter()
            .filter(|text| TopicFilter::new(text.as_str()).is_ok())
            .map(|text| {
                let filter = TopicFilter::new(text.as_str()).unwrap();
                let matches =
                    names.iter().map(|name| filter.matches(&TopicName::new(name.as_str()).unwrap())).collect();
                (text, matches)
            })
            .collect();
        assert!(filters.len() > 150);
        for (one, one_matches) in &filters {
            let filter = TopicFilter::new(one.as_str()).unwrap();
            for (other, other_matches) in &filters {
                let both = || one_matches.iter().zip(other_matches);
                let other_filter = TopicFilter::new(other.as_str()).unwrap();
                assert_eq!(filter.covers(&other_filter), both().all(|(one, other)| *one || !other), "{one} {other}");
                assert_eq!(filter.overlaps(&other_filter), both().any(|(one, other)| *one && *other), "{one} {other}");
            }
        }
    }

    #[test]
    fn a_share_name_is_ignored() {
        let (shared, plain) = (TopicFilter::from_static("$share/s/a/+"), TopicFilter::from_static("a/+"));
        for (one, other) in [(shared, plain), (plain, shared), (shared, TopicFilter::from_static("$share/t/a/+"))] {
            assert!(one.covers(&other) && one.overlaps(&other));
        }
        assert!(TopicFilter::from_static("#").covers(&shared));
    }

    #[test]
    fn an_invalid_filter_neither_covers_nor_overlaps() {
        let list =
            crate::TopicFilters::new_allowing_invalid_filters(&[0, 3, b'#', b'/', b'a'], crate::ProtocolVersion::V5);
        let list = list.unwrap();
        let invalid = list.iter().next().unwrap();
        let all = TopicFilter::from_static("#");
        assert!(!all.covers(&invalid) && !invalid.covers(&all) && !all.overlaps(&invalid) && !invalid.overlaps(&all));
    }

    #[test]
    fn values_of_wildcards_are_levels() {
        for (filter, name, expected) in [
            ("a/+/#", "a/b/c/d", Some(&["b", "c/d"][..])),
            ("a/+/#", "a/b", Some(&["b", ""])),
            ("+/+", "/", Some(&["", ""])),
            ("#", "a/b", Some(&["a/b"])),
            ("$share/s/+/b", "a/b", Some(&["a"])),
            ("a/b", "a/b", Some(&[])),
            ("a/+", "a", None),
            ("+", "$a", None),
        ] {
            let (filter, name) = (TopicFilter::from_static(filter), TopicName::from_static(name));
            let values = filter.wildcard_values(&name).map(Iterator::collect::<Vec<&str>>);
            assert_eq!(values.as_deref(), expected, "{filter} {name}");
        }
    }
}
