//! Asks providers for data that is due or missing, one pass after another; each pass becomes one revision or nothing.
//!
//! Questions and answers are pure ([`reports::received::providers`]); this room asks, waits and stores the answers.

pub mod asking;
pub mod backfill;
pub mod client;
mod credential;
pub mod failure;
pub mod follow;
pub mod gaps;
pub mod gather;
pub mod pace;
pub mod rank;
pub mod schedule;
pub mod status;
pub mod tally;
mod under_way;
