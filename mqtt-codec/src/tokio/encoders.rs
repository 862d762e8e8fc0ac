//! The trait `Encoder` for a codec and for its half.

/// Implements `Encoder` for a type that has the method `encode_packet`.
macro_rules! encoders {
    ($codec:ident) => {
        /// A codec of packets encodes `Packet<Bytes>` only, so that `connection.send(PubAck::new(identifier).into())` needs no
        /// type annotation. A codec of frames encodes frames too.
        impl<I: CodecItem> Encoder<Packet<Bytes>> for $codec<I> {
            type Error = CodecError;

            fn encode(&mut self, packet: Packet<Bytes>, output: &mut BytesMut) -> Result<(), CodecError> {
                self.encode_packet(&packet, output)
            }
        }

        impl Encoder<Frame> for $codec<Frame> {
            type Error = CodecError;

            fn encode(&mut self, frame: Frame, output: &mut BytesMut) -> Result<(), CodecError> {
                self.encode_packet(&frame, output)
            }
        }

        impl Encoder<Frame> for $codec<Result<Frame, DecodeError>> {
            type Error = CodecError;

            fn encode(&mut self, frame: Frame, output: &mut BytesMut) -> Result<(), CodecError> {
                self.encode_packet(&frame, output)
            }
        }
    };
}
pub(super) use encoders;
