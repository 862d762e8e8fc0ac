//! `Serialize` for every type over every buffer, `Deserialize` for every type that owns its bytes or has none.
//!
//! Deserialization uses the public constructors, so illegal values are refused with their errors. Serialization writes
//! every field, because some formats do not name fields. Deserialization does not require a field whose absence has a
//! natural meaning.

mod forms;
mod list;
mod packet;
mod property;
#[cfg(feature = "sn")]
mod sn;
mod text;
mod value;
