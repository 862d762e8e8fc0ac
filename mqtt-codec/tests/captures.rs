//! Recorded sessions of real clients and servers. Every packet decodes to the fields that independent programs found in
//! it, and encodes to the same bytes. A packet that breaks a rule is refused with that rule.

#![cfg(test)]

extern crate alloc;

#[path = "../examples/inspect/json/mod.rs"]
mod json;
#[expect(dead_code, reason = "hexadecimal is for the vectors")]
mod support;

use alloc::collections::{BTreeMap, BTreeSet};
use mqtt_codec::DecodeErrorKind as Kind;
use mqtt_codec::{DecodeOptions, DecodedFixedHeader, Packet, ProtocolVersion, Sender, decode, decode_fixed_header};
use serde_json::Value;
use support::{canonical, check_model, decode_every_way, encode_every_way, file_names, json_lines, read, table};

/// What is expected of a packet of which something is to be said.
#[derive(Clone, Copy, Debug)]
enum Expected {
    /// It is legal. What is odd about it is no matter of its bytes.
    Taken,
    /// It is refused from any sender, for this reason, at this byte.
    Refused(Kind, usize),
    /// It is refused if it is known that a client sent it, and else taken.
    RefusedFromClient(Kind, usize),
    /// It is refused with this option, and else taken.
    RefusedIf(fn(DecodeOptions) -> DecodeOptions, Kind, usize),
    /// It is accepted with this option, and refused without it.
    RefusedUnless(fn(DecodeOptions) -> DecodeOptions, Kind, usize),
}
use Expected::{Refused, RefusedFromClient, RefusedIf, RefusedUnless, Taken};

/// Captures with the same packet, its direction and number, the expected result, and the reason.
type Remark = (&'static [&'static str], &'static str, usize, Expected, &'static str);

