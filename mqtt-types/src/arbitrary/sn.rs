//! Messages of MQTT-SN and their parts.

use crate::arbitrary::choice::{legal, one_of};
use crate::sn::{
    Advertise, BroadcastRadius, ClientId, ConnAck, Connect, Datagram, Delivery, Disconnect, Encapsulation, Flags,
    GwInfo, Message, MessageType, PingReq, PingResp, PubAck, PubComp, PubRec, PubRel, Publish, RegAck, Register,
    ReturnCode, SearchGw, Sender, ShortTopicName, SubAck, Subscribe, Topic, TopicId, TopicIdType, UnsubAck,
    Unsubscribe, WillMsg, WillMsgReq, WillMsgResp, WillMsgUpd, WillTarget, WillTopic, WillTopicReq, WillTopicResp,
    WillTopicUpd, WirelessNodeId,
};
use crate::text::Utf8String;
use crate::topic::TopicFilter;
use alloc::{string::String, vec::Vec};
use arbitrary::{Arbitrary, Error, Result, Unstructured};
use bytes::Bytes;

/// Types whose fields can have any value of their types.
macro_rules! fields {
    ($($type:ty { $($field:ident)* })*) => {$(
        impl<'a> Arbitrary<'a> for $type {
            fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
                Ok(Self { $($field: u.arbitrary()?),* })
            }
        }
    )*};
}

fields! {
    Datagram<Bytes> { encapsulation message }
    Encapsulation<Bytes> { radius wireless_node_id }
    Advertise { gateway_id duration }
    SearchGw { radius }
    Connect<Bytes> { will clean_session keep_alive client_id }
    ConnAck { return_code }
    WillTarget<Bytes> { topic_name qos retain }
    WillTopic<Bytes> { target }
    WillTopicUpd<Bytes> { target }
    WillTopicResp { return_code }
    WillMsgResp { return_code }
    Register<Bytes> { topic_id message_id topic_name }
    RegAck { topic_id message_id return_code }
    PubAck { topic_id message_id return_code }
    PubRec { message_id }
    PubRel { message_id }
    PubComp { message_id }
    SubAck { qos topic_id message_id return_code }
    UnsubAck { message_id }
    PingReq<Bytes> { client_id }
    Disconnect { duration }
}

/// Messages without content.
macro_rules! units {
    ($($type:ident)*) => {$(
        impl<'a> Arbitrary<'a> for $type {
            fn arbitrary(_: &mut Unstructured<'a>) -> Result<Self> {
                Ok(Self)
            }

            fn size_hint(_: usize) -> (usize, Option<usize>) {
                (0, Some(0))
            }
        }
    )*};
}

units! { WillTopicReq WillMsgReq PingResp }

impl<'a> Arbitrary<'a> for GwInfo<Bytes> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self { gateway_id: u.arbitrary()?, gateway_address: octets(u, 300)? })
    }
}

impl<'a> Arbitrary<'a> for WillMsg<Bytes> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self { payload: octets(u, 300)? })
    }
}

impl<'a> Arbitrary<'a> for WillMsgUpd<Bytes> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self { payload: octets(u, 300)? })
    }
}

/// The topic is never a full topic name, which can be decoded only.
impl<'a> Arbitrary<'a> for Publish<Bytes> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let delivery = u.arbitrary()?;
        let topic = match u.int_in_range(0..=2_u8)? {
            0 if delivery != Delivery::WithoutConnection => Topic::Normal(u.arbitrary()?),
            0 | 1 => Topic::Predefined(u.arbitrary()?),
            _ => match u.arbitrary()? {
                name if ShortTopicName::has_wildcard(name) => Topic::Short(legal(ShortTopicName::new(*b"ab"))?),
                name => Topic::Short(name),
            },
        };
        let mut publish = legal(Self::new(delivery, topic, octets(u, 300)?))?;
        publish.retain = u.arbitrary()?;
        Ok(publish)
    }
}

impl<'a> Arbitrary<'a> for Subscribe<Bytes> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut subscribe = legal(Self::new(u.arbitrary()?, subscription(u)?, u.arbitrary()?))?;
        subscribe.dup = u.arbitrary()?;
        Ok(subscribe)
    }
}

