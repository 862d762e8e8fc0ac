//! PUBLISH: section 5.4.12.

use super::encode_body::EncodeBody;
use super::primitives::{Fault, fail, short_topic_name, topic_name};
use super::{DecodeErrorKind, DecodeOptions, EncodeErrorKind, Field, Leniency};
use crate::wire::write::Write;
use mqtt_types::sn::{
    Delivery, Flags, InvalidTopic, MessageType, Publish, ShortTopicName, Topic, TopicId, TopicIdType,
};
use mqtt_types::{Buffer, PacketIdentifier, QoS, TopicName};

/// A short cut for a legal PUBLISH whose `TopicIdType` the caller knows. [`decode`] returns the same. The message is
/// constructed in place, because its kind of topic is a constant.
#[inline(always)]
pub(super) fn decode_legal(body: &[u8], topic_id_type: TopicIdType) -> Option<Publish<&[u8]>> {
    let [bits, topic_high, topic_low, id_high, id_low, payload @ ..] = body else { return None };
    let flags = Flags::from_bits(*bits);
    let qos = flags.qos();
    let delivery = if qos == Some(QoS::AtMostOnce) {
        Delivery::AtMostOnce
    } else if qos.is_none() {
        Delivery::WithoutConnection
    } else {
        let message_id = PacketIdentifier::new(u16::from_be_bytes([*id_high, *id_low]))?;
        let dup = flags.dup();
        if qos == Some(QoS::AtLeastOnce) {
            Delivery::AtLeastOnce { message_id, dup }
        } else {
            Delivery::ExactlyOnce { message_id, dup }
        }
    };
    let topic = match topic_id_type {
        TopicIdType::Normal => Topic::Normal(TopicId::new(u16::from_be_bytes([*topic_high, *topic_low]))?),
        TopicIdType::Predefined => Topic::Predefined(TopicId::new(u16::from_be_bytes([*topic_high, *topic_low]))?),
        TopicIdType::Short => Topic::Short(ShortTopicName::new([*topic_high, *topic_low]).ok()?),
        TopicIdType::Reserved => return None,
    };
    let mut publish = Publish::new(delivery, topic, payload).ok()?;
    publish.retain = flags.retain();
    Some(publish)
}

#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) fn decode<'a>(body: &'a [u8], options: &DecodeOptions) -> Result<Publish<&'a [u8]>, Fault> {
    // The length is checked once. Only if a field is cut off, the code finds out which.
    let [flags, topic_high, topic_low, id_high, id_low, payload @ ..] = body else {
        return cut_off(body);
    };
    let flags = Flags::from_bits(*flags);
    let topic_octets = [*topic_high, *topic_low];
    let message_id = PacketIdentifier::new(u16::from_be_bytes([*id_high, *id_low]));
    let topic_id_type = flags.topic_id_type();
    if topic_id_type == TopicIdType::Reserved {
        return fail(body, DecodeErrorKind::ReservedTopicIdType, Field::Flags);
    }
    let delivery = match (flags.qos(), message_id) {
        (Some(QoS::AtMostOnce), _) => Delivery::AtMostOnce,
        (Some(QoS::AtLeastOnce), Some(message_id)) => Delivery::AtLeastOnce { message_id, dup: flags.dup() },
        (Some(QoS::ExactlyOnce), Some(message_id)) => Delivery::ExactlyOnce { message_id, dup: flags.dup() },
        (Some(_), None) => return fail_at(body, 3, DecodeErrorKind::MessageIdZero, Field::MsgId),
        (None, _) if topic_id_type == TopicIdType::Normal => {
            return if options.allows(Leniency::TopicNameWithoutConnection) {
                decode_name(topic_octets, payload, flags)
            } else {
                fail(body, DecodeErrorKind::TopicIdWithoutConnection, Field::Flags)
            };
        }
        (None, _) => Delivery::WithoutConnection,
    };
    let topic = match topic_id_type {
        TopicIdType::Normal | TopicIdType::Predefined => {
            let Some(topic_id) = TopicId::new(u16::from_be_bytes(topic_octets)) else {
                return fail_at(body, 1, DecodeErrorKind::ReservedTopicId, Field::TopicId);
            };
            if topic_id_type == TopicIdType::Normal { Topic::Normal(topic_id) } else { Topic::Predefined(topic_id) }
        }
        TopicIdType::Short | TopicIdType::Reserved => {
            Topic::Short(short_topic_name(body.get(1..).unwrap_or_default())?.1)
        }
    };
    make(body, delivery, topic, payload, flags)
}

