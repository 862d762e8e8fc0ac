//! Captures of a network.

use crate::network::{
    ETHERNET, End, Format, LINUX_SLL, LINUX_SLL2, NULL, Packet, RAW, close, ends, ethernet, frame, open,
};
use crate::packets::{packet, prefixed};
use crate::{CLIENT_STREAM, SERVER_STREAM, json, run};
use serde_json::Value;

const V4: [&str; 2] = ["10.0.0.1:50000", "10.0.0.2:1883"];
const V6: [&str; 2] = ["[fd00::1]:50000", "[fd00::2]:1883"];

/// The members that identify the origin of a packet.
const ORIGIN: [&str; 6] = ["n", "connection", "dir", "client", "server", "time"];

/// Returns the packets of one direction without their origin.
fn packets_of(found: &[Value], connection: u64, dir: &str) -> Vec<Value> {
    let of_direction = found.iter().filter(|it| it["connection"] == connection && it["dir"] == dir);
    of_direction.map(without_origin).collect()
}

fn without_origin(object: &Value) -> Value {
    let mut object = object.clone();
    object.as_object_mut().unwrap().retain(|name, _| !ORIGIN.contains(&name.as_str()));
    object
}

/// Returns the packets of a file with the bytes of one direction.
fn packets_of_stream(stream: &[u8]) -> Vec<Value> {
    json(&["--version=5"], stream).1.iter().map(without_origin).collect()
}

/// Returns the recorded session in segments of this many bytes.
fn session([client, server]: [&str; 2], segment: usize) -> Vec<Packet> {
    let mut ends = ends(client, server);
    let mut packets = open(&mut ends);
    let mut streams = [CLIENT_STREAM.chunks(segment), SERVER_STREAM.chunks(segment)];
    loop {
        let before = packets.len();
        for (end, stream) in ends.iter_mut().zip(&mut streams) {
            packets.extend(stream.next().map(|bytes| end.send(bytes)));
        }
        if packets.len() == before {
            break;
        }
    }
    packets.extend(close(&mut ends));
    packets
}

#[track_caller]
fn check_session(capture: &[u8], context: &str) {
    let (status, found) = json(&[], capture);
    assert_eq!(status, 0, "{context}");
    assert_eq!(packets_of(&found, 1, "c2s"), packets_of_stream(CLIENT_STREAM), "{context}");
    assert_eq!(packets_of(&found, 1, "s2c"), packets_of_stream(SERVER_STREAM), "{context}");
    assert_eq!(found.len(), 15 + 19, "{context}");
}

#[test]
fn every_format_and_link_layer_gives_the_packets_of_both_streams() {
    for addresses in [V4, V6] {
        let packets = session(addresses, 100);
        for (link, tags) in [
            (ETHERNET, &[][..]),
            (ETHERNET, &[7]),
            (ETHERNET, &[7, 8]),
            (RAW, &[]),
            (NULL, &[]),
            (LINUX_SLL, &[]),
            (LINUX_SLL2, &[]),
        ] {
            let frames: Vec<_> = packets.iter().map(|packet| frame(link, tags, packet)).collect();
            for format in Format::ALL {
                check_session(&format.file(link, &frames), &format!("{addresses:?} {link} {tags:?} {format:?}"));
            }
        }
    }
}

#[test]
fn an_item_tells_connection_direction_and_time() {
    let (_, found) = json(&[], &ethernet(&session(V4, 1 << 12)));
    let first = &found[0];
    let origin: Vec<_> = first.as_object().unwrap().keys().take(6).map(String::as_str).collect();
    assert_eq!(origin, ORIGIN);
    assert_eq!((&first["client"], &first["server"]), (&V4[0].into(), &V4[1].into()));
    // Three segments open the connection, one in each millisecond.
    assert_eq!(first["time"], 1_700_000_000.003);
}

/// Segments in any order, sent again, and cut in another way, within a window of eight.
#[test]
fn order_and_repetition_do_not_matter() {
    let mut random = 1_u32;
    let mut next = move |limit: usize| {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        usize::try_from(random >> 8).unwrap() % limit
    };
    for segment in [1, 7, 50, 300] {
        let mut ends = ends(V4[0], V4[1]);
        let mut packets = open(&mut ends);
        let opened = packets.len();
        for (end, stream) in ends.iter_mut().zip([CLIENT_STREAM, SERVER_STREAM]) {
            let start = end.sequence;
            packets.extend(stream.chunks(segment).map(|bytes| end.send(bytes)));
            for _ in 0..10 {
                // Some bytes again, not cut where they were.
                let from = next(stream.len());
                let len = 1 + next(stream.len() - from);
                let sequence = start.wrapping_add(u32::try_from(from).unwrap());
                let mut again = End { sequence, ..*end };
                let at = opened + (packets.len() - opened) * from / stream.len();
                packets.insert(at, again.send(&stream[from..from + len]));
            }
        }
        for at in opened..packets.len() {
            let other = (at + next(8)).min(packets.len() - 1);
            packets.swap(at, other);
        }
        packets.extend(close(&mut ends));
        check_session(&ethernet(&packets), &format!("segments of {segment}"));
        let text = run(&["-"], &ethernet(&packets)).stdout;
        assert!(text.contains(" bytes sent again\n") && text.contains(" segments out of order\n"), "{text}");
    }
}

