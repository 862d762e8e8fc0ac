//! SUBSCRIBE and SUBACK: sections 5.4.15 and 5.4.16.

use super::encode_body::EncodeBody;
use super::primitives::{Fault, end, fail, message_id, number, octet, short_topic_name, topic_filter, topic_id};
use super::{DecodeErrorKind, EncodeErrorKind, Field};
use crate::wire::write::Write;
use mqtt_types::sn::{Flags, MessageType, ReturnCode, SubAck, Subscribe, Topic, TopicIdType};
use mqtt_types::{Buffer, PacketIdentifier, TopicFilter};

#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) fn decode_subscribe(body: &[u8]) -> Result<Subscribe<&[u8]>, Fault> {
    let (rest, flags) = octet(body, Field::Flags)?;
    let flags = Flags::from_bits(flags);
    let Some(qos) = flags.qos() else {
        return fail(body, DecodeErrorKind::InvalidQoS, Field::Flags);
    };
    let (rest, message_id) = message_id(rest)?;
    let topic = decode_topic(body, flags, rest)?;
    match Subscribe::new(message_id, topic, qos) {
        Ok(mut subscribe) => {
            subscribe.dup = flags.dup();
            Ok(subscribe)
        }
        Err(_) => fail(body, DecodeErrorKind::ReservedTopicIdType, Field::Flags), // `decode_topic` never returns these
    }
}

/// Parses the topic of a subscription, which ends with the message.
#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) fn decode_topic<'a>(
    body: &[u8],
    flags: Flags,
    rest: &'a [u8],
) -> Result<Topic<TopicFilter<&'a [u8]>>, Fault> {
    let (after, topic) = match flags.topic_id_type() {
        TopicIdType::Normal => return Ok(Topic::Name(topic_filter(rest)?)),
        TopicIdType::Predefined => {
            let (after, topic_id) = topic_id(rest)?;
            (after, Topic::Predefined(topic_id))
        }
        TopicIdType::Short => {
            let (after, name) = short_topic_name(rest)?;
            (after, Topic::Short(name))
        }
        TopicIdType::Reserved => return fail(body, DecodeErrorKind::ReservedTopicIdType, Field::Flags),
    };
    end(after, Field::TopicId)?;
    Ok(topic)
}

impl<B: Buffer> EncodeBody for Subscribe<B> {
    const MESSAGE_TYPE: MessageType = MessageType::Subscribe;

    #[inline]
    fn body_len(&self) -> Result<usize, EncodeErrorKind> {
        Ok(topic_len(self.topic()).saturating_add(3))
    }

    #[inline]
    fn write_body<'p>(&'p self, output: &mut impl Write<'p>) {
        let flags = Flags::NONE.with_dup(self.dup).with_qos(self.qos);
        write_topic(flags, self.message_id, self.topic(), output);
    }
}

/// Returns the number of octets that [`write_topic`] writes after `MsgId`.
#[inline]
pub(super) fn topic_len<B: Buffer>(topic: &Topic<TopicFilter<B>>) -> usize {
    match topic {
        Topic::Name(filter) => filter.as_bytes().len(),
        Topic::Normal(_) | Topic::Predefined(_) | Topic::Short(_) => 2,
    }
}

/// Writes Flags, `MsgId` and the topic of SUBSCRIBE and UNSUBSCRIBE.
#[inline]
pub(super) fn write_topic<'p, B: Buffer>(
    flags: Flags,
    message_id: PacketIdentifier,
    topic: &'p Topic<TopicFilter<B>>,
    output: &mut impl Write<'p>,
) {
    let [high, low] = message_id.get().to_be_bytes();
    output.put(&[flags.with_topic_id_type(topic.topic_id_type()).bits(), high, low]);
    match topic {
        Topic::Name(filter) => output.put_short_part(filter.as_bytes()),
        Topic::Normal(_) | Topic::Predefined(_) | Topic::Short(_) => output.put_two_byte_integer(topic.number()),
    }
}

#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) fn decode_suback(body: &[u8]) -> Result<SubAck, Fault> {
    let (rest, flags) = octet(body, Field::Flags)?;
    let Some(qos) = Flags::from_bits(flags).qos() else {
        return fail(body, DecodeErrorKind::InvalidQoS, Field::Flags);
    };
    let (rest, topic_id) = number(rest, Field::TopicId)?;
    let (rest, message_id) = number(rest, Field::MsgId)?;
    let (rest, return_code) = octet(rest, Field::ReturnCode)?;
    end(rest, Field::ReturnCode)?;
    let (message_id, return_code) = (PacketIdentifier::new(message_id), ReturnCode::from_u8(return_code));
    Ok(SubAck { qos, topic_id, message_id, return_code })
}

impl EncodeBody for SubAck {
    const MESSAGE_TYPE: MessageType = MessageType::SubAck;

    #[inline]
    fn body_len(&self) -> Result<usize, EncodeErrorKind> {
        Ok(6)
    }

    #[inline]
    fn write_body<'p>(&'p self, output: &mut impl Write<'p>) {
        output.put_byte(Flags::NONE.with_qos(self.qos).bits());
        output.put_two_byte_integer(self.topic_id);
        output.put_two_byte_integer(self.message_id.map_or(0, PacketIdentifier::get));
        output.put_byte(self.return_code.as_u8());
    }
}

