//! A datagram: one message, and the encapsulation that a forwarder adds. Section 5.5.

use crate::buffer::{Buffer, DefaultBuffer, IntoBuffer, Lend};
use crate::sn::{Message, MessageType};
use core::fmt;

/// The content of one datagram: a message, preceded by an encapsulation if it came through a forwarder.
///
/// An encapsulation cannot contain another one. The answer to a message must go back through the same forwarder: give
/// it the encapsulation that was received.
///
/// ```
/// use mqtt_types::sn::{BroadcastRadius, Datagram, Encapsulation, PingReq, PingResp, WirelessNodeId};
///
/// let received: Datagram<&[u8]> = Datagram {
///     encapsulation: Some(Encapsulation::new(WirelessNodeId::new(b"\x01\x02")?)),
///     message: PingReq::default().into(),
/// };
/// let answer: Datagram<&[u8]> = Datagram { message: PingResp.into(), ..received };
/// assert_eq!(answer.to_string(), "encapsulated node=0102 radius=0: PINGRESP");
/// # Ok::<(), mqtt_types::sn::WirelessNodeIdTooLong>(())
/// ```
#[derive(Clone, Copy)]
pub struct Datagram<B = DefaultBuffer> {
    /// The encapsulation, if the message came through a forwarder.
    pub encapsulation: Option<Encapsulation<B>>,
    /// The message.
    pub message: Message<B>,
}

impl<B> Datagram<B> {
    /// Returns the type at the start of the datagram: the type of the message, or `Encapsulated`.
    #[must_use]
    pub const fn message_type(&self) -> MessageType {
        match self.encapsulation {
            Some(_) => MessageType::Encapsulated,
            None => self.message.message_type(),
        }
    }
}

impl<B, M: Into<Message<B>>> From<M> for Datagram<B> {
    /// Creates a datagram without an encapsulation.
    #[inline]
    fn from(message: M) -> Self {
        Self { encapsulation: None, message: message.into() }
    }
}

crate::buffer::debug_fields!(Datagram: encapsulation message);
crate::buffer::over_buffers!(Datagram { plain: [], raw: [], parts: [message], options: [encapsulation] });

impl<B: Buffer> fmt::Display for Datagram<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(encapsulation) = &self.encapsulation {
            write!(f, "{encapsulation}: ")?;
        }
        fmt::Display::fmt(&self.message, f)
    }
}

/// A forwarder's encapsulation: the wireless node that a message comes from or goes to. Section 5.5.
///
/// ```text
/// Length            of the encapsulation alone: 3, and the octets of Wireless Node Id
/// MsgType           0xFE
/// Ctrl              broadcast radius (bits 1 and 0)
/// Wireless Node Id  0 to 252 octets
/// ```
#[derive(Clone, Copy)]
pub struct Encapsulation<B = DefaultBuffer> {
    /// The radius in which the forwarder broadcasts the message. Only a gateway sets it.
    pub radius: BroadcastRadius,
    /// The wireless node.
    pub wireless_node_id: WirelessNodeId<B>,
}

impl<B> Encapsulation<B> {
    /// Creates an encapsulation without a broadcast.
    #[must_use]
    pub const fn new(wireless_node_id: WirelessNodeId<B>) -> Self {
        Self { radius: BroadcastRadius::NONE, wireless_node_id }
    }
}

crate::buffer::debug_fields!(Encapsulation: radius wireless_node_id);
crate::buffer::over_buffers!(Encapsulation { plain: [radius], raw: [], parts: [wireless_node_id], options: [] });

impl<B: Buffer> fmt::Display for Encapsulation<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "encapsulated node={} radius={}", self.wireless_node_id, self.radius.get())
    }
}

/// The broadcast radius of a forwarder: 0 to 3. Section 5.5.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BroadcastRadius(u8);

impl BroadcastRadius {
    /// 0: no broadcast.
    pub const NONE: Self = Self(0);
    /// 3.
    pub const MAX: Self = Self(3);

    /// Returns the radius with this number, or `None` if it is above 3.
    #[must_use]
    pub const fn new(radius: u8) -> Option<Self> {
        if radius <= Self::MAX.0 { Some(Self(radius)) } else { None }
    }

    /// Returns the radius in a Ctrl octet: bits 1 and 0. The other bits are reserved and ignored.
    #[inline]
    #[must_use]
    pub const fn from_ctrl(ctrl: u8) -> Self {
        Self(ctrl & 0b11)
    }

