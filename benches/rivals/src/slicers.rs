//! Codecs that decode slices.

use crate::adapter::{Codec, Slicer, other_identifier};
use bytes::{BufMut, BytesMut};
use mqtt_benches::sum::Sum;
use mqtt_codec::ProtocolVersion;

/// `mqttrs`: borrows, and encodes into slices.
pub struct Mqttrs;

impl Codec for Mqttrs {
    type Packet<'a> = mqttrs::Packet<'a>;

    fn new(_: ProtocolVersion) -> Self {
        Self
    }

    fn encode(&mut self, _: &mqttrs::Packet<'_>, _: &mut BytesMut) -> bool {
        false
    }

    const ENCODES_SLICES: bool = true;

    fn encode_slice(&mut self, packet: &mqttrs::Packet<'_>, output: &mut [u8]) -> Option<usize> {
        mqttrs::encode_slice(packet, output).ok()
    }

    fn renumber(packet: &mut mqttrs::Packet<'_>) -> bool {
        use mqttrs::{Pid, QosPid};
        if let mqttrs::Packet::Publish(publish) = packet {
            let other = |pid: Pid| Pid::try_from(other_identifier(pid.get())).unwrap_or_default();
            publish.qospid = match publish.qospid {
                QosPid::AtMostOnce => QosPid::AtMostOnce,
                QosPid::AtLeastOnce(pid) => QosPid::AtLeastOnce(other(pid)),
                QosPid::ExactlyOnce(pid) => QosPid::ExactlyOnce(other(pid)),
            };
        }
        true
    }

    fn read(packet: &mqttrs::Packet<'_>, sum: &mut Sum) -> bool {
        match packet {
            mqttrs::Packet::Publish(publish) => {
                sum.number(publish.dup);
                sum.number(publish.qospid.qos() as u8);
                sum.number(publish.retain);
                sum.bytes(publish.topic_name);
                sum.optional_number(publish.qospid.pid().map(|pid| pid.get()));
                sum.bytes(publish.payload);
            }
            mqttrs::Packet::Puback(pid) | mqttrs::Packet::Pubrel(pid) => sum.number(pid.get()),
            mqttrs::Packet::Pingreq | mqttrs::Packet::Disconnect => {}
            _ => return false,
        }
        true
    }
}

impl Slicer for Mqttrs {
    fn decode<'a>(&mut self, frame: &'a [u8]) -> Option<mqttrs::Packet<'a>> {
        mqttrs::decode_slice(frame).ok()?
    }
}

macro_rules! mqtt_proto {
    ($name:ident $version:ident |$publish:ident, $sum:ident| $properties:expr) => {
        /// `mqtt-proto`: packets own what they hold.
        pub struct $name;

        impl Codec for $name {
            type Packet<'a> = mqtt_proto::$version::Packet;

            fn new(_: ProtocolVersion) -> Self {
                Self
            }

            fn encode(&mut self, packet: &Self::Packet<'_>, output: &mut BytesMut) -> bool {
                let Ok(bytes) = packet.encode() else { return false };
                output.extend_from_slice(bytes.as_ref());
                true
            }

            fn encoded_len(packet: &Self::Packet<'_>) -> Option<usize> {
                packet.encode_len().ok()
            }

            fn renumber(packet: &mut Self::Packet<'_>) -> bool {
                use mqtt_proto::{Pid, QosPid};
                if let mqtt_proto::$version::Packet::Publish(publish) = packet {
                    let other = |pid: Pid| Pid::try_from(other_identifier(pid.value())).unwrap_or_default();
                    publish.qos_pid = match publish.qos_pid {
                        QosPid::Level0 => QosPid::Level0,
                        QosPid::Level1(pid) => QosPid::Level1(other(pid)),
                        QosPid::Level2(pid) => QosPid::Level2(other(pid)),
                    };
                }
                true
            }

            fn read(packet: &Self::Packet<'_>, $sum: &mut Sum) -> bool {
                let mqtt_proto::$version::Packet::Publish($publish) = packet else { return false };
                $sum.number($publish.dup);
                $sum.number($publish.qos_pid.qos() as u8);
                $sum.number($publish.retain);
                $sum.bytes(&*$publish.topic_name);
                $sum.optional_number($publish.qos_pid.pid().map(|pid| pid.value()));
                $sum.bytes(&$publish.payload);
                let () = $properties;
                true
            }
        }

        impl Slicer for $name {
            fn decode<'a>(&mut self, frame: &'a [u8]) -> Option<Self::Packet<'a>> {
                mqtt_proto::$version::Packet::decode(frame).ok()?
            }
        }
    };
}

