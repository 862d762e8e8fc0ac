//! Quality of Service, Packet Identifier, and the two with DUP as one value: sections 2.2.1, 3.3.1 and 4.3.

use core::{fmt, num::NonZeroU16};

/// A Quality of Service level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum QoS {
    /// 0: at most once.
    #[default]
    AtMostOnce = 0,
    /// 1: at least once.
    AtLeastOnce = 1,
    /// 2: exactly once.
    ExactlyOnce = 2,
}

impl QoS {
    /// All three, lowest first.
    pub const ALL: [Self; 3] = [Self::AtMostOnce, Self::AtLeastOnce, Self::ExactlyOnce];

    /// The level as the number on the wire.
    #[inline]
    #[must_use]
    pub const fn as_u8(self) -> u8 {
        match self {
            Self::AtMostOnce => 0,
            Self::AtLeastOnce => 1,
            Self::ExactlyOnce => 2,
        }
    }

    /// The level of a number; 3 is none \[MQTT-3.3.1-4\].
    #[inline]
    #[must_use]
    pub const fn from_u8(value: u8) -> Option<Self> {
        match value {
            0 => Some(Self::AtMostOnce),
            1 => Some(Self::AtLeastOnce),
            2 => Some(Self::ExactlyOnce),
            _ => None,
        }
    }
}

impl fmt::Display for QoS {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.as_u8(), f)
    }
}

/// A number that is no Quality of Service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{0} is no quality of service: it is 0, 1 or 2")]
pub struct InvalidQoS(pub u8);

impl TryFrom<u8> for QoS {
    type Error = InvalidQoS;

    fn try_from(value: u8) -> Result<Self, InvalidQoS> {
        Self::from_u8(value).ok_or(InvalidQoS(value))
    }
}

impl From<QoS> for u8 {
    fn from(qos: QoS) -> Self {
        qos.as_u8()
    }
}

/// A Packet Identifier: 1 to 65,535 \[MQTT-2.2.1-3, MQTT-2.2.1-4\].
///
/// ```
/// use mqtt_types::PacketIdentifier;
///
/// let identifier = PacketIdentifier::new(10).unwrap();
/// assert_eq!(identifier.get(), 10);
/// assert_eq!(PacketIdentifier::new(0), None);
/// assert_eq!(PacketIdentifier::MAX.next(), PacketIdentifier::MIN);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PacketIdentifier(NonZeroU16);

impl PacketIdentifier {
    /// 1.
    pub const MIN: Self = Self(NonZeroU16::MIN);
    /// 65,535.
    pub const MAX: Self = Self(NonZeroU16::MAX);

    /// The identifier of a number other than 0.
    #[inline]
    #[must_use]
    pub const fn new(value: u16) -> Option<Self> {
        match NonZeroU16::new(value) {
            Some(value) => Some(Self(value)),
            None => None,
        }
    }

    /// The number.
    #[inline]
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0.get()
    }

    /// The identifier after this one; after the last comes the first.
    #[inline]
    #[must_use]
    pub const fn next(self) -> Self {
        match self.0.checked_add(1) {
            Some(next) => Self(next),
            None => Self::MIN,
        }
    }
}

impl fmt::Debug for PacketIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for PacketIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// The number 0, which is no Packet Identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("a packet identifier is not 0")]
pub struct PacketIdentifierZero;

impl TryFrom<u16> for PacketIdentifier {
    type Error = PacketIdentifierZero;

    fn try_from(value: u16) -> Result<Self, PacketIdentifierZero> {
        Self::new(value).ok_or(PacketIdentifierZero)
    }
}

impl From<NonZeroU16> for PacketIdentifier {
    fn from(value: NonZeroU16) -> Self {
        Self(value)
    }
}

impl From<PacketIdentifier> for NonZeroU16 {
    fn from(identifier: PacketIdentifier) -> Self {
        identifier.0
    }
}

impl From<PacketIdentifier> for u16 {
    fn from(identifier: PacketIdentifier) -> Self {
        identifier.get()
    }
}

/// How a PUBLISH is delivered: QoS, and with it the Packet Identifier and DUP, which QoS 0 does not have
/// \[MQTT-2.2.1-2, MQTT-3.3.1-2\].
///
/// ```
/// use mqtt_types::{Delivery, PacketIdentifier, QoS};
///
/// let first = Delivery::at_least_once(PacketIdentifier::MIN);
/// let again = first.duplicate();
/// assert!(again.dup() && !first.dup());
/// assert_eq!((again.qos(), again.packet_identifier()), (QoS::AtLeastOnce, Some(PacketIdentifier::MIN)));
/// assert_eq!(Delivery::AtMostOnce.packet_identifier(), None);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Delivery {
    /// QoS 0: at most once.
    #[default]
    AtMostOnce,
    /// QoS 1: at least once.
    AtLeastOnce {
        /// Is repeated in the PUBACK.
        packet_identifier: PacketIdentifier,
        /// This is not the first attempt to send it.
        dup: bool,
    },
    /// QoS 2: exactly once.
    ExactlyOnce {
        /// Is repeated in the PUBREC, PUBREL and PUBCOMP.
        packet_identifier: PacketIdentifier,
        /// This is not the first attempt to send it.
        dup: bool,
    },
}

impl Delivery {
    /// QoS 1, first attempt.
    #[must_use]
    pub const fn at_least_once(packet_identifier: PacketIdentifier) -> Self {
        Self::AtLeastOnce { packet_identifier, dup: false }
    }

    /// QoS 2, first attempt.
    #[must_use]
    pub const fn exactly_once(packet_identifier: PacketIdentifier) -> Self {
        Self::ExactlyOnce { packet_identifier, dup: false }
    }

