//! DISCONNECT: section 5.4.21.

use super::encode_body::EncodeBody;
use super::primitives::{Fault, end, number};
use super::{EncodeErrorKind, Field};
use crate::wire::write::Write;
use mqtt_types::sn::{Disconnect, MessageType};

#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) fn decode(body: &[u8]) -> Result<Disconnect, Fault> {
    if body.is_empty() {
        return Ok(Disconnect { duration: None });
    }
    let (rest, duration) = number(body, Field::Duration)?;
    end(rest, Field::Duration)?;
    Ok(Disconnect { duration: Some(duration) })
}

impl EncodeBody for Disconnect {
    const MESSAGE_TYPE: MessageType = MessageType::Disconnect;

    #[inline]
    fn body_len(&self) -> Result<usize, EncodeErrorKind> {
        Ok(if self.duration.is_some() { 2 } else { 0 })
    }

    #[inline]
    fn write_body<'p>(&'p self, output: &mut impl Write<'p>) {
        if let Some(duration) = self.duration {
            output.put_two_byte_integer(duration);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::sn::DecodeErrorKind as Kind;
    use crate::sn::testing::{refuses, vectors};
    use mqtt_types::sn::Disconnect;

    #[test]
    fn section_5_4_21() {
        vectors(&[
            (&[0x02, 0x18], Disconnect::default().into()),
            (&[0x04, 0x18, 0x00, 0x3C], Disconnect { duration: Some(60) }.into()),
        ]);
        refuses(&[0x03, 0x18, 0x00], Kind::UnexpectedEnd, 2);
        refuses(&[0x05, 0x18, 0x00, 0x3C, 0x00], Kind::TrailingBytes, 4);
    }
}
