//! The planning LP of hourmatch: state it, solve it, certify it, explain it.
//!
//! Pure: no clock, no I/O, no async, no environment; only `HighsBackend::solve_logged` has HiGHS write, where it is told
//! to. The way through:
//! `Problem` -> `model::rules` -> `LinearModel` -> `exact::Backend` -> `certify` -> `Outcome`. Where that is cut short,
//! `heuristic` plans without it, or takes a previous plan on. Rooms use only those before them: `problem`, `outcome`,
//! `check` and `model`, `heuristic`, `interior`, `gangs`, `exact`. `progress`, which uses none, is how far a solve is.
//!
//! Architecture Invariant: no backend is trusted. Every plan passes
//! `certify`, which knows no solver, and a second check that knows no LP.

mod check;
mod exact;
mod gangs;
mod heuristic;
mod interior;
mod model;
mod outcome;
mod problem;
mod progress;

pub use check::check_plan;
pub use exact::{
    Backend, BackendError, Earlier, HighsBackend, Limits, Placed, SearchRow, StructuredBackend, continue_previous,
    model, relaxed_model, search_row, size, solve, solve_from, solve_with,
};
pub use heuristic::{
    Decisions, PreviousPlan, PreviousStep, as_submitted, asap, baseline, greedy, instead_of, price, repair,
};
pub use interior::Eliminate;
pub use model::{
    Certificate, Coefficient, Column, ColumnKind, Duals, Entry, Evaluation, Fit, Free, Keys, LinearModel, Of, Part,
    RawSolution, RawStatus, Room, Row, RowKind, bounds, certify, evaluate, free, violations, write_mps,
};
pub use outcome::{
    CertifyError, Cost, JobOutcome, Kind, Outcome, Overload, Placement, Reason, RunOutcome, RunStep, Searched,
    SolveError, Status, StorageOutcome, codes,
};
pub use problem::{
    Account, After, Allowance, Before, Boundary, Checkpoint, Class, Contract, DemandCharge, Draw, Event, Gpus, Job,
    Later, Limit, Metric, Piece, Pin, Policy, Pool, Prior, PriorStart, PriorState, Problem, ProblemError, Ramp, Run,
    Scope, Settlement, Site, Start, Storage, Target, Utilisation, Work,
};
pub use progress::{Progress, Seen, Stage};
