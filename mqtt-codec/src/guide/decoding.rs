//! How to decode packets.
//!
//! # Choose a form
//!
//! Topics, properties and payloads of a decoded packet must be stored somewhere. There are three forms of packets:
//!
//! | form | type | costs | use it if |
//! | --- | --- | --- | --- |
//! | borrowed | [`Packet<&[u8]>`](crate::Packet) | nothing is allocated | the packet is handled at once |
//! | shared | [`Packet<Bytes>`](crate::Packet) | a reference count for each field | single fields are kept or sent to other tasks |
//! | frame | [`Frame`](crate::Frame) | one reference count | the whole packet is kept or forwarded |
//!
//! All forms use the same parsers, so they accept and refuse the same packets.
//!
//! ```
//! use bytes::Bytes;
//! use mqtt_codec::{Frame, Packet, ProtocolVersion, decode, decode_shared};
//!
//! let received = Bytes::from_static(b"\x32\x0E\0\x04room\0\x07\x02\x01\x01on!");
//!
//! // Borrowed: the topic and the payload are slices of `received`.
//! let (packet, consumed) = decode(&received, ProtocolVersion::V5)?.complete().unwrap();
//! let Packet::Publish(publish) = packet else { unreachable!() };
//! assert_eq!((publish.topic(), publish.payload), ("room", &b"on!"[..]));
//! assert_eq!(publish.packet_identifier().map(|it| it.get()), Some(7));
//! assert_eq!(consumed, received.len());
//!
//! // Shared: the payload is a `Bytes` of the same buffer. Nothing is copied.
//! let (packet, _) = decode_shared(&received, ProtocolVersion::V5)?.complete().unwrap();
//! let Packet::Publish(publish) = packet else { unreachable!() };
//! let payload: Bytes = publish.payload;
//! assert_eq!(payload.as_ptr(), received[13..].as_ptr());
//!
//! // Frame: the bytes as they were received. `packet` decodes them again, which cannot fail.
//! let (frame, _) = Frame::decode(&received, ProtocolVersion::V5)?.complete().unwrap();
//! assert_eq!(frame.as_bytes(), &received);
//! assert_eq!(frame.packet().to_string(), r#"PUBLISH "room" qos=1 id=7 payload=3 bytes"#);
//! # Ok::<(), mqtt_codec::DecodeError>(())
//! ```
//!
//! To convert a borrowed packet into a shared one, call `to_shared`, which copies, or `share`, which takes slices of
//! the `Bytes` that it was decoded from. `as_borrowed` converts a shared packet into a borrowed one.
//!
//! # Incomplete input
//!
//! [`decode`](crate::decode) returns [`Decoded::Incomplete`](crate::Decoded::Incomplete) if the slice ends inside the
//! packet. This is not an error. `needed` is the minimum number of missing bytes, and the exact number as soon as the
//! fixed header has arrived. Faults in the fixed header are reported at once: an illegal first byte, or a size above
//! the limit, is an error before the rest of the packet arrives.
//!
//! ```
//! use mqtt_codec::{DecodeOptions, Decoded, ProtocolVersion, decode};
//!
//! let options = DecodeOptions::new(ProtocolVersion::V3_1_1).with_maximum_packet_size(1024);
//! let Decoded::Incomplete { needed } = decode(b"\x30\x05\0", options)? else { unreachable!() };
//! assert_eq!(needed.get(), 4);
//!
//! let error = decode(b"\x30\x80\x80\x01", options).unwrap_err(); // 16,384 bytes are announced
//! assert_eq!(error.to_string(), "PUBLISH: packet of 16388 bytes, the limit is 1024, at byte 1 [section 2.2.3]");
//! # Ok::<(), mqtt_codec::DecodeError>(())
//! ```
//!
//! For a connection, use a [stream decoder](crate::guide::streams) instead. It stores the fixed header between two
//! reads.
//!
//! # Options
//!
//! A function that takes options also accepts a [`ProtocolVersion`](crate::ProtocolVersion). A CONNECT names its own
//! version, so the version of the options does not matter for it.
//!
//! ```
//! use mqtt_codec::{DecodeOptions, ProtocolVersion, Sender, decode};
//!
//! let options = DecodeOptions::new(ProtocolVersion::V5)
//!     .with_sender(Sender::Client)         // refuses packets that only a server sends
//!     .with_maximum_packet_size(64 << 10)  // refuses longer packets as soon as the fixed header has arrived
//!     .check_payload_format(true);         // checks payloads that are declared to be UTF-8
//! let error = decode(b"\xD0\0", options).unwrap_err();
//! assert_eq!(error.to_string(), "PINGRESP: a client does not send this packet, at byte 0 [section 2.1.2]");
//! ```
//!
//! By default, every rule is checked that does not depend on the sender. [`DecodeOptions`](crate::DecodeOptions) lists
//! the deviations of real software that can be accepted.
//!
//! # Properties
//!
//! A set of properties is checked when the packet is decoded, and stored in encoded form. A getter finds one property.
//! The iterator returns all of them in order.
//!
//! ```
//! use mqtt_codec::{Packet, Property, ProtocolVersion, decode};
//!
//! let input = b"\x30\x18\0\x01a\x13\x02\0\0\0\x3C\x26\0\x01k\0\x01v\x26\0\x01k\0\x01wx";
//! let Some((Packet::Publish(publish), _)) = decode(input, ProtocolVersion::V5)?.complete() else { unreachable!() };
//! assert_eq!(publish.properties().message_expiry_interval(), Some(60));
//! let values: Vec<_> = publish.properties().user_properties().map(|pair| pair.value.as_str()).collect();
//! assert_eq!(values, ["v", "w"]);
//! for property in publish.properties() {
//!     if let Property::UserProperty(pair) = property {
//!         println!("{}: {}", pair.name, pair.value);
//!     }
//! }
//! # Ok::<(), mqtt_codec::DecodeError>(())
//! ```
