//! Writes a table of the vectors of MQTT-SN: the datagram, whether it is legal, and whether it encodes to the same bytes.

use serde_json::Value;
use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../testdata/sn/");

/// Longer vectors are left out: together they exceed the flash of a small device.
const LONGEST: usize = 400;

fn main() {
    let mut table = format!("const LONGEST: usize = {LONGEST};\nconst VECTORS: &[Vector] = &[\n");
    let mut count = 0;
    for (file, is_legal) in [("valid.jsonl", true), ("invalid.jsonl", false)] {
        let path = format!("{ROOT}{file}");
        println!("cargo::rerun-if-changed={path}");
        for line in fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}")).lines() {
            let vector: Value = serde_json::from_str(line).unwrap();
            let raw = bytes(vector["hex"].as_str().unwrap());
            if raw.len() > LONGEST {
                continue;
            }
            count += 1;
            let notes = vector["notes"].to_string();
            let is_short_in_long_form = raw.first() == Some(&1) && raw.len() < 258;
            let is_canonical = !["unused flag", "three-octet form", "reserved Ctrl"].iter().any(|note| notes.contains(note))
                && !is_short_in_long_form;
            let id = &vector["id"];
            writeln!(table, "Vector {{ id: {id}, raw: &{raw:?}, is_legal: {is_legal}, is_canonical: {is_canonical} }},")
                .unwrap();
        }
    }
    assert!(count > 850, "{count} vectors"); // a file that lost its lines must not count as success
    table.push_str("];");
    fs::write(Path::new(&env::var_os("OUT_DIR").unwrap()).join("table.rs"), table).unwrap();
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<_> = hex.chars().map(|digit| u8::try_from(digit.to_digit(16).unwrap()).unwrap()).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}
