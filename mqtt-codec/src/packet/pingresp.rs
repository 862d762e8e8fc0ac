//! PINGRESP: section 3.13. It has a fixed header and nothing else.

use crate::error::EncodeError;
use crate::options::EncodeOptions;
use crate::wire::encode_body::EncodeBody;
use crate::wire::write::Write;
use mqtt_types::{Packet, PacketType, PingResp};

impl EncodeBody for PingResp {
    const PACKET_TYPE: PacketType = PacketType::PingResp;

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
