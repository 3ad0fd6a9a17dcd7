//! `manifest.json`: every file of a pack with hash, rows and control total, under one Merkle root.

use super::digest::{self, Hash};
use super::{EvidenceError, outputs};
use crate::report::{Period, RulesetRef};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub const PATH: &str = "manifest.json";
pub const SCHEMA: &str = "hourmatch/pack/1";

#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub schema: String,
    pub engine: String,
    pub synthetic: bool,
    pub time_zone_database: String,
    pub ruleset: RulesetRef,
    pub period: Period,
    /// Merkle root of the pack this one replaces.
    pub previous: Option<String>,
    pub files: Vec<Entry>,
    pub merkle_root: String,
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
    pub fn seal(mut self, files: &BTreeMap<String, Vec<u8>>) -> Self {
        self.files = files.iter().map(|(path, bytes)| Entry::of(path, bytes)).collect();
        self.merkle_root = hex::encode(self.root());
        self
    }

    /// The root also covers the manifest's own head, so no byte of it can change unseen.
    pub fn root(&self) -> Hash {
        let head = Self { files: Vec::new(), merkle_root: String::new(), ..self.clone() };
        let mut leaves = vec![digest::leaf(&head.to_bytes())];
        leaves.extend(self.files.iter().map(|f| digest::leaf(&serde_json::to_vec(f).unwrap_or_default())));
        digest::merkle_root(&leaves)
    }

    /// The one way this manifest is written.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    pub fn parse(bytes: &[u8]) -> Result<Self, EvidenceError> {
        serde_json::from_slice(bytes).map_err(|e| EvidenceError::malformed(PATH, e))
    }
}

impl Entry {
    pub fn of(path: &str, bytes: &[u8]) -> Self {
        let table = path.ends_with(".csv") && !path.starts_with("inputs/received/");
        Self {
            path: path.into(),
            sha256: digest::sha256_hex(bytes),
            bytes: bytes.len() as u64,
            rows: table.then(|| bytes.iter().filter(|b| **b == b'\n').count().saturating_sub(1) as u64),
            control_total_wh: if table { outputs::control_total(path, bytes) } else { None },
        }
    }
}
