//! Steps of the clock.

pub const HALF_HOUR_S: i64 = 1_800;
pub const HOUR_S: i64 = 3_600;
pub const DAY_S: i64 = 86_400;

/// The last full step at or before an instant.
pub fn floor(instant_s: i64, step_s: i64) -> i64 {
    instant_s.saturating_sub(instant_s.rem_euclid(step_s.max(1)))
}

/// The first full step at or after it.
pub fn ceil(instant_s: i64, step_s: i64) -> i64 {
    floor(instant_s.saturating_add(step_s.max(1) - 1), step_s)
}
