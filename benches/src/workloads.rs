//! The inputs that are decoded, encoded and matched.
//!
//! Packets are written byte by byte here, not by the codec that they measure. Mixes come from a generator with a fixed
//! seed, so they are the same in each run and on each machine. The golden vectors and the captures are those of
//! `testdata`.

use crate::place::input;
use bytes::Bytes;
use mqtt_codec::ProtocolVersion;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::{fs, iter};

/// Bytes to decode, with their description.
#[derive(Clone, Debug)]
pub struct Workload {
    /// A short name, without spaces at its ends. It contains the version.
    pub name: String,
    /// The version of the connection.
    pub version: ProtocolVersion,
    /// One packet, or many.
    pub bytes: Bytes,
    /// The number of packets.
    pub packets: usize,
    /// Whether it is a mix or a capture, which the groups about streams also use.
    pub is_stream: bool,
    /// The number of units that the cost may grow with, if there is one: properties, filters, bytes, packets.
    pub units: usize,
}

impl Workload {
    fn packet(name: impl Into<String>, version: ProtocolVersion, bytes: &[u8]) -> Self {
        Self { name: name.into(), version, bytes: input(bytes), packets: 1, is_stream: false, units: 1 }
    }

    fn stream(name: impl Into<String>, version: ProtocolVersion, packets: &[Vec<u8>]) -> Self {
        let bytes = input(&packets.concat());
        Self { name: name.into(), version, bytes, packets: packets.len(), is_stream: true, units: packets.len() }
    }

    /// Returns `true` for 3.1 and 3.1.1.
    #[must_use]
    pub const fn is_v3(&self) -> bool {
        self.version.is_v3()
    }
}

/// The parts of packets, as bytes.
mod wire {
    pub(super) fn variable_byte_integer(mut value: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        loop {
            let byte = (value % 128) as u8;
            value /= 128;
            bytes.push(if value == 0 { byte } else { byte | 0x80 });
            if value == 0 {
                return bytes;
            }
        }
    }

    pub(super) fn two(value: usize) -> [u8; 2] {
        (value as u16).to_be_bytes()
    }

    pub(super) fn prefixed(bytes: impl AsRef<[u8]>) -> Vec<u8> {
        let bytes = bytes.as_ref();
        [&two(bytes.len())[..], bytes].concat()
    }

    pub(super) fn packet(first_byte: u8, body: &[&[u8]]) -> Vec<u8> {
        let body = body.concat();
        [&[first_byte][..], &variable_byte_integer(body.len()), &body].concat()
    }

    pub(super) fn properties(properties: &[&[u8]]) -> Vec<u8> {
        let bytes = properties.concat();
        [variable_byte_integer(bytes.len()), bytes].concat()
    }

    pub(super) fn user_property(name: &str, value: &str) -> Vec<u8> {
        [&[0x26][..], &prefixed(name), &prefixed(value)].concat()
    }

    pub(super) fn text_property(identifier: u8, text: &str) -> Vec<u8> {
        [&[identifier][..], &prefixed(text)].concat()
    }
}
use wire::{packet, prefixed, properties, text_property, two, user_property};

const V5: ProtocolVersion = ProtocolVersion::V5;
const V3_1_1: ProtocolVersion = ProtocolVersion::V3_1_1;
const V3_1: ProtocolVersion = ProtocolVersion::V3_1;

/// Returns a PUBLISH. It has properties in 5.0 only. Without a Packet Identifier, its QoS is 0.
fn publish(version: ProtocolVersion, topic: &str, identifier: Option<u16>, set: &[&[u8]], payload: &[u8]) -> Vec<u8> {
    let identifier_bytes = identifier.map(u16::to_be_bytes);
    let identifier_bytes: &[u8] = identifier_bytes.as_ref().map_or(&[], |bytes| bytes);
    let set = if version.is_v3() { Vec::new() } else { properties(set) };
    packet(if identifier.is_some() { 0x32 } else { 0x30 }, &[&prefixed(topic), identifier_bytes, &set, payload])
}

