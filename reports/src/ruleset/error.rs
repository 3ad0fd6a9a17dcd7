//! Why there is no ruleset.

use thiserror::Error;

#[derive(Debug, Error, PartialEq, Eq)]
pub enum RulesetError {
    #[error("no ruleset `{asked}`; there are {known}")]
    Unknown { asked: String, known: String },
    #[error("ruleset: {0}")]
    Malformed(String),
    #[error("ruleset `{id}`: {what}")]
    Unsupported { id: String, what: String },
}
