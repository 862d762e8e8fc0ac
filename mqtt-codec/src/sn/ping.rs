//! PINGREQ and PINGRESP: sections 5.4.19 and 5.4.20.

use super::encode_body::EncodeBody;
use super::primitives::{Fault, client_id};
use super::{DecodeOptions, EncodeErrorKind};
use crate::wire::write::Write;
use mqtt_types::Buffer;
use mqtt_types::sn::{MessageType, PingReq, PingResp};

#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) fn decode_pingreq<'a>(body: &'a [u8], options: &DecodeOptions) -> Result<PingReq<&'a [u8]>, Fault> {
    let client_id = if body.is_empty() { None } else { Some(client_id(body, options)?) };
    Ok(PingReq { client_id })
}

impl<B: Buffer> EncodeBody for PingReq<B> {
    const MESSAGE_TYPE: MessageType = MessageType::PingReq;

    #[inline]
    fn body_len(&self) -> Result<usize, EncodeErrorKind> {
        Ok(self.client_id.as_ref().map_or(0, |client_id| client_id.len()))
    }

    #[inline]
    fn write_body<'p>(&'p self, output: &mut impl Write<'p>) {
        if let Some(client_id) = &self.client_id {
            output.put_short_part(client_id.text().as_bytes());
        }
    }
}

impl EncodeBody for PingResp {
    const MESSAGE_TYPE: MessageType = MessageType::PingResp;

    #[inline]
    fn body_len(&self) -> Result<usize, EncodeErrorKind> {
        Ok(0)
    }

    #[inline]
    fn write_body<'p>(&'p self, _: &mut impl Write<'p>) {}
}

#[cfg(test)]
mod tests {
    use crate::sn::testing::{refuses, refuses_unless, vectors};
    use crate::sn::{DecodeErrorKind as Kind, DecodeOptions};
    use mqtt_types::sn::{ClientId, PingReq, PingResp};

    #[test]
    fn sections_5_4_19_and_5_4_20() {
        vectors(&[
            (&[0x02, 0x16], PingReq::default().into()),
            (&[0x03, 0x16, b'c'], PingReq { client_id: ClientId::new("c").ok() }.into()),
            (&[0x02, 0x17], PingResp.into()),
        ]);
        refuses(&[0x03, 0x17, 0x00], Kind::TrailingBytes, 2);
        refuses(&[0x03, 0x16, 0xFF], Kind::IllFormedUtf8, 2);
        let mut long = vec![0x1A, 0x16];
        long.extend([b'a'; 24]);
        refuses_unless(&long, Kind::ClientIdTooLong, 2, DecodeOptions::new().allow_long_client_id(true));
    }
}
