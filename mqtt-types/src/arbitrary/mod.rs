//! `Arbitrary` for every type that owns its bytes: legal values only, made by the constructors that everybody uses.
//!
//! Most values are small, some are empty, a few are long. Where the input runs out, every choice falls on its first
//! alternative, so values end and lists stop.

mod choice;
mod list;
mod packet;
mod property;
mod text;
mod value;
