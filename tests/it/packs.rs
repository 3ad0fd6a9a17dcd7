//! Packs in memory: read, altered, sealed again.

use reports::evidence::manifest::{Entry, Manifest};
use reports::evidence::tally::Tally;
use reports::evidence::verify;
use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};
use std::path::Path;

/// The files of a pack by path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files(pub BTreeMap<String, Vec<u8>>);

impl verify::Files for Files {
    fn paths(&self) -> io::Result<Vec<String>> {
        Ok(self.0.keys().cloned().collect())
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn BufRead + '_>> {
        match self.0.get(path) {
            Some(bytes) => Ok(Box::new(bytes.as_slice())),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }
}

/// Every file below a folder.
pub fn at_path(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut open = vec![dir.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).expect("folder") {
            let path = entry.expect("entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(dir).expect("below").to_string_lossy().into_owned();
                files.insert(name, std::fs::read(&path).expect("file"));
            }
        }
    }
    files
}

fn entry(path: &str, bytes: &[u8]) -> Entry {
    let mut tally = Tally::new(path, io::sink());
    tally.write_all(bytes).expect("memory");
    tally.finish().expect("memory").0
}

/// A new manifest over altered files, as a forger would make it; nobody's signature stays.
pub fn reseal(mut files: BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<u8>> {
    let manifest = files.remove("manifest.json").expect("manifest");
    let entries = files.iter().map(|(path, bytes)| entry(path, bytes)).collect();
    let old = Manifest::parse(&manifest).expect("manifest");
    let sealed = Manifest { signature: None, ..old }.seal(entries);
    files.insert("manifest.json".into(), sealed.to_bytes());
    files
}
