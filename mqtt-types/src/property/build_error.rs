//! What can go wrong in a builder.

use crate::buffer::StorageError;
use crate::property::identifier::PropertyIdentifier;
use crate::text::TextError;

/// Why a builder could not build.
///
/// ```
/// use mqtt_types::{BuildError, PublishProperties};
///
/// let mut storage = [0; 4];
/// let error = PublishProperties::builder_in(&mut storage).message_expiry_interval(60).build().unwrap_err();
/// assert_eq!(error, BuildError::StorageFull);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The caller's slice is too small.
    #[error("the storage is too small")]
    StorageFull,
    /// More than a packet can hold, or a text or binary data of more than 65,535 bytes.
    #[error("longer than a packet can hold")]
    TooLong,
    /// A property's text is not legal.
    #[error("{property}: {error}")]
    Text {
        /// The property.
        property: PropertyIdentifier,
        /// What is wrong with its text.
        error: TextError,
    },
    /// A property that may be there once is given twice.
    #[error("{0} is given more than once")]
    Duplicate(PropertyIdentifier),
    /// A property that this packet, or the Will, does not have.
    #[error("{0} is not allowed in this packet")]
    NotAllowed(PropertyIdentifier),
    /// A value that the property does not allow: 0, or Maximum QoS 2.
    #[error("{0} does not allow this value")]
    InvalidValue(PropertyIdentifier),
    /// CONNECT: Authentication Data without an Authentication Method. Section 3.1.2.11.10.
    #[error("Authentication Data is given without an Authentication Method")]
    AuthenticationDataWithoutMethod,
    /// SUBSCRIBE: No Local on a shared subscription. MQTT-3.8.3-4.
    #[error("No Local is set on a shared subscription")]
    NoLocalOnSharedSubscription,
    /// A list that must have at least one item has none.
    #[error("the list has no item")]
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
