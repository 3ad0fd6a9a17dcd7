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
mod certify;
mod check;
mod costs;
mod duals;
mod early;
mod explain;
mod free;
mod greedy;
mod integers;
mod keys;
mod lagrange;
mod model;
mod mps;
mod objective;
mod outcome;
mod problem;
mod readout;
mod refine;
mod repair;
mod report;
mod room;
mod rules;
mod solve;
mod state;
mod taps;
mod terms;
mod unsolved;
mod violations;

pub use backend::{Backend, BackendError, HighsBackend, RawSolution, RawStatus};
pub use carry::{Earlier, EarlierStep, carry, instead_of};
pub use certify::{Certificate, certify};
pub use check::check_plan;
pub use duals::Duals;
pub use early::{Early, asap, early};
pub use free::{Free, Of, Tap, free};
pub use keys::Keys;
pub use model::{Column, ColumnKind, Entry, LinearModel, Part, Row, RowKind};
pub use mps::write_mps;
pub use objective::{Evaluation, evaluate};
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
pub use room::{Fit, Room};
pub use solve::{Limits, greedy, model, relaxed_model, size, solve, solve_from, solve_with};
pub use unsolved::{do_nothing, price};
pub use violations::violations;
