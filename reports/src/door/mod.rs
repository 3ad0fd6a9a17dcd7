//! Checks at the door: readings against what the portfolio states and against their series' own past.
//!
//! Pure: each rule is a file; it takes readings and says which it doubts. Nothing is changed or left out here: `ingest`
//! warns or refuses, and `check`, reports and packs list the suspects. `docs/checks.md` has every threshold and the results.

mod capacity;
mod found;
mod frozen;
mod future;
mod look;
mod night;
mod parts;
mod register;
mod samples;
mod shift;
mod spike;
mod unit;

pub use capacity::{impossible, is_above_capacity, is_impossible, may_lack_thousands, power, thousandth};
pub use found::{Bound, Expected};
pub use look::{Known, look, look_at_parts, looks_at};
pub use register::only_rises;
pub use samples::{PAST_S, gaps};
