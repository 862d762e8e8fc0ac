//! Views of MQTT packets for a terminal, shared by the examples `inspect` and `tap`.

pub(crate) mod dump;
pub(crate) mod escape;
pub(crate) mod fields;
pub(crate) mod head;
pub(crate) mod item;
pub(crate) mod leniencies;
pub(crate) mod packets;
pub(crate) mod paint;
pub(crate) mod prefix;
pub(crate) mod program;
pub(crate) mod rows;
pub(crate) mod text;
pub(crate) mod words;
