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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_rounded_away_from_and_to_1970_alike() {
        assert_eq!([0, 1, 3_599, 3_600].map(|at_s| floor(at_s, 3_600)), [0, 0, 0, 3_600]);
        assert_eq!([-1, 0, 1, 3_600].map(|at_s| ceil(at_s, 3_600)), [0, 0, 3_600, 3_600]);
        assert_eq!((floor(i64::MIN, 7), ceil(i64::MAX, 7) % 7, ceil(5, 0)), (i64::MIN, 0, 5));
    }
}
