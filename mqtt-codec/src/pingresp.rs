//! PINGRESP: section 3.13. It has a fixed header and nothing else.

use crate::EncodeError;
use crate::encode::{EncodeBody, EncodeOptions, Write};
use crate::primitives::{Fault, all_of};
use mqtt_types::{PacketType, PingResp};

pub(crate) fn decode(body: &[u8]) -> Result<PingResp, Fault<'_>> {
    all_of(body, |input| Ok((input, PingResp)))
}

impl EncodeBody for PingResp {
    const PACKET_TYPE: PacketType = PacketType::PingResp;

    fn body_len(&self, _: &EncodeOptions) -> Result<usize, EncodeError> {
        Ok(0)
    }

    fn write_body(&self, _: &EncodeOptions, _: &mut impl Write) {}
}
