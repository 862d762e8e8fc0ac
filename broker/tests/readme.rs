//! The sizes in `broker/README.md` are those of the files.

use std::fs;
use std::path::Path;

/// Returns the number of lines without tests, comments and blank lines.
fn lines(text: &str) -> usize {
    let code = text.split_once("#[cfg(test)]").map_or(text, |(code, _tests)| code);
    code.lines().map(str::trim_start).filter(|line| !line.is_empty() && !line.starts_with("//")).count()
}

#[test]
fn the_readme_tells_the_size_of_each_file() {
    let broker = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(broker.join("README.md")).unwrap();
    let (_, table) = readme.split_once("| files | content | lines |\n| --- | --- | --- |\n").unwrap();
    let mut named = Vec::new();
    for row in table.lines().take_while(|line| line.starts_with('|')) {
        let columns: Vec<_> = row.split('|').map(str::trim).collect();
        let files: Vec<_> = columns[1].split(", ").map(|file| file.trim_matches('`')).collect();
        let paths = files
            .iter()
            .map(|file| if file.contains('/') { broker.join(file) } else { broker.join("examples/broker").join(file) });
        let counted: usize = paths.map(|path| lines(&fs::read_to_string(path).unwrap())).sum();
        assert_eq!(columns[3], counted.to_string(), "{row}");
        named.extend(files);
    }
    for entry in fs::read_dir(broker.join("examples/broker")).unwrap() {
        let file = entry.unwrap().file_name();
        assert!(named.iter().any(|name| Path::new(name) == file), "{file:?} has no row");
    }
}
