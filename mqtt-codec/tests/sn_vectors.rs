//! MQTT-SN: vectors and recorded datagrams of real clients and gateways, field by field and octet by octet.

#![cfg(test)]
#![expect(clippy::arithmetic_side_effects, reason = "overflow is a panic here, and a panic is a failed test")]

extern crate alloc;

mod sn_support;

use alloc::collections::BTreeMap;
use mqtt_codec::sn::{DecodeErrorKind as Kind, DecodeOptions, Encode, Leniency, Sender, decode};
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
    const ABOUT: [&str; 16] = [
        "id",
        "source",
        "hex",
        "why",
        "notes",
        "question",
        "proposal",
        "session",
        "dir",
        "times",
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

/// The verdict on a recorded datagram, from the side that sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Verdict {
    /// It decodes with the recorded fields, and encodes to the same octets.
    Same,
    /// It decodes with the recorded fields, and encodes to the canonical octets: the note says what differs.
    Canonical,
    /// The decoder of the recording refuses it too, for the same reason.
    RefusedByBoth,
    /// The decoder of the recording accepts it, mostly with a note. This codec refuses it.
    RefusedHere,
}

/// The verdict on every recorded datagram: the reason, the section of the rule, the leniency that accepts it, how many
/// datagrams were recorded, and how many different ones.
const VERDICTS: &[(Verdict, &str, &str, &str, u64, u64)] = &[
    (Verdict::Same, "", "", "", 9_480, 2_182),
    (Verdict::Canonical, "DUP with QoS -1", "", "", 8, 1),
    (Verdict::Canonical, "MsgId not 0 with QoS 0", "", "", 13, 12),
    (Verdict::Canonical, "three-octet form for a short message", "", "", 48, 8),
    (Verdict::Canonical, "unused flag bits set", "", "", 88, 34),
    (Verdict::RefusedByBoth, "Length", "5.2.1", "", 16, 2),
    (Verdict::RefusedByBoth, "Length larger than the datagram", "5.2.1", "", 96, 12),
    (Verdict::RefusedByBoth, "Length smaller than the datagram", "5.2.1", "", 32, 4),
    (Verdict::RefusedByBoth, "Length smaller than the datagram", "5.2.1", "allow_length_two_too_small", 6, 3),
    (Verdict::RefusedByBoth, "MsgType missing", "5.2.1", "", 8, 1),
    (Verdict::RefusedByBoth, "ProtocolId", "5.3.8", "", 16, 4),
    (Verdict::RefusedByBoth, "QoS -1 with TopicIdType", "6.8", "", 8, 1),
    (Verdict::RefusedByBoth, "QoS -1 with TopicIdType", "6.8", "allow_topic_name_without_connection", 16, 4),
    (Verdict::RefusedByBoth, "QoS requested", "5.3.4", "", 8, 1),
    (Verdict::RefusedByBoth, "TopicIdType", "5.3.4", "", 32, 4),
    (Verdict::RefusedByBoth, "body of octets must be", "5.4.13", "", 24, 3),
    (Verdict::RefusedByBoth, "body of octets must be", "5.4.14", "", 16, 2),
    (Verdict::RefusedByBoth, "body of octets must be", "5.4.15", "", 16, 2),
    (Verdict::RefusedByBoth, "body of octets must be", "5.4.20", "", 8, 1),
    (Verdict::RefusedByBoth, "body of octets must be", "5.4.24", "allow_surplus_octet_in_will_responses", 10, 1),
    (Verdict::RefusedByBoth, "body of octets must be", "5.4.25", "allow_surplus_octet_in_will_responses", 9, 1),
    (Verdict::RefusedByBoth, "body of octets must be", "5.4.6", "", 8, 1),
    (Verdict::RefusedByBoth, "body of octets must be at least", "5.4.10", "", 8, 1),
    (Verdict::RefusedByBoth, "body of octets must be at least", "5.4.12", "", 16, 2),
    (Verdict::RefusedByBoth, "body of octets must be at least", "5.4.17", "", 8, 1),
    (Verdict::RefusedByBoth, "body of octets must be or", "5.4.21", "", 16, 2),
    (Verdict::RefusedByBoth, "empty topic name", "5.3.12", "", 44, 6),
    (Verdict::RefusedByBoth, "inner message missing", "5.5", "", 16, 2),
    (Verdict::RefusedByBoth, "inner message: nested encapsulation", "5.5", "", 8, 1),
    (Verdict::RefusedByBoth, "reserved MsgType", "5.2.1", "", 8, 1),
    (Verdict::RefusedByBoth, "reserved MsgType", "5.2.2", "", 51, 7),
    (Verdict::RefusedByBoth, "three-octet Length below", "5.2.1", "", 8, 1),
    (Verdict::RefusedByBoth, "three-octet Length cut off", "5.2.1", "", 16, 2),
    (Verdict::RefusedByBoth, "wildcard in the topic name", "5.3.12", "", 16, 2),
    (Verdict::RefusedHere, "ADVERTISE: a client does not send this message", "5.4.1", "", 8, 1),
    (Verdict::RefusedHere, "CONNECT: ClientId is empty", "5.3.1", "allow_empty_client_id", 21, 1),
    (Verdict::RefusedHere, "CONNECT: ClientId is longer than 23 characters", "5.3.1", "allow_long_client_id", 20, 5),
    (Verdict::RefusedHere, "CONNECT: ClientId is not well-formed UTF-8", "5.3.1", "", 8, 1),
    (Verdict::RefusedHere, "PUBLISH: MsgId is 0", "5.3.7", "", 8, 1),
    (Verdict::RefusedHere, "PUBLISH: TopicId holds a wildcard character", "5.3.11", "", 16, 2),
    (Verdict::RefusedHere, "PUBLISH: TopicId holds the character U+0000", "5.3.11", "", 8, 1),
    (Verdict::RefusedHere, "PUBLISH: TopicId is 0xFFFF", "5.3.11", "", 8, 1),
    (Verdict::RefusedHere, "PUBLISH: TopicId is not well-formed UTF-8", "5.3.11", "", 4, 4),
    (Verdict::RefusedHere, "REGISTER: TopicName holds the character U+0000", "5.3.12", "", 8, 1),
    (Verdict::RefusedHere, "REGISTER: TopicName is not well-formed UTF-8", "5.3.12", "", 8, 1),
    (Verdict::RefusedHere, "SUBSCRIBE: '#' is not the whole last level of topic filter", "5.3.12", "", 8, 1),
    (Verdict::RefusedHere, "SUBSCRIBE: topic filter is not well-formed UTF-8", "5.3.12", "", 8, 1),
    (Verdict::RefusedHere, "WILLTOPIC: WillTopic is empty", "5.3.14", "", 10, 1),
];

