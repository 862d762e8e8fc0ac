//! Streams in a slice.

use crate::streams::packet;
use crate::twins::{Setup, Twin, expected, run};
use crate::versions_and_roles::PINGRESP;
use mqtt_codec::{DecodeErrorKind as Kind, Packet, ProtocolVersion, Role, SliceDecoder, StreamItem, StreamOptions};

#[test]
fn a_slice_moves_what_is_in_it_only_if_what_is_needed_does_not_fit_behind_it() {
    // Of a slice of 16 bytes a PINGRESP has the first two; then comes the beginning of what it is to tell the room for.
    let rows: [(&[u8], usize, &str); 4] = [
        (b"", 16, "nothing is in it"),
        (b"\xD0", 13, "one byte is needed"),
        (b"\x30\x0C\0\x01a", 9, "nine bytes are needed, and there are nine"),
        (b"\x30\x0D\0\x01a", 11, "ten bytes are needed, so the five go to the front"),
    ];
    for (begun, room, why) in rows {
        let mut storage = [0; 16];
        let mut decoder = SliceDecoder::new(StreamOptions::either(Some(ProtocolVersion::V3_1_1)), &mut storage);
        let received = [PINGRESP, begun].concat();
        decoder.space()[..received.len()].copy_from_slice(&received);
        decoder.filled(received.len());
        assert!(matches!(decoder.next_item(), Ok(Some(StreamItem::Packet(Packet::PingResp(_))))));
        assert_eq!(decoder.next_item(), Ok(None));
        assert_eq!(decoder.space().len(), room, "{why}");
        assert_eq!(decoder.space().len(), room, "asking again changes nothing");
    }
}

#[test]
fn a_slice_takes_a_packet_that_fits_exactly() {
    for len in [10_usize, 127, 128, 129, 131, 1_000] {
        let header_len = if len < 130 { 2 } else { 3 };
        let publish = packet(0x30, &[b"\0\x01a\0", &vec![b'x'; len - header_len - 4][..]].concat());
        assert_eq!(publish.len(), len);
        let stream = [PINGRESP, &publish, PINGRESP, &publish, &publish].concat();
        let setup = Setup::new(Role::Client, Some(ProtocolVersion::V5));
        for piece_len in [1, 2, 3, len - 1, len, len + 1, stream.len()] {
            let mut storage = vec![0; len];
            let mut twin = SliceDecoder::new(setup.options(), &mut storage);
            assert_eq!(run(&mut twin, &stream, stream.chunks(piece_len), 0), expected(&stream, &setup));
            let mut twin = SliceDecoder::new(setup.options(), &mut storage[1..]);
            let outcome = run(&mut twin, &stream, stream.chunks(piece_len), 0);
            let (size, limit) = (u32::try_from(len).unwrap(), u32::try_from(len - 1).unwrap());
            assert_eq!(outcome.kinds(), [Kind::PacketTooLarge { size, limit }; 3]);
            assert_eq!(outcome.packets().len(), 2, "what fits comes out");
        }
    }
}

