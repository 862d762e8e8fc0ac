//! CONNECT and CONNACK: sections 5.4.4 and 5.4.5.

use crate::buffer::{Buffer, DefaultBuffer};
use crate::sn::{ClientId, ReturnCode};
use crate::value::KeepAlive;
use core::fmt;

/// CONNECT: a client asks for a connection. Section 5.4.4.
///
/// ```text
/// Flags (Will, CleanSession), ProtocolId 0x01, Duration, ClientId
/// ```
///
/// ```
/// use mqtt_types::{KeepAlive, sn::{ClientId, Connect}};
///
/// let connect = Connect { keep_alive: KeepAlive::from_seconds(60), ..Connect::new(ClientId::new("sensor-1")?) };
/// assert_eq!(connect.to_string(), r#"CONNECT client="sensor-1" clean keep_alive=60 s"#);
/// # Ok::<(), mqtt_types::sn::InvalidClientId>(())
/// ```
#[derive(Clone, Copy)]
pub struct Connect<B = DefaultBuffer> {
    /// Whether the client has a Will. The gateway requests it with WILLTOPICREQ and WILLMSGREQ.
    pub will: bool,
    /// Whether the client wants a new session instead of an earlier one. In MQTT-SN this includes the Will.
    pub clean_session: bool,
    /// The longest time between two messages of the client. The specification calls it Duration.
    #[doc(alias = "duration")]
    pub keep_alive: KeepAlive,
    /// The client's name.
    pub client_id: ClientId<B>,
}

impl<B: Buffer> Connect<B> {
    /// Returns a CONNECT with `CleanSession`, without a Will and without Keep Alive.
    #[must_use]
    pub const fn new(client_id: ClientId<B>) -> Self {
        Self { will: false, clean_session: true, keep_alive: KeepAlive::OFF, client_id }
    }
}

crate::buffer::debug_fields!(Connect: will clean_session keep_alive client_id);
crate::buffer::over_buffers!(Connect {
    plain: [will, clean_session, keep_alive],
    raw: [],
    parts: [client_id],
    options: []
});

impl<B: Buffer> fmt::Display for Connect<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CONNECT client={:?}", self.client_id)?;
        if self.clean_session {
            f.write_str(" clean")?;
        }
        if self.will {
            f.write_str(" will")?;
        }
        write!(f, " keep_alive={}", self.keep_alive)
    }
}

/// CONNACK: the answer to CONNECT. Section 5.4.5.
///
/// ```text
/// ReturnCode
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ConnAck {
    /// The outcome.
    pub return_code: ReturnCode,
}

impl fmt::Display for ConnAck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CONNACK {}", self.return_code)
    }
}
