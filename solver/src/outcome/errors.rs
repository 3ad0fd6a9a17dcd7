//! Why there is no outcome: a problem that is refused, or an answer.

use crate::problem::ProblemError;
use thiserror::Error;

#[derive(Debug, Clone, PartialEq, Error)]
pub enum SolveError {
    #[error("the problem is refused: {0}")]
    Problem(#[from] ProblemError),
    /// Nor does the plan without a solver keep them.
    #[error("no plan keeps every limit and pin")]
    Infeasible,
    /// Nor does the plan without a solver keep every limit and pin.
    #[error("the time limit ended the solve before a plan was found")]
    OutOfTime,
    #[error("the solver's answer is refused: {0}")]
    Refused(#[from] CertifyError),
}

#[derive(Debug, Clone, PartialEq, Error)]
pub enum CertifyError {
    #[error("the answer has {found} {what}, the model {expected}")]
    Length { what: &'static str, found: usize, expected: usize },
    #[error("{what} is {value}, not a finite number")]
    NotFinite { what: String, value: f64 },
    #[error("column {column} = {value} lies outside its bounds {lower} to {upper}")]
    Bound { column: String, value: f64, lower: f64, upper: f64 },
    #[error("column {column} = {value} is not an integer")]
    NotInteger { column: String, value: f64 },
    #[error("row {row} = {value} lies outside its limits {lower} to {upper}")]
    Row { row: String, value: f64, lower: f64, upper: f64 },
    #[error("the claimed objective {claimed} is not the {actual} its columns cost")]
    Objective { claimed: f64, actual: f64 },
    #[error("the claimed bound {claimed} exceeds the objective {objective}")]
    BoundAboveObjective { claimed: f64, objective: f64 },
    #[error("optimality is claimed at bound {claimed}, but the duals prove only {proved}")]
    BoundNotProved { claimed: f64, proved: f64 },
    #[error("the plan breaks the problem: {what}, {value} against {limit}")]
    Plan { what: String, value: f64, limit: f64 },
}
