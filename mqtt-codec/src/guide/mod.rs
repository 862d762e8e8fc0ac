//! Guide: how to build on the codec, a page for each task.

pub mod keeping_messages;
