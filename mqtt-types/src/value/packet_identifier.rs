//! Packet Identifier: section 2.2.1.

use core::{fmt, num::NonZeroU16};

/// A Packet Identifier: 1 to 65,535 \[MQTT-2.2.1-3, MQTT-2.2.1-4\].
///
/// It relates an acknowledgement to the packet that it answers. `Option<PacketIdentifier>` takes no more memory.
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
    /// The lowest identifier, 1.
    pub const MIN: Self = Self(NonZeroU16::MIN);
    /// The highest identifier, 65,535.
    pub const MAX: Self = Self(NonZeroU16::MAX);

    /// Returns the identifier with this number, or `None` if the number is 0.
    #[inline]
    #[must_use]
    pub const fn new(value: u16) -> Option<Self> {
        match NonZeroU16::new(value) {
            Some(value) => Some(Self(value)),
            None => None,
        }
    }

    /// Returns the number.
    #[inline]
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0.get()
    }

    /// Returns the identifier after this one. The highest is followed by the lowest.
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

/// The error for the number 0, which is not a Packet Identifier.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("a packet identifier must not be 0")]
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

#[cfg(test)]
mod tests {
    use super::{PacketIdentifier, PacketIdentifierZero};

    #[test]
    fn packet_identifier_is_not_0() {
        assert_eq!(PacketIdentifier::try_from(0), Err(PacketIdentifierZero));
        assert_eq!(PacketIdentifierZero.to_string(), "a packet identifier must not be 0");
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
}
