//! PINGRESP: section 3.13. It consists only of a fixed header. See `ping.rs` for the code.

crate::packet::ping::without_body!(PingResp);

#[cfg(test)]
mod tests {
    use crate::DecodeErrorKind as Kind;
    use crate::testing::{Vector, refuses};
    use mqtt_types::PingResp;
    use mqtt_types::ProtocolVersion::{self, V3_1_1, V5};

    #[test]
    fn vectors() {
        for version in ProtocolVersion::ALL {
            Vector { version, bytes: &[&[0xD0]], packet: PingResp.into() }.check();
        }
    }

    #[test]
    fn refuses_each_fault_at_its_byte() {
        refuses(V5, &[&[0xD0], &[0]], Kind::TrailingBytes, 2);
        refuses(V3_1_1, &[&[0xD0 | 0x02]], Kind::InvalidFlags, 0);
    }
}
