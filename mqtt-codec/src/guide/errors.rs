//! What an error tells, and what to answer.
//!
//! # The parts of an error
//!
//! Rule, Reason Code and message are computed when they are asked for, so an error is small and costs nothing to make.
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
//! What may be sent depends on which side you are and how far the connection has come. A server answers a refused CONNECT with CONNACK.
//! After that, 5.0 has DISCONNECT with a Reason Code, and 3.x has no answer: the connection is just closed.
//! [`DecodeError::answer`](crate::DecodeError::answer) knows these rules. [`ConnectionPhase`](crate::ConnectionPhase) follows the connection.
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
//! `Codec` (feature `tokio-util`) follows the connection by itself: its method `answer` needs the error only.
//!
//! # Or skip the packet
//!
//! A program that only looks at packets continues with the next one, whose start is known unless the fixed header is at fault.
//! A stream decoder does it by [`skip`](crate::StreamDecoder::skip), and a slice by its fixed header:
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
//! A server must not do that: the standard wants it to close the connection.
//!
//! # Errors of encoding
//!
//! | [kind](crate::EncodeErrorKind) | meaning | what to do |
//! | --- | --- | --- |
//! | `NotInVersion` | the packet has a field or a value that the version lacks | [`convert`](crate::convert()) the packet first, which tells what it drops |
//! | `NotFromSender` | [`EncodeOptions::sender`](crate::EncodeOptions::sender) does not send this | a fault of the program |
//! | `ExceedsMaximumPacketSize` | the packet is longer than the peer accepts | do not send it, and act as if it had been sent \[MQTT-3.1.2-25\] |
//! | `PacketTooLarge` | the packet is longer than any packet may be | send less |
//! | `BufferTooSmall` | the output slice is too short | [`encoded_len`](crate::Encode::encoded_len) tells the length |
//! | `TopicNameMissing` | a message that is to be forwarded has a Topic Alias instead of a name | resolve the alias first: it belongs to the connection that the message came by |
//! | `MessageExpired` | [`Forward`](crate::Forward) was told that the message has waited too long | drop the message |
