//! Any message.

use crate::buffer::{Buffer, DefaultBuffer, Lend};
use crate::sn::{
    Advertise, ConnAck, Connect, Disconnect, GwInfo, MessageType, PingReq, PingResp, PubAck, PubComp, PubRec, PubRel,
    Publish, RegAck, Register, SearchGw, SubAck, Subscribe, UnsubAck, Unsubscribe, WillMsg, WillMsgReq, WillMsgResp,
    WillMsgUpd, WillTopic, WillTopicReq, WillTopicResp, WillTopicUpd,
};
use crate::value::PacketIdentifier;
use core::fmt;

macro_rules! messages {
    (plain: $($plain:ident)*; over_buffer: $($variant:ident)*;) => {
        /// A message of any type.
        ///
        /// The enum is exhaustive: a `match` over the 27 types needs no wildcard arm. The encapsulation of a forwarder
        /// is a part of [`Datagram`](crate::sn::Datagram).
        ///
        /// ```
        /// use mqtt_types::sn::{Message, MessageType, PingResp};
        ///
        /// let message: Message<&[u8]> = PingResp.into();
        /// assert_eq!(message.message_type(), MessageType::PingResp);
        /// assert_eq!(message.to_string(), "PINGRESP");
        /// ```
        #[derive(Clone, Copy)]
        #[expect(missing_docs, reason = "each variant is called what its message is called; they are explained there")]
        pub enum Message<B = DefaultBuffer> {
            $($plain($plain),)*
            $($variant($variant<B>),)*
        }

        impl<B> Message<B> {
            /// Returns the message's type.
            #[inline]
            #[must_use]
            pub const fn message_type(&self) -> MessageType {
                match self {
                    $(Self::$plain(_) => MessageType::$plain,)*
                    $(Self::$variant(_) => MessageType::$variant,)*
                }
            }
        }

        impl<B: Buffer> Message<B> {
            #[inline]
            pub(crate) fn map_buffer<'i, C: Buffer>(&'i self, map: &mut impl FnMut(&'i B) -> C) -> Message<C> {
                match self {
                    $(Self::$plain(message) => Message::$plain(*message),)*
                    $(Self::$variant(message) => Message::$variant(message.map_buffer(map)),)*
                }
            }
        }

        #[cfg(feature = "bytes")]
        impl<B: Buffer> Message<B> {
            crate::buffer::to_compact!(Message<bytes::Bytes>);
        }

        impl<B: Buffer, C: Buffer> PartialEq<Message<C>> for Message<B> {
            fn eq(&self, other: &Message<C>) -> bool {
                match (self, other) {
                    $((Self::$plain(one), Message::$plain(other)) => one == other,)*
                    $((Self::$variant(one), Message::$variant(other)) => one == other,)*
                    _ => false,
                }
            }
        }

        impl<B: Buffer> core::hash::Hash for Message<B> {
            fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
                self.message_type().hash(state);
                match self {
                    $(Self::$plain(message) => message.hash(state),)*
                    $(Self::$variant(message) => message.hash(state),)*
                }
            }
        }

        /// Shows the message as its own `Debug` does.
        #[cfg(feature = "defmt")]
        impl<B: Buffer> defmt::Format for Message<B> {
            fn format(&self, f: defmt::Formatter<'_>) {
                match self {
                    $(Self::$plain(message) => message.format(f),)*
                    $(Self::$variant(message) => message.format(f),)*
                }
            }
        }

        impl<B: Buffer> fmt::Debug for Message<B> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$plain(message) => fmt::Debug::fmt(message, f),)*
                    $(Self::$variant(message) => fmt::Debug::fmt(message, f),)*
                }
            }
        }

        /// Shows the type and the most important fields in one line, for logs. Payloads are never shown.
        impl<B: Buffer> fmt::Display for Message<B> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$plain(message) => fmt::Display::fmt(message, f),)*
                    $(Self::$variant(message) => fmt::Display::fmt(message, f),)*
                }
            }
        }

        $(impl<B> From<$plain> for Message<B> {
            #[inline]
            fn from(message: $plain) -> Self {
                Self::$plain(message)
            }
        })*

        $(impl<B> From<$variant<B>> for Message<B> {
            #[inline]
            fn from(message: $variant<B>) -> Self {
                Self::$variant(message)
            }
        })*
    };
}

