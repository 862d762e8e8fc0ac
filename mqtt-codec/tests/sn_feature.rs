//! MQTT-SN is a feature: without it, the crates are what they would be if it did not exist.
//!
//! Everything that the feature adds is in modules that the compiler does not read without it, or is listed here.

#![cfg(test)]

use std::{fs, path::Path};

const REPOSITORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// What depends on the feature: the file, and the first line of the item.
const ITEMS: &[(&str, &str)] = &[
    ("mqtt-codec/src/defmt.rs", "impl Format for crate::sn::DecodeOptions {"),
    ("mqtt-codec/src/defmt.rs", "by_name! { crate::sn::Leniency }"),
    ("mqtt-codec/src/guide/mod.rs", "pub mod mqtt_sn;"),
    ("mqtt-codec/src/lib.rs", "pub mod sn;"),
    // For the module `sn`, and private to the crate.
    ("mqtt-codec/src/options/mod.rs", "pub(crate) use leniency::leniencies;"),
    ("mqtt-codec/src/options/serde.rs", "pub(crate) use serde_of_options;"),
    ("mqtt-types/src/arbitrary/mod.rs", "mod sn;"),
    ("mqtt-types/src/defmt.rs", "format! {"),
    ("mqtt-types/src/lib.rs", "pub mod sn;"),
    ("mqtt-types/src/serde/mod.rs", "mod sn;"),
    (
        "mqtt-types/src/value_error.rs",
        "use crate::sn::{InvalidClientId, InvalidTopic, ReservedTopicId, WirelessNodeIdTooLong};",
    ),
    // Variants of a private enum.
    ("mqtt-types/src/value_error.rs", "ClientId(#[from] InvalidClientId),"),
    ("mqtt-types/src/value_error.rs", "Topic(#[from] InvalidTopic),"),
    ("mqtt-types/src/value_error.rs", "TopicId(#[from] ReservedTopicId),"),
    ("mqtt-types/src/value_error.rs", "WirelessNodeId(#[from] WirelessNodeIdTooLong),"),
];

/// Collects the items under `#[cfg(feature = "sn")]` of a file or directory, without those of tests.
fn items_of(path: &Path, found: &mut Vec<(String, String)>) {
    if path.is_dir() {
        let mut entries: Vec<_> = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        // The modules themselves.
        entries.retain(|entry| entry.file_stem().is_some_and(|stem| stem != "sn" && stem != "mqtt_sn"));
        return entries.iter().for_each(|entry| items_of(entry, found));
    }
    let name = path.strip_prefix(REPOSITORY).unwrap().to_str().unwrap();
    let text = fs::read_to_string(path).unwrap();
    let (code, _) = text.split_once("#[cfg(test)]\nmod ").unwrap_or((&text, ""));
    let mut lines = code.lines().map(str::trim);
    while let Some(line) = lines.next() {
        if line.contains("feature = \"sn\"") {
            // Documentation differs. The examples of the README are compiled by its tests alone.
            let is_documentation = line.starts_with("#![cfg_attr(") && line.contains("doc = ");
            if !is_documentation && !line.contains("doctest") {
                assert_eq!(line, "#[cfg(feature = \"sn\")]", "{name}");
                found.push((name.to_owned(), lines.next().unwrap().to_owned()));
            }
        } else {
            let is_comment = line.starts_with("//");
            let is_item = ITEMS.iter().any(|(_, item)| line == *item) || line.starts_with("[");
            assert!(is_comment || is_item || !line.contains("crate::sn"), "{name}: {line}");
        }
    }
}

#[test]
fn nothing_outside_of_its_modules_depends_on_the_feature() {
    let mut found = Vec::new();
    for sources in ["mqtt-codec/src", "mqtt-types/src"] {
        items_of(&Path::new(REPOSITORY).join(sources), &mut found);
    }
    let found: Vec<_> = found.iter().map(|(file, item)| (&**file, &**item)).collect();
    assert_eq!(found, ITEMS);
}

#[test]
fn the_feature_is_off_by_default_and_adds_no_dependency() {
    for (manifest, features) in [("mqtt-codec", "[\"mqtt-types/sn\"]"), ("mqtt-types", "[]")] {
        let text = fs::read_to_string(Path::new(REPOSITORY).join(manifest).join("Cargo.toml")).unwrap();
        let feature = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(" = ")).unwrap();
        assert_eq!(feature("sn"), features);
        assert!(!feature("default").contains("sn"), "{manifest}");
    }
}
