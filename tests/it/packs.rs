//! Packs in memory: read, altered, sealed again.

use reports::evidence::files::{self, Sink};
use reports::evidence::manifest::{Entry, Manifest};
use reports::evidence::tally::Tally;
use reports::evidence::{inputs_files, sound, tables};
use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// The files of a pack by path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files(pub BTreeMap<String, Vec<u8>>);

impl files::Files for Files {
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
    let sealed = Manifest { signature: None, ..old }.seal(entries).expect("JSON");
    files.insert("manifest.json".into(), sealed.to_bytes().expect("JSON"));
    files
}

/// Every computed table and the manifest, made anew from altered inputs with the product's own code, as a forger would
/// who has it. Where no figures can be made of them, they are only sealed.
pub fn remade(mut files: BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<u8>> {
    let old = Manifest::parse(&files["manifest.json"]).expect("manifest");
    let Ok(inputs) = inputs_files::read(&Files(files.clone())) else { return reseal(files) };
    // A forger would run out of memory over as many as this.
    if sound::findings(&inputs, old.format()).iter().any(|finding| finding.what.contains(" intervals")) {
        return reseal(files);
    }
    // Some inputs are such that only the verifier's checks keep them from being computed.
    let computed = catch_unwind(AssertUnwindSafe(|| reports::report::compute(&inputs)));
    let Ok(Ok(computed)) = computed else { return reseal(files) };
    let mut fresh = Fresh::default();
    let Ok(root) = tables::write(old.format(), &inputs, &computed, &mut fresh) else { return reseal(files) };
    files.extend(fresh.0);
    let report = computed.report;
    let manifest = Manifest {
        portfolio: Some(report.name),
        as_of: report.as_of,
        synthetic: report.synthetic,
        ruleset: report.ruleset,
        period: report.period,
        version: report.version,
        previous: report.replaces,
        site_intervals_root: hex::encode(root),
        ..old
    };
    files.insert("manifest.json".into(), manifest.to_bytes().expect("JSON"));
    reseal(files)
}

/// Tables in memory.
#[derive(Default)]
struct Fresh(BTreeMap<String, Vec<u8>>);

struct Open(String, Vec<u8>);

impl Sink for Fresh {
    type File = Open;

    fn create(&mut self, path: &str) -> io::Result<Open> {
        Ok(Open(path.into(), Vec::new()))
    }

    fn close(&mut self, file: Open) -> io::Result<()> {
        self.0.insert(file.0, file.1);
        Ok(())
    }
}

impl Write for Open {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.1.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
