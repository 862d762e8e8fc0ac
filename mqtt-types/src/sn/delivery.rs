//! QoS, `MsgId` and DUP of a PUBLISH as one value: sections 5.3.4, 5.3.7 and 6.8.

use crate::value::{PacketIdentifier, QoS};
use core::fmt;

/// The delivery of a PUBLISH: its QoS, and at QoS 1 and 2 its `MsgId` and DUP flag.
///
/// ```
/// use mqtt_types::{PacketIdentifier, QoS, sn::Delivery};
///
/// let first = Delivery::at_least_once(PacketIdentifier::MIN);
/// assert_eq!((first.qos(), first.message_id()), (Some(QoS::AtLeastOnce), Some(PacketIdentifier::MIN)));
/// assert!(first.duplicate().dup());
/// assert_eq!((Delivery::WithoutConnection.qos(), Delivery::WithoutConnection.qos_number()), (None, -1));
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Delivery {
    /// QoS -1: at most once, from a client without a connection. The gateway does not answer it.
    WithoutConnection,
    /// QoS 0: at most once.
    #[default]
    AtMostOnce,
    /// QoS 1: at least once.
    AtLeastOnce {
        /// The `MsgId`, which the PUBACK repeats.
        message_id: PacketIdentifier,
        /// DUP: this is not the first attempt to send the message.
        dup: bool,
    },
    /// QoS 2: exactly once.
    ExactlyOnce {
        /// The `MsgId`, which PUBREC, PUBREL and PUBCOMP repeat.
        message_id: PacketIdentifier,
        /// DUP: this is not the first attempt to send the message.
        dup: bool,
    },
}

impl Delivery {
    /// Returns QoS 1 with this `MsgId`, and DUP not set.
    #[must_use]
    pub const fn at_least_once(message_id: PacketIdentifier) -> Self {
        Self::AtLeastOnce { message_id, dup: false }
    }

    /// Returns QoS 2 with this `MsgId`, and DUP not set.
    #[must_use]
    pub const fn exactly_once(message_id: PacketIdentifier) -> Self {
        Self::ExactlyOnce { message_id, dup: false }
    }

    /// Returns the Quality of Service, or `None` for QoS -1, which MQTT does not have.
    #[inline]
    #[must_use]
    pub const fn qos(self) -> Option<QoS> {
        match self {
            Self::WithoutConnection => None,
            Self::AtMostOnce => Some(QoS::AtMostOnce),
            Self::AtLeastOnce { .. } => Some(QoS::AtLeastOnce),
            Self::ExactlyOnce { .. } => Some(QoS::ExactlyOnce),
        }
    }

    /// Returns the Quality of Service as a number: -1, 0, 1 or 2.
    #[inline]
    #[must_use]
    pub const fn qos_number(self) -> i8 {
        match self {
            Self::WithoutConnection => -1,
            Self::AtMostOnce => 0,
            Self::AtLeastOnce { .. } => 1,
            Self::ExactlyOnce { .. } => 2,
        }
    }

    /// Returns the `MsgId`, or `None` at QoS 0 and -1.
    #[inline]
    #[must_use]
    pub const fn message_id(self) -> Option<PacketIdentifier> {
        match self {
            Self::WithoutConnection | Self::AtMostOnce => None,
            Self::AtLeastOnce { message_id, .. } | Self::ExactlyOnce { message_id, .. } => Some(message_id),
        }
    }

    /// Returns `true` if DUP is set: this is not the first attempt to send the message.
    #[inline]
    #[must_use]
    pub const fn dup(self) -> bool {
        match self {
            Self::WithoutConnection | Self::AtMostOnce => false,
            Self::AtLeastOnce { dup, .. } | Self::ExactlyOnce { dup, .. } => dup,
        }
    }

    /// Returns the same delivery in MQTT: the Packet Identifier is the `MsgId`. Returns `None` for QoS -1, which a gateway
    /// publishes at QoS 0.
    ///
    /// ```
    /// use mqtt_types::{PacketIdentifier, sn};
    ///
    /// let received = sn::Delivery::exactly_once(PacketIdentifier::MIN);
    /// assert_eq!(received.to_mqtt(), Some(mqtt_types::Delivery::exactly_once(PacketIdentifier::MIN)));
    /// assert_eq!(sn::Delivery::WithoutConnection.to_mqtt(), None);
    /// ```
    #[must_use]
    pub const fn to_mqtt(self) -> Option<crate::value::Delivery> {
        Some(match self {
            Self::WithoutConnection => return None,
            Self::AtMostOnce => crate::value::Delivery::AtMostOnce,
            Self::AtLeastOnce { message_id: packet_identifier, dup } => {
                crate::value::Delivery::AtLeastOnce { packet_identifier, dup }
            }
            Self::ExactlyOnce { message_id: packet_identifier, dup } => {
                crate::value::Delivery::ExactlyOnce { packet_identifier, dup }
            }
        })
    }

