//! Checks the laws of the fuzz targets over the committed seeds and all past findings. See `fuzz/README.md`.

#![cfg(all(feature = "arbitrary", feature = "tokio-util"))]
#![expect(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a panic here is a failed test"
)]

extern crate alloc;

#[path = "laws/mod.rs"]
mod laws;

use alloc::collections::BTreeSet;
use laws::plain::{self, Fact, Verdict};
use laws::{Rules, TARGETS};
use mqtt_codec::ProtocolVersion;
use std::path::{Path, PathBuf};
use std::{fs, panic};

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name)
}

/// Returns the files of a directory, sorted by name, or none if the directory does not exist.
fn files(directory: &str) -> Vec<(String, Vec<u8>)> {
    let Ok(entries) = fs::read_dir(path(directory)) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| (path.display().to_string(), fs::read(path).unwrap())).collect()
}

/// Runs a law, and prints the input if the law does not hold.
fn holds(law: fn(&[u8]), data: &[u8], name: &str) {
    if let Err(failure) = panic::catch_unwind(|| law(data)) {
        println!("the law does not hold for {name}: {data:02x?}");
        panic::resume_unwind(failure);
    }
}

#[test]
fn laws_hold_for_seeds_and_findings() {
    for target in &TARGETS {
        let seeds = files(&format!("fuzz/seeds/{}", target.seeds));
        assert!(seeds.len() >= 10, "{}: {} seeds", target.name, seeds.len());
        for (name, data) in seeds.iter().chain(&files(&format!("fuzz/findings/{}", target.name))) {
            holds(target.law, data, name);
        }
    }
}

/// A fuzzer's first steps, without a fuzzer: each byte of each seed changed, left out, put in twice; and the rest cut off.
#[test]
fn laws_hold_near_the_seeds() {
    for target in &TARGETS {
        for (name, seed) in files(&format!("fuzz/seeds/{}", target.seeds)) {
            for place in 0..seed.len().min(160) {
                for byte in [seed[place] ^ 0x01, seed[place] ^ 0x80, seed[place].wrapping_add(1), 0x00, 0xFF] {
                    let mut changed = seed.clone();
                    changed[place] = byte;
                    holds(target.law, &changed, &name);
                }
                let (before, after) = seed.split_at(place);
                holds(target.law, before, &name);
                holds(target.law, &[before, &after[1..]].concat(), &name);
                holds(target.law, &[before, &after[..1], after].concat(), &name);
            }
        }
    }
}

/// Every packet of the test data, by rules other than its own too.
#[test]
fn laws_hold_for_the_test_data() {
    let laws: Vec<_> = TARGETS.iter().filter(|target| target.seeds == "decode").collect();
    for packet in test_data() {
        for who in 0..9 {
            // The last two are at the limit, and above it.
            let len = u8::try_from(packet.bytes.len()).unwrap_or(u8::MAX).clamp(2, 127);
            let lenient = who + laws::ALL_OF_MORE;
            let strict_or_lenient = [
                [who, 0, 0, 0],
                [lenient, 0xF8, 0xFF, 0],
                [who, 0x78, 0, 0],
                [lenient, 0, 0, 0],
                [who, 0x07, 0, 0],
                [lenient, 0xFF, 0xFF, 150],
            ];
            for rules in strict_or_lenient.into_iter().chain([[who, 0, 0, len], [who, 0, 0, len - 1]]) {
                for target in &laws {
                    holds(target.law, &[&rules, &packet.bytes[..]].concat(), target.name);
                }
            }
        }
    }
}

