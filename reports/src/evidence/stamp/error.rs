//! Why an answer is no time-stamp that holds.

use thiserror::Error;

#[derive(Debug, Error, PartialEq, Eq)]
pub enum StampError {
    #[error("it is not an answer to a time-stamp query: {0}")]
    Malformed(&'static str),
    #[error("the authority gave no time-stamp (status {status}{message})")]
    Refused { status: i64, message: String },
    #[error("it stamps {found}, not this pack's root")]
    OtherRoot { found: String },
    #[error("its signature does not hold: {0}")]
    Signature(String),
    #[error("its certificate leads to none of the authorities given: {0}")]
    Chain(String),
    #[error("the authorities given are no certificates: {0}")]
    Authorities(String),
}
