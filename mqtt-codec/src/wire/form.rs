//! Form of decoded packets: borrowed, or shared slices of a buffer.

use mqtt_types::{
    Auth, Buffer, ConnAck, Connect, Disconnect, Packet, PingReq, PingResp, PubAck, PubComp, PubRec, PubRel, Publish,
    SubAck, Subscribe, UnsubAck, Unsubscribe,
};

/// Form of decoded packets.
pub(crate) trait Form {
    type Buffer<'a>: Buffer;

    /// Converts a decoded packet into this form.
    fn convert<'a>(&self, packet: impl DecodedPacket<'a>) -> Packet<Self::Buffer<'a>>;
}

/// Packets that borrow from the input.
#[derive(Clone, Copy)]
pub(crate) struct Borrowed;

impl Form for Borrowed {
    type Buffer<'a> = &'a [u8];

    #[inline(always)]
    fn convert<'a>(&self, packet: impl DecodedPacket<'a>) -> Packet<&'a [u8]> {
        packet.into()
    }
}

/// Packets that own slices of this buffer.
#[cfg(feature = "bytes")]
#[derive(Clone, Copy)]
pub(crate) struct Shared<'f>(pub(crate) &'f bytes::Bytes);

#[cfg(feature = "bytes")]
impl Form for Shared<'_> {
    type Buffer<'a> = bytes::Bytes;

    #[inline(always)]
    fn convert<'a>(&self, packet: impl DecodedPacket<'a>) -> Packet<bytes::Bytes> {
        packet.share(self.0)
    }
}

/// Packet of a known type, as its decoder returns it.
///
/// The conversion into a [`Form`] happens while the type is known, so it does not have to match on [`Packet`].
pub(crate) trait DecodedPacket<'a>: Into<Packet<&'a [u8]>> {
    /// Returns the packet with slices of `frame`, from which it borrows.
    #[cfg(feature = "bytes")]
    fn share(&self, frame: &bytes::Bytes) -> Packet<bytes::Bytes>;
}

macro_rules! decoded_packets {
    ($($packet:ident)*) => {$(
        impl<'a> DecodedPacket<'a> for $packet<&'a [u8]> {
            #[cfg(feature = "bytes")]
            #[inline(always)]
            fn share(&self, frame: &bytes::Bytes) -> Packet<bytes::Bytes> {
                $packet::share(self, frame).into()
            }
        }
    )*};
}

decoded_packets! {
    Connect ConnAck Publish PubAck PubRec PubRel PubComp Subscribe SubAck Unsubscribe UnsubAck Disconnect Auth
}

macro_rules! packets_without_body {
    ($($packet:ident)*) => {$(
        impl<'a> DecodedPacket<'a> for $packet {
            #[cfg(feature = "bytes")]
            #[inline(always)]
            fn share(&self, _: &bytes::Bytes) -> Packet<bytes::Bytes> {
                (*self).into()
            }
        }
    )*};
}

packets_without_body!(PingReq PingResp);