mqtt_proto!(MqttProto3 v3 |publish, sum| ());
mqtt_proto!(MqttProto5 v5 |publish, sum| {
    let set = &publish.properties;
    sum.optional_number(set.payload_is_utf8);
    sum.optional_number(set.message_expiry_interval);
    sum.optional_number(set.topic_alias);
    sum.optional(set.response_topic.as_ref().map(|topic| topic.as_bytes()));
    sum.optional(set.correlation_data.as_ref());
    for property in &set.user_properties {
        sum.bytes(&*property.name);
        sum.bytes(&*property.value);
    }
    sum.optional_number(set.subscription_id.map(|identifier| identifier.value()));
    sum.optional(set.content_type.as_ref().map(|text| text.as_bytes()));
});

macro_rules! mqtt_protocol_core {
    ($name:ident $version:ident $($extra:literal $extra_module:ident)?) => {
        /// `mqtt-protocol-core`: the parsers of its packets. Its connection, which would find where packets end, does
        /// more: it keeps a session. A PUBLISH is made from an `Arc` that is allocated for each, as the connection does it.
        pub struct $name;

        impl Codec for $name {
            type Packet<'a> = mqtt_protocol_core::mqtt::packet::Packet;

            fn new(_: ProtocolVersion) -> Self {
                Self
            }

            fn encode(&mut self, packet: &Self::Packet<'_>, output: &mut BytesMut) -> bool {
                use mqtt_protocol_core::mqtt::packet::GenericPacketTrait;
                for part in packet.to_buffers() {
                    output.put_slice(&part);
                }
                true
            }

            fn encoded_len(packet: &Self::Packet<'_>) -> Option<usize> {
                use mqtt_protocol_core::mqtt::packet::GenericPacketTrait;
                Some(packet.size())
            }
        }

        impl Slicer for $name {
            fn decode<'a>(&mut self, frame: &'a [u8]) -> Option<Self::Packet<'a>> {
                use mqtt_protocol_core::mqtt::packet::$version as packets;
                use mqtt_protocol_core::mqtt::Arc;
                let length_len = frame[1..].iter().take_while(|byte| **byte >= 0x80).count() + 1;
                let body = &frame[1 + length_len..];
                Some(match frame[0] >> 4 {
                    1 => packets::Connect::parse(body).ok()?.0.into(),
                    2 => packets::Connack::parse(body).ok()?.0.into(),
                    3 => packets::Publish::parse(frame[0] & 0x0F, Arc::from(body)).ok()?.0.into(),
                    4 => packets::Puback::parse(body).ok()?.0.into(),
                    5 => packets::Pubrec::parse(body).ok()?.0.into(),
                    6 => packets::Pubrel::parse(body).ok()?.0.into(),
                    7 => packets::Pubcomp::parse(body).ok()?.0.into(),
                    8 => packets::Subscribe::parse(body).ok()?.0.into(),
                    9 => packets::Suback::parse(body).ok()?.0.into(),
                    10 => packets::Unsubscribe::parse(body).ok()?.0.into(),
                    11 => packets::Unsuback::parse(body).ok()?.0.into(),
                    12 => packets::Pingreq::parse(body).ok()?.0.into(),
                    13 => packets::Pingresp::parse(body).ok()?.0.into(),
                    14 => packets::Disconnect::parse(body).ok()?.0.into(),
                    $($extra => packets::$extra_module::parse(body).ok()?.0.into(),)?
                    _ => return None,
                })
            }
        }
    };
}

