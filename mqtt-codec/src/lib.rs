#![doc = include_str!("../README.md")]
#![cfg_attr(not(test), no_std)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]

mod acknowledgement;
mod auth;
mod connack;
mod connect;
mod decode;
mod disconnect;
mod encode;
mod error;
mod fixed_header;
mod pingreq;
mod pingresp;
mod primitives;
mod properties;
mod puback;
mod pubcomp;
mod publish;
mod pubrec;
mod pubrel;
mod rule;
mod suback;
mod subscribe;
#[cfg(test)]
mod testing;
mod unsuback;
mod unsubscribe;

#[cfg(feature = "bytes")]
pub use decode::decode_shared;
pub use decode::{DecodeOptions, Decoded, decode};
pub use encode::{Encode, EncodeOptions};
pub use error::{DecodeError, DecodeErrorKind, EncodeError, EncodeErrorKind, Field};
pub use fixed_header::{DecodedFixedHeader, decode_fixed_header};
/// Every control packet and its parts as data: the crate `mqtt-types`.
pub use mqtt_types as types;
#[doc(no_inline)]
pub use mqtt_types::*;
