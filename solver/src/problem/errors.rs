//! Why a problem is refused.

use thiserror::Error;

#[derive(Debug, Clone, PartialEq, Error)]
pub enum ProblemError {
    #[error("{what} has {found} values, expected {expected}")]
    Length { what: String, found: usize, expected: usize },
    #[error("{what} is {value} at position {at}, expected {expected}")]
    Value { what: String, at: usize, value: f64, expected: &'static str },
    #[error("{what} refers to number {index}, of which there are only {count}")]
    Index { what: String, index: usize, count: usize },
    #[error("{what}: {why}")]
    Shape { what: String, why: String },
}
