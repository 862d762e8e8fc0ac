//! Detection of the places where a stream may end.

use crate::twins::{Growing, Setup, Twin, storage_for};
use bytes::BytesMut;
use mqtt_codec::{Codec, CodecError, ProtocolVersion, PushDecoder, Role, SliceDecoder};
use std::io;
use tokio_util::codec::Decoder;

/// A PUBREL, a PUBLISH whose Remaining Length has two bytes, one that is too large, and a PINGREQ.
fn stream() -> (Vec<u8>, Vec<usize>) {
    let publish = [&b"\x30\x84\x01\0\x01a\0"[..], &[b'x'; 128]].concat();
    let large = [&b"\x30\x84\x02\0\x01a\0"[..], &[b'x'; 256]].concat();
    let packets = [b"\x62\x02\0\x01", &publish[..], &large, b"\xC0\0"];
    let mut end = 0;
    let ends = packets.map(|packet| {
        end += packet.len();
        end
    });
    (packets.concat(), ends.to_vec())
}

fn is_between_packets_after(twin: &mut impl Twin, pieces: [&[u8]; 2]) -> bool {
    for piece in pieces {
        let mut rest = piece;
        while !rest.is_empty() {
            let taken = twin.take(rest);
            rest = &rest[taken..];
            loop {
                match twin.next() {
                    Ok(Some(_)) => {}
                    Ok(None) => break,
                    Err(_) => assert!(!twin.is_between_packets() && twin.skip(), "a refused packet is not at its end"),
                }
            }
        }
    }
    twin.is_between_packets()
}

#[test]
fn a_stream_that_is_cut_anywhere_in_a_packet_is_not_at_its_end() {
    let (stream, ends) = stream();
    let setup = Setup::new(Role::Either, Some(ProtocolVersion::V5)).limit(200);
    for setup in [setup, setup.in_pieces(0), setup.in_pieces(100)] {
        let mut storage = vec![0; storage_for(&stream)];
        for end in 0..=stream.len() {
            let is_end = end == 0 || ends.contains(&end);
            for cut in [0, end.saturating_sub(1), end / 2] {
                let pieces = [&stream[..cut], &stream[cut..end]];
                let growing = is_between_packets_after(&mut Growing::new(setup.options()), pieces);
                assert_eq!(growing, is_end, "{end} bytes");
                let pushed = is_between_packets_after(&mut PushDecoder::new(setup.options()), pieces);
                assert_eq!(pushed, is_end, "{end} bytes, pushed");
                let sliced = is_between_packets_after(&mut SliceDecoder::new(setup.options(), &mut storage), pieces);
                assert_eq!(sliced, is_end, "{end} bytes, in a slice");
            }
        }
    }
}

/// Before a decoder is asked for items, it has not examined what it holds.
#[test]
fn bytes_that_were_not_examined_are_not_an_end() {
    let options = Setup::new(Role::Either, Some(ProtocolVersion::V5)).options();
    let mut pushed = PushDecoder::new(options);
    let mut storage = [0; 8];
    let mut sliced = SliceDecoder::new(options, &mut storage);
    assert!(pushed.is_between_packets() && sliced.is_between_packets());
    assert_eq!((pushed.take(b"\xC0\0\xC0\0"), sliced.take(b"\xC0\0\xC0\0")), (4, 4));
    for is_end in [false, false, true] {
        assert_eq!((pushed.is_between_packets(), sliced.is_between_packets()), (is_end, is_end));
        assert_eq!(pushed.next_item().unwrap().is_none(), is_end);
        assert_eq!(sliced.next_item().unwrap().is_none(), is_end);
    }
}

/// Nor does it have to be asked again after the last item, even if that came in two parts.
#[test]
fn the_end_of_a_packet_that_was_incomplete_is_an_end() {
    let pubrel = b"\x62\x02\0\x01";
    let options = Setup::new(Role::Either, Some(ProtocolVersion::V5)).options();
    for cut in 1..pubrel.len() {
        let (mut packets, mut frames) = (PushDecoder::new(options), PushDecoder::new(options));
        let mut storage = [0; 8];
        let mut sliced = SliceDecoder::new(options, &mut storage);
        for (part, is_end) in [(&pubrel[..cut], false), (&pubrel[cut..], true)] {
            let taken = [packets.take(part), frames.take(part), sliced.take(part)];
            assert_eq!(taken, [part.len(); 3]);
            assert_eq!(packets.next_item().unwrap().is_some(), is_end);
            assert_eq!(frames.next_frame().unwrap().is_some(), is_end);
            assert_eq!(sliced.next_item().unwrap().is_some(), is_end);
            let ends = [packets.is_between_packets(), frames.is_between_packets(), sliced.is_between_packets()];
            assert_eq!(ends, [is_end; 3], "cut at byte {cut}");
        }
    }
}

#[test]
fn a_connection_that_ends_in_a_fixed_header_is_cut_off() {
    fn end<I: core::fmt::Debug>(mut codec: impl Decoder<Item = I, Error = CodecError>, received: &[u8], polls: bool) {
        let mut buffer = BytesMut::from(received);
        if polls {
            assert!(matches!(codec.decode(&mut buffer), Ok(None)));
        }
        match codec.decode_eof(&mut buffer) {
            Err(CodecError::Io(error)) => assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof),
            other => panic!("{received:02X?}: {other:?}"),
        }
    }
    let options = Setup::new(Role::Either, Some(ProtocolVersion::V5)).options();
    for received in [&b"\x62"[..], b"\x62\xFF", b"\x40\x80", b"\x30\x80\x80\x80", b"\x62\x02", b"\x62\x02\0"] {
        for polls in [false, true] {
            end(Codec::new(options), received, polls);
            end(Codec::new(options).frames(), received, polls);
        }
    }
}
