//! Codecs: halves that share a connection, refused packets as items, what is learnt, and what `Framed` does after an error.

use crate::streams::packet;
use crate::twins::cut_at;
use crate::versions_and_roles::{CONNECT_3_1, CONNECT_3_1_1, CONNECT_5, PINGREQ, PINGRESP};
use bytes::{Bytes, BytesMut};
use core::num::NonZero;
use futures_util::{FutureExt, SinkExt, StreamExt};
use mqtt_codec::{
    Codec, CodecError, CodecItem, ConnAck, ConnAckProperties, Connect, ConnectionPhase, DecodeError,
    DecodeErrorKind as Kind, EncodeErrorKind, Frame, Packet, PingReq, PingResp, ProtocolVersion, Publish, Role,
    StreamOptions, TopicName, Utf8String,
};
use std::io;
use tokio_util::codec::{Decoder, Encoder, Framed, FramedRead, FramedWrite};

fn connect(version: ProtocolVersion) -> Packet {
    Connect { protocol_version: version, ..Connect::new(Utf8String::shared_from_static("c")) }.into()
}

fn encode_kind(result: Result<(), CodecError>) -> EncodeErrorKind {
    match result {
        Err(CodecError::Encode(error)) => error.kind(),
        other => panic!("{other:?}"),
    }
}

/// `FramedRead` and `FramedWrite` over one socket, with the halves of one codec.
#[test]
fn the_writer_half_writes_in_the_version_that_the_reader_half_received() {
    for (version, connect, connack) in [
        (ProtocolVersion::V3_1, CONNECT_3_1, &b"\x20\x02\0\0"[..]),
        (ProtocolVersion::V3_1_1, CONNECT_3_1_1, b"\x20\x02\0\0"),
        (ProtocolVersion::V5, CONNECT_5, b"\x20\x03\0\0\0"),
    ] {
        let (reader, mut writer) = Codec::server().split();
        assert_eq!(
            encode_kind(writer.encode(ConnAck::accepted(false).into(), &mut BytesMut::new())),
            EncodeErrorKind::VersionUnknown
        );
        let mut packets = FramedRead::new(connect, reader);
        let mut output = FramedWrite::new(Vec::new(), writer);
        let received = packets.next().now_or_never().unwrap().unwrap().unwrap();
        assert!(matches!(received, Packet::Connect(_)));
        output.send(ConnAck::accepted(false).into()).now_or_never().unwrap().unwrap();
        assert_eq!(output.get_ref()[..], *connack);
        assert_eq!(output.encoder_mut().version(), Some(version));
        assert_eq!(packets.decoder_mut().phase(), ConnectionPhase::Connected(version));
    }
}

#[test]
fn the_reader_half_of_a_client_follows_the_connect_that_the_writer_half_sends() {
    for version in ProtocolVersion::ALL {
        let (mut reader, mut writer) = Codec::client().frames().split();
        let mut output = BytesMut::new();
        writer.encode(Frame::encode(&connect(version), version).unwrap(), &mut output).unwrap();
        assert_eq!((reader.version(), reader.phase()), (Some(version), ConnectionPhase::Connecting(version)));
        let mut buffer = BytesMut::from(if version.is_v3() { &b"\x20\x02\0\0"[..] } else { b"\x20\x03\0\0\0" });
        let frame = reader.decode(&mut buffer).unwrap().unwrap();
        assert_eq!(frame.version(), version);
        let mut buffer = BytesMut::from(&b"\x30\x04\0\x01#\0"[..]);
        let Err(CodecError::Decode(error)) = reader.decode(&mut buffer) else { panic!() };
        let answer = reader.answer(&error).map(|answer| answer.as_bytes().to_vec());
        assert_eq!(answer, (!version.is_v3()).then(|| vec![0xE0, 1, 0x82]));
        assert!(reader.skip());
        // New options with a version hold for both.
        reader.set_options(StreamOptions::client(ProtocolVersion::V5));
        assert_eq!((reader.options().role(), writer.version()), (Role::Client, Some(ProtocolVersion::V5)));
    }
}

