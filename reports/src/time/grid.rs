//! The UTC grid of matching intervals.

use super::fault::TimeError;
use super::instant::Instant;
use super::interval::Interval;
use crate::text::{clip, json_as_text};

/// Length of a matching interval: at most an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resolution {
    minutes: i64,
}

impl Resolution {
    pub const HOUR: Self = Self { minutes: 60 };

    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let known = [5, 15, 30, 60].map(|minutes| Self { minutes });
        let found = known.into_iter().find(|known| known.to_string() == text);
        found.ok_or_else(|| TimeError::Resolution(clip(text)))
    }

    pub fn seconds(self) -> i64 {
        self.minutes * 60
    }

    pub fn minutes(self) -> i64 {
        self.minutes
    }

    /// The first interval's start at or after an instant.
    pub fn at_or_after(self, instant: Instant) -> Instant {
        let past = instant.seconds().rem_euclid(self.seconds());
        if past == 0 { instant } else { instant + (self.seconds() - past) }
    }
}

impl std::fmt::Display for Resolution {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}min", self.minutes)
    }
}

json_as_text!(Resolution);

/// A period cut into equal intervals; instants are multiples of the step since 1970 in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grid {
    pub start: Instant,
    pub step_s: i64,
    pub len: usize,
}

impl Grid {
    pub fn over(period: Interval, resolution: Resolution) -> Result<Self, TimeError> {
        let step_s = resolution.seconds();
        let Interval { start, end } = period;
        if !start.is_on(step_s) || !end.is_on(step_s) {
            return Err(TimeError::OffGrid {
                start: start.to_string(),
                end: end.to_string(),
                minutes: resolution.minutes(),
            });
        }
        let len = usize::try_from(period.duration_s() / step_s).unwrap_or(0);
        Ok(Self { start, step_s, len })
    }

    pub fn period(self) -> Interval {
        Interval { start: self.start, end: self.start(self.len) }
    }

    /// Start of interval `index`; `index == len` gives the end of the grid.
    pub fn start(self, index: usize) -> Instant {
        self.start + self.step_s * index as i64
    }

    pub fn interval(self, index: usize) -> Interval {
        Interval { start: self.start(index), end: self.start(index + 1) }
    }

    /// The interval an instant falls in, if it lies in the period.
    pub fn index_of(self, instant: Instant) -> Option<usize> {
        let offset = instant - self.start;
        if offset < 0 {
            return None;
        }
        usize::try_from(offset / self.step_s).ok().filter(|i| *i < self.len)
    }

    /// Indices of the intervals that a span touches, clipped to the grid.
    pub fn touched(self, span: Interval) -> std::ops::Range<usize> {
        let clip = |s: i64| usize::try_from(s.clamp(0, self.len as i64)).unwrap_or(0);
        let first = clip((span.start - self.start).div_euclid(self.step_s));
        let last = (span.end - self.start).saturating_add(self.step_s - 1);
        let last = clip(last.div_euclid(self.step_s));
        first..last.max(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIN: Instant = Instant::from_seconds(i64::MIN);
    const MAX: Instant = Instant::from_seconds(i64::MAX);

    #[test]
    fn a_span_without_an_end_is_clipped_to_the_grid() {
        let at = Instant::from_seconds;
        let grid = Grid { start: at(7_200), step_s: 3_600, len: 24 };
        for (start, end, touched) in [
            (MIN, MAX, 0..24),
            (at(7_200), MAX, 0..24),
            (at(10_799), at(10_801), 0..2),
            (at(10_800), at(14_400), 1..2),
            (MIN, at(7_200), 0..0),
        ] {
            assert_eq!(grid.touched(Interval { start, end }), touched, "{start} to {end}");
        }
        assert_eq!([MIN, at(7_199), MAX].map(|instant| grid.index_of(instant)), [None; 3]);
        assert_eq!(grid.index_of(at(7_200)), Some(0));
    }

    #[test]
    fn the_first_start_at_or_after_an_instant() {
        for (instant, start) in [(0, 0), (1, 3_600), (3_600, 3_600), (-1, 0), (-3_600, -3_600), (i64::MAX, i64::MAX)] {
            let [instant, start] = [instant, start].map(Instant::from_seconds);
            assert_eq!(Resolution::HOUR.at_or_after(instant), start, "{instant}");
        }
        assert!(Resolution::HOUR.at_or_after(MIN) - MIN < 3_600);
    }
}
