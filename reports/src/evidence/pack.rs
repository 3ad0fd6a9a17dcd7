//! Makes a pack: inputs as used, tables as computed, one manifest.

use super::files::Sink;
use super::layout::RECEIVED;
use super::tally::Tally;
use super::{inputs_files, tables};
use crate::inputs::Inputs;
use crate::report::Computed;
use crate::seal::EvidenceError;
use crate::seal::format::Format;
use crate::seal::manifest::{self, Entry, Manifest};
use crate::seal::sign::SecretKey;
use crate::time::zone;
use std::io::{self, BufWriter, Write};

/// Where a pack is written: a folder, or anything that takes files by path.
pub trait Target {
    fn create(&mut self, path: &str) -> io::Result<Box<dyn Write>>;
}

/// Copies a received file, by its SHA-256, to where it is asked for.
pub type Received<'a> = &'a mut dyn FnMut(&str, &mut dyn Write) -> Result<(), EvidenceError>;

/// Files of a pack as they are written, each with its entry.
struct Making<'a> {
    target: &'a mut dyn Target,
    entries: Vec<Entry>,
}

impl Sink for Making<'_> {
    type File = Tally<BufWriter<Box<dyn Write>>>;

    fn create(&mut self, path: &str) -> io::Result<Self::File> {
        Ok(Tally::new(path, BufWriter::with_capacity(1 << 18, self.target.create(path)?)))
    }

    fn close(&mut self, file: Self::File) -> io::Result<()> {
        let (entry, _) = file.finish()?;
        self.entries.push(entry);
        Ok(())
    }
}

/// Writes a pack and returns its manifest. Same inputs, same bytes: the signature is deterministic too.
pub fn write(
    inputs: &Inputs,
    computed: &Computed,
    received: Received<'_>,
    target: &mut dyn Target,
    engine: &str,
    key: Option<&SecretKey>,
) -> Result<Manifest, EvidenceError> {
    let mut making = Making { target, entries: Vec::new() };
    inputs_files::write(inputs, &mut making)?;
    // Each file once, under its hash, however many revisions took it.
    for sha256 in inputs_files::received(inputs) {
        let mut file = making.create(&format!("{RECEIVED}{sha256}"))?;
        received(sha256, &mut file)?;
        making.close(file)?;
    }
    let site_intervals_root = tables::write(Format::NEWEST, inputs, computed, &mut making)?;
    let Making { target, entries } = making;
    let report = &computed.report;
    let mut manifest = Manifest {
        schema: manifest::SCHEMA.into(),
        engine: engine.into(),
        synthetic: report.synthetic,
        portfolio: Some(report.name.clone()),
        as_of: report.as_of,
        time_zone_database: zone::database_version().into(),
        ruleset: report.ruleset.clone(),
        period: report.period.clone(),
        version: report.version,
        previous: report.replaces.clone(),
        site_intervals_root: hex::encode(site_intervals_root),
        files: Vec::new(),
        merkle_root: String::new(),
        signature: None,
    }
    .seal(entries)?;
    let root = manifest.root()?;
    manifest.signature = key.map(|key| key.sign(&root));
    let mut file = target.create(manifest::PATH)?;
    file.write_all(&manifest.to_bytes()?)?;
    file.flush()?;
    Ok(manifest)
}
