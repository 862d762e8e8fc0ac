//! The end of a connection.

use mqtt_codec::{ConnAckReasonCode, DecodeError, DisconnectReasonCode};
use std::io;

/// The reason why a connection ends. The client is told the Reason Code, if its version has a packet for it.
pub(crate) enum Ending {
    /// The client has sent DISCONNECT, or is gone.
    Closed,
    /// The broker refuses the connection by CONNACK.
    Rejected(ConnAckReasonCode),
    /// The broker ends the connection by DISCONNECT.
    Disconnected(DisconnectReasonCode),
    /// A packet is illegal. The codec returns the answer.
    Refused(DecodeError),
}

impl From<io::Error> for Ending {
    fn from(_: io::Error) -> Self {
        Self::Closed
    }
}

impl From<ConnAckReasonCode> for Ending {
    fn from(reason_code: ConnAckReasonCode) -> Self {
        Self::Rejected(reason_code)
    }
}

impl From<DisconnectReasonCode> for Ending {
    fn from(reason_code: DisconnectReasonCode) -> Self {
        Self::Disconnected(reason_code)
    }
}

impl From<DecodeError> for Ending {
    fn from(error: DecodeError) -> Self {
        Self::Refused(error)
    }
}
