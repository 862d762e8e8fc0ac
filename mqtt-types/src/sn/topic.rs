//! References to topics: sections 5.3.4, 5.3.11 and 5.3.12.

use crate::buffer::{Buffer, Lend};
use crate::sn::TopicIdType;
use crate::text::{TextError, Utf8String};
use crate::topic::{TopicFilter, TopicName};
use core::fmt;

/// A topic id: 0x0000 to 0xFFFE. Section 5.3.11.
///
/// 0xFFFF is reserved. 0x0000 is reserved too, and means that there is no id yet. A PUBLISH with 0x0000 can be decoded,
/// so that a gateway can refuse it with [`INVALID_TOPIC_ID`](crate::sn::ReturnCode::INVALID_TOPIC_ID), as any other
/// unknown id.
///
/// ```
/// use mqtt_types::sn::TopicId;
///
/// assert_eq!(TopicId::new(7).map(TopicId::get), Some(7));
/// assert_eq!(TopicId::new(0xFFFF), None);
/// assert!(TopicId::NONE.is_none());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TopicId(u16);

impl TopicId {
    /// 0x0000: no topic.
    pub const NONE: Self = Self(0);
    /// 0x0001: the lowest id of a topic.
    pub const MIN: Self = Self(1);
    /// 0xFFFE: the highest id of a topic.
    pub const MAX: Self = Self(0xFFFE);

    /// Returns the topic id with this number, or `None` for 0xFFFF.
    #[inline]
    #[must_use]
    pub const fn new(value: u16) -> Option<Self> {
        if value == 0xFFFF { None } else { Some(Self(value)) }
    }

    /// Returns the number.
    #[inline]
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }

    /// Returns `true` if the id is 0x0000, which no topic has.
    #[inline]
    #[must_use]
    pub const fn is_none(self) -> bool {
        self.0 == 0
    }

    /// Returns the topic id after this one. The highest is followed by 1.
    #[inline]
    #[must_use]
    pub const fn next(self) -> Self {
        if self.0 >= Self::MAX.0 { Self::MIN } else { Self(self.0.wrapping_add(1)) }
    }
}

impl fmt::Debug for TopicId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for TopicId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// The error for the number 0xFFFF, which is reserved.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("the topic id 0xFFFF is reserved")]
pub struct ReservedTopicId;

impl TryFrom<u16> for TopicId {
    type Error = ReservedTopicId;

    fn try_from(value: u16) -> Result<Self, ReservedTopicId> {
        Self::new(value).ok_or(ReservedTopicId)
    }
}

impl From<TopicId> for u16 {
    fn from(topic_id: TopicId) -> Self {
        topic_id.0
    }
}

/// A short topic name: exactly two octets of text, sent in place of a topic id. Sections 3 and 5.3.11.
///
/// It consists of two ASCII characters or one character of two octets, without U+0000. A
/// [`Publish`](crate::sn::Publish) refuses a short name with `+` or `#`. In SUBSCRIBE the two octets are a name, not a
/// filter.
///
/// ```
/// use mqtt_types::sn::ShortTopicName;
///
/// assert_eq!(ShortTopicName::new(*b"ab")?.as_str(), "ab");
/// assert!(ShortTopicName::new([0x61, 0xFF]).is_err());
/// # Ok::<(), mqtt_types::TextError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShortTopicName([u8; 2]);

impl ShortTopicName {
    /// Checks two octets.
    ///
    /// # Errors
    ///
    /// Returns an error if the two octets are not well-formed UTF-8, or contain U+0000.
    #[inline]
    pub fn new(octets: [u8; 2]) -> Result<Self, TextError> {
        if !matches!(octets, [1..=0x7F, 1..=0x7F]) {
            Utf8String::new(&octets)?; // not two ASCII characters: the exact check
        }
        Ok(Self(octets))
    }

    /// Returns the text.
    #[inline]
    #[must_use]
    pub const fn as_str(&self) -> &str {
        match core::str::from_utf8(&self.0) {
            Ok(text) => text,
            Err(_) => "", // it has been checked
        }
    }

    /// Returns the two octets.
    #[inline]
    #[must_use]
    pub const fn octets(self) -> [u8; 2] {
        self.0
    }

    /// Returns `true` if the name contains `+` or `#`, so that a PUBLISH cannot have it.
    #[inline]
    #[must_use]
    pub const fn has_wildcard(self) -> bool {
        matches!(self.0, [b'+' | b'#', _] | [_, b'+' | b'#'])
    }

    /// Returns the same Topic Name in MQTT, or `None` if it [has a wildcard](Self::has_wildcard).
    #[must_use]
    pub fn topic_name(&self) -> Option<TopicName<&[u8]>> {
        TopicName::new(&self.0).ok()
    }
}