/// A CONNECT names its version, every other packet has that of the connection.
#[test]
fn nothing_but_connect_is_encoded_before_the_version_is_known() {
    let packets: [Packet; 3] = [
        ConnAck::accepted(false).into(),
        PingResp.into(),
        Publish::new(TopicName::shared_from_static("a"), Bytes::new()).into(),
    ];
    for options in [StreamOptions::server(), StreamOptions::either(None)] {
        for packet in packets.clone() {
            let mut codec = Codec::new(options);
            let mut output = BytesMut::new();
            let Err(CodecError::Encode(error)) = codec.encode(packet.clone(), &mut output) else { panic!("{packet}") };
            assert_eq!((error.kind(), error.rule()), (EncodeErrorKind::VersionUnknown, "MQTT-3.1.0-1"));
            let message = "the version of the connection is not known before CONNECT [MQTT-3.1.0-1]";
            assert_eq!(error.to_string(), format!("{}: {message}", packet.packet_type()));
            assert!(output.is_empty());
            let frame = Frame::encode(&packet, ProtocolVersion::V5).unwrap();
            let kind = encode_kind(Codec::new(options).frames().encode(frame, &mut output));
            assert_eq!(kind, EncodeErrorKind::VersionUnknown);
            codec.decode(&mut BytesMut::from(CONNECT_3_1_1)).unwrap().unwrap();
            codec.encode(packet, &mut output).unwrap();
        }
    }
    let mut proxy = Codec::new(StreamOptions::either(None));
    proxy.encode(connect(ProtocolVersion::V3_1_1), &mut BytesMut::new()).unwrap();
    assert_eq!(proxy.version(), Some(ProtocolVersion::V3_1_1));
}

#[test]
fn the_limit_of_the_peer_is_learnt_from_connect_and_connack() {
    let connect_20 = b"\x10\x13\0\x04MQTT\x05\x02\0\0\x05\x27\0\0\0\x14\0\x01c";
    let connack_20 = b"\x20\x08\0\0\x05\x27\0\0\0\x14";
    let publish = || Packet::from(Publish::new(TopicName::shared_from_static("a"), Bytes::from_static(&[0; 15])));
    let too_large = EncodeErrorKind::ExceedsMaximumPacketSize { size: 21, limit: 20 };
    let limit = |bytes| NonZero::new(bytes);
    for (role, received) in [(Role::Server, &connect_20[..]), (Role::Client, connack_20)] {
        let new = || if role == Role::Server { Codec::server() } else { Codec::client() };
        let output = &mut BytesMut::new();
        let mut codec = new();
        codec.decode(&mut BytesMut::from(received)).unwrap().unwrap();
        assert_eq!(encode_kind(codec.encode(publish(), output)), too_large);
        codec.set_peer_maximum_packet_size(None);
        codec.encode(publish(), output).unwrap();
        // Frames, and halves.
        let (mut reader, mut writer) = new().frames().split();
        writer.set_peer_maximum_packet_size(limit(1_000));
        reader.decode(&mut BytesMut::from(received)).unwrap().unwrap();
        let frame = Frame::encode(&publish(), ProtocolVersion::V5).unwrap();
        assert_eq!(encode_kind(writer.encode(frame, output)), too_large);
        assert_eq!(encode_kind(writer.encode(publish(), output)), too_large);
        // Not if that is off.
        let mut codec = new();
        codec.set_learns_peer_limit(false);
        codec.decode(&mut BytesMut::from(received)).unwrap().unwrap();
        codec.encode(publish(), output).unwrap();
        // A limit that was set stays if the packet has none.
        let mut codec = new();
        codec.set_peer_maximum_packet_size(limit(20));
        codec
            .decode(&mut BytesMut::from(if role == Role::Server { CONNECT_5 } else { b"\x20\x03\0\0\0" }))
            .unwrap()
            .unwrap();
        assert_eq!(encode_kind(codec.encode(publish(), output)), too_large);
    }
    // What this side sends is no limit for what it sends.
    let mut codec = Codec::server();
    codec.decode(&mut BytesMut::from(CONNECT_5)).unwrap().unwrap();
    let properties = ConnAckProperties::new(Bytes::from_static(b"\x27\0\0\0\x14")).unwrap();
    codec.encode(ConnAck::accepted(false).with_properties(properties).into(), &mut BytesMut::new()).unwrap();
    codec.encode(publish(), &mut BytesMut::new()).unwrap();
}

/// Good packets with bad ones between them: to a wildcard, with a wrong first byte, too large, with bytes after its end.
fn bad_among_good() -> (StreamOptions, Vec<u8>) {
    let large = packet(0x30, &[&b"\0\x01a\0"[..], &[b'x'; 300]].concat());
    let stream = [
        PINGREQ,
        b"\x30\x04\0\x01#\0",
        b"\x40\x02\0\x01",
        &large,
        b"\x00\x02ab",
        b"\xC0\x03abc",
        PINGREQ,
        &large,
        PINGRESP,
    ];
    (StreamOptions::either(Some(ProtocolVersion::V5)).with_maximum_packet_size(100), stream.concat())
}

fn results<I: CodecItem + core::fmt::Debug>(
    codec: Codec<Result<I, DecodeError>>,
    pieces: &[&[u8]],
    name: impl Fn(I) -> String,
) -> Vec<String>
where
    Result<I, DecodeError>: CodecItem,
{
    let (mut codec, mut buffer, mut found) = (codec, BytesMut::new(), vec![]);
    let mut push = |item: Result<I, DecodeError>| {
        found.push(item.map_or_else(|error| format!("{:?} of {}", error.kind(), error.packet_type()), &name));
    };
    for piece in pieces {
        buffer.extend_from_slice(piece);
        while let Some(item) = codec.decode(&mut buffer).unwrap() {
            push(item);
        }
    }
    assert!(codec.decode_eof(&mut buffer).unwrap().is_none());
    found
}

