//! PINGREQ: section 3.12. It consists only of a fixed header. See `ping.rs` for the code.

crate::packet::ping::without_body!(PingReq);

#[cfg(test)]
mod tests {
    use crate::DecodeErrorKind as Kind;
    use crate::testing::{Vector, refuses};
    use mqtt_types::PingReq;
    use mqtt_types::ProtocolVersion::{self, V3_1_1, V5};

    #[test]
    fn vectors() {
        for version in ProtocolVersion::ALL {
            Vector { version, bytes: &[&[0xC0]], packet: PingReq.into() }.check();
        }
    }

    #[test]
    fn refuses_each_fault_at_its_byte() {
        refuses(V5, &[&[0xC0], &[0]], Kind::TrailingBytes, 2);
        refuses(V3_1_1, &[&[0xC0 | 0x02]], Kind::InvalidFlags, 0);
    }
}
