//! Control Packet type: section 2.1.2.

use crate::value::protocol_version::ProtocolVersion;
use crate::value::sender::Sender;
use core::fmt;

/// The type of an MQTT Control Packet: the high four bits of its first byte.
///
/// ```
/// use mqtt_types::{PacketType, ProtocolVersion};
///
/// let packet_type = PacketType::from_first_byte(0x82);
/// assert_eq!(packet_type, PacketType::Subscribe);
/// assert_eq!(packet_type.fixed_flags(), Some(0b0010));
/// assert_eq!(packet_type.to_string(), "SUBSCRIBE");
/// assert!(!PacketType::Auth.exists_in(ProtocolVersion::V3_1_1));
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum PacketType {
    /// 0, which all versions reserve.
    Reserved = 0,
    /// Connection request, sent by the client.
    Connect = 1,
    /// Connect acknowledgment, sent by the server.
    ConnAck = 2,
    /// Publish message.
    Publish = 3,
    /// Publish acknowledgment (QoS 1).
    PubAck = 4,
    /// Publish received (QoS 2, first answer).
    PubRec = 5,
    /// Publish release (QoS 2, second request).
    PubRel = 6,
    /// Publish complete (QoS 2, second answer).
    PubComp = 7,
    /// Subscribe request, sent by the client.
    Subscribe = 8,
    /// Subscribe acknowledgment, sent by the server.
    SubAck = 9,
    /// Unsubscribe request, sent by the client.
    Unsubscribe = 10,
    /// Unsubscribe acknowledgment, sent by the server.
    UnsubAck = 11,
    /// PING request, sent by the client.
    PingReq = 12,
    /// PING response, sent by the server.
    PingResp = 13,
    /// Disconnect notification. Before 5.0 only the client sends it.
    Disconnect = 14,
    /// Authentication exchange. Before 5.0 the type is reserved.
    Auth = 15,
}

impl PacketType {
    /// All sixteen types in the order of their numbers.
    pub const ALL: [Self; 16] = [
        Self::Reserved,
        Self::Connect,
        Self::ConnAck,
        Self::Publish,
        Self::PubAck,
        Self::PubRec,
        Self::PubRel,
        Self::PubComp,
        Self::Subscribe,
        Self::SubAck,
        Self::Unsubscribe,
        Self::UnsubAck,
        Self::PingReq,
        Self::PingResp,
        Self::Disconnect,
        Self::Auth,
    ];

    /// Returns the type in the high four bits of a packet's first byte.
    #[inline]
    #[must_use]
    pub const fn from_first_byte(first_byte: u8) -> Self {
        match first_byte >> 4 {
            1 => Self::Connect,
            2 => Self::ConnAck,
            3 => Self::Publish,
            4 => Self::PubAck,
            5 => Self::PubRec,
            6 => Self::PubRel,
            7 => Self::PubComp,
            8 => Self::Subscribe,
            9 => Self::SubAck,
            10 => Self::Unsubscribe,
            11 => Self::UnsubAck,
            12 => Self::PingReq,
            13 => Self::PingResp,
            14 => Self::Disconnect,
            15 => Self::Auth,
            _ => Self::Reserved,
        }
    }

    /// Returns the number of the type: 0 to 15.
    #[inline]
    #[must_use]
    #[expect(clippy::as_conversions, reason = "the discriminants are the numbers")]
    pub const fn as_u8(self) -> u8 {
        self as u8
    }

