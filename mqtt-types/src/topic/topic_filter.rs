//! Topic Filter, shared subscriptions and matching: sections 4.7 and 4.8.2.

use crate::buffer::{Buffer, DefaultBuffer, IntoBuffer, Lend};
use crate::text::{TextError, str_from_checked, text_type};
use crate::topic::filter_rules::{check_ordinary, check_shared, check_with_dollar, is_legal_literal, split_shared};
use crate::topic::matching::matches;
use crate::topic::topic_name::TopicName;

/// A Topic Filter: a pattern for the Topic Names that a subscription receives.
///
/// It is a UTF-8 Encoded String of at least one character. The wildcard `+` stands for exactly one level. The wildcard `#`
/// is the last level and stands for any number of levels, including none. `$share/{ShareName}/{filter}` is a shared
/// subscription.
///
/// ```
/// use mqtt_types::{TopicFilter, TopicName};
///
/// let filter = TopicFilter::new("sport/+/#")?;
/// assert!(filter.matches(&TopicName::new("sport/tennis/player1")?));
/// assert!(filter.matches(&TopicName::new("sport/tennis")?));
/// assert!(!filter.matches(&TopicName::new("sport")?));
///
/// let shared = TopicFilter::new("$share/workers/jobs/+")?;
/// let subscription = shared.shared_subscription().unwrap();
/// assert_eq!(subscription.share_name, "workers");
/// assert_eq!(subscription.topic_filter, "jobs/+");
/// assert!(TopicFilter::new("sport+").is_err());
/// # Ok::<(), mqtt_types::TextError>(())
/// ```
#[derive(Clone, Copy)]
pub struct TopicFilter<B = DefaultBuffer> {
    bytes: B,
}

impl<B: Buffer> TopicFilter<B> {
    /// Creates a Topic Filter from bytes that have been checked as a filter, or at least as a string.
    pub(crate) const fn from_checked(bytes: B) -> Self {
        Self { bytes }
    }

    /// Checks text or bytes by the rules of 5.0. Nothing is copied.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not a UTF-8 Encoded String, is empty \[MQTT-4.7.3-1\], has a misplaced wildcard
    /// \[MQTT-4.7.1-1, MQTT-4.7.1-2\], or begins with `$share/` and is not a shared subscription \[MQTT-4.8.2-1,
    /// MQTT-4.8.2-2\].
    #[inline]
    pub fn new(value: impl IntoBuffer<Buffer = B>) -> Result<Self, TextError> {
        let bytes = value.into_buffer();
        check_ordinary(bytes.as_ref())?;
        check_shared(bytes.as_ref())?;
        Ok(Self { bytes })
    }

    /// Checks text or bytes by the rules of 3.1 and 3.1.1, where `$share/` has no special meaning.
    ///
    /// A filter that only this function accepts, `$share/a` for instance, cannot be sent in a packet of 5.0.
    ///
    /// ```
    /// use mqtt_types::TopicFilter;
    ///
    /// let filter = TopicFilter::new_ordinary("$share/a")?;
    /// assert!(filter.check().is_err() && !filter.is_shared());
    /// # Ok::<(), mqtt_types::TextError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns the errors of [`new`](Self::new), except those about shared subscriptions.
    #[inline]
    pub fn new_ordinary(value: impl IntoBuffer<Buffer = B>) -> Result<Self, TextError> {
        let bytes = value.into_buffer();
        check_ordinary(bytes.as_ref())?;
        Ok(Self { bytes })
    }

    /// Checks the filter by the rules of 5.0.
    ///
    /// Only two kinds of values can be invalid: those made by [`new_ordinary`](Self::new_ordinary), and those from a list
    /// that allows any string, see
    /// [`Subscriptions::new_allowing_invalid_filters`](crate::Subscriptions::new_allowing_invalid_filters).
    ///
    /// # Errors
    ///
    /// The same as [`new`](Self::new).
    pub fn check(&self) -> Result<(), TextError> {
        self.check_ordinary()?;
        check_shared(self.bytes.as_ref())
    }

    /// Checks the filter by the rules of 3.1 and 3.1.1.
    ///
    /// # Errors
    ///
    /// The same as [`new_ordinary`](Self::new_ordinary).
    pub fn check_ordinary(&self) -> Result<(), TextError> {
        check_ordinary(self.bytes.as_ref())
    }

