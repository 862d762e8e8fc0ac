//! The end of a connection.

use mqtt_codec::{DecodeError, ReasonCode};
use std::io;

/// The reason why a connection ends.
pub(crate) enum Ending {
    /// The client has sent DISCONNECT, or is gone.
    Closed,
    /// The broker ends the connection. The codec chooses the packet that tells the client, if its version has one.
    Because(ReasonCode),
    /// A packet is illegal. The codec returns the answer.
    Refused(DecodeError),
}

impl From<io::Error> for Ending {
    fn from(_: io::Error) -> Self {
        Self::Closed
    }
}

impl From<ReasonCode> for Ending {
    fn from(reason_code: ReasonCode) -> Self {
        Self::Because(reason_code)
    }
}

impl From<DecodeError> for Ending {
    fn from(error: DecodeError) -> Self {
        Self::Refused(error)
    }
}
