//! The form in which packets are returned: borrowed, or sharing a buffer.

use mqtt_types::{
    Auth, Buffer, ConnAck, Connect, Disconnect, Packet, PingReq, PingResp, PubAck, PubComp, PubRec, PubRel, Publish,
    SubAck, Subscribe, UnsubAck, Unsubscribe,
};

/// In which form packets are given.
pub(crate) trait Form {
    type Buffer<'a>: Buffer;

    fn convert<'a>(&self, packet: impl DecodedPacket<'a>) -> Packet<Self::Buffer<'a>>;
}

/// As they are.
#[derive(Clone, Copy)]
pub(crate) struct Borrowed;

impl Form for Borrowed {
    type Buffer<'a> = &'a [u8];

    #[inline(always)]
    fn convert<'a>(&self, packet: impl DecodedPacket<'a>) -> Packet<&'a [u8]> {
        packet.into()
    }
}

/// As slices of this buffer.
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

/// A packet as its decoder gives it: of one type, so that nobody asks which it is to give it its form.
pub(crate) trait DecodedPacket<'a>: Into<Packet<&'a [u8]>> {
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
