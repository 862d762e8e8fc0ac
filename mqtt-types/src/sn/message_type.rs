//! `MsgType`, and the sender of each message: section 5.2.2.

use core::fmt;

/// The sender of a message.
///
/// Some messages may be sent by one side only. For instance, a client never sends CONNACK.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sender {
    /// Unknown, or both sides. Rules about the sender are not checked.
    #[default]
    Either,
    /// A client: for messages that a gateway receives.
    Client,
    /// A gateway: for messages that a client receives.
    Gateway,
}

impl Sender {
    /// Returns `true` if this sender may be `side`: `Either` may be both.
    #[inline]
    #[must_use]
    pub const fn may_be(self, side: Self) -> bool {
        matches!(
            (self, side),
            (Self::Either, _) | (_, Self::Either) | (Self::Client, Self::Client) | (Self::Gateway, Self::Gateway)
        )
    }
}

impl fmt::Display for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Either => "client or gateway",
            Self::Client => "client",
            Self::Gateway => "gateway",
        })
    }
}

macro_rules! message_types {
    ($($(#[$doc:meta])* $variant:ident = $value:literal, $name:literal, $snake:literal, $sender:ident;)*) => {
        /// The type of a message, `MsgType`: section 5.2.2. All other values are reserved.
        ///
        /// ```
        /// use mqtt_types::sn::{MessageType, Sender};
        ///
        /// assert_eq!(MessageType::from_u8(0x0C), Some(MessageType::Publish));
        /// assert_eq!(MessageType::from_u8(0x03), None);
        /// assert_eq!(MessageType::PubComp.as_u8(), 0x0E); // before PUBREC, 0x0F, and PUBREL, 0x10
        /// assert_eq!(MessageType::ConnAck.sender(), Sender::Gateway);
        /// ```
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum MessageType {
            $($(#[$doc])* $variant = $value,)*
        }

        impl MessageType {
            /// All types, in the order of their values.
            pub const ALL: [Self; 28] = [$(Self::$variant),*];

            /// Returns the type with this value, or `None` if the value is reserved.
            #[inline]
            #[must_use]
            pub const fn from_u8(value: u8) -> Option<Self> {
                match value {
                    $($value => Some(Self::$variant),)*
                    _ => None,
                }
            }

            /// Returns the value on the wire.
            #[inline]
            #[must_use]
            pub const fn as_u8(self) -> u8 {
                match self {
                    $(Self::$variant => $value,)*
                }
            }

            /// Returns the name that the specification uses.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// Returns the name in snake case, as serde writes it.
            #[cfg(feature = "serde")]
            pub(crate) const fn snake_case_name(self) -> &'static str {
                match self {
                    $(Self::$variant => $snake,)*
                }
            }

            /// Returns the side that may send messages of this type.
            #[inline]
            #[must_use]
            pub const fn sender(self) -> Sender {
                match self {
                    $(Self::$variant => Sender::$sender,)*
                }
            }
        }
    };
}

message_types! {
    /// A gateway announces itself, by broadcast.
    Advertise = 0x00, "ADVERTISE", "advertise", Gateway;
    /// A client searches for a gateway, by broadcast.
    SearchGw = 0x01, "SEARCHGW", "search_gw", Client;
    /// The answer to SEARCHGW, by a gateway or by a client that knows one.
    GwInfo = 0x02, "GWINFO", "gw_info", Either;
    /// Connection request.
    Connect = 0x04, "CONNECT", "connect", Client;
    /// Connection acknowledgment.
    ConnAck = 0x05, "CONNACK", "connack", Gateway;
    /// The gateway asks for the Will topic.
    WillTopicReq = 0x06, "WILLTOPICREQ", "will_topic_req", Gateway;
    /// The Will topic.
    WillTopic = 0x07, "WILLTOPIC", "will_topic", Client;
    /// The gateway asks for the Will message.
    WillMsgReq = 0x08, "WILLMSGREQ", "will_msg_req", Gateway;
    /// The Will message.
    WillMsg = 0x09, "WILLMSG", "will_msg", Client;
    /// Requests a topic id, or announces one.
    Register = 0x0A, "REGISTER", "register", Either;
    /// The answer to REGISTER.
    RegAck = 0x0B, "REGACK", "regack", Either;
    /// An application message.
    Publish = 0x0C, "PUBLISH", "publish", Either;
    /// The answer to PUBLISH of QoS 1, or a refusal of any PUBLISH.
    PubAck = 0x0D, "PUBACK", "puback", Either;
    /// QoS 2, third and last answer.
    PubComp = 0x0E, "PUBCOMP", "pubcomp", Either;
    /// QoS 2, first answer.
    PubRec = 0x0F, "PUBREC", "pubrec", Either;
    /// QoS 2, second request.
    PubRel = 0x10, "PUBREL", "pubrel", Either;
    /// Subscribe request.
    Subscribe = 0x12, "SUBSCRIBE", "subscribe", Client;
    /// The answer to SUBSCRIBE.
    SubAck = 0x13, "SUBACK", "suback", Gateway;
    /// Unsubscribe request.
    Unsubscribe = 0x14, "UNSUBSCRIBE", "unsubscribe", Client;
    /// The answer to UNSUBSCRIBE.
    UnsubAck = 0x15, "UNSUBACK", "unsuback", Gateway;
    /// Asks whether the peer is alive. A sleeping client asks for its messages.
    PingReq = 0x16, "PINGREQ", "pingreq", Either;
    /// The answer to PINGREQ.
    PingResp = 0x17, "PINGRESP", "pingresp", Either;
    /// Ends the connection, or begins the sleep of a client.
    Disconnect = 0x18, "DISCONNECT", "disconnect", Either;
    /// A new Will topic.
    WillTopicUpd = 0x1A, "WILLTOPICUPD", "will_topic_upd", Client;
    /// The answer to WILLTOPICUPD.
    WillTopicResp = 0x1B, "WILLTOPICRESP", "will_topic_resp", Gateway;
    /// A new Will message.
    WillMsgUpd = 0x1C, "WILLMSGUPD", "will_msg_upd", Client;
    /// The answer to WILLMSGUPD.
    WillMsgResp = 0x1D, "WILLMSGRESP", "will_msg_resp", Gateway;
    /// A message inside a forwarder's encapsulation.
    Encapsulated = 0xFE, "encapsulated", "encapsulated", Either;
}

impl fmt::Display for MessageType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::{MessageType, Sender};

    #[test]
    fn twenty_eight_values_are_not_reserved() {
        let known: Vec<_> = (0..=u8::MAX).filter_map(MessageType::from_u8).collect();
        assert_eq!(known, MessageType::ALL);
        for message_type in MessageType::ALL {
            assert_eq!(MessageType::from_u8(message_type.as_u8()), Some(message_type));
            assert_eq!(message_type.to_string(), message_type.name());
        }
        for reserved in [0x03, 0x11, 0x19, 0x1E, 0xFD, 0xFF] {
            assert_eq!(MessageType::from_u8(reserved), None);
        }
    }

    #[test]
    fn either_may_be_both_sides() {
        for side in [Sender::Either, Sender::Client, Sender::Gateway] {
            assert!(Sender::Either.may_be(side) && side.may_be(side) && side.may_be(Sender::Either));
        }
        assert!(!Sender::Client.may_be(Sender::Gateway) && !Sender::Gateway.may_be(Sender::Client));
        let shown = [Sender::Either, Sender::Client, Sender::Gateway].map(|sender| sender.to_string());
        assert_eq!(shown, ["client or gateway", "client", "gateway"]);
    }
}
