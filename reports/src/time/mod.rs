//! UTC instants, half-open intervals, the matching grid and local days.

pub mod ends;
mod fault;
pub mod grid;
pub mod instant;
pub mod interval;
pub mod record_time;
pub mod zone;

pub use fault::TimeError;
pub use grid::{Grid, Resolution};
pub use instant::Instant;
pub use interval::{DAY_S, HALF_HOUR_S, HOUR_S, Interval, LONGEST_S};
pub use record_time::RecordTime;
pub use zone::Zone;