const TOPIC_20: &str = "sensors/kitchen/temp";
const TOPIC_45: &str = "plant/berlin/line/12/robot/7/axis/3/torque/nm";

/// Returns the properties of a request over MQTT, with three User Properties.
fn eight_properties() -> Vec<Vec<u8>> {
    vec![
        vec![0x01, 1],
        vec![0x02, 0, 0, 0x0E, 0x10],
        text_property(0x03, "application/json"),
        text_property(0x08, "plant/berlin/replies/client-0815"),
        [&[0x09][..], &prefixed([0x5A; 16])].concat(),
        user_property("trace-id", "4bf92f3577b34da6a3ce929d0e0e4736"),
        user_property("source", "robot-7"),
        user_property("schema", "torque/v3"),
    ]
}

fn slices(parts: &[Vec<u8>]) -> Vec<&[u8]> {
    parts.iter().map(Vec::as_slice).collect()
}

fn connect_5() -> Vec<u8> {
    let set = properties(&[
        &[0x11, 0, 0, 0x0E, 0x10],
        &[0x21, 0, 100],
        &[0x27, 0, 1, 0, 0],
        &[0x22, 0, 10],
        &[0x17, 1],
        &user_property("client", "benchmark"),
    ]);
    let will_set = properties(&[
        &[0x18, 0, 0, 0, 30],
        &[0x01, 1],
        &[0x02, 0, 0, 0x0E, 0x10],
        &text_property(0x03, "text/plain"),
        &user_property("reason", "lost"),
    ]);
    let body: [&[u8]; 9] = [
        b"\0\x04MQTT\x05\xEE\0\x3C",
        &set,
        &prefixed("robot-7-of-line-12"),
        &will_set,
        &prefixed("plant/berlin/line/12/robot/7/state"),
        &prefixed("offline"),
        &prefixed("robot-7"),
        &prefixed("correct horse battery staple"),
        &[],
    ];
    packet(0x10, &body)
}

fn connect_3(version: ProtocolVersion) -> Vec<u8> {
    let name: &[u8] = if version == V3_1 { b"\0\x06MQIsdp\x03" } else { b"\0\x04MQTT\x04" };
    let body = [prefixed("robot-7"), prefixed("state/robot-7"), prefixed("offline"), prefixed("robot-7")].concat();
    packet(0x10, &[name, b"\xEE\0\x3C", &body, &prefixed("correct horse battery staple")])
}

fn filter(number: usize) -> String {
    match number % 5 {
        0 => format!("plant/berlin/line/{number}/robot/+/axis/+/torque"),
        1 => format!("plant/berlin/line/{number}/state"),
        2 => format!("plant/+/line/{number}/#"),
        3 => format!("commands/robot-{number}/request"),
        _ => format!("$share/workers/jobs/{number}/+"),
    }
}

fn subscribe(version: ProtocolVersion, count: usize) -> Vec<u8> {
    let set: &[u8] = if version.is_v3() { &[] } else { &[2, 0x0B, 7] };
    let filters: Vec<u8> =
        (0..count).flat_map(|number| [prefixed(filter(number)), vec![(number % 3) as u8]].concat()).collect();
    packet(0x82, &[&two(10), set, &filters])
}

fn suback(version: ProtocolVersion, count: usize) -> Vec<u8> {
    let set: &[u8] = if version.is_v3() { &[] } else { &[0] };
    let codes: Vec<u8> = (0..count).map(|number| (number % 3) as u8).collect();
    packet(0x90, &[&two(10), set, &codes])
}

fn unsubscribe(version: ProtocolVersion, count: usize) -> Vec<u8> {
    let set: &[u8] = if version.is_v3() { &[] } else { &[0] };
    let filters: Vec<u8> = (0..count).flat_map(|number| prefixed(filter(number))).collect();
    packet(0xA2, &[&two(11), set, &filters])
}

/// A generator of reproducible pseudo-random numbers: `xorshift64*`.
#[derive(Clone, Debug)]
pub struct Generator(u64);

