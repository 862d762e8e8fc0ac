//! Control characters never reach the output, from whatever part of the input they come.

use crate::packets::{header, packet, prefixed};
use crate::scratch::scratch_file;
use crate::{Run, run};
use mqtt_codec::PropertyIdentifier;
use serde_json::Value;

/// U+0000 and U+FEFF are left out: MQTT does not allow the first, and the second is legal but no control character.
fn active_characters() -> Vec<char> {
    let ranges = [0x01..=0x1F, 0x7F..=0x9F, 0x61C..=0x61C, 0x200E..=0x200F, 0x2028..=0x202E, 0x2066..=0x2069];
    ranges.into_iter().flatten().map(|code| char::from_u32(code).unwrap()).collect()
}

/// Asserts that nothing in the output acts on a terminal, except for the ends of lines.
#[track_caller]
fn check_output(run: &Run) {
    for text in [&run.stdout, &run.stderr] {
        for line in text.split('\n') {
            let found = line.chars().find(|character| active_characters().contains(character));
            assert_eq!(found, None, "{line:?}");
        }
    }
}

/// Returns a packet of each type that has texts, with the text in every field. The last packet is illegal.
fn stream_with(text: &str) -> Vec<u8> {
    let text = prefixed(text);
    let property = |identifier: PropertyIdentifier| [&[identifier.as_u8()][..], &text].concat();
    let user_property = [&property(PropertyIdentifier::UserProperty)[..], &text].concat();
    let section = |properties: &[Vec<u8>]| {
        let properties = [properties.concat(), user_property.clone()].concat();
        [&header(0, properties.len())[1..], &properties].concat()
    };
    let will = section(&[property(PropertyIdentifier::ContentType), property(PropertyIdentifier::ResponseTopic)]);
    let connect_properties = section(&[property(PropertyIdentifier::AuthenticationMethod)]);
    let connect_header: &[u8] = b"\0\x04MQTT\x05\x86\0\0";
    let connect = [connect_header, &connect_properties, &text, &will, &text, &text, &text].concat();
    let connack = section(&[
        property(PropertyIdentifier::AssignedClientIdentifier),
        property(PropertyIdentifier::ResponseInformation),
        property(PropertyIdentifier::ServerReference),
        property(PropertyIdentifier::ReasonString),
    ]);
    let publish = section(&[property(PropertyIdentifier::ContentType), property(PropertyIdentifier::CorrelationData)]);
    let not_legal = [&text[..], b"\0\x01#"].concat();
    [
        packet(0x10, &connect),
        packet(0x20, &[&b"\0\0"[..], &connack].concat()),
        packet(0x30, &[&text[..], &publish, &text].concat()),
        packet(0x82, &[&b"\0\x01"[..], &section(&[]), &text, b"\0"].concat()),
        packet(0xA2, &[&b"\0\x01"[..], &section(&[]), &text].concat()),
        packet(0xE0, &[&b"\x80"[..], &section(&[property(PropertyIdentifier::ReasonString)])].concat()),
        packet(0x82, &[&b"\0\x01\0"[..], &not_legal].concat()),
    ]
    .concat()
}

#[test]
fn texts_are_escaped_in_every_view() {
    // A few at a time, since the views shorten long texts.
    for characters in active_characters().chunks(8) {
        let text: String = characters.iter().collect();
        let stream = stream_with(&text);
        for view in [&["-"][..], &["-", "--hex"], &["-", "--json"]] {
            let run = run(view, &stream);
            assert_eq!((run.status, run.stderr.as_str()), (1, ""), "{}", run.stdout);
            check_output(&run);
            if view.contains(&"--json") {
                // Escaping does not change the text.
                let publish: Value = serde_json::from_str(run.stdout.lines().nth(2).unwrap()).unwrap();
                assert_eq!(publish["topic"].as_str(), Some(text.as_str()));
            } else {
                let escaped = text.chars().map(|character| character.escape_default().to_string()).collect::<String>();
                let count = run.stdout.matches(&format!("\"{escaped}\"")).count();
                assert!(count >= 30, "{count} texts\n{}", run.stdout);
                assert!(run.stdout.contains("7 packets, 1 not legal\n"), "{}", run.stdout);
            }
        }
    }
}

/// What shows as text is not escaped: other scripts, emoji, and the characters that join them.
#[test]
fn other_characters_are_kept() {
    let text = "Grüße, 温度, مرحبا, 👩\u{200D}🔬, \u{A0}, \u{AD}";
    for view in [&["-"][..], &["-", "--hex"], &["-", "--json"]] {
        let run = run(view, &packet(0x30, &[prefixed(text), vec![0]].concat()));
        assert_eq!(run.status, 0);
        assert!(run.stdout.contains(text), "{}", run.stdout);
    }
}

/// The name of a file is shown in the heading, in JSON, and in messages.
#[cfg(unix)]
#[test]
fn names_of_files_are_escaped() {
    let name = "a\u{1B}[31m\u{7F}\u{9B}\u{202E}.bin";
    let path = scratch_file(name);
    std::fs::write(&path, b"\xC0\0").unwrap();
    let file = path.to_str().unwrap();
    for view in ["--version=auto", "--hex", "--json"] {
        let run = run(&[view, file, file], b"");
        assert_eq!(run.status, 0);
        check_output(&run);
        if view == "--json" {
            let ping: Value = serde_json::from_str(run.stdout.lines().next().unwrap()).unwrap();
            assert_eq!(ping["file"].as_str(), Some(file));
        } else {
            assert!(run.stdout.contains("a\\u{1b}[31m\\u{7f}\\u{9b}\\u{202e}.bin: 2 bytes"), "{}", run.stdout);
        }
    }
    std::fs::remove_file(&path).unwrap();
    for arguments in [&[file][..], &["--\u{1B}[31m"], &["--version=\u{9B}"]] {
        let run = run(arguments, b"");
        assert_eq!(run.status, 2);
        check_output(&run);
        assert!(run.stderr.contains("\\u{"), "{}", run.stderr);
    }
}
