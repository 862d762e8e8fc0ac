//! The JSON object of a packet.
//!
//! Members have the names of the standard in snake case. `null` stands for a field that is not in the packet: an omitted
//! Reason Code, or properties that the version or the packet does not have. Numbers and flags are those that were sent.
//!
//! Objects are written member by member and never held in memory as a whole: one SUBSCRIBE may have millions of Topic
//! Filters.

mod property;

use mqtt_codec::{
    Connect, DecodeError, Packet, PropertyIter, ProtocolVersion, Publish, Subscriptions, VariableByteInteger, Will,
};
use property::{Binary, Hex, Properties};
use serde::ser::{Serialize, SerializeMap, Serializer};
use sha2::{Digest, Sha256};

/// A packet.
pub(crate) struct PacketObject<'a> {
    pub(crate) packet: Packet<&'a [u8]>,
    /// The whole packet.
    pub(crate) raw: &'a [u8],
    /// The version that it was decoded with.
    pub(crate) version: ProtocolVersion,
    /// Its offset in the stream.
    pub(crate) offset: u64,
    /// The error that the packet is without an option of the command line.
    pub(crate) deviation: Option<DecodeError>,
}

impl Serialize for PacketObject<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let body = body(self.raw);
        map.serialize_entry("offset", &self.offset)?;
        map.serialize_entry("length", &self.raw.len())?;
        map.serialize_entry("type", self.packet.packet_type().name())?;
        map.serialize_entry("flags", &(byte_at(self.raw, 0) & 0x0F))?;
        map.serialize_entry("remaining_length", &body.len())?;
        body_members(&mut map, &self.packet, body, self.version)?;
        if let Some(error) = &self.deviation {
            map.serialize_entry("deviation", &error.to_string())?;
        }
        map.end()
    }
}

/// Adds the members that depend on the type of the packet.
fn body_members<M: SerializeMap>(
    map: &mut M,
    packet: &Packet<&[u8]>,
    body: &[u8],
    version: ProtocolVersion,
) -> Result<(), M::Error> {
    if let Some(packet_identifier) = packet_identifier(packet) {
        map.serialize_entry("packet_id", &packet_identifier)?;
    }
    match packet {
        Packet::Connect(packet) => connect_members(map, packet, body),
        Packet::ConnAck(packet) => {
            map.serialize_entry("ack_flags", &byte_at(body, 0))?;
            map.serialize_entry("session_present", &(byte_at(body, 0) & 1 != 0))?;
            map.serialize_entry("reason_code", &byte_at(body, 1))?;
            map.serialize_entry("properties", &section(packet.properties.iter(), version))
        }
        Packet::Publish(packet) => publish_members(map, packet, version),
        Packet::PubAck(packet) => reason_members(map, body.get(2..), packet.properties.iter()),
        Packet::PubRec(packet) => reason_members(map, body.get(2..), packet.properties.iter()),
        Packet::PubRel(packet) => reason_members(map, body.get(2..), packet.properties.iter()),
        Packet::PubComp(packet) => reason_members(map, body.get(2..), packet.properties.iter()),
        Packet::Subscribe(packet) => {
            map.serialize_entry("properties", &section(packet.properties.iter(), version))?;
            map.serialize_entry("filters", &List(|| subscriptions(&packet.subscriptions, version)))
        }
        Packet::SubAck(packet) => {
            map.serialize_entry("properties", &section(packet.properties.iter(), version))?;
            map.serialize_entry("reason_codes", packet.reason_codes().as_bytes())
        }
        Packet::Unsubscribe(packet) => {
            map.serialize_entry("properties", &section(packet.properties.iter(), version))?;
            map.serialize_entry("filters", &List(|| packet.topic_filters.iter().map(|filter| filter.as_str())))
        }
        Packet::UnsubAck(packet) => {
            map.serialize_entry("properties", &section(packet.properties.iter(), version))?;
            map.serialize_entry("reason_codes", packet.reason_codes.as_bytes())
        }
        Packet::PingReq(_) | Packet::PingResp(_) => Ok(()),
        Packet::Disconnect(packet) => reason_members(map, Some(body), packet.properties.iter()),
        Packet::Auth(packet) => reason_members(map, Some(body), packet.properties.iter()),
    }
}

/// Returns the Packet Identifier, except of a PUBLISH: there it follows the Topic Name.
fn packet_identifier(packet: &Packet<&[u8]>) -> Option<u16> {
    let packet_identifier = match packet {
        Packet::PubAck(packet) => packet.packet_identifier,
        Packet::PubRec(packet) => packet.packet_identifier,
        Packet::PubRel(packet) => packet.packet_identifier,
        Packet::PubComp(packet) => packet.packet_identifier,
        Packet::Subscribe(packet) => packet.packet_identifier,
        Packet::SubAck(packet) => packet.packet_identifier,
        Packet::Unsubscribe(packet) => packet.packet_identifier,
        Packet::UnsubAck(packet) => packet.packet_identifier,
        _ => return None,
    };
    Some(packet_identifier.get())
}

