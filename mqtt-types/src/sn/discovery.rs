//! ADVERTISE, SEARCHGW and GWINFO: sections 5.4.1 to 5.4.3, 6.1.

use crate::buffer::{Buffer, DefaultBuffer, IntoBuffer};
use core::fmt;

/// ADVERTISE: a gateway announces itself, by broadcast. Section 5.4.1.
///
/// ```text
/// GwId, Duration
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Advertise {
    /// The gateway.
    pub gateway_id: u8,
    /// The time in seconds until the gateway announces itself again.
    pub duration: u16,
}

impl fmt::Display for Advertise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ADVERTISE gateway={} duration={} s", self.gateway_id, self.duration)
    }
}

/// SEARCHGW: a client searches for a gateway, by broadcast. Section 5.4.2.
///
/// ```text
/// Radius
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SearchGw {
    /// The radius of the broadcast. 0 means the whole network.
    pub radius: u8,
}

impl fmt::Display for SearchGw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SEARCHGW radius={}", self.radius)
    }
}

/// GWINFO: the answer to SEARCHGW, by a gateway, or by a client that knows one. Section 5.4.3.
///
/// ```text
/// GwId, GwAdd (only from a client)
/// ```
///
/// ```
/// use mqtt_types::sn::GwInfo;
///
/// let info = GwInfo::with_address(1, b"\x0A\x00\x00\x01");
/// assert_eq!(info.to_string(), "GWINFO gateway=1 address=4 bytes");
/// ```
#[derive(Clone, Copy)]
pub struct GwInfo<B = DefaultBuffer> {
    /// The gateway.
    pub gateway_id: u8,
    /// The address of the gateway, in the format of the network. It is empty if the gateway itself answers. In some
    /// networks the first octet is the number of octets. This codec does not interpret it, as other implementations do
    /// not either: the address is the rest of the message.
    pub gateway_address: B,
}

impl<B: Buffer> GwInfo<B> {
    /// Returns the answer of the gateway itself.
    #[must_use]
    pub fn new(gateway_id: u8) -> Self {
        Self { gateway_id, gateway_address: B::default() }
    }

    /// Returns the answer of a client that knows the gateway.
    #[must_use]
    pub fn with_address(gateway_id: u8, address: impl IntoBuffer<Buffer = B>) -> Self {
        Self { gateway_id, gateway_address: address.into_buffer() }
    }
}

crate::buffer::over_buffers!(GwInfo { plain: [gateway_id], raw: [gateway_address], parts: [], options: [] });

crate::buffer::format_fields! { GwInfo:
    gateway_id = |this| this.gateway_id;
    gateway_address = |this| this.gateway_address.as_ref();
}

impl<B: Buffer> fmt::Debug for GwInfo<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GwInfo")
            .field("gateway_id", &self.gateway_id)
            .field("gateway_address", &self.gateway_address.as_ref())
            .finish()
    }
}

impl<B: Buffer> fmt::Display for GwInfo<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GWINFO gateway={}", self.gateway_id)?;
        match self.gateway_address.as_ref().len() {
            0 => Ok(()),
            len => write!(f, " address={len} bytes"),
        }
    }
}