impl<'a> Arbitrary<'a> for Unsubscribe<Bytes> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        legal(Self::new(u.arbitrary()?, subscription(u)?))
    }
}

fn subscription(u: &mut Unstructured<'_>) -> Result<Topic<TopicFilter<Bytes>>> {
    Ok(match u.int_in_range(0..=2_u8)? {
        0 => Topic::Name(u.arbitrary()?),
        1 => Topic::Predefined(u.arbitrary()?),
        _ => Topic::Short(u.arbitrary()?),
    })
}

/// All types are equally likely.
macro_rules! messages {
    ($($number:literal $message:ident,)* last $last:literal) => {
        impl<'a> Arbitrary<'a> for Message<Bytes> {
            fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
                Ok(match u.int_in_range(0..=$last)? {
                    $($number => Self::$message(u.arbitrary()?),)*
                    _ => return Err(Error::IncorrectFormat), // there are no more
                })
            }
        }
    };
}

messages! {
    0 Publish, 1 Advertise, 2 SearchGw, 3 GwInfo, 4 Connect, 5 ConnAck, 6 WillTopicReq, 7 WillTopic, 8 WillMsgReq,
    9 WillMsg, 10 Register, 11 RegAck, 12 PubAck, 13 PubComp, 14 PubRec, 15 PubRel, 16 Subscribe, 17 SubAck,
    18 Unsubscribe, 19 UnsubAck, 20 PingReq, 21 PingResp, 22 Disconnect, 23 WillTopicUpd, 24 WillTopicResp,
    25 WillMsgUpd, 26 WillMsgResp, last 26_u8
}

impl<'a> Arbitrary<'a> for Delivery {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(match u.int_in_range(0..=3_u8)? {
            0 => Self::AtMostOnce,
            1 => Self::AtLeastOnce { message_id: u.arbitrary()?, dup: u.arbitrary()? },
            2 => Self::ExactlyOnce { message_id: u.arbitrary()?, dup: u.arbitrary()? },
            _ => Self::WithoutConnection,
        })
    }
}

impl<'a> Arbitrary<'a> for TopicId {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        legal(Self::try_from(u.int_in_range(0..=0xFFFE_u16)?))
    }
}

/// Mostly two ASCII characters, sometimes one of two octets.
impl<'a> Arbitrary<'a> for ShortTopicName {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let octets = if u.int_in_range(0..=3_u8)? == 3 {
            let mut octets = [0; 2];
            legal(char::from_u32(u.int_in_range(0x80..=0x7FF_u32)?).ok_or(()))?.encode_utf8(&mut octets);
            octets
        } else {
            [u.int_in_range(1..=0x7F)?, u.int_in_range(1..=0x7F)?]
        };
        legal(Self::new(octets))
    }
}

/// 1 to 23 characters of some text.
impl<'a> Arbitrary<'a> for ClientId<Bytes> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let text = Utf8String::<Bytes>::arbitrary(u)?;
        let text: String = text.chars().take(Self::MAX_CHARACTERS).collect();
        legal(Self::new(if text.is_empty() { String::from("a") } else { text }))
    }
}

impl<'a> Arbitrary<'a> for WirelessNodeId<Bytes> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        legal(Self::new(octets(u, Self::MAX_LEN)?))
    }
}

impl<'a> Arbitrary<'a> for BroadcastRadius {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self::from_ctrl(u.arbitrary()?))
    }
}

impl<'a> Arbitrary<'a> for ReturnCode {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self::from_u8(u.arbitrary()?))
    }
}

impl<'a> Arbitrary<'a> for Flags {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self::from_bits(u.arbitrary()?))
    }
}

one_of! {
    MessageType MessageType::ALL,
    TopicIdType TopicIdType::ALL,
    Sender [Sender::Either, Sender::Client, Sender::Gateway],
}

/// Generates mostly few octets, sometimes so many that the Length takes three octets.
fn octets(u: &mut Unstructured<'_>, most: usize) -> Result<Bytes> {
    let most = if u.int_in_range(0..=7_u8)? == 7 { most } else { most.min(12) };
    let len = u.int_in_range(0..=most)?;
    let octets: Result<Vec<u8>> = (0..len).map(|_| u.arbitrary()).collect();
    Ok(octets?.into())
}
