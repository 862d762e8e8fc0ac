//! Control Packet type, direction and fixed header: section 2.1.

use crate::{ProtocolVersion, QoS, VariableByteInteger};
use core::fmt;

/// Who sent the bytes, or is about to send them.
///
/// Some rules hold for one side only: a client never sends CONNACK, and its PUBLISH has no Subscription Identifier.
/// They are checked where the sender is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sender {
    /// Not known, or both in turn: no rule about the sender is checked.
    #[default]
    Either,
    /// A client: what a server receives.
    Client,
    /// A server: what a client receives.
    Server,
}

impl Sender {
    /// True if it may be the one or the other: `Either` may be both.
    #[inline]
    #[must_use]
    pub const fn may_be(self, side: Self) -> bool {
        matches!(
            (self, side),
            (Self::Either, _) | (_, Self::Either) | (Self::Client, Self::Client) | (Self::Server, Self::Server)
        )
    }
}

impl fmt::Display for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Either => "client or server",
            Self::Client => "client",
            Self::Server => "server",
        })
    }
}

/// The type of an MQTT Control Packet: the high four bits of its first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum PacketType {
    /// 0, which no version uses.
    Reserved = 0,
    /// Connection request, by the client.
    Connect = 1,
    /// Connect acknowledgment, by the server.
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
    /// Subscribe request, by the client.
    Subscribe = 8,
    /// Subscribe acknowledgment, by the server.
    SubAck = 9,
    /// Unsubscribe request, by the client.
    Unsubscribe = 10,
    /// Unsubscribe acknowledgment, by the server.
    UnsubAck = 11,
    /// PING request, by the client.
    PingReq = 12,
    /// PING response, by the server.
    PingResp = 13,
    /// Disconnect notification; before 5.0 by the client only.
    Disconnect = 14,
    /// Authentication exchange; reserved before 5.0.
    Auth = 15,
}

impl PacketType {
    /// All sixteen, in the order of their numbers.
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

    /// The type that a packet's first byte names.
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

    /// The number: 0 to 15.
    #[inline]
    #[must_use]
    #[expect(clippy::as_conversions, reason = "the discriminants are the numbers")]
    pub const fn as_u8(self) -> u8 {
        self as u8
    }

    /// The standard's name: `CONNECT`, `CONNACK` and so on.
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

    /// True if the version has packets of this type: 0 none has, AUTH only 5.0.
    #[inline]
    #[must_use]
    pub const fn exists_in(self, version: ProtocolVersion) -> bool {
        match self {
            Self::Reserved => false,
            Self::Auth => !version.is_v3(),
            _ => true,
        }
    }

    /// Who may send packets of this type under the version.
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

    /// The low four bits of the first byte, if the standard fixes them: it does for all but PUBLISH.
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

/// The low four bits of a packet's first byte.
///
/// | bit | 3 | 2-1 | 0 |
/// | --- | --- | --- | --- |
/// | PUBLISH | DUP | QoS | RETAIN |
/// | PUBREL, SUBSCRIBE, UNSUBSCRIBE | 0 | 01 | 0 |
/// | all others | 0 | 00 | 0 |
///
/// ```
/// use mqtt_types::{Flags, QoS};
///
/// let flags = Flags::from_first_byte(0x3B);
/// assert_eq!((flags.dup(), flags.qos(), flags.retain()), (true, Some(QoS::AtLeastOnce), true));
/// assert_eq!(Flags::publish(true, QoS::AtLeastOnce, true), flags);
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Flags(u8);

impl Flags {
    /// The flags in the low four bits of a byte; the high four are not looked at.
    #[inline]
    #[must_use]
    pub const fn from_first_byte(first_byte: u8) -> Self {
        Self(first_byte & 0b0000_1111)
    }

    /// The flags of a PUBLISH.
    #[inline]
    #[must_use]
    pub const fn publish(dup: bool, qos: QoS, retain: bool) -> Self {
        let dup = if dup { 0b1000 } else { 0 };
        let retain = if retain { 0b0001 } else { 0 };
        Self(dup | qos.as_u8() << 1 | retain)
    }

    /// The bits, 0 to 15.
    #[inline]
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// DUP: this is not the first attempt to send the packet.
    #[inline]
    #[must_use]
    pub const fn dup(self) -> bool {
        self.0 & 0b1000 != 0
    }

    /// QoS; `None` if both bits are set, which is malformed \[MQTT-3.3.1-4\].
    #[inline]
    #[must_use]
    pub const fn qos(self) -> Option<QoS> {
        QoS::from_u8(self.0 >> 1 & 0b11)
    }

    /// RETAIN.
    #[inline]
    #[must_use]
    pub const fn retain(self) -> bool {
        self.0 & 0b0001 != 0
    }
}

impl fmt::Debug for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#06b}", self.0)
    }
}

