//! The memory of streams: no more than the bytes that were received, whatever size was announced, and for a payload in
//! pieces no more than one piece. A counting allocator measures it.

#![cfg(test)]
#![expect(clippy::arithmetic_side_effects, reason = "in tests an overflow panics, and that is a failed test")]

extern crate alloc;

#[expect(dead_code, reason = "of the test data, the hostile streams only")]
mod support;

use bytes::BytesMut;
use core::alloc::{GlobalAlloc, Layout};
use core::cell::Cell;
use mqtt_codec::{
    DecodeErrorKind, DecodeOptions, Packet, PayloadFormat, ProtocolVersion, Publish, PublishProperties, SliceDecoder,
    StreamDecoder, StreamItem, StreamOptions, TopicName, encode_publish_head, encode_publish_head_to,
};
use std::alloc::System;
use support::{from_hex, json_lines, version_of_level};

struct Counting;

/// Of this thread: how many bytes it holds, how many it held at most, and how often it allocated.
#[derive(Clone, Copy)]
struct Memory {
    held: isize,
    peak: isize,
    allocations: usize,
}

thread_local! {
    static MEMORY: Cell<Memory> = const { Cell::new(Memory { held: 0, peak: 0, allocations: 0 }) };
}

fn count(allocated: usize, freed: usize) {
    MEMORY.with(|memory| {
        let mut now = memory.get();
        // Old and new are there at once when something grows, as a rule.
        now.held += isize::try_from(allocated).unwrap_or(isize::MAX);
        now.peak = now.peak.max(now.held);
        now.held -= isize::try_from(freed).unwrap_or(isize::MAX);
        now.allocations += usize::from(allocated > 0);
        memory.set(now);
    });
}

// SAFETY: it is the system's allocator, and counts.
#[expect(unsafe_code, reason = "an allocator is unsafe by nature")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 0);
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(0, layout.size());
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size, layout.size());
        // SAFETY: as the caller promises.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// What is held now more than when it began, and what was held at most.
struct Meter {
    begin: Memory,
}

impl Meter {
    fn new() -> Self {
        let begin = MEMORY.with(|memory| {
            let now = memory.get();
            memory.set(Memory { peak: now.held, ..now });
            now
        });
        Self { begin }
    }

    fn held(&self) -> usize {
        MEMORY.with(|memory| usize::try_from(memory.get().held - self.begin.held).unwrap())
    }

    fn peak(&self) -> usize {
        MEMORY.with(|memory| usize::try_from(memory.get().peak - self.begin.held).unwrap())
    }

    fn allocations(&self) -> usize {
        MEMORY.with(|memory| memory.get().allocations - self.begin.allocations)
    }
}

#[test]
fn the_allocator_counts() {
    let meter = Meter::new();
    let mut vec = Vec::<u8>::with_capacity(16);
    assert_eq!((meter.held(), meter.peak(), meter.allocations()), (16, 16, 1));
    vec.reserve_exact(32);
    assert_eq!((meter.held(), meter.peak(), meter.allocations()), (32, 48, 2));
    drop(vec);
    assert_eq!((meter.held(), meter.peak(), meter.allocations()), (0, 48, 2));
}

/// How a `BytesMut` grows: to twice what it was, and not below this.
const SMALLEST_BUFFER: usize = 8;
/// What a `BytesMut` holds besides its bytes once it shares them: its reference count.
const SHARED: usize = 64;

/// As long as no packet is there, a buffer with a decoder holds what a buffer without one holds, to the byte: the decoder
/// adds nothing. That is at most twice what has been received.
fn feed_what_stays_incomplete<'p>(options: StreamOptions, pieces: impl Iterator<Item = &'p [u8]>, context: &str) {
    let meter = Meter::new();
    let mut alone = BytesMut::new();
    let mut decoder = StreamDecoder::new(options);
    let mut buffer = BytesMut::new();
    let mut received = 0_usize;
    for piece in pieces {
        let before = meter.held();
        alone.extend_from_slice(piece);
        let alone_grew = meter.held() - before;
        buffer.extend_from_slice(piece);
        let allocations = meter.allocations();
        assert_eq!(decoder.next_item(&mut buffer), Ok(None), "{context}");
        assert_eq!(meter.allocations(), allocations, "{context}: it allocates");
        assert_eq!(meter.held() - before, 2 * alone_grew, "{context}: more than the buffer alone");
        received += piece.len();
        let limit = (2 * received).max(SMALLEST_BUFFER);
        assert!(meter.held() <= 2 * limit, "{context}: two buffers hold {} at {received}", meter.held());
    }
}

