//! The packets in which each Reason Code is allowed, and the side that may send it.

use crate::reason_code::packet_codes::{
    AuthReasonCode, ConnAckReasonCode, DisconnectReasonCode, PubAckReasonCode, PubRelReasonCode, SubAckReasonCode,
    UnsubAckReasonCode,
};
use crate::reason_code::reason_code::ReasonCode;
use crate::value::{PacketType, Sender};

impl ReasonCode {
    /// Returns `true` if a packet of this type may have the code when `sender` sends it.
    ///
    /// 0x8C is allowed in DISCONNECT. The general table of the standard lists it there, the table of DISCONNECT does not.
    ///
    /// ```
    /// use mqtt_types::{PacketType, ReasonCode, Sender};
    ///
    /// let code = ReasonCode::DISCONNECT_WITH_WILL_MESSAGE;
    /// assert!(code.is_allowed_in(PacketType::Disconnect, Sender::Client));
    /// assert!(!code.is_allowed_in(PacketType::Disconnect, Sender::Server));
    /// assert!(!code.is_allowed_in(PacketType::PubAck, Sender::Either));
    /// ```
    #[must_use]
    pub const fn is_allowed_in(self, packet_type: PacketType, sender: Sender) -> bool {
        let (has, from) = match packet_type {
            PacketType::ConnAck => (ConnAckReasonCode::new(self).is_some(), Sender::Server),
            PacketType::PubAck | PacketType::PubRec => {
                let from = if matches!(self, Self::NO_MATCHING_SUBSCRIBERS) { Sender::Server } else { Sender::Either };
                (PubAckReasonCode::new(self).is_some(), from)
            }
            PacketType::PubRel | PacketType::PubComp => (PubRelReasonCode::new(self).is_some(), Sender::Either),
            PacketType::SubAck => (SubAckReasonCode::new(self).is_some(), Sender::Server),
            PacketType::UnsubAck => (UnsubAckReasonCode::new(self).is_some(), Sender::Server),
            PacketType::Disconnect => (DisconnectReasonCode::new(self).is_some(), self.disconnect_sender()),
            PacketType::Auth => (AuthReasonCode::new(self).is_some(), self.auth_sender()),
            _ => (false, Sender::Either),
        };
        has && sender.may_be(from)
    }

    /// Returns the "sent by" column of the DISCONNECT table, section 3.14.2.1.
    const fn disconnect_sender(self) -> Sender {
        match self {
            Self::DISCONNECT_WITH_WILL_MESSAGE => Sender::Client,
            Self::NOT_AUTHORIZED
            | Self::SERVER_BUSY
            | Self::SERVER_SHUTTING_DOWN
            | Self::BAD_AUTHENTICATION_METHOD
            | Self::KEEP_ALIVE_TIMEOUT
            | Self::SESSION_TAKEN_OVER
            | Self::TOPIC_FILTER_INVALID
            | Self::RETAIN_NOT_SUPPORTED
            | Self::QOS_NOT_SUPPORTED
            | Self::USE_ANOTHER_SERVER
            | Self::SERVER_MOVED
            | Self::SHARED_SUBSCRIPTIONS_NOT_SUPPORTED
            | Self::CONNECTION_RATE_EXCEEDED
            | Self::MAXIMUM_CONNECT_TIME
            | Self::SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED
            | Self::WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED => Sender::Server,
            _ => Sender::Either,
        }
    }

    /// Returns the "sent by" column of the AUTH table, section 3.15.2.1.
    const fn auth_sender(self) -> Sender {
        match self {
            Self::SUCCESS => Sender::Server,
            Self::RE_AUTHENTICATE => Sender::Client,
            _ => Sender::Either,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{PacketType, ReasonCode, Sender};

    /// Section 2.4 and the tables of DISCONNECT and AUTH: the packets that allow each value. After DI and AU follows the
    /// sender: C, S or B for both.
    const TABLE: &[(u8, &str)] = &[
        (0x00, "CA PA PR PL PC SA UA DI-B AU-S"),
        (0x01, "SA"),
        (0x02, "SA"),
        (0x04, "DI-C"),
        (0x10, "PA-S PR-S"),
        (0x11, "UA"),
        (0x18, "AU-B"),
        (0x19, "AU-C"),
        (0x80, "CA PA PR SA UA DI-B"),
        (0x81, "CA DI-B"),
        (0x82, "CA DI-B"),
        (0x83, "CA PA PR SA UA DI-B"),
        (0x84, "CA"),
        (0x85, "CA"),
        (0x86, "CA"),
        (0x87, "CA PA PR SA UA DI-S"),
        (0x88, "CA"),
        (0x89, "CA DI-S"),
        (0x8A, "CA"),
        (0x8B, "DI-S"),
        (0x8C, "CA DI-S"),
        (0x8D, "DI-S"),
        (0x8E, "DI-S"),
        (0x8F, "SA UA DI-S"),
        (0x90, "CA PA PR DI-B"),
        (0x91, "PA PR SA UA"),
        (0x92, "PL PC"),
        (0x93, "DI-B"),
        (0x94, "DI-B"),
        (0x95, "CA DI-B"),
        (0x96, "DI-B"),
        (0x97, "CA PA PR SA DI-B"),
        (0x98, "DI-B"),
        (0x99, "CA PA PR DI-B"),
        (0x9A, "CA DI-S"),
        (0x9B, "CA DI-S"),
        (0x9C, "CA DI-S"),
        (0x9D, "CA DI-S"),
        (0x9E, "SA DI-S"),
        (0x9F, "CA DI-S"),
        (0xA0, "DI-S"),
        (0xA1, "SA DI-S"),
        (0xA2, "SA DI-S"),
    ];

    #[test]
    fn each_packet_allows_the_codes_of_the_standards_table() {
        let packets = [
            ("CA", PacketType::ConnAck),
            ("PA", PacketType::PubAck),
            ("PR", PacketType::PubRec),
            ("PL", PacketType::PubRel),
            ("PC", PacketType::PubComp),
            ("SA", PacketType::SubAck),
            ("UA", PacketType::UnsubAck),
            ("DI", PacketType::Disconnect),
            ("AU", PacketType::Auth),
        ];
        let mut pairs = 0;
        for value in 0..=255 {
            let row = TABLE.iter().find(|(row, _)| *row == value);
            let code = ReasonCode::from_u8(value);
            assert_eq!(code.is_some(), row.is_some(), "{value:#04x}");
            let (Some(code), Some((_, row))) = (code, row) else { continue };
            for (name, packet_type) in packets {
                let entry = row.split(' ').find(|entry| entry.starts_with(name));
                let allowed = |sender| code.is_allowed_in(packet_type, sender);
                assert_eq!(allowed(Sender::Either), entry.is_some(), "{code} {name}");
                pairs += usize::from(entry.is_some());
                let from = entry.and_then(|entry| entry.split_once('-')).map(|(_, from)| from);
                match from {
                    Some("C") => assert!(allowed(Sender::Client) && !allowed(Sender::Server), "{code} {name}"),
                    Some("S") => assert!(!allowed(Sender::Client) && allowed(Sender::Server), "{code} {name}"),
                    Some(_) => assert!(allowed(Sender::Client) && allowed(Sender::Server), "{code} {name}"),
                    None => {}
                }
            }
        }
        assert_eq!((TABLE.len(), pairs), (43, 96));
    }
}
