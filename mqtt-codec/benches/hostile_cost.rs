//! The cost of hostile input, counted in instructions and bytes: `cargo bench -p mqtt-codec --bench hostile_cost`.
//!
//! Measures each shape of `testdata/hostile` that made other implementations slow or large, at n, 2n, 4n and 8n bytes.
//! Fails if a byte costs more at 8n than at n, or if memory exceeds its bound. An allocator counts memory. Valgrind's
//! callgrind counts instructions: the program runs itself under it once. Without valgrind only memory is counted. Both
//! numbers are the same in each run.

#![expect(clippy::print_stdout, reason = "the table is what it is for")]
#![expect(
    clippy::arithmetic_side_effects,
    clippy::panic,
    reason = "there is nothing to be done about an error but to tell it"
)]

extern crate alloc;

use alloc::collections::BTreeSet;
use bytes::{Bytes, BytesMut};
use core::alloc::{GlobalAlloc, Layout};
use core::cell::Cell;
use core::hint::black_box;
use mqtt_codec::{
    DecodeOptions, Decoded, Packet, ProtocolVersion, PublishProperties, StreamDecoder, StreamOptions, TopicFilter,
    TopicName, VariableByteInteger, decode, decode_shared,
};
use std::alloc::System;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::{env, fs, io};

const HOW_IT_IS_COUNTED: &str = "\
Instructions for each byte, by callgrind, of input of 4, 8, 16 and 32 KiB; how often memory was allocated at the largest, and
the most that was held at once, in bytes, the input itself not among it.
  slice     packets are decoded by borrowing, and every item of them is read
  shared    the same, of slices of one buffer
  whole     all is appended to a StreamDecoder's buffer, and decoded; what is refused is skipped
  1 byte    the same, byte by byte
";

/// The smallest size, and the number of times it is doubled.
const SIZE: usize = 4 << 10;
const DOUBLED: [usize; 4] = [1, 2, 4, 8];

/// The allowed cost of a byte at the largest size, in percent of the cost at the smallest size.
const MOST: u64 = 115;

