//! The form of decoded messages: alone or in a datagram, borrowed or shared.

use mqtt_types::sn::{
    Advertise, ConnAck, Connect, Datagram, Disconnect, GwInfo, Message, PingReq, PingResp, PubAck, PubComp, PubRec,
    PubRel, Publish, RegAck, Register, SearchGw, SubAck, Subscribe, UnsubAck, Unsubscribe, WillMsg, WillMsgReq,
    WillMsgResp, WillMsgUpd, WillTopic, WillTopicReq, WillTopicResp, WillTopicUpd,
};

/// The form of decoded messages. A message is converted while its type is known, so the conversion does not have to
/// match on [`Message`].
pub(super) trait Form<'a> {
    type Output;

    fn of(self, message: impl DecodedMessage<'a>) -> Self::Output;
}

/// The message alone.
#[derive(Clone, Copy)]
pub(super) struct Alone;

impl<'a> Form<'a> for Alone {
    type Output = Message<&'a [u8]>;

    #[cfg_attr(target_pointer_width = "64", inline(always))]
    fn of(self, message: impl DecodedMessage<'a>) -> Self::Output {
        message.into()
    }
}

/// The message in a datagram, without an encapsulation. An encapsulation is added afterwards, so that the common
/// datagram without one is not moved.
#[derive(Clone, Copy)]
pub(super) struct Plain;

impl<'a> Form<'a> for Plain {
    type Output = Datagram<&'a [u8]>;

    #[inline(always)]
    fn of(self, message: impl DecodedMessage<'a>) -> Self::Output {
        Datagram { encapsulation: None, message: message.into() }
    }
}

/// The datagram as slices of this buffer.
#[cfg(feature = "bytes")]
#[derive(Clone, Copy)]
pub(super) struct SharedPlain<'f>(pub(super) &'f bytes::Bytes);

#[cfg(feature = "bytes")]
impl<'a> Form<'a> for SharedPlain<'_> {
    type Output = Datagram<bytes::Bytes>;

    #[inline(always)]
    fn of(self, message: impl DecodedMessage<'a>) -> Self::Output {
        Datagram { encapsulation: None, message: message.share(self.0) }
    }
}

/// A message as its decoder returns it.
pub(super) trait DecodedMessage<'a>: Into<Message<&'a [u8]>> {
    #[cfg(feature = "bytes")]
    fn share(&self, frame: &bytes::Bytes) -> Message<bytes::Bytes>;
}

macro_rules! decoded_messages {
    (plain: $($plain:ident)*; over_buffer: $($message:ident)*;) => {
        $(impl DecodedMessage<'_> for $plain {
            #[cfg(feature = "bytes")]
            #[cfg_attr(target_pointer_width = "64", inline(always))]
            fn share(&self, _: &bytes::Bytes) -> Message<bytes::Bytes> {
                (*self).into()
            }
        })*

        $(impl<'a> DecodedMessage<'a> for $message<&'a [u8]> {
            #[cfg(feature = "bytes")]
            #[cfg_attr(target_pointer_width = "64", inline(always))]
            fn share(&self, frame: &bytes::Bytes) -> Message<bytes::Bytes> {
                Self::share(self, frame).into()
            }
        })*
    };
}

decoded_messages! {
    plain: Advertise SearchGw ConnAck WillTopicReq WillMsgReq RegAck PubAck PubComp PubRec PubRel SubAck UnsubAck
        PingResp Disconnect WillTopicResp WillMsgResp;
    over_buffer: GwInfo Connect WillTopic WillMsg Register Publish Subscribe Unsubscribe PingReq WillTopicUpd
        WillMsgUpd;
}
