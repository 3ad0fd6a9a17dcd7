//! The readings of a series as checks of its pattern see them: of one length, in time order, power instead of energy.

use crate::inputs::Point;
use crate::time::{DAY_S, Instant, Interval};
use std::collections::BTreeMap;
use std::ops::Range;

/// How far back a series' own past reaches: four weeks, so that each hour of the day and of the week was there, and
/// the season is still the same.
pub const PAST_DAYS: i64 = 28;
pub const PAST_S: i64 = PAST_DAYS * DAY_S;
/// Of these, how many there must be before anything is held against them.
pub(super) const KNOWN_DAYS: i64 = 14;
/// No sum of four samples overflows.
const MOST: i128 = 1 << 58;

/// A reading: W over its interval where it is energy, else as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sample {
    pub start: Instant,
    pub value: i64,
}

/// Readings of the length that most readings of their series have.
#[derive(Debug, Clone)]
pub(super) struct Samples {
    pub step_s: i64,
    pub list: Vec<Sample>,
}

/// Mean power in W.
pub(super) fn watts(point: &Point) -> i64 {
    let watts = i128::from(point.value) * 3_600 / i128::from((point.end - point.start).max(1));
    i64::try_from(watts.clamp(-MOST, MOST)).unwrap_or_default()
}

impl Samples {
    /// None of a series without readings of a length that days divide into, an hour at most: it has no pattern of a day.
    pub(super) fn from_points(points: &[Point]) -> Option<Self> {
        let mut lengths: BTreeMap<i64, usize> = BTreeMap::new();
        for point in points {
            *lengths.entry(point.end - point.start).or_default() += 1;
        }
        let most = lengths.values().max().copied()?;
        let step_s = lengths.into_iter().find(|(_, count)| *count == most)?.0;
        if !(1..=3_600).contains(&step_s) || DAY_S % step_s != 0 {
            return None;
        }
        let alike = points.iter().filter(|p| p.end - p.start == step_s);
        let list = alike.map(|p| Sample { start: p.start, value: watts(p) }).collect();
        Some(Self { step_s, list })
    }

    pub(super) fn place(&self, start: Instant) -> Option<usize> {
        self.list.binary_search_by_key(&start, |sample| sample.start).ok()
    }

    pub(super) fn at(&self, start: Instant) -> Option<i64> {
        self.place(start).map(|place| self.list[place].value)
    }

    /// Where the samples of each UTC day lie, from a day on.
    pub(super) fn days(&self, from: Instant) -> Vec<Range<usize>> {
        let day = |place: usize| self.list[place].start.floor(DAY_S);
        runs(self.from(from.floor(DAY_S))..self.list.len(), |before, place| day(before) == day(place))
    }

    /// The first sample at or after an instant.
    pub(super) fn from(&self, instant: Instant) -> usize {
        self.list.partition_point(|sample| sample.start < instant)
    }

    /// Where the past of the day lies that an instant is in; none where too little of it is known.
    pub(super) fn before(&self, instant: Instant) -> Option<Range<usize>> {
        let day = instant.floor(DAY_S);
        let past = self.from(day - PAST_S)..self.from(day);
        (past.len() as i64 * self.step_s >= KNOWN_DAYS * DAY_S).then_some(past)
    }

    /// That past.
    pub(super) fn past(&self, instant: Instant) -> Option<&[Sample]> {
        self.before(instant).map(|past| &self.list[past])
    }
}

/// Spans without a reading from the first to the last; points in time order.
pub fn gaps(points: &[Point]) -> Vec<Interval> {
    let between = |pair: &[Point]| Interval { start: pair[0].end, end: pair[1].start };
    points.windows(2).map(between).filter(|gap| gap.start < gap.end).collect()
}

/// The middle of some values, of an even number the mean of the two; 0 of none.
pub(super) fn median(values: &mut [i64]) -> i64 {
    values.sort_unstable();
    let middle = values.len() / 2;
    match values.len() {
        0 => 0,
        count if count % 2 == 1 => values[middle],
        _ => {
            let both = i128::from(values[middle - 1]) + i128::from(values[middle]);
            i64::try_from(both.div_euclid(2)).unwrap_or_default()
        }
    }
}

/// The median, and the median distance from it: what is usual, whatever a few values are.
pub(super) fn usual(values: &[i64]) -> (i64, i64) {
    let middle = median(&mut values.to_vec());
    let mut off: Vec<i64> = values.iter().map(|value| (value - middle).abs()).collect();
    (middle, median(&mut off))
}

/// Places that follow each other, as ranges of what `follows` holds for a place and the one before.
pub(super) fn runs(
    places: impl IntoIterator<Item = usize>,
    follows: impl Fn(usize, usize) -> bool,
) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for place in places {
        match runs.last_mut() {
            Some(run) if run.end == place && follows(place - 1, place) => run.end = place + 1,
            _ => runs.push(place..place + 1),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inputs::Quality;

    #[test]
    fn a_series_is_seen_at_the_length_most_of_it_has() {
        let at = Instant::from_seconds;
        let point = |start: i64, end: i64, value: i64| Point {
            start: at(start),
            end: at(end),
            value,
            quality: Quality::Measured,
            revision: 1,
            row: 1,
        };
        let points = [point(0, 900, 250), point(900, 1_800, 500), point(1_800, 3_600, 500), point(3_600, 4_500, -1)];
        let samples = Samples::from_points(&points).expect("samples");
        assert_eq!((samples.step_s, samples.list.len()), (900, 3));
        assert_eq!([0, 900, 1_800].map(|start| samples.at(at(start))), [Some(1_000), Some(2_000), None]);
        assert!(Samples::from_points(&[point(0, DAY_S, 1)]).is_none(), "a day has no hours");
        assert!(Samples::from_points(&[]).is_none());
        assert_eq!(watts(&point(0, 300, i64::MAX)), 1 << 58);
    }

    #[test]
    fn medians_and_runs() {
        assert_eq!((median(&mut []), median(&mut [3, 1, 2]), median(&mut [4, 1])), (0, 2, 2));
        assert_eq!(usual(&[10, 10, 11, 90]), (10, 0));
        assert_eq!(runs([1, 2, 5, 6, 7], |_, next| next != 7), [1..3, 5..7, 7..8]);
    }
}
