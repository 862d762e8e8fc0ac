//! The getter and the setter of each property, from a table with one row for each property.

/// Calls a macro with the row of a property: its name, its identifier, the type that the getter returns, the type that
/// the setter takes, the name in the standard, and the meaning.
///
/// Every set has User Properties, so they have no row.
macro_rules! row {
    ($macro:ident payload_format_indicator) => {
        $macro! { payload_format_indicator PayloadFormatIndicator [PayloadFormat] [PayloadFormat] "Payload Format Indicator" "whether the payload is UTF-8. Without it nothing is said about the payload, as with 0; the two are kept apart." }
    };
    ($macro:ident message_expiry_interval) => {
        $macro! { message_expiry_interval MessageExpiryInterval [u32] [u32] "Message Expiry Interval" "how many seconds the message lives. Without it the message does not expire." }
    };
    ($macro:ident content_type) => {
        $macro! { content_type ContentType [Utf8String<&'o [u8]>] [&'v str; 'v] "Content Type" "what the payload contains. The application defines the meaning." }
    };
    ($macro:ident response_topic) => {
        $macro! { response_topic ResponseTopic [TopicName<&'o [u8]>] [&'v str; 'v] "Response Topic" "the Topic Name for a response. A message that has it is a request." }
    };
    ($macro:ident correlation_data) => {
        $macro! { correlation_data CorrelationData [BinaryData<&'o [u8]>] [&'v [u8]; 'v] "Correlation Data" "data that tells the requester which request a response belongs to." }
    };
    ($macro:ident subscription_identifier) => {
        $macro! { subscription_identifier SubscriptionIdentifier [SubscriptionIdentifier] [SubscriptionIdentifier] "Subscription Identifier" "the number that the server adds to every message of these subscriptions." }
    };
    ($macro:ident session_expiry_interval) => {
        $macro! { session_expiry_interval SessionExpiryInterval [u32] [u32] "Session Expiry Interval" "how many seconds the session outlives the connection; 0xFFFFFFFF means that it does not expire. Without it the value is 0 in CONNECT, and that of CONNECT in CONNACK and DISCONNECT." }
    };
    ($macro:ident assigned_client_identifier) => {
        $macro! { assigned_client_identifier AssignedClientIdentifier [Utf8String<&'o [u8]>] [&'v str; 'v] "Assigned Client Identifier" "the Client Identifier that the server assigned to a client that sent an empty one." }
    };
    ($macro:ident server_keep_alive) => {
        $macro! { server_keep_alive ServerKeepAlive [KeepAlive] [KeepAlive] "Server Keep Alive" "the Keep Alive that the client has to use instead of its own." }
    };
    ($macro:ident authentication_method) => {
        $macro! { authentication_method AuthenticationMethod [Utf8String<&'o [u8]>] [&'v str; 'v] "Authentication Method" "the name of the method of extended authentication." }
    };
    ($macro:ident authentication_data) => {
        $macro! { authentication_data AuthenticationData [BinaryData<&'o [u8]>] [&'v [u8]; 'v] "Authentication Data" "data that the Authentication Method defines." }
    };
    ($macro:ident request_problem_information) => {
        $macro! { request_problem_information RequestProblemInformation [bool] [bool] "Request Problem Information" "whether the server may send Reason Strings and User Properties with failures. Without it the server may." }
    };
    ($macro:ident will_delay_interval) => {
        $macro! { will_delay_interval WillDelayInterval [u32] [u32] "Will Delay Interval" "how many seconds the server waits before it publishes the Will. Without it the value is 0." }
    };
    ($macro:ident request_response_information) => {
        $macro! { request_response_information RequestResponseInformation [bool] [bool] "Request Response Information" "whether the client asks for Response Information in CONNACK. Without it the client does not." }
    };
    ($macro:ident response_information) => {
        $macro! { response_information ResponseInformation [Utf8String<&'o [u8]>] [&'v str; 'v] "Response Information" "the text from which the client may make its Response Topics." }
    };
    ($macro:ident server_reference) => {
        $macro! { server_reference ServerReference [Utf8String<&'o [u8]>] [&'v str; 'v] "Server Reference" "other servers that the client can use, separated by spaces." }
    };
    ($macro:ident reason_string) => {
        $macro! { reason_string ReasonString [Utf8String<&'o [u8]>] [&'v str; 'v] "Reason String" "a text for people that explains the Reason Code." }
    };
    ($macro:ident receive_maximum) => {
        $macro! { receive_maximum ReceiveMaximum [NonZeroU16] [u16] "Receive Maximum" "how many unacknowledged messages of QoS 1 and 2 the sender of this packet accepts. Without it the value is 65,535." }
    };
    ($macro:ident topic_alias_maximum) => {
        $macro! { topic_alias_maximum TopicAliasMaximum [u16] [u16] "Topic Alias Maximum" "the highest Topic Alias that the sender of this packet accepts. Without it the value is 0, and it accepts none." }
    };
    ($macro:ident topic_alias) => {
        $macro! { topic_alias TopicAlias [NonZeroU16] [u16] "Topic Alias" "a number that stands for the Topic Name. A packet with a Topic Name sets the alias; one without uses it." }
    };
    ($macro:ident maximum_qos) => {
        $macro! { maximum_qos MaximumQoS [QoS] [QoS] "Maximum QoS" "the highest QoS that the server supports, 0 or 1. Without it the value is 2." }
    };
    ($macro:ident retain_available) => {
        $macro! { retain_available RetainAvailable [bool] [bool] "Retain Available" "whether the server supports retained messages. Without it the server does." }
    };
    ($macro:ident maximum_packet_size) => {
        $macro! { maximum_packet_size MaximumPacketSize [NonZeroU32] [u32] "Maximum Packet Size" "the size in bytes, fixed header included, of the largest packet that the sender of this packet accepts. Without it there is no limit." }
    };
    ($macro:ident wildcard_subscription_available) => {
        $macro! { wildcard_subscription_available WildcardSubscriptionAvailable [bool] [bool] "Wildcard Subscription Available" "whether the server supports wildcards in Topic Filters. Without it the server does." }
    };
    ($macro:ident subscription_identifier_available) => {
        $macro! { subscription_identifier_available SubscriptionIdentifierAvailable [bool] [bool] "Subscription Identifier Available" "whether the server supports Subscription Identifiers. Without it the server does." }
    };
    ($macro:ident shared_subscription_available) => {
        $macro! { shared_subscription_available SharedSubscriptionAvailable [bool] [bool] "Shared Subscription Available" "whether the server supports shared subscriptions. Without it the server does." }
    };
}
pub(crate) use row;

/// The identifier of a row.
macro_rules! identifier {
    ($name:ident $identifier:ident [$out:ty] [$in:ty $(; $lifetime:lifetime)?] $standard_name:literal $meaning:literal) => {
        PropertyIdentifier::$identifier
    };
}
pub(crate) use identifier;

/// The getter of a row, in an `impl` of a set.
macro_rules! getter {
    ($name:ident $identifier:ident [$out:ty] [$in:ty $(; $lifetime:lifetime)?] $standard_name:literal $meaning:literal) => {
        #[doc = concat!("Returns the ", $standard_name, ": ", $meaning)]
        #[must_use]
        pub fn $name(&'i self) -> Option<$out> {
            match self.set.find(PropertyIdentifier::$identifier) {
                Some(Property::$identifier(value)) => Some(value),
                _ => None,
            }
        }
    };
}
pub(crate) use getter;

/// The setter of a row, in an `impl` of a builder.
macro_rules! setter {
    ($name:ident $identifier:ident [$out:ty] [$in:ty $(; $lifetime:lifetime)?] $standard_name:literal $meaning:literal) => {
        #[doc = concat!("Sets the ", $standard_name, ": ", $meaning)]
        #[inline]
        pub fn $name<$($lifetime)?>(mut self, value: impl Optional<$in>) -> Self {
            if let Some(value) = value.into_option() {
                const IDENTIFIER: PropertyIdentifier = PropertyIdentifier::$identifier;
                value.put(&mut self.builder, IDENTIFIER, Self::RULES.may_repeat(IDENTIFIER));
            }
            self
        }
    };
}
pub(crate) use setter;
