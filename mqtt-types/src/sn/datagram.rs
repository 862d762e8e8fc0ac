//! A datagram: one message, and what a forwarder puts in front of it. Section 5.5.

use crate::buffer::{Buffer, DefaultBuffer, IntoBuffer, Lend};
use crate::sn::{Message, MessageType};
use core::fmt;

/// All that one datagram holds: a message, and in front of it a forwarder's encapsulation, if it came through one.
///
/// An encapsulation inside another does not exist. What answers a message goes back through the forwarder that it came
/// from: put the encapsulation that was received in front of the answer.
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
    /// What a forwarder has put in front of the message.
    pub encapsulation: Option<Encapsulation<B>>,
    /// The message.
    pub message: Message<B>,
}

impl<B> Datagram<B> {
    /// Returns what the datagram begins with: the message's type, or `Encapsulated`.
    #[must_use]
    pub const fn message_type(&self) -> MessageType {
        match self.encapsulation {
            Some(_) => MessageType::Encapsulated,
            None => self.message.message_type(),
        }
    }
}

impl<B, M: Into<Message<B>>> From<M> for Datagram<B> {
    /// A message without an encapsulation.
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

/// A forwarder's encapsulation: from which wireless node a message came, or to which it goes. Section 5.5.
///
/// ```text
/// Length            of the encapsulation alone: 3, and the octets of Wireless Node Id
/// MsgType           0xFE
/// Ctrl              broadcast radius (bits 1 and 0)
/// Wireless Node Id  0 to 252 octets
/// ```
#[derive(Clone, Copy)]
pub struct Encapsulation<B = DefaultBuffer> {
    /// How far the forwarder is to broadcast the message: only from a gateway.
    pub radius: BroadcastRadius,
    /// The node.
    pub wireless_node_id: WirelessNodeId<B>,
}

impl<B> Encapsulation<B> {
    /// Returns an encapsulation without a broadcast.
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BroadcastRadius(u8);

impl BroadcastRadius {
    /// 0: no broadcast.
    pub const NONE: Self = Self(0);
    /// 3.
    pub const MAX: Self = Self(3);

    /// Returns the radius of a number from 0 to 3.
    #[must_use]
    pub const fn new(radius: u8) -> Option<Self> {
        if radius <= Self::MAX.0 { Some(Self(radius)) } else { None }
    }

    /// Returns the radius in a Ctrl octet, bits 1 and 0; the other bits are reserved and ignored.
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

/// The address of a wireless node, 0 to 252 octets: only its forwarder knows what they mean. Section 5.5.
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
    /// The most octets: the one-octet Length counts three more.
    pub const MAX_LEN: usize = 252;

    /// Checks the length; copies nothing.
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

/// In hexadecimal.
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

/// More than 252 octets of Wireless Node Id.
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