    /// Returns the same delivery with DUP set, to send the message again. QoS 0 and -1 have no DUP and are returned
    /// unchanged.
    #[must_use]
    pub const fn duplicate(self) -> Self {
        match self {
            Self::WithoutConnection | Self::AtMostOnce => self,
            Self::AtLeastOnce { message_id, .. } => Self::AtLeastOnce { message_id, dup: true },
            Self::ExactlyOnce { message_id, .. } => Self::ExactlyOnce { message_id, dup: true },
        }
    }
}

impl From<crate::value::Delivery> for Delivery {
    /// Converts the Packet Identifier into the `MsgId`.
    fn from(delivery: crate::value::Delivery) -> Self {
        match delivery {
            crate::value::Delivery::AtMostOnce => Self::AtMostOnce,
            crate::value::Delivery::AtLeastOnce { packet_identifier: message_id, dup } => {
                Self::AtLeastOnce { message_id, dup }
            }
            crate::value::Delivery::ExactlyOnce { packet_identifier: message_id, dup } => {
                Self::ExactlyOnce { message_id, dup }
            }
        }
    }
}

impl fmt::Display for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "qos={}", self.qos_number())?;
        if let Some(message_id) = self.message_id() {
            write!(f, " id={message_id}")?;
        }
        f.write_str(if self.dup() { " dup" } else { "" })
    }
}

/// Writes ` id=7`, or ` id=0` if an answer has no `MsgId`.
pub(crate) struct Answered(pub(crate) Option<PacketIdentifier>);

impl fmt::Display for Answered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " id={}", self.0.map_or(0, PacketIdentifier::get))
    }
}

#[cfg(test)]
mod tests {
    use super::Delivery;
    use crate::{PacketIdentifier, QoS};

    #[test]
    fn qos_0_and_minus_1_have_neither_dup_nor_message_id() {
        for (delivery, qos, number) in
            [(Delivery::AtMostOnce, Some(QoS::AtMostOnce), 0), (Delivery::WithoutConnection, None, -1)]
        {
            assert_eq!((delivery.duplicate(), delivery.dup(), delivery.message_id()), (delivery, false, None));
            assert_eq!((delivery.qos(), delivery.qos_number()), (qos, number));
            assert_eq!(delivery.to_string(), format!("qos={number}"));
        }
    }

    #[test]
    fn qos_1_and_2_have_a_message_id_and_maybe_dup() {
        let id = PacketIdentifier::MAX;
        for (delivery, qos) in
            [(Delivery::at_least_once(id), QoS::AtLeastOnce), (Delivery::exactly_once(id), QoS::ExactlyOnce)]
        {
            for (delivery, dup) in [(delivery, false), (delivery.duplicate(), true)] {
                assert_eq!((delivery.qos(), delivery.dup(), delivery.message_id()), (Some(qos), dup, Some(id)));
                assert_eq!(delivery.qos_number(), i8::try_from(qos.as_u8()).unwrap());
            }
            assert_eq!(delivery.duplicate().to_string(), format!("qos={qos} id=65535 dup"));
        }
        let mqtt = crate::Delivery::exactly_once(id).duplicate();
        assert_eq!(Delivery::from(mqtt), Delivery::exactly_once(id).duplicate());
        assert_eq!(Delivery::from(crate::Delivery::at_least_once(id)), Delivery::at_least_once(id));
        assert_eq!(Delivery::from(crate::Delivery::AtMostOnce), Delivery::AtMostOnce);
        for mqtt in [mqtt, crate::Delivery::at_least_once(id), crate::Delivery::AtMostOnce] {
            assert_eq!(Delivery::from(mqtt).to_mqtt(), Some(mqtt));
        }
        assert_eq!(Delivery::WithoutConnection.to_mqtt(), None);
        assert_eq!(size_of::<Delivery>(), 4);
    }
}
