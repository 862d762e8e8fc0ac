//! An MQTT 3.1, 3.1.1 and 5.0 codec: decodes bytes into control packets, and encodes control packets into bytes.
//!
//! It does no input or output, and keeps no session state: the caller reads and writes the bytes.
//!
//! ```
//! use mqtt_codec::{Encode, Packet, ProtocolVersion, Publish, TopicName, decode};
//!
//! let publish = Publish::new(TopicName::new("kitchen/temperature")?, b"21.5");
//! let mut bytes = [0; 64];
//! let len = publish.encode(ProtocolVersion::V3_1_1, &mut bytes)?;
//!
//! let (packet, consumed) = decode(&bytes[..len], ProtocolVersion::V3_1_1)?.complete().unwrap();
//! assert_eq!((packet, consumed), (Packet::Publish(publish), len));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Where to start
//!
//! | task | use | requires |
//! | --- | --- | --- |
//! | decode a packet that borrows from a slice | [`decode`] | no allocator |
//! | the same where code size matters and the peer is always a server, or always a client | [`decode_from_server`], [`decode_from_client`] | no allocator |
//! | decode a packet that owns slices of a buffer | [`decode_shared`] | feature `bytes` |
//! | keep a packet as its checked bytes | [`Frame`], [`PublishFrame`] | feature `bytes` |
//! | forward one message to many subscribers | [`Forward`] | no allocator |
//! | decode a stream, from a `BytesMut` that you read into | [`StreamDecoder`] | feature `bytes` |
//! | decode a stream, from slices that you are given | [`PushDecoder`] | feature `bytes` |
//! | decode a stream, from a slice that you read into | [`SliceDecoder`] | no allocator |
//! | decode and encode with `Framed` of tokio-util | [`Codec`] | feature `tokio-util` |
//! | find the end of a packet without decoding it | [`decode_fixed_header`] | no allocator |
//! | encode into a slice | [`Encode::encode`] | no allocator |
//! | encode into a growing buffer | [`Encode::encode_to`] | feature `bytes` |
//! | convert a packet to another version | [`convert`] | feature `bytes` |
//! | encode within the Maximum Packet Size of the peer | [`StreamEncoder`] | feature `bytes` |
//! | send a payload in pieces | [`encode_publish_head`] | no allocator |
//! | accept what the standard forbids but peers send | [`DecodeOptions`] | no allocator |
//! | read the fields of a packet that was refused | [`RefusedPacket`] | no allocator |
//! | exchange MQTT-SN datagrams | [`sn`] | feature `sn` |
//!
//! # Packets
//!
//! The packets and their parts are types of the crate [`mqtt_types`]. This crate re-exports all of them.
//!
//! | group | types |
//! | --- | --- |
//! | packets | [`Packet`], which is one of: [`Connect`] with its [`Will`], [`ConnAck`], [`Publish`], [`PubAck`], [`PubRec`], [`PubRel`], [`PubComp`], [`Subscribe`], [`SubAck`], [`Unsubscribe`], [`UnsubAck`], [`PingReq`], [`PingResp`], [`Disconnect`], [`Auth`] |
//! | packets before they have a Packet Identifier | [`Request`], [`ApplicationMessage`] |
//! | properties | a set for each packet, such as [`PublishProperties`] with its [builder](PublishPropertiesBuilder); [`Property`], [`PropertyIdentifier`], [`UserProperty`] |
//! | reason codes | [`ReasonCode`], and a type for the codes of each packet, such as [`ConnAckReasonCode`] |
//! | topics | [`TopicName`], [`TopicFilter`], [`SharedSubscription`] |
//! | lists | [`Subscriptions`], [`TopicFilters`], [`ReasonCodes`] |
//! | values | [`QoS`], [`Delivery`], [`PacketIdentifier`], [`KeepAlive`], [`SubscriptionOptions`], [`SubscriptionIdentifier`], [`Utf8String`], [`BinaryData`], [`VariableByteInteger`] |
//! | protocol | [`ProtocolVersion`], [`PacketType`], [`FixedHeader`], [`Flags`], [`Sender`] |
//! | buffers | [`Buffer`], [`IntoBuffer`], [`Storage`], and the names in [`borrowed`] |
//!
//! Types that contain bytes are generic over the buffer that holds them: `&[u8]` or `bytes::Bytes`. The buffer is usually
//! inferred from the arguments. Where nothing determines it, name it, as in `PubAck::<&[u8]>::new(identifier)`, or use the
//! names in [`borrowed`].
//!
//! # Guarantees
//!
//! - No input causes a panic.
//! - Decoding a borrowed packet and encoding into a slice do not allocate. They take time linear in the length of the packet.
//! - A decoded packet obeys every rule of its version that can be checked on a single packet, except those that an option
//!   turns off. A packet that breaks such a rule cannot be constructed, or cannot be encoded. [`DecodeError::rule`] and
//!   [`EncodeError::rule`] return the rule.
//! - [`Encode::encode`] writes exactly [`Encode::encoded_len`] bytes. If encoding fails, the output is unchanged.
//! - If the standard allows one encoding of a packet, a decoded packet encodes to the bytes that it was decoded from. If the
//!   standard allows several encodings, the shortest is written. There are two exceptions, which may be changed or refused:
//!   packets that are accepted only because of an option, and a SUBACK of 3.1 that contains a failure.
//!
//! # Rules for the caller
//!
//! The codec checks single packets. Rules about the order of packets on a connection are left to the caller. These rules
//! concern the start and the end of a connection:
//!
//! | rule | side | obligation |
//! | --- | --- | --- |
//! | MQTT-3.1.0-1 | client | sends CONNECT first; the stream decoders of a server check this ¹ |
//! | MQTT-3.1.0-2 | server | closes the connection after a second CONNECT; its stream decoders report it ¹ |
//! | MQTT-3.2.0-1 | server | sends CONNACK before any other packet except AUTH; the stream decoders of a client check this ¹ |
//! | MQTT-3.2.0-2 | server | sends only one CONNACK; the stream decoders of a client check this ¹ |
//! | MQTT-3.2.2-7 | server | closes the connection after a CONNACK with a failure |
//! | MQTT-3.14.0-1 | server | sends no DISCONNECT before a CONNACK with success |
//! | MQTT-3.14.4-1, MQTT-3.14.4-2 | both | send nothing after DISCONNECT, and close the connection |
//!
//! ¹ Unless [`StreamOptions::check_connection_rules`] is turned off.
//!
//! [`ConnectionPhase`] tracks the phase of a connection. With it, [`DecodeError::answer`] never returns a packet that breaks
//! one of these rules.
//!
//! # Features
//!
//! | feature | default | effect |
//! | --- | --- | --- |
//! | `std` | yes | enables `std` in the dependencies; this crate itself does not need it |
//! | `bytes` | yes | adds packets over `bytes::Bytes`, [`decode_shared`], [`Encode::encode_to`], [`Frame`], [`convert`], [`StreamDecoder`], [`StreamEncoder`] |
//! | `tokio-util` | no | adds [`Codec`] for `tokio_util::codec::Framed` |
//! | `sn` | no | adds the module [`sn`]: MQTT-SN 1.2 |
//! | `arbitrary`, `serde` | no | enables the same feature of [`mqtt_types`] |
//! | `defmt` | no | implements `defmt::Format` for every type that needs no `std` |