#[cfg(test)]
mod tests {
    use crate::sn::DecodeErrorKind as Kind;
    use crate::sn::testing::{becomes_canonical, refuses, vectors};
    use mqtt_types::sn::{ReturnCode, ShortTopicName, SubAck, Subscribe, Topic, TopicId};
    use mqtt_types::{PacketIdentifier, QoS, TopicFilter};

    #[test]
    fn sections_5_4_15_and_5_4_16() {
        let three = PacketIdentifier::new(3).unwrap();
        let filter = Topic::Name(TopicFilter::new("a/#").unwrap());
        let mut again = Subscribe::new(three, filter, QoS::AtLeastOnce).unwrap();
        again.dup = true;
        let predefined = Topic::Predefined(TopicId::new(5).unwrap());
        let short = Topic::Short(ShortTopicName::new(*b"a#").unwrap());
        let ordinary = Topic::Name(TopicFilter::new_ordinary("$share/").unwrap());
        let subscribe = |topic, qos| Subscribe::new(three, topic, qos).unwrap().into();
        let none = SubAck { qos: QoS::ExactlyOnce, topic_id: 0xFFFF, message_id: None, return_code: 0x77.into() };
        vectors(&[
            (&[0x08, 0x12, 0x20, 0x00, 0x03, b'a', b'/', b'#'], subscribe(filter, QoS::AtLeastOnce)),
            (&[0x08, 0x12, 0xA0, 0x00, 0x03, b'a', b'/', b'#'], again.into()),
            (&[0x07, 0x12, 0x01, 0x00, 0x03, 0x00, 0x05], subscribe(predefined, QoS::AtMostOnce)),
            (&[0x07, 0x12, 0x42, 0x00, 0x03, b'a', b'#'], subscribe(short, QoS::ExactlyOnce)),
            (b"\x0C\x12\0\0\x03$share/", subscribe(ordinary, QoS::AtMostOnce)),
            (
                &[0x08, 0x13, 0x20, 0x00, 0x00, 0x00, 0x03, 0x00],
                SubAck::accepted(three, TopicId::NONE, QoS::AtLeastOnce).into(),
            ),
            (
                &[0x08, 0x13, 0x00, 0x00, 0x00, 0x00, 0x03, 0x03],
                SubAck::refused(three, ReturnCode::NOT_SUPPORTED).into(),
            ),
            (&[0x08, 0x13, 0x40, 0xFF, 0xFF, 0x00, 0x00, 0x77], none.into()),
        ]);
        becomes_canonical(
            &[0x08, 0x13, 0xBF, 0x00, 0x00, 0x00, 0x03, 0x00],
            &[0x08, 0x13, 0x20, 0x00, 0x00, 0x00, 0x03, 0x00],
        );
        becomes_canonical(&[0x06, 0x12, 0x1C, 0x00, 0x03, b'a'], &[0x06, 0x12, 0x00, 0x00, 0x03, b'a']);
    }

    #[test]
    fn refuses_each_fault_at_its_octet() {
        for message_type in [0x12, 0x14] {
            refuses(&[0x02, message_type], Kind::UnexpectedEnd, 2);
            refuses(&[0x04, message_type, 0x00, 0x00], Kind::UnexpectedEnd, 3);
            refuses(&[0x05, message_type, 0x00, 0x00, 0x03], Kind::EmptyTopic, 5);
            refuses(&[0x06, message_type, 0x00, 0x00, 0x00, b'a'], Kind::MessageIdZero, 3);
            refuses(&[0x07, message_type, 0x03, 0x00, 0x03, 0x00, 0x01], Kind::ReservedTopicIdType, 2);
            refuses(&[0x06, message_type, 0x01, 0x00, 0x03, 0x00], Kind::UnexpectedEnd, 5);
            refuses(&[0x08, message_type, 0x01, 0x00, 0x03, 0x00, 0x01, 0x00], Kind::TrailingBytes, 7);
            refuses(&[0x08, message_type, 0x02, 0x00, 0x03, b'a', b'b', b'c'], Kind::TrailingBytes, 7);
            refuses(&[0x07, message_type, 0x01, 0x00, 0x03, 0xFF, 0xFF], Kind::ReservedTopicId, 5);
            refuses(&[0x07, message_type, 0x02, 0x00, 0x03, b'a', 0x00], Kind::NulCharacter, 6);
            refuses(&[0x07, message_type, 0x00, 0x00, 0x03, b'a', b'#'], Kind::MisplacedMultiLevelWildcard, 6);
            refuses(&[0x07, message_type, 0x00, 0x00, 0x03, b'a', b'+'], Kind::MisplacedSingleLevelWildcard, 6);
            refuses(&[0x07, message_type, 0x00, 0x00, 0x03, b'a', 0xFF], Kind::IllFormedUtf8, 6);
        }
        refuses(&[0x06, 0x12, 0x60, 0x00, 0x03, b'a'], Kind::InvalidQoS, 2);
        refuses(&[0x08, 0x13, 0x60, 0x00, 0x00, 0x00, 0x03, 0x00], Kind::InvalidQoS, 2);
        refuses(&[0x07, 0x13, 0x20, 0x00, 0x00, 0x00, 0x03], Kind::UnexpectedEnd, 7);
        refuses(&[0x09, 0x13, 0x20, 0x00, 0x00, 0x00, 0x03, 0x00, 0x00], Kind::TrailingBytes, 8);
    }
}
