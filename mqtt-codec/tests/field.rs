//! Packets from public bug reports: the verdict of the strict default, and the one leniency that accepts each.

#![cfg(test)]

extern crate alloc;

#[expect(dead_code, reason = "the other helpers are for other tests")]
mod support;

use mqtt_codec::{DecodeOptions, Decoded, Leniency, Sender, decode};
use support::{from_hex, json_lines, version_of_level};

/// Decodes packet after packet.
fn verdict(mut input: &[u8], options: DecodeOptions) -> &'static str {
    while !input.is_empty() {
        match decode(input, options) {
            Ok(Decoded::Complete { consumed, .. }) => input = &input[consumed..],
            Ok(Decoded::Incomplete { .. }) => return "incomplete",
            Err(_) => return "reject",
        }
    }
    "accept"
}

#[test]
fn each_case_has_its_verdict_and_is_accepted_by_its_leniency_alone() {
    let cases = json_lines("field/cases.jsonl");
    assert_eq!(cases.len(), 73);
    let mut wanted = Vec::new();
    for case in &cases {
        let id = case["id"].as_str().unwrap();
        let input = from_hex(case["hex"].as_str().unwrap());
        let sender = match case["direction"].as_str().unwrap() {
            "client->server" => Sender::Client,
            "server->client" => Sender::Server,
            "either" => Sender::Either,
            other => panic!("{id}: {other}"),
        };
        let strict = DecodeOptions::new(version_of_level(&case["version"])).with_sender(sender);
        let expected = case["expect"].as_str().unwrap();
        assert_eq!(verdict(&input, strict), expected, "{id}");
        let name = case["lenient"].as_str().unwrap_or("none");
        if expected != "reject" {
            assert_eq!((name, verdict(&input, strict.lenient())), ("none", expected), "{id}");
            continue;
        }
        for leniency in Leniency::ALL.iter().copied() {
            let is_accepted = verdict(&input, strict.with_leniency(leniency, true)) == "accept";
            assert_eq!(is_accepted, leniency.name() == name, "{id} with {leniency}");
        }
        match name {
            "none" | "never" => {}
            "wanted" => wanted.push(id),
            name => assert!(name.parse::<Leniency>().is_ok(), "{id}: {name}"),
        }
        let is_named = !matches!(name, "none" | "never" | "wanted");
        assert_eq!(verdict(&input, strict.lenient()) == "accept", is_named, "{id} with every leniency");
    }
    assert!(wanted.is_empty(), "no option accepts these yet: {wanted:?}");
}
