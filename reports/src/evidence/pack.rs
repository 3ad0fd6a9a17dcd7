//! Makes a pack: inputs as used, tables as computed, one manifest.

use super::manifest::{self, Manifest};
use super::{EvidenceError, outputs, readings};
use crate::definitions::Definitions;
use crate::inputs::Inputs;
use crate::report::Report;
use crate::time::{Interval, zone};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

pub const BOOKS: &str = "inputs/books.json";
pub const RULESET: &str = "inputs/ruleset.toml";
pub const FACTORS: &str = "inputs/factors.csv";
pub const RECEIVED: &str = "inputs/received/";

/// `inputs/books.json`.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct PackedBooks {
    pub definitions: Definitions,
    pub period: Interval,
    /// Fuels each area normally reports: an hour without one of them is void.
    pub fuels: BTreeMap<String, Vec<String>>,
    pub as_of: Option<String>,
}

/// Every file of a pack by its path, `manifest.json` among them.
#[derive(Debug, Clone)]
pub struct Pack {
    pub files: BTreeMap<String, Vec<u8>>,
    pub root: String,
    pub report: Report,
}

/// `received` holds the files the readings came from, by SHA-256.
pub fn make(
    inputs: &Inputs,
    received: &BTreeMap<String, Vec<u8>>,
    engine: &str,
    previous: Option<String>,
) -> Result<Pack, EvidenceError> {
    let (report, mut files) = outputs::compute(inputs)?;
    let books = PackedBooks {
        definitions: inputs.definitions.clone(),
        period: inputs.period,
        fuels: inputs.fuels.clone(),
        as_of: inputs.as_of.clone(),
    };
    let mut json = serde_json::to_vec_pretty(&books).map_err(|e| EvidenceError::malformed(BOOKS, e))?;
    json.push(b'\n');
    files.insert(BOOKS.into(), json);
    files.insert(RULESET.into(), inputs.ruleset_text.clone().into_bytes());
    files.insert(FACTORS.into(), inputs.factors.to_csv().into_bytes());
    files.insert(readings::PATH.into(), readings::write(inputs).into_bytes());
    let used: BTreeSet<i64> = inputs.series.values().flatten().map(|p| p.revision).collect();
    for revision in used.iter().filter_map(|id| inputs.revisions.get(id)) {
        let bytes = received.get(&revision.file_sha256).ok_or_else(|| EvidenceError::MissingReceived {
            name: revision.file_name.clone(),
            sha256: revision.file_sha256.clone(),
        })?;
        files.insert(format!("{RECEIVED}{}", revision.file_sha256), bytes.clone());
    }
    let manifest = Manifest {
        schema: manifest::SCHEMA.into(),
        engine: engine.into(),
        synthetic: inputs.definitions.synthetic,
        time_zone_database: zone::database_version().into(),
        ruleset: report.ruleset.clone(),
        period: report.period.clone(),
        previous,
        files: Vec::new(),
        merkle_root: String::new(),
    }
    .seal(&files);
    let root = manifest.merkle_root.clone();
    files.insert(manifest::PATH.into(), manifest.to_bytes());
    Ok(Pack { files, root, report })
}
