//! Which rows of a series hold once some were withdrawn or put back: those in whose place no later row stands that is not
//! withdrawn.
//!
//! Readings are taken in so that a later row covers what it replaces exactly. Once rows are gone from between, an earlier
//! one may be left that later ones cover in part: it can neither hold nor be replaced, and the change is refused.

use crate::store::withdrawn::Held;
use reports::inputs::{Point, Quality};
use reports::time::{Instant, Interval};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// What changes among the current rows.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// First and last start of current rows that end, all between them included.
    pub end: Vec<(Instant, Instant)>,
    /// Rows that hold again.
    pub back: Vec<Point>,
}

/// An earlier row that would hold again, but a later one stands in the place of a part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Partly {
    pub earlier: Point,
    pub later: Point,
}

/// The change after the rows of these intervals were marked. `held` is every row that touches one that touches them, by
/// start; `touched` is sorted and free of overlap.
pub fn change(held: &[Held], touched: &[Interval]) -> Result<Change, Partly> {
    let reaches = |p: &Point| {
        let at = touched.partition_point(|t| t.end <= p.start);
        touched.get(at).is_some_and(|t| t.start < p.end)
    };
    let stands = standing(held, &reaches)?;
    let mut change = Change::default();
    let mut current = BTreeSet::new();
    let mut goes_on = false;
    for row in held.iter().filter(|row| row.is_current) {
        let id = (row.point.revision, row.point.start);
        current.insert(id);
        let ends = reaches(&row.point) && !stands.contains(&id);
        match change.end.last_mut().filter(|_| goes_on && ends) {
            Some((_, last)) => *last = row.point.start,
            None if ends => change.end.push((row.point.start, row.point.start)),
            None => {}
        }
        goes_on = ends;
    }
    let back = held.iter().filter(|row| !row.is_copy && reaches(&row.point)).map(|row| row.point);
    change.back =
        back.filter(|p| stands.contains(&(p.revision, p.start)) && !current.contains(&(p.revision, p.start))).collect();
    Ok(change)
}

/// Revision and start of every row that came in, is not withdrawn, and that no later such row overlaps.
fn standing(held: &[Held], reaches: &impl Fn(&Point) -> bool) -> Result<BTreeSet<(i64, Instant)>, Partly> {
    let mut came: Vec<_> = held.iter().filter(|row| !row.is_copy && !row.is_withdrawn).map(|row| row.point).collect();
    came.sort_by_key(|p| (Reverse(p.revision), p.start));
    let (mut cover, mut stands) = (Cover::default(), BTreeSet::new());
    for point in came {
        match cover.over(&point) {
            Over::Nothing => {
                stands.insert((point.revision, point.start));
            }
            // What was retracted leaves a gap, which may be filled in part.
            Over::Part(later) if reaches(&point) && point.quality != Quality::Missing => {
                return Err(Partly { earlier: point, later });
            }
            Over::Part(_) | Over::All => {}
        }
        cover.add(point);
    }
    Ok(stands)
}

/// How much of a row later ones cover.
enum Over {
    Nothing,
    Part(Point),
    All,
}

/// Time that rows cover: disjoint pieces by start, each with its end and the row that it is of.
#[derive(Default)]
struct Cover(BTreeMap<Instant, (Instant, Point)>);

impl Cover {
    /// The pieces that overlap a row, by start.
    fn pieces(&self, of: &Point) -> Vec<(Instant, Instant, Point)> {
        let overlapping = self.0.range(..of.end).rev().take_while(|(_, (end, _))| *end > of.start);
        let mut pieces: Vec<_> = overlapping.map(|(start, (end, by))| (*start, *end, *by)).collect();
        pieces.reverse();
        pieces
    }

    fn over(&self, point: &Point) -> Over {
        let pieces = self.pieces(point);
        let Some((_, _, first)) = pieces.first() else { return Over::Nothing };
        let mut covered = point.start;
        for (start, end, _) in &pieces {
            if *start > covered {
                break;
            }
            covered = *end;
        }
        if covered >= point.end { Over::All } else { Over::Part(*first) }
    }

