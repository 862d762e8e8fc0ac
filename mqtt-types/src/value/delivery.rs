//! QoS, Packet Identifier and DUP of a PUBLISH as one value: sections 2.2.1 and 3.3.1.

use crate::value::packet_identifier::PacketIdentifier;
use crate::value::qos::QoS;

/// The delivery of a PUBLISH: its QoS, and above QoS 0 its Packet Identifier and DUP flag.
///
/// One type holds all three, because QoS 0 has neither an identifier nor DUP \[MQTT-2.2.1-2, MQTT-3.3.1-2\].
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
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Delivery {
    /// QoS 0: the message is delivered at most once.
    #[default]
    AtMostOnce,
    /// QoS 1: the message is delivered at least once.
    AtLeastOnce {
        /// The identifier that the PUBACK repeats.
        packet_identifier: PacketIdentifier,
        /// DUP: this is not the first attempt to send the packet.
        dup: bool,
    },
    /// QoS 2: the message is delivered exactly once.
    ExactlyOnce {
        /// The identifier that PUBREC, PUBREL and PUBCOMP repeat.
        packet_identifier: PacketIdentifier,
        /// DUP: this is not the first attempt to send the packet.
        dup: bool,
    },
}

/// The error for a Packet Identifier that does not fit the QoS: section 2.2.1 \[MQTT-2.2.1-2\].
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum DeliveryError {
    /// QoS 1 and 2 need a Packet Identifier.
    #[error("QoS 1 and 2 need a packet identifier")]
    PacketIdentifierMissing,
    /// QoS 0 has no Packet Identifier.
    #[error("QoS 0 has no packet identifier")]
    PacketIdentifierAtQoS0,
}

impl Delivery {
    /// Returns the delivery at this QoS, with DUP not set.
    ///
    /// [`ApplicationMessage`](crate::ApplicationMessage) holds a QoS until the identifier is chosen.
    ///
    /// ```
    /// use mqtt_types::{Delivery, DeliveryError, PacketIdentifier, QoS};
    ///
    /// let delivery = Delivery::new(QoS::AtLeastOnce, PacketIdentifier::MIN)?;
    /// assert_eq!(Delivery::new(delivery.qos(), delivery.packet_identifier())?, delivery);
    /// assert_eq!(Delivery::new(QoS::AtMostOnce, None)?, Delivery::AtMostOnce);
    /// assert_eq!(Delivery::new(QoS::ExactlyOnce, None), Err(DeliveryError::PacketIdentifierMissing));
    /// # Ok::<(), DeliveryError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if QoS 1 or 2 has no identifier, or if QoS 0 has one.
    #[inline]
    pub fn new(qos: QoS, packet_identifier: impl Into<Option<PacketIdentifier>>) -> Result<Self, DeliveryError> {
        match (qos, packet_identifier.into()) {
            (QoS::AtMostOnce, None) => Ok(Self::AtMostOnce),
            (QoS::AtMostOnce, Some(_)) => Err(DeliveryError::PacketIdentifierAtQoS0),
            (QoS::AtLeastOnce, Some(packet_identifier)) => Ok(Self::at_least_once(packet_identifier)),
            (QoS::ExactlyOnce, Some(packet_identifier)) => Ok(Self::exactly_once(packet_identifier)),
            (QoS::AtLeastOnce | QoS::ExactlyOnce, None) => Err(DeliveryError::PacketIdentifierMissing),
        }
    }

    /// Returns QoS 1 with this identifier, and DUP not set.
    #[must_use]
    pub const fn at_least_once(packet_identifier: PacketIdentifier) -> Self {
        Self::AtLeastOnce { packet_identifier, dup: false }
    }

    /// Returns QoS 2 with this identifier, and DUP not set.
    #[must_use]
    pub const fn exactly_once(packet_identifier: PacketIdentifier) -> Self {
        Self::ExactlyOnce { packet_identifier, dup: false }
    }

    /// Returns the Quality of Service.
    #[inline]
    #[must_use]
    pub const fn qos(self) -> QoS {
        match self {
            Self::AtMostOnce => QoS::AtMostOnce,
            Self::AtLeastOnce { .. } => QoS::AtLeastOnce,
            Self::ExactlyOnce { .. } => QoS::ExactlyOnce,
        }
    }

    /// Returns the Packet Identifier, or `None` at QoS 0.
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

    /// Returns `true` if DUP is set: this is not the first attempt to send the packet.
    #[inline]
    #[must_use]
    pub const fn dup(self) -> bool {
        match self {
            Self::AtMostOnce => false,
            Self::AtLeastOnce { dup, .. } | Self::ExactlyOnce { dup, .. } => dup,
        }
    }

    /// Returns the same delivery with DUP set, to send the packet again. QoS 0 has no DUP and is returned unchanged.
    #[must_use]
    pub const fn duplicate(self) -> Self {
        match self {
            Self::AtMostOnce => Self::AtMostOnce,
            Self::AtLeastOnce { packet_identifier, .. } => Self::AtLeastOnce { packet_identifier, dup: true },
            Self::ExactlyOnce { packet_identifier, .. } => Self::ExactlyOnce { packet_identifier, dup: true },
        }
    }

    /// Returns the same delivery with another Packet Identifier, to forward the packet. QoS 0 has no identifier and is
    /// returned unchanged.
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
    use super::Delivery;
    use crate::{PacketIdentifier, QoS};

    #[test]
    fn qos_0_has_neither_dup_nor_identifier() {
        assert_eq!(Delivery::AtMostOnce.duplicate(), Delivery::AtMostOnce);
        assert_eq!(Delivery::AtMostOnce.with_packet_identifier(PacketIdentifier::MAX), Delivery::AtMostOnce);
        let delivery = Delivery::exactly_once(PacketIdentifier::MIN).duplicate();
        let delivery = delivery.with_packet_identifier(PacketIdentifier::MAX);
        assert_eq!(delivery, Delivery::ExactlyOnce { packet_identifier: PacketIdentifier::MAX, dup: true });
        assert_eq!(size_of::<Delivery>(), 4);
    }

    /// MQTT-2.2.1-2.
    #[test]
    fn an_identifier_is_there_above_qos_0_only() {
        let identifier = PacketIdentifier::MAX;
        for (qos, given, expected) in [
            (QoS::AtMostOnce, None, Ok(Delivery::AtMostOnce)),
            (QoS::AtMostOnce, Some(identifier), Err("QoS 0 has no packet identifier")),
            (QoS::AtLeastOnce, None, Err("QoS 1 and 2 need a packet identifier")),
            (QoS::AtLeastOnce, Some(identifier), Ok(Delivery::at_least_once(identifier))),
            (QoS::ExactlyOnce, None, Err("QoS 1 and 2 need a packet identifier")),
            (QoS::ExactlyOnce, Some(identifier), Ok(Delivery::exactly_once(identifier))),
        ] {
            let made = Delivery::new(qos, given);
            assert_eq!(made.map_err(|error| error.to_string()), expected.map_err(str::to_owned), "{qos} {given:?}");
        }
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
