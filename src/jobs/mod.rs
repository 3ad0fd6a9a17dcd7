//! What runs on time: when, and what.

pub mod plan_day;
pub mod schedule;