    /// Returns `true` if the filter matches the Topic Name.
    ///
    /// Levels are compared byte by byte \[MQTT-4.7.3-4\]. The prefix `$share/{ShareName}/` is ignored. A filter that begins
    /// with a wildcard does not match a name that begins with `$` \[MQTT-4.7.2-1\]. The time is linear in the lengths of
    /// both. Nothing is allocated, and the function is not recursive.
    ///
    /// In an invalid filter (see [`check`](Self::check)) a wildcard that is not a whole level, or a `#` that is not the
    /// last level, matches nothing.
    ///
    /// ```
    /// use mqtt_types::{TopicFilter, TopicName};
    ///
    /// let name = TopicName::new("sport/tennis/player1")?;
    /// assert!(TopicFilter::new("sport/+/player1")?.matches(&name));
    /// assert!(TopicFilter::new("$share/workers/sport/#")?.matches(&name));
    /// assert!(!TopicFilter::new("sport/+")?.matches(&name));
    /// assert!(!TopicFilter::new("#")?.matches(&TopicName::new("$SYS/uptime")?));
    /// # Ok::<(), mqtt_types::TextError>(())
    /// ```
    #[must_use]
    pub fn matches<C: Buffer>(&self, topic_name: &TopicName<C>) -> bool {
        let filter = match self.shared_subscription() {
            Some(shared) => shared.topic_filter.bytes,
            None => self.bytes.as_ref(),
        };
        matches(filter, topic_name.as_bytes())
    }

    /// Returns `true` if the filter matches the Topic Name by the text of 3.1.1, where `$share/` has no special meaning.
    ///
    /// Many servers offer shared subscriptions to clients of 3.1.1 too. They need [`matches`](Self::matches).
    #[must_use]
    pub fn matches_ordinary<C: Buffer>(&self, topic_name: &TopicName<C>) -> bool {
        matches(self.bytes.as_ref(), topic_name.as_bytes())
    }

    /// Returns `true` if the filter is a shared subscription.
    ///
    /// If the filter may be invalid, call [`check`](Self::check) first.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.shared_subscription().is_some()
    }

    /// Returns `true` if the filter begins with `$share/` but is not a shared subscription, which only 3.x allows.
    pub(crate) fn is_ordinary_only(&self) -> bool {
        check_shared(self.bytes.as_ref()).is_err()
    }
}

impl<'i, 'o, B: Lend<'i, 'o>> TopicFilter<B> {
    /// Returns the share name and the filter after it, or `None` if the filter is not a shared subscription.
    #[must_use]
    pub fn shared_subscription(&'i self) -> Option<SharedSubscription<'o>> {
        let bytes: &'o [u8] = self.bytes.lend();
        let (share_name, topic_filter) = split_shared(bytes)?;
        check_with_dollar(bytes).ok()?;
        Some(SharedSubscription {
            share_name: str_from_checked(share_name),
            topic_filter: TopicFilter { bytes: topic_filter },
        })
    }

    /// Returns an iterator over the levels between the `/`, including empty ones.
    ///
    /// In a shared subscription `$share` and the share name are levels too.
    pub fn levels(&'i self) -> core::str::Split<'o, char> {
        self.as_str().split('/')
    }
}

text_type!(TopicFilter, is_legal_literal, "a Topic Filter");

/// The two parts of a shared subscription `$share/{ShareName}/{filter}`.
///
/// ```
/// use mqtt_types::TopicFilter;
///
/// let filter = TopicFilter::from_static("$share/group/home/#");
/// let shared = filter.shared_subscription().unwrap();
/// assert_eq!((shared.share_name, shared.topic_filter.as_str()), ("group", "home/#"));
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SharedSubscription<'a> {
    /// The share name: at least one character, without `/`, `+` and `#`.
    pub share_name: &'a str,
    /// The filter after the share name.
    pub topic_filter: TopicFilter<&'a [u8]>,
}

#[cfg(test)]
mod tests {
    use super::{TopicFilter, is_legal_literal};
    use crate::{ProtocolVersion, TextErrorKind, TopicFilters, TopicName};

    #[test]
    fn only_a_whole_level_is_a_wildcard() {
        for (filter, name, matches) in [
            ("a/#", "a/x/y", true),
            ("a/#", "a", true),
            ("a/#/b", "a/x", false),
            ("#/a", "b/a", false),
            ("/#/", "/a", false),
            ("a+b", "a+b", false),
            ("a+b", "axb", false),
            ("a+", "ab", false),
            ("+a", "ba", false),
            ("++", "a", false),
            ("+", "a", true),
            ("a#", "ab", false),
            ("a#", "a", false),
            ("12345678+", "12345678", false),
            ("12345678/+", "12345678/9", true),
            ("12345678/+", "12345679/9", false),
            ("12345678/#", "12345678", true),
        ] {
            let payload = [&u16::try_from(filter.len()).unwrap().to_be_bytes()[..], filter.as_bytes()].concat();
            let list = TopicFilters::new_allowing_invalid_filters(&payload[..], ProtocolVersion::V5).unwrap();
            if let Ok(name) = TopicName::new(name) {
                let found: Vec<bool> = list.iter().map(|filter| filter.matches(&name)).collect();
                assert_eq!(found, [matches], "{filter} {name}");
            }
        }
    }