/// A name, and the function that generates about this many bytes.
type Shape = (&'static str, fn(usize) -> Vec<u8>);

const SHAPES: [Shape; 20] = [
    ("user properties", |size| publish(&b"\x26\0\x01k\0\x01v".repeat(size / 7), b"")),
    ("empty user properties", |size| publish(&b"\x26\0\0\0\0".repeat(size / 5), b"")),
    ("long user properties", |size| {
        publish(&[b"\x26\x01\0", &[b'k'; 256][..], b"\0\0"].concat().repeat(size / 261), b"")
    }),
    ("longest subscription ids", |size| publish(&b"\x0B\xFF\xFF\xFF\x7F".repeat(size / 5), b"")),
    ("subscription ids", |size| publish(&b"\x0B\x01".repeat(size / 2), b"")),
    ("two aliases, far apart", |size| {
        publish(&[b"\x23\0\x01", &b"\x26\0\x01k\0\x01v".repeat(size / 7)[..], b"\x23\0\x01"].concat(), b"")
    }),
    ("user properties in CONNECT", |size| {
        let properties = block(&b"\x26\0\x01k\0\x01v".repeat(size / 14));
        let begin = b"\0\x04MQTT\x05\x06\0\x3C";
        frame(0x10, &[begin, &properties[..], b"\0\x01c", &properties, b"\0\x01w\0\x01p"].concat())
    }),
    ("user properties in PUBACK", |size| {
        frame(0x40, &[b"\0\x0A\x10", &block(&b"\x26\0\x01k\0\x01v".repeat(size / 7))[..]].concat())
    }),
    ("filters", |size| frame(0x82, &[b"\0\x0A\0", &b"\0\x01+\x01".repeat(size / 4)[..]].concat())),
    ("shared filters", |size| frame(0x82, &[b"\0\x0A\0", &b"\0\x0A$share/g/+\x01".repeat(size / 13)[..]].concat())),
    ("filters, the last one bad", |size| {
        frame(0x82, &[b"\0\x0A\0", &b"\0\x01+\x01".repeat(size / 4)[..], b"\0\x02a#\x01"].concat())
    }),
    ("filters to leave", |size| frame(0xA2, &[b"\0\x0A\0", &b"\0\x01+".repeat(size / 3)[..]].concat())),
    ("granted", |size| frame(0x90, &[b"\0\x0A\0", &b"\x01\x80".repeat(size / 2)[..]].concat())),
    ("left", |size| frame(0xB0, &[b"\0\x0A\0", &b"\0\x11".repeat(size / 2)[..]].concat())),
    ("levels of a topic", |size| {
        let topic = b"/".repeat(size);
        frame(0x30, &[&u16::try_from(size).unwrap_or(u16::MAX).to_be_bytes(), &topic[..], b"\0"].concat())
    }),
    ("payload of long characters", |size| publish(b"\x01\x01", "\u{20AC}".repeat(size / 3).as_bytes())),
    ("tiny packets", |size| b"\xC0\0".repeat(size / 2)),
    ("tiny bad packets", |size| b"\x30\x03\0\x01#\xC0\0".repeat(size / 7)),
    ("256 MB announced", |size| [b"\x30\xFF\xFF\xFF\x7F\0\x01a\0", &vec![b'x'; size][..]].concat()),
    ("256 MB of filters announced", |size| {
        [b"\x82\xFF\xFF\xFF\x7F\0\x0A\0", &b"\0\x01+\x01".repeat(size / 4)[..]].concat()
    }),
];

/// An operation on the bytes, and the bounds on memory: the number of allocations, and of bytes held.
struct Way {
    name: &'static str,
    run: fn(&[u8]),
    /// Of input of so many bytes.
    bound: fn(usize) -> Memory,
}

/// A `BytesMut` doubles its capacity, so its size is up to twice its content. While it grows, the old buffer exists
/// too. The number of times it grows is the number of bits of its size. It is allocated anew if it is full while
/// packets share it.
const WAYS: [Way; 4] = [
    Way { name: "slice", run: in_a_slice, bound: |_| Memory { held: 0, peak: 0, allocations: 0 } },
    Way { name: "shared", run: shared, bound: |size| Memory { held: 0, peak: size + 64, allocations: 2 } },
    Way { name: "whole", run: |bytes| in_a_stream(bytes, usize::MAX), bound: |size| streamed(size, 4) },
    Way { name: "1 byte", run: |bytes| in_a_stream(bytes, 1), bound: |size| streamed(3 * size, 2 * size.ilog2()) },
];

fn streamed(held: usize, allocations: u32) -> Memory {
    Memory { held: 0, peak: held + 256, allocations: usize::try_from(allocations).unwrap_or_default() }
}

/// A name, and an operation other than decoding.
type Other = (&'static str, fn(&[u8]));

const OTHERS: [Other; 2] = [("building user properties", build), ("matching level by level", match_levels)];

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match &arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["run"] => {
            cases().iter().for_each(Case::run);
            ExitCode::SUCCESS
        }
        arguments if !arguments.contains(&"--bench") => {
            println!("counts nothing unless it is a benchmark: cargo bench");
            ExitCode::SUCCESS
        }
        _ => table(),
    }
}

/// An operation on bytes of a certain size.
struct Case {
    shape: &'static str,
    way: &'static str,
    bytes: Vec<u8>,
    run: fn(&[u8]),
    bound: Option<Memory>,
}

impl Case {
    fn run(&self) {
        counted(self.run, &self.bytes);
    }
}

/// Returns all cases. For each shape and operation there is one for each size, the smallest first.
fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (shape, make) in SHAPES {
        for way in &WAYS {
            for times in DOUBLED {
                let bytes = make(SIZE * times);
                let bound = Some((way.bound)(bytes.len()));
                cases.push(Case { shape, way: way.name, bytes, run: way.run, bound });
            }
        }
    }
    for (shape, run) in OTHERS {
        for times in DOUBLED {
            let bytes = SHAPES[0].1(SIZE * times);
            cases.push(Case { shape, way: "", bytes, run, bound: None });
        }
    }
    cases
}

/// The only function in which instructions are counted.
#[inline(never)]
fn counted(run: fn(&[u8]), bytes: &[u8]) {
    run(black_box(bytes));
}

