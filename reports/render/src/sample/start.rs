//! When the sample begins.

use reports::time::Instant;

/// 2026-03-29T00:00:00Z, an hour before clocks go forward in Berlin.
pub const START: Instant = Instant::from_seconds(1_774_742_400);
