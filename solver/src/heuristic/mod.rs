//! Plans without a solver. `as_submitted` is the baseline, `greedy` places divisible work and improves it (`refine`,
//! `state`, a bound by `lagrange`), `unsolved` makes outcomes of both; `repair` and `previous` take on plans there are.

mod as_submitted;
mod greedy;
mod lagrange;
mod previous;
mod refine;
mod repair;
mod state;
mod stopped;
pub(crate) mod unsolved;

pub(crate) use as_submitted::Room;
pub use as_submitted::{Decisions, as_submitted, asap};
pub(crate) use previous::continue_previous;
pub use previous::instead_of;
pub use previous::plan::{PreviousPlan, PreviousStep};
pub use repair::repair;
pub(crate) use stopped::Stopped;
pub use unsolved::{baseline, price};
