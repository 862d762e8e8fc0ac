//! The properties that each packet may have: section 2.2.2.2.

use crate::property::error::{PropertyError, PropertyErrorKind};
use crate::property::identifier::PropertyIdentifier;
use crate::property::placeholder::{after_placeholder, skip_placeholders};
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

    /// Returns `true` if the set allows a property that has a placeholder.
    pub(crate) const fn may_have_placeholders(&self) -> bool {
        const WITH_PLACEHOLDER: u64 = bits(&[
            PropertyIdentifier::SubscriptionIdentifier,
            PropertyIdentifier::ReceiveMaximum,
            PropertyIdentifier::TopicAlias,
            PropertyIdentifier::MaximumQoS,
            PropertyIdentifier::MaximumPacketSize,
        ]);
        self.allowed & WITH_PLACEHOLDER != 0
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

/// The bit that marks a set with placeholders. No property has it.
pub(crate) const HAS_PLACEHOLDERS: u64 = 1;

/// Checks a set by the rules of a packet, in one pass. Returns the bits of the properties in the set.
pub(crate) fn check_properties(bytes: &[u8], rules: &PropertyRules) -> Result<u64, PropertyError> {
    let mut present = 0;
    // The properties that must not come next: those that are not allowed, and those that came and must not repeat.
    let mut refused = !rules.allowed;
    let mut rest = bytes;
    while let [number, value @ ..] = rest {
        let offset_of = |part: &[u8]| bytes.len().saturating_sub(part.len());
        let error = |kind, property, offset| Err(PropertyError::new(kind, property, offset));
        let Some(identifier) = PropertyIdentifier::from_u8(*number) else {
            return error(PropertyErrorKind::UnknownIdentifier, None, offset_of(rest));
        };
        let bit = identifier.bit();
        if refused & bit != 0 {
            let is_allowed = rules.allows(identifier);
            let kind = if is_allowed { PropertyErrorKind::Duplicate } else { PropertyErrorKind::NotAllowed };
            return error(kind, Some(identifier), offset_of(rest));
        }
        present |= bit;
        refused |= bit & !rules.repeatable;
        rest = match check_value(identifier, value) {
            Ok(rest) => rest,
            Err(fault) => {
                return error(fault.kind, Some(identifier), offset_of(value).saturating_add(fault.offset));
            }
        };
    }
    match rules.check_whole(present) {
        Ok(()) => Ok(present),
        Err(kind) => Err(error_of_whole(bytes, kind)),
    }
}

/// Checks a set as [`check_properties`] does, but accepts placeholders. They do not count as present. Returns
/// [`HAS_PLACEHOLDERS`] too if there are any.
///
/// Every part between placeholders is checked by [`check_properties`], which is therefore as fast as without placeholders.
#[cold]
pub(crate) fn check_with_placeholders(bytes: &[u8], rules: &PropertyRules) -> Result<u64, PropertyError> {
    let of_parts =
        PropertyRules { repeatable: u64::MAX, data_needs_method: false, needs_method: false, allowed: rules.allowed };
    let (mut present, mut checked) = (0, 0_usize);
    let fault = loop {
        let part = bytes.get(checked..).unwrap_or_default();
        match check_properties(part, &of_parts) {
            Ok(_) => {
                checked = bytes.len();
                break None;
            }
            Err(error) => {
                // The offset of an illegal integer is that of the byte after its identifier. Other errors are elsewhere, where
                // the bytes can look like a placeholder: in a string, or before an unknown identifier.
                let end = checked.saturating_add(error.offset().saturating_sub(1));
                let identifier = error.property().map(PropertyIdentifier::as_u8);
                let is_value = error.kind() != PropertyErrorKind::NotAllowed && bytes.get(end).copied() == identifier;
                match bytes.get(end..).and_then(after_placeholder).filter(|_| is_value) {
                    Some(after) => {
                        present = HAS_PLACEHOLDERS;
                        checked = bytes.len().saturating_sub(after.len());
                    }
                    None => {
                        let offset = checked.saturating_add(error.offset());
                        checked = end;
                        break Some(PropertyError::new(error.kind(), error.property(), offset));
                    }
                }
            }
        }
    };
    present |= check_duplicates(bytes.get(..checked).unwrap_or_default(), rules)?;
    match (fault, rules.check_whole(present)) {
        (Some(error), _) => Err(error),
        (None, Err(kind)) => Err(error_of_whole(bytes, kind)),
        (None, Ok(())) => Ok(present),
    }
}

/// Returns the bits of the properties that are present in a set with placeholders, whose values have been checked.
fn check_duplicates(bytes: &[u8], rules: &PropertyRules) -> Result<u64, PropertyError> {
    let (mut present, mut seen, mut rest) = (0, 0, bytes);
    while let Some(identifier) = rest.first().copied().and_then(PropertyIdentifier::from_u8) {
        let bit = identifier.bit();
        if seen & bit & !rules.repeatable != 0 {
            let offset = bytes.len().saturating_sub(rest.len());
            return Err(PropertyError::new(PropertyErrorKind::Duplicate, Some(identifier), offset));
        }
        seen |= bit;
        rest = match (after_placeholder(rest), Property::read_checked(rest)) {
            (Some(after), _) => after,
            (None, Some((_, after))) => {
                present |= bit;
                after
            }
            (None, None) => break, // the end of the checked bytes
        };
    }
    Ok(present)
}

/// Returns the error for a set that breaks a rule as a whole.
#[cold]
fn error_of_whole(bytes: &[u8], kind: PropertyErrorKind) -> PropertyError {
    let (property, offset) = match kind {
        PropertyErrorKind::AuthenticationDataWithoutMethod => {
            (PropertyIdentifier::AuthenticationData, offset_of(bytes, PropertyIdentifier::AuthenticationData))
        }
        _ => (PropertyIdentifier::AuthenticationMethod, bytes.len()),
    };
    PropertyError::new(kind, Some(property), offset)
}

/// Returns the offset of the first property with this identifier in a checked set.
#[cold]
fn offset_of(bytes: &[u8], identifier: PropertyIdentifier) -> usize {
    let mut rest = skip_placeholders(bytes);
    while let Some((property, after)) = Property::read_checked(rest) {
        if property.identifier() == identifier {
            break;
        }
        rest = skip_placeholders(after);
    }
    bytes.len().saturating_sub(rest.len())
}
