//! Halves of a codec, for `FramedRead` and `FramedWrite`.

use crate::answer::{Answer, ConnectionPhase};
use crate::encode::Encode;
use crate::error::DecodeError;
use crate::frame::Frame;
use crate::stream::{StreamDecoder, StreamEncoder, StreamOptions};
use crate::tokio::connection::{Connection, SharedConnection};
use crate::tokio::encoders::encoders;
use crate::tokio::error::{CodecError, cut_off};
use crate::tokio::item::{CodecItem, is_of_connection};
use alloc::sync::Arc;
use bytes::{Bytes, BytesMut};
use core::fmt;
use core::marker::PhantomData;
use core::num::NonZero;
use mqtt_types::{Packet, ProtocolVersion};
use tokio_util::codec::{Decoder, Encoder};

/// Half of a [`Codec`](crate::Codec) that decodes, for `FramedRead`. [`Codec::split`](crate::Codec::split) creates it.
pub struct CodecReader<I = Packet<Bytes>> {
    decoder: StreamDecoder,
    connection: Connection,
    link: Link,
    item: PhantomData<fn() -> I>,
}

/// Half of a [`Codec`](crate::Codec) that encodes, for `FramedWrite`. [`Codec::split`](crate::Codec::split) creates it.
///
/// It encodes in the version that its [`CodecReader`] has taken from CONNECT. Before that is known, every packet but CONNECT is
/// the error [`VersionUnknown`](crate::EncodeErrorKind::VersionUnknown).
pub struct CodecWriter<I = Packet<Bytes>> {
    encoder: StreamEncoder,
    connection: Connection,
    link: Link,
    item: PhantomData<fn() -> I>,
}

/// The state that both halves share, and the number of changes that this half has seen.
#[derive(Debug)]
struct Link {
    shared: Arc<SharedConnection>,
    seen: usize,
}

impl<I: CodecItem> CodecReader<I> {
    pub(crate) fn pair(
        decoder: StreamDecoder,
        encoder: StreamEncoder,
        connection: Connection,
    ) -> (Self, CodecWriter<I>) {
        let shared = Arc::new(SharedConnection::new(connection));
        let link = Link { shared: Arc::clone(&shared), seen: 0 };
        let writer = CodecWriter { encoder, connection, link, item: PhantomData };
        (Self { decoder, connection, link: Link { shared, seen: 0 }, item: PhantomData }, writer)
    }

    /// Returns the options.
    #[must_use]
    pub const fn options(&self) -> StreamOptions {
        self.decoder.options()
    }

    /// Replaces the options, see [`Codec::set_options`](crate::Codec::set_options).
    pub fn set_options(&mut self, options: StreamOptions) {
        self.decoder.set_options(options.with_payload_pieces_above(u32::MAX));
        self.connection = self.link.shared.update(&mut self.link.seen, |connection| connection.set_options(&options));
    }

    /// Skips the packet that caused the last error, see [`StreamDecoder::skip`].
    #[must_use = "if it is false, the stream cannot be decoded further"]
    pub fn skip(&mut self) -> bool {
        self.decoder.skip()
    }

    /// Returns the version of the connection, or `None` before it is known.
    #[must_use]
    pub fn version(&mut self) -> Option<ProtocolVersion> {
        self.refresh();
        self.connection.version
    }

    /// Returns the phase of the connection, according to the packets of both halves.
    #[must_use]
    pub fn phase(&mut self) -> ConnectionPhase {
        self.refresh();
        self.connection.phase
    }

    /// Returns the packet to send before closing the connection after an error, see
    /// [`Codec::answer`](crate::Codec::answer). Write its bytes to the write buffer of `FramedWrite` directly, not
    /// through the [`CodecWriter`].
    #[must_use]
    pub fn answer(&mut self, error: &DecodeError) -> Option<Answer> {
        error.answer(self.decoder.options().role(), self.phase())
    }

    /// Takes what the other half has learnt.
    #[inline]
    fn refresh(&mut self) {
        if let Some(connection) = self.link.shared.news(&mut self.link.seen) {
            self.connection = connection;
            connection.inform_decoder(&mut self.decoder);
        }
    }

    fn decode_item(&mut self, buffer: &mut BytesMut) -> Result<Option<I>, CodecError> {
        let item = I::decode(&mut self.decoder, buffer)?;
        if let Some(item) = &item {
            let link = &mut self.link;
            item.inspect(|packet| {
                self.connection = link.shared.update(&mut link.seen, |connection| connection.received(packet));
            });
        }
        Ok(item)
    }
}

impl<I: CodecItem> Decoder for CodecReader<I> {
    type Item = I;
    type Error = CodecError;

    #[inline]
    fn decode(&mut self, buffer: &mut BytesMut) -> Result<Option<I>, CodecError> {
        self.refresh();
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

impl<I: CodecItem> CodecWriter<I> {
    /// Sets the Maximum Packet Size of the peer, see
    /// [`Codec::set_peer_maximum_packet_size`](crate::Codec::set_peer_maximum_packet_size).
    pub fn set_peer_maximum_packet_size(&mut self, limit: Option<NonZero<u32>>) {
        self.update(|connection| connection.limit = limit);
    }

    /// Sets whether properties that only explain are dropped from a packet that is too large, see
    /// [`StreamEncoder::set_drops_explanations`].
    pub const fn set_drops_explanations(&mut self, drops: bool) {
        self.encoder.set_drops_explanations(drops);
    }

    /// Returns the version of the connection, or `None` before it is known. Then only a CONNECT can be sent.
    #[must_use]
    pub fn version(&mut self) -> Option<ProtocolVersion> {
        self.refresh();
        self.connection.version
    }

    /// Takes what the other half has learnt.
    #[inline]
    fn refresh(&mut self) {
        if let Some(connection) = self.link.shared.news(&mut self.link.seen) {
            self.connection = connection;
            connection.inform_encoder(&mut self.encoder);
        }
    }

    fn update(&mut self, change: impl FnOnce(&mut Connection)) {
        self.connection = self.link.shared.update(&mut self.link.seen, change);
        self.connection.inform_encoder(&mut self.encoder);
    }

    fn encode_packet(&mut self, packet: &impl Encode, output: &mut BytesMut) -> Result<(), CodecError> {
        self.refresh();
        self.connection.encode(&self.encoder, packet, output)?;
        if is_of_connection(packet.packet_type()) {
            self.update(|connection| connection.sent(&packet.as_packet()));
        }
        Ok(())
    }
}

encoders! { CodecWriter }

impl<I> fmt::Debug for CodecReader<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { decoder, connection, .. } = self;
        f.debug_struct("CodecReader").field("decoder", decoder).field("connection", connection).finish_non_exhaustive()
    }
}

impl<I> fmt::Debug for CodecWriter<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { encoder, connection, .. } = self;
        f.debug_struct("CodecWriter").field("encoder", encoder).field("connection", connection).finish_non_exhaustive()
    }
}
