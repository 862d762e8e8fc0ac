//! `Arbitrary` for every type that owns its bytes. All values come from the public constructors, so they are legal.
//!
//! Most values are small, some are empty, a few are long. When the input is exhausted, every choice takes its first
//! alternative, so that values and lists end.

mod choice;
mod list;
mod packet;
mod property;
#[cfg(feature = "sn")]
mod sn;
mod text;
mod value;