/// A packet's fixed header: its first byte and the Remaining Length.
///
/// ```text
/// byte 1   type (4 bits) | flags (4 bits)
/// byte 2…  Remaining Length (1 to 4 bytes): what follows, variable header and payload
/// ```
///
/// ```
/// use mqtt_types::{FixedHeader, Flags, PacketType};
///
/// let header = FixedHeader {
///     packet_type: PacketType::Subscribe,
///     flags: Flags::from_first_byte(0b0010),
///     remaining_length: 300_u16.into(),
/// };
/// assert_eq!((header.first_byte(), header.encoded_len()), (0x82, 3));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FixedHeader {
    /// The type.
    pub packet_type: PacketType,
    /// The flags.
    pub flags: Flags,
    /// How many bytes follow the fixed header.
    pub remaining_length: VariableByteInteger,
}

impl FixedHeader {
    /// The header's first byte.
    #[inline]
    #[must_use]
    pub const fn first_byte(&self) -> u8 {
        self.packet_type.as_u8() << 4 | self.flags.bits()
    }

    /// The length of the fixed header itself in the fewest bytes: 2 to 5.
    #[inline]
    #[must_use]
    pub const fn encoded_len(&self) -> usize {
        self.remaining_length.encoded_len().saturating_add(1)
    }
}

#[cfg(test)]
mod tests {
    use super::{FixedHeader, Flags, PacketType, Sender};
    use crate::{ProtocolVersion, QoS, VariableByteInteger};

    #[test]
    fn every_number_is_its_type() {
        for (number, packet_type) in (0..).zip(PacketType::ALL) {
            assert_eq!(packet_type.as_u8(), number);
            assert_eq!(PacketType::from_first_byte(number << 4 | 0b1111), packet_type);
        }
    }

    #[test]
    fn auth_came_with_version_5_and_disconnect_by_the_server_too() {
        assert!(PacketType::Auth.exists_in(ProtocolVersion::V5));
        assert!(!PacketType::Auth.exists_in(ProtocolVersion::V3_1_1));
        assert!(!PacketType::Reserved.exists_in(ProtocolVersion::V5));
        assert_eq!(PacketType::Disconnect.sender(ProtocolVersion::V3_1), Sender::Client);
        assert_eq!(PacketType::Disconnect.sender(ProtocolVersion::V5), Sender::Either);
    }

    /// Tables 2.1 and 2.2: who sends it (B is both), and its flags.
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

    #[test]
    fn a_sender_that_is_not_known_may_be_both() {
        let senders = [Sender::Either, Sender::Client, Sender::Server];
        for one in senders {
            for other in senders {
                let expected = one == other || one == Sender::Either || other == Sender::Either;
                assert_eq!(one.may_be(other), expected, "{one}, {other}");
            }
        }
        assert_eq!(senders.map(|sender| sender.to_string()), ["client or server", "client", "server"]);
    }

    #[test]
    fn publish_flags_are_dup_qos_retain() {
        for first_byte in 0..=255_u8 {
            let flags = Flags::from_first_byte(first_byte);
            assert_eq!(flags.bits(), first_byte % 16);
            let (dup, retain) = (flags.bits() / 8 == 1, flags.bits() % 2 == 1);
            assert_eq!((flags.dup(), flags.retain()), (dup, retain), "{flags:?}");
            let qos = QoS::ALL.get(usize::from(flags.bits() / 2 % 4)).copied(); // MQTT-3.3.1-4: 3 is none
            assert_eq!(flags.qos(), qos, "{flags:?}");
            assert!(qos.is_none_or(|qos| Flags::publish(dup, qos, retain) == flags), "{flags:?}");
        }
        assert_eq!(format!("{:?}", Flags::publish(true, QoS::ExactlyOnce, true)), "0b1101");
    }

    #[test]
    fn the_first_byte_is_the_type_and_the_flags() {
        for first_byte in 0..=255 {
            let (packet_type, flags) = (PacketType::from_first_byte(first_byte), Flags::from_first_byte(first_byte));
            let header = FixedHeader { packet_type, flags, remaining_length: VariableByteInteger::ZERO };
            assert_eq!(header.first_byte(), first_byte);
        }
    }

    #[test]
    fn the_fixed_header_is_as_long_as_its_remaining_length_and_one_byte() {
        for (length, encoded_len) in [(0, 2), (127, 2), (128, 3), (16_384, 4), (268_435_455, 5)] {
            let remaining_length = VariableByteInteger::new(length).unwrap();
            let header = FixedHeader { packet_type: PacketType::Publish, flags: Flags::default(), remaining_length };
            assert_eq!(header.encoded_len(), encoded_len);
        }
    }
}