#[test]
fn what_is_announced_takes_no_memory() {
    let announced: [(&[u8], u32, &str); 5] = [
        (b"\x30\xFF\xFF\xFF\x7F", u32::MAX, "PUBLISH of 256 MiB"),
        (b"\x82\xFF\xFF\xFF\x7F", u32::MAX, "SUBSCRIBE of 256 MiB"),
        (b"\x10\xFF\xFF\xFF\x7F", u32::MAX, "CONNECT of 256 MiB"),
        (b"\x30\xFF\xFF\xFF\x7F\xFF\xFF", 0, "a topic of 64 KiB in the head of a payload in pieces"),
        (b"\x30\xFF\xFF\xFF\x7F\0\x01a\xFF\xFF\xFF\x3F", 0, "properties of 128 MiB in such a head"),
    ];
    let trickle = [b'a'; 1_460];
    let largest = DecodeOptions::LARGEST_PACKET;
    for (header, above, context) in announced {
        let options = StreamOptions::either(Some(ProtocolVersion::V5)).with_payload_pieces_above(above);
        let options = options
            .with_maximum_packet_size(largest)
            .with_maximum_connect_size(largest)
            .with_maximum_head_size(largest);
        for piece_len in [1, 7, 1_460] {
            let pieces = header.chunks(1).chain(core::iter::repeat_n(&trickle[..piece_len], 40));
            feed_what_stays_incomplete(options, pieces, context);
        }
    }
}

/// Every hostile stream, byte by byte: memory in use follows what has been received.
#[test]
fn hostile_streams_take_no_more_memory_than_they_have_bytes() {
    let mut most = (0, 1);
    for json in json_lines("hostile/hostile.jsonl") {
        let id = json["id"].as_str().unwrap();
        let stream = from_hex(json["hex"].as_str().unwrap());
        let limit = json["limits"]["max_packet_size"]
            .as_u64()
            .map_or(DecodeOptions::LARGEST_PACKET, |limit| u32::try_from(limit).unwrap());
        for (piece_len, above) in [(1, u32::MAX), (1, 0), (usize::MAX, u32::MAX), (usize::MAX, 0)] {
            let options = StreamOptions::either(Some(version_of_level(&json["version"])));
            let options = options.with_maximum_packet_size(limit).with_payload_pieces_above(above);
            let meter = Meter::new();
            let mut decoder = StreamDecoder::new(options);
            let mut buffer = BytesMut::new();
            let mut received = 0;
            'stream: for piece in stream.chunks(piece_len.min(stream.len()).max(1)) {
                buffer.extend_from_slice(piece);
                received += piece.len();
                loop {
                    match decoder.next_item(&mut buffer) {
                        Ok(Some(_)) => {}
                        Ok(None) => break,
                        Err(_) if decoder.skip() => {}
                        Err(_) => break 'stream,
                    }
                }
                // What was refused last is kept to be looked at: another buffer may be there for it.
                let refused = if decoder.refused().is_empty() { 0 } else { received };
                let limit = (2 * received).max(SMALLEST_BUFFER) + 2 * refused + 2 * SHARED;
                assert!(meter.held() <= limit, "{id}: {} bytes held at {received}", meter.held());
                let limit = (3 * received).max(SMALLEST_BUFFER) + 3 * refused + 2 * SHARED;
                assert!(meter.peak() <= limit, "{id}: {} bytes at most at {received}", meter.peak());
            }
            if received > 1_000 && meter.peak() * most.1 > most.0 * received {
                most = (meter.peak(), received);
            }
            drop((decoder, buffer));
            assert_eq!(meter.held(), 0, "{id}: it keeps something");
        }
    }
    println!("of the streams above 1,000 bytes: at most {} bytes for {}", most.0, most.1);
}