impl fmt::Display for ShortTopicName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for ShortTopicName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl AsRef<str> for ShortTopicName {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

/// The topic of a PUBLISH, SUBSCRIBE or UNSUBSCRIBE: an id or a text.
///
/// | variant | `TopicIdType` | in PUBLISH | in SUBSCRIBE, UNSUBSCRIBE |
/// | --- | --- | --- | --- |
/// | `Normal` | 00 | yes, but not at QoS -1 | no |
/// | `Predefined` | 01 | yes | yes |
/// | `Short` | 10 | yes, without wildcards | yes |
/// | `Name` | 00 | no (see [`Publish`](crate::sn::Publish)) | yes |
///
/// `N` is the type of the text: a [`TopicName`] in PUBLISH, a [`TopicFilter`] in the other two. The constructors of the
/// messages return an error for the cases marked `no`.
///
/// ```
/// use mqtt_types::{TopicFilter, sn::{ShortTopicName, Topic, TopicId, TopicIdType}};
///
/// let topics: [Topic<TopicFilter<&[u8]>>; 3] = [
///     Topic::Name(TopicFilter::new("kitchen/#")?),
///     Topic::Predefined(TopicId::MIN),
///     Topic::Short(ShortTopicName::new(*b"kt")?),
/// ];
/// let types = [TopicIdType::Normal, TopicIdType::Predefined, TopicIdType::Short];
/// assert_eq!(topics.map(|topic| topic.topic_id_type()), types);
/// # Ok::<(), mqtt_types::TextError>(())
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, Hash)]
pub enum Topic<N> {
    /// A topic id that was assigned by REGISTER, REGACK or SUBACK.
    Normal(TopicId),
    /// A topic id that both sides know in advance.
    Predefined(TopicId),
    /// A topic name of two octets.
    Short(ShortTopicName),
    /// A topic name or topic filter in full.
    Name(N),
}

impl<N> Topic<N> {
    /// Returns the `TopicIdType` that stands for this kind of reference.
    #[inline]
    #[must_use]
    pub const fn topic_id_type(&self) -> TopicIdType {
        match self {
            Self::Normal(_) | Self::Name(_) => TopicIdType::Normal,
            Self::Predefined(_) => TopicIdType::Predefined,
            Self::Short(_) => TopicIdType::Short,
        }
    }

    /// Returns the topic id, normal or pre-defined.
    #[must_use]
    pub const fn topic_id(&self) -> Option<TopicId> {
        match self {
            Self::Normal(topic_id) | Self::Predefined(topic_id) => Some(*topic_id),
            Self::Short(_) | Self::Name(_) => None,
        }
    }

    /// Returns the number that PUBACK repeats: the topic id, the two octets of a short name, or 0.
    #[must_use]
    pub const fn number(&self) -> u16 {
        match self {
            Self::Normal(topic_id) | Self::Predefined(topic_id) => topic_id.get(),
            Self::Short(name) => u16::from_be_bytes(name.octets()),
            Self::Name(_) => 0,
        }
    }

    #[inline]
    fn map_name<'i, M>(&'i self, map: impl FnOnce(&'i N) -> M) -> Topic<M> {
        match self {
            Self::Normal(topic_id) => Topic::Normal(*topic_id),
            Self::Predefined(topic_id) => Topic::Predefined(*topic_id),
            Self::Short(name) => Topic::Short(*name),
            Self::Name(name) => Topic::Name(map(name)),
        }
    }
}

macro_rules! named {
    ($($text:ident)*) => {$(
        impl<B: Buffer> Topic<$text<B>> {
            #[inline]
            pub(crate) fn map_buffer<'i, C: Buffer>(&'i self, map: &mut impl FnMut(&'i B) -> C) -> Topic<$text<C>> {
                self.map_name(|name| name.map_buffer(map))
            }

            /// Returns the same reference, borrowed from this one: nothing is copied.
            #[inline]
            #[must_use]
            pub fn as_borrowed<'i, 'o>(&'i self) -> Topic<$text<&'o [u8]>>
            where
                B: Lend<'i, 'o>,
            {
                self.map_name(|name| name.as_borrowed())
            }
        }
    )*};
}

named! { TopicName TopicFilter }

impl<N: PartialEq<M>, M> PartialEq<Topic<M>> for Topic<N> {
    fn eq(&self, other: &Topic<M>) -> bool {
        match (self, other) {
            (Self::Normal(one), Topic::Normal(other)) | (Self::Predefined(one), Topic::Predefined(other)) => {
                one == other
            }
            (Self::Short(one), Topic::Short(other)) => one == other,
            (Self::Name(one), Topic::Name(other)) => one == other,
            _ => false,
        }
    }
}

impl<N: Eq> Eq for Topic<N> {}

impl<N: fmt::Debug> fmt::Display for Topic<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Normal(topic_id) => write!(f, "topic={topic_id}"),
            Self::Predefined(topic_id) => write!(f, "predefined={topic_id}"),
            Self::Short(name) => write!(f, "short={name:?}"),
            Self::Name(name) => write!(f, "{name:?}"),
        }
    }
}

