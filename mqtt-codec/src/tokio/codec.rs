//! Codec for `tokio_util::codec::Framed`.

use crate::answer::{Answer, ConnectionPhase};
use crate::encode::Encode;
use crate::error::DecodeError;
use crate::frame::Frame;
use crate::stream::{StreamDecoder, StreamEncoder, StreamOptions};
use crate::tokio::connection::Connection;
use crate::tokio::encoders::encoders;
use crate::tokio::error::{CodecError, cut_off};
use crate::tokio::halves::{CodecReader, CodecWriter};
use crate::tokio::item::{CodecItem, is_of_connection};
use bytes::{Bytes, BytesMut};
use core::fmt;
use core::marker::PhantomData;
use core::num::NonZero;
use mqtt_types::{Packet, ProtocolVersion};
use tokio_util::codec::{Decoder, Encoder};

/// Codec for `tokio_util::codec::Framed`, which makes a connection a stream of packets and a sink for packets.
///
/// A server takes the version from the CONNECT that it receives, a client from the CONNECT that it sends. The version then
/// applies to both directions. Decoding is that of [`StreamDecoder`], encoding that of [`StreamEncoder`].
///
/// The codec returns whole packets only: [`with_payload_pieces_above`](StreamOptions::with_payload_pieces_above) has no effect.
/// The [item type](CodecItem) of the codec determines the form of received packets: packets or [frames](Self::frames),
/// with or without refused packets.
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
///
/// # After an error
///
/// `Framed` ends the stream after an error of the codec: it returns the error, then `None`. A caller that continues to
/// poll gets the same error again when more bytes arrive, unless it has called [`skip`](Self::skip) through
/// `codec_mut`. Even then, packets that are already in the buffer are returned only after more bytes were read. To skip
/// a refused packet and continue, use [`skip_refused`](Self::skip_refused). The sink is not affected: packets can be
/// sent after an error of either direction.
///
/// # Two halves
///
/// [`split`](Self::split) returns one codec for `FramedRead` and one for `FramedWrite`. Do not create a codec for each: the
/// writer would never learn the version.
pub struct Codec<I = Packet<Bytes>> {
    decoder: StreamDecoder,
    encoder: StreamEncoder,
    connection: Connection,
    item: PhantomData<fn() -> I>,
}

impl Codec {
    /// Creates a codec for a new connection. The version in the options applies to both directions.
    #[must_use]
    pub const fn new(options: StreamOptions) -> Self {
        let connection = Connection::new(&options);
        let decoder = StreamDecoder::new(options.with_payload_pieces_above(u32::MAX));
        Self { decoder, encoder: connection.encoder(), connection, item: PhantomData }
    }

    /// Creates a codec for a server, with the default limits.
    #[must_use]
    pub const fn server() -> Self {
        Self::new(StreamOptions::server())
    }

    /// Creates a codec for a client, with the default limits. The version is 5.0 until the client sends a CONNECT of another
    /// version.
    #[must_use]
    pub const fn client() -> Self {
        Self::new(StreamOptions::client(ProtocolVersion::V5))
    }

    /// Returns the codec with [frames](Frame) as its items, for programs that keep packets or forward them. It sends frames
    /// and packets alike.
    ///
    /// ```
    /// # use futures_util::{SinkExt, StreamExt};
    /// use mqtt_codec::{Codec, ConnAck, Connect, Frame, Packet, PacketType, Utf8String};
    /// use tokio_util::codec::Framed;
    ///
    /// # let (one, other) = tokio::io::duplex(1024);
    /// # let server = async move {
    /// let mut connection = Framed::new(one, Codec::server().frames());
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
    #[must_use]
    pub fn frames(self) -> Codec<Frame> {
        self.with_item()
    }
}

impl<I: CodecItem> Codec<I> {
    /// Returns the codec with results as its items: a refused packet is the item `Err`, and is skipped. The stream of
    /// `Framed` continues with the next packet.
    ///
    /// An error of the stream itself remains an error: a Remaining Length of more than four bytes, after which the next packet
    /// cannot be found, and an error of the transport.
    ///
    /// The standard requires that the connection is closed after a malformed packet \[MQTT-4.13.1-1\]. This method is
    /// for programs that prefer to lose one packet, for instance a packet that is larger than their limit.
    ///
    /// ```
    /// use futures_util::StreamExt;
    /// use mqtt_codec::{Codec, ProtocolVersion, StreamOptions};
    /// use tokio_util::codec::FramedRead;
    ///
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let received: &[u8] = b"\x30\x04\0\x01#\0\xC0\0"; // a PUBLISH to '#', and a PINGREQ
    /// let codec = Codec::new(StreamOptions::either(Some(ProtocolVersion::V5))).skip_refused();
    /// let mut connection = FramedRead::new(received, codec);
    /// while let Some(item) = connection.next().await {
    ///     match item? {
    ///         Ok(packet) => println!("{packet}"),
    ///         Err(error) => println!("lost: {error}"),
    ///     }
    /// }
    /// # Ok::<(), mqtt_codec::CodecError>(())
    /// # }).unwrap();
    /// ```
    #[must_use]
    pub fn skip_refused(self) -> Codec<Result<I, DecodeError>>
    where
        Result<I, DecodeError>: CodecItem,
    {
        self.with_item()
    }