    /// The Quality of Service.
    #[inline]
    #[must_use]
    pub const fn qos(self) -> QoS {
        match self {
            Self::AtMostOnce => QoS::AtMostOnce,
            Self::AtLeastOnce { .. } => QoS::AtLeastOnce,
            Self::ExactlyOnce { .. } => QoS::ExactlyOnce,
        }
    }

    /// The Packet Identifier, if QoS is not 0.
    #[inline]
    #[must_use]
    pub const fn packet_identifier(self) -> Option<PacketIdentifier> {
        match self {
            Self::AtMostOnce => None,
            Self::AtLeastOnce { packet_identifier, .. } | Self::ExactlyOnce { packet_identifier, .. } => {
                Some(packet_identifier)
            }
        }
    }

    /// DUP: this is not the first attempt to send it.
    #[inline]
    #[must_use]
    pub const fn dup(self) -> bool {
        match self {
            Self::AtMostOnce => false,
            Self::AtLeastOnce { dup, .. } | Self::ExactlyOnce { dup, .. } => dup,
        }
    }

    /// The same with DUP set, for the next attempt to send it. QoS 0 has no DUP and stays as it is.
    #[must_use]
    pub const fn duplicate(self) -> Self {
        match self {
            Self::AtMostOnce => Self::AtMostOnce,
            Self::AtLeastOnce { packet_identifier, .. } => Self::AtLeastOnce { packet_identifier, dup: true },
            Self::ExactlyOnce { packet_identifier, .. } => Self::ExactlyOnce { packet_identifier, dup: true },
        }
    }

    /// The same with another Packet Identifier, as forwarding needs it. QoS 0 has none and stays as it is.
    #[inline]
    #[must_use]
    pub const fn with_packet_identifier(self, packet_identifier: PacketIdentifier) -> Self {
        match self {
            Self::AtMostOnce => Self::AtMostOnce,
            Self::AtLeastOnce { dup, .. } => Self::AtLeastOnce { packet_identifier, dup },
            Self::ExactlyOnce { dup, .. } => Self::ExactlyOnce { packet_identifier, dup },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Delivery, InvalidQoS, PacketIdentifier, PacketIdentifierZero, QoS};

    #[test]
    fn qos_is_0_1_or_2() {
        for value in 0..=255 {
            assert_eq!(QoS::from_u8(value).map(QoS::as_u8), (value < 3).then_some(value));
        }
        assert_eq!(QoS::try_from(3), Err(InvalidQoS(3)));
        assert_eq!(InvalidQoS(3).to_string(), "3 is no quality of service: it is 0, 1 or 2");
        for qos in QoS::ALL {
            assert_eq!(QoS::try_from(u8::from(qos)), Ok(qos));
            assert_eq!(qos.to_string(), qos.as_u8().to_string());
        }
    }

    #[test]
    fn packet_identifier_is_not_0() {
        assert_eq!(PacketIdentifier::try_from(0), Err(PacketIdentifierZero));
        assert_eq!(PacketIdentifierZero.to_string(), "a packet identifier is not 0");
        assert_eq!(PacketIdentifier::new(65_535), Some(PacketIdentifier::MAX));
        assert_eq!(PacketIdentifier::MIN.next().get(), 2);
        assert_eq!(PacketIdentifier::MAX.next(), PacketIdentifier::MIN);
        for value in [1, 10, 65_535] {
            let identifier = PacketIdentifier::try_from(value).unwrap();
            assert_eq!((identifier.get(), u16::from(identifier)), (value, value));
            assert_eq!(PacketIdentifier::from(core::num::NonZeroU16::from(identifier)), identifier);
            assert_eq!((format!("{identifier:?}"), identifier.to_string()), (value.to_string(), value.to_string()));
        }
        assert_eq!(size_of::<Option<PacketIdentifier>>(), 2);
    }

    #[test]
    fn qos_0_has_neither_dup_nor_identifier() {
        assert_eq!(Delivery::AtMostOnce.duplicate(), Delivery::AtMostOnce);
        assert_eq!(Delivery::AtMostOnce.with_packet_identifier(PacketIdentifier::MAX), Delivery::AtMostOnce);
        let delivery = Delivery::exactly_once(PacketIdentifier::MIN).duplicate();
        let delivery = delivery.with_packet_identifier(PacketIdentifier::MAX);
        assert_eq!(delivery, Delivery::ExactlyOnce { packet_identifier: PacketIdentifier::MAX, dup: true });
        assert_eq!(size_of::<Delivery>(), 4);
    }

    /// MQTT-2.2.1-2, MQTT-3.3.1-2.
    #[test]
    fn qos_1_and_2_have_an_identifier_and_maybe_dup() {
        let identifier = PacketIdentifier::MAX;
        for (delivery, qos) in [
            (Delivery::at_least_once(identifier), QoS::AtLeastOnce),
            (Delivery::exactly_once(identifier), QoS::ExactlyOnce),
        ] {
            for (delivery, dup) in [(delivery, false), (delivery.duplicate(), true)] {
                assert_eq!((delivery.qos(), delivery.packet_identifier()), (qos, Some(identifier)));
                assert_eq!(delivery.dup(), dup);
                let other = delivery.with_packet_identifier(PacketIdentifier::MIN);
                assert_eq!((other.qos(), other.dup()), (qos, dup));
                assert_eq!(other.packet_identifier(), Some(PacketIdentifier::MIN));
            }
        }
        assert_eq!((Delivery::AtMostOnce.packet_identifier(), Delivery::AtMostOnce.dup()), (None, false));
    }
}
