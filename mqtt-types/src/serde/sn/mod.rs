//! MQTT-SN: parts of messages, and messages.

mod message;
mod value;
