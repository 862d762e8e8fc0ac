//! How a broker keeps messages and forwards them.
//!
//! # Keep the bytes
//!
//! A broker reads a few fields of a PUBLISH: its topic, its QoS, perhaps a property. It keeps the whole message in the queue
//! of a session, in the retained store, or in a channel between two tasks. A [`PublishFrame`](crate::PublishFrame) serves this
//! purpose. It holds the bytes of the packet, which were checked once, and the positions of its parts. A clone costs one
//! reference count.
//!
//! ```
//! use bytes::BytesMut;
//! use mqtt_codec::{PublishFrame, StreamDecoder, StreamOptions};
//! use std::collections::{HashMap, VecDeque};
//!
//! let mut retained: HashMap<String, PublishFrame> = HashMap::new();
//! let mut queue: VecDeque<PublishFrame> = VecDeque::new();
//!
//! let mut decoder = StreamDecoder::new(StreamOptions::server());
//! let mut buffer = BytesMut::from(&b"\x10\x0D\0\x04MQTT\x05\x02\0\x3C\0\0\0\x31\x06\0\x01a\0hi"[..]);
//! while let Some(item) = decoder.next_frame(&mut buffer)? {
//!     let Some(Ok(message)) = item.into_frame().map(|frame| frame.into_publish()) else { continue };
//!     if message.retain() {
//!         retained.insert(message.topic().to_owned(), message.clone());
//!     }
//!     queue.push_back(message);
//! }
//! assert_eq!((retained.len(), queue[0].payload()), (1, &b"hi"[..]));
//! # Ok::<(), mqtt_codec::DecodeError>(())
//! ```
//!
//! A frame keeps the buffer that it was received in alive, and this buffer may hold other packets too. Copy messages that are
//! kept for long: [`PackedPublish::copy_from`](crate::PackedPublish::copy_from) allocates only as much as the message needs.
//!
//! # Encode for each subscriber only what differs
//!
//! Prepare one [`Forward`](crate::Forward) for each protocol version among the subscribers. A [`FanOut`](crate::FanOut) prepares
//! them when they are needed. For each [`Subscriber`](crate::Subscriber), a `Forward` computes only the first byte, the Remaining
//! Length, the Packet Identifier and the subscriber's own properties. The topic, the properties of the message and the payload
//! are copied once into the output, or not at all ([`encode_vectored`](crate::Forward::encode_vectored)). At QoS 0 all
//! subscribers of a version can share one packet ([`to_bytes`](crate::Forward::to_bytes)).
//!
//! ```
//! use bytes::Bytes;
//! use mqtt_codec::{Delivery, EncodeErrorKind, Forward, Frame, PacketIdentifier, ProtocolVersion, Subscriber};
//! use core::num::NonZeroU32;
//!
//! // Message Expiry Interval 60, payload "hi".
//! let received = Bytes::from_static(b"\x30\x0B\0\x01a\x05\x02\0\0\0\x3Chi");
//! let (frame, _) = Frame::decode(&received, ProtocolVersion::V5)?.complete().unwrap();
//! let message = frame.into_publish().unwrap();
//! let forward = Forward::from_frame(&message, ProtocolVersion::V5)?;
//!
//! let identifier = PacketIdentifier::new(7).unwrap();
//! let subscriber = Subscriber::new(Delivery::at_least_once(identifier)).with_waited(20);
//! let mut output = Vec::new();
//! forward.encode_to(&subscriber, &mut output)?;
//! assert_eq!(output, b"\x32\x0D\0\x01a\0\x07\x05\x02\0\0\0\x28hi"); // 40 seconds are left
//!
//! // The client reconnects before it has acknowledged the message: send the same packet again, with DUP.
//! output.clear();
//! forward.encode_to(&subscriber.duplicate(), &mut output)?;
//! assert_eq!(output[0], 0x3A);
//!
//! // For a subscriber that accepts at most ten bytes, encoding returns an error and writes nothing.
//! let error = forward.encode_to(&subscriber.with_maximum_packet_size(NonZeroU32::new(10)), &mut output).unwrap_err();
//! assert_eq!(error.kind(), EncodeErrorKind::ExceedsMaximumPacketSize { size: 15, limit: 10 });
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What remains for the broker
//!
//! | the broker | functions that help |
//! | --- | --- |
//! | finds the subscriptions that match | [`TopicFilter::matches`](crate::TopicFilter::matches), [`covers`](crate::TopicFilter::covers), [`overlaps`](crate::TopicFilter::overlaps) |
//! | chooses QoS and RETAIN for each subscription | [`Forward::qos`](crate::Forward::qos), [`retain_as_published`](crate::Forward::retain_as_published) |
//! | assigns Packet Identifiers, and sends unacknowledged messages again | [`Subscriber::duplicate`](crate::Subscriber::duplicate) |
//! | keeps the Topic Aliases of a connection | [`with_topic_alias`](crate::Subscriber::with_topic_alias), [`with_topic_alias_only`](crate::Subscriber::with_topic_alias_only), [`Forward::with_topic_name`](crate::Forward::with_topic_name) |
//! | knows how long a message has waited | [`with_waited`](crate::Subscriber::with_waited), which makes an expired message an error |
//! | knows the Maximum Packet Size of the receiver | [`with_maximum_packet_size`](crate::Subscriber::with_maximum_packet_size), checked before anything is written |
//!
//! The Topic Alias and Subscription Identifiers of a received message belong to the publisher's connection, so they are never
//! forwarded. User Properties keep their order.
