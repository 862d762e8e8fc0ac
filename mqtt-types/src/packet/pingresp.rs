//! PINGRESP: section 3.13.

/// PINGRESP: the server's answer to PINGREQ. Section 3.13. The packet has only a fixed header.
///
/// ```
/// use mqtt_types::PingResp;
///
/// assert_eq!(PingResp.to_string(), "PINGRESP");
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct PingResp;

impl core::fmt::Display for PingResp {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("PINGRESP")
    }
}
