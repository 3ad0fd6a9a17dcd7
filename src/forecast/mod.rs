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

pub use expect::{Expected, HOURS_PER_DAY, Origin};
pub use track::{Bounds, Track, came};