messages! {
    plain: Advertise SearchGw ConnAck WillTopicReq WillMsgReq RegAck PubAck PubComp PubRec PubRel SubAck UnsubAck
        PingResp Disconnect WillTopicResp WillMsgResp;
    over_buffer: GwInfo Connect WillTopic WillMsg Register Publish Subscribe Unsubscribe PingReq WillTopicUpd
        WillMsgUpd;
}

impl<B> Message<B> {
    /// Returns the `MsgId`, if the message has one other than 0.
    ///
    /// ```
    /// use mqtt_types::{PacketIdentifier, sn::{Message, PubRec}};
    ///
    /// let message: Message<&[u8]> = PubRec::new(PacketIdentifier::MIN).into();
    /// assert_eq!(message.message_id(), Some(PacketIdentifier::MIN));
    /// ```
    #[must_use]
    pub const fn message_id(&self) -> Option<PacketIdentifier> {
        match self {
            Self::Register(message) => Some(message.message_id),
            Self::RegAck(message) => message.message_id,
            Self::Publish(message) => message.delivery().message_id(),
            Self::PubAck(message) => message.message_id,
            Self::PubComp(message) => message.message_id,
            Self::PubRec(message) => message.message_id,
            Self::PubRel(message) => message.message_id,
            Self::Subscribe(message) => Some(message.message_id),
            Self::SubAck(message) => message.message_id,
            Self::Unsubscribe(message) => Some(message.message_id),
            Self::UnsubAck(message) => message.message_id,
            Self::Advertise(_)
            | Self::SearchGw(_)
            | Self::GwInfo(_)
            | Self::Connect(_)
            | Self::ConnAck(_)
            | Self::WillTopicReq(_)
            | Self::WillTopic(_)
            | Self::WillMsgReq(_)
            | Self::WillMsg(_)
            | Self::PingReq(_)
            | Self::PingResp(_)
            | Self::Disconnect(_)
            | Self::WillTopicUpd(_)
            | Self::WillTopicResp(_)
            | Self::WillMsgUpd(_)
            | Self::WillMsgResp(_) => None,
        }
    }
}

impl<B: Buffer> Eq for Message<B> {}

impl<'i, 'o, B: Lend<'i, 'o>> Message<B> {
    /// Returns the same message, borrowed from this one. Nothing is copied.
    #[inline]
    #[must_use]
    pub fn as_borrowed(&'i self) -> Message<&'o [u8]> {
        self.map_buffer(&mut Lend::lend)
    }
}

#[cfg(feature = "bytes")]
impl Message<&[u8]> {
    /// Returns the same message as shared slices of `frame`, the buffer that it was decoded from.
    ///
    /// No byte is copied, and each part that is not empty takes one reference count. A part that does not lie in
    /// `frame` is copied.
    #[inline]
    #[must_use]
    pub fn share(&self, frame: &bytes::Bytes) -> Message<bytes::Bytes> {
        self.map_buffer(&mut |part| crate::buffer::share(frame, part))
    }

    /// Copies the message into its own buffers. Each part that is not empty is allocated and copied.
    #[must_use]
    pub fn to_shared(&self) -> Message<bytes::Bytes> {
        self.map_buffer(&mut |part| bytes::Bytes::copy_from_slice(part))
    }
}

#[cfg(feature = "bytes")]
impl From<Message<&[u8]>> for Message<bytes::Bytes> {
    /// Copies each part into its own buffer, as `to_shared` does.
    fn from(borrowed: Message<&[u8]>) -> Self {
        borrowed.to_shared()
    }
}

#[cfg(feature = "bytes")]
impl<'a> From<&'a Message<bytes::Bytes>> for Message<&'a [u8]> {
    fn from(shared: &'a Message<bytes::Bytes>) -> Self {
        shared.as_borrowed()
    }
}

