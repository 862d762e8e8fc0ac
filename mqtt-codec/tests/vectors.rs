//! Single packets made by the encoders of other implementations, and packets that break one rule each.

#![cfg(test)]

extern crate alloc;

#[path = "../examples/inspect/json/mod.rs"]
mod json;
#[expect(dead_code, reason = "the tables are for topics and captures")]
mod support;

use alloc::collections::{BTreeMap, BTreeSet};
use mqtt_codec::DecodeErrorKind as Kind;
use mqtt_codec::{
    DecodeOptions, Decoded, Packet, ProtocolVersion, Sender, decode, decode_fixed_header, decode_from_client,
    decode_from_server,
};
use serde_json::Value;
use support::{
    canonical, check_model, decode_every_way, encode_every_way, file_names, from_hex, json_lines, version_of_level,
};

const VALID: [&str; 3] = ["amqtt", "mqtt-packet", "paho"];
const INVALID: [&str; 2] = ["invalid", "invalid-others"];

/// What is expected of a vector that breaks a rule.
#[derive(Clone, Copy, Debug)]
enum Expected {
    /// It is refused from any sender, for this reason, at this byte.
    Refused(Kind, usize),
    /// It is refused if it is known that a client sent it, and else taken.
    RefusedFromClient(Kind, usize),
}
use Expected::{Refused, RefusedFromClient};

/// The verdict on every vector that breaks a rule. Those marked 3.1 break one that 3.1 does not have; it is applied all
/// the same, as the text of 3.1 leaves no meaning to what they say.
const VERDICTS: [(&str, Expected); 75] = [
    ("inv-0001", Refused(Kind::InvalidFlags, 0)),
    ("inv-0002", Refused(Kind::InvalidFlags, 0)),
    ("inv-0003", Refused(Kind::PacketIdentifierZero, 2)),
    ("inv-0004", Refused(Kind::InvalidReasonCode(0x02), 5)),
    ("inv-0005", Refused(Kind::PasswordWithoutUserName, 9)),
    ("inv-0006", Refused(Kind::IllFormedUtf8, 16)), // 3.1
    ("inv-0007", Refused(Kind::VariableByteIntegerTooLong, 1)),
    ("inv-0008", Refused(Kind::InvalidFlags, 0)),
    ("inv-0009", Refused(Kind::InvalidQoS, 0)),
    ("inv-0010", Refused(Kind::WillFlagsWithoutWill, 9)),
    ("inv-0011", Refused(Kind::AuthenticationDataWithoutMethod, 13)),
    ("inv-0012", Refused(Kind::InvalidFlags, 0)),
    ("inv-0013", Refused(Kind::UnexpectedEnd, 5)),
    ("inv-0014", Refused(Kind::EmptyPayload, 5)),
    ("inv-0015", Refused(Kind::InvalidReasonCode(0x80), 2)),
    ("inv-0016", Refused(Kind::WildcardInTopicName, 4)),
    ("inv-0017", Refused(Kind::WillFlagsWithoutWill, 9)),
    ("inv-0018", Refused(Kind::UnexpectedEnd, 3)),
    ("inv-0019", Refused(Kind::InvalidReasonCode(0x55), 2)),
    ("inv-0020", Refused(Kind::InvalidReasonCode(0x7F), 3)),
    ("inv-0021", Refused(Kind::UnexpectedEnd, 5)),
    ("inv-0022", Refused(Kind::PacketIdentifierZero, 20)),
    ("inv-0023", Refused(Kind::InvalidReasonCode(0xA0), 6)),
    ("inv-0024", Refused(Kind::NulCharacter, 7)), // 3.1
    ("inv-0025", Refused(Kind::UnexpectedEnd, 3)),
    ("inv-0026", Refused(Kind::InvalidPropertyValue, 6)),
    ("inv-0027", Refused(Kind::TrailingBytes, 4)), // 3.1
    ("inv-0028", Refused(Kind::IllFormedUtf8, 6)), // 3.1
    ("inv-0029", Refused(Kind::EmptyTopic, 2)),    // 3.1
    ("inv-0030", Refused(Kind::IllFormedUtf8, 9)),
    ("inv-0031", Refused(Kind::InvalidQoS, 16)),
    ("inv-0032", RefusedFromClient(Kind::WrongSender(Sender::Client), 0)), // a good PINGRESP
    ("inv-0033", Refused(Kind::NulCharacter, 8)),
    ("inv-0034", Refused(Kind::InvalidFlags, 0)),
    ("inv-0035", Refused(Kind::IllFormedUtf8, 12)),
    ("inv-0036", Refused(Kind::TrailingBytes, 4)), // 3.1
    ("inv-0037", Refused(Kind::UnexpectedEnd, 4)),
    ("inv-0038", Refused(Kind::InvalidFlags, 0)),
    ("inv-0039", Refused(Kind::DupAtQoS0, 0)),
    ("inv-0040", Refused(Kind::PacketIdentifierZero, 2)),
    ("inv-0041", Refused(Kind::InvalidFlags, 0)),
    ("inv-0042", Refused(Kind::TrailingBytes, 2)),
    ("inv-0043", Refused(Kind::MisplacedMultiLevelWildcard, 6)), // 3.1
    ("inv-0044", Refused(Kind::InvalidFlags, 0)),
    ("inv-0045", Refused(Kind::UnsupportedProtocolVersion, 8)),
    ("inv-0046", Refused(Kind::UnexpectedEnd, 2)),
    ("inv-0047", RefusedFromClient(Kind::PropertyFromWrongSender(Sender::Client), 6)), // right from a server
    ("inv-0048", Refused(Kind::UnexpectedEnd, 3)),
    ("inv-0049", Refused(Kind::MisplacedSingleLevelWildcard, 8)),
    ("inv-0050", Refused(Kind::DuplicateProperty, 14)),
    ("inv-0051", Refused(Kind::ReservedPacketType, 0)),
    ("inv-0052", Refused(Kind::UnexpectedEnd, 2)),
    ("inv-0053", Refused(Kind::IllFormedUtf8, 21)),
    ("inv-0054", Refused(Kind::IllFormedUtf8, 12)),
    ("inv-0055", Refused(Kind::TrailingBytes, 6)),
    ("inv-0056", Refused(Kind::ReservedPacketType, 0)),
    ("inv-0057", Refused(Kind::VariableByteIntegerNotMinimal, 1)),
    ("inv-0058", Refused(Kind::InvalidFlags, 0)),
    ("inv-0059", Refused(Kind::InvalidFlags, 0)),
    ("inv-0060", Refused(Kind::InvalidQoS, 11)), // 3.1
    ("inv-0061", Refused(Kind::NulCharacter, 19)),
    ("inv-0062", Refused(Kind::VariableByteIntegerTooLong, 6)),
    ("inv-0063", Refused(Kind::PropertyNotAllowed, 13)),
    ("inv-0064", Refused(Kind::NulCharacter, 29)),
    ("inv-0065", Refused(Kind::UnexpectedEnd, 12)),
    ("inv-0066", Refused(Kind::InvalidFlags, 0)),
    ("inv-0067", Refused(Kind::NulCharacter, 10)),
    ("inv-0068", Refused(Kind::EmptyPayload, 4)), // 3.1
    ("inv-0069", Refused(Kind::InvalidFlags, 0)),
    ("inv-0070", Refused(Kind::InvalidReasonCode(0x92), 4)),
    ("inv-0071", Refused(Kind::NulCharacter, 13)),
    ("inv-0072", Refused(Kind::UnexpectedEnd, 21)),
    ("inv-0073", Refused(Kind::InvalidRetainHandling, 19)),
    ("inv-0074", Refused(Kind::UnexpectedEnd, 15)),
    ("inv-0075", Refused(Kind::UnexpectedEnd, 22)),
];

