//! Answer to an invalid packet: the packet that this side may send before it closes the connection.

use crate::encode::Encode;
use crate::error::DecodeError;
use crate::options::EncodeOptions;
use crate::stream::Role;
use core::fmt;
use mqtt_types::{
    Buffer, ConnAck, ConnAckReasonCode, Disconnect, DisconnectReasonCode, Packet, PacketType, ProtocolVersion,
    ReasonCode,
};

/// The phase of a connection, which determines the packets that may be sent.
///
/// To track a connection, call [`passed`](Self::passed) with every packet that is sent or received, or only with
/// CONNECT, CONNACK and DISCONNECT. `Codec` does this itself.
///
/// ```
/// use mqtt_codec::{ConnAck, Connect, ConnectionPhase, Packet, ProtocolVersion, Utf8String};
///
/// let mut phase = ConnectionPhase::Start;
/// phase.passed(&Packet::from(Connect::new(Utf8String::from_static("sensor-1"))));
/// assert_eq!(phase, ConnectionPhase::Connecting(ProtocolVersion::V5));
/// phase.passed(&Packet::from(ConnAck::<&[u8]>::accepted(false)));
/// assert_eq!(phase, ConnectionPhase::Connected(ProtocolVersion::V5));
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "the standard has no other phases")]
pub enum ConnectionPhase {
    /// No CONNECT was sent or received. A client may send only CONNECT, and a server nothing \[MQTT-3.1.0-1\].
    #[default]
    Start,
    /// A CONNECT was sent or received, and no CONNACK. A server may send CONNACK, and AUTH before it \[MQTT-3.2.0-1\].
    Connecting(ProtocolVersion),
    /// A CONNACK that accepts the connection was sent or received. A second CONNACK may not follow \[MQTT-3.2.0-2\].
    Connected(ProtocolVersion),
    /// A DISCONNECT, or a CONNACK that refuses the connection, was sent or received. Nothing may be sent
    /// \[MQTT-3.14.4-1, MQTT-3.2.2-7\].
    Closing,
}

impl ConnectionPhase {
    /// Records that a packet was sent or received. Only CONNECT, CONNACK and DISCONNECT change the phase.
    ///
    /// A packet that the phase does not allow, such as a second CONNECT, does not change it.
    pub fn passed<B: Buffer>(&mut self, packet: &Packet<B>) {
        *self = match (*self, packet) {
            (Self::Start, Packet::Connect(connect)) => Self::Connecting(connect.protocol_version),
            (Self::Connecting(_), Packet::ConnAck(connack)) if connack.reason_code().is_error() => Self::Closing,
            (Self::Connecting(version), Packet::ConnAck(_)) => Self::Connected(version),
            (Self::Connecting(_) | Self::Connected(_), Packet::Disconnect(_)) => Self::Closing,
            (phase, _) => phase,
        };
    }

    /// Returns the version of the connection, or `None` if it is unknown or no longer matters.
    #[must_use]
    pub const fn version(self) -> Option<ProtocolVersion> {
        match self {
            Self::Connecting(version) | Self::Connected(version) => Some(version),
            Self::Start | Self::Closing => None,
        }
    }
}

/// The last packet on a connection: a CONNACK or a DISCONNECT to send before closing it.
///
/// [`DecodeError::answer`] returns the answer to an invalid packet. [`Answer::new`] creates one for any other reason. The
/// answer is [encoded](Self::as_bytes) already: at the start of a connection the
/// version is that of the refused CONNECT, which the encoder of the connection does not know.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Answer {
    packet: AnswerPacket,
    version: ProtocolVersion,
    bytes: [u8; Self::LONGEST],
    len: usize,
}

#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum AnswerPacket {
    ConnAck(ConnAckReasonCode),
    Disconnect(DisconnectReasonCode),
}

impl Answer {
    /// Length in bytes of the longest answer: a CONNACK of 5.0.
    pub const LONGEST: usize = 5;

