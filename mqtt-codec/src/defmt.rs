//! `defmt::Format` for types that cannot derive it: those over a buffer, those whose bytes may be secret, and options, which are
//! bits with names.

use crate::forward::Forward;
use crate::options::{DecodeOptions, Leniency};
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

/// Shows options as `Debug` does: their values, and the names of those that are on.
impl Format for DecodeOptions {
    fn format(&self, f: Formatter<'_>) {
        let (version, sender, size) = (self.version(), self.sender(), self.maximum_packet_size());
        write!(f, "DecodeOptions {{ version: {}, sender: {}, maximum_packet_size: {=u32}", version, sender, size);
        for name in self.names_of_what_is_on() {
            write!(f, ", {=str}: true", name);
        }
        write!(f, " }}");
    }
}

#[cfg(feature = "sn")]
impl Format for crate::sn::DecodeOptions {
    fn format(&self, f: Formatter<'_>) {
        write!(f, "DecodeOptions {{ sender: {}", self.sender());
        for leniency in self.leniencies() {
            write!(f, ", {}: true", leniency);
        }
        write!(f, " }}");
    }
}

/// Implements `Format` for leniencies, which are shown as their names.
macro_rules! by_name {
    ($($type:ty)*) => {$(
        impl Format for $type {
            fn format(&self, f: Formatter<'_>) {
                write!(f, "{=str}", self.name());
            }
        }
    )*};
}

by_name! { Leniency }

#[cfg(feature = "sn")]
by_name! { crate::sn::Leniency }

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
    crate::convert::Converted crate::forward::FanOut<'_> crate::frame::Frame crate::frame::PublishFrame crate::stream::FrameItem
    crate::stream::PushDecoder crate::stream::StreamDecoder
}