/// The error for a kind of topic that a message cannot have.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidTopic {
    /// A PUBLISH of QoS -1 with a registered topic id. Such an id is valid within a connection only, and QoS -1 has
    /// none. Section 6.8.
    #[error("a PUBLISH at QoS -1 has a pre-defined topic id or a short topic name")]
    NormalWithoutConnection,
    /// A PUBLISH to a full topic name. Section 5.4.12.
    #[error("a PUBLISH has a topic id or a short topic name")]
    NameInPublish,
    /// A PUBLISH to a short topic name with `+` or `#`.
    #[error("a short topic name that is published to holds a wildcard character")]
    WildcardInShortName,
    /// A SUBSCRIBE or UNSUBSCRIBE with a registered topic id. Section 5.4.15.
    #[error("a subscription has a topic filter, a pre-defined topic id or a short topic name")]
    NormalInSubscription,
}

#[cfg(test)]
mod tests {
    use super::{InvalidTopic, ReservedTopicId, ShortTopicName, Topic, TopicId};
    use crate::{TextErrorKind, TopicFilter, TopicName, sn::TopicIdType};

    /// Section 5.3.11.
    #[test]
    fn topic_id_is_not_ffff() {
        assert_eq!(TopicId::try_from(0xFFFF), Err(ReservedTopicId));
        assert_eq!(ReservedTopicId.to_string(), "the topic id 0xFFFF is reserved");
        for value in [0, 1, 7, 0xFFFE] {
            let topic_id = TopicId::try_from(value).unwrap();
            assert_eq!((topic_id.get(), u16::from(topic_id), topic_id.is_none()), (value, value, value == 0));
            assert_eq!((topic_id.to_string(), format!("{topic_id:?}")), (value.to_string(), value.to_string()));
        }
        assert_eq!((TopicId::NONE.next(), TopicId::MIN.next().get()), (TopicId::MIN, 2));
        assert_eq!((TopicId::new(0xFFFD).unwrap().next(), TopicId::MAX.next()), (TopicId::MAX, TopicId::MIN));
    }

    #[test]
    fn a_short_name_is_text_of_two_octets() {
        for (octets, text) in [(*b"ab", "ab"), (*b"a#", "a#"), ([0xC3, 0xA9], "é")] {
            let name = ShortTopicName::new(octets).unwrap();
            assert_eq!((name.as_str(), name.octets(), name.as_ref()), (text, octets, text));
            assert_eq!((name.to_string(), format!("{name:?}")), (text.to_owned(), format!("{text:?}")));
            assert_eq!(name.has_wildcard(), name.topic_name().is_none());
        }
        for octets in [*b"+a", *b"#a", *b"a+", *b"a#"] {
            assert!(ShortTopicName::new(octets).unwrap().has_wildcard());
        }
        for (octets, kind, offset) in [
            ([0x61, 0xFF], TextErrorKind::IllFormedUtf8, 1),
            ([0xC3, 0x61], TextErrorKind::IllFormedUtf8, 0),
            ([0x61, 0], TextErrorKind::NulCharacter, 1),
        ] {
            let error = ShortTopicName::new(octets).unwrap_err();
            assert_eq!((error.kind(), error.offset()), (kind, offset));
        }
    }

    #[test]
    fn a_reference_shows_its_kind_and_equals_its_own_kind() {
        let name = TopicFilter::new("a/#").unwrap();
        let topics = [
            Topic::Normal(TopicId::MIN),
            Topic::Predefined(TopicId::MIN),
            Topic::Short(ShortTopicName::new([0, 1].map(|octet| octet + b'a')).unwrap()),
            Topic::Name(name),
        ];
        let shown = topics.map(|topic| topic.to_string());
        assert_eq!(shown, ["topic=1", "predefined=1", "short=\"ab\"", "\"a/#\""]);
        for (one, topic) in topics.iter().enumerate() {
            for (other, another) in topics.iter().enumerate() {
                assert_eq!(topic == another, one == other);
            }
            assert_eq!(topic.as_borrowed(), *topic);
        }
        let ids = topics.map(|topic| topic.topic_id());
        assert_eq!(ids, [Some(TopicId::MIN), Some(TopicId::MIN), None, None]);
        assert_eq!(topics.map(|topic| topic.number()), [1, 1, 0x6162, 0]);
        assert_eq!(topics[3].topic_id_type(), TopicIdType::Normal);
        assert_eq!(Topic::Name(TopicName::new("a").unwrap()).as_borrowed().to_string(), "\"a\"");
        assert!(InvalidTopic::NameInPublish.to_string().contains("PUBLISH"));
    }
}
