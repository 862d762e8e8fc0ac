//! MQTT 3.1, 3.1.1 and 5.0: decoding and encoding of all control packets.
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
//! | the same in a small program | [`decode_from_server`], [`decode_from_client`] | no allocator |
//! | decode a packet that owns slices of a buffer | [`decode_shared`] | feature `bytes` |
//! | keep or forward a packet as its bytes | [`Frame`], [`PublishFrame`] | feature `bytes` |
//! | decode a stream | [`StreamDecoder`], [`PushDecoder`] | feature `bytes` |
//! | decode a stream in a slice | [`SliceDecoder`] | no allocator |
//! | decode and encode with `Framed` of tokio | `Codec` | feature `tokio-util` |
//! | find the end of a packet without decoding it | [`decode_fixed_header`] | no allocator |
//! | encode into a slice | [`Encode::encode`] | no allocator |
//! | encode into a growing buffer | [`Encode::encode_to`] | feature `bytes` |
//! | convert a packet to another version | [`convert`] | feature `bytes` |
//! | obey the Maximum Packet Size of the peer | [`StreamEncoder`] | feature `bytes` |
//! | send a payload in pieces | [`encode_publish_head`] | no allocator |
//!
//! # Packets
//!
//! The packets and everything they consist of come from the crate [`mqtt_types`]. This crate re-exports all of it.
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
//! - A decoded packet obeys every rule of its version that can be checked on a single packet. Packets that break such a rule
//!   cannot be constructed, or cannot be encoded. [`DecodeError::rule`] and [`EncodeError::rule`] return the rule.
//! - [`Encode::encoded_len`] is the exact length that [`Encode::encode`] writes. If encoding fails, the output is unchanged.
//! - A decoded packet encodes to the same bytes if the standard allows one encoding of it. If it allows several, the shortest
//!   is written. Exceptions are packets that are accepted only because of an option, and a SUBACK of 3.1 with a failure: these
//!   may be changed or refused.
//!
//! # Rules that are the caller's
//!
//! The codec checks single packets. A program that uses it must obey the rules about a connection by itself. Those about its
//! beginning and its end are:
//!
//! | rule | who | what |
//! | --- | --- | --- |
//! | MQTT-3.1.0-1 | client | sends CONNECT first; the streaming decoders of a server check it ¹ |
//! | MQTT-3.1.0-2 | server | closes the connection at a second CONNECT; its streaming decoders report it ¹ |
//! | MQTT-3.2.0-1 | server | sends CONNACK before any other packet but AUTH; the streaming decoders of a client check it ¹ |
//! | MQTT-3.2.0-2 | server | sends one CONNACK only; the streaming decoders of a client check it ¹ |
//! | MQTT-3.2.2-7 | server | closes the connection after a CONNACK that refuses it |
//! | MQTT-3.14.0-1 | server | sends no DISCONNECT before a CONNACK that accepts the connection |
//! | MQTT-3.14.4-1, MQTT-3.14.4-2 | both | send nothing after DISCONNECT, and close the connection |
//!
//! ¹ Unless [`StreamOptions::check_connection_rules`] is turned off.
//!
//! [`ConnectionPhase`] helps: it follows a connection, and [`DecodeError::answer`] never returns a packet that breaks one of
//! these rules.
//!
//! # Features
//!
//! | feature | default | effect |
//! | --- | --- | --- |
//! | `std` | yes | enables `std` of the dependencies; this crate itself does not need it |
//! | `bytes` | yes | adds packets over `bytes::Bytes`, [`decode_shared`], [`Encode::encode_to`], [`Frame`], [`convert`], [`StreamDecoder`], [`StreamEncoder`] |
//! | `tokio-util` | no | adds `Codec` for `tokio_util::codec::Framed` |
//! | `sn` | no | adds the module `sn`: MQTT-SN 1.2 |
//! | `arbitrary`, `serde` | no | enables the same feature of [`mqtt_types`] |

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
mod encode;
mod error;
mod forward;
#[cfg(feature = "bytes")]
mod frame;
#[cfg(feature = "bytes")]
pub mod guide;
mod options;
mod packet;
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
pub use error::{DecodeError, DecodeErrorKind, EncodeError, EncodeErrorKind, Field};
pub use forward::{Forward, Subscriber};
#[cfg(feature = "bytes")]
pub use frame::{Frame, PublishFrame};
/// The crate `mqtt-types`: control packets and their parts as data.
pub use mqtt_types as types;
#[doc(inline)]
pub use mqtt_types::*;
pub use options::{DecodeOptions, EncodeOptions};
#[cfg(feature = "bytes")]
pub use stream::{FrameItem, PushDecoder, StreamDecoder, StreamEncoder};
pub use stream::{Role, SliceDecoder, StreamItem, StreamOptions};
#[cfg(feature = "tokio-util")]
pub use tokio::{Codec, CodecError, FrameCodec};
pub use wire::{Decoded, DecodedFixedHeader, Pieces, decode_fixed_header};

/// Runs the examples of the README as tests. They need these features.
#[cfg(all(doctest, feature = "sn", feature = "tokio-util"))]
#[doc = include_str!("../README.md")]
pub struct Readme;
