//! The sources have layers: imports point downwards only, and no files import each other in a circle.
//!
//! ARCHITECTURE.md lists the layers, in the tables under "Layers of …". A row is a layer. The names in one row do not
//! import each other. Code under `#[cfg(test)]` is ignored.

#![cfg(test)]
#![expect(clippy::arithmetic_side_effects, reason = "in tests an overflow panics, and that is a failed test")]

extern crate alloc;

mod graph;
mod source;

use alloc::collections::{BTreeMap, BTreeSet};
use core::fmt::Write;
use graph::{Import, Program, circle};
use source::Module;
use std::{fs, path::Path, path::PathBuf};

const REPOSITORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// Reads both libraries and the examples that have several files.
fn programs() -> Vec<Program> {
    let examples = fs::read_dir(Path::new(REPOSITORY).join("mqtt-codec/examples")).unwrap();
    let mut roots: Vec<_> =
        examples.map(|entry| entry.unwrap().path().join("main.rs")).filter(|path| path.exists()).collect();
    assert!(!roots.is_empty(), "no example has several files");
    roots.extend(["mqtt-types/src/lib.rs", "mqtt-codec/src/lib.rs"].map(|root| Path::new(REPOSITORY).join(root)));
    roots.iter().map(|root| Program::read(root)).collect()
}

/// Returns the files that each file imports from.
fn edges(imports: &[Import]) -> BTreeMap<PathBuf, BTreeSet<PathBuf>> {
    let mut edges: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for import in imports {
        edges.entry(import.from.clone()).or_default().insert(import.to.clone());
    }
    edges
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let mut circles = String::new();
    for program in programs() {
        let imports = program.imports();
        let files = circle(&edges(&imports)).unwrap_or_default();
        for (from, to) in files.iter().zip(files.iter().cycle().skip(1)) {
            let import = imports.iter().find(|import| import.from == *from && import.to == *to).unwrap();
            writeln!(circles, "{import}").unwrap();
        }
    }
    assert!(circles.is_empty(), "these imports form a circle:\n{circles}");
}

/// The layers of a directory.
struct Layers {
    directory: PathBuf,
    /// Top to bottom: the names of the files and directories on each layer, without `.rs`.
    rows: Vec<BTreeSet<String>>,
}

impl Layers {
    /// Reads the tables of ARCHITECTURE.md.
    fn read_all() -> Vec<Self> {
        let text = fs::read_to_string(Path::new(REPOSITORY).join("ARCHITECTURE.md")).unwrap();
        let sections = text.split("### Layers of `").skip(1);
        let read = |section: &str| {
            let (directory, rest) = section.split_once('`').unwrap();
            let table = rest.trim_start().lines().take_while(|line| line.starts_with('|')).skip(2);
            // The words between backticks in the first column.
            let names =
                |line: &str| line.split('|').nth(1).unwrap().split('`').skip(1).step_by(2).map(str::to_owned).collect();
            Self { directory: Path::new(REPOSITORY).join(directory), rows: table.map(names).collect() }
        };
        sections.map(read).collect()
    }

    /// Returns the name, directly in the directory, that a file belongs to; `None` for a file elsewhere and for the root file.
    fn name(&self, file: &Path) -> Option<String> {
        let first = file.strip_prefix(&self.directory).ok()?.components().next()?;
        let name = first.as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned();
        (!matches!(&*name, "lib" | "mod")).then_some(name)
    }

    /// Returns the layer of a file, counted from the top.
    fn layer(&self, file: &Path) -> Option<usize> {
        let name = self.name(file)?;
        let layer = self.rows.iter().position(|row| row.contains(&name));
        Some(layer.unwrap_or_else(|| panic!("ARCHITECTURE.md lists no layer of {}", file.display())))
    }

    /// Returns whether an import points downwards, or stays within one name, or does not concern this directory.
    fn allow(&self, from: &Path, to: &Path) -> bool {
        match (self.layer(from), self.layer(to)) {
            (Some(from_layer), Some(to_layer)) => from_layer < to_layer || self.name(from) == self.name(to),
            _ => true,
        }
    }
}