#[cold]
fn cut_off<T>(body: &[u8]) -> Result<T, Fault> {
    let (offset, field) = match body.len() {
        0 => (0, Field::Flags),
        1 | 2 => (1, Field::TopicId),
        _ => (3, Field::MsgId),
    };
    fail_at(body, offset, DecodeErrorKind::UnexpectedEnd, field)
}

#[cold]
fn fail_at<T>(body: &[u8], offset: usize, kind: DecodeErrorKind, field: Field) -> Result<T, Fault> {
    fail(body.get(offset..).unwrap_or_default(), kind, field)
}

/// Decodes a topic name of this length before the data. No version of the specification defines it.
#[cold]
fn decode_name(len: [u8; 2], input: &[u8], flags: Flags) -> Result<Publish<&[u8]>, Fault> {
    let Some((name, payload)) = input.split_at_checked(usize::from(u16::from_be_bytes(len))) else {
        return fail(input, DecodeErrorKind::UnexpectedEnd, Field::TopicName);
    };
    match topic_name(name, Field::TopicName) {
        Ok(topic_name) => make(input, Delivery::WithoutConnection, Topic::Name(topic_name), payload, flags),
        // The name does not end with the datagram, so the position of its fault is computed here.
        Err(fault) => Err(Fault { left: fault.left.saturating_add(payload.len()), ..fault }),
    }
}

#[cfg_attr(target_pointer_width = "64", inline(always))]
fn make<'a>(
    body: &'a [u8],
    delivery: Delivery,
    topic: Topic<TopicName<&'a [u8]>>,
    payload: &'a [u8],
    flags: Flags,
) -> Result<Publish<&'a [u8]>, Fault> {
    match Publish::new(delivery, topic, payload) {
        Ok(mut publish) => {
            publish.retain = flags.retain();
            Ok(publish)
        }
        // The other faults have been returned already.
        Err(InvalidTopic::WildcardInShortName | _) => {
            let offset = if matches!(body, [_, b'+' | b'#', ..]) { 1 } else { 2 };
            fail_at(body, offset, DecodeErrorKind::WildcardInTopicName, Field::TopicId)
        }
    }
}

impl<B: Buffer> EncodeBody for Publish<B> {
    const MESSAGE_TYPE: MessageType = MessageType::Publish;

    #[inline]
    fn body_len(&self) -> Result<usize, EncodeErrorKind> {
        match self.topic() {
            Topic::Name(_) => Err(EncodeErrorKind::TopicNameInPublish),
            _ => Ok(self.payload.as_ref().len().saturating_add(5)),
        }
    }

    #[inline]
    fn write_body<'p>(&'p self, output: &mut impl Write<'p>) {
        let delivery = self.delivery();
        let flags = Flags::NONE
            .with_dup(delivery.dup())
            .with_retain(self.retain)
            .with_topic_id_type(self.topic().topic_id_type());
        let flags = match delivery.qos() {
            Some(qos) => flags.with_qos(qos),
            None => flags.without_connection(),
        };
        let [topic_high, topic_low] = self.topic().number().to_be_bytes();
        let [high, low] = delivery.message_id().map_or(0, PacketIdentifier::get).to_be_bytes();
        output.put(&[flags.bits(), topic_high, topic_low, high, low]);
        output.put_short_part(self.payload.as_ref());
    }
}

#[cfg(test)]
mod tests {
    use crate::sn::testing::{becomes_canonical, refuses, refuses_unless, vectors};
    use crate::sn::{DecodeErrorKind as Kind, DecodeOptions, Encode, EncodeErrorKind, Message, decode};
    use mqtt_types::PacketIdentifier;
    use mqtt_types::sn::{Delivery, Publish, ShortTopicName, Topic, TopicId};