#[cfg(test)]
mod tests {
    use super::Message;
    use crate::sn::{
        Advertise, ClientId, ConnAck, Connect, Delivery, Disconnect, GwInfo, PingReq, PingResp, PubAck, PubComp,
        PubRec, PubRel, Publish, RegAck, Register, ReturnCode, SearchGw, SubAck, Subscribe, Topic, TopicId, UnsubAck,
        Unsubscribe, WillMsg, WillMsgReq, WillMsgResp, WillMsgUpd, WillTarget, WillTopic, WillTopicReq, WillTopicResp,
        WillTopicUpd,
    };
    use crate::{KeepAlive, PacketIdentifier, QoS, TopicFilter, TopicName};

    const ID: PacketIdentifier = PacketIdentifier::MAX;

    /// Messages of all types, and what `Display` shows.
    fn samples() -> Vec<(Message<&'static [u8]>, &'static str)> {
        let accepted = ReturnCode::ACCEPTED;
        let client_id = ClientId::new("c").unwrap();
        let connect = Connect { keep_alive: KeepAlive::from_seconds(60), ..Connect::new(client_id) };
        let topic_name = TopicName::new("a/b").unwrap();
        let filter = Topic::Name(TopicFilter::new("a/#").unwrap());
        let predefined = Topic::Predefined(TopicId::MIN);
        let target = WillTarget::new(topic_name);
        let kept = WillTarget { qos: QoS::AtLeastOnce, retain: true, ..target };
        let mut again = Subscribe::new(ID, filter, QoS::AtLeastOnce).unwrap();
        again.dup = true;
        let mut publish = Publish::to_topic_id(TopicId::MIN, b"x");
        publish.retain = true;
        publish.set_delivery(Delivery::exactly_once(ID).duplicate()).unwrap();
        vec![
            (Advertise { gateway_id: 1, duration: 900 }.into(), "ADVERTISE gateway=1 duration=900 s"),
            (SearchGw { radius: 1 }.into(), "SEARCHGW radius=1"),
            (GwInfo::new(1).into(), "GWINFO gateway=1"),
            (GwInfo::with_address(1, b"ab").into(), "GWINFO gateway=1 address=2 bytes"),
            (connect.into(), r#"CONNECT client="c" clean keep_alive=60 s"#),
            (
                Connect { will: true, clean_session: false, ..connect }.into(),
                r#"CONNECT client="c" will keep_alive=60 s"#,
            ),
            (ConnAck { return_code: accepted }.into(), "CONNACK Accepted (0x00)"),
            (WillTopicReq.into(), "WILLTOPICREQ"),
            (WillTopic::from(target).into(), r#"WILLTOPIC "a/b" qos=0"#),
            (WillTopic { target: None }.into(), "WILLTOPIC none"),
            (WillMsgReq.into(), "WILLMSGREQ"),
            (WillMsg::new(b"gone").into(), "WILLMSG payload=4 bytes"),
            (Register::new(ID, topic_name).into(), r#"REGISTER id=65535 "a/b""#),
            (
                Register { topic_id: TopicId::MIN, ..Register::new(ID, topic_name) }.into(),
                r#"REGISTER id=65535 topic=1 "a/b""#,
            ),
            (RegAck::accepted(ID, TopicId::MIN).into(), "REGACK id=65535 topic=1 Accepted (0x00)"),
            (Publish::to_topic_id(TopicId::MIN, b"").into(), "PUBLISH topic=1 qos=0 payload=0 bytes"),
            (publish.into(), "PUBLISH topic=1 qos=2 id=65535 dup retain payload=1 bytes"),
            (PubAck::answer_to(&publish, accepted).into(), "PUBACK id=65535 topic=1 Accepted (0x00)"),
            (PubRec::new(ID).into(), "PUBREC id=65535"),
            (PubRel::new(ID).into(), "PUBREL id=65535"),
            (PubComp::new(ID).into(), "PUBCOMP id=65535"),
            (again.into(), r#"SUBSCRIBE id=65535 dup "a/#" qos=1"#),
            (
                SubAck::accepted(ID, TopicId::NONE, QoS::AtLeastOnce).into(),
                "SUBACK id=65535 topic=0 qos=1 Accepted (0x00)",
            ),
            (Unsubscribe::new(ID, predefined).unwrap().into(), "UNSUBSCRIBE id=65535 predefined=1"),
            (UnsubAck::new(ID).into(), "UNSUBACK id=65535"),
            (PingReq::default().into(), "PINGREQ"),
            (PingReq { client_id: Some(client_id) }.into(), r#"PINGREQ client="c""#),
            (PingResp.into(), "PINGRESP"),
            (Disconnect::default().into(), "DISCONNECT"),
            (Disconnect { duration: Some(60) }.into(), "DISCONNECT sleep=60 s"),
            (WillTopicUpd::from(kept).into(), r#"WILLTOPICUPD "a/b" qos=1 retain"#),
            (WillTopicUpd { target: None }.into(), "WILLTOPICUPD none"),
            (WillTopicResp { return_code: accepted }.into(), "WILLTOPICRESP Accepted (0x00)"),
            (WillMsgUpd::new(b"").into(), "WILLMSGUPD payload=0 bytes"),
            (WillMsgResp { return_code: ReturnCode::CONGESTION }.into(), "WILLMSGRESP Rejected: congestion (0x01)"),
        ]
    }

    #[test]
    fn shows_as_one_line_that_begins_with_its_type() {
        for (message, text) in samples() {
            assert_eq!(message.to_string(), text);
            assert_eq!(text.split(' ').next(), Some(message.message_type().name()));
        }
        let types: std::collections::HashSet<_> = samples().iter().map(|(message, _)| message.message_type()).collect();
        assert_eq!(types.len(), 27);
    }

    /// Section 5.3.7.
    #[test]
    fn has_a_message_id_where_the_specification_has_one() {
        for (message, text) in samples() {
            assert_eq!(message.message_id(), text.contains(" id=").then_some(ID), "{message}");
        }
        let refusal = PubAck { topic_id: 0, message_id: None, return_code: ReturnCode::NOT_SUPPORTED };
        assert_eq!(refusal.to_string(), "PUBACK id=0 topic=0 Rejected: not supported (0x03)");
    }

    #[test]
    fn the_will_message_is_never_shown() {
        for message in [Message::from(WillMsg::new(b"secret")), WillMsgUpd::new(b"secret").into()] {
            let shown = format!("{message:?} {message}");
            assert!(!shown.contains("secret") && !shown.contains("115") && shown.contains("6 bytes"), "{shown}");
        }
    }

    #[cfg(feature = "bytes")]
    #[test]
    fn is_the_same_message_whatever_holds_it_and_equals_no_other() {
        use std::collections::HashSet;
        let samples: Vec<_> = samples().into_iter().map(|(message, _)| message).collect();
        for (number, message) in samples.iter().enumerate() {
            let shared = message.to_shared();
            assert_eq!(format!("{shared:?}"), format!("{message:?}"));
            assert_eq!(shared.as_borrowed(), *message);
            assert_eq!((Message::from(&shared), Message::from(*message)), (*message, shared.clone()));
            let equals: Vec<_> = (0..samples.len()).filter(|other| samples[*other] == shared).collect();
            assert_eq!(equals, [number], "{message}");
            assert!(HashSet::from([shared.as_borrowed()]).contains(message));
        }
    }

    /// This test makes growth a decision.
    #[test]
    #[cfg(target_pointer_width = "64")]
    fn sizes() {
        assert_eq!(size_of::<Publish<&[u8]>>(), 48);
        assert_eq!(size_of::<Message<&[u8]>>(), 48);
        assert_eq!(size_of::<crate::sn::Datagram<&[u8]>>(), 72);
    }
}
