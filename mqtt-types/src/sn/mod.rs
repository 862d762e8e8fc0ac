//! MQTT-SN 1.2: the messages of MQTT for sensor networks as plain, checked data.
//!
//! MQTT-SN transports MQTT over datagrams: UDP, `ZigBee`, serial frames. A client talks to a gateway, and the gateway
//! to a server. A [`Datagram`] contains one message. A forwarder may add an [`Encapsulation`] with the address of the
//! client. Types of MQTT are used where both protocols mean the same: [`TopicName`](crate::TopicName),
//! [`TopicFilter`](crate::TopicFilter), [`QoS`](crate::QoS), [`KeepAlive`](crate::KeepAlive),
//! [`PacketIdentifier`](crate::PacketIdentifier) (here: `MsgId`), [`Buffer`](crate::Buffer). Section numbers in this
//! module are those of *MQTT-SN Protocol Specification, Version 1.2* (14 November 2013).
//!
//! | message | sent by | what |
//! | --- | --- | --- |
//! | [`Advertise`], [`SearchGw`], [`GwInfo`] | gateway, client, both | gateways announce themselves, and clients search for them |
//! | [`Connect`], [`ConnAck`] | client, gateway | begin a connection |
//! | [`WillTopicReq`], [`WillTopic`], [`WillMsgReq`], [`WillMsg`] | gateway, client, gateway, client | transfer the Will, between CONNECT and CONNACK |
//! | [`WillTopicUpd`], [`WillTopicResp`], [`WillMsgUpd`], [`WillMsgResp`] | client, gateway, client, gateway | change the Will |
//! | [`Register`], [`RegAck`] | both | assign a topic id to a topic name |
//! | [`Publish`], [`PubAck`], [`PubRec`], [`PubRel`], [`PubComp`] | both | messages |
//! | [`Subscribe`], [`SubAck`], [`Unsubscribe`], [`UnsubAck`] | client, gateway, client, gateway | subscriptions |
//! | [`PingReq`], [`PingResp`] | both | check whether the peer is alive; deliver the messages of a sleeping client |
//! | [`Disconnect`] | both | end a connection, or begin the sleep of a client |
//!
//! ```
//! use mqtt_types::sn::{Delivery, Message, Publish, Topic, TopicId};
//! use mqtt_types::PacketIdentifier;
//!
//! let topic = Topic::Normal(TopicId::new(7).unwrap());
//! let publish = Publish::new(Delivery::at_least_once(PacketIdentifier::MIN), topic, b"21.5")?;
//! let message = Message::from(publish);
//! assert_eq!(message.to_string(), "PUBLISH topic=7 qos=1 id=1 payload=4 bytes");
//! # Ok::<(), mqtt_types::sn::InvalidTopic>(())
//! ```

mod acknowledgement;
pub mod borrowed;
mod client_id;
mod connect;
mod datagram;
mod delivery;
mod disconnect;
mod discovery;
mod flags;
mod message;
mod message_type;
mod ping;
mod publish;
mod register;
mod return_code;
mod subscribe;
mod topic;
mod unsubscribe;
mod will;

pub use acknowledgement::{PubAck, PubComp, PubRec, PubRel};
pub use client_id::{ClientId, InvalidClientId};
pub use connect::{ConnAck, Connect};
pub use datagram::{BroadcastRadius, Datagram, Encapsulation, WirelessNodeId, WirelessNodeIdTooLong};
pub use delivery::Delivery;
pub use disconnect::Disconnect;
pub use discovery::{Advertise, GwInfo, SearchGw};
pub use flags::{Flags, TopicIdType};
pub use message::Message;
pub use message_type::{MessageType, Sender};
pub use ping::{PingReq, PingResp};
pub use publish::Publish;
pub use register::{RegAck, Register};
pub use return_code::ReturnCode;
pub use subscribe::{SubAck, Subscribe};
pub use topic::{InvalidTopic, ReservedTopicId, ShortTopicName, Topic, TopicId};
pub use unsubscribe::{UnsubAck, Unsubscribe};
pub use will::{
    WillMsg, WillMsgReq, WillMsgResp, WillMsgUpd, WillTarget, WillTopic, WillTopicReq, WillTopicResp, WillTopicUpd,
};
