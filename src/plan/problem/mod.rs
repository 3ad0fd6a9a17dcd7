//! A snapshot as the solver's problem, and what had to be left out of it.

mod batch;
mod expected;
mod formulate;
mod later;
mod limits;
mod order;
mod stated;
mod steady;
pub(in crate::plan) mod supply;
pub(in crate::plan) mod target;
mod training;
mod window;

pub use expected::EXPECTED;
pub use formulate::{bounds, state};
pub use stated::{Shape, Stated, negligible_mwh};
pub(in crate::plan) use steady::starts_of;
