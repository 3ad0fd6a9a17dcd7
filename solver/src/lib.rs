//! The planning LP of hourmatch: state it, solve it, certify it, explain it.
//!
//! Pure: no clock, no I/O, no async, no environment. The way through:
//! `Problem` -> `rules` -> `LinearModel` -> `Backend` -> `certify` -> `Outcome`. Where that is cut short, `unsolved` plans
//! without it, and `carry` takes an earlier plan on.
//!
//! Architecture Invariant: nothing a backend says is believed. Every plan passes
//! `certify`, which knows no solver, and a second check that knows no LP.

pub mod backend;
mod carry;
mod check;
mod early;
mod greedy;
mod integers;
mod lagrange;
mod model;
mod outcome;
mod problem;
mod refine;
mod repair;
mod solve;
mod state;
mod unsolved;

pub use backend::{Backend, BackendError, HighsBackend};
pub use carry::{Earlier, EarlierStep, carry, instead_of};
pub use check::check_plan;
pub use early::{Early, asap, early};
pub use model::{
    Certificate, Column, ColumnKind, Duals, Entry, Evaluation, Fit, Free, Keys, LinearModel, Of, Part, RawSolution,
    RawStatus, Room, Row, RowKind, Tap, certify, evaluate, free, violations, write_mps,
};
pub use outcome::{
    CertifyError, Cost, JobOutcome, Kind, Outcome, Overload, Placement, Reason, RunOutcome, RunStep, SolveError,
    Status, StorageOutcome,
};
pub use problem::{
    Account, After, Allowance, Before, Boundary, Checkpoint, Class, Contract, DemandCharge, Draw, Event, Gpus, Job,
    Later, Limit, Metric, Piece, Pin, Policy, Pool, Prior, PriorStart, PriorState, Problem, ProblemError, Ramp, Run,
    Scope, Settlement, Site, Start, Storage, Target, Utilisation, Work,
};
pub use repair::repair;
pub use solve::{Limits, greedy, model, relaxed_model, size, solve, solve_from, solve_with};
pub use unsolved::{do_nothing, price};
