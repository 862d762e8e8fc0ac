//! What the builders of all property sets have in common.

use crate::buffer::Storage;
use crate::property::build_error::BuildError;
use crate::property::checked_properties::CheckedProperties;
use crate::property::identifier::PropertyIdentifier;
use crate::property::property::Property;
use crate::property::rules::PropertyRules;
use crate::text::{BinaryDataTooLong, TextError};

/// What the builders of all property sets have in common.
#[derive(Debug)]
pub(crate) struct PropertiesBuilder<S> {
    storage: S,
    present: u64,
    /// The first mistake. It is reported at the end.
    mistake: Option<BuildError>,
}

impl<S: Storage> PropertiesBuilder<S> {
    pub(crate) const fn new(storage: S) -> Self {
        Self { storage, present: 0, mistake: None }
    }

    pub(crate) fn push(&mut self, rules: &PropertyRules, property: &Property<'_>) {
        let identifier = property.identifier();
        let result = if !rules.allows(identifier) {
            Err(BuildError::NotAllowed(identifier))
        } else if self.present & identifier.bit() != 0 && !rules.may_repeat(identifier) {
            Err(BuildError::Duplicate(identifier))
        } else if self.mistake.is_none() {
            property.put(&mut self.storage)
        } else {
            Ok(())
        };
        self.present |= identifier.bit();
        self.note(result);
    }

    pub(crate) fn push_argument<'a>(
        &mut self,
        rules: &PropertyRules,
        identifier: PropertyIdentifier,
        property: Result<Property<'a>, InvalidArgument>,
    ) {
        match property {
            Ok(property) => self.push(rules, &property),
            Err(InvalidArgument::Text(error)) => self.note(Err(BuildError::Text { property: identifier, error })),
            Err(InvalidArgument::TooLong) => self.note(Err(BuildError::TooLong)),
            Err(InvalidArgument::Value) => self.note(Err(BuildError::InvalidValue(identifier))),
        }
    }

    fn note(&mut self, result: Result<(), BuildError>) {
        if let (Err(mistake), None) = (result, self.mistake) {
            self.mistake = Some(mistake);
        }
    }

    pub(crate) fn build(self, rules: &PropertyRules) -> Result<CheckedProperties<S::Buffer>, BuildError> {
        if let Some(mistake) = self.mistake {
            return Err(mistake);
        }
        if rules.check_whole(self.present).is_err() {
            // The builder of AUTH begins with the method, so only the rule of CONNECT can be broken.
            return Err(BuildError::AuthenticationDataWithoutMethod);
        }
        Ok(CheckedProperties { bytes: self.storage.finish(), present: self.present })
    }
}

/// The error for an argument of a setter that the property does not allow.
pub(crate) enum InvalidArgument {
    Text(TextError),
    TooLong,
    Value,
}

impl From<TextError> for InvalidArgument {
    fn from(error: TextError) -> Self {
        Self::Text(error)
    }
}

impl From<BinaryDataTooLong> for InvalidArgument {
    fn from(_: BinaryDataTooLong) -> Self {
        Self::TooLong
    }
}

#[cfg(test)]
mod tests {
    use crate::{BuildError, ConnectProperties, PropertyIdentifier, PublishProperties};

    /// Section 3.1.2.11.10.
    #[test]
    fn connect_needs_a_method_for_authentication_data_only() {
        for (bytes, is_legal) in [
            (&[][..], true),
            (&[0x17, 1], true),
            (&[0x15, 0, 1, b'M'], true),
            (&[0x15, 0, 1, b'M', 0x16, 0, 1, 7], true),
            (&[0x16, 0, 1, 7], false),
        ] {
            let set = ConnectProperties::new(bytes);
            assert_eq!(set.is_ok(), is_legal, "{bytes:02x?}");
            let mut storage = [0; 16];
            let builder = ConnectProperties::builder_in(&mut storage);
            let builder = if bytes.contains(&0x17) { builder.request_problem_information(true) } else { builder };
            let builder = if bytes.contains(&0x15) { builder.authentication_method("M") } else { builder };
            let builder = if bytes.contains(&0x16) { builder.authentication_data(&[7]) } else { builder };
            assert_eq!(builder.build().ok(), set.ok(), "{bytes:02x?}");
        }
    }

    #[test]
    fn a_builder_reports_the_first_mistake() {
        let mut storage = [0; 5];
        let builder = PublishProperties::builder_in(&mut storage).message_expiry_interval(60).content_type("\0");
        let error = builder.topic_alias(0).message_expiry_interval(60).build().unwrap_err();
        assert!(matches!(error, BuildError::Text { property: PropertyIdentifier::ContentType, .. }), "{error}");
        let builder = PublishProperties::builder_in(&mut storage).message_expiry_interval(60);
        assert_eq!(builder.topic_alias(1).topic_alias(0).build(), Err(BuildError::StorageFull));
    }
}
