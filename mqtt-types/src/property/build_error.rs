//! The error of builders.

use crate::buffer::StorageError;
use crate::property::identifier::PropertyIdentifier;
use crate::text::TextError;

/// The error of a builder: the first illegal call, or storage that is too small.
///
/// ```
/// use mqtt_types::{BuildError, PublishProperties};
///
/// let mut storage = [0; 4];
/// let error = PublishProperties::builder_in(&mut storage).message_expiry_interval(60).build().unwrap_err();
/// assert_eq!(error, BuildError::StorageFull);
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The caller's slice is too small.
    #[error("the storage is too small")]
    StorageFull,
    /// The result is longer than a packet can be, or a text or binary data is longer than 65,535 bytes.
    #[error("longer than a packet can hold")]
    TooLong,
    /// The text of a property is not legal.
    #[error("{property}: {error}")]
    Text {
        /// The property.
        property: PropertyIdentifier,
        /// The rule that the text breaks, and where.
        error: TextError,
    },
    /// A property that is allowed once is set twice.
    #[error("{0} is given more than once")]
    Duplicate(PropertyIdentifier),
    /// The property is not allowed in this packet, or in the Will.
    #[error("{0} is not allowed in this packet")]
    NotAllowed(PropertyIdentifier),
    /// The property does not allow this value: 0, or Maximum QoS 2.
    #[error("{0} does not allow this value")]
    InvalidValue(PropertyIdentifier),
    /// A CONNECT has Authentication Data without an Authentication Method. Section 3.1.2.11.10.
    #[error("Authentication Data is given without an Authentication Method")]
    AuthenticationDataWithoutMethod,
    /// An AUTH has no Authentication Method. Section 3.15.2.2.2.
    #[error("the Authentication Method is missing")]
    AuthenticationMethodMissing,
    /// A SUBSCRIBE has No Local set on a shared subscription. MQTT-3.8.3-4.
    #[error("No Local is set on a shared subscription")]
    NoLocalOnSharedSubscription,
    /// A text is not a legal Topic Filter.
    #[error(transparent)]
    TopicFilter(TextError),
    /// The list is empty, but must have at least one item.
    #[error("the list is empty")]
    EmptyList,
}

impl From<StorageError> for BuildError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Full => Self::StorageFull,
            StorageError::TooLong => Self::TooLong,
        }
    }
}
