//! Reason Codes: the general table, each packet's own, and lists of them.

#[expect(clippy::module_inception, reason = "the folder's main type in a file of its own")]
mod reason_code;
mod reason_codes;

pub use reason_code::{
    AuthReasonCode, ConnAckReasonCode, DisconnectReasonCode, PacketReasonCode, PubAckReasonCode, PubRelReasonCode,
    ReasonCode, SubAckReasonCode, UnknownReasonCode, UnsubAckReasonCode,
};
pub use reason_codes::{InvalidReasonCodes, ReasonCodeIter, ReasonCodes};
