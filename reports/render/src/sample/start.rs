//! When the sample begins.

/// 2026-03-29T00:00:00Z, an hour before clocks go forward in Berlin.
pub const START_S: i64 = 1_774_742_400;
