//! The examples that the README calls short are short. That they compile, every build of the examples shows.

use std::fs;

#[test]
fn short_examples_have_at_most_thirty_lines_of_code() {
    let folder = format!("{}/examples", env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(format!("{}/../README.md", env!("CARGO_MANIFEST_DIR"))).unwrap();
    for name in ["alias_proxy", "firmware_receive", "queueing_client", "split_server"] {
        let path = format!("{folder}/{name}.rs");
        let text = fs::read_to_string(&path).unwrap();
        let is_code = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with("//");
        let count = text.lines().filter(is_code).count();
        assert!((10..=30).contains(&count), "{name}: {count} lines");
        assert!(readme.contains(&format!("mqtt-codec/examples/{name}.rs")), "the README does not name {name}");
    }
}
