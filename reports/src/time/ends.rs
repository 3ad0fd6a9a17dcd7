//! Intervals as meters write them whose end, or start, is not the instant it is in half-open intervals.
//!
//! `00:00 to 00:59:59` and `00:00 to 00:59` name the last second and the last minute of an hour, `00:01 to 01:00` its
//! first minute. Read as they stand they are almost an hour: too short by what power times time is too small by, and
//! with a hole after each.

use super::instant::Instant;
use super::interval::Interval;

/// Edges of the finest resolution.
const FINEST_S: i64 = 300;
/// The last second, and the last minute.
const STEPS_S: [i64; 2] = [1, 60];

/// Whether its edges lie on the finest grid, or it is an even part of an interval of that.
fn is_whole(interval: Interval) -> bool {
    let (start, long_s) = (interval.start, interval.end - interval.start);
    let on_grid = long_s % FINEST_S == 0 && start.is_on(FINEST_S);
    long_s > 0 && (on_grid || FINEST_S % long_s == 0 && start.is_on(long_s))
}

/// What an interval stands for whose end names its last second or minute; none where that is no whole interval. The
/// start of a reading of one minute may be its end.
pub fn inclusive(interval: Interval) -> Option<Interval> {
    let more = if (interval.end + 1).is_on(60) { 1 } else { 60 };
    let whole = Interval { end: interval.end + more, ..interval };
    is_whole(whole).then_some(whole)
}

/// What an interval is likely to stand for that is no whole one, but would be with an edge a second or a minute away:
/// none where another reading ends or starts on that very edge.
pub fn meant(before: Option<Instant>, interval: Interval, after: Option<Instant>) -> Option<Interval> {
    if is_whole(interval) {
        return None;
    }
    let Interval { start, end } = interval;
    if after != Some(end) {
        let later = STEPS_S.into_iter().map(|more| Interval { start, end: end + more }).find(|i| is_whole(*i));
        if later.is_some() {
            return later;
        }
    }
    let earlier = STEPS_S.into_iter().map(|less| Interval { start: start - less, end }).find(|i| is_whole(*i));
    earlier.filter(|_| before != Some(start))
}

/// What to write in place of an edge that is off.
pub fn instead(stated: Interval, whole: Interval) -> String {
    let (edge, wrong, right) = match stated.start == whole.start {
        true => ("end", stated.end, whole.end),
        false => ("start", stated.start, whole.start),
    };
    format!("write the {edge} {right} in place of {wrong}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Instant = Instant::from_seconds(20_454 * 86_400);

    /// Seconds of a day.
    fn span(from_s: i64, to_s: i64) -> Interval {
        Interval { start: DAY + from_s, end: DAY + to_s }
    }

    #[test]
    fn whole_intervals_are_those_that_meters_report() {
        // A second, ten, a minute, 5, 15, 30 and 60 minutes, an hour from :30 and from :15, a day of 23.5 h.
        for (start, end) in [
            (7, 8),
            (10, 20),
            (60, 120),
            (300, 600),
            (900, 1_800),
            (0, 3_600),
            (1_800, 5_400),
            (900, 4_500),
            (1_800, 1_800 + 84_600),
        ] {
            assert!(is_whole(span(start, end)), "{start} to {end}");
            assert_eq!(meant(None, span(start, end), None), None, "{start} to {end}");
        }
        for (start, end) in [(0, 3_599), (0, 3_540), (60, 3_600), (0, 840), (0, 240), (0, 0), (60, 3_660)] {
            assert!(!is_whole(span(start, end)), "{start} to {end}");
        }
    }

    #[test]
    fn an_inclusive_end_becomes_the_instant_after() {
        for (end, whole) in
            [(3_599, 3_600), (3_540, 3_600), (840, 900), (899, 900), (240, 300), (0, 60), (59, 60), (86_340, 86_400)]
        {
            assert_eq!(inclusive(span(0, end)), Some(span(0, whole)), "{end}");
        }
        // An end that is exclusive already, or of no interval at all.
        for end in [3_600, 900, 300, 60, 3_598, 2_220] {
            assert_eq!(inclusive(span(0, end)), None, "{end}");
        }
        assert_eq!(inclusive(span(60, 3_540)), None, "the start is off as well");
    }

    #[test]
    fn an_edge_a_second_or_a_minute_away_is_told_from_a_meter_that_was_exchanged() {
        assert_eq!(meant(None, span(0, 3_599), Some(DAY + 3_600)), Some(span(0, 3_600)));
        assert_eq!(meant(None, span(0, 3_540), None), Some(span(0, 3_600)));
        assert_eq!(meant(None, span(60, 3_600), None), Some(span(0, 3_600)));
        assert_eq!(meant(None, span(1, 3_600), None), Some(span(0, 3_600)));
        // Somebody went on reading at 00:59, or had read until 00:01: both are what they say.
        assert_eq!(meant(None, span(0, 3_540), Some(DAY + 3_540)), None);
        assert_eq!(meant(Some(DAY + 60), span(60, 3_600), None), None);
        assert_eq!(meant(None, span(0, 2_220), None), None, "until 00:37");
    }
}
