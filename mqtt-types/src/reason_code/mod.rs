//! Reason Codes: the general table, each packet's own, and lists of them.

mod allowed;
mod packet_codes;
#[expect(clippy::module_inception, reason = "the folder's main type in a file of its own")]
mod reason_code;
mod reason_codes;
mod return_code;

pub use packet_codes::{
    AuthReasonCode, ConnAckReasonCode, DisconnectReasonCode, PacketReasonCode, PubAckReasonCode, PubCompReasonCode,
    PubRecReasonCode, PubRelReasonCode, SubAckReasonCode, UnsubAckReasonCode,
};
pub use reason_code::{ReasonCode, UnknownReasonCode};
pub use reason_codes::{InvalidReasonCodes, ReasonCodeIter, ReasonCodes};
