//! The enum of all control packets.

use crate::buffer::{Buffer, DefaultBuffer, Lend};
use crate::packet::auth::Auth;
use crate::packet::connack::ConnAck;
use crate::packet::connect::Connect;
use crate::packet::disconnect::Disconnect;
use crate::packet::pingreq::PingReq;
use crate::packet::pingresp::PingResp;
use crate::packet::puback::PubAck;
use crate::packet::pubcomp::PubComp;
use crate::packet::publish::Publish;
use crate::packet::pubrec::PubRec;
use crate::packet::pubrel::PubRel;
use crate::packet::suback::SubAck;
use crate::packet::subscribe::Subscribe;
use crate::packet::unsuback::UnsubAck;
use crate::packet::unsubscribe::Unsubscribe;
use crate::reason_code::PubAckReasonCode;
use crate::value::{Delivery, PacketIdentifier, PacketType};
use core::fmt;

macro_rules! packets {
    ($($variant:ident)*) => {
        /// A control packet of any type and version.
        ///
        /// Packets of all versions are represented as packets of 5.0. A packet of 3.x has no properties, and has the
        /// Reason Code for success where 3.x has no code. The enum is exhaustive: a `match` over the fifteen types
        /// needs no wildcard arm.
        ///
        /// ```
        /// use mqtt_types::{Packet, PacketType, PingReq, PingResp};
        ///
        /// let packet: Packet<&[u8]> = PingReq.into();
        /// assert_eq!(packet.packet_type(), PacketType::PingReq);
        /// assert_eq!(packet.to_string(), "PINGREQ");
        /// let answer: Option<Packet<&[u8]>> = match packet {
        ///     Packet::PingReq(_) => Some(PingResp.into()),
        ///     _ => None,
        /// };
        /// assert_eq!(answer.unwrap().packet_type(), PacketType::PingResp);
        /// ```
        #[derive(Clone, Copy)]
        #[expect(missing_docs, reason = "each variant has the name of its packet, which is documented")]
        pub enum Packet<B = DefaultBuffer> {
            $($variant($variant<B>),)*
            PingReq(PingReq),
            PingResp(PingResp),
        }

        impl<B> Packet<B> {
            /// Returns the type of the packet.
            #[inline]
            #[must_use]
            pub const fn packet_type(&self) -> PacketType {
                match self {
                    $(Self::$variant(_) => PacketType::$variant,)*
                    Self::PingReq(_) => PacketType::PingReq,
                    Self::PingResp(_) => PacketType::PingResp,
                }
            }
        }

        impl<B: Buffer> Packet<B> {
            #[inline]
            fn map_buffer<'i, C: Buffer>(&'i self, map: &mut impl FnMut(&'i B) -> C) -> Packet<C> {
                match self {
                    $(Self::$variant(packet) => Packet::$variant(packet.map_buffer(map)),)*
                    Self::PingReq(packet) => Packet::PingReq(*packet),
                    Self::PingResp(packet) => Packet::PingResp(*packet),
                }
            }
        }

        impl<B: Buffer, C: Buffer> PartialEq<Packet<C>> for Packet<B> {
            fn eq(&self, other: &Packet<C>) -> bool {
                match (self, other) {
                    $((Self::$variant(one), Packet::$variant(other)) => one == other,)*
                    (Self::PingReq(_), Packet::PingReq(_)) | (Self::PingResp(_), Packet::PingResp(_)) => true,
                    _ => false,
                }
            }
        }

        impl<B: Buffer> core::hash::Hash for Packet<B> {
            fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
                self.packet_type().hash(state);
                match self {
                    $(Self::$variant(packet) => packet.hash(state),)*
                    Self::PingReq(_) | Self::PingResp(_) => {}
                }
            }
        }

        /// Shows the packet as its own `Debug` does.
        impl<B: Buffer> fmt::Debug for Packet<B> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$variant(packet) => fmt::Debug::fmt(packet, f),)*
                    Self::PingReq(packet) => fmt::Debug::fmt(packet, f),
                    Self::PingResp(packet) => fmt::Debug::fmt(packet, f),
                }
            }
        }

        /// Shows the type and the most important fields in one line, for logs. Payloads and passwords are never shown.
        impl<B: Buffer> fmt::Display for Packet<B> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$variant(packet) => fmt::Display::fmt(packet, f),)*
                    Self::PingReq(packet) => fmt::Display::fmt(packet, f),
                    Self::PingResp(packet) => fmt::Display::fmt(packet, f),
                }
            }
        }

        $(impl<B> From<$variant<B>> for Packet<B> {
            fn from(packet: $variant<B>) -> Self {
                Self::$variant(packet)
            }
        })*
    };
}

