//! Plans without a solver. `early` is the work as submitted, `greedy` places divisible work and improves it (`refine`,
//! `state`, a bound by `lagrange`), `unsolved` makes outcomes of both; `repair` and `carry` take on plans there are.

mod carry;
mod early;
mod greedy;
mod lagrange;
mod refine;
mod repair;
mod state;
mod stopped;
pub(crate) mod unsolved;

pub(crate) use carry::carry;
pub use carry::earlier::{Earlier, EarlierStep};
pub use carry::instead_of;
pub use early::{Early, asap, early};
pub use repair::repair;
pub(crate) use stopped::Stopped;
pub use unsolved::{do_nothing, price};
