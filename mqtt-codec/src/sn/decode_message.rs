//! Decoding of a message: dispatches to the decoder of the message type.

use super::form::Form;
use super::primitives::{Fault, end};
use super::{
    DecodeError, DecodeErrorKind, DecodeOptions, Field, acknowledgement, connect, disconnect, discovery, header, ping,
    publish, register, subscribe, unsubscribe, will,
};
use mqtt_types::PacketIdentifier;
use mqtt_types::sn::{
    ConnAck, Flags, MessageType, PingResp, PubComp, PubRec, PubRel, Sender, TopicIdType, UnsubAck, WillMsg, WillMsgReq,
    WillMsgResp, WillMsgUpd, WillTopic, WillTopicReq, WillTopicResp, WillTopicUpd,
};

/// Decodes the message `input`, which ends a datagram of `datagram_len` octets.
///
/// `sender` is a constant at each call. It lets the compiler remove the decoders of messages that this sender does not
/// send.
#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) fn decode_message<'a, F: Form<'a>>(
    input: &'a [u8],
    datagram_len: usize,
    options: &DecodeOptions,
    sender: Sender,
    form: F,
) -> Result<F::Output, DecodeError> {
    let (message_type, body) = match header::split(input, options) {
        Ok(split) => split,
        Err(fault) => return Err(refuse(fault, None, &[], datagram_len)),
    };
    let from_client = sender.may_be(Sender::Client);
    let from_gateway = sender.may_be(Sender::Gateway);
    // Where the sender is a constant, the arms below do the same.
    if matches!(sender, Sender::Either) && !matches!(options.sender, Sender::Either) {
        check_sender(message_type, body, options, datagram_len)?;
    }
    let known_type = MessageType::from_u8(message_type);
    // All faults are returned in one place. A message is returned where it is decoded, so that it is not moved.
    let fault = 'fault: {
        macro_rules! message {
            ($decoded:expr) => {
                match $decoded {
                    Ok(message) => return Ok(form.of(message)),
                    Err(fault) => break 'fault fault,
                }
            };
        }
        macro_rules! made {
            ($decoded:expr, $make:expr) => {
                match $decoded {
                    Ok(value) => return Ok(form.of($make(value))),
                    Err(fault) => break 'fault fault,
                }
            };
        }
        match known_type {
            Some(MessageType::Publish) => {
                if cfg!(target_pointer_width = "64") {
                    macro_rules! legal {
                        ($topic_id_type:ident) => {
                            if let Some(publish) = publish::decode_legal(body, TopicIdType::$topic_id_type) {
                                return Ok(form.of(publish));
                            }
                        };
                    }
                    match body.first().map(|flags| Flags::from_bits(*flags).topic_id_type()) {
                        Some(TopicIdType::Normal) => legal!(Normal),
                        Some(TopicIdType::Predefined) => legal!(Predefined),
                        Some(TopicIdType::Short) => legal!(Short),
                        Some(TopicIdType::Reserved) | None => {}
                    }
                }
                message!(publish::decode(body, options))
            }
            // Types of one layout are decoded by the same code.
            Some(same @ (MessageType::PubRec | MessageType::PubRel | MessageType::PubComp)) => {
                match acknowledgement::decode_message_id(body) {
                    Ok(message_id) => {
                        return Ok(match same {
                            MessageType::PubRec => form.of(PubRec { message_id }),
                            MessageType::PubRel => form.of(PubRel { message_id }),
                            _ => form.of(PubComp { message_id }),
                        });
                    }
                    Err(fault) => break 'fault fault,
                }
            }
            Some(MessageType::UnsubAck) if from_gateway => {
                made!(acknowledgement::decode_message_id(body), |message_id| UnsubAck { message_id })
            }
            Some(same @ (MessageType::ConnAck | MessageType::WillTopicResp | MessageType::WillMsgResp))
                if from_gateway =>
            {
                match will::decode_response(body, same, options) {
                    Ok(return_code) => {
                        return Ok(match same {
                            MessageType::ConnAck => form.of(ConnAck { return_code }),
                            MessageType::WillTopicResp => form.of(WillTopicResp { return_code }),
                            _ => form.of(WillMsgResp { return_code }),
                        });
                    }
                    Err(fault) => break 'fault fault,
                }
            }
            Some(MessageType::PingResp) => made!(end(body, Field::Length), |()| PingResp),
            Some(MessageType::WillTopicReq) if from_gateway => made!(end(body, Field::Length), |()| WillTopicReq),
            Some(MessageType::WillMsgReq) if from_gateway => made!(end(body, Field::Length), |()| WillMsgReq),
            Some(MessageType::PubAck) => message!(acknowledgement::decode_puback(body)),
            Some(MessageType::Register) => message!(register::decode_register(body)),
            Some(MessageType::RegAck) => message!(register::decode_regack(body)),
            Some(MessageType::PingReq) => message!(ping::decode_pingreq(body, options)),
            Some(MessageType::Disconnect) => message!(disconnect::decode(body)),
            Some(MessageType::GwInfo) => message!(discovery::decode_gw_info(body)),
            Some(MessageType::Connect) if from_client => message!(connect::decode_connect(body, options)),
            Some(MessageType::Subscribe) if from_client => message!(subscribe::decode_subscribe(body)),
            Some(MessageType::Unsubscribe) if from_client => message!(unsubscribe::decode(body)),
            Some(MessageType::WillTopic) if from_client => {
                made!(will::decode_target(body), |target| WillTopic { target })
            }
            Some(MessageType::WillMsg) if from_client => return Ok(form.of(WillMsg { payload: body })),
            Some(MessageType::WillTopicUpd) if from_client => {
                made!(will::decode_target(body), |target| WillTopicUpd { target })
            }
            Some(MessageType::WillMsgUpd) if from_client => return Ok(form.of(WillMsgUpd { payload: body })),
            Some(MessageType::SearchGw) if from_client => message!(discovery::decode_search_gw(body)),
            Some(MessageType::SubAck) if from_gateway => message!(subscribe::decode_suback(body)),
            Some(MessageType::Advertise) if from_gateway => message!(discovery::decode_advertise(body)),
            _ => return Err(refuse_type(message_type, body, options, datagram_len)),
        }
    };
    Err(refuse(fault, known_type, body, datagram_len))
}

