//! Quality of Service: section 4.3.

use core::fmt;

/// A Quality of Service level: how often a message is delivered. Section 4.3.
///
/// ```
/// use mqtt_types::QoS;
///
/// assert_eq!(QoS::try_from(1), Ok(QoS::AtLeastOnce));
/// assert!(QoS::try_from(3).is_err());
/// assert!(QoS::AtMostOnce < QoS::ExactlyOnce);
/// assert_eq!(QoS::ExactlyOnce.to_string(), "2");
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum QoS {
    /// 0: the message is delivered at most once, without an acknowledgement.
    #[default]
    AtMostOnce = 0,
    /// 1: the message is delivered at least once, acknowledged by PUBACK.
    AtLeastOnce = 1,
    /// 2: the message is delivered exactly once, by PUBREC, PUBREL and PUBCOMP.
    ExactlyOnce = 2,
}

impl QoS {
    /// All three levels, lowest first.
    pub const ALL: [Self; 3] = [Self::AtMostOnce, Self::AtLeastOnce, Self::ExactlyOnce];

    /// Returns the level as the number on the wire.
    #[inline]
    #[must_use]
    pub const fn as_u8(self) -> u8 {
        match self {
            Self::AtMostOnce => 0,
            Self::AtLeastOnce => 1,
            Self::ExactlyOnce => 2,
        }
    }

    /// Returns the level with this number, or `None` if there is none. Value 3 is not a level \[MQTT-3.3.1-4\].
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

/// The error for a number that is not a Quality of Service level.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{0} is not a quality of service: expected 0, 1 or 2")]
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

#[cfg(test)]
mod tests {
    use super::{InvalidQoS, QoS};

    #[test]
    fn qos_is_0_1_or_2() {
        for value in 0..=255 {
            assert_eq!(QoS::from_u8(value).map(QoS::as_u8), (value < 3).then_some(value));
        }
        assert_eq!(QoS::try_from(3), Err(InvalidQoS(3)));
        assert_eq!(InvalidQoS(3).to_string(), "3 is not a quality of service: expected 0, 1 or 2");
        for qos in QoS::ALL {
            assert_eq!(QoS::try_from(u8::from(qos)), Ok(qos));
            assert_eq!(qos.to_string(), qos.as_u8().to_string());
        }
    }
}
