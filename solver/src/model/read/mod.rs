//! A solution of the model read back: its columns and row duals by what they mean, the outcome they make, and why that
//! misses what it misses.

pub mod columns;
pub mod duals;
pub mod explain;
pub mod report;
