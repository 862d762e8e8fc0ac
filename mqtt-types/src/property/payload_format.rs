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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PayloadFormat {
    /// 0: unspecified bytes.
    ///
    /// This means the same as no Payload Format Indicator. The two are kept apart, because the property has to be
    /// forwarded unaltered \[MQTT-3.3.2-4\].
    #[default]
    Unspecified = 0,
    /// 1: UTF-8 encoded character data. This crate does not check the payload.
    Utf8 = 1,
}