mqtt_protocol_core!(MqttProtocolCore3 v3_1_1);
mqtt_protocol_core!(MqttProtocolCore5 v5_0 15 Auth);

/// `mqtt5-protocol`: decodes from any `Buf`; it is given a slice.
pub struct Mqtt5Protocol {
    level: u8,
}

impl Codec for Mqtt5Protocol {
    type Packet<'a> = mqtt5_protocol::Packet;

    fn new(version: ProtocolVersion) -> Self {
        Self { level: version.level() }
    }

    fn encode(&mut self, packet: &Self::Packet<'_>, output: &mut BytesMut) -> bool {
        use mqtt5_protocol::packet::{MqttPacket, Packet};
        match packet {
            Packet::Connect(packet) => packet.encode(output),
            Packet::ConnAck(packet) => packet.encode(output),
            Packet::Publish(packet) => packet.encode(output),
            Packet::PubAck(packet) => packet.encode(output),
            Packet::PubRec(packet) => packet.encode(output),
            Packet::PubRel(packet) => packet.encode(output),
            Packet::PubComp(packet) => packet.encode(output),
            Packet::Subscribe(packet) => packet.encode(output),
            Packet::SubAck(packet) => packet.encode(output),
            Packet::Unsubscribe(packet) => packet.encode(output),
            Packet::UnsubAck(packet) => packet.encode(output),
            Packet::PingReq => mqtt5_protocol::packet::pingreq::PingReqPacket::default().encode(output),
            Packet::PingResp => mqtt5_protocol::packet::pingresp::PingRespPacket::default().encode(output),
            Packet::Disconnect(packet) => packet.encode(output),
            Packet::Auth(packet) => packet.encode(output),
        }
        .is_ok()
    }

    fn renumber(packet: &mut Self::Packet<'_>) -> bool {
        if let mqtt5_protocol::Packet::Publish(publish) = packet {
            publish.packet_id = publish.packet_id.map(other_identifier);
        }
        true
    }
}

impl Slicer for Mqtt5Protocol {
    fn decode<'a>(&mut self, frame: &'a [u8]) -> Option<Self::Packet<'a>> {
        let mut rest = frame;
        let header = mqtt5_protocol::FixedHeader::decode(&mut rest).ok()?;
        mqtt5_protocol::Packet::decode_from_body_with_version(header.packet_type, &header, &mut rest, self.level).ok()
    }
}

/// `flowsdk`: decodes slices into packets that own what they hold.
pub struct Flowsdk {
    level: u8,
}

impl Codec for Flowsdk {
    type Packet<'a> = flowsdk::mqtt_serde::control_packet::MqttPacket;

    fn new(version: ProtocolVersion) -> Self {
        Self { level: version.level() }
    }

    fn encode(&mut self, packet: &Self::Packet<'_>, output: &mut BytesMut) -> bool {
        let Ok(bytes) = packet.to_bytes() else { return false };
        output.extend_from_slice(&bytes);
        true
    }

    fn renumber(packet: &mut Self::Packet<'_>) -> bool {
        use flowsdk::mqtt_serde::control_packet::MqttPacket;
        match packet {
            MqttPacket::Publish5(publish) => publish.packet_id = publish.packet_id.map(other_identifier),
            MqttPacket::Publish3(_) => return false,
            _ => {}
        }
        true
    }
}

impl Slicer for Flowsdk {
    fn decode<'a>(&mut self, frame: &'a [u8]) -> Option<Self::Packet<'a>> {
        use flowsdk::mqtt_serde::control_packet::MqttPacket;
        use flowsdk::mqtt_serde::parser::ParseOk;
        match MqttPacket::from_bytes_with_version(frame, self.level) {
            Ok(ParseOk::Packet(packet, _)) => Some(packet),
            _ => None,
        }
    }
}
