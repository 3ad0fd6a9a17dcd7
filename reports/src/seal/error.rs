//! Why a pack is not made, or not read.

use thiserror::Error;

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