    #[test]
    fn errors_point_at_the_character() {
        for (filter, kind, offset) in [
            ("", TextErrorKind::EmptyTopic, 0),
            ("+/a\0", TextErrorKind::NulCharacter, 3),
            ("a/b#", TextErrorKind::MisplacedMultiLevelWildcard, 3),
            ("a/#/b", TextErrorKind::MisplacedMultiLevelWildcard, 2),
            ("a/b+/c", TextErrorKind::MisplacedSingleLevelWildcard, 3),
            ("a/+b", TextErrorKind::MisplacedSingleLevelWildcard, 2),
            ("$share/", TextErrorKind::EmptyShareName, 7),
            ("$share//t", TextErrorKind::EmptyShareName, 7),
            ("$share/+/t", TextErrorKind::WildcardInShareName, 7),
            ("$share/g", TextErrorKind::InvalidSharedFilter, 8),
            ("$share/g/", TextErrorKind::InvalidSharedFilter, 9),
            ("$share/a/$share/b/t", TextErrorKind::InvalidSharedFilter, 9),
        ] {
            let error = TopicFilter::new(filter).unwrap_err();
            assert_eq!((error.kind(), error.offset()), (kind, offset), "{filter}");
        }
    }

    #[test]
    fn share_is_ordinary_text_in_version_3() {
        for filter in ["$share/", "$share/g", "$share//t", "$share/+/t"] {
            let filter = TopicFilter::new_ordinary(filter).unwrap();
            assert!(filter.is_ordinary_only() && !filter.is_shared());
        }
        let filter = TopicFilter::new_ordinary("$share/g/t").unwrap();
        assert!(!filter.is_ordinary_only() && filter.is_shared());
        assert!(filter.matches_ordinary(&TopicName::new("$share/g/t").unwrap()));
        assert!(!filter.matches(&TopicName::new("$share/g/t").unwrap()));
        assert!(filter.matches(&TopicName::new("t").unwrap()));
        assert!(!filter.matches_ordinary(&TopicName::new("t").unwrap()));
        let shared = filter.shared_subscription().unwrap();
        assert_eq!((shared.share_name, shared.topic_filter.as_str()), ("g", "t"));
    }

    /// The examples of sections 4.7.1 and 4.7.2 among them.
    #[test]
    fn matches_level_by_level() {
        for (filter, matching, others) in [
            ("sport/tennis/player1", &["sport/tennis/player1"][..], &["sport/tennis", "sport/tennis/player1/"][..]),
            (
                "player1/#",
                &["player1", "player1/", "player1/ranking", "player1/score/wimbledon"],
                &["player", "a/player1"],
            ),
            ("#", &["sport", "/", "a/b"], &["$SYS", "$SYS/a"]),
            ("tennis/+", &["tennis/player1", "tennis/"], &["tennis", "tennis/player1/ranking"]),
            ("+", &["finance"], &["/finance", "$SYS"]),
            ("+/+", &["/finance", "a/b"], &["finance", "$SYS/a", "a/b/c"]),
            ("/+", &["/finance"], &["finance", "a/finance"]),
            ("+/tennis/#", &["sport/tennis", "/tennis/a"], &["tennis", "sport/golf", "$SYS/tennis"]),
            ("é/+/#", &["é/a", "é//b/c"], &["é", "e/a"]),
            ("$SYS/#", &["$SYS", "$SYS/a"], &["SYS", "$sys/a"]),
            ("$SYS/monitor/+", &["$SYS/monitor/Clients"], &["$SYS/monitor"]),
            ("ACCOUNTS", &["ACCOUNTS"], &["Accounts"]),
            ("$share/g/sport/+", &["sport/tennis"], &["$share/g/sport/tennis", "g/sport/tennis"]),
            ("$share/g/#", &["sport"], &["$SYS/a"]),
        ] {
            let filter = TopicFilter::new(filter).unwrap();
            for (names, expected) in [(matching, true), (others, false)] {
                for name in names {
                    assert_eq!(filter.matches(&TopicName::new(*name).unwrap()), expected, "{filter} {name}");
                }
            }
        }
    }

    #[test]
    fn holds_up_to_65535_bytes() {
        for two_bytes in ["é", "bc"] {
            let text = two_bytes.repeat(32_767) + "a";
            assert!(TopicFilter::new(text.as_str()).is_ok());
            let text = text + "a";
            let error = TopicFilter::new(text.as_str()).unwrap_err();
            assert_eq!((error.kind(), error.offset()), (TextErrorKind::TooLong, 65_535));
        }
    }

    #[test]
    fn literals_obey_the_same_rules() {
        for literal in ["", "a", "é/#", "a\0", "a+", "+/#", "$share/g", "$share/g/t", "$share/+/t", "$share/g/t+"] {
            assert_eq!(is_legal_literal(literal), TopicFilter::new(literal).is_ok(), "{literal:?}");
        }
    }

    #[test]
    fn matching_a_filter_of_all_levels_is_not_recursive() {
        let name = "/".repeat(65_535);
        let filter = "+/".repeat(32_767) + "#";
        assert!(TopicFilter::new(&*filter).unwrap().matches(&TopicName::new(&*name).unwrap()));
    }
}
