//! Property identifiers and the types of their values: section 2.2.2.2.

use core::fmt;

/// Makes [`PropertyIdentifier`] from the table of section 2.2.2.2.
macro_rules! identifiers {
    ($($value:literal $variant:ident $snake_case:literal $name:literal $kind:ident: $meaning:literal,)*) => {
        /// What a property is about: one of the 27 identifiers of 5.0.
        ///
        /// ```
        /// use mqtt_types::{PropertyIdentifier, PropertyType};
        ///
        /// let identifier = PropertyIdentifier::from_u8(0x11).unwrap();
        /// assert_eq!(identifier, PropertyIdentifier::SessionExpiryInterval);
        /// assert_eq!(identifier.to_string(), "Session Expiry Interval");
        /// assert_eq!(identifier.property_type(), PropertyType::FourByteInteger);
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum PropertyIdentifier {
            $(#[doc = concat!("`", stringify!($value), "` ", $name, ": ", $meaning)]
            $variant = $value,)*
        }

        impl PropertyIdentifier {
            /// All 27, lowest first.
            pub const ALL: [Self; 27] = [$(Self::$variant,)*];

            /// The identifier of a number; all of them take one byte on the wire.
            #[inline]
            #[must_use]
            pub const fn from_u8(value: u8) -> Option<Self> {
                match value {
                    $($value => Some(Self::$variant),)*
                    _ => None,
                }
            }

            /// The standard's name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// The standard's name in snake case, as the methods of the property sets are called.
            #[must_use]
            pub const fn snake_case_name(self) -> &'static str {
                match self {
                    $(Self::$variant => $snake_case,)*
                }
            }

            /// The type of its value.
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
    0x01 PayloadFormatIndicator "payload_format_indicator" "Payload Format Indicator" Byte: "is the payload UTF-8?",
    0x02 MessageExpiryInterval "message_expiry_interval" "Message Expiry Interval" FourByteInteger: "seconds that the message lives.",
    0x03 ContentType "content_type" "Content Type" Utf8String: "what the payload is, as the application sees it.",
    0x08 ResponseTopic "response_topic" "Response Topic" Utf8String: "the Topic Name for an answer.",
    0x09 CorrelationData "correlation_data" "Correlation Data" BinaryData: "tells to which request an answer belongs.",
    0x0B SubscriptionIdentifier "subscription_identifier" "Subscription Identifier" VariableByteInteger: "names a subscription.",
    0x11 SessionExpiryInterval "session_expiry_interval" "Session Expiry Interval" FourByteInteger: "seconds that the session outlives the connection.",
    0x12 AssignedClientIdentifier "assigned_client_identifier" "Assigned Client Identifier" Utf8String: "the name that the server gave the client.",
    0x13 ServerKeepAlive "server_keep_alive" "Server Keep Alive" TwoByteInteger: "seconds; takes the place of the client's Keep Alive.",
    0x15 AuthenticationMethod "authentication_method" "Authentication Method" Utf8String: "the name of the extended authentication.",
    0x16 AuthenticationData "authentication_data" "Authentication Data" BinaryData: "what the method wants to be told.",
    0x17 RequestProblemInformation "request_problem_information" "Request Problem Information" Byte: "may failures be explained?",
    0x18 WillDelayInterval "will_delay_interval" "Will Delay Interval" FourByteInteger: "seconds before the Will is published.",
    0x19 RequestResponseInformation "request_response_information" "Request Response Information" Byte: "is Response Information wanted?",
    0x1A ResponseInformation "response_information" "Response Information" Utf8String: "what Response Topics are made from.",
    0x1C ServerReference "server_reference" "Server Reference" Utf8String: "other servers to use.",
    0x1F ReasonString "reason_string" "Reason String" Utf8String: "a sentence for people.",
    0x21 ReceiveMaximum "receive_maximum" "Receive Maximum" TwoByteInteger: "how many QoS 1 and 2 messages may be under way.",
    0x22 TopicAliasMaximum "topic_alias_maximum" "Topic Alias Maximum" TwoByteInteger: "the highest alias that is accepted.",
    0x23 TopicAlias "topic_alias" "Topic Alias" TwoByteInteger: "a number in place of the Topic Name.",
    0x24 MaximumQoS "maximum_qos" "Maximum QoS" Byte: "the highest QoS that the server supports.",
    0x25 RetainAvailable "retain_available" "Retain Available" Byte: "does the server keep retained messages?",
    0x26 UserProperty "user_property" "User Property" Utf8StringPair: "name and value, as the application sees them.",
    0x27 MaximumPacketSize "maximum_packet_size" "Maximum Packet Size" FourByteInteger: "bytes of the largest packet that is accepted.",
    0x28 WildcardSubscriptionAvailable "wildcard_subscription_available" "Wildcard Subscription Available" Byte: "does the server support wildcards?",
    0x29 SubscriptionIdentifierAvailable "subscription_identifier_available" "Subscription Identifier Available" Byte: "does the server support them?",
    0x2A SharedSubscriptionAvailable "shared_subscription_available" "Shared Subscription Available" Byte: "does the server support them?",
}

impl PropertyIdentifier {
    /// The number on the wire.
    #[inline]
    #[must_use]
    #[expect(clippy::as_conversions, reason = "the discriminants are the numbers")]
    pub const fn as_u8(self) -> u8 {
        self as u8
    }

    /// The bit that stands for it in a set: the identifiers end at 0x2A.
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PropertyType {
    /// One byte.
    Byte,
    /// Two bytes, high one first.
    TwoByteInteger,
    /// Four bytes, high one first.
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
