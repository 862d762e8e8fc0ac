//! REGISTER and REGACK: sections 5.4.10 and 5.4.11.

use super::encode_body::EncodeBody;
use super::primitives::{Fault, end, message_id, number, octet, topic_id, topic_name};
use super::{EncodeErrorKind, Field};
use crate::wire::write::Write;
use mqtt_types::sn::{MessageType, RegAck, Register, ReturnCode};
use mqtt_types::{Buffer, PacketIdentifier};

#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) fn decode_register(body: &[u8]) -> Result<Register<&[u8]>, Fault> {
    let (rest, topic_id) = topic_id(body)?;
    let (rest, message_id) = message_id(rest)?;
    let topic_name = topic_name(rest, Field::TopicName)?;
    Ok(Register { topic_id, message_id, topic_name })
}

impl<B: Buffer> EncodeBody for Register<B> {
    const MESSAGE_TYPE: MessageType = MessageType::Register;

    #[inline]
    fn body_len(&self) -> Result<usize, EncodeErrorKind> {
        Ok(self.topic_name.as_bytes().len().saturating_add(4))
    }

    #[inline]
    fn write_body<'p>(&'p self, output: &mut impl Write<'p>) {
        output.put_two_byte_integer(self.topic_id.get());
        output.put_two_byte_integer(self.message_id.get());
        output.put_short_part(self.topic_name.as_bytes());
    }
}

#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) fn decode_regack(body: &[u8]) -> Result<RegAck, Fault> {
    let (rest, topic_id) = number(body, Field::TopicId)?;
    let (rest, message_id) = number(rest, Field::MsgId)?;
    let (rest, return_code) = octet(rest, Field::ReturnCode)?;
    end(rest, Field::ReturnCode)?;
    let (message_id, return_code) = (PacketIdentifier::new(message_id), ReturnCode::from_u8(return_code));
    Ok(RegAck { topic_id, message_id, return_code })
}

impl EncodeBody for RegAck {
    const MESSAGE_TYPE: MessageType = MessageType::RegAck;

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

#[cfg(test)]
mod tests {
    use crate::sn::DecodeErrorKind as Kind;
    use crate::sn::testing::{refuses, vectors};
    use mqtt_types::sn::{RegAck, Register, ReturnCode, TopicId};
    use mqtt_types::{PacketIdentifier, TopicName};

    #[test]
    fn sections_5_4_10_and_5_4_11() {
        let id = PacketIdentifier::MIN;
        let register = Register::new(id, TopicName::new("a/b").unwrap());
        let refused = RegAck { topic_id: 0xFFFF, message_id: None, return_code: ReturnCode::NOT_SUPPORTED };
        vectors(&[
            (&[0x09, 0x0A, 0x00, 0x00, 0x00, 0x01, b'a', b'/', b'b'], register.into()),
            (
                &[0x09, 0x0A, 0xFF, 0xFE, 0x00, 0x01, b'a', b'/', b'b'],
                Register { topic_id: TopicId::MAX, ..register }.into(),
            ),
            (&[0x07, 0x0B, 0x00, 0x01, 0x00, 0x01, 0x00], RegAck::accepted(id, TopicId::MIN).into()),
            (&[0x07, 0x0B, 0xFF, 0xFF, 0x00, 0x00, 0x03], refused.into()),
        ]);
    }

    #[test]
    fn refuses_each_fault_at_its_octet() {
        refuses(&[0x03, 0x0A, 0x00], Kind::UnexpectedEnd, 2);
        refuses(&[0x05, 0x0A, 0x00, 0x00, 0x00], Kind::UnexpectedEnd, 4);
        refuses(&[0x06, 0x0A, 0x00, 0x00, 0x00, 0x01], Kind::EmptyTopic, 6);
        refuses(&[0x07, 0x0A, 0xFF, 0xFF, 0x00, 0x01, b'a'], Kind::ReservedTopicId, 2);
        refuses(&[0x07, 0x0A, 0x00, 0x00, 0x00, 0x00, b'a'], Kind::MessageIdZero, 4);
        refuses(&[0x08, 0x0A, 0x00, 0x00, 0x00, 0x01, b'a', b'+'], Kind::WildcardInTopicName, 7);
        refuses(&[0x08, 0x0A, 0x00, 0x00, 0x00, 0x01, b'a', 0xC0], Kind::IllFormedUtf8, 7);
        refuses(&[0x06, 0x0B, 0x00, 0x01, 0x00, 0x01], Kind::UnexpectedEnd, 6);
        refuses(&[0x08, 0x0B, 0x00, 0x01, 0x00, 0x01, 0x00, 0x00], Kind::TrailingBytes, 7);
    }
}
