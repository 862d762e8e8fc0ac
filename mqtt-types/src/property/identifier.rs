//! Property identifiers and the types of their values: section 2.2.2.2.

use core::fmt;

/// Defines [`PropertyIdentifier`] by the table of section 2.2.2.2.
macro_rules! identifiers {
    ($($value:literal $variant:ident $snake_case:literal $name:literal $kind:ident: $meaning:literal,)*) => {
        /// A property identifier: one of the 27 of 5.0.
        ///
        /// ```
        /// use mqtt_types::{PropertyIdentifier, PropertyType};
        ///
        /// let identifier = PropertyIdentifier::from_u8(0x11).unwrap();
        /// assert_eq!(identifier, PropertyIdentifier::SessionExpiryInterval);
        /// assert_eq!(identifier.to_string(), "Session Expiry Interval");
        /// assert_eq!(identifier.property_type(), PropertyType::FourByteInteger);
        /// ```
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum PropertyIdentifier {
            $(#[doc = concat!("`", stringify!($value), "` ", $name, ": ", $meaning)]
            $variant = $value,)*
        }

        impl PropertyIdentifier {
            /// All 27 identifiers, lowest first.
            pub const ALL: [Self; 27] = [$(Self::$variant,)*];

            /// Returns the identifier with this number, or `None` if there is none.
            ///
            /// On the wire it is a Variable Byte Integer, but all of them take one byte.
            #[inline]
            #[must_use]
            pub const fn from_u8(value: u8) -> Option<Self> {
                match value {
                    $($value => Some(Self::$variant),)*
                    _ => None,
                }
            }

            /// Returns the name in the standard.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// Returns the name in snake case, which is the name of the methods of the property sets.
            #[must_use]
            pub const fn snake_case_name(self) -> &'static str {
                match self {
                    $(Self::$variant => $snake_case,)*
                }
            }

            /// Returns `true` if the value is an integer of two or four bytes that is never 0.
            #[inline]
            pub(crate) const fn is_never_0(self) -> bool {
                matches!(self, Self::ReceiveMaximum | Self::TopicAlias | Self::MaximumPacketSize)
            }

            /// Returns the type of the value.
            #[inline]
            #[must_use]
            pub const fn property_type(self) -> PropertyType {
                match self {
                    $(Self::$variant => PropertyType::$kind,)*
                }
            }
        }
    };
}

identifiers! {
    0x01 PayloadFormatIndicator "payload_format_indicator" "Payload Format Indicator" Byte: "whether the payload is UTF-8.",
    0x02 MessageExpiryInterval "message_expiry_interval" "Message Expiry Interval" FourByteInteger: "lifetime of the message in seconds.",
    0x03 ContentType "content_type" "Content Type" Utf8String: "what the payload contains; the application defines the meaning.",
    0x08 ResponseTopic "response_topic" "Response Topic" Utf8String: "the Topic Name for a response.",
    0x09 CorrelationData "correlation_data" "Correlation Data" BinaryData: "tells which request a response belongs to.",
    0x0B SubscriptionIdentifier "subscription_identifier" "Subscription Identifier" VariableByteInteger: "identifies a subscription.",
    0x11 SessionExpiryInterval "session_expiry_interval" "Session Expiry Interval" FourByteInteger: "how many seconds the session outlives the connection.",
    0x12 AssignedClientIdentifier "assigned_client_identifier" "Assigned Client Identifier" Utf8String: "the Client Identifier that the server assigned.",
    0x13 ServerKeepAlive "server_keep_alive" "Server Keep Alive" TwoByteInteger: "seconds; replaces the Keep Alive of the client.",
    0x15 AuthenticationMethod "authentication_method" "Authentication Method" Utf8String: "the name of the method of extended authentication.",
    0x16 AuthenticationData "authentication_data" "Authentication Data" BinaryData: "data that the method defines.",
    0x17 RequestProblemInformation "request_problem_information" "Request Problem Information" Byte: "whether the server may explain failures.",
    0x18 WillDelayInterval "will_delay_interval" "Will Delay Interval" FourByteInteger: "how many seconds the server waits before it publishes the Will.",
    0x19 RequestResponseInformation "request_response_information" "Request Response Information" Byte: "whether the client asks for Response Information.",
    0x1A ResponseInformation "response_information" "Response Information" Utf8String: "the text from which Response Topics are made.",
    0x1C ServerReference "server_reference" "Server Reference" Utf8String: "other servers that the client can use.",
    0x1F ReasonString "reason_string" "Reason String" Utf8String: "a text for people that explains the Reason Code.",
    0x21 ReceiveMaximum "receive_maximum" "Receive Maximum" TwoByteInteger: "how many unacknowledged messages of QoS 1 and 2 are accepted.",
    0x22 TopicAliasMaximum "topic_alias_maximum" "Topic Alias Maximum" TwoByteInteger: "the highest Topic Alias that is accepted.",
    0x23 TopicAlias "topic_alias" "Topic Alias" TwoByteInteger: "a number that stands for the Topic Name.",
    0x24 MaximumQoS "maximum_qos" "Maximum QoS" Byte: "the highest QoS that the server supports.",
    0x25 RetainAvailable "retain_available" "Retain Available" Byte: "whether the server supports retained messages.",
    0x26 UserProperty "user_property" "User Property" Utf8StringPair: "a name and a value; the application defines their meaning.",
    0x27 MaximumPacketSize "maximum_packet_size" "Maximum Packet Size" FourByteInteger: "size in bytes of the largest packet that is accepted.",
    0x28 WildcardSubscriptionAvailable "wildcard_subscription_available" "Wildcard Subscription Available" Byte: "whether the server supports wildcards.",
    0x29 SubscriptionIdentifierAvailable "subscription_identifier_available" "Subscription Identifier Available" Byte: "whether the server supports Subscription Identifiers.",
    0x2A SharedSubscriptionAvailable "shared_subscription_available" "Shared Subscription Available" Byte: "whether the server supports shared subscriptions.",
}

impl PropertyIdentifier {
    /// Returns the number on the wire.
    #[inline]
    #[must_use]
    #[expect(clippy::as_conversions, reason = "the discriminants are the numbers")]
    pub const fn as_u8(self) -> u8 {
        self as u8
    }

    /// Returns the bit that stands for the identifier in a set of identifiers. The highest is 0x2A.
    #[inline]
    pub(crate) const fn bit(self) -> u64 {
        1 << self.as_u8()
    }
}

impl fmt::Display for PropertyIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The type of a property's value: section 1.5.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PropertyType {
    /// One byte.
    Byte,
    /// Two bytes, the high one first.
    TwoByteInteger,
    /// Four bytes, the high one first.
    FourByteInteger,
    /// One to four bytes, see [`VariableByteInteger`](crate::VariableByteInteger).
    VariableByteInteger,
    /// A two-byte length and text.
    Utf8String,
    /// A two-byte length and bytes.
    BinaryData,
    /// Two UTF-8 Encoded Strings: name and value.
    Utf8StringPair,
}
