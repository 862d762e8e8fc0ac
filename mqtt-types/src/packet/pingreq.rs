//! PINGREQ: section 3.12.

/// PINGREQ: a client shows that it is alive. Section 3.12. It has a fixed header and nothing else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct PingReq;

impl core::fmt::Display for PingReq {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("PINGREQ")
    }
}