#[test]
fn imports_point_downwards() {
    let all = Layers::read_all();
    for crate_directory in ["mqtt-types/src", "mqtt-codec/src"] {
        let directory = Path::new(REPOSITORY).join(crate_directory);
        assert!(
            all.iter().any(|layers| layers.directory == directory),
            "ARCHITECTURE.md has no layers of {crate_directory}"
        );
    }
    let programs = programs();
    let mut upward = String::new();
    for layers in &all {
        let files: BTreeSet<_> =
            programs.iter().flat_map(Program::files).filter_map(|file| layers.name(file)).collect();
        let listed: BTreeSet<_> = layers.rows.iter().flatten().cloned().collect();
        assert_eq!(
            listed,
            files,
            "left: the layers of {} in ARCHITECTURE.md, right: its files",
            layers.directory.display()
        );
        for import in
            programs.iter().flat_map(Program::imports).filter(|import| !layers.allow(&import.from, &import.to))
        {
            writeln!(upward, "{import}").unwrap();
        }
    }
    assert!(upward.is_empty(), "these imports do not point downwards:\n{upward}");
}

#[test]
fn one_import_turned_round_is_found() {
    let layers = Layers::read_all();
    for program in programs() {
        let imports = program.imports();
        let edges = edges(&imports);
        for (from, to) in edges.iter().flat_map(|(from, all)| all.iter().map(move |to| (from, to))) {
            let mut turned = edges.clone();
            turned.entry(to.clone()).or_default().insert(from.clone());
            assert!(circle(&turned).is_some(), "{} and {}", from.display(), to.display());
        }
        for layers in &layers {
            let between = |import: &&Import| {
                let (from, to) = (layers.name(&import.from), layers.name(&import.to));
                from.is_some() && to.is_some() && from != to
            };
            for import in imports.iter().filter(between) {
                assert!(!layers.allow(&import.to, &import.from), "{import}");
            }
        }
    }
}

#[test]
fn reads_imports_and_nothing_else() {
    let module = Module::read(
        r##"
        //! use crate::in_documentation;
        #[path = "elsewhere.rs"]
        mod moved;
        /* use crate::in_a_comment; /* and a nested one */ */
        pub(crate) use self::moved::Item;
        use crate::{one::{self, Two as Second}, three};
        use bytes::Bytes;
        #[cfg(feature = "bytes")]
        fn call<'a>(text: &'a str) -> char {
            let brace = ["{", r#"crate::in_a_raw_string" {"#, "\" {"];
            if three::check(text) { '{' } else { crate::four::five!('\'', b'{') }
        }
        mod inner {
            use super::call;
        }
        #[cfg(test)]
        #[expect(dead_code, reason = "a test")]
        mod tests {
            use crate::in_tests;
        }
        #[cfg(all(test, unix))]
        use crate::{in_tests};
        const LAST: Last = last::Last::<{ 1 }>::NEW;
        "##,
    );
    let joined = |path: &source::PathUse| format!("{}:{}", path.line, path.segments.join("::"));
    let files: Vec<_> = module.files.iter().map(|file| (&*file.name, file.path.as_deref())).collect();
    assert_eq!(files, [("moved", Some("elsewhere.rs"))]);
    let imports: Vec<_> = module.imports.iter().map(|(name, path)| (&**name, joined(path))).collect();
    let expected = [
        ("Item", "6:self::moved::Item"),
        ("one", "7:crate::one"),
        ("Second", "7:crate::one::Two"),
        ("three", "7:crate::three"),
        ("Bytes", "8:bytes::Bytes"),
    ];
    assert_eq!(imports, expected.map(|(name, path)| (name, path.to_owned())));
    let paths: Vec<_> = module.paths.iter().map(joined).collect();
    assert_eq!(paths, ["12:three::check", "12:crate::four::five", "24:last::Last"]);
    let inner: Vec<_> = module.inline[0].1.imports.iter().map(|(_, path)| joined(path)).collect();
    assert_eq!(inner, ["15:super::call"]);
}
