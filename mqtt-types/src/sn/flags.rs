//! The Flags octet: section 5.3.4.

use crate::value::QoS;

/// The Flags octet. Each message uses some of the flags. The others are sent as 0 and ignored on receipt.
///
/// | bit | 7 | 6 and 5 | 4 | 3 | 2 | 1 and 0 |
/// | --- | --- | --- | --- | --- | --- | --- |
/// | | DUP | QoS | Retain | Will | `CleanSession` | `TopicIdType` |
/// | CONNECT | | | | x | x | |
/// | WILLTOPIC, WILLTOPICUPD | | x | x | | | |
/// | PUBLISH | x | x | x | | | x |
/// | SUBSCRIBE | x | x | | | | x |
/// | SUBACK | | x | | | | |
/// | UNSUBSCRIBE | | | | | | x |
///
/// ```
/// use mqtt_types::{QoS, sn::{Flags, TopicIdType}};
///
/// let flags = Flags::from_bits(0b0010_0001);
/// assert_eq!((flags.qos(), flags.topic_id_type()), (Some(QoS::AtLeastOnce), TopicIdType::Predefined));
/// assert_eq!(Flags::from_bits(0b0110_0010).qos(), None); // QoS -1
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Flags(u8);

impl Flags {
    const DUP: u8 = 0b1000_0000;
    const QOS: u8 = 0b0110_0000;
    const RETAIN: u8 = 0b0001_0000;
    const WILL: u8 = 0b0000_1000;
    const CLEAN_SESSION: u8 = 0b0000_0100;
    const TOPIC_ID_TYPE: u8 = 0b0000_0011;

    /// No flag: QoS 0, `TopicIdType` normal.
    pub const NONE: Self = Self(0);

    /// Returns the flags of an octet.
    #[inline]
    #[must_use]
    pub const fn from_bits(bits: u8) -> Self {
        Self(bits)
    }

    /// Returns the octet.
    #[inline]
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// Returns `true` if DUP is set: this is not the first attempt.
    #[inline]
    #[must_use]
    pub const fn dup(self) -> bool {
        self.0 & Self::DUP != 0
    }

    /// Returns the Quality of Service, or `None` if both bits are set, which means QoS -1 in PUBLISH and is undefined
    /// elsewhere.
    #[inline]
    #[must_use]
    pub const fn qos(self) -> Option<QoS> {
        QoS::from_u8((self.0 & Self::QOS) >> 5)
    }

    /// Returns Retain.
    #[inline]
    #[must_use]
    pub const fn retain(self) -> bool {
        self.0 & Self::RETAIN != 0
    }

    /// Returns `true` if Will is set: the client has a Will, and the gateway requests it.
    #[inline]
    #[must_use]
    pub const fn will(self) -> bool {
        self.0 & Self::WILL != 0
    }

    /// Returns `CleanSession`.
    #[inline]
    #[must_use]
    pub const fn clean_session(self) -> bool {
        self.0 & Self::CLEAN_SESSION != 0
    }

    /// Returns `TopicIdType`.
    #[inline]
    #[must_use]
    pub const fn topic_id_type(self) -> TopicIdType {
        match self.0 & Self::TOPIC_ID_TYPE {
            0b00 => TopicIdType::Normal,
            0b01 => TopicIdType::Predefined,
            0b10 => TopicIdType::Short,
            _ => TopicIdType::Reserved,
        }
    }

    /// Returns the same flags with this value of DUP.
    #[inline]
    #[must_use]
    pub const fn with_dup(self, dup: bool) -> Self {
        self.with(Self::DUP, dup)
    }

    /// Returns the same flags with this Quality of Service.
    #[inline]
    #[must_use]
    pub const fn with_qos(self, qos: QoS) -> Self {
        Self(self.0 & !Self::QOS | qos.as_u8() << 5)
    }

    /// Returns the same flags with QoS -1.
    #[inline]
    #[must_use]
    pub const fn without_connection(self) -> Self {
        Self(self.0 | Self::QOS)
    }

    /// Returns the same flags with this value of Retain.
    #[inline]
    #[must_use]
    pub const fn with_retain(self, retain: bool) -> Self {
        self.with(Self::RETAIN, retain)
    }

    /// Returns the same flags with this value of Will.
    #[inline]
    #[must_use]
    pub const fn with_will(self, will: bool) -> Self {
        self.with(Self::WILL, will)
    }

    /// Returns the same flags with this value of `CleanSession`.
    #[inline]
    #[must_use]
    pub const fn with_clean_session(self, clean_session: bool) -> Self {
        self.with(Self::CLEAN_SESSION, clean_session)
    }

    /// Returns the same flags with this `TopicIdType`.
    #[inline]
    #[must_use]
    pub const fn with_topic_id_type(self, topic_id_type: TopicIdType) -> Self {
        Self(self.0 & !Self::TOPIC_ID_TYPE | topic_id_type.as_u8())
    }

    #[inline]
    const fn with(self, flag: u8, set: bool) -> Self {
        Self(if set { self.0 | flag } else { self.0 & !flag })
    }
}

/// `TopicIdType`: the kind of topic in PUBLISH, SUBSCRIBE and UNSUBSCRIBE. Section 5.3.4.
///
/// | value | in PUBLISH | in SUBSCRIBE and UNSUBSCRIBE |
/// | --- | --- | --- |
/// | normal | a topic id that was registered | a topic filter, the rest of the message |
/// | pre-defined | a topic id that both sides know | the same |
/// | short | a topic name of two octets | the same |
/// | reserved | is refused | is refused |
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum TopicIdType {
    /// 00.
    Normal = 0b00,
    /// 01.
    Predefined = 0b01,
    /// 10.
    Short = 0b10,
    /// 11.
    Reserved = 0b11,
}

impl TopicIdType {
    /// All four, in the order of their values.
    pub const ALL: [Self; 4] = [Self::Normal, Self::Predefined, Self::Short, Self::Reserved];

    /// Returns the value on the wire.
    #[inline]
    #[must_use]
    pub const fn as_u8(self) -> u8 {
        match self {
            Self::Normal => 0b00,
            Self::Predefined => 0b01,
            Self::Short => 0b10,
            Self::Reserved => 0b11,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Flags, TopicIdType};
    use crate::QoS;

    /// Section 5.3.4: each octet consists of its parts, and the parts give the same octet again.
    #[test]
    fn an_octet_is_its_parts() {
        for bits in 0..=u8::MAX {
            let flags = Flags::from_bits(bits);
            let topic_id_type = flags.topic_id_type();
            let mut again = Flags::from_bits(!bits)
                .with_dup(flags.dup())
                .with_retain(flags.retain())
                .with_will(flags.will())
                .with_clean_session(flags.clean_session())
                .with_topic_id_type(topic_id_type);
            again = match flags.qos() {
                Some(qos) => again.with_qos(qos),
                None => again.without_connection(),
            };
            assert_eq!((again, again.bits()), (flags, bits));
            assert_eq!(topic_id_type, TopicIdType::ALL[usize::from(bits & 3)]);
            assert_eq!(flags.qos().map(QoS::as_u8), Some(bits >> 5 & 3).filter(|qos| *qos < 3));
            assert_eq!(flags.dup(), bits >= 0x80);
            assert_eq!((flags.retain(), flags.will()), (bits & 0x10 != 0, bits & 0x08 != 0));
            assert_eq!(flags.clean_session(), bits & 0x04 != 0);
        }
        assert_eq!(Flags::NONE, Flags::default());
    }
}
