//! The loop of a client.
//!
//! A client queues what it wants to send, sends it when it is connected, and remembers it until it is acknowledged. This page shows
//! the part that is about packets, for QoS 1. The example `client` of the repository has all of it, on `Framed`.
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
//!     /// What was sent and is not acknowledged, to be sent again on the next connection.
//!     in_flight: BTreeMap<PacketIdentifier, Publish>,
//!     last: PacketIdentifier,
//!     /// How many messages the server accepts at once.
//!     receive_maximum: usize,
//! }
//!
//! impl Client {
//!     /// Sends what waits, as far as the server allows.
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
//!     /// Handles a packet of the server. Returns a message that arrived.
//!     fn receive(&mut self, packet: Packet, output: &mut BytesMut) -> Result<Option<Publish>, EncodeError> {
//!         match packet {
//!             Packet::ConnAck(connack) => {
//!                 if let Some(limit) = connack.properties.maximum_packet_size() {
//!                     self.encoder.set_maximum_packet_size(limit.get());
//!                 }
//!                 if let Some(limit) = connack.properties.receive_maximum() {
//!                     self.receive_maximum = limit.get().into();
//!                 }
//!                 if connack.session_present() {
//!                     // The server has the session: everything once more, with DUP [MQTT-4.4.0-1].
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
//! # What else a client has to do
//!
//! | when | what |
//! | --- | --- |
//! | it has sent nothing for [`KeepAlive::interval`](crate::KeepAlive::interval) | send [`PingReq`](crate::PingReq) |
//! | a PUBLISH of QoS 2 arrives | remember its identifier, answer PUBREC; a second one with the same identifier is no new message |
//! | PUBREL arrives | forget the identifier, answer PUBCOMP |
//! | PUBREC arrives | send PUBREL, and on the next connection PUBREL instead of the message |
//! | a PUBLISH without a Topic Name arrives | its [Topic Alias](crate::PublishProperties::topic_alias) stands for a name that came before on this connection |
//! | the server sends DISCONNECT | read its Reason Code, do not answer |
