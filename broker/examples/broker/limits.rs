//! What bounds the memory of the broker, whatever its clients do.

/// The default of `--maximum-packet-size`, in bytes.
pub(crate) const MAXIMUM_PACKET_SIZE: u32 = 4 << 20;
/// How many messages of QoS 2 a client of 5.0 may have under way.
pub(crate) const RECEIVE_MAXIMUM: u16 = 256;
/// How many Topic Aliases a client may introduce.
pub(crate) const TOPIC_ALIAS_MAXIMUM: u16 = 32;
/// How many Topic Aliases the broker introduces to a client that allows so many.
pub(crate) const OUTGOING_ALIASES: u16 = 32;
/// How many seconds a client may want to be silent. One that wants more is told so in 5.0.
pub(crate) const KEEP_ALIVE: u16 = 1200;
/// How many sessions there are at the same time.
pub(crate) const SESSIONS: usize = 100_000;
/// How many subscriptions a session has.
pub(crate) const SUBSCRIPTIONS: usize = 10_000;
/// How many levels a Topic Filter has.
pub(crate) const LEVELS: usize = 128;
/// How many bytes of messages wait for one session.
pub(crate) const QUEUE: usize = 64 << 20;
/// How many bytes of messages are retained.
pub(crate) const RETAINED: usize = 256 << 20;
/// How many bytes wait for a connection before messages of QoS 1 and 2 stay in the session's queue.
pub(crate) const OUTPUT_FULL: usize = 1 << 20;
/// How many bytes wait for a connection before messages of QoS 0 are dropped, and a client that reads nothing is closed.
pub(crate) const OUTPUT: usize = 16 << 20;