    /// Creates the packet that tells the peer why this side closes the connection, or returns `None` if the connection
    /// should be closed without a packet.
    ///
    /// The packet depends on the side and on the phase of the connection:
    ///
    /// | | server | client |
    /// | --- | --- | --- |
    /// | [`Start`](ConnectionPhase::Start), [`Closing`](ConnectionPhase::Closing) | – | – |
    /// | [`Connecting`](ConnectionPhase::Connecting) | CONNACK | DISCONNECT |
    /// | [`Connected`](ConnectionPhase::Connected) | DISCONNECT | DISCONNECT |
    ///
    /// If the packet cannot have this Reason Code, it has [`ReasonCode::UNSPECIFIED_ERROR`]. In 3.x, CONNACK has the code of
    /// [`ConnAckReasonCode::to_v3`], and there is no DISCONNECT with a code. A code that is not an error refuses nothing, and
    /// [`Role::Either`] never sends a packet.
    ///
    /// ```
    /// use mqtt_codec::{Answer, ConnectionPhase, ProtocolVersion, ReasonCode, Role};
    ///
    /// let refuse = |phase| Answer::new(ReasonCode::QUOTA_EXCEEDED, Role::Server, phase);
    /// let of_v3 = refuse(ConnectionPhase::Connecting(ProtocolVersion::V3_1_1)).unwrap();
    /// assert_eq!(of_v3.as_bytes(), [0x20, 0x02, 0x00, 0x03]); // CONNACK, server unavailable
    /// let later = refuse(ConnectionPhase::Connected(ProtocolVersion::V5)).unwrap();
    /// assert_eq!(later.as_bytes(), [0xE0, 0x01, 0x97]); // DISCONNECT, Quota exceeded
    /// assert_eq!(refuse(ConnectionPhase::Connected(ProtocolVersion::V3_1_1)), None);
    /// ```
    #[must_use]
    pub fn new(reason_code: ReasonCode, role: Role, phase: ConnectionPhase) -> Option<Self> {
        if !reason_code.is_error() {
            return None;
        }
        let version = phase.version()?;
        let allowed_in = |packet_type| match reason_code.is_allowed_in(packet_type, role.sender()) {
            true => reason_code,
            false => ReasonCode::UNSPECIFIED_ERROR,
        };
        let packet = match (role, phase) {
            (Role::Server, ConnectionPhase::Connecting(_)) => {
                let code = ConnAckReasonCode::new(allowed_in(PacketType::ConnAck))?;
                AnswerPacket::ConnAck(if version.is_v3() { code.to_v3()? } else { code })
            }
            (Role::Server | Role::Client, _) if !version.is_v3() => {
                AnswerPacket::Disconnect(DisconnectReasonCode::new(allowed_in(PacketType::Disconnect))?)
            }
            _ => return None,
        };
        Self::encode(packet, EncodeOptions::new(version).with_sender(role.sender()))
    }

    /// Encodes the answer, or returns `None` if this side cannot send it.
    fn encode(packet: AnswerPacket, options: EncodeOptions) -> Option<Self> {
        let mut bytes = [0; Self::LONGEST];
        let len = match packet {
            AnswerPacket::ConnAck(code) => ConnAck::<&[u8]>::refused(code).encode(options, &mut bytes),
            AnswerPacket::Disconnect(code) => Disconnect::<&[u8]>::new(code).encode(options, &mut bytes),
        };
        Some(Self { packet, version: options.version(), bytes, len: len.ok()? })
    }

    /// Returns the encoded packet.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    /// Returns the packet.
    #[must_use]
    pub fn packet(&self) -> Packet<&'static [u8]> {
        match self.packet {
            AnswerPacket::ConnAck(code) => ConnAck::refused(code).into(),
            AnswerPacket::Disconnect(code) => Disconnect::new(code).into(),
        }
    }

    /// Returns the version for which the packet is encoded.
    #[must_use]
    pub const fn version(&self) -> ProtocolVersion {
        self.version
    }

    /// Returns the Reason Code of the packet.
    #[must_use]
    pub const fn reason_code(&self) -> ReasonCode {
        match self.packet {
            AnswerPacket::ConnAck(code) => code.get(),
            AnswerPacket::Disconnect(code) => code.get(),
        }
    }
}

impl AsRef<[u8]> for Answer {
    fn as_ref(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.packet().fmt(f)
    }
}

