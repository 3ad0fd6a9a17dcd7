//! What runs on time: when, and what.

pub mod agenda;
pub mod plan_day;
pub mod planner;
pub mod schedule;
pub mod supervise;