#[test]
fn every_hostile_stream_is_read_in_a_slice_without_allocating() {
    let mut storage = vec![0; 1 << 16];
    for json in json_lines("hostile/hostile.jsonl") {
        let stream = from_hex(json["hex"].as_str().unwrap());
        let version = version_of_level(&json["version"]);
        for above in [u32::MAX, 0] {
            let meter = Meter::new();
            let options = StreamOptions::either(Some(version)).with_payload_pieces_above(above);
            let mut decoder = SliceDecoder::new(options, &mut storage);
            let mut rest = &stream[..];
            'stream: while !rest.is_empty() {
                let space = decoder.space();
                let len = rest.len().min(space.len());
                space[..len].copy_from_slice(&rest[..len]);
                decoder.filled(len);
                rest = &rest[len..];
                loop {
                    match decoder.next_item().map(|item| item.is_some()) {
                        Ok(true) => {}
                        Ok(false) => break,
                        Err(_) if decoder.skip() => {}
                        Err(_) => break 'stream,
                    }
                }
            }
            assert_eq!(meter.allocations(), 0, "{}", json["id"]);
        }
    }
}

const PAYLOAD_LEN: usize = 200_000_000;
const PIECE_LEN: usize = 64 << 10;
/// The payload repeats itself after as many bytes: no power of two, so that a piece at a wrong place shows.
const PERIOD: usize = 251;

/// A payload of which every part can be made, and told from every other, without all of it being there.
struct Payload(Vec<u8>);

impl Payload {
    fn new() -> Self {
        Self((0..PIECE_LEN + PERIOD).map(|at| u8::try_from(at % PERIOD).unwrap()).collect())
    }

    /// Up to a piece of it, from here.
    fn at(&self, begin: usize) -> &[u8] {
        &self.0[begin % PERIOD..][..PIECE_LEN.min(PAYLOAD_LEN - begin)]
    }
}

fn publish() -> Publish<&'static [u8]> {
    let properties = PublishProperties::builder().payload_format_indicator(PayloadFormat::Unspecified);
    let properties = properties.user_property("file", "large").build().unwrap();
    let head = Publish::with_properties(TopicName::shared_from_static("a/large/file"), properties, bytes::Bytes::new());
    // Its few bytes stay for ever, so that it can be borrowed.
    let head: &'static Publish = Box::leak(Box::new(head));
    head.as_borrowed()
}

fn options() -> StreamOptions {
    StreamOptions::either(Some(ProtocolVersion::V5))
        .with_maximum_packet_size(DecodeOptions::LARGEST_PACKET)
        .with_payload_pieces_above(u32::try_from(PIECE_LEN).unwrap())
}

/// Takes what comes out, and compares it.
struct Receiver<'p> {
    payload: &'p Payload,
    received: usize,
    heads: usize,
}

impl Receiver<'_> {
    fn take(&mut self, item: &StreamItem<&[u8]>, expected: &Publish<&[u8]>) {
        match item {
            StreamItem::PublishHead { publish, payload_len } => {
                assert_eq!((publish, usize::try_from(*payload_len)), (expected, Ok(PAYLOAD_LEN)));
                self.heads += 1;
            }
            StreamItem::Payload { piece, remaining } => {
                // A piece is never larger than what is sent at once.
                assert_eq!(*piece, &self.payload.at(self.received)[..piece.len()]);
                self.received += piece.len();
                assert_eq!(usize::try_from(*remaining), Ok(PAYLOAD_LEN - self.received));
            }
            StreamItem::Packet(packet) => panic!("{packet}"),
        }
    }
}

