//! The side of a connection.

use mqtt_types::Sender;

/// Which side of the connection the decoder is on.
///
/// ```
/// use mqtt_codec::{Role, Sender, StreamOptions};
///
/// assert_eq!(StreamOptions::server().role(), Role::Server);
/// assert_eq!((Role::Server.peer(), Role::Server.sender()), (Sender::Client, Sender::Server));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// It receives what a client sends, and refuses what only a server sends.
    Server,
    /// It receives what a server sends, and refuses what only a client sends.
    Client,
    /// It receives what either sends: a proxy, a dissector.
    Either,
}

impl Role {
    /// Who sends what this side receives.
    #[must_use]
    pub const fn peer(self) -> Sender {
        match self {
            Self::Server => Sender::Client,
            Self::Client => Sender::Server,
            Self::Either => Sender::Either,
        }
    }

    /// Who sends what this side sends.
    #[must_use]
    pub const fn sender(self) -> Sender {
        match self {
            Self::Server => Sender::Server,
            Self::Client => Sender::Client,
            Self::Either => Sender::Either,
        }
    }
}
