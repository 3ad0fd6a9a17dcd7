//! The UTC grid of matching intervals.

use super::instant::Instant;
use super::interval::{Interval, TimeError, format_instant};
use serde::{Deserialize, Serialize};

/// Length of a matching interval: at most an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Resolution {
    minutes: i64,
}

impl Resolution {
    pub const HOUR: Self = Self { minutes: 60 };

    pub fn parse(text: &str) -> Result<Self, TimeError> {
        match text {
            "5min" => Ok(Self { minutes: 5 }),
            "15min" => Ok(Self { minutes: 15 }),
            "30min" => Ok(Self { minutes: 30 }),
            "60min" => Ok(Self { minutes: 60 }),
            other => Err(TimeError::Resolution(other.chars().take(40).collect())),
        }
    }

    pub fn seconds(self) -> i64 {
        self.minutes * 60
    }

    pub fn minutes(self) -> i64 {
        self.minutes
    }

    /// The first interval's start at or after an instant.
    pub fn at_or_after(self, instant_s: i64) -> i64 {
        match instant_s.rem_euclid(self.seconds()) {
            0 => instant_s,
            past => instant_s.saturating_add(self.seconds() - past),
        }
    }
}

impl From<Resolution> for String {
    fn from(value: Resolution) -> Self {
        format!("{}min", value.minutes)
    }
}

impl TryFrom<String> for Resolution {
    type Error = TimeError;
    fn try_from(value: String) -> Result<Self, TimeError> {
        Self::parse(&value)
    }
}

/// A period cut into equal intervals; instants are multiples of the step since 1970 in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grid {
    pub start_s: i64,
    pub step_s: i64,
    pub len: usize,
}

impl Grid {
    pub fn over(period: Interval, resolution: Resolution) -> Result<Self, TimeError> {
        let step_s = resolution.seconds();
        if period.start_s.rem_euclid(step_s) != 0 || period.end_s.rem_euclid(step_s) != 0 {
            return Err(TimeError::OffGrid {
                start: format_instant(period.start_s),
                end: format_instant(period.end_s),
                minutes: resolution.minutes(),
            });
        }
        let len = usize::try_from(period.duration_s() / step_s).unwrap_or(0);
        Ok(Self { start_s: period.start_s, step_s, len })
    }

    pub fn period(self) -> Interval {
        Interval { start_s: self.start_s, end_s: self.start(self.len) }
    }

    /// Start of interval `index`; `index == len` gives the end of the grid.
    pub fn start(self, index: usize) -> i64 {
        self.start_s + self.step_s * index as i64
    }

    /// The same as an instant.
    pub fn instant(self, index: usize) -> Instant {
        Instant::from_seconds(self.start(index))
    }

    pub fn interval(self, index: usize) -> Interval {
        Interval { start_s: self.start(index), end_s: self.start(index + 1) }
    }

    /// The interval an instant falls in, if it lies in the period.
    pub fn index_of(self, instant_s: i64) -> Option<usize> {
        let offset = instant_s.saturating_sub(self.start_s);
        if offset < 0 {
            return None;
        }
        usize::try_from(offset / self.step_s).ok().filter(|i| *i < self.len)
    }

    /// Indices of the intervals that a span touches, clipped to the grid.
    pub fn touched(self, span: Interval) -> std::ops::Range<usize> {
        let clip = |s: i64| usize::try_from(s.clamp(0, self.len as i64)).unwrap_or(0);
        let first = clip(span.start_s.saturating_sub(self.start_s).div_euclid(self.step_s));
        let last = span.end_s.saturating_sub(self.start_s).saturating_add(self.step_s - 1);
        let last = clip(last.div_euclid(self.step_s));
        first..last.max(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_without_an_end_is_clipped_to_the_grid() {
        let grid = Grid { start_s: 7_200, step_s: 3_600, len: 24 };
        for (start_s, end_s, touched) in [
            (i64::MIN, i64::MAX, 0..24),
            (7_200, i64::MAX, 0..24),
            (10_799, 10_801, 0..2),
            (10_800, 14_400, 1..2),
            (i64::MIN, 7_200, 0..0),
        ] {
            assert_eq!(grid.touched(Interval { start_s, end_s }), touched, "{start_s} to {end_s}");
        }
        assert_eq!([i64::MIN, 7_199, i64::MAX].map(|instant| grid.index_of(instant)), [None; 3]);
        assert_eq!(grid.index_of(7_200), Some(0));
    }

    #[test]
    fn the_first_start_at_or_after_an_instant() {
        for (instant, start) in [(0, 0), (1, 3_600), (3_600, 3_600), (-1, 0), (-3_600, -3_600), (i64::MAX, i64::MAX)] {
            assert_eq!(Resolution::HOUR.at_or_after(instant), start, "{instant}");
        }
        assert!(Resolution::HOUR.at_or_after(i64::MIN) - i64::MIN < 3_600);
    }
}
