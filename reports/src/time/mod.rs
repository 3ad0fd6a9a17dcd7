//! UTC instants, half-open intervals, the matching grid and local days.

pub mod ends;
pub mod grid;
pub mod instant;
pub mod interval;
pub mod record_time;
mod steps;
pub mod zone;

pub use grid::{Grid, Resolution};
pub use instant::Instant;
pub use interval::{Interval, LONGEST_S, TimeError};
pub use record_time::RecordTime;
pub use steps::{DAY_S, HALF_HOUR_S, HOUR_S};
pub use zone::Zone;
