//! The connection loop of a client.
//!
//! A client queues requests, sends them when it is connected, and stores them until they are acknowledged. This page
//! shows how to handle the packets for QoS 1. The example `client` in the repository is a complete client over
//! `Framed`.
//!
//! ```
//! use bytes::{Bytes, BytesMut};
//! use mqtt_codec::{
//!     ApplicationMessage, Connect, Delivery, EncodeError, EncodeOptions, Packet, PacketIdentifier, ProtocolVersion, PubAck, Publish,
//!     QoS, Request, StreamEncoder,
//! };
//! use std::collections::{BTreeMap, VecDeque};
//!
//! struct Client {
//!     encoder: StreamEncoder,
//!     queue: VecDeque<Request>,
//!     /// Messages that were sent but not acknowledged. They are sent again on the next connection.
//!     in_flight: BTreeMap<PacketIdentifier, Publish>,
//!     last: PacketIdentifier,
//!     /// The number of unacknowledged messages that the server accepts.
//!     receive_maximum: usize,
//! }
//!
//! impl Client {
//!     /// Sends queued messages until the server's limit is reached.
//!     fn send_queued(&mut self, output: &mut BytesMut) -> Result<(), EncodeError> {
//!         while self.in_flight.len() < self.receive_maximum {
//!             let Some(request) = self.queue.pop_front() else { break };
//!             let identifier = loop {
//!                 self.last = self.last.next(); // 65535 is followed by 1
//!                 if !self.in_flight.contains_key(&self.last) {
//!                     break self.last; // [MQTT-2.2.1-3]
//!                 }
//!             };
//!             let packet = request.into_packet(|| identifier);
//!             self.encoder.encode(&packet, output)?;
//!             if let Packet::Publish(publish) = packet {
//!                 if publish.qos() != QoS::AtMostOnce {
//!                     self.in_flight.insert(identifier, publish);
//!                 }
//!             }
//!         }
//!         Ok(())
//!     }
//!
//!     /// Handles a packet from the server. Returns the message if it is a PUBLISH.
//!     fn receive(&mut self, packet: Packet, output: &mut BytesMut) -> Result<Option<Publish>, EncodeError> {
//!         match packet {
//!             Packet::ConnAck(connack) => {
//!                 self.encoder.set_peer_maximum_packet_size(connack.properties.maximum_packet_size());
//!                 if let Some(limit) = connack.properties.receive_maximum() {
//!                     self.receive_maximum = limit.get().into();
//!                 }
//!                 if connack.session_present() {
//!                     // The server has kept the session: send all of them again, with DUP [MQTT-4.4.0-1].
//!                     for publish in self.in_flight.values_mut() {
//!                         publish.delivery = publish.delivery.duplicate();
//!                         self.encoder.encode(publish, output)?;
//!                     }
//!                 }
//!             }
//!             Packet::PubAck(puback) => drop(self.in_flight.remove(&puback.packet_identifier)),
//!             Packet::Publish(publish) => {
//!                 if let Delivery::AtLeastOnce { packet_identifier, .. } = publish.delivery {
//!                     self.encoder.encode(&PubAck::<&[u8]>::new(packet_identifier), output)?;
//!                 }
//!                 return Ok(Some(publish));
//!             }
//!             _ => {} // SUBACK, PINGRESP, the packets of QoS 2, DISCONNECT
//!         }
//!         self.send_queued(output)?;
//!         Ok(None)
//!     }
//! }
//!
//! let version = ProtocolVersion::V5;
//! let mut client = Client {
//!     encoder: StreamEncoder::new(EncodeOptions::new(version)),
//!     queue: VecDeque::new(),
//!     in_flight: BTreeMap::new(),
//!     last: PacketIdentifier::MAX,
//!     receive_maximum: u16::MAX.into(),
//! };
//! let mut output = BytesMut::new();
//! client.encoder.encode(&Connect::new("sensor-1".parse()?), &mut output)?;
//!
//! let mut message = ApplicationMessage::new("home/temperature".parse()?, Bytes::from_static(b"21.5"));
//! message.qos = QoS::AtLeastOnce;
//! client.queue.push_back(message.into());
//!
//! // CONNACK with Receive Maximum 1, then PUBACK for message 1.
//! let decode = |bytes: &'static [u8]| mqtt_codec::decode_shared(&Bytes::from_static(bytes), version).map(|it| it.complete().unwrap().0);
//! output.clear();
//! client.receive(decode(b"\x20\x06\0\0\x03\x21\0\x01")?, &mut output)?;
//! assert_eq!(output[..2], [0x32, 25]); // the PUBLISH
//! client.receive(decode(b"\x40\x02\0\x01")?, &mut output)?;
//! assert!(client.in_flight.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Other duties of a client
//!
//! | event | action |
//! | --- | --- |
//! | nothing was sent for [`KeepAlive::interval`](crate::KeepAlive::interval) | send [`PingReq`](crate::PingReq) |
//! | a PUBLISH of QoS 2 arrives | store its identifier and answer with PUBREC; a second PUBLISH with the same identifier is not a new message |
//! | PUBREL arrives | remove the identifier and answer with PUBCOMP |
//! | PUBREC arrives | send PUBREL; on the next connection, send PUBREL instead of the message |
//! | a PUBLISH without a Topic Name arrives | look up its [Topic Alias](crate::PublishProperties::topic_alias), which an earlier PUBLISH on this connection introduced |
//! | the server sends DISCONNECT | read its Reason Code, do not answer |
