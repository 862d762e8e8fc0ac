//! Control packets, one file each with decoding, encoding and tests.

mod acknowledgement;
mod auth;
mod connack;
mod connect;
pub(crate) mod decode_frame;
mod disconnect;
mod list;
mod ping;
mod pingreq;
mod pingresp;
mod puback;
mod pubcomp;
pub(crate) mod publish;
mod pubrec;
mod pubrel;
mod suback;
mod subscribe;
mod unsuback;
mod unsubscribe;
