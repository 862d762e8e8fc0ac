//! How to use the codec without an allocator.
//!
//! With `default-features = false` the crate is `no_std` and does not allocate. The caller provides all memory: a slice
//! for received bytes, a slice for properties, and a slice for the output. The examples on this page use nothing else.
//!
//! For little flash, build with `opt-level = "s"`. With `"z"` the compiler inlines too little to leave out the code for
//! options that the program does not use.
//!
//! # Receive
//!
//! [`SliceDecoder`](crate::SliceDecoder) owns the state of the stream and borrows the memory. The memory must hold the
//! longest packet that the program wants to receive. Longer packets are refused as soon as their fixed header has
//! arrived.
//!
//! ```
//! use mqtt_codec::{Packet, ProtocolVersion, SliceDecoder, StreamItem, StreamOptions};
//!
//! /// Represents a socket or a serial line.
//! fn receive(line: &mut &[u8], space: &mut [u8]) -> usize {
//!     let len = line.len().min(space.len()).min(3); // never more than three bytes at once
//!     space[..len].copy_from_slice(&line[..len]);
//!     *line = &line[len..];
//!     len
//! }
//!
//! let mut line = &b"\x20\x03\0\0\0\x30\x07\0\x03led\x001"[..];
//! let mut memory = [0; 64];
//! let mut decoder = SliceDecoder::new(StreamOptions::client(ProtocolVersion::V5), &mut memory);
//! let mut led = None;
//! while !line.is_empty() {
//!     let len = receive(&mut line, decoder.space());
//!     decoder.filled(len);
//!     while let Some(item) = decoder.next_item()? {
//!         let StreamItem::Packet(packet) = item else { continue };
//!         match packet {
//!             Packet::ConnAck(connack) => assert!(!connack.reason_code().is_error()),
//!             Packet::Publish(publish) if publish.topic() == "led" => led = publish.payload.first().copied(),
//!             _ => {}
//!         }
//!     }
//! }
//! assert_eq!(led, Some(b'1'));
//! # Ok::<(), mqtt_codec::DecodeError>(())
//! ```
//!
//! # Send
//!
//! ```
//! use mqtt_codec::{Delivery, Encode, PacketIdentifier, ProtocolVersion, Publish, PublishProperties, TopicName};
//!
//! let mut memory = [0; 32];
//! let properties = PublishProperties::builder_in(&mut memory).message_expiry_interval(60).build()?;
//! let mut publish = Publish::with_properties(TopicName::from_static("home/temperature"), properties, b"21.5");
//! publish.delivery = Delivery::at_least_once(PacketIdentifier::MIN);
//!
//! let mut output = [0; 64];
//! let len = publish.encode(ProtocolVersion::V5, &mut output)?;
//! assert_eq!(output[..2], [0x32, 30]);
//! assert_eq!(len, 32);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`TopicName::from_static`](crate::TopicName::from_static) is `const`: an illegal topic in a constant does not
//! compile. A payload that is produced piece by piece needs no buffer:
//! [`encode_publish_head`](crate::encode_publish_head) writes everything before the payload.
//!
//! # Small programs
//!
//! - [`decode_from_server`](crate::decode_from_server) leaves the decoders of packets that only clients send out of the program.
//! - If the program uses one version only, pass it as a constant.
//! - [`ConnectionPhase`](crate::ConnectionPhase) and [`DecodeError::answer`](crate::DecodeError::answer) work without an allocator too.
//! - An error takes a few words of memory. The texts of messages are in the program only if it displays errors.