/// With `next_item` and with `is_ready`, whichever is called.
#[test]
fn a_slice_tells_what_is_needed_after_every_read() {
    let publish = packet(0x30, &[&b"\0\x01a\0"[..], &[b'x'; 94]].concat());
    assert_eq!(publish.len(), 100);
    let is_there: [fn(&mut SliceDecoder<'_>) -> bool; 2] =
        [|decoder| decoder.next_item().unwrap().is_some(), |decoder| decoder.is_ready()];
    for is_there in is_there {
        let mut storage = [0; 100];
        let mut decoder = SliceDecoder::new(StreamOptions::either(Some(ProtocolVersion::V5)), &mut storage);
        let mut at = 0;
        for (more, needed) in [(1, 1), (1, 98), (1, 97), (57, 40), (39, 1)] {
            assert_eq!(decoder.take(&publish[at..at + more]), more);
            at += more;
            assert!(!is_there(&mut decoder));
            assert_eq!(decoder.needed(), needed, "after {at} bytes");
        }
        assert_eq!(decoder.take(&publish[at..]), 1);
        assert!(is_there(&mut decoder));
    }
}

/// With `next_item` and with `is_ready`, whichever is called first. Only the fixed header tells where the packet ends.
#[test]
fn a_packet_that_does_not_fit_is_refused_and_skipped_if_its_length_is_known() {
    let rows: [(&[u8], usize, bool); 5] = [
        (b"\x30", 1, false),
        (b"\x30\x80", 2, false),
        (b"\x30\x80\x80\x80", 4, false),
        (b"\x30\x07", 8, true),
        (b"\x82\x07\0\x01", 8, true),
    ];
    for (received, len, is_known) in rows {
        for is_asked in [false, true] {
            let mut storage = vec![0; len];
            let mut decoder = SliceDecoder::new(StreamOptions::either(Some(ProtocolVersion::V5)), &mut storage);
            assert_eq!(decoder.take(received), received.len());
            assert!(!is_asked || decoder.is_ready(), "{received:02X?}");
            let error = decoder.next_item().unwrap_err();
            let limit = u32::try_from(len).unwrap();
            assert_eq!(error.kind(), Kind::PacketTooLarge { size: limit + 1, limit }, "{received:02X?}");
            assert_eq!(decoder.skip(), is_known, "{received:02X?}");
        }
    }
}

/// Whatever the slice, every call returns, and what fits comes out.
#[test]
fn a_tiny_slice_neither_panics_nor_hangs() {
    let streams: [&[u8]; 7] = [
        &PINGRESP.repeat(3),
        b"\xD0\0\x40\x02\0\x01\xD0\0",
        b"\x30\x80\x01",
        b"\x30\xFF\xFF\xFF\x7F\0\0\0\0\0\0",
        b"\x30\x80\x80\x80\x80\x80",
        b"\0\0\xD0\0",
        b"\x30\x07\0\x01a\0xyz\xD0\0",
    ];
    for storage_len in 0..=8 {
        for stream in streams {
            for above in [u32::MAX, 0] {
                let options = StreamOptions::either(Some(ProtocolVersion::V5)).with_payload_pieces_above(above);
                let mut storage = vec![0; storage_len];
                let mut decoder = SliceDecoder::new(options, &mut storage);
                let (mut rest, mut items) = (stream, 0);
                for _ in 0..100 {
                    let taken = decoder.take(rest);
                    rest = &rest[taken..];
                    match decoder.next() {
                        Ok(item) => items += usize::from(item.is_some()),
                        Err(error) => {
                            assert_eq!(decoder.next(), Err(error));
                            let _ = decoder.skip();
                        }
                    }
                }
                assert!(decoder.position() <= u64::try_from(stream.len()).unwrap());
                if stream == streams[0] && storage_len >= 2 {
                    assert_eq!((items, rest.len()), (3, 0));
                }
            }
        }
    }
}

/// If it can be skipped, skipping it gets on: who goes on after every error is not caught in a circle.
#[test]
fn skipping_gets_on_in_a_slice_of_any_length() {
    let stream = [&b"\x30\x80\x01"[..], &[0; 128], PINGRESP].concat();
    for storage_len in 0..=8 {
        let mut storage = vec![0; storage_len];
        let mut decoder = SliceDecoder::new(StreamOptions::either(Some(ProtocolVersion::V5)), &mut storage);
        let (mut rest, mut errors) = (&stream[..], 0);
        while !rest.is_empty() {
            let taken = decoder.take(rest);
            rest = &rest[taken..];
            match decoder.next() {
                Ok(_) => {}
                Err(_) if decoder.skip() => errors += 1,
                Err(_) => break,
            }
            assert!(errors <= 2, "a slice of {storage_len} bytes: skipped again and again, at {}", decoder.position());
        }
    }
}

#[test]
fn more_than_there_is_room_for_is_not_counted() {
    let mut storage = [0; 4];
    let mut decoder = SliceDecoder::new(StreamOptions::either(Some(ProtocolVersion::V5)), &mut storage);
    decoder.space().copy_from_slice(b"\xD0\0\xD0\0");
    decoder.filled(usize::MAX);
    assert!(decoder.space().is_empty());
    assert!(decoder.next_item().unwrap().is_some() && decoder.next_item().unwrap().is_some());
    assert_eq!(decoder.next_item(), Ok(None));
    assert_eq!(decoder.position(), 4);
    assert_eq!(decoder.space().len(), 4);
}
