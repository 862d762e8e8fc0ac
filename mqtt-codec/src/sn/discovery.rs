//! ADVERTISE, SEARCHGW and GWINFO: sections 5.4.1 to 5.4.3.

use super::encode_body::EncodeBody;
use super::primitives::{Fault, end, number, octet};
use super::{EncodeErrorKind, Field};
use crate::wire::write::Write;
use mqtt_types::Buffer;
use mqtt_types::sn::{Advertise, GwInfo, MessageType, SearchGw};

#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) fn decode_advertise(body: &[u8]) -> Result<Advertise, Fault> {
    let (rest, gateway_id) = octet(body, Field::GwId)?;
    let (rest, duration) = number(rest, Field::Duration)?;
    end(rest, Field::Duration)?;
    Ok(Advertise { gateway_id, duration })
}

impl EncodeBody for Advertise {
    const MESSAGE_TYPE: MessageType = MessageType::Advertise;

    #[inline]
    fn body_len(&self) -> Result<usize, EncodeErrorKind> {
        Ok(3)
    }

    #[inline]
    fn write_body<'p>(&'p self, output: &mut impl Write<'p>) {
        let [high, low] = self.duration.to_be_bytes();
        output.put(&[self.gateway_id, high, low]);
    }
}

#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) fn decode_search_gw(body: &[u8]) -> Result<SearchGw, Fault> {
    let (rest, radius) = octet(body, Field::Radius)?;
    end(rest, Field::Radius)?;
    Ok(SearchGw { radius })
}

impl EncodeBody for SearchGw {
    const MESSAGE_TYPE: MessageType = MessageType::SearchGw;

    #[inline]
    fn body_len(&self) -> Result<usize, EncodeErrorKind> {
        Ok(1)
    }

    #[inline]
    fn write_body<'p>(&'p self, output: &mut impl Write<'p>) {
        output.put_byte(self.radius);
    }
}

#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) fn decode_gw_info(body: &[u8]) -> Result<GwInfo<&[u8]>, Fault> {
    let (gateway_address, gateway_id) = octet(body, Field::GwId)?;
    Ok(GwInfo { gateway_id, gateway_address })
}

impl<B: Buffer> EncodeBody for GwInfo<B> {
    const MESSAGE_TYPE: MessageType = MessageType::GwInfo;

    #[inline]
    fn body_len(&self) -> Result<usize, EncodeErrorKind> {
        Ok(self.gateway_address.as_ref().len().saturating_add(1))
    }

    #[inline]
    fn write_body<'p>(&'p self, output: &mut impl Write<'p>) {
        output.put_byte(self.gateway_id);
        output.put_short_part(self.gateway_address.as_ref());
    }
}

#[cfg(test)]
mod tests {
    use crate::sn::DecodeErrorKind as Kind;
    use crate::sn::testing::{refuses, vectors};
    use mqtt_types::sn::{Advertise, GwInfo, SearchGw};

    #[test]
    fn sections_5_4_1_to_5_4_3() {
        vectors(&[
            (&[0x05, 0x00, 0x01, 0x03, 0x84], Advertise { gateway_id: 1, duration: 900 }.into()),
            (&[0x03, 0x01, 0x01], SearchGw { radius: 1 }.into()),
            (&[0x03, 0x02, 0x01], GwInfo::new(1).into()),
            (&[0x05, 0x02, 0x01, 0x0A, 0x0B], GwInfo::with_address(1, b"\x0A\x0B").into()),
        ]);
    }

    #[test]
    fn refuses_each_fault_at_its_octet() {
        refuses(&[0x02, 0x00], Kind::UnexpectedEnd, 2);
        refuses(&[0x04, 0x00, 0x01, 0x03], Kind::UnexpectedEnd, 3);
        refuses(&[0x06, 0x00, 0x01, 0x03, 0x84, 0x00], Kind::TrailingBytes, 5);
        refuses(&[0x02, 0x01], Kind::UnexpectedEnd, 2);
        refuses(&[0x04, 0x01, 0x01, 0x00], Kind::TrailingBytes, 3);
        refuses(&[0x02, 0x02], Kind::UnexpectedEnd, 2);
    }
}
