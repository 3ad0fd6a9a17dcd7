//! What runs on schedule: planning and following feeds.

pub mod agenda;
pub mod follower;
pub mod plan_day;
pub mod planner;
pub mod schedule;
pub mod supervise;
