//! Payload Format Indicator: section 3.3.2.3.2.

/// The value of a Payload Format Indicator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PayloadFormat {
    /// 0: bytes, of which nothing is said. The same as no Payload Format Indicator; yet 0 and none are kept apart, since
    /// the property is forwarded unaltered \[MQTT-3.3.2-4\].
    #[default]
    Unspecified = 0,
    /// 1: UTF-8 encoded character data. It is the application's to check, or the decoder's if it is told to.
    Utf8 = 1,
}