    #[test]
    fn section_5_4_12() {
        let two = PacketIdentifier::new(2).unwrap();
        let one = Topic::Normal(TopicId::MIN);
        let once = Publish::new(Delivery::at_least_once(two), one, b"hi").unwrap();
        let again = Publish::new(Delivery::exactly_once(two).duplicate(), one, b"").unwrap();
        let short = Topic::Short(ShortTopicName::new(*b"ab").unwrap());
        let mut unconnected = Publish::new(Delivery::WithoutConnection, short, b"hi").unwrap();
        unconnected.retain = true;
        let predefined = Publish::new(Delivery::AtMostOnce, Topic::Predefined(TopicId::MAX), b"\0").unwrap();
        vectors(&[
            (&[0x09, 0x0C, 0x20, 0x00, 0x01, 0x00, 0x02, b'h', b'i'], once.into()),
            (&[0x07, 0x0C, 0xC0, 0x00, 0x01, 0x00, 0x02], again.into()),
            (&[0x09, 0x0C, 0x72, b'a', b'b', 0x00, 0x00, b'h', b'i'], unconnected.into()),
            (&[0x08, 0x0C, 0x01, 0xFF, 0xFE, 0x00, 0x00, 0x00], predefined.into()),
            (&[0x07, 0x0C, 0x00, 0x00, 0x00, 0x00, 0x00], Publish::to_topic_id(TopicId::NONE, b"").into()),
        ]);
        // DUP and MsgId have no meaning at QoS 0 and -1. Will and CleanSession never have one.
        becomes_canonical(&[0x07, 0x0C, 0x8C, 0x00, 0x01, 0x00, 0x02], &[0x07, 0x0C, 0x00, 0x00, 0x01, 0x00, 0x00]);
        becomes_canonical(&[0x07, 0x0C, 0xE1, 0x00, 0x01, 0xFF, 0xFF], &[0x07, 0x0C, 0x61, 0x00, 0x01, 0x00, 0x00]);
    }

    #[test]
    fn refuses_each_fault_at_its_octet() {
        refuses(&[0x02, 0x0C], Kind::UnexpectedEnd, 2);
        refuses(&[0x04, 0x0C, 0x20, 0x00], Kind::UnexpectedEnd, 3);
        refuses(&[0x06, 0x0C, 0x20, 0x00, 0x01, 0x00], Kind::UnexpectedEnd, 5);
        refuses(&[0x07, 0x0C, 0x23, 0x00, 0x01, 0x00, 0x02], Kind::ReservedTopicIdType, 2);
        refuses(&[0x07, 0x0C, 0x20, 0xFF, 0xFF, 0x00, 0x02], Kind::ReservedTopicId, 3);
        refuses(&[0x07, 0x0C, 0x61, 0xFF, 0xFF, 0x00, 0x00], Kind::ReservedTopicId, 3);
        for flags in [0x20, 0x40] {
            refuses(&[0x07, 0x0C, flags, 0x00, 0x01, 0x00, 0x00], Kind::MessageIdZero, 5);
        }
        refuses(&[0x07, 0x0C, 0x02, b'a', b'#', 0x00, 0x00], Kind::WildcardInTopicName, 4);
        refuses(&[0x07, 0x0C, 0x02, b'+', b'#', 0x00, 0x00], Kind::WildcardInTopicName, 3);
        refuses(&[0x07, 0x0C, 0x02, b'a', 0xFF, 0x00, 0x00], Kind::IllFormedUtf8, 4);
        refuses(&[0x07, 0x0C, 0x02, 0x00, b'a', 0x00, 0x00], Kind::NulCharacter, 3);
    }

    #[test]
    fn a_topic_name_in_front_of_the_data_is_read_if_allowed_and_never_written() {
        let lenient = DecodeOptions::new().allow_topic_name_without_connection(true);
        let input = [0x0B, 0x0C, 0x60, 0x00, 0x03, 0x00, 0x00, b'a', b'/', b'b', b'x'];
        refuses_unless(&input, Kind::TopicIdWithoutConnection, 2, lenient);
        let Message::Publish(publish) = decode(&input, lenient).unwrap().message else { panic!("no PUBLISH") };
        assert_eq!(publish.to_string(), r#"PUBLISH "a/b" qos=-1 payload=1 bytes"#);
        assert_eq!(publish.encoded_len().unwrap_err().kind(), EncodeErrorKind::TopicNameInPublish);
        for (input, kind, offset) in [
            (&[0x09, 0x0C, 0x60, 0x00, 0x03, 0x00, 0x00, b'a', b'/'][..], Kind::UnexpectedEnd, 7),
            (&[0x0A, 0x0C, 0x60, 0x00, 0x02, 0x00, 0x00, b'a', b'#', b'x'], Kind::WildcardInTopicName, 8),
            (&[0x08, 0x0C, 0x60, 0x00, 0x00, 0x00, 0x00, b'x'], Kind::EmptyTopic, 7),
        ] {
            let error = decode(input, lenient).unwrap_err();
            assert_eq!((error.kind(), error.offset()), (kind, offset));
        }
        // At the other QoS levels the option has no effect.
        assert!(decode(&[0x07, 0x0C, 0x20, 0x00, 0x03, 0x00, 0x01], lenient).is_ok());
    }
}
