//! Frames: packets that are kept as their encoded bytes, checked once.

mod encode_frame;
#[expect(clippy::module_inception, reason = "the folder's main type in a file of its own")]
mod frame;
mod into_frame;
mod publish_frame;
mod short_bytes;

pub use frame::Frame;
pub(crate) use into_frame::{FrameOutcome, IntoFrame};
pub use publish_frame::PublishFrame;
pub(crate) use short_bytes::ShortBytes;
