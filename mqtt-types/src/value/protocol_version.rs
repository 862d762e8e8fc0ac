//! Protocol Name and Protocol Version: sections 3.1.2.1 and 3.1.2.2.

use core::{fmt, str::FromStr};

/// A version of MQTT.
///
/// | version | Protocol Name | level |
/// | --- | --- | --- |
/// | 3.1 | `MQIsdp` | 3 |
/// | 3.1.1 | `MQTT` | 4 |
/// | 5.0 | `MQTT` | 5 |
///
/// ```
/// use mqtt_types::ProtocolVersion;
///
/// assert_eq!("3.1.1".parse(), Ok(ProtocolVersion::V3_1_1));
/// assert_eq!(ProtocolVersion::V5.to_string(), "5.0");
/// assert!(ProtocolVersion::V3_1 < ProtocolVersion::V5);
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProtocolVersion {
    /// MQTT 3.1, of 2010.
    V3_1,
    /// MQTT 3.1.1, OASIS Standard of 2014, ISO/IEC 20922:2016.
    V3_1_1,
    /// MQTT 5.0, OASIS Standard of 2019.
    V5,
}

impl ProtocolVersion {
    /// All three versions, oldest first.
    pub const ALL: [Self; 3] = [Self::V3_1, Self::V3_1_1, Self::V5];

    /// Bit 7 of the level, which a bridge sets in 3.1 and 3.1.1 to identify itself.
    ///
    /// No standard defines it. Mosquitto introduced it, and other brokers followed.
    pub const BRIDGE_BIT: u8 = 0x80;

    /// Returns the Protocol Name in CONNECT.
    #[must_use]
    pub const fn protocol_name(self) -> &'static str {
        match self {
            Self::V3_1 => "MQIsdp",
            Self::V3_1_1 | Self::V5 => "MQTT",
        }
    }

    /// Returns the Protocol Version in CONNECT: 3, 4 or 5. 3.x calls it the Protocol Level.
    #[must_use]
    pub const fn level(self) -> u8 {
        match self {
            Self::V3_1 => 3,
            Self::V3_1_1 => 4,
            Self::V5 => 5,
        }
    }

    /// Returns the version with this Protocol Name and level, or `None` if there is none.
    ///
    /// The caller has to clear the [bridge bit](Self::BRIDGE_BIT) before.
    ///
    /// ```
    /// use mqtt_types::ProtocolVersion;
    ///
    /// assert_eq!(ProtocolVersion::from_name_and_level(b"MQTT", 4), Some(ProtocolVersion::V3_1_1));
    /// assert_eq!(ProtocolVersion::from_name_and_level(b"MQTT", 3), None);
    /// let level = 0x84 & !ProtocolVersion::BRIDGE_BIT;
    /// assert_eq!(ProtocolVersion::from_name_and_level(b"MQTT", level), Some(ProtocolVersion::V3_1_1));
    /// ```
    #[inline]
    #[must_use]
    pub const fn from_name_and_level(protocol_name: &[u8], level: u8) -> Option<Self> {
        match (protocol_name, level) {
            (b"MQIsdp", 3) => Some(Self::V3_1),
            (b"MQTT", 4) => Some(Self::V3_1_1),
            (b"MQTT", 5) => Some(Self::V5),
            _ => None,
        }
    }

    /// Returns `true` for 3.1 and 3.1.1.
    #[inline]
    #[must_use]
    pub const fn is_v3(self) -> bool {
        !matches!(self, Self::V5)
    }
}

impl fmt::Display for ProtocolVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::V3_1 => "3.1",
            Self::V3_1_1 => "3.1.1",
            Self::V5 => "5.0",
        })
    }
}

/// The error for text that does not name a version of MQTT.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("the versions of MQTT are 3.1, 3.1.1 and 5.0")]
pub struct UnknownProtocolVersion;

impl FromStr for ProtocolVersion {
    type Err = UnknownProtocolVersion;

    /// Parses `3.1`, `3.1.1`, `5.0` or `5`.
    fn from_str(text: &str) -> Result<Self, UnknownProtocolVersion> {
        match text {
            "3.1" => Ok(Self::V3_1),
            "3.1.1" => Ok(Self::V3_1_1),
            "5" | "5.0" => Ok(Self::V5),
            _ => Err(UnknownProtocolVersion),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ProtocolVersion, UnknownProtocolVersion};

    #[test]
    fn name_and_level_decide_together() {
        for version in ProtocolVersion::ALL {
            let found = ProtocolVersion::from_name_and_level(version.protocol_name().as_bytes(), version.level());
            assert_eq!(found, Some(version));
            assert_eq!(version.to_string().parse(), Ok(version));
        }
        for (name, level) in [("MQTT", 3), ("MQIsdp", 4), ("MQTT", 6), ("MQTT", 0x84), ("mqtt", 4), ("", 4)] {
            assert_eq!(ProtocolVersion::from_name_and_level(name.as_bytes(), level), None);
        }
        assert_eq!("4".parse::<ProtocolVersion>(), Err(UnknownProtocolVersion));
        assert_eq!(UnknownProtocolVersion.to_string(), "the versions of MQTT are 3.1, 3.1.1 and 5.0");
    }
}
