//! The example `tap`, run as a program between a scripted client and a scripted broker.

#![cfg(test)]

#[path = "support/program.rs"]
mod program;

use core::time::Duration;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::LazyLock;

static TAP: LazyLock<PathBuf> = LazyLock::new(|| program::example("tap", program::ALL_FEATURES));

const CONNECT_3_1: &[u8] = b"\x10\x0F\0\x06MQIsdp\x03\x02\0\x3C\0\x01c";
const CONNECT_5_0: &[u8] = b"\x10\x0D\0\x04MQTT\x05\x02\0\x3C\0\0\0";
const CONNACK_3: &[u8] = b"\x20\x02\0\0";
const CONNACK_5_0: &[u8] = b"\x20\x03\0\0\0";

/// One connection through the tap.
struct Tapped {
    client: TcpStream,
    broker: TcpStream,
    tap: Tap,
}

struct Tap {
    child: Child,
    stdout: BufReader<ChildStdout>,
    address: String,
}

impl Tap {
    fn start(broker: &str, options: &[&str]) -> Self {
        let arguments = ["--listen", "127.0.0.1:0", "--broker", broker, "--connections", "1"];
        let mut child = Command::new(&*TAP).args(arguments).args(options).stdout(Stdio::piped()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let address = line.strip_prefix("listening on ").unwrap().split(',').next().unwrap().to_owned();
        Self { child, stdout, address }
    }

    /// Its status, and what it has written.
    fn finish(mut self) -> (i32, String) {
        let mut text = String::new();
        self.stdout.read_to_string(&mut text).unwrap();
        (self.child.wait().unwrap().code().unwrap(), text)
    }
}

impl Tapped {
    fn start(options: &[&str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let tap = Tap::start(&listener.local_addr().unwrap().to_string(), options);
        let client = TcpStream::connect(&tap.address).unwrap();
        let (broker, _) = listener.accept().unwrap();
        for socket in [&client, &broker] {
            socket.set_nodelay(true).unwrap();
            socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        }
        Self { client, broker, tap }
    }

    /// Checks that the bytes of the client arrive at the broker unchanged.
    fn client_sends(&mut self, bytes: &[u8]) {
        forwards(&mut self.client, &mut self.broker, bytes);
    }

    fn broker_sends(&mut self, bytes: &[u8]) {
        forwards(&mut self.broker, &mut self.client, bytes);
    }

    fn finish(self) -> (i32, String) {
        drop((self.client, self.broker));
        self.tap.finish()
    }
}

fn forwards(from: &mut TcpStream, to: &mut TcpStream, bytes: &[u8]) {
    from.write_all(bytes).unwrap();
    let mut received = vec![0; bytes.len()];
    to.read_exact(&mut received).unwrap();
    assert_eq!(received, bytes);
}

#[test]
fn shows_both_directions_in_the_version_of_the_connect() {
    let mut tapped = Tapped::start(&[]);
    for byte in CONNECT_3_1 {
        tapped.client_sends(&[*byte]);
    }
    for byte in CONNACK_3 {
        tapped.broker_sends(&[*byte]);
    }
    tapped.client_sends(b"\xC0\0\xE0\0");
    let (status, text) = tapped.finish();
    assert_eq!(status, 0);
    let expected = "\
#1 ->        0     +17  CONNECT     flags 0000
#1 ->           Protocol Name      \"MQIsdp\"
#1 ->           Protocol Version   3 (MQTT 3.1)
#1 ->           Connect Flags      00000010 (Clean Session)
#1 ->           Keep Alive         60 s
#1 ->           Client Identifier  \"c\"
#1 <-        0      +4  CONNACK     flags 0000
#1 <-           Session Present      no
#1 <-           Connect Return Code  0 (Success)
#1 ->       17      +2  PINGREQ     flags 0000
#1 ->       19      +2  DISCONNECT  flags 0000
#1 closed
MQTT 3.1 to the broker: 1 CONNECT, 1 PINGREQ, 1 DISCONNECT
MQTT 3.1 to the client: 1 CONNACK
1 connection, 3 packets to the broker, 1 to the client, 0 in other forms, 0 cut off, 0 differences, 0 errors
";
    assert!(text.starts_with("#1 connected from 127.0.0.1:"), "{text}");
    assert_eq!(text.split_once('\n').unwrap().1, expected);
}

#[test]
fn a_form_that_is_not_the_shortest_is_no_difference() {
    let mut tapped = Tapped::start(&[]);
    tapped.client_sends(CONNECT_5_0);
    tapped.broker_sends(CONNACK_5_0);
    tapped.broker_sends(b"\x40\x03\0\x01\0\x40\x04\0\x01\0\0");
    tapped.client_sends(b"\xE0\x02\0\0");
    let (status, text) = tapped.finish();
    assert_eq!((status, text.matches("(not in its shortest form)").count()), (0, 3), "{text}");
    assert!(text.ends_with(", 3 in other forms, 0 cut off, 0 differences, 0 errors\n"), "{text}");
}

#[test]
fn deviations_that_are_accepted_are_no_differences() {
    for (options, expected) in [
        (&["--quiet"][..], (1, ", 0 differences, 3 errors\n")),
        (
            &["--quiet", "--allow", "reserved-flags", "--allow", "placeholder-values"],
            (1, ", 0 differences, 1 errors\n"),
        ),
        (&["--quiet", "--lenient"], (0, ", 0 differences, 0 errors\n")),
    ] {
        let mut tapped = Tapped::start(options);
        tapped.client_sends(CONNECT_5_0);
        tapped.broker_sends(CONNACK_5_0);
        tapped.broker_sends(b"\x42\x02\0\x05"); // flags
        tapped.broker_sends(b"\x30\x08\0\x01a\x03\x23\0\0z"); // Topic Alias 0
        tapped.broker_sends(b"\x40\x03\0\x05\x95"); // Packet too large
        let (status, text) = tapped.finish();
        assert_eq!(status, expected.0, "{options:?}: {text}");
        assert!(text.ends_with(expected.1), "{options:?}: {text}");
    }
}

#[test]
fn goes_on_behind_a_bad_packet_and_forwards_it() {
    let mut tapped = Tapped::start(&["--quiet"]);
    tapped.client_sends(CONNECT_5_0);
    tapped.broker_sends(CONNACK_5_0);
    // A PUBLISH to `#`; a first byte that is wrong, its length and its body, one after the other; and a PINGREQ.
    for piece in [&b"\x30\x04\0\x01#\0"[..], b"\xC1", b"\x02", b"a", b"b\xC0", b"\0"] {
        tapped.client_sends(piece);
    }
    let (status, text) = tapped.finish();
    assert_eq!(status, 1);
    let expected = "\
#1 ->       15      +6  PUBLISH     flags 0000  not a legal packet
#1 ->           Error   PUBLISH: Topic Name holds a wildcard character, at byte 4 [MQTT-3.3.2-2]
";
    assert!(text.starts_with(expected), "{text}");
    let expected = "\
MQTT 5.0 to the broker: 1 CONNECT, 1 PINGREQ
MQTT 5.0 to the client: 1 CONNACK
1 connection, 2 packets to the broker, 1 to the client, 0 in other forms, 0 cut off, 0 differences, 2 errors
";
    assert!(text.ends_with(expected), "{text}");
}

#[test]
fn gives_up_where_the_end_of_a_packet_is_not_known_and_goes_on_to_forward() {
    let mut tapped = Tapped::start(&[]);
    tapped.client_sends(CONNECT_5_0);
    tapped.client_sends(b"\x30\xFF\xFF\xFF\xFF\x01");
    tapped.client_sends(b"\xC0\0");
    let (status, text) = tapped.finish();
    assert_eq!(status, 1);
    assert!(text.contains("Then    nothing: the start of the next packet is unknown"), "{text}");
    assert!(text.contains("1 connection, 1 packets to the broker, 0 to the client, "), "{text}");
    assert!(text.ends_with(", 0 cut off, 0 differences, 1 errors\n"), "{text}");
}

#[test]
fn tells_of_what_is_cut_off() {
    let mut tapped = Tapped::start(&["--quiet"]);
    tapped.client_sends(&CONNECT_5_0[..7]);
    let (status, text) = tapped.finish();
    assert_eq!(status, 0);
    let line = "#1 ->        0      +7  CONNECT     flags 0000  cut off: at least 8 more bytes needed\n";
    assert!(text.starts_with(line), "{text}");
    assert!(text.ends_with(", 1 cut off, 0 differences, 0 errors\n"), "{text}");
}

#[test]
fn a_broker_that_is_not_there_is_an_error() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let tap = Tap::start(&free, &["--quiet"]);
    let mut client = TcpStream::connect(&tap.address).unwrap();
    assert!(matches!(client.read(&mut [0]), Ok(0) | Err(_)));
    let (status, text) = tap.finish();
    assert_eq!(status, 1);
    assert!(text.starts_with(&format!("#1 cannot connect to {free}: ")), "{text}");
}

#[test]
fn wrong_usage_is_told() {
    for (arguments, message) in [
        (&["--lisen"][..], "unknown argument '--lisen'; see --help"),
        (&["--listen"], "--listen needs an address"),
        (&["--connections", "many"], "'many' is not a number of connections"),
    ] {
        let output = Command::new(&*TAP).args(arguments).output().unwrap();
        assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(2), &b""[..]));
        assert_eq!(String::from_utf8_lossy(&output.stderr), format!("tap: {message}\n"));
    }
    let output = Command::new(&*TAP).arg("--help").output().unwrap();
    assert!(output.status.success() && output.stdout.starts_with(b"Relays connections between MQTT clients"));
}
