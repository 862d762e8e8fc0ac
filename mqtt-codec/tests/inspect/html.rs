//! The page for a browser. What a browser makes of it is tested by `.ci/inspect-page`.

use crate::network::{close, ends, ethernet, open};
use crate::packets::{packet, prefixed};
use crate::scratch::scratch_file;
use crate::{BAD_IN_THE_MIDDLE, CLIENT_STREAM, run};

/// Text that would be markup if it were not escaped.
const MARKUP: &str = "'\"><script>alert(1)</script><img src=x onerror=alert(1)>&lt;";

/// Returns the page, after checking that it contains no other elements than its own.
#[track_caller]
fn page(arguments: &[&str], stdin: &[u8], status: i32) -> String {
    let run = run(&[&["--html"], arguments].concat(), stdin);
    assert_eq!((run.status, run.stderr.as_str()), (status, ""));
    let known = [
        "!doctype", "article", "body", "dd", "dl", "dt", "h1", "h2", "h3", "html", "i", "mark", "meta", "p", "small",
        "style", "title",
    ];
    for element in run.stdout.split('<').skip(1) {
        let name = element.trim_start_matches('/').split([' ', '>', '\n']).next().unwrap();
        assert!(known.contains(&name), "<{element}");
    }
    assert!(run.stdout.ends_with("</body>\n</html>\n"));
    run.stdout
}