packets! {
    Connect ConnAck Publish PubAck PubRec PubRel PubComp Subscribe SubAck Unsubscribe UnsubAck Disconnect Auth
}

impl<B> Packet<B> {
    /// Returns the Packet Identifier, or `None` if the packet has none.
    ///
    /// ```
    /// use mqtt_types::{Packet, PacketIdentifier, PubAck};
    ///
    /// let packet = Packet::from(PubAck::<&[u8]>::new(PacketIdentifier::MIN));
    /// assert_eq!(packet.packet_identifier(), Some(PacketIdentifier::MIN));
    /// ```
    #[must_use]
    pub const fn packet_identifier(&self) -> Option<PacketIdentifier> {
        match self {
            Self::Publish(packet) => packet.packet_identifier(),
            Self::PubAck(packet) => Some(packet.packet_identifier),
            Self::PubRec(packet) => Some(packet.packet_identifier),
            Self::PubRel(packet) => Some(packet.packet_identifier),
            Self::PubComp(packet) => Some(packet.packet_identifier),
            Self::Subscribe(packet) => Some(packet.packet_identifier),
            Self::SubAck(packet) => Some(packet.packet_identifier),
            Self::Unsubscribe(packet) => Some(packet.packet_identifier),
            Self::UnsubAck(packet) => Some(packet.packet_identifier),
            Self::Connect(_)
            | Self::ConnAck(_)
            | Self::PingReq(_)
            | Self::PingResp(_)
            | Self::Disconnect(_)
            | Self::Auth(_) => None,
        }
    }
}

impl<B: Buffer> Packet<B> {
    /// Returns the packet that acknowledges a received PUBLISH: PUBACK at QoS 1, PUBREC at QoS 2, none at QoS 0.
    ///
    /// ```
    /// use mqtt_types::{Delivery, Packet, PacketIdentifier, PubAckReasonCode};
    ///
    /// let acknowledge = |delivery| Packet::<&[u8]>::acknowledging(delivery, PubAckReasonCode::SUCCESS);
    /// let puback = acknowledge(Delivery::at_least_once(PacketIdentifier::MIN)).unwrap();
    /// assert_eq!(puback.to_string(), "PUBACK id=1 Success (0x00)");
    /// let pubrec = acknowledge(Delivery::exactly_once(PacketIdentifier::MIN)).unwrap();
    /// assert_eq!(pubrec.to_string(), "PUBREC id=1 Success (0x00)");
    /// assert_eq!(acknowledge(Delivery::AtMostOnce), None);
    /// ```
    #[inline]
    #[must_use]
    pub fn acknowledging(delivery: Delivery, reason_code: PubAckReasonCode) -> Option<Self> {
        match delivery {
            Delivery::AtMostOnce => None,
            Delivery::AtLeastOnce { packet_identifier, .. } => {
                Some(Self::PubAck(PubAck { reason_code, ..PubAck::new(packet_identifier) }))
            }
            Delivery::ExactlyOnce { packet_identifier, .. } => {
                Some(Self::PubRec(PubRec { reason_code, ..PubRec::new(packet_identifier) }))
            }
        }
    }
}

#[cfg(feature = "bytes")]
impl<B: Buffer> Packet<B> {
    crate::buffer::to_compact!(Packet<bytes::Bytes>);
}

impl<B: Buffer> Eq for Packet<B> {}

impl<B> From<PingReq> for Packet<B> {
    fn from(packet: PingReq) -> Self {
        Self::PingReq(packet)
    }
}

