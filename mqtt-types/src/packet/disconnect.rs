//! DISCONNECT: section 3.14.

use crate::buffer::{Buffer, DefaultBuffer};
use crate::property::DisconnectProperties;
use crate::reason_code::DisconnectReasonCode;
use core::fmt;

/// DISCONNECT: the sender is about to close the connection. Section 3.14. Before 5.0 only clients send it.
///
/// ```text
/// variable header   Reason Code (5.0, may be omitted), Properties (5.0, may be omitted)
/// ```
///
/// ```
/// use mqtt_types::{Disconnect, DisconnectReasonCode};
///
/// let disconnect: Disconnect<&[u8]> = Disconnect::new(DisconnectReasonCode::SERVER_SHUTTING_DOWN);
/// assert_eq!(disconnect.to_string(), "DISCONNECT Server shutting down (0x8B)");
/// let normal = Disconnect::<&[u8]>::default();
/// assert_eq!(normal.reason_code, DisconnectReasonCode::NORMAL_DISCONNECTION);
/// ```
#[derive(Clone, Copy)]
pub struct Disconnect<B = DefaultBuffer> {
    /// The reason. In 3.x it is normal disconnection.
    pub reason_code: DisconnectReasonCode,
    /// The properties. 3.x has none.
    pub properties: DisconnectProperties<B>,
}

impl<B: Buffer> Disconnect<B> {
    /// Creates a DISCONNECT without properties.
    #[must_use]
    pub fn new(reason_code: DisconnectReasonCode) -> Self {
        Self { reason_code, properties: DisconnectProperties::default() }
    }

    /// Returns the time in seconds that the session remains after its connection, in every version, or `None` if the
    /// packet breaks a rule: a session that ends with its connection cannot be prolonged \[MQTT-3.14.2-2\].
    ///
    /// `before` is the time that has been valid on the connection:
    /// [`Connect::session_expiry_interval`](crate::Connect::session_expiry_interval), unless the CONNACK has replaced it.
    ///
    /// ```
    /// use mqtt_types::{Disconnect, DisconnectProperties};
    ///
    /// let properties = DisconnectProperties::builder().session_expiry_interval(60).build()?;
    /// let disconnect = Disconnect { properties, ..Disconnect::default() };
    /// assert_eq!(disconnect.session_expiry_interval(3600), Some(60));
    /// assert_eq!(disconnect.session_expiry_interval(0), None);
    /// assert_eq!(Disconnect::<&[u8]>::default().session_expiry_interval(3600), Some(3600));
    /// # Ok::<(), mqtt_types::BuildError>(())
    /// ```
    #[must_use]
    pub fn session_expiry_interval(&self, before: u32) -> Option<u32> {
        match self.properties.session_expiry_interval() {
            None => Some(before),
            Some(after) if before == 0 && after > 0 => None,
            after => after,
        }
    }
}

impl<B: Buffer> Default for Disconnect<B> {
    fn default() -> Self {
        Self::new(DisconnectReasonCode::NORMAL_DISCONNECTION)
    }
}

crate::buffer::debug_fields!(Disconnect: reason_code properties);
crate::buffer::over_buffers!(Disconnect { plain: [reason_code], raw: [], parts: [properties], options: [] });

impl<B: Buffer> fmt::Display for Disconnect<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DISCONNECT {}", self.reason_code)
    }
}
