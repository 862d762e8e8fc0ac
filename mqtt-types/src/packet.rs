//! Any control packet.

use crate::{
    Auth, Buffer, ConnAck, Connect, DefaultBuffer, Disconnect, Lend, PacketIdentifier, PacketType, PingReq, PingResp,
    PubAck, PubComp, PubRec, PubRel, Publish, SubAck, Subscribe, UnsubAck, Unsubscribe,
};
use core::fmt;

macro_rules! packets {
    ($($variant:ident)*) => {
        /// A control packet of any type and version.
        ///
        /// The model is that of 5.0: packets of 3.x have no properties, and success where 3.x has no code. The fifteen
        /// types are all there are, so a `match` needs no other arm.
        ///
        /// ```
        /// use mqtt_types::{Packet, PacketType, PingReq};
        ///
        /// let packet: Packet<&[u8]> = PingReq.into();
        /// assert_eq!(packet.packet_type(), PacketType::PingReq);
        /// assert_eq!(packet.to_string(), "PINGREQ");
        /// ```
        #[derive(Clone, Copy)]
        #[expect(missing_docs, reason = "each variant is called what its packet is called; they are explained there")]
        pub enum Packet<B = DefaultBuffer> {
            $($variant($variant<B>),)*
            PingReq(PingReq),
            PingResp(PingResp),
        }

        impl<B> Packet<B> {
            /// The packet's type.
            #[inline]
            #[must_use]
            pub const fn packet_type(&self) -> PacketType {
                match self {
                    $(Self::$variant(_) => PacketType::$variant,)*
                    Self::PingReq(_) => PacketType::PingReq,
                    Self::PingResp(_) => PacketType::PingResp,
                }
            }
        }

        impl<B: Buffer> Packet<B> {
            #[inline]
            fn map_buffer<'i, C: Buffer>(&'i self, map: &mut impl FnMut(&'i B) -> C) -> Packet<C> {
                match self {
                    $(Self::$variant(packet) => Packet::$variant(packet.map_buffer(map)),)*
                    Self::PingReq(packet) => Packet::PingReq(*packet),
                    Self::PingResp(packet) => Packet::PingResp(*packet),
                }
            }
        }

        impl<B: Buffer, C: Buffer> PartialEq<Packet<C>> for Packet<B> {
            fn eq(&self, other: &Packet<C>) -> bool {
                match (self, other) {
                    $((Self::$variant(one), Packet::$variant(other)) => one == other,)*
                    (Self::PingReq(_), Packet::PingReq(_)) | (Self::PingResp(_), Packet::PingResp(_)) => true,
                    _ => false,
                }
            }
        }

        impl<B: Buffer> core::hash::Hash for Packet<B> {
            fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
                self.packet_type().hash(state);
                match self {
                    $(Self::$variant(packet) => packet.hash(state),)*
                    Self::PingReq(_) | Self::PingResp(_) => {}
                }
            }
        }

        /// As the packet itself.
        impl<B: Buffer> fmt::Debug for Packet<B> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$variant(packet) => fmt::Debug::fmt(packet, f),)*
                    Self::PingReq(packet) => fmt::Debug::fmt(packet, f),
                    Self::PingResp(packet) => fmt::Debug::fmt(packet, f),
                }
            }
        }

        /// One line for a log: the type and what matters most; no payload and no secret.
        impl<B: Buffer> fmt::Display for Packet<B> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$variant(packet) => fmt::Display::fmt(packet, f),)*
                    Self::PingReq(packet) => fmt::Display::fmt(packet, f),
                    Self::PingResp(packet) => fmt::Display::fmt(packet, f),
                }
            }
        }

        $(impl<B> From<$variant<B>> for Packet<B> {
            fn from(packet: $variant<B>) -> Self {
                Self::$variant(packet)
            }
        })*
    };
}

packets! {
    Connect ConnAck Publish PubAck PubRec PubRel PubComp Subscribe SubAck Unsubscribe UnsubAck Disconnect Auth
}