impl<B> From<PingResp> for Packet<B> {
    fn from(packet: PingResp) -> Self {
        Self::PingResp(packet)
    }
}

impl<'i, 'o, B: Lend<'i, 'o>> Packet<B> {
    /// Returns the same packet, borrowed from this one. Nothing is copied.
    #[inline]
    #[must_use]
    pub fn as_borrowed(&'i self) -> Packet<&'o [u8]> {
        self.map_buffer(&mut Lend::lend)
    }
}

#[cfg(feature = "bytes")]
impl Packet<&[u8]> {
    /// Returns the same packet as shared slices of `frame`, the buffer that it was decoded from.
    ///
    /// No byte is copied, and each part that is not empty takes one reference count. A part that does not lie in `frame`
    /// is copied.
    #[inline]
    #[must_use]
    pub fn share(&self, frame: &bytes::Bytes) -> Packet<bytes::Bytes> {
        self.map_buffer(&mut |part| crate::buffer::share(frame, part))
    }

    /// Copies the packet into its own buffers. Each part that is not empty is allocated and copied.
    #[must_use]
    pub fn to_shared(&self) -> Packet<bytes::Bytes> {
        self.map_buffer(&mut |part| bytes::Bytes::copy_from_slice(part))
    }
}

#[cfg(feature = "bytes")]
impl From<Packet<&[u8]>> for Packet<bytes::Bytes> {
    /// Copies each part into its own buffer, as `to_shared` does.
    fn from(borrowed: Packet<&[u8]>) -> Self {
        borrowed.to_shared()
    }
}

#[cfg(feature = "bytes")]
impl<'a> From<&'a Packet<bytes::Bytes>> for Packet<&'a [u8]> {
    fn from(shared: &'a Packet<bytes::Bytes>) -> Self {
        shared.as_borrowed()
    }
}

#[cfg(test)]
mod tests {
    use super::Packet;
    use crate::{
        Auth, AuthReasonCode, BinaryData, ConnAck, Connect, Delivery, Disconnect, DisconnectReasonCode, KeepAlive,
        PacketIdentifier, PingReq, PingResp, ProtocolVersion, PubAck, PubComp, PubRec, PubRel, Publish, ReasonCodes,
        SubAck, Subscribe, Subscriptions, TopicFilters, TopicName, UnsubAck, Unsubscribe, Utf8String, Will,
    };

    const IDENTIFIER: PacketIdentifier = PacketIdentifier::MAX;

