//! Aliases of the packets and their parts over `&[u8]`, for programs without an allocator.
//!
//! ```
//! use mqtt_types::{PacketIdentifier, borrowed::PubAck};
//!
//! let acknowledgement = PubAck::new(PacketIdentifier::MIN); // PubAck<'_>, which is mqtt_types::PubAck<&[u8]>
//! assert_eq!(acknowledgement.packet_identifier, PacketIdentifier::MIN);
//! ```

macro_rules! aliases {
    ($($module:ident: $($name:ident)*;)*) => {$($(
        #[doc = concat!("[`", stringify!($name), "`](crate::", stringify!($name), ") over `&[u8]`.")]
        pub type $name<'a> = crate::$module::$name<&'a [u8]>;
    )*)*};
}

aliases! {
    packet: Packet ApplicationMessage Request Connect Will ConnAck Publish PubAck PubRec PubRel PubComp Subscribe SubAck Unsubscribe UnsubAck
        Disconnect Auth;
    text: Utf8String BinaryData;
    topic: TopicName TopicFilter;
    property: UserProperty;
    subscription: Subscription Subscriptions TopicFilters;
}
