//! PINGREQ and PINGRESP: sections 5.4.19 and 5.4.20.

use crate::buffer::{Buffer, DefaultBuffer};
use crate::sn::ClientId;
use core::fmt;

/// PINGREQ: asks whether the peer is alive. A sleeping client asks for its messages with it. Section 5.4.19.
///
/// ```text
/// ClientId (only from a sleeping client), or nothing
/// ```
#[derive(Clone, Copy)]
pub struct PingReq<B = DefaultBuffer> {
    /// The client's name, if it is a sleeping client that asks for its messages. Otherwise `None`.
    pub client_id: Option<ClientId<B>>,
}

impl<B> Default for PingReq<B> {
    fn default() -> Self {
        Self { client_id: None }
    }
}

crate::buffer::debug_fields!(PingReq: client_id);
crate::buffer::over_buffers!(PingReq { plain: [], raw: [], parts: [], options: [client_id] });

impl<B: Buffer> fmt::Display for PingReq<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.client_id {
            Some(client_id) => write!(f, "PINGREQ client={client_id:?}"),
            None => f.write_str("PINGREQ"),
        }
    }
}

/// PINGRESP: the answer to PINGREQ. It tells a sleeping client that there are no more messages. Section 5.4.20. It has
/// no content.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct PingResp;

impl fmt::Display for PingResp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PINGRESP")
    }
}
