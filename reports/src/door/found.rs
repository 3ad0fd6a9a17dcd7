//! What checks hold readings against by the portfolio, and what they find: readings that follow each other, and why they
//! are doubted.

use super::samples::{Samples, runs};
use crate::inputs::Point;
use crate::suspects::Check;
use crate::time::Interval;
use std::collections::{BTreeMap, BTreeSet};

/// A power that readings are held against, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    pub watts: i64,
    /// ``the grid_limit_mw of site ashburn``
    pub what: String,
}

/// By series.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expected {
    /// What a connection or a plant can carry.
    pub capacity: BTreeMap<String, Bound>,
    /// What the sites that a series is for can take together: no limit, but a size to hold its own against.
    pub scale: BTreeMap<String, Bound>,
    /// Solar generation.
    pub solar: BTreeSet<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub check: Check,
    pub span: Interval,
    pub message: String,
}

/// Points that were found, each run with what is said of it.
pub(super) fn of_points(
    check: Check,
    points: &[Point],
    places: &[usize],
    say: impl Fn(&[Point]) -> String,
) -> Vec<Found> {
    let found = runs(places.iter().copied(), |before, place| points[before].end == points[place].start);
    let found = found.into_iter().map(|run| {
        let run = &points[run];
        let span = Interval { start: run[0].start, end: run[run.len() - 1].end };
        Found { check, span, message: say(run) }
    });
    found.collect()
}

/// The same of samples, by their places.
pub(super) fn of_samples(
    check: Check,
    samples: &Samples,
    places: &[usize],
    say: impl Fn(std::ops::Range<usize>) -> String,
) -> Vec<Found> {
    let list = &samples.list;
    let found = runs(places.iter().copied(), |before, place| list[before].start + samples.step_s == list[place].start);
    let found = found.into_iter().map(|run| {
        let span = Interval { start: list[run.start].start, end: list[run.end - 1].start + samples.step_s };
        Found { check, span, message: say(run) }
    });
    found.collect()
}

/// MW with three decimals, cut; with six below a kW, so that `0.000` never stands for a draw that there is.
pub(super) fn mw(watts: i64) -> String {
    let sign = if watts < 0 { "-" } else { "" };
    let watts = watts.unsigned_abs();
    if (1..1_000).contains(&watts) {
        return format!("{sign}0.{watts:06} MW");
    }
    format!("{sign}{}.{:03} MW", watts / 1_000_000, watts / 1_000 % 1_000)
}

#[cfg(test)]
mod tests {
    use super::mw;

    #[test]
    fn power_is_written_in_mw() {
        assert_eq!((mw(12_345_678), mw(-1_500), mw(7)), ("12.345 MW".into(), "-0.001 MW".into(), "0.000007 MW".into()));
    }
}
