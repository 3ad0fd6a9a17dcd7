//! Stored rows to a report and an evidence pack.

pub mod assemble;
pub mod pack;

pub use assemble::inputs;