/// Sent as a head and pieces, received as a head and pieces: as much memory as a few pieces take.
#[test]
fn a_payload_of_200_mb_goes_through_in_both_directions_in_constant_memory() {
    let (publish, payload) = (publish(), Payload::new());
    for read_len in [PIECE_LEN, 1 << 14, 60_001] {
        let meter = Meter::new();
        let mut receiver = Receiver { payload: &payload, received: 0, heads: 0 };
        let mut decoder = StreamDecoder::new(options());
        let mut buffer = BytesMut::new();
        let mut sent = 0;

        let mut output = BytesMut::new();
        let head_len = encode_publish_head_to(&publish, PAYLOAD_LEN, ProtocolVersion::V5, &mut output).unwrap();
        assert_eq!(output.len(), head_len);
        while sent < PAYLOAD_LEN {
            let piece = payload.at(sent);
            sent += piece.len();
            output.extend_from_slice(piece);
            // What is sent at once arrives in reads of that size.
            while output.len() >= read_len || (sent == PAYLOAD_LEN && !output.is_empty()) {
                let wire = output.split_to(read_len.min(output.len()));
                buffer.extend_from_slice(&wire);
                while let Some(item) = decoder.next_item(&mut buffer).unwrap() {
                    match item {
                        StreamItem::PublishHead { publish: head, payload_len } => receiver
                            .take(&StreamItem::PublishHead { publish: head.as_borrowed(), payload_len }, &publish),
                        StreamItem::Payload { piece, remaining } => {
                            receiver.take(&StreamItem::Payload { piece: &piece[..], remaining }, &publish);
                        }
                        StreamItem::Packet(packet) => panic!("{packet}"),
                    }
                }
                assert!(buffer.is_empty(), "all that is there of a payload is handed out");
            }
        }
        assert_eq!((receiver.heads, receiver.received), (1, PAYLOAD_LEN));
        assert_eq!(decoder.position(), u64::try_from(head_len + PAYLOAD_LEN).unwrap());
        println!("reads of {read_len}: {} bytes at most, {} allocations", meter.peak(), meter.allocations());
        // Sender and receiver have a buffer each, of up to two pieces; and while it grows, the one before.
        assert!(meter.peak() <= 512 << 10, "{} bytes", meter.peak());
    }
}

/// The receiver by itself.
#[test]
fn a_payload_of_200_mb_is_received_in_the_memory_of_a_piece() {
    let (publish, payload) = (publish(), Payload::new());
    let mut head = [0; 64];
    let head_len = encode_publish_head(&publish, PAYLOAD_LEN, ProtocolVersion::V5, &mut head).unwrap();
    let mut decoder = StreamDecoder::new(options());
    let meter = Meter::new();
    let mut buffer = BytesMut::with_capacity(PIECE_LEN);
    buffer.extend_from_slice(&head[..head_len]);
    let mut received = 0;
    loop {
        while let Some(item) = decoder.next_item(&mut buffer).unwrap() {
            if let StreamItem::Payload { piece, .. } = item {
                assert_eq!(piece, &payload.at(received)[..piece.len()]);
                received += piece.len();
            }
        }
        if received == PAYLOAD_LEN {
            break;
        }
        // The piece is gone, so its room is there again.
        buffer.extend_from_slice(payload.at(received));
    }
    println!("{} bytes at most, {} allocations", meter.peak(), meter.allocations());
    assert!(meter.peak() <= 2 * PIECE_LEN + SHARED, "{} bytes", meter.peak());
}

/// A packet of 200 MB that is too large is skipped without being kept.
#[test]
fn a_packet_of_200_mb_is_skipped_in_constant_memory() {
    let (publish, payload) = (publish(), Payload::new());
    let mut head = [0; 64];
    let head_len = encode_publish_head(&publish, PAYLOAD_LEN, ProtocolVersion::V5, &mut head).unwrap();
    let mut decoder = StreamDecoder::new(StreamOptions::either(Some(ProtocolVersion::V5)));
    let meter = Meter::new();
    let mut buffer = BytesMut::from(&head[..head_len]);
    let kind = decoder.next_item(&mut buffer).unwrap_err().kind();
    assert!(matches!(kind, DecodeErrorKind::PacketTooLarge { limit: 0x10_0000, .. }));
    assert!(decoder.skip());
    let mut sent = 0;
    while sent < PAYLOAD_LEN {
        let piece = payload.at(sent);
        buffer.extend_from_slice(piece);
        sent += piece.len();
        assert_eq!(decoder.next_item(&mut buffer), Ok(None));
        assert!(buffer.is_empty());
    }
    buffer.extend_from_slice(b"\xD0\0");
    assert!(matches!(decoder.next_item(&mut buffer), Ok(Some(StreamItem::Packet(_)))));
    assert!(meter.peak() <= 3 * PIECE_LEN, "{} bytes", meter.peak());
}

