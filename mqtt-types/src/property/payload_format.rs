//! Payload Format Indicator: section 3.3.2.3.2.

/// The value of a Payload Format Indicator.
///
/// ```
/// use mqtt_types::{PayloadFormat, PublishProperties};
///
/// let properties = PublishProperties::new(&[0x01, 1])?;
/// assert_eq!(properties.payload_format_indicator(), Some(PayloadFormat::Utf8));
/// # Ok::<(), mqtt_types::PropertyError>(())
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PayloadFormat {
    /// 0: unspecified bytes.
    ///
    /// This means the same as no Payload Format Indicator. The two are distinct values, because the property must be
    /// forwarded unaltered \[MQTT-3.3.2-4\].
    #[default]
    Unspecified = 0,
    /// 1: UTF-8 encoded character data. This crate does not check the payload.
    Utf8 = 1,
}

impl PayloadFormat {
    /// Returns the number on the wire.
    #[inline]
    #[must_use]
    pub const fn as_u8(self) -> u8 {
        match self {
            Self::Unspecified => 0,
            Self::Utf8 => 1,
        }
    }

    /// Returns the value with this number, or `None` if there is none.
    #[inline]
    #[must_use]
    pub const fn from_u8(value: u8) -> Option<Self> {
        match value {
            0 => Some(Self::Unspecified),
            1 => Some(Self::Utf8),
            _ => None,
        }
    }
}

/// The error for a number that is not the value of a Payload Format Indicator.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{0} is not a payload format: expected 0 or 1")]
pub struct InvalidPayloadFormat(pub u8);

impl TryFrom<u8> for PayloadFormat {
    type Error = InvalidPayloadFormat;

    fn try_from(value: u8) -> Result<Self, InvalidPayloadFormat> {
        Self::from_u8(value).ok_or(InvalidPayloadFormat(value))
    }
}

impl From<PayloadFormat> for u8 {
    fn from(format: PayloadFormat) -> Self {
        format.as_u8()
    }
}

#[cfg(test)]
mod tests {
    use super::{InvalidPayloadFormat, PayloadFormat};

    #[test]
    fn a_payload_format_is_0_or_1() {
        for (value, format) in [(0, PayloadFormat::Unspecified), (1, PayloadFormat::Utf8)] {
            assert_eq!((PayloadFormat::try_from(value), u8::from(format)), (Ok(format), value));
        }
        for value in 2..=255 {
            assert_eq!(PayloadFormat::try_from(value), Err(InvalidPayloadFormat(value)));
        }
        assert_eq!(InvalidPayloadFormat(2).to_string(), "2 is not a payload format: expected 0 or 1");
    }
}
