//! Retain Handling and Subscription Options: section 3.8.3.1.

use crate::value::QoS;

/// What a server does with retained messages when a client subscribes.
///
/// ```
/// use mqtt_types::{QoS, RetainHandling, SubscriptionOptions};
///
/// let retain_handling = RetainHandling::DoNotSend;
/// let options = SubscriptionOptions { retain_handling, ..QoS::AtLeastOnce.into() };
/// assert_eq!(options.to_byte(), 0b0010_0001);
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum RetainHandling {
    /// 0: the server sends them.
    #[default]
    SendAtSubscribe = 0,
    /// 1: the server sends them if the subscription is new.
    SendAtSubscribeIfNew = 1,
    /// 2: the server does not send them.
    DoNotSend = 2,
}

impl RetainHandling {
    /// Returns the number on the wire.
    #[must_use]
    pub const fn as_u8(self) -> u8 {
        match self {
            Self::SendAtSubscribe => 0,
            Self::SendAtSubscribeIfNew => 1,
            Self::DoNotSend => 2,
        }
    }

    /// Returns the value with this number, or `None` if there is none.
    #[must_use]
    pub const fn from_u8(value: u8) -> Option<Self> {
        match value {
            0 => Some(Self::SendAtSubscribe),
            1 => Some(Self::SendAtSubscribeIfNew),
            2 => Some(Self::DoNotSend),
            _ => None,
        }
    }

    /// Returns `true` if the server sends the retained messages for a subscription that is new, or that replaces one with
    /// the same Topic Filter. For a shared subscription it sends none.
    ///
    /// ```
    /// use mqtt_types::RetainHandling;
    ///
    /// let sends = |is_new| [0, 1, 2].map(|value| RetainHandling::from_u8(value).unwrap().sends_retained(is_new));
    /// assert_eq!((sends(true), sends(false)), ([true, true, false], [true, false, false]));
    /// ```
    #[must_use]
    pub const fn sends_retained(self, is_new: bool) -> bool {
        match self {
            Self::SendAtSubscribe => true,
            Self::SendAtSubscribeIfNew => is_new,
            Self::DoNotSend => false,
        }
    }
}

/// The Subscription Options of one Topic Filter. 3.x has only the QoS.
///
/// | bit | 7-6 | 5-4 | 3 | 2 | 1-0 |
/// | --- | --- | --- | --- | --- | --- |
/// | | 0 | Retain Handling | Retain As Published | No Local | Maximum QoS |
///
/// ```
/// use mqtt_types::{QoS, RetainHandling, SubscriptionOptions};
///
/// let options = SubscriptionOptions { no_local: true, ..QoS::AtLeastOnce.into() };
/// assert_eq!(options.to_byte(), 0b0000_0101);
/// assert_eq!(options.retain_handling, RetainHandling::SendAtSubscribe);
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct SubscriptionOptions {
    /// The highest QoS at which the server may send messages.
    pub maximum_qos: QoS,
    /// Whether the server must not send the client its own messages. Not allowed on a shared subscription
    /// \[MQTT-3.8.3-4\].
    pub no_local: bool,
    /// Whether forwarded messages keep the RETAIN flag with which they were published.
    pub retain_as_published: bool,
    /// What the server does with retained messages when the client subscribes.
    pub retain_handling: RetainHandling,
}

/// The rule that a byte of Subscription Options breaks.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum SubscriptionOptionsError {
    /// A reserved bit is set. MQTT-3.8.3-5 (3.1.1: MQTT-3-8.3-4).
    #[error("a reserved bit of the subscription options is set")]
    ReservedBits,
    /// Maximum QoS is 3. Section 3.8.3.1 (3.1.1: MQTT-3-8.3-4).
    #[error("the maximum QoS of the subscription options is 3")]
    InvalidQoS,
    /// Retain Handling is 3. Section 3.8.3.1.
    #[error("the retain handling of the subscription options is 3")]
    InvalidRetainHandling,
}

impl SubscriptionOptions {
    /// Returns the options as the byte on the wire.
    #[must_use]
    pub const fn to_byte(self) -> u8 {
        let no_local = if self.no_local { 0b0000_0100 } else { 0 };
        let retain_as_published = if self.retain_as_published { 0b0000_1000 } else { 0 };
        self.maximum_qos.as_u8() | no_local | retain_as_published | self.retain_handling.as_u8() << 4
    }

    /// Returns the options in a byte of the wire, by the rules of 5.0.
    ///
    /// # Errors
    ///
    /// Returns an error if a reserved bit is set, or if QoS or Retain Handling is 3.
    pub const fn from_byte(byte: u8) -> Result<Self, SubscriptionOptionsError> {
        if byte & 0b1100_0000 != 0 {
            return Err(SubscriptionOptionsError::ReservedBits);
        }
        let Some(maximum_qos) = QoS::from_u8(byte & 0b11) else {
            return Err(SubscriptionOptionsError::InvalidQoS);
        };
        let Some(retain_handling) = RetainHandling::from_u8(byte >> 4) else {
            return Err(SubscriptionOptionsError::InvalidRetainHandling);
        };
        let (no_local, retain_as_published) = (byte & 0b0100 != 0, byte & 0b1000 != 0);
        Ok(Self { maximum_qos, no_local, retain_as_published, retain_handling })
    }
}

impl From<QoS> for SubscriptionOptions {
    /// Returns the options of 3.x: a Maximum QoS, everything else off.
    fn from(maximum_qos: QoS) -> Self {
        Self { maximum_qos, ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::{SubscriptionOptions, SubscriptionOptionsError};

    #[test]
    fn options_are_four_fields_in_six_bits() {
        for byte in 0..=255_u8 {
            let expected = match byte {
                0x40.. => Err(SubscriptionOptionsError::ReservedBits),
                _ if byte & 0b11 == 3 => Err(SubscriptionOptionsError::InvalidQoS),
                0x30.. => Err(SubscriptionOptionsError::InvalidRetainHandling),
                _ => Ok(byte),
            };
            assert_eq!(SubscriptionOptions::from_byte(byte).map(SubscriptionOptions::to_byte), expected);
        }
    }
}
