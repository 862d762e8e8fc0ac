//! `Serialize` for every type over every buffer, `Deserialize` for every type that owns its bytes or has none.
//!
//! What is read goes through the constructors that everybody uses, so what is illegal is refused in their words. Every
//! field is always written, because some formats do not name fields. A field may be left out of what is read where its
//! absence has a natural meaning.

mod list;
mod packet;
mod property;
mod text;
mod value;
