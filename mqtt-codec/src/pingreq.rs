//! PINGREQ: section 3.12. It has a fixed header and nothing else.

use crate::EncodeError;
use crate::encode::{EncodeBody, EncodeOptions, Write};
use crate::primitives::{Fault, all_of};
use mqtt_types::{PacketType, PingReq};

pub(crate) fn decode(body: &[u8]) -> Result<PingReq, Fault<'_>> {
    all_of(body, |input| Ok((input, PingReq)))
}

impl EncodeBody for PingReq {
    const PACKET_TYPE: PacketType = PacketType::PingReq;

    fn body_len(&self, _: &EncodeOptions) -> Result<usize, EncodeError> {
        Ok(0)
    }

    fn write_body(&self, _: &EncodeOptions, _: &mut impl Write) {}
}
