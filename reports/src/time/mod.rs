//! UTC instants, half-open intervals, the matching grid and local days.

pub mod ends;
pub mod grid;
pub mod interval;
pub mod zone;

pub use grid::{Grid, Resolution};
pub use interval::{Interval, LONGEST_S, TimeError, format_instant, format_micros, parse_instant, parse_micros};
pub use zone::Zone;
