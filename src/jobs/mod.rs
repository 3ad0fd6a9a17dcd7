//! What runs on time: when, and what.

pub mod agenda;
pub mod follower;
pub mod plan_day;
pub mod planner;
pub mod schedule;
pub mod supervise;