// Without a feature, links to its items lead to the table of features.
#![cfg_attr(
    not(feature = "bytes"),
    doc = "",
    doc = "[`decode_shared`]: #features",
    doc = "[`Frame`]: #features",
    doc = "[`PublishFrame`]: #features",
    doc = "[`StreamDecoder`]: #features",
    doc = "[`PushDecoder`]: #features",
    doc = "[`Encode::encode_to`]: #features",
    doc = "[`convert`]: #features",
    doc = "[`StreamEncoder`]: #features"
)]
#![cfg_attr(not(feature = "tokio-util"), doc = "", doc = "[`Codec`]: #features")]
#![cfg_attr(not(feature = "sn"), doc = "", doc = "[`sn`]: #features")]
#![cfg_attr(not(test), no_std)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]

#[cfg(feature = "bytes")]
extern crate alloc;
#[cfg(all(feature = "std", not(test)))]
extern crate std;

mod answer;
#[cfg(feature = "bytes")]
mod convert;
mod decode;
#[cfg(feature = "defmt")]
mod defmt;
mod encode;
mod error;
mod forward;
#[cfg(feature = "bytes")]
mod frame;
#[cfg(feature = "bytes")]
pub mod guide;
mod options;
mod packet;
mod refused;
#[cfg(feature = "sn")]
pub mod sn;
mod stream;
#[cfg(test)]
mod testing;
#[cfg(feature = "tokio-util")]
mod tokio;
mod wire;

pub use answer::{Answer, ConnectionPhase};
#[cfg(feature = "bytes")]
pub use convert::{Change, ConvertError, ConvertErrorKind, Converted, convert};
#[cfg(feature = "bytes")]
pub use decode::decode_shared;
pub use decode::{decode, decode_from_client, decode_from_server};
#[cfg(feature = "bytes")]
pub use encode::encode_publish_head_to;
pub use encode::{Encode, encode_publish_head};
pub use error::{DecodeError, DecodeErrorKind, EncodeError, EncodeErrorKind, Field, OtherProtocol};
#[cfg(feature = "bytes")]
pub use forward::FanOut;
pub use forward::{Forward, Subscriber};
#[cfg(feature = "bytes")]
pub use frame::{Frame, PublishFrame};
/// The crate `mqtt-types`: control packets and their parts as data.
pub use mqtt_types as types;
#[doc(inline)]
pub use mqtt_types::*;
pub use options::{DecodeOptions, EncodeOptions, Leniency, UnknownLeniency};
pub use refused::RefusedPacket;
#[cfg(feature = "bytes")]
pub use stream::{FrameItem, PushDecoder, StreamDecoder, StreamEncoder};
pub use stream::{Role, SliceDecoder, StreamItem, StreamOptions};
#[cfg(feature = "tokio-util")]
pub use tokio::{Codec, CodecError, CodecItem, CodecReader, CodecWriter};
pub use wire::{Decoded, DecodedFixedHeader, Pieces, decode_fixed_header};

/// Runs the examples of the README as tests, if the features that these examples need are enabled.
#[cfg(all(doctest, feature = "sn", feature = "tokio-util"))]
#[doc = include_str!("../README.md")]
pub struct Readme;
