//! Inputs that made other implementations crash, hang, allocate too much or misread, each with the verdict of a strict
//! decoder. They are decoded whole, cut at every byte, and byte by byte.

#![cfg(test)]

extern crate alloc;

#[expect(dead_code, reason = "the tables are for topics and captures")]
mod support;

use alloc::collections::{BTreeMap, BTreeSet};
use core::num::NonZeroUsize;
use mqtt_codec::{
    DecodeError, DecodeErrorKind, DecodeOptions, Decoded, Packet, ProtocolVersion, ReasonCode, Sender, decode,
    decode_fixed_header,
};
use serde_json::Value;
use support::{
    canonical, decode_every_way, encode_every_way, file_names, from_hex, json_lines, kind_name, version_of_level,
};

/// For each group of cases, what its rejects are rejected for, in their order; one name stands for all of the group.
/// The verdicts themselves are the cases' own.
const REASONS: [(&str, &[&str]); 41] = [
    ("rl-overlong", &["VariableByteIntegerTooLong"]),
    ("rl-nonminimal", &["VariableByteIntegerNotMinimal"]), // 5.0; legal in 3.1.1
    ("huge-declared", &["PacketTooLarge", "PacketTooLarge", "InvalidFlags", "PacketTooLarge"]),
    (
        "first-byte",
        &[
            "ReservedPacketType",
            "ReservedPacketType",
            "InvalidFlags",
            "InvalidFlags",
            "InvalidFlags",
            "InvalidFlags",
            "InvalidQoS",
            "InvalidQoS",
            "InvalidFlags",
            "InvalidFlags",
            "InvalidFlags",
        ],
    ),
    ("no-body-packets", &["TrailingBytes", "TrailingBytes", "TrailingBytes", "TrailingBytes", "UnexpectedEnd"]),
    ("empty-body", &["UnexpectedEnd"]),
    ("string-overrun", &["UnexpectedEnd"]),
    ("connect-header-cut", &["UnexpectedEnd"]),
    ("connect-payload-cut", &["UnexpectedEnd"]),
    ("trailing", &["TrailingBytes"]),
    ("publish-no-id", &["UnexpectedEnd"]),
    // The first filter swallows its options, which are 0: a filter with U+0000 is at fault before they are.
    ("subscribe-no-options", &["NulCharacter", "UnexpectedEnd", "UnexpectedEnd"]),
    ("filter-list-cut", &["UnexpectedEnd"]),
    ("prop-overrun", &["UnexpectedEnd"]),
    ("prop-inner-overrun", &["UnexpectedEnd"]),
    ("prop-len-vbi", &["VariableByteIntegerTooLong", "UnexpectedEnd", "VariableByteIntegerNotMinimal"]),
    ("prop-unknown", &["UnknownProperty"]),
    ("prop-wrong-packet", &["PropertyNotAllowed"]),
    ("prop-duplicate", &["DuplicateProperty"]),
    ("prop-zero", &["InvalidPropertyValue", "InvalidPropertyValue", "TopicAliasZero"]),
    ("prop-boolish", &["InvalidPropertyValue"]),
    ("prop-auth-data", &["AuthenticationDataWithoutMethod"]),
    ("utf8-nul", &["NulCharacter"]),
    ("utf8-surrogate", &["IllFormedUtf8"]),
    ("utf8-overlong", &["IllFormedUtf8"]),
    ("utf8-range", &["IllFormedUtf8"]),
    ("utf8-cut", &["IllFormedUtf8"]),
    ("empty-topic", &["EmptyTopic", "TopicAliasMissing", "EmptyTopic"]),
    ("packet-id-zero", &["PacketIdentifierZero"]),
    (
        "connect-flags",
        &[
            "ReservedConnectFlag",
            "InvalidQoS",
            "WillFlagsWithoutWill",
            "WillFlagsWithoutWill",
            "PasswordWithoutUserName",
        ],
    ),
    (
        "sub-options",
        &["InvalidQoS", "ReservedSubscriptionOptions", "ReservedSubscriptionOptions", "InvalidRetainHandling"],
    ),
    ("empty-list", &["EmptyPayload"]),
    ("reason-code", &["InvalidReasonCode"]),
    ("connack-flags", &["ReservedAcknowledgeFlags"]),
    (
        "protocol-name",
        &[
            "UnsupportedProtocolVersion",
            "UnsupportedProtocolVersion",
            "InvalidProtocolName",
            "InvalidProtocolName",
            "UnsupportedProtocolVersion",
        ],
    ),
    ("dup-qos0", &["DupAtQoS0"]),
    ("auth", &["AuthenticationMethodMissing", "AuthenticationMethodMissing", "ReservedPacketType"]),
    ("wildcard-topic", &["WildcardInTopicName"]),
    ("bad-filter", &["MisplacedMultiLevelWildcard", "MisplacedSingleLevelWildcard"]),
    ("share-filter", &["InvalidSharedFilter", "InvalidSharedFilter", "NoLocalOnSharedSubscription"]),
    ("direction", &["WrongSender", "PropertyFromWrongSender"]),
];