struct Vector {
    id: String,
    version: ProtocolVersion,
    sender: Sender,
    raw: Vec<u8>,
    json: Value,
}

fn vectors(files: &[&str]) -> Vec<Vector> {
    let vector = |json: Value| Vector {
        id: json["id"].as_str().unwrap().to_owned(),
        version: version_of_level(&json["version"]),
        sender: match json["dir"].as_str() {
            Some("c2s") => Sender::Client,
            Some("s2c") => Sender::Server,
            other => panic!("{other:?}"),
        },
        raw: from_hex(json["hex"].as_str().unwrap()),
        json,
    };
    files.iter().flat_map(|file| json_lines(&format!("vectors/{file}.jsonl"))).map(vector).collect()
}

#[test]
fn every_valid_vector_decodes_agrees_and_reencodes() {
    let (mut same, mut shorter, mut bridges) = (0, 0, 0);
    for Vector { id, version, sender, raw, json } in vectors(&VALID) {
        let is_bridge = json["fields"]["bridge"] == true;
        let options = DecodeOptions::new(version).allow_bridge_bit(is_bridge);
        let packet = decode_every_way(&raw, options, &id);
        let known = decode(&raw, options.with_sender(sender)).unwrap_or_else(|error| panic!("{id}: {error}"));
        assert_eq!(known, Decoded::Complete { packet, consumed: raw.len() }, "{id}");

        let mut found =
            serde_json::to_value(json::PacketObject { packet, raw: &raw, version, offset: 0, deviation: None })
                .unwrap();
        found.as_object_mut().unwrap().remove("offset");
        assert_eq!(found, json["fields"], "{id}");
        check_model(&packet, &found, version, &id);

        if is_bridge {
            let error = decode(&raw, version).unwrap_err();
            assert_eq!(error.kind(), Kind::UnsupportedProtocolVersion, "{id}");
            bridges += 1;
        }
        let encoded = encode_every_way(&packet, options, &id);
        assert_eq!(encoded, canonical(&raw, version), "{id}");
        if encoded == raw { same += 1 } else { shorter += 1 }
    }
    assert_eq!((same, shorter, bridges), (142, 8, 1));
}