fn table() -> ExitCode {
    let cases = cases();
    let counts = match Command::new("valgrind").arg("--version").output() {
        Ok(output) => {
            print!("{}", String::from_utf8_lossy(&output.stdout));
            let counts = instructions().unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(counts.len(), cases.len(), "callgrind counts each of them");
            Some(counts)
        }
        Err(_) => {
            println!("valgrind is not there, so instructions are not counted");
            None
        }
    };
    println!("{HOW_IT_IS_COUNTED}");
    println!(
        "{:<28} {:<7} {:>8} {:>8} {:>8} {:>8} {:>7} {:>6} {:>8}",
        "", "", "n", "2n", "4n", "8n", "8n/n", "allocs", "held"
    );
    let mut failures = BTreeSet::new();
    let mut counts = counts.into_iter().flatten();
    for sizes in cases.chunks(DOUBLED.len()) {
        let [first, .., last] = sizes else { continue };
        print!("{:<28} {:<7}", first.shape, first.way);
        let per_byte: Vec<u64> = sizes
            .iter()
            .zip(&mut counts)
            .map(|(case, count)| 100 * count / u64::try_from(case.bytes.len()).unwrap_or(u64::MAX))
            .collect();
        match &per_byte[..] {
            [smallest, .., largest] => {
                for hundredths in &per_byte {
                    print!(" {:>8}", decimal(*hundredths));
                }
                // The C library copies larger blocks with another method, which takes one more instruction.
                let percent = (100 * largest).checked_div(*smallest).unwrap_or_default();
                print!(" {:>7}", decimal(percent));
                if percent > MOST && *largest > smallest + 200 {
                    failures.insert(format!("{} {}: a byte costs more in large input", first.shape, first.way));
                }
            }
            _ => print!(" {:>8} {:>8} {:>8} {:>8} {:>7}", "", "", "", "", ""),
        }
        let [memory, .., most] = [first, last].map(|case| Memory::of(|| case.run()));
        println!(" {:>6} {:>8}", most.allocations, most.peak);
        for (case, memory) in [(first, memory), (last, most)] {
            let Some(bound) = case.bound else { continue };
            if memory.held != 0 || memory.peak > bound.peak || memory.allocations > bound.allocations {
                let len = case.bytes.len();
                failures.insert(format!("{} {}: {memory:?} of {len} bytes, {bound:?}", case.shape, case.way));
            }
        }
    }
    for failure in &failures {
        println!("FAILED: {failure}");
    }
    ExitCode::from(u8::from(!failures.is_empty()))
}

/// Formats a number with two decimals.
fn decimal(hundredths: u64) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// Returns the number of instructions of each case.
fn instructions() -> io::Result<Vec<u64>> {
    let directory = env::temp_dir().join(format!("hostile-cost-{}", std::process::id()));
    fs::create_dir_all(&directory)?;
    let counts = callgrind(&directory);
    fs::remove_dir_all(&directory)?;
    counts
}

/// Callgrind writes one file each time that `counted` returns.
fn callgrind(directory: &Path) -> io::Result<Vec<u64>> {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--quiet", "--toggle-collect=hostile_cost::counted"]);
    valgrind.arg("--dump-after=hostile_cost::counted");
    valgrind.arg(format!("--callgrind-out-file={}", directory.join("out").display()));
    let finished = valgrind.arg(env::current_exe()?).arg("run").output()?;
    if !finished.status.success() {
        return Err(io::Error::other(String::from_utf8_lossy(&finished.stderr)));
    }
    let mut counts = Vec::new();
    for part in 1.. {
        let Ok(text) = fs::read_to_string(directory.join(format!("out.{part}"))) else { break };
        let total = text.lines().find_map(|line| line.strip_prefix("totals:")?.trim().parse().ok());
        counts.push(total.ok_or_else(|| io::Error::other("callgrind gives no total"))?);
    }
    Ok(counts)
}

/// The frame of a packet with this first byte.
fn frame(first_byte: u8, body: &[u8]) -> Vec<u8> {
    [&[first_byte], length(body).as_slice(), body].concat()
}

/// Properties, behind their length.
fn block(properties: &[u8]) -> Vec<u8> {
    [length(properties).as_slice(), properties].concat()
}

fn length(bytes: &[u8]) -> Vec<u8> {
    VariableByteInteger::try_from(bytes.len()).unwrap_or_default().encode().as_ref().to_vec()
}

fn publish(properties: &[u8], payload: &[u8]) -> Vec<u8> {
    frame(0x30, &[b"\0\x01a", &block(properties)[..], payload].concat())
}

/// Enables every option that costs instructions.
fn decode_options() -> DecodeOptions {
    DecodeOptions::new(ProtocolVersion::V5).refuse_discouraged_characters(true).check_payload_format(true)
}