/// Cases whose verdict does not depend on their bytes alone, and the additional options.
const BEYOND_THE_BYTES: [(&str, &str); 5] = [
    ("d-direction-01", "the sender: a CONNACK is good, if a server sent it"),
    ("d-direction-02", "the sender: a Subscription Identifier is good, if a server sent it"),
    ("d-empty-topic-03", "the connection: whether the alias has been set; the packet is taken"),
    ("d-state-only-01", "the connection: whether a CONNECT went before; the packet is taken"),
    ("d-state-only-02", "the connection: whether it is the second CONNECT; both are taken"),
];

struct Case {
    id: String,
    tag: String,
    version: ProtocolVersion,
    sender: Sender,
    is_semantic: bool,
    maximum_packet_size: u32,
    input: Vec<u8>,
    json: Value,
}

fn cases() -> Vec<Case> {
    let case = |json: Value| Case {
        id: json["id"].as_str().unwrap().to_owned(),
        tag: json["tag"].as_str().unwrap().to_owned(),
        version: version_of_level(&json["version"]),
        sender: match json["direction"].as_str() {
            Some("client->server") => Sender::Client,
            Some("server->client") => Sender::Server,
            Some("either") => Sender::Either,
            other => panic!("{other:?}"),
        },
        is_semantic: json["layer"] == "semantic",
        maximum_packet_size: json["limits"]["max_packet_size"]
            .as_u64()
            .map_or(DecodeOptions::LARGEST_PACKET, |size| u32::try_from(size).unwrap()),
        input: from_hex(json["hex"].as_str().unwrap()),
        json,
    };
    json_lines("hostile/hostile.jsonl").into_iter().map(case).collect()
}

impl Case {
    /// The sender is set where the verdict depends on it.
    fn options(&self) -> DecodeOptions {
        let options = DecodeOptions::new(self.version).with_maximum_packet_size(self.maximum_packet_size);
        if self.is_semantic { options.with_sender(self.sender) } else { options }
    }

    /// `limits` is all that a case may want to be known beyond version and direction.
    fn expected(&self) -> &str {
        let limits = self.json["limits"].as_object();
        assert!(limits.is_none_or(|limits| limits.keys().eq(["max_packet_size"])), "{}", self.id);
        self.json["expect"].as_str().unwrap()
    }
}

/// How far a stream can be read.
#[derive(Debug, PartialEq)]
struct Reading<'a> {
    /// Each packet, and where it ends.
    packets: Vec<(Packet<&'a [u8]>, usize)>,
    end: End,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    /// No byte is left.
    Whole,
    Incomplete(NonZeroUsize),
    Error(DecodeError),
}

impl<'a> Reading<'a> {
    fn new() -> Self {
        Self { packets: Vec::new(), end: End::Whole }
    }

    /// Returns the offset of the next packet to decode.
    fn position(&self) -> usize {
        self.packets.last().map_or(0, |(_, end)| *end)
    }

    /// Goes on with what there is now.
    fn read(&mut self, input: &'a [u8], options: DecodeOptions) {
        loop {
            let rest = &input[self.position()..];
            self.end = match decode(rest, options) {
                _ if rest.is_empty() => End::Whole,
                Ok(Decoded::Complete { packet, consumed }) => {
                    self.packets.push((packet, self.position().checked_add(consumed).unwrap()));
                    continue;
                }
                Ok(Decoded::Incomplete { needed }) => End::Incomplete(needed),
                Err(error) => End::Error(error),
            };
            break;
        }
    }

    fn of(input: &'a [u8], options: DecodeOptions) -> Self {
        let mut reading = Self::new();
        reading.read(input, options);
        reading
    }

    fn verdict(&self) -> &'static str {
        match self.end {
            End::Whole => "accept",
            End::Incomplete(_) => "incomplete",
            End::Error(_) => "reject",
        }
    }
}

#[test]
fn every_case_gets_its_verdict() {
    for case in cases() {
        let reading = Reading::of(&case.input, case.options());
        assert_eq!(reading.verdict(), case.expected(), "{}: {:?}", case.id, reading.end);
        if let Some(count) = case.json["packets"].as_u64() {
            assert_eq!(u64::try_from(reading.packets.len()), Ok(count), "{}", case.id);
        }
    }
}

