//! Codec whose items are frames.

use crate::frame::Frame;
use crate::stream::StreamOptions;
use crate::tokio::codec::{Codec, CodecError};
use bytes::{Bytes, BytesMut};
use mqtt_types::{Packet, PacketType};
use tokio_util::codec::{Decoder, Encoder};

/// Codec for `tokio_util::codec::Framed` whose items are [frames](Frame), for programs that keep or forward packets.
///
/// It works as a [`Codec`] does, except that received packets are frames. It sends packets and frames.
///
/// ```
/// # use futures_util::{SinkExt, StreamExt};
/// use mqtt_codec::{ConnAck, Connect, Frame, FrameCodec, Packet, PacketType, Utf8String};
/// use tokio_util::codec::Framed;
///
/// # let (one, other) = tokio::io::duplex(1024);
/// # let server = async move {
/// let mut connection = Framed::new(one, FrameCodec::new(mqtt_codec::Codec::server()));
/// let frame: Frame = connection.next().await.unwrap()?;
/// assert_eq!(frame.packet_type(), PacketType::Connect);
/// connection.send(Packet::from(ConnAck::accepted(false))).await?;
/// # Ok::<(), mqtt_codec::CodecError>(())
/// # };
/// # let client = async move {
/// # let mut connection = Framed::new(other, mqtt_codec::Codec::client());
/// # connection.send(Connect::new(Utf8String::shared_from_static("sensor-1")).into()).await?;
/// # assert!(matches!(connection.next().await, Some(Ok(Packet::ConnAck(_)))));
/// # Ok::<(), mqtt_codec::CodecError>(())
/// # };
/// # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
/// # let (one, other) = runtime.block_on(async { tokio::join!(server, client) });
/// # one.unwrap();
/// # other.unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct FrameCodec {
    codec: Codec,
}

impl FrameCodec {
    /// Creates a codec that decodes and encodes as this one does.
    #[must_use]
    pub const fn new(codec: Codec) -> Self {
        Self { codec }
    }

    /// Returns the codec below: its version, limits and options.
    #[must_use]
    pub const fn codec(&self) -> &Codec {
        &self.codec
    }

    /// Returns the codec below, to change its options or limits.
    #[must_use]
    pub const fn codec_mut(&mut self) -> &mut Codec {
        &mut self.codec
    }
}

impl From<StreamOptions> for FrameCodec {
    fn from(options: StreamOptions) -> Self {
        Self::new(Codec::new(options))
    }
}

impl Decoder for FrameCodec {
    type Item = Frame;
    type Error = CodecError;

    fn decode(&mut self, buffer: &mut BytesMut) -> Result<Option<Frame>, CodecError> {
        self.codec.decode_frame(buffer)
    }

    fn decode_eof(&mut self, buffer: &mut BytesMut) -> Result<Option<Frame>, CodecError> {
        match self.decode(buffer)? {
            None => self.codec.at_end(buffer).map(|()| None),
            item => Ok(item),
        }
    }
}

impl Encoder<Frame> for FrameCodec {
    type Error = CodecError;

    fn encode(&mut self, frame: Frame, output: &mut BytesMut) -> Result<(), CodecError> {
        let asks_for = (frame.packet_type() == PacketType::Connect).then(|| frame.version());
        self.codec.encode_packet(&frame, asks_for, output)
    }
}

impl Encoder<Packet<Bytes>> for FrameCodec {
    type Error = CodecError;

    fn encode(&mut self, packet: Packet<Bytes>, output: &mut BytesMut) -> Result<(), CodecError> {
        Encoder::encode(&mut self.codec, packet, output)
    }
}

#[cfg(test)]
mod tests {
    use super::FrameCodec;
    use crate::{Codec, CodecError, Frame};
    use bytes::{Bytes, BytesMut};
    use mqtt_types::{ConnAck, Connect, Packet, PacketType, PingReq, ProtocolVersion, Publish, TopicName, Utf8String};
    use tokio_util::codec::{Decoder, Encoder};

    #[test]
    fn frames_and_packets_follow_the_version_of_connect() {
        for protocol_version in ProtocolVersion::ALL {
            let connect = Connect { protocol_version, ..Connect::new(Utf8String::shared_from_static("c")) };
            let frame = Frame::encode(&connect, ProtocolVersion::V5).unwrap();
            let (mut client, mut server) = (FrameCodec::new(Codec::client()), FrameCodec::new(Codec::server()));
            let mut wire = BytesMut::new();
            client.encode(frame.clone(), &mut wire).unwrap();
            assert_eq!(client.codec().version(), Some(protocol_version));
            assert_eq!(server.decode(&mut wire).unwrap(), Some(frame));
            assert_eq!(server.codec().version(), Some(protocol_version));
            server.encode(Packet::<Bytes>::from(ConnAck::accepted(false)), &mut wire).unwrap();
            assert_eq!(wire.len(), if protocol_version.is_v3() { 4 } else { 5 });
            let answer = client.decode(&mut wire).unwrap().unwrap();
            assert_eq!((answer.packet_type(), answer.version()), (PacketType::ConnAck, protocol_version));
        }
    }

    #[test]
    fn a_frame_of_another_version_is_encoded_in_that_of_the_connection() {
        let message = Publish::new(TopicName::from_static("a"), b"hi");
        let frame = Frame::encode(&message, ProtocolVersion::V5).unwrap();
        let mut codec = FrameCodec::new(Codec::client());
        codec.codec_mut().set_version(ProtocolVersion::V3_1_1);
        let mut wire = BytesMut::new();
        codec.encode(frame, &mut wire).unwrap();
        assert_eq!(wire, b"\x30\x05\0\x01ahi"[..]);
    }

    #[test]
    fn a_connection_that_ends_within_a_packet_is_an_error() {
        let mut codec = FrameCodec::new(Codec::client());
        let mut wire = BytesMut::new();
        codec.encode(Frame::encode(&PingReq, ProtocolVersion::V5).unwrap(), &mut wire).unwrap();
        let mut cut = wire.split_to(1);
        let mut server = FrameCodec::new(Codec::new(crate::StreamOptions::either(Some(ProtocolVersion::V5))));
        assert!(matches!(server.decode_eof(&mut cut), Err(CodecError::Io(_))));
        cut.unsplit(wire);
        assert!(matches!(server.decode_eof(&mut cut), Ok(Some(_))));
        assert!(matches!(server.decode_eof(&mut cut), Ok(None)));
    }
}
