//! Who imports whom, read from every file: no cycle between the files of a crate, and none between its rooms.
//!
//! A file imports another where it names something of it: in a `use`, or by a path that begins with `crate`, `self`, `super`
//! or a module it declares. Declaring one is no import, and tests do not count.

mod callers;
mod reader;
mod tokens;

use crate::support::root;
use reader::{Module, read};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;

/// Each crate, and the fewest rooms, files and imports there are of it: a reader that reads nothing fails.
const CRATES: [(&str, usize, usize, usize); 5] = [
    ("src", 5, 250, 1_000),
    ("ids/src", 3, 3, 2),
    ("solver/src", 5, 65, 300),
    ("reports/src", 5, 150, 700),
    ("reports/render/src", 5, 80, 250),
];

/// By file, whom it imports. The root is `lib`.
type Imports = BTreeMap<String, BTreeSet<String>>;

#[test]
fn no_cyclic_imports() {
    for (dir, fewest_rooms, fewest_files, fewest_imports) in CRATES {
        let files = imports(&files(&root().join(dir)));
        let count: usize = files.values().map(BTreeSet::len).sum();
        let enough = files.len() >= fewest_files && count >= fewest_imports;
        assert!(enough, "{dir}: {} files and {count} imports were read, and there are more", files.len());
        let rooms = rooms(&files);
        assert!(rooms.len() >= fewest_rooms && rooms.values().any(|others| !others.is_empty()), "{dir}: {rooms:?}");
        for (what, imports) in [("files", &files), ("rooms", &rooms)] {
            let cycles: Vec<String> = cycles(imports).iter().map(|cycle| cycle.join(" -> ")).collect();
            assert!(cycles.is_empty(), "{dir}: {what} import each other in a cycle:\n{}", cycles.join("\n"));
        }
    }
}

/// Follows the declarations of a crate from its root.
fn files(dir: &Path) -> BTreeMap<Module, BTreeSet<Module>> {
    let (mut files, mut waiting) = (BTreeMap::new(), vec![Module::new()]);
    while let Some(module) = waiting.pop() {
        let place = dir.join(module.join("/"));
        let path = if module.is_empty() { dir.join("lib.rs") } else { place.with_extension("rs") };
        let path = if path.exists() { path } else { place.join("mod.rs") };
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let read = read(&text, &module);
        waiting.extend(read.declared);
        files.insert(module, read.paths);
    }
    files
}

fn imports(files: &BTreeMap<Module, BTreeSet<Module>>) -> Imports {
    let name = |module: &[String]| if module.is_empty() { "lib".to_string() } else { module.join("::") };
    let imported = |file: &Module, path: &Module| {
        let whose = (0..=path.len()).rev().map(|len| &path[..len]).find(|module| files.contains_key(*module))?;
        (whose != file.as_slice()).then(|| name(whose))
    };
    files
        .iter()
        .map(|(file, paths)| (name(file), paths.iter().filter_map(|path| imported(file, path)).collect()))
        .collect()
}

/// The same between the modules of the crate's root, each with all below it.
fn rooms(imports: &Imports) -> Imports {
    let room = |file: &str| file.split("::").next().unwrap_or_default().to_string();
    let mut rooms = Imports::new();
    for (file, imported) in imports {
        let others = imported.iter().map(|other| room(other)).filter(|other| *other != room(file));
        rooms.entry(room(file)).or_default().extend(others);
    }
    rooms
}

/// Of each file in a cycle, but in none of those before, the shortest way round.
fn cycles(imports: &Imports) -> Vec<Vec<&str>> {
    let mut cycles: Vec<Vec<&str>> = Vec::new();
    for start in imports.keys() {
        if !cycles.iter().flatten().any(|file| file == start) {
            cycles.extend(shortest_cycle(imports, start));
        }
    }
    cycles
}

fn shortest_cycle<'a>(imports: &'a Imports, start: &'a str) -> Option<Vec<&'a str>> {
    let (mut ways, mut seen) = (VecDeque::from([vec![start]]), BTreeSet::new());
    while let Some(way) = ways.pop_front() {
        for next in imports.get(*way.last()?).into_iter().flatten() {
            let mut longer = way.clone();
            longer.push(next);
            if next == start {
                return Some(longer);
            }
            if seen.insert(next) {
                ways.push_back(longer);
            }
        }
    }
    None
}

#[test]
fn cycles_are_found_and_written_out() {
    let files = |texts: &[(&str, &str)]| {
        let module = |name: &str| name.split("::").filter(|part| *part != "lib").map(String::from).collect::<Module>();
        let read = |(name, text): &(&str, &str)| (module(name), read(text, &module(name)).paths);
        imports(&texts.iter().map(read).collect())
    };
    let written = |imports: &Imports| cycles(imports).iter().map(|c| c.join(" -> ")).collect::<Vec<_>>();
    // A parent that only declares imports nothing; one that re-exports does.
    let apart =
        files(&[("lib", "mod a;"), ("a", "mod b; mod c;"), ("a::b", "use super::c::C;"), ("a::c", "use crate::N;")]);
    assert_eq!(apart["a::b"].iter().collect::<Vec<_>>(), ["a::c"]);
    assert_eq!(apart["a::c"].iter().collect::<Vec<_>>(), ["lib"]);
    assert_eq!((written(&apart), written(&rooms(&apart))), (vec![], vec![]));
    let parent = files(&[("lib", ""), ("a", "mod b; pub use b::B;"), ("a::b", "use super::C;")]);
    assert_eq!((written(&parent), written(&rooms(&parent))), (vec!["a -> a::b -> a".to_string()], vec![]));
    // The shortest way round, and once for all files on it.
    let long = files(&[
        ("lib", ""),
        ("a", "use crate::{b, c};"),
        ("b", "use crate::c;"),
        ("c", "use crate::a;"),
        ("x", "use crate::y;"),
        ("y", "use crate::z;"),
        ("z", "use crate::{x, a};"),
    ]);
    assert_eq!(written(&long), ["a -> c -> a", "b -> c -> a -> b", "x -> y -> z -> x"]);
    // Two rooms may import each other where no file does.
    let rooms_only = files(&[("lib", ""), ("a", ""), ("a::b", "use crate::c;"), ("c", ""), ("c::d", "use crate::a;")]);
    assert_eq!(written(&rooms_only), Vec::<String>::new());
    assert_eq!(written(&rooms(&rooms_only)), ["a -> c -> a"]);
}
