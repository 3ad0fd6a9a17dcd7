//! Plans without a solver. `as_submitted` is the baseline; `greedy` places divisible work and improves the result
//! (`refine`, `state`, a bound by `lagrange`); `unsolved` turns both into outcomes; `repair` and `previous` start from an
//! existing plan.

mod as_submitted;
mod greedy;
mod lagrange;
mod previous;
mod refine;
mod repair;
mod state;
pub(crate) mod unsolved;

pub(crate) use as_submitted::Room;
pub use as_submitted::{Decisions, as_submitted, asap};
pub(crate) use previous::continue_previous;
pub use previous::instead_of;
pub use previous::plan::{PreviousPlan, PreviousStep};
pub use repair::repair;
pub(crate) use unsolved::Stopped;
pub use unsolved::{baseline, greedy, price};
