//! The side of a connection that sends a packet.

use core::fmt;

/// The side of a connection that sends a packet.
///
/// Some rules apply to one side only: a client never sends CONNACK, and its PUBLISH has no Subscription Identifier. They
/// can be checked only if the sender is known.
///
/// ```
/// use mqtt_types::{PacketType, ProtocolVersion, Sender};
///
/// let sender = PacketType::ConnAck.sender(ProtocolVersion::V5);
/// assert_eq!(sender, Sender::Server);
/// assert!(!sender.may_be(Sender::Client) && sender.may_be(Sender::Either));
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sender {
    /// Unknown, or both in turn: rules about the sender are not checked.
    #[default]
    Either,
    /// A client. A server receives from clients.
    Client,
    /// A server. A client receives from a server.
    Server,
}

impl Sender {
    /// Returns `true` if the two are the same side, or one of them is `Either`.
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
    fn an_unknown_sender_may_be_either_side() {
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
