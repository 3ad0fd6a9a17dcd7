//! Stored plan and reservations to answers: when to run, and what running then costs.
//!
//! The hot path of schedulers. It never blocks a job: without a plan, or with a stale one, it still answers
//! and says that it fell back.

pub mod answer;
pub mod capacity;
pub mod curve;
pub mod draw;
pub mod fallback;
pub mod headroom;
pub mod local_day;
pub mod pools;
pub mod rank;
pub mod reserve;

pub use answer::{Answer, Ask, Window, answer};
pub use draw::Draw;
