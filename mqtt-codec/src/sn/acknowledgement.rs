//! PUBACK, PUBREC, PUBREL, PUBCOMP and UNSUBACK: sections 5.4.13, 5.4.14 and 5.4.18.

use super::encode_body::EncodeBody;
use super::primitives::{Fault, end, number, octet};
use super::{EncodeErrorKind, Field};
use crate::wire::write::Write;
use mqtt_types::PacketIdentifier;
use mqtt_types::sn::{MessageType, PubAck, PubComp, PubRec, PubRel, ReturnCode, UnsubAck};

#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) fn decode_puback(body: &[u8]) -> Result<PubAck, Fault> {
    let (rest, topic_id) = number(body, Field::TopicId)?;
    let (rest, message_id) = number(rest, Field::MsgId)?;
    let (rest, return_code) = octet(rest, Field::ReturnCode)?;
    end(rest, Field::ReturnCode)?;
    let (message_id, return_code) = (PacketIdentifier::new(message_id), ReturnCode::from_u8(return_code));
    Ok(PubAck { topic_id, message_id, return_code })
}

impl EncodeBody for PubAck {
    const MESSAGE_TYPE: MessageType = MessageType::PubAck;

    #[inline]
    fn body_len(&self) -> Result<usize, EncodeErrorKind> {
        Ok(5)
    }

    #[inline]
    fn write_body<'p>(&'p self, output: &mut impl Write<'p>) {
        output.put_two_byte_integer(self.topic_id);
        output.put_two_byte_integer(self.message_id.map_or(0, PacketIdentifier::get));
        output.put_byte(self.return_code.as_u8());
    }
}

/// Decodes the body of a message that consists of its `MsgId` alone.
#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) fn decode_message_id(body: &[u8]) -> Result<Option<PacketIdentifier>, Fault> {
    let (rest, message_id) = number(body, Field::MsgId)?;
    end(rest, Field::MsgId)?;
    Ok(PacketIdentifier::new(message_id))
}

macro_rules! acknowledgements {
    ($($message:ident)*) => {$(
        impl EncodeBody for $message {
            const MESSAGE_TYPE: MessageType = MessageType::$message;

            #[inline]
            fn body_len(&self) -> Result<usize, EncodeErrorKind> {
                Ok(2)
            }

            #[inline]
            fn write_body<'p>(&'p self, output: &mut impl Write<'p>) {
                output.put_two_byte_integer(self.message_id.map_or(0, PacketIdentifier::get));
            }
        }
    )*};
}

acknowledgements! { PubRec PubRel PubComp UnsubAck }

#[cfg(test)]
mod tests {
    use crate::sn::DecodeErrorKind as Kind;
    use crate::sn::testing::{refuses, vectors};
    use mqtt_types::PacketIdentifier;
    use mqtt_types::sn::{PubAck, PubComp, PubRec, PubRel, ReturnCode, UnsubAck};

    #[test]
    fn sections_5_4_13_5_4_14_and_5_4_18() {
        let two = PacketIdentifier::new(2).unwrap();
        let puback = PubAck { topic_id: 1, message_id: Some(two), return_code: ReturnCode::ACCEPTED };
        let report = PubAck { topic_id: 0, message_id: None, return_code: ReturnCode::INVALID_TOPIC_ID };
        vectors(&[
            (&[0x07, 0x0D, 0x00, 0x01, 0x00, 0x02, 0x00], puback.into()),
            (&[0x07, 0x0D, 0x00, 0x00, 0x00, 0x00, 0x02], report.into()),
            (&[0x04, 0x0F, 0x00, 0x02], PubRec::new(two).into()),
            (&[0x04, 0x10, 0x00, 0x02], PubRel::new(two).into()),
            (&[0x04, 0x0E, 0x00, 0x02], PubComp::new(two).into()),
            (&[0x04, 0x0E, 0x00, 0x00], PubComp { message_id: None }.into()),
            (&[0x04, 0x15, 0x00, 0x02], UnsubAck::new(two).into()),
        ]);
    }

    #[test]
    fn refuses_each_fault_at_its_octet() {
        refuses(&[0x03, 0x0D, 0x00], Kind::UnexpectedEnd, 2);
        refuses(&[0x05, 0x0D, 0x00, 0x01, 0x00], Kind::UnexpectedEnd, 4);
        refuses(&[0x06, 0x0D, 0x00, 0x01, 0x00, 0x02], Kind::UnexpectedEnd, 6);
        refuses(&[0x08, 0x0D, 0x00, 0x01, 0x00, 0x02, 0x00, 0x00], Kind::TrailingBytes, 7);
        for message_type in [0x0E, 0x0F, 0x10, 0x15] {
            refuses(&[0x03, message_type, 0x00], Kind::UnexpectedEnd, 2);
            refuses(&[0x05, message_type, 0x00, 0x02, 0x00], Kind::TrailingBytes, 4);
        }
    }
}
