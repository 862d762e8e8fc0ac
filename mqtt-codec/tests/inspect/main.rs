//! The example `inspect`, run as a program.

#![cfg(test)]
#![expect(clippy::arithmetic_side_effects, reason = "in tests an overflow panics, and that is a failed test")]

extern crate alloc;

mod captures;
mod escapes;
mod html;
mod memory;
mod network;
mod packets;
#[path = "../support/program.rs"]
mod program;
mod scratch;
#[cfg(feature = "sn")]
mod sn;

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

const CLIENT_STREAM: &[u8] = include_bytes!("../../examples/inspect/session/paho-ejabberd-v5.c2s.bin");
const SERVER_STREAM: &[u8] = include_bytes!("../../examples/inspect/session/paho-ejabberd-v5.s2c.bin");

static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| {
    let default = &["--package", "mqtt-codec"];
    program::example("inspect", if cfg!(feature = "sn") { program::ALL_FEATURES } else { default })
});

struct Run {
    status: i32,
    stdout: String,
    stderr: String,
}

fn run(arguments: &[&str], stdin: &[u8]) -> Run {
    let mut program = Command::new(&*PROGRAM);
    program.args(arguments).env_remove("NO_COLOR");
    program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = program.spawn().unwrap();
    // A program that refuses its arguments does not read its input.
    let _ = child.stdin.take().unwrap().write_all(stdin);
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    Run {
        status: status.code().unwrap(),
        stdout: String::from_utf8(stdout).unwrap(),
        stderr: String::from_utf8(stderr).unwrap(),
    }
}