/// Every packet that the index of the captures calls invalid, unusual or to be refused, or about which its decoders did
/// not agree.
const REMARKS: &[Remark] = &[
    (
        &[
            "refused-version-aedes-paho-v5-c1",
            "refused-version-amqtt-paho-v5-c1",
            "refused-version-aedes-mqttjs-v5-c1",
            "refused-version-amqtt-mqttjs-v5-c1",
            "refused-version-aedes-gmqtt-v5-c1",
            "refused-version-amqtt-gmqtt-v5-c1",
            "badconnect-aedes-c5",
            "badconnect-aedes-c6",
            "badconnect-aedes-c7",
            "badconnect-aedes-c8",
        ],
        "s2c",
        0,
        Refused(Kind::ServerSpeaksVersion3, 4),
        "a CONNACK of 3.x to a CONNECT of 5.0: no packet of 5.0, yet worth to be recognised by its whole form",
    ),
    (&["level-mosq-c1", "level-aedes-c1", "level-amqtt-c1"], "c2s", 0, LEVEL, "MQTT with level 6"),
    (&["level-mosq-c2", "level-aedes-c2", "level-amqtt-c2"], "c2s", 0, LEVEL, "MQTT with level 0"),
    (&["level-mosq-c4", "level-aedes-c4", "level-amqtt-c4"], "c2s", 0, LEVEL, "MQTT with level 3, which is MQIsdp's"),
    (
        &["level-mosq-c5", "level-aedes-c5", "level-amqtt-c5"],
        "c2s",
        0,
        Refused(Kind::UnsupportedProtocolVersion, 10),
        "MQIsdp with level 4, which is MQTT's",
    ),
    (
        &["level-mosq-c3", "level-aedes-c3", "level-amqtt-c3"],
        "c2s",
        0,
        Refused(Kind::InvalidProtocolName, 4),
        "MQTX is no Protocol Name",
    ),
    (&["level-mosq-c2", "level-amqtt-c2"], "s2c", 0, Taken, "a CONNACK of 3.x: the answer to a level nobody has"),
    (&["violations-mosq-v5-c1", "violations-ejabberd-v5-c1"], "c2s", 1, Refused(Kind::InvalidQoS, 0), "QoS 3"),
    (&["violations-mosq-v5-c2"], "c2s", 1, Refused(Kind::ReservedPacketType, 0), "type 0"),
    (&["violations-mosq-v5-c3"], "c2s", 1, Refused(Kind::WildcardInTopicName, 6), "PUBLISH to a/#"),
    (&["violations-mosq-v5-c4"], "c2s", 1, Refused(Kind::TopicAliasZero, 9), "Topic Alias 0"),
    (
        &["violations-mosq-v5-c5", "violations-ejabberd-v5-c2"],
        "c2s",
        1,
        Taken,
        "only the connection knows that the Topic Alias was never set",
    ),
    (&["violations-mosq-v5-c6"], "c2s", 1, Refused(Kind::InvalidFlags, 0), "SUBSCRIBE with flags 0"),
    (&["violations-mosq-v5-c7"], "c2s", 1, Refused(Kind::InvalidQoS, 10), "a subscription at QoS 3"),
    (&["violations-mosq-v5-c8"], "c2s", 1, Refused(Kind::InvalidRetainHandling, 10), "Retain Handling 3"),
    (
        &["violations-mosq-v5-c9", "violations-ejabberd-v5-c3"],
        "c2s",
        1,
        Refused(Kind::NoLocalOnSharedSubscription, 17),
        "MQTT-3.8.3-4: both are in this one packet",
    ),
    (&["violations-mosq-v5-c10"], "c2s", 1, Refused(Kind::InvalidFlags, 0), "UNSUBSCRIBE with flags 0"),
    (&["violations-mosq-v5-c11"], "c2s", 1, Refused(Kind::DuplicateProperty, 13), "two Message Expiry Intervals"),
    (&["violations-mosq-v5-c12"], "c2s", 1, Refused(Kind::UnknownProperty(0x7F), 8), "0x7F is no property"),
    (
        &["violations-mosq-v5-c13", "violations-ejabberd-v5-c4"],
        "c2s",
        1,
        RefusedFromClient(Kind::PropertyFromWrongSender(Sender::Client), 8),
        "MQTT-3.3.4-6: only a server's PUBLISH has Subscription Identifiers",
    ),
    (&["violations-mosq-v5-c14"], "c2s", 1, Refused(Kind::IllFormedUtf8, 4), "U+D800 in a Topic Name"),
    (&["violations-mosq-v5-c15"], "c2s", 1, Refused(Kind::UnexpectedEnd, 7), "Property Length 127, two bytes are left"),
    (&["violations-mosq-v5-c16"], "c2s", 1, Refused(Kind::InvalidFlags, 0), "PUBREL with flags 0"),
    (
        &["violations-mosq-v5-c17", "violations-ejabberd-v5-c5"],
        "c2s",
        1,
        Taken,
        "only the session knows that the Packet Identifier is not in use",
    ),
    (
        &["violations-mosq-v5-c18"],
        "c2s",
        1,
        RefusedFromClient(Kind::WrongSender(Sender::Client), 0),
        "a good CONNACK, but a client sends none",
    ),
    (&["violations-mosq-v5-c19"], "c2s", 1, Refused(Kind::InvalidFlags, 0), "PINGREQ with flags 1"),
    (&["violations-mosq-v5-c20"], "c2s", 1, Refused(Kind::InvalidReasonCode(0x55), 2), "0x55 is not a Reason Code"),
    (
        &["violations-mosq-v5-c21", "violations-ejabberd-v5-c6"],
        "c2s",
        1,
        Refused(Kind::AuthenticationMethodMissing, 2),
        "3.15.2.2.2: the short form leaves out what AUTH must have",
    ),
    (
        &["badconnect-mosq-c1", "badconnect-aedes-c1"],
        "c2s",
        0,
        Refused(Kind::ReservedConnectFlag, 9),
        "bit 0 of the Connect Flags",
    ),
    (
        &["badconnect-mosq-c2", "badconnect-aedes-c2"],
        "c2s",
        0,
        Refused(Kind::WillFlagsWithoutWill, 9),
        "Will QoS 1 without a Will",
    ),
    (
        &["badconnect-mosq-c3", "badconnect-aedes-c3"],
        "c2s",
        0,
        RefusedUnless(|options| options.allow_empty_client_identifier(true), Kind::EmptyClientIdentifier, 12),
        "MQTT-3.1.3-8: to be refused, and some servers do not",
    ),
    (
        &["badconnect-mosq-c4", "badconnect-aedes-c4"],
        "c2s",
        0,
        RefusedIf(|options| options.refuse_long_client_identifiers(true), Kind::ClientIdentifierTooLong, 14),
        "30 characters: more than 3.1 allows, and all large servers take",
    ),
    (&["badconnect-mosq-c5", "badconnect-aedes-c5"], "c2s", 0, Taken, "5.0 allows a Password without a User Name"),
    (
        &["badconnect-mosq-c6", "badconnect-aedes-c6"],
        "c2s",
        0,
        Refused(Kind::InvalidPropertyValue, 14),
        "Maximum Packet Size 0",
    ),
    (
        &["badconnect-mosq-c7", "badconnect-aedes-c7"],
        "c2s",
        0,
        Refused(Kind::InvalidPropertyValue, 14),
        "Request Response Information 2",
    ),
    (
        &["badconnect-mosq-c8", "badconnect-aedes-c8"],
        "c2s",
        0,
        Refused(Kind::PropertyNotAllowed, 18),
        "a Will has no Topic Alias",
    ),
    (
        &["badconnect-mosq-c9", "badconnect-aedes-c9"],
        "c2s",
        0,
        Refused(Kind::TrailingBytes, 19),
        "five bytes behind the last field",
    ),
    (
        &["badconnect-mosq-c10", "badconnect-aedes-c10"],
        "c2s",
        0,
        Taken,
        "a PUBLISH of 3.x: only the connection knows that no CONNECT went before it",
    ),
    (
        &["badconnect-mosq-c11", "badconnect-aedes-c11"],
        "c2s",
        0,
        Refused(Kind::InvalidFlags, 0),
        "HTTP: 'G' would be a PUBACK with flags, so there is no waiting for the rest of its 71 bytes",
    ),
];

