//! Codec for `tokio_util::codec::Framed`.

use crate::answer::{Answer, ConnectionPhase};
use crate::encode::Encode;
use crate::error::{DecodeError, EncodeError};
use crate::frame::Frame;
use crate::options::EncodeOptions;
use crate::stream::{FrameItem, Role, StreamDecoder, StreamEncoder, StreamItem, StreamOptions};
use bytes::{Bytes, BytesMut};
use mqtt_types::{Packet, PacketType, ProtocolVersion};
use std::io;
use tokio_util::codec::{Decoder, Encoder};

/// Codec for `tokio_util::codec::Framed`, which makes a connection a stream of packets and a sink for packets.
///
/// A server takes the version from the CONNECT that it receives, a client from the CONNECT that it sends. The version then
/// applies to both directions. Decoding is that of [`StreamDecoder`], encoding that of [`StreamEncoder`].
///
/// The codec returns whole packets only: [`payload_pieces_above`](StreamOptions::payload_pieces_above) has no effect.
///
/// ```
/// # use futures_util::{SinkExt, StreamExt};
/// use mqtt_codec::{Codec, ConnAck, Connect, Packet, Utf8String};
/// use tokio_util::codec::Framed;
///
/// # let (one, other) = tokio::io::duplex(1024);
/// # let server = async move {
/// let mut connection = Framed::new(one, Codec::server());
/// while let Some(packet) = connection.next().await {
///     if let Packet::Connect(_) = packet? {
///         connection.send(ConnAck::accepted(false).into()).await?;
///     }
/// }
/// # Ok::<(), mqtt_codec::CodecError>(())
/// # };
/// # let client = async move {
/// let mut connection = Framed::new(other, Codec::client());
/// connection.send(Connect::new(Utf8String::shared_from_static("sensor-1")).into()).await?;
/// assert!(matches!(connection.next().await, Some(Ok(Packet::ConnAck(_)))));
/// # Ok::<(), mqtt_codec::CodecError>(())
/// # };
/// # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
/// # let (one, other) = runtime.block_on(async { tokio::join!(server, client) });
/// # one.unwrap();
/// # other.unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct Codec {
    decoder: StreamDecoder,
    encoder: StreamEncoder,
    phase: ConnectionPhase,
}

impl Codec {
    /// Creates a codec for a new connection. The version in the options applies to both directions.
    #[must_use]
    pub fn new(options: StreamOptions) -> Self {
        let decoder = StreamDecoder::new(options.payload_pieces_above(u32::MAX));
        let version = decoder.version().unwrap_or(ProtocolVersion::V5);
        let encode_options = EncodeOptions::new(version).sender(options.role().sender());
        Self { decoder, encoder: StreamEncoder::new(encode_options), phase: ConnectionPhase::Start }
    }

    /// Creates a codec for a server, with the default limits.
    #[must_use]
    pub fn server() -> Self {
        Self::new(StreamOptions::server())
    }

    /// Creates a codec for a client, with the default limits. The version is 5.0 until the client sends a CONNECT of another
    /// version.
    #[must_use]
    pub fn client() -> Self {
        Self::new(StreamOptions::client(ProtocolVersion::V5))
    }

    /// Returns the options for decoding.
    #[must_use]
    pub const fn options(&self) -> StreamOptions {
        self.decoder.options()
    }

    /// Replaces the options for decoding, see [`StreamDecoder::set_options`]. A version in the options applies to both
    /// directions.
    pub fn set_options(&mut self, options: StreamOptions) {
        self.decoder.set_options(options.payload_pieces_above(u32::MAX));
        self.sync_encoder_version();
    }

    /// Sets the Maximum Packet Size of the peer, see [`StreamEncoder::set_maximum_packet_size`].
    pub const fn set_maximum_packet_size(&mut self, bytes: u32) {
        self.encoder.set_maximum_packet_size(bytes);
    }

    /// Sets whether explanatory properties are dropped from a packet that is too large, see
    /// [`StreamEncoder::set_drops_explanations`].
    pub const fn set_drops_explanations(&mut self, drops: bool) {
        self.encoder.set_drops_explanations(drops);
    }