    /// Returns the name in the standard: `CONNECT`, `CONNACK` and so on.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reserved => "RESERVED",
            Self::Connect => "CONNECT",
            Self::ConnAck => "CONNACK",
            Self::Publish => "PUBLISH",
            Self::PubAck => "PUBACK",
            Self::PubRec => "PUBREC",
            Self::PubRel => "PUBREL",
            Self::PubComp => "PUBCOMP",
            Self::Subscribe => "SUBSCRIBE",
            Self::SubAck => "SUBACK",
            Self::Unsubscribe => "UNSUBSCRIBE",
            Self::UnsubAck => "UNSUBACK",
            Self::PingReq => "PINGREQ",
            Self::PingResp => "PINGRESP",
            Self::Disconnect => "DISCONNECT",
            Self::Auth => "AUTH",
        }
    }

    /// Returns `true` if the version has packets of this type. No version has type 0, and only 5.0 has AUTH.
    #[inline]
    #[must_use]
    pub const fn exists_in(self, version: ProtocolVersion) -> bool {
        match self {
            Self::Reserved => false,
            Self::Auth => !version.is_v3(),
            _ => true,
        }
    }

    /// Returns the side that may send packets of this type in the version.
    #[inline]
    #[must_use]
    pub const fn sender(self, version: ProtocolVersion) -> Sender {
        match self {
            Self::Connect | Self::Subscribe | Self::Unsubscribe | Self::PingReq => Sender::Client,
            Self::ConnAck | Self::SubAck | Self::UnsubAck | Self::PingResp => Sender::Server,
            Self::Disconnect if version.is_v3() => Sender::Client,
            _ => Sender::Either,
        }
    }

    /// Returns the low four bits that the first byte must have, or `None` for PUBLISH, which uses them as flags.
    #[inline]
    #[must_use]
    pub const fn fixed_flags(self) -> Option<u8> {
        match self {
            Self::Publish => None,
            Self::PubRel | Self::Subscribe | Self::Unsubscribe => Some(0b0010),
            _ => Some(0b0000),
        }
    }
}

impl fmt::Display for PacketType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::PacketType;
    use crate::{ProtocolVersion, Sender};

    #[test]
    fn every_number_maps_to_its_type_and_back() {
        for (number, packet_type) in (0..).zip(PacketType::ALL) {
            assert_eq!(packet_type.as_u8(), number);
            assert_eq!(PacketType::from_first_byte(number << 4 | 0b1111), packet_type);
        }
    }

    #[test]
    fn only_version_5_has_auth_and_disconnect_from_the_server() {
        assert!(PacketType::Auth.exists_in(ProtocolVersion::V5));
        assert!(!PacketType::Auth.exists_in(ProtocolVersion::V3_1_1));
        assert!(!PacketType::Reserved.exists_in(ProtocolVersion::V5));
        assert_eq!(PacketType::Disconnect.sender(ProtocolVersion::V3_1), Sender::Client);
        assert_eq!(PacketType::Disconnect.sender(ProtocolVersion::V5), Sender::Either);
    }

    /// Tables 2.1 and 2.2: the sender (C, S or B for both) and the flags.
    const TABLE: [(&str, char, Option<u8>); 16] = [
        ("RESERVED", 'B', Some(0b0000)),
        ("CONNECT", 'C', Some(0b0000)),
        ("CONNACK", 'S', Some(0b0000)),
        ("PUBLISH", 'B', None),
        ("PUBACK", 'B', Some(0b0000)),
        ("PUBREC", 'B', Some(0b0000)),
        ("PUBREL", 'B', Some(0b0010)),
        ("PUBCOMP", 'B', Some(0b0000)),
        ("SUBSCRIBE", 'C', Some(0b0010)),
        ("SUBACK", 'S', Some(0b0000)),
        ("UNSUBSCRIBE", 'C', Some(0b0010)),
        ("UNSUBACK", 'S', Some(0b0000)),
        ("PINGREQ", 'C', Some(0b0000)),
        ("PINGRESP", 'S', Some(0b0000)),
        ("DISCONNECT", 'B', Some(0b0000)),
        ("AUTH", 'B', Some(0b0000)),
    ];

    #[test]
    fn name_sender_and_flags_are_those_of_the_standards_tables() {
        for (packet_type, (name, sender, flags)) in PacketType::ALL.into_iter().zip(TABLE) {
            assert_eq!(packet_type.to_string(), name);
            assert_eq!(packet_type.fixed_flags(), flags, "{name}");
            let sender = match sender {
                'C' => Sender::Client,
                'S' => Sender::Server,
                _ => Sender::Either,
            };
            assert_eq!(packet_type.sender(ProtocolVersion::V5), sender, "{name}");
            if packet_type != PacketType::Disconnect {
                assert_eq!(packet_type.sender(ProtocolVersion::V3_1_1), sender, "{name}");
            }
        }
    }
}