    /// Returns the number.
    #[inline]
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }
}

/// The address of a wireless node: 0 to 252 octets whose meaning is known to its forwarder only. Section 5.5.
///
/// ```
/// use mqtt_types::sn::WirelessNodeId;
///
/// assert_eq!(WirelessNodeId::new(b"\x00\x2A")?.to_string(), "002A");
/// assert!(WirelessNodeId::new(&[0; 253]).is_err());
/// # Ok::<(), mqtt_types::sn::WirelessNodeIdTooLong>(())
/// ```
#[derive(Clone, Copy, Default)]
pub struct WirelessNodeId<B = DefaultBuffer> {
    bytes: B,
}

impl<B: Buffer> WirelessNodeId<B> {
    /// The maximum number of octets. The one-octet Length also counts three other octets.
    pub const MAX_LEN: usize = 252;

    /// Checks the length. Nothing is copied.
    ///
    /// # Errors
    ///
    /// Returns an error if there are more than 252 octets.
    #[inline]
    pub fn new(value: impl IntoBuffer<Buffer = B>) -> Result<Self, WirelessNodeIdTooLong> {
        let bytes = value.into_buffer();
        if bytes.as_ref().len() > Self::MAX_LEN { Err(WirelessNodeIdTooLong) } else { Ok(Self { bytes }) }
    }
}

impl<'i, 'o, B: Lend<'i, 'o>> WirelessNodeId<B> {
    /// Returns the octets.
    #[inline]
    #[must_use]
    pub fn as_bytes(&'i self) -> &'o [u8] {
        self.bytes.lend()
    }
}

crate::buffer::over_buffers!(WirelessNodeId { plain: [], raw: [bytes], parts: [], options: [] });

/// Shows the octets in hexadecimal.
impl<B: Buffer> fmt::Display for WirelessNodeId<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.bytes.as_ref().iter().try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

impl<B: Buffer> fmt::Debug for WirelessNodeId<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The error for a Wireless Node Id of more than 252 octets.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("a wireless node id has at most 252 octets")]
pub struct WirelessNodeIdTooLong;

#[cfg(test)]
mod tests {
    use super::{BroadcastRadius, Datagram, Encapsulation, WirelessNodeId, WirelessNodeIdTooLong};
    use crate::sn::{MessageType, PingResp};

    /// Section 5.5.
    #[test]
    fn a_node_id_has_0_to_252_octets() {
        let octets = [7; 253];
        assert_eq!(WirelessNodeId::new(&octets).err(), Some(WirelessNodeIdTooLong));
        assert_eq!(WirelessNodeId::new(&octets[1..]).unwrap().as_bytes().len(), 252);
        assert_eq!(WirelessNodeId::new(b"").unwrap(), WirelessNodeId::<&[u8]>::default());
        assert_eq!(format!("{:?}", WirelessNodeId::new(b"\x01\xAB").unwrap()), "01AB");
        assert!(WirelessNodeIdTooLong.to_string().contains("252"));
    }

    /// Section 5.5.
    #[test]
    fn a_radius_is_0_to_3() {
        for ctrl in 0..=u8::MAX {
            assert_eq!(BroadcastRadius::from_ctrl(ctrl).get(), ctrl % 4);
            assert_eq!(BroadcastRadius::new(ctrl).map(BroadcastRadius::get), Some(ctrl).filter(|ctrl| *ctrl < 4));
        }
        assert_eq!((BroadcastRadius::NONE, BroadcastRadius::MAX.get()), (BroadcastRadius::default(), 3));
    }

    #[test]
    fn a_datagram_begins_with_its_message_or_its_encapsulation() {
        let plain: Datagram<&[u8]> = PingResp.into();
        let encapsulation = Some(Encapsulation::new(WirelessNodeId::new(b"n").unwrap()));
        let encapsulated = Datagram { encapsulation, ..plain };
        assert_eq!(plain.message_type(), MessageType::PingResp);
        assert_eq!(encapsulated.message_type(), MessageType::Encapsulated);
        assert_eq!((plain == encapsulated, encapsulated == encapsulated.as_borrowed()), (false, true));
        assert_eq!(
            (plain.to_string(), encapsulated.to_string().as_str()),
            ("PINGRESP".to_owned(), "encapsulated node=6E radius=0: PINGRESP")
        );
    }
}
