//! The content of an error, and how to answer it.
//!
//! # The parts of an error
//!
//! An error is small and cheap to create, because rule, Reason Code and message are computed only when the caller asks
//! for them.
//!
//! ```
//! use mqtt_codec::{Field, PacketType, ProtocolVersion, ReasonCode, decode};
//!
//! // SUBSCRIBE with a filter that has a level after '#'.
//! let error = decode(b"\x82\x09\0\x01\0\0\x03#/a\0", ProtocolVersion::V5).unwrap_err();
//! assert_eq!(error.packet_type(), PacketType::Subscribe);
//! assert_eq!(error.field(), Field::TopicFilter);
//! assert_eq!(error.offset(), 7); // the first byte at fault
//! assert_eq!(error.rule(), "MQTT-4.7.1-1");
//! assert_eq!(error.reason_code(), Some(ReasonCode::PROTOCOL_ERROR));
//! ```
//!
//! # Answer, then close
//!
//! The answer depends on the side and on the phase of the connection. A server answers a refused CONNECT with CONNACK.
//! To other packets, the answer is DISCONNECT with a Reason Code in 5.0. In 3.x there is no answer: close the
//! connection. [`DecodeError::answer`](crate::DecodeError::answer) implements these rules.
//! [`ConnectionPhase`](crate::ConnectionPhase) tracks the phase of the connection.
//!
//! ```
//! use mqtt_codec::{ConnectionPhase, ProtocolVersion, Role, decode};
//!
//! let unknown_version = b"\x10\x0D\0\x04MQTT\x06\x02\0\x3C\0\0\0";
//! let error = decode(unknown_version, ProtocolVersion::V5).unwrap_err();
//! let answer = error.answer(Role::Server, ConnectionPhase::Start).unwrap();
//! assert_eq!(answer.to_string(), "CONNACK Unsupported Protocol Version (0x84)");
//!
//! let two_flags = decode(b"\xC1\0", ProtocolVersion::V5).unwrap_err();
//! let answer = |version| two_flags.answer(Role::Server, ConnectionPhase::Connected(version));
//! assert_eq!(answer(ProtocolVersion::V5).unwrap().as_bytes(), b"\xE0\x01\x81");
//! assert!(answer(ProtocolVersion::V3_1_1).is_none());
//! ```
//!
//! `Codec` (feature `tokio-util`) tracks the phase itself: its method `answer` takes only the error.
//!
//! # Or skip the packet
//!
//! A program that only observes packets can continue with the next one, unless the fixed header is at fault. With a
//! stream decoder, call [`skip`](crate::StreamDecoder::skip). In a slice, use the fixed header to find the next packet:
//!
//! ```
//! use mqtt_codec::{ProtocolVersion, decode, decode_fixed_header};
//!
//! let input = b"\x30\x04\0\x01#\0\xC0\0"; // a PUBLISH to '#', and a PINGREQ
//! assert!(decode(input, ProtocolVersion::V5).is_err());
//! let (header, _) = decode_fixed_header(input, ProtocolVersion::V5)?.complete().unwrap();
//! let (next, _) = decode(&input[header.packet_len()..], ProtocolVersion::V5)?.complete().unwrap();
//! assert_eq!(next.to_string(), "PINGREQ");
//! # Ok::<(), mqtt_codec::DecodeError>(())
//! ```
//!
//! A server must not do this, because the standard requires it to close the connection. If a server must work with
//! devices that send illegal packets, for instance a PUBLISH with Packet Identifier 0, it can read the fields of such a
//! packet with [`RefusedPacket`](crate::RefusedPacket).
//!
//! # Errors of encoding
//!
//! | [kind](crate::EncodeErrorKind) | meaning | what to do |
//! | --- | --- | --- |
//! | `NotInVersion` | the packet has a field or a value that the version lacks | [`convert`](crate::convert()) the packet first, which reports what it drops |
//! | `ReasonCodesMissing` | an UNSUBACK of 5.0 needs a Reason Code for each Topic Filter | set them |
//! | `NotFromSender` | the side set by [`EncodeOptions::with_sender`](crate::EncodeOptions::with_sender) does not send this | correct the program |
//! | `ExceedsMaximumPacketSize` | the packet is longer than the peer accepts | do not send it, and act as if it had been sent \[MQTT-3.1.2-25\] |
//! | `PacketTooLarge` | the packet is longer than MQTT allows | split the data |
//! | `BufferTooSmall` | the output slice is too short | [`encoded_len`](crate::Encode::encoded_len) returns the length |
//! | `TopicNameMissing` | a message to forward has a Topic Alias instead of a name | resolve the alias first: it belongs to the connection that the message came from |
//! | `MessageExpired` | [`Forward`](crate::Forward) was told that the message has waited too long | drop the message |
