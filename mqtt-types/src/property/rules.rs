//! The properties that each packet may have: section 2.2.2.2.

use crate::property::error::{PropertyError, PropertyErrorKind};
use crate::property::identifier::PropertyIdentifier;
use crate::property::property::Property;
use crate::property::value_check::check_value;

/// The rules for the properties of one packet, or of the Will.
pub(crate) struct PropertyRules {
    /// The bits of the properties that are allowed.
    allowed: u64,
    /// The bits of the properties that are allowed more than once.
    repeatable: u64,
    /// Authentication Data needs an Authentication Method, as in CONNECT.
    data_needs_method: bool,
    /// There must be an Authentication Method, as in AUTH.
    needs_method: bool,
}

impl PropertyRules {
    pub(crate) const fn new(identifiers: &[PropertyIdentifier], repeatable: &[PropertyIdentifier]) -> Self {
        Self { allowed: bits(identifiers), repeatable: bits(repeatable), data_needs_method: false, needs_method: false }
    }

    pub(crate) const fn with_data_only_with_method(self) -> Self {
        Self { data_needs_method: true, ..self }
    }

    pub(crate) const fn with_method(self) -> Self {
        Self { needs_method: true, ..self }
    }

    /// Returns `true` if a set without properties is legal.
    #[inline]
    pub(crate) const fn may_be_empty(&self) -> bool {
        !self.needs_method
    }

    /// Returns `true` if the property is allowed more than once.
    pub(crate) const fn may_repeat(&self, identifier: PropertyIdentifier) -> bool {
        self.repeatable & identifier.bit() != 0
    }

    pub(crate) const fn allows(&self, identifier: PropertyIdentifier) -> bool {
        self.allowed & identifier.bit() != 0
    }

    /// Checks the rules that concern a whole set. `present` has the bit of each property in the set.
    pub(crate) const fn check_whole(&self, present: u64) -> Result<(), PropertyErrorKind> {
        let has_method = present & PropertyIdentifier::AuthenticationMethod.bit() != 0;
        let has_data = present & PropertyIdentifier::AuthenticationData.bit() != 0;
        if self.needs_method && !has_method {
            Err(PropertyErrorKind::AuthenticationMethodMissing)
        } else if self.data_needs_method && has_data && !has_method {
            Err(PropertyErrorKind::AuthenticationDataWithoutMethod)
        } else {
            Ok(())
        }
    }
}

const fn bits(identifiers: &[PropertyIdentifier]) -> u64 {
    let mut bits = 0;
    let mut rest = identifiers;
    while let [first, after @ ..] = rest {
        bits |= first.bit();
        rest = after;
    }
    bits
}

/// Checks a set by the rules of a packet, in one pass. Returns the bits of the properties in the set.
pub(crate) fn check_properties(bytes: &[u8], rules: &PropertyRules) -> Result<u64, PropertyError> {
    let mut present = 0;
    let mut rest = bytes;
    while let [number, value @ ..] = rest {
        let offset_of = |part: &[u8]| bytes.len().saturating_sub(part.len());
        let error = |kind, property, offset| Err(PropertyError::new(kind, property, offset));
        let Some(identifier) = PropertyIdentifier::from_u8(*number) else {
            return error(PropertyErrorKind::UnknownIdentifier, None, offset_of(rest));
        };
        if !rules.allows(identifier) {
            return error(PropertyErrorKind::NotAllowed, Some(identifier), offset_of(rest));
        }
        let bit = identifier.bit();
        if present & bit & !rules.repeatable != 0 {
            return error(PropertyErrorKind::Duplicate, Some(identifier), offset_of(rest));
        }
        present |= bit;
        rest = match check_value(identifier, value) {
            Ok(rest) => rest,
            Err(fault) => {
                return error(fault.kind, Some(identifier), offset_of(value).saturating_add(fault.offset));
            }
        };
    }
    match rules.check_whole(present) {
        Ok(()) => Ok(present),
        Err(kind) => {
            let (property, offset) = match kind {
                PropertyErrorKind::AuthenticationDataWithoutMethod => {
                    (PropertyIdentifier::AuthenticationData, offset_of(bytes, PropertyIdentifier::AuthenticationData))
                }
                _ => (PropertyIdentifier::AuthenticationMethod, bytes.len()),
            };
            Err(PropertyError::new(kind, Some(property), offset))
        }
    }
}

/// Returns the offset of the first property with this identifier in a checked set.
#[cold]
fn offset_of(bytes: &[u8], identifier: PropertyIdentifier) -> usize {
    let mut rest = bytes;
    while let Some((property, after)) = Property::read_checked(rest) {
        if property.identifier() == identifier {
            break;
        }
        rest = after;
    }
    bytes.len().saturating_sub(rest.len())
}
