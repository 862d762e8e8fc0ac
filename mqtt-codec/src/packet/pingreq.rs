//! PINGREQ: section 3.12. It has a fixed header and nothing else.

use crate::error::EncodeError;
use crate::options::EncodeOptions;
use crate::wire::encode_body::EncodeBody;
use crate::wire::write::Write;
use mqtt_types::{Packet, PacketType, PingReq};

impl EncodeBody for PingReq {
    const PACKET_TYPE: PacketType = PacketType::PingReq;

    fn as_packet(&self) -> Packet<&[u8]> {
        (*self).into()
    }

    fn body_len(&self, _: &EncodeOptions) -> Result<usize, EncodeError> {
        Ok(0)
    }

    fn write_body(&self, _: &EncodeOptions, _: &mut impl Write) {}
}

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
