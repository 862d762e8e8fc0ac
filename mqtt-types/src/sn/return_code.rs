//! Return Code: section 5.3.10.

use core::fmt;

/// The outcome of a request.
///
/// | value | name |
/// | --- | --- |
/// | 0x00 | Accepted |
/// | 0x01 | Rejected: congestion |
/// | 0x02 | Rejected: invalid topic id |
/// | 0x03 | Rejected: not supported |
///
/// The other values are reserved. They are stored as received, because gateways send them, and count as refusals.
///
/// ```
/// use mqtt_types::sn::ReturnCode;
///
/// assert!(ReturnCode::ACCEPTED.is_accepted());
/// assert_eq!(ReturnCode::from_u8(0x01), ReturnCode::CONGESTION);
/// assert_eq!(ReturnCode::from_u8(0x10).to_string(), "reserved (0x10)");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReturnCode(u8);

impl ReturnCode {
    /// 0x00: accepted.
    pub const ACCEPTED: Self = Self(0x00);
    /// 0x01: rejected because of congestion. The sender of the request waits, then tries again.
    pub const CONGESTION: Self = Self(0x01);
    /// 0x02: rejected because the topic id is not known. The sender of the request registers the topic again.
    pub const INVALID_TOPIC_ID: Self = Self(0x02);
    /// 0x03: rejected because it is not supported.
    pub const NOT_SUPPORTED: Self = Self(0x03);

    /// Returns the code with this value.
    #[inline]
    #[must_use]
    pub const fn from_u8(value: u8) -> Self {
        Self(value)
    }

    /// Returns the value on the wire.
    #[inline]
    #[must_use]
    pub const fn as_u8(self) -> u8 {
        self.0
    }

    /// Returns `true` if the request was accepted.
    #[inline]
    #[must_use]
    pub const fn is_accepted(self) -> bool {
        self.0 == 0
    }

    /// Returns `true` if the value is reserved.
    #[must_use]
    pub const fn is_reserved(self) -> bool {
        self.0 > 0x03
    }

    /// Returns the name, which is `reserved` for reserved values.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ACCEPTED => "Accepted",
            Self::CONGESTION => "Rejected: congestion",
            Self::INVALID_TOPIC_ID => "Rejected: invalid topic id",
            Self::NOT_SUPPORTED => "Rejected: not supported",
            _ => "reserved",
        }
    }
}

impl fmt::Display for ReturnCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (0x{:02X})", self.name(), self.0)
    }
}

impl fmt::Debug for ReturnCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<u8> for ReturnCode {
    fn from(value: u8) -> Self {
        Self(value)
    }
}

impl From<ReturnCode> for u8 {
    fn from(code: ReturnCode) -> Self {
        code.0
    }
}

#[cfg(test)]
mod tests {
    use super::ReturnCode;

    #[test]
    fn every_value_is_kept_and_four_have_a_name() {
        for value in 0..=u8::MAX {
            let code = ReturnCode::from(value);
            assert_eq!((code.as_u8(), u8::from(code), ReturnCode::from_u8(value)), (value, value, code));
            assert_eq!((code.is_accepted(), code.is_reserved()), (value == 0, value >= 4));
            assert_eq!(code.is_reserved(), code.name() == "reserved");
        }
        let shown: Vec<_> = (0..5).map(|value| format!("{:?}", ReturnCode::from_u8(value))).collect();
        assert_eq!(
            shown,
            [
                "Accepted (0x00)",
                "Rejected: congestion (0x01)",
                "Rejected: invalid topic id (0x02)",
                "Rejected: not supported (0x03)",
                "reserved (0x04)",
            ]
        );
    }
}
