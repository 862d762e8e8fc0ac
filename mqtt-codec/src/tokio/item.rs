//! Items of a codec: packets or frames, or results that also contain the errors of refused packets.

use crate::error::DecodeError;
use crate::frame::Frame;
use bytes::Bytes;
use mqtt_types::{Packet, PacketType};

/// Item of a [`Codec`](crate::Codec): the form of received packets.
///
/// | item | created by | a refused packet is |
/// | --- | --- | --- |
/// | [`Packet<Bytes>`](Packet) | `Codec::server()`, `Codec::client()`, `Codec::new(…)` | an error, after which `Framed` ends |
/// | [`Frame`] | [`codec.frames()`](crate::Codec::frames) | the same |
/// | `Result<Packet<Bytes>, DecodeError>` | [`codec.skip_refused()`](crate::Codec::skip_refused) | an item, after which the next packet follows |
/// | `Result<Frame, DecodeError>` | `codec.frames().skip_refused()` | the same |
///
/// This trait is sealed: it cannot be implemented elsewhere.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an item of a codec",
    label = "see the documentation of `CodecItem` for the types",
    note = "`Codec` without a parameter has whole packets as items"
)]
pub trait CodecItem: sealed::Sealed {}

impl CodecItem for Packet<Bytes> {}
impl CodecItem for Frame {}
impl CodecItem for Result<Packet<Bytes>, DecodeError> {}
impl CodecItem for Result<Frame, DecodeError> {}

/// Returns `true` if the codec must examine a packet of this type. For all other types, this check is the only cost.
pub(crate) const fn is_of_connection(packet_type: PacketType) -> bool {
    matches!(packet_type, PacketType::Connect | PacketType::ConnAck | PacketType::Disconnect)
}

pub(crate) mod sealed {
    use super::is_of_connection;
    use crate::error::DecodeError;
    use crate::frame::Frame;
    use crate::stream::{FrameItem, StreamDecoder, StreamItem};
    use bytes::{Bytes, BytesMut};
    use mqtt_types::Packet;

    #[expect(unnameable_types, reason = "an unnameable supertrait seals `CodecItem`")]
    pub trait Sealed: Sized {
        /// Decodes the next item. The decoder returns no payloads in pieces, so every item of the stream is a packet.
        #[doc(hidden)]
        fn decode(decoder: &mut StreamDecoder, buffer: &mut BytesMut) -> Result<Option<Self>, DecodeError>;

        /// Calls `see` with a CONNECT, CONNACK or DISCONNECT.
        #[doc(hidden)]
        fn inspect(&self, see: impl FnOnce(&Packet<&[u8]>));
    }

    impl Sealed for Packet<Bytes> {
        #[inline]
        fn decode(decoder: &mut StreamDecoder, buffer: &mut BytesMut) -> Result<Option<Self>, DecodeError> {
            Ok(decoder.next_item(buffer)?.and_then(StreamItem::into_packet))
        }

        #[inline]
        fn inspect(&self, see: impl FnOnce(&Packet<&[u8]>)) {
            if is_of_connection(self.packet_type()) {
                see(&self.as_borrowed());
            }
        }
    }

    impl Sealed for Frame {
        #[inline]
        fn decode(decoder: &mut StreamDecoder, buffer: &mut BytesMut) -> Result<Option<Self>, DecodeError> {
            Ok(decoder.next_frame(buffer)?.and_then(FrameItem::into_frame))
        }

        #[inline]
        fn inspect(&self, see: impl FnOnce(&Packet<&[u8]>)) {
            if is_of_connection(self.packet_type()) {
                see(&self.packet());
            }
        }
    }

    impl<I: Sealed> Sealed for Result<I, DecodeError> {
        #[inline]
        fn decode(decoder: &mut StreamDecoder, buffer: &mut BytesMut) -> Result<Option<Self>, DecodeError> {
            match I::decode(decoder, buffer) {
                Ok(item) => Ok(item.map(Ok)),
                Err(error) if decoder.skip() => Ok(Some(Err(error))),
                // The start of the next packet is unknown.
                Err(error) => Err(error),
            }
        }

        #[inline]
        fn inspect(&self, see: impl FnOnce(&Packet<&[u8]>)) {
            if let Ok(item) = self {
                item.inspect(see);
            }
        }
    }
}
