//! Writes a table of the vectors: legal ones with the bytes that they encode to, the others with the verdict from
//! `mqtt-codec/tests/vectors.rs`.

use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../");
const LEGAL: [&str; 3] = ["amqtt", "mqtt-packet", "paho"];
const ILLEGAL: [&str; 2] = ["invalid", "invalid-others"];

fn main() {
    let mut verdicts = verdicts();
    let legal = vectors(&LEGAL);
    let illegal = vectors(&ILLEGAL);
    // An empty file, or a list of verdicts in a new format, must not count as success.
    assert_eq!((legal.len(), illegal.len(), verdicts.len()), (150, 75, 75), "legal, illegal, verdicts");
    let longest = legal.iter().chain(&illegal).map(|vector| bytes(vector).len()).max().unwrap();
    let mut table = format!("const LONGEST: usize = {longest};\nconst VECTORS: &[Vector] = &[\n");
    for vector in legal {
        let raw = bytes(&vector);
        let canonical = canonical(&raw, &vector["version"]);
        row(&mut table, &vector, &raw, &format!("Expected::Encodes(&{canonical:?})"));
    }
    for vector in illegal {
        let id = vector["id"].as_str().unwrap();
        let verdict = verdicts.remove(id).unwrap_or_else(|| panic!("{id} has no verdict"));
        row(&mut table, &vector, &bytes(&vector), &format!("Expected::{verdict}"));
    }
    table.push_str("];");
    fs::write(Path::new(&env::var_os("OUT_DIR").unwrap()).join("table.rs"), table).unwrap();
}

fn row(table: &mut String, vector: &Value, raw: &[u8], expected: &str) {
    let version = match vector["version"].as_u64() {
        Some(3) => "V3_1",
        Some(4) => "V3_1_1",
        Some(5) => "V5",
        other => panic!("version {other:?}"),
    };
    let sender = match vector["dir"].as_str() {
        Some("c2s") => "Client",
        Some("s2c") => "Server",
        other => panic!("direction {other:?}"),
    };
    let (id, bridge) = (&vector["id"], vector["fields"]["bridge"] == true);
    writeln!(
        table,
        "Vector {{ id: {id}, version: ProtocolVersion::{version}, sender: Sender::{sender}, bridge: {bridge}, \
         raw: &{raw:?}, expected: {expected} }},"
    )
    .unwrap();
}

fn read(path: &str) -> String {
    let path = format!("{ROOT}{path}");
    println!("cargo::rerun-if-changed={path}");
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn vectors(files: &[&str]) -> Vec<Value> {
    let lines = files.iter().map(|file| read(&format!("testdata/vectors/{file}.jsonl")));
    lines.flat_map(|text| text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<_>>()).collect()
}

/// Returns the lines `("inv-0001", Refused(Kind::InvalidFlags, 0)),`. The only list of verdicts is Rust code.
fn verdicts() -> BTreeMap<String, String> {
    let verdict = |line: &str| {
        let (id, rest) = line.trim_start().strip_prefix("(\"inv-")?.split_once("\", ")?;
        Some((format!("inv-{id}"), rest.rsplit_once("),")?.0.to_owned()))
    };
    read("mqtt-codec/tests/vectors.rs").lines().filter_map(verdict).collect()
}

fn bytes(vector: &Value) -> Vec<u8> {
    let digits = vector["hex"].as_str().unwrap();
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect()
}

/// Returns the shortest form that 5.0 has for an acknowledgement or DISCONNECT.
fn canonical(raw: &[u8], version: &Value) -> Vec<u8> {
    let reason_code_at = match raw[0] >> 4 {
        4..=7 => 4,
        14 => 2,
        _ => return raw.to_vec(),
    };
    let without = match raw.get(reason_code_at..) {
        Some([0] | [0, 0]) if version == 5 => reason_code_at,
        Some([_, 0]) if version == 5 => reason_code_at + 1,
        _ => return raw.to_vec(),
    };
    let mut canonical = raw[..without].to_vec();
    canonical[1] = u8::try_from(without - 2).unwrap();
    canonical
}
