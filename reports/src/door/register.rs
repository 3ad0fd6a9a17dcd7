//! A meter's register taken for what was used in each interval: values that only rise.
//!
//! No load or generation rises, or stays, from reading to reading for two days; a register does. Its steps are small
//! beside what it shows: 2 days of them are less than a fifth of it. A week of rising needs no such proof: a new meter's
//! register may have begun at nothing. Flat series do not rise, and are none.

use super::found::{Found, mw, of_points};
use super::samples::{runs, watts};
use crate::inputs::Point;
use crate::suspects::Check;
use crate::time::DAY_S;

/// Readings, and how long they go on for.
const FEWEST: usize = 12;
const SHORTEST_S: i64 = 2 * DAY_S;
/// So long nothing but a register rises, whatever it began at.
const WEEK_S: i64 = 7 * DAY_S;

/// Rising runs of at least this length; with few readings, at least these.
fn rising(points: &[Point], shortest_s: i64) -> Vec<usize> {
    let rises = |before: usize, place: usize| {
        points[before].end == points[place].start && watts(&points[place]) >= watts(&points[before])
    };
    let runs = runs(0..points.len(), rises).into_iter();
    runs.filter(|run| is_register(&points[run.clone()], shortest_s)).flatten().collect()
}

/// Of readings none of which is below the one before.
fn is_register(run: &[Point], shortest_s: i64) -> bool {
    let (Some(first), Some(last)) = (run.first(), run.last()) else { return false };
    let rises = run.windows(2).filter(|pair| watts(&pair[1]) > watts(&pair[0])).count();
    let risen = watts(last) - watts(first);
    let lasts_s = last.end - first.start;
    let is_small = watts(first) > 0 && i128::from(risen) * 5 <= i128::from(watts(first));
    run.len() >= FEWEST && lasts_s >= shortest_s && rises * 2 >= run.len() && (is_small || lasts_s >= WEEK_S)
}

/// Whether all that a file says of a series looks like a register, of a day at least.
pub fn only_rises(points: &[Point]) -> bool {
    rising(points, DAY_S).len() == points.len() && !points.is_empty()
}

pub(super) fn find(points: &[Point]) -> Vec<Found> {
    of_points(Check::Register, points, &rising(points, SHORTEST_S), |run| {
        format!(
            "rises from reading to reading, {} to {}: a meter's register? Ingest the differences, by \
             `register = true` in the series of a [source]",
            mw(watts(&run[0])),
            mw(watts(&run[run.len() - 1]))
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inputs::Quality;
    use crate::time::Instant;

    /// An hour after 1970.
    fn at(hour: i64) -> Instant {
        Instant::from_seconds(hour * 3_600)
    }

    fn hours(values: impl Iterator<Item = i64>) -> Vec<Point> {
        let point = |(hour, value): (i64, i64)| Point {
            start: at(hour),
            end: at(hour + 1),
            value,
            quality: Quality::Measured,
            revision: 1,
            row: hour,
        };
        (0..).zip(values).map(point).collect()
    }

    #[test]
    fn a_register_only_rises_and_load_does_not() {
        let register = hours((0..72).map(|i| 10_000_000_000 + 5_000_000 * i));
        let found = find(&register);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].span.start, found[0].span.end), (at(0), at(72)));
        assert!(find(&hours((0..72).map(|_| 5_000_000))).is_empty(), "flat");
        assert!(find(&hours((0..47).map(|i| 10_000_000_000 + i))).is_empty(), "less than two days");
        assert!(find(&hours((0..72).map(|i| 5_000_000 + i % 24))).is_empty(), "a day has its evening");
        assert!(find(&hours((0..72).map(|i| 1_000 * i))).is_empty(), "a ramp from nothing");
        assert_eq!(find(&hours((0..168).map(|i| 1_000 * i))).len(), 1, "a week of it is a new meter");
        let day = hours((0..24).map(|i| 22_981_102_000_000 + 5_000_000 * i));
        assert!(only_rises(&day) && !only_rises(&day[..11]) && find(&day).is_empty(), "a day of it");
        // A new meter begins at nothing: both are found, and stand next to each other.
        let changed: Vec<i64> = (0..60).map(|i| 9_000_000 + i).chain((0..60).map(|i| 7_000 + i)).collect();
        let held = find(&hours(changed.into_iter())).iter().map(|found| found.span.end - found.span.start).sum::<i64>();
        assert_eq!(held, 120 * 3_600);
    }
}
