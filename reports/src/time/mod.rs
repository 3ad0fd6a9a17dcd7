//! UTC instants, half-open intervals, the matching grid and local days.

pub mod ends;
pub mod grid;
pub mod instant;
pub mod interval;
mod steps;
pub mod zone;

pub use grid::{Grid, Resolution};
pub use instant::Instant;
pub use interval::{
    FIRST_S, Interval, LAST_S, LONGEST_S, TimeError, format_instant, format_micros, in_range, parse_instant,
    parse_micros, parse_minute, parse_received,
};
pub use steps::{DAY_S, HALF_HOUR_S, HOUR_S, ceil, floor};
pub use zone::Zone;
