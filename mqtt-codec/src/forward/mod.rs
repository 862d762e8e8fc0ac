//! Encoding of one message for many subscribers: the shared parts are prepared once, and the rest is encoded for each.

mod message;
mod shared_properties;
mod subscriber;

pub use message::Forward;
pub use subscriber::Subscriber;
