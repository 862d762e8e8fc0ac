//! How to decode a stream.
//!
//! A TCP connection transports bytes, not packets. A read may end in the middle of a packet, or return several packets.
//! A stream decoder finds the packets. It keeps its state between two reads, so each fixed header is parsed only once.
//!
//! | decoder | the bytes are in | for |
//! | --- | --- | --- |
//! | [`StreamDecoder`](crate::StreamDecoder) | the caller's `BytesMut` | brokers, clients, proxies |
//! | [`PushDecoder`](crate::PushDecoder) | its own buffer, to which the caller pushes bytes | tests, tools, other transports |
//! | [`SliceDecoder`](crate::SliceDecoder) | the caller's slice | programs without an allocator |
//! | `Codec` (feature `tokio-util`) | the buffer of `Framed` | programs on tokio |
//!
//! All decoders share one state machine, so they return the same items and errors.
//!
//! # Read, then take all packets
//!
//! ```
//! use bytes::BytesMut;
//! use mqtt_codec::{Packet, StreamDecoder, StreamOptions};
//! use std::io::Read;
//!
//! let mut socket = &b"\x10\x0D\0\x04MQTT\x05\x02\0\x3C\0\0\0\xC0\0\xE0\0"[..]; // CONNECT, PINGREQ, DISCONNECT
//! let mut decoder = StreamDecoder::new(StreamOptions::server());
//! let mut buffer = BytesMut::new();
//! let mut packets = Vec::new();
//! loop {
//!     while let Some(item) = decoder.next_item(&mut buffer)? {
//!         packets.extend(item.into_packet());
//!     }
//!     let mut chunk = [0; 8];
//!     match socket.read(&mut chunk)? {
//!         0 => break,
//!         len => buffer.extend_from_slice(&chunk[..len]),
//!     }
//! }
//! assert!(decoder.is_between_packets() && buffer.is_empty()); // the stream did not end inside a packet
//! assert!(matches!(packets[..], [Packet::Connect(_), Packet::PingReq(_), Packet::Disconnect(_)]));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`next_frame`](crate::StreamDecoder::next_frame) returns [frames](crate::Frame) instead of packets. Calls of both can alternate.
//!
//! # The version
//!
//! | options | version |
//! | --- | --- |
//! | [`StreamOptions::server`](crate::StreamOptions::server) | taken from the CONNECT, which must be the first packet |
//! | [`StreamOptions::client`](crate::StreamOptions::client) | the version that the client has sent in its CONNECT |
//! | [`StreamOptions::either`](crate::StreamOptions::either) | taken from a CONNECT in the stream, or set by `set_version` when the other direction contains a CONNECT |
//!
//! Packets that the peer may not send are refused, such as a CONNACK that a server receives. The decoder also checks
//! some rules about the order of packets, for instance the type of the first packet: see
//! [`check_connection_rules`](crate::StreamOptions::check_connection_rules).
//!
//! # Limits
//!
//! A decoder reserves no memory for a packet that is only announced, so a stream uses memory only for the bytes that
//! were received. The size of a packet is checked as soon as its fixed header has arrived.
//!
//! | limit | default | applies to |
//! | --- | --- | --- |
//! | [`with_maximum_connect_size`](crate::StreamOptions::with_maximum_connect_size) | 64 KiB | packets before the CONNECT, when the peer is unknown |
//! | [`with_maximum_packet_size`](crate::StreamOptions::with_maximum_packet_size) | 1 MiB | packets after that |
//! | [`with_maximum_head_size`](crate::StreamOptions::with_maximum_head_size) | 128 KiB | the head of a PUBLISH whose payload comes in pieces |
//!
//! A server with a limit should announce it as Maximum Packet Size in CONNACK.
//!
//! # After an error
//!
//! The decoder returns the same error again until the packet is skipped. A server answers and closes the connection (see
//! [errors](crate::guide::errors)). A tool calls `skip`, which returns `false` if the start of the next packet is unknown.
//!
//! ```
//! use mqtt_codec::{ProtocolVersion, PushDecoder, StreamOptions};
//!
//! let mut decoder = PushDecoder::new(StreamOptions::either(Some(ProtocolVersion::V5)));
//! decoder.push(b"\x30\x04\0\x01#\0\xC0\0"); // a PUBLISH to '#', and a PINGREQ
//! let error = decoder.next_item().unwrap_err();
//! assert_eq!(decoder.next_item().unwrap_err(), error);
//! assert!(decoder.skip());
//! assert_eq!(decoder.next_item()?.and_then(|item| item.into_packet()).unwrap().to_string(), "PINGREQ");
//! # Ok::<(), mqtt_codec::DecodeError>(())
//! ```
//!
//! # Large payloads in pieces
//!
//! A payload may have 256 MB. With [`with_payload_pieces_above`](crate::StreamOptions::with_payload_pieces_above), the decoder
//! returns the head of a large PUBLISH first, and then pieces of the payload as they arrive. So the payload is never in
//! memory as a whole.
//!
//! ```
//! use mqtt_codec::{ProtocolVersion, PushDecoder, StreamItem, StreamOptions};
//!
//! let options = StreamOptions::client(ProtocolVersion::V3_1_1).with_payload_pieces_above(8).with_maximum_packet_size(u32::MAX);
//! let mut decoder = PushDecoder::new(options);
//! let mut written = Vec::new();
//! for received in [&b"\x20\x02\0\0\x30\x0D\0\x04file"[..], b"con", b"tent"] { // CONNACK, PUBLISH
//!     decoder.push(received);
//!     while let Some(item) = decoder.next_item()? {
//!         match item {
//!             StreamItem::Packet(packet) => println!("{packet}"),
//!             StreamItem::PublishHead { publish, payload_len } => assert_eq!((publish.topic(), payload_len), ("file", 7)),
//!             StreamItem::Payload { piece, .. } => written.extend_from_slice(&piece),
//!         }
//!     }
//! }
//! assert_eq!(written, b"content");
//! # Ok::<(), mqtt_codec::DecodeError>(())
//! ```
//!
//! To send such a PUBLISH, write the head with [`encode_publish_head`](crate::encode_publish_head), and then the
//! payload from any source.
