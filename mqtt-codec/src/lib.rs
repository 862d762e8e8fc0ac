//! MQTT 3.1, 3.1.1 and 5.0: every control packet, from bytes to typed values and back.
//!
//! | to | use | needs |
//! | --- | --- | --- |
//! | decode a slice by borrowing from it | [`decode`] | no allocator |
//! | the same, in a program that is to be small | [`decode_from_server`], [`decode_from_client`] | no allocator |
//! | decode packets that own slices of a buffer | [`decode_shared`] | feature `bytes` |
//! | decode a stream as it arrives | [`StreamDecoder`], [`PushDecoder`]; `Codec` for tokio | features `bytes`; `tokio-util` |
//! | decode a stream in a slice | [`SliceDecoder`] | no allocator |
//! | know where a packet ends, whatever is in it | [`decode_fixed_header`] | no allocator |
//! | encode into a slice | [`Encode::encode`] | no allocator |
//! | encode into a growing buffer | [`Encode::encode_to`] | feature `bytes` |
//! | encode what the peer takes | [`StreamEncoder`] | feature `bytes` |
//! | send a payload in pieces | [`encode_publish_head`] | no allocator |
//!
//! The packets themselves are those of the crate [`mqtt_types`], all re-exported here: [`Packet`], [`Publish`] and so on.
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
//! Every type that holds bytes is generic over what holds them, `&[u8]` or `bytes::Bytes`. Mostly that is told by what it
//! is made of; where there is nothing to tell it, name it, as in `PubAck::<&[u8]>::new(identifier)`, or use the names in
//! [`borrowed`].
//!
//! # Promises
//!
//! - No input makes it panic.
//! - Decoding by borrowing, and encoding into a slice, allocate nothing, whatever the packet holds. Time is linear in the
//!   packet's length.
//! - What is decoded obeys every rule of its version that can be seen in one packet; what cannot be obeyed cannot be
//!   encoded. [`DecodeError::rule`] names the rule.
//! - [`Encode::encoded_len`] is what [`Encode::encode`] writes. After an error the output is as it was.
//! - A packet that was decoded encodes to the bytes that it was decoded from, wherever the standard has one form for it.
//!   Where it has several, the shortest is written. (What is only read by courtesy, under a leniency, or a failure in a
//!   SUBACK of 3.1, is not written.)
//!
//! # Features
//!
//! | feature | default | what it adds |
//! | --- | --- | --- |
//! | `std` | yes | nothing by itself; it is passed on to the dependencies |
//! | `bytes` | yes | [`decode_shared`], [`Encode::encode_to`], packets over `bytes::Bytes` |
//! | `tokio-util` | no | `Codec` for `tokio_util::codec::Framed` |
//! | `arbitrary`, `serde` | no | passed on to [`mqtt_types`] |

#![cfg_attr(not(test), no_std)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]

#[cfg(all(feature = "tokio-util", not(test)))]
extern crate std;

mod decode;
mod encode;
mod error;
#[cfg(feature = "bytes")]
mod frame;
mod options;
mod packet;
mod stream;
#[cfg(test)]
mod testing;
#[cfg(feature = "tokio-util")]
mod tokio;
mod wire;

#[cfg(feature = "bytes")]
pub use decode::decode_shared;
pub use decode::{decode, decode_from_client, decode_from_server};
#[cfg(feature = "bytes")]
pub use encode::encode_publish_head_to;
pub use encode::{Encode, encode_publish_head};
pub use error::{DecodeError, DecodeErrorKind, EncodeError, EncodeErrorKind, Field};
#[cfg(feature = "bytes")]
pub use frame::{Frame, PublishFrame};
/// Every control packet and its parts as data: the crate `mqtt-types`.
pub use mqtt_types as types;
#[doc(no_inline)]
pub use mqtt_types::*;
pub use options::{DecodeOptions, EncodeOptions};
#[cfg(feature = "bytes")]
pub use stream::{FrameItem, PushDecoder, StreamDecoder, StreamEncoder};
pub use stream::{Role, SliceDecoder, StreamItem, StreamOptions};
#[cfg(feature = "tokio-util")]
pub use tokio::{Codec, CodecError};
pub use wire::{Decoded, DecodedFixedHeader, decode_fixed_header};

/// The examples of the README, run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
