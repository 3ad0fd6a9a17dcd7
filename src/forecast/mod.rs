//! What is expected: supplier forecasts by issue time first, then what has been learnt of a series, then the history
//! blend; how far such forecasts have been off, and how far every forecast was; and the work that is still to come.

pub mod accuracy;
pub mod arrivals;
pub mod blend;
pub mod errors;
pub mod expect;
pub mod ridge;
pub mod track;
pub mod vintages;

pub use expect::{Expected, Origin};
pub use track::{Bounds, Track, came};

/// Forecasts are made by hours of UTC days.
pub const HOURS_PER_DAY: usize = 24;