impl<B> Packet<B> {
    /// The Packet Identifier, if the packet has one.
    ///
    /// ```
    /// use mqtt_types::{Packet, PacketIdentifier, PubAck};
    ///
    /// let packet = Packet::from(PubAck::<&[u8]>::new(PacketIdentifier::MIN));
    /// assert_eq!(packet.packet_identifier(), Some(PacketIdentifier::MIN));
    /// ```
    #[must_use]
    pub const fn packet_identifier(&self) -> Option<PacketIdentifier> {
        match self {
            Self::Publish(packet) => packet.packet_identifier(),
            Self::PubAck(packet) => Some(packet.packet_identifier),
            Self::PubRec(packet) => Some(packet.packet_identifier),
            Self::PubRel(packet) => Some(packet.packet_identifier),
            Self::PubComp(packet) => Some(packet.packet_identifier),
            Self::Subscribe(packet) => Some(packet.packet_identifier),
            Self::SubAck(packet) => Some(packet.packet_identifier),
            Self::Unsubscribe(packet) => Some(packet.packet_identifier),
            Self::UnsubAck(packet) => Some(packet.packet_identifier),
            Self::Connect(_)
            | Self::ConnAck(_)
            | Self::PingReq(_)
            | Self::PingResp(_)
            | Self::Disconnect(_)
            | Self::Auth(_) => None,
        }
    }
}

impl<B: Buffer> Eq for Packet<B> {}

impl<B> From<PingReq> for Packet<B> {
    fn from(packet: PingReq) -> Self {
        Self::PingReq(packet)
    }
}

impl<B> From<PingResp> for Packet<B> {
    fn from(packet: PingResp) -> Self {
        Self::PingResp(packet)
    }
}

impl<'i, 'o, B: Lend<'i, 'o>> Packet<B> {
    /// The same packet, borrowed from this one: nothing is copied.
    #[inline]
    #[must_use]
    pub fn as_borrowed(&'i self) -> Packet<&'o [u8]> {
        self.map_buffer(&mut Lend::lend)
    }
}

#[cfg(feature = "bytes")]
impl Packet<&[u8]> {
    /// The same packet as shared slices of `frame`, the buffer that it was decoded from: no byte is copied, each part
    /// that is not empty counts one reference. What does not lie in `frame` is copied.
    #[inline]
    #[must_use]
    pub fn share(&self, frame: &bytes::Bytes) -> Packet<bytes::Bytes> {
        self.map_buffer(&mut |part| crate::buffer::share(frame, part))
    }

    /// The same packet in buffers of its own: each part that is not empty is allocated and copied.
    #[must_use]
    pub fn to_shared(&self) -> Packet<bytes::Bytes> {
        self.map_buffer(&mut |part| bytes::Bytes::copy_from_slice(part))
    }
}

#[cfg(feature = "bytes")]
impl From<Packet<&[u8]>> for Packet<bytes::Bytes> {
    /// Copies each part into a buffer of its own, as `to_shared` does.
    fn from(borrowed: Packet<&[u8]>) -> Self {
        borrowed.to_shared()
    }
}

#[cfg(feature = "bytes")]
impl<'a> From<&'a Packet<bytes::Bytes>> for Packet<&'a [u8]> {
    fn from(shared: &'a Packet<bytes::Bytes>) -> Self {
        shared.as_borrowed()
    }
}

#[cfg(test)]
mod tests {
    use super::Packet;
    use crate::{Connect, Publish};

    /// So that growth is a decision: a packet is moved out of decoders and through channels.
    #[test]
    #[cfg(target_pointer_width = "64")]
    fn sizes() {
        assert_eq!(size_of::<Publish<&[u8]>>(), 64);
        assert_eq!(size_of::<Connect<&[u8]>>(), 144);
        assert_eq!(size_of::<Packet<&[u8]>>(), 144);
    }
}
