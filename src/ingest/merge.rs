//! New readings against those stored: what adds, what corrects, what contradicts.
//!
//! A reading replaces those it covers exactly, and several replace one that they cover exactly together;
//! any other overlap is refused.

use reports::inputs::{Point, Quality};
use reports::time::Interval;

/// A row that reaches over part of what is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conflict {
    pub row: i64,
    interval: Interval,
    stored: Interval,
}

impl Conflict {
    pub fn reason(self, series: &str) -> String {
        format!("{series}: {} overlaps the stored reading {} in part", self.interval, self.stored)
    }
}

/// What one series of a file comes to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Merge {
    pub insert: Vec<Point>,
    pub supersede: Vec<Point>,
    pub conflicts: Vec<Conflict>,
    pub added: usize,
    pub corrected: usize,
    pub retracted: usize,
    pub unchanged: usize,
}

/// Both lists sorted by start and free of overlap in themselves. What was retracted stands in nobody's way.
pub fn merge(new: &[Point], stored: &[Point]) -> Merge {
    let mut out = Merge::default();
    let (gone, old): (Vec<Point>, Vec<Point>) = stored.iter().partition(|p| p.quality == Quality::Missing);
    let old = old.as_slice();
    let (mut i, mut j) = (0, 0);
    while i < new.len() {
        while j < old.len() && old[j].end <= new[i].start {
            j += 1;
        }
        if j == old.len() || old[j].start >= new[i].end {
            out.lone(&new[i]);
            i += 1;
            continue;
        }
        // A cluster: as long as either side reaches past the other.
        let (first_new, first_old) = (i, j);
        let mut end = new[i].end.max(old[j].end);
        (i, j) = (i + 1, j + 1);
        loop {
            if i < new.len() && new[i].start < end {
                end = end.max(new[i].end);
                i += 1;
            } else if j < old.len() && old[j].start < end {
                end = end.max(old[j].end);
                j += 1;
            } else {
                break;
            }
        }
        out.cluster(&new[first_new..i], &old[first_old..j]);
    }
    for point in gone {
        let at = out.insert.partition_point(|p| p.end <= point.start);
        if out.insert.get(at).is_some_and(|p| p.start < point.end) {
            out.supersede.push(point);
        }
    }
    out
}

/// The points in whose place no later row stands; both by start and free of overlap in themselves.
pub fn uncorrected(points: &[Point], later: &[Interval]) -> Vec<Point> {
    let is_free = |p: &&Point| {
        let at = later.partition_point(|held| held.end <= p.start);
        later.get(at).is_none_or(|held| held.start >= p.end)
    };
    points.iter().filter(is_free).copied().collect()
}

impl Merge {
    fn lone(&mut self, point: &Point) {
        if point.quality == Quality::Missing {
            // Nothing there to retract.
            self.unchanged += 1;
        } else {
            self.added += 1;
            self.insert.push(*point);
        }
    }

    fn cluster(&mut self, new: &[Point], old: &[Point]) {
        let same = |a: &Point, b: &Point| (a.start, a.end, a.value, a.quality) == (b.start, b.end, b.value, b.quality);
        if new.len() == old.len() && new.iter().zip(old).all(|(a, b)| same(a, b)) {
            self.unchanged += new.len();
            return;
        }
        let covered =
            (new.len() == 1 && tiles(old, new[0].interval())) || (old.len() == 1 && tiles(new, old[0].interval()));
        if !covered {
            let stored = old[0].interval();
            self.conflicts.extend(new.iter().map(|p| Conflict { row: p.row, interval: p.interval(), stored }));
            return;
        }
        self.supersede.extend_from_slice(old);
        self.insert.extend_from_slice(new);
        if new.iter().all(|p| p.quality == Quality::Missing) {
            self.retracted += old.len();
        } else {
            self.corrected += new.len();
        }
    }
}

/// Whether the points cover the interval without gap and without sticking out.
fn tiles(points: &[Point], whole: Interval) -> bool {
    let mut at = whole.start;
    for point in points {
        if point.start != at {
            return false;
        }
        at = point.end;
    }
    at == whole.end
}

#[cfg(test)]
mod tests {
    use super::*;
    use reports::time::Instant;

    fn span(start_s: i64, end_s: i64) -> Interval {
        Interval { start: Instant::from_seconds(start_s), end: Instant::from_seconds(end_s) }
    }

    fn point(start_s: i64, end_s: i64, value: i64) -> Point {
        let Interval { start, end } = span(start_s, end_s);
        Point { start, end, value, quality: Quality::Measured, revision: 0, row: start_s }
    }

    #[test]
    fn the_same_again_adds_nothing() {
        let old: Vec<Point> = (0..5).map(|i| point(i, i + 1, 7)).collect();
        let merged = merge(&old, &old);
        assert_eq!((merged.unchanged, merged.insert.len()), (5, 0));
    }

    #[test]
    fn four_quarters_correct_an_hour_and_an_hour_corrects_four_quarters() {
        let hour = [point(0, 4, 1000)];
        let quarters: Vec<Point> = (0..4).map(|i| point(i, i + 1, 240)).collect();
        let merged = merge(&quarters, &hour);
        assert_eq!((merged.corrected, merged.supersede.len(), merged.insert.len()), (4, 1, 4));
        let back = merge(&hour, &quarters);
        assert_eq!((back.corrected, back.supersede.len(), back.insert.len()), (1, 4, 1));
    }

    #[test]
    fn partial_overlap_is_refused() {
        let old = [point(0, 4, 1), point(4, 8, 1)];
        for new in [vec![point(2, 6, 1)], vec![point(0, 2, 1)], vec![point(0, 6, 1)], vec![point(1, 2, 1)]] {
            let merged = merge(&new, &old);
            assert_eq!((merged.conflicts.len(), merged.insert.len()), (new.len(), 0), "{new:?}");
        }
    }

    #[test]
    fn a_retraction_leaves_a_gap_that_can_be_filled() {
        let gone = [Point { quality: Quality::Missing, value: 0, ..point(0, 1, 0) }];
        let merged = merge(&gone, &[point(0, 1, 5)]);
        assert_eq!((merged.retracted, merged.insert.len()), (1, 1));
        assert_eq!(merge(&gone, &gone).unchanged, 1);
        assert_eq!(merge(&[point(0, 1, 6)], &gone).added, 1);
        let hour = [Point { quality: Quality::Missing, value: 0, ..point(0, 4, 0) }];
        let half = merge(&[point(0, 2, 6)], &hour);
        assert_eq!((half.added, half.supersede.len(), half.conflicts.len()), (1, 1, 0));
        let double = merge(&[point(0, 8, 6)], &hour);
        assert_eq!((double.added, double.supersede.len(), double.conflicts.len()), (1, 1, 0));
    }

    #[test]
    fn what_was_corrected_since_stays_so() {
        let points: Vec<Point> = (0..4).map(|i| point(i, i + 1, 7)).collect();
        let later = [span(1, 2), span(3, 9)];
        assert_eq!(uncorrected(&points, &later), [points[0], points[2]]);
        assert_eq!(uncorrected(&points, &[]), points);
    }
}
