//! The Will: sections 5.4.6 to 5.4.9 and 5.4.22 to 5.4.25.

use super::encode_body::EncodeBody;
use super::primitives::{Fault, end, fail, octet, topic_name};
use super::{DecodeErrorKind, DecodeOptions, EncodeErrorKind, Field, Leniency};
use crate::wire::write::Write;
use mqtt_types::Buffer;
use mqtt_types::sn::{
    Flags, MessageType, ReturnCode, WillMsg, WillMsgReq, WillMsgResp, WillMsgUpd, WillTarget, WillTopic, WillTopicReq,
    WillTopicResp, WillTopicUpd,
};

macro_rules! requests {
    ($($message:ident)*) => {$(
        impl EncodeBody for $message {
            const MESSAGE_TYPE: MessageType = MessageType::$message;

            #[inline]
            fn body_len(&self) -> Result<usize, EncodeErrorKind> {
                Ok(0)
            }

            #[inline]
            fn write_body<'p>(&'p self, _: &mut impl Write<'p>) {}
        }
    )*};
}

requests! { WillTopicReq WillMsgReq }

/// Parses Flags and a topic name, or an empty body. Flags without a topic name are an error.
#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) fn decode_target(body: &[u8]) -> Result<Option<WillTarget<&[u8]>>, Fault> {
    let [flags, rest @ ..] = body else {
        return Ok(None);
    };
    let flags = Flags::from_bits(*flags);
    let Some(qos) = flags.qos() else {
        return fail(body, DecodeErrorKind::InvalidQoS, Field::Flags);
    };
    let topic_name = topic_name(rest, Field::WillTopic)?;
    Ok(Some(WillTarget { topic_name, qos, retain: flags.retain() }))
}

macro_rules! topics {
    ($($message:ident)*) => {$(
        impl<B: Buffer> EncodeBody for $message<B> {
            const MESSAGE_TYPE: MessageType = MessageType::$message;

            #[inline]
            fn body_len(&self) -> Result<usize, EncodeErrorKind> {
                Ok(self.target.as_ref().map_or(0, |target| target.topic_name.as_bytes().len().saturating_add(1)))
            }

            #[inline]
            fn write_body<'p>(&'p self, output: &mut impl Write<'p>) {
                if let Some(target) = &self.target {
                    output.put_byte(Flags::NONE.with_qos(target.qos).with_retain(target.retain).bits());
                    output.put_short_part(target.topic_name.as_bytes());
                }
            }
        }
    )*};
}

topics! { WillTopic WillTopicUpd }

macro_rules! messages {
    ($($message:ident)*) => {$(
        impl<B: Buffer> EncodeBody for $message<B> {
            const MESSAGE_TYPE: MessageType = MessageType::$message;

            #[inline]
            fn body_len(&self) -> Result<usize, EncodeErrorKind> {
                Ok(self.payload.as_ref().len())
            }

            #[inline]
            fn write_body<'p>(&'p self, output: &mut impl Write<'p>) {
                output.put_short_part(self.payload.as_ref());
            }
        }
    )*};
}

messages! { WillMsg WillMsgUpd }

/// Decodes the body of CONNACK, WILLTOPICRESP and WILLMSGRESP, which consists of a return code alone.
#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) fn decode_response(
    body: &[u8],
    message_type: MessageType,
    options: &DecodeOptions,
) -> Result<ReturnCode, Fault> {
    let (rest, return_code) = octet(body, Field::ReturnCode)?;
    let may_have_more = options.allows(Leniency::SurplusOctetInWillResponses) && message_type != MessageType::ConnAck;
    if !(may_have_more && rest.len() == 1) {
        end(rest, Field::ReturnCode)?;
    }
    Ok(ReturnCode::from_u8(return_code))
}

macro_rules! responses {
    ($($message:ident)*) => {$(
        impl EncodeBody for $message {
            const MESSAGE_TYPE: MessageType = MessageType::$message;

            #[inline]
            fn body_len(&self) -> Result<usize, EncodeErrorKind> {
                Ok(1)
            }

            #[inline]
            fn write_body<'p>(&'p self, output: &mut impl Write<'p>) {
                output.put_byte(self.return_code.as_u8());
            }
        }
    )*};
}

responses! { WillTopicResp WillMsgResp }

#[cfg(test)]
mod tests {
    use crate::sn::testing::{becomes_canonical, refuses, refuses_unless, vectors};
    use crate::sn::{DecodeErrorKind as Kind, DecodeOptions};
    use mqtt_types::sn::{
        ReturnCode, WillMsg, WillMsgReq, WillMsgResp, WillMsgUpd, WillTarget, WillTopic, WillTopicReq, WillTopicResp,
        WillTopicUpd,
    };
    use mqtt_types::{QoS, TopicName};

    #[test]
    fn sections_5_4_6_to_5_4_9_and_5_4_22_to_5_4_25() {
        let target =
            WillTarget { qos: QoS::AtLeastOnce, retain: true, ..WillTarget::new(TopicName::new("w").unwrap()) };
        vectors(&[
            (&[0x02, 0x06], WillTopicReq.into()),
            (&[0x04, 0x07, 0x30, b'w'], WillTopic::from(target).into()),
            (&[0x02, 0x07], WillTopic { target: None }.into()),
            (&[0x02, 0x08], WillMsgReq.into()),
            (&[0x03, 0x09, b'x'], WillMsg::new(b"x").into()),
            (&[0x02, 0x09], WillMsg::new(b"").into()),
            (&[0x04, 0x1A, 0x30, b'w'], WillTopicUpd::from(target).into()),
            (&[0x02, 0x1A], WillTopicUpd { target: None }.into()),
            (&[0x03, 0x1B, 0x00], WillTopicResp { return_code: ReturnCode::ACCEPTED }.into()),
            (&[0x03, 0x1C, 0x00], WillMsgUpd::new(b"\0").into()),
            (&[0x03, 0x1D, 0x03], WillMsgResp { return_code: ReturnCode::NOT_SUPPORTED }.into()),
        ]);
        becomes_canonical(&[0x04, 0x07, 0x8F, b'w'], &[0x04, 0x07, 0x00, b'w']);
    }

    #[test]
    fn refuses_each_fault_at_its_octet() {
        for message_type in [0x06, 0x08] {
            refuses(&[0x03, message_type, 0x00], Kind::TrailingBytes, 2);
        }
        for message_type in [0x07, 0x1A] {
            refuses(&[0x03, message_type, 0x00], Kind::EmptyTopic, 3);
            refuses(&[0x04, message_type, 0x60, b'w'], Kind::InvalidQoS, 2);
            refuses(&[0x06, message_type, 0x00, b'w', b'/', b'#'], Kind::WildcardInTopicName, 5);
            refuses(&[0x05, message_type, 0x00, b'w', 0xFF], Kind::IllFormedUtf8, 4);
            refuses(&[0x05, message_type, 0x00, b'w', 0x00], Kind::NulCharacter, 4);
        }
        for message_type in [0x1B, 0x1D] {
            refuses(&[0x02, message_type], Kind::UnexpectedEnd, 2);
            let surplus = DecodeOptions::new().allow_surplus_octet_in_will_responses(true);
            refuses_unless(&[0x04, message_type, 0x00, 0x00], Kind::TrailingBytes, 3, surplus);
            let error = crate::sn::decode(&[0x05, message_type, 0, 0, 0], surplus).unwrap_err();
            assert_eq!((error.kind(), error.offset()), (Kind::TrailingBytes, 3));
        }
    }
}
