//! Steps of the clock.

pub const HALF_HOUR_S: i64 = 1_800;
pub const HOUR_S: i64 = 3_600;
pub const DAY_S: i64 = 86_400;