#[test]
fn refused_packets_are_items_and_the_next_packet_follows() {
    let (options, stream) = bad_among_good();
    let expected = [
        "PINGREQ",
        "WildcardInTopicName of PUBLISH",
        "PUBACK",
        "PacketTooLarge { size: 307, limit: 100 } of PUBLISH",
        "ReservedPacketType of RESERVED",
        "TrailingBytes of PINGREQ",
        "PINGREQ",
        "PacketTooLarge { size: 307, limit: 100 } of PUBLISH",
        "PINGRESP",
    ];
    let codec = Codec::new(options);
    let packet_name = |packet: Packet| packet.packet_type().to_string();
    let frame_name = |frame: Frame| frame.packet_type().to_string();
    for cut in 0..stream.len() {
        let pieces = cut_at(&stream, &[cut]);
        let packets = results(codec.clone().skip_refused(), &pieces, packet_name);
        assert_eq!(packets.iter().map(|name| name.to_uppercase()).collect::<Vec<_>>(), expected.map(str::to_uppercase));
        assert_eq!(results(codec.clone().frames().skip_refused(), &pieces, frame_name), packets, "{cut}");
    }
    let bytes: Vec<&[u8]> = stream.chunks(1).collect();
    assert_eq!(results(codec.clone().skip_refused(), &bytes, packet_name).len(), expected.len());
    assert_eq!(results(codec.frames().skip_refused(), &bytes, frame_name).len(), expected.len());
}

/// The items come out of `Framed` without waiting for more bytes, and the sink goes on working.
#[tokio::test]
async fn framed_goes_on_after_refused_packets() {
    let (options, stream) = bad_among_good();
    let (mut peer, own) = tokio::io::duplex(1 << 16);
    tokio::io::AsyncWriteExt::write_all(&mut peer, &stream).await.unwrap();
    let mut connection = Framed::new(own, Codec::new(options).skip_refused());
    let mut good = 0;
    for _ in 0..9 {
        let item = connection.next().now_or_never().expect("all of it is there").unwrap().unwrap();
        good += usize::from(item.is_ok());
    }
    assert_eq!(good, 4);
    assert!(connection.next().now_or_never().is_none());
    connection.send(PingReq.into()).await.unwrap();
    let mut sent = [0; 2];
    tokio::io::AsyncReadExt::read_exact(&mut peer, &mut sent).await.unwrap();
    assert_eq!(sent[..], *PINGREQ);
    // The rest of a packet that is skipped never comes: the connection was cut.
    tokio::io::AsyncWriteExt::write_all(&mut peer, b"\x30\xFF\x01\0\x01a").await.unwrap();
    drop(peer);
    assert!(connection.next().await.unwrap().unwrap().is_err());
    let Some(Err(CodecError::Io(error))) = connection.next().await else { panic!("it was cut") };
    assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
}

/// Where no next packet can be found, the stream ends with an error.
#[test]
fn a_packet_without_an_end_is_an_error_of_the_stream() {
    let mut codec = Codec::new(StreamOptions::either(Some(ProtocolVersion::V5))).skip_refused();
    let mut buffer = BytesMut::from(&b"\x30\xFF\xFF\xFF\xFF\x01\xC0\0"[..]);
    for _ in 0..2 {
        let Err(CodecError::Decode(error)) = codec.decode(&mut buffer) else { panic!() };
        assert_eq!(error.kind(), Kind::VariableByteIntegerTooLong);
    }
}

/// What the documentation of `Codec` says about `Framed` after an error.
#[tokio::test]
async fn framed_ends_after_an_error_and_needs_bytes_to_go_on() {
    let (mut peer, own) = tokio::io::duplex(1 << 16);
    tokio::io::AsyncWriteExt::write_all(&mut peer, b"\x30\x04\0\x01#\0\xC0\0").await.unwrap();
    let mut connection = Framed::new(own, Codec::new(StreamOptions::either(Some(ProtocolVersion::V5))));
    assert!(matches!(connection.next().await, Some(Err(CodecError::Decode(_)))));
    assert!(connection.next().await.is_none());
    assert!(connection.codec_mut().skip());
    assert!(connection.next().now_or_never().is_none(), "the PINGREQ waits for more bytes");
    tokio::io::AsyncWriteExt::write_all(&mut peer, PINGRESP).await.unwrap();
    assert!(matches!(connection.next().await, Some(Ok(Packet::PingReq(_)))));
    assert!(matches!(connection.next().await, Some(Ok(Packet::PingResp(_)))));
}
