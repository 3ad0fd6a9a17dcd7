//! Evidence packs: everything a report was computed from, what came out, and the check of it.

pub mod archive;
pub mod compare;
pub mod compared;
pub mod folder;
pub mod format;
pub mod inputs_digest;
pub mod inputs_files;
pub mod interval_factors;
pub mod manifest;
pub mod merkle;
pub mod overlapping;
pub mod pack;
pub mod previous;
pub mod proof;
pub mod readings;
pub mod said;
pub mod sign;
pub mod site_hours;
pub mod sound;
pub mod stamp;
pub mod tables;
pub mod tally;
pub mod verdict;
pub mod verify;

pub use crate::digest;

use thiserror::Error;

#[derive(Debug, Error)]
pub enum EvidenceError {
    #[error("{path}: {what}")]
    Malformed { path: String, what: String },
    #[error(transparent)]
    Io(#[from] std::io::Error),
    #[error(transparent)]
    Report(#[from] crate::report::ReportError),
    #[error("the received file {name} (sha256 {sha256}) is not in the store")]
    MissingReceived { name: String, sha256: String },
}

impl EvidenceError {
    pub(crate) fn malformed(path: &str, what: impl ToString) -> Self {
        Self::Malformed { path: path.into(), what: what.to_string() }
    }
}
