//! Valid input to start from: every fixture, and packs made of them.

use crate::forgeries::Pack;
use crate::packs::Files;
use reports::evidence::archive;
use std::path::{Path, PathBuf};

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// One fixture by its path.
pub fn fixture(path: &str) -> Vec<u8> {
    std::fs::read(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// Every fixture of a name, in the order of their paths.
pub fn fixtures(name: &str) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    let mut open = vec![root()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).expect("fixtures") {
            let path = entry.expect("entry").path();
            if path.is_dir() {
                open.push(path);
            } else if path.file_name().is_some_and(|file| file == name) {
                found.push(path);
            }
        }
    }
    found.sort();
    found.iter().map(|path| std::fs::read(path).expect("fixture")).collect()
}

/// A pack as one archive.
pub fn honest_archive(pack: &Pack) -> Vec<u8> {
    let (mut tar, mut squeezed) = (Vec::new(), Vec::new());
    archive::tar(&Files(pack.clone()), &|path| Ok(pack[path].len() as u64), &mut tar).expect("memory");
    archive::squeeze(tar.as_slice(), &mut squeezed).expect("memory");
    squeezed
}

/// The exports in a folder of fixtures, in the order of their paths.
pub fn fixtures_below(folder: &str) -> Vec<Vec<u8>> {
    let entries = std::fs::read_dir(root().join(folder)).expect("fixtures").flatten();
    let is_export = |path: &PathBuf| path.file_name().is_some_and(|file| file.to_string_lossy().starts_with("export"));
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(is_export).collect();
    found.sort();
    found.iter().map(|path| std::fs::read(path).expect("fixture")).collect()
}
