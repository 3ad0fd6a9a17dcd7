//! Answers schedulers from the stored plan and reservations: when to run, and what running then costs.
//!
//! The hot path of schedulers. It never blocks a job: without a plan, or with a stale one, it still answers
//! and says that it fell back. Asking writes nothing; a reservation takes its room in one transaction.
//!
//! Architecture Invariant: nothing here knows a rule of the planner by name. What may be promised is what the plan's rows
//! leave (`plan::bounds`), less what was reserved and reported since (`since`).

pub mod answer;
pub mod capacity;
mod common;
pub mod curve;
pub mod desk;
pub mod draw;
pub mod fallback;
pub mod local_day;
pub mod pools;
pub mod rank;
pub mod reserve;
mod since;
pub mod site;

pub use answer::{Answer, Window, answer};
pub use capacity::beside;
pub use desk::Desk;
pub use draw::{Ask, Draw};
pub use reserve::Reserved;
