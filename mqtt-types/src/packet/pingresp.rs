//! PINGRESP: section 3.13.

/// PINGRESP: the server's answer to PINGREQ. Section 3.13. It has a fixed header and nothing else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct PingResp;

impl core::fmt::Display for PingResp {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("PINGRESP")
    }
}
