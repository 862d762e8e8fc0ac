//! MQTT-SN: vectors and recorded datagrams of real clients and gateways, field by field and octet by octet.

#![cfg(test)]
#![expect(clippy::arithmetic_side_effects, reason = "overflow is a panic here, and a panic is a failed test")]

extern crate alloc;

mod sn_support;

use alloc::collections::BTreeMap;
use mqtt_codec::sn::{DecodeErrorKind as Kind, DecodeOptions, Encode, decode};
use serde_json::Value;
use sn_support::{Fields, canonical, fields, from_hex, plain};
use std::{fs, path::PathBuf};

/// The lines of a file of `testdata/sn`, or of the folder that `MQTT_SN_TESTDATA` names: for more than is kept here.
fn lines(name: &str) -> Vec<Fields> {
    let here = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../testdata/sn"));
    let path = std::env::var_os("MQTT_SN_TESTDATA").map_or_else(here, PathBuf::from).join(name);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn text<'a>(line: &'a Fields, name: &str) -> &'a str {
    line.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn notes(line: &Fields) -> Vec<&str> {
    line.get("notes").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

/// The fields that are to come out: without what is about the line itself, the raw octets of flags and Ctrl, and what
/// means nothing at QoS 0 and -1.
fn expected(line: &Fields) -> Fields {
    const ABOUT: [&str; 15] = [
        "id",
        "source",
        "hex",
        "why",
        "notes",
        "question",
        "proposal",
        "session",
        "dir",
        "length_form",
        "length",
        "msg_type",
        "flags",
        "ctrl",
        "client",
    ];
    let mut fields: Fields = line
        .iter()
        .filter(|(name, _)| !ABOUT.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    if text(line, "type") == "PUBLISH" && fields.get("qos").and_then(Value::as_i64).is_some_and(|qos| qos < 1) {
        fields.insert("dup".to_owned(), false.into());
        fields.insert("msg_id".to_owned(), 0.into());
    }
    if let Some(Value::Object(message)) = fields.get("message").cloned() {
        fields.insert("message".to_owned(), Value::Object(expected(&message)));
    }
    fields
}

/// Decodes with the fields of the line, and encodes to the octets that it has in the form that is written.
fn accepts(line: &Fields, options: DecodeOptions) {
    let raw = from_hex(text(line, "hex"));
    let datagram = decode(&raw, options).unwrap_or_else(|error| panic!("{line:?}: {error}"));
    assert_eq!(fields(&datagram), expected(line), "{line:?}");
    let written = canonical(&raw);
    let mut output = vec![0xEE; written.len() + 1];
    assert_eq!(datagram.encoded_len(), Ok(written.len()), "{line:?}");
    assert_eq!(datagram.encode(&mut output), Ok(written.len()), "{line:?}");
    assert_eq!((&output[..written.len()], output[written.len()]), (&written[..], 0xEE), "{line:?}");
    let is_canonical = !notes(line).iter().any(|note| {
        let changes =
            ["three-octet form", "unused flag bits", "reserved Ctrl bits", "DUP with QoS", "MsgId not 0 with"];
        changes.iter().any(|change| note.contains(change))
    });
    let is_short_in_the_long_form = raw[0] == 1 && written[0] != 1;
    if is_canonical && !is_short_in_the_long_form {
        assert_eq!(written, raw, "{line:?}");
    }
    #[cfg(feature = "bytes")]
    {
        let shared = mqtt_codec::sn::decode_shared(&bytes::Bytes::copy_from_slice(&raw), options).unwrap();
        assert_eq!(shared, datagram);
    }
}

/// Checks that the datagram is refused, also by the plain decoder. Returns the kind of error.
fn refuses(line: &Fields) -> Kind {
    let raw = from_hex(text(line, "hex"));
    let error = decode(&raw, DecodeOptions::new()).expect_err(&format!("{line:?}"));
    assert!(error.offset() <= raw.len(), "{line:?}: {error}");
    assert!(error.rule().starts_with("section "), "{error}");
    assert_eq!(plain::decode(&raw), None, "{line:?}");
    error.kind()
}

/// Returns `true` if the test data describe this kind of error.
fn is_described(kind: Kind, description: &str) -> bool {
    let description = description.strip_prefix("inner message: ").unwrap_or(description);
    let number = |word: &str| description.split(' ').skip_while(|other| *other != word).nth(1)?.parse::<usize>().ok();
    match kind {
        Kind::EmptyDatagram => description == "empty datagram",
        Kind::LengthTooSmall => {
            ["Length 0", "three-octet Length below 4", "encapsulation header too short"].contains(&description)
        }
        // Where MsgType is reserved too, Length is judged first.
        Kind::LengthMismatch { .. } => {
            description.ends_with("than the datagram")
                || description == "MsgType missing"
                || description.starts_with("reserved MsgType")
        }
        Kind::ReservedMessageType(value) => description == format!("reserved MsgType 0x{value:02X}"),
        Kind::UnexpectedEnd => {
            let is_short = || {
                let least = description.rsplit(' ').next()?.parse::<usize>().ok()?;
                Some(number("of")? < least)
            };
            ["three-octet Length cut off", "inner message missing"].contains(&description)
                || description.starts_with("body of ") && is_short() == Some(true)
        }
        Kind::TrailingBytes => {
            let most = description.rsplit(' ').next().and_then(|most| most.parse::<usize>().ok());
            description.starts_with("body of ") && !description.contains("at least") && number("of") > most
        }
        Kind::UnsupportedProtocolId(value) => description == format!("ProtocolId 0x{value:02X}"),
        Kind::EmptyClientId => description == "empty client id",
        Kind::ClientIdTooLong => description == "client id longer than 23 characters",
        Kind::InvalidQoS => {
            // Where TopicIdType is reserved too, QoS is judged first.
            ["Will QoS 3", "QoS 3 requested", "granted QoS 3", "TopicIdType 3"].contains(&description)
        }
        Kind::ReservedTopicIdType => description == "TopicIdType 3",
        Kind::TopicIdWithoutConnection => description == "QoS -1 with TopicIdType 0",
        Kind::ReservedTopicId => description == "topic id 0xFFFF",
        Kind::MessageIdZero => description.starts_with("MsgId 0"),
        Kind::EmptyTopic => ["empty topic name", "flags without a topic"].contains(&description),
        Kind::IllFormedUtf8 => description.ends_with("is not UTF-8"),
        Kind::NulCharacter => description.ends_with("has U+0000"),
        Kind::WildcardInTopicName => description.starts_with("wildcard in the "),
        Kind::MisplacedMultiLevelWildcard | Kind::MisplacedSingleLevelWildcard => description == "ill-formed filter",
        Kind::NestedEncapsulation => description == "nested encapsulation",
        Kind::EncapsulationWithLongLength => description == "encapsulation with a three-octet Length",
        _ => false,
    }
}

#[test]
fn legal_datagrams_are_read_field_by_field_and_written_octet_by_octet() {
    let lines = lines("valid.jsonl");
    for line in &lines {
        accepts(line, DecodeOptions::new());
        assert_eq!(plain::decode(&from_hex(text(line, "hex"))), Some(expected(line)), "{line:?}");
    }
    println!("valid: {}", lines.len());
    assert!(lines.len() >= 500);
}

#[test]
fn illegal_datagrams_are_refused_for_what_is_wrong_with_them() {
    let lines = lines("invalid.jsonl");
    for line in &lines {
        let kind = refuses(line);
        assert!(is_described(kind, text(line, "error")), "{kind:?} {line:?}");
        let raw = from_hex(text(line, "hex"));
        let lenient = decode(&raw, DecodeOptions::new().lenient());
        match text(line, "option") {
            "accept long client ids" => assert!(lenient.is_ok(), "{line:?}"),
            // Most of these have no name of the length that they say.
            "full name before the data with QoS -1" => {
                assert_ne!(lenient.err().map(|error| error.kind()), Some(Kind::TopicIdWithoutConnection));
            }
            option => {
                let is_surplus = kind == Kind::TrailingBytes && raw.len() == 4 && [0x1B, 0x1D].contains(&raw[1]);
                let counted = raw.first() == Some(&1) && raw.len() > 5;
                let counted = counted.then(|| usize::from(u16::from_be_bytes([raw[1], raw[2]])) + 2);
                let is_two_too_small = counted == Some(raw.len()) && matches!(kind, Kind::LengthMismatch { .. });
                assert_eq!(lenient.is_ok(), is_surplus || is_two_too_small, "{line:?}");
                assert!(option.is_empty(), "{line:?}");
            }
        }
    }
    println!("invalid: {}", lines.len());
    assert!(lines.len() >= 400);
}

/// What the specification leaves open, decided as it is proposed.
#[test]
fn open_questions_are_answered_as_proposed() {
    let mut answers: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for line in lines("open.jsonl") {
        let proposal = text(&line, "proposal");
        let proposal = proposal.rsplit("we propose: ").next().unwrap();
        let is_request = ["PUBLISH", "REGISTER", "SUBSCRIBE"].contains(&text(&line, "type"));
        let refused = proposal.starts_with("refuse") && (!proposal.contains("accept in answers") || is_request);
        let count = answers.entry(text(&line, "question").to_owned()).or_default();
        if refused {
            let kind = refuses(&line);
            assert!(is_described(kind, text(&line, "question")), "{kind:?} {line:?}");
            count.1 += 1;
        } else {
            accepts(&line, DecodeOptions::new());
            count.0 += 1;
        }
    }
    println!("open, accepted and refused: {answers:?}");
    assert!(answers.len() >= 12);
}

/// What is noted about a recorded datagram and makes it illegal here, as the open questions have it.
const REFUSED_NOTES: [&str; 9] = [
    "empty client id",
    "client id longer than 23 characters",
    "client_id is not UTF-8",
    "topic_name is not UTF-8",
    "topic_name has U+0000",
    "flags without a topic",
    "topic id 0xFFFF",
    "MsgId 0 with QoS 1",
    "MsgId 0 with QoS 2",
];

#[test]
fn recorded_datagrams_are_read_as_other_decoders_read_them() {
    let lines = lines("captured.jsonl");
    let mut counts = [0; 3];
    for line in &lines {
        let is_publish = text(line, "type") == "PUBLISH";
        let noted = notes(line)
            .into_iter()
            .find(|note| REFUSED_NOTES.contains(note) || is_publish && *note == "wildcard in the short topic name");
        // The letter of MQTT-SN says nothing on filters; those of MQTT are meant.
        let is_ill_formed = text(line, "hex") == "0a1220000c6123622f63"; // a#b/c
        let noted = if is_ill_formed { Some("ill-formed filter") } else { noted };
        match (line.get("error").and_then(Value::as_str), noted) {
            (Some(description), _) | (None, Some(description)) => {
                let kind = refuses(line);
                assert!(is_described(kind, description), "{kind:?} {line:?}");
                counts[1] += 1;
                // Lenient options read what real software means; what is only malformed stays refused.
                counts[2] += usize::from(decode(&from_hex(text(line, "hex")), DecodeOptions::new().lenient()).is_ok());
            }
            (None, None) => {
                accepts(line, DecodeOptions::new());
                counts[0] += 1;
            }
        }
    }
    println!("captured: {} accepted, {} refused, of these {} read leniently", counts[0], counts[1], counts[2]);
    assert!(counts[0] >= 1_900 && counts[1] >= 60 && counts[2] >= 10);
}

/// Each leniency, on what its software really sent.
#[test]
fn each_leniency_reads_what_its_software_sends() {
    let strict = DecodeOptions::new();
    let read = |options: DecodeOptions| {
        let mut sessions: Vec<String> = Vec::new();
        for line in lines("captured.jsonl") {
            let raw = from_hex(text(&line, "hex"));
            if decode(&raw, strict).is_err() && decode(&raw, options).is_ok() {
                sessions.push(text(&line, "session").to_owned());
            }
        }
        sessions
    };
    for (options, software) in [
        (strict.allow_topic_name_without_connection(true), &["paho-qos-1pub_extended", "pylg-", "tools-"][..]),
        (strict.allow_length_two_too_small(true), &["scripted-long-paho", "py12-long"]),
        (strict.allow_surplus_octet_in_will_responses(true), &["-rsmb-"]),
        (strict.allow_empty_client_id(true), &["cc-pub-noid"]),
        (strict.allow_long_client_id(true), &["paho-"]),
    ] {
        let sessions = read(options);
        println!("{options:?}: {sessions:?}");
        let names = |name: &&&str| sessions.iter().any(|session| session.contains(**name));
        assert!(software.iter().any(|name| names(&name)), "{options:?}: {sessions:?}");
    }
}
