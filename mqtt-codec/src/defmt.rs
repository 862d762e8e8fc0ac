//! `defmt::Format` for types that cannot derive it: those over a buffer, and those whose bytes may be secret.

use crate::forward::Forward;
use crate::stream::{SliceDecoder, StreamItem};
use crate::wire::Pieces;
use defmt::{Format, Formatter, write};
use mqtt_types::Buffer;

impl<B: Buffer> Format for StreamItem<B> {
    fn format(&self, f: Formatter<'_>) {
        match self {
            Self::Packet(packet) => packet.format(f),
            Self::PublishHead { publish, payload_len } => {
                write!(f, "PublishHead {{ publish: {}, payload_len: {=u32} }}", publish, payload_len);
            }
            Self::Payload { piece, remaining } => {
                let len = piece.as_ref().len();
                write!(f, "Payload {{ piece: {=usize} bytes, remaining: {=u32} }}", len, remaining);
            }
        }
    }
}

/// Implements `Format` with `Debug`, which hides secrets, for types that programs on microcontrollers rarely log.
macro_rules! by_debug {
    ($($type:ty)*) => {$(
        impl Format for $type {
            fn format(&self, f: Formatter<'_>) {
                write!(f, "{}", defmt::Debug2Format(self));
            }
        }
    )*};
}

by_debug! { SliceDecoder<'_> Forward<'_> Pieces<'_> crate::forward::Subscriber<'_> crate::refused::RefusedPacket<'_> }

#[cfg(feature = "bytes")]
by_debug! {
    crate::convert::Converted crate::frame::Frame crate::frame::PublishFrame crate::stream::FrameItem
    crate::stream::PushDecoder crate::stream::StreamDecoder
}
