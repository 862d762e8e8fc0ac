//! PINGREQ: section 3.12.

/// PINGREQ: a client shows that it is alive. Section 3.12. The packet has only a fixed header.
///
/// ```
/// use mqtt_types::PingReq;
///
/// assert_eq!(PingReq.to_string(), "PINGREQ");
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct PingReq;

impl core::fmt::Display for PingReq {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("PINGREQ")
    }
}