/// With a slice of 8 KiB nothing is allocated, in either direction.
#[test]
fn a_payload_of_200_mb_goes_through_a_slice_of_8_kib_without_allocating() {
    let (publish, payload) = (publish(), Payload::new());
    let mut storage = vec![0; 8 << 10];
    let meter = Meter::new();
    let mut receiver = Receiver { payload: &payload, received: 0, heads: 0 };
    let mut decoder = SliceDecoder::new(options(), &mut storage);
    let mut head = [0; 64];
    let head_len = encode_publish_head(&publish, PAYLOAD_LEN, ProtocolVersion::V5, &mut head).unwrap();
    let mut receive = |mut wire: &[u8]| {
        while !wire.is_empty() {
            let space = decoder.space();
            let len = wire.len().min(space.len());
            space[..len].copy_from_slice(&wire[..len]);
            decoder.filled(len);
            wire = &wire[len..];
            while let Some(item) = decoder.next_item().unwrap() {
                receiver.take(&item, &publish);
            }
        }
    };
    receive(&head[..head_len]);
    let mut sent = 0;
    while sent < PAYLOAD_LEN {
        let piece = payload.at(sent);
        receive(piece);
        sent += piece.len();
    }
    assert_eq!((receiver.heads, receiver.received), (1, PAYLOAD_LEN));
    assert_eq!((meter.allocations(), meter.peak()), (0, 0));
}

/// A packet keeps the buffer alive that it was received in. Its compact copy holds its own bytes.
#[test]
fn compact_packets_do_not_keep_the_buffers_of_reads() {
    const KEPT: usize = 2_000;
    const MESSAGE: &[u8] = b"\x30\x08\0\x01a\0hi!!"; // six bytes: a topic of one byte, and a payload
    let receive = || {
        let mut decoder = StreamDecoder::new(StreamOptions::either(Some(ProtocolVersion::V5)));
        let mut buffer = BytesMut::with_capacity(64 << 10); // one read
        buffer.extend_from_slice(MESSAGE);
        match decoder.next_item(&mut buffer) {
            Ok(Some(StreamItem::Packet(packet))) => packet,
            other => panic!("{other:?}"),
        }
    };
    let meter = Meter::new();
    let kept: Vec<Packet> = (0..KEPT).map(|_| receive()).collect();
    assert!(meter.held() > KEPT * (64 << 10), "{}", meter.held());
    drop(kept);
    let meter = Meter::new();
    let kept: Vec<Packet> = (0..KEPT).map(|_| receive().to_compact()).collect();
    let for_each = meter.held() / KEPT - size_of::<Packet>();
    assert!(for_each <= 64, "{for_each} bytes for each message");
    assert_eq!(kept[0].to_string(), r#"PUBLISH "a" qos=0 payload=4 bytes"#);
    drop(kept);

    let packet = receive();
    let meter = Meter::new();
    let compact = packet.to_compact();
    assert_eq!(meter.allocations(), 1);
    assert_eq!(compact, packet);
    let Packet::Publish(mut publish) = packet else { panic!("it is a PUBLISH") };
    for (len, allocations) in [(0, 1), (200, 1), (255, 1), (256, 2), (10_000, 2)] {
        publish.payload = vec![0; len].into();
        let meter = Meter::new();
        let compact = publish.to_compact();
        assert_eq!((meter.allocations(), compact.payload.len()), (allocations, len));
    }
}
