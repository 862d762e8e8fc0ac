//! The errors of properties.

use crate::property::identifier::PropertyIdentifier;
use crate::text::TextErrorKind;
use core::fmt;

/// The error for bytes that are not a legal set of properties.
///
/// The error contains the broken rule, the property, and the offset of the byte.
///
/// ```
/// use mqtt_types::{PropertyErrorKind, PropertyIdentifier, PublishProperties};
///
/// let error = PublishProperties::new(&[0x23, 0x00, 0x00]).unwrap_err();
/// assert_eq!(error.kind(), PropertyErrorKind::TopicAliasZero);
/// assert_eq!(error.property(), Some(PropertyIdentifier::TopicAlias));
/// assert_eq!(error.to_string(), "Topic Alias is 0 at byte 1");
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PropertyError {
    kind: PropertyErrorKind,
    property: Option<PropertyIdentifier>,
    offset: usize,
}

impl PropertyError {
    pub(crate) const fn new(kind: PropertyErrorKind, property: Option<PropertyIdentifier>, offset: usize) -> Self {
        Self { kind, property, offset }
    }

    /// Returns the rule that is broken.
    #[must_use]
    pub const fn kind(&self) -> PropertyErrorKind {
        self.kind
    }

    /// Returns the property that breaks the rule, or `None` if the identifier is unknown.
    #[must_use]
    pub const fn property(&self) -> Option<PropertyIdentifier> {
        self.property
    }

    /// Returns the offset of the first byte that breaks the rule, counted from the first byte after the Property Length.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }
}

impl fmt::Display for PropertyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.property {
            Some(property) => write!(f, "{property} {} at byte {}", self.kind, self.offset),
            None => write!(f, "{} at byte {}", self.kind, self.offset),
        }
    }
}

impl core::error::Error for PropertyError {}

/// The rule that a property, or a set of properties, breaks.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PropertyErrorKind {
    /// No property has this identifier. Section 2.2.2.2.
    UnknownIdentifier,
    /// The property is not allowed in this packet, or in the Will. Section 2.2.2.2.
    NotAllowed,
    /// A property that is allowed once appears twice. Section 2.2.2.2 and the section of the property.
    Duplicate,
    /// The value runs past the end of the properties. Section 2.2.2.1.
    Truncated,
    /// The property does not allow this value: 0, or a value other than 0 and 1.
    InvalidValue,
    /// The Topic Alias is 0. MQTT-3.3.2-8.
    TopicAliasZero,
    /// The text is not legal.
    Text(TextErrorKind),
    /// A Variable Byte Integer has more than four bytes. Section 1.5.5.
    VariableByteIntegerTooLong,
    /// A Variable Byte Integer has more bytes than it needs. MQTT-1.5.5-1.
    VariableByteIntegerNotMinimal,
    /// A CONNECT has Authentication Data without an Authentication Method. Section 3.1.2.11.10.
    AuthenticationDataWithoutMethod,
    /// An AUTH has no Authentication Method. Section 3.15.2.2.2.
    AuthenticationMethodMissing,
}

impl fmt::Display for PropertyErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownIdentifier => "no property has this identifier",
            Self::NotAllowed => "is not allowed here",
            Self::Duplicate => "appears more than once",
            Self::Truncated => "runs past the end of the properties",
            Self::InvalidValue => "does not allow this value",
            Self::TopicAliasZero => "is 0",
            Self::Text(kind) => return fmt::Display::fmt(kind, f),
            Self::VariableByteIntegerTooLong => "has more than four bytes",
            Self::VariableByteIntegerNotMinimal => "has more bytes than it needs",
            Self::AuthenticationDataWithoutMethod => "is present without an Authentication Method",
            Self::AuthenticationMethodMissing => "is missing",
        })
    }
}
