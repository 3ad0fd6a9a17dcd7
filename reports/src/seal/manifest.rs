//! `manifest.json`: every file of a pack with hash, rows and control total, under one Merkle root.

use super::format::Format;
use super::sign::Signature;
use crate::definitions::limits;
use crate::digest::{self, Hash};
use crate::ruleset::Headline;
use crate::text::clip;
use crate::time::Instant;
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub const PATH: &str = "manifest.json";
pub const SCHEMA: &str = Format::NEWEST.name();

/// Why a pack is not made, or not read.
#[derive(Debug, Error)]
pub enum EvidenceError {
    #[error("{path}: {what}")]
    Malformed { path: String, what: String },
    #[error(transparent)]
    Io(#[from] std::io::Error),
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    #[error("the received file {name} (sha256 {sha256}) is not in the store")]
    MissingReceived { name: String, sha256: String },
}

impl EvidenceError {
    pub(crate) fn malformed(path: &str, what: impl ToString) -> Self {
        Self::Malformed { path: path.into(), what: what.to_string() }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub schema: String,
    pub engine: String,
    pub synthetic: bool,
    /// The portfolio's name; not in format 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub portfolio: Option<String>,
    /// Record time asked for, where one was; not in format 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Instant>,
    pub time_zone_database: String,
    pub ruleset: RulesetRef,
    pub period: Period,
    pub version: u32,
    /// Merkle root of the pack this one replaces.
    pub previous: Option<String>,
    /// Merkle root over site-hours: one leaf is a row of `site_intervals.csv` and its rows of `allocations.csv`.
    pub site_intervals_root: String,
    pub files: Vec<Entry>,
    pub merkle_root: String,
    /// Over the root.
    pub signature: Option<Signature>,
}

#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct Period {
    pub start: Instant,
    pub end: Instant,
    pub intervals: usize,
}

#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct RulesetRef {
    pub id: String,
    pub version: String,
    pub title: String,
    /// The score put first.
    pub headline: Headline,
    pub sha256: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub path: String,
    pub sha256: String,
    pub bytes: u64,
    /// Data rows of a table, none for other files.
    pub rows: Option<u64>,
    /// Sum of the table's energy column in Wh.
    pub control_total_wh: Option<String>,
}

impl Manifest {
    /// Lists the files and seals them under a root.
    ///
    /// # Errors
    /// As of [`Manifest::to_bytes`], here and below: what JSON cannot hold is not hashed as if it were nothing.
    pub fn seal(mut self, mut files: Vec<Entry>) -> serde_json::Result<Self> {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        self.files = files;
        self.merkle_root = hex::encode(self.root()?);
        Ok(self)
    }

    /// What the first leaf hashes: everything but the files, the root and its signature.
    pub fn head_bytes(&self) -> serde_json::Result<Vec<u8>> {
        let head = Self { files: Vec::new(), merkle_root: String::new(), signature: None, ..self.clone() };
        head.to_bytes()
    }

    /// Leaves under the root: the head, then each entry.
    pub fn leaves(&self) -> serde_json::Result<Vec<Hash>> {
        let mut leaves = vec![digest::leaf(&self.head_bytes()?)];
        for file in &self.files {
            leaves.push(digest::leaf(&digest::canonical_json(file)?));
        }
        Ok(leaves)
    }

    /// The root also covers the manifest's own head, so no byte of it can change unseen.
    pub fn root(&self) -> serde_json::Result<Hash> {
        Ok(digest::merkle_root(&self.leaves()?))
    }

    /// The one way this manifest is written.
    ///
    /// # Errors
    /// A manifest that JSON cannot hold.
    pub fn to_bytes(&self) -> serde_json::Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// The manifest of an earlier pack, carried in these bytes and named by a root, and what does not hold of it; `other`
    /// says that its own root is another.
    pub fn carried(bytes: &[u8], named: &str, other: &str) -> Result<(Self, Vec<String>), EvidenceError> {
        let carried = Self::parse(bytes)?;
        let root = carried.root()?;
        let mut faults = Vec::new();
        if carried.to_bytes()? != bytes {
            faults.push("is not written the way packs are: bytes were changed".to_string());
        }
        if hex::encode(root) != named || carried.merkle_root != named {
            faults.push(other.to_string());
        }
        if let Some(signature) = carried.signature.as_ref().filter(|signature| signature.check(&root).is_err()) {
            faults.push(format!("the signature by {} does not hold for its root", signature.key));
        }
        Ok((carried, faults))
    }

    pub fn parse(bytes: &[u8]) -> Result<Self, EvidenceError> {
        #[derive(Deserialize)]
        struct Head {
            schema: String,
        }
        let malformed = |e: serde_json::Error| EvidenceError::malformed(PATH, e);
        let head: Head = serde_json::from_slice(bytes).map_err(malformed)?;
        if Format::parse(&head.schema).is_none() {
            let (schema, known) = (clip(&head.schema), Format::V2.name());
            let what = format!("schema `{schema}` is not {SCHEMA} or {known}: check it with a verifier that knows it");
            return Err(EvidenceError::malformed(PATH, what));
        }
        let manifest: Self = serde_json::from_slice(bytes).map_err(malformed)?;
        if manifest.files.len() > limits::FILES {
            let what = format!("lists {} files, more than a pack has, {}", manifest.files.len(), limits::FILES);
            return Err(EvidenceError::malformed(PATH, what));
        }
        Ok(manifest)
    }

    /// The format that its schema names.
    pub fn format(&self) -> Format {
        Format::parse(&self.schema).unwrap_or(Format::NEWEST)
    }

    pub fn entry(&self, path: &str) -> Option<&Entry> {
        self.files.iter().find(|entry| entry.path == path)
    }
}