/// Returns the bytes that the page shows, as hexadecimal digits.
fn bytes(page: &str) -> String {
    let mut text = String::new();
    for part in page.split("<p class=\"bytes\">").skip(1) {
        let mut is_tag = false;
        for character in part.split("</p>").next().unwrap().chars() {
            match character {
                '<' => is_tag = true,
                '>' => is_tag = false,
                ' ' => {}
                _ if is_tag => {}
                _ => text.push(character),
            }
        }
    }
    text
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

#[test]
fn every_byte_is_there_except_those_of_the_password() {
    let page = page(&["-"], CLIENT_STREAM, 0);
    // The password has two bytes of length and is at offset 112 of the CONNECT, at its end.
    let mut expected = hex(CLIENT_STREAM);
    expected.replace_range(224..240, &"**".repeat(8));
    assert_eq!(bytes(&page), expected);
    for part in [
        "<h1>standard input: 740 bytes, MQTT 5.0 (from its CONNECT)</h1>",
        "<small> 514 +75</small> PUBLISH &quot;",
        "<i class=\"topic\" data-field=\"Topic Filter: &quot;x&quot;\">00 01 78</i>",
        "<i class=\"property\" data-field=\"Receive Maximum: 1\">21 00 01</i>",
        "<p>15 packets, all legal</p>",
    ] {
        assert!(page.contains(part), "not there: {part}\n{page}");
    }
}

#[test]
fn the_byte_at_fault_is_marked_and_explained() {
    let text = page(&["-", "--version=5"], BAD_IN_THE_MIDDLE, 1);
    for part in [
        "<dt>Error</dt><dd>PUBLISH: Topic Name holds a wildcard character, at byte 6 [MQTT-3.3.2-2]</dd>",
        "<dt>Answer</dt><dd>DISCONNECT with Protocol Error (0x82)</dd>",
        "00 03 61 2F <mark>23</mark></i>",
        "<p class=\"bad\">3 packets, 1 not legal</p>",
    ] {
        assert!(text.contains(part), "not there: {part}\n{text}");
    }
    // One byte is missing at the end of an UNSUBACK of 5.0, after its properties.
    assert!(page(&["-", "--version=5"], b"\xB0\x03\0\x01\0", 1).contains("<mark>the packet ends</mark>"));
    // The faulty byte is shown even if it is far from the start of its field.
    let topic = [&[b'a'; 1000][..], b"#", &[b'b'; 1000]].concat();
    let text = page(&["-"], &packet(0x30, &prefixed(core::str::from_utf8(&topic).unwrap())), 1);
    assert!(text.contains("61 61 <mark>23</mark> 62 62 62"), "{text}");
    // 256 bytes of the field are shown before, two of which are the length, and eight in front of the fault.
    assert!(text.contains(&format!("61 <small>{} bytes</small> 61", 1000 - 254 - 8)), "{text}");
}

#[test]
fn markup_in_texts_and_names_is_escaped() {
    let connect =
        [&b"\0\x04MQTT\x04\xC6\0\0"[..], &prefixed(MARKUP).repeat(3), &prefixed("u"), &prefixed("p")].concat();
    let mut stream = packet(0x10, &connect);
    stream.extend(packet(0x30, &[prefixed(MARKUP), MARKUP.as_bytes().to_vec()].concat()));
    stream.extend(packet(0x82, &[&b"\0\x01"[..], &prefixed(format!("{MARKUP}#")), b"\0"].concat()));
    let text = page(&["-"], &stream, 1);
    assert!(text.matches("&lt;script&gt;alert(1)&lt;/script&gt;").count() >= 8, "{text}");
    // Files may have such names too, but for the stroke.
    let name = MARKUP.replace('/', "|");
    let path = scratch_file(&name);
    std::fs::write(&path, &stream).unwrap();
    let text = page(&[path.to_str().unwrap()], b"", 1);
    assert!(text.contains("<title>") && text.matches("&lt;|script&gt;&lt;img src=x").count() == 2, "{text}");
    std::fs::remove_file(&path).unwrap();
}

#[test]
fn a_capture_shows_both_directions() {
    let mut ends = ends("10.0.0.1:50000", "10.0.0.2:1883");
    let mut packets = open(&mut ends);
    packets.push(ends[0].send(b"\x10\x0C\0\x04MQTT\x04\x02\0\x3C\0\0"));
    packets.push(ends[1].send(b"\x20\x02\0\0"));
    // A segment is missing.
    ends[0].send(b"\xC0\0");
    packets.push(ends[0].send(b"\xE0\0"));
    packets.extend(close(&mut ends));
    let text = page(&["-"], &ethernet(&packets), 1);
    for part in [
        "<h2>#1 10.0.0.1:50000 -&gt; 10.0.0.2:1883</h2>",
        "<small>#1 -&gt; 0.003000 0 +14</small> CONNECT 3.1.1",
        "<small>#1 &lt;- 0.004000 0 +4</small> CONNACK",
        " 14 +2 missing in the capture</p>",
        "<p class=\"bad\">2 bytes missing in the capture</p>",
        "<p>1 MQTT connection</p>",
    ] {
        assert!(text.contains(part), "not there: {part}\n{text}");
    }
}

/// A payload of any length takes a line or two.
#[test]
fn long_fields_are_shortened() {
    let text = page(&["-"], &packet(0x30, &[&b"\0\x01a\0"[..], &[b'x'; 100_000]].concat()), 0);
    assert!(text.contains("78 <small>99744 bytes</small></i>"), "{text}");
    assert!(text.len() < 10_000);
}

#[cfg(feature = "sn")]
#[test]
fn datagrams_have_a_page_too() {
    let text = page(&["--sn", "-"], b"0e040401003c3162363366323565\n06040401003c\n", 1);
    assert_eq!(bytes(&text).to_ascii_lowercase(), "0e040401003c316236336632356506040401003cthepacketends");
    for part in [
        "<h1>standard input: 2 datagrams, MQTT-SN 1.2</h1>",
        "<i class=\"other\" data-field=\"ClientId: &quot;1b63f25e&quot;\">",
        "<dt>Answer</dt><dd>CONNACK Rejected: not supported (0x03)</dd>",
        "<p class=\"bad\">2 datagrams, 1 not legal</p>",
    ] {
        assert!(text.contains(part), "not there: {part}\n{text}");
    }
    let markup = [b"\x0C\x04\x04\x01\0\x3C".as_slice(), b"<img>\""].concat();
    assert!(page(&["--sn", "-"], &markup, 0).contains("ClientId: &quot;&lt;img&gt;\\&quot;&quot;"));
}
