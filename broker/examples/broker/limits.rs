//! The limits that bound the memory of the broker, whatever its clients do.

use mqtt_codec::KeepAlive;

/// The default of `--maximum-packet-size`, in bytes.
pub(crate) const MAXIMUM_PACKET_SIZE: u32 = 4 << 20;
/// The number of messages of QoS 2 that a client of 5.0 may have in flight.
pub(crate) const RECEIVE_MAXIMUM: u16 = 256;
/// The number of Topic Aliases that a client may introduce.
pub(crate) const TOPIC_ALIAS_MAXIMUM: u16 = 32;
/// The maximum number of Topic Aliases that the broker introduces to a client.
pub(crate) const OUTGOING_ALIASES: u16 = 32;
/// The longest Keep Alive. A client of 5.0 that asks for more receives this one as Server Keep Alive.
pub(crate) const KEEP_ALIVE: KeepAlive = KeepAlive::from_seconds(1200);
/// The maximum number of sessions.
pub(crate) const SESSIONS: usize = 100_000;
/// The maximum number of subscriptions of a session.
pub(crate) const SUBSCRIPTIONS: usize = 10_000;
/// The maximum number of levels in a Topic Filter.
pub(crate) const LEVELS: usize = 128;
/// The maximum number of bytes of messages that wait in one session.
pub(crate) const QUEUE: usize = 64 << 20;
/// The maximum number of bytes of retained messages.
pub(crate) const RETAINED: usize = 256 << 20;
/// If more bytes wait for a connection, messages of QoS 1 and 2 stay in the session's queue.
pub(crate) const OUTPUT_FULL: usize = 1 << 20;
/// If more bytes wait for a connection, messages of QoS 0 are dropped.
pub(crate) const OUTPUT_LOSSY: usize = 16 << 20;
/// If more bytes wait for a connection, the client reads nothing, and is disconnected.
pub(crate) const OUTPUT: usize = 17 << 20;
