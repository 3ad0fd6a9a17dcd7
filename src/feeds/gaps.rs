//! What to ask a source for: the present, what was missed, and gaps in the store. Pure.

use crate::store::feeds::Had;
use reports::inputs::SeriesMap;
use reports::series::pieces::joined;
use reports::time::{Instant, Interval};

/// Gaps that are older are left to a backfill.
pub const OLDEST_S: i64 = 45 * 86_400;
/// A gap is asked for again after a quarter of its age, within these.
const SOONEST_S: i64 = 3_600;
const LATEST_S: i64 = 2 * 86_400;

/// What of a period is in none of others, which are sorted and may overlap.
pub fn without(period: Interval, others: &[Interval]) -> Vec<Interval> {
    let (mut rest, mut start) = (Vec::new(), period.start);
    for other in others.iter().filter(|other| other.overlap_s(period) > 0) {
        if other.start > start {
            rest.push(Interval { start, end: other.start });
        }
        start = start.max(other.end);
    }
    if start < period.end {
        rest.push(Interval { start, end: period.end });
    }
    rest
}

/// Parts of a period that was asked for in which a series that has readings lacks some.
pub fn holes(period: Interval, held: &SeriesMap) -> Vec<Interval> {
    let mut holes: Vec<Interval> = Vec::new();
    for points in held.values() {
        let intervals: Vec<Interval> = points.iter().map(|point| point.interval()).collect();
        holes.extend(without(period, &intervals));
    }
    joined(holes)
}

/// How far back the store is looked at for gaps; none where nothing was asked for before `until`.
pub fn looked_at(had: &[Had], until: Instant) -> Option<Interval> {
    let start = had.first()?.period.start.max(until - OLDEST_S);
    (start < until).then_some(Interval { start, end: until })
}

/// What to ask for beside the present, which begins at `until`: what was missed, as when nothing ran, and gaps whose
/// time has come. None is longer than `span_s`, and there are at most `most`.
pub fn repairs(
    (now, until): (Instant, Instant),
    had: &[Had],
    held: &SeriesMap,
    span_s: i64,
    most: usize,
) -> Vec<Interval> {
    let Some(period) = looked_at(had, until) else { return Vec::new() };
    let asked: Vec<Interval> = had.iter().map(|had| had.period).collect();
    let mut wanted = without(period, &asked);
    for hole in holes(period, held) {
        // A gap may lie in several periods that were asked for at different times.
        for had in had.iter().filter(|had| had.period.overlap_s(hole) > 0) {
            let part = Interval { start: hole.start.max(had.period.start), end: hole.end.min(had.period.end) };
            let pause_s = ((now - part.end) / 4).clamp(SOONEST_S, LATEST_S);
            if had.asked + pause_s <= now {
                wanted.push(part);
            }
        }
    }
    let mut parts = Vec::new();
    for mut rest in joined(wanted) {
        while parts.len() < most && rest.start < rest.end {
            let end = rest.end.min(rest.start + span_s.max(1));
            parts.push(Interval { end, ..rest });
            rest.start = end;
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use reports::inputs::{Point, Quality};

    const HOUR: i64 = 3_600;
    const DAY: i64 = 86_400;
    const NONE: [Interval; 0] = [];

    fn at(seconds: i64) -> Instant {
        Instant::from_seconds(seconds)
    }

    fn span(start: i64, end: i64) -> Interval {
        Interval { start: at(start), end: at(end) }
    }

    fn held(hours: &[i64]) -> SeriesMap {
        let point = |hour: &i64| Point {
            start: at(hour * HOUR),
            end: at((hour + 1) * HOUR),
            value: 1,
            quality: Quality::Measured,
            revision: 1,
            row: 1,
        };
        SeriesMap::from([("grid/A/price".to_string(), hours.iter().map(point).collect())])
    }

    #[test]
    fn what_lacks_is_what_is_in_none() {
        assert_eq!(without(span(0, 10), &[span(2, 4), span(3, 6), span(9, 12)]), [span(0, 2), span(6, 9)]);
        assert_eq!(without(span(0, 10), &[]), [span(0, 10)]);
        assert_eq!(without(span(0, 10), &[span(-5, 20)]), NONE);
        assert_eq!(joined(vec![span(5, 7), span(0, 2), span(2, 3), span(6, 9)]), [span(0, 3), span(5, 9)]);
    }

    #[test]
    fn what_was_missed_while_nothing_ran_is_asked_for() {
        let had = [Had { period: span(0, 10 * HOUR), asked: at(10 * HOUR) }];
        let all = held(&(0..10).collect::<Vec<_>>());
        // The present begins at hour 20: ten hours were missed, and are asked for in parts.
        let parts = repairs((at(40 * HOUR), at(20 * HOUR)), &had, &all, 6 * HOUR, 8);
        assert_eq!(parts, [span(10 * HOUR, 16 * HOUR), span(16 * HOUR, 20 * HOUR)]);
        assert_eq!(repairs((at(40 * HOUR), at(20 * HOUR)), &had, &all, HOUR, 3).len(), 3, "a few at a time");
        assert_eq!(
            repairs((at(40 * HOUR), at(20 * HOUR)), &[], &held(&[]), HOUR, 3),
            NONE,
            "it begins with the present"
        );
    }

    #[test]
    fn a_gap_is_asked_for_again_the_less_the_older_it_is() {
        let lacks = held(&[0, 1, 3]);
        let asked = |asked: i64, now: i64| {
            let had = [Had { period: span(0, 4 * HOUR), asked: at(asked) }];
            repairs((at(now), at(4 * HOUR)), &had, &lacks, DAY, 8)
        };
        let gap = [span(2 * HOUR, 3 * HOUR)];
        assert_eq!(asked(5 * HOUR, 5 * HOUR + 1_800), NONE);
        assert_eq!(asked(5 * HOUR, 6 * HOUR), gap);
        // Ten days old: every two days.
        assert_eq!(asked(10 * DAY, 10 * DAY + 47 * HOUR), NONE);
        assert_eq!(asked(10 * DAY, 12 * DAY), gap);
    }
}
