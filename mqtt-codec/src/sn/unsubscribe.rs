//! UNSUBSCRIBE: section 5.4.17. UNSUBACK: see `acknowledgement.rs`.

use super::encode_body::EncodeBody;
use super::primitives::{Fault, fail, message_id, octet};
use super::subscribe::{decode_topic, topic_len, write_topic};
use super::{DecodeErrorKind, EncodeErrorKind, Field};
use crate::wire::write::Write;
use mqtt_types::Buffer;
use mqtt_types::sn::{Flags, MessageType, Unsubscribe};

#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) fn decode(body: &[u8]) -> Result<Unsubscribe<&[u8]>, Fault> {
    let (rest, flags) = octet(body, Field::Flags)?;
    let (rest, message_id) = message_id(rest)?;
    let topic = decode_topic(body, Flags::from_bits(flags), rest)?;
    match Unsubscribe::new(message_id, topic) {
        Ok(unsubscribe) => Ok(unsubscribe),
        Err(_) => fail(body, DecodeErrorKind::ReservedTopicIdType, Field::Flags), // `decode_topic` never returns these
    }
}

impl<B: Buffer> EncodeBody for Unsubscribe<B> {
    const MESSAGE_TYPE: MessageType = MessageType::Unsubscribe;

    #[inline]
    fn body_len(&self) -> Result<usize, EncodeErrorKind> {
        Ok(topic_len(self.topic()).saturating_add(3))
    }

    #[inline]
    fn write_body<'p>(&'p self, output: &mut impl Write<'p>) {
        write_topic(Flags::NONE, self.message_id, self.topic(), output);
    }
}

#[cfg(test)]
mod tests {
    use crate::sn::testing::{becomes_canonical, vectors};
    use mqtt_types::sn::{ShortTopicName, Topic, TopicId, Unsubscribe};
    use mqtt_types::{PacketIdentifier, TopicFilter};

    /// For illegal topics see the tests in `subscribe.rs`.
    #[test]
    fn section_5_4_17() {
        let four = PacketIdentifier::new(4).unwrap();
        let filter = Topic::Name(TopicFilter::new("a/#").unwrap());
        let short = Topic::Short(ShortTopicName::new(*b"ab").unwrap());
        let unsubscribe = |topic| Unsubscribe::new(four, topic).unwrap().into();
        vectors(&[
            (&[0x08, 0x14, 0x00, 0x00, 0x04, b'a', b'/', b'#'], unsubscribe(filter)),
            (&[0x07, 0x14, 0x01, 0x00, 0x04, 0x00, 0x01], unsubscribe(Topic::Predefined(TopicId::MIN))),
            (&[0x07, 0x14, 0x02, 0x00, 0x04, b'a', b'b'], unsubscribe(short)),
        ]);
        becomes_canonical(&[0x06, 0x14, 0xFC, 0x00, 0x04, b'a'], &[0x06, 0x14, 0x00, 0x00, 0x04, b'a']);
    }
}