    /// Takes in what of a row is not covered yet.
    fn add(&mut self, point: Point) {
        let mut from = point.start;
        for (start, end, _) in self.pieces(&point) {
            if start > from {
                self.0.insert(from, (start, point));
            }
            from = end;
        }
        if from < point.end {
            self.0.insert(from, (point.end, point));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Instant {
        Instant::from_seconds(seconds)
    }

    fn row(revision: i64, start_s: i64, end_s: i64) -> Held {
        let (start, end) = (at(start_s), at(end_s));
        let point = Point { start, end, value: revision, quality: Quality::Measured, revision, row: start_s };
        Held { point, is_copy: false, is_current: false, is_withdrawn: false }
    }

    fn current(row: Held) -> Held {
        Held { is_current: true, ..row }
    }

    fn withdrawn(row: Held) -> Held {
        Held { is_withdrawn: true, ..row }
    }

    fn retraction(row: Held) -> Held {
        Held { point: Point { quality: Quality::Missing, ..row.point }, ..row }
    }

    fn span(start_s: i64, end_s: i64) -> Interval {
        Interval { start: at(start_s), end: at(end_s) }
    }

    /// The change of rows in any order.
    fn changed(mut held: Vec<Held>, touched: &[Interval]) -> Result<Change, Partly> {
        held.sort_by_key(|row| (row.point.start, row.point.revision));
        change(&held, touched)
    }

    #[test]
    fn what_was_replaced_holds_again_and_what_was_added_leaves_nothing() {
        let held = vec![row(1, 0, 4), current(withdrawn(row(2, 0, 4))), current(withdrawn(row(2, 4, 8)))];
        let change = changed(held.clone(), &[span(0, 4), span(4, 8)]).expect("holds");
        assert_eq!((change.end, change.back), (vec![(at(0), at(4))], vec![held[0].point]));
    }

    #[test]
    fn a_later_row_stays_and_what_is_below_it_does_not_come_back() {
        let held = vec![row(1, 0, 4), withdrawn(row(2, 0, 4)), current(row(3, 0, 4))];
        assert_eq!(changed(held, &[span(0, 4)]), Ok(Change::default()));
        // Retracted is a later row too.
        let held = vec![row(1, 0, 4), withdrawn(row(2, 0, 4)), current(retraction(row(3, 0, 4)))];
        assert_eq!(changed(held, &[span(0, 4)]), Ok(Change::default()));
    }

    #[test]
    fn one_goes_through_what_was_withdrawn_before() {
        let held = vec![row(1, 0, 4), withdrawn(row(2, 0, 4)), current(withdrawn(row(3, 0, 4)))];
        let change = changed(held.clone(), &[span(0, 4)]).expect("holds");
        assert_eq!((change.end, change.back), (vec![(at(0), at(0))], vec![held[0].point]));
    }

    #[test]
    fn four_quarters_and_the_hour_come_back_for_each_other() {
        let quarters: Vec<Held> = (0..4).map(|i| row(1, i, i + 1)).collect();
        let change = changed([quarters.clone(), vec![current(withdrawn(row(2, 0, 4)))]].concat(), &[span(0, 4)]);
        assert_eq!(change.expect("holds").back.len(), 4);
        let taken = |quarters: &[Held]| -> Vec<Held> {
            let later = quarters.iter().map(|q| Held { point: Point { revision: 3, ..q.point }, ..*q });
            later.map(|q| current(withdrawn(q))).collect()
        };
        let touched: Vec<Interval> = (0..4).map(|i| span(i, i + 1)).collect();
        let change = changed([taken(&quarters), vec![row(2, 0, 4)]].concat(), &touched).expect("holds");
        assert_eq!((change.end, change.back), (vec![(at(0), at(3))], vec![row(2, 0, 4).point]));
        // Of three quarters, the hour would hold beside the fourth.
        let three = [taken(&quarters[..3]), vec![current(row(3, 3, 4)), row(2, 0, 4)]].concat();
        let partly = changed(three, &touched[..3]).expect_err("in part");
        assert_eq!((partly.earlier.revision, partly.later.start), (2, at(3)));
    }

    #[test]
    fn put_back_it_replaces_what_had_come_back() {
        let copy = Held { is_copy: true, ..current(row(1, 0, 4)) };
        let held = vec![row(1, 0, 4), copy, row(2, 0, 4)];
        let change = changed(held, &[span(0, 4)]).expect("holds");
        assert_eq!((change.end, change.back), (vec![(at(0), at(0))], vec![row(2, 0, 4).point]));
    }

    #[test]
    fn a_gap_that_was_filled_in_part_stays_as_it_is() {
        let held =
            vec![row(1, 0, 4), retraction(row(2, 0, 4)), current(row(3, 0, 2)), current(withdrawn(row(4, 4, 8)))];
        let change = changed(held, &[span(4, 8)]).expect("holds");
        assert_eq!((change.end, change.back), (vec![(at(4), at(4))], Vec::new()));
        // Without the retraction, the earlier row would hold beside half of itself.
        let held = vec![row(1, 0, 4), withdrawn(retraction(row(2, 0, 4))), current(row(3, 0, 2))];
        assert!(changed(held, &[span(0, 4)]).is_err());
    }
}
