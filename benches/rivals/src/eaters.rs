//! Codecs that consume the front of a `BytesMut`.

use crate::adapter::{Codec, Eater, Eats, other_identifier};
use bytes::BytesMut;
use core::num::NonZeroU16;
use mqtt_benches::sum::Sum;
use mqtt_codec::ProtocolVersion;

/// Larger than all packets here.
const LARGEST: u32 = 16 << 20;

/// The properties of a PUBLISH as `rumqttc` and `mqttbytes` have them.
macro_rules! read_properties {
    ($sum:ident $properties:expr) => {
        if let Some(set) = $properties {
            $sum.optional_number(set.payload_format_indicator);
            $sum.optional_number(set.message_expiry_interval);
            $sum.optional_number(set.topic_alias);
            $sum.optional(set.response_topic.as_ref());
            $sum.optional(set.correlation_data.as_ref());
            for (name, value) in &set.user_properties {
                $sum.bytes(name);
                $sum.bytes(value);
            }
            for identifier in &set.subscription_identifiers {
                $sum.number(*identifier as u64);
            }
            $sum.optional(set.content_type.as_ref());
        }
    };
}

/// `rumqttc` and `mqttbytes`, which have the same ancestor.
macro_rules! bytes_codec {
    ($(#[$doc:meta])* $name:ident, $packets:path as $alias:ident, $read:expr, $write:expr, $size:expr, |$publish:ident, $sum:ident| $more:expr $(, unfit: $unfit:expr)?) => {
        $(#[$doc])*
        pub struct $name;

        mod $alias {
            pub(super) use $packets::{Packet, Publish};
        }

        impl Codec for $name {
            type Packet<'a> = $alias::Packet;

            fn new(_: ProtocolVersion) -> Self {
                Self
            }

            fn encode(&mut self, packet: &$alias::Packet, output: &mut BytesMut) -> bool {
                let write: fn(&$alias::Packet, &mut BytesMut) -> bool = $write;
                write(packet, output)
            }

            fn encoded_len(packet: &$alias::Packet) -> Option<usize> {
                let size: fn(&$alias::Packet) -> Option<usize> = $size;
                size(packet)
            }

            $(fn unfit(packet: &$alias::Packet) -> Option<&'static str> {
                let unfit: fn(&$alias::Packet) -> Option<&'static str> = $unfit;
                unfit(packet)
            })?

            fn renumber(packet: &mut $alias::Packet) -> bool {
                if let $alias::Packet::Publish(publish) = packet {
                    if publish.pkid != 0 {
                        publish.pkid = other_identifier(publish.pkid);
                    }
                }
                true
            }

            fn read(packet: &$alias::Packet, $sum: &mut Sum) -> bool {
                let $alias::Packet::Publish($publish) = packet else { return false };
                let $publish: &$alias::Publish = $publish;
                $sum.number($publish.dup);
                $sum.number($publish.qos as u8);
                $sum.number($publish.retain);
                $sum.bytes(&$publish.topic);
                $sum.number($publish.pkid);
                $sum.bytes(&$publish.payload);
                let () = $more;
                true
            }
        }

        impl Eater for $name {
            type Owned = $alias::Packet;

            fn eat(&mut self, buffer: &mut BytesMut) -> Option<$alias::Packet> {
                let read: fn(&mut BytesMut) -> Option<$alias::Packet> = $read;
                read(buffer)
            }
        }
    };
}

bytes_codec!(
    /// `rumqttc` for 3.1.1.
    Rumqttc3, rumqttc as rumqttc_3,
    |buffer| rumqttc::Packet::read(buffer, LARGEST as usize).ok(),
    |packet, output| packet.write(output, LARGEST as usize).is_ok(),
    |packet| Some(packet.size()),
    |publish, sum| ()
);
bytes_codec!(
    /// `rumqttc` for 5.0.
    Rumqttc5, rumqttc::v5::mqttbytes::v5 as rumqttc_5,
    |buffer| rumqttc::v5::mqttbytes::v5::Packet::read(buffer, Some(LARGEST)).ok(),
    |packet, output| packet.write(output, Some(LARGEST)).is_ok(),
    |packet| Some(packet.size()),
    |publish, sum| read_properties!(sum & publish.properties)
);
bytes_codec!(
    /// `mqttbytes` for 3.1.1.
    Mqttbytes3, mqttbytes::v4 as mqttbytes_3,
    |buffer| mqttbytes::v4::read(buffer, LARGEST as usize).ok(),
    write_mqttbytes_3,
    |_| None,
    |publish, sum| ()
);
bytes_codec!(
    /// `mqttbytes` for 5.0.
    Mqttbytes5, mqttbytes::v5 as mqttbytes_5,
    |buffer| mqttbytes::v5::read(buffer, LARGEST as usize).ok(),
    write_mqttbytes_5,
    |_| None,
    |publish, sum| read_properties!(sum & publish.properties),
    unfit: |packet| {
        let prints = matches!(packet, mqttbytes::v5::Packet::Unsubscribe(_));
        prints.then_some("prints a line to the standard error for each UNSUBSCRIBE")
    }
);

fn write_mqttbytes_3(packet: &mqttbytes::v4::Packet, output: &mut BytesMut) -> bool {
    use mqttbytes::v4::{Disconnect, Packet, PingReq, PingResp};
    match packet {
        Packet::Connect(packet) => packet.write(output),
        Packet::ConnAck(packet) => packet.write(output),
        Packet::Publish(packet) => packet.write(output),
        Packet::PubAck(packet) => packet.write(output),
        Packet::PubRec(packet) => packet.write(output),
        Packet::PubRel(packet) => packet.write(output),
        Packet::PubComp(packet) => packet.write(output),
        Packet::Subscribe(packet) => packet.write(output),
        Packet::SubAck(packet) => packet.write(output),
        Packet::Unsubscribe(packet) => packet.write(output),
        Packet::UnsubAck(packet) => packet.write(output),
        Packet::PingReq => PingReq.write(output),
        Packet::PingResp => PingResp.write(output),
        Packet::Disconnect => Disconnect.write(output),
    }
    .is_ok()
}

fn write_mqttbytes_5(packet: &mqttbytes::v5::Packet, output: &mut BytesMut) -> bool {
    use mqttbytes::v5::{Packet, PingReq, PingResp};
    match packet {
        Packet::Connect(packet) => packet.write(output),
        Packet::ConnAck(packet) => packet.write(output),
        Packet::Publish(packet) => packet.write(output),
        Packet::PubAck(packet) => packet.write(output),
        Packet::PubRec(packet) => packet.write(output),
        Packet::PubRel(packet) => packet.write(output),
        Packet::PubComp(packet) => packet.write(output),
        Packet::Subscribe(packet) => packet.write(output),
        Packet::SubAck(packet) => packet.write(output),
        Packet::Unsubscribe(packet) => packet.write(output),
        Packet::UnsubAck(packet) => packet.write(output),
        Packet::PingReq => PingReq.write(output),
        Packet::PingResp => PingResp.write(output),
        Packet::Disconnect(packet) => packet.write(output),
    }
    .is_ok()
}

/// `rmqtt-codec`: its encoders take the packet by value.
macro_rules! rmqtt {
    ($name:ident $version:ident $new:expr, |$packet:ident| $publish:expr) => {
        /// `rmqtt-codec`.
        pub struct $name(rmqtt_codec::$version::Codec);

        impl Codec for $name {
            type Packet<'a> = rmqtt_codec::$version::Packet;

            fn new(_: ProtocolVersion) -> Self {
                Self($new)
            }

            fn encode(&mut self, packet: &Self::Packet<'_>, output: &mut BytesMut) -> bool {
                tokio_util::codec::Encoder::encode(&mut self.0, packet.clone(), output).is_ok()
            }

            fn renumber($packet: &mut Self::Packet<'_>) -> bool {
                if let Some(publish) = $publish {
                    publish.packet_id =
                        publish.packet_id.and_then(|identifier| NonZeroU16::new(other_identifier(identifier.get())));
                }
                true
            }

            fn encode_owned() -> Option<Eats<Self>> {
                Some(Eats {
                    copy: |packet| packet.clone(),
                    encode: |codec, packet, output| {
                        tokio_util::codec::Encoder::encode(&mut codec.0, packet, output).is_ok()
                    },
                })
            }
        }

        impl Eater for $name {
            type Owned = rmqtt_codec::$version::Packet;

            fn eat(&mut self, buffer: &mut BytesMut) -> Option<Self::Owned> {
                tokio_util::codec::Decoder::decode(&mut self.0, buffer).ok()?.map(|(packet, _)| packet)
            }
        }
    };
}

rmqtt!(Rmqtt3 v3 rmqtt_codec::v3::Codec::new(LARGEST), |packet| match packet {
    rmqtt_codec::v3::Packet::Publish(publish) => Some(publish),
    _ => None,
});
rmqtt!(Rmqtt5 v5 rmqtt_codec::v5::Codec::new(LARGEST, LARGEST), |packet| match packet {
    rmqtt_codec::v5::Packet::Publish(publish) => Some(publish),
    _ => None,
});

/// `mqute-codec`: a frame is split off first, then decoded.
macro_rules! mqute {
    ($name:ident $version:ident) => {
        /// `mqute-codec`.
        pub struct $name(mqute_codec::codec::PacketCodec);

        impl Codec for $name {
            type Packet<'a> = mqute_codec::protocol::$version::Packet;

            fn new(_: ProtocolVersion) -> Self {
                Self(mqute_codec::codec::PacketCodec::new(None, None))
            }

            fn encode(&mut self, packet: &Self::Packet<'_>, output: &mut BytesMut) -> bool {
                packet.encode(output).is_ok()
            }
        }

        impl Eater for $name {
            type Owned = mqute_codec::protocol::$version::Packet;

            fn eat(&mut self, buffer: &mut BytesMut) -> Option<Self::Owned> {
                let raw = self.0.try_decode(buffer).ok()?;
                mqute_codec::protocol::$version::Packet::decode(raw).ok()
            }
        }
    };
}

mqute!(Mqute31 v3);
mqute!(Mqute311 v4);
mqute!(Mqute5 v5);