impl Generator {
    /// Creates a generator from a seed that is not 0.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Returns a number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        ((self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize) % bound
    }

    /// Returns a character for a payload that is declared to be text.
    fn character(&mut self) -> u8 {
        b' ' + self.below(95) as u8
    }
}

/// Returns a packet of a mix. Most are PUBLISH, of which half have QoS 1 and a few are large. The others belong to
/// their exchanges.
fn any_packet(generator: &mut Generator, version: ProtocolVersion) -> Vec<u8> {
    let identifier = generator.below(65_535) + 1;
    match generator.below(100) {
        0..65 => {
            let mut topic = "plant/berlin".to_owned();
            for level in 0..generator.below(5) {
                let _ =
                    write!(topic, "/{}{}", ["line", "robot", "axis", "torque", "value"][level], generator.below(100));
            }
            let len = match generator.below(100) {
                0..60 => generator.below(64),
                60..95 => generator.below(512),
                _ => generator.below(4096),
            };
            let payload: Vec<u8> = iter::repeat_with(|| generator.character()).take(len).collect();
            let identifier = (generator.below(2) == 0).then_some(identifier as u16);
            let all = eight_properties();
            let set = match generator.below(10) {
                0..6 => Vec::new(),
                6..9 => all[1..3].to_vec(),
                _ => all,
            };
            publish(version, &topic, identifier, &slices(&set), &payload)
        }
        65..88 => packet(0x40, &[&two(identifier)]),
        88..91 if !version.is_v3() => {
            let set = properties(&[&text_property(0x1F, "quota exceeded for robot-7")]);
            packet(0x40, &[&two(identifier), &[0x97], &set])
        }
        88..91 => packet(0x40, &[&two(identifier)]),
        91..94 => subscribe(version, 1 + generator.below(4)),
        94..96 => unsubscribe(version, 1 + generator.below(2)),
        _ => vec![0xC0, 0x00],
    }
}

/// Returns this many bytes, or a few more, of packets from a client.
fn mix(version: ProtocolVersion, len: usize) -> Vec<Vec<u8>> {
    let mut generator = Generator::new(0x9E37_79B9_7F4A_7C15);
    let mut packets = Vec::new();
    let mut total = 0;
    while total < len {
        let packet = any_packet(&mut generator, version);
        total += packet.len();
        packets.push(packet);
    }
    packets
}

