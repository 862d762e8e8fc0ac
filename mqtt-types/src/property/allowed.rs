//! The packets in which each property is allowed: section 2.2.2.2.

use crate::property::identifier::PropertyIdentifier;
use crate::property::sets::{
    AuthProperties, ConnAckProperties, ConnectProperties, DisconnectProperties, PubAckProperties, PubCompProperties,
    PubRecProperties, PubRelProperties, PublishProperties, SubAckProperties, SubscribeProperties, UnsubAckProperties,
    UnsubscribeProperties, WillProperties,
};
use crate::value::PacketType;

impl PropertyIdentifier {
    /// Returns `true` if the property is allowed in packets of this type.
    ///
    /// The Will in CONNECT has its own properties, see [`is_allowed_in_will`](Self::is_allowed_in_will).
    ///
    /// ```
    /// use mqtt_types::{PacketType, PropertyIdentifier};
    ///
    /// assert!(PropertyIdentifier::TopicAlias.is_allowed_in(PacketType::Publish));
    /// assert!(!PropertyIdentifier::TopicAlias.is_allowed_in(PacketType::Connect));
    /// ```
    #[must_use]
    pub const fn is_allowed_in(self, packet_type: PacketType) -> bool {
        type Borrowed = &'static [u8];
        match packet_type {
            PacketType::Connect => ConnectProperties::<Borrowed>::RULES.allows(self),
            PacketType::ConnAck => ConnAckProperties::<Borrowed>::RULES.allows(self),
            PacketType::Publish => PublishProperties::<Borrowed>::RULES.allows(self),
            PacketType::PubAck => PubAckProperties::<Borrowed>::RULES.allows(self),
            PacketType::PubRec => PubRecProperties::<Borrowed>::RULES.allows(self),
            PacketType::PubRel => PubRelProperties::<Borrowed>::RULES.allows(self),
            PacketType::PubComp => PubCompProperties::<Borrowed>::RULES.allows(self),
            PacketType::Subscribe => SubscribeProperties::<Borrowed>::RULES.allows(self),
            PacketType::SubAck => SubAckProperties::<Borrowed>::RULES.allows(self),
            PacketType::Unsubscribe => UnsubscribeProperties::<Borrowed>::RULES.allows(self),
            PacketType::UnsubAck => UnsubAckProperties::<Borrowed>::RULES.allows(self),
            PacketType::Disconnect => DisconnectProperties::<Borrowed>::RULES.allows(self),
            PacketType::Auth => AuthProperties::<Borrowed>::RULES.allows(self),
            PacketType::Reserved | PacketType::PingReq | PacketType::PingResp => false,
        }
    }

    /// Returns `true` if the property is allowed in the Will in CONNECT.
    #[must_use]
    pub const fn is_allowed_in_will(self) -> bool {
        WillProperties::<&'static [u8]>::RULES.allows(self)
    }
}

#[cfg(test)]
mod tests {
    use crate::{PacketType, PropertyIdentifier};

    /// Section 2.2.2.2: the packets in which each property is allowed. W is the Will.
    const TABLE: &[(u8, &str)] = &[
        (0x01, "PUBLISH W"),
        (0x02, "PUBLISH W"),
        (0x03, "PUBLISH W"),
        (0x08, "PUBLISH W"),
        (0x09, "PUBLISH W"),
        (0x0B, "PUBLISH SUBSCRIBE"),
        (0x11, "CONNECT CONNACK DISCONNECT"),
        (0x12, "CONNACK"),
        (0x13, "CONNACK"),
        (0x15, "CONNECT CONNACK AUTH"),
        (0x16, "CONNECT CONNACK AUTH"),
        (0x17, "CONNECT"),
        (0x18, "W"),
        (0x19, "CONNECT"),
        (0x1A, "CONNACK"),
        (0x1C, "CONNACK DISCONNECT"),
        (0x1F, "CONNACK PUBACK PUBREC PUBREL PUBCOMP SUBACK UNSUBACK DISCONNECT AUTH"),
        (0x21, "CONNECT CONNACK"),
        (0x22, "CONNECT CONNACK"),
        (0x23, "PUBLISH"),
        (0x24, "CONNACK"),
        (0x25, "CONNACK"),
        (
            0x26,
            "CONNECT W CONNACK PUBLISH PUBACK PUBREC PUBREL PUBCOMP SUBSCRIBE SUBACK UNSUBSCRIBE UNSUBACK DISCONNECT AUTH",
        ),
        (0x27, "CONNECT CONNACK"),
        (0x28, "CONNACK"),
        (0x29, "CONNACK"),
        (0x2A, "CONNACK"),
    ];

    #[test]
    fn each_packet_allows_the_properties_of_the_standards_table() {
        for number in 0..=255 {
            let row = TABLE.iter().find(|(row, _)| *row == number);
            let identifier = PropertyIdentifier::from_u8(number);
            assert_eq!(identifier.is_some(), row.is_some(), "{number:#04x}");
            let (Some(identifier), Some((_, row))) = (identifier, row) else { continue };
            assert_eq!(identifier.as_u8(), number);
            for packet_type in PacketType::ALL {
                let expected = row.split(' ').any(|name| name == packet_type.name());
                assert_eq!(identifier.is_allowed_in(packet_type), expected, "{identifier} {packet_type}");
            }
            assert_eq!(identifier.is_allowed_in_will(), row.split(' ').any(|name| name == "W"));
            assert_eq!(identifier.name().to_lowercase().replace(' ', "_"), identifier.snake_case_name());
        }
    }
}
