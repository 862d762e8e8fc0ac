//! Streams: for any split of the bytes and for each decoder, the same packets and errors are returned at the same
//! positions. They are those of decoding each packet alone.

#![cfg(test)]
#![expect(clippy::arithmetic_side_effects, reason = "in tests an overflow panics, and that is a failed test")]

extern crate alloc;
mod any_split;
mod between_packets;
mod captures;
mod changed_limits;
mod changed_options;
mod codecs;
mod early_refusal;
mod first_bytes_and_heads;
mod hostile;
mod limits;
mod payload_pieces;
mod rest_of_a_packet;
mod skipping;
mod slices;
mod splitting;
mod streams;
#[expect(dead_code, reason = "streams compare packets as a whole, not their JSON")]
#[path = "../support/mod.rs"]
mod support;
mod twins;
mod versions_and_roles;
