//! Plans by a solver: `solve` is the sequence of solves, `integers` the integer search, `linear` one linear model,
//! `read` its certified answer; `fixed` solves all but integers. Solvers stand behind `backend`: `highs`, and `structured` for divisible
//! work by the thousand; `plain` says why a large problem is left to the former. `highs_log` reads what HiGHS logs of a search.

mod again;
mod backend;
mod fixed;
mod gangs;
mod highs;
mod highs_log;
mod integers;
mod plain;
mod previous;
mod read;
mod solve;
mod structured;

pub use backend::{Backend, BackendError, Earlier, Limits, Placed};
pub use highs::HighsBackend;
pub use highs_log::{SearchRow, search_row};
pub use previous::continue_previous;
pub use solve::{model, relaxed_model, size, solve, solve_from, solve_with};
pub use structured::StructuredBackend;
