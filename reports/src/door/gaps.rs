//! What lies between the readings of a series.

use crate::inputs::Point;
use crate::time::Interval;

/// Spans without a reading from the first to the last; points in time order.
pub fn gaps(points: &[Point]) -> Vec<Interval> {
    let between = |pair: &[Point]| Interval { start: pair[0].end, end: pair[1].start };
    points.windows(2).map(between).filter(|gap| gap.start < gap.end).collect()
}
