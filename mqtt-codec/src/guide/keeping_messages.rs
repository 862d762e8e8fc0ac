//! How a broker keeps messages and sends them on.
//!
//! # Keep the bytes
//!
//! A broker touches a few parts of a PUBLISH: its topic, its QoS, perhaps a property. It keeps the rest: in the queue of a
//! session, in the retained store, in a channel between two tasks. A [`PublishFrame`](crate::PublishFrame) is made for that.
//! It is the packet as it was received, checked once, and the places of its parts. A copy costs one reference count.
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
//! A frame keeps the buffer alive that it was received in, which may hold other packets too. Copy what is kept for long:
//! [`PackedPublish::copy_from`](crate::PackedPublish::copy_from) allocates as much as the message has.
//!
//! # Send to each subscriber what differs
//!
//! [`Forward`](crate::Forward) is prepared once for each version among the subscribers. For each
//! [`Subscriber`](crate::Subscriber) only the first byte, the Remaining Length, the Packet Identifier and the properties of
//! its own are computed. The topic, the properties of the message and the payload are copied once, into the output, or not at
//! all ([`encode_vectored`](crate::Forward::encode_vectored)). At QoS 0 all subscribers of a version can share one packet
//! ([`to_bytes`](crate::Forward::to_bytes)).
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
//! let subscriber = Subscriber::new(Delivery::at_least_once(identifier)).waited(20);
//! let mut output = Vec::new();
//! forward.encode_to(&subscriber, &mut output)?;
//! assert_eq!(output, b"\x32\x0D\0\x01a\0\x07\x05\x02\0\0\0\x28hi"); // 40 seconds are left
//!
//! // The client reconnects before it has acknowledged: the same once more, with DUP.
//! output.clear();
//! forward.encode_to(&subscriber.duplicate(), &mut output)?;
//! assert_eq!(output[0], 0x3A);
//!
//! // A subscriber that accepts ten bytes does not get it, and nothing is written.
//! let error = forward.encode_to(&subscriber.maximum_packet_size(NonZeroU32::new(10)), &mut output).unwrap_err();
//! assert_eq!(error.kind(), EncodeErrorKind::ExceedsMaximumPacketSize { size: 15, limit: 10 });
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What the broker does itself
//!
//! | the broker | the codec |
//! | --- | --- |
//! | finds the subscriptions that match | [`TopicFilter::matches`](crate::TopicFilter::matches), [`covers`](crate::TopicFilter::covers), [`overlaps`](crate::TopicFilter::overlaps) |
//! | chooses QoS and RETAIN | [`Forward::qos`](crate::Forward::qos), [`retain_as_published`](crate::Forward::retain_as_published) |
//! | assigns Packet Identifiers, and remembers what was not acknowledged | [`Subscriber::duplicate`](crate::Subscriber::duplicate) |
//! | keeps the Topic Aliases of a connection | [`topic_alias`](crate::Subscriber::topic_alias), [`topic_alias_only`](crate::Subscriber::topic_alias_only), [`Forward::with_topic_name`](crate::Forward::with_topic_name) |
//! | knows how long a message has waited | [`waited`](crate::Subscriber::waited), which refuses an expired message |
//! | knows the Maximum Packet Size of the receiver | [`maximum_packet_size`](crate::Subscriber::maximum_packet_size), judged before anything is written |
//!
//! Topic Aliases and Subscription Identifiers of a received message belong to the connection that it came by.
//! They are never sent on. User Properties keep their order.