fn connect_3_1_1() -> Vec<u8> {
    packet(0x10, b"\0\x04MQTT\x04\x02\0\0\0\x01c")
}

fn publish_3_1_1(topic: &str, payload: &[u8]) -> Vec<u8> {
    packet(0x30, &[&prefixed(topic)[..], payload].concat())
}

/// Types, offsets and lengths.
fn summary(found: &[Value]) -> Vec<(&str, u64, u64)> {
    let number = |value: &Value| value.as_u64().unwrap();
    found.iter().map(|it| (it["type"].as_str().unwrap(), number(&it["offset"]), number(&it["length"]))).collect()
}

#[test]
fn bytes_missing_within_a_packet_do_not_hide_the_next_one() {
    let mut ends = ends(V4[0], V4[1]);
    let mut packets = open(&mut ends);
    packets.push(ends[0].send(&connect_3_1_1()));
    let publish = publish_3_1_1("a", &[b'x'; 100]);
    packets.push(ends[0].send(&publish[..20]));
    ends[0].send(&publish[20..60]);
    // The rest of the packet, and the next two in the same segment.
    packets.push(ends[0].send(&[&publish[60..], b"\xC0\0", &publish_3_1_1("b", b"y")].concat()));
    packets.extend(close(&mut ends));
    let (status, found) = json(&[], &ethernet(&packets));
    assert_eq!(status, 1);
    let expected = [
        ("CONNECT", 0, 15),
        ("INCOMPLETE", 15, 20),
        ("MISSING", 35, 40),
        ("SKIPPED", 75, 45),
        ("PINGREQ", 120, 2),
        ("PUBLISH", 122, 6),
    ];
    assert_eq!(summary(&found), expected);
    let text = run(&["-"], &ethernet(&packets)).stdout;
    for line in
        ["      35     +40  missing in the capture\n", "40 bytes missing in the capture\n", "45 bytes skipped\n"]
    {
        assert!(text.contains(line), "{text}");
    }
}

#[test]
fn after_missing_packets_the_next_segment_that_begins_with_one_is_found() {
    let mut ends = ends(V4[0], V4[1]);
    let mut packets = open(&mut ends);
    packets.push(ends[0].send(&connect_3_1_1()));
    ends[0].send(&publish_3_1_1("lost", b"1"));
    let publish = publish_3_1_1("also lost", &[0xFF; 50]);
    ends[0].send(&publish[..30]);
    // The rest of a packet whose beginning is missing is no packet.
    packets.push(ends[0].send(&publish[30..]));
    packets.push(ends[0].send(&publish_3_1_1("a", b"2")));
    packets.push(ends[0].reset());
    let (status, found) = json(&[], &ethernet(&packets));
    assert_eq!(status, 1);
    let expected = [("CONNECT", 0, 15), ("MISSING", 15, 39), ("SKIPPED", 54, 33), ("PUBLISH", 87, 6)];
    assert_eq!(summary(&found), expected);
}

/// The capture begins in the middle of a connection. Port 1883 shows that it is MQTT, and the packets show the version.
#[test]
fn a_connection_whose_beginning_is_missing_is_found_by_its_port() {
    for (port, arguments, is_shown) in [(1883, &[][..], true), (1999, &["--port", "1999"], true), (1999, &[], false)] {
        let mut ends = ends("10.0.0.1:50000", &format!("10.0.0.2:{port}"));
        let packets = [
            // The end of a packet, one that both versions have, one of 5.0, and one of the server.
            ends[0].send(b"\xFF\xFF"),
            ends[0].send(b"\xC0\0"),
            ends[0].send(&packet(0x30, b"\0\x01a\x02\x01\x01text")),
            ends[1].send(b"\x40\x03\0\x01\0"),
        ];
        let (status, found) = json(arguments, &ethernet(&packets));
        if !is_shown {
            assert_eq!((status, found.len()), (0, 0));
            continue;
        }
        assert_eq!(status, 1);
        assert_eq!(summary(&found), [("SKIPPED", 0, 2), ("PINGREQ", 2, 2), ("PUBLISH", 4, 12), ("PUBACK", 0, 5)]);
        let dirs: Vec<_> = found.iter().map(|it| it["dir"].as_str().unwrap()).collect();
        assert_eq!(dirs, ["c2s", "c2s", "c2s", "s2c"]);
        assert_eq!(found[2]["payload_length"], 4);
    }
}

