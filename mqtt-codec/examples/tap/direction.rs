//! Direction of a stream.

use core::fmt;
use mqtt_codec::Sender;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Direction {
    ToBroker,
    ToClient,
}

impl Direction {
    /// Returns the side that sends in this direction.
    pub(crate) const fn sender(self) -> Sender {
        match self {
            Self::ToBroker => Sender::Client,
            Self::ToClient => Sender::Server,
        }
    }

    pub(crate) const fn arrow(self) -> &'static str {
        match self {
            Self::ToBroker => "->",
            Self::ToClient => "<-",
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ToBroker => "to the broker",
            Self::ToClient => "to the client",
        })
    }
}