fn connect_members<M: SerializeMap>(map: &mut M, packet: &Connect<&[u8]>, body: &[u8]) -> Result<(), M::Error> {
    let version = packet.protocol_version;
    // The flags follow the name, which has a two-byte length, and the level.
    let connect_flags = byte_at(body, version.protocol_name().len().saturating_add(3));
    map.serialize_entry("protocol_name", version.protocol_name())?;
    map.serialize_entry("protocol_level", &version.level())?;
    map.serialize_entry("bridge", &packet.bridge)?;
    map.serialize_entry("connect_flags", &connect_flags)?;
    map.serialize_entry("clean", &packet.clean_start)?;
    map.serialize_entry("keep_alive", &packet.keep_alive.as_seconds())?;
    map.serialize_entry("client_id", packet.client_identifier.as_str())?;
    map.serialize_entry("will", &packet.will.as_ref().map(|will| WillObject { will, version }))?;
    map.serialize_entry("username", &packet.user_name.as_ref().map(|name| name.as_str()))?;
    map.serialize_entry("password", &packet.password.as_ref().map(|password| Binary::new(password.as_bytes())))?;
    map.serialize_entry("properties", &section(packet.properties.iter(), version))
}

struct WillObject<'a> {
    will: &'a Will<&'a [u8]>,
    version: ProtocolVersion,
}

impl Serialize for WillObject<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let will = self.will;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("qos", &will.qos.as_u8())?;
        map.serialize_entry("retain", &will.retain)?;
        map.serialize_entry("topic", will.topic_name.as_str())?;
        payload_members(&mut map, will.payload.as_bytes())?;
        map.serialize_entry("properties", &section(will.properties.iter(), self.version))?;
        map.end()
    }
}

fn publish_members<M: SerializeMap>(
    map: &mut M,
    packet: &Publish<&[u8]>,
    version: ProtocolVersion,
) -> Result<(), M::Error> {
    map.serialize_entry("dup", &packet.delivery.dup())?;
    map.serialize_entry("qos", &packet.delivery.qos().as_u8())?;
    map.serialize_entry("retain", &packet.retain)?;
    map.serialize_entry("topic", packet.topic())?;
    map.serialize_entry("packet_id", &packet.delivery.packet_identifier().map(|identifier| identifier.get()))?;
    payload_members(map, packet.payload)?;
    map.serialize_entry("properties", &section(packet.properties().iter(), version))
}

fn payload_members<M: SerializeMap>(map: &mut M, payload: &[u8]) -> Result<(), M::Error> {
    map.serialize_entry("payload_length", &payload.len())?;
    map.serialize_entry("payload_sha256", &Hex(&Sha256::digest(payload)))
}

/// Adds Reason Code and properties of a packet that may omit them. `bytes` begins with the Reason Code.
fn reason_members<M: SerializeMap>(
    map: &mut M,
    bytes: Option<&[u8]>,
    properties: PropertyIter<'_>,
) -> Result<(), M::Error> {
    let bytes = bytes.unwrap_or_default();
    map.serialize_entry("reason_code", &bytes.first())?;
    map.serialize_entry("properties", &(bytes.len() > 1).then_some(Properties(properties)))
}

#[derive(serde::Serialize)]
struct SubscriptionObject<'a> {
    filter: &'a str,
    /// The byte that was sent: in 3.1 it may have bits that mean nothing.
    options: u8,
    qos: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    no_local: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retain_as_published: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retain_handling: Option<u8>,
}

fn subscriptions<'a>(
    subscriptions: &'a Subscriptions<&'a [u8]>,
    version: ProtocolVersion,
) -> impl Iterator<Item = SubscriptionObject<'a>> {
    let mut rest = subscriptions.as_bytes();
    subscriptions.iter().map(move |subscription| {
        let at = subscription.topic_filter.len().saturating_add(2);
        let (byte, options) = (byte_at(rest, at), subscription.options);
        rest = rest.get(at.saturating_add(1)..).unwrap_or_default();
        SubscriptionObject {
            filter: subscription.topic_filter.as_str(),
            options: byte,
            qos: options.maximum_qos.as_u8(),
            no_local: (!version.is_v3()).then_some(options.no_local),
            retain_as_published: (!version.is_v3()).then_some(options.retain_as_published),
            retain_handling: (!version.is_v3()).then_some(options.retain_handling.as_u8()),
        }
    })
}

/// Returns the properties, or `None` if the version has none.
const fn section(properties: PropertyIter<'_>, version: ProtocolVersion) -> Option<Properties<'_>> {
    if version.is_v3() { None } else { Some(Properties(properties)) }
}

/// A list that is not collected.
struct List<F>(F);

impl<F: Fn() -> I, I: Iterator<Item: Serialize>> Serialize for List<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}

/// Returns what follows the fixed header.
fn body(raw: &[u8]) -> &[u8] {
    let after_first = raw.get(1..).unwrap_or_default();
    let len = VariableByteInteger::decode(after_first).ok().flatten().map_or(0, |decoded| decoded.len);
    after_first.get(len..).unwrap_or_default()
}

/// Returns a byte of a packet that was decoded, so that it is there.
fn byte_at(bytes: &[u8], at: usize) -> u8 {
    bytes.get(at).copied().unwrap_or_default()
}