/// Returns an error if the sender in the options does not send this type.
fn check_sender(
    message_type: u8,
    body: &[u8],
    options: &DecodeOptions,
    datagram_len: usize,
) -> Result<(), DecodeError> {
    match MessageType::from_u8(message_type) {
        Some(known) if !known.sender().may_be(options.sender) => {
            Err(refuse_type(message_type, body, options, datagram_len))
        }
        _ => Ok(()),
    }
}

/// Returns the error for a type that is reserved, or that the sender does not send. Encapsulations are handled before.
#[cold]
#[inline(never)]
fn refuse_type(message_type: u8, body: &[u8], options: &DecodeOptions, datagram_len: usize) -> DecodeError {
    let kind = match MessageType::from_u8(message_type) {
        Some(_) => DecodeErrorKind::WrongSender(options.sender),
        None => DecodeErrorKind::ReservedMessageType(message_type),
    };
    let fault = Fault { left: body.len().saturating_add(1), kind, field: Field::MsgType };
    refuse(fault, MessageType::from_u8(message_type), &[], datagram_len)
}

/// Converts a fault into an error.
#[cold]
#[inline(never)]
pub(super) fn refuse(fault: Fault, message_type: Option<MessageType>, body: &[u8], datagram_len: usize) -> DecodeError {
    let Fault { left, kind, field } = fault;
    let offset = datagram_len.saturating_sub(left);
    DecodeError { kind, field, message_type, offset, answer: answer(message_type, body) }
}

/// Returns the topic field and the `MsgId` for an answer, or `None` if the message cannot be answered: a PUBLISH at QoS -1,
/// and a request without a `MsgId`.
fn answer(message_type: Option<MessageType>, body: &[u8]) -> Option<(u16, u16)> {
    match (message_type, body) {
        (Some(MessageType::Publish), [flags, a, b, c, d, ..]) => {
            Flags::from_bits(*flags).qos()?;
            Some((u16::from_be_bytes([*a, *b]), u16::from_be_bytes([*c, *d])))
        }
        (Some(MessageType::Register), [_, _, a, b, ..]) | (Some(MessageType::Subscribe), [_, a, b, ..]) => {
            Some((0, PacketIdentifier::new(u16::from_be_bytes([*a, *b]))?.get()))
        }
        (Some(MessageType::Publish | MessageType::Register | MessageType::Subscribe), _) => None,
        _ => Some((0, 0)),
    }
}