/// Writes `fuzz/seeds` anew, from the test data.
#[test]
#[ignore = "writes files that are committed"]
fn make_seeds() {
    let data = test_data();
    let mut seeds = Seeds { shapes: BTreeSet::new(), bytes: 0 };
    // The seeds of `forward` are messages with their subscribers, which no test data contains: they were written by hand.
    for target in TARGETS.iter().map(|target| target.seeds).filter(|target| *target != "forward") {
        let directory = path("fuzz/seeds").join(target);
        drop(fs::remove_dir_all(&directory));
        fs::create_dir_all(directory).unwrap();
    }
    for (place, packet) in data.iter().filter(|packet| packet.bytes.len() <= 200).enumerate() {
        let version = packet.version;
        let strict = Rules::split(&[version, 0, 0, 0]).unwrap().0;
        let (shape, properties) = match plain::decode(&packet.bytes, &strict) {
            Verdict::Accept(len, facts) if len == packet.bytes.len() => shape(&facts),
            verdict => (format!("{verdict:?} {}", packet.bytes.len() / 4), Vec::new()),
        };
        // All that is wrong in the same way, by its first byte and length, is one seed; half of it is left to chance.
        let shape = format!("{version} {} {shape}", packet.bytes.first().map_or(0, |byte| byte >> 4));
        let is_legal = !shape.contains("Reject") && !shape.contains("Incomplete");
        if is_legal || place % 3 == 0 {
            let lenient = if is_legal { 0 } else { 0xFF };
            seeds.add("decode", &shape, 130, &[&[version, 0, lenient, 0], &packet.bytes[..]].concat());
        }
        for block in properties {
            for (which, letter) in laws::LETTERS.into_iter().enumerate() {
                if plain::are_properties(&block, letter) {
                    let shape = format!("{letter} {:?}", shape_of_block(&block));
                    seeds.add("properties", &shape, 60, &[&[u8::try_from(which).unwrap()], &block[..]].concat());
                    break;
                }
            }
        }
        let small = &packet.bytes[..packet.bytes.len().min(60)];
        seeds.add("roundtrip", &shape, 25, &[&[version], small].concat());
        seeds.add("encode_into_short_buffer", &shape, 25, &[&[0, 3, 0, 0, 1, 0, version], small].concat());
        // Every option, and a limit of a few bytes less than the packet needs.
        let how = [u8::try_from(place % 16).unwrap(), [255, 0, 3, 9][place % 4], 1, 3, 0, 9, 30, 39];
        seeds.add("send", &shape, 25, &[&how[..], &[version], small].concat());
    }
    // Bytes follow the refused packet, so that skipping ends.
    for (place, packets) in
        data.iter().filter(|packet| packet.bytes.len() < 60).collect::<Vec<_>>().chunks(6).enumerate()
    {
        let bytes: Vec<u8> = packets.iter().take(6).flat_map(|packet| packet.bytes.iter().copied()).collect();
        let version = packets[0].version;
        let who = [1 + 3 * version, 0x40 + 2, 2][place % 3];
        let head = [0, 0, 0, 0, who, 0, 0, [0, 8][place % 2], 0, 40, 3, 0, 9, 30, 70, 1];
        seeds.add("stream", &format!("refused {place}"), 20, &[&head[..], &bytes].concat());
        // After some packets another limit, or all leniencies, or another role.
        let after = u8::try_from(place % 4).unwrap();
        let other = [0, [0, 7][place % 2], [0, 0xFF][place % 2], 0, who, [0, 20, 40][place % 3], 0, 0, 0, 0];
        let other = [&other[..], &head[10..]].concat();
        seeds.add("changed_options", &format!("{place}"), 30, &[&[after], &head[..], &other, &bytes].concat());
    }
    for (place, (version, bytes)) in streams().iter().enumerate() {
        let pieces = if place % 2 == 0 { 0 } else { 20 };
        let who = 1 + 3 * version;
        let who = if bytes.first() == Some(&0x10) { 0 } else { who };
        let head = [0, 0, 0, 0, who, 0, 0, pieces, 0, 64, 2, 0, 9, 30, 70, 1];
        let kinds: BTreeSet<u8> = bytes.iter().take(3).copied().collect();
        let shape = format!("{version} {kinds:?} {}", bytes.len() / 64);
        let input = &bytes[..bytes.len().min(600)];
        seeds.add("stream", &shape, 50, &[&head[..], input].concat());
        // What the other side sends begins with a CONNECT of any version; the rest is of the same bytes, as good as any.
        let begin = [0x80 + u8::try_from(place % 3).unwrap(), 0];
        let (sent, limit) = ([&begin, &input[..input.len().min(60)]].concat(), [0, 60][place % 2]);
        let how = [limit, u8::try_from(place % 2).unwrap(), 0, u8::try_from(sent.len()).unwrap()];
        seeds.add("codec", &shape, 40, &[&head[..], &how, &sent, input].concat());
    }
    for name in ["filters", "matches", "shared", "names"] {
        let text = fs::read_to_string(path("testdata/topics").join(name).with_extension("tsv")).unwrap();
        for row in text.lines().skip(1) {
            let mut columns = row.split('\t');
            let filter = columns.next().unwrap();
            let topic = columns.next().filter(|_| name == "matches").unwrap_or("a/b");
            let (wild, levels) = (filter.matches(['+', '#', '$']).collect::<String>(), filter.split('/').count());
            let shape = format!("{name} {wild} {levels} {} {}", topic.split('/').count(), row.ends_with("yes"));
            let len = u16::try_from(filter.len()).unwrap().to_le_bytes();
            if filter.len() < 100 {
                seeds.add("topics", &shape, 80, &[&len, filter.as_bytes(), topic.as_bytes()].concat());
            }
        }
    }
    // Packets that a leniency accepts: by all leniencies, and in a stream that accepts them after some packets.
    for (place, Sample { version, bytes }) in deviations().into_iter().enumerate() {
        let all = [version + laws::ALL_OF_MORE, 0xF8, 0xFF, 0];
        seeds.add("decode", &format!("deviation {place}"), 200, &[&all, &bytes[..]].concat());
        let who = [1 + 3 * version, 0x40 + 2 + 3 * version, 0][place % 3];
        let tail = [who, 0, 0, 0, 0, 40, 3, 0, 9, 30, 70, 1];
        let stream = [&bytes[..], &bytes, b"\xC0\0"].concat();
        let (strict, lenient) = ([&[0; 4][..], &tail].concat(), [&all[..], &tail].concat());
        let seed = [&[1], &strict[..], &lenient[..], &stream[..]].concat();
        seeds.add("changed_options", &format!("deviation {place}"), 100, &seed);
    }
    println!("{} bytes in {} seeds", seeds.bytes, seeds.shapes.len());
}

