//! Encoding of one message for many subscribers: the shared parts are prepared once, and the rest is encoded for each.

mod cut_frame;
#[cfg(feature = "bytes")]
mod fan_out;
mod message;
mod shared_properties;
mod subscriber;

#[cfg(feature = "bytes")]
pub use fan_out::FanOut;
pub use message::Forward;
pub use subscriber::Subscriber;
