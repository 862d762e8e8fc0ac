//! Side of a connection.

use mqtt_types::Sender;

/// Side of the connection that the decoder is on.
///
/// ```
/// use mqtt_codec::{Role, Sender, StreamOptions};
///
/// assert_eq!(StreamOptions::server().role(), Role::Server);
/// assert_eq!((Role::Server.peer(), Role::Server.sender()), (Sender::Client, Sender::Server));
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// A server: it receives packets from a client and refuses those that only a server sends.
    Server,
    /// A client: it receives packets from a server and refuses those that only a client sends.
    Client,
    /// A proxy or a dissector: it accepts packets from both sides.
    Either,
}

impl Role {
    pub(crate) const fn is_server(self) -> bool {
        matches!(self, Self::Server)
    }

    pub(crate) const fn is_client(self) -> bool {
        matches!(self, Self::Client)
    }

    /// Returns the sender of the packets that this side receives.
    #[must_use]
    pub const fn peer(self) -> Sender {
        match self {
            Self::Server => Sender::Client,
            Self::Client => Sender::Server,
            Self::Either => Sender::Either,
        }
    }

    /// Returns the sender of the packets that this side sends.
    #[must_use]
    pub const fn sender(self) -> Sender {
        match self {
            Self::Server => Sender::Server,
            Self::Client => Sender::Client,
            Self::Either => Sender::Either,
        }
    }
}
