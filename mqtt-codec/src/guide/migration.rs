//! How to move from another codec: the names in other crates, and the corresponding names in this crate.
//!
//! The tables list corresponding items. These are the main differences:
//!
//! - **Values are checked.** A topic, a string or a set of properties is checked when it is constructed. So
//!   constructors return a `Result`, and encoding rarely fails. Other codecs have `String` fields, and check them
//!   during encoding or not at all.
//! - **One model for three versions.** The version is an argument. Other codecs have a module for each version. To
//!   encode a field that the version lacks is an error. [`convert`](crate::convert) converts a packet to another
//!   version.
//! - **Strict by default.** This crate refuses illegal packets that other codecs accept, and its error contains the
//!   rule and the byte. [`DecodeOptions`](crate::DecodeOptions) can accept the known deviations of real peers.
//! - **Incomplete input is not an error.** It is a variant of the result.
//! - **Packet Identifiers belong to QoS 1 and 2.** [`Delivery`](crate::Delivery) has QoS, identifier and DUP in one value, so that a PUBLISH of
//!   QoS 1 without an identifier, or with 0, cannot be built.
//!
//! # From `mqttbytes` of rumqttc 0.25
//!
//! | rumqttc | here |
//! | --- | --- |
//! | `v4::Packet`, `v5::Packet` | [`Packet`](crate::Packet), with a [`ProtocolVersion`](crate::ProtocolVersion) |
//! | `Packet::read(&mut stream, max_size)` | [`StreamDecoder::next_item`](crate::StreamDecoder::next_item), limit in [`StreamOptions`](crate::StreamOptions) |
//! | `Error::InsufficientBytes(n)` | `Ok(None)`, and [`needed`](crate::StreamDecoder::needed) |
//! | `packet.write(&mut stream, max_size)` | [`StreamEncoder::encode`](crate::StreamEncoder::encode) |
//! | `packet.size()` | [`encoded_len`](crate::Encode::encoded_len) |
//! | `check`, `FixedHeader` | [`decode_fixed_header`](crate::decode_fixed_header) |
//! | `Codec` for tokio-util | `Codec`, feature `tokio-util` |
//! | `publish.pkid: u16`, 0 for none | [`packet_identifier()`](crate::Publish::packet_identifier): `Option<PacketIdentifier>` |
//! | `publish.properties: Option<PublishProperties>`, fields are `Option` | [`properties()`](crate::Publish::properties), with a getter for each; a [builder](crate::PublishProperties::builder) makes them |
//! | `ConnectReturnCode`, `PubAckReason` | [`ConnAckReasonCode`](crate::ConnAckReasonCode), [`PubAckReasonCode`](crate::PubAckReasonCode); `to_return_code` for 3.x |
//! | `Connect` and `LastWill`, `Login` in v5: parts of the variant | fields of [`Connect`](crate::Connect): `will`, `user_name`, `password` |
//! | `matches(topic, filter)`, `valid_filter`, `valid_topic` | [`TopicFilter::matches`](crate::TopicFilter::matches); a [`TopicFilter`](crate::TopicFilter) or [`TopicName`](crate::TopicName) is valid |
//!
//! ```
//! use bytes::BytesMut;
//! use mqtt_codec::{EncodeOptions, Packet, ProtocolVersion, Publish, StreamDecoder, StreamEncoder, StreamOptions};
//!
//! let encoder = StreamEncoder::new(EncodeOptions::new(ProtocolVersion::V3_1_1));
//! let mut stream = BytesMut::new();
//! encoder.encode(&Publish::new("a/b".parse()?, "hi".to_owned()), &mut stream)?;
//!
//! let mut decoder = StreamDecoder::new(StreamOptions::either(Some(ProtocolVersion::V3_1_1)).with_maximum_packet_size(10 << 10));
//! let packet = decoder.next_item(&mut stream)?.and_then(|item| item.into_packet());
//! assert!(matches!(packet, Some(Packet::Publish(publish)) if publish.payload == "hi"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # From `mqttrs` 0.4
//!
//! `mqttrs` has 3.1 and 3.1.1 only. Its packets borrow too, but its lists are `Vec` with `std`, and `heapless::Vec` of 5 items without.
//!
//! | mqttrs | here |
//! | --- | --- |
//! | `decode_slice(buf)`: `Ok(None)` if incomplete | [`decode`](crate::decode): [`Decoded::Incomplete`](crate::Decoded::Incomplete) |
//! | `clone_packet(input, output)` | [`SliceDecoder`](crate::SliceDecoder) keeps the bytes; [`decode_fixed_header`](crate::decode_fixed_header) finds the end |
//! | `encode_slice(&packet, &mut buf)` | [`Encode::encode`](crate::Encode::encode) |
//! | `Pid` | [`PacketIdentifier`](crate::PacketIdentifier); `pid + 1` is [`next`](crate::PacketIdentifier::next) |
//! | `QosPid` | [`Delivery`](crate::Delivery), which has DUP too |
//! | `Subscribe { pid, topics }` | [`Subscribe::new`](crate::Subscribe::new) with [`Subscriptions`](crate::Subscriptions), of any number |
//! | `Protocol::MQTT311`, `MQIsdp` | [`ProtocolVersion::V3_1_1`](crate::ProtocolVersion::V3_1_1), `V3_1` |
//! | `Packet::Puback(pid)` | [`Packet::PubAck`](crate::Packet::PubAck) of a [`PubAck`](crate::PubAck), which has a Reason Code in 5.0 |
//!
//! # From `mqtt-proto` 0.4
//!
//! | mqtt-proto | here |
//! | --- | --- |
//! | `v3::Packet`, `v5::Packet` | [`Packet`](crate::Packet), with a [`ProtocolVersion`](crate::ProtocolVersion) |
//! | `Packet::decode(bytes)`: `Ok(None)` if incomplete | [`decode_shared`](crate::decode_shared), or [`decode`](crate::decode), which does not allocate |
//! | `Packet::decode_async(reader)`, `GenericPollPacket` | read into a buffer, then [`StreamDecoder`](crate::StreamDecoder): the codec does no I/O |
//! | `packet.encode()`: `VarBytes` | [`encode_to`](crate::Encode::encode_to), [`encode`](crate::Encode::encode), or [`Frame::encode`](crate::Frame::encode) |
//! | `packet.encode_len()` | [`encoded_len`](crate::Encode::encoded_len) |
//! | `Pid`, `QosPid` | [`PacketIdentifier`](crate::PacketIdentifier), [`Delivery`](crate::Delivery) |
//! | `TopicName`, `TopicFilter` (over `Arc<str>`) | [`TopicName`](crate::TopicName), [`TopicFilter`](crate::TopicFilter) (over the received buffer); matching is here too |
//! | `shared_info()` | [`shared_subscription()`](crate::TopicFilter::shared_subscription) |
//! | `Error::is_eof` | incomplete input is no error |
//!
//! # From `ntex-mqtt` 8
//!
//! `ntex-mqtt` is a framework: its codecs are the modules `v3::codec` (3.1.1) and `v5::codec`. Sessions, flow control and the dispatch of
//! packets have no counterpart here.
//!
//! | ntex-mqtt | here |
//! | --- | --- |
//! | `Codec` of `ntex-codec`, one for each version | [`StreamDecoder`](crate::StreamDecoder) and [`StreamEncoder`](crate::StreamEncoder), or `Codec` of the feature `tokio-util` |
//! | `Decoded::Packet`, `Publish`, `PayloadChunk` | [`StreamItem`](crate::StreamItem) |
//! | `set_min_chunk_size` | [`StreamOptions::with_payload_pieces_above`](crate::StreamOptions::with_payload_pieces_above) |
//! | `set_max_inbound_size` | [`StreamOptions::with_maximum_packet_size`](crate::StreamOptions::with_maximum_packet_size) |
//! | `set_max_outbound_size` | [`StreamEncoder::set_peer_maximum_packet_size`](crate::StreamEncoder::set_peer_maximum_packet_size) |
//! | `Publish` without payload, and the payload apart | [`Publish`](crate::Publish) with payload; in pieces: `PublishHead` and [`encode_publish_head`](crate::encode_publish_head) |
//! | `packet_id: Option<NonZeroU16>` and `qos` | [`Delivery`](crate::Delivery) |
//! | `ByteString` | [`Utf8String`](crate::Utf8String), [`TopicName`](crate::TopicName): text that obeys the rules of MQTT |
//! | `user_properties: Vec<(ByteString, ByteString)>` | [`user_properties()`](crate::PublishProperties::user_properties), an iterator; nothing is collected |
//! | `TopicFilter::matches_topic` | [`TopicFilter::matches`](crate::TopicFilter::matches) |
