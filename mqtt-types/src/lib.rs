#![doc = include_str!("../README.md")]
#![cfg_attr(not(test), no_std)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "bytes")]
extern crate alloc;

mod acknowledgement;
#[cfg(feature = "arbitrary")]
mod arbitrary;
mod auth;
mod binary_data;
pub mod borrowed;
mod buffer;
mod connack;
mod connect;
mod disconnect;
mod keep_alive;
mod list;
#[cfg(feature = "bytes")]
mod packed_publish;
mod packet;
mod packet_type;
mod pingreq;
mod pingresp;
mod properties;
mod property;
mod property_set;
mod protocol_version;
mod puback;
mod pubcomp;
mod publish;
mod pubrec;
mod pubrel;
mod qos;
mod reason_code;
mod reason_codes;
#[cfg(feature = "serde")]
mod serde;
#[cfg(feature = "sn")]
pub mod sn;
mod storage;
mod suback;
mod subscribe;
mod subscription;
mod subscriptions;
mod text;
mod topic_filter;
mod topic_filters;
mod topic_name;
mod unsuback;
mod unsubscribe;
mod utf8_string;
mod variable_byte_integer;
mod will;

pub use auth::Auth;
pub use binary_data::{BinaryData, BinaryDataTooLong};
pub use buffer::{Buffer, DefaultBuffer, IntoBuffer, Lend};
pub use connack::ConnAck;
pub use connect::Connect;
pub use disconnect::Disconnect;
pub use keep_alive::KeepAlive;
pub use list::{ListError, ListErrorKind};
#[cfg(feature = "bytes")]
pub use packed_publish::PackedPublish;
pub use packet::Packet;
pub use packet_type::{FixedHeader, Flags, PacketType, Sender};
pub use pingreq::PingReq;
pub use pingresp::PingResp;
pub use properties::{
    AuthProperties, AuthPropertiesBuilder, ConnAckProperties, ConnAckPropertiesBuilder, ConnectProperties,
    ConnectPropertiesBuilder, DisconnectProperties, DisconnectPropertiesBuilder, PubAckProperties,
    PubAckPropertiesBuilder, PubCompProperties, PubCompPropertiesBuilder, PubRecProperties, PubRecPropertiesBuilder,
    PubRelProperties, PubRelPropertiesBuilder, PublishProperties, PublishPropertiesBuilder, SubAckProperties,
    SubAckPropertiesBuilder, SubscribeProperties, SubscribePropertiesBuilder, UnsubAckProperties,
    UnsubAckPropertiesBuilder, UnsubscribeProperties, UnsubscribePropertiesBuilder, WillProperties,
    WillPropertiesBuilder,
};
pub use property::{
    InvalidSubscriptionIdentifier, PayloadFormat, Property, PropertyErrorKind, PropertyIdentifier, PropertyType,
    SubscriptionIdentifier, UserProperty,
};
pub use property_set::{PropertyError, PropertyIter, Repeated, SubscriptionIdentifiers, UserProperties};
pub use protocol_version::{ProtocolVersion, UnknownProtocolVersion};
pub use puback::PubAck;
pub use pubcomp::PubComp;
pub use publish::{Publish, TopicAliasMissing};
pub use pubrec::PubRec;
pub use pubrel::PubRel;
pub use qos::{Delivery, InvalidQoS, PacketIdentifier, PacketIdentifierZero, QoS};
pub use reason_code::{
    AuthReasonCode, ConnAckReasonCode, DisconnectReasonCode, PacketReasonCode, PubAckReasonCode, PubRelReasonCode,
    ReasonCode, SubAckReasonCode, UnknownReasonCode, UnsubAckReasonCode,
};
pub use reason_codes::{InvalidReasonCodes, ReasonCodeIter, ReasonCodes};
pub use storage::{BuildError, SliceStorage, Storage};
pub use suback::SubAck;
pub use subscribe::Subscribe;
pub use subscription::{RetainHandling, Subscription, SubscriptionOptions, SubscriptionOptionsError};
pub use subscriptions::{SubscriptionIter, Subscriptions, SubscriptionsBuilder};
pub use text::{TextError, TextErrorKind, discouraged_character};
pub use topic_filter::{SharedSubscription, TopicFilter};
pub use topic_filters::{TopicFilterIter, TopicFilters, TopicFiltersBuilder};
pub use topic_name::TopicName;
pub use unsuback::UnsubAck;
pub use unsubscribe::Unsubscribe;
pub use utf8_string::Utf8String;
pub use variable_byte_integer::{
    DecodedVariableByteInteger, EncodedVariableByteInteger, VariableByteInteger, VariableByteIntegerError,
};
pub use will::Will;