#[test]
fn every_invalid_vector_gets_the_verdict_that_is_stated() {
    let mut verdicts = BTreeMap::from(VERDICTS);
    for Vector { id, version, sender, raw, .. } in vectors(&INVALID) {
        let expected = verdicts.remove(&*id).unwrap_or_else(|| panic!("{id} has no verdict"));
        let options = DecodeOptions::new(version);
        match expected {
            Refused(kind, offset) => {
                check_refused(&raw, options, kind, offset, &id);
                check_refused(&raw, options.with_sender(sender), kind, offset, &id);
            }
            RefusedFromClient(kind, offset) => {
                assert_eq!(sender, Sender::Client, "{id}");
                check_refused(&raw, options.with_sender(sender), kind, offset, &id);
                let packet = decode_every_way(&raw, options.with_sender(Sender::Server), &id);
                assert_eq!(encode_every_way(&packet, options, &id), raw, "{id}");
            }
        }
    }
    assert_eq!(verdicts.into_keys().next(), None, "verdicts on what is nowhere");
}

/// Checks that a packet is refused for this reason, at this byte, alone and with a packet after it, but not while more
/// bytes could make it legal.
fn check_refused(raw: &[u8], options: DecodeOptions, kind: Kind, offset: usize, id: &str) {
    let error = decode(raw, options).expect_err(id);
    assert_eq!((error.kind(), error.offset()), (kind, offset), "{id}: {error}");
    assert_eq!(decode(&[raw, &[0xC0, 0x00]].concat(), options), Err(error), "{id}: with a packet behind it");
    let by_header = decode_fixed_header(raw, options);
    for cut in 0..raw.len() {
        match (decode(&raw[..cut], options), by_header) {
            (Ok(Decoded::Incomplete { .. }), _) => {}
            (Err(early), Err(_)) if cut > offset => assert_eq!(early, error, "{id}: cut at byte {cut}"),
            // The Remaining Length announces bytes after the last field.
            (Err(early), Ok(Decoded::Complete { packet: header, .. }))
                if kind == Kind::TrailingBytes && cut >= header.len =>
            {
                assert_eq!(early, error, "{id}: cut at byte {cut}");
            }
            (other, _) => panic!("{id}: cut at byte {cut}: {other:?}"),
        }
    }
    #[cfg(feature = "bytes")]
    {
        let frame = bytes::Bytes::copy_from_slice(raw);
        assert_eq!(mqtt_codec::decode_shared(&frame, options), Err(error), "{id}");
    }
}

#[test]
fn the_decoders_of_one_side_give_what_decode_gives() {
    for Vector { id, raw, .. } in vectors(&[&VALID[..], &INVALID[..]].concat()) {
        for options in ProtocolVersion::ALL.map(DecodeOptions::new) {
            for end in 0..=raw.len() {
                let from = |sender| decode(&raw[..end], options.with_sender(sender));
                assert_eq!(decode_from_client(&raw[..end], options), from(Sender::Client), "{id}");
                assert_eq!(decode_from_server(&raw[..end], options), from(Sender::Server), "{id}");
            }
        }
    }
}

#[test]
fn every_file_of_vectors_is_read() {
    let mut files: BTreeSet<String> = VALID.iter().chain(&INVALID).map(|name| format!("{name}.jsonl")).collect();
    files.insert("mqtt-packet.disagreements.tsv".to_owned());
    assert_eq!(file_names("vectors"), files);
    assert_eq!((vectors(&VALID).len(), vectors(&INVALID).len()), (150, VERDICTS.len()));
}

/// The one vector whose fields the other implementation reads otherwise: it drops a User Property with an empty value.
#[test]
fn a_user_property_with_an_empty_value_is_kept_when_its_name_repeats() {
    let vector = vectors(&["mqtt-packet"]).into_iter().find(|vector| vector.id == "mp-0086").unwrap();
    let (packet, _) = decode(&vector.raw, vector.version).unwrap().complete().unwrap();
    let Packet::Subscribe(subscribe) = packet else { panic!("{packet}") };
    let values = subscribe.properties.user_properties().map(|property| property.value.as_str());
    assert!(values.eq(["", "1o6i"]));
}
