//! One message for many subscribers: what all of them share is prepared once, what differs is written for each.

mod message;
mod shared_properties;
mod subscriber;

pub use message::Forward;
pub use subscriber::Subscriber;
