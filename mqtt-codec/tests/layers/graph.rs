//! The files of a program, and the imports between them.

use crate::source::{Module, PathUse};
use alloc::collections::{BTreeMap, BTreeSet};
use core::fmt;
use std::{fs, path::Path, path::PathBuf};

/// The path of a module from the root of its crate.
type Name = Vec<String>;

/// An import: which file, in which line, of what.
#[derive(Debug)]
pub(crate) struct Import {
    pub(crate) from: PathBuf,
    pub(crate) to: PathBuf,
    pub(crate) line: usize,
    pub(crate) path: String,
}

impl fmt::Display for Import {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { from, to, line, path } = self;
        let [from, to] = [from, to].map(|file| file.strip_prefix(crate::REPOSITORY).unwrap_or(file).display());
        write!(f, "{from}:{line} imports {path} from {to}")
    }
}

/// All modules of a library or an example.
#[derive(Debug)]
pub(crate) struct Program {
    /// Each with its file.
    modules: BTreeMap<Name, (Module, PathBuf)>,
}

/// What a path leads to.
enum Target {
    /// A module.
    Module(Name),
    /// An item, and the module that defines it.
    Item(Name),
}

impl Program {
    /// Reads a root file and the files of all its modules.
    pub(crate) fn read(root: &Path) -> Self {
        let mut program = Self { modules: BTreeMap::new() };
        let text = fs::read_to_string(root).unwrap_or_else(|error| panic!("{}: {error}", root.display()));
        let directory = root.parent().unwrap();
        program.add(Vec::new(), Module::read(&text), root, directory);
        program
    }

    /// Adds a module and, by the files in its directory, the modules that it declares.
    fn add(&mut self, name: Name, mut module: Module, file: &Path, directory: &Path) {
        let child = |child: &String| [&name[..], core::slice::from_ref(child)].concat();
        for (inline, content) in module.inline.drain(..) {
            self.add(child(&inline), content, file, &directory.join(&inline));
        }
        for declared in &module.files {
            let beside = file.parent().unwrap();
            let candidates = match &declared.path {
                Some(path) => vec![beside.join(path)],
                None => [".rs", "/mod.rs"].map(|end| directory.join(format!("{}{end}", declared.name))).to_vec(),
            };
            let file = candidates.iter().find(|path| path.exists()).unwrap_or_else(|| panic!("no file: {declared:?}"));
            let directory = match &declared.path {
                Some(_) => file.parent().unwrap().to_owned(),
                None => directory.join(&declared.name),
            };
            self.add(child(&declared.name), Module::read(&fs::read_to_string(file).unwrap()), file, &directory);
        }
        self.modules.insert(name, (module, file.to_owned()));
    }

    /// Returns all files.
    pub(crate) fn files(&self) -> BTreeSet<&Path> {
        self.modules.values().map(|(_, file)| &**file).collect()
    }

    /// Returns what files import from other files of the program. An item that is imported by way of a re-export counts as
    /// imported from the file that defines it.
    pub(crate) fn imports(&self) -> Vec<Import> {
        let mut imports = Vec::new();
        for (name, (module, file)) in &self.modules {
            let mut add = |path: &PathUse, to: &Name| {
                let to = &self.modules[to].1;
                if to != file {
                    let path_text = path.segments.join("::");
                    imports.push(Import { from: file.clone(), to: to.clone(), line: path.line, path: path_text });
                }
            };
            for (_, path) in &module.imports {
                // A module that is imported shows in the paths that begin with it.
                if let Some(Target::Item(definer)) = self.target(name, &path.segments) {
                    add(path, &definer);
                }
            }
            for path in &module.paths {
                if let Some(Target::Item(definer) | Target::Module(definer)) = self.target(name, &path.segments) {
                    add(path, &definer);
                }
            }
        }
        imports
    }

    /// Returns what a path in a module leads to; `None` for other crates and for names that are local to the module.
    fn target(&self, module: &Name, segments: &[String]) -> Option<Target> {
        let mut at = module.clone();
        let mut rest = segments;
        match &*segments[0] {
            "crate" => (at, rest) = (Name::new(), &segments[1..]),
            "self" => rest = &segments[1..],
            "super" => {
                while rest.first().is_some_and(|first| first == "super") {
                    at.pop();
                    rest = &rest[1..];
                }
            }
            first => {
                let is_child = self.child(module, first).is_some();
                let is_import = self.modules[module]
                    .0
                    .imports
                    .iter()
                    .any(|(name, path)| name == first && path.segments[..] != *segments);
                if !is_child && !is_import {
                    return None;
                }
            }
        }
        for (index, segment) in rest.iter().enumerate() {
            let imported = self.modules[&at].0.imports.iter().find(|(name, _)| name == segment).map(|(_, path)| path);
            let is_last = index + 1 == rest.len();
            match (self.child(&at, segment), imported) {
                // Where a function has its module's name, both are meant.
                (Some(child), None) => at = child,
                (Some(child), Some(_)) if !is_last => at = child,
                (_, Some(path)) if path.segments != [segment.clone()] => {
                    let segments = [&path.segments[..], &rest[index + 1..]].concat();
                    // A `use` of another crate leads out of this one.
                    return self.target(&at, &segments);
                }
                _ => return Some(Target::Item(at)),
            }
        }
        Some(Target::Module(at))
    }

    fn child(&self, module: &Name, name: &str) -> Option<Name> {
        let child = [&module[..], &[name.to_owned()]].concat();
        self.modules.contains_key(&child).then_some(child)
    }
}

/// Returns nodes that lead from one to the next and back to the first, if there are any.
pub(crate) fn circle<T: Clone + Ord>(edges: &BTreeMap<T, BTreeSet<T>>) -> Option<Vec<T>> {
    let mut done = BTreeSet::new();
    edges.keys().find_map(|node| circle_from(node, edges, &mut Vec::new(), &mut done))
}

fn circle_from<T: Clone + Ord>(
    node: &T,
    edges: &BTreeMap<T, BTreeSet<T>>,
    way: &mut Vec<T>,
    done: &mut BTreeSet<T>,
) -> Option<Vec<T>> {
    if let Some(start) = way.iter().position(|visited| visited == node) {
        return Some(way[start..].to_vec());
    }
    if !done.insert(node.clone()) {
        return None;
    }
    way.push(node.clone());
    let found = edges.get(node).into_iter().flatten().find_map(|next| circle_from(next, edges, way, done));
    way.pop();
    found
}