    /// Skips the packet that caused the last error, see [`StreamDecoder::skip`].
    ///
    /// `Framed` ends after an error. This method is for callers that use the codec without `Framed`.
    #[must_use = "if it is false, the stream cannot be decoded further"]
    pub fn skip(&mut self) -> bool {
        self.decoder.skip()
    }

    /// Returns the decoder.
    #[must_use]
    pub const fn decoder(&self) -> &StreamDecoder {
        &self.decoder
    }

    /// Returns the version of the connection, or `None` before it is known.
    #[must_use]
    pub const fn version(&self) -> Option<ProtocolVersion> {
        self.decoder.version()
    }

    /// Returns the phase of the connection, according to the packets that were sent and received with this codec.
    #[must_use]
    pub const fn phase(&self) -> ConnectionPhase {
        self.phase
    }

    /// Returns the packet to send before closing the connection after an error of this codec, or `None` if the
    /// connection should be closed without an answer.
    ///
    /// It is [`DecodeError::answer`] for the role and the phase of this codec. The answer is already encoded, so write
    /// its bytes to the transport directly:
    ///
    /// ```
    /// use futures_util::{SinkExt, StreamExt};
    /// use mqtt_codec::{Codec, CodecError};
    /// use tokio_util::codec::Framed;
    ///
    /// async fn serve(socket: tokio::net::TcpStream) -> Result<(), CodecError> {
    ///     let mut connection = Framed::new(socket, Codec::server());
    ///     while let Some(received) = connection.next().await {
    ///         match received {
    ///             Ok(packet) => println!("{packet}"),
    ///             Err(CodecError::Decode(error)) => {
    ///                 if let Some(answer) = connection.codec().answer(&error) {
    ///                     connection.write_buffer_mut().extend_from_slice(answer.as_bytes());
    ///                 }
    ///                 return connection.close().await;
    ///             }
    ///             Err(error) => return Err(error),
    ///         }
    ///     }
    ///     Ok(())
    /// }
    /// ```
    #[must_use]
    pub fn answer(&self, error: &DecodeError) -> Option<Answer> {
        error.answer(self.decoder.options().role(), self.phase)
    }

    /// Sets the version of the connection, for both directions.
    pub fn set_version(&mut self, version: ProtocolVersion) {
        self.decoder.set_version(version);
        self.sync_encoder_version();
    }

    /// Decodes the next packet and keeps it as a frame.
    pub(crate) fn decode_frame(&mut self, buffer: &mut BytesMut) -> Result<Option<Frame>, CodecError> {
        // `new` and `set_options` turn payloads in pieces off, so every item is a packet.
        let frame = self.decoder.next_frame(buffer)?.and_then(FrameItem::into_frame);
        if let Some(frame) = frame.as_ref().filter(|frame| changes_the_phase(frame.packet_type())) {
            self.phase.passed(&frame.packet());
            self.sync_encoder_version();
        }
        Ok(frame)
    }

    /// Checks that the connection was not closed in the middle of a packet.
    pub(crate) fn at_end(&self, buffer: &BytesMut) -> Result<(), CodecError> {
        if buffer.is_empty() && self.decoder.is_between_packets() {
            return Ok(());
        }
        Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the connection was closed in the middle of a packet").into())
    }

    /// Encodes a packet. A client takes the version of the connection from the CONNECT that it sends: `asks_for`.
    pub(crate) fn encode_packet(
        &mut self,
        packet: &impl Encode,
        asks_for: Option<ProtocolVersion>,
        output: &mut BytesMut,
    ) -> Result<(), CodecError> {
        self.encoder.encode(packet, output)?;
        if changes_the_phase(packet.packet_type()) {
            self.phase.passed(&packet.as_packet());
        }
        if let (Some(version), Role::Client) = (asks_for, self.decoder.options().role()) {
            self.set_version(version);
        }
        Ok(())
    }