struct Seeds {
    shapes: BTreeSet<(&'static str, String)>,
    bytes: usize,
}

impl Seeds {
    /// Adds a seed, unless there is one of its shape, or there are enough.
    fn add(&mut self, target: &'static str, shape: &str, most: usize, data: &[u8]) {
        let count = self.shapes.iter().filter(|(other, _)| *other == target).count();
        if count < most && self.shapes.insert((target, shape.to_owned())) {
            self.bytes += data.len();
            fs::write(path("fuzz/seeds").join(target).join(format!("{count:03}")), data).unwrap();
        }
    }
}

/// Returns the fields and properties without their values, and the bytes of the properties.
fn shape(facts: &[Fact]) -> (String, Vec<Vec<u8>>) {
    let mut names: Vec<String> = Vec::new();
    let mut blocks = vec![Vec::new()];
    for fact in facts {
        let name = match fact {
            Fact::Field(name, _) => {
                blocks.push(Vec::new());
                (*name).to_owned()
            }
            Fact::Property(number, value) => {
                plain::write_property(*number, value, blocks.last_mut().expect("one at least"));
                format!("{number:02X}")
            }
        };
        if names.last() != Some(&name) {
            names.push(name);
        }
    }
    blocks.retain(|block| !block.is_empty());
    (names.join(" "), blocks)
}

/// The identifiers of properties determine most of them.
fn shape_of_block(block: &[u8]) -> (usize, &[u8]) {
    (block.len() / 8, &block[..1])
}

struct Sample {
    /// As in the first byte of a seed: 0 for 3.1, 1, 2.
    version: u8,
    bytes: Vec<u8>,
}

/// The packets from public bug reports that a leniency accepts.
fn deviations() -> Vec<Sample> {
    let text = fs::read_to_string(path("testdata/field/cases.jsonl")).unwrap();
    let cases = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let accepted = cases.filter(|case| case["lenient"].as_str().is_some_and(|name| name.starts_with("allow_")));
    let sample = |case: serde_json::Value| {
        let version = u8::try_from(case["version"].as_u64().unwrap()).unwrap() - 3;
        Sample { version, bytes: from_hex(case["hex"].as_str().unwrap()) }
    };
    accepted.map(sample).collect()
}

/// The packets of the captures, vectors and hostile inputs.
fn test_data() -> Vec<Sample> {
    let mut samples = Vec::new();
    for name in [
        "hostile/hostile",
        "vectors/invalid",
        "vectors/invalid-others",
        "vectors/paho",
        "vectors/mqtt-packet",
        "vectors/amqtt",
    ] {
        let text = fs::read_to_string(path("testdata").join(name).with_extension("jsonl")).unwrap();
        for line in text.lines() {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            let version = u8::try_from(line["version"].as_u64().unwrap_or(5)).unwrap();
            samples.push(Sample { version: version.clamp(3, 5) - 3, bytes: from_hex(line["hex"].as_str().unwrap()) });
        }
    }
    for (version, stream) in streams() {
        let mut rest = &stream[..];
        while let Some(len) = packet_len(rest) {
            let (packet, behind) = rest.split_at(len);
            samples.push(Sample { version, bytes: packet.to_vec() });
            rest = behind;
        }
    }
    samples
}

fn packet_len(bytes: &[u8]) -> Option<usize> {
    let mut len = 0;
    for place in 0..4 {
        let byte = bytes.get(place + 1)?;
        len += usize::from(byte & 0x7F) << (7 * place);
        if byte & 0x80 == 0 {
            return Some(len + place + 2).filter(|len| *len <= bytes.len());
        }
    }
    None
}

/// The two directions of every captured connection, with its version as in [`Sample`].
fn streams() -> Vec<(u8, Vec<u8>)> {
    let index = fs::read_to_string(path("testdata/captures/INDEX.tsv")).unwrap();
    let mut streams = Vec::new();
    for row in index.lines().skip(1) {
        let mut columns = row.split('\t');
        let (name, version) = (columns.next().unwrap(), columns.next().unwrap());
        let version =
            ProtocolVersion::ALL.iter().rposition(|known| version.starts_with(&known.to_string())).unwrap_or(2);
        for direction in ["c2s", "s2c"] {
            let bytes = fs::read(path("testdata/captures").join(format!("{name}.{direction}.bin"))).unwrap();
            streams.push((u8::try_from(version).unwrap(), bytes));
        }
    }
    streams
}

fn from_hex(text: &str) -> Vec<u8> {
    let digits: Vec<u32> = text.chars().map(|digit| digit.to_digit(16).unwrap()).collect();
    digits.chunks(2).map(|pair| u8::try_from(pair[0] << 4 | pair[1]).unwrap()).collect()
}