impl DecodeError {
    /// Returns the packet to send before closing the connection, or `None` if the connection should be closed without
    /// an answer.
    ///
    /// `role` is the side that received the invalid packet, and `phase` is the phase of the connection. The answer is
    /// one that this side may send in this phase:
    ///
    /// | | server | client |
    /// | --- | --- | --- |
    /// | [`Start`](ConnectionPhase::Start) | CONNACK, if the packet is a CONNECT | – |
    /// | [`Connecting`](ConnectionPhase::Connecting) | CONNACK | DISCONNECT, if the packet is a CONNACK or an AUTH |
    /// | [`Connected`](ConnectionPhase::Connected) | DISCONNECT | DISCONNECT |
    /// | [`Closing`](ConnectionPhase::Closing) | – | – |
    ///
    /// DISCONNECT with a Reason Code exists in 5.0 only. 3.x has Return Codes only for a refused version and a refused
    /// Client Identifier. If there is no code for the error, there is no answer. Before the connection is accepted, there is
    /// no answer either to bytes that [look like](Self::looks_like) another protocol. For [`Role::Either`] there is never an
    /// answer.
    ///
    /// ```
    /// use mqtt_codec::{ConnectionPhase, ProtocolVersion, Role, decode};
    ///
    /// let error = decode(&[0xC0, 0x01, 0x00], ProtocolVersion::V5).unwrap_err(); // a PINGREQ of three bytes
    /// let connected = ConnectionPhase::Connected(ProtocolVersion::V5);
    /// assert_eq!(error.answer(Role::Server, connected).unwrap().as_bytes(), [0xE0, 0x01, 0x81]);
    /// // The first packet is not a CONNECT, so a server may not send anything.
    /// assert_eq!(error.answer(Role::Server, ConnectionPhase::Start), None);
    /// ```
    #[must_use]
    pub fn answer(&self, role: Role, phase: ConnectionPhase) -> Option<Answer> {
        let code = self.code()?;
        if self.looks_like().is_some() && !matches!(phase, ConnectionPhase::Connected(_)) {
            return None; // the peer does not speak MQTT
        }
        let is_connect = matches!(self.packet_type(), PacketType::Connect);
        let (is_connack, version) = match (role, phase) {
            (Role::Server, ConnectionPhase::Start) if is_connect => (true, self.version()),
            (Role::Server, ConnectionPhase::Connecting(version)) => (true, version),
            // A server sends nothing else before CONNACK, so a peer that sends other packets is probably not a server.
            (Role::Client, ConnectionPhase::Connecting(version))
                if matches!(self.packet_type(), PacketType::ConnAck | PacketType::Auth) =>
            {
                (false, version)
            }
            (Role::Server | Role::Client, ConnectionPhase::Connected(version)) => (false, version),
            _ => return None,
        };
        // A second CONNECT is an error, whatever its version and Client Identifier [MQTT-3.1.0-2].
        let is_second = is_connect && !matches!(phase, ConnectionPhase::Start);
        let code = match code {
            ReasonCode::UNSUPPORTED_PROTOCOL_VERSION | ReasonCode::CLIENT_IDENTIFIER_NOT_VALID if is_second => {
                ReasonCode::PROTOCOL_ERROR
            }
            code => code,
        };
        let packet = if is_connack {
            AnswerPacket::ConnAck(ConnAckReasonCode::new(code)?)
        } else if version.is_v3() {
            return None; // its DISCONNECT has no Reason Code, and a server does not send it
        } else {
            AnswerPacket::Disconnect(DisconnectReasonCode::new(code)?)
        };
        Answer::encode(packet, EncodeOptions::new(version).with_sender(role.sender()))
    }
}

#[cfg(test)]
mod tests {
    use super::ConnectionPhase;
    use crate::Encode;
    use mqtt_types::ProtocolVersion::{V3_1_1, V5};
    use mqtt_types::{ConnAck, ConnAckReasonCode, Connect, Disconnect, Packet, PingReq, Utf8String};

    #[test]
    fn connect_connack_and_disconnect_change_the_phase_and_nothing_else_does() {
        let connect = Packet::from(Connect { protocol_version: V3_1_1, ..Connect::new(Utf8String::from_static("c")) });
        let accepted = Packet::from(ConnAck::<&[u8]>::accepted(false));
        let refused = Packet::from(ConnAck::<&[u8]>::refused(ConnAckReasonCode::BANNED));
        let disconnect = Packet::from(Disconnect::<&[u8]>::default());
        let ping = Packet::from(PingReq);
        let (start, closing) = (ConnectionPhase::Start, ConnectionPhase::Closing);
        let (connecting, connected) = (ConnectionPhase::Connecting(V3_1_1), ConnectionPhase::Connected(V3_1_1));
        let later = ConnectionPhase::Connected(V5);
        for (before, packet, after) in [
            (start, &connect, connecting),
            (start, &accepted, start),
            (start, &disconnect, start),
            (start, &ping, start),
            (connecting, &connect, connecting),
            (connecting, &accepted, connected),
            (connecting, &refused, closing),
            (connecting, &disconnect, closing),
            (connecting, &ping, connecting),
            (connected, &connect, connected),
            (connected, &refused, connected),
            (connected, &disconnect, closing),
            (connected, &ping, connected),
            (later, &connect, later),
            (closing, &connect, closing),
            (closing, &accepted, closing),
        ] {
            let mut phase = before;
            phase.passed(packet);
            assert_eq!(phase, after, "{before:?}, {packet}");
        }
        assert_eq!(
            [start, connecting, connected, closing].map(ConnectionPhase::version),
            [None, Some(V3_1_1), Some(V3_1_1), None]
        );
        assert!(accepted.encoded_len(V5).is_ok_and(|len| len == super::Answer::LONGEST));
    }
}