    /// Splits the codec into one for `FramedRead` and one for `FramedWrite`, for instance in two tasks. They share the
    /// version, the phase of the connection and the Maximum Packet Size of the peer.
    ///
    /// ```
    /// use futures_util::{SinkExt, StreamExt};
    /// use mqtt_codec::{Codec, CodecError, ConnAck, Packet};
    /// use tokio_util::codec::{FramedRead, FramedWrite};
    ///
    /// async fn serve(socket: tokio::net::TcpStream) -> Result<(), CodecError> {
    ///     let (reader, writer) = Codec::server().split();
    ///     let (read_half, write_half) = socket.into_split();
    ///     let mut packets = FramedRead::new(read_half, reader);
    ///     let mut output = FramedWrite::new(write_half, writer);
    ///     while let Some(packet) = packets.next().await {
    ///         if let Packet::Connect(_) = packet? {
    ///             output.send(ConnAck::accepted(false).into()).await?; // in the version of the CONNECT
    ///         }
    ///     }
    ///     Ok(())
    /// }
    /// ```
    #[must_use]
    pub fn split(self) -> (CodecReader<I>, CodecWriter<I>) {
        CodecReader::pair(self.decoder, self.encoder, self.connection)
    }

    fn with_item<J>(self) -> Codec<J> {
        let Self { decoder, encoder, connection, item: PhantomData } = self;
        Codec { decoder, encoder, connection, item: PhantomData }
    }

    /// Returns the options for decoding.
    #[must_use]
    pub const fn options(&self) -> StreamOptions {
        self.decoder.options()
    }

    /// Replaces the options for decoding, see [`StreamDecoder::set_options`]. A version in the options applies to both
    /// directions.
    pub const fn set_options(&mut self, options: StreamOptions) {
        self.decoder.set_options(options.with_payload_pieces_above(u32::MAX));
        self.connection.set_options(&options);
        self.connection.inform_encoder(&mut self.encoder);
    }

    /// Sets the Maximum Packet Size of the peer. The argument is the result of the property's getter. See
    /// [`StreamEncoder::set_peer_maximum_packet_size`].
    ///
    /// The codec learns it from the CONNECT or CONNACK that it receives, unless
    /// [`set_learns_peer_limit`](Self::set_learns_peer_limit) turns that off. If the packet has no limit, a limit that
    /// was set before remains.
    pub const fn set_peer_maximum_packet_size(&mut self, limit: Option<NonZero<u32>>) {
        self.connection.limit = limit;
        self.encoder.set_peer_maximum_packet_size(limit);
    }

    /// Sets whether the codec takes the Maximum Packet Size of the peer from CONNECT and CONNACK. The default is `true`.
    pub const fn set_learns_peer_limit(&mut self, learns: bool) {
        self.connection.learns_limit = learns;
    }

    /// Sets whether explanatory properties are dropped from a packet that is too large, see
    /// [`StreamEncoder::set_drops_explanations`].
    pub const fn set_drops_explanations(&mut self, drops: bool) {
        self.encoder.set_drops_explanations(drops);
    }

    /// Skips the packet that caused the last error, see [`StreamDecoder::skip`].
    ///
    /// This method is for callers that use the codec without `Framed`, which ends after an error. A codec that [skips
    /// refused packets](Self::skip_refused) does this itself.
    #[must_use = "if it is false, the stream cannot be decoded further"]
    pub fn skip(&mut self) -> bool {
        self.decoder.skip()
    }

    /// Returns the decoder.
    #[must_use]
    pub const fn decoder(&self) -> &StreamDecoder {
        &self.decoder
    }

    /// Returns the version of the connection, or `None` before it is known. Then only a CONNECT can be sent.
    #[must_use]
    pub const fn version(&self) -> Option<ProtocolVersion> {
        self.decoder.version()
    }

    /// Returns the phase of the connection, according to the packets that were sent and received with this codec.
    #[must_use]
    pub const fn phase(&self) -> ConnectionPhase {
        self.connection.phase
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
        error.answer(self.decoder.options().role(), self.connection.phase)
    }

    /// Sets the version of the connection, for both directions.
    pub const fn set_version(&mut self, version: ProtocolVersion) {
        self.decoder.set_version(version);
        self.connection.version = Some(version);
        self.connection.inform_encoder(&mut self.encoder);
    }