/// Returns single packets.
#[must_use]
pub fn packets() -> Vec<Workload> {
    // Text, because a property declares it.
    let payload_256: Vec<u8> = (0..256).map(|place| b' ' + place as u8 % 95).collect();
    let eight = eight_properties();
    let eight = slices(&eight);
    let mut workloads = Vec::new();
    let mut add = |version, what: &str, bytes: Vec<u8>| {
        workloads.push(Workload::packet(format!("{version} {what}"), version, &bytes));
    };
    for version in [V3_1, V3_1_1, V5] {
        add(version, "PUBLISH QoS 0, topic 20, payload 16", publish(version, TOPIC_20, None, &[], &payload_256[..16]));
    }
    for version in [V3_1_1, V5] {
        let bytes = publish(version, TOPIC_45, Some(10), &[], &payload_256);
        add(version, "PUBLISH QoS 1, topic 45, payload 256", bytes);
    }
    add(V5, "PUBLISH QoS 1, 8 properties", publish(V5, TOPIC_45, Some(10), &eight, &payload_256));
    add(V5, "PUBLISH QoS 1, 5 properties", publish(V5, TOPIC_45, Some(10), &eight[..5], &payload_256));
    let topic = "Werk/Zürich/Straße/12/Gerät/7/Größe";
    add(V5, "PUBLISH QoS 1, topic not ASCII", publish(V5, topic, Some(10), &[], &payload_256[..16]));
    for version in [V3_1_1, V5] {
        add(version, "PUBLISH QoS 1, payload 64 KiB", publish(version, TOPIC_45, Some(10), &[], &vec![b'x'; 64 << 10]));
    }
    add(V5, "CONNECT, properties, Will", connect_5());
    add(V5, "CONNECT, empty", packet(0x10, &[b"\0\x04MQTT\x05\x02\0\x3C\0\0\0"]));
    for version in [V3_1, V3_1_1] {
        add(version, "CONNECT, Will", connect_3(version));
    }
    let set = properties(&[&[0x21, 0, 20], &[0x27, 0, 1, 0, 0], &[0x22, 0, 10], &[0x2A, 1]]);
    add(V5, "CONNACK, properties", packet(0x20, &[&[0, 0], &set]));
    add(V3_1_1, "CONNACK", packet(0x20, &[&[0, 0]]));
    for version in [V3_1_1, V5] {
        add(version, "SUBSCRIBE, 50 filters", subscribe(version, 50));
        add(version, "SUBSCRIBE, 1 filter", subscribe(version, 1));
        add(version, "SUBACK, 50 codes", suback(version, 50));
        add(version, "UNSUBSCRIBE, 10 filters", unsubscribe(version, 10));
        add(version, "PUBACK, short", packet(0x40, &[&two(10)]));
        add(version, "PUBREL, short", packet(0x62, &[&two(10)]));
        add(version, "PINGREQ", vec![0xC0, 0x00]);
        add(version, "DISCONNECT, short", vec![0xE0, 0x00]);
    }
    let set = properties(&[&text_property(0x1F, "quota exceeded for robot-7"), &user_property("quota", "100/s")]);
    add(V5, "PUBACK, properties", packet(0x40, &[&two(10), &[0x97], &set]));
    let set = properties(&[&text_property(0x1F, "the server goes down"), &text_property(0x1C, "b.example")]);
    add(V5, "DISCONNECT, properties", packet(0xE0, &[&[0x9C], &set]));
    let set = properties(&[&text_property(0x15, "SCRAM-SHA-256"), &[&[0x16][..], &prefixed([0xA5; 64])].concat()]);
    add(V5, "AUTH", packet(0xF0, &[&[0x18], &set]));
    workloads
}

/// Returns the streams: mixes of 1 MiB, all golden vectors, all captured packets.
#[must_use]
pub fn streams() -> Vec<Workload> {
    let mut workloads = Vec::new();
    for version in [V3_1_1, V5] {
        workloads.push(Workload::stream(format!("{version} mix of 1 MiB"), version, &mix(version, 1 << 20)));
    }
    for version in [V3_1, V3_1_1, V5] {
        workloads.push(Workload::stream(format!("{version} golden vectors"), version, &golden_vectors(version)));
        workloads.push(Workload::stream(format!("{version} captures"), version, &captures(version)));
    }
    workloads
}

/// Returns all packets, then all streams.
#[must_use]
pub fn all() -> Vec<Workload> {
    let mut workloads = packets();
    workloads.append(&mut streams());
    workloads
}

/// Returns the series of growing workloads: a name, the unit, and the workloads, smallest first.
#[must_use]
pub fn growing() -> Vec<(&'static str, &'static str, Vec<Workload>)> {
    let grow = |what: &str, units: &[usize], make: &dyn Fn(usize) -> Vec<u8>| -> Vec<Workload> {
        let workload = |units: &usize| {
            let workload = Workload::packet(format!("5.0 {what}: {units}"), V5, &make(*units));
            Workload { units: *units, ..workload }
        };
        units.iter().map(workload).collect()
    };
    let many = |count: usize| vec![user_property("trace-id", "4bf92f3577b34da6a3ce929d0e0e4736"); count];
    let of_properties = grow("PUBLISH, user properties", &[1, 4, 16, 64, 256, 1024], &|count| {
        publish(V5, TOPIC_45, Some(10), &slices(&many(count)), b"21.5")
    });
    let sizes = [1, 10, 100, 1_000, 10_000];
    let of_filters = grow("SUBSCRIBE, filters", &sizes, &|count| subscribe(V5, count));
    let of_payload = grow("PUBLISH, payload", &[0, 64, 1 << 10, 16 << 10, 256 << 10, 1 << 20], &|len| {
        publish(V5, TOPIC_45, Some(10), &[], &vec![b'x'; len])
    });
    let of_text = grow("PUBLISH, Topic Name in Chinese", &[9, 30, 63, 255, 1_023, 4_095], &|len| {
        publish(V5, &"温度传感器数据厨房".chars().cycle().take(len / 3).collect::<String>(), Some(10), &[], b"21.5")
    });
    let all = mix(V5, 1 << 20);
    let of_packets = [1, 10, 100, 1_000, all.len()]
        .map(|count| Workload::stream(format!("5.0 mix, packets: {count}"), V5, &all[..count]))
        .to_vec();
    vec![
        ("properties", "property", of_properties),
        ("filters", "filter", of_filters),
        ("payload", "byte", of_payload),
        ("text that is not ASCII", "byte", of_text),
        ("packets in the buffer", "packet", of_packets),
    ]
}

