//! Guide: how to build on the codec, a page for each task.
//!
//! | page | for |
//! | --- | --- |
//! | [`decoding`], [`streams`] | everybody who receives packets |
//! | [`building`] | everybody who sends packets |
//! | [`errors`] | what an error tells, and what to answer |
//! | [`features`] | which features of the crate to enable |
//! | [`no_allocator`] | firmware |
//! | [`broker_loop`], [`keeping_messages`] | brokers |
//! | [`client_loop`] | clients |
//! | [`migration`] | those who come from another codec |

pub mod broker_loop;
pub mod building;
pub mod client_loop;
pub mod decoding;
pub mod errors;
pub mod features;
pub mod keeping_messages;
pub mod migration;
pub mod no_allocator;
pub mod streams;