/// Three versions at the same time, on ports that are not known; and a connection that is not MQTT.
#[test]
fn connections_are_told_apart_and_have_their_own_versions() {
    let connects: [&[u8]; 3] =
        [b"\0\x06MQIsdp\x03\x02\0\0\0\x01c", b"\0\x04MQTT\x04\x02\0\0\0\x01c", b"\0\x04MQTT\x05\x02\0\0\0\0\x01c"];
    let answers: [&[u8]; 3] = [b"\0\0", b"\0\0", b"\0\0\0"];
    let mut all: Vec<_> =
        (0..4).map(|n| ends(&format!("10.0.0.1:{}", 50000 + n), &format!("[::ffff:10.0.0.2]:{}", 8000 + n))).collect();
    for ends in &mut all {
        ends[0].source.set_ip("::ffff:10.0.0.1".parse().unwrap());
        ends[1].destination.set_ip("::ffff:10.0.0.1".parse().unwrap());
    }
    let mut packets: Vec<_> = all.iter_mut().flat_map(open).collect();
    for part in 0..2 {
        for (ends, connect) in all.iter_mut().zip(connects) {
            // Byte by byte first, then the rest.
            let connect = packet(0x10, connect);
            if part == 0 {
                packets.extend(connect[..12].iter().map(|byte| ends[0].send(&[*byte])));
            } else {
                packets.push(ends[0].send(&connect[12..]));
            }
        }
        packets.push(all[3][0].send(b"GET / HTTP/1.1\r\n\r\n"));
    }
    for (ends, answer) in all.iter_mut().zip(answers) {
        packets.push(ends[1].send(&packet(0x20, answer)));
        packets.push(ends[1].send(&packet(0x30, if answer.len() == 3 { b"\0\x01a\0x" } else { b"\0\x01ax" })));
    }
    let (status, found) = json(&[], &ethernet(&packets));
    assert_eq!((status, found.len()), (0, 9));
    for (connection, level) in [(1, 3), (2, 4), (3, 5)] {
        let client = packets_of(&found, connection, "c2s");
        assert_eq!((client.len(), &client[0]["protocol_level"]), (1, &level.into()));
        let server = packets_of(&found, connection, "s2c");
        assert_eq!((&server[0]["type"], &server[1]["payload_length"]), (&"CONNACK".into(), &1.into()));
    }
    let text = run(&["-"], &ethernet(&packets)).stdout;
    assert!(text.contains("3 MQTT connections\n9 packets, all legal\n1 other TCP connection, see --port\n"), "{text}");
}

#[test]
fn a_port_that_is_used_again_is_another_connection() {
    let mut packets = Vec::new();
    for (sequence, topic) in [(1000, "a"), (9_000_000, "b")] {
        let mut ends = ends(V4[0], V4[1]);
        ends[0].sequence = sequence;
        packets.extend(open(&mut ends));
        packets.push(ends[0].send(&connect_3_1_1()));
        packets.push(ends[0].send(&publish_3_1_1(topic, b"")));
    }
    let (status, found) = json(&[], &ethernet(&packets));
    assert_eq!(status, 0);
    for (connection, topic) in [(1, "a"), (2, "b")] {
        let packets = packets_of(&found, connection, "c2s");
        assert_eq!((packets.len(), &packets[1]["topic"]), (2, &topic.into()));
    }
}

#[test]
fn text_shows_connections_directions_and_seconds() {
    let mut ends = ends(V4[0], V4[1]);
    let mut packets = open(&mut ends);
    packets.push(ends[0].send(&connect_3_1_1()));
    packets.push(ends[1].send(b"\x20\x02\0\0"));
    packets.push(ends[0].send(b"\xC0\0\x30\x04\0\x02a#"));
    packets.extend(close(&mut ends));
    let capture = ethernet(&packets);
    let run = run(&["-"], &capture);
    let expected = format!(
        "\
standard input: {} bytes, a capture
      seconds    offset  length  packet
#1 10.0.0.1:50000 -> 10.0.0.2:1883
#1 ->    0.003000        0     +15  CONNECT     flags 0000
#1 ->                       Protocol Name      \"MQTT\"
#1 ->                       Protocol Version   4 (MQTT 3.1.1)
#1 ->                       Connect Flags      00000010 (Clean Session)
#1 ->                       Keep Alive         0 (off)
#1 ->                       Client Identifier  \"c\"
#1 <-    0.004000        0      +4  CONNACK     flags 0000
#1 <-                       Session Present      no
#1 <-                       Connect Return Code  0 (Success)
#1 ->    0.005000       15      +2  PINGREQ     flags 0000
#1 ->    0.005000       17      +6  PUBLISH     flags 0000  not a legal packet
",
        capture.len()
    );
    assert_eq!(run.status, 1);
    assert!(run.stdout.starts_with(&expected), "{}", run.stdout);
    assert!(run.stdout.ends_with("1 MQTT connection\n4 packets, 1 not legal\n"), "{}", run.stdout);
}

#[test]
fn what_is_there_of_a_damaged_capture_is_shown() {
    let capture = ethernet(&session(V4, 100));
    let whole = json(&[], &capture).1;
    let run = run(&["--json", "-"], &capture[..capture.len() / 2]);
    assert_eq!(run.status, 2);
    assert_eq!(run.stderr, "inspect: cannot read standard input: the capture is cut off\n");
    let found: Vec<Value> = run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(found.len() > 5, "{found:?}");
    let legal: Vec<_> = found.iter().filter(|it| it["type"] != "INCOMPLETE").collect();
    assert_eq!(legal, whole[..legal.len()].iter().collect::<Vec<_>>());
}
