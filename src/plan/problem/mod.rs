//! States a snapshot as the solver's problem, and reports what it had to leave out.

mod batch;
mod change_penalty;
mod formulate;
mod later;
mod limits;
mod order;
mod stated;
pub(in crate::plan) mod supply;
pub(in crate::plan) mod target;
mod training;
mod window;

pub(in crate::plan) use change_penalty::{Starts, starts_of};
pub use formulate::{bounds, formulate};
pub use stated::{EXPECTED, Shape, Stated, missed, negligible_mwh};
