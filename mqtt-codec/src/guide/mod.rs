//! Guides to building on the codec, one page for each task.
//!
//! | page | about |
//! | --- | --- |
//! | [`decoding`], [`streams`] | receiving packets |
//! | [`building`] | constructing and sending packets |
//! | [`leniencies`] | accepting deviations of real peers |
//! | [`errors`] | what an error contains, and how to answer it |
//! | [`features`] | which features of the crate to enable |
//! | [`no_allocator`] | working without an allocator, in firmware |
//! | [`broker_loop`], [`keeping_messages`] | writing a broker |
//! | [`client_loop`] | writing a client |
//! | [`migration`] | moving from another codec |
#![cfg_attr(feature = "sn", doc = "| [`mqtt_sn`] | MQTT-SN: a client and a gateway |")]

pub mod broker_loop;
pub mod building;
pub mod client_loop;
pub mod decoding;
pub mod errors;
pub mod features;
pub mod keeping_messages;
pub mod leniencies;
pub mod migration;
#[cfg(feature = "sn")]
pub mod mqtt_sn;
pub mod no_allocator;
pub mod streams;
