//! How to build packets and encode them.
//!
//! # Construct values first
//!
//! Text, topics and properties are checked when they are constructed. A packet consists of such values, and most of its
//! fields are public. So an illegal packet cannot be constructed. Encoding can fail only for reasons that depend on the
//! version, the sender or the length.
//!
//! ```
//! use mqtt_codec::{BinaryData, Connect, ConnectProperties, KeepAlive, QoS, TopicName, Utf8String, Will};
//! use bytes::Bytes;
//!
//! let mut will: Will<Bytes> = Will::new("status/sensor-1".parse()?, BinaryData::new(Bytes::from_static(b"gone"))?);
//! will.qos = QoS::AtLeastOnce;
//! will.retain = true;
//!
//! let connect = Connect {
//!     keep_alive: KeepAlive::from_seconds(30),
//!     clean_start: false,
//!     properties: ConnectProperties::builder().session_expiry_interval(3600).receive_maximum(20).build()?,
//!     user_name: Some("sensor".parse()?),
//!     password: Some(BinaryData::new(Bytes::from_static(b"secret"))?),
//!     will: Some(will),
//!     ..Connect::new("sensor-1".parse()?)
//! };
//! assert_eq!(connect.to_string(), r#"CONNECT 5.0 client="sensor-1" keep_alive=30 s will="status/sensor-1" user="sensor""#);
//!
//! assert!(TopicName::new("a/#").is_err()); // a wildcard
//! assert!(Utf8String::new("a\0b").is_err());
//! assert!(ConnectProperties::builder().receive_maximum(0).build().is_err()); // [section 3.1.2.11.3]
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A builder of properties stores the first error, so only [`build`](crate::PublishPropertiesBuilder::build) returns a
//! `Result`.
//!
//! # Lists
//!
//! SUBSCRIBE, UNSUBSCRIBE, SUBACK and UNSUBACK contain lists, which are stored in encoded form.
//!
//! ```
//! use mqtt_codec::{
//!     Encode, PacketIdentifier, ProtocolVersion, QoS, SubAck, SubAckReasonCode, Subscribe, SubscriptionOptions, Subscriptions,
//!     TopicFilter,
//! };
//!
//! let identifier = PacketIdentifier::new(1).unwrap();
//! let subscriptions = Subscriptions::builder()
//!     .push(TopicFilter::new("home/+/temperature")?, QoS::AtLeastOnce)
//!     .push(TopicFilter::new("chat/#")?, SubscriptionOptions { no_local: true, ..QoS::AtMostOnce.into() })
//!     .build()?;
//! let subscribe = Subscribe::new(identifier, subscriptions);
//!
//! let codes = subscribe.subscriptions.iter().map(|it| SubAckReasonCode::granted(it.options.maximum_qos));
//! let suback = SubAck::new(identifier, codes.collect())?; // an error only if the list is empty
//! assert_eq!(suback.reason_codes().len(), 2);
//!
//! // No Local does not exist in 3.1.1. Encoding never drops it silently.
//! let error = subscribe.encoded_len(ProtocolVersion::V3_1_1).unwrap_err();
//! assert_eq!(error.version(), ProtocolVersion::V3_1_1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Acknowledgements
//!
//! Acknowledgements have a constructor for success. To send another code, set the field for the Reason Code. Its type
//! contains only the codes of this packet.
//!
//! ```
//! use mqtt_codec::{PacketIdentifier, PubAck, PubAckReasonCode, PubRec};
//!
//! let identifier = PacketIdentifier::new(7).unwrap();
//! let puback = PubAck::<&[u8]>::new(identifier);
//! let refusal = PubAck { reason_code: PubAckReasonCode::NOT_AUTHORIZED, ..puback };
//! assert_eq!(refusal.to_string(), "PUBACK id=7 Not authorized (0x87)");
//! let _received = PubRec::<&[u8]>::new(identifier);
//! ```
//!
//! # Encode
//!
//! | output | function |
//! | --- | --- |
//! | a slice | [`Encode::encode`](crate::Encode::encode) returns the number of bytes |
//! | any `BufMut` | [`Encode::encode_to`](crate::Encode::encode_to) appends |
//! | a connection | [`StreamEncoder`](crate::StreamEncoder) also obeys the Maximum Packet Size of the peer |
//! | a packet to keep | [`Frame::encode`](crate::Frame::encode) |
//! | a payload in pieces | [`encode_publish_head`](crate::encode_publish_head) writes everything in a PUBLISH before the payload |
//!
//! [`encoded_len`](crate::Encode::encoded_len) is exact. If encoding fails, the output is unchanged.
//!
//! ```
//! use bytes::BytesMut;
//! use mqtt_codec::{Encode, EncodeErrorKind, EncodeOptions, ProtocolVersion, Publish, StreamEncoder};
//!
//! let publish = Publish::new("home/door".parse()?, "open".to_owned());
//! let mut output = BytesMut::new();
//! for version in ProtocolVersion::ALL {
//!     publish.encode_to(version, &mut output)?;
//! }
//! assert_eq!(output.len(), 17 + 17 + 18); // 5.0 has a length of its properties
//!
//! let mut encoder = StreamEncoder::new(EncodeOptions::new(ProtocolVersion::V5));
//! encoder.set_peer_maximum_packet_size(core::num::NonZero::new(16));
//! let error = encoder.encode(&publish, &mut output).unwrap_err();
//! assert_eq!(error.kind(), EncodeErrorKind::ExceedsMaximumPacketSize { size: 18, limit: 16 });
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Packets without a Packet Identifier
//!
//! A client that queues requests chooses the identifier when it sends them. The items of its queue are
//! [`ApplicationMessage`](crate::ApplicationMessage) and [`Request`](crate::Request). See [the loop of a
//! client](crate::guide::client_loop).
