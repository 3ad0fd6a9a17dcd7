//! Measured values recorded before their interval ended: nobody measures what is still to come.
//!
//! An hour is left for clocks that are off and feeds that state an interval when it begins.

use super::found::{Found, of_points};
use crate::inputs::Point;
use crate::suspects::Check;
use crate::time::RecordTime;

const LEFT_US: i64 = 3_600 * 1_000_000;

/// `recorded` tells when a reading was, none where that is not asked.
pub(super) fn find(points: &[Point], recorded: &dyn Fn(&Point) -> Option<RecordTime>) -> Vec<Found> {
    let is_early = |point: &Point| {
        let ended = RecordTime::from(point.end);
        point.quality.is_metered() && recorded(point).is_some_and(|at| ended > at.plus_micros(LEFT_US))
    };
    let early: Vec<usize> = (0..points.len()).filter(|&place| is_early(&points[place])).collect();
    of_points(Check::Future, points, &early, |run| {
        let quality = run[0].quality.name();
        format!("{quality}, and recorded before it ended: a forecast states when it was `issued`")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inputs::Quality;
    use crate::time::Instant;

    #[test]
    fn what_is_measured_has_ended() {
        let at = |hour: i64| Instant::from_seconds(hour * 3_600);
        let point = |hour: i64, quality| Point {
            start: at(hour),
            end: at(hour + 1),
            value: 1,
            quality,
            revision: 1,
            row: hour,
        };
        let points: Vec<Point> = (0..6).map(|hour| point(hour, Quality::Measured)).collect();
        // At three: the hour under way has an hour left.
        let found = find(&points, &|_| Some(at(3).into()));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].span.start, found[0].span.end), (at(4), at(6)));
        assert!(find(&points, &|_| None).is_empty());
        assert!(
            find(&[point(5, Quality::Estimated)], &|_| Some(at(0).into())).is_empty(),
            "an estimate may be of any time"
        );
    }
}