fn json(arguments: &[&str], stdin: &[u8]) -> (i32, Vec<serde_json::Value>) {
    let run = run(&[&["--json", "-"], arguments].concat(), stdin);
    assert_eq!(run.stderr, "");
    (run.status, run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

/// A legal packet, a PUBLISH to `a/#` in the middle, a legal packet.
const BAD_IN_THE_MIDDLE: &[u8] = b"\xC0\x00\x30\x06\x00\x03a/#\x00\xC0\x00";

#[test]
fn without_arguments_it_shows_both_directions_of_a_session() {
    let run = run(&[], b"");
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    for packet_type in [
        "CONNECT",
        "CONNACK",
        "PUBLISH",
        "PUBACK",
        "PUBREC",
        "PUBREL",
        "PUBCOMP",
        "SUBSCRIBE",
        "SUBACK",
        "UNSUBSCRIBE",
        "UNSUBACK",
        "DISCONNECT",
    ] {
        assert!(run.stdout.contains(&format!("  {packet_type:<11} flags ")), "no {packet_type}");
    }
    for line in [
        "MQTT 5.0 (from its CONNECT)",
        "MQTT 5.0 (from the CONNECT of the other direction)",
        "     514     +75  PUBLISH     flags 0010  qos=1",
        "          Client Identifier          \"dev-1-77\"",
        "            Session Expiry Interval  3600 s",
        "            User Property            \"emoji\" = \"😀\"",
        "          Password                   6 bytes, not shown",
        "          Reason Code      Disconnect with Will Message (0x04)",
        "15 packets, all legal",
        "19 packets, all legal",
    ] {
        assert!(run.stdout.contains(line), "not there: {line}\n{}", run.stdout);
    }
    assert!(!run.stdout.contains("wonder"), "that is the password");
}

#[test]
fn no_colour_when_piped() {
    for arguments in [&[][..], &["--hex"], &["--json"]] {
        assert!(!run(arguments, b"").stdout.contains('\x1B'));
    }
    assert!(!run(&["-"], BAD_IN_THE_MIDDLE).stdout.contains('\x1B'));
}

#[test]
fn json_says_what_other_decoders_say() {
    let (status, packets) = json(&[], CLIENT_STREAM);
    assert_eq!((status, packets.len()), (0, 15));
    // Made from what tshark shows for these packets.
    let publish = serde_json::json!({
        "n": 8, "offset": 589, "length": 31, "type": "PUBLISH", "flags": 4,
        "remaining_length": 29, "dup": false, "qos": 2, "retain": false, "topic": "home/hall/door", "packet_id": 7,
        "payload_length": 0,
        "payload_sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "properties": [
            {"id": 1, "name": "payload_format_indicator", "value": 1},
            {"id": 2, "name": "message_expiry_interval", "value": 60},
            {"id": 9, "name": "correlation_data", "value": {"hex": ""}},
        ],
    });
    assert_eq!(packets[8], publish);
    let pubrel = serde_json::json!({
        "n": 9, "offset": 620, "length": 4, "type": "PUBREL", "flags": 2,
        "remaining_length": 2, "packet_id": 7, "reason_code": null, "properties": null,
    });
    assert_eq!(packets[9], pubrel);
    let will = serde_json::json!({
        "qos": 2, "retain": false, "topic": "x", "payload_length": 2,
        "payload_sha256": "b8d31e852725afb1e26d53bab6095b2bff1749c9275be13ed1c05a56ed31ec09",
        "properties": [
            {"id": 2, "name": "message_expiry_interval", "value": 60},
            {"id": 8, "name": "response_topic", "value": "home/reply/1"},
            {"id": 38, "name": "user_property", "value": ["a", "b"]},
            {"id": 38, "name": "user_property", "value": ["", ""]},
        ],
    });
    assert_eq!(packets[0]["will"], will);
    assert_eq!(packets[0]["connect_flags"], 214);
    let (status, packets) = json(&[], SERVER_STREAM);
    assert_eq!((status, packets.len()), (0, 19));
    assert_eq!(packets[3]["reason_codes"], serde_json::json!([0, 0, 0, 1]));
}

#[test]
fn hex_labels_each_row() {
    let run = run(&["--hex", "-"], CLIENT_STREAM);
    assert_eq!(run.status, 0);
    for line in [
        "             2  00 04 4D 51 54 54                                Protocol Name  \"MQTT\"",
        "            18  21 00 01                                           Receive Maximum  1",
        "           112  ** ** ** ** ** ** ** **                          Password  6 bytes, not shown",
    ] {
        assert!(run.stdout.lines().any(|found| found == line), "not there: {line}\n{}", run.stdout);
    }
}

/// Labels show and hide the same whether the packet is legal or not.
#[test]
fn hex_hides_the_password_of_a_bad_connect() {
    let connect = b"\x10\x19\0\x04MQTT\x04\xC2\0\0\0\x01a\0\x01u\0\x06secretX";
    for arguments in [&["-"][..], &["-", "--hex"]] {
        for end in [connect.len(), connect.len() - 3] {
            let run = run(arguments, &connect[..end]);
            assert_eq!(run.status, 1);
            assert!(!run.stdout.contains("73 65") && !run.stdout.contains("secret"), "{}", run.stdout);
        }
    }
}

#[test]
fn goes_on_behind_a_bad_packet() {
    let expected = "\
       2      +8  PUBLISH     flags 0000  not a legal packet
          Error   PUBLISH: Topic Name holds a wildcard character, at byte 6 [MQTT-3.3.2-2]
          Field   Topic Name
          Rule    MQTT-3.3.2-2 of MQTT 5.0
          Answer  DISCONNECT with Protocol Error (0x82)
             0  30 06 00 03 61 2F 23 00                          bytes 0 to 8
                                  ^^
      10      +2  PINGREQ     flags 0000
3 packets, 1 not legal
";
    let text = run(&["-", "--version", "5"], BAD_IN_THE_MIDDLE);
    assert_eq!((text.status, text.stderr.as_str()), (1, ""));
    assert!(text.stdout.ends_with(expected), "{}", text.stdout);
    let (status, packets) = json(&["--version=5"], BAD_IN_THE_MIDDLE);
    assert_eq!((status, packets.len()), (1, 3));
    let error = serde_json::json!({
        "n": 1, "offset": 2, "length": 8, "type": "ERROR",
        "error": "PUBLISH: Topic Name holds a wildcard character, at byte 6 [MQTT-3.3.2-2]",
        "byte": 6, "rule": "MQTT-3.3.2-2", "reason_code": 0x82,
    });
    assert_eq!(packets[1], error);
    assert_eq!(packets[2]["type"], "PINGREQ");
}

#[test]
fn goes_on_behind_a_reserved_type_and_stops_where_the_end_is_not_known() {
    let (status, packets) = json(&[], b"\x00\x02ab\xC0\x00\x30\x80\x80\x80\x80\x01\xC0\x00");
    assert_eq!(status, 1);
    let found: Vec<_> = packets.iter().map(|packet| (packet["type"].as_str(), packet["length"].as_u64())).collect();
    assert_eq!(found, [(Some("ERROR"), Some(4)), (Some("PINGREQ"), Some(2)), (Some("ERROR"), Some(8))]);
    // A bad first byte is reported although the packet is cut off.
    let (status, packets) = json(&[], b"\xC1\x05\x00");
    assert_eq!((status, packets[0]["type"].as_str(), packets[0]["length"].as_u64()), (1, Some("ERROR"), Some(3)));
}

#[test]
fn tells_of_a_stream_that_is_cut_off() {
    let (status, packets) = json(&[], &CLIENT_STREAM[..CLIENT_STREAM.len() - 1]);
    assert_eq!((status, packets.len()), (1, 15));
    let incomplete = serde_json::json!({
        "n": 14, "offset": 729, "length": 10, "type": "INCOMPLETE",
    });
    assert_eq!(packets[14], incomplete);
    let text = run(&["-"], &CLIENT_STREAM[..CLIENT_STREAM.len() - 1]);
    assert_eq!(text.status, 1);
    assert!(text.stdout.contains("DISCONNECT  flags 0000  cut off: at least 1 more byte needed"), "{}", text.stdout);
    assert!(text.stdout.ends_with("15 packets, the last one cut off\n"));
}

#[test]
fn finds_the_version() {
    for (stream, heading) in [
        (&b"\x20\x02\x00\x05"[..], "MQTT 3.1.1 (from the length of its CONNACK)"),
        (b"\x20\x03\x00\x00\x00", "MQTT 5.0 (from the length of its CONNACK)"),
        (b"\x30\x03\x00\x01a\x30\x04\x00\x01aX", "MQTT 3.1.1 (a guess: 2 of 2 packets decode)"),
        (b"\x30\x04\x00\x01a\x00", "MQTT 5.0 (a guess: 1 of 1 packets decode)"),
        (b"\xE1\x00", "MQTT 3.1 (a guess: 1 of 1 packets decode)"),
        (b"\x10\x0E\x00\x06MQIsdp\x03\x02\x00\x00\x00\x00", "MQTT 3.1 (from its CONNECT)"),
        (b"", "MQTT 5.0 (assumed)"),
    ] {
        let run = run(&["-"], stream);
        let found = run.stdout.lines().next().unwrap();
        assert_eq!(found, format!("standard input: {} bytes, {heading}", stream.len()));
    }
    let run = run(&["--version", "3.1.1", "-"], b"\x40\x02\x00\x01");
    assert!(run.stdout.starts_with("standard input: 4 bytes, MQTT 3.1.1 (as given)\n"));
}

/// A PUBACK with flags, and a CONNACK of 5.0 with Maximum QoS 2.
const DEVIATIONS: &[u8] = b"\x42\x02\0\x05\x20\x05\0\0\x02\x24\x02";

#[test]
fn deviations_are_accepted_on_request() {
    let count = |arguments: &[&str]| {
        let (status, packets) = json(&[&["--version=5"], arguments].concat(), DEVIATIONS);
        let kinds: Vec<_> = packets.iter().map(|packet| packet["type"].as_str().unwrap().to_owned()).collect();
        (status, kinds)
    };
    let kinds = |kinds: [&str; 2]| kinds.map(str::to_owned).to_vec();
    assert_eq!(count(&[]), (1, kinds(["ERROR", "ERROR"])));
    assert_eq!(count(&["--allow", "reserved-flags"]), (1, kinds(["PUBACK", "ERROR"])));
    assert_eq!(count(&["--allow", "allow_placeholder_values"]), (1, kinds(["ERROR", "CONNACK"])));
    assert_eq!(count(&["--lenient"]), (0, kinds(["PUBACK", "CONNACK"])));
    let (_, packets) = json(&["--version=5", "--lenient"], DEVIATIONS);
    assert_eq!(
        packets[0]["deviation"],
        "PUBACK: fixed header flags are not valid for this packet type, at byte 0 [MQTT-2.1.3-1]"
    );
    assert_eq!(packets[1]["properties"], serde_json::json!([]));
    let expected = "\
       0      +4  PUBACK      flags 0010
          Packet Identifier  5
          Reason Code        Success (0x00), omitted
          accepted by an option: PUBACK: fixed header flags
";
    let text = run(&["-", "--version=5", "--lenient"], DEVIATIONS);
    assert_eq!((text.status, text.stderr.as_str()), (0, ""));
    assert!(text.stdout.contains(expected.trim_end()), "{}", text.stdout);
    for view in ["--hex", "--html"] {
        let shown = run(&["-", "--version=5", "--lenient", view], DEVIATIONS);
        assert_eq!((shown.status, shown.stderr.as_str()), (0, ""), "{view}");
    }
}

#[test]
fn a_wrong_deviation_is_told_all_names() {
    let wrong = run(&["--allow", "everything"], b"");
    assert_eq!((wrong.status, wrong.stdout.as_str()), (2, ""));
    assert!(
        wrong.stderr.starts_with("inspect: 'everything' is not a deviation; known are: bridge-bit, dup-at-qos-0, ")
    );
    let names = wrong.stderr.trim_end().rsplit("known are: ").next().unwrap().split(", ");
    let names: Vec<String> = names.map(|name| format!("allow_{}", name.replace('-', "_"))).collect();
    assert!(names.iter().eq(mqtt_codec::Leniency::ALL.iter().map(|leniency| leniency.name())), "{names:?}");
}

#[test]
fn wrong_usage_is_told() {
    for (arguments, message) in [
        (&["--hxe"][..], "unknown option '--hxe'; see --help"),
        (&["--hex", "--json"], "--hex, --json and --html exclude each other"),
        (&["--allow"], "--allow needs the name of a deviation"),
        (&["--version"], "--version needs a value: auto, 3.1, 3.1.1 or 5"),
        (&["--version=4"], "'4' is not a version: the versions of MQTT are 3.1, 3.1.1 and 5.0, or auto"),
        (&["--sn"], "--sn needs a FILE"),
        (&["--sn", "--version=5", "-"], "--sn and --version exclude each other"),
        (&["-", "-"], "standard input ('-') can be read only once"),
    ] {
        let run = run(arguments, b"");
        assert_eq!((run.status, run.stdout.as_str()), (2, ""));
        assert_eq!(run.stderr, format!("inspect: {message}\n"));
    }
    let run = run(&["--", "--no-such-file"], b"");
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.starts_with("inspect: cannot read --no-such-file: "), "{}", run.stderr);
}

#[test]
fn help_is_no_error() {
    let run = run(&["--help"], b"");
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    assert!(run.stdout.starts_with("Shows the packets in recorded streams of MQTT.\n"));
}

#[test]
fn a_closed_pipe_is_a_quiet_end() {
    let mut child = Command::new(&*PROGRAM)
        .args(["--hex", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    child.stdin.take().unwrap().write_all(&CLIENT_STREAM.repeat(100)).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}

#[cfg(not(feature = "sn"))]
#[test]
fn without_the_feature_datagrams_are_refused() {
    let run = run(&["--sn", "-"], b"\x02\x16");
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    let message = "--sn needs the feature sn: cargo run --example inspect --features sn -- --sn FILE";
    assert_eq!(run.stderr, format!("inspect: {message}\n"));
}
