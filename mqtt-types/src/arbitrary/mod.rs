//! `Arbitrary` for every type that owns its bytes. The public constructors make the values, so all of them are legal.
//!
//! Most values are small, some are empty, a few are long. When the input is used up, every choice takes its first
//! alternative, so that values and lists end.

mod choice;
mod list;
mod packet;
mod property;
#[cfg(feature = "sn")]
mod sn;
mod text;
mod value;