fn in_a_slice(bytes: &[u8]) {
    let mut rest = bytes;
    while let Ok(Decoded::Complete { packet, consumed }) = decode(rest, decode_options()) {
        black_box(read(&packet));
        rest = rest.get(consumed..).unwrap_or_default();
    }
}

fn shared(bytes: &[u8]) {
    let mut rest = Bytes::copy_from_slice(bytes);
    while let Ok(Decoded::Complete { packet, consumed }) = decode_shared(&rest, decode_options()) {
        black_box(read(&packet.as_borrowed()));
        rest = rest.slice(consumed..);
    }
}

fn in_a_stream(bytes: &[u8], read_len: usize) {
    let largest = DecodeOptions::LARGEST_PACKET;
    let options = StreamOptions::either(Some(ProtocolVersion::V5)).with_maximum_packet_size(largest);
    let options = options
        .with_maximum_connect_size(largest)
        .with_decode_options(|options| options.refuse_discouraged_characters(true).check_payload_format(true));
    let mut decoder = StreamDecoder::new(options);
    let mut buffer = BytesMut::new();
    for read in bytes.chunks(read_len.min(bytes.len())) {
        buffer.extend_from_slice(read);
        loop {
            match decoder.next_item(&mut buffer) {
                Ok(Some(item)) => drop(black_box(item)),
                Ok(None) => break,
                Err(_) => assert!(decoder.skip(), "it is known where it ends"),
            }
        }
    }
}

/// Reads every item through every function that returns it.
fn read(packet: &Packet<&[u8]>) -> usize {
    match packet {
        Packet::Publish(publish) => {
            let properties = publish.properties();
            publish.topic().len()
                + properties.iter().count()
                + properties.user_properties().count()
                + properties.subscription_identifiers().count()
                + usize::from(properties.topic_alias().is_some())
        }
        Packet::Connect(connect) => {
            connect.properties.user_properties().count() + connect.will.map_or(0, |will| will.properties.iter().count())
        }
        Packet::PubAck(puback) => puback.properties.user_properties().count(),
        Packet::Subscribe(subscribe) => {
            let filters = subscribe.subscriptions.iter();
            filters.filter(|subscription| subscription.topic_filter.is_shared()).count()
        }
        Packet::Unsubscribe(unsubscribe) => unsubscribe.topic_filters.iter().count(),
        Packet::SubAck(suback) => suback.reason_codes().iter().filter(|code| code.is_error()).count(),
        Packet::UnsubAck(unsuback) => unsuback.reason_codes.iter().filter(|code| code.is_error()).count(),
        _ => 0,
    }
}

/// A program that forwards a message sets its properties again.
fn build(bytes: &[u8]) {
    let Ok(Decoded::Complete { packet: Packet::Publish(publish), .. }) = decode(bytes, ProtocolVersion::V5) else {
        panic!("no PUBLISH");
    };
    let all = publish.properties().iter();
    let built = all.fold(PublishProperties::builder(), |builder, property| builder.property(&property)).build();
    assert!(built.is_ok_and(|built| built == *publish.properties()), "the same again");
}

fn match_levels(bytes: &[u8]) {
    let levels = bytes.len().min(30_000);
    let (filter, name) = (format!("{}x", "+/".repeat(levels)), "a/".repeat(levels));
    let (Ok(filter), Ok(name)) = (TopicFilter::new(filter.as_bytes()), TopicName::new(name.as_bytes())) else {
        panic!("neither is too long");
    };
    assert!(!filter.matches(&name), "they differ in the last level");
}

/// The counters of this thread: the bytes that it holds, their maximum, and the number of allocations.
#[derive(Clone, Copy, Debug)]
struct Memory {
    held: isize,
    peak: usize,
    allocations: usize,
}

impl Memory {
    /// Of some work.
    fn of(work: impl FnOnce()) -> Self {
        MEMORY.with(|memory| {
            memory.set(Self { held: 0, peak: 0, allocations: 0 });
            work();
            memory.get()
        })
    }
}

thread_local! {
    static MEMORY: Cell<Memory> = const { Cell::new(Memory { held: 0, peak: 0, allocations: 0 }) };
}

struct Counting;

fn count(allocated: usize, freed: usize) {
    MEMORY.with(|memory| {
        let mut now = memory.get();
        // When a block grows, the old and the new block usually exist at the same time.
        now.held = now.held.saturating_add_unsigned(allocated);
        now.peak = now.peak.max(usize::try_from(now.held).unwrap_or_default());
        now.held = now.held.saturating_sub_unsigned(freed);
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
