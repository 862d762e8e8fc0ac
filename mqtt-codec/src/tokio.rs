//! The codec for `tokio_util::codec::Framed`.

use crate::error::{DecodeError, EncodeError};
use crate::options::EncodeOptions;
use crate::stream::{Role, StreamDecoder, StreamEncoder, StreamItem, StreamOptions};
use bytes::{Bytes, BytesMut};
use mqtt_types::{Packet, ProtocolVersion};
use std::io;
use tokio_util::codec::{Decoder, Encoder};

/// Decodes and encodes a connection, for `tokio_util::codec::Framed`: a stream of packets and a sink for packets.
///
/// A server learns the version from the CONNECT that it receives, a client from the CONNECT that it sends; both directions
/// keep it. Everything else is that of [`StreamDecoder`] and [`StreamEncoder`], which can be reached. Packets come whole:
/// [`payload_pieces_above`](StreamOptions::payload_pieces_above) has no effect here.
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
}

impl Codec {
    /// For a connection that begins, with these options for decoding; the version for encoding is the same.
    #[must_use]
    pub fn new(options: StreamOptions) -> Self {
        let decoder = StreamDecoder::new(options.payload_pieces_above(u32::MAX));
        let version = decoder.version().unwrap_or(ProtocolVersion::V5);
        let encode_options = EncodeOptions::new(version).sender(options.role().sender());
        Self { decoder, encoder: StreamEncoder::new(encode_options) }
    }

    /// For a server, with the default limits.
    #[must_use]
    pub fn server() -> Self {
        Self::new(StreamOptions::server())
    }

    /// For a client, with the default limits; the version is that of the CONNECT that it sends.
    #[must_use]
    pub fn client() -> Self {
        Self::new(StreamOptions::client(ProtocolVersion::V5))
    }

    /// The options for decoding.
    #[must_use]
    pub const fn options(&self) -> StreamOptions {
        self.decoder.options()
    }

    /// Changes the options for decoding, see [`StreamDecoder::set_options`]. If they name a version, it holds for both
    /// directions.
    pub fn set_options(&mut self, options: StreamOptions) {
        self.decoder.set_options(options.payload_pieces_above(u32::MAX));
        self.sync_encoder_version();
    }

    /// The largest packet that the peer takes, see [`StreamEncoder::set_maximum_packet_size`].
    pub const fn set_maximum_packet_size(&mut self, bytes: u32) {
        self.encoder.set_maximum_packet_size(bytes);
    }

    /// Whether explanations are left out of what is too large with them, see [`StreamEncoder::set_drops_explanations`].
    pub const fn set_drops_explanations(&mut self, drops: bool) {
        self.encoder.set_drops_explanations(drops);
    }

    /// Gives up the packet that the last error was about, see [`StreamDecoder::skip`]. (`Framed` ends after an error: this is
    /// for those who drive the codec themselves.)
    #[must_use = "if it is false, the stream cannot go on"]
    pub fn skip(&mut self) -> bool {
        self.decoder.skip()
    }

    /// The decoder, to look at.
    #[must_use]
    pub const fn decoder(&self) -> &StreamDecoder {
        &self.decoder
    }

    /// The version of the connection, once it is known.
    #[must_use]
    pub const fn version(&self) -> Option<ProtocolVersion> {
        self.decoder.version()
    }

    /// Takes this version for the connection's, in both directions.
    pub fn set_version(&mut self, version: ProtocolVersion) {
        self.decoder.set_version(version);
        self.sync_encoder_version();
    }

    /// What is sent has the version of what is received.
    fn sync_encoder_version(&mut self) {
        if let Some(version) = self.decoder.version() {
            self.encoder.set_options(EncodeOptions { version, ..self.encoder.options() });
        }
    }
}

/// What ends a connection: the socket, the peer, or a packet that cannot be sent.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CodecError {
    /// The socket failed, or was closed inside of a packet ([`UnexpectedEof`](io::ErrorKind::UnexpectedEof)).
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The peer sent what is no packet. [`DecodeError::reason_code`] tells what to answer.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// A packet cannot be sent. Nothing of it was; the connection can go on.
    #[error(transparent)]
    Encode(#[from] EncodeError),
}

impl Decoder for Codec {
    type Item = Packet<Bytes>;
    type Error = CodecError;

    fn decode(&mut self, buffer: &mut BytesMut) -> Result<Option<Self::Item>, CodecError> {
        // Payloads do not come in pieces: every way to the options sees to it.
        let packet = self.decoder.decode(buffer)?.and_then(StreamItem::into_packet);
        if let Some(Packet::Connect(_)) = packet {
            self.sync_encoder_version();
        }
        Ok(packet)
    }

    fn decode_eof(&mut self, buffer: &mut BytesMut) -> Result<Option<Self::Item>, CodecError> {
        match self.decode(buffer)? {
            None if !(buffer.is_empty() && self.decoder.is_between_packets()) => {
                Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the connection was closed inside of a packet").into())
            }
            item => Ok(item),
        }
    }
}

/// For packets over `Bytes` only: so that `connection.send(PubAck::new(identifier).into())` needs no type.
impl Encoder<Packet<Bytes>> for Codec {
    type Error = CodecError;

    fn encode(&mut self, packet: Packet<Bytes>, output: &mut BytesMut) -> Result<(), CodecError> {
        self.encoder.encode(&packet, output)?;
        if let (Packet::Connect(connect), Role::Client) = (&packet, self.decoder.options().role()) {
            self.set_version(connect.protocol_version);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Codec, CodecError};
    use crate::{DecodeErrorKind, EncodeErrorKind};
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
    fn payloads_stay_whole_and_directions_together_whatever_the_options_say() {
        let mut codec = Codec::client();
        codec.set_options(codec.options().payload_pieces_above(4).version(ProtocolVersion::V3_1_1));
        let mut wire = BytesMut::from(&[0x30, 7, 0, 1, b'a', b'd', b'a', b't', b'a'][..]);
        assert!(matches!(codec.decode(&mut wire), Ok(Some(Packet::Publish(_)))));
        let mut server = Codec::server();
        server.set_version(ProtocolVersion::V3_1_1);
        server.encode(ConnAck::accepted(false).into(), &mut wire).unwrap();
        assert_eq!(wire[..], [0x20, 2, 0, 0]);
    }

    #[test]
    fn what_is_sent_keeps_to_the_peers_limit_and_loses_its_explanation_if_that_is_allowed() {
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
    fn errors_of_socket_peer_and_sender_are_kept_apart() {
        let mut server = Codec::server();
        let mut wire = BytesMut::from(&b"\x10\x0D\0\x04"[..]);
        assert!(matches!(server.decode(&mut wire), Ok(None)));
        let error = server.decode_eof(&mut wire).unwrap_err();
        assert!(matches!(&error, CodecError::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof));
        assert_eq!(error.to_string(), "the connection was closed inside of a packet");
        assert!(matches!(Codec::server().decode_eof(&mut BytesMut::new()), Ok(None)));

        // Inside of a packet that is skipped too.
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
