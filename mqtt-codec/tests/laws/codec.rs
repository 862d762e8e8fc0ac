//! For any stream in any pieces, and any packets sent in between: `Codec` behaves as a `StreamDecoder` and a
//! `StreamEncoder` with a common version.

use super::stream::{Stream, cut};
use super::{limit_of, version};
use arbitrary::Unstructured;
use bytes::BytesMut;
use core::num::NonZero;
use mqtt_codec::{
    Codec, CodecError, EncodeErrorKind, EncodeOptions, Packet, PacketType, ProtocolVersion, Role, StreamDecoder,
    StreamEncoder, StreamItem,
};
use std::io;
use tokio_util::codec::{Decoder, Encoder};

pub(super) fn law(data: &[u8]) {
    let Some((stream, data)) = Stream::split(data) else { return };
    let Some(([limit, drops, sent_high, sent_low], data)) = data.split_first_chunk::<4>() else { return };
    let sent = usize::from(u16::from_be_bytes([*sent_high, *sent_low])).min(data.len());
    let (sent, input) = data.split_at(sent);
    let mut sent = Unstructured::new(sent);

    let mut codec = Codec::new(stream.options);
    let mut twin = Twin::new(&stream);
    let limit = NonZero::new(limit_of(*limit, u32::MAX));
    codec.set_peer_maximum_packet_size(limit);
    twin.encoder.set_peer_maximum_packet_size(limit);
    twin.learns = *drops & 2 == 0;
    codec.set_learns_peer_limit(twin.learns);
    codec.set_drops_explanations(*drops != 0);
    twin.encoder.set_drops_explanations(*drops != 0);

    let (mut buffer, mut output) = (BytesMut::new(), BytesMut::new());
    let mut rest = input;
    for read in 0.. {
        if !sent.is_empty() {
            // A CONNECT may change the version, and a mistaken sender forget it.
            let version = match sent.arbitrary().unwrap_or_default() {
                0..0x80 => codec.version().unwrap_or(ProtocolVersion::V5),
                other @ 0x80.. => version(other),
            };
            if let Ok(packet) = Packet::arbitrary_for(version, &mut sent) {
                twin.sends(&mut codec, packet, &mut output);
            }
        }
        let (now, later) = rest.split_at(rest.len().min(cut(&stream.cuts, read)));
        buffer.extend_from_slice(now);
        twin.buffer.extend_from_slice(now);
        rest = later;
        if !twin.decodes(&mut codec, &mut buffer) {
            return;
        }
        if rest.is_empty() {
            break;
        }
    }
    let is_over = buffer.is_empty() && twin.decoder.is_between_packets();
    match codec.decode_eof(&mut buffer) {
        Ok(None) => assert!(is_over),
        Err(CodecError::Io(error)) => assert!(!is_over && error.kind() == io::ErrorKind::UnexpectedEof),
        other => panic!("{other:?}, and all has been taken"),
    }
}

/// What a `Codec` is made of.
struct Twin {
    decoder: StreamDecoder,
    encoder: StreamEncoder,
    buffer: BytesMut,
    /// Whether the Maximum Packet Size in CONNECT and CONNACK is obeyed.
    learns: bool,
}

impl Twin {
    fn new(stream: &Stream) -> Self {
        let decoder = StreamDecoder::new(stream.options.with_payload_pieces_above(u32::MAX));
        let options = EncodeOptions::new(decoder.version().unwrap_or(ProtocolVersion::V5));
        let encoder = StreamEncoder::new(options.with_sender(stream.options.role().sender()));
        Self { decoder, encoder, buffer: BytesMut::new(), learns: true }
    }

    /// The version of a CONNECT is that of both directions.
    fn follow(&mut self, version: ProtocolVersion) {
        let sender = self.decoder.options().role().sender();
        self.encoder.set_options(EncodeOptions::new(version).with_sender(sender));
    }

    fn sends(&mut self, codec: &mut Codec, packet: Packet, output: &mut BytesMut) {
        let before = output.clone();
        let mut expected = before.clone();
        let result = self.encoder.encode(&packet, &mut expected);
        if self.decoder.version().is_none() && packet.packet_type() != PacketType::Connect {
            let Err(CodecError::Encode(error)) = codec.encode(packet, output) else { panic!("in which version?") };
            assert_eq!((error.kind(), &*output), (EncodeErrorKind::VersionUnknown, &before));
            return;
        }
        match (codec.encode(packet.clone(), output), result) {
            (Ok(()), Ok(_)) => {
                assert_eq!(*output, expected);
                if let (Packet::Connect(connect), Role::Client | Role::Either) =
                    (&packet, self.decoder.options().role())
                {
                    self.decoder.set_version(connect.protocol_version);
                    self.follow(connect.protocol_version);
                }
            }
            (Err(CodecError::Encode(error)), Err(expected)) => {
                assert_eq!(error, expected);
                assert_eq!(*output, before, "the output was written to");
            }
            other => panic!("{other:?}: {packet:?}"),
        }
        assert_eq!(codec.version(), self.decoder.version());
    }

    /// Takes all items. Returns `false` if the position of the next packet is unknown.
    fn decodes(&mut self, codec: &mut Codec, buffer: &mut BytesMut) -> bool {
        loop {
            let expected = self.decoder.next_item(&mut self.buffer);
            let found = codec.decode(buffer);
            assert_eq!(*buffer, self.buffer);
            assert_eq!(
                (codec.version(), codec.decoder().position(), codec.decoder().is_between_packets()),
                (self.decoder.version(), self.decoder.position(), self.decoder.is_between_packets())
            );
            match (found, expected) {
                (Ok(None), Ok(None)) => return true,
                (Ok(Some(packet)), Ok(Some(StreamItem::Packet(expected)))) => {
                    assert_eq!(packet, expected);
                    let limit = match &packet {
                        Packet::Connect(connect) => connect.properties.maximum_packet_size(),
                        Packet::ConnAck(connack) => connack.properties.maximum_packet_size(),
                        _ => None,
                    };
                    if limit.is_some() && self.learns {
                        self.encoder.set_peer_maximum_packet_size(limit);
                    }
                    if let Packet::Connect(connect) = packet {
                        self.follow(self.decoder.version().unwrap_or(connect.protocol_version));
                    }
                }
                (Err(CodecError::Decode(error)), Err(expected)) => {
                    assert_eq!(error, expected);
                    let goes_on = self.decoder.skip();
                    assert_eq!(codec.skip(), goes_on);
                    if !goes_on {
                        return false;
                    }
                }
                other => panic!("{other:?}"),
            }
        }
    }
}
