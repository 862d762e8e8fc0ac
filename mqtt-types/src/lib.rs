#![doc = include_str!("../README.md")]
#![cfg_attr(not(test), no_std)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "bytes")]
extern crate alloc;

#[cfg(feature = "arbitrary")]
mod arbitrary;
pub mod borrowed;
mod buffer;
#[cfg(feature = "defmt")]
mod defmt;
mod packet;
mod property;
mod reason_code;
#[cfg(feature = "serde")]
mod serde;
#[cfg(feature = "sn")]
pub mod sn;
mod subscription;
mod text;
mod topic;
mod value;
mod value_error;

#[cfg(feature = "bytes")]
pub use buffer::SharedStorage;
pub use buffer::{Buffer, DefaultBuffer, IntoBuffer, Lend, SliceStorage, Storage};
#[cfg(feature = "bytes")]
pub use packet::PackedPublish;
pub use packet::{
    ApplicationMessage, Auth, ConnAck, Connect, Disconnect, Packet, PingReq, PingResp, PubAck, PubComp, PubRec, PubRel,
    Publish, ReasonCodesMissing, Request, SubAck, Subscribe, TopicAliasMissing, UnsubAck, Unsubscribe, Will,
};
pub use property::{
    AuthProperties, AuthPropertiesBuilder, BuildError, ConnAckProperties, ConnAckPropertiesBuilder, ConnectProperties,
    ConnectPropertiesBuilder, DisconnectProperties, DisconnectPropertiesBuilder, InvalidPayloadFormat,
    InvalidSubscriptionIdentifier, Optional, PayloadFormat, Property, PropertyError, PropertyErrorKind,
    PropertyIdentifier, PropertyIter, PropertyType, PubAckProperties, PubAckPropertiesBuilder, PubCompProperties,
    PubCompPropertiesBuilder, PubRecProperties, PubRecPropertiesBuilder, PubRelProperties, PubRelPropertiesBuilder,
    PublishProperties, PublishPropertiesBuilder, Repeated, SubAckProperties, SubAckPropertiesBuilder,
    SubscribeProperties, SubscribePropertiesBuilder, SubscriptionIdentifier, SubscriptionIdentifiers,
    UnsubAckProperties, UnsubAckPropertiesBuilder, UnsubscribeProperties, UnsubscribePropertiesBuilder, UserProperties,
    UserProperty, WillProperties, WillPropertiesBuilder,
};
pub use reason_code::{
    AuthReasonCode, ConnAckReasonCode, DisconnectReasonCode, InvalidReasonCodes, PacketReasonCode, PubAckReasonCode,
    PubCompReasonCode, PubRecReasonCode, PubRelReasonCode, ReasonCode, ReasonCodeIter, ReasonCodes, SubAckReasonCode,
    UnknownReasonCode, UnsubAckReasonCode,
};
pub use subscription::{
    ListError, ListErrorKind, RetainHandling, Subscription, SubscriptionIter, SubscriptionOptions,
    SubscriptionOptionsError, Subscriptions, SubscriptionsBuilder, TopicFilterIter, TopicFilters, TopicFiltersBuilder,
};
pub use text::{BinaryData, BinaryDataTooLong, TextError, TextErrorKind, Utf8String, discouraged_character};
pub use topic::{SharedSubscription, TopicFilter, TopicName, WildcardValues};
pub use value::{
    DecodedVariableByteInteger, Delivery, DeliveryError, EncodedVariableByteInteger, FixedHeader, Flags, InvalidQoS,
    KeepAlive, KeepAliveTooLong, PacketIdentifier, PacketIdentifierZero, PacketType, ProtocolVersion, QoS, Sender,
    UnknownProtocolVersion, VariableByteInteger, VariableByteIntegerError,
};
pub use value_error::ValueError;
