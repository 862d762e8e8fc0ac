//! Subscription Identifier: section 3.8.2.1.2.

use crate::value::VariableByteInteger;
use core::{fmt, num::NonZeroU32};

/// A Subscription Identifier: 1 to 268,435,455. Section 3.8.2.1.2.
///
/// A client sends it with a SUBSCRIBE, and the server adds it to the messages that match these subscriptions.
///
/// ```
/// use mqtt_types::SubscriptionIdentifier;
///
/// assert_eq!(SubscriptionIdentifier::new(7).unwrap().get(), 7);
/// assert_eq!(SubscriptionIdentifier::new(0), None);
/// assert_eq!(SubscriptionIdentifier::new(268_435_456), None);
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SubscriptionIdentifier(NonZeroU32);

impl SubscriptionIdentifier {
    /// The highest identifier, 268,435,455.
    pub const MAX: u32 = VariableByteInteger::MAX.get();

    /// Returns the identifier with this number, or `None` if the number is 0 or above 268,435,455.
    #[inline]
    #[must_use]
    pub const fn new(value: u32) -> Option<Self> {
        match (NonZeroU32::new(value), value <= Self::MAX) {
            (Some(value), true) => Some(Self(value)),
            _ => None,
        }
    }

    /// Returns the number.
    #[inline]
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0.get()
    }
}

impl fmt::Display for SubscriptionIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl From<SubscriptionIdentifier> for VariableByteInteger {
    fn from(identifier: SubscriptionIdentifier) -> Self {
        Self::new(identifier.get()).unwrap_or(Self::MAX) // an identifier is at most MAX
    }
}

/// The error for a number that is not a Subscription Identifier.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{0} is not a subscription identifier: expected 1 to 268,435,455")]
pub struct InvalidSubscriptionIdentifier(pub u32);

impl TryFrom<u32> for SubscriptionIdentifier {
    type Error = InvalidSubscriptionIdentifier;

    fn try_from(value: u32) -> Result<Self, InvalidSubscriptionIdentifier> {
        Self::new(value).ok_or(InvalidSubscriptionIdentifier(value))
    }
}

#[cfg(test)]
mod tests {
    use super::SubscriptionIdentifier;
    use crate::VariableByteInteger;

    #[test]
    fn a_subscription_identifier_is_1_to_268435455() {
        for value in [1, 127, 128, 268_435_455] {
            let identifier = SubscriptionIdentifier::try_from(value).unwrap();
            assert_eq!((identifier.get(), identifier.to_string()), (value, value.to_string()));
            assert_eq!(VariableByteInteger::from(identifier).get(), value);
        }
        for value in [0, 268_435_456] {
            let error = SubscriptionIdentifier::try_from(value).unwrap_err().to_string();
            assert_eq!(error, format!("{value} is not a subscription identifier: expected 1 to 268,435,455"));
        }
    }
}