/// Returns the path of a file of `testdata`.
///
/// # Panics
///
/// Panics if the file cannot be read.
#[must_use]
pub fn testdata(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../testdata")).join(name)
}

/// A vector of `testdata`.
#[derive(Clone, Debug)]
pub struct Vector {
    /// The name in the file.
    pub id: String,
    /// The version of the connection.
    pub version: ProtocolVersion,
    /// The packet.
    pub bytes: Vec<u8>,
    /// Sent by a client.
    pub is_from_client: bool,
    /// Marked by the bridge bit, which strict decoders refuse.
    pub is_bridge: bool,
}

/// Returns the vectors of one file.
///
/// # Panics
///
/// Panics if the file does not have the expected content.
#[must_use]
pub fn vectors(file: &str) -> Vec<Vector> {
    let text = fs::read_to_string(testdata(&format!("vectors/{file}.jsonl"))).expect("testdata is there");
    let vector = |line: &str| {
        let json: serde_json::Value = serde_json::from_str(line).expect("a line is JSON");
        let version = match json["version"].as_u64() {
            Some(3) => V3_1,
            Some(4) => V3_1_1,
            _ => V5,
        };
        let id = json["id"].as_str().expect("a vector has a name").to_owned();
        let is_bridge = json["fields"]["bridge"] == true;
        let bytes = from_hex(json["hex"].as_str().expect("a vector has bytes"));
        Vector { id, version, bytes, is_from_client: json["dir"] == "c2s", is_bridge }
    };
    text.lines().map(vector).collect()
}

fn from_hex(hex: &str) -> Vec<u8> {
    let digits = hex.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).expect("hexadecimal"));
    digits.map(|pair| u8::from_str_radix(pair, 16).expect("hexadecimal")).collect()
}

/// Returns the valid vectors of a version, made by the encoders of other implementations.
#[must_use]
pub fn golden_vectors(version: ProtocolVersion) -> Vec<Vec<u8>> {
    let all = ["mqtt-packet", "paho", "amqtt"].into_iter().flat_map(vectors);
    all.filter(|vector| vector.version == version && !vector.is_bridge).map(|vector| vector.bytes).collect()
}

/// All legal packets of the captured connections of a version, connection by connection, the client's first.
///
/// # Panics
///
/// If `testdata` is not what it should be.
#[must_use]
pub fn captures(version: ProtocolVersion) -> Vec<Vec<u8>> {
    let index = fs::read_to_string(testdata("captures/INDEX.tsv")).expect("testdata is there");
    let name = version.to_string();
    let mut packets = Vec::new();
    for line in index.lines().skip(1) {
        let mut columns = line.split('\t');
        let (Some(connection), Some(of_version)) = (columns.next(), columns.next()) else { continue };
        if of_version != name {
            continue;
        }
        for direction in ["c2s", "s2c"] {
            let bytes = fs::read(testdata(&format!("captures/{connection}.{direction}.bin"))).unwrap_or_default();
            let mut rest = &bytes[..];
            while let Some((packet, after)) = split(rest) {
                let is_connect = packet.first() == Some(&0x10);
                if is_connect || mqtt_codec::decode(packet, version).is_ok() {
                    packets.push(packet.to_vec());
                }
                rest = after;
            }
        }
    }
    packets.retain(|packet| mqtt_codec::decode(packet, version).is_ok());
    packets
}