/// The level of a CONNECT with the name MQTT is at byte 8.
const LEVEL: Expected = Refused(Kind::UnsupportedProtocolVersion, 8);

/// A line of the index.
struct Capture {
    name: String,
    version: ProtocolVersion,
    is_bridge: bool,
    /// Returns `true` if there is a CONNECT that names the version.
    is_settled: bool,
    bytes: [usize; 2],
    notes: String,
    oracles: String,
}

fn captures() -> Vec<Capture> {
    let capture = |row: Vec<String>| {
        let (version, bridge) = row[1].split_once('+').unwrap_or((&row[1], ""));
        let is_unsettled = version == "none" || version.starts_with("other");
        let version = match version {
            "3.1" => ProtocolVersion::V3_1,
            "5.0" => ProtocolVersion::V5,
            // An answer to an unknown level is in the form of 3.x.
            _ => ProtocolVersion::V3_1_1,
        };
        Capture {
            name: row[0].clone(),
            version,
            is_bridge: bridge == "bridge",
            is_settled: !is_unsettled,
            bytes: [row[5].parse().unwrap(), row[6].parse().unwrap()],
            notes: row[9].clone(),
            oracles: row[10].clone(),
        }
    };
    table("captures/INDEX.tsv").into_iter().map(capture).collect()
}

impl Capture {
    fn options(&self) -> DecodeOptions {
        DecodeOptions::new(self.version).allow_bridge_bit(self.is_bridge)
    }

