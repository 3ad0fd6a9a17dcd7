//! Hourly matching and its evidence: readings in, a report and a pack out.
//!
//! Pure: nothing here opens a file, a socket or a clock. Energy is whole watt-hours, times are UTC
//! seconds in half-open intervals, and the same inputs give the same bytes. The one exception is
//! the verifier's binary, which reads the pack it is given.
//!
//! The path through the crate: [`inputs`] (definitions and canonical readings) → [`series`] (per-interval books) →
//! [`matching`] (allocations) → [`report`] → [`evidence`], or the crate `render` (`reports/render`).

pub mod books;
pub mod certificates;
pub mod columns;
pub mod definitions;
pub mod digest;
pub mod door;
pub mod exceptions;
pub mod factors;
pub mod fallbacks;
pub mod faults;
pub mod inputs;
pub mod inventory;
pub mod matching;
mod named;
pub mod quality;
pub mod received;
pub mod report;
pub mod ruleset;
pub mod seal;
pub mod series;
mod shares;
pub mod storage;
pub mod suspects;
pub mod text;
pub mod time;
pub mod units;
pub mod words;

pub mod evidence;
