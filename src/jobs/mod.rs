//! What runs on schedule: planning and following feeds.

pub mod agenda;
pub mod planner;
pub mod schedule;
pub mod supervise;
