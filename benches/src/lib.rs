//! Code that the benchmarks of `mqtt-codec` share: workloads, floors, and one interface to all engines.
//!
//! | module | what |
//! | --- | --- |
//! | [`workloads`] | the inputs: packets, streams, topics |
//! | [`floor`] | decoders written by hand, which show the minimum cost |
//! | [`engine`] | the interface: a group, a workload, and the task that an engine makes of them |
//! | [`engines`] | the codec, the floors and memcpy behind that interface |
//! | [`place`] | where inputs and outputs lie in memory |
//! | [`sum`] | reads every field of a packet, by one rule for all engines |
//! | [`compare`] | measures engines in turns and prints tables |
//! | [`callgrind`] | counts instructions |
//! | [`allocations`] | counts allocations |
//! | [`sn`] | MQTT-SN: the inputs, and a decoder written by hand |

#![cfg(feature = "run")]

pub mod allocations;
pub mod callgrind;
pub mod compare;
pub mod engine;
pub mod engines;
pub mod floor;
pub mod place;
pub mod sn;
pub mod sum;
pub mod workloads;