/// Decodes a recorded datagram as one of this side. Returns the verdict, the reason, the section and the leniency.
fn judge(line: &Fields, sender: Sender) -> (Verdict, String, &'static str, &'static str) {
    let raw = from_hex(text(line, "hex"));
    let strict = DecodeOptions::new().with_sender(sender);
    let Err(error) = decode(&raw, strict) else {
        assert!(line.get("error").is_none(), "{line:?}");
        accepts(line, strict);
        let verdict = if canonical(&raw) == raw { Verdict::Same } else { Verdict::Canonical };
        return (verdict, if verdict == Verdict::Same { String::new() } else { notes(line).join(", ") }, "", "");
    };
    let accepts = |leniency: &&Leniency| decode(&raw, strict.with_leniency(**leniency, true)).is_ok();
    let accepting: Vec<_> = Leniency::ALL.iter().filter(accepts).map(|leniency| leniency.name()).collect();
    assert!(accepting.len() < 2, "{line:?}: {accepting:?}");
    assert_eq!(decode(&raw, strict.lenient()).is_ok(), accepting.len() == 1, "{line:?}");
    let (verdict, reason) = if let Some(description) = line.get("error").and_then(Value::as_str) {
        // The sender is checked before the body.
        let is_foreign = matches!(error.kind(), Kind::WrongSender(_));
        assert!(is_foreign || is_described(error.kind(), description), "{error} {line:?}");
        let is_word = |word: &&str| !word.starts_with("0x") && word.parse::<u32>().is_err();
        let words: Vec<_> = description.split([' ', ',']).filter(is_word).collect();
        (Verdict::RefusedByBoth, words.join(" ").trim().replace("  ", " "))
    } else {
        let message = error.to_string();
        let (reason, _) = message.split_once(", at octet").unwrap();
        (Verdict::RefusedHere, reason.to_owned())
    };
    (verdict, reason, error.rule().trim_start_matches("section "), accepting.first().copied().unwrap_or_default())
}

#[test]
fn recorded_datagrams_get_their_verdicts() {
    let mut found: BTreeMap<_, (u64, u64)> = BTreeMap::new();
    for line in &lines("captured.jsonl") {
        let sides: Vec<_> = line.get("times").and_then(Value::as_object).unwrap().iter().collect();
        assert!(!sides.is_empty(), "{line:?}");
        for (dir, times) in sides {
            let sender = if dir == "c2g" { Sender::Client } else { Sender::Gateway };
            let (all, different) = found.entry(judge(line, sender)).or_default();
            *all += times.as_u64().unwrap();
            *different += 1;
        }
    }
    let found: Vec<_> = found.into_iter().map(|(judged, (all, different))| (judged, all, different)).collect();
    let rows = found.iter().map(|((verdict, reason, section, leniency), all, different)| {
        (*verdict, reason.as_str(), *section, *leniency, *all, *different)
    });
    let rows: Vec<_> = rows.collect();
    rows.iter().for_each(|row| println!("{row:?},"));
    // More recordings than these have other numbers.
    if std::env::var_os("MQTT_SN_TESTDATA").is_none() {
        assert_eq!(rows, VERDICTS);
        assert_eq!(rows.iter().map(|row| row.4).sum::<u64>(), 10_324);
    }
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
