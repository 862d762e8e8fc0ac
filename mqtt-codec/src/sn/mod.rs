//! MQTT-SN 1.2: every message, from one datagram to typed values and back.
//!
//! | to | use | needs |
//! | --- | --- | --- |
//! | decode a datagram by borrowing from it | [`decode`] | no allocator |
//! | the same, knowing the sender, in a program that is to be small | [`decode_from_gateway`], [`decode_from_client`] | no allocator |
//! | decode messages that own slices of a buffer | [`decode_shared`] | feature `bytes` |
//! | look at a forwarder's encapsulation alone | [`split_encapsulation`] | no allocator |
//! | encode into a slice | [`Encode::encode`] | no allocator |
//! | encode into a growing buffer | [`Encode::encode_to`] | feature `bytes` |
//!
//! The messages themselves are those of [`mqtt_types::sn`], all re-exported here. Section numbers are those of *MQTT-SN
//! Protocol Specification, Version 1.2*.
//!
//! ```
//! use mqtt_codec::sn::{DecodeOptions, Encode, Message, Publish, TopicId, decode};
//!
//! let publish = Publish::to_topic_id(TopicId::new(7).unwrap(), b"21.5");
//! let mut output = [0; 64];
//! let len = publish.encode(&mut output)?;
//! assert_eq!(output[..len], [0x0B, 0x0C, 0x00, 0x00, 0x07, 0x00, 0x00, b'2', b'1', b'.', b'5']);
//!
//! let datagram = decode(&output[..len], DecodeOptions::new())?;
//! assert_eq!(datagram.message, Message::Publish(publish));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # One datagram, one message
//!
//! A datagram holds one message and nothing else, so there is no stream and nothing to wait for: a message that is cut
//! off is an error. Where datagrams do not keep their limits, on a serial line for instance, something below has to.
//! [`Datagram`] is the message, and in front of it the encapsulation of a forwarder, if it came through one.
//!
//! # Errors
//!
//! [`DecodeError`] says what is wrong, in which field, at which octet, and which section says so. Most faults are
//! dropped in silence, because anybody can send a datagram in another's name. Where the specification has an answer,
//! [`DecodeError::answer`] is it:
//!
//! | fault | answer |
//! | --- | --- |
//! | CONNECT: another `ProtocolId`, a `ClientId` of no legal length | CONNACK, not supported |
//! | PUBLISH at QoS 0, 1 and 2: the reserved `TopicIdType` | PUBACK, not supported |
//! | PUBLISH at QoS 0, 1 and 2: the reserved topic id | PUBACK, invalid topic id |
//! | REGISTER: a topic name that is none; the reserved topic id | REGACK, not supported; invalid topic id |
//! | SUBSCRIBE: QoS 3, the reserved `TopicIdType`, a topic filter that is none | SUBACK, not supported |
//! | SUBSCRIBE: the reserved topic id | SUBACK, invalid topic id |
//! | WILLTOPIC, WILLTOPICUPD: QoS 3, a topic name that is none | CONNACK, WILLTOPICRESP, not supported |
//! | everything else | none |
//!
//! # Where the specification is silent
//!
//! | question | answer of this codec |
//! | --- | --- |
//! | the three-octet Length for a short message | is read; the one-octet form is written |
//! | flags that a message does not use, reserved bits of Ctrl | are ignored, and written 0 |
//! | DUP at QoS 0 and -1, a `MsgId` there | are ignored, and written 0 |
//! | `MsgId` 0 in PUBLISH at QoS 1 and 2, REGISTER, SUBSCRIBE, UNSUBSCRIBE | is refused; in an answer it is read |
//! | topic id 0x0000 in PUBLISH | is read, so that it can be answered |
//! | topic id 0xFFFF | is refused in a request, read in an answer |
//! | reserved return codes | are read: they are refusals |
//! | a wildcard in a short topic name | is refused in PUBLISH; in SUBSCRIBE the two octets are a name |
//! | text that is no UTF-8, or holds U+0000 | is refused, as in MQTT |
//! | `GwAdd` | is the rest of the message, as it is |
//!
//! # From MQTT-SN to MQTT and back
//!
//! A gateway holds the state (topic ids, sleeping clients, who is connected); the codec holds none. What becomes of what:
//!
//! | MQTT-SN | MQTT | the gateway |
//! | --- | --- | --- |
//! | CONNECT without Will | CONNECT | answers with CONNACK when the server has |
//! | CONNECT with Will, WILLTOPIC, WILLMSG | CONNECT with a Will | asks for the two first; an empty WILLTOPIC: no Will |
//! | CONNACK accepted, not supported, congestion | CONNACK 0, other codes, no server | |
//! | REGISTER, REGACK | | assigns a topic id for the connection |
//! | PUBLISH, topic id or short name | PUBLISH, topic name | looks the topic up; if it is unknown, PUBACK "invalid topic id" |
//! | PUBLISH at QoS -1 | PUBLISH at QoS 0 | sends it on a connection of its own |
//! | PUBLISH from the server | PUBLISH, topic id or short name | sends REGISTER first if the client has no id for the topic |
//! | PUBACK, PUBREC, PUBREL, PUBCOMP | the same | `MsgId` and Packet Identifier are the same number |
//! | SUBSCRIBE, SUBACK | SUBSCRIBE and SUBACK with one filter | topic id 0 for wildcards; 0x80: not supported |
//! | UNSUBSCRIBE, UNSUBACK | the same with one filter | |
//! | PINGREQ, PINGRESP | the same | answers itself; to a sleeping client it first sends what it kept |
//! | DISCONNECT | DISCONNECT | answers with DISCONNECT |
//! | DISCONNECT with Duration | PINGREQ, as long as the client sleeps | answers with DISCONNECT, keeps messages |
//! | WILLTOPICUPD, WILLMSGUPD | none | needs a new CONNECT, or "not supported" |
//! | ADVERTISE, SEARCHGW, GWINFO | none | |
//!
//! The example `sn_gateway` does so.

mod acknowledgement;
mod connect;
mod decode;
mod decode_message;
mod disconnect;
mod discovery;
mod encapsulation;
mod encode;
mod encode_body;
mod error;
mod form;
mod header;
mod options;
mod ping;
mod primitives;
mod publish;
mod register;
mod subscribe;
#[cfg(test)]
mod testing;
mod unsubscribe;
mod will;

#[cfg(feature = "bytes")]
pub use decode::decode_shared;
pub use decode::{decode, decode_from_client, decode_from_gateway};
pub use encapsulation::split_encapsulation;
pub use encode::Encode;
pub use error::{DecodeError, DecodeErrorKind, EncodeError, EncodeErrorKind, Field};
#[doc(no_inline)]
pub use mqtt_types::sn::*;
pub use options::DecodeOptions;