/// Splits off a frame.
#[must_use]
pub fn split(input: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut len = 0;
    for (place, byte) in input.iter().skip(1).take(4).enumerate() {
        len |= usize::from(byte & 0x7F) << (7 * place);
        if byte & 0x80 == 0 {
            return input.split_at_checked(2 + place + len);
        }
    }
    None
}

/// Topic Filters and Topic Names to match, with the verdicts.
#[derive(Clone, Debug)]
pub struct Topics {
    /// What they are.
    pub name: &'static str,
    /// Filter, name, verdict.
    pub pairs: Vec<(String, String, bool)>,
}

/// Topics to match.
///
/// # Panics
///
/// If `testdata` is not what it should be.
#[must_use]
pub fn topics() -> Vec<Topics> {
    let one = |name, filter: &str, topic: &str, verdict| Topics {
        name,
        pairs: vec![(filter.to_owned(), topic.to_owned(), verdict)],
    };
    vec![
        one("literal, 45 bytes", TOPIC_45, TOPIC_45, true),
        one("two + in nine levels", "plant/+/line/12/robot/+/axis/3/torque/nm", TOPIC_45, true),
        one("# after two levels", "plant/berlin/#", TOPIC_45, true),
        one("other last level", "plant/berlin/line/12/robot/7/axis/3/torque/kg", TOPIC_45, false),
        one("shared", "$share/workers/plant/+/line/#", TOPIC_45, true),
        Topics { name: "1,000 pairs", pairs: pairs() },
    ]
}

fn pairs() -> Vec<(String, String, bool)> {
    let mut generator = Generator::new(7);
    let mut pair = || {
        let number = generator.below(100);
        let topic = match generator.below(3) {
            0 => format!("plant/berlin/line/{number}/robot/7/axis/3/torque"),
            1 => format!("plant/berlin/line/{number}/state"),
            _ => format!("commands/robot-{number}/request"),
        };
        let filter = match generator.below(2) {
            0 => filter(number),
            _ => filter(generator.below(100)),
        };
        let filter = filter.strip_prefix("$share/workers/").unwrap_or(&filter).to_owned();
        let verdict = is_match(&filter, &topic);
        (filter, topic, verdict)
    };
    iter::repeat_with(&mut pair).take(1_000).collect()
}

/// Matches slowly, as section 4.7 describes it.
fn is_match(filter: &str, topic: &str) -> bool {
    let filter: Vec<&str> = filter.split('/').collect();
    let topic: Vec<&str> = topic.split('/').collect();
    let levels = filter.iter().position(|level| *level == "#").unwrap_or(filter.len());
    let is_open = levels < filter.len();
    (if is_open { topic.len() >= levels } else { topic.len() == levels })
        && filter.iter().take(levels).zip(&topic).all(|(level, name)| *level == "+" || level == name)
}

/// Returns the length of the longest packet.
#[must_use]
pub fn longest(bytes: &[u8]) -> usize {
    iter::successors(split(bytes), |(_, rest)| split(rest)).map(|(packet, _)| packet.len()).max().unwrap_or(0)
}

/// Splits a stream into pieces of 1 to 64 bytes, the same in each run.
#[must_use]
pub fn trickle(bytes: &[u8]) -> Vec<&[u8]> {
    let mut generator = Generator::new(11);
    let mut pieces = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at((1 + generator.below(64)).min(rest.len()));
        pieces.push(piece);
        rest = after;
    }
    pieces
}

/// Splits a stream into pieces of 1,460 bytes, as TCP delivers them over Ethernet.
#[must_use]
pub fn segments(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.chunks(1460).collect()
}
