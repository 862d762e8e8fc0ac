//! The side of a connection that sends a packet.

use core::fmt;

/// Who sent the bytes, or is about to send them.
///
/// Some rules hold for one side only: a client never sends CONNACK, and its PUBLISH has no Subscription Identifier.
/// They are checked where the sender is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sender {
    /// Not known, or both in turn: no rule about the sender is checked.
    #[default]
    Either,
    /// A client: what a server receives.
    Client,
    /// A server: what a client receives.
    Server,
}

impl Sender {
    /// True if it may be the one or the other: `Either` may be both.
    #[inline]
    #[must_use]
    pub const fn may_be(self, side: Self) -> bool {
        matches!(
            (self, side),
            (Self::Either, _) | (_, Self::Either) | (Self::Client, Self::Client) | (Self::Server, Self::Server)
        )
    }
}

impl fmt::Display for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Either => "client or server",
            Self::Client => "client",
            Self::Server => "server",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Sender;

    #[test]
    fn a_sender_that_is_not_known_may_be_both() {
        let senders = [Sender::Either, Sender::Client, Sender::Server];
        for one in senders {
            for other in senders {
                let expected = one == other || one == Sender::Either || other == Sender::Either;
                assert_eq!(one.may_be(other), expected, "{one}, {other}");
            }
        }
        assert_eq!(senders.map(|sender| sender.to_string()), ["client or server", "client", "server"]);
    }
}