    /// Sets the version for encoding to that for decoding.
    fn sync_encoder_version(&mut self) {
        if let Some(version) = self.decoder.version() {
            self.encoder.set_options(EncodeOptions { version, ..self.encoder.options() });
        }
    }
}

/// Returns `true` if a packet of this type changes the phase of a connection. Few do, so the others cost no more than this.
const fn changes_the_phase(packet_type: PacketType) -> bool {
    matches!(packet_type, PacketType::Connect | PacketType::ConnAck | PacketType::Disconnect)
}

/// Error of a connection that uses [`Codec`].
///
/// ```
/// use bytes::BytesMut;
/// use mqtt_codec::{Codec, CodecError};
/// use tokio_util::codec::Decoder;
///
/// let mut codec = Codec::server();
/// let mut received = BytesMut::from(&b"\x10\x0F\0\x04MQTT\x05\x02\0\0\0\0\x02\xC0\x80"[..]);
/// match codec.decode(&mut received) {
///     Ok(packet) => unreachable!("its Client Identifier is not UTF-8: {packet:?}"),
///     // Answer, if the version has an answer, and close the connection.
///     Err(CodecError::Decode(error)) => {
///         let answer = codec.answer(&error).unwrap();
///         assert_eq!(answer.as_bytes(), [0x20, 3, 0, 0x81, 0]); // CONNACK, Malformed Packet
///     }
///     // The packet was not sent. The connection is still usable.
///     Err(CodecError::Encode(error)) => println!("{error}"),
///     Err(error) => return Err(error.into()),
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CodecError {
    /// The transport failed, or was closed in the middle of a packet ([`UnexpectedEof`](io::ErrorKind::UnexpectedEof)).
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The peer sent an invalid packet. [`Codec::answer`] returns the packet to answer with.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// A packet cannot be encoded. No byte of it was sent, so the connection is still usable.
    #[error(transparent)]
    Encode(#[from] EncodeError),
}

impl Decoder for Codec {
    type Item = Packet<Bytes>;
    type Error = CodecError;

    fn decode(&mut self, buffer: &mut BytesMut) -> Result<Option<Self::Item>, CodecError> {
        // `new` and `set_options` turn payloads in pieces off, so every item is a packet.
        let packet = self.decoder.next_item(buffer)?.and_then(StreamItem::into_packet);
        if let Some(packet @ (Packet::Connect(_) | Packet::ConnAck(_) | Packet::Disconnect(_))) = &packet {
            self.phase.passed(packet);
            self.sync_encoder_version();
        }
        Ok(packet)
    }

    fn decode_eof(&mut self, buffer: &mut BytesMut) -> Result<Option<Self::Item>, CodecError> {
        match self.decode(buffer)? {
            None => self.at_end(buffer).map(|()| None),
            item => Ok(item),
        }
    }
}

/// Implemented for `Packet<Bytes>` only, so that `connection.send(PubAck::new(identifier).into())` needs no type annotation.
impl Encoder<Packet<Bytes>> for Codec {
    type Error = CodecError;

    fn encode(&mut self, packet: Packet<Bytes>, output: &mut BytesMut) -> Result<(), CodecError> {
        let asks_for = match &packet {
            Packet::Connect(connect) => Some(connect.protocol_version),
            _ => None,
        };
        self.encode_packet(&packet, asks_for, output)
    }
}

#[cfg(test)]
mod tests {
    use super::{Codec, CodecError};
    use crate::{DecodeErrorKind, EncodeErrorKind, StreamOptions};
    use bytes::{Bytes, BytesMut};
    use mqtt_types::{
        ConnAck, ConnAckProperties, ConnAckReasonCode, Connect, Packet, PingReq, ProtocolVersion, Sender, Utf8String,
    };
    use std::io;
    use tokio_util::codec::{Decoder, Encoder};

    #[test]
    fn both_directions_follow_connect() {
        for protocol_version in ProtocolVersion::ALL {
            let connect = Connect { protocol_version, ..Connect::new(Utf8String::shared_from_static("c")) };
            let (mut client, mut server, mut wire) = (Codec::client(), Codec::server(), BytesMut::new());
            assert_eq!(server.version(), None);
            client.encode(connect.into(), &mut wire).unwrap();
            assert!(matches!(server.decode(&mut wire), Ok(Some(Packet::Connect(_)))));
            assert_eq!((client.version(), server.version()), (Some(protocol_version), Some(protocol_version)));
            server.encode(ConnAck::accepted(false).into(), &mut wire).unwrap();
            assert_eq!(wire.len(), if protocol_version.is_v3() { 4 } else { 5 });
            let answer = client.decode(&mut wire).unwrap().unwrap();
            assert_eq!(answer, Packet::ConnAck(ConnAck::<&[u8]>::accepted(false)));
            server.encode(answer, &mut wire).unwrap();
        }
    }

    #[test]
    fn set_options_keeps_payloads_whole_and_sets_the_version_of_both_directions() {
        let mut codec = Codec::new(StreamOptions::either(Some(ProtocolVersion::V5)));
        codec.set_options(codec.options().payload_pieces_above(4).version(ProtocolVersion::V3_1_1));
        let mut wire = BytesMut::from(&[0x30, 7, 0, 1, b'a', b'd', b'a', b't', b'a'][..]);
        assert!(matches!(codec.decode(&mut wire), Ok(Some(Packet::Publish(_)))));
        let mut server = Codec::server();
        server.set_version(ProtocolVersion::V3_1_1);
        server.encode(ConnAck::accepted(false).into(), &mut wire).unwrap();
        assert_eq!(wire[..], [0x20, 2, 0, 0]);
    }

    #[test]
    fn encoding_obeys_the_peers_limit_and_drops_explanations_if_allowed() {
        let mut server = Codec::server();
        server.set_version(ProtocolVersion::V5);
        let reason = ConnAckProperties::new(Bytes::from_static(b"\x1F\0\x03why")).unwrap();
        let refused = ConnAck::refused(ConnAckReasonCode::BANNED).with_properties(reason);
        let mut wire = BytesMut::new();
        server.set_maximum_packet_size(10);
        let error = server.encode(refused.clone().into(), &mut wire).unwrap_err();
        let kind = EncodeErrorKind::ExceedsMaximumPacketSize { size: 11, limit: 10 };
        assert!(matches!(error, CodecError::Encode(error) if error.kind() == kind) && wire.is_empty());
        server.set_drops_explanations(true);
        server.encode(refused.into(), &mut wire).unwrap();
        assert_eq!(wire[..], [0x20, 3, 0, 0x8A, 0]);
    }

    #[test]
    fn errors_of_transport_peer_and_sender_are_distinct() {
        let mut server = Codec::server();
        let mut wire = BytesMut::from(&b"\x10\x0D\0\x04"[..]);
        assert!(matches!(server.decode(&mut wire), Ok(None)));
        let error = server.decode_eof(&mut wire).unwrap_err();
        assert!(matches!(&error, CodecError::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof));
        assert_eq!(error.to_string(), "the connection was closed in the middle of a packet");
        assert!(matches!(Codec::server().decode_eof(&mut BytesMut::new()), Ok(None)));

        // Also in the middle of a packet that is being skipped.
        let mut client = Codec::client();
        let mut wire = BytesMut::from(&[0x30, 0xFF, 0xFF, 0xFF, 0x7F][..]);
        assert!(client.decode(&mut wire).is_err() && client.skip());
        assert!(matches!(client.decode_eof(&mut wire), Err(CodecError::Io(_))));

        let error = Codec::server().decode(&mut BytesMut::from(&[0xC0, 0][..])).unwrap_err();
        assert!(matches!(error, CodecError::Decode(error) if error.kind() == DecodeErrorKind::ConnectExpected));

        let error = Codec::server().encode(PingReq.into(), &mut BytesMut::new()).unwrap_err();
        let kind = EncodeErrorKind::NotFromSender(Sender::Server);
        assert!(matches!(error, CodecError::Encode(error) if error.kind() == kind));
    }
}