    fn encode_packet(&mut self, packet: &impl Encode, output: &mut BytesMut) -> Result<(), CodecError> {
        self.connection.encode(&self.encoder, packet, output)?;
        if is_of_connection(packet.packet_type()) {
            self.connection.sent(&packet.as_packet());
            self.connection.inform_encoder(&mut self.encoder);
            self.connection.inform_decoder(&mut self.decoder);
        }
        Ok(())
    }

    fn decode_item(&mut self, buffer: &mut BytesMut) -> Result<Option<I>, CodecError> {
        let item = I::decode(&mut self.decoder, buffer)?;
        if let Some(item) = &item {
            item.inspect(|packet| {
                self.connection.received(packet);
                self.connection.inform_encoder(&mut self.encoder);
            });
        }
        Ok(item)
    }
}

impl<I> Clone for Codec<I> {
    fn clone(&self) -> Self {
        let (decoder, encoder, connection) = (self.decoder.clone(), self.encoder, self.connection);
        Self { decoder, encoder, connection, item: PhantomData }
    }
}

impl<I> fmt::Debug for Codec<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { decoder, encoder, connection, item: PhantomData } = self;
        f.debug_struct("Codec")
            .field("decoder", decoder)
            .field("encoder", encoder)
            .field("connection", connection)
            .finish()
    }
}

impl<I: CodecItem> Decoder for Codec<I> {
    type Item = I;
    type Error = CodecError;

    #[inline]
    fn decode(&mut self, buffer: &mut BytesMut) -> Result<Option<I>, CodecError> {
        if self.decoder.waits(buffer.len()) { Ok(None) } else { self.decode_item(buffer) }
    }

    fn decode_eof(&mut self, buffer: &mut BytesMut) -> Result<Option<I>, CodecError> {
        match self.decode(buffer)? {
            None if buffer.is_empty() && self.decoder.is_between_packets() => Ok(None),
            None => Err(cut_off()),
            item => Ok(item),
        }
    }
}

encoders! { Codec }

#[cfg(test)]
mod tests {
    use super::Codec;
    use crate::{CodecError, DecodeErrorKind, EncodeErrorKind, Frame, StreamOptions};
    use bytes::{Bytes, BytesMut};
    use core::num::NonZero;
    use mqtt_types::{
        ConnAck, ConnAckProperties, ConnAckReasonCode, Connect, Packet, PacketType, PingReq, ProtocolVersion, Publish,
        Sender, TopicName, Utf8String,
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
        codec.set_options(codec.options().with_payload_pieces_above(4).with_version(ProtocolVersion::V3_1_1));
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
        server.set_peer_maximum_packet_size(NonZero::new(10));
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

        let mut server = Codec::server();
        server.set_version(ProtocolVersion::V5);
        let error = server.encode(PingReq.into(), &mut BytesMut::new()).unwrap_err();
        let kind = EncodeErrorKind::NotFromSender(Sender::Server);
        assert!(matches!(error, CodecError::Encode(error) if error.kind() == kind));
    }

    #[test]
    fn frames_and_packets_follow_the_version_of_connect() {
        for protocol_version in ProtocolVersion::ALL {
            let connect = Connect { protocol_version, ..Connect::new(Utf8String::shared_from_static("c")) };
            let frame = Frame::encode(&connect, ProtocolVersion::V5).unwrap();
            let (mut client, mut server) = (Codec::client().frames(), Codec::server().frames());
            let mut wire = BytesMut::new();
            client.encode(frame.clone(), &mut wire).unwrap();
            assert_eq!(client.version(), Some(protocol_version));
            assert_eq!(server.decode(&mut wire).unwrap(), Some(frame));
            assert_eq!(server.version(), Some(protocol_version));
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
        let mut codec = Codec::client().frames();
        codec.set_version(ProtocolVersion::V3_1_1);
        let mut wire = BytesMut::new();
        codec.encode(frame, &mut wire).unwrap();
        assert_eq!(wire, b"\x30\x05\0\x01ahi"[..]);
    }

    #[test]
    fn a_connection_that_ends_within_a_packet_is_an_error() {
        let mut codec = Codec::client().frames();
        let mut wire = BytesMut::new();
        codec.encode(Frame::encode(&PingReq, ProtocolVersion::V5).unwrap(), &mut wire).unwrap();
        let mut cut = wire.split_to(1);
        let mut server = Codec::new(StreamOptions::either(Some(ProtocolVersion::V5))).frames();
        assert!(matches!(server.decode_eof(&mut cut), Err(CodecError::Io(_))));
        cut.unsplit(wire);
        assert!(matches!(server.decode_eof(&mut cut), Ok(Some(_))));
        assert!(matches!(server.decode_eof(&mut cut), Ok(None)));
    }
}