#[test]
fn every_reject_is_for_the_right_reason_and_gets_the_right_answer() {
    let mut rejects: BTreeMap<String, Vec<(String, DecodeError)>> = BTreeMap::new();
    for case in cases() {
        if let End::Error(error) = Reading::of(&case.input, case.options()).end {
            check_answer(&case, &error);
            rejects.entry(case.tag).or_default().push((case.id, error));
        }
    }
    for (tag, reasons) in REASONS {
        let errors = rejects.remove(tag).unwrap_or_else(|| panic!("{tag} has no reject"));
        assert!(reasons.len() == 1 || reasons.len() == errors.len(), "{tag}");
        for ((id, error), reason) in errors.iter().zip(reasons.iter().cycle()) {
            assert_eq!(kind_name(error.kind()), *reason, "{id}: {error}");
        }
    }
    assert_eq!(rejects.into_keys().next(), None, "rejects without a stated reason");
}

/// Checks the answer: in 5.0 it is the class of the case, and in 3.x there is only the CONNACK that refuses a version.
fn check_answer(case: &Case, error: &DecodeError) {
    let answers: &[ReasonCode] = match case.json["class"].as_str() {
        Some("unsupported-version") => &[ReasonCode::UNSUPPORTED_PROTOCOL_VERSION],
        _ if case.version.is_v3() => {
            assert_eq!(error.reason_code(), None, "{}", case.id);
            return;
        }
        Some("malformed") => &[ReasonCode::MALFORMED_PACKET],
        Some("protocol-error") if case.id == "d-prop-zero-03" => &[ReasonCode::TOPIC_ALIAS_INVALID],
        Some("protocol-error") => &[ReasonCode::PROTOCOL_ERROR],
        Some("too-large") => &[ReasonCode::PACKET_TOO_LARGE],
        other => panic!("{other:?}"),
    };
    assert!(error.reason_code().is_some_and(|answer| answers.contains(&answer)), "{}: {error}", case.id);
}

#[test]
fn no_verdict_changes_as_bytes_are_added_one_by_one() {
    for case in cases() {
        let (id, input, options) = (&case.id, &case.input, case.options());
        let whole = Reading::of(input, options);
        let mut reading = Reading::new();
        let mut first_error = None;
        for cut in 0..=input.len() {
            reading.read(&input[..cut], options);
            let count = reading.packets.len();
            assert_eq!(reading.packets, whole.packets[..count], "{id} at byte {cut}");
            let next_end = whole.packets.get(count).map(|(_, end)| *end);
            assert!(next_end.is_none_or(|end| cut < end), "{id} at byte {cut}: a packet is all there");
            match reading.end {
                End::Whole => assert_eq!(cut, reading.position(), "{id}"),
                End::Incomplete(needed) => {
                    let reaches = needed.get().checked_add(cut).unwrap();
                    assert!(next_end.is_none_or(|end| reaches <= end), "{id} at byte {cut}: {needed} more");
                    assert_eq!(first_error, None, "{id} at byte {cut}: an error was no error");
                }
                End::Error(error) => {
                    let (_, first) = *first_error.get_or_insert((cut, error));
                    assert_eq!(error, first, "{id} at byte {cut}");
                }
            }
            // From scratch there is nothing else to be seen.
            if input.len() < 1000 {
                assert_eq!(Reading::of(&input[..cut], options), reading, "{id} at byte {cut}");
            }
        }
        assert_eq!(reading, whole, "{id}");
        if let Some((cut, _)) = first_error {
            check_first_error(&case, &input[whole.position()..], cut.checked_sub(whole.position()).unwrap());
        }
    }
}

/// Checks that a packet is refused at the first byte of its fixed header that shows the fault, or when it is complete.
fn check_first_error(case: &Case, packet: &[u8], cut: usize) {
    let id = &case.id;
    match decode_fixed_header(packet, case.options()) {
        Ok(header) => {
            let (header, _) = header.complete().unwrap();
            // Bytes after the last field are announced by the Remaining Length. Of a CONNECT flags and Remaining Length wait
            // for its version: it is whole then, too.
            let is_too_long = decode(&packet[..header.len], case.options())
                .is_err_and(|error| error.kind() == DecodeErrorKind::TrailingBytes);
            let expected = if is_too_long { header.len } else { header.packet_len() };
            assert_eq!(cut, expected, "{id}: refused at byte {cut}");
        }
        Err(_) => {
            assert!(cut <= 5, "{id}: refused at byte {cut}");
            let before = decode_fixed_header(&packet[..cut.saturating_sub(1)], case.options());
            assert!(matches!(before, Ok(Decoded::Incomplete { .. })), "{id}: could be refused before byte {cut}");
        }
    }
}

