//! The problem as a linear program, some columns integers: its columns and rows (`linear`), where they stand (`keys`),
//! what is derived from the problem once (`terms`), and the rules that state it (`rules`). `read` makes an outcome of a
//! solution, `certify` checks a solution without knowing any solver, and `free` is what a plan leaves of every bound.

pub mod bounds;
mod certify;
mod free;
mod given;
mod hold;
mod keys;
mod linear;
mod mps;
pub mod objective;
pub mod read;
mod room;
pub mod rules;
pub mod terms;

pub use certify::{Certificate, RawSolution, RawStatus, certify};
pub(crate) use certify::{certify_with, keeps, lagrangian_bound, proved, reduced_costs, usable};
pub use free::{Coefficient, Free, Of, free};
pub(crate) use given::{Starts, StorageIntegers};
pub use keys::{Keys, WorkKeys};
pub(crate) use linear::anywhere;
pub use linear::{Column, ColumnKind, Entry, LinearModel, Part, Row, RowKind};
pub use mps::write_mps;
pub use objective::{Evaluation, evaluate};
pub use read::duals::Duals;
pub use room::{Fit, Room};
pub use rules::violations;
pub use terms::Terms;
