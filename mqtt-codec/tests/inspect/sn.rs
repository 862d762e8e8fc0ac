//! Datagrams of MQTT-SN.

use crate::network::{Format, LINUX_SLL, datagram, ethernet, frame};
use crate::{json, run};
use serde_json::{Map, Value};

const LEGAL: &str = include_str!("../../../testdata/sn/valid.jsonl");
const MALFORMED: &str = include_str!("../../../testdata/sn/invalid.jsonl");

fn objects(lines: &str) -> Vec<Map<String, Value>> {
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn json_is_what_the_test_data_says() {
    let expected = objects(LEGAL);
    let (status, found) = json(&["--sn"], LEGAL.as_bytes());
    assert_eq!((status, found.len()), (0, expected.len()));
    for (n, (mut expected, found)) in (1..).zip(expected.into_iter().zip(found)) {
        // These are about the line, not in the datagram.
        for name in ["id", "source", "why", "notes"] {
            expected.remove(name);
        }
        if let Some(message) = expected.get_mut("message") {
            message.as_object_mut().unwrap().remove("notes");
        }
        expected.insert("n".to_owned(), n.into());
        assert_eq!(found, Value::Object(expected));
    }
}

#[test]
fn json_tells_what_is_wrong() {
    let expected = objects(MALFORMED);
    let (status, found) = json(&["--sn"], MALFORMED.as_bytes());
    assert_eq!((status, found.len()), (1, expected.len()));
    for (expected, found) in expected.iter().zip(&found) {
        assert_eq!((&found["hex"], &found["type"]), (&expected["hex"], &expected["type"]), "{found}");
        assert!(found["error"].is_string() && found["octet"].is_u64(), "{found}");
    }
    // SUBSCRIBE to "a/b" at QoS 3.
    let (_, found) = json(&["--sn"], b"0812600003612f62\n");
    let error = serde_json::json!({
        "n": 1, "hex": "0812600003612f62", "type": "SUBSCRIBE",
        "error": "SUBSCRIBE: the QoS in Flags is 3, at octet 2 [section 5.3.4]",
        "field": "Flags", "octet": 2, "rule": "section 5.3.4", "return_code": 3,
    });
    assert_eq!(found, [error]);
}

#[test]
fn text_has_a_line_for_each_datagram_and_the_octet_at_fault() {
    let lines = "\
{\"dir\": \"c2g\", \"hex\": \"0e040401003c3162363366323565\"}
{\"dir\": \"g2c\", \"hex\": \"030500\"}
{\"dir\": \"c2g\", \"hex\": \"06040401003c\"}
{\"dir\": \"c2g\", \"hex\": \"030500\"}
";
    let expected = "\
standard input: 4 datagrams, MQTT-SN 1.2
  number  length  message
       1     +14  c2g  CONNECT client=\"1b63f25e\" clean keep_alive=60 s
       2      +3  g2c  CONNACK Accepted (0x00)
       3      +6  c2g  CONNECT  not a legal datagram
          Error      CONNECT: ClientId is empty, at octet 6 [section 5.3.1]
          Field      ClientId
          Rule       section 5.3.1 of MQTT-SN 1.2
          Answer     CONNACK Rejected: not supported (0x03)
          Leniently  CONNECT client=\"\" clean keep_alive=60 s
             0  06                                               Length  6
             1  04                                               MsgType  CONNECT (0x04)
             2  04                                               Flags  00000100 (Will 0, CleanSession 1)
             3  01                                               ProtocolId  1
             4  00 3C                                            Duration  60
                ^^ the packet ends
       4      +3  c2g  CONNACK  not a legal datagram
          Error   CONNACK: a client does not send this message, at octet 1 [section 5.4.5]
          Field   MsgType
          Rule    section 5.4.5 of MQTT-SN 1.2
          Answer  none, drop it
             0  03                                               Length  3
             1  05                                               MsgType  CONNACK (0x05)
                ^^
             2  00                                               ReturnCode  Accepted (0x00)
4 datagrams, 2 not legal
";
    let text = run(&["--sn", "-"], lines.as_bytes());
    assert_eq!((text.status, text.stderr.as_str(), text.stdout.as_str()), (1, "", expected));
}

/// The rows of each legal datagram are all of its octets, and no octet is without a field.
#[test]
fn hex_labels_each_octet() {
    let run = run(&["--sn", "--hex", "-"], LEGAL.as_bytes());
    assert_eq!(run.status, 0);
    assert!(!run.stdout.contains("left over"), "{}", run.stdout);
    let mut found: Vec<String> = Vec::new();
    for line in run.stdout.lines().skip(2).filter(|line| line.starts_with("     ")) {
        if line.starts_with("         ") {
            let octets = line.chars().skip(15).take(49).filter(|character| *character != ' ');
            found.last_mut().unwrap().extend(octets.map(|digit| digit.to_ascii_lowercase()));
        } else {
            found.push(String::new());
        }
    }
    let expected: Vec<_> = objects(LEGAL).iter().map(|object| object["hex"].as_str().unwrap().to_owned()).collect();
    assert_eq!(found, expected);
}

#[test]
fn datagrams_are_read_as_digits_and_as_they_are() {
    for (input, messages) in [
        (&b"\x02\x16"[..], &["PINGREQ"][..]),
        (b"0216\r\n\r\n02 17\n02:18", &["PINGREQ", "PINGRESP", "DISCONNECT"]),
        // Text as it seems, but a legal datagram.
        (b"\x0A\x0912345678", &["WILLMSG payload=8 bytes"]),
        (b"", &[]),
    ] {
        let run = run(&["--sn", "-"], input);
        assert_eq!((run.status, run.stderr.as_str()), (0, ""));
        let lines: Vec<_> = run.stdout.lines().collect();
        let found: Vec<_> = lines[2..lines.len() - 1].iter().map(|line| line.get(18..).unwrap()).collect();
        assert_eq!(found, messages);
    }
    // An illegal one is shown, too.
    assert_eq!(run(&["--sn", "-"], b"\x02\xFF").status, 1);
    let run = run(&["--sn", "-"], b"0216\n021\n");
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    assert_eq!(run.stderr, "inspect: cannot read standard input: line 2 is no datagram\n");
}

#[test]
fn captures_show_the_datagrams_of_gateways() {
    let (client, gateway) = ("10.0.0.1:40000", "10.0.0.2:1884");
    let packets = [
        datagram(client, gateway, b"\x02\x16"),
        datagram("10.0.0.1:53", "10.0.0.2:53", b"no MQTT-SN"),
        datagram(gateway, client, b"\x02\x17"),
        // A gateway announces itself from the port that it listens on.
        datagram(gateway, "10.255.255.255:1884", b"\x05\0\x01\0\x3C"),
    ];
    let frames: Vec<_> = packets.iter().map(|packet| frame(LINUX_SLL, &[], packet)).collect();
    for capture in [ethernet(&packets), Format::NgBigEndian.file(LINUX_SLL, &frames)] {
        let (status, found) = json(&["--sn"], &capture);
        let expected = serde_json::json!({
            "n": 1, "ms": 0, "dir": "c2g", "source": client, "destination": gateway, "hex": "0216", "type": "PINGREQ",
        });
        assert_eq!(status, 0);
        for (name, value) in expected.as_object().unwrap() {
            assert_eq!(&found[0][name], value, "{name}");
        }
        let brief: Vec<_> = found.iter().map(|it| (&it["ms"], &it["dir"], it["type"].as_str().unwrap())).collect();
        let (c2g, g2c) = (&Value::from("c2g"), &Value::from("g2c"));
        let [first, second, third] = [0, 2, 3].map(Value::from);
        let null = &Value::Null;
        assert_eq!(brief, [(&first, c2g, "PINGREQ"), (&second, g2c, "PINGRESP"), (&third, null, "ADVERTISE")]);
    }
    // Who sent a datagram is known by the port, so that a client cannot send a PINGRESP.
    let wrong = ethernet(&[datagram(client, "10.0.0.2:2000", b"\x03\x05\0")]);
    assert_eq!(json(&["--sn", "--port", "2000"], &wrong).0, 1);
    assert_eq!(json(&["--sn"], &wrong).1.len(), 0);
    let text = run(&["--sn", "-"], &ethernet(&packets)).stdout;
    assert!(text.contains("       1      +2  c2g  10.0.0.1:40000 -> 10.0.0.2:1884  PINGREQ\n"), "{text}");
    let cut_off = run(&["--sn", "-"], &ethernet(&packets)[..90]);
    assert_eq!(
        (cut_off.status, cut_off.stderr.as_str()),
        (2, "inspect: cannot read standard input: the capture is cut off\n")
    );
}
