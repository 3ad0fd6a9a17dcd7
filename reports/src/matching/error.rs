//! Why nothing can be matched.

use thiserror::Error;

#[derive(Debug, Error, PartialEq, Eq)]
pub enum MatchingError {
    #[error(
        "contracts {a} and {b}: their site lists overlap, and neither contains the other; nest them or keep them apart"
    )]
    SitesCross { a: String, b: String },
    #[error("matching broke its own rule: {0}. This is a defect: no report is made")]
    Invariant(String),
    #[error("energy sums past 2^63-1 Wh in boundary {0}")]
    Overflow(String),
}