    /// Packets of all types, and what `Display` shows.
    fn samples() -> Vec<(Packet<&'static [u8]>, &'static str)> {
        let topic_name = TopicName::new("a/b").unwrap();
        let new_connect = Connect::new(Utf8String::new("c").unwrap());
        let connect = Connect {
            protocol_version: ProtocolVersion::V3_1_1,
            bridge: true,
            keep_alive: KeepAlive::from_seconds(60),
            will: Some(Will::new(topic_name, BinaryData::new(b"gone").unwrap())),
            user_name: Some(Utf8String::new("user").unwrap()),
            password: Some(BinaryData::new(b"secret").unwrap()),
            ..new_connect
        };
        let alias = crate::PublishProperties::new(&[0x23, 0, 7]).unwrap();
        let mut publish = Publish::with_properties(topic_name, alias, b"x");
        publish.delivery = Delivery::at_least_once(IDENTIFIER).duplicate();
        publish.retain = true;
        let subscriptions = Subscriptions::new(b"\0\x03a/#\x01\0\x01b\x02", ProtocolVersion::V5).unwrap();
        let topic_filters = TopicFilters::new(b"\0\x03a/#\0\x01b", ProtocolVersion::V5).unwrap();
        let unsuback = UnsubAck::new(IDENTIFIER, ReasonCodes::new(&[0, 0x11]).unwrap());
        let auth = Auth {
            reason_code: AuthReasonCode::CONTINUE_AUTHENTICATION,
            properties: crate::AuthProperties::new(&[0x15, 0, 1, b'M']).unwrap(),
        };
        vec![
            (new_connect.into(), r#"CONNECT 5.0 client="c" clean keep_alive=0 s"#),
            (connect.into(), r#"CONNECT 3.1.1 client="c" bridge clean keep_alive=60 s will="a/b" user="user""#),
            (ConnAck::accepted(false).into(), "CONNACK Success (0x00)"),
            (ConnAck::accepted(true).into(), "CONNACK Success (0x00) session_present"),
            (Publish::new(topic_name, b"").into(), r#"PUBLISH "a/b" qos=0 payload=0 bytes"#),
            (publish.into(), r#"PUBLISH "a/b" alias=7 qos=1 id=65535 dup retain payload=1 bytes"#),
            (PubAck::new(IDENTIFIER).into(), "PUBACK id=65535 Success (0x00)"),
            (PubRec::new(IDENTIFIER).into(), "PUBREC id=65535 Success (0x00)"),
            (PubRel::new(IDENTIFIER).into(), "PUBREL id=65535 Success (0x00)"),
            (PubComp::new(IDENTIFIER).into(), "PUBCOMP id=65535 Success (0x00)"),
            (Subscribe::new(IDENTIFIER, subscriptions).into(), r#"SUBSCRIBE id=65535 ["a/#" qos=1, "b" qos=2]"#),
            (
                SubAck::new(IDENTIFIER, ReasonCodes::new(&[1, 0x87]).unwrap()).unwrap().into(),
                "SUBACK id=65535 [Granted QoS 1 (0x01), Not authorized (0x87)]",
            ),
            (Unsubscribe::new(IDENTIFIER, topic_filters).into(), r#"UNSUBSCRIBE id=65535 ["a/#", "b"]"#),
            (UnsubAck::new(IDENTIFIER, ReasonCodes::default()).into(), "UNSUBACK id=65535"),
            (unsuback.into(), "UNSUBACK id=65535 [Success (0x00), No subscription existed (0x11)]"),
            (PingReq.into(), "PINGREQ"),
            (PingResp.into(), "PINGRESP"),
            (Disconnect::default().into(), "DISCONNECT Normal disconnection (0x00)"),
            (
                Disconnect::new(DisconnectReasonCode::SERVER_SHUTTING_DOWN).into(),
                "DISCONNECT Server shutting down (0x8B)",
            ),
            (auth.into(), r#"AUTH Continue authentication (0x18) method="M""#),
        ]
    }

    #[test]
    fn shows_as_one_line_that_begins_with_its_type() {
        for (packet, text) in samples() {
            assert_eq!(packet.to_string(), text);
            assert_eq!(text.split(' ').next(), Some(packet.packet_type().name()));
        }
    }

    /// Section 2.2.1: PUBLISH of QoS 1 and 2, SUBSCRIBE, UNSUBSCRIBE, and all their acknowledgements.
    #[test]
    fn has_a_packet_identifier_where_the_standard_has_one() {
        for (packet, text) in samples() {
            assert_eq!(packet.packet_identifier(), text.contains(" id=").then_some(IDENTIFIER), "{packet}");
        }
    }

    #[cfg(feature = "bytes")]
    #[test]
    fn equals_itself_over_another_buffer_and_no_other_packet() {
        use std::collections::HashSet;
        let samples: Vec<_> = samples().into_iter().map(|(packet, _)| packet).collect();
        for (number, packet) in samples.iter().enumerate() {
            let shared = packet.to_shared();
            assert_eq!(format!("{shared:?}"), format!("{packet:?}"));
            assert_eq!(shared.as_borrowed(), *packet);
            let equals: Vec<_> = (0..samples.len()).filter(|other| samples[*other] == shared).collect();
            assert_eq!(equals, [number], "{packet}");
            assert!(HashSet::from([shared.as_borrowed()]).contains(packet));
        }
    }

    /// The sizes matter, because packets are moved out of decoders and through channels. This test makes growth a
    /// decision.
    #[test]
    #[cfg(target_pointer_width = "64")]
    fn sizes() {
        assert_eq!(size_of::<Publish<&[u8]>>(), 64);
        assert_eq!(size_of::<Connect<&[u8]>>(), 144);
        assert_eq!(size_of::<Packet<&[u8]>>(), 144);
    }
}
