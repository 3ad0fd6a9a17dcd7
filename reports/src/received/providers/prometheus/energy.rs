//! Energy of intervals from samples of meters.
//!
//! ```text
//! counter  between samples a and b: b - a, evenly over the time; b alone where it is less, for it began again at 0
//! power    between samples a and b: a straight line
//! border   of an interval between two samples: the part of what lies between them, the same for both intervals
//! gap      samples too far apart tell nothing of an interval that lies partly between them, unless a counter that did
//!          not fall has both within one interval
//! sum      of all meters, rounded once
//! ```
//!
//! `increase()` of PromQL extrapolates to the borders of its window and so is not what a counter counted.

use crate::time::{Instant, Interval};
use crate::units::{Rounding, ceil_div};

/// Parts of a millijoule: what is cut at borders adds up to none that shows.
const PARTS: i128 = 2_000_000;
/// Parts of half a microjoule, which is a milliwatt for half a millisecond.
const PARTS_OF_HALF: i128 = PARTS / 2_000;
const MILLIJOULES_PER_WH: i128 = 3_600_000;

/// What a meter says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Says {
    /// Energy since it began to count, in mJ.
    Counter,
    /// Power, in mW.
    Power,
}

/// One sample: milliseconds since 1970, and mJ or mW.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sample {
    pub at_ms: i64,
    pub value: i64,
}

/// What one meter says of an interval.
#[derive(Debug, Clone, Copy, Default)]
struct Share {
    parts: i128,
    covered_ms: i64,
    seen: bool,
}

/// What all of them say of it.
#[derive(Debug, Clone, Copy, Default)]
struct Total {
    parts: i128,
    /// Meters that tell of all of it.
    whole: usize,
    /// Meters that tell of a part of it.
    partly: usize,
}

/// The energy of meters over equal intervals.
#[derive(Debug)]
pub struct Energy {
    start_ms: i64,
    step_ms: i64,
    says: Says,
    /// Samples farther apart are not joined.
    gap_ms: i64,
    totals: Vec<Total>,
    meters: usize,
}

impl Energy {
    /// Over `period`, in intervals of `step_s`; samples more than `gap_s` apart are a gap.
    pub fn new(period: Interval, step_s: i64, says: Says, gap_s: i64) -> Self {
        let intervals = usize::try_from(period.duration_s() / step_s.max(1)).unwrap_or(0);
        Self {
            start_ms: period.start.seconds() * 1_000,
            step_ms: step_s.max(1) * 1_000,
            says,
            gap_ms: gap_s * 1_000,
            totals: vec![Total::default(); intervals],
            meters: 0,
        }
    }

    /// Adds a meter: its samples in the order of their times, which are at most a gap outside of the period.
    pub fn add(&mut self, samples: &[Sample]) {
        let mut shares = vec![Share::default(); self.totals.len()];
        for sample in samples {
            let within = (sample.at_ms - self.start_ms).rem_euclid(self.step_ms) != 0;
            if let Some(share) = self.index(sample.at_ms).and_then(|index| shares.get_mut(index))
                && within
            {
                share.seen = true;
            }
        }
        samples.windows(2).for_each(|pair| self.between(pair[0], pair[1], &mut shares));
        for (share, total) in shares.iter().zip(&mut self.totals) {
            if share.covered_ms == self.step_ms {
                total.parts += share.parts;
                total.whole += 1;
            } else if share.seen || share.covered_ms > 0 {
                total.partly += 1;
            }
        }
        self.meters += 1;
    }

    /// The interval that an instant lies in.
    fn index(&self, at_ms: i64) -> Option<usize> {
        usize::try_from((at_ms - self.start_ms).div_euclid(self.step_ms)).ok()
    }

    /// What two samples in a row say of intervals.
    fn between(&self, before: Sample, after: Sample, shares: &mut [Share]) {
        let length_ms = after.at_ms - before.at_ms;
        if length_ms <= 0 {
            return;
        }
        if length_ms > self.gap_ms {
            let (own, same) = (self.index(before.at_ms), self.index(after.at_ms - 1));
            let counted = self.says == Says::Counter && after.value >= before.value;
            if let Some(share) = own.filter(|_| counted && own == same).and_then(|index| shares.get_mut(index)) {
                share.parts += self.until(before, after, length_ms);
                share.covered_ms += length_ms;
            }
            return;
        }
        let mut from_ms = before.at_ms.max(self.start_ms);
        while let Some(index) = self.index(from_ms).filter(|_| from_ms < after.at_ms) {
            let Some(share) = shares.get_mut(index) else { return };
            let end_ms = self.start_ms + (index as i64 + 1) * self.step_ms;
            let to_ms = after.at_ms.min(end_ms);
            let [from, to] = [from_ms, to_ms].map(|at_ms| self.until(before, after, at_ms - before.at_ms));
            share.parts += to - from;
            share.covered_ms += to_ms - from_ms;
            from_ms = to_ms;
        }
    }

    /// Energy from one sample until so long after it, in parts. Values have 64 bits, a gap is at most an hour and a
    /// period a day: it stays below 2^120.
    fn until(&self, before: Sample, after: Sample, until_ms: i64) -> i128 {
        let [a, b, until] = [before.value, after.value, until_ms].map(i128::from);
        let length = i128::from(after.at_ms) - i128::from(before.at_ms);
        match self.says {
            Says::Counter => {
                let counted = if b < a { b } else { b - a };
                (counted * PARTS * until).div_euclid(length)
            }
            Says::Power => ((2 * a * length + (b - a) * until) * until * PARTS_OF_HALF).div_euclid(length),
        }
    }

    /// Each interval and its millijoules; none where they are not known. With `least`, so many meters are needed and
    /// those without any sample in an interval are not there; without it, all that were added are needed.
    pub fn intervals(&self, least: Option<usize>) -> impl Iterator<Item = (Interval, Option<i128>)> {
        let (start, step_s) = (Instant::from_seconds(self.start_ms / 1_000), self.step_ms / 1_000);
        let needed = least.unwrap_or(self.meters).max(1);
        self.totals.iter().zip(0..).map(move |(total, index)| {
            let interval = Interval { start: start + index * step_s, end: start + (index + 1) * step_s };
            let known = total.partly == 0 && total.whole >= needed;
            (interval, known.then(|| (total.parts + PARTS / 2).div_euclid(PARTS)))
        })
    }
}

/// Millijoules as whole Wh.
pub fn wh(millijoules: i128, round: Rounding) -> i128 {
    match round {
        Rounding::Up => ceil_div(millijoules, MILLIJOULES_PER_WH),
        Rounding::Down => millijoules.div_euclid(MILLIJOULES_PER_WH),
        Rounding::Nearest => (millijoules + MILLIJOULES_PER_WH / 2).div_euclid(MILLIJOULES_PER_WH),
    }
}

#[cfg(test)]
mod tests;