#[test]
fn every_cut_of_an_accept_is_incomplete() {
    for case in cases() {
        let mut begin = 0;
        for (packet, end) in Reading::of(&case.input, case.options()).packets {
            let raw = &case.input[begin..end];
            assert_eq!(decode_every_way(raw, case.options(), &case.id), packet, "{}", case.id);
            begin = end;
        }
    }
}

#[test]
fn every_accept_encodes_to_what_decodes_to_the_same() {
    let mut shorter = Vec::new();
    for case in cases() {
        let mut begin = 0;
        for (packet, end) in Reading::of(&case.input, case.options()).packets {
            let raw = &case.input[begin..end];
            let encoded = encode_every_way(&packet, case.options(), &case.id);
            if case.id == "d-rl-nonminimal-02" {
                assert_eq!(encoded, [0xC0, 0x00], "3.1.1 allows a longer Remaining Length; it is not written");
            } else {
                assert_eq!(encoded, canonical(raw, case.version), "{}", case.id);
            }
            if encoded != raw {
                shorter.push(case.id.clone());
            }
            begin = end;
        }
    }
    assert_eq!(shorter, ["d-rl-nonminimal-02", "d-ack-short-forms-03", "d-ack-short-forms-04", "d-ack-short-forms-05"]);
}

/// The sender is also set in the other cases. Two of them then have another fault in addition.
#[test]
fn who_sent_it_changes_no_verdict_but_those_that_depend_on_it() {
    for case in cases().iter().filter(|case| !case.is_semantic) {
        let unknown = Reading::of(&case.input, case.options());
        let known = Reading::of(&case.input, case.options().with_sender(case.sender));
        if case.id == "d-first-byte-10" {
            // A CONNACK with flags from a client has two faults. The standard allows the error to name either.
            assert!(matches!(unknown.end, End::Error(error) if error.kind() == DecodeErrorKind::InvalidFlags));
            let wrong_sender = DecodeErrorKind::WrongSender(Sender::Client);
            assert!(matches!(known.end, End::Error(error) if error.kind() == wrong_sender));
        } else {
            assert_eq!(unknown, known, "{}", case.id);
        }
    }
}

#[test]
fn what_the_bytes_do_not_tell_is_left_to_the_caller() {
    let cases: BTreeMap<String, Case> = cases().into_iter().map(|case| (case.id.clone(), case)).collect();
    for (id, _) in BEYOND_THE_BYTES {
        let case = &cases[id];
        let reading = Reading::of(&case.input, DecodeOptions::new(case.version));
        assert_eq!(reading.verdict(), "accept", "{id}: {:?}", reading.end);
    }
    // All other semantic cases are decided without knowing the sender.
    for case in cases.values().filter(|case| case.is_semantic && case.tag != "direction") {
        let reading = Reading::of(&case.input, DecodeOptions::new(case.version));
        assert_eq!(reading.verdict(), "reject", "{}: {:?}", case.id, reading.end);
    }
}

/// Where both verdicts conform, ours is the strict one, and an option gives the other.
#[test]
fn options_give_the_other_verdict_where_both_conform() {
    let cases: BTreeMap<String, Case> = cases().into_iter().map(|case| (case.id.clone(), case)).collect();
    let verdict = |id: &str, option: fn(DecodeOptions) -> DecodeOptions| {
        let case = &cases[id];
        assert!(case.json["allow"].is_array(), "{id}");
        Reading::of(&case.input, option(case.options())).verdict()
    };
    assert_eq!(verdict("d-protocol-name-05", |options| options.allow_bridge_bit(true)), "accept");
    assert_eq!(verdict("d-dup-qos0-01", |options| options.allow_dup_at_qos_0(true)), "accept");
    assert_eq!(verdict("d-utf8-ok-03", |options| options.refuse_discouraged_characters(true)), "reject");
}

#[test]
fn every_case_is_tested_and_every_statement_has_its_case() {
    assert_eq!(file_names("hostile"), BTreeSet::from(["hostile.jsonl".to_owned()]));
    let cases = cases();
    assert_eq!(cases.len(), 182);
    let ids: BTreeSet<&str> = cases.iter().map(|case| &*case.id).collect();
    assert_eq!(ids.len(), cases.len(), "an id is there twice");
    assert!(BEYOND_THE_BYTES.iter().all(|(id, _)| ids.contains(id)));
    let rejected: BTreeSet<&str> =
        cases.iter().filter(|case| case.expected() == "reject").map(|case| &*case.tag).collect();
    assert_eq!(rejected, REASONS.iter().map(|(tag, _)| *tag).collect());
}
