//! The planning LP of hourmatch: state it, solve it, certify it, explain it.
//!
//! Pure: no clock, no I/O, no async, no environment. The way through:
//! `Problem` -> `rules` -> `LinearModel` -> `Backend` -> `certify` -> `Outcome`.
//!
//! Architecture Invariant: nothing a backend says is believed. Every plan passes
//! `certify`, which knows no solver, and a second check that knows no LP.

pub mod backend;
mod baseline;
mod certify;
mod check;
mod duals;
mod explain;
mod greedy;
mod keys;
mod lagrange;
mod model;
mod mps;
mod objective;
mod outcome;
mod problem;
mod refine;
mod report;
mod rules;
mod solve;
mod state;
mod terms;

pub use backend::{Backend, BackendError, HighsBackend, RawSolution, RawStatus};
pub use baseline::asap;
pub use certify::{Certificate, CertifyError, certify};
pub use check::check_plan;
pub use duals::Duals;
pub use keys::Keys;
pub use model::{Column, ColumnKind, Entry, LinearModel, Row, RowKind};
pub use mps::write_mps;
pub use objective::{Evaluation, evaluate};
pub use outcome::{Outcome, Overload, Placement, Reason, Status};
pub use problem::{
    Allowance, Boundary, Contract, Later, Metric, Policy, Problem, ProblemError, Scope, Settlement, Site, Target, Work,
};
pub use solve::{Limits, SolveError, greedy, model, size, solve, solve_with};
