//! MQTT-SN 1.2: decoding and encoding of all messages, one per datagram.
//!
//! | task | use | requires |
//! | --- | --- | --- |
//! | decode a datagram by borrowing from it | [`decode`] | no allocator |
//! | the same where code size matters and the peer is always a gateway, or always a client | [`decode_from_gateway`], [`decode_from_client`] | no allocator |
//! | decode messages that own slices of a buffer | [`decode_shared`] | feature `bytes` |
//! | decode the encapsulation of a forwarder alone | [`split_encapsulation`] | no allocator |
//! | encode into a slice | [`Encode::encode`] | no allocator |
//! | encode into a growing buffer | [`Encode::encode_to`] | feature `bytes` |
//!
//! The messages are types of [`mqtt_types::sn`]. This module re-exports all of them. Section numbers are those of
//! *MQTT-SN Protocol Specification, Version 1.2*.
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
//! A datagram contains exactly one message. So there is no stream decoder, and a message that is cut off is an error.
//! If the transport does not preserve the boundaries of datagrams, as on a serial line, a layer below this codec must
//! restore them. [`Datagram`] is a message, preceded by an encapsulation if it came through a forwarder.
//!
//! # Errors
//!
//! A [`DecodeError`] contains the fault, the field, the offset of the octet, and the section of the specification. Most
//! illegal datagrams should be dropped without an answer, because the address of their sender can be forged. Where the
//! specification defines an answer, [`DecodeError::answer`] returns it:
//!
//! | fault | answer |
//! | --- | --- |
//! | CONNECT: a `ProtocolId` other than 0x01, a `ClientId` of illegal length | CONNACK, not supported |
//! | PUBLISH at QoS 0, 1 and 2: the reserved `TopicIdType` | PUBACK, not supported |
//! | PUBLISH at QoS 0, 1 and 2: the reserved topic id | PUBACK, invalid topic id |
//! | REGISTER: an illegal topic name; the reserved topic id | REGACK, not supported; REGACK, invalid topic id |
//! | SUBSCRIBE: QoS 3, the reserved `TopicIdType`, an illegal topic filter | SUBACK, not supported |
//! | SUBSCRIBE: the reserved topic id | SUBACK, invalid topic id |
//! | WILLTOPIC, WILLTOPICUPD: QoS 3, an illegal topic name | CONNACK or WILLTOPICRESP, not supported |
//! | everything else | none |
//!
//! # Where the specification is silent
//!
//! | case | this codec |
//! | --- | --- |
//! | the three-octet Length for a short message | decodes it, encodes the one-octet form |
//! | flags that a message does not use, reserved bits of Ctrl | ignores them, encodes 0 |
//! | DUP and `MsgId` at QoS 0 and -1 | ignores them, encodes 0 |
//! | `MsgId` 0 in PUBLISH at QoS 1 and 2, REGISTER, SUBSCRIBE, UNSUBSCRIBE | refuses it; accepts it in an answer |
//! | topic id 0x0000 in PUBLISH | accepts it, so that a gateway can answer |
//! | topic id 0xFFFF | refuses it in a request, accepts it in an answer |
//! | reserved return codes | accepts them as refusals |
//! | a wildcard in a short topic name | refuses it in PUBLISH; in SUBSCRIBE the two octets are a name, not a filter |
//! | text that is ill-formed UTF-8, or contains U+0000 | refuses it, as in MQTT |
//! | `GwAdd` | does not interpret it: it is the rest of the message |
//!
//! # From MQTT-SN to MQTT and back
//!
//! A gateway keeps the state: topic ids, sleeping clients, connections. The codec keeps none. This table maps messages
//! to packets:
//!
//! | MQTT-SN | MQTT | the gateway |
//! | --- | --- | --- |
//! | CONNECT without Will | CONNECT | answers with CONNACK after the server has answered |
//! | CONNECT with Will, WILLTOPIC, WILLMSG | CONNECT with a Will | requests topic and message of the Will first; an empty WILLTOPIC means no Will |
//! | CONNACK accepted; not supported; congestion | CONNACK with code 0; other codes; no connection to the server | |
//! | REGISTER, REGACK | | assigns a topic id for the connection |
//! | PUBLISH, topic id or short name | PUBLISH, topic name | looks the topic up; if it is unknown, PUBACK "invalid topic id" |
//! | PUBLISH at QoS -1 | PUBLISH at QoS 0 | sends it on the gateway's own connection |
//! | PUBLISH from the server | PUBLISH, topic id or short name | sends REGISTER first if the client has no id for the topic |
//! | PUBACK, PUBREC, PUBREL, PUBCOMP | the same | `MsgId` and Packet Identifier are the same number |
//! | SUBSCRIBE, SUBACK | SUBSCRIBE and SUBACK with one filter | topic id 0 for wildcards; maps 0x80 to "not supported" |
//! | UNSUBSCRIBE, UNSUBACK | the same with one filter | |
//! | PINGREQ, PINGRESP | the same | answers PINGREQ itself; sends the stored messages of a sleeping client first |
//! | DISCONNECT | DISCONNECT | answers with DISCONNECT |
//! | DISCONNECT with Duration | PINGREQ, while the client sleeps | answers with DISCONNECT, and stores messages |
//! | WILLTOPICUPD, WILLMSGUPD | none | sends a new CONNECT, or answers "not supported" |
//! | ADVERTISE, SEARCHGW, GWINFO | none | |
//!
//! The example `sn_gateway` implements this mapping.

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
#[cfg(feature = "serde")]
mod serde;
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
pub use options::{DecodeOptions, Leniency};