    /// Calls for every packet of both directions, in order: direction, number, its bytes, what is expected of it. Where
    /// a packet begins and ends is the independent decoders' word.
    fn for_each_packet(&self, mut each: impl FnMut(&'static str, usize, &[u8], &Value)) {
        let expected = json_lines(&format!("captures/{}.expected.jsonl", self.name));
        assert!(expected.iter().all(|line| line["dir"] == "c2s" || line["dir"] == "s2c"), "{}", self.name);
        let integer = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
        for (direction, bytes) in ["c2s", "s2c"].into_iter().zip(self.bytes) {
            let stream = read(&format!("captures/{}.{direction}.bin", self.name));
            assert_eq!(stream.len(), bytes, "{} {direction}", self.name);
            let mut end = 0_usize;
            for (number, line) in expected.iter().filter(|line| line["dir"] == direction).enumerate() {
                assert_eq!(line["n"], number, "{} {direction}", self.name);
                assert_eq!(line["offset"], end, "{} {direction} {number}", self.name);
                let begin = end;
                end = begin.checked_add(integer(&line["length"])).unwrap();
                each(direction, number, &stream[begin..end], line);
            }
            assert_eq!(end, bytes, "{} {direction}: bytes in no packet", self.name);
        }
    }
}

fn sender(direction: &str) -> Sender {
    if direction == "c2s" { Sender::Client } else { Sender::Server }
}

type Place = (String, &'static str, usize);

fn remarks() -> BTreeMap<Place, Expected> {
    let mut remarks = BTreeMap::new();
    for (names, direction, number, expected, _) in REMARKS {
        for name in *names {
            let before = remarks.insert(((*name).to_owned(), *direction, *number), *expected);
            assert!(before.is_none(), "{name} {direction} {number} is there twice");
        }
    }
    remarks
}

/// Checks a legal packet: it decodes to the fields that the independent decoders found, and encodes to its own bytes,
/// or to their canonical form. Is it that already?
fn check_legal(raw: &[u8], options: DecodeOptions, line: &Value, context: &str) -> bool {
    let packet = decode_every_way(raw, options, context);
    check_fields(&packet, raw, options, line, context);
    let encoded = encode_every_way(&packet, options, context);
    assert_eq!(encoded, canonical(raw, options.version()), "{context}: encoded again");
    encoded == raw
}

fn check_fields(packet: &Packet<&[u8]>, raw: &[u8], options: DecodeOptions, line: &Value, context: &str) {
    let offset = line["offset"].as_u64().unwrap();
    let object = json::PacketObject { packet: *packet, raw, version: options.version(), offset, deviation: None };
    let found = serde_json::to_value(object).unwrap();
    let mut expected = line.clone();
    let members = expected.as_object_mut().unwrap();
    members.retain(|name, _| !["dir", "n", "oracle", "anomalies", "mqtt_packet_error"].contains(&name.as_str()));
    assert_eq!(found, expected, "{context}");
    check_model(packet, line, options.version(), context);
}

/// Checks that an illegal packet is refused for this reason, at this byte. If the end of its frame is known, the packet
/// after it is decoded.
fn check_refused(raw: &[u8], options: DecodeOptions, kind: Kind, offset: usize, context: &str) {
    let error = decode(raw, options).expect_err(context);
    assert_eq!((error.kind(), error.offset()), (kind, offset), "{context}: {error}");
    assert!(error.offset() <= raw.len(), "{context}: {error}");
    #[cfg(feature = "bytes")]
    {
        let frame = bytes::Bytes::copy_from_slice(raw);
        assert_eq!(mqtt_codec::decode_shared(&frame, options), Err(error), "{context}");
    }
    let header = decode_fixed_header(raw, options).map(mqtt_codec::Decoded::complete);
    match header {
        Ok(Some((header, _))) => assert_eq!(DecodedFixedHeader::packet_len(&header), raw.len(), "{context}"),
        Ok(None) => panic!("{context}: an error, and no fixed header"),
        Err(of_header) => assert_eq!(of_header, error, "{context}"),
    }
}

#[test]
fn every_agreed_packet_decodes_agrees_and_reencodes() {
    let remarks = remarks();
    let (mut same, mut shorter) = (0, 0);
    for capture in captures() {
        capture.for_each_packet(|direction, number, raw, line| {
            if remarks.contains_key(&(capture.name.clone(), direction, number)) {
                return;
            }
            let context = format!("{} {direction} {number}", capture.name);
            let options = capture.options();
            if check_legal(raw, options, line, &context) {
                same += 1;
            } else {
                shorter += 1;
            }
            // Who sent it is known as well, and changes nothing.
            let (packet, _) = decode(raw, options).unwrap().complete().unwrap();
            let known = decode(raw, options.with_sender(sender(direction)))
                .unwrap_or_else(|error| panic!("{context}: {error}"));
            assert_eq!(known.complete(), Some((packet, raw.len())), "{context}");
        });
    }
    assert_eq!((same, shorter), (2852, 44), "packets that encode to the same bytes, and to a shorter form");
}

#[test]
fn every_remarkable_packet_gets_the_verdict_that_is_stated() {
    let mut remarks = remarks();
    for capture in captures() {
        capture.for_each_packet(|direction, number, raw, line| {
            let Some(expected) = remarks.remove(&(capture.name.clone(), direction, number)) else { return };
            let context = format!("{} {direction} {number}", capture.name);
            let options = capture.options();
            let known = options.with_sender(sender(direction));
            match expected {
                Taken => {
                    check_legal(raw, options, line, &context);
                    check_legal(raw, known, line, &context);
                }
                Refused(kind, offset) => {
                    check_refused(raw, options, kind, offset, &context);
                    check_refused(raw, known, kind, offset, &context);
                }
                RefusedFromClient(kind, offset) => {
                    check_legal(raw, options, line, &context);
                    check_legal(raw, options.with_sender(Sender::Server), line, &context);
                    check_refused(raw, options.with_sender(Sender::Client), kind, offset, &context);
                }
                RefusedIf(option, kind, offset) => {
                    check_legal(raw, options, line, &context);
                    check_refused(raw, option(options), kind, offset, &context);
                }
                RefusedUnless(option, kind, offset) => {
                    check_refused(raw, options, kind, offset, &context);
                    let packet = decode_every_way(raw, option(options), &context);
                    check_fields(&packet, raw, options, line, &context);
                }
            }
        });
    }
    assert_eq!(remarks.into_keys().next(), None, "remarks about packets that are nowhere");
}

#[test]
fn every_capture_has_its_files_and_every_oddity_a_remark() {
    let mut files = BTreeSet::from(["INDEX.tsv", "CHUNKS.tsv", "DISAGREEMENTS.tsv"].map(str::to_owned));
    let mut places: BTreeSet<(String, String)> =
        remarks().into_keys().map(|(name, direction, number)| (name, format!("{direction}:{number}"))).collect();
    let all = places.clone();
    let mut has_remark = |name: &str, place: &str| {
        places.remove(&(name.to_owned(), place.to_owned()));
        assert!(all.contains(&(name.to_owned(), place.to_owned())), "{name} {place} has no remark");
    };
    let captures = captures();
    assert_eq!(captures.len(), 314);
    for capture in &captures {
        let name = &capture.name;
        files.extend(["c2s.bin", "s2c.bin", "expected.jsonl"].map(|kind| format!("{name}.{kind}")));

        // "agree", or "odd: c2s:1 s2c:0".
        let odd = capture.oracles.strip_prefix("odd: ").unwrap_or_else(|| {
            assert_eq!(capture.oracles, "agree", "{name}");
            ""
        });
        for place in odd.split_whitespace() {
            has_remark(name, &place.replace("tail", "0"));
        }
        for note in capture.notes.split("; ") {
            if let Some((_, rest)) = note.split_once(" c2s packet ") {
                has_remark(name, &format!("c2s:{}", rest.split(':').next().unwrap()));
            } else if ["invalid: ", "valid: ", "to be refused"].iter().any(|start| note.starts_with(start))
                || note.contains("to be refused: ")
            {
                has_remark(name, "c2s:0");
            } else {
                let known = ["-", "client bytes are hand-made", "proxy lost ", "the CONNACK is in ", "c2s ends with "];
                assert!(known.iter().any(|start| note.starts_with(start)), "{name}: {note}");
            }
        }
        assert!(capture.is_settled || all.contains(&(name.clone(), "c2s:0".to_owned())), "{name}");
    }
    assert_eq!(file_names("captures"), files);
    for row in table("captures/DISAGREEMENTS.tsv") {
        has_remark(&row[0], &format!("{}:{}", row[1], row[2]));
    }
    assert_eq!(places, BTreeSet::new(), "remarks about what nobody remarked");
}

#[test]
fn a_bridges_mark_on_the_level_needs_its_option() {
    let bridges: Vec<Capture> = captures().into_iter().filter(|capture| capture.is_bridge).collect();
    assert_eq!(bridges.len(), 2);
    for capture in bridges {
        let stream = read(&format!("captures/{}.c2s.bin", capture.name));
        let error = decode(&stream, capture.version).unwrap_err();
        assert_eq!(error.kind(), Kind::UnsupportedProtocolVersion, "{}", capture.name);
        let (packet, _) = decode(&stream, capture.options()).unwrap().complete().unwrap();
        assert!(matches!(packet, Packet::Connect(connect) if connect.bridge), "{}", capture.name);
    }
}
